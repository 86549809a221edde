# SPDX-License-Identifier: GPL-2.0-only
# What can be in the way on a live host; sourced by tests/cli/run

tree notloaded
rm -r "$tmp/notloaded/sys/module" "$D"
t "module not loaded" 3 - 'not loaded.*mmuscope load' --sysroot "$tmp/notloaded" list
t "module not loaded, walk" 3 - 'not loaded.*mmuscope load' --sysroot "$tmp/notloaded" walk web 0x1000
t "module not loaded, status" 1 'not loaded' 'mmuscope load' --sysroot "$tmp/notloaded" status
j "module not loaded, status in JSON" 1 status '"module" not in d' --sysroot "$tmp/notloaded" status

tree nodebugfs
rm -r "$D"
: >"$tmp/nodebugfs/proc/mounts"
t "debugfs not mounted" 3 - 'debugfs is not mounted: run "mount -t debugfs' --sysroot "$tmp/nodebugfs" list
t "debugfs not mounted, status" 1 'debugfs is not mounted' 'mount -t debugfs' --sysroot "$tmp/nodebugfs" status
echo "debugfs /sys/kernel/debug debugfs rw 0 0" >"$tmp/nodebugfs/proc/mounts"
t "debugfs mounted, no files" 3 - 'debugfs=off' --sysroot "$tmp/nodebugfs" list

if wanted "not root"; then
	tree notroot
	chmod 000 "$D"
	bad=
	nobody "$M" --sysroot "$tmp/notroot" list >"$tmp/out" 2>"$tmp/err"
	status=$?
	[ $status = 3 ] || bad+="status is not 3"$'\n'
	bad+=$(stream "$tmp/out" -; stream "$tmp/err" 'Permission denied: only root may read it')
	result "not root" "$bad"
	nobody "$M" --json --sysroot "$tmp/notroot" status >"$tmp/out" 2>"$tmp/err"
	status=$?
	bad=
	[ $status = 3 ] || bad+="status is not 3"$'\n'
	bad+=$(tests/cli/validate status "$tmp/out" 'd["state"] == "only root can tell"')
	result "not root, status" "$bad"
	chmod 700 "$D"
	chmod 000 "$D/vm/1234-10/vcpu0/regs"
	nobody "$M" --sysroot "$tmp/notroot" walk web 0x1000 >"$tmp/out" 2>"$tmp/err"
	status=$?
	bad=
	[ $status = 3 ] || bad+="status is not 3"$'\n'
	bad+=$(stream "$tmp/out" -)
	result "not root, one file" "$bad"
fi

tree novm
: >"$D/vms"
rm -r "$D/vm/1234-10"
t "no VM, list" 0 '^VM ' - --sysroot "$tmp/novm" list
j "no VM, list in JSON" 0 list 'd["vms"] == []' --sysroot "$tmp/novm" list
t "no VM, walk" 3 - 'no VM is running' --sysroot "$tmp/novm" walk web 0x1000

t "unknown VM" 3 - 'no VM "nosuch".*mmuscope list' "${L[@]}" walk nosuch 0x1000
t "dead VM" 3 - 'no VM "1234-9": it has ended' "${L[@]}" walk 1234-9 0x1000
t "process without a VM" 3 - 'process 77 \(cat\) holds none' "${L[@]}" walk 77 0x1000
t "no such process" 3 - 'no such process' "${L[@]}" walk 4711 0x1000
t "unknown VMID" 3 - 'no VM "vmid:9"' "${L[@]}" walk vmid:9 0x1000
tree ending
rm -r "$D/vm/1234-10"
t "VM that ends between list and walk" 3 - 'it has ended' --sysroot "$tmp/ending" walk web 0x1000
t "VM that ends while listed" 0 '^VM ' - --sysroot "$tmp/ending" list

tree two
cp -a --sparse=always "$D/vm/1234-10" "$D/vm/1234-11"
cp -a --sparse=always "$D/vm/1234-10" "$D/vm/2000-10"
mkdir "$tmp/two/proc/2000"
printf 'qemu-system-aarch64\0-name\0web' >"$tmp/two/proc/2000/cmdline"
printf '1234-10 1234 10 2 qemu\n1234-11 1234 11 2 qemu\n2000-10 2000 10 2 qemu\n' >"$D/vms"
t "ambiguous name" 2 - '"web" fits more than one VM: 1234-10 \(web\), 1234-11 \(web\), 2000-10 \(web\)' \
	--sysroot "$tmp/two" walk web 0x400000
