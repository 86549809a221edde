# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Guests of the small VMM, whose tables are known to the bit: what mmuscope reads against what the VMM wrote.
. /test/lib.sh
. /test/layout.sh

M=mmuscope
T=/tmp/t
mkdir -p $T

check "load" $M load /test/mmuscope.ko
[ -d /sys/kernel/debug/mmuscope ] || finish
echo 16 >/proc/sys/vm/nr_hugepages

#
# Every descriptor of both stages, in each granule of stage 1
#
for granule in 4 16 64; do
	name=g$granule
	start_tiny $name --vcpu spin --granule $granule || { not_ok "guest $name starts"; continue; }
	vm=$(tiny_pid $name)
	layout=/run/tiny/$name/layout
	blind=$(unknown_right "$layout")
	known_stage2 "$layout" | sed "$blind" >$T/known
	check "granule ${granule}K: dump of stage 2" sh -c "$M dump $vm --stage 2 --tree >$T/dump"
	seen_stage2 <$T/dump | sed "$blind" >$T/seen
	check "stage 2 is the VMM's layout, word for word ($(wc -l <$T/known) descriptors, $(grep -c ' 2 ' $T/known) blocks)" \
		diff $T/known $T/seen
	check "there are pages and blocks" sh -c "grep -q ' 2 ' $T/known && grep -q ' 3 ' $T/known"
	$M dump "$vm" --stage 2 >$T/merged
	is "the merged dump has as many descriptors" \
		"$(awk '/^0x/ { n += $5 } END { print n }' $T/merged)" "$(wc -l <$T/known)"
	known_ranges "$layout" >$T/ranges
	is "and as many bytes" "$(sum_of_sizes <$T/merged)" "$(sum_of_ranges <$T/ranges)"
	[ -n "$blind" ] || {
		seen_ranges <$T/merged >$T/seen
		check "granule ${granule}K: its ranges are the VMM's, to the byte ($(wc -l <$T/ranges))" diff $T/ranges $T/seen
	}
	known_stage1 "$layout" | sort >$T/known
	check "granule ${granule}K: dump of stage 1" sh -c "$M dump $vm --stage 1 --tree >$T/dump"
	# The one without access flag is left out on both sides, by its word
	noaf=$(awk '/^s1 .*EL1 af/ { print $9 }' "$layout")
	seen_stage1 <$T/dump | grep -v " $noaf " >$T/seen
	check "stage 1 is the VMM's layout, word for word ($(wc -l <$T/known) descriptors)" diff $T/known $T/seen
	check "an invalid word that is not zero is shown as such" \
		grep -q "= 0x0*$(sed -n 's/^s1-invalid .* DESC 0x//p' "$layout") invalid" $T/dump
	awk '/^s1 / { print $3 }' "$layout" | awk 'NR % 50 == 1' >$T/va
	grep -E '^s1 VA 0x10[0-9a-f]{7} ' "$layout" | awk '{ print $3 }' | head -n 40 >>$T/va
	awk '/^s1-invalid/ { print $3 }' "$layout" >>$T/va
	n=$(wc -l <$T/va)
	for op in s12e1r s12e1w s12e0r; do
		$M at $op "$vm" --hardware --from $T/va >$T/at 2>&1
		is "granule ${granule}K: at $op --hardware agrees on $n addresses" "$(tail -n 1 $T/at)" \
			"$n agree, 0 differ, 0 unreadable"
		grep -B 4 '^DIFFERS' $T/at | head -n 20 | diag
	done
	va=$(awk '/^s1 .*EL1 rwx/ { print $3; exit }' "$layout")
	check "walk" $M walk "$vm" "$va"
	[ $granule != 4 ] || {
		tiny_cmd $name pause >/dev/null
		tiny_cmd $name regs | sed -n 's/^vcpu 0 //p' | grep -v '^PC\|^PSTATE' | sort >$T/known
		$M regs "$vm" --raw | grep -wE "$(cut -d' ' -f1 $T/known | tr '\n' '|' | sed 's/|$//')" | sort >$T/seen
		check "registers of a paused vCPU are those that KVM gives the VMM ($(wc -l <$T/known))" diff $T/known $T/seen
		check "it is stopped" sh -c "$M regs $vm --raw | grep -q '# state stopped'"
		tiny_cmd $name resume >/dev/null
	}
	stop_tiny $name
done

#
# Registers of a guest that never leaves by itself
#
if start_tiny turn --vcpu ttbr; then
	vm=$(tiny_pid turn)
	awk '/^root TTBR0_EL1/ { print $3 }' /run/tiny/turn/layout | sort >$T/roots
	i=0
	while [ $i -lt 20 ]; do
		$M regs "$vm" --raw TTBR0_EL1 | awk '$1 == "TTBR0_EL1" { print $2 }'
		i=$((i + 1))
	done | sort >$T/values
	is "20 readings of TTBR0_EL1 of a guest that turns it without leaving" "$(wc -l <$T/values)" 20
	sort -u $T/values >$T/distinct
	check "two of them differ ($(wc -l <$T/distinct) values)" test "$(wc -l <$T/distinct)" -ge 2
	is "each is one that the guest writes" "$(grep -vxFf $T/roots $T/distinct)" ""
	# Not each time: the vCPU's thread may be waiting for its turn on a CPU
	check "they are read from the CPU, at this moment" \
		wait_for 20 sh -c "$M regs $vm --raw | grep -q '# source cpu'"
	stop_tiny turn
