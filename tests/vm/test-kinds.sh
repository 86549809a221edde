# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Guests of every kind that KVM takes: big-endian tables, AArch32 with long and with short descriptors, many vCPUs; and
# memory of every kind: a page of 1G, guest_memfd. Each against what the VMM knows of it, and against the CPU.
. /test/lib.sh
. /test/layout.sh

M=mmuscope
T=/tmp/t
mkdir -p $T

check "load" $M load /test/mmuscope.ko
[ -d /sys/kernel/debug/mmuscope ] || finish
mode=$($M status | awk '$1 == "mode" { sub(",", "", $2); print $2 }')
echo 16 >/proc/sys/vm/nr_hugepages
cat /sys/kernel/debug/mmuscope/host/cpu0/regs >$T/regs
id() {
	echo $(($(awk -v r="$1" '$1 == r { print $2 }' $T/regs) >> $2 & 15))
}

# agree NAME VM LAYOUT: AT on the guest's behalf, for some of its pages and for all that are one of a kind
agree() {
	[ "$mode" = vhe ] || return 0
	awk '/^s1/ { print $3 }' "$3" | awk 'NR % 40 == 1 || /^0x(1[0-9a-f]{8}|e[0-9a-f]{7})$/' >$T/va
	n=$(wc -l <$T/va)
	for op in s12e1r s12e1w s12e0r; do
		$M at $op "$2" --hardware --from $T/va >$T/at 2>$T/err
		is "$1: at $op --hardware agrees for $n addresses" "$(tail -n 1 $T/at)" "$n agree, 0 differ, 0 unreadable"
		grep -B 4 '^DIFFERS' $T/at | head -n 20 | diag
	done
}

# Of each answer whether it is a fault, which one, or else the address: "predicted" against "hardware"
same_place() {
	awk '
	function place(par,   n, fault) {
		n = length(par)
		fault = index("13579bdf", substr(par, n)) > 0
		return fault ? substr(par, n - 3) : substr(par, 5, n - 7)
	}
	$1 == "predicted" { predicted = place($3) }
	$1 == "hardware" { asked++; differ += place($3) != predicted }
	END { print asked + 0, differ + 0 }' $T/at
}

# Leaves of stage 1 as "VA WORD OUTPUT", one for each word: a large page or a supersection has sixteen
known_words() {
	awk "$awk_hex"'/^s1 / {
		size = hex($7)
		n = short && (size == 65536 || size == 16777216) ? 16 : 1
		for (i = 0; i < n; i++)
			printf "%.0f %s %.0f\n", hex($3) + i * size / n, $9, hex($5) + i * size / n
	}' short="$2" "$1" | sort
}

seen_words() {
	leaves | awk "$awk_hex"'{ printf "%.0f %s %.0f\n", hex($1), $3, hex($4) }' | sort
}

#
# Tables of the other byte order
#
for granule in $(cpu_granules $T/regs); do
	[ "$(id ID_AA64MMFR0_EL1 8)" = 1 ] || { echo "# big-endian: this CPU has none"; break; }
	name=be$granule
	start_tiny $name --big-endian --granule "$granule" --vcpu spin || { not_ok "guest $name starts"; continue; }
	vm=$(tiny_pid $name)
	layout=/run/tiny/$name/layout
	known_stage1 "$layout" | sort >$T/known
	$M dump "$vm" --stage 1 --tree >$T/dump
	noaf=$(awk '/^s1 .*EL1 af/ { print $9 }' "$layout")
	seen_stage1 <$T/dump | grep -v " $noaf " >$T/seen
	check "big-endian, ${granule}K: stage 1 is the VMM's, word for word ($(wc -l <$T/known))" diff $T/known $T/seen
	agree "big-endian, ${granule}K" "$vm" "$layout"
	stop_tiny $name
done

