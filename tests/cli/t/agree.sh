# SPDX-License-Identifier: GPL-2.0-only
# Help, man pages, both completions, README and the ABI's header say the same; sourced by tests/cli/run

# agree NAME PROBLEMS: a comparison, which is no run
agree() {
	status=0
	: >"$tmp/out"
	: >"$tmp/err"
	result "agree: $1" "${2:+$2$'\n'}"
}

# differ WHERE A B: what one list of words has and the other has not
differ() {
	diff <(tr -s ' \t' '\n\n' <<<"$2" | grep . | sort -u) <(tr -s ' \t' '\n\n' <<<"$3" | grep . | sort -u) |
		awk -v where="$1" '/^</ { print where, "lacks", $2 } /^>/ { print where, "alone has", $2 }'
}

# Options as help has them, "--name ARGUMENT" a line; without a command those of the program
help_options() {
	"$M" ${1-} --help | awk '/^Options:/ { on = 1 } on && /^  --/ { print $1, /^  --[a-z0-9-]+ [^ ]/ ? $2 : "" }'
}

# The same of a page's section OPTIONS
page_options() {
	awk '/^=+$/ { on = before == "OPTIONS" } { before = $0 } on' "$1" |
		sed -nE 's/\*//g; s/^(-o FILE, )?(--[a-z0-9-]+)( [^ ]+)?(  .*|)$/\2\3/p' | sort -u
}

