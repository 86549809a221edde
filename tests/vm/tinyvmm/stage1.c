// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's stage-1 tables, built word by word for any granule, and a zoo of
 * descriptors that differ in what they allow.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tinyvmm.h"

#define VALID		(1ULL << 0)
#define TABLE		(1ULL << 1)	/* also page, at level 3 */
#define ATTRINDX(n)	((uint64_t)(n) << 2)
#define AP_EL0		(1ULL << 6)
#define AP_RO		(1ULL << 7)
#define SH_INNER	(3ULL << 8)
#define AF		(1ULL << 10)
#define NG		(1ULL << 11)
#define CONTIGUOUS	(1ULL << 52)
#define PXN		(1ULL << 53)
#define UXN		(1ULL << 54)

/* MAIR_EL1, by index; the words are what the tests expect to read */
enum { WB, NGNRNE, NGNRE, NC, WT };
static const uint8_t mair[] = {
	[WB] = 0xff, [NGNRNE] = 0x00, [NGNRE] = 0x04, [NC] = 0x44, [WT] = 0xbb,
};

#define KERNEL	(ATTRINDX(WB) | SH_INNER | AF | UXN)

/* AArch32 has XN for both in the place of UXN */
static uint64_t kernel(const struct stage1 *s1)
{
	return s1->format == LONG_32 ? KERNEL & ~UXN : KERNEL;
}

/* Granule after granule from ZOO_VA(&vm->s1) on, each at the same place in IPA space */
#define ZOO_VA(s1)	((s1)->va_bits == 32 ? 0xe0000000ULL : 0x100000000ULL)
#define ZOO_IPA		0x90000000ULL

static const struct {
	uint64_t bits;
	const char *el1, *el0, *type;
} zoo[] = {
	{ ATTRINDX(WB) | SH_INNER | AF | UXN | PXN, "rw-", "---", "wb" },
	{ ATTRINDX(WB) | SH_INNER | AF | UXN | PXN | AP_RO, "r--", "---", "wb" },
	{ ATTRINDX(WB) | SH_INNER | AF | UXN | AP_RO, "r-x", "---", "wb" },
	/* What EL0 can write, EL1 does not execute, whatever PXN says */
	{ ATTRINDX(WB) | SH_INNER | AF | AP_EL0, "rw-", "rwx", "wb" },
	{ ATTRINDX(WB) | SH_INNER | AF | AP_EL0 | AP_RO, "r-x", "r-x", "wb" },
	{ ATTRINDX(WB) | SH_INNER | AF | AP_EL0 | UXN | PXN | NG, "rw-", "rw-", "wb" },
	{ ATTRINDX(WB) | SH_INNER | AF | PXN, "rw-", "--x", "wb" },
	{ ATTRINDX(NGNRNE) | AF | UXN | PXN, "rw-", "---", "nGnRnE" },
	{ ATTRINDX(NGNRE) | AF | UXN | PXN, "rw-", "---", "nGnRE" },
	{ ATTRINDX(NC) | SH_INNER | AF | UXN | PXN, "rw-", "---", "nc" },
	{ ATTRINDX(WT) | SH_INNER | AF | UXN | PXN, "rw-", "---", "wt" },
	{ ATTRINDX(WB) | AF | UXN | PXN, "rw-", "---", "wb" },
	/* No access flag: an access flag fault at level 3 */
	{ ATTRINDX(WB) | SH_INNER | UXN | PXN, "af", "af", "wb" },
};

/* Behind the zoo: what leads nowhere. Multiples of the largest granule. */
#define NOWHERE_VA(s1)	(ZOO_VA(s1) + 0x8000000)	/* an IPA in no slot */
#define NOWHERE_IPA	0x70000000ULL
#define ANNOTATED_VA(s1)	(ZOO_VA(s1) + 0x9000000)	/* invalid, but not zero */
#define ANNOTATION	0x00badc0de00ffffeULL
#define RUN_VA(s1)	(ZOO_VA(s1) + 0xa000000)	/* one contiguous run */
#define RUN_IPA		0x80000000ULL

/* High enough for every size of the upper range */
#define UPPER_VA	0xffffffffc0000000ULL

static unsigned int stride(const struct stage1 *s1)
{
	return s1->granule_shift - 3;
}

static int start_level(const struct stage1 *s1)
{
	return 3 - (int)(s1->va_bits - 1 - s1->granule_shift) / (int)stride(s1);
}

static unsigned int level_shift(const struct stage1 *s1, int level)
{
	return s1->granule_shift + (unsigned int)(3 - level) * stride(s1);
}

uint64_t stage1_new_table(struct vm *vm)
{
	uint64_t table = vm->s1.next_table;

	vm->s1.next_table += 1ULL << vm->s1.granule_shift;
	if (vm->s1.next_table > CODE_IPA + CODE_SIZE)
		die("no room for another table");
	return table;
}