else
	not_ok "guest turn starts"
fi

#
# vCPUs that do not run, or not with stage 1
#
if start_tiny odd --vcpu off --vcpu none --vcpu wfi; then
	vm=$(tiny_pid odd)
	$M walk "$vm:0" 0x40000000 >$T/out
	is "stage 1 off: walk" $? 0
	check "stage 1 off: said so, the VA is the IPA" sh -c "grep -q 'stage 1 .*off' $T/out && grep -q 'IPA .*0x0000000040000000' $T/out"
	$M at s12e1r "$vm:0" 0x40000000 --hardware >$T/out
	check "stage 1 off: the CPU agrees" grep -q '^agrees' $T/out
	check_status "never run: walk says so" 3 $M walk "$vm:1" 0x40000000
	$M walk "$vm:1" 0x40000000 2>$T/err
	check "never run: in words" grep -q 'never run' $T/err
	check "never run: stage 2 can be seen" $M dump "$vm:1" --stage 2
	$M regs "$vm:2" --raw >$T/out
	check "a vCPU that waits is read too" grep -q '^TTBR0_EL1 0x' $T/out
	check_status "a vCPU that waits cannot be asked" 3 $M at s12e1r "$vm:2" 0x40000000 --hardware
	stop_tiny odd
else
	not_ok "guest odd starts"
fi

#
# Tables that change while they are read
#
if start_tiny flux --vcpu touch --vcpu spin --flux; then
	vm=$(tiny_pid flux)
	flux=$(awk '/^flux IPA/ { print $3 }' /run/tiny/flux/layout)
	known_stage2 /run/tiny/flux/layout | sed 's/[-X?]$//' >$T/known
	i=0
	wrong=0
	changed=0
	while [ $i -lt 10 ]; do
		$M dump "$vm" --stage 2 --tree >$T/dump 2>$T/err || { wrong=$((wrong + 1)); diag <$T/err; }
		grep -q 'changed' $T/err && changed=$((changed + 1))
		# Pages of the flux slot come and go; all else must stand as ever
		seen_stage2 <$T/dump | sed 's/[-X?]$//' | grep -v "^${flux%000000}" >$T/seen
		diff $T/known $T/seen >$T/diff || { wrong=$((wrong + 1)); head -n 5 $T/diff | diag; }
		i=$((i + 1))
	done
	is "10 dumps while pages come and go: no error, the rest stands still" $wrong 0
	check "and 'changed' was said ($changed times)" test $changed -gt 0
	tiny_cmd flux pause >/dev/null
	tiny_cmd flux layout | awk '/^flux-page/ { print $3, 3, $5 }' | sort >$T/known
	$M dump "$vm" --stage 2 --tree 2>$T/err >$T/dump
	seen_stage2 <$T/dump | cut -d' ' -f1-3 | grep "^${flux%000000}" >$T/seen
	# A page need not be mapped at stage 2 again yet; one that is has to be the one that is there
	is "paused: each mapped page of the flux slot ($(wc -l <$T/seen)) is the VMM's" "$(grep -vxFf $T/known $T/seen)" ""
	check "paused: some are mapped" test -s $T/seen
	check "paused: nothing changes" test ! -s $T/err
	stop_tiny flux
else
	not_ok "guest flux starts"
fi

#
# Pages that two guests have in common, on purpose and by merging
#
# slot_of NAME IPA-PREFIX: its descriptors at stage 2, as the VMM knows them and as they are seen
slot_of() {
	known_stage2 /run/tiny/"$1"/layout | sed 's/[-X?]$//' | grep "^$2" >$T/known
	$M dump "$(tiny_pid "$1")" --stage 2 --tree | seen_stage2 | sed 's/[-X?]$//' | grep "^$2" >$T/seen
}

merged() {
	tiny_cmd two layout >/run/tiny/two/layout
	slot_of two 0xd00
	grep -q 'R-' $T/known && cmp -s $T/known $T/seen
}

if start_tiny one --share /tmp/shared --vcpu spin &&
   start_tiny two --share /tmp/shared --share-readonly --mergeable --vcpu touch; then
	slot_of one 0xc80
	check "a shared slot is the VMM's layout ($(wc -l <$T/known) descriptors)" diff $T/known $T/seen
	check "which may be written" grep -q ' RW$' $T/seen
	cut -d' ' -f3 $T/seen >$T/pages
	slot_of two 0xc80
	check "the other VM's too" diff $T/known $T/seen
	check "which may be read only" sh -c "grep -q ' R-$' $T/seen && ! grep -q W $T/seen"
	cut -d' ' -f3 $T/seen >$T/others
	check "both map the same pages" cmp $T/pages $T/others
	slot_of two 0xd00
	check "a mergeable slot: writable, each page its own ($(wc -l <$T/known))" \
		test "$(grep ' RW$' $T/seen | cut -d' ' -f3 | sort -u | wc -l)" = 64
	echo 2000 >/sys/kernel/mm/ksm/pages_to_scan
	echo 1 >/sys/kernel/mm/ksm/run
	check "once merged: as the VMM's layout then is" wait_for 30 merged
	check "read only, one page" test "$(grep ' R-$' $T/seen | cut -d' ' -f3 | sort -u | wc -l)" -lt 4
	echo 2 >/sys/kernel/mm/ksm/run
	stop_tiny one
	stop_tiny two
else
	not_ok "guests with a shared slot start"
fi

check "unload" $M unload
finish
