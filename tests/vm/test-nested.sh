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

# What the guest hypervisor has set is told with them
for reg in HCR_EL2 VTCR_EL2 VTTBR_EL2; do
	is "guest_$reg" "$(awk -v r=guest_$reg '$2 == r { print $3 }' $T/regs)" \
		"$(sed -n "s/^nested .*$reg \(0x[0-9a-f]*\).*/\1/p" "$layout")"
done
check "list: the shadow under its VM" sh -c "$M list | grep -q '^  shadow .* of its guest.s VTTBR_EL2 0x0*$(of_shadow guest_VTTBR_EL2 | cut -c3-),'"
check "and in JSON" sh -c "$M list --format json | tr -d ' \n' | grep -q '\"guest_vttbr_el2\":\"0x0*$(of_shadow guest_VTTBR_EL2 | cut -c3-)\"'"

# L2's VA, its IPA, L1's IPA, PA: all four of a page, of some pages of each kind; and by the shadow again the PA. Of the
# slot "sparse" the guest hypervisor has touched every second page: the others are in the shadow alone. What its guest
# has not touched is not in the shadow.
awk '/^l2 / { n[$5 ~ /^0x3[01]/]++; if ($5 !~ /^0x3[01]/ || n[1] % 100 == 1) print $3, $5, $7, $9, $11 }' "$layout" >$T/known
while read -r va rest; do
	$M walk "$vm:0" "$va" >$T/out 2>&1
	awk '$1 == "walk" { b++ }
		$1 == "VA" || $1 == "IPA" || $1 == "PA" { v[b, $1] = $2 }
		END { print v[1, "VA"], v[1, "IPA"], v[1, "PA"], v[2, "IPA"], v[2, "PA"], v[3, "IPA"], v[3, "PA"] }' $T/out
done <$T/known >$T/walked
# Of the second walk the IPA is the first one's PA
plain() {
	sed 's/0x0*\([0-9a-f]\)/0x\1/g'
}
awk '{ own = $3 !~ /^0xb80.*[13579bdf]...$/; shadow = $5 == "touched"
	print $1, $2, $3, own ? $3 : "", own ? $4 : "", shadow ? $2 : "", shadow ? $4 : "" }' $T/known >$T/wanted
plain <$T/walked >$T/seen
check "walk: VA, IPA, IPA of the VM and PA of $(wc -l <$T/known) pages of the guest's guest" diff $T/wanted $T/seen
diag "$(diff $T/wanted $T/seen | head -n 6)"
$M walk "$vm:0" "$(head -n 1 $T/known | cut -d' ' -f1)" >$T/out
check "every word of it is shown: stage 1 under the guest hypervisor's stage 2, and the VM's own" \
	sh -c "grep -q '^ *S1 L3' $T/out && grep -q '^ *S2 L3' $T/out && grep -q 'is an IPA of VM' $T/out"
check_status "what the guest's guest alone has touched is found in the shadow" 0 $M walk "$vm:0" 0x500101000
check "and that it is there alone is said" sh -c "$M walk $vm:0 0x500101000 | grep -q 'it is in the shadow'"
check_status "what it has not touched is found in the VM's own stage 2" 0 $M walk "$vm:0" 0x500200000
check "in JSON there are three walks" sh -c "$M walk $vm:0 0x500101000 --format json | grep -c '\"target\"' | grep -qx 3"

# The shadow by its name: all that is in it
shadow=$(basename "$dir").$(of_shadow shadow)
check "list: the shadow's name" sh -c "$M list | grep -q '^  shadow $shadow '"
check "dump of the shadow" sh -c "$M dump $shadow --tree >$T/dump"
leaves <$T/dump >$T/leaves
# Page by page, without the tables of the guest's guest, of which the layout has no lines
awk "$awk_hex"'
	{ step = $2 == 2 ? 512 : 1; ipa = hex($1); pa = hex($4)
	  for (i = 0; i < step; i++)
		if (ipa < 0x20010000 || ipa >= 0x30000000)
			printf "0x%x 0x%x\n", ipa + 4096 * i, pa + 4096 * i }' $T/leaves | sort >$T/seen