# What bash would offer after the last word
bash_offers() (
	PATH=$tmp/bin:$PATH
	_init_completion() {
		words=(mmuscope "${typed[@]}")
		cword=$((${#words[@]} - 1))
		cur=${words[cword]}
		prev=${words[cword - 1]}
	}
	_filedir() { COMPREPLY=("@file"); }
	complete() { :; }
	typed=("$@")
	. tools/completion/mmuscope.bash
	_mmuscope
	echo "${COMPREPLY[*]}"
)

if wanted "agree"; then
	commands=$("$M" --help | awk '/^Commands:/ { on = 1; next } /^$/ { on = 0 } on { print $1 }')
	globals=$(help_options)

	#
	# Commands, options and their arguments
	#

	agree "commands: manual" "$(differ mmuscope.rst "$commands" "$(awk '/^=+$/ { on = before == "COMMANDS" } { before = $0 }
		on && /^\*\*/ { gsub(/[*,]/, " "); print }' Documentation/mmuscope.rst)")"
	agree "commands: pages" "$(differ Documentation "$commands" "$(cd Documentation && ls mmuscope-*.rst |
		sed 's/mmuscope-//; s/\.rst//')")"
	agree "commands: README" "$(differ README "$commands" "$(grep '^| `' README.md | cut -d'|' -f2 |
		grep -oE '[`,] ?`?[a-z]+' | tr -d '`, ')")"
	agree "options of the program: manual" "$(differ mmuscope.rst "$(awk '{ print $1 (NF > 1 ? "=" : "") }' <<<"$globals")" \
		"$(page_options Documentation/mmuscope.rst | awk '{ print $1 (NF > 1 ? "=" : "") }')")"
	for c in $commands; do
		bad=
		page=Documentation/mmuscope-$c.rst
		own=$(help_options "$c")
		for o in $(awk '{ print $1 }' <<<"$own"); do
			grep -qE -e "(^|[*[ ])$o( |\*|$)" "$page" || bad+="$page lacks $o"$'\n'
		done
		# what the page says more on must be there, with an argument or without
		while read -r o arg; do
			line=$(grep -E -e "^$o( |$)" <<<"$own"$'\n'"$globals") || bad+="help lacks $o, which $page has"$'\n'
			read -r _ has <<<"$line"
			[ -z "$arg" ] && [ -n "$has" ] && bad+="$page: $o takes $has"$'\n'
			[ -n "$arg" ] && [ -z "$has" ] && bad+="$page: $o takes no $arg"$'\n'
		done < <(page_options "$page" | grep .)
		agree "$c: manual" "$bad"
	done
	all=$(for c in '' $commands; do help_options "$c"; done | awk '{ print $1 }')
	agree "pages name no option that is none" "$(for o in $(grep -ohE -e '\*\*--[a-z0-9-]+' Documentation/mmuscope*.rst |
		tr -d '*' | sort -u); do
		grep -qx -e "$o" <<<"$all" || echo "help lacks $o"
	done)"

	#
	# Both completions, asked as a user would
	#

	mkdir "$tmp/zsh"
	cp tools/completion/mmuscope.zsh "$tmp/zsh/_mmuscope"
	# lines to ask, what each is about, and what must be offered; "any" is anything
	: >"$tmp/ask"
	# ask ABOUT WANTED LINE...
	ask() { printf '%s\t%s\t%s\n' "$1" "${2//$'\n'/ }" "${*:3}" >>"$tmp/ask"; }
	names=$(awk '{ print $1 }' <<<"$globals")
	ask commands "$(echo $commands)" ""
	ask "options of the program" "$(echo $names)" "-"
	while read -r o arg; do
		[ -z "$arg" ] || ask "$o $arg is one option" "$(echo $commands)" "$o x "
	done <<<"$globals"
	for c in $commands; do
		own=$(help_options "$c")
		ask "$c: options" "$(echo $names $(awk '{ print $1 }' <<<"$own"))" "$c --"
		while read -r o arg; do
			case $arg in
			'') continue ;;
			*[A-JL-Z]*) ;;
			*) ask "$c: values of $o" "${arg//|/ }" "$c $o " ;;
			esac
			ask "$c: $o $arg is one option" "= $c " "$c $o x "
		done <<<"$own"
	done
	ask "AT operations" "$(sed -n '/\*OP\* is s1e1r/,/known/p' Documentation/mmuscope-at.rst | grep -oE '\bs1?[0-9]+e[0-9][rwxp]+')" "at "
	ask "formats" "$("$M" --format '?' list 2>&1 | sed -n 's/.* none of //p' | tr -d ,)" "--format "
	ask "choices" "$("$M" --other "?" walk 2>&1 | sed -n 's/.* there are //p' | tr -d ,)" "--other "
	ask "checks" "$("$M" audit --list-checks | awk '{ printf "%s ", $1 }')" "audit --check "
	cut -f3 "$tmp/ask" | sed 's/^/mmuscope /' >"$tmp/lines"
	# those that must be offered what another line is
	sed -nE 's/^[^\t]*\t= ([^\t]*)\t.*/mmuscope \1/p' "$tmp/ask" | sort -u >>"$tmp/lines"
	bash_all() {
		local line
		while IFS= read -r line; do
			line=${line#mmuscope }
			read -ra typed <<<"$line"
			[[ $line == '' || $line == *' ' ]] && typed+=("")
			bash_offers "${typed[@]}"
		done
	}
	bash_all <"$tmp/lines" >"$tmp/bash.out"
	PATH=$tmp/bin:$PATH tests/cli/zsh-complete "$tmp/zsh" <"$tmp/lines" >"$tmp/zsh.out" 2>"$tmp/zsh.err"
	for shell in bash zsh; do
		n=0
		agree "$shell: every line has an answer" "$(cat "$tmp/$shell.err" 2>/dev/null
			[ "$(wc -l <"$tmp/lines")" = "$(wc -l <"$tmp/$shell.out")" ] || echo "answers are missing")"
		while IFS=$'\t' read -r about want line; do
			n=$((n + 1))
			got=$(sed -n "${n}p" "$tmp/$shell.out")
			case $want in
			'= '*) want=$(sed -n "$(grep -nxF "mmuscope ${want#= }" "$tmp/lines" | tail -n 1 | cut -d: -f1)p" "$tmp/$shell.out") ;;
			esac
			agree "$shell: $about" "$(differ "completion of \"$line\"" "$want" "$got")"
		done <"$tmp/ask"
	done
	# The one list that a program cannot be asked for
	agree "every AT operation of the manual is known" "$(sed -n 's/^AT operations\t\([^\t]*\)\t.*/\1/p' "$tmp/ask" |
		tr ' ' '\n' | while read -r o; do
			"$M" "${F[@]}" at "$o" 0x400000 2>&1 | grep 'no AT operation'
		done)"

	#
	# The ABI: header, its description, the program
	#

	uapi=include/uapi/mmuscope.h
	abi=Documentation/abi.rst
	number() { sed -nE "s/^#define MMUSCOPE_$1[[:space:]]+\"?([^\"[:space:]]+).*/\1/p" $uapi; }
	agree "ABI: the version" "$(differ "--version" "$(number ABI_VERSION)" "$("$M" --version | sed 's/.*ABI //')")"
	agree "ABI: files" "$(differ $abi "$(sed -nE 's/^ \*\t([a-z][^\t]*)\t+(text|records|struct [a-z_]+|guest memory).*/\1/p' $uapi)" \
		"$(sed -nE 's/^``([a-zA-Z0-9/-]+)`` +(text|records|struct|bytes) .*/\1/p' $abi)")"
	agree "ABI: errors" "$(differ $abi "$(sed -nE 's/^ \*\t(E[A-Z]+)\t.*/\1/p' $uapi)" \
		"$(sed -nE 's/^``(E[A-Z]+)``.*/\1/p' $abi)")"
	agree "ABI: AT operations" "$(ops=$(sed -n 's/^ \* "at\/OP": OP is \(.*\)\. .*/\1/p' $uapi)
		[ -n "$ops" ] || echo "the header lists none"
		for o in $ops; do
			grep -qw "$o" Documentation/mmuscope-at.rst || echo "mmuscope-at.rst lacks $o"
		done)"
	agree "ABI: records" "$(differ $abi "$(sed -nE 's/^#define MMUSCOPE_REC_([A-Z]+).*/\1/p' $uapi)" \
		"$(awk '/^=+$/ { on = before == "Stage 2" } { before = $0 } on && /^[A-Z]+$/' $abi)")"
	agree "ABI: constants" "$({
		grep -q "debug/$(number DIR)\`\`" $abi || echo "$abi: another folder"
		grep -qF "\`\`$(number OFFSETS_SECTION)\`\`" $abi || echo "$abi: another section of offsets"
		grep -q "on no CPU for $(number AT_TRIES_MS) ms" $abi || echo "$abi: another time to try AT for"
		grep -q 'struct mmuscope_record``' $abi || echo "$abi lacks struct mmuscope_record"
		grep -q '``CHANGED``' $abi || echo "$abi lacks CHANGED"
	} 2>&1)"
fi
