# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Shared by the bash scripts of the rig: where things lie, and how it speaks.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
vmdir=${MMUSCOPE_VMDIR:-$top/build/vm}
rig=$top/tests/vm
me=${0##*/}

# The kernels of the rig, by the series that --kernel names, and those that only the matrix takes.
kernels="6.1 6.12"
more_kernels="7.3 6.12-16k"
# Those that tests/vm/build-debug-kernel builds
own_kernels="debug ptdump ptdump-16k"

# What test-kinds.sh wants of tests/vm/run: a page of 1G is there at the start or never
kinds=(--memory 5120 --cmdline "hugepagesz=1G hugepages=1")

say() { printf '%s: %s\n' "$me" "$*"; }
warn() { printf '%s: %s\n' "$me" "$*" >&2; }
die() { warn "$*"; exit 3; }

# The version that fetch resolved for a series, e.g. 6.1 -> 6.1.0-50-arm64.
kernel_version() {
	cat "$vmdir/kernel-$1/version" 2>/dev/null && return
	case " $more_kernels " in
	*" $1 "*) die "no kernel $1 in $vmdir: run tests/vm/fetch $1 first" ;;
	esac
	case " $own_kernels " in
	*" $1 "*) die "no kernel $1 in $vmdir: run tests/vm/build-debug-kernel $1 first" ;;
	esac
	die "no kernel $1 in $vmdir: run tests/vm/fetch first"
}

# GNU triplet prefix of the tools that make arm64 code; empty on arm64 itself.
cross_prefix() {
	[ "$(uname -m)" = aarch64 ] || echo aarch64-linux-gnu-
}
