# SPDX-License-Identifier: GPL-2.0-only
# find on the forged guest; sourced by tests/cli/run

# without what cannot be read: the block that stage 2 lacks, and the two entries of stage 1
tree found
python3 - "$D/vm/1234-10" <<'END'
import sys
vm = sys.argv[1]
with open(vm + "/stage2", "r+b") as f:
    data = f.read()
    # entry 2 of the second table, and the record of the table that it names
    at = 40 + 4096 + 40 + 2 * 8
    data = data[:at] + bytes(8) + data[at + 8:]
    gone = 3 * (40 + 4096)
    data = data[:gone] + data[gone + 40:]
    f.seek(0)
    f.truncate()
    f.write(data)
with open(vm + "/mem", "r+b") as f:
    f.seek(0x40003000 + 66 * 8)
    f.write(bytes(16))
END
R=(--sysroot "$tmp/found")
g find-pa 0 "${R[@]}" find 0x110002345
g find-range 0 "${R[@]}" find pa:0x110000800-0x110003800
g find-ipa 0 "${R[@]}" find ipa:0x40212000+4K
g find-va 0 "${R[@]}" find va:0x400010 --in web
g find-table 0 "${R[@]}" find 0x100004000
g find-stage2-tables 0 "${R[@]}" find 0x120000000-0x120004000
g find-unreadable 3 "${L[@]}" find 0x110002000
g find-nothing 1 "${R[@]}" find 0x777000
g find-files 3 "${F[@]}" find 0x110002000
t "find: an IPA without memory, by the VA that leads there" 0 'TTBR1.*0xffff800008210000 .*FAULT: stage 2 Translation' - \
	"${R[@]}" find ipa:0x40210000
t "find: nothing found is not said of what was not read" 3 'UNREADABLE' '0x777000 may be mapped there' "${L[@]}" find 0x777000
j "find in JSON" 0 find 'len(d["found"]) == 3 and d["found"][1]["root"] == "TTBR0_EL1" and
	d["found"][1]["input_address"] == "0x400345" and d["found"][1]["pa"] == "0x110002345" and
	d["found"][0]["leaf_size"] == 4096 and d["found"][1]["rights"]["unprivileged"] == "RWX"' "${R[@]}" find 0x110002345
j "find of a range in JSON" 0 find '[(f["input_address"], f["size"]) for f in d["found"]] ==
	[("0x40200800", 0x3000), ("0x400000", 0x1000), ("0xffff800008200800", 0x3000)]' "${R[@]}" find 0x110000800-0x110003800
j "find: nothing, in JSON" 1 find 'd["found"] == [] and d["unknown"] == []' "${R[@]}" find 0x777000
j "find: unreadable in JSON" 3 find 'len(d["unknown"]) == 3 and len(d["found"]) == 3' "${L[@]}" find 0x110002000
j "find: a table in JSON" 0 find '[f["type"] for f in d["found"]] == ["leaf", "table", "leaf"] and
	d["found"][1]["descriptor_pa"] == "0x100003208"' "${R[@]}" find 0x100004000

# twins: the same memory in two VMs
cp -a --sparse=always "$tmp/found" "$tmp/twins"
D=$tmp/twins/sys/kernel/debug/mmuscope
cp -a --sparse=always "$D/vm/1234-10" "$D/vm/1234-11"
printf '1234-10 1234 10 2 qemu\n1234-11 1234 11 2 qemu\n' >"$D/vms"
S=(--sysroot "$tmp/twins")
j "find: a page of two VMs" 0 find '[f["vm"] for f in d["found"]] == ["1234-10"] * 3 + ["1234-11"] * 3 and d["vms"] == 2' \
	"${S[@]}" find 0x110002000
j "find: --vm" 0 find 'd["vms"] == 1 and d["found"][0]["vm"] == "1234-11"' "${S[@]}" find 0x110002000 --vm 1234-11
j "find: --vm twice" 0 find 'd["vms"] == 2' "${S[@]}" find 0x110002000 --vm 1234-11 --vm 1234-10
if wanted "find: --jobs"; then
	bad=
	run "${S[@]}" find 0x110000000+1M --jobs 1
	cp "$tmp/out" "$tmp/one"
	for n in 2 3 64; do
		run "${S[@]}" find 0x110000000+1M --jobs $n
		cmp -s "$tmp/one" "$tmp/out" || bad+="--jobs $n finds something else"$'\n'
	done
	result "find: --jobs changes nothing" "$bad"
fi
printf '# state running\n' >"$D/vm/1234-11/vcpu1/regs"
t "find: a vCPU without registers" 3 '1234-11  *UNREADABLE: vCPU 1: the registers do not make' 'may be mapped there too' \
	"${S[@]}" find 0x110002000
rm "$D/vm/1234-11/vcpu1/regs"
t "find: a vCPU that cannot be read" 3 '1234-11  *UNREADABLE: registers of vCPU 1' 'may be mapped there too' \
	"${S[@]}" find 0x110002000
rm -r "$D/vm/1234-11"
t "find: a VM that ends meanwhile" 0 '3 found in 1 of 1 VMs' - "${S[@]}" find 0x110002000
truncate -s 9000 "$D/vm/1234-10/stage2"
t "find: a stage 2 that cannot be read" 3 '1234-10  *UNREADABLE: stage 2: it ends before' 'may be mapped' "${S[@]}" find 0x110002000

t "find: nothing" 2 - 'which address' "${L[@]}" find
t "find: no number" 2 - 'PA "12z" is not' "${L[@]}" find 12z
t "find: IPA that is no number" 2 - 'IPA "x" is not' "${L[@]}" find ipa:x
t "find: range reversed" 2 - 'PA "0x2000-0x1000" is reversed' "${L[@]}" find 0x2000-0x1000
t "find: too wide" 2 - 'wider than 56 bits.*va:' "${L[@]}" find 0xffff800008000000
t "find: VA of nobody" 2 - 'whose VA.*--in' "${L[@]}" find va:0x400010
t "find: VA that is not mapped" 1 - 'VA 0x0: stage 1 Translation fault' "${L[@]}" find va:0x0 --vm web
t "find: VA that is unreadable" 3 - 'VA 0xffff800008400000' "${L[@]}" find va:0xffff800008400000 --vm web
t "find: --in without a VA" 2 - '--in is for a VA' "${L[@]}" find 0x1000 --in web
t "find: --in an unknown VM" 3 - 'no VM "nosuch"' "${L[@]}" find va:0x1000 --in nosuch
t "find: --vm unknown" 3 - 'no VM "nosuch"' "${L[@]}" find 0x1000 --vm nosuch
t "find: --vm and files" 2 - 'there is none' "${F[@]}" find 0x1000 --vm web
t "find: --jobs 0" 2 - '--jobs is 1 to' "${L[@]}" find 0x1000 --jobs 0
t "find: two addresses" 2 - 'one operand too many: VMs are named by --vm' "${L[@]}" find 0x1000 web
