# SPDX-License-Identifier: GPL-2.0-only
# A snapshot answers as what it was taken of; sourced by tests/cli/run

Z=$tmp/z.mms

# same NAME ARGUMENTS...: output, messages and status of a run on $host are those of the same run on the snapshot $Z
same() {
	local name=$1 bad= want
	wanted "snapshot: $name" || return 0
	shift
	run --sysroot "$host" "$@"
	want=$status
	mv "$tmp/out" "$tmp/out.want"
	mv "$tmp/err" "$tmp/err.want"
	run --snapshot "$Z" "$@"
	[ "$status" = "$want" ] || bad+="status is not $want"$'\n'
	bad+=$(diff "$tmp/out.want" "$tmp/out" | head -n 10; diff "$tmp/err.want" "$tmp/err" | head -n 10)
	result "snapshot: $name" "$bad"
}

# answers NAME VM VA...: of everything that both can be asked
answers() {
	local name=$1 vm=$2 va op stage
	shift 2
	same "$name list" list
	same "$name list in JSON" --json list
	same "$name regs" regs "$vm"
	same "$name raw regs" regs "$vm" --raw
	same "$name stat" stat "$vm"
	for va; do
		same "$name walk $va" walk "$vm" "$va"
		same "$name walk $va in JSON" --json walk "$vm" "$va"
		for op in s1e1r s12e0w s1e1x; do
			same "$name at $op $va" at $op "$vm" "$va"
		done
	done
	for stage in 1 2 both; do
		same "$name dump $stage" dump "$vm" --stage $stage
		same "$name dump $stage in JSON" --json dump "$vm" --stage $stage
	done
	same "$name tree 1" dump "$vm" --stage 1 --tree
	same "$name tree 2" dump "$vm" --stage 2 --tree --invalid
}

# check NAME COMMAND...: succeeds, and is silent
check() {
	local name=$1
	wanted "$name" || return 0
	shift
	status=0
	"$@" >"$tmp/out" 2>"$tmp/err" || status=$?
	result "$name" "$([ $status = 0 ] || echo "status $status"; [ ! -s "$tmp/err" ] || echo "a message")"
}

host=$T
t "snapshot of the forged host" 3 '^VM  *1234-10: stage 2 4 tables, 1 unreadable; stage 1 8 pages of 1 vCPU; 1 never ran$' \
	'not everything' "${L[@]}" snapshot -o "$Z"
answers forged web 0xffff800008000123 0x400010 0xffff800008212000 0xffff800008210000 0xffff800008600000 \
	0xffff800008400000 0xffff800008400ff8 0x0001000000000000 ipa:0x40211000 ipa:0x40400000 ipa:0x405ff000 ipa:0x50000000
same "regs of the host" regs host
same "a vCPU that never ran" walk web:1 0x1000
same "a vCPU that is not there" regs web:7
same "a register that is not there" regs web PIR_EL1

# Only the owner may read what is in it
check "snapshot: its mode is 600" sh -c "[ \"\$(stat -c %a '$Z')\" = 600 ]"
if wanted "snapshot: readelf reads it without a warning"; then
	readelf -aW "$Z" >"$tmp/out" 2>"$tmp/err"
	status=$?
	result "snapshot: readelf reads it without a warning" "$([ $status = 0 ] || echo "status $status"
		[ ! -s "$tmp/err" ] || echo "a message"; grep -q 'CORE (Core file)' "$tmp/out" || echo "no core")"
fi
if command -v gdb-multiarch >/dev/null; then
	wanted "snapshot: gdb" && gdb-multiarch -batch -nx -ex "core-file $Z" -ex 'x/gx 0x120002008' >"$tmp/out" 2>&1
	wanted "snapshot: gdb" && result "snapshot: gdb shows a word of a table by its PA" \
		"$(grep -q '0x120002008:.*0x0000000120003003' "$tmp/out" || echo "not the word")"
fi

