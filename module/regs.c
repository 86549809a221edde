// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers: a vCPU's and a physical CPU's, at the moment of reading.
 *
 * A vCPU's EL1 registers are on a physical CPU while vcpu->cpu >= 0, from
 * kvm_arch_vcpu_load() to kvm_arch_vcpu_put(), and in memory otherwise. On that
 * CPU an IPI makes the guest exit, so that they can be read even if the guest
 * never exits by itself: with VHE from the _EL12 registers, else from memory,
 * which nVHE KVM writes at each exit. Protected KVM from 6.16 on does not: see
 * mms_regs_hidden().
 *
 * vcpu->mutex is never taken, although it would keep a vCPU where it is: KVM
 * gives up with -EBUSY where it finds it taken (lock_all_vcpus()), as when a
 * virtual interrupt controller is made, and a reader must not cause that.
 */
#include "internal.h"

#include <linux/delay.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <asm/kvm_emulate.h>

#define TRIES	50

/*
 * A vCPU's EL1 registers
 */
struct guest_reg {
	const char *name;
	int nr;			/* KVM's, in enum vcpu_sysreg */
	unsigned int ext;	/* the extension it belongs to, 0: always there */
};

#define REG(_nr)		{ .name = #_nr, .nr = _nr }
#define REG_EXT(_nr, _ext)	{ .name = #_nr, .nr = _nr, .ext = _ext }

static const struct guest_reg guest_regs[] = {
	REG(SCTLR_EL1), REG(TCR_EL1), REG(TTBR0_EL1), REG(TTBR1_EL1), REG(MAIR_EL1),
#ifdef MMS_TCR2
	REG_EXT(TCR2_EL1, MMS_EXT_TCR2),
#endif
#ifdef MMS_S1PIE
	REG_EXT(PIR_EL1, MMS_EXT_S1PIE), REG_EXT(PIRE0_EL1, MMS_EXT_S1PIE),
#endif
#ifdef MMS_S1POE
	REG_EXT(POR_EL1, MMS_EXT_S1POE), REG_EXT(POR_EL0, MMS_EXT_S1POE),
#endif
	REG(CONTEXTIDR_EL1), REG(VBAR_EL1), REG(ESR_EL1), REG(FAR_EL1), REG(PAR_EL1),
	REG(TPIDR_EL1), REG(SP_EL1),
	REG_EXT(DACR32_EL2, MMS_EXT_AARCH32), REG_EXT(IFSR32_EL2, MMS_EXT_AARCH32),
};

/* On the CPU that has the vCPU loaded, at EL2. POR_EL0 is the guest's only while that runs. */
static u64 read_loaded(struct kvm_vcpu *vcpu, int nr)
{
	switch (nr) {
	case SCTLR_EL1:
		return read_sysreg_s(SYS_SCTLR_EL12);
	case TCR_EL1:
		return read_sysreg_s(SYS_TCR_EL12);
	case TTBR0_EL1:
		return read_sysreg_s(SYS_TTBR0_EL12);
	case TTBR1_EL1:
		return read_sysreg_s(SYS_TTBR1_EL12);
	case MAIR_EL1:
		return read_sysreg_s(SYS_MAIR_EL12);
#ifdef MMS_TCR2
	case TCR2_EL1:
		return read_sysreg_s(SYS_TCR2_EL12);
#endif
#ifdef MMS_S1PIE
	case PIR_EL1:
		return read_sysreg_s(SYS_PIR_EL12);
	case PIRE0_EL1:
		return read_sysreg_s(SYS_PIRE0_EL12);
#endif
#ifdef MMS_S1POE
	case POR_EL1:
		return read_sysreg_s(SYS_POR_EL12);
#endif
	case CONTEXTIDR_EL1:
		return read_sysreg_s(SYS_CONTEXTIDR_EL12);
	case VBAR_EL1:
		return read_sysreg_s(SYS_VBAR_EL12);
	case ESR_EL1:
		return read_sysreg_s(SYS_ESR_EL12);
	case FAR_EL1:
		return read_sysreg_s(SYS_FAR_EL12);
	/* These the host has no use for: they are left alone while a vCPU is loaded */
	case PAR_EL1:
		return read_sysreg_par();
	case TPIDR_EL1:
		return read_sysreg(tpidr_el1);
	case SP_EL1:
		return read_sysreg(sp_el1);
	/* Where EL1 can be AArch32 alone: elsewhere they are UNDEFINED */
	case DACR32_EL2:
		return read_sysreg_s(SYS_DACR32_EL2);
	case IFSR32_EL2:
		return read_sysreg_s(SYS_IFSR32_EL2);
	}
	return ctxt_sys_reg(&vcpu->arch.ctxt, nr);
}

