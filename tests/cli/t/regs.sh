# SPDX-License-Identifier: GPL-2.0-only
# regs and decode; sourced by tests/cli/run

#
# decode REG VALUE
#
g decode-vtcr 0 decode VTCR_EL2 0x80023f59
g decode-mmio 0 decode ESR_EL2 0x93800046 FAR_EL2 0xffff800008a15018 HPFAR_EL2 0x90000
g decode-d128 0 decode TTBR0_EL1 0x800000872f96c1aa3e7cc1 TCR2_EL1 0x20
g decode-mair 0 decode mair_el1 0x40044ffff
t "decode: an even name and value" 2 - 'which value' decode TCR_EL1
t "decode: nothing" 2 - 'what to decode' decode
t "decode: no such register" 2 - 'no register "TCR_EL9"' decode TCR_EL9 0x1
t "decode: no such field" 2 - 'no field "PSTATE.NO"' decode PSTATE.NO 1
t "decode: a field of PSTATE" 0 'PAN  *1  *privileged access never' - decode PSTATE.PAN 1 PSTATE.M 5
t "decode: PSTATE twice" 2 - 'PSTATE.PAN is given twice' decode PSTATE 0x5 PSTATE.PAN 1
t "decode: too much for the field" 2 - 'does not fit' decode PSTATE.PAN 2
t "decode: given twice" 2 - 'tcr_el1 is given twice' decode TCR_EL1 0x1 tcr_el1 0x1
t "decode: not a number" 2 - 'is not a 64-bit number' decode TCR_EL1 0x12zz
t "decode: hexadecimal without 0x" 2 - 'begins with 0x' decode TCR_EL1 ff
t "decode: more than 64 bits" 2 - 'more than 64 bits' decode TCR_EL1 0x10000000000000000
t "decode: more than 128 bits" 2 - '128 bits' decode TTBR0_EL1 0x100000000000000000000000000000000
t "decode: too long to be a number" 2 - '128 bits' decode TTBR0_EL1 "0x$(printf '0%.0s' {1..200})"
t "decode: decimal" 0 'HPFAR_EL2 = 0x00000000000000f0' - decode HPFAR_EL2 240
t "decode: RES0 is set" 1 '39 .*! zero expected' - decode VTCR_EL2 0x8080023f59
t "decode: RES1 is clear" 1 '31 .*! ones expected' - decode VTCR_EL2 0x23f59
t "decode: a reserved value" 1 'SH0 .*! reserved value' - decode VTCR_EL2 0x80021f59
t "decode: the usual layout" 0 'TBI  *1' - decode TCR_EL2 0x80900010
t "decode: the layout under E2H" 0 'T1SZ  *0x10 .*48-bit' - decode TCR_EL2 0xb5103510 HCR_EL2 0x400000000
t "decode: halves of 128 bits" 0 'BADDRH  *0x80' - decode VTTBR_EL2 0x10000 VTTBR_EL2_hi 0x800000
t "decode: no upper half" 2 - 'no register "TCR_EL1_hi"' decode TCR_EL1_hi 0x1
t "decode: PAR_EL1 of a fault" 0 'Permission fault, level 3' - decode PAR_EL1 0x81f
t "decode: descriptor options on a register" 2 - 'are for "decode desc"' decode TCR_EL1 0x1 --level 2
t "decode: stage 2 write of a protected page" 0 'if KVM filled it in' - \
	decode ESR_EL2 0x9380004f FAR_EL2 0x1018 HPFAR_EL2 0x90000
t "decode: an abort without HPFAR" 0 'IPA  *not known: HPFAR_EL2 is not given' - decode ESR_EL2 0x93800046 FAR_EL2 0x1018
t "decode: an abort without syndrome" 0 'not from this alone: no instruction syndrome' - \
	decode ESR_EL2 0x92000006 FAR_EL2 0x1000 HPFAR_EL2 0x90000
