// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmuscope: a KVM host's translation tables and registers, raw, in debugfs.
 */
#include "internal.h"

#include <linux/debugfs.h>
#include <linux/module.h>
#include <generated/utsrelease.h>
#include <asm/kvm_pgtable.h>

#define MMS_VERSION	"0.1.0"

bool mms_at_allowed = true;
module_param_named(at, mms_at_allowed, bool, 0444);
MODULE_PARM_DESC(at, "allow AT, which for a guest changes HCR_EL2 for an instant (default: yes)");

/* Where the module believes what it reads to be; in a section, so that its file tells too */
#define OFFSET(type, field) { #type "." #field, offsetof(struct type, field) }
static const struct mmuscope_offset offsets[]
	__used __section(MMUSCOPE_OFFSETS_SECTION) __aligned(8) = {
	OFFSET(kvm, mmu_lock),
	OFFSET(kvm, mm),
	OFFSET(kvm, memslots),
	OFFSET(kvm, vcpu_array),
	OFFSET(kvm, online_vcpus),
	OFFSET(kvm, created_vcpus),
	OFFSET(kvm, users_count),
	OFFSET(kvm, mmu_invalidate_seq),
	OFFSET(kvm, mmu_invalidate_in_progress),
	OFFSET(kvm, srcu),
	OFFSET(kvm, arch.mmu.vmid.id),
	OFFSET(kvm, arch.mmu.pgd_phys),
	OFFSET(kvm, arch.mmu.pgt),
#ifdef MMS_S2_MMU_VTCR
	OFFSET(kvm, arch.mmu.vtcr),
#else
	OFFSET(kvm, arch.vtcr),
#endif
#ifdef MMS_NESTED
	OFFSET(kvm, arch.nested_mmus),
	OFFSET(kvm, arch.nested_mmus_size),
	OFFSET(kvm_s2_mmu, tlb_vttbr),
	OFFSET(kvm_s2_mmu, tlb_vtcr),
	OFFSET(kvm_s2_mmu, nested_stage2_enabled),
	OFFSET(kvm_s2_mmu, pending_unmap),
	OFFSET(kvm_vcpu, arch.hw_mmu),
#endif
	OFFSET(kvm_pgtable, ia_bits),
	OFFSET(kvm_pgtable, start_level),
	OFFSET(kvm_vcpu, kvm),
	OFFSET(kvm_vcpu, cpu),
	OFFSET(kvm_vcpu, vcpu_id),
	OFFSET(kvm_vcpu, mutex),
	OFFSET(kvm_vcpu, pid),
	OFFSET(kvm_vcpu, preempted),
	OFFSET(kvm_vcpu, arch.ctxt),
	OFFSET(kvm_vcpu, arch.hcr_el2),
#ifdef MMS_VCPU_HCRX
	OFFSET(kvm_vcpu, arch.hcrx_el2),
#endif
	OFFSET(kvm_vcpu, arch.fault),
	OFFSET(kvm_vcpu, arch.sflags),
	OFFSET(kvm_cpu_context, regs),
	OFFSET(kvm_cpu_context, sys_regs),
	/* Behind sys_regs: tells whether registers were added to it */
	OFFSET(kvm_cpu_context, __hyp_running_vcpu),
#ifdef MMS_VNCR_ARRAY
	OFFSET(kvm_cpu_context, vncr_array),
#endif
	OFFSET(kvm_memory_slot, base_gfn),
	OFFSET(kvm_memory_slot, npages),
	OFFSET(kvm_memory_slot, userspace_addr),
	OFFSET(kvm_memory_slot, flags),
	OFFSET(kvm_memory_slot, id),
	OFFSET(kvm_memory_slot, as_id),
	OFFSET(kvm_memslots, generation),
	OFFSET(kvm_device, kvm),
	OFFSET(task_struct, files),
	OFFSET(task_struct, mm),
	OFFSET(task_struct, comm),
	OFFSET(task_struct, group_leader),
	OFFSET(mm_struct, pgd),
	OFFSET(mm_struct, context.id),
	OFFSET(file, f_op),
	OFFSET(file, private_data),
	OFFSET(file, f_inode),
	OFFSET(inode, i_sb),
	OFFSET(super_block, s_magic),
};

static const struct {
	const char *name;
	bool found;
} features[] = {
	{ "s2_mmu_vtcr", __is_defined(MMS_S2_MMU_VTCR) },
	{ "vcpu_hcrx", __is_defined(MMS_VCPU_HCRX) },
	{ "vncr_array", __is_defined(MMS_VNCR_ARRAY) },
	{ "pkvm_mappings", __is_defined(MMS_PKVM_MAPPINGS) },
	{ "nested", __is_defined(MMS_NESTED) },
	{ "tcr2", __is_defined(MMS_TCR2) },
	{ "s1pie", __is_defined(MMS_S1PIE) },
	{ "s1poe", __is_defined(MMS_S1POE) },
};

bool mms_vhe(void)
{
	return is_kernel_in_hyp_mode();
}

static const char *mode(void)
{
	if (mms_vhe())
		return "vhe";
	if (is_protected_kvm_enabled())
		return "protected";
	return mms_hvhe() ? "hvhe" : "nvhe";
}

int mms_info_show(struct seq_file *m)
{
	int i;

	seq_printf(m, "module_version %s\nabi_version %d\nkernel %s\npage_size %lu\n",
		   MMS_VERSION, MMUSCOPE_ABI_VERSION, UTS_RELEASE, PAGE_SIZE);
	seq_printf(m, "mode %s\nat %d\nvmid_bits %u\n", mode(), mms_at_allowed, mms_vmid_bits());
	for (i = 0; i < ARRAY_SIZE(offsets); i++)
		seq_printf(m, "offset %s %llu\n", offsets[i].name, offsets[i].bytes);
	for (i = 0; i < ARRAY_SIZE(features); i++)
		seq_printf(m, "feature %s %d\n", features[i].name, features[i].found);
	return 0;
}

/*
 * kvm_init() makes debugfs's "kvm" when all else of it has succeeded, so the
 * directory tells that KVM works here; what else would is not exported.
 */
static bool kvm_works(void)
{
	struct dentry *dir = debugfs_lookup("kvm", NULL);

	if (!dir)
		return false;
	dput(dir);
	return true;
}

static int __init mms_init(void)
{
	int ret;

	if (!debugfs_initialized()) {
		pr_err("debugfs is switched off: boot without debugfs=off\n");
		return -ENODEV;
	}
	if (!kvm_works()) {
		pr_err("KVM is not running here: the kernel must be started at EL2, without kvm-arm.mode=none\n");
		return -ENODEV;
	}
	ret = mms_debugfs_init();
	if (ret)
		pr_err("cannot make the debugfs directory " MMUSCOPE_DIR ": error %d\n", ret);
	return ret;
}

static void __exit mms_exit(void)
{
	mms_debugfs_exit();
}

module_init(mms_init);
module_exit(mms_exit);

MODULE_DESCRIPTION("What the MMU sees: translation tables and registers of KVM guests");
MODULE_VERSION(MMS_VERSION);
MODULE_LICENSE("GPL");
