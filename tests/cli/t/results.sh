# SPDX-License-Identifier: GPL-2.0-only
# What comes out, in full; sourced by tests/cli/run

# the same guest as a captured host and as files
for where in tree files; do
	if [ $where = tree ]; then S=("${L[@]}") N=web; else S=("${F[@]}") N=; fi
	g $where-walk-block 0 "${S[@]}" walk $N 0xffff800008000123
	g $where-walk-page 0 "${S[@]}" walk $N 0x400010
	g $where-walk-device 0 "${S[@]}" walk $N 0xffff800008212000
	g $where-walk-stage2-fault 1 "${S[@]}" walk $N 0xffff800008210000
	g $where-walk-s1ptw 1 "${S[@]}" walk $N 0xffff800008600000
	g $where-walk-unreadable 3 "${S[@]}" walk $N 0xffff800008400000
	g $where-walk-noncanonical 1 "${S[@]}" walk $N 0x0001000000000000
	g $where-walk-ipa 0 "${S[@]}" walk $N ipa:0x40211000
	g $where-dump-2 3 "${S[@]}" dump $N --invalid
	g $where-dump-1 3 "${S[@]}" dump $N --stage 1
	g $where-dump-both 3 "${S[@]}" dump $N --stage both
	g $where-dump-tree 3 "${S[@]}" dump $N --tree
	g $where-dump-range 0 "${S[@]}" dump $N --range 0x40201000+8K
	g $where-at 1 "${S[@]}" at s12e1w $N 0x400010 0xffff800008000000 0xffff800008212000
	g $where-read 1 "${S[@]}" read $N 0xffff80000820fff0 0x1020
	t "$where: read of the banner" 0 'Linux version 6.1.0-forged' - "${S[@]}" read $N --raw 0xffff800008100000 52
	t "$where: read by IPA" 0 'page  3 of 18' - "${S[@]}" read $N ipa:0x40203000 16
	t "$where: raw read stops at a hole" 1 '*' '0xffff800008210000 to 0xffff800008210fff: not read' \
		"${S[@]}" read $N --raw 0xffff80000820f000 0x4000
	[ "$(stat -c %s "$tmp/out")" = 4096 ] && bad= || bad="4096 bytes are wanted"$'\n'
	wanted "$where: raw" && result "$where: raw read gives what comes before the hole" "$bad"

	j "$where: walk in JSON" 0 walk 'd["pa"] == "0x110002010" and d["asid"] == 0x42 and d["vmid"] == 7 and
		len(d["steps"]) == 15 and d["rights"] == {"privileged": "RW-", "unprivileged": "RWX"}' "${S[@]}" walk $N 0x400010
	j "$where: fault in JSON" 1 walk 'd["fault"]["stage"] == 2 and d["fault"]["s1ptw"] and d["fault"]["fsc"] == "0x6"' \
		"${S[@]}" walk $N 0xffff800008600000
	j "$where: unreadable in JSON" 3 walk 'd["status"] == "unreadable"' "${S[@]}" walk $N 0xffff800008400000
	j "$where: IPA in JSON" 0 walk '"va" not in d and d["stage2"]["level"] == 2' "${S[@]}" walk $N ipa:0x40000000
	j "$where: at in JSON" 1 at 'd["results"][0]["par_el1"] == "0xff00000110002980" and "fault" in d["results"][1]' \
		"${S[@]}" at s12e1w $N 0x400010 0xffff800008000000
	j "$where: dump in JSON" 3 dump 'len(d["ranges"]) == 4 and d["ranges"][1]["descriptors"] == 16 and
		d["unreadable"] == 1 and d["entries"][0]["type"] == "unreadable"' "${S[@]}" dump $N
	j "$where: dump of both in JSON" 3 dump 'd["ranges"][0]["ipa"] == "0x40202000"' "${S[@]}" dump $N --stage both
	j "$where: tree in JSON" 3 dump 'sum(e["type"] == "page" for e in d["entries"]) == 18' "${S[@]}" dump $N --tree
	j "$where: read in JSON" 1 read 'd["unread"] == 4096 and len(d["pieces"]) == 3' \
		"${S[@]}" read $N 0xffff80000820fff0 0x1020
