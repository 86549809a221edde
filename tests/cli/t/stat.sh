# SPDX-License-Identifier: GPL-2.0-only
# stat on the forged guest and on captured ones; sourced by tests/cli/run

g stat-both 3 "${L[@]}" stat --stage both
g stat-files 3 "${F[@]}" stat
j "stat in JSON" 3 stat 'd["tables"][0]["mapped"] == 0x200000 + 18 * 4096 and d["tables"][0]["descriptors"] == 19 and
	d["tables"][0]["tables"] == 5 and d["tables"][0]["unreadable"] == 1 and d["tables"][0]["invalid"] == 1 and
	[l["mapped"] for l in d["tables"][0]["levels"]] == [0, 2 << 20, 72 << 10] and
	d["tables"][0]["levels"][2]["contiguous_possible"] == 1 and d["tables"][0]["levels"][2]["no_block"]["holes"] == 1' \
	"${L[@]}" stat web
j "stat of stage 1 in JSON" 3 stat '[t["root"] for t in d["tables"]] == ["TTBR0_EL1", "TTBR1_EL1"] and
	d["tables"][1]["kinds"][0]["rights"] == {"privileged": "R-X", "unprivileged": "---"}' "${L[@]}" stat web --stage 1
j "stat: sums agree" 3 stat 'all(t["mapped"] == sum(k["mapped"] for k in t["kinds"]) == sum(l["mapped"] for l in t["levels"])
	and t["tables"] == sum(l["tables"] for l in t["levels"]) for t in d["tables"])' "${L[@]}" stat --stage both
for file in tests/cli/data/*.tar.gz; do
	name=${file##*/}
	name=${name%.tar.gz}
	mkdir "$tmp/stat-$name"
	tar -C "$tmp/stat-$name" -xzf "$file"
	g "$name-stat" 0 --sysroot "$tmp/stat-$name" stat web
done
# a table that was taken away is a change, as in a dump
t "stat: a table taken away" 0 '^changed' - --sysroot "$tmp/gone" stat web
j "stat: a table taken away, JSON" 0 stat 'd["tables"][0]["changed"] and d["tables"][0]["unreadable"] == 0' \
	--sysroot "$tmp/gone" stat web
t "stat: hidden stage 2" 3 '^1234-10 *UNREADABLE: stage 2 is hidden' 'not everything' --sysroot "$tmp/hidden" stat
j "stat: hidden stage 2, JSON" 3 stat 'd["tables"] == [] and d["unknown"][0]["vm"] == "1234-10"' --sysroot "$tmp/hidden" stat
t "stat: no VM" 0 "*" - --sysroot "$tmp/novm" stat
t "stat: unknown VM" 3 - 'no VM "nosuch"' "${L[@]}" stat nosuch
t "stat: stage 2 that is off" 1 - 'that stage is off' --regs "$tmp/off.txt" stat --stage 2
t "stat: --stage 3" 2 - '--stage is 1, 2 or both' "${L[@]}" stat --stage 3
t "stat: a VM and files" 2 - 'no VM is named' "${F[@]}" stat web
