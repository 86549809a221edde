# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# A host whose KVM is off: the module says so and does not load.
. /test/lib.sh

check "KVM is off" test ! -e /dev/kvm
check_status "load: exit status 3" 3 mmuscope load /test/mmuscope.ko
mmuscope load /test/mmuscope.ko 2>/tmp/err
check "load: the message names KVM" grep -q KVM /tmp/err
diag </tmp/err
check "the kernel's log says it too" sh -c "dmesg | grep -q 'mmuscope: .*KVM'"
check "nothing is left behind" test ! -e /sys/kernel/debug/mmuscope
finish
