# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# One cell of the matrix: whatever the kernel, the mode of KVM and the CPU, what is shown is true, or it is said in words
# why nothing can be. EXPECT_MODE is the mode that KVM must come up in. Lines "cell: ..." are for the table.
. /test/lib.sh
. /test/layout.sh

M=mmuscope
T=/tmp/t
mkdir -p $T

cell() {
	echo "cell: $*"
}

# refused NAME WORDS COMMAND...: exit status 3, and words that say why
refused() {
	local name=$1 words=$2 got=0
	shift 2
	"$@" >$T/out 2>$T/err || got=$?
	if [ "$got" = 3 ] && cat $T/err $T/out | grep -E "$words" >$T/why; then
		ok "$name: $(sed 's/^mmuscope: //; q' $T/why)"
	else
		not_ok "$name (status $got of: $*)"
		head -n 5 $T/out $T/err | diag
	fi
}

# Some of the addresses, evenly spread
sample() {
	awk -v n="$1" '{ l[NR] = $0 }
		END { s = NR > n ? NR / n : 1; for (i = 1; i <= NR && c < n; i += s) { print l[int(i)]; c++ } }'
}

# guest_at NAME VM ADDRESSES: AT on the guest's behalf agrees for all of them, or is refused with the reason
guest_at() {
	local n
	n=$(wc -l <"$3")
	if [ "$mode" != vhe ]; then
		refused "$1: the CPU cannot be asked" 'needs VHE' $M at s12e1r "$2" "$(head -n 1 "$3")" --hardware
		at_sentence=$(sed 's/^mmuscope: //; s/ on [^ ]*:/ on a guest:/; q' $T/why)
		return
	fi
	check "$1: at least 50 addresses ($n)" test "$n" -ge 50
	$M at s12e1r "$2" --hardware --from "$3" >$T/at 2>$T/err
	is "$1: at --hardware agrees for all $n" "$(tail -n 1 $T/at)" "$n agree, 0 differ, 0 unreadable"
	grep -B 4 '^DIFFERS' $T/at | head -n 20 | diag
	check "$1: of them some are mapped ($(grep -c 'F 0:' $T/at))" grep -q 'F 0:' $T/at
}

#
# The host
#
check "load" $M load /test/mmuscope.ko
[ -d /sys/kernel/debug/mmuscope ] || finish
$M status >$T/status
sed -n 's/^mode /# /p' $T/status
mode=$(awk '$1 == "mode" { sub(",", "", $2); print $2 }' $T/status)
is "KVM's mode" "$mode" "$EXPECT_MODE"
check "every offset is right by the kernel's BTF" grep -qE '^offsets +[0-9]+ right, by' $T/status
echo 1 >/proc/sys/kernel/kptr_restrict
awk 'NR % 1200 == 1 && $4 == "" { print "0x" $1 }' /proc/kallsyms | sample 45 >$T/host
sed -n 's/^\(0x[0-9a-f]*\)-.*/\1/p' /proc/vmallocinfo | sample 15 >>$T/host
n=$(wc -l <$T/host)
check "at least 50 addresses of the host ($n)" test "$n" -ge 50
$M at s1e1r host --hardware --from $T/host >$T/at 2>$T/err
is "the host: at --hardware agrees for all $n" "$(tail -n 1 $T/at)" "$n agree, 0 differ, 0 unreadable"
grep -B 4 '^DIFFERS' $T/at | head -n 20 | diag
check "walk pid:N: a page of a process" $M walk pid:$$ "0x$(sed -n '1s/-.*//p' /proc/$$/maps)"
cat /sys/kernel/debug/mmuscope/host/cpu0/regs >$T/regs