t "ambiguous pid" 2 - 'more than one VM: 1234-10 \(web\), 1234-11' --sysroot "$tmp/two" walk 1234 0x400000
t "ambiguous VMID" 2 - 'more than one VM' --sysroot "$tmp/two" walk vmid:7 0x400000
t "pid-fd is never ambiguous" 0 '^PA  *0x0000000110002000' - --sysroot "$tmp/two" walk 1234-11 0x400000
t "pid of a process with one VM" 0 '^walk  *2000-10:0' - --sysroot "$tmp/two" walk 2000 0x400000

for name in web 1234 1234-10 vmid:7 vmid:0x7 qemu-system-aar web:0 vmid:7:0 1234-10:0; do
	t "a VM by $name" 0 '^walk  *1234-10:0,' - "${L[@]}" walk "$name" 0x400000
done
tree names
while IFS='|' read -r arg name; do
	printf "qemu\0-name\0$arg\0-accel\0kvm\0" >"$tmp/names/proc/1234/cmdline"
	t "name in -name $arg" 3 "^1234-10 +$name " '*' --sysroot "$tmp/names" list
done <<-'END'
	db|db
	guest=db,debug-threads=on|db
	db,process=other|db
	guest=a,,b|a,b
	debug-threads=on|qemu-system-aar
	a\033b|a\?b
END

t "vCPU out of range" 2 - 'has 2 vCPUs, from 0: there is no vCPU 2' "${L[@]}" walk web:2 0x1000
t "vCPU far out of range" 2 - 'there is no vCPU' "${L[@]}" at s12e1r web:99999999999999999999 0x1000
t "vCPU that never ran, VA" 3 - 'has never run' "${L[@]}" walk web:1 0x400000
t "vCPU that never ran, at" 3 - 'has never run' "${L[@]}" at s12e1r web:1 0x400000
t "vCPU that never ran, IPA" 0 '^PA  *0x0000000100000000' - "${L[@]}" walk web:1 ipa:0x40000000
t "vCPU that never ran, stage 2" 3 '0x0000000100000000-0x0000000100200000' 'could not be read' "${L[@]}" dump web:1

tree abi
sed -i 's/abi_version 1/abi_version 2/' "$D/info"
t "other ABI" 3 - 'speaks ABI 2, this program ABI 1: unload it' --sysroot "$tmp/abi" list
t "other ABI, walk" 3 - 'speaks ABI 2, this program ABI 1' --sysroot "$tmp/abi" walk web 0x400000
j "other ABI, status" 1 status 'd["module"]["abi"] == 2' --sysroot "$tmp/abi" status
sed -i '/abi_version/d' "$D/info"
t "no ABI" 3 - 'speaks ABI 0' --sysroot "$tmp/abi" list

tree hidden
sed -i 's/stage2 visible/stage2 hidden/' "$D/vm/1234-10/info"
t "hidden stage 2" 0 'hidden by the hypervisor' - --sysroot "$tmp/hidden" list
j "hidden stage 2 in JSON" 0 list '"root" not in d["vms"][0]' --sysroot "$tmp/hidden" list
t "hidden stage 2, walk" 3 - 'stage 2 is hidden' --sysroot "$tmp/hidden" walk web 0x400000
t "hidden stage 2, dump" 3 - 'stage 2 is hidden' --sysroot "$tmp/hidden" dump web
t "hidden stage 2, at" 3 - 'stage 2 is hidden' --sysroot "$tmp/hidden" at s12e1r web 0x400000

tree short
truncate -s 9000 "$D/vm/1234-10/stage2"
t "stream that ends early" 3 - 'ends before its last record' --sysroot "$tmp/short" dump web
t "stream that ends early, list" 3 'unreadable: it ends before' 'not everything' --sysroot "$tmp/short" list
head -c 4096 /dev/urandom >"$D/vm/1234-10/stage2"
t "stream that is none" 3 - 'not in the format' --sysroot "$tmp/short" dump web

t "target host, lower half" 2 - 'half of processes' "${L[@]}" walk host 0x400000
rm "$D/host/kernel"
t "target host without its tables" 3 - "host's own tables" --sysroot "$tmp/short" walk host 0xffff800008000000
t "target pid: that is no number" 2 - 'not a process id' "${L[@]}" walk pid:x 0x1000
t "read of the host" 2 - 'no memory of the host' "${L[@]}" read host 0xffff800008000000 16
t "dump of the host" 2 - 'one walk at a time' "${L[@]}" dump host
t "at on a process" 2 - 'for a process there is walk' "${L[@]}" at s1e1r pid:77 0x1000
t "target pid:, upper half" 2 - 'the target for it is host' "${L[@]}" walk pid:77 0xffff800008000000