t "decode: a signed load" 0 'read of 2 bytes into X19, sign-extended, acquire' - \
	decode ESR_EL2 0x9373c007 FAR_EL2 0x1002 HPFAR_EL2 0x9000010
t "decode: an instruction abort" 0 'instruction fetch' - decode ESR_EL2 0x82000006 FAR_EL2 0x1000 HPFAR_EL2 0x90000
t "decode: not an abort" 0 'exception  *HVC' - decode ESR_EL2 0x5a000000
t "decode: context from a file" 0 'HCR_EL2.E2H = 1' - --regs "$T/sys/kernel/debug/mmuscope/host/cpu0/regs" \
	decode TCR_EL2 0xb5103510
t "decode: context from no file" 3 - 'No such file' --regs "$tmp/nothing" decode TCR_EL2 0x1
echo "TCR_EL1" >"$tmp/bad-context.regs"
t "decode: context that is wrong" 2 - 'line 1: no value' --regs "$tmp/bad-context.regs" decode TCR_EL2 0x1
j "decode in JSON" 0 decode 'sum(f["high"] - f["low"] + 1 for f in d["registers"][0]["fields"]) == 64 and
	[f["meaning"] for f in d["registers"][0]["fields"] if f["name"] == "T0SZ"] == ["39-bit addresses"]' \
	decode VTCR_EL2 0x80023f59
j "decode of 128 bits in JSON" 0 decode 'd["registers"][0]["value"] == "0x800000872f96c1aa3e7cc1" and
	d["registers"][0]["fields"][0]["high"] == 127' decode TTBR0_EL1 0x800000872f96c1aa3e7cc1
j "decode of an abort in JSON" 0 decode 'd["registers"][0]["syndrome"]["can_emulate"] and
	d["registers"][0]["syndrome"]["ipa"] == "0x9000018" and d["registers"][0]["syndrome"]["size"] == 4 and
	d["registers"][0]["syndrome"]["write"]' decode ESR_EL2 0x93800046 FAR_EL2 0xffff800008a15018 HPFAR_EL2 0x90000
j "decode of a violation in JSON" 1 decode 'any(f["violation"] for f in d["registers"][0]["fields"])' \
	decode VTCR_EL2 0x23f59

#
# decode desc VALUE
#
g decode-desc-page 0 decode desc 0x60000040211783 --level 3
g decode-desc-block 0 decode desc 0x4000c16000047d --level 2 --stage 2
g decode-desc-table 0 decode desc 0x7800000063db2003 --level 1
g decode-desc-lpa2 0 decode desc 0x60c5dc106e78f8f --level 3 --granule 16k --lpa2
g decode-desc-lpa 0 decode desc 0x6041000f783 --level 3 --granule 64K --lpa
g decode-desc-d128 0 decode desc 0x1e090000000000000009c0ac1c710eb9 --level 3 --d128
g decode-desc-d128-stage2 0 decode desc 0x196000000000000038ee0000000415 --level 0 --stage 2 --d128
g decode-desc-d128-table 0 decode desc 0x97a3220d518001 --level 0 --d128
g decode-desc-section 0 decode desc 0x48010c0e --level 1 --short
g decode-desc-supersection 0 decode desc 0x48050c0e --level 1 --short
g decode-desc-small-page 0 decode desc 0x4801087e --level 2 --short
g decode-desc-large-page 0 decode desc 0x4801103d --level 2 --short
g decode-desc-short-table 0 decode desc 0x48010021 --level 1 --short
g decode-desc-mair 0 --regs "$I/regs.txt" decode desc 0x60000040211783 --level 3
echo "HCR_EL2 0x400000000001" >"$tmp/fwb.regs"
t "desc: MemAttr under FWB" 0 'MemAttr .*Write-Back where stage 1 is Normal' - \
	--regs "$tmp/fwb.regs" decode desc 0x4000c16000045b --level 3 --stage 2
