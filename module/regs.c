// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers: a vCPU's and a physical CPU's, at the moment of reading.
 *
 * A vCPU's EL1 registers are on a physical CPU while vcpu->cpu >= 0, from
 * kvm_arch_vcpu_load() to kvm_arch_vcpu_put(), and in memory otherwise. On that
 * CPU an IPI makes the guest exit, so that they can be read even if the guest
 * never exits by itself: with VHE from the _EL12 registers, else from memory,
 * which nVHE KVM writes at each exit.
 *
 * vcpu->mutex is never taken, although it would keep a vCPU where it is: KVM
 * gives up with -EBUSY where it finds it taken (lock_all_vcpus()), as when a
 * virtual interrupt controller is made, and a reader must not cause that.
 */
#include "internal.h"

#include <linux/delay.h>
#include <linux/slab.h>
#include <linux/smp.h>

#define TRIES	50

/* Registers that VHE swaps with the host's: NAME_EL1 is read as NAME_EL12 */
#define BANKED_REGS(X)							\
	X(SCTLR_EL1) X(TCR_EL1) X(TTBR0_EL1) X(TTBR1_EL1) X(MAIR_EL1)	\
	X(CONTEXTIDR_EL1) X(VBAR_EL1) X(ESR_EL1) X(FAR_EL1)

#if MMS_TCR2
#define TCR2_REGS(X)	X(TCR2_EL1)
#else
#define TCR2_REGS(X)
#endif

#if MMS_S1PIE
#define S1PIE_REGS(X)	X(PIR_EL1) X(PIRE0_EL1)
#else
#define S1PIE_REGS(X)
#endif

#if MMS_S1POE
#define S1POE_REGS(X)	X(POR_EL1)
#define S1POE_EL0(X)	X(POR_EL0)
#else
#define S1POE_REGS(X)
#define S1POE_EL0(X)
#endif

/* Registers that the host has no use for and leaves alone while the vCPU is loaded */
#define OWN_REGS(X)							\
	X(PAR_EL1, read_sysreg_par())					\
	X(TPIDR_EL1, read_sysreg(tpidr_el1))				\
	X(SP_EL1, read_sysreg(sp_el1))

/* In struct kvm_vcpu since the last exit at the latest, loaded or not */
#define SAVED_REGS(X)							\
	X(SP_EL0, vcpu->arch.ctxt.regs.sp)				\
	X(PC, vcpu->arch.ctxt.regs.pc)					\
	X(PSTATE, vcpu->arch.ctxt.regs.pstate)				\
	X(HCR_EL2, vcpu->arch.hcr_el2)					\
	X(ESR_EL2, vcpu->arch.fault.esr_el2)				\
	X(FAR_EL2, vcpu->arch.fault.far_el2)				\
	X(HPFAR_EL2, vcpu->arch.fault.hpfar_el2)			\
	X(VTCR_EL2, mms_vtcr(vcpu->kvm))				\
	X(VTTBR_EL2, mms_vttbr(vcpu->kvm))

#define NUMBER(name, ...)	R_##name,
enum {
	BANKED_REGS(NUMBER)
	TCR2_REGS(NUMBER)
	S1PIE_REGS(NUMBER)
	S1POE_REGS(NUMBER)
	S1POE_EL0(NUMBER)
	OWN_REGS(NUMBER)
	SAVED_REGS(NUMBER)
	R_HCRX_EL2,
	NR_REGS
};

#define NAME(name, ...)		[R_##name] = #name,
static const char * const reg_names[NR_REGS] = {
	BANKED_REGS(NAME)
	TCR2_REGS(NAME)
	S1PIE_REGS(NAME)
	S1POE_REGS(NAME)
	S1POE_EL0(NAME)
	OWN_REGS(NAME)
	SAVED_REGS(NAME)
	NAME(HCRX_EL2)
};

struct reg_set {
	u64 value[NR_REGS];
	bool has[NR_REGS];
};

static void set_reg(struct reg_set *s, int nr, u64 value)
{
	s->value[nr] = value;
	s->has[nr] = true;
}

