# SPDX-License-Identifier: GPL-2.0-only
# The command line itself; sourced by tests/cli/run

t "no command" 2 - 'no command given'
t "unknown command" 2 - 'unknown command "frob"' frob
t "unknown option" 2 - 'unknown option.*--frob' walk --frob
t "unknown short option" 2 - 'unknown option "-x"' -x
t "option without its argument" 2 - 'needs an argument' list --sysroot
t "--json with an argument" 2 - 'needless argument' list --json=1
t "--version" 0 '^mmuscope [0-9]+\.[0-9]+.*ABI [0-9]+$' - --version
t "--help" 0 '^usage: mmuscope' - --help
t "-h after a command" 0 '^usage: mmuscope \[OPTIONS\] dump' - dump -h

for c in $("$M" --help | awk '/^Commands:/ { on = 1; next } /^$/ { on = 0 } on { print $1 }'); do
	t "$c --help" 0 "^usage: mmuscope \[OPTIONS\] $c" - "$c" --help
done

t "VA that is no number" 2 - 'VA "12z" is not a 64-bit number' "${L[@]}" walk web 12z
t "VA without 0x" 2 - 'hexadecimal begins with 0x' "${L[@]}" walk web ffff800008000000
t "VA of 65 bits" 2 - 'is not a 64-bit number' "${L[@]}" walk web 0x10000000000000000
t "VA with a sign" 2 - 'unknown option' "${L[@]}" walk web -1
t "VA that is empty" 2 - 'VA "" is not' "${L[@]}" walk web ''
t "VA that is 0x alone" 2 - 'is not a 64-bit number' "${L[@]}" walk web 0x
t "IPA that is no number" 2 - 'IPA "x" is not' "${L[@]}" walk web ipa:x
t "VA that is missing" 2 - 'which address' "${L[@]}" walk web
t "VM that is missing" 2 - 'which VM' "${L[@]}" walk
t "one operand too many" 2 - 'too many' "${L[@]}" walk web 0x1 0x2
t "at: no operation" 2 - 'which operation' "${L[@]}" at
t "at: unknown operation" 2 - 'there is no AT operation "s1e9r"' "${L[@]}" at s1e9r web 0x1
t "at: VA that is no number" 2 - 'VA "x"' "${L[@]}" at s12e1r web 0x400000 x
t "at: --from of nothing" 3 - 'No such file' "${L[@]}" at s12e1r web --from "$tmp/nothing"
printf '0x400000\n# comment\n\n zzz\n' >"$tmp/addresses"
t "at: --from with a bad line" 2 '*' 'line 4: "zzz" is not' "${L[@]}" at s12e1r web --from "$tmp/addresses"
t "at: --hardware on files" 2 - '--hardware needs a live VM' "${F[@]}" at s12e1r --hardware 0x400000
t "read: LEN that is no number" 2 - 'LEN "many"' "${L[@]}" read web 0x400000 many
t "read: nothing" 2 - 'LEN is 1 to 1G' "${L[@]}" read web 0x400000 0
t "read: too much" 2 - 'LEN is 1 to 1G' "${L[@]}" read web 0x400000 2G
t "read: beyond the end" 2 - 'beyond the address space' "${L[@]}" read web 0xfffffffffffff000 8K

t "range reversed" 2 - 'reversed or empty' "${L[@]}" dump web --range 0x40200000-0x40000000
t "range empty" 2 - 'reversed or empty' "${L[@]}" dump web --range 0x40200000-0x40200000
t "range of size 0" 2 - 'empty' "${L[@]}" dump web --range 0x40200000+0
t "range beyond the end" 2 - 'beyond the address space' "${L[@]}" dump web --range 0xfffffffffffff000+8K
t "range unaligned" 2 - 'not a multiple of the granule of 4096: 0x40000000-0x40002000 is' \
	"${L[@]}" dump web --range 0x40000010-0x40001800
