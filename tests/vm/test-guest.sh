# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# A real Linux guest under QEMU, seen by mmuscope: named, read, walked, dumped, and the CPU asked.
. /test/lib.sh

M=/usr/bin/mmuscope
T=/tmp/t
mkdir -p $T

# quiet COMMAND...: its output only
quiet() {
	"$@" 2>/dev/null
}

# sum_of NAME: the closing line of "at --from"
sum_of() {
	tail -n 1 "$1"
}

# sample N: at most N of the lines, evenly spread
sample() {
	awk -v n="$1" '{ l[NR] = $0 }
		END { s = NR > n ? NR / n : 1; for (i = 1; i <= NR && c < n; i += s) { print l[int(i)]; c++ } }'
}

#
# Before there is anything to see
#
check_status "module not loaded: exit status 3" 3 $M list
$M list 2>$T/err
check "module not loaded: the message says what to do" grep -q 'mmuscope load' $T/err
check "load" $M load /test/mmuscope.ko
[ -d /sys/kernel/debug/mmuscope ] || finish
check_status "load twice is refused" 3 $M load /test/mmuscope.ko
check "insmod twice is refused by the kernel" sh -c '! insmod /test/mmuscope.ko'
check "status" $M status
quiet $M status >$T/status
check "status: every offset is right by the kernel's BTF" grep -qE '^offsets +[0-9]+ right, by' $T/status
is "no VM: list is empty and that is no error" "$(quiet $M list | wc -l)" 1
check_status "no VM: a walk says so" 3 $M walk nobody 0x1000
umount /sys/kernel/debug
check_status "debugfs not mounted: exit status 3" 3 $M list
$M list 2>$T/err
check "debugfs not mounted: the message says what to do" grep -q 'mount -t debugfs' $T/err
mount -t debugfs debugfs /sys/kernel/debug
cp $M /tmp/mmuscope
echo 'nobody:x:65534:65534:nobody:/:/bin/sh' >/etc/passwd
check_status "not root: exit status 3" 3 start-stop-daemon -S -c nobody -x /tmp/mmuscope -- list
start-stop-daemon -S -c nobody -x /tmp/mmuscope -- list 2>$T/err
check "not root: the message says so" grep -q root $T/err

# stage WHAT: how long each part takes, for people who read the log
stage() {
	echo "# $(cut -d' ' -f1 /proc/uptime) s: $*"
}

#
# A guest that keeps its first vCPU busy in user space: the CPU can be asked only while it runs the guest
#
stage boot a guest
start_guest alpha 2 256
check "the guest boots" wait_guest alpha 180
guest_cmd alpha "echo 1 >/proc/sys/kernel/kptr_restrict"
# A sample is taken in the guest: all of it would take minutes to come over
guest_cmd alpha "awk 'NR % 900 == 1 || / (linux_banner|_etext)\$/ || /\[/' /proc/kallsyms" >$T/kallsyms
guest_cmd alpha "cat /proc/vmallocinfo" >$T/vmallocinfo
spin0=$(guest_cmd alpha "spin 0")
pid=$(guest_pid alpha)
quiet $M list >$T/list
cat $T/list
check "list names the guest by its QEMU name, though it started after the module" \
	grep -qE "^$pid-[0-9]+ +alpha " $T/list
check "list --json" sh -c "$M --json list | grep -q '\"alpha\"'"
check "by name" $M regs alpha
check "by pid" $M regs "$pid"
check "by pid-fd and vCPU" $M regs "$(awk '/ alpha / { print $1 }' $T/list):1"
check "by VMID" $M regs "vmid:$(awk '/ alpha / { print $3 }' $T/list)"
check_status "vCPU out of range" 2 $M regs alpha:7
check_status "unknown VM" 3 $M regs beta
check_status "VA that is no number" 2 $M walk alpha 12x4
check_status "register that does not exist" 2 $M regs alpha FOO_EL1
check_status "non-canonical VA is a fault, not an error" 1 $M walk alpha 0x0123456789abcdef

#
# Addresses of every kind, for AT
#
stage collect addresses
guest_cmd alpha "cat /proc/$spin0/maps" >$T/maps
quiet $M dump alpha:0 --stage 1 >$T/dump1
is "dump --stage 1" $? 0
awk '$2 ~ /^[tTdDbBrR]$/ && $4 == "" { print "0x" $1 }' $T/kallsyms | sample 60 >$T/image
awk '$4 ~ /^\[/ { print "0x" $1 }' $T/kallsyms | sample 30 >$T/modules
sed -n 's/^\(0x[0-9a-f]*\)-.*/\1/p' $T/vmallocinfo | sample 40 >$T/vmalloc
sed -n 's/^\([0-9a-f]*\)-.*/0x\1/p' $T/maps | sample 20 >$T/user
# The linear map lies lowest in the upper half
awk '/^0xf/ { print substr($1, 1, 18) }' $T/dump1 | sort | head -n 40 | sample 25 >$T/linear
awk '/^0x/ { print substr($1, 1, 18) }' $T/dump1 | sample 60 >$T/any
# Each must be there, or the test tests less than it says
for kind in image modules vmalloc user linear any; do
	check "there are addresses of kind $kind ($(wc -l <$T/$kind))" test -s $T/$kind
done
cat $T/image $T/modules $T/vmalloc $T/user $T/linear $T/any >$T/all
# and some where nothing is
printf '0x%s\n' 1000 ffff000000000000 ffffffffffffffff dead00000000 ffff7fffffffe000 >>$T/all
n=$(wc -l <$T/all)
check "at least 200 addresses ($n)" test "$n" -ge 200

