# SPDX-License-Identifier: GPL-2.0-only
# Dumps; sourced by tests/cli/run

K=$tmp/core
tests/cli/forge-core "$K" || exit 2
V=0xffffffc018000200

for form in note.elf plain.elf note.kdump plain.kdump; do
	C=(--core "$K/$form")
	t "$form: walk" 0 '^PA  *0x0000000040000200$' - "${C[@]}" walk $V
	t "$form: read" 0 '^Linux version 6.12.0-forged$' - "${C[@]}" read --raw $V 27
	t "$form: at" 1 'Permission fault, level 2' - "${C[@]}" at s1e0r $V
	t "$form: find" 3 '0xffffff8000000200' 'may be mapped' "${C[@]}" find 0x40000200
	t "$form: dump of the upper half" 0 '^0xffffffc018000000-0xffffffc018200000 0x0000000040000000-' - \
		"${C[@]}" dump --stage 1 --range 0xffffff8000000000-0xfffffffffffff000
	t "$form: dump tells of the half that is not known" 3 'TTBR0_EL1 not known' 'not known' "${C[@]}" dump --stage 1
	t "$form: user VA" 3 '^unreadable .*TTBR' 'not complete' "${C[@]}" walk 0x400000
	j "$form: user VA in JSON" 3 walk 'd["status"] == "unreadable"' "${C[@]}" walk 0x400000
	j "$form: walk in JSON" 0 walk 'd["pa"] == "0x40000200" and d["size"] == 0x200000' "${C[@]}" walk $V
	t "$form: regs say what is assumed" 0 '^MAIR_EL1  *assumed' - "${C[@]}" regs
	t "$form: regs as lines" 0 '^TTBR1_EL1 0x40003000$' - "${C[@]}" regs --raw
	t "$form: a register that no dump has" 1 - 'TTBR0_EL1 is not among' "${C[@]}" regs TTBR0_EL1
	j "$form: regs in JSON" 0 regs 'any("VMCOREINFO" in n for n in d["notes"])' "${C[@]}" regs
done
t "VMCOREINFO by a note" 0 "is from the dump's notes" - --core "$K/note.elf" regs
t "VMCOREINFO by a search" 0 'searched for in memory.* PA 0x40005000$' - --core "$K/plain.kdump" regs
t "PC of the first CPU" 0 '^PC 0xffffffc018000110$' - --core "$K/note.elf" regs --raw
t "a page that was excluded" 3 '*' 'nothing is there' --core "$K/note.kdump" read 0xffffffc018007000 16
t "the same page in a dump that has it" 0 '*' - --core "$K/note.elf" read 0xffffffc018007000 16
t "before the first page" 3 '*' 'nothing is there' --core "$K/note.elf" --regs "$I/regs.txt" walk 0x400010

printf 'SCTLR_EL1 0x1005\nTCR_EL1 0x5b5593519\nMAIR_EL1 0xff\nTTBR0_EL1 0x40003000\nTTBR1_EL1 0x40003000\n' >"$tmp/core.regs"
t "--regs wins" 0 '^TTBR0_EL1 0x40003000' - --core "$K/nothing.elf" --regs "$tmp/core.regs" regs --raw
t "--regs for a user VA" 0 '^PA  *0x0000000040000200$' - --core "$K/nothing.elf" --regs "$tmp/core.regs" walk 0x200
t "no VMCOREINFO" 3 - 'no VMCOREINFO, .* --regs' --core "$K/nothing.elf" walk $V
t "no VM is named" 2 - 'too many operands' --core "$K/note.elf" walk web $V
t "a core is one source" 2 - 'two sources' --core "$K/note.elf" --ram "$I/ram.bin@0" walk $V
t "a core is no host" 2 - 'not on --ram, --core' --core "$K/note.elf" list
t "a core that is not there" 3 - 'No such file' --core "$tmp/nothing" walk $V
t "a core that is none" 3 - 'neither an ELF core nor' --core "$K/System.map" walk $V
for form in note.elf note.kdump; do
	bad=
	for cut in $(seq 1 997 "$(stat -c %s "$K/$form")"); do
		head -c "$cut" "$K/$form" >"$tmp/cut"
		run --core "$tmp/cut" read --raw $V 27
		case $status in
		3) [ -s "$tmp/err" ] || bad+="cut at $cut: no message"$'\n' ;;
		0) cmp -s "$tmp/out" <(printf 'Linux version 6.12.0-forged') || bad+="cut at $cut: wrong bytes"$'\n' ;;
		*) bad+="cut at $cut: status $status"$'\n' ;;
		esac
	done
	wanted "$form: cut" && result "$form: cut off at each 997th byte" "$bad"
done

# symbols, which a dump places by VMCOREINFO
S=(--core "$K/note.elf" --symbols "$K/System.map")
t "symbol: walk" 0 '^VA  *0xffffffc018000202 <linux_banner\+0x2>$' - "${S[@]}" walk linux_banner+0x2
t "symbol: an address gets its name" 0 '<linux_banner\+0x10>, regime' - "${S[@]}" walk 0xffffffc018000210
t "symbol: read" 0 '^Linux version 6.12.0-forged$' - "${S[@]}" read --raw linux_banner 27
t "symbol: at" 1 '0xffffffc018000800' - "${S[@]}" at s1e0r vectors
t "symbol: dump" 0 ' AF <_text>$' - "${S[@]}" dump --stage 1 --range _text+2M
t "symbol: dump from one to another" 2 - 'not a multiple of the granule' "${S[@]}" dump --stage 1 --range _text-_stext
t "symbol: find" 3 '<linux_banner> of core: PA 0x0000000040000200' 'linux_banner may' "${S[@]}" find linux_banner
j "symbol: walk in JSON" 0 walk 'd["symbol"] == "linux_banner+0x2"' "${S[@]}" walk linux_banner+2
j "symbol: at in JSON" 0 at 'd["results"][0]["symbol"] == "vectors"' "${S[@]}" at s1e1r vectors
j "symbol: dump in JSON" 0 dump 'd["ranges"][0]["symbol"] == "_text"' "${S[@]}" dump --stage 1 --range _text+2M
j "symbol: find in JSON" 3 find 'd["wanted"]["symbol"] == "linux_banner" and d["found"][1]["symbol"] == "linux_banner"' \
	"${S[@]}" find va:linux_banner