done

g tree-list 3 "${L[@]}" list
j "list in JSON" 3 list 'd["vms"][0]["name"] == "web" and d["vms"][0]["mapped"] == 0x200000 + 18 * 4096 and
	d["vms"][0]["partial"] and d["vms"][0]["vmid"] == 7' "${L[@]}" list
g tree-status 0 "${L[@]}" status
j "status in JSON" 0 status 'd["module"]["offsets"]["right"] == 2 and d["module"]["features"]["vcpu_hcrx"]' "${L[@]}" status

# MMU off: the VA is the IPA
tree off
sed -i 's/^SCTLR_EL1.*/SCTLR_EL1 0x34d5d91c/' "$D/vm/1234-10/vcpu0/regs"
g tree-walk-mmu-off 0 --sysroot "$tmp/off" walk web 0x40203000
t "MMU off, dump" 1 - 'stage 1 is off \(SCTLR.M is 0\)' --sysroot "$tmp/off" dump web --stage 1
sed 's/^SCTLR_EL1.*/SCTLR_EL1 0x34d5d91c/; s/^HCR_EL2.*/HCR_EL2 0x80000000/' "$I/regs.txt" >"$tmp/off.txt"
t "both stages off" 0 '^PA  *0x0000000000001000' - --regs "$tmp/off.txt" walk 0x1000
t "stage 2 off, dump" 1 - 'stage 2 is off' --regs "$tmp/off.txt" dump --stage 2
t "stage 2 off, IPA" 1 - 'stage 2 is off' --regs "$tmp/off.txt" walk ipa:0x1000

# a root of zero
sed 's/^TTBR1_EL1.*/TTBR1_EL1 0x0/' "$I/regs.txt" >"$tmp/zero.txt"
t "root of zero, stage 1" 1 'S1PTW' - "${F[@]:0:6}" --regs "$tmp/zero.txt" walk 0xffff800008000000
sed 's/^VTTBR_EL2.*/VTTBR_EL2 0x0/' "$I/regs.txt" >"$tmp/zero.txt"
t "root of zero, stage 2" 3 'not known' 'not complete' "${F[@]:0:6}" --regs "$tmp/zero.txt" walk ipa:0x40000000
t "root of zero, dump" 3 'UNREADABLE' 'could not be read' "${F[@]:0:6}" --regs "$tmp/zero.txt" dump
tree zero
sed -i 's/^VTTBR_EL2.*/VTTBR_EL2 0x0/; s/^pgd_phys.*/pgd_phys 0x0/' "$D/vm/1234-10/info" "$D/vm/1234-10/vcpu0/regs"
t "root of zero, list" 3 'at least 0' 'not everything' --sysroot "$tmp/zero" list
t "root of zero, live" 3 '*' 'could not be read|not complete' --sysroot "$tmp/zero" dump web

# tables that changed: told, and no error
tree changed
printf '\2' | dd of="$D/vm/1234-10/stage2" bs=1 seek=$((4 * 4136 + 40 + 12)) conv=notrunc status=none
t "changed, text" 3 'the tables changed while they were read' 'no single moment' --sysroot "$tmp/changed" dump web
j "changed, JSON" 3 dump 'd["changed"] is True' --sysroot "$tmp/changed" dump web
j "changed, list" 3 list 'd["vms"][0]["changed"] is True' --sysroot "$tmp/changed" list

tree gone
printf '\2' | dd of="$D/vm/1234-10/stage2" bs=1 seek=$((3 * 4136)) conv=notrunc status=none
t "a table taken away" 0 'CHANGED table 0x120004000' 'no single moment' --sysroot "$tmp/gone" dump web
j "a table taken away, JSON" 0 dump 'd["changed"] and d["unreadable"] == 0 and d["entries"][0]["type"] == "changed"' \
	--sysroot "$tmp/gone" dump web
