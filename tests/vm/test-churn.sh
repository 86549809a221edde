# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# VMs that come and go while they are listed, walked and dumped for a minute: no kernel warning (the rig looks for
# those), no leak, and the module can be unloaded after.
. /test/lib.sh

M=mmuscope
T=/tmp/t
SECONDS_TO_RUN=${CHURN_SECONDS:-60}
mkdir -p $T

# Objects of KVM and of files; slabs are merged, so a growth by a few is no leak
slab() {
	awk -v n="$1" '$1 == n { print $2 }' /proc/slabinfo
}

# Whatever VMs there are now: each file of the module, in every way that a reader has
readers() {
	while [ ! -e $T/stop ]; do
		$M list >$T/list 2>>$T/errors
		for vm in $(awk 'NR > 1 { print $1 }' $T/list); do
			$M dump "$vm" --stage 2 >/dev/null 2>>$T/errors
			echo "dump $?" >>$T/status
			$M walk "$vm" 0x40000000 >/dev/null 2>>$T/errors
			echo "walk $?" >>$T/status
			$M regs "$vm" --raw >/dev/null 2>>$T/errors
			echo "regs $?" >>$T/status
		done
	done
}

# The files themselves, without the program between
raw_readers() {
	while [ ! -e $T/stop ]; do
		for f in /sys/kernel/debug/mmuscope/vm/*/*; do
			[ ! -f "$f" ] || dd if="$f" of=/dev/null bs=64k count=4 2>/dev/null
		done
		for f in /sys/kernel/debug/mmuscope/vm/*/vcpu*/regs; do
			[ ! -f "$f" ] || cat "$f" >/dev/null 2>&1
		done
		cat /sys/kernel/debug/mmuscope/vms >/dev/null
	done
}

check "load" $M load /test/mmuscope.ko
[ -d /sys/kernel/debug/mmuscope ] || finish
echo 8 >/proc/sys/vm/nr_hugepages
tinyvmm --churn 3 >/dev/null
cat /sys/kernel/debug/mmuscope/vms >/dev/null
before_vcpu=$(slab kvm_vcpu)
before_mm=$(slab mm_struct)

readers &
raw_readers &
begin=$(cut -d. -f1 /proc/uptime)
vms=0
ok_churn=1
while :; do
	tinyvmm --churn 10 --hold 200 >$T/churn 2>&1 || { ok_churn=0; diag <$T/churn; break; }
	vms=$((vms + 10))
	now=$(cut -d. -f1 /proc/uptime)
	[ $((now - begin)) -lt "$SECONDS_TO_RUN" ] || [ $vms -lt 50 ] || break
done
is "VMs start and die while they are read ($vms in $((now - begin)) s)" $ok_churn 1
check "at least 50 of them" test $vms -ge 50
touch $T/stop
wait
echo "# $(sort $T/status | uniq -c | tr '\n' ';')"
check "some were read whole" grep -q 'dump 0' $T/status
# A VM may end at any moment: then it is unreadable (3), never a crash, a usage error or a fault that is none
is "every reading ended with 0, 1 or 3" "$(grep -vcE ' [013]$' $T/status)" 0
sort $T/errors | sed 's/[0-9][0-9]*/N/g' | sort | uniq -c | diag

#
# The files used as nobody should, while a guest's memory is turned over under it
#
if start_tiny stirred --vcpu touch --vcpu spin --flux --mergeable --stir --share $T/shared; then
	abuse --seconds "${ABUSE_SECONDS:-10}" ${ABUSE_SEED:+--seed "$ABUSE_SEED"} >$T/abuse 2>&1
	is "abuse: no file does what it must not ($(sed -n 's/^abuse: //p' $T/abuse | cut -d';' -f1 | head -n 2 | paste -sd,))" $? 0
	grep -v '^abuse' $T/abuse | head -n 20 | diag
	$M dump "$(tiny_pid stirred)" --stage 2 >/dev/null 2>&1
	check "the guest lives" kill -0 "$(tiny_pid stirred)"
	diag </run/tiny/stirred/log
	stop_tiny stirred
else
	not_ok "guest stirred starts"
fi

#
# How long KVM's lock was held for all this
#
locks() {
	awk -v name="mmu_lock_$1" '$1 == name { print $2 }' /sys/kernel/debug/mmuscope/locks
}
words=$(locks max_words)
bound=$(locks words_bound)
check "no more words are read in one hold of the lock than is stated ($words of $bound)" test "$words" -le "$bound"
page=$(awk '$1 == "page_size" { print $2 }' /sys/kernel/debug/mmuscope/info)
check "a whole table is" test "$words" -gt $((page / 8))
is "the bound is a table and a word for each level" "$bound" $((page / 8 + 5))
echo "# the lock was held $(locks holds) times, at most $(locks max_ns) ns"

cat /sys/kernel/debug/mmuscope/vms >/dev/null
is "no directory is left" "$(ls /sys/kernel/debug/mmuscope/vm | wc -l)" 0
[ ! -w /sys/kernel/debug/kmemleak ] || echo scan >/sys/kernel/debug/kmemleak
sleep 1
after_vcpu=$(slab kvm_vcpu)
after_mm=$(slab mm_struct)
if [ -n "$before_vcpu" ]; then
	check "no vCPU is left in its slab ($before_vcpu before, $after_vcpu after)" test "$after_vcpu" -le $((before_vcpu + 4))
fi
check "no mm is left ($before_mm before, $after_mm after)" test "$after_mm" -le $((before_mm + 40))
is "KVM counts no VM any more" "$(ls -d /sys/kernel/debug/kvm/*-* 2>/dev/null | wc -l)" 0
check "unload" $M unload
check "nothing of it is left in debugfs" test ! -e /sys/kernel/debug/mmuscope
finish