struct guest_values {
	u64 el1[ARRAY_SIZE(guest_regs)];
	/* What is in struct kvm_vcpu since the last exit at the latest, loaded or not */
	u64 sp_el0, pc, pstate;
	u64 hcr, hcrx, vtcr, vttbr;
	u64 esr, far, hpfar;
	/* of a guest that has EL2: what it has set there for its own guest */
	u64 guest_hcr, guest_vtcr, guest_vttbr;
};

struct guest_ask {
	struct kvm_vcpu *vcpu;
	unsigned int ext;
	bool ok;
	bool from_cpu;
	bool in_el2;		/* of a guest that has it */
	bool has_mmu;		/* it is known which stage 2 it runs on */
	struct guest_values v;
};

static void ask_init(struct guest_ask *ask, struct kvm_vcpu *vcpu)
{
	memset(ask, 0, sizeof(*ask));
	ask->vcpu = vcpu;
	if (!vcpu)
		return;
	ask->ext = mms_vm_ext(vcpu->kvm);
	if (vcpu_has_feature(vcpu, KVM_ARM_VCPU_EL1_32BIT))
		ask->ext |= MMS_EXT_AARCH32;
}

static bool ask_has(const struct guest_ask *ask, int i)
{
	return !guest_regs[i].ext || (guest_regs[i].ext & ask->ext);
}

/*
 * While a guest is at an EL2 of its own, the CPU's EL1 registers hold that EL2's
 * state, and its EL1 registers are in memory, where the CPU writes them too
 * (FEAT_NV2). These two are shared.
 */
static bool is_loaded(const struct guest_ask *ask, int nr)
{
	return ask->from_cpu && (!ask->in_el2 || nr == PAR_EL1 || nr == TPIDR_EL1);
}

static void read_guest(struct guest_ask *ask, bool from_cpu)
{
	struct kvm_vcpu *vcpu = ask->vcpu;
	struct kvm_s2_mmu *mmu = mms_hw_mmu(vcpu);
	struct guest_values *v = &ask->v;
	int i;

	ask->from_cpu = from_cpu;
	ask->in_el2 = mms_in_el2(vcpu);
	for (i = 0; i < ARRAY_SIZE(guest_regs); i++)
		if (ask_has(ask, i))
			v->el1[i] = is_loaded(ask, guest_regs[i].nr) ?
				    read_loaded(vcpu, guest_regs[i].nr) :
				    ctxt_sys_reg(&vcpu->arch.ctxt, guest_regs[i].nr);
	v->sp_el0 = vcpu->arch.ctxt.regs.sp;
	v->pc = vcpu->arch.ctxt.regs.pc;
	v->pstate = vcpu->arch.ctxt.regs.pstate;
	v->hcr = vcpu->arch.hcr_el2;
	v->hcrx = mms_guest_hcrx(vcpu);
	ask->has_mmu = mmu;
	v->vtcr = mmu ? mms_mmu_vtcr(vcpu->kvm, mmu) : 0;
	v->vttbr = mmu ? mms_vttbr(mmu) : 0;
	v->esr = vcpu->arch.fault.esr_el2;
	v->far = vcpu->arch.fault.far_el2;
	v->hpfar = vcpu->arch.fault.hpfar_el2;
	mms_guest_el2(vcpu, &v->guest_hcr, &v->guest_vtcr, &v->guest_vttbr);
}

/*
 * For an IPI: whether @vcpu is loaded on this CPU, all of it. SYSREGS_ON_CPU is
 * set last when it is loaded and cleared last when it is put, both on this CPU,
 * and until it is cleared the _EL12 registers hold what they held.
 */
