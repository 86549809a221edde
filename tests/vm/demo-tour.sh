# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The tour of make demo, in the KVM host. It ends with 1 if a step did not do what it says.
. /test/lib.sh

failed=0

say() {
	printf '\n\033[1m%s\033[0m\n' "$*"
}

# show COMMAND...: as a user would type it, with what it prints
show() {
	printf '\033[32m# %s\033[0m\n' "$*"
	"$@" || failed=1
}

say "The host: $(uname -srm). The module is loaded into its unmodified kernel."
show mmuscope load /test/mmuscope.ko

say "A Debian guest is booting under QEMU with -accel kvm ..."
start_guest debian 1 256
n=0
wait_guest debian 180 &
waiting=$!
while kill -0 $waiting 2>/dev/null; do
	sleep 1
	n=$((n + 1))
	[ $((n % 5)) != 0 ] || echo "  $n s"
done
wait $waiting || { echo "the guest did not boot"; exit 1; }
version=$(guest_cmd debian "cat /proc/version")
# The banner itself where the guest's kallsyms has it; a kernel without KALLSYMS_ALL lists functions only
symbols=$(guest_cmd debian "awk '/ (linux_banner|vprintk|_text)\$/ { print \"0x\" \$1, \$3 }' /proc/kallsyms")
banner=$(echo "$symbols" | awk '$2 == "linux_banner" { print $1 }')
function=$(echo "$symbols" | awk '$2 == "vprintk" { print $1 }')
guest_cmd debian "spin 0" >/dev/null
echo "  it says: $version"

say "Which VMs are there? It started after the module and is listed all the same."
show mmuscope list

say "How does its vCPU translate? TCR_EL1 at this moment, while the guest runs, field by field:"
show mmuscope regs debian TCR_EL1

say "The guest's kernel function vprintk: VA -> IPA -> PA. Each stage-1 word, and below it the stage-2 words that led to it:"
show mmuscope walk debian "$function"

say "Is that so? The CPU is asked by its AT instruction, in the guest's own regime, and both answers are compared:"
show mmuscope at s12e1r debian "$function" --hardware

if [ -n "$banner" ]; then
	say "The guest's linux_banner, read through both stages of its tables:"
	show mmuscope read debian "$banner" 0x60
fi

say "All that stage 2 maps, merged into ranges:"
show mmuscope dump debian --stage 2

mmuscope unload >/dev/null || failed=1
stop_guest debian
exit $failed