#
# AArch32
#
for format in long short; do
	[ "$(id ID_AA64PFR0_EL1 4)" = 2 ] || { echo "# AArch32: EL1 of this CPU has none"; break; }
	start_tiny $format --aarch32 $format --vcpu spin || { not_ok "guest $format starts"; continue; }
	vm=$(tiny_pid $format)
	layout=/run/tiny/$format/layout
	short=0
	[ $format = long ] || short=1
	known_words "$layout" $short >$T/known
	check "AArch32, $format: dump of stage 1" sh -c "$M dump $vm --stage 1 --tree >$T/dump"
	seen_words <$T/dump >$T/seen
	check "it is the VMM's, word for word ($(wc -l <$T/known))" diff $T/known $T/seen
	known_stage2 "$layout" | sed "$(unknown_right "$layout")" >$T/known
	$M dump "$vm" --stage 2 --tree | seen_stage2 | sed "$(unknown_right "$layout")" >$T/seen
	check "AArch32, $format: stage 2 is the VMM's ($(wc -l <$T/known))" diff $T/known $T/seen
	$M regs "$vm" >$T/out
	for reg in SCTLR TTBCR TTBR0 DACR; do
		check "regs has $reg" grep -q "^$reg = " $T/out
	done
	if [ $short = 0 ]; then
		agree "AArch32, $format" "$vm" "$layout"
	elif [ "$mode" = vhe ]; then
		is "DACR is the VMM's" "$($M regs "$vm" --raw | sed -n 's/^DACR32_EL2 //p')" 0xd
		# The emulator has no attributes for short descriptors (its get_phys_addr_v6()), so the rest alone
		awk '/^s1/ { print $3 }' "$layout" | awk 'NR % 20 == 1 || /^0xe/' >$T/va
		n=$(wc -l <$T/va)
		for op in s12e1r s12e1w s12e0r s12e0w; do
			$M at $op "$vm" --hardware --from $T/va >$T/at 2>$T/err
			is "AArch32, short: at $op --hardware leads to the same places ($n)" "$(same_place)" "$n 0"
		done
	fi
	stop_tiny $format
done

#
# Memory
#
pool=/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages
if [ -e $pool ]; then
	# Later there is seldom a free one: tests/vm/check asks the kernel for it at its start
	check "the host has a page of 1G" grep -qx 1 $pool
	start_tiny gigantic --gigantic || not_ok "guest gigantic starts"
	vm=$(tiny_pid gigantic)
	layout=/run/tiny/gigantic/layout
	pa=$(sed -n 's/^s2 IPA 0x200000000 SIZE 0x40000000 PA \(0x[0-9a-f]*\) .*/\1/p' "$layout")
	$M dump "$vm" --stage 2 --tree | seen_stage2 | grep '^0x200000000 ' >$T/seen
	# KVM makes no blocks of 64G, which level 1 would be with 16K: there it is 32 of 32M
	level=1 blocks=1
	[ "$(host_page "$layout")" = 4096 ] || level=2 blocks=32
	is "a page of 1G begins with a block of level $level" "$(cut -d' ' -f1-3 $T/seen)" "0x200000000 $level $pa"
	is "and is 1G in a merged dump" "$($M dump "$vm" --stage 2 | awk '/^0x0*200000000-/ { print $3, $4, $5 }')" \
		"1G $level $blocks"
	$M walk "$vm" 0x23fffffff >$T/out
	check "walk to its last byte" grep -q "0x0*$(printf '%x' $((pa + 0x3fffffff)))" $T/out
	agree "gigantic" "$vm" "$layout"
	stop_tiny gigantic
else
	echo "# this host has no pages of 1G"
fi
# guest_memfd that the VMM can map is of 6.18; what has none says so when it is asked for
if start_tiny memfd --guest-memfd >$T/out 2>&1; then
	vm=$(tiny_pid memfd)
	layout=/run/tiny/memfd/layout
	known_stage2 "$layout" | sed "$(unknown_right "$layout")" >$T/known
	$M dump "$vm" --stage 2 --tree | seen_stage2 | sed "$(unknown_right "$layout")" >$T/seen
	check "guest_memfd: stage 2 is the VMM's ($(grep -c '^0xd80' $T/known) pages of it)" diff $T/known $T/seen
	check "there are some" grep -q '^0xd8000000 3' $T/seen
	check "audit: the VMM's own tables lead to the same pages" $M audit "$vm" --check vmm-mismatch
	stop_tiny memfd
else
	check "no guest_memfd, says this host" grep -q 'no guest_memfd' $T/out
fi

#
# As many vCPUs as there are programs to run
#
start_tiny eight --vcpu spin --vcpu spin --vcpu ttbr --vcpu off --vcpu wfi --vcpu none --vcpu spin --vcpu touch --flux ||
	not_ok "guest eight starts"
vm=$(tiny_pid eight)
is "list: eight vCPUs" "$($M list | awk -v p="$vm-" 'index($1, p) == 1 { print $4 }')" 8
tiny_cmd eight pause >/dev/null
tiny_cmd eight regs | awk '$3 == "TTBR0_EL1" { print $2, $4 }' >$T/known
for i in 0 1 2 3 4 5 6 7; do
	echo "$i $($M regs "$vm:$i" --raw 2>/dev/null | awk '$1 == "TTBR0_EL1" { print $2 }')"
done >$T/seen
check "TTBR0_EL1 of each is the one that KVM gives the VMM" diff $T/known $T/seen
stop_tiny eight
check "unload" $M unload
finish
