# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# On a kernel with upstream's stage2_page_tables: our dump of the same guest, reduced to what that prints, and what
# reading either costs the guest.
. /test/lib.sh
. /test/layout.sh

M=mmuscope
D=/sys/kernel/debug
T=/tmp/t
seconds=${FAULT_SECONDS:-15}
mkdir -p $T

insmod /test/mmuscope.ko
check "load" test -e $D/mmuscope/vms
[ $failed = 0 ] || finish
echo 16 >/proc/sys/vm/nr_hugepages

vm_dir() {
	cat $D/mmuscope/vms >/dev/null
	echo $D/mmuscope/vm/"$(tiny_pid "$1")"-*
}

info() {
	awk -v name="$1" '$1 == name { print $2 }' "$dir/info"
}

# Upstream's text is whole only if it fits into one page: made again for more room, it goes on from where it was
same() {
	tiny_cmd "$1" pause >/dev/null
	dir=$(vm_dir "$1")
	cat $D/kvm/"${dir##*/}"/stage2_page_tables >$T/theirs
	$M dump "$(tiny_pid "$1")" --stage 2 --tree |
		awk -v bits="$(info ipa_bits)" -v start="$(info start_level)" -v shift="$(info granule_shift)" \
			-f /test/ptdump.awk >$T/ours
	check "$1: upstream's text fits its buffer ($(wc -c <$T/theirs) bytes)" \
		test "$(wc -c <$T/theirs)" -lt "$(host_page /run/tiny/"$1"/layout)"
	check "$1: our dump says the same, line for line ($(wc -l <$T/theirs) lines)" diff $T/theirs $T/ours
	tiny_cmd "$1" resume >/dev/null
}

for bits in 40 36; do
	start_tiny ipa$bits --dense --ipa-bits $bits || { not_ok "guest ipa$bits starts"; continue; }
	same ipa$bits
	check "with pages, blocks and what may not be written" \
		sh -c "grep -q ' R W ' $T/theirs && grep -q BLK $T/theirs && grep -q ' R   ' $T/theirs"
	stop_tiny ipa$bits
done
if start_tiny stirred --dense --stir --vcpu touch --mergeable; then
	sleep 3
	i=0
	while [ $i -lt 3 ]; do
		same stirred
		sleep 1
		i=$((i + 1))
	done
	stop_tiny stirred
else
	not_ok "guest stirred starts"
fi

#
# What a reader costs a guest that faults pages in all the time
#
nobody() {
	sleep 1
}

ours() {
	$M dump "$pid" --stage 2 >/dev/null 2>&1
}

our_file() {
	cat $D/mmuscope/vm/"$pid"-*/stage2 >/dev/null 2>&1
}

theirs() {
	cat $D/kvm/"$pid"-*/stage2_page_tables >/dev/null 2>&1
}

# latency READER: "READS MEAN P50 P99 MAX", in ns. The guest outlives its readers: upstream's file is no match for a VM
# that ends while it is read.
latency() {
	: >$T/faults
	tinyvmm --faults "$seconds" --tables 200 >$T/faults &
	pid=$!
	wait_for 20 sh -c "ls $D/kvm/$pid-*"
	cat $D/mmuscope/vms >/dev/null
	n=0
	while [ ! -s $T/faults ] && kill -0 $pid 2>/dev/null; do
		$1
		n=$((n + 1))
	done
	kill $pid
	wait $pid 2>/dev/null
	awk -v n=$n '{ print n, $4, $6, $8, $10 }' $T/faults
}

set -- $(latency nobody)
mean=$2 p50=$3 p99=$4
echo "# an access that faults, in ns: nobody reads: mean $mean, median $p50, 99% $p99, longest $5"
check "the guest faulted pages in" test "${mean:-0}" -gt 0
for reader in ours our_file theirs; do
	set -- $(latency $reader)
	check "$reader: read while the guest faults ($1 times)" test "${1:-0}" -gt 0
	echo "# $reader: mean $2, median $3, 99% $4, longest $5: $(awk -v a="$2" -v b="$mean" -v c="$3" -v d="$p50" \
		-v e="$4" -v f="$p99" 'BEGIN { printf "%.2f, %.2f and %.2f times that of nobody", a / b, c / d, e / f }')"
done
echo "# our longest hold of the lock: $(awk '/max_ns/ { print $2 }' $D/mmuscope/locks) ns"
check "unload" rmmod mmuscope
finish