bool mms_vcpu_on_this_cpu(struct kvm_vcpu *vcpu)
{
	return READ_ONCE(vcpu->cpu) == smp_processor_id() &&
	       (!mms_vhe() || vcpu_get_flag(vcpu, SYSREGS_ON_CPU));
}

static void ask_cpu(void *arg)
{
	struct guest_ask *ask = arg;

	ask->ok = mms_vcpu_on_this_cpu(ask->vcpu);
	if (ask->ok)
		read_guest(ask, mms_vhe());
}

/*
 * A vCPU that is on no CPU: nobody writes its registers. It may be loaded while
 * they are copied, so the copy counts if it was on no CPU before and after, and
 * if a second copy is the same.
 */
static void ask_memory(struct guest_ask *ask, struct guest_values *first)
{
	read_guest(ask, false);
	*first = ask->v;
	/* One copy, then the other */
	smp_mb();
	read_guest(ask, false);
	/* Then the second look at where it is */
	smp_mb();
	ask->ok = READ_ONCE(ask->vcpu->cpu) < 0 && !memcmp(first, &ask->v, sizeof(*first));
}

/*
 * *cpu: the one that it was on, -1 for none. -EAGAIN: it moved whenever it was
 * looked for. -EOPNOTSUPP: whenever it was looked for the hypervisor had them.
 */
static int ask_vcpu(struct guest_ask *ask, int *cpu)
{
	struct guest_values *first;
	bool hidden = false;
	int tries;

	first = kmalloc(sizeof(*first), GFP_KERNEL);
	if (!first)
		return -ENOMEM;
	for (tries = 0; tries < TRIES && !ask->ok; tries++) {
		if (tries)
			usleep_range(20, 100);
		*cpu = READ_ONCE(ask->vcpu->cpu);
		/* The first look, then ask_memory() */
		smp_mb();
		hidden = mms_regs_hidden(ask->vcpu, *cpu);
		if (hidden)
			continue;
		if (*cpu < 0)
			ask_memory(ask, first);
		else
			smp_call_function_single(*cpu, ask_cpu, ask, 1);
	}
	kfree(first);
	if (ask->ok)
		return 0;
	return hidden ? -EOPNOTSUPP : -EAGAIN;
}

static const char *vcpu_state(struct kvm_vcpu *vcpu, int cpu)
{
	if (!vcpu_has_run_once(vcpu))
		return "never-run";
	/* It may have been loaded since it was looked for */
	if (cpu >= 0 || READ_ONCE(vcpu->preempted) || READ_ONCE(vcpu->cpu) >= 0)
		return "running";
	/* KVM_RUN holds the mutex all the time */
	return mutex_is_locked(&vcpu->mutex) ? "blocked" : "stopped";
}

static void show_reg(struct seq_file *m, const char *name, u64 value)
{
	seq_printf(m, "%s 0x%llx\n", name, value);
}

static void show_el1(struct seq_file *m, const struct guest_ask *ask)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(guest_regs); i++)
		if (ask_has(ask, i))
			show_reg(m, guest_regs[i].name, ask->v.el1[i]);
}

/* The hardware's own, not those that KVM shows to the guest: the MMU obeys the hardware */
static void show_id(struct seq_file *m)
{
	show_reg(m, "ID_AA64MMFR0_EL1", read_sysreg_s(SYS_ID_AA64MMFR0_EL1));
	show_reg(m, "ID_AA64MMFR1_EL1", read_sysreg_s(SYS_ID_AA64MMFR1_EL1));
	show_reg(m, "ID_AA64MMFR2_EL1", read_sysreg_s(SYS_ID_AA64MMFR2_EL1));
	show_reg(m, "ID_AA64MMFR3_EL1", read_sysreg_s(SYS_ID_AA64MMFR3_EL1));
	show_reg(m, "ID_AA64MMFR4_EL1", read_sysreg_s(SYS_ID_AA64MMFR4_EL1));
	show_reg(m, "ID_AA64ISAR0_EL1", read_sysreg_s(SYS_ID_AA64ISAR0_EL1));
	show_reg(m, "ID_AA64ISAR1_EL1", read_sysreg_s(SYS_ID_AA64ISAR1_EL1));
	show_reg(m, "ID_AA64ISAR2_EL1", read_sysreg_s(SYS_ID_AA64ISAR2_EL1));
	show_reg(m, "ID_AA64PFR0_EL1", read_sysreg_s(SYS_ID_AA64PFR0_EL1));
	show_reg(m, "ID_AA64PFR1_EL1", read_sysreg_s(SYS_ID_AA64PFR1_EL1));
}

