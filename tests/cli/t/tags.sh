# SPDX-License-Identifier: GPL-2.0-only
# TLB tags of a forged host; sourced by tests/cli/run

# A host with VHE whose processes use TTBR1_EL2's ASID (TCR_EL2.A1)
host_cpu() {
	mkdir -p "$D/host/cpu$1"
	cat >"$D/host/cpu$1/regs"
}

host_regs='CurrentEL 0x8
SCTLR_EL2 0x1005
TCR_EL2 0x15b5503510
TTBR0_EL2 0x130000000
HCR_EL2 0x488000000
ID_AA64MMFR0_EL1 0x1125
ID_AA64MMFR1_EL1 0x10212122'

tree tags
host_cpu 0 <<END
# guest 1234-10:0
$host_regs
TTBR1_EL2 0x12000131000000
VTCR_EL2 0x800c3558
VTTBR_EL2 0x7000120000001
SCTLR_EL1 0x34d5d91d
TCR_EL1 0x35b5103510
TTBR0_EL1 0x42000040005000
TTBR1_EL1 0x40001000
END
host_cpu 1 <<END
# guest none
$host_regs
TTBR1_EL2 0x4d000131000000
VTCR_EL2 0x800c3558
VTTBR_EL2 0x9000140000000
END
host_cpu 2 <<END
# guest none
$host_regs
TTBR1_EL2 0x14000131000000
VTCR_EL2 0x800c3558
VTTBR_EL2 0x6000120000000
END
host_cpu 3 <<END
# guest none
$host_regs
TTBR1_EL2 0x131000000
VTCR_EL2 0x0
VTTBR_EL2 0x0
END
host_cpu 4 <<END
# guest none
CurrentEL 0x4
SCTLR_EL1 0x1005
TCR_EL1 0x15b5503510
TTBR0_EL1 0x130000000
TTBR1_EL1 0x13000131000000
END
host_cpu 5 <<END
nonsense
END
printf '1 0x20012 init\n77 0x2004d cat\n78 0x10013 an old\none\n79 0x10012 older\n80 0x0 new\nnonsense\n' >"$D/host/processes"
G=(--sysroot "$tmp/tags")
g tags 3 "${G[@]}" tags --processes
rm -r "$D/host/cpu5"
t "tags: all is well" 0 '^1234-10 .* 0x0007 0x1 +current' - "${G[@]}" tags
t "tags of one VM" 0 '^1234-10:0 .* 0x0042 0x0000 TTBR0' - "${G[@]}" tags web
t "tags of no VM" 3 - 'no VM "nosuch"' "${G[@]}" tags nosuch
t "tags: what a TLB holds is not claimed" 0 '^TLB .*cannot be read' - "${G[@]}" tags
j "tags in JSON" 0 tags 'd["hosts"][0]["vms"][0]["generation"] == 1 and
	[c["vttbr_of"] for c in d["hosts"][0]["cpus"]] == ["vm", "no-live-vm", "root-of-vm", "nothing", "unreadable"] and
	[c.get("host_pid") for c in d["hosts"][0]["cpus"]] == [1, 77, None, None, 78] and
	d["hosts"][0]["cpus"][0]["asid"] == 0x42 and "processes" not in d["hosts"][0] and
	d["hosts"][0]["vms"][0]["vcpus"][0]["asid_is"] == "ttbr0"' "${G[@]}" tags
j "processes in JSON" 0 tags '[(p["asid"], p["state"]) for p in d["hosts"][0]["processes"]] ==
	[(18, "current"), (77, "current"), (19, "reserved"), (18, "stale"), (0, "none")]' "${G[@]}" tags --processes
run "${G[@]}" snapshot -o "$tmp/tags.snap"
t "tags of a snapshot" 0 '^  1 EL2&0  0x004d 77 cat .*0x0009 .*belongs to no live VM' - --snapshot "$tmp/tags.snap" tags
j "tags of two snapshots" 0 tags 'len(d["hosts"]) == 2 and d["hosts"][0]["host"].endswith("tags.snap") and
	d["hosts"][1]["vms"][0]["vmid"] == 7' --snapshot "$tmp/tags.snap" --snapshot "$tmp/tags.snap" tags
t "tags of a VA in a snapshot" 0 '^VAE1IS  *EL1 0x0042000000000400' - --snapshot "$tmp/tags.snap" tags --va 0x400000
rm "$D/host/processes"
t "tags without processes" 0 '^ASIDs .*unreadable' - "${G[@]}" tags
t "tags without processes that are asked for" 3 '^ASIDs .*unreadable' 'not every tag' "${G[@]}" tags --processes