/* Which of the extensions' registers are this guest's: as ctxt_has_tcrx() and its like decide in KVM */
struct reg_ask {
	struct kvm_vcpu *vcpu;
	bool tcr2, s1pie, s1poe;
	bool ok;
	bool from_cpu;
	struct reg_set set;
};

static void ask_init(struct reg_ask *ask, struct kvm_vcpu *vcpu)
{
	memset(ask, 0, sizeof(*ask));
	ask->vcpu = vcpu;
	ask->tcr2 = mms_host_tcr2() && mms_vm_has(vcpu->kvm, TCRX);
	ask->s1pie = ask->tcr2 && mms_host_s1pie() && mms_vm_has(vcpu->kvm, S1PIE);
	ask->s1poe = ask->tcr2 && mms_host_s1poe() && mms_vm_has(vcpu->kvm, S1POE);
}

#define FROM_CPU(name)		set_reg(s, R_##name, read_sysreg_s(SYS_##name##2));
#define FROM_CPU_OWN(name, how)	set_reg(s, R_##name, how);
#define FROM_MEMORY(name, ...)	set_reg(s, R_##name, ctxt_sys_reg(&ask->vcpu->arch.ctxt, name));

/* On the CPU that the vCPU is loaded on, at EL2 */
static void read_from_cpu(struct reg_ask *ask)
{
	struct reg_set *s = &ask->set;

	BANKED_REGS(FROM_CPU)
	OWN_REGS(FROM_CPU_OWN)
	if (ask->tcr2) {
		TCR2_REGS(FROM_CPU)
	}
	if (ask->s1pie) {
		S1PIE_REGS(FROM_CPU)
	}
	if (ask->s1poe) {
		S1POE_REGS(FROM_CPU)
	}
}

static void read_from_memory(struct reg_ask *ask)
{
	struct reg_set *s = &ask->set;

	BANKED_REGS(FROM_MEMORY)
	OWN_REGS(FROM_MEMORY)
	if (ask->tcr2) {
		TCR2_REGS(FROM_MEMORY)
	}
	if (ask->s1pie) {
		S1PIE_REGS(FROM_MEMORY)
	}
	if (ask->s1poe) {
		S1POE_REGS(FROM_MEMORY)
	}
}

static void read_saved(struct reg_ask *ask)
{
	struct kvm_vcpu *vcpu = ask->vcpu;
	struct reg_set *s = &ask->set;

	SAVED_REGS(FROM_CPU_OWN)
	if (ask->s1poe) {
		S1POE_EL0(FROM_MEMORY)
	}
#ifdef MMS_VCPU_HCRX
	if (mms_host_hcx())
		set_reg(s, R_HCRX_EL2, vcpu->arch.hcrx_el2);
#endif
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
	struct reg_ask *ask = arg;

	if (!mms_vcpu_on_this_cpu(ask->vcpu))
		return;
	ask->from_cpu = mms_vhe();
	if (ask->from_cpu)
		read_from_cpu(ask);
	else
		read_from_memory(ask);
	read_saved(ask);
	ask->ok = true;
}

/*
 * A vCPU that is on no CPU: nobody writes its registers. It may be loaded while
 * they are copied, so the copy counts if it was on no CPU before and after, and
 * if a second copy is the same; the barriers order the copies and the looks.
 */
static void ask_memory(struct reg_ask *ask, struct reg_set *first)
{
	read_from_memory(ask);
	read_saved(ask);
	*first = ask->set;
	smp_mb();
	read_from_memory(ask);
	read_saved(ask);
	smp_mb();
	ask->ok = READ_ONCE(ask->vcpu->cpu) < 0 && !memcmp(first, &ask->set, sizeof(*first));
	ask->from_cpu = false;
}

