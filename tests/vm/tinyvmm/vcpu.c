// SPDX-License-Identifier: GPL-2.0-only
/* Virtual CPUs: their registers before the first instruction, and KVM's view. */
#include <errno.h>
#include <inttypes.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "tinyvmm.h"

/* Headers before 6.16 have no name for them */
#ifndef KVM_CAP_ARM_EL2
#define KVM_CAP_ARM_EL2		240
#endif
#ifndef KVM_ARM_VCPU_HAS_EL2
#define KVM_ARM_VCPU_HAS_EL2	7
#endif

#define CORE(member)	(KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE | \
			 KVM_REG_ARM_CORE_REG(member))

/* What the tests compare; by the names of the architecture */
static const struct {
	const char *name;
	uint64_t id;
} regs[] = {
	{ "SCTLR_EL1", ARM64_SYS_REG(3, 0, 1, 0, 0) },
	{ "TTBR0_EL1", ARM64_SYS_REG(3, 0, 2, 0, 0) },
	{ "TTBR1_EL1", ARM64_SYS_REG(3, 0, 2, 0, 1) },
	{ "TCR_EL1", ARM64_SYS_REG(3, 0, 2, 0, 2) },
	{ "MAIR_EL1", ARM64_SYS_REG(3, 0, 10, 2, 0) },
	{ "CONTEXTIDR_EL1", ARM64_SYS_REG(3, 0, 13, 0, 1) },
	{ "PC", CORE(regs.pc) },
	{ "PSTATE", CORE(regs.pstate) },
};

static uint64_t reg_id(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(regs); i++)
		if (!strcmp(regs[i].name, name))
			return regs[i].id;
	die("no register %s", name);
}

static void set(const struct vcpu *vcpu, uint64_t id, uint64_t value)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)&value };

	if (ioctl(vcpu->fd, KVM_SET_ONE_REG, &reg))
		die("KVM_SET_ONE_REG %#" PRIx64, id);
}

#define DACR32_EL2	ARM64_SYS_REG(3, 4, 3, 0, 0)

static void set_stage1(const struct vcpu *vcpu)
{
	const struct stage1 *s1 = &vcpu->vm->s1;

	if (s1->format == SHORT_32)
		set(vcpu, DACR32_EL2, s1->dacr);

	set(vcpu, reg_id("TTBR0_EL1"), s1->roots[0]);
	set(vcpu, reg_id("TTBR1_EL1"), s1->root1);
	set(vcpu, reg_id("TCR_EL1"), s1->tcr);
	set(vcpu, reg_id("MAIR_EL1"), s1->mair);
	set(vcpu, reg_id("SCTLR_EL1"), s1->sctlr);
}

static uint64_t params_ipa(const struct vcpu *vcpu)
{
	return CODE_IPA + PARAMS_OFFSET + vcpu->index * PARAMS_SIZE;
}

/* Behind those of all vCPUs: what a guest of this one finds */
static uint64_t l2_params(const struct vcpu *vcpu)
{
	return CODE_IPA + PARAMS_OFFSET + (MAX_VCPUS + vcpu->index) * PARAMS_SIZE;
}

static struct touch touch_of(const struct slot *slot)
{
	return (struct touch){
		.start = slot->ipa, .step = slot->touch_step,
		.end = slot->ipa + slot->size,
		.write = !slot->readonly && !slot->read_only_touch,
	};
}

