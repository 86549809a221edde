// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest hypervisor and its guest: the stage 2 that the guest hypervisor (L1) gives to its guest (L2), and L2's own
 * stage 1. No offset between two of the addresses of a page is that between two others, so that a stage that is left
 * out, or done twice, is seen.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tinyvmm.h"

#define VALID		(1ULL << 0)
#define TABLE		(1ULL << 1)	/* also page, at level 3 */
#define AF		(1ULL << 10)
#define SH_INNER	(3ULL << 8)

/* Stage 1: AttrIndx 0 is Normal write-back in the MAIR_EL1 that stage1.c makes, 1 is Device-nGnRnE */
#define S1_NORMAL	(SH_INNER | AF)
#define S1_DEVICE	(1ULL << 2 | AF | 1ULL << 53 | 1ULL << 54)

/* Stage 2: MemAttr[3:0] in 5:2, S2AP in 7:6, XN in 54 */
#define S2_NORMAL	(0xfULL << 2 | SH_INNER | AF | 1ULL << 6)
#define S2_DEVICE	(1ULL << 2 | 3ULL << 6 | AF | 1ULL << 54)
#define S2_WRITE	(1ULL << 7)

/* Both sets of tables: 4K granule, 39 bits, from level 1 on */
#define START_LEVEL	1
#define T0SZ		25

#define BLOCK		(2 * MIB)
#define PAGE		(4 * KIB)

static const struct area {
	uint64_t va, ipa, l1_ipa, size;
	uint64_t s2_size;	/* where stage 2 maps more than stage 1 */
	bool block, readonly;
	bool touched;		/* by L2 */
} areas[] = {
	/* Code and parameters; L2's tables lie behind them, for stage 2 alone */
	{ 0x010000000, 0x20000000, CODE_IPA, 64 * KIB, CODE_SIZE, .touched = true },
	/* The slots hugetlb, readonly, sparse; of the last L1 itself has touched every second page */
	{ 0x400000000, 0x30000000, 0x80000000, 2 * BLOCK, .block = true, .touched = true },
	{ 0x480000000, 0x34000000, 0xb0000000, 256 * KIB, .readonly = true, .touched = true },
	{ 0x500100000, 0x38000000, 0xb8000000, 256 * KIB, .touched = true },
	/* The slot mixed, which L2 leaves alone */
	{ 0x500200000, 0x3a000000, 0x90000000, 64 * KIB, .touched = false },
};

#define L2_DOORBELL_VA	0x600000000ULL
#define L2_DOORBELL_IPA	0x0a000000ULL
#define NOWHERE_VA	0x500300000ULL
#define NOWHERE_IPA	0x3c000000ULL	/* no stage 2 behind it */

/* What lies where in L2's eyes, of the code slot */
static uint64_t l2_ipa(uint64_t l1_ipa)
{
	return l1_ipa - areas[0].l1_ipa + areas[0].ipa;
}

static uint64_t l2_va(uint64_t l1_ipa)
{
	return l1_ipa - areas[0].l1_ipa + areas[0].va;
}

static uint64_t l1_ipa(uint64_t l2_ipa)
{
	return l2_ipa - areas[0].ipa + areas[0].l1_ipa;
}

/* One leaf; stage 1's tables know each other by L2's IPA, stage 2's by L1's */
static void map_one(struct vm *vm, bool stage1, uint64_t root, uint64_t ia, uint64_t word, int leaf_level)
{
	uint64_t table = root, *entry;
	int level;

	for (level = START_LEVEL;; level++) {
		entry = guest_ptr(vm, stage1 ? l1_ipa(table) : table);
		entry += ia >> (12 + 9 * (3 - level)) & 511;
		if (level == leaf_level)
			break;
		if (!(*entry & VALID)) {
			table = stage1_new_table(vm);
			*entry = (stage1 ? l2_ipa(table) : table) | TABLE | VALID;
		}
		table = *entry & 0xfffffffff000ULL;
	}
	*entry = word | VALID | (level == 3 ? TABLE : 0);
}

static void map_area(struct vm *vm, bool stage1, uint64_t root, const struct area *a)
{
	uint64_t ia = stage1 ? a->va : a->ipa, oa = stage1 ? a->ipa : a->l1_ipa;
	uint64_t size = !stage1 && a->s2_size ? a->s2_size : a->size, step = a->block ? BLOCK : PAGE, at;
	uint64_t bits = stage1 ? S1_NORMAL : S2_NORMAL | (a->readonly ? 0 : S2_WRITE);

	for (at = 0; at < size; at += step)
		map_one(vm, stage1, root, ia + at, (oa + at) | bits, a->block ? 2 : 3);
}