# memory
same_memory() {
	same "read $1" read web "$1" "$2"
	same "read $1 in JSON" --json read web "$1" "$2"
}
t "snapshot: memory is not there unless asked for" 3 'not read: it is not in the snapshot' '--memory' \
	--snapshot "$Z" read web 0xffff800008100000 52
t "snapshot --memory" 3 'memory 2120K, 4K unreadable$|memory 2[0-9]*K' 'not everything' "${L[@]}" snapshot -o "$Z" --memory
same_memory 0xffff800008100000 52
same_memory 0x400010 64
same_memory ipa:0x40202ff0 0x1020
same_memory 0xffff80000820fff0 0x1020
answers "with memory" web 0x400010

# real guests; sourced after captured.sh, which unpacked them
for file in tests/cli/data/*.tar.gz; do
	name=${file##*/}
	host=$tmp/${name%.tar.gz}
	mapfile -t vas <"${file%.tar.gz}.vas"
	run --sysroot "$host" snapshot -o "$Z"
	answers "${name%.tar.gz}" web "${vas[@]}" 0x1000 0xffff000000000000 ipa:0x40000000
done

# the command line
host=$T
run "${L[@]}" snapshot -o "$Z"
t "snapshot: no file" 2 - 'which file' "${L[@]}" snapshot
t "snapshot: to standard output" 2 - 'cannot go to standard output' "${L[@]}" snapshot -o -
t "snapshot: of a snapshot" 2 - 'a snapshot already' --snapshot "$Z" snapshot -o "$tmp/y.mms"
t "snapshot: of files" 2 - 'not on --ram' "${F[@]}" snapshot -o "$tmp/y.mms"
t "snapshot: of an unknown VM" 3 - 'no VM "nobody"' "${L[@]}" snapshot -o "$tmp/y.mms" nobody
t "snapshot: into a folder that is not there" 3 - 'No such file' "${L[@]}" snapshot -o "$tmp/none/y.mms"
t "snapshot: over a device" 3 - 'not written' "${L[@]}" snapshot -o /dev/null
check "snapshot: a device stays one" test -c /dev/null
t "-o of another command" 2 - 'unknown option "-o"' dump -o file
t "snapshot: the VM need not be named, walk" 0 '^PA  *0x0000000110002010' - --snapshot "$Z" walk 0x400010
t "snapshot: nor its dump" 3 'UNREADABLE' '1 tables' --snapshot "$Z" dump
t "snapshot: nor at" 0 'PAR_EL1' - --snapshot "$Z" at s12e1r 0x400010
t "snapshot: nor a register" 0 'TTBR0_EL1' - --snapshot "$Z" regs TTBR0_EL1
t "snapshot: a name is taken where there is one" 0 '^PA' - --snapshot "$Z" walk 1234-10:0 0x400010
tree own
sed -i 's/^TCR_EL2.*/TCR_EL2 0x35b5103510/; s/^TTBR1_EL2.*/TTBR1_EL2 0x41000000/' "$D/host/cpu0/regs"
run --sysroot "$tmp/own" snapshot -o "$tmp/y.mms"
t "snapshot: the host's tables" 3 'not in the snapshot' 'not complete' --snapshot "$tmp/y.mms" walk host 0xffff800008000000
t "snapshot: a process" 3 - 'not in the snapshot' --snapshot "$Z" walk pid:77 0x400000
t "snapshot: --hardware" 2 - 'asks a CPU' --snapshot "$Z" at s12e1r --hardware 0x400010
t "snapshot: load" 2 - 'takes no module' --snapshot "$Z" load
t "snapshot: unload" 2 - 'no module to unload' --snapshot "$Z" unload
t "snapshot: status says when" 0 '^taken  *20[0-9-]*T[0-9:]*Z to' - --snapshot "$Z" status
j "snapshot: status in JSON" 0 status 'd["snapshot"]["vms"][0]["stage1_pages"] == 8' --snapshot "$Z" status
j "snapshot in JSON" 3 snapshot 'd["vms"][0]["tables"] == 4 and d["vms"][0]["unreadable"] == 1 and not d["vms"][0]["changed"]' \
	"${L[@]}" snapshot -o "$tmp/y.mms" web
