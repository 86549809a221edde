# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# On the kernel "debug" of tests/vm/build-debug-kernel: all that may go wrong around the module goes wrong, for
# DEBUG_SECONDS in all, and what watches locks, memory and lists must have nothing to say. The rig looks for that too.
. /test/lib.sh

M=mmuscope
KO=/test/mmuscope.ko
D=/sys/kernel/debug
T=/tmp/t
total=${DEBUG_SECONDS:-600}
mkdir -p $T

now() {
	cut -d. -f1 /proc/uptime
}

# What the kernel has said that it should not
reports() {
	dmesg | grep -E 'BUG:|WARNING:|INFO: (task|rcu)|possible recursive|circular locking|suspicious RCU|KASAN|UBSAN|ODEBUG|list_(add|del) corruption|refcount_t|Unable to handle' |
		head -n 5
}

loaded() {
	[ -e $D/mmuscope/vms ]
}

# Others may have a file open just now
unload() {
	wait_for 60 rmmod mmuscope
}

# until STOPPED COMMAND...: again and again
loop() {
	while [ ! -e $T/stop ]; do
		"$@"
	done
}

start_background() {
	rm -f $T/stop
	background=
	for job; do
		loop $job &
		background="$background $!"
	done
}

# Not just "wait": a guest is a child of this shell, too
stop_background() {
	touch $T/stop
	wait $background
}

churn() {
	tinyvmm --churn 4 --hold 500 >>$T/churn 2>&1 || echo "churn ended with $?" >>$T/broken
}

program() {
	$M list >$T/list 2>/dev/null
	for vm in $(awk 'NR > 1 { print $1 }' $T/list); do
		$M dump "$vm" --stage 2 >/dev/null 2>&1
		echo "dump $?" >>$T/status
		$M walk "$vm" 0x40000000 >/dev/null 2>&1
		echo "walk $?" >>$T/status
		$M at s12e1r "$vm" 0x40000000 --hardware >/dev/null 2>&1
		echo "at $?" >>$T/status
	done
	sleep 0.2
}

files() {
	cat $D/mmuscope/vms >/dev/null 2>&1
	for f in $D/mmuscope/vm/*/* $D/mmuscope/vm/*/vcpu*/regs $D/mmuscope/host/cpu*/regs; do
		[ ! -f "$f" ] || dd if="$f" of=/dev/null bs=64k count=8 2>/dev/null
	done
}

hotplug() {
	for cpu in 1 2; do
		[ -w /sys/devices/system/cpu/cpu$cpu/online ] || continue
		echo 0 >/sys/devices/system/cpu/cpu$cpu/online 2>/dev/null && echo >>$T/hotplugs
		sleep 0.3
		echo 1 >/sys/devices/system/cpu/cpu$cpu/online 2>/dev/null
		sleep 0.3
	done
}

fuzz() {
	abuse --seconds 10 "$@" >$T/fuzz.new 2>&1 || cat $T/fuzz.new >>$T/broken
	cat $T/fuzz.new >>$T/fuzz
}

# With a moment in between when nothing is open
burst() {
	abuse --seconds 2 >$T/fuzz.new 2>&1 || cat $T/fuzz.new >>$T/broken
	sleep 1
}

calls() {
	awk '/^abuse: [0-9]* calls/ { n += $2 } END { print n + 0 }' $T/fuzz
}

# Failures on demand: of every allocation, or of those that were made for the module alone
failing() {
	for f in failslab fail_page_alloc; do
		echo N >$D/$f/ignore-gfp-wait
		echo "$1" >$D/$f/probability
		echo -1 >$D/$f/times
		echo 0 >$D/$f/verbose
		echo Y >$D/$f/task-filter
	done
	echo 0 >$D/fail_page_alloc/min-order
	echo N >$D/fail_page_alloc/ignore-gfp-highmem
}

