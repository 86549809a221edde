# SPDX-License-Identifier: GPL-2.0-only
# walk --from; sourced by tests/cli/run

printf '0x400000\n# a comment\n\n  ipa:0x40000000\n0xffff800008210000\n0xffff800008000000\n0x1234000000000000\n' >"$tmp/addresses"
g walks-tree 1 "${L[@]}" walk web --from "$tmp/addresses"
g walks-files 1 "${F[@]}" walk --from "$tmp/addresses"
j "walk --from in JSON" 1 walk-from 'd["translated"] == 3 and d["faults"] == 2 and [r["status"] for r in d["results"]] == ["mapped", "mapped", "fault", "mapped", "fault"]' \
	"${L[@]}" walk web --from "$tmp/addresses"
printf '0x400000\nipa:0x40000000\n' >"$tmp/mapped"
t "walk --from, all mapped" 0 '^2 translated, 0 faults, 0 unreadable' - "${L[@]}" walk web --from "$tmp/mapped"
printf '0x400000\n0xffff800008400000\n' >"$tmp/unread"
t "walk --from, a word that cannot be read" 3 'unreadable: ' 'could not be translated' "${L[@]}" walk web --from "$tmp/unread"
printf '0x400000\n0xzz\n' >"$tmp/bad"
t "walk --from, a bad line" 2 '*' 'bad, line 2: "0xzz" is not a 64-bit number' "${L[@]}" walk web --from "$tmp/bad"
t "walk --from and an address" 2 - 'too many operands' "${L[@]}" walk web 0x400000 --from "$tmp/mapped"
t "walk --from a file that is not there" 3 - 'No such file' "${L[@]}" walk web --from "$tmp/nosuch"
printf 'ipa:0x1000\n' >"$tmp/ipas"
t "walk --from, IPAs of the host" 2 - 'the host has no IPA' "${L[@]}" walk host --from "$tmp/ipas"

# each line says what the walk of that address says
if wanted "walk --from is walk"; then
	bad=
	awk 'BEGIN { srand(1); for (i = 0; i < 300; i++) printf "0x%x\n", 4194304 + int(rand() * 8) * 4096 + int(rand() * 4096) }' >"$tmp/many"
	run "${F[@]}" walk --from "$tmp/many"
	grep -o '^va .* pa 0x[0-9a-f]*' "$tmp/out" | awk '{ print $2, $NF }' >"$tmp/batch"
	[ -s "$tmp/batch" ] || bad=nothing
	while read -r va pa; do
		run "${F[@]}" walk "$va"
		[ "$(awk '$1 == "PA" { print $2 }' "$tmp/out")" = "$pa" ] || bad+="$va"$'\n'
	done < <(head -n 40 "$tmp/batch")
	result "walk --from is walk" "$bad"
fi
