// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asking the hardware: AT, and what it leaves in PAR_EL1.
 */
#include "internal.h"

#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/smp.h>
#include <asm/daifflags.h>
#include <asm/tlbflush.h>

/* The first MMS_HOST_OPS are those that the host's own regime has use for */
const char * const mms_at_names[] = {
	"s1e1r", "s1e1w", "s1e0r", "s1e0w", "s12e1r", "s12e1w", "s12e0r", "s12e0w",
};

const int mms_at_count = ARRAY_SIZE(mms_at_names);

#define AT(op, va)	({ asm volatile("at " op ", %0" : : "r" (va)); })

static void do_at(int op, u64 va)
{
	switch (op) {
	case 0:
		AT("s1e1r", va);
		break;
	case 1:
		AT("s1e1w", va);
		break;
	case 2:
		AT("s1e0r", va);
		break;
	case 3:
		AT("s1e0w", va);
		break;
	case 4:
		AT("s12e1r", va);
		break;
	case 5:
		AT("s12e1w", va);
		break;
	case 6:
		AT("s12e0r", va);
		break;
	case 7:
		AT("s12e0w", va);
		break;
	}
}

/*
 * All exceptions are masked, pseudo-NMIs too: nobody uses PAR_EL1 in between,
 * and whoever was about to read it finds what was there.
 */
static u64 at_par(int op, u64 va)
{
	u64 old = read_sysreg_par();
	u64 par;

	do_at(op, va);
	isb();
	par = read_sysreg_par();
	write_sysreg(old, par_el1);
	return par;
}

int mms_at_host(struct mms_file *mf, u64 va, void *out)
{
	struct mmuscope_at *at = out;
	unsigned long flags;

	if (!mms_at_allowed)
		return -EPERM;
	at->va = va;
	flags = local_daif_save();
	at->par = at_par(mf->node.op, va);
	at->cpu = smp_processor_id();
	local_daif_restore(flags);
	return 0;
}

struct at_ask {
	struct kvm_vcpu *vcpu;
	int op;
	bool ok;
	struct mmuscope_at *at;
};

/*
 * AT in the guest's regime, on the CPU that has the vCPU loaded. The EL1
 * registers there are the guest's; what is missing is HCR_EL2 as the guest runs
 * with it, above all TGE clear (else AT translates for EL2&0) and VM set. E2H
 * stays set: this code runs by it. Stage 2 need not be the guest's: VTTBR_EL2 is
 * written late, in 6.1 at guest entry, and TLB maintenance for another VM leaves
 * its own behind, hence the check. POR_EL0 is switched at guest entry as well.
 * All that AT uses is of one guest then, so that there is nothing for the errata
 * about speculative AT to mix up.
 */
static void ask_at(void *arg)
{
	struct at_ask *ask = arg;
	struct kvm_vcpu *vcpu = ask->vcpu;
	struct mmuscope_at *at = ask->at;
	struct kvm_s2_mmu *mmu = &vcpu->kvm->arch.mmu;
	u64 vttbr = read_sysreg(vttbr_el2);
	unsigned long flags;
	u64 hcr, por;

	/* The VMID too: it tags what AT leaves in the TLB, and may be another VM's by now */
	if (!mms_vcpu_on_this_cpu(vcpu) || !READ_ONCE(mmu->pgd_phys) ||
	    (vttbr ^ mms_vttbr(mmu)) & ~VTTBR_CNP_BIT)
		return;
	flags = local_daif_save();
	por = mms_swap_por_el0(vcpu);
	hcr = read_sysreg(hcr_el2);
	mms_write_hcr((vcpu->arch.hcr_el2 | HCR_E2H | HCR_VM) & ~HCR_TGE);
	isb();
	at->par = at_par(ask->op, at->va);
	/*
	 * In 6.1 a vCPU that is loaded gets its VMID at guest entry: until then this
	 * one may be of before a roll-over, and a VM has it that runs here next.
	 */
	__tlbi(vmalls12e1);
	dsb(nsh);
	isb();
	mms_write_hcr(hcr);
	mms_restore_por_el0(vcpu, por);
	isb();
	local_daif_restore(flags);
	at->vttbr = vttbr;
	at->cpu = smp_processor_id();
	ask->ok = true;
}

int mms_at_guest(struct mms_file *mf, u64 va, void *out)
{
	struct kvm_vcpu *vcpu = mms_vcpu(mf->vm->kvm, mf->node.index);
	struct at_ask ask = { .vcpu = vcpu, .op = mf->node.op, .at = out };
	ktime_t end = ktime_add_ms(ktime_get(), MMUSCOPE_AT_TRIES_MS);

	if (!mms_at_allowed)
		return -EPERM;
	if (!mms_vhe())
		return -EOPNOTSUPP;
	if (!vcpu)
		return -ENXIO;
	/* Its EL1&0 is loaded at times only, and then with HCR_EL2 of its own making */
	if (mms_has_el2(vcpu))
		return -EOPNOTSUPP;
	if (!vcpu_has_run_once(vcpu))
		return -ENODATA;
	ask.at->va = va;
	for (;;) {
		int cpu = READ_ONCE(vcpu->cpu);

		if (cpu >= 0)
			smp_call_function_single(cpu, ask_at, &ask, 1);
		if (ask.ok)
			return 0;
		if (ktime_after(ktime_get(), end))
			return -EAGAIN;
		usleep_range(50, 200);
	}
}
