# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# For the scripts that run in the KVM host: counting tests, and guests.
#
#	. /test/lib.sh
#	check "the module loads" mmuscope load
#	finish

passed=0
failed=0

ok() {
	passed=$((passed + 1))
	echo "ok - $*"
}

not_ok() {
	failed=$((failed + 1))
	echo "not ok - $*"
}

# What a failed test saw, indented below it
diag() {
	sed 's/^/#   /'
}

# check NAME COMMAND...: passes if the command succeeds; shows its output if not
check() {
	local name=$1
	shift
	if "$@" >/tmp/check.out 2>&1; then
		ok "$name"
	else
		not_ok "$name (status $? of: $*)"
		diag </tmp/check.out
	fi
}

# check_status NAME STATUS COMMAND...: passes if it exits with just that
check_status() {
	local name=$1 want=$2 got=0
	shift 2
	"$@" >/tmp/check.out 2>&1 || got=$?
	if [ "$got" = "$want" ]; then
		ok "$name"
	else
		not_ok "$name (status $got, not $want, of: $*)"
		diag </tmp/check.out
	fi
}

# is NAME GOT WANTED
is() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1"
		printf 'got    %s\nwanted %s\n' "$2" "$3" | diag
	fi
}

# wait_for SECONDS COMMAND...: until it succeeds
wait_for() {
	local left=$(($1 * 5))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$left" -gt 0 ] || return 1
		left=$((left - 1))
		sleep 0.2
	done
}

# The last thing that a script does: the sum, and the status that tests/vm/run
# exits with
finish() {
	echo "$passed passed, $failed failed"
	[ "$failed" = 0 ]
	exit
}