stage ask the CPU
for op in s12e1r s12e0w s1e1w; do
	guest_cmd alpha true >/dev/null
	quiet $M at $op alpha:0 --hardware --from $T/all >$T/at
	is "at $op --hardware agrees for all $n guest addresses" "$(sum_of $T/at)" "$n agree, 0 differ, 0 unreadable"
	grep -B 4 '^DIFFERS' $T/at | head -n 40 | diag
	[ "$op" != s12e1r ] || {
		check "of them some are mapped ($(grep -c 'F 0:' $T/at))" grep -q 'F 0:' $T/at
		check "and some fault ($(grep -c 'F 1:' $T/at))" grep -q 'F 1:' $T/at
	}
done

stage the host
# The host's own kernel; real addresses are for CAP_SYSLOG, not for everybody
echo 1 >/proc/sys/kernel/kptr_restrict
awk 'NR % 1200 == 1 && $4 == "" { print "0x" $1 }' /proc/kallsyms | sample 40 >$T/host
sed -n 's/^\(0x[0-9a-f]*\)-.*/\1/p' /proc/vmallocinfo | sample 15 >>$T/host
n=$(wc -l <$T/host)
check "at least 50 host addresses ($n)" test "$n" -ge 50
quiet $M at s1e1r host --hardware --from $T/host >$T/at
is "at s1e1r --hardware agrees for all $n host addresses" "$(sum_of $T/at)" "$n agree, 0 differ, 0 unreadable"
grep -B 4 '^DIFFERS' $T/at | head -n 40 | diag
check "walk host: a kernel function" $M walk host "$(head -n 1 $T/host)"
check "walk pid:N: a page of a process" $M walk "pid:$pid" \
	"0x$(awk '/qemu-system/ { split($1, a, "-"); print a[1]; exit }' "/proc/$pid/maps")"

#
# What is in memory
#
stage read
banner=$(awk '$3 == "linux_banner" { print "0x" $1 }' $T/kallsyms)
version=$(guest_cmd alpha "cat /proc/version")
if [ -n "$banner" ]; then
	is "read of linux_banner prints /proc/version" \
		"$(quiet $M read alpha "$banner" ${#version} --raw)" "$version"
else
	# A kernel without data in its kallsyms: the banner is looked for where rodata is, piece by piece since parts
	# that the guest never touched have nothing behind them
	va=$(awk '$3 == "_etext" { print "0x" $1 }' $T/kallsyms)
	end=$((va + 0x1000000))
	found=
	while [ $((va)) -lt $end ] && [ -z "$found" ]; do
		quiet $M read alpha "$(printf '0x%x' $((va)))" 0x10200 --raw >$T/rodata
		found=$(strings -t x $T/rodata | grep -F "$version" | awk '{ print "0x" $1; exit }')
		[ -n "$found" ] || va=$((va + 0x10000))
	done
	is "read of linux_banner prints /proc/version" \
		"$(quiet $M read alpha "$(printf '0x%x' $((va + ${found:-0})))" ${#version} --raw)" "$version"
fi
va=$(head -n 1 $T/image)
$M walk alpha "$va"
check "walk of a kernel symbol" $M walk alpha "$va"
check "walk --json" $M --json walk alpha "$va"
check "walk from stage 2: the start of RAM" $M walk alpha ipa:0x40200000
check_status "IPA with nothing behind it is a fault" 1 $M walk alpha ipa:0x0
check "dump --stage 2" $M dump alpha
check "dump --stage both" $M dump alpha --stage both
check "dump --tree" $M dump alpha --tree
check_status "range reversed" 2 $M dump alpha --range 0x50000000-0x40000000
check_status "range unaligned" 2 $M dump alpha --range 0x40000001-0x50000000
$M dump alpha --stage 1 >/dev/full 2>$T/err
is "disk full: exit status 3" $? 3
check "disk full: the message says so" grep -q 'No space left' $T/err

#
# The end of a guest, and of the module
#
check "a file held open pins the module" sh -c '
	exec 3<'"/sys/kernel/debug/mmuscope/vm/$(awk '/ alpha / { print $1 }' $T/list)/stage2"'
	! rmmod mmuscope 2>/dev/null'
stage the end
dir=/sys/kernel/debug/mmuscope/vm/$(awk '/ alpha / { print $1 }' $T/list)
exec 4<"$dir/mem"
stop_guest alpha
dd bs=4096 count=1 <&4 >/dev/null 2>$T/err
check "a VM that ends while a file is open: ESTALE" grep -qi 'stale' $T/err
exec 4<&-
check_status "dead VM: exit status 3" 3 $M walk alpha 0x1000
is "dead VM: the list no longer has it" "$(quiet $M list | grep -c alpha)" 0
check "the dead VM's directory is gone" test ! -e "$dir"
check "unload" $M unload
check "and load again" $M load /test/mmuscope.ko --no-at
check_status "at forbidden by the parameter" 3 $M at s1e1r host --hardware "$(head -n 1 $T/host)"
check "unload again" $M unload

#
# Lockdown, last since there is no way back
#
check "load before lockdown" $M load /test/mmuscope.ko
mount -t securityfs securityfs /sys/kernel/security
echo integrity >/sys/kernel/security/lockdown
check "locked down: what is loaded can be read" $M list
check "locked down: unload" $M unload
check_status "locked down: an unsigned module is refused" 3 $M load /test/mmuscope.ko
$M load /test/mmuscope.ko 2>$T/err
check "locked down: the message says what to do" grep -q 'locked down.*sign' $T/err
finish