t "a table taken away, list" 0 '2120K \(changed while read\)' - --sysroot "$tmp/gone" list

# --hardware: a sparse file answers for low addresses
tree hardware
python3 - "$D/vm/1234-10/vcpu0/at/" <<'END'
import struct, sys


def answer(op, *answers):
    with open(sys.argv[1] + op, "wb") as f:
        for va, par in answers:
            f.seek(va)
            f.write(struct.pack("<QQQII", va, par, 0x7000120000000, 3, 0))


answer("s12e1r", (0x400000, 0xff00000110002b80), (0x401000, 0x80b))
# each differs from what is right in one field: PA, ATTR, SH; and for the fault FST, PTW, S
answer("s12e0r", (0x400000, 0xff00000110003b80), (0x401000, 0x80d))
answer("s12e0w", (0x400000, 0x4400000110002b80), (0x401000, 0x90f))
answer("s12e1w", (0x400000, 0xff00000110002b00), (0x401000, 0xa0f))
END
for op in s12e0r s12e0w s12e1w; do
	t "--hardware differs in one field, $op" 1 '^0 agree, 2 differ' - \
		--sysroot "$tmp/hardware" at $op web --hardware 0x400000 0x401000
done
t "--hardware agrees, bits 9, 10 and 11 apart" 0 '^agrees  *CPU 3' - --sysroot "$tmp/hardware" at s12e1r web --hardware 0x400000
t "--hardware differs" 1 '^DIFFERS' - --sysroot "$tmp/hardware" at s12e1r web --hardware 0x401000
j "--hardware in JSON" 1 at 'd["agree"] == 1 and d["differ"] == 1' --sysroot "$tmp/hardware" at s12e1r web --hardware 0x400000 0x401000
printf '0x400000\n0x401000\n' >"$tmp/addresses"
t "--hardware of a list" 1 '^1 agree, 1 differ, 0 unreadable' - --sysroot "$tmp/hardware" at s12e1r web --hardware --from "$tmp/addresses"
t "--hardware that is not there" 3 - 'AT s1e0r' --sysroot "$tmp/hardware" at s1e0r web --hardware 0x400000

# choices: T0SZ below the minimum where addresses have no more than 48 bits (FEAT_BBM, no FEAT_LVA), nT in the block of VA
# 1000000000, and CPUs that take other ways than the default
tree choices
sed 's/^TCR_EL1.*/TCR_EL1 0x35b5103505/; s/^TTBR0_EL1.*/TTBR0_EL1 0x40002000/' "$I/regs.txt" >"$tmp/choices.txt"
echo "ID_AA64MMFR2_EL1 0x0020000000000000" >>"$tmp/choices.txt"
{ echo "# state running"; cat "$tmp/choices.txt"; } >"$D/vm/1234-10/vcpu0/regs"
printf '\1' | dd of="$D/vm/1234-10/mem" bs=1 seek=$((0x40003202)) conv=notrunc status=none
cp --sparse=always "$I/ram.bin" "$tmp/choices.bin"
printf '\1' | dd of="$tmp/choices.bin" bs=1 seek=$((0x3202)) conv=notrunc status=none
python3 - "$D/vm/1234-10/vcpu0/at/" <<'END'
import struct, sys

va = 0x1000000000
for op, par in ("s12e1r", 0xff00000100000b80), ("s12e0r", 0x80b), ("s12e1w", 0x809):
    with open(sys.argv[1] + op, "wb") as f:
        f.seek(va)
        f.write(struct.pack("<QQQII", va, par, 0x7000120000000, 3, 0))
