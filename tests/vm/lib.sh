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

#
# Guests: real Linux under arm64 QEMU with -accel kvm. Each has a name, which
# QEMU gets as its own; what belongs to it lies in /run/guest/NAME.
#

# start_guest NAME [CPUS [MIB [QEMU-OPTION...]]]: returns before it has booted
start_guest() {
	local name=$1 cpus=${2:-1} mem=${3:-256} dir=/run/guest/$1
	[ -e /guest/Image ] || {
		echo "start_guest: this run brought no guest: give tests/vm/run --guest" >&2
		return 1
	}
	shift
	[ $# -lt 1 ] || shift
	[ $# -lt 1 ] || shift
	mkdir -p "$dir"
	rm -f "$dir/port.in" "$dir/port.out"
	mkfifo "$dir/port.in" "$dir/port.out"
	qemu-system-aarch64 -name "$name" -M virt,gic-version=3 -accel kvm -cpu host \
		-smp "$cpus" -m "$mem" -nodefaults -display none -monitor none \
		-serial "file:$dir/console" -device virtio-serial-device \
		-chardev pipe,id=port,path="$dir/port" \
		-device virtserialport,chardev=port,name=port \
		-kernel /guest/Image -initrd /guest/initrd \
		-append "console=ttyAMA0 quiet loglevel=4 panic=-1 no_hash_pointers" \
		"$@" >"$dir/qemu.log" 2>&1 </dev/null &
	echo $! >"$dir/pid"
}

guest_pid() {
	cat "/run/guest/$1/pid"
}

# The answer to one command, as far as its closing line; times out
guest_answer() {
	local name=$1 seconds=$2 dir=/run/guest/$1
	rm -f "$dir/status"
	# Not sed: busybox's reads one line ahead, and there is none
	timeout "$seconds" awk -v status="$dir/status" \
		'/^@@done / { print $2 >status; exit } { print }' "$dir/port.out"
	[ -s "$dir/status" ] || {
		echo "guest $name: no answer in $seconds s" >&2
		tail -n 5 "$dir/console" "$dir/qemu.log" >&2
		return 124
	}
	return "$(cat "$dir/status")"
}

# wait_guest NAME [SECONDS]: until it has booted and takes commands
wait_guest() {
	guest_answer "$1" "${2:-120}"
}

# guest_cmd NAME COMMAND-LINE: runs in the guest's shell; its output, its status
guest_cmd() {
	local name=$1
	shift
	printf '%s\n' "$*" >"/run/guest/$name/port.in"
	guest_answer "$name" 60
}

stop_guest() {
	local pid
	pid=$(guest_pid "$1") || return
	kill "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	rm -rf "/run/guest/$1"
}

#
# Guests of our own, whose memory and tables are known: see tinyvmm --help.
# What belongs to one lies in /run/tiny/NAME; "layout" there is what it printed
# when it was ready.
#

# start_tiny NAME [OPTION...]: returns once the guest runs
start_tiny() {
	local name=$1 dir=/run/tiny/$1
	shift
	mkdir -p "$dir"
	rm -f "$dir/in" "$dir/out"
	mkfifo "$dir/in"
	: >"$dir/out"
	# The second writer keeps the pipe open between two commands
	sleep 1000000 >"$dir/in" &
	echo $! >"$dir/holder"
	tinyvmm --name "$name" "$@" <"$dir/in" >"$dir/out" 2>"$dir/log" &
	echo $! >"$dir/pid"
	# A second where the host is fast; minutes where it has no VHE and little of the machine
	wait_for 150 tiny_began "$dir"
	grep -q '^ready' "$dir/out" || {
		kill "$(cat "$dir/pid")" "$(cat "$dir/holder")" 2>/dev/null
		echo "tinyvmm $name does not come up" >&2
		tail -n 5 "$dir/out" "$dir/log" >&2
		return 1
	}
	grep -v '^ready' "$dir/out" >"$dir/layout"
}

# It is ready, or has ended (nobody has waited for it yet)
tiny_began() {
	grep -q '^ready' "$1/out" || grep -q '^State:.Z' "/proc/$(cat "$1/pid")/status" || [ ! -e "/proc/$(cat "$1/pid")" ]
}

tiny_pid() {
	cat "/run/tiny/$1/pid"
}

# tiny_cmd NAME COMMAND: one of those that tinyvmm --help names; prints the answer
tiny_cmd() {
	local dir=/run/tiny/$1 from
	from=$(($(wc -l <"$dir/out") + 1))
	echo "$2" >"$dir/in"
	wait_for 30 tiny_answered "$dir/out" "$from" || {
		echo "tinyvmm $1: no answer to $2" >&2
		return 1
	}
	tail -n +"$from" "$dir/out" | grep -v '^done'
	return 0
}

tiny_answered() {
	tail -n +"$2" "$1" | grep -q '^done'
}

stop_tiny() {
	local pid
	pid=$(tiny_pid "$1") || return
	kill "$pid" "$(cat "/run/tiny/$1/holder")" 2>/dev/null
	wait "$pid" 2>/dev/null
	rm -rf "/run/tiny/$1"
}