t "desc: bit 0 is clear" 1 'type  *invalid' - decode desc 0xfe0 --level 3
t "desc: zero" 1 'type  *invalid' - decode desc 0 --level 3
t "desc: a block where none can be" 1 'cannot stand at level 0' - decode desc 0x40000741 --level 0
t "desc: a block at level 3" 1 'type  *reserved' - decode desc 0x40000741 --level 3
t "desc: no value" 2 - 'which value' decode desc --level 3
t "desc: no level" 2 - 'which level' decode desc 0x3
t "desc: two values" 2 - 'too many' decode desc 0x3 0x3 --level 2
t "desc: not a level" 2 - 'not a level' decode desc 0x3 --level x
t "desc: level beyond" 2 - 'levels 0 to 3' decode desc 0x3 --level -1
t "desc: level -1 with LPA2" 0 'level -1' - decode desc 0x3 --level -1 --lpa2
t "desc: level -1 with LPA2 and 16K" 2 - 'levels 0 to 3' decode desc 0x3 --level -1 --lpa2 --granule 16K
t "desc: level 0 with 64K" 2 - 'levels 1 to 3' decode desc 0x3 --level 0 --granule 64K
t "desc: level 3 of short" 2 - 'levels 1 to 2' decode desc 0x3 --level 3 --short
t "desc: level -2 of 128 bits" 0 'level -2' - decode desc 0x1 --level -2 --d128
t "desc: level -2 of 128 bits and 16K" 2 - 'levels -1 to 3' decode desc 0x1 --level -2 --d128 --granule 16K
t "desc: level -1 of 128 bits and 64K" 2 - 'levels 0 to 3' decode desc 0x1 --level -1 --d128 --granule 64K
t "desc: not a stage" 2 - 'not 1 or 2' decode desc 0x3 --level 3 --stage 3
t "desc: not a granule" 2 - 'not 4K, 16K or 64K' decode desc 0x3 --level 3 --granule 8K
t "desc: formats at once" 2 - 'exclude each other' decode desc 0x3 --level 2 --short --d128
t "desc: LPA with 4K" 2 - 'is of the 64K granule' decode desc 0x3 --level 2 --lpa
t "desc: LPA2 with 64K" 2 - 'of the 4K and 16K' decode desc 0x3 --level 2 --lpa2 --granule 64K
t "desc: short of stage 2" 2 - 'of stage 1' decode desc 0x3 --level 2 --short --stage 2
t "desc: short of 33 bits" 2 - 'more than 32 bits' decode desc 0x100000003 --level 2 --short
t "desc: 65 bits" 2 - 'more than 64 bits' decode desc 0x10000000000000003 --level 2
t "desc: not a number" 2 - 'not a 64-bit number' decode desc zz --level 2
j "desc in JSON" 0 decode 'd["descriptor"]["type"] == "page" and d["descriptor"]["output_address"] == "0x40211000" and
	d["descriptor"]["maps"] == 4096' decode desc 0x60000040211783 --level 3
j "desc of a table in JSON" 0 decode 'd["descriptor"]["next_table"] == "0x63db2000" and "maps" not in d["descriptor"]' \
	decode desc 0x7800000063db2003 --level 1
j "desc of 128 bits in JSON" 0 decode 'd["descriptor"]["value"] == "0x1e090000000000000009c0ac1c710eb9"' \
	decode desc 0x1e090000000000000009c0ac1c710eb9 --level 3 --d128
j "desc that is invalid in JSON" 1 decode 'd["descriptor"]["type"] == "invalid"' decode desc 0x10 --level 3

