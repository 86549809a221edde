# SPDX-License-Identifier: GPL-2.0-only
# The forms of a dump, and what it is asked to show; sourced by tests/cli/run

# formats NAME STATUS ARGUMENTS...: a dump says the same in JSON, JSON lines and CSV
formats() {
	local name="formats: $1" want=$2 bad= f
	wanted "$name" || return 0
	shift 2
	for f in json jsonl csv; do
		run --format $f "$@"
		[ "$status" = "$want" ] || bad+="with --format $f the status is $status"$'\n'
		mv "$tmp/out" "$tmp/dump.$f"
	done
	: >"$tmp/out"
	bad+=$(tests/cli/same-dump "$tmp/dump.json" "$tmp/dump.jsonl" "$tmp/dump.csv" 2>&1 | tail -n 5)
	bad+=$(tests/cli/validate dump "$tmp/dump.json" 2>&1 | tail -n 5)
	bad+=$(tests/cli/validate dump-lines "$tmp/dump.jsonl" 2>&1 | tail -n 5)
	result "$name" "$bad"
}

for where in tree files; do
	if [ $where = tree ]; then S=("${L[@]}") N=web; else S=("${F[@]}") N=; fi
	formats "$where, stage 2" 3 "${S[@]}" dump $N --invalid
	formats "$where, stage 1" 3 "${S[@]}" dump $N --stage 1
	formats "$where, both" 3 "${S[@]}" dump $N --stage both
	formats "$where, tree of stage 2" 3 "${S[@]}" dump $N --tree
	formats "$where, tree of stage 1" 3 "${S[@]}" dump $N --tree --stage 1
	formats "$where, readable" 0 "${S[@]}" dump $N --range 0x40200000+64K
done
# of a core, with the names and regions of its kernel; core.sh made it
N=(--core "$K/note.elf" --symbols "$K/System.map")
formats "symbols, stage 1" 0 "${N[@]}" dump --stage 1 --range _text+2M
formats "symbols, tree" 0 "${N[@]}" dump --stage 1 --range _text+2M --tree
formats "symbols, all" 3 "${N[@]}" dump --stage 1
g files-dump-tree-1 3 "${F[@]}" dump --tree --stage 1
g files-dump-jsonl 3 --format jsonl "${F[@]}" dump --stage both
g files-dump-csv 3 "${F[@]}" dump --format csv --stage both
g files-dump-tree-csv 3 "${F[@]}" dump --format csv --tree --stage 1
t "--format text" 0 '^dump  *files$' - --json "${F[@]}" dump --format text --range 0x40200000+64K
t "--format of nothing" 2 - 'needs an argument' dump --format
t "--format unknown" 2 - '--format "xml" is none of text, json, jsonl, csv, sarif' --format xml "${F[@]}" dump
t "--format csv where there is none" 2 - '--format "csv" is none of text, json$' "${F[@]}" walk --format csv 0x400010
j "--format json" 0 walk 'd["pa"] == "0x110002010"' --format json "${F[@]}" walk 0x400010

# A table without a descriptor
tree empty
python3 - "$D/vm/1234-10" <<'END'
import sys
with open(sys.argv[1] + "/mem", "r+b") as f:
    f.seek(0x40003000 + 67 * 8)
    f.write((0x40009000 | 3).to_bytes(8, "little"))
    f.seek(0x40009000)
    f.write(bytes(4096))
END
t "tree: an empty table" 3 'S1 L3  \[   0\] 0xffff800008600000 .* ipa 0x0000000040009000 pa 0x0000000100009000 of an empty table' "could not be read" \
	--sysroot "$tmp/empty" dump web --tree --stage 1
formats "an empty table" 3 --sysroot "$tmp/empty" dump web --tree --stage 1
