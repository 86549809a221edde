// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The tags of TLB entries, VMID and ASID, and what CPUs have loaded. What a TLB holds cannot be read;
 * that two VMs never have one VMID at a time is what keeps their entries apart.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit-check.h"
#include "tags.h"

enum { DUPLICATE, ZERO, WIDTH, FOREIGN, STALE, CNP, ASID, GLOBAL };

static const struct audit_check checks[] = {
	[DUPLICATE] = { "vmid-duplicate", AUDIT_VIOLATED,
			"Two VMs have the same VMID in one generation: each can hit the other's TLB entries." },
	[ZERO] = { "vmid-zero", AUDIT_VIOLATED,
		   "A VM that ran has VMID 0, which KVM keeps for the host." },
	[WIDTH] = { "vmid-width", AUDIT_VIOLATED,
		    "The VMID is wider than VTCR_EL2.VS says, so that the hardware sees another one." },
	[FOREIGN] = { "vttbr-foreign", AUDIT_VIOLATED,
		      "A CPU runs a vCPU on tables that are not those of its VM." },
	[STALE] = { "vttbr-stale", AUDIT_NOTICE,
		    "VTTBR_EL2 of a CPU that runs no guest names tables of no live VM." },
	[CNP] = { "cnp-mismatch", AUDIT_VIOLATED,
		  "CPUs that may share TLB entries (CnP) have different tables for one VMID." },
	[ASID] = { "guest-asid-reuse", AUDIT_NOTICE,
		   "vCPUs of one guest use one ASID for different address spaces." },
	[GLOBAL] = { "guest-global-user", AUDIT_NOTICE,
		     "A guest maps user memory global (nG is 0): it matches whatever the ASID is." },
};

/* To sort by VMID or ASID */
struct tag {
	uint64_t key;
	size_t at;
};

/* ---- VMID ------------------------------------------------------------------------ */

static bool is_loaded(const struct audit *a, const struct audit_vm *vm)
{
	size_t n = strlen(vm->live.dir), i;

	for (i = 0; i < a->ncpus; i++)
		if (!strncmp(a->cpu[i].guest, vm->live.dir, n) && a->cpu[i].guest[n] == ':')
			return true;
	return false;
}

static int duplicates(struct audit *a)
{
	struct vmid_use *use = calloc(a->nvms + 1, sizeof(*use));
	struct audit_finding f;
	uint64_t newest;
	size_t i;
	int ret;

	if (!use)
		return -ENOMEM;
	for (i = 0; i < a->nvms; i++)
		use[i] = (struct vmid_use){
			.vmid = a->vm[i]->live.vmid, .generation = a->vm[i]->live.generation,
			.loaded = is_loaded(a, a->vm[i]),
		};
	ret = vmids_judge(use, a->nvms, &newest);
	for (i = 0; !ret && i < a->nvms; i++) {
		if (!use[i].twin)
			continue;
		f = audit_found(&checks[DUPLICATE], a->vm[i], "VMID 0x%" PRIx64 " of generation 0x%"
				PRIx64 ", %s", use[i].vmid, use[i].generation,
				vmid_state_text(use[i].state));
		f.other = a->vm[use[i].twin - use];
		ret = audit_push(a, &f);
	}
	free(use);
	return ret;
}

static int width(struct audit *a, const struct audit_vm *vm)
{
	bool wide = FIELD_OF(VTCR_EL2, VS, vm->live.vtcr);
	struct audit_finding f;

	if (!vm->has_mmu)
		return 0;
	if (!wide && vm->live.vmid > 0xff)
		f = audit_found(&checks[WIDTH], vm, "VMID 0x%" PRIx64 " with VTCR_EL2.VS 0, 8 bits",
				vm->live.vmid);
	else if (wide && !vm->mmu.features.vmid16)
		f = audit_found(&checks[WIDTH], vm,
				"VTCR_EL2.VS asks for 16 bits of VMID, the CPU has 8");
	else
		return 0;
	return audit_push(a, &f);
}

static int vmid(struct audit *a, const struct audit_vm *vm)
{
	struct audit_finding f;

	/* Only of a vCPU that was read is it known that it ran */
	if (vm->nvcpus && vm->has_mmu && !vm->live.vmid) {
		f = audit_found(&checks[ZERO], vm, "VMID 0 of generation 0x%" PRIx64,
				vm->live.generation);
		return audit_push(a, &f);
	}
	return width(a, vm);
}

/* ---- CPUs ------------------------------------------------------------------------ */

static uint64_t baddr(uint64_t vttbr)
{
	/* BADDR[51:48] are bits 5:2 where they exist (VTTBR_EL2); a 48-bit root has zeros there */
	return (vttbr & mask64(47, 6)) | bits64(vttbr, 5, 2) << 48;
}

static const struct audit_vm *vm_of_guest(const struct audit *a, const char *guest)
{
	size_t n = strcspn(guest, ":"), i;

	for (i = 0; i < a->nvms; i++)
		if (strlen(a->vm[i]->live.dir) == n && !strncmp(a->vm[i]->live.dir, guest, n))
			return a->vm[i];
	return NULL;
}

/* By its own stage 2, or one that KVM keeps for guests of its guest */
static const struct audit_vm *vm_of_root(const struct audit *a, uint64_t root)
{
	size_t i, k;

	for (i = 0; i < a->nvms; i++) {
		if (baddr(a->vm[i]->live.vttbr) == root)
			return a->vm[i];
		for (k = 0; k < a->vm[i]->nshadows; k++)
			if (baddr(a->vm[i]->shadow[k].vttbr) == root)
				return a->vm[i];
	}
	return NULL;
}