/* *cpu: the one that it was on, -1 for none. -EAGAIN: it moved whenever it was looked for */
static int ask_vcpu(struct reg_ask *ask, int *cpu)
{
	struct reg_set *first;
	int tries;

	first = kmalloc(sizeof(*first), GFP_KERNEL);
	if (!first)
		return -ENOMEM;
	for (tries = 0; tries < TRIES && !ask->ok; tries++) {
		if (tries)
			usleep_range(20, 100);
		*cpu = READ_ONCE(ask->vcpu->cpu);
		smp_mb();
		if (*cpu < 0)
			ask_memory(ask, first);
		else
			smp_call_function_single(*cpu, ask_cpu, ask, 1);
	}
	kfree(first);
	return ask->ok ? 0 : -EAGAIN;
}

static const char *vcpu_state(struct kvm_vcpu *vcpu, int cpu)
{
	if (!vcpu_has_run_once(vcpu))
		return "never-run";
	if (cpu >= 0 || READ_ONCE(vcpu->preempted))
		return "running";
	/* KVM_RUN holds the mutex all the time */
	return mutex_is_locked(&vcpu->mutex) ? "blocked" : "stopped";
}

static void show_set(struct seq_file *m, const struct reg_set *s)
{
	int i;

	for (i = 0; i < NR_REGS; i++)
		if (s->has[i])
			seq_printf(m, "%s 0x%llx\n", reg_names[i], s->value[i]);
}

/* The hardware's own, not those that KVM shows to the guest: the MMU obeys the hardware */
static void show_id_regs(struct seq_file *m)
{
#define SHOW_ID(name)	seq_printf(m, #name " 0x%llx\n", read_sysreg_s(SYS_##name))
	SHOW_ID(ID_AA64MMFR0_EL1);
	SHOW_ID(ID_AA64MMFR1_EL1);
	SHOW_ID(ID_AA64MMFR2_EL1);
	SHOW_ID(ID_AA64MMFR3_EL1);
	SHOW_ID(ID_AA64MMFR4_EL1);
	SHOW_ID(ID_AA64PFR0_EL1);
	SHOW_ID(ID_AA64PFR1_EL1);
}

int mms_vcpu_regs_show(struct seq_file *m, struct mms_file *mf)
{
	struct kvm_vcpu *vcpu = kvm_get_vcpu(mf->vm->kvm, mf->node.index);
	struct reg_ask *ask;
	int cpu, ret;

	if (!vcpu)
		return -ENXIO;
	ask = kmalloc(sizeof(*ask), GFP_KERNEL);
	if (!ask)
		return -ENOMEM;
	ask_init(ask, vcpu);
	ret = ask_vcpu(ask, &cpu);
	if (!ret) {
		seq_printf(m, "# state %s\n", vcpu_state(vcpu, cpu));
		seq_printf(m, "# cpu %d\n", cpu);
		seq_printf(m, "# source %s\n", ask->from_cpu ? "cpu" : "memory");
		seq_printf(m, "# vcpu_id %d\n", vcpu->vcpu_id);
		show_set(m, &ask->set);
		show_id_regs(m);
	}
	kfree(ask);
	return ret;
}

/*
 * A physical CPU
 */

/* The registers of the host's own regime: NAME_EL1, which with VHE reads NAME_EL2 */
#define HOST_REGS(X)							\
	X(SCTLR) X(TCR) X(TTBR0) X(TTBR1) X(MAIR) X(CONTEXTIDR) X(VBAR)

#define HOST_NUMBER(name, ...)	H_##name,
#define HOST_NAME(name, ...)	[H_##name] = #name,
enum {
	HOST_REGS(HOST_NUMBER)
	H_TCR2, H_PIR, H_PIRE0, H_POR, NR_HOST_REGS
};

static const char * const host_names[NR_HOST_REGS] = {
	HOST_REGS(HOST_NAME)
	HOST_NAME(TCR2) HOST_NAME(PIR) HOST_NAME(PIRE0) HOST_NAME(POR)
};

struct host_ask {
	u64 current_el;
	u64 value[NR_HOST_REGS];
	u64 hcr, vtcr, vttbr, hcrx;
	bool loaded;
	struct reg_ask guest;	/* ->vcpu NULL: none */
};