#
# Guests whose tables are known
#
echo 4 >/proc/sys/vm/nr_hugepages
hidden=
for granule in $(cpu_granules $T/regs); do
	name=g$granule
	start_tiny $name --vcpu spin --granule "$granule" || { not_ok "guest $name starts"; continue; }
	vm=$(tiny_pid $name)
	layout=/run/tiny/$name/layout
	if $M list | grep -q 'hidden by the hypervisor'; then
		hidden=1
		break
	fi
	$M list | sed -n '2s/^/# /p'
	blind=$(unknown_right "$layout")
	known_stage2 "$layout" | sed "$blind" >$T/known
	check "granule ${granule}K: dump of stage 2" sh -c "$M dump $vm --stage 2 --tree >$T/dump"
	seen_stage2 <$T/dump | sed "$blind" >$T/seen
	check "it is the VMM's layout, word for word ($(wc -l <$T/known) descriptors, $(grep -c ' 2 ' $T/known) blocks)" \
		diff $T/known $T/seen
	check "of pages and blocks" sh -c "grep -q ' 2 ' $T/known && grep -q ' 3 ' $T/known"
	$M dump "$vm" --stage 2 >$T/merged
	known_ranges "$layout" >$T/ranges
	is "the merged dump is as long" "$(sum_of_sizes <$T/merged)" "$(sum_of_ranges <$T/ranges)"
	seen_ranges <$T/merged >$T/seen
	# Where a page becomes executable when it is executed, a range may end there
	if [ -z "$blind" ]; then
		check "its ranges are the VMM's, to the byte ($(wc -l <$T/ranges))" diff $T/ranges $T/seen
	else
		is "the ranges add up" "$(sum_of_ranges <$T/seen)" "$(sum_of_ranges <$T/ranges)"
	fi
	known_stage1 "$layout" | sort >$T/known
	check "granule ${granule}K: dump of stage 1" sh -c "$M dump $vm --stage 1 --tree >$T/dump"
	noaf=$(awk '/^s1 .*EL1 af/ { print $9 }' "$layout")
	seen_stage1 <$T/dump | grep -v " $noaf " >$T/seen
	check "it is the VMM's layout, word for word ($(wc -l <$T/known) descriptors)" diff $T/known $T/seen
	awk '/^s1 / { print $3 }' "$layout" | sample 40 >$T/va
	grep -E '^s1 VA 0x10[0-9a-f]{7} ' "$layout" | awk '{ print $3 }' | head -n 20 >>$T/va
	awk '/^s1-invalid/ { print $3 }' "$layout" >>$T/va
	guest_at "granule ${granule}K" "$vm" $T/va
	tiny_cmd $name pause >/dev/null
	tiny_cmd $name regs | sed -n 's/^vcpu 0 //p' | grep -v '^PC\|^PSTATE' | sort >$T/known
	$M regs "$vm" --raw | grep -wE "$(cut -d' ' -f1 $T/known | tr '\n' '|' | sed 's/|$//')" | sort >$T/seen
	check "registers of a paused vCPU are those that KVM gives the VMM ($(wc -l <$T/known))" diff $T/known $T/seen
	stop_tiny $name
done

#
# A host that shows no stage 2 says so, whatever is asked
#
if [ -n "$hidden" ]; then
	[ "$mode" = protected ] && ok "hidden under protected KVM alone" || not_ok "hidden in mode $mode"
	$M list | sed -n '2s/^/# /p'
	check "list has no address, no VMID and no size of it" sh -c "! $M list | grep -q 0x"
	words='hidden from the host .protected KVM.'
	refused "dump --stage 2" "$words" $M dump "$vm" --stage 2
	cell "$(sed 's/^mmuscope: //; s/VM [0-9-]*: //; q' $T/why)"
	refused "dump --stage 1" "$words" $M dump "$vm" --stage 1
	refused "walk" "$words" $M walk "$vm" 0x40000000
	refused "walk of an IPA" "$words" $M walk "$vm" ipa:0x40000000
	refused "read" "$words" $M read "$vm" 0x40000000 16
	refused "at" "$words" $M at s12e1r "$vm" 0x40000000 --hardware
	refused "stat" "$words" $M stat "$vm"
	check_status "audit does not call it isolated" 3 $M audit "$vm"
	check "find --strict or not, it does not say that nobody maps a page" sh -c "! $M find 0x40000000 >/dev/null"
	# The registers of a vCPU that is loaded are in the hypervisor, and KVM's copy is old: they are not shown. Those
	# of one that waits for its turn are.
	i=0
	shown=0
	wrong=0
	while [ $i -lt 12 ]; do
		if $M regs "$vm" --raw >$T/out 2>$T/err; then
			grep -q '^# cpu -1' $T/out && shown=$((shown + 1)) || wrong=$((wrong + 1))
		else
			cp $T/err $T/why
		fi
		i=$((i + 1))
	done
	is "12 readings of a vCPU that runs: none while it is loaded ($shown when it was not)" $wrong 0
	check "for which there is a reason: $(sed 's/^mmuscope: //; q' $T/why)" grep -q 'registers of vCPU.*protected KVM' $T/why
	tiny_cmd $name pause >/dev/null
	tiny_cmd $name regs | sed -n 's/^vcpu 0 //p' | grep -v '^PC\|^PSTATE' | sort >$T/known
	$M regs "$vm" --raw | grep -wE "$(cut -d' ' -f1 $T/known | tr '\n' '|' | sed 's/|$//')" | sort >$T/seen
	check "registers of a paused vCPU are those that KVM gives the VMM ($(wc -l <$T/known))" diff $T/known $T/seen
	check "nothing is said of what the host's fields hold" sh -c "! $M regs $vm --raw | grep -E '^(VTTBR|VTCR)_EL2'"
	stop_tiny $name
	check "unload" $M unload
	finish