static int loaded(struct audit *a, const struct audit_cpu *cpu)
{
	uint64_t vttbr = cpu->regs.val[REG_VTTBR_EL2];
	bool idle = !strcmp(cpu->guest, "none");
	const struct audit_vm *vm = idle ? NULL : vm_of_guest(a, cpu->guest);
	const struct audit_vm *other = vm_of_root(a, baddr(vttbr));
	struct audit_finding f;

	if (!cpu->vhe || !regs_have(&cpu->regs, REG_VTTBR_EL2))
		return 0;
	if (idle) {
		if (!a->all_vms || !vttbr || other)
			return 0;
		f = audit_found(&checks[STALE], NULL, "VTTBR_EL2 0x%" PRIx64, vttbr);
	} else {
		if (!vm || other == vm || vm->live.error)
			return 0;
		f = audit_found(&checks[FOREIGN], vm, "vCPU %s runs on VTTBR_EL2 0x%" PRIx64
				", the VM's is 0x%" PRIx64, cpu->guest, vttbr, vm->live.vttbr);
		f.other = other;
	}
	f.cpu = (int)cpu->number;
	return audit_push(a, &f);
}

static bool shares(const struct audit_cpu *cpu)
{
	return cpu->vhe && strcmp(cpu->guest, "none") && cpu->regs.val[REG_VTTBR_EL2] & 1;
}

/* Only what runs now: CPUs keep the VTTBR of the guest that they left */
static int cnp(struct audit *a)
{
	struct tag *tag = calloc(a->ncpus + 1, sizeof(*tag));
	const struct audit_cpu *x, *y;
	struct audit_finding f;
	size_t i, n = 0;
	int ret;

	if (!tag)
		return -ENOMEM;
	for (i = 0; i < a->ncpus; i++)
		if (shares(&a->cpu[i]))
			tag[n++] = (struct tag){ a->cpu[i].regs.val[REG_VTTBR_EL2] >> 48, i };
	ret = audit_sort(tag, n, sizeof(*tag));
	for (i = 1; !ret && i < n; i++) {
		x = &a->cpu[tag[i - 1].at];
		y = &a->cpu[tag[i].at];
		if (tag[i].key != tag[i - 1].key ||
		    baddr(x->regs.val[REG_VTTBR_EL2]) == baddr(y->regs.val[REG_VTTBR_EL2]))
			continue;
		f = audit_found(&checks[CNP], NULL, "VMID 0x%" PRIx64 " with CnP on CPU %u (VTTBR_EL2 0x%"
				PRIx64 ") and CPU %u (0x%" PRIx64 ")", tag[i].key, x->number,
				x->regs.val[REG_VTTBR_EL2], y->number, y->regs.val[REG_VTTBR_EL2]);
		f.cpu = (int)y->number;
		ret = audit_push(a, &f);
	}
	free(tag);
	return ret;
}

/* ---- the guest's own ------------------------------------------------------------- */

/* Linux leaves the ASID as it is where it loads its empty table (cpu_set_reserved_ttbr0()) */
static bool has_user(const struct audit_vcpu *v)
{
	return v->mmu.s1_on && !v->lower_empty && v->mmu.s1[0].first <= v->mmu.s1[0].last;
}

static int asids(struct audit *a, const struct audit_vm *vm)
{
	struct tag *tag = calloc(vm->nvcpus + 1, sizeof(*tag));
	const struct audit_vcpu *x, *y;
	struct audit_finding f;
	size_t i, n = 0;
	int ret;

	if (!tag)
		return -ENOMEM;
	for (i = 0; i < vm->nvcpus; i++)
		if (has_user(&vm->vcpu[i]))
			tag[n++] = (struct tag){ vm->vcpu[i].mmu.asid, i };
	ret = audit_sort(tag, n, sizeof(*tag));
	for (i = 1; !ret && i < n; i++) {
		x = &vm->vcpu[tag[i - 1].at];
		y = &vm->vcpu[tag[i].at];
		if (tag[i].key != tag[i - 1].key || x->mmu.s1[0].geo.root == y->mmu.s1[0].geo.root)
			continue;
		f = audit_found(&checks[ASID], vm, "ASID 0x%x: root 0x%" PRIx64 " on vCPU %u, 0x%"
				PRIx64 " on vCPU %u", x->mmu.asid, x->mmu.s1[0].geo.root, x->number,
				y->mmu.s1[0].geo.root, y->number);
		f.vcpu = (int)y->number;
		ret = audit_push(a, &f);
	}
	free(tag);
	return ret;
}

static int guest(struct audit *a, const struct audit_vm *vm)
{
	int ret = asids(a, vm);

	return ret ? ret : audit_push_places(a, &checks[GLOBAL], vm, AUDIT_S1_GLOBAL_USER);
}

static int run(struct audit *a)
{
	int ret = duplicates(a);
	size_t i;

	for (i = 0; !ret && i < a->nvms; i++)
		ret = vmid(a, a->vm[i]);
	for (i = 0; !ret && i < a->ncpus; i++)
		ret = loaded(a, &a->cpu[i]);
	if (!ret)
		ret = cnp(a);
	for (i = 0; !ret && i < a->nvms; i++)
		ret = guest(a, a->vm[i]);
	return ret;
}

const struct audit_group audit_tags = AUDIT_GROUP(checks, run);
