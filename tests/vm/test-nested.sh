# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# A guest that runs a guest of its own (kvm-arm.mode=nested): what is shown of it is true, or is refused in words.
. /test/lib.sh
. /test/layout.sh

M=mmuscope
T=/tmp/t
mkdir -p $T
echo 16 >/proc/sys/vm/nr_hugepages

check "load" $M load /test/mmuscope.ko
start_tiny l1 --nested --vcpu l2 --vcpu spin || { not_ok "a guest with EL2 starts"; finish; }
vm=$(tiny_pid l1)
layout=/run/tiny/l1/layout
$M list >$T/list
dir=$(echo /sys/kernel/debug/mmuscope/vm/"$vm"-*)
check "list" test -d "$dir"

# Of a register or value in the one "shadow" line
of_shadow() {
	awk -v name="$1" '{ for (i = 1; i < NF; i++) if ($i == name) print $(i + 1) }' $T/shadows
}

cat "$dir/nested" >$T/shadows
is "there is one shadow stage 2" "$(wc -l <$T/shadows)" 1
diag <$T/shadows
for reg in VTTBR_EL2 VTCR_EL2; do
	is "it shadows the stage 2 that the guest hypervisor set ($reg)" "$(of_shadow guest_$reg)" \
		"$(sed -n "s/^nested .*$reg \(0x[0-9a-f]*\).*/\1/p" "$layout")"
done
is "which is on" "$(of_shadow stage2)" 1
own=$(awk '$1 == "VTTBR_EL2" { print $2 }' "$dir/info")
check "it has tables of its own" test $((own & 0xfffffffffffe)) != $(($(of_shadow VTTBR_EL2) & 0xfffffffffffe))
check "and a VMID of its own" test $((own >> 48)) != $(($(of_shadow VTTBR_EL2) >> 48))

# vCPU 0 runs the guest's guest: its registers are those that this one has, its stage 2 the shadow
check "the vCPU is in its guest" wait_for 20 grep -q '^# context guest' "$dir/vcpu0/regs"
cat "$dir/vcpu0/regs" >$T/regs
for reg in TTBR0_EL1 TCR_EL1 MAIR_EL1 SCTLR_EL1; do
	is "$reg of the guest's guest" "$(awk -v r=$reg '$1 == r { print $2 }' $T/regs)" \
		"$(sed -n "s/^nested-el1 .*$reg \(0x[0-9a-f]*\).*/\1/p" "$layout")"
done
is "VTTBR_EL2 is the shadow's" "$(awk '$1 == "VTTBR_EL2" { print $2 }' $T/regs)" "$(of_shadow VTTBR_EL2)"
# vCPU 1 spins at EL2
cat "$dir/vcpu1/regs" >$T/regs1
check "the other vCPU is in the guest hypervisor" grep -q '^# context hyp' $T/regs1
is "VTTBR_EL2 is the VM's there" "$(awk '$1 == "VTTBR_EL2" { print $2 }' $T/regs1)" "$own"

# refused NAME WORDS COMMAND...: exit status 3, and words that say why
refused() {
	local name=$1 words=$2 got=0
	shift 2
	"$@" >$T/out 2>$T/err || got=$?
	if [ "$got" = 3 ] && grep -qE "$words" $T/err; then
		ok "$name: $(sed 's/^mmuscope: //; q' $T/err)"
	else
		not_ok "$name (status $got of: $*)"
		head -n 5 $T/out $T/err | diag
	fi
}

va=$(awk '/^l2 / { print $3; exit }' "$layout")
refused "a walk of the guest's guest's VA" "guest of its own" $M walk "$vm:0" "$va"
refused "a walk by EL1 registers at EL2" "guest hypervisor" $M walk "$vm:1" 0x40000000

# The VM's own stage 2 is seen all the same, whichever vCPU is named
known_stage2 "$layout" | cut -d' ' -f1-3 >$T/known
for vcpu in 0 1; do
	check "vCPU $vcpu: dump of the VM's own stage 2" sh -c "$M dump $vm:$vcpu --stage 2 --tree >$T/dump"
	seen_stage2 <$T/dump | cut -d' ' -f1-3 >$T/seen
	check "it is the VMM's layout ($(wc -l <$T/known) descriptors)" diff $T/known $T/seen
done
stop_tiny l1
check "unload" $M unload
finish
