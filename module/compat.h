/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every difference between kernels, by what their headers have and never by
 * their version: layouts move inside a stable series. What the preprocessor
 * cannot see is probed in Kbuild (MMS_*).
 */
#ifndef MMUSCOPE_COMPAT_H
#define MMUSCOPE_COMPAT_H

#include <linux/fs.h>
#include <linux/kvm_host.h>
#include <asm/cpufeature.h>
#include <asm/kvm_mmu.h>
#include <asm/sysreg.h>
#include <asm/virt.h>

/* A file whose position is an address: a flag of the open file, or (6.12) of its operations */
#ifdef FOP_UNSIGNED_OFFSET
#define MMS_FOP_FLAGS		.fop_flags = FOP_UNSIGNED_OFFSET,
static inline void mms_unsigned_offset(struct file *file) {}
#else
#define MMS_FOP_FLAGS
static inline void mms_unsigned_offset(struct file *file)
{
	file->f_mode |= FMODE_UNSIGNED_OFFSET;
}
#endif

/* VTCR_EL2 belonged to the VM before each stage 2 (nested ones too) had its own */
static inline u64 mms_mmu_vtcr(struct kvm *kvm, struct kvm_s2_mmu *mmu)
{
#ifdef MMS_S2_MMU_VTCR
	return mmu->vtcr;
#else
	return kvm->arch.vtcr;
#endif
}

static inline u64 mms_vtcr(struct kvm *kvm)
{
	return mms_mmu_vtcr(kvm, &kvm->arch.mmu);
}

/*
 * The vCPU of this index, or NULL where there is none (yet). kvm_get_vcpu() alone
 * does not tell: before 6.14 and its backports it answers with vCPU 0.
 */
static inline struct kvm_vcpu *mms_vcpu(struct kvm *kvm, int i)
{
	/* kvm_get_vcpu() has the barrier between the count and the vCPU */
	if (i < 0 || i >= atomic_read(&kvm->online_vcpus))
		return NULL;
	return kvm_get_vcpu(kvm, i);
}

struct mms_shadowed {
	u64 vttbr, vtcr;	/* the guest hypervisor's */
	bool stage2;		/* on */
};

/* A guest that has EL2: at EL2 (or EL0 of its own host) it is a hypervisor, else it runs its guest */
#ifdef MMS_EL2
#include <asm/kvm_nested.h>

static inline bool mms_has_el2(struct kvm_vcpu *vcpu)
{
	return vcpu_has_nv(vcpu);
}

/* As is_hyp_ctxt(), which calls what a module cannot */
static inline bool mms_in_el2(struct kvm_vcpu *vcpu)
{
	return mms_has_el2(vcpu) && (vcpu_is_el2(vcpu) ||
				     (ctxt_sys_reg(&vcpu->arch.ctxt, HCR_EL2) & HCR_TGE));
}

/* These never leave memory: the guest's accesses go there (FEAT_NV2), or trap */
static inline void mms_guest_el2(struct kvm_vcpu *vcpu, u64 *hcr, u64 *vtcr, u64 *vttbr)
{
	if (!mms_has_el2(vcpu))
		return;
	*hcr = ctxt_sys_reg(&vcpu->arch.ctxt, HCR_EL2);
	*vtcr = ctxt_sys_reg(&vcpu->arch.ctxt, VTCR_EL2);
	*vttbr = ctxt_sys_reg(&vcpu->arch.ctxt, VTTBR_EL2);
}
#else
static inline bool mms_has_el2(struct kvm_vcpu *vcpu) { return false; }
static inline void mms_guest_el2(struct kvm_vcpu *vcpu, u64 *hcr, u64 *vtcr, u64 *vttbr) {}
static inline bool mms_in_el2(struct kvm_vcpu *vcpu) { return false; }
#endif

#ifdef MMS_NESTED
/* How many shadow stage 2 there may be: a number of the moment, which new vCPUs raise */
static inline int mms_shadows(struct kvm *kvm)
{
	return READ_ONCE(kvm->arch.nested_mmus_size);
}