t "range that is none" 2 - 'neither A-B nor' "${L[@]}" dump web --range 0x40000000
t "range of no numbers" 2 - 'not a number' "${L[@]}" dump web --range a-b
t "range outside" 2 - 'lies outside of what stage 2 translates' "${L[@]}" dump web --range 0x10000000000-0x10000001000
t "--stage 3" 2 - '--stage is 1, 2 or both' "${L[@]}" dump web --stage 3
t "--ram without @" 2 - 'is not FILE@PA' --ram "$I/ram.bin" walk 0x1
t "--ram at no number" 2 - 'is not FILE@PA' --ram "$I/ram.bin@here" walk 0x1
t "--ram of nothing" 3 - 'No such file' --ram "$tmp/nothing@0" --regs "$I/regs.txt" walk 0x1
t "--ram that is empty" 3 - 'null@0x0: it is empty, or no regular file' --ram /dev/null@0 --regs "$I/regs.txt" walk 0x1
t "--ram that overlaps" 3 - '0x1001ff000: it overlaps' "${F[@]}" --ram "$I/pages.bin@0x1001ff000" walk 0x1
t "--ram beyond the end" 3 - 'beyond the end' --ram "$I/ram.bin@0xffffffffffffff00" --regs "$I/regs.txt" walk 0x1
t "--ram without --regs" 2 - 'give --regs' --ram "$I/ram.bin@0" walk 0x1
t "--regs of nothing" 3 - 'No such file' --regs "$tmp/nothing" walk 0x1
echo "TCR_EL1 zzz" >"$tmp/bad.regs"
t "register that is no number" 2 - 'bad.regs, line 1' --regs "$tmp/bad.regs" walk 0x1
t "a VM and files" 2 - 'too many|operand' "${F[@]}" walk web 0x1
t "--other of nothing" 2 - 'needs an argument' walk --other
t "--other without a name" 2 - '"" is no choice' "${F[@]}" walk --other "" 0x1
t "--other with a name too little" 2 - '"" is no choice' "${F[@]}" walk --other nt, 0x1
t "--other unknown" 2 - '"ntx" is no choice: there are txsz-below-min, .*, af-update, por-el0$' "${F[@]}" walk --other nt,ntx 0x1
t "--other reserved" 2 - '"reserved" is no choice' "${F[@]}" walk --other reserved 0x1
t "--other where nothing is translated" 2 - 'list translates no address' "${L[@]}" --other nt list
t "--other of vectors" 2 - 'takes the defaults' --other nt at --vectors -
choices=$("$M" --other "?" walk 2>&1 | sed -n 's/.* there are //p' | tr -d ,)
bad=
for c in ${choices:-none}; do
	grep -q "^\*\*$c\*\*$" Documentation/mmuscope.rst || bad+="mmuscope.rst lacks $c"$'\n'
done
status=0
wanted "choices" && result "choices are documented" "$bad"
t "list of files" 2 - 'live host or a snapshot, not on --ram' "${F[@]}" list

# Output that does not arrive
if wanted "output"; then
	for json in "" --json; do
		bad=
		"$M" $json "${F[@]}" walk 0x400000 >/dev/full 2>"$tmp/err"
		status=$?
		: >"$tmp/out"
		[ $status = 3 ] || bad+="status is not 3"$'\n'
		bad+=$(stream "$tmp/err" 'standard output: No space left on device')
		result "output to a full disk $json" "$bad"
		out=$(tests/cli/epipe "$M" $json "${F[@]}" dump --tree --range 0x40200000+64K 2>&1)
		status=0
		[ "$out" = "ignored 3 default SIGPIPE" ] && bad= || bad="$out"$'\n'
		result "output closed early $json" "$bad"
	done
	"$M" --help >/dev/full 2>"$tmp/err"
	status=$?
	bad=
	[ $status = 3 ] || bad="status is not 3"$'\n'
	result "output of help to a full disk" "$bad"
fi

# completed WANTED WORD...: what bash would offer after the last word (agree.sh compares whole lists)
completed() {
	local wanted=$1 got name="completion of ${*:2}"
	shift
	wanted "$name" || return 0
	got=$(bash_offers "$@")
	status=0
	bad=
	[[ " $got " == *" $wanted "* ]] || bad="got $got"$'\n'
	result "$name" "$bad"
}

completed "walk" wa
completed "s12e1r" at s12
completed "--stage" dump --st
completed "--json" dump --js
completed "jsonl" dump --format js
completed "dump" --format csv du
completed "txsz-below-min,nt" walk --other txsz-below-min,n
completed "af-update" at --other af
completed "both" dump web --stage bo
completed "host" walk ho