END
for where in tree files; do
	if [ $where = tree ]; then
		S=(--sysroot "$tmp/choices") N=web
	else
		S=(--ram "$tmp/choices.bin@0x100000000" "${F[@]:2:4}" --regs "$tmp/choices.txt") N=
	fi
	t "$where: no choice taken the other way" 1 '^choice  *txsz-below-min: .* gives a Translation fault$' - 		"${S[@]}" walk $N 0x1000000000
	t "$where: one is" 1 '^choice  *nt: nT in a block descriptor gives' - "${S[@]}" walk $N --other txsz-below-min 0x1000000000
	t "$where: two are, walk" 0 '^choice  *nt: nT in a block descriptor is ignored' - 		"${S[@]}" walk $N --other txsz-below-min,nt 0x1000000000
	t "$where: two are, the option repeated" 0 '^PA  *0x0000000100000000' - 		"${S[@]}" --other nt walk $N --other txsz-below-min 0x1000000000
	j "$where: two are, walk in JSON" 0 walk 'd["choices"][1] == "nt: nT in a block descriptor is ignored"' 		"${S[@]}" --other txsz-below-min,nt walk $N 0x1000000000
	t "$where: two are, at" 0 '^choice  *nt: nT in a block descriptor is ignored' - 		"${S[@]}" --other nt,txsz-below-min at s12e1r $N 0x1000000000
	j "$where: two are, at in JSON" 0 at 'len(d["results"][0]["choices"]) == 2' 		"${S[@]}" --other nt,txsz-below-min at s12e1r $N 0x1000000000
	t "$where: two are, read" 0 '^Linux version 6.1.0-forged' - 		"${S[@]}" --other nt,txsz-below-min read $N --raw 0x1000100000 52
	t "$where: one is, read" 1 '*' 'Translation fault' "${S[@]}" --other txsz-below-min read $N --raw 0x1000100000 52
	t "$where: two are, dump" 0 '^0x0*1000000000-' - 		"${S[@]}" --other nt,txsz-below-min dump $N --stage 1 --range 0x1000000000+1G
	t "$where: one is, dump" 0 'Translation fault' - "${S[@]}" --other txsz-below-min dump $N --stage 1 --range 0x1000000000+1G
done
S=(--sysroot "$tmp/choices" at)
V=(web --hardware 0x1000000000)
t "--hardware takes two other ways" 1 '^DIFFERS' - "${S[@]}" s12e1r "${V[@]}"
t "--hardware takes one way more" 0 'other way of a choice: nt: nT in a block descriptor is ignored$' - 	"${S[@]}" --other txsz-below-min s12e1r "${V[@]}"
t "--hardware takes the same ways" 0 '^agrees  *CPU 3 answered$' - "${S[@]}" --other txsz-below-min,nt s12e1r "${V[@]}"
t "--hardware takes one way less" 0 'other way of a choice: nt: .* gives a Translation fault$' - 	"${S[@]}" --other txsz-below-min,nt s12e0r "${V[@]}"
t "--hardware takes another TxSZ" 0 'other way of a choice: txsz-below-min: .* as the minimum$' - "${S[@]}" s12e0r "${V[@]}"
t "--hardware takes the default TxSZ" 0 'other way of a choice: txsz-below-min: .* a Translation fault$' - 	"${S[@]}" --other txsz-below-min,nt s12e1w "${V[@]}"

# vectors
zcat tests/vectors/base.jsonl.gz 2>/dev/null | head -n 200 >"$tmp/vectors"
if [ -s "$tmp/vectors" ]; then
	t "vectors" 0 '^200 passed, 0 failed$' - at --vectors "$tmp/vectors"
	sed '3s/"par": *"0x[0-9a-f]*"/"par": "0x2"/' "$tmp/vectors" >"$tmp/wrong.jsonl"
	t "vectors, one of them wrong" 1 '^199 passed, 1 failed$' - at --vectors "$tmp/wrong.jsonl"
	j "vectors in JSON" 1 at-vectors 'd["failed"] == 1 and len(d["differences"]) == 1' at --vectors "$tmp/wrong.jsonl"
fi
echo "{" >"$tmp/wrong.jsonl"
t "vectors that are none" 2 - 'line 1' at --vectors "$tmp/wrong.jsonl"
t "vectors of nothing" 3 - 'No such file' at --vectors "$tmp/nothing"
