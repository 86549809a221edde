# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# TLB tags of three guests of both kinds: what tags shows against the registers, the VMMs and where they run.
. /test/lib.sh

M=mmuscope
T=/tmp/t
mkdir -p $T

check "load" $M load /test/mmuscope.ko
[ -d /sys/kernel/debug/mmuscope ] || finish
echo 32 >/proc/sys/vm/nr_hugepages

# pin NAME-OF-PID CPU: all threads
pin() {
	local task
	for task in /proc/"$1"/task/*; do
		taskset -p "$(printf %x $((1 << $2)))" "${task##*/}" >/dev/null
	done
}

# The lines of the four tables, by their first word
vms() { awk '/^VCPU/ { exit } NR > 1 && NF' "$1"; }
vcpus() { awk '/^CPU/ { exit } /^VCPU/ { on = 1; next } on && NF' "$1"; }
cpus() { awk '/^CPU/ { on = 1; next } on && !NF { exit } on' "$1"; }
processes() { awk '$1 == "PID" { on = 1; next } on && !NF { exit } on' "$1"; }

reg() {
	$M regs "$1" --raw "$2" | awk -v r="$2" '$1 == r { print $2 }'
}

tag_of() {
	printf '0x%04x' $((($1 >> 48) & 0xffff))
}

if ! start_guest web 1 256; then
	not_ok "guest web starts"
	finish
fi
start_tiny red --vcpu spin || not_ok "guest red starts"
start_tiny blue --vcpu spin --vcpu none || not_ok "guest blue starts"
wait_guest web >/dev/null || not_ok "guest web boots"
red=$(tiny_pid red) blue=$(tiny_pid blue) web=$(guest_pid web)
pin "$red" 0
pin "$blue" 1
pin "$web" 0
$M tags --processes >$T/tags
is "tags: exit status" $? 0
diag <$T/tags

#
# VMs
#
for name in red blue web; do
	pid=$(eval echo "\$$name")
	is "$name: its VMID is the one in VTTBR_EL2" \
		"$(vms $T/tags | awk -v p="$pid-" 'index($1, p) == 1 { print $3 }')" "$(tag_of "$(reg "$pid" VTTBR_EL2)")"
done
is "three VMs, three VMIDs" "$(vms $T/tags | awk '{ print $3 }' | sort -u | grep -vc 0x0000)" 3
is "of one generation" "$(vms $T/tags | awk '{ print $4, $5 }' | sort -u)" "0x1 current"

#
# vCPUs
#
asid0=$(tag_of "$(awk '/^root/ { print $3; exit }' /run/tiny/red/layout)")
is "red: the ASIDs are the VMM's" "$(vcpus $T/tags | awk -v p="$red-" 'index($1, p) == 1 { print $4, $5, $6 }')" \
	"$asid0 0x0000 TTBR0"
check "blue: a vCPU that never ran has none" sh -c "grep -q '^$blue-[0-9]*:1 *never-run *- none' $T/tags"
kill -STOP "$web"
sleep 0.2
$M tags web >$T/web
is "web: the ASIDs are those of its TTBRs" "$(vcpus $T/web | awk '{ print $4, $5 }')" \
	"$(tag_of "$(reg web TTBR0_EL1)") $(tag_of "$(reg web TTBR1_EL1)")"
is "web: Linux uses TTBR1's" "$(vcpus $T/web | awk '{ print $6 }')" TTBR1
kill -CONT "$web"

#
# Physical CPUs: while a vCPU is loaded, all that is there is its VM's
#
loaded() {
	$M tags >$T/now
	cpus $T/now | awk '/ is loaded$/' >>$T/loaded
	grep -q "^ *0 .* $red-" $T/loaded && grep -q "^ *1 .* $blue-" $T/loaded
}
: >$T/loaded
check "both guests are seen where they are pinned" wait_for 30 loaded
for name in red blue; do
	pid=$(eval echo "\$$name")
	vmid=$(vms $T/tags | awk -v p="$pid-" 'index($1, p) == 1 { print $3 }')
	root=$(printf '0x%016x' $(($(reg "$pid" VTTBR_EL2) & 0xfffffffffffe)))
	grep " $pid-" $T/loaded >$T/one
	is "$name: VMID, ASID and root of that CPU are its own" \
		"$(sed -E 's/.* (0x[0-9a-f]{4}) (0x[0-9a-f]{4}) (0x[0-9a-f]{16}) .*/\1 \2 \3/' $T/one | sort -u)" \
		"$vmid $asid0 $root"
	is "$name: the host's ASID there is the VMM's" "$(awk '{ print $4 }' $T/one | sort -u)" "$pid"
done

#
# Processes
#
is "each process has an ASID of its own" \
	"$(processes $T/tags | awk '$4 == "current" { print $2 }' | sort | uniq -d)" ""
is "the VMMs are among them" "$(processes $T/tags | grep -cwE "$red|$blue|$web")" 3

#
# One VA: a page of the zoo that is not global, of ASID 1
#
$M tags --va 0x100005000 "$red" >$T/va
is "tags --va: exit status" $? 0
diag <$T/va
check "VMID and ASID" sh -c "grep -q '^VMID .*$(vms $T/tags | awk -v p="$red-" 'index($1, p) == 1 { print $3 }')' $T/va &&
	grep -q '^ASID .*$asid0, 16 bits' $T/va"
is "VAE1IS with ASID, level and page" "$(awk '/^VAE1IS/ { print $3 }' $T/va)" 0x0001700000100005
is "RVAE1IS is there, as the CPU has it" "$(awk '/^RVAE1IS/ { print $3 }' $T/va)" 0x0001406000100005
$M tags --va 0x40000000 "$red" >$T/va
check "a global page: ASIDE1IS leaves it" grep -qE '^ASIDE1IS .* no ' $T/va
check_status "a VA that is not mapped: no entry" 1 $M tags --va 0x12345000 "$red"
check "a page of the host's kernel" $M tags --va "$(reg host VBAR_EL2)" host
check "a page of a process, with its ASID" sh -c "$M tags --va 0x400000 pid:$red | grep -q '^ASID *$(processes $T/tags |
	awk -v p="$red" '$1 == p { print $2 }')'"

#
# A snapshot has the same tags
#
check "snapshot" $M snapshot -o $T/snapshot
$M --snapshot $T/snapshot tags >$T/later
vms $T/tags >$T/vms
vms $T/later >$T/vms-later
check "its VMs have the same tags" cmp $T/vms $T/vms-later

#
# What a VM leaves behind
#
stop_tiny blue
$M tags >$T/tags
check "a VM has ended: what CPU 1 has loaded belongs to none" \
	sh -c "sed -n 's/^ *1 //p' $T/tags | grep -q 'belongs to no live VM'"
cpus $T/tags | diag
stop_tiny red
stop_guest web
check "unload" $M unload
finish
