# SPDX-License-Identifier: GPL-2.0-only
# dump --filter; sourced by tests/cli/run

# filters NAME STAGE ARGUMENTS...: random filters of that dump against an evaluation of their own
filters() {
	local name="filter: $1" stage=$2 seed=${SEED:-$RANDOM} bad=
	wanted "$name" || return 0
	shift 2
	echo "# seed $seed"
	status=0
	bad=$(tests/cli/filtered "$seed" 60 "$stage" "$M" --json "$@" --stage "$stage" 2>&1 | tail -n 12 | cut -c 1-2000)
	: >"$tmp/out"
	: >"$tmp/err"
	result "$name" "$bad"
}

filters "tree, stage 2" 2 "${L[@]}" dump web
filters "tree, stage 2 and invalid" 2 "${L[@]}" dump web --invalid
filters "tree, stage 1" 1 "${L[@]}" dump web
filters "tree, both" both "${L[@]}" dump web
filters "files, stage 1" 1 "${F[@]}" dump
filters "files, both" both "${F[@]}" dump

for file in tests/cli/data/captured-*.tar.gz; do
	guest=${file##*/}
	guest=${guest%.tar.gz}
	filters "$guest" both --sysroot "$tmp/$guest" dump web
done

g dump-filter 3 "${F[@]}" dump --stage both --filter 'wx or device and not user'
t "filter: all of it" 3 'not shown' 'could not be read' "${F[@]}" dump --stage both --filter unreadable
t "filter: an empty dump is one" 0 ' 0 ranges, .* 1 not shown' - "${F[@]}" dump --range 0x40200000+64K --filter 'not r'
j "filter: in JSON" 0 dump 'd["filter"] == "r" and d["not_shown"] == 0' "${F[@]}" dump --range 0x40200000+64K --filter r

# e NAME MESSAGE EXPRESSION [ARGUMENTS...]: what is wrong with it is said, and nothing is printed
e() {
	t "filter: $1" 2 - "$2" "${F[@]}" dump --filter "$3" "${@:4}"
}

e "nothing" 'at character 1: a term is missing at its end' ''
e "blanks" 'at character 4: a term is missing at its end' '   '
e "no such term" 'at character 7: "q" is none of r, w, x, .*, sh=$' 'w and q'
e "no term" 'at character 1: no term begins with "="' '= 3'
e "a term without a value" 'at character 6: level needs =, !=, <, <=, >, >= and a value' 'level'
e "a value that is missing" 'at character 7: level needs a value' 'level='
e "a value of the wrong form" 'at character 7: "two" is not a number' 'level=two'
e "a size" 'at character 6: "4X" is not a number of bytes' 'size>4X'
e "an order of what has none" 'at character 8: memory knows only = and !=' 'memory>Normal'
e "rights" 'at character 14: "rw" is not of the form RWX' 'unprivileged=rw'
e "rights, one too many" 'at character 12: "rwxx" is not of the form RWX' 'privileged=rwxx'
e "rights in disorder" 'at character 12: "wrx" is not of the form RWX' 'privileged=wrx'
e "an address" 'at character 4: "here" is no address' 'pa=here'
e "a range" 'at character 4: "2-1" is reversed or empty' 'pa=2-1'
e "an open parenthesis" 'at character 7: the parenthesis is not closed' 'w and (x or r'
e "a parenthesis to nothing" 'at character 3: there is no \( to this' 'w )'
e "two terms" 'at character 3: and, or, or the end is missing before this' 'w x'
e "two terms in parentheses" 'at character 4: and, or, or \) is missing before this' '(w x)'
e "open quotes" "at character 8: the quotes are not closed" "memory='Normal"
e "parentheses without end" 'more than 64 parentheses' "$(printf '(%.0s' {1..100000})"
e "negations without end" 'more than 64 parentheses' "$(printf '!%.0s' {1..100000})w"
e "terms without end" 'more than 256 terms' "w$(printf ' or w%.0s' {1..300})"
e "a value without end" 'longer than 159 characters' "memory=$(printf 'a%.0s' {1..200})"
e "levels by size alone" 'level needs =' 'level+3'
e "a tree" 'not with --tree' w --tree --stage 1
e "a VA of stage 2" 'stage 2 knows no va' 'va=0x1000' --stage 2
e "nG of stage 2" 'ng, gp and ns are of stage 1' 'not ng' --stage 2
e "a PA of stage 1" 'stage 1 leads to an ipa here' 'w or pa=0x1000' --stage 1
t "filter: the last of two counts" 0 '^filter  *r$' - "${F[@]}" dump --range 0x40200000+64K --filter w --filter r