static void set_params(const struct vcpu *vcpu)
{
	const struct vm *vm = vcpu->vm;
	struct params *params = guest_ptr(vm, params_ipa(vcpu));
	unsigned int i, again = 0;

	_Static_assert(sizeof(struct params) <= PARAMS_SIZE, "PARAMS_SIZE");
	_Static_assert(offsetof(struct params, roots) == 0x20, "guest.S");
	_Static_assert(offsetof(struct params, touches) == 0x40, "guest.S");
	_Static_assert(offsetof(struct params, again) == 0x1c0, "guest.S");
	_Static_assert(offsetof(struct params, results) == 0x240, "guest.S");
	params->program = vcpu->program;
	params->doorbell = DOORBELL;
	params->nr_roots = MAX_ROOTS;
	memcpy(params->roots, vm->s1.roots, sizeof(params->roots));
	for (i = 0; i < vm->nr_slots; i++) {
		if (vm->slots[i].again && again < MAX_AGAIN)
			params->again[again++] = touch_of(&vm->slots[i]);
		params->touches[i] = touch_of(&vm->slots[i]);
	}
	_Static_assert(offsetof(struct params, nested) == 0x248, "guest.S");
	if (vm->el2)
		nested_params(vm, params, guest_ptr(vm, l2_params(vcpu)), l2_params(vcpu));
	params->results = CODE_IPA + RESULTS_OFFSET;
	params->nr_touches = vm->small ? 0 : vm->nr_slots;
	if (vm->s1.big_endian && vcpu->program != OFF)
		for (i = 0; i < sizeof(*params) / sizeof(uint64_t); i++)
			((uint64_t *)params)[i] = __builtin_bswap64(((uint64_t *)params)[i]);
}

void vcpu_create(struct vm *vm, unsigned int index)
{
	struct vcpu *vcpu = &vm->vcpus[index];
	struct kvm_vcpu_init init;
	int size = ioctl(vm->kvm_fd, KVM_GET_VCPU_MMAP_SIZE, 0);
	bool aarch32 = vm->s1.format != LONG_64;

	vcpu->vm = vm;
	vcpu->index = index;
	vcpu->fd = ioctl(vm->fd, KVM_CREATE_VCPU, index);
	if (vcpu->fd < 0)
		die("KVM_CREATE_VCPU");
	if (ioctl(vm->fd, KVM_ARM_PREFERRED_TARGET, &init))
		die("KVM_ARM_PREFERRED_TARGET");
	if (aarch32)
		init.features[0] |= 1U << KVM_ARM_VCPU_EL1_32BIT;
	if (vm->el2) {
		errno = EOPNOTSUPP;
		if (ioctl(vm->kvm_fd, KVM_CHECK_EXTENSION, KVM_CAP_ARM_EL2) <= 0)
			die("KVM_CAP_ARM_EL2 (kvm-arm.mode=nested?)");
		init.features[0] |= 1U << KVM_ARM_VCPU_HAS_EL2;
	}
	if (ioctl(vcpu->fd, KVM_ARM_VCPU_INIT, &init))
		die("KVM_ARM_VCPU_INIT%s", aarch32 ? " with AArch32 at EL1" : "");
	vcpu->run = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED,
			 vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED)
		die("mmap of struct kvm_run");
	if (vcpu->program == NONE)
		return;
	set_params(vcpu);
	if (!vm->el2 && vcpu->program != OFF && vcpu->program != BELL)
		set_stage1(vcpu);
	set(vcpu, CORE(regs.regs[0]), params_ipa(vcpu));
	set(vcpu, reg_id("PC"), CODE_IPA);
	/* Supervisor mode, EL1h or EL2h, with (D,) A, I and F masked */
	set(vcpu, reg_id("PSTATE"), aarch32 ? 0x1d3 : vm->el2 ? 0x3c9 : 0x3c5);
}

void vcpu_print_regs(const struct vcpu *vcpu)
{
	struct kvm_one_reg reg;
	uint64_t value;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(regs); i++) {
		reg.id = regs[i].id;
		reg.addr = (uintptr_t)&value;
		if (ioctl(vcpu->fd, KVM_GET_ONE_REG, &reg))
			die("KVM_GET_ONE_REG of %s", regs[i].name);
		printf("vcpu %u %s 0x%" PRIx64 "\n", vcpu->index, regs[i].name, value);
	}
}
