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

/* A file whose position is an address up to bit 63: a flag of the open file, from 6.12 of its operations */
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
static inline u64 mms_vtcr(struct kvm *kvm)
{
#ifdef MMS_S2_MMU_VTCR
	return kvm->arch.mmu.vtcr;
#else
	return kvm->arch.vtcr;
#endif
}

/* From 6.16 protected KVM keeps guests' tables in the hypervisor; the host's fields mean something else then */
static inline bool mms_stage2_hidden(void)
{
	return __is_defined(MMS_PKVM_MAPPINGS) && is_protected_kvm_enabled();
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
 * Registers of extensions: the host's CPUs have them, and this VM's guest has
 * them too. Where KVM does not know an extension it keeps the guest from it,
 * and what the register then holds is not the guest's.
 */
#ifdef kvm_has_feat
#define mms_vm_has(kvm, feat)	kvm_has_feat(kvm, ID_AA64MMFR3_EL1, feat, IMP)
#else
#define mms_vm_has(kvm, feat)	true
#endif

#ifdef ARM64_HAS_TCR2
#define MMS_TCR2		1
static inline bool mms_host_tcr2(void) { return cpus_have_final_cap(ARM64_HAS_TCR2); }
#else
#define MMS_TCR2		0
static inline bool mms_host_tcr2(void) { return false; }
#endif

#ifdef ARM64_HAS_S1PIE
#define MMS_S1PIE		1
static inline bool mms_host_s1pie(void) { return cpus_have_final_cap(ARM64_HAS_S1PIE); }
#else
#define MMS_S1PIE		0
static inline bool mms_host_s1pie(void) { return false; }
#endif

#ifdef ARM64_HAS_S1POE
#define MMS_S1POE		1
static inline bool mms_host_s1poe(void) { return system_supports_poe(); }
#else
#define MMS_S1POE		0
static inline bool mms_host_s1poe(void) { return false; }
#endif

/* For AT with interrupts off: put the guest's POR_EL0 in place of the host's, and back */
static inline u64 mms_swap_por_el0(struct kvm_vcpu *vcpu)
{
	u64 old = 0;

#if MMS_S1POE
	if (mms_host_s1poe() && mms_vm_has(vcpu->kvm, S1POE)) {
		old = read_sysreg_s(SYS_POR_EL0);
		write_sysreg_s(ctxt_sys_reg(&vcpu->arch.ctxt, POR_EL0), SYS_POR_EL0);
	}
#endif
	return old;
}

static inline void mms_restore_por_el0(struct kvm_vcpu *vcpu, u64 old)
{
#if MMS_S1POE
	if (mms_host_s1poe() && mms_vm_has(vcpu->kvm, S1POE))
		write_sysreg_s(old, SYS_POR_EL0);
#endif
}

#ifdef ARM64_HAS_HCX
#define MMS_HCX			1
static inline bool mms_host_hcx(void) { return cpus_have_final_cap(ARM64_HAS_HCX); }
#else
#define MMS_HCX			0
static inline bool mms_host_hcx(void) { return false; }
#endif

#ifdef ARM64_KVM_HVHE
static inline bool mms_hvhe(void) { return cpus_have_final_cap(ARM64_KVM_HVHE); }
#else
static inline bool mms_hvhe(void) { return false; }
#endif

#endif /* MMUSCOPE_COMPAT_H */