static void show_guest(struct seq_file *m, const struct guest_ask *ask)
{
	const struct guest_values *v = &ask->v;

	show_el1(m, ask);
	show_reg(m, "SP_EL0", v->sp_el0);
	show_reg(m, "PC", v->pc);
	show_reg(m, "PSTATE", v->pstate);
	show_reg(m, "HCR_EL2", v->hcr);
	if (ask->ext & MMS_EXT_HCX)
		show_reg(m, "HCRX_EL2", v->hcrx);
	/* What the fields of a hidden stage 2 hold is not what the hardware uses */
	if (!mms_stage2_hidden() && ask->has_mmu) {
		show_reg(m, "VTCR_EL2", v->vtcr);
		show_reg(m, "VTTBR_EL2", v->vttbr);
	}
	show_reg(m, "ESR_EL2", v->esr);
	show_reg(m, "FAR_EL2", v->far);
	show_reg(m, "HPFAR_EL2", v->hpfar);
	show_id(m);
}

int mms_vcpu_regs_show(struct seq_file *m, struct mms_file *mf)
{
	struct kvm_vcpu *vcpu = mms_vcpu(mf->vm->kvm, mf->node.index);
	struct guest_ask *ask;
	int cpu, ret;

	if (!vcpu)
		return -ENXIO;
	ask = kmalloc(sizeof(*ask), GFP_KERNEL);
	if (!ask)
		return -ENOMEM;
	ask_init(ask, vcpu);
	ret = ask_vcpu(ask, &cpu);
	if (!ret) {
		seq_printf(m, "# state %s\n# cpu %d\n# source %s\n# vcpu_id %d\n",
			   vcpu_state(vcpu, cpu), cpu, ask->from_cpu ? "cpu" : "memory",
			   vcpu->vcpu_id);
		if (mms_has_el2(vcpu))
			seq_printf(m, "# context %s\n# guest_HCR_EL2 0x%llx\n"
				   "# guest_VTCR_EL2 0x%llx\n# guest_VTTBR_EL2 0x%llx\n",
				   ask->in_el2 ? "hyp" : "guest", ask->v.guest_hcr,
				   ask->v.guest_vtcr, ask->v.guest_vttbr);
		show_guest(m, ask);
	}
	kfree(ask);
	return ret;
}

/*
 * A physical CPU: the registers of the host's own regime, and the guest's that
 * are loaded beside them.
 */
struct host_ask {
	u64 current_el;
	u64 sctlr, tcr, tcr2, ttbr0, ttbr1, mair, pir, pire0, por, contextidr, vbar;
	u64 hcr, hcrx, vtcr, vttbr;
	struct guest_ask guest;	/* ->vcpu NULL: none, ->ok: it is loaded */
};

/* With VHE an _EL1 register is read as the one of EL2 (HCR_EL2.E2H) */
static void ask_host(void *arg)
{
	struct host_ask *h = arg;
	unsigned int ext = mms_host_ext();

	h->current_el = read_sysreg(currentel);
	h->sctlr = read_sysreg(sctlr_el1);
	h->tcr = read_sysreg(tcr_el1);
	h->ttbr0 = read_sysreg(ttbr0_el1);
	h->ttbr1 = read_sysreg(ttbr1_el1);
	h->mair = read_sysreg(mair_el1);
	h->contextidr = read_sysreg(contextidr_el1);
	h->vbar = read_sysreg(vbar_el1);
	if (ext & MMS_EXT_TCR2)
		h->tcr2 = read_sysreg_s(SYS_TCR2_EL1);
	if (ext & MMS_EXT_S1PIE) {
		h->pir = read_sysreg_s(SYS_PIR_EL1);
		h->pire0 = read_sysreg_s(SYS_PIRE0_EL1);
	}
	if (ext & MMS_EXT_S1POE)
		h->por = read_sysreg_s(SYS_POR_EL1);
	if (mms_vhe()) {
		h->hcr = read_sysreg(hcr_el2);
		h->vtcr = read_sysreg(vtcr_el2);
		h->vttbr = read_sysreg(vttbr_el2);
		if (ext & MMS_EXT_HCX)
			h->hcrx = read_sysreg_s(SYS_HCRX_EL2);
	}
	if (h->guest.vcpu)
		ask_cpu(&h->guest);
}