/*
 * Under kvm->mmu_lock: a shadow stage 2, or NULL where @n is not one in use. The
 * array and what it points to stay until the VM is destroyed, which our
 * reference keeps from happening; tables go earlier, and ->pgt with them.
 */
static inline struct kvm_s2_mmu *mms_shadow(struct kvm *kvm, int n)
{
	struct kvm_s2_mmu *mmu;

	if (n >= mms_shadows(kvm))
		return NULL;
	mmu = kvm->arch.nested_mmus[n];
	/* What is given to another stage 2 is emptied before a vCPU uses it, and not yet */
	return kvm_s2_mmu_valid(mmu) && mmu->pgt && !mmu->pending_unmap ? mmu : NULL;
}

/* What it shadows: the stage 2 that the guest hypervisor set */
static inline void mms_shadowed(struct kvm_s2_mmu *mmu, struct mms_shadowed *s)
{
	s->vttbr = mmu->tlb_vttbr;
	s->vtcr = mmu->tlb_vtcr;
	s->stage2 = mmu->nested_stage2_enabled;
}
#else
static inline int mms_shadows(struct kvm *kvm) { return 0; }
static inline struct kvm_s2_mmu *mms_shadow(struct kvm *kvm, int n) { return NULL; }
static inline void mms_shadowed(struct kvm_s2_mmu *mmu, struct mms_shadowed *s) {}
#endif

/* Whether the VM may have shadows which this module cannot find, in an array that moves */
static inline bool mms_shadows_unknown(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu = mms_vcpu(kvm, 0);

	return !__is_defined(MMS_NESTED) && vcpu && mms_has_el2(vcpu);
}

/*
 * The stage 2 that a vCPU runs on. NULL: a shadow, and KVM has not said which,
 * as when it took it back from a vCPU that waits (kvm_vcpu_put_hw_mmu()).
 */
static inline struct kvm_s2_mmu *mms_hw_mmu(struct kvm_vcpu *vcpu)
{
	if (!mms_has_el2(vcpu) || mms_in_el2(vcpu))
		return &vcpu->kvm->arch.mmu;
	return __is_defined(MMS_NESTED) ? READ_ONCE(vcpu->arch.hw_mmu) : NULL;
}

/* From 6.16 protected KVM keeps guests' tables in the hypervisor; the host's fields mean nothing */
static inline bool mms_stage2_hidden(void)
{
	return __is_defined(MMS_PKVM_MAPPINGS) && is_protected_kvm_enabled();
}

/*
 * There it keeps the registers of a vCPU too, while that is loaded, and those of
 * a protected VM always: KVM's copy is then an old one.
 */
static inline bool mms_regs_hidden(struct kvm_vcpu *vcpu, int cpu)
{
	return mms_stage2_hidden() && (cpu >= 0 || kvm_vm_is_protected(vcpu->kvm));
}

/* HCR_EL2 has a writer of its own where CPUs need more than the write (AmpereOne erratum) */
#ifdef write_sysreg_hcr
#define mms_write_hcr(v)	write_sysreg_hcr(v)
#else
#define mms_write_hcr(v)	write_sysreg(v, hcr_el2)
#endif

/* The encodings of ID registers read as zero where the CPU does not know them */
#ifndef SYS_ID_AA64MMFR3_EL1
#define SYS_ID_AA64MMFR3_EL1	sys_reg(3, 0, 0, 7, 3)
#endif
#ifndef SYS_ID_AA64MMFR4_EL1
#define SYS_ID_AA64MMFR4_EL1	sys_reg(3, 0, 0, 7, 4)
#endif

/*
 * Extensions that bring registers. What a kernel does not know it keeps its
 * guests from, and what their registers then hold means nothing.
 */
#define MMS_EXT_HCX	BIT(0)
#define MMS_EXT_TCR2	BIT(1)
#define MMS_EXT_S1PIE	BIT(2)
#define MMS_EXT_S1POE	BIT(3)
#define MMS_EXT_AARCH32	BIT(4)	/* of a vCPU: its EL1 is AArch32 */