void nested_create(struct vm *vm)
{
	struct nested *n = &vm->nested;
	uint64_t s1, s2;
	size_t i;

	s2 = stage1_new_table(vm);
	s1 = l2_ipa(stage1_new_table(vm));
	for (i = 0; i < ARRAY_SIZE(areas); i++) {
		map_area(vm, false, s2, &areas[i]);
		map_area(vm, true, s1, &areas[i]);
	}
	map_one(vm, false, s2, L2_DOORBELL_IPA, DOORBELL | S2_DEVICE, 3);
	map_one(vm, true, s1, L2_DOORBELL_VA, L2_DOORBELL_IPA | S1_DEVICE, 3);
	map_one(vm, true, s1, NOWHERE_VA, NOWHERE_IPA | S1_NORMAL, 3);

	n->vttbr = 7ULL << 48 | s2;
	/* RES1, VS, PS 40 bits, SH0, ORGN0, IRGN0, SL0 */
	n->vtcr = 1ULL << 31 | 1 << 19 | 2 << 16 | 3 << 12 | 1 << 10 | 1 << 8 | 1 << 6 | T0SZ;
	/* E2H, RW, VM */
	n->hcr = 1ULL << 34 | 1ULL << 31 | 1;
	n->ttbr0 = 5ULL << 48 | s1;
	/* AS, IPS 40 bits, EPD1, SH0, ORGN0, IRGN0 */
	n->tcr = 1ULL << 36 | 2ULL << 32 | 1 << 23 | 3 << 12 | 1 << 10 | 1 << 8 | T0SZ;
	n->mair = vm->s1.mair;
	n->sctlr = vm->s1.sctlr;
	n->entry = l2_va(CODE_IPA);
}

/* No vCPU with EL2 runs without an interrupt controller in KVM; nothing here uses it */
void nested_create_gic(const struct vm *vm)
{
	struct kvm_create_device gic = { .type = KVM_DEV_TYPE_ARM_VGIC_V3 };
	uint64_t dist = 0x08000000, redist = 0x080a0000;
	struct kvm_device_attr attrs[] = {
		{ .group = KVM_DEV_ARM_VGIC_GRP_ADDR, .attr = KVM_VGIC_V3_ADDR_TYPE_DIST, .addr = (uintptr_t)&dist },
		{ .group = KVM_DEV_ARM_VGIC_GRP_ADDR, .attr = KVM_VGIC_V3_ADDR_TYPE_REDIST, .addr = (uintptr_t)&redist },
		{ .group = KVM_DEV_ARM_VGIC_GRP_CTRL, .attr = KVM_DEV_ARM_VGIC_CTRL_INIT },
	};
	size_t i;

	if (ioctl(vm->fd, KVM_CREATE_DEVICE, &gic))
		die("KVM_CREATE_DEVICE of a GICv3");
	for (i = 0; i < ARRAY_SIZE(attrs); i++)
		if (ioctl((int)gic.fd, KVM_SET_DEVICE_ATTR, &attrs[i]))
			die("KVM_SET_DEVICE_ATTR %zu of the GICv3", i);
}

/* @l1 is what the guest hypervisor finds; its guest finds a copy, in its own addresses, which is made here */
void nested_params(const struct vm *vm, struct params *l1, struct params *l2, uint64_t l2_at)
{
	size_t i, n = 0;

	l1->nested = vm->nested;
	l1->nested.arg = l2_va(l2_at);
	l2->program = SPIN;
	l2->doorbell = L2_DOORBELL_VA;
	for (i = 0; i < ARRAY_SIZE(areas); i++)
		if (areas[i].touched)
			l2->touches[n++] = (struct touch){
				.start = areas[i].va, .step = areas[i].block ? BLOCK : PAGE,
				.end = areas[i].va + areas[i].size, .write = !areas[i].readonly && i,
			};
	l2->nr_touches = n;
}

void nested_print(const struct vm *vm)
{
	const struct nested *n = &vm->nested;
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	const struct area *a;
	uint64_t at;
	size_t i;

	if (pagemap < 0)
		die("/proc/self/pagemap");
	printf("nested VTTBR_EL2 0x%" PRIx64 " VTCR_EL2 0x%" PRIx64 " HCR_EL2 0x%" PRIx64 "\n", n->vttbr, n->vtcr, n->hcr);
	printf("nested-el1 TTBR0_EL1 0x%" PRIx64 " TCR_EL1 0x%" PRIx64 " MAIR_EL1 0x%" PRIx64 " SCTLR_EL1 0x%" PRIx64 "\n",
	       n->ttbr0, n->tcr, n->mair, n->sctlr);
	for (i = 0; i < ARRAY_SIZE(areas); i++) {
		a = &areas[i];
		for (at = 0; at < a->size; at += PAGE)
			printf("l2 VA 0x%" PRIx64 " L2IPA 0x%" PRIx64 " L1IPA 0x%" PRIx64 " PA 0x%" PRIx64 " %s %s\n",
			       a->va + at, a->ipa + at, a->l1_ipa + at, memory_pa(vm, pagemap, a->l1_ipa + at),
			       a->readonly ? "r-" : "rw", a->touched ? "touched" : "untouched");
	}
	printf("l2-nowhere VA 0x%llx L2IPA 0x%llx\n", NOWHERE_VA, NOWHERE_IPA);
	close(pagemap);
}