static uint64_t *entry(struct vm *vm, uint64_t table, uint64_t va, int level)
{
	const struct stage1 *s1 = &vm->s1;
	uint64_t index = va >> level_shift(s1, level);

	if (level == start_level(s1))
		index &= (1ULL << (s1->va_bits - level_shift(s1, level))) - 1;
	else
		index &= (1ULL << stride(s1)) - 1;
	return (uint64_t *)guest_ptr(vm, table) + index;
}

/* A word as the guest's MMU reads it, and back */
static uint64_t swap(const struct vm *vm, uint64_t word)
{
	return vm->s1.big_endian ? __builtin_bswap64(word) : word;
}

static uint64_t next_table(struct vm *vm, uint64_t *word)
{
	if (!(swap(vm, *word) & VALID))
		*word = swap(vm, stage1_new_table(vm) | TABLE | VALID);
	return swap(vm, *word) & ~0xfffULL & ((1ULL << 48) - 1);
}

/* The entry of a level, with every table above it made */
static uint64_t *leaf(struct vm *vm, uint64_t root, uint64_t va, int level)
{
	int l;

	for (l = start_level(&vm->s1); l < level; l++)
		root = next_table(vm, entry(vm, root, va, l));
	return entry(vm, root, va, level);
}

/* Blocks are used at level 2 alone: the one that each granule has */
static int leaf_level(const struct stage1 *s1, uint64_t va, uint64_t ipa, uint64_t size)
{
	uint64_t block = 1ULL << level_shift(s1, 2);

	return ((va | ipa) & (block - 1)) == 0 && size >= block ? 2 : 3;
}

static void map(struct vm *vm, uint64_t root, uint64_t va, uint64_t ipa,
		uint64_t size, uint64_t bits)
{
	uint64_t step;
	int level;

	for (; size; va += step, ipa += step, size -= step) {
		level = leaf_level(&vm->s1, va, ipa, size);
		step = 1ULL << level_shift(&vm->s1, level);
		*leaf(vm, root, va, level) =
			swap(vm, ipa | bits | VALID | (level == 3 ? TABLE : 0));
	}
}

static unsigned int run_length(const struct stage1 *s1)
{
	switch (s1->granule_shift) {
	case 12:
		return 16;
	case 14:
		return 128;
	default:
		return 32;
	}
}

static void map_zoo(struct vm *vm, uint64_t root)
{
	uint64_t granule = 1ULL << vm->s1.granule_shift;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(zoo); i++)
		map(vm, root, ZOO_VA(&vm->s1) + i * granule, ZOO_IPA + i * granule,
		    granule, zoo[i].bits);
	map(vm, root, NOWHERE_VA(&vm->s1), NOWHERE_IPA, granule, KERNEL | PXN);
	*leaf(vm, root, ANNOTATED_VA(&vm->s1), 3) = swap(vm, ANNOTATION);
	/* Page by page, or it would be a block where it is as long as one */
	for (i = 0; i < run_length(&vm->s1); i++)
		map(vm, root, RUN_VA(&vm->s1) + i * granule, RUN_IPA + i * granule,
		    granule, KERNEL | PXN | CONTIGUOUS);
}

static void map_lower(struct vm *vm, uint64_t root)
{
	const struct slot *slot;
	unsigned int i;

	for (i = 0; i < vm->nr_slots; i++) {
		slot = &vm->slots[i];
		map(vm, root, slot->ipa, slot->ipa, slot->size, kernel(&vm->s1));
	}
	map(vm, root, DOORBELL, DOORBELL, 1ULL << vm->s1.granule_shift,
	    ATTRINDX(NGNRNE) | AF | UXN | PXN);
	map_zoo(vm, root);
}

static uint64_t mair_value(void)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mair); i++)
		value |= (uint64_t)mair[i] << (8 * i);
	return value;
}

/* TCR_EL1: T0SZ, T1SZ, write-back inner-shareable walks, the granules, IPS */
static uint64_t tcr_value(const struct vm *vm)
{
	static const uint8_t tg0[] = { [12] = 0, [14] = 2, [16] = 1 };
	static const uint8_t tg1[] = { [12] = 2, [14] = 1, [16] = 3 };
	static const uint8_t widths[] = { 32, 36, 40, 42, 44, 48 };
	const struct stage1 *s1 = &vm->s1;
	uint64_t ips = 0, size = 64 - s1->va_bits;

	/* TTBCR.EAE, and all by TTBR0 */
	if (s1->format == LONG_32)
		return 1ULL << 31 | 1 << 8 | 1 << 10 | 3 << 12;
	while (ips < ARRAY_SIZE(widths) - 1 && widths[ips] < vm->ipa_bits)
		ips++;
	return size | 1 << 8 | 1 << 10 | 3 << 12 |
	       (uint64_t)tg0[s1->granule_shift] << 14 |
	       size << 16 | 1 << 24 | 1 << 26 | 3ULL << 28 |
	       (uint64_t)tg1[s1->granule_shift] << 30 |
	       ips << 32 | 1ULL << 36;
}

