// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The registers that put stage 2 in force and give it its shape, against what KVM says of the VM and
 * what the CPU has.
 */
#include <inttypes.h>

#include "audit-check.h"
#include "walk.h"

enum { VM_CLEAR, CD_SET, DC_SET, GEOMETRY, PS_RANGE, OA_RANGE };

static const struct audit_check checks[] = {
	[VM_CLEAR] = { "hcr-vm-clear", AUDIT_VIOLATED,
		       "HCR_EL2.VM is 0 for a vCPU that ran: its accesses go to physical memory untranslated." },
	[CD_SET] = { "hcr-cache-off", AUDIT_VIOLATED,
		     "HCR_EL2.CD or ID is set: the guest's accesses bypass caches that hold what belongs there." },
	[DC_SET] = { "hcr-dc", AUDIT_NOTICE, "HCR_EL2.DC is set: the guest's stage 1 is off for good." },
	[GEOMETRY] = { "s2-geometry", AUDIT_VIOLATED,
		       "VTCR_EL2 or VTTBR_EL2 do not fit the tables that KVM built." },
	[PS_RANGE] = { "ps-above-parange", AUDIT_NOTICE,
		       "VTCR_EL2.PS asks for more address bits than the CPU has." },
	[OA_RANGE] = { "oa-beyond-parange", AUDIT_VIOLATED,
		       "A stage-2 descriptor leads beyond the physical addresses that the CPU has." },
};

static int hcr(struct audit *a, const struct audit_vm *vm, const struct audit_vcpu *v)
{
	uint64_t value = v->regs.val[REG_HCR_EL2];
	struct audit_finding f;
	int ret = 0;

	if (!regs_have(&v->regs, REG_HCR_EL2))
		return 0;
	/* DC behaves as VM too (S2 is on), so that neither may be there */
	if (!FIELD_OF(HCR_EL2, VM, value) && !FIELD_OF(HCR_EL2, DC, value)) {
		f = audit_found(&checks[VM_CLEAR], vm, "HCR_EL2 0x%" PRIx64, value);
		f.vcpu = (int)v->number;
		ret = audit_push(a, &f);
	}
	if (!ret && (FIELD_OF(HCR_EL2, CD, value) || FIELD_OF(HCR_EL2, ID, value))) {
		f = audit_found(&checks[CD_SET], vm, "HCR_EL2 0x%" PRIx64, value);
		f.vcpu = (int)v->number;
		ret = audit_push(a, &f);
	}
	if (!ret && FIELD_OF(HCR_EL2, DC, value)) {
		f = audit_found(&checks[DC_SET], vm, "HCR_EL2 0x%" PRIx64, value);
		f.vcpu = (int)v->number;
		ret = audit_push(a, &f);
	}
	return ret;
}

/* In words what does not fit, or NULL */
static const char *misfit(const struct audit_vm *vm, const struct s2_params *s2)
{
	if (s2->txsz_fault)
		return "T0SZ is out of bounds";
	if (s2->sl_fault)
		return "the start level does not fit the input size";
	if (s2->root_fault)
		return "the root lies beyond the output size";
	if (s2->geo.ia_bits != vm->live.ipa_bits)
		return "T0SZ is not KVM's IPA size";
	if (s2->geo.start_level != vm->live.start_level)
		return "the start level is not KVM's";
	if (s2->geo.granule != vm->live.granule_shift)
		return "the granule is not KVM's";
	if (s2->geo.root != vm->live.pgd_phys)
		return "the root is not KVM's";
	return NULL;
}

static struct audit_finding misfit_found(const struct audit_vm *vm, const char *why, uint64_t vtcr,
					 uint64_t vttbr)
{
	return audit_found(&checks[GEOMETRY], vm, "%s: VTCR_EL2 0x%" PRIx64 ", VTTBR_EL2 0x%" PRIx64
			   ", KVM has %" PRIu64 " bits from level %d", why, vtcr, vttbr,
			   vm->live.ipa_bits, vm->live.start_level);
}

/*
 * Stage 2 was read by the registers of one vCPU; what another has loaded may lead elsewhere. One that
 * has EL2 runs on a shadow at times; its registers are not among these.
 */
static int other_geometry(struct audit *a, const struct audit_vm *vm, const struct audit_vcpu *v)
{
	const struct s2_params *s2 = &v->mmu.s2, *seen = &vm->mmu.s2;
	struct audit_finding f;
	const char *why;

	if (!regs_have(&v->regs, REG_VTCR_EL2) || !regs_have(&v->regs, REG_VTTBR_EL2) || !s2->vm)
		return 0;
	why = misfit(vm, s2);
	if (!why || (why == misfit(vm, seen) && s2->geo.root == seen->geo.root))
		return 0;
	f = misfit_found(vm, why, v->regs.val[REG_VTCR_EL2], v->regs.val[REG_VTTBR_EL2]);
	f.vcpu = (int)v->number;
	return audit_push(a, &f);
}

static int geometry(struct audit *a, const struct audit_vm *vm)
{
	static const uint8_t ps_bits[] = { 32, 36, 40, 42, 44, 48, 52, 56 };
	uint64_t ps = FIELD_OF(VTCR_EL2, PS, vm->live.vtcr);
	struct audit_finding f;
	const char *why;
	int ret = 0;

	if (!vm->has_mmu || !vm->mmu.s2.vm)
		return 0;
	why = misfit(vm, &vm->mmu.s2);
	if (why) {
		f = misfit_found(vm, why, vm->live.vtcr, vm->live.vttbr);
		ret = audit_push(a, &f);
	}
	if (!ret && vm->nvcpus && ps_bits[ps] > vm->mmu.features.pa_bits) {
		f = audit_found(&checks[PS_RANGE], vm, "PS %u bits, PARange %u", ps_bits[ps],
				vm->mmu.features.pa_bits);
		ret = audit_push(a, &f);
	}
	return ret;
}

static int controls(struct audit *a, const struct audit_vm *vm)
{
	size_t i;
	int ret = geometry(a, vm);

	for (i = 0; !ret && i < vm->nvcpus; i++) {
		ret = hcr(a, vm, &vm->vcpu[i]);
		if (!ret && vm->has_mmu)
			ret = other_geometry(a, vm, &vm->vcpu[i]);
	}
	return ret;
}

static int run(struct audit *a)
{
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < a->nvms; i++)
		ret = controls(a, a->vm[i]);
	return ret ? ret : audit_push_facts(a, &checks[OA_RANGE], FACT_OA);
}

const struct audit_group audit_controls = AUDIT_GROUP(checks, run);