fi

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
	sort -u $T/values >$T/distinct
	is "20 readings of TTBR0_EL1 of a guest that turns it" "$(wc -l <$T/values)" 20
	check "two of them differ ($(wc -l <$T/distinct) values)" test "$(wc -l <$T/distinct)" -ge 2
	is "each is one that the guest writes" "$(grep -vxFf $T/roots $T/distinct)" ""
	# It turns it every few microseconds: two readings in a row are of one turn by chance alone, unless they are old.
	# Only those count that were made while it was on a CPU.
	f=$(echo /sys/kernel/debug/mmuscope/vm/"$vm"-*/vcpu0/regs)
	fresh() {
		cat $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f >$T/many
		turns=$(awk '$2 == "cpu" { on = $3 >= 0 }
			$1 == "TTBR0_EL1" { if (on && was) { pairs++; n += $2 != last }; last = $2; was = on }
			END { print n + 0, "of", pairs + 0 }' $T/many)
		[ "${turns#* of }" -ge 10 ] && [ $((2 * ${turns% of *})) -ge "${turns#* of }" ]
	}
	check "readings as fast as can be are of this moment" wait_for 30 fresh
	echo "# another value: $turns"
	[ "$mode" = vhe ] && source=cpu || source=memory
	check "they are read from the $source" wait_for 20 sh -c "$M regs $vm --raw | grep -q '# source $source'"
	# The live VTTBR_EL2 is EL2's to read: elsewhere it is what KVM saved
	root=$($M list | awk '/ turn / { print $8 }')
	vttbr=$($M regs "$vm" --raw | awk '$1 == "VTTBR_EL2" { print $2 }')
	is "VTTBR_EL2 leads to the root that list shows" $(((vttbr & 0xfffffffffffe))) $((root))
	stop_tiny turn
else
	not_ok "guest turn starts"
fi

#
# Linux
#
start_guest alpha 2 256
if wait_guest alpha 240 >$T/boot 2>&1; then
	ok "a Linux guest boots"
	guest_cmd alpha "echo 1 >/proc/sys/kernel/kptr_restrict"
	guest_cmd alpha "awk 'NR % 900 == 1 || / (linux_banner|_text)\$/' /proc/kallsyms" >$T/kallsyms
	spin=$(guest_cmd alpha "spin 0")
	guest_cmd alpha "cat /proc/$spin/maps" >$T/maps
	$M list | sed -n 's/.* alpha /# &/p'
	check "dump of both stages" sh -c "$M dump alpha:0 --stage both >$T/both"
	check "dump of stage 1" sh -c "$M dump alpha:0 --stage 1 >$T/dump1"
	awk '$2 ~ /^[tTdDbBrR]$/ && $4 == "" { print "0x" $1 }' $T/kallsyms | sample 40 >$T/all
	sed -n 's/^\([0-9a-f]*\)-.*/0x\1/p' $T/maps | sample 10 >>$T/all
	awk '/^0x/ { print substr($1, 1, 18) }' $T/dump1 | sample 40 >>$T/all
	printf '0x%s\n' 1000 ffff000000000000 dead00000000 >>$T/all
	guest_at "Linux" alpha:0 $T/all
	# Of the vCPU that is idle: where a guest keeps its kernel away from its processes, the other has it not mapped
	check "walk of a kernel symbol" $M walk alpha:1 "$(head -n 1 $T/all)"
	version=$(guest_cmd alpha "cat /proc/version")
	banner=$(awk '$3 == "linux_banner" { print "0x" $1 }' $T/kallsyms)
	# 6.1 lists no data
	[ -z "$banner" ] ||
		is "read of linux_banner prints /proc/version" "$($M read alpha:1 "$banner" ${#version} --raw 2>$T/err)" "$version"
	stop_guest alpha
else
	not_ok "a Linux guest boots"
	diag <$T/boot
	stop_guest alpha
fi
[ -z "$at_sentence" ] || cell "$at_sentence"
check "unload" $M unload
finish
