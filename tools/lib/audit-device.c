// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What is mapped that is not memory, and how: KVM maps memory Normal Write-Back and all else Device
 * (arch/arm64/kvm/mmu.c, user_mem_abort()), or Normal Non-cacheable where VFIO allows that.
 */
#include <inttypes.h>

#include "audit-check.h"

enum { MAPPED, CACHEABLE, RAM_UNCACHED, FWB, NAMELESS };

static const struct audit_check checks[] = {
	[MAPPED] = { "device-mapped", AUDIT_NOTICE,
		     "A device's registers are mapped; the resource says which." },
	[CACHEABLE] = { "mmio-cacheable", AUDIT_VIOLATED,
			"Registers of a device are mapped Normal cacheable." },
	[RAM_UNCACHED] = { "ram-uncached", AUDIT_VIOLATED,
			   "Memory is mapped so that accesses may bypass the caches, and see what was there before." },
	[FWB] = { "fwb-mismatch", AUDIT_VIOLATED,
		  "The memory attributes are not those of the setting of HCR_EL2.FWB." },
	[NAMELESS] = { "pa-nowhere", AUDIT_UNKNOWN,
		       "The output address is in no resource of the host: what it is is not known." },
};

/*
 * MemAttr[3:0] of memory. With FWB 0b0110 forces Write-Back and 0b0111 leaves it to the guest; bit 3
 * is then not an attribute (FEAT_S2FWB; MT_S2_FWB_NORMAL in arch/arm64/include/asm/memory.h). Without
 * it 0b1111 is Write-Back, and 0b0110 would be a mixture that nobody wants.
 */
#define FWB_FORCED	6u
#define FWB_OF_STAGE1	7u

static bool fwb_mismatch(const struct audit_vm *vm, const struct audit_range *r)
{
	unsigned int memattr = r->flags >> RANGE_MEMATTR_SHIFT & 15;

	if (vm->mmu.s2.fwb)
		return (memattr & 7) == FWB_OF_STAGE1;
	return memattr == FWB_FORCED;
}

/* FWB is in a register that each vCPU has; without one it was taken as 0 */
static bool fwb_known(const struct audit_vm *vm)
{
	size_t i;

	for (i = 0; i < vm->nvcpus; i++)
		if (regs_have(&vm->vcpu[i].regs, REG_HCR_EL2))
			return true;
	return false;
}

static bool write_back(const struct audit_vm *vm, const struct audit_range *r)
{
	if (!fwb_known(vm) && (r->flags >> RANGE_MEMATTR_SHIFT & 7) == FWB_FORCED)
		return true;
	return r->flags & RANGE_WB;
}

static int memory(struct audit *a, const struct audit_range *r, uint64_t from, uint64_t size)
{
	const struct audit_vm *vm = a->vm[r->vm];
	struct audit_finding f;

	if (fwb_known(vm) && fwb_mismatch(vm, r)) {
		f = audit_found_in(a, &checks[FWB], r, from, size);
		audit_say(&f, "MemAttr 0x%x with FWB %s", r->flags >> RANGE_MEMATTR_SHIFT & 15,
			  vm->mmu.s2.fwb ? "on: the guest chooses the type" : "off");
		return audit_push(a, &f);
	}
	if (write_back(vm, r))
		return 0;
	f = audit_found_in(a, &checks[RAM_UNCACHED], r, from, size);
	audit_say(&f, "memory mapped %s", r->flags & RANGE_DEVICE ? "Device" : "Normal, not Write-Back");
	return audit_push(a, &f);
}

static int device(struct audit *a, const struct audit_range *r, const struct audit_resource *res,
		  uint64_t from, uint64_t size)
{
	struct audit_finding f;

	f = audit_found_in(a, &checks[r->flags & RANGE_WB ? CACHEABLE : MAPPED], r, from, size);
	if (res) {
		f.who = res->name;
		audit_say(&f, "%s%s, mapped %s", res->name, res->vfio ? " (by VFIO)" : "",
			  r->flags & RANGE_DEVICE ? "Device" : r->flags & RANGE_WB ?
			  "Normal Write-Back" : "Normal Non-cacheable");
	} else if (audit_is_gicv(a, r)) {
		audit_say(&f, "the GIC's virtual CPU interface (outside of every slot: KVM's own mapping)");
	} else {
		f.check = &checks[NAMELESS];
		f.severity = f.check->severity;
		audit_say(&f, "in no resource of /proc/iomem");
	}
	return audit_push(a, &f);
}

/* A range may lie in several resources */
static int check_range(struct audit *a, const struct audit_range *r, size_t *at)
{
	const struct audit_resource *res;
	uint64_t from = r->pa, end = r->pa + r->size, upto;
	size_t i;
	int ret = 0;

	while (*at < a->nresources && a->resource[*at].last < r->pa)
		++*at;
	for (i = *at; !ret && from < end; from = upto) {
		res = i < a->nresources ? &a->resource[i] : NULL;
		if (res && res->first > from) {
			upto = res->first < end ? res->first : end;
			res = NULL;
		} else {
			upto = res && res->last < end - 1 ? res->last + 1 : end;
			i++;
		}
		ret = res && res->ram ? memory(a, r, from, upto - from) :
					device(a, r, res, from, upto - from);
	}
	return ret;
}

static int run(struct audit *a)
{
	size_t i, at = 0;
	int ret = 0;

	for (i = 0; !ret && i < a->nranges; i++) {
		if (a->has_resources)
			ret = check_range(a, &a->range[i], &at);
		else if (!(a->range[i].flags & RANGE_DEVICE))
			ret = memory(a, &a->range[i], a->range[i].pa, a->range[i].size);
	}
	return ret;
}

const struct audit_group audit_device = AUDIT_GROUP(checks, run);
