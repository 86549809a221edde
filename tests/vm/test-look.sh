# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Commands that look through tables or compare them, on guests whose tables are known: find, stat, dump --filter, diff,
# watch.
. /test/lib.sh
. /test/layout.sh

M=mmuscope
T=/tmp/t
mkdir -p $T

check "load" $M load /test/mmuscope.ko
[ -d /sys/kernel/debug/mmuscope ] || finish
echo 16 >/proc/sys/vm/nr_hugepages

#
# A guest that stands still
#
start_tiny still --vcpu spin || { not_ok "guest still starts"; finish; }
vm=$(tiny_pid still)
layout=/run/tiny/still/layout
known_ranges "$layout" >$T/ranges

$M stat "$vm" >$T/stat
is "stat" $? 0
is "stat: as many bytes as the VMM mapped" "$(awk '/^mapped/ { print $2 }' $T/stat)" "$(sum_of_ranges <$T/ranges)K"
is "stat: as many descriptors" "$(awk '/^mapped/ { print $4 }' $T/stat)" "$(known_stage2 "$layout" | wc -l)"

# A page, a block and what is beyond the last one: each has one IPA
known_stage2 "$layout" >$T/known
{ awk '$2 == 3 { print; n++ } n == 5 { exit }' $T/known; awk '$2 == 2 { print; n++ } n == 2 { exit }' $T/known; } >$T/some
wrong=0
while read -r ipa level pa rights; do
	$M find "$pa" --vm "$vm" >$T/out 2>$T/err
	awk -v ipa="$ipa" '$2 == "stage" && $3 == 2 { sub(/^0x0*/, "0x", $5); if ($5 == ipa) found++; else other++ }
		END { exit !(found == 1 && !other) }' $T/out ||
		{ wrong=$((wrong + 1)); echo "$pa at $ipa, level $level, $rights" | diag; diag <$T/out; }
done <$T/some
is "find: each of $(wc -l <$T/some) PAs is at its IPA in stage 2, and nowhere else" $wrong 0
s1=$(awk '/^s1 .*EL1 rw/ { print $3, $5; exit }' "$layout")
va=${s1% *}
$M find "va:$va" --in "$vm" >$T/out 2>$T/err
check "find: a VA of the guest is found by its PA ($va)" sh -c "sed 's/ 0x0*/ 0x/g' $T/out | grep -q 'TTBR[01]_EL1 vCPU 0 *$va '"
host=$($M walk "$vm" "$va" | sed -n 's/^PA *0x0*\([0-9a-f]*\).*/0x\1/p')
check_status "find: a PA that no guest has" 1 $M find 0x1000 --vm "$vm"

filter() {
	$M dump "$vm" --stage 2 --filter "$1" >$T/out 2>$T/err
}
filter "level = 3"
is "filter: pages" "$(awk '/^0x/ { n += $5 } END { print n + 0 }' $T/out)" "$(grep -c ' 3 ' $T/known)"
filter "not level = 3"
is "filter: blocks" "$(awk '/^0x/ { n += $5 } END { print n + 0 }' $T/out)" "$(grep -c ' 2 ' $T/known)"
page=$(awk '$2 == 3 { print $3; exit }' $T/known)
filter "pa = $page"
is "filter: one PA is in one range" "$(grep -c '^0x' $T/out)" 1
filter "pa = ${host:-0}"
is "filter: and so is that of a VA" "$(grep -c '^0x' $T/out)" 1
filter "not r"
is "filter: nothing that may not be read" "$(grep -c '^0x' $T/out)" 0

tiny_cmd still pause >/dev/null
$M snapshot -o $T/still.mms "$vm" >$T/out 2>$T/err
check_status "diff: a guest that stands still is the same" 0 $M diff $T/still.mms live "$vm"
stop_tiny still

#
# A guest whose pages come and go in one slot
#
if start_tiny flux --vcpu touch --vcpu spin --flux; then
	vm=$(tiny_pid flux)
	flux=$(awk '/^flux IPA/ { print $3 }' /run/tiny/flux/layout)
	prefix=$(printf '0x%016x' "$flux" | cut -c 1-12)
	tiny_cmd flux pause >/dev/null
	$M snapshot -o $T/before.mms "$vm" >$T/out 2>$T/err
	is "snapshot" $? 0
	tiny_cmd flux resume >/dev/null
	changed() {
		$M diff $T/before.mms live "$vm" >$T/diff 2>$T/err
		grep -q '^[-+!] .* stage 2 0x' $T/diff
	}
	check "diff: what came and went is told" wait_for 20 changed
	is "diff: it is all in that slot ($(grep -c '^[-+!] .* stage 2 0x' $T/diff) ranges)" \
		"$(grep '^[-+!] .* stage 2 0x' $T/diff | grep -v " stage 2 $prefix" | head -n 5)" ""
	tiny_cmd flux pause >/dev/null
	$M snapshot -o $T/after.mms "$vm" >$T/out 2>$T/err
	$M diff $T/before.mms live "$vm" >$T/live 2>$T/err
	$M diff $T/before.mms $T/after.mms "$vm" >$T/files 2>$T/err
	sed 1d $T/live >$T/a
	sed 1d $T/files >$T/b
	check "diff: against the host and against a snapshot of it are one" cmp $T/a $T/b
	# by the two dumps, page by page
	$M --snapshot $T/before.mms dump --tree | seen_stage2 >$T/a
	$M --snapshot $T/after.mms dump --tree | seen_stage2 >$T/b
	sort $T/a $T/b | uniq -u | cut -d' ' -f1 | sort -u >$T/pages
	# "appeared SIZE in N, gone SIZE in N, changed SIZE in N"
	is "diff: as many pages as the dumps differ in" \
		"$(sed -n 's/.*: appeared \([0-9]*\)K\? in .*, gone \([0-9]*\)K\? in .*, changed \([0-9]*\)K\? in .*/\1 \2 \3/p' $T/files |
			awk '{ n += ($1 + $2 + $3) / 4 } END { print n }')" "$(wc -l <$T/pages)"
	tiny_cmd flux resume >/dev/null
	$M watch dump "$vm" --interval 1 --count 4 >$T/out 2>$T/err
	is "watch" $? 0
	check "watch: sees pages come and go" grep -q '^[-+!] .* stage 2 0x' $T/out
	is "watch: in that slot only" "$(grep '^[-+!] .* stage 2 0x' $T/out | grep -v " stage 2 $prefix" | head -n 5)" ""
	stop_tiny flux
else
	not_ok "guest flux starts"
fi

check "unload" $M unload
finish