#ifdef kvm_has_feat
#ifdef ARM64_HAS_TCR2
#define MMS_TCR2	1
#endif
#ifdef ARM64_HAS_S1PIE
#define MMS_S1PIE	1
#endif
#ifdef ARM64_HAS_S1POE
#define MMS_S1POE	1
#endif
#endif /* kvm_has_feat */

/* Those that the host uses */
static inline unsigned int mms_host_ext(void)
{
	unsigned int ext = 0;

#ifdef ARM64_HAS_HCX
	if (cpus_have_final_cap(ARM64_HAS_HCX))
		ext |= MMS_EXT_HCX;
#endif
#ifdef MMS_TCR2
	if (cpus_have_final_cap(ARM64_HAS_TCR2))
		ext |= MMS_EXT_TCR2;
#endif
#ifdef MMS_S1PIE
	if (cpus_have_final_cap(ARM64_HAS_S1PIE))
		ext |= MMS_EXT_S1PIE;
#endif
#ifdef MMS_S1POE
	if (system_supports_poe())
		ext |= MMS_EXT_S1POE;
#endif
	return ext;
}

/* Those that this VM's guest has, as ctxt_has_tcrx() and its like decide in KVM */
static inline unsigned int mms_vm_ext(struct kvm *kvm)
{
	unsigned int ext = mms_host_ext() & MMS_EXT_HCX;

#ifdef MMS_TCR2
	if (kvm_has_feat(kvm, ID_AA64MMFR3_EL1, TCRX, IMP))
		ext |= MMS_EXT_TCR2;
#endif
#ifdef MMS_S1PIE
	if (kvm_has_feat(kvm, ID_AA64MMFR3_EL1, S1PIE, IMP))
		ext |= MMS_EXT_S1PIE;
#endif
#ifdef MMS_S1POE
	if (kvm_has_feat(kvm, ID_AA64MMFR3_EL1, S1POE, IMP))
		ext |= MMS_EXT_S1POE;
#endif
	return ext & mms_host_ext();
}

/* For AT with interrupts off: put the guest's POR_EL0 in place of the host's, and back */
static inline u64 mms_swap_por_el0(struct kvm_vcpu *vcpu)
{
	u64 old = 0;

#ifdef MMS_S1POE
	if (mms_vm_ext(vcpu->kvm) & MMS_EXT_S1POE) {
		old = read_sysreg_s(SYS_POR_EL0);
		write_sysreg_s(ctxt_sys_reg(&vcpu->arch.ctxt, POR_EL0), SYS_POR_EL0);
	}
#endif
	return old;
}

static inline void mms_restore_por_el0(struct kvm_vcpu *vcpu, u64 old)
{
#ifdef MMS_S1POE
	if (mms_vm_ext(vcpu->kvm) & MMS_EXT_S1POE)
		write_sysreg_s(old, SYS_POR_EL0);
#endif
}

static inline u64 mms_guest_hcrx(struct kvm_vcpu *vcpu)
{
#ifdef MMS_VCPU_HCRX
	return vcpu->arch.hcrx_el2;
#else
	return 0;
#endif
}

/* Registers that some headers do not name */
#ifndef SYS_HCRX_EL2
#define SYS_HCRX_EL2		sys_reg(3, 4, 1, 2, 2)
#endif
#ifndef SYS_TCR2_EL1
#define SYS_TCR2_EL1		sys_reg(3, 0, 2, 0, 3)
#endif
#ifndef SYS_PIRE0_EL1
#define SYS_PIRE0_EL1		sys_reg(3, 0, 10, 2, 2)
#endif
#ifndef SYS_PIR_EL1
#define SYS_PIR_EL1		sys_reg(3, 0, 10, 2, 3)
#endif
#ifndef SYS_POR_EL1
#define SYS_POR_EL1		sys_reg(3, 0, 10, 2, 4)
#endif

#ifdef ARM64_KVM_HVHE
static inline bool mms_hvhe(void) { return cpus_have_final_cap(ARM64_KVM_HVHE); }
#else
static inline bool mms_hvhe(void) { return false; }
#endif

#endif /* MMUSCOPE_COMPAT_H */