#
# regs
#
for where in tree files; do
	if [ $where = tree ]; then S=("${L[@]}") N=web; else S=("${F[@]}") N=; fi
	g $where-regs 0 "${S[@]}" regs $N
	g $where-regs-some 0 "${S[@]}" regs $N tcr_el1 VTTBR_EL2
	t "$where: raw registers" 0 '^TCR_EL1 0x' - "${S[@]}" regs $N --raw
	t "$where: raw registers, one" 0 '^TCR_EL1 0x' - "${S[@]}" regs $N --raw TCR_EL1
	[ "$(wc -l <"$tmp/out")" = 1 ] && bad= || bad="one line is wanted"$'\n'
	wanted "$where: one" && result "$where: one register is one line" "$bad"
	t "$where: not a register" 2 - 'no register "TCR"' "${S[@]}" regs $N TCR
	t "$where: a register that is not given" 1 - 'SCR_EL3 is not among' "${S[@]}" regs $N SCR_EL3
	t "$where: one that is given and one that is not" 1 '^TCR_EL1 = ' 'SCR_EL3 is not among' \
		"${S[@]}" regs $N SCR_EL3 TCR_EL1
	j "$where: registers in JSON" 0 regs 'any(r["name"] == "TCR_EL1" for r in d["registers"])' "${S[@]}" regs $N
	j "$where: one register in JSON" 0 regs '[r["name"] for r in d["registers"]] == ["VTCR_EL2"]' \
		"${S[@]}" regs $N VTCR_EL2
done
# what --raw prints is what --regs reads
run "${L[@]}" regs web --raw
cp "$tmp/out" "$tmp/again.regs"
run --regs "$tmp/again.regs" regs --raw
cmp -s "$tmp/out" "$tmp/again.regs" && bad= || bad="not the same"$'\n'
wanted "raw registers are read" && result "raw registers are read by --regs" "$bad"
j "notes in JSON" 0 regs 'd["notes"]["state"] == "running" and d["notes"]["cpu"] == "1"' "${L[@]}" regs web
t "regs of a vCPU that never ran" 0 'state  *never-run' - "${L[@]}" regs web:1
t "regs of the host" 0 '^TCR_EL2 = .*HCR_EL2.E2H = 1' - "${L[@]}" regs host
t "regs of a process" 2 - 'has no registers' "${L[@]}" regs pid:77
t "regs of no VM" 2 - 'which VM' "${L[@]}" regs
t "regs with a value" 2 - 'unknown option' "${F[@]}" regs --raw=1
printf '# state running\nNEW_EL1 0x1\nTCR_EL1 0x0\nNEWER_EL1 0x2\n' >"$tmp/new.regs"
t "registers of a newer module" 0 'not known  *NEW_EL1 NEWER_EL1' - --regs "$tmp/new.regs" regs
j "registers of a newer module in JSON" 0 regs 'd["not_known"] == ["NEW_EL1", "NEWER_EL1"]' --regs "$tmp/new.regs" regs
printf 'NEW_EL1 0x1\n' >"$tmp/new.regs"
t "no register that is known" 2 - 'not one register' --regs "$tmp/new.regs" regs
printf 'TCR_EL1 0x1\nTCR_EL1 0x1\n' >"$tmp/twice.regs"
t "a register twice" 2 - 'twice.regs, line 2: TCR_EL1 is given twice' --regs "$tmp/twice.regs" regs
printf 'TCR_EL1 0x1' >"$tmp/eof.regs"
t "no newline at the end" 0 '^TCR_EL1 = ' - --regs "$tmp/eof.regs" regs
printf 'HCR_EL2 0x1\nSCTLR_EL1 0x30c5183d\nTCR_EL1 0x80000000\nTTBR0_EL1 0x41000000\nMAIR_EL1 0xff\nPSTATE 0x13\n' \
	>"$tmp/aarch32.regs"
g regs-aarch32 0 --regs "$tmp/aarch32.regs" regs
printf 'HCR_EL2 0x0\nSCTLR_EL1 0x1\nTCR_EL1 0x0\nTTBR0_EL1 0x1000\n' >"$tmp/short.regs"
t "regs: short descriptors without DACR translate nothing" 2 - 'DACR32_EL2 is not among' \
	--regs "$tmp/short.regs" --ram "$tmp/short.regs@0" walk 0