void stage1_create(struct vm *vm)
{
	struct stage1 *s1 = &vm->s1;
	uint64_t i, root;

	s1->next_table = CODE_IPA + TABLES_OFFSET;
	for (i = 0; i < MAX_ROOTS; i++) {
		root = stage1_new_table(vm);
		if (i)
			memcpy(guest_ptr(vm, root), guest_ptr(vm, s1->roots[0] &
			       ((1ULL << 48) - 1)), 1ULL << s1->granule_shift);
		else
			map_lower(vm, root);
		s1->roots[i] = root | (i + 1) << 48;
	}
	s1->mair = mair_value();
	s1->tcr = tcr_value(vm);
	s1->sctlr = SCTLR_32;
	if (s1->format == LONG_32)
		return;
	s1->root1 = stage1_new_table(vm);
	map(vm, s1->root1, UPPER_VA, CODE_IPA, CODE_SIZE, KERNEL);
	/* RES1 bits, SPAN, EE, and I, C, M */
	s1->sctlr = 0x30d00800 | (uint64_t)s1->big_endian << 25 | 1 << 12 | 1 << 2 | 1;
}

static void print_leaf(struct vm *vm, uint64_t root, uint64_t va, uint64_t ipa,
		       int level, const char *rights)
{
	printf("s1 VA 0x%" PRIx64 " IPA 0x%" PRIx64 " SIZE 0x%" PRIx64
	       " DESC 0x%" PRIx64 " %s\n", va, ipa,
	       (uint64_t)1 << level_shift(&vm->s1, level),
	       swap(vm, *leaf(vm, root, va, level)), vm->s1.format == LONG_64 ? rights : "");
}

static void print_range(struct vm *vm, uint64_t root, uint64_t va, uint64_t ipa,
			uint64_t size, const char *rights)
{
	uint64_t step;
	int level;

	for (; size; va += step, ipa += step, size -= step) {
		level = leaf_level(&vm->s1, va, ipa, size);
		step = 1ULL << level_shift(&vm->s1, level);
		print_leaf(vm, root, va, ipa, level, rights);
	}
}

static void print_zoo(struct vm *vm, uint64_t root)
{
	uint64_t granule = 1ULL << vm->s1.granule_shift;
	char rights[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(zoo); i++) {
		snprintf(rights, sizeof(rights), "EL1 %s EL0 %s TYPE %s",
			 zoo[i].el1, zoo[i].el0, zoo[i].type);
		print_leaf(vm, root, ZOO_VA(&vm->s1) + i * granule, ZOO_IPA + i * granule,
			   3, rights);
	}
	print_leaf(vm, root, NOWHERE_VA(&vm->s1), NOWHERE_IPA, 3, "EL1 rw- EL0 --- TYPE wb");
	printf("s1-invalid VA 0x%" PRIx64 " DESC 0x%" PRIx64 "\n",
	       (uint64_t)ANNOTATED_VA(&vm->s1), (uint64_t)ANNOTATION);
	for (i = 0; i < run_length(&vm->s1); i++)
		print_leaf(vm, root, RUN_VA(&vm->s1) + i * granule, RUN_IPA + i * granule, 3,
			   "EL1 rw- EL0 --- TYPE wb");
}

void stage1_print(const struct vm *vm)
{
	struct vm *v = (struct vm *)vm;	/* leaf() finds every table made */
	uint64_t root = vm->s1.roots[0] & ((1ULL << 48) - 1);
	const struct slot *slot;
	unsigned int i;

	for (i = 0; i < MAX_ROOTS; i++)
		printf("root TTBR0_EL1 0x%" PRIx64 "\n", vm->s1.roots[i]);
	for (i = 0; i < vm->nr_slots; i++) {
		slot = &vm->slots[i];
		print_range(v, root, slot->ipa, slot->ipa, slot->size,
			    "EL1 rwx EL0 --- TYPE wb");
	}
	print_leaf(v, root, DOORBELL, DOORBELL, 3, "EL1 rw- EL0 --- TYPE nGnRnE");
	print_zoo(v, root);
	if (vm->s1.format == LONG_64)
		print_range(v, vm->s1.root1, UPPER_VA, CODE_IPA, CODE_SIZE,
			    "EL1 rwx EL0 --- TYPE wb");
}