awk '/^l2 / && $11 == "touched" { print $5, $9 }' "$layout" | sort >$T/wanted
check "it maps what the guest's guest has touched, and where that is ($(wc -l <$T/wanted) pages)" diff $T/wanted $T/seen
diag "$(diff $T/wanted $T/seen | head -n 6)"
check "nothing in it is writable that the guest hypervisor has made read-only" \
	sh -c "grep '^0x3400[0-3]... ' $T/leaves >$T/out && ! grep -v ' R-[X-] R-[X-] ' $T/out"
check "all of it is write-back memory (HCR_EL2.FWB counts)" sh -c "test -s $T/leaves && ! grep -v 'Normal WB' $T/leaves"
$M dump "$vm:0" --stage 2 --tree | leaves >$T/leaves
check "as in the VM's own stage 2" sh -c "test -s $T/leaves && ! grep -v 'Normal WB' $T/leaves"
read -r _ ipa l1ipa pa _ <$T/known
is "walk of an IPA in the shadow" "$($M walk "$shadow" "ipa:$ipa" | awk '$1 == "PA" { print $2 }' | plain)" "$pa"
check "memory by the shadow is what the VM's own stage 2 has there" sh -c \
	"$M read $shadow ipa:$ipa 4096 --raw >$T/one && $M read $vm:0 ipa:$l1ipa 4096 --raw >$T/two && test -s $T/one && cmp $T/one $T/two"
check_status "what is not in the shadow is a fault" 1 $M walk "$shadow" ipa:0x3a000000
refused "a shadow has no stage 1" "only ipa:IPA can be walked" $M dump "$shadow" --stage 1
refused "nor VAs" "only ipa:IPA can be walked" $M walk "$shadow" 0x10000000
refused "a shadow that is not in use" "keeps no stage 2 number 77" $M dump "${shadow%.*}.77"
for f in stage2 path mem; do
	check "nested*/$f of one that is not in use" sh -c "for n in $dir/nested[0-9]*; do
		test \$n = $dir/nested$(of_shadow shadow) || { dd if=\$n/$f bs=4096 count=1 2>&1 | grep -q 'No such device' || exit 1; }; done"
done
va=$(sed -n 's/^l2-nowhere VA \(0x[0-9a-f]*\) .*/\1/p' "$layout")
check_status "what the guest hypervisor does not map is a fault" 1 $M walk "$vm:0" "$va"
refused "AT by registers of a guest's guest" "guest of its own" $M at s12e1r "$vm:0" "$va"
check "nor does the module ask the CPU for a vCPU that has EL2" \
	sh -c "dd if=$dir/vcpu1/at/s1e1r bs=4096 count=1 2>&1 >/dev/null | grep -i 'not supported'"
refused "a walk by EL1 registers at EL2" "guest hypervisor" $M walk "$vm:1" 0x40000000

# Whose is the shadow? The VM's, and so is all that it maps: of another VM more is known
start_tiny other --vcpu spin || not_ok "another guest starts"
other=$(tiny_pid other)
n=0
until $M tags >$T/tags 2>&1 && grep -q 'a shadow stage 2, for a guest of' $T/tags; do
	n=$((n + 1))
	[ $n -lt 20 ] || break
done
check "tags: a CPU with the shadow has it for this VM" grep -q "a shadow stage 2, for a guest of $vm-" $T/tags
check "tags: nothing belongs to no VM" sh -c "! grep 'belongs to no live VM' $T/tags"
$M audit >$T/audit 2>&1
is "audit: something is unknown" $? 3
diag <$T/audit
is "audit: and that is stage 1 of the vCPUs alone, the shadow was read" "$(sed -n 's/^\(unknown\|violated\) *//p' $T/audit | cut -d: -f1)" \
	"unread-registers VM $vm-$(basename "$dir" | cut -d- -f2)"
check "snapshot" $M snapshot --vmm -o $T/snap
is "snapshot: the shadow is in it" "$($M --snapshot $T/snap dump "$shadow" --tree 2>&1 | sha256sum)" \
	"$($M dump "$shadow" --tree 2>&1 | sha256sum)"
is "snapshot: an audit of it says the same" "$($M audit $T/snap 2>&1 | grep '^unknown' | cut -d: -f1)" \
	"$(grep '^unknown' $T/audit | cut -d: -f1)"
check "audit: the other VM is isolated from it" grep -qE "^verdict +VM $other-.*: (isolated|shared by design);" $T/audit
stop_tiny other
check "audit: it belongs to the VM" sh -c "! grep -E 'vttbr-(foreign|stale)' $T/audit"

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