static void ask_host(void *arg)
{
	struct host_ask *h = arg;

#define HOST_READ(name)	h->value[H_##name] = read_sysreg_s(SYS_##name##_EL1);
	h->current_el = read_sysreg(CurrentEL);
	HOST_REGS(HOST_READ)
#if MMS_TCR2
	if (mms_host_tcr2())
		HOST_READ(TCR2)
#endif
#if MMS_S1PIE
	if (mms_host_s1pie()) {
		HOST_READ(PIR)
		HOST_READ(PIRE0)
	}
#endif
#if MMS_S1POE
	if (mms_host_s1poe())
		HOST_READ(POR)
#endif
	if (mms_vhe()) {
		h->hcr = read_sysreg(hcr_el2);
		h->vtcr = read_sysreg(vtcr_el2);
		h->vttbr = read_sysreg(vttbr_el2);
#if MMS_HCX
		if (mms_host_hcx())
			h->hcrx = read_sysreg_s(SYS_HCRX_EL2);
#endif
	}
	h->loaded = h->guest.vcpu && mms_vcpu_on_this_cpu(h->guest.vcpu);
	if (h->loaded && mms_vhe())
		read_from_cpu(&h->guest);
}

static bool host_has(int nr)
{
	switch (nr) {
	case H_TCR2:
		return mms_host_tcr2();
	case H_PIR:
	case H_PIRE0:
		return mms_host_s1pie();
	case H_POR:
		return mms_host_s1poe();
	default:
		return true;
	}
}

static void show_host(struct seq_file *m, const struct host_ask *h)
{
	int i;

	seq_printf(m, "CurrentEL 0x%llx\n", h->current_el);
	for (i = 0; i < NR_HOST_REGS; i++)
		if (host_has(i))
			seq_printf(m, "%s_EL%d 0x%llx\n", host_names[i], mms_vhe() ? 2 : 1,
				   h->value[i]);
	if (mms_vhe()) {
		seq_printf(m, "HCR_EL2 0x%llx\nVTCR_EL2 0x%llx\nVTTBR_EL2 0x%llx\n",
			   h->hcr, h->vtcr, h->vttbr);
		if (mms_host_hcx())
			seq_printf(m, "HCRX_EL2 0x%llx\n", h->hcrx);
	}
	if (h->loaded)
		show_set(m, &h->guest.set);
	show_id_regs(m);
}

/* Which vCPU says that it is on @cpu; whether it is so is for the IPI to see */
static struct mms_found *find_loaded(struct mms_list *list, int cpu, int *index)
{
	struct mms_found *found;
	struct kvm_vcpu *vcpu;

	for (found = list->vec; found < list->vec + list->n; found++)
		for (*index = 0; (vcpu = kvm_get_vcpu(found->kvm, *index)); (*index)++)
			if (READ_ONCE(vcpu->cpu) == cpu)
				return found;
	return NULL;
}

int mms_host_regs_show(struct seq_file *m, struct mms_file *mf)
{
	struct mms_list list = {};
	struct mms_found *found;
	struct host_ask *h;
	int index, tries, ret;

	h = kzalloc(sizeof(*h), GFP_KERNEL);
	if (!h)
		return -ENOMEM;
	ret = mms_list_get(&list);
	for (tries = 0; !ret && tries < TRIES; tries++) {
		found = find_loaded(&list, mf->node.index, &index);
		if (found)
			ask_init(&h->guest, kvm_get_vcpu(found->kvm, index));
		else
			h->guest.vcpu = NULL;
		ret = smp_call_function_single(mf->node.index, ask_host, h, 1);
		if (h->loaded || !found)
			break;
	}
	if (!ret) {
		if (h->loaded)
			seq_printf(m, "# guest %d-%d:%d\n", found->pid, found->fd, index);
		else
			seq_puts(m, "# guest none\n");
		show_host(m, h);
	}
	mms_list_put(&list);
	kfree(h);
	return ret;	/* -ENXIO: that CPU is offline */
}
