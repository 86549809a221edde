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

# The VMs as tags has them, "VMID GENERATION STATE" by the number that the VMM gives them
tags() {
	$M tags >$T/tags 2>$T/err
	status=$?
	awk '/^VCPU/ { exit } $2 == "many" { print $1, $3, $4, $5 }' $T/tags |
		awk 'NR == FNR { if ($1 == "vm") number[$3] = $2; next }
			{ split($1, name, "-"); print number[name[2]], $2, $3, $4 }' /run/tiny/many/layout - >$T/states
}

state_of() {
	awk -v n="$1" '$1 == n { print $2, $3, $4 }' $T/states
}

check "load" $M load /test/mmuscope.ko
check "the CPU has 8 bits of VMID" sh -c "$M status | grep -q '8-bit VMID'"
echo 16 >/proc/sys/vm/nr_hugepages
start_tiny on --vcpu spin || not_ok "a guest that spins starts"

# It is in the guest nearly all the time, and KVM reserves the VMIDs of those that are just then when the numbers roll over.
# Where its thread was not on a CPU at that moment, that is no fault of anybody's: the next roll-over shows it.
roll_over() {
	reserved=$($M tags | awk '$2 == "on" { print $3 }')
	start_tiny many --vms 300 || not_ok "300 VMs start"
	tags
	newest=$(awk '$4 == "current" { print $3; exit }' $T/states)
	oldest=$(printf '0x%x' $((newest - 1)))
}

kept() {
	awk -v v="$reserved" '$2 == "on" && $3 == v && ($5 == "current" || $5 == "reserved") { n++ } END { exit !n }' $T/tags
}

roll_over
for try in 2 3 4 5; do
	kept && break
	echo "# the guest that spins was not in the guest at the roll-over: try $try"
	stop_tiny many
	roll_over
done
check "the guest that spins has kept its VMID $reserved" kept
is "and nobody else has it in the newest" "$(awk -v v="$reserved" '$4 == "current" && $2 == v' $T/states)" ""
$M list >$T/list
is "300 VMs and one" "$(awk 'NR > 1' $T/list | wc -l)" 301
twice=$(awk 'NR > 1 { print $3 }' $T/list | sort | uniq -d | wc -l)
check "some have one number in two generations ($twice)" test "$twice" -gt 0
audit --check vmid-duplicate,vmid-zero,vmid-width
is "none is taken for another" "$status" 0
tags
is "nor by tags" "$status" 0
diag <$T/err
is "two generations are told apart" "$(awk '{ print $3, $4 }' $T/states | sort -u | tr '\n' ';')" "$oldest stale;$newest current;"
is "each of the 300 is shown" "$(wc -l <$T/states)" 300
is "no VMID is twice in the newest generation" "$(awk '$4 == "current" { print $2 }' $T/states | sort | uniq -d)" ""
is "VM 5 has not run since" "$(state_of 5 | cut -d' ' -f2-)" "$oldest stale"
before=$(state_of 290)
# Two of them run again: they get new VMIDs, or those that are reserved for them
tiny_cmd many "run 5" >/dev/null
tiny_cmd many "run 290" >/dev/null
tags
is "VM 5 is of the newest generation once it ran" "$(state_of 5 | cut -d' ' -f2-)" "$newest current"
is "VM 290 was, and keeps its VMID" "$(state_of 290)" "$before"
is "still none has another's" "$status" 0
audit
is "all VMs are isolated" "$status" 0
grep -vE '^notice|^verdict +VM' $T/out | head -n 20 | diag
is "301 verdicts" "$(grep -cE '^verdict +VM .*: (isolated|shared by design)' $T/out)" 301
stop_tiny many
stop_tiny on
finish
