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
	same "$name regs of the host" regs host
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

host=$T
t "snapshot of the forged host" 3 '^VM  *1234-10: stage 2 4 tables, 1 unreadable; stage 1 8 pages of 1 vCPU; 1 never ran$' \
	'not everything' "${L[@]}" snapshot -o "$Z"
answers forged web 0xffff800008000123 0x400010 0xffff800008212000 0xffff800008210000 0xffff800008600000 \
	0xffff800008400000 0xffff800008400ff8 0x0001000000000000 ipa:0x40211000 ipa:0x40400000 ipa:0x405ff000 ipa:0x50000000