# VMIDs that are the same: twins, unless one of them is of a generation that is over
other_vm() {
	cp -a --sparse=always "$D/vm/1234-10" "$D/vm/2000-10"
	sed -i "s/^vmid .*/vmid $1/; s/120000000/150000000/" "$D/vm/2000-10/info"
	printf '1234-10 1234 10 2 qemu\n2000-10 2000 10 2 qemu\n' >"$D/vms"
}
tree twins
other_vm 0x10007
t "two VMs with one VMID" 1 '^2000-10 .*ALSO THE VMID OF 1234-10' 'two VMs have one VMID' --sysroot "$tmp/twins" tags
t "each of the two" 1 '^1234-10 .*ALSO THE VMID OF 2000-10' 'two VMs have one VMID' --sysroot "$tmp/twins" tags 1234-10
j "two VMs with one VMID in JSON" 1 tags 'd["hosts"][0]["vms"][1]["same_vmid_as"] == "1234-10"' \
	--sysroot "$tmp/twins" tags
tree rolled
other_vm 0x20007
t "one VMID in two generations is none" 0 '^1234-10 .* 0x1 +stale .*0x0007000120000000$' - --sysroot "$tmp/rolled" tags
sed -i 's/# guest none/# guest 1234-10:0/' "$D/host/cpu0/regs"
t "but of one that is on a CPU" 1 '^1234-10 .* 0x1 +reserved .*ALSO' 'two VMs have one VMID' --sysroot "$tmp/rolled" tags
tree rolled2
other_vm 0x20008
sed -i 's/# guest none/# guest 1234-10:0/' "$D/host/cpu0/regs"
t "a VMID that was reserved" 0 '^1234-10 .* 0x1 +reserved' - --sysroot "$tmp/rolled2" tags

sed -i 's/stage2 visible/stage2 hidden/' "$D/vm/2000-10/info"
t "tags of a hidden stage 2" 0 '^2000-10 .*hidden by the hypervisor' - --sysroot "$tmp/rolled2" tags
j "tags of a hidden stage 2 in JSON" 0 tags 'd["hosts"][0]["vms"][1]["hidden"]' --sysroot "$tmp/rolled2" tags
rm "$D/vm/2000-10/info"
t "tags of a VM that ended" 0 '^1234-10' - --sysroot "$tmp/rolled2" tags
rm "$D/vm/1234-10/vcpu0/regs"
t "tags of a vCPU that cannot be read" 3 '^1234-10:0 .*unreadable' 'not every tag' --sysroot "$tmp/rolled2" tags
t "tags without the module" 3 - 'not loaded' --sysroot "$tmp/notloaded" tags

# ---- one VA

tree ranges
sed -i 's/^ID_AA64MMFR1.*/&\nID_AA64ISAR0_EL1 0x0200000000000000\nID_AA64ISAR1_EL1 0x0100000000000000\nID_AA64MMFR2_EL1 0x0001000000000000/' \
	"$D/vm/1234-10/vcpu0/regs"
g tags-va-page 0 --sysroot "$tmp/ranges" tags --va 0x400010 web
g tags-va-block 0 "${L[@]}" tags --va 0xffff800008000000 web
g tags-va-fault 1 "${L[@]}" tags --va 0x12345000 web
g tags-va-unreadable 3 "${L[@]}" tags --va 0xffff800008400000 web
g tags-va-files 0 "${F[@]}" tags --va 0x400010
j "tags of a VA in JSON" 0 tags '(d["vmid"], d["asid"], d["global"], d["size"]) == (7, 0x42, False, {"leaf": 4096, "run": 4096}) and
	{t["name"]: t.get("xt") for t in d["tlbi"]}["VAE1IS"] == "0x42700000000400" and
	{t["name"]: t["drops"] for t in d["tlbi"]}["IPAS2E1IS"] == False' --sysroot "$tmp/ranges" tags --va 0x400010 web
j "tags of a VA that faults, in JSON" 1 tags '"tlbi" not in d and d["status"] == "fault"' "${L[@]}" tags --va 0x12345000 web
j "tags of a VA that is not known, in JSON" 3 tags '"tlbi" not in d' "${L[@]}" tags --va 0xffff800008400000 web
t "tags of a VA of a vCPU that never ran" 3 - 'has never run' "${L[@]}" tags --va 0x400000 web:1
t "tags of a VA: which VM" 2 - 'which VM' "${L[@]}" tags --va 0x400000
t "tags of a VA: one VM" 2 - 'too many operands' "${L[@]}" tags --va 0x400000 web web
t "tags of a VA that is no number" 2 - 'not a 64-bit number' "${L[@]}" tags --va now web
t "tags of a VA with --processes" 2 - 'without --va' "${L[@]}" tags --va 0x400000 --processes web
t "tags of files without a VA" 2 - 'works on a live host' "${F[@]}" tags
t "tags of the host, the other half" 2 - 'half of processes' "${L[@]}" tags --va 0x400000 host
