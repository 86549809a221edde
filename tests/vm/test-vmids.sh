# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# More VMs than there are VMIDs, on a CPU that has 8 bits of them: KVM goes through a roll-over, and no two VMs are taken for
# each other.
. /test/lib.sh

M=/usr/bin/mmuscope
T=/tmp/t
mkdir -p $T

# audit OPTION...: into $T/out, the status in $status
audit() {
	$M audit "$@" >$T/out 2>$T/err
	status=$?
}

check "load" $M load /test/mmuscope.ko
check "the CPU has 8 bits of VMID" sh -c "$M status | grep -q '8-bit VMID'"
start_tiny many --vms 300 || not_ok "300 VMs start"
$M list >$T/list
is "300 VMs" "$(awk 'NR > 1' $T/list | wc -l)" 300
twice=$(awk 'NR > 1 { print $3 }' $T/list | sort | uniq -d | wc -l)
check "some have one number in two generations ($twice)" test "$twice" -gt 0
audit --check vmid-duplicate,vmid-zero,vmid-width
is "none is taken for another" "$status" 0
# Two of them run again: they get new VMIDs, or those that are reserved for them
tiny_cmd many "run 5" >/dev/null
tiny_cmd many "run 290" >/dev/null
audit
is "300 VMs are isolated" "$status" 0
grep -vE '^notice|^verdict +VM' $T/out | head -n 20 | diag
is "300 verdicts" "$(grep -cE '^verdict +VM .*: (isolated|shared by design)' $T/out)" 300
stop_tiny many
finish
