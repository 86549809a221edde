# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Isolation, live: guests that share a mapping on purpose, guests whose pages were merged.
. /test/lib.sh

M=/usr/bin/mmuscope
T=/tmp/t
mkdir -p $T
echo 16 >/proc/sys/vm/nr_hugepages

stage() {
	echo "# $(cut -d' ' -f1 /proc/uptime) s: $*"
}

# audit OPTION...: into $T/out and $T/err, the status in $status
audit() {
	$M audit "$@" >$T/out 2>$T/err
	status=$?
}

show() {
	grep -v '^notice' $T/out | head -n 30 | diag
	awk '/^notice/ { n[$2]++ } END { for (i in n) print "notice", i, n[i] }' $T/out | diag
	head -n 5 $T/err | diag
}

check "load" $M load /test/mmuscope.ko
audit
is "no VM: isolated" "$status" 0

# tiles VM OTHER FIRST END: the findings of VM with OTHER are of all IPAs of the slot, once, and each of the same IPA in
# OTHER. They are as many as the file has pieces of memory that lie together, which is the host's affair.
tiles() {
	at=$3
	grep -E "^violated +overlap-writable VM $1-[0-9]+ IPA .*with VM $2-[0-9]+ at IPA " $T/out |
		sed -E 's/.* IPA (0x[0-9a-f]+)-(0x[0-9a-f]+) PA .* at IPA (0x[0-9a-f]+) .*/\1 \2 \3/' | sort >$T/pieces
	while read -r from to there; do
		[ $((from)) = $((at)) ] && [ $((there)) = $((from)) ] || return 1
		at=$to
	done <$T/pieces
	[ $((at)) = $(($4)) ]
}

#
# Two guests with one mapping, then one of them may only read it
#
for how in "" --share-readonly; do
	stage "two guests that share${how:+, one of them for reading}"
	rm -f /tmp/pages
	start_tiny one --share /tmp/pages
	start_tiny two --share /tmp/pages $how
	audit
	is "a shared mapping is violated" "$status" 1
	show
	# All pages of the slot, by the layout, in each of the two
	slot=$(awk '/^slot .* shared$/ { print $4, $6 }' /run/tiny/one/layout)
	ipa=${slot% *}
	end=$(printf '0x%x' $((ipa + ${slot#* })))
	for name in one two; do
		vm=$(tiny_pid $name)
		other=$(tiny_pid one)
		[ $name != one ] || other=$(tiny_pid two)
		check "$name is named, with the other, to the page" \
			tiles "$vm" "$other" "$ipa" "$end"
	done
	if [ -z "$how" ]; then
		is "writable in both" "$(grep '^violated  *overlap-writable' $T/out | grep -vc ' RW. *, with .* RW[X-]: writable here and there')" 0
	else
		check "writable here, read there" grep -q 'overlap-writable .*writable here, read there' $T/out
		check "and the other way round" grep -q 'overlap-writable .*read here, writable there' $T/out
	fi
	is "nothing else is violated" "$(grep '^violated' $T/out | grep -vc overlap-writable)" 0
	stop_tiny one
	stop_tiny two
done

#
# Pages that the kernel merged
#
if [ -d /sys/kernel/mm/ksm ]; then
	stage "same-page merging"
	echo 2000 >/sys/kernel/mm/ksm/pages_to_scan
	echo 0 >/sys/kernel/mm/ksm/sleep_millisecs
	echo 1 >/sys/kernel/mm/ksm/run
	start_tiny one --mergeable
	start_tiny two --mergeable
	merged() { [ "$(cat /sys/kernel/mm/ksm/pages_sharing)" -ge 100 ]; }
	wait_for 30 merged
	check "pages are merged ($(cat /sys/kernel/mm/ksm/pages_sharing))" merged
	echo 0 >/sys/kernel/mm/ksm/run
	# What was merged is not in stage 2 until it is read again
	i=0
	while [ $i -lt 10 ]; do
		audit
		grep -q overlap-readonly $T/out && break
		sleep 1
		i=$((i + 1))
	done
	is "merged pages: no violation" "$status" 0
	show
	check "merged pages are read-only sharing" grep -qE '^shared +overlap-readonly .*with VM .*R-' $T/out
	check "the verdict lists it as by design" grep -q '^verdict  *shared by design' $T/out
	stop_tiny one
	stop_tiny two
fi

finish
