# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# A snapshot of a real guest answers what the host answers while the guest stands still; and how long it takes to write
# one, against copying the raw stream.
. /test/lib.sh
. /test/answers.sh

M=/usr/bin/mmuscope
T=/tmp/t
mkdir -p $T /out
check "load" $M load /test/mmuscope.ko
[ -d /sys/kernel/debug/mmuscope ] || finish

# sample N: at most N of the lines, evenly spread
sample() {
	awk -v n="$1" '{ l[NR] = $0 }
		END { s = NR > n ? NR / n : 1; for (i = 1; i <= NR && c < n; i += s) { print l[int(i)]; c++ } }'
}

# monitor COMMAND: to QEMU, which answers when it is done
monitor() {
	echo "$1" >/run/guest/alpha/monitor.in
	sleep 1
}

mkdir -p /run/guest/alpha
mkfifo /run/guest/alpha/monitor.in /run/guest/alpha/monitor.out
start_guest alpha 2 256 -chardev pipe,id=monitor,path=/run/guest/alpha/monitor -mon chardev=monitor
check "the guest boots" wait_guest alpha 180
guest_cmd alpha "spin 0" >/dev/null
guest_cmd alpha "spin 1" >/dev/null

# While it runs: that tables changed is told, and the rest is there
$M snapshot -o $T/running.mms alpha >$T/out 2>$T/err
is "a snapshot of the running guest" $? 0
cat $T/out
check "is one: its tables are there" $M --snapshot $T/running.mms dump

monitor stop
before=$(sed -n 's/^invalidate_seq //p' /sys/kernel/debug/mmuscope/vm/*/info)
# addresses VCPU N: of what is mapped by both stages, and of what is not by stage 2
addresses() {
	$M dump "alpha:$1" --stage both | sed -n 's/^\(0x[0-9a-f]*\)-.*/\1/p' | sample "$2"
}

{ addresses 0 105; addresses 1 40; } | sort -u >$T/mapped
{ cat $T/mapped; printf '0x%s\n' 1000 ffff000000000000 ffffffffffffffff dead00000000 0123456789abcdef; } >/out/addresses
n=$(wc -l </out/addresses)
check "at least 100 addresses ($n)" test "$n" -ge 100
answers /out/live /out/addresses $M
check "snapshot" $M snapshot -o /out/alpha.mms alpha
answers $T/snapshot /out/addresses $M --snapshot /out/alpha.mms
is "the tables did not change meanwhile" "$(sed -n 's/^invalidate_seq //p' /sys/kernel/debug/mmuscope/vm/*/info)" "$before"
check "and the snapshot says so" sh -c "! $M --snapshot /out/alpha.mms status | grep CHANGED"
is "all $(ls /out/live | wc -l) answers of the snapshot are those of the host" "$(diff -r /out/live $T/snapshot | head -n 20)" ""
mapped=$(grep -l 'status 0' /out/live/walk-* | wc -l)
faults=$(grep -l 'status 1' /out/live/walk-* | wc -l)
check "of the walks some are mapped ($mapped) and some fault ($faults)" test "$mapped" -ge 50 -a "$faults" -ge 5
check "the dumps are not empty" sh -c 'test "$(wc -l </out/live/dump-1-0)" -gt 20 -a "$(wc -l </out/live/dump-2-0)" -gt 3'

# Its memory
check "snapshot --memory" $M snapshot -o $T/memory.mms --memory alpha
read_all() {
	sample 40 <$T/mapped | while read -r va; do
		"$@" read alpha "$va" 4096
	done 2>&1
}
read_all $M >$T/read-live
read_all $M --snapshot $T/memory.mms >$T/read-snapshot
check "some of it is read" grep -q '^0' $T/read-live
is "what is read is the same" "$(diff $T/read-live $T/read-snapshot | head -n 20)" ""
rm $T/memory.mms
stop_guest alpha

# How fast: tables that are many
echo 16 >/proc/sys/vm/nr_hugepages
start_tiny many --vcpu off --tables 16384
tiny_cmd many pause >/dev/null
$M list
stream=$(echo /sys/kernel/debug/mmuscope/vm/"$(tiny_pid many)"-*/stage2)

# seconds COMMAND...: that it takes
seconds() {
	local from
	from=$(cut -d' ' -f1 /proc/uptime)
	"$@" >/dev/null 2>&1
	echo "$(cut -d' ' -f1 /proc/uptime) $from" | awk '{ print $1 - $2 }'
}

copy() {
	cat "$stream" >$T/raw
}

median() {
	sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

copy
for _ in 1 2 3 4 5 6 7; do
	seconds copy >>$T/copy
	seconds $M snapshot -o $T/many.mms many >>$T/shot
done
mib=$(($(stat -c %s $T/raw) >> 20))
check "a snapshot of many tables ($mib MiB)" test "$mib" -ge 60
echo "# cat $(median $T/copy) s, snapshot $(median $T/shot) s:" \
	"$(awk -v c="$(median $T/copy)" -v s="$(median $T/shot)" 'BEGIN { printf "%.0f %% of the rate of cat", 100 * c / s }')"
$M --snapshot $T/many.mms status | grep '^VM'
is "its dump is that of the host" "$($M dump many --stage 2 | md5sum)" "$($M --snapshot $T/many.mms dump --stage 2 | md5sum)"

# A disk that is too small
mkdir -p $T/small
mount -t tmpfs -o size=20m none $T/small
$M snapshot -o $T/small/many.mms many >/dev/null 2>$T/err
is "a full disk: exit status 3" $? 3
check "that is told" grep -q 'No space left on device' $T/err
is "and nothing is left behind" "$(ls -A $T/small)" ""
umount $T/small

# Interrupted on the way
mkdir -p $T/dir
$M snapshot -o $T/dir/many.mms many >/dev/null 2>$T/err &
pid=$!
usleep 150000
kill -TERM $pid
wait $pid
status=$?
if [ "$status" = 0 ]; then
	echo "# it was faster than the signal"
else
	is "interrupted: exit status 3" "$status" 3
	check "that is told" grep -q 'interrupted' $T/err
	is "and nothing is left behind" "$(ls -A $T/dir)" ""
fi
stop_tiny many
finish