printf 'linux_banner\n0xffffffc018000800\n_stext+0x1\n' >"$tmp/symbol-names"
t "symbol: at --from" 0 '^3 predicted' - "${S[@]}" at s1e1r --from "$tmp/symbol-names"
t "symbol: several of the name" 2 - 'of 2 symbols, at 0xffffffc018000180 0xffffffc0180001c0' "${S[@]}" walk twice
t "symbol: none of the name" 2 - 'no symbol "thrice"' "${S[@]}" walk thrice
t "symbol: no file was given" 2 - 'is not a' --core "$K/note.elf" walk linux_banner
# the page of a symbol, and no other
j "symbol: in a filter" 0 dump 'len(d["ranges"]) == 1 and 0 <= 0xffffffc018000080 - int(d["ranges"][0]["input_address"], 16) < d["ranges"][0]["size"]' "${S[@]}" dump --stage 1 --range _text+2M --filter "va=linux_banner"
t "symbol: a range of them in a filter" 0 '^# [1-9][0-9]* ranges' - "${S[@]}" dump --stage 1 --range _text+2M --filter "va=linux_banner-linux_banner+0x40 or va=linux_banner+4K"
t "symbol: none of the name in a filter" 2 - 'there is no symbol "nobody" in' "${S[@]}" dump --stage 1 --filter "r and va=nobody"
t "symbol: in CSV" 0 ',_text,kernel image$' - --format csv "${S[@]}" dump --stage 1 --range _text+2M
t "symbol: in a tree" 0 ' AF <_text>$' - "${S[@]}" dump --stage 1 --range _text+2M --tree
j "symbol: in a tree in JSON" 0 dump 'd["entries"][-1]["symbol"]' "${S[@]}" dump --stage 1 --range _text+2M --tree
t "symbol: tags" 0 'VA 0xffffffc018000202 <linux_banner\+0x2>, regime' - "${S[@]}" tags --va linux_banner+0x2
t "symbol: tags of none" 2 - 'there is no symbol "nobody"' "${S[@]}" tags --va nobody
t "symbol: no such file" 3 - 'No such file' --core "$K/note.elf" --symbols "$tmp/nothing" walk $V
t "symbol: --kaslr-offset" 1 '0xffffffc008000200 <linux_banner>' - "${S[@]}" --kaslr-offset 0 walk linux_banner
sed 's/^ffffffc008/ffffffc018/' "$K/System.map" >"$tmp/kallsyms"
t "symbol: kallsyms of the same boot" 0 '<linux_banner>' - --core "$K/note.elf" --symbols "$tmp/kallsyms" walk $V
sed 's/^ffffffc008/ffffffc028/' "$K/System.map" >"$tmp/kallsyms"
t "symbol: kallsyms of another boot" 2 - 'not of the kernel that was dumped' --core "$K/note.elf" --symbols "$tmp/kallsyms" walk $V
sed 's/^[0-9a-f]*/0000000000000000/' "$K/System.map" >"$tmp/kallsyms"
t "symbol: kallsyms without addresses" 3 - 'kptr_restrict' --core "$K/note.elf" --symbols "$tmp/kallsyms" walk $V
# by VBAR_EL1, where nothing else tells
{ "$M" --core "$K/note.elf" regs --raw; echo "VBAR_EL1 0xffffffc018000800"; } >"$tmp/vbar.regs"
dd if="$K/note.elf" of="$tmp/ram.img" bs=1 skip=$(($(stat -c %s "$K/note.elf") - 0x8000)) status=none
R=(--ram "$tmp/ram.img@0x40000000" --symbols "$K/System.map")
t "symbol: placed by VBAR_EL1" 0 '^VA  *0xffffffc018000200 <linux_banner>$' - "${R[@]}" --regs "$tmp/vbar.regs" walk linux_banner
grep -v VBAR "$tmp/vbar.regs" >"$tmp/novbar.regs"
t "symbol: no VBAR_EL1" 3 - 'what KASLR added is not known' "${R[@]}" --regs "$tmp/novbar.regs" walk linux_banner
sed 's/^VBAR_EL1.*/VBAR_EL1 0xffffffc018001800/' "$tmp/vbar.regs" >"$tmp/badvbar.regs"
t "symbol: VBAR_EL1 of something else" 3 - 'linux_banner is not where' "${R[@]}" --regs "$tmp/badvbar.regs" walk linux_banner
t "regions of a dump" 0 '^# kernel image, 0xffffffc018000000-0xffffffc018008000$' - "${S[@]}" dump --stage 1 --range 0xffffff8000000000-0xfffffffffffff000
t "regions without symbols" 0 '^# linear map, 0xffffff8000000000-' - --core "$K/plain.kdump" dump --stage 1 --range 0xffffff8000000000-0xfffffffffffff000
j "regions in JSON" 0 dump '[r.get("region") for r in d["ranges"]] == ["linear map", "kernel image"]' \
	"${S[@]}" dump --stage 1 --range 0xffffff8000000000-0xfffffffffffff000