# The module's code, and data behind it. The shell counts as far as 63 bits, so the lower 32 of the address alone.
only_module() {
	text=$(cat /sys/module/mmuscope/sections/.text)
	size=$(awk '$1 == "mmuscope" { print $2 }' /proc/modules)
	end=$(printf '%s%08x' "${text%????????}" $((0x${text#??????????} + size)))
	for f in failslab fail_page_alloc; do
		echo 32 >$D/$f/stacktrace-depth
		echo "$text" >$D/$f/require-start
		echo "$end" >$D/$f/require-end
	done
}

everything() {
	for f in failslab fail_page_alloc; do
		echo 0 >$D/$f/require-start
		echo 18446744073709551615 >$D/$f/require-end
	done
}

# Twice: an object counts once it is five seconds old, and pointers move
leaks() {
	echo scan >$D/kmemleak
	sleep 6
	echo scan >$D/kmemleak
	# A function of the module, or of one that has gone
	grep -E '\[mmuscope\]|\] 0x[0-9a-f]+$' $D/kmemleak
}

begin=$(now)
for f in failslab/require-start fail_page_alloc/require-start kmemleak kvm; do
	check "this kernel has $f" test -e $D/$f
done
check "lockdep is on" grep -q 'lock-classes' /proc/lockdep_stats
[ $failed = 0 ] || finish
echo 16 >/proc/sys/vm/nr_hugepages
# Copies to users are not made to fail: fail-nth would count them
[ ! -d $D/fail_usercopy ] || echo 1 >$D/fail_usercopy/require-end
failing 0

#
# Each allocation on the way of loading, opening and reading fails once
#
check "load, whichever allocation fails" sh -c "abuse --fail-load --module $KO >$T/fail-load 2>&1"
tail -n 3 $T/fail-load | diag
is "where files are missing then, the module says so" "$(dmesg | grep -c 'mmuscope: .*files are missing')" \
	"$(sed -n 's/^fail: load, \([0-9]*\) times .*/\1/p' $T/fail-load)"
insmod $KO 2>/dev/null
check "the module loads" loaded
loaded || finish
check "guest stirred starts" start_tiny stirred --vcpu touch --vcpu spin --flux --mergeable --stir --share $T/shared
check "every file, whichever allocation fails, with the module anew for each of \"vms\"" \
	sh -c "abuse --fail --module $KO >$T/fail 2>&1"
diag <$T/fail
n=$(awk '/^fail: .* failures:/ { for (i = 2; i <= NF; i++) if ($i == "failures:") n += $(i - 1) } END { print n + 0 }' $T/fail)
check "$n allocations failed" test "$n" -gt 100
loaded || insmod $KO
cat $D/mmuscope/vms >/dev/null
only_module
check "the same with failures in the module alone" sh -c "abuse --fail >$T/fail 2>&1"
for f in stage2 mem path slots info regs processes; do
	check "\"$f\" has allocations that may fail" sh -c "grep '/$f  *[1-9][0-9]* failures' $T/fail"
done
check "some say so" grep -q '[1-9][0-9]* ENOMEM' $T/fail
diag <$T/fail
is "no report yet ($(($(now) - begin)) s)" "$(reports)" ""

#
# Everything at once
#
: >$T/fuzz
until=$(($(now) + total / 2))
start_background churn program files hotplug fuzz
while [ "$(now)" -lt $until ]; do sleep 1; done
stop_background
is "VMs come and go, are stirred, read, asked; CPUs come and go: nobody ends as nobody should" "$(cat $T/broken 2>/dev/null)" ""
echo "# $(sort $T/status | uniq -c | tr '\n' ';')"
check "VMs were churned ($(grep -c churned $T/churn) times 4)" grep -q churned $T/churn
check "some dumps were whole" grep -q 'dump 0' $T/status
is "every reading ended with 0, 1 or 3" "$(grep -vcE ' [013]$' $T/status)" 0
check "CPUs were switched off ($(wc -l <$T/hotplugs) times)" test -s $T/hotplugs
check "calls were made ($(calls), in $(grep -c '^abuse: [0-9]* calls' $T/fuzz) runs)" test "$(calls)" -gt 100
echo "# the lock was held $(awk '/holds/ { print $2 }' $D/mmuscope/locks) times, at most $(awk '/max_ns/ { print $2 }' $D/mmuscope/locks) ns"
check "the guest lives" kill -0 "$(tiny_pid stirred)"
is "no report ($(($(now) - begin)) s)" "$(reports)" ""

#
# Allocations of the module fail at random
#
: >$T/fuzz
failing 15
only_module
until=$(($(now) + total / 4))
while [ "$(now)" -lt $until ]; do
	fuzz --failing
	cat $D/mmuscope/vms >/dev/null
done
failing 0
everything
is "the same with allocations of the module that fail at random" "$(cat $T/broken 2>/dev/null)" ""
check "calls were made ($(calls), in $(grep -c '^abuse: [0-9]* calls' $T/fuzz) runs)" test "$(calls)" -gt 100
check "the files can be read after" sh -c "cat $D/mmuscope/vms && cat $D/mmuscope/vm/$(tiny_pid stirred)-*/info"
is "no leak of the module's" "$(leaks)" ""
is "no report ($(($(now) - begin)) s)" "$(reports)" ""

#
# The module comes and goes
#
until=$(($(now) + total / 4))
start_background files churn burst
reloads=0
ok_reload=1
while [ "$(now)" -lt $until ]; do
	unload || { ok_reload=0; break; }
	insmod $KO || { ok_reload=0; break; }
	reloads=$((reloads + 1))
	sleep 0.5
done
stop_background
is "the module is unloaded and loaded again ($reloads times)" $ok_reload 1
check "more than once" test $reloads -gt 1
is "while it is used" "$(cat $T/broken 2>/dev/null)" ""
cat $D/mmuscope/vms >/dev/null
is "no leak of the module's" "$(leaks)" ""
stop_tiny stirred
check "unload" unload
check "nothing of it is left in debugfs" test ! -e $D/mmuscope
is "no report ($(($(now) - begin)) s in all)" "$(reports)" ""
finish