static void show_host(struct seq_file *m, const struct host_ask *h)
{
	unsigned int ext = mms_host_ext();
	bool vhe = mms_vhe();

	show_reg(m, "CurrentEL", h->current_el);
	show_reg(m, vhe ? "SCTLR_EL2" : "SCTLR_EL1", h->sctlr);
	show_reg(m, vhe ? "TCR_EL2" : "TCR_EL1", h->tcr);
	show_reg(m, vhe ? "TTBR0_EL2" : "TTBR0_EL1", h->ttbr0);
	show_reg(m, vhe ? "TTBR1_EL2" : "TTBR1_EL1", h->ttbr1);
	show_reg(m, vhe ? "MAIR_EL2" : "MAIR_EL1", h->mair);
	if (ext & MMS_EXT_TCR2)
		show_reg(m, vhe ? "TCR2_EL2" : "TCR2_EL1", h->tcr2);
	if (ext & MMS_EXT_S1PIE) {
		show_reg(m, vhe ? "PIR_EL2" : "PIR_EL1", h->pir);
		show_reg(m, vhe ? "PIRE0_EL2" : "PIRE0_EL1", h->pire0);
	}
	if (ext & MMS_EXT_S1POE)
		show_reg(m, vhe ? "POR_EL2" : "POR_EL1", h->por);
	show_reg(m, vhe ? "CONTEXTIDR_EL2" : "CONTEXTIDR_EL1", h->contextidr);
	show_reg(m, vhe ? "VBAR_EL2" : "VBAR_EL1", h->vbar);
	if (vhe) {
		show_reg(m, "HCR_EL2", h->hcr);
		if (ext & MMS_EXT_HCX)
			show_reg(m, "HCRX_EL2", h->hcrx);
		show_reg(m, "VTCR_EL2", h->vtcr);
		show_reg(m, "VTTBR_EL2", h->vttbr);
	}
	/* nVHE has the guest's in these registers while it runs only */
	if (h->guest.ok && vhe)
		show_el1(m, &h->guest);
	show_id(m);
}

/* Which vCPU says that it is on @cpu; whether it is so is for the IPI to see */
static struct mms_found *find_loaded(struct mms_list *list, int cpu, int *index)
{
	struct mms_found *found;
	struct kvm_vcpu *vcpu;

	for (found = list->vec; found < list->vec + list->n; found++)
		for (*index = 0; (vcpu = mms_vcpu(found->kvm, *index)); (*index)++)
			if (READ_ONCE(vcpu->cpu) == cpu)
				return found;
	return NULL;
}

int mms_host_regs_show(struct seq_file *m, struct mms_file *mf)
{
	struct mms_found *found = NULL;
	struct mms_list list = {};
	struct host_ask *h;
	int index, tries, ret;

	h = kzalloc(sizeof(*h), GFP_KERNEL);
	if (!h)
		return -ENOMEM;
	ret = mms_list_get(&list);
	for (tries = 0; !ret && tries < TRIES; tries++) {
		found = find_loaded(&list, mf->node.index, &index);
		ask_init(&h->guest, found ? mms_vcpu(found->kvm, index) : NULL);
		ret = smp_call_function_single(mf->node.index, ask_host, h, 1);
		if (h->guest.ok || !found)
			break;
	}
	if (!ret) {
		if (h->guest.ok)
			seq_printf(m, "# guest %d-%d:%d\n", found->pid, found->fd, index);
		else
			seq_puts(m, "# guest none\n");
		show_host(m, h);
	}
	mms_list_put(&list);
	kfree(h);
	return ret;	/* -ENXIO: that CPU is offline */
}
