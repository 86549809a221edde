# SPDX-License-Identifier: GPL-2.0-only
# load, unload: all that can be tested without a kernel to load into; sourced by tests/cli/run

t "module that fits" 0 '^fits .*good.ko' - "${L[@]}" load --dry-run "$I/good.ko"
j "module that fits, JSON" 0 load 'd["offsets"]["right"] == 2 and d["loaded"] is False' "${L[@]}" load --dry-run "$I/good.ko"
t "module for another kernel" 3 - 'built for kernel 6.1.0-49-arm64, this is 6.1.0-50-arm64: rebuild' \
	"${L[@]}" load --dry-run "$I/other-kernel.ko"
t "module built against other headers" 3 - 'kvm.arch.mmu is at 8 for the module and at 16 in this kernel' \
	"${L[@]}" load --dry-run "$I/other-headers.ko"
t "module with a field unknown to BTF" 0 '2 right, 1 unknown' - "${L[@]}" load --dry-run "$I/unknown-field.ko"
tree nobtf
rm "$tmp/nobtf/sys/kernel/btf/vmlinux"
t "kernel without BTF" 0 '0 right, 2 unknown: .*BTF' - --sysroot "$tmp/nobtf" load --dry-run "$I/good.ko"
tree x86
echo x86_64 >"$tmp/x86/proc/sys/kernel/arch"
t "machine that is not arm64" 3 - 'this machine is x86_64' --sysroot "$tmp/x86" load --dry-run "$I/good.ko"
t "module that is not there" 3 - 'No such file' "${L[@]}" load --dry-run "$tmp/nothing.ko"
echo nonsense >"$tmp/nonsense.ko"
t "module that is none" 3 - 'nonsense.ko' "${L[@]}" load --dry-run "$tmp/nonsense.ko"
t "no module to be found" 3 - 'no mmuscope.ko beside the program, nor installed' "${L[@]}" load --dry-run
cp "$I/good.ko" "$tmp/bin/mmuscope.ko"
t "module beside the program" 0 'bin/mmuscope.ko' - "${L[@]}" load --dry-run
rm "$tmp/bin/mmuscope.ko"
t "load into a captured tree" 2 - 'needs --dry-run' "${L[@]}" load "$I/good.ko"
t "unload from a captured tree" 2 - 'has no module' "${L[@]}" unload
t "load: too many" 2 - 'too many' "${L[@]}" load --dry-run a b
tree wrong
sed -i 's/^offset kvm.vtcr 32/offset kvm.vtcr 40/' "$D/info"
t "loaded module that does not fit" 1 '1 right, 1 WRONG' 'kvm.vtcr is at 40 for the module and at 32' --sysroot "$tmp/wrong" status
j "loaded module that does not fit, JSON" 1 status 'd["module"]["offsets"]["wrong"] == 1' --sysroot "$tmp/wrong" status
mkdir -p "$tmp/wrong/sys/kernel/security"
echo "none [integrity] confidentiality" >"$tmp/wrong/sys/kernel/security/lockdown"
t "lockdown is told" 1 'lockdown .*\[integrity\]' '*' --sysroot "$tmp/wrong" status
