# SPDX-License-Identifier: GPL-2.0-only
# watch; sourced by tests/cli/run

t "watch dump, looks" 3 '^watch +20' 'whether they changed is not known' "${L[@]}" watch dump web --count 2
t "watch stat, first look" 0 '^mapped +2120K' - "${L[@]}" watch stat web --count 1
t "watch what" 2 "*" 'dump or stat' "${L[@]}" watch
t "watch something else" 2 "*" 'not "list"' "${L[@]}" watch list
t "watch files" 2 "*" 'for a live host' "${F[@]}" watch dump
t "watch, interval 0" 2 "*" 'a second or more' "${L[@]}" watch dump --interval 0
t "watch, count 0" 2 "*" '1 or more' "${L[@]}" watch dump --count 0
t "watch an unknown VM" 3 "*" 'no VM "nosuch"' "${L[@]}" watch dump nosuch
if wanted "watch in JSON"; then
	bad=
	run --json "${L[@]}" watch stat
	[ $status = 2 ] || bad+="status is not 2"$'\n'
	bad+=$(stream "$tmp/out" -; stream "$tmp/err" 'no JSON document')
	result "watch in JSON" "$bad"
fi

# a page appears between two looks, another changes its rights, then the VM ends; an interrupt ends it quietly
if wanted "watch sees a change"; then
	bad=
	tree watched
	"$M" --sysroot "$tmp/watched" watch dump web --count 20 >"$tmp/out" 2>"$tmp/err" &
	pid=$!
	for i in {1..100}; do
		grep -q '^watch' "$tmp/out" && break
		sleep 0.1
	done
	sleep 0.3
	python3 - "$D/vm/1234-10/stage2" <<-'END'
	import struct, sys
	data = bytearray(open(sys.argv[1], "rb").read())
	at = 0
	while at < len(data):
	    kind, n, level = struct.unpack_from("<IIi", data, at)
	    if level == 3:
	        for i in range(n):
	            word, = struct.unpack_from("<Q", data, at + 40 + 8 * i)
	            if word & 3 == 3:
	                struct.pack_into("<Q", data, at + 40 + 8 * i, word & ~(1 << 7))
	                break
	        break
	    at += 40 + 8 * n
	open(sys.argv[1], "wb").write(data)
	END
	for i in 1 2 3 4 5 6 7 8 9 10; do
		grep -q '^! ' "$tmp/out" && break
		sleep 0.5
	done
	kill -INT $pid
	wait $pid
	status=$?
	bad+=$(stream "$tmp/out" '^! .*rights')
	[ $status = 3 ] || bad+="status $status is not 3: the forged host has a table that is unreadable"$'\n'
	result "watch sees a change" "$bad"
fi
