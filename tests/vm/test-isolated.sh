# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Three real guests are isolated from each other and from the host: live, and in a snapshot.
. /test/lib.sh

M=/usr/bin/mmuscope
T=/tmp/t
mkdir -p $T

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
stage "three guests"
for name in alpha beta gamma; do
	start_guest $name 1 160
done
for name in alpha beta gamma; do
	check "$name boots" wait_guest $name 240
done
stage "audit"
# A guest that has just booted is not quiet at once
i=0
while [ $i -lt 5 ]; do
	audit
	[ "$status" != 0 ] || break
	i=$((i + 1))
	sleep 2
done
is "three guests are isolated" "$status" 0
cat $T/out
show
is "three verdicts" "$(grep -cE '^verdict +VM .*(alpha|beta|gamma)\): (isolated|shared by design)' $T/out)" 3
check "JSON" sh -c "$M --json audit | grep -q '\"verdict\": \"\\(isolated\\|shared by design\\)\"'"
check "a file for the node exporter" $M audit --format prometheus -o $T/audit.prom
check "it has the verdict" grep -qE '^mmuscope_audit_verdict\{verdict="(isolated|shared by design)"\} 1' $T/audit.prom
stage "snapshot"
check "a snapshot with what the VMMs have" $M snapshot --vmm -o $T/three.snap
$M --snapshot $T/three.snap audit >$T/out 2>$T/err
is "it is judged alike" "$?" 0
show
for name in alpha beta gamma; do
	stop_guest $name
done
finish