t "two snapshots, walk" 2 - 'give one --snapshot' --snapshot "$Z" --snapshot "$Z" walk 0x400010
t "two snapshots, list" 3 '1234-10' 'not everything' --snapshot "$Z" --snapshot "$Z" list
t "two snapshots, find" 3 '1234-10' '*' --snapshot "$Z" --snapshot "$tmp/y.mms" find pa:0x110002000
t "a snapshot and files" 2 - 'two sources' --snapshot "$Z" "${F[@]}" walk 0x400010
t "a snapshot and a tree" 2 - 'both stand for' --snapshot "$Z" "${L[@]}" walk 0x400010

# changed, gone
tree shot
printf '\2' | dd of="$D/vm/1234-10/stage2" bs=1 seek=$((3 * 4136)) conv=notrunc status=none
host=$tmp/shot
t "snapshot of tables that changed" 0 'CHANGED meanwhile \(1 taken away\)' 'no single moment' --sysroot "$host" snapshot -o "$Z"
same "gone: list" list
same "gone: dump" dump web
same "gone: walk" walk web ipa:0x40400000
same "gone: walk of another word" walk web ipa:0x40401000

# what is not a snapshot
bad_file() {
	local name=$1 err=$2
	shift 2
	t "no snapshot: $name" 3 - "$err" --snapshot "$@" list
}
mkdir "$tmp/damaged"
: >"$tmp/damaged/empty"
bad_file "an empty file" 'is empty' "$tmp/damaged/empty"
bad_file "a folder" 'no regular file|Is a directory' "$tmp"
bad_file "no file" 'No such file' "$tmp/damaged/none"
bad_file "a device" 'no regular file|is empty' /dev/zero
bad_file "text" 'no ELF file' "$I/regs.txt"
bad_file "a program" 'no core of arm64' "$M"
bad_file "a module" 'no core of arm64' "$I/good.ko"
run "${L[@]}" snapshot -o "$Z"
sed 's/mmuscope\x00/mmusc0pe\x00/g' "$Z" >"$tmp/damaged/foreign"
bad_file "a foreign core" '--core reads cores' "$tmp/damaged/foreign"
sed 's/^format 1/format 2/; s/\(.\)format 1/\1format 2/' "$Z" >"$tmp/damaged/later"
bad_file "a later format" 'later format' "$tmp/damaged/later"
sed 's#/proc/1234/comm#/proc/../x/comm#' "$Z" >"$tmp/damaged/dots"
bad_file "a path with .." 'no file of a host' "$tmp/damaged/dots"
sed 's#/mmuscope/vms#/mmuscope/vmx#' "$Z" >"$tmp/damaged/less"
bad_file "without the list of VMs" "module's files are missing" "$tmp/damaged/less"

# cut short at every 4 KiB, with memory so that there are many
run "${L[@]}" snapshot -o "$Z" --memory
cut() {
	local size at bad=
	size=$(stat -c %s "$Z")
	[ $((size / 4096)) -gt 500 ] || bad+="there are too few places to cut"$'\n'
	for ((at = size / 4096 * 4096; at > 0; at -= 4096)); do
		truncate -s "$at" "$Z"
		run --snapshot "$Z" list
		[ "$status" = 3 ] && [ "$(wc -l <"$tmp/err")" = 1 ] || bad+="at $at: status $status"$'\n'
	done
	wanted "snapshot cut short" && result "snapshot cut short at each of $((size / 4096)) places" "$bad"
}
wanted "snapshot cut short" && cut

# nothing is left behind: a limit on the size of files stands for a full disk
mkdir "$tmp/shots"
limited() {
	(ulimit -f 8 && run "${L[@]}" snapshot -o "$tmp/shots/x" && exit "$status")
}
if wanted "snapshot: a full disk"; then
	status=0
	limited || status=$?
	result "snapshot: a full disk leaves nothing behind" "$([ $status = 3 ] || echo "status is not 3"
		grep -q 'File too large' "$tmp/err" || echo "no reason"; ls -A "$tmp/shots")"
fi
