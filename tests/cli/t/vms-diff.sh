# SPDX-License-Identifier: GPL-2.0-only
# diff of trees and snapshots of the forged guest, some of them made by find.sh and host.sh; sourced by tests/cli/run

# found is the guest without what cannot be read; of its pages 0 is gone, 1 is read-only, 2 moved, 16 and 19 appeared
cp -a --sparse=always "$tmp/found" "$tmp/later"
D=$tmp/later/sys/kernel/debug/mmuscope
python3 - "$D/vm/1234-10/stage2" <<'END'
import struct, sys

with open(sys.argv[1], "r+b") as f:
    at = 2 * (40 + 4096) + 40

    def change(index, word):
        f.seek(at + 8 * index)
        f.write(struct.pack("<Q", word))

    change(0, 0)
    change(1, 0x110001000 | 0x77c | 3)
    change(2, 0x110042000 | 0x7fc | 3)
    change(16, 0x110010000 | 0x7fc | 3)
    change(19, 0x110013000 | 0x7fc | 3)
END
sed -i 's/^VTTBR_EL2.*/VTTBR_EL2 0x9000120000000/; s/^TTBR0_EL1.*/TTBR0_EL1 0x43000040005000/' "$D/vm/1234-10/vcpu0/regs"
g diff-trees 1 diff "$tmp/found" "$tmp/later"
g diff-back 1 diff "$tmp/later" "$tmp/found"
g diff-both 1 diff "$tmp/found" "$tmp/later" web --stage both
t "diff: the same" 0 'appeared 0 in 0, gone 0 in 0, changed 0 in 0, the same 2120K' - diff "$tmp/found" "$tmp/found"
t "diff: stage 1, where only a register changed" 1 'TTBR0_EL1: 0x42000040005000 -> 0x43000040005000' - \
	diff "$tmp/found" "$tmp/later" --stage 1
j "diff in JSON" 1 diff '[(r["what"], r["input_address"], r["size"], r.get("changes")) for r in d["ranges"]] == [
	("gone", "0x40200000", 4096, None), ("changed", "0x40201000", 4096, ["rights"]),
	("changed", "0x40202000", 4096, ["output address"]), ("appeared", "0x40210000", 4096, None),
	("appeared", "0x40213000", 4096, None)] and d["totals"][0]["same"] == 0x200000 + 15 * 4096 and
	[r["register"] for r in d["registers"]] == ["VTTBR_EL2"] and d["ranges"][2]["b"]["output_address"] == "0x110042000"' \
	diff "$tmp/found" "$tmp/later"
j "diff: the same, in JSON" 0 diff 'd["ranges"] == [] and d["registers"] == [] and len(d["totals"]) == 2' \
	diff "$tmp/found" "$tmp/found" --stage both

# snapshots of both, and live against one
if wanted "diff: snapshots"; then
	"$M" --sysroot "$tmp/found" snapshot -o "$tmp/found.mms" >"$tmp/out" 2>&1
	"$M" --sysroot "$tmp/later" snapshot -o "$tmp/later.mms" >"$tmp/out" 2>&1
fi
t "diff: snapshots, the same" 0 'the same 2120K' - diff "$tmp/found.mms" "$tmp/found"
t "diff: snapshots, changed" 1 'output address 0x110002000 to 0x110042000' - diff "$tmp/found.mms" "$tmp/later.mms"
t "diff: snapshots, against live" 1 '^- web stage 2 0x0000000040200000' - --sysroot "$tmp/later" diff "$tmp/found.mms" live

# unreadable is neither gone nor appeared
g diff-unreadable 3 diff "$tmp/found" "$T"
j "diff: unreadable in JSON" 3 diff '[r["what"] for r in d["ranges"]] == ["unknown"] and d["totals"][0]["gone"] == 0' \
	diff "$T" "$tmp/found"
t "diff: a VM that cannot be read" 3 'web  *UNREADABLE: stage 2' 'not known' diff "$tmp/found" "$tmp/short"
t "diff: a VM of one side only" 1 '1234-10|web is in .*/found only' - diff "$tmp/found" "$tmp/novm"
j "diff: a VM of one side only, in JSON" 1 diff 'd["only"][0]["vm"] == "web"' diff "$tmp/novm" "$tmp/found"
t "diff: a vCPU that never ran has no tables" 1 "^! web vCPU 0 TTBR0_EL1" - diff "$tmp/found" "$tmp/later" --stage 1 --vcpu 1
t "diff: one side" 2 - 'compared with what' diff "$tmp/found"
t "diff: nothing there" 3 - 'nosuch: No such file' diff "$tmp/found" nosuch
t "diff: no snapshot" 3 - 'ram.bin' diff "$tmp/found" "$I/ram.bin"
t "diff: unknown VM" 3 - 'no VM "nosuch"' diff "$tmp/found" "$tmp/later" nosuch
t "diff: files" 2 - 'not --ram' "${F[@]}" diff "$tmp/found" "$tmp/later"
t "diff: --snapshot" 2 - 'the sides are operands' --snapshot "$I/ram.bin" diff "$tmp/found" live
t "diff: --vcpu of no number" 2 - '--vcpu "x"' diff "$tmp/found" "$tmp/later" --vcpu x
