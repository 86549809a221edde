// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stage-1 tables of short descriptors, for an AArch32 guest with TTBCR.EAE 0: one table of 4096
 * words, a MiB each, and tables of 256 words below it.
 */
#include <inttypes.h>
#include <stdio.h>

#include "tinyvmm.h"

#define SECTION		(1ULL << 20)
#define SUPERSECTION	(16 * SECTION)
#define LARGE		(64 * KIB)
#define SMALL		(4 * KIB)

#define FIRST_SIZE	(16 * KIB)
#define SECOND_SIZE	(1 * KIB)

/* DACR: domain 0 is a client's, 1 a manager's, 2 nobody's */
#define DACR_VALUE	0xdULL

/* What a leaf of any size says; where it stands depends on the size */
struct leaf {
	unsigned int ap;	/* AP[2:0] */
	unsigned int tex_cb;	/* TEX[2:0], C, B */
	unsigned int domain;	/* of sections; a page has that of its table, 0 here */
	bool xn, s, ng;
};

#define WB_RW	{ .ap = 1, .tex_cb = 7, .s = true }

static const struct leaf slot_leaf = WB_RW;
static const struct leaf device_leaf = { .ap = 1, .tex_cb = 1, .xn = true };

/* Pages from ZOO_VA on, then sections: each at the same place from ZOO_IPA on */
#define ZOO_VA		0xe0000000ULL
#define ZOO_IPA		0x90000000ULL
#define SECTIONS_VA	(ZOO_VA + 0x1000000)
#define NOWHERE_VA	(ZOO_VA + 0x8000000)
#define NOWHERE_IPA	0x70000000ULL

static const struct leaf pages[] = {
	{ .ap = 0, .tex_cb = 7 }, { .ap = 1, .tex_cb = 7, .xn = true }, { .ap = 2, .tex_cb = 7, .s = true },
	{ .ap = 3, .tex_cb = 7 }, { .ap = 3, .tex_cb = 7, .xn = true, .ng = true }, { .ap = 5, .tex_cb = 7 },
	{ .ap = 7, .tex_cb = 7 }, { .ap = 7, .tex_cb = 7, .xn = true }, { .ap = 1, .tex_cb = 0, .xn = true },
	{ .ap = 1, .tex_cb = 8, .xn = true }, { .ap = 1, .tex_cb = 4 }, { .ap = 1, .tex_cb = 2 },
	{ .ap = 1, .tex_cb = 3 }, { .ap = 1, .tex_cb = 0x15 }, { .ap = 1, .tex_cb = 4, .s = true },
};

static const struct leaf sections[] = {
	{ .ap = 3, .tex_cb = 7, .domain = 0 }, { .ap = 0, .tex_cb = 7, .domain = 1 },
	{ .ap = 3, .tex_cb = 7, .domain = 2 }, { .ap = 7, .tex_cb = 7, .xn = true, .ng = true },
};

static uint32_t first_word(const struct leaf *l, uint64_t ipa, bool super)
{
	return (uint32_t)ipa | 2 | (l->tex_cb & 3) << 2 | (uint32_t)l->xn << 4 |
	       (super ? 0 : l->domain << 5) | (l->ap & 3) << 10 | (l->tex_cb >> 2) << 12 |
	       (l->ap >> 2) << 15 | (uint32_t)l->s << 16 | (uint32_t)l->ng << 17 | (uint32_t)super << 18;
}

static uint32_t second_word(const struct leaf *l, uint64_t ipa, bool large)
{
	uint32_t word = (uint32_t)ipa | (l->tex_cb & 3) << 2 | (l->ap & 3) << 4 | (l->ap >> 2) << 9 |
			(uint32_t)l->s << 10 | (uint32_t)l->ng << 11;

	if (large)
		return word | 1 | (l->tex_cb >> 2) << 12 | (uint32_t)l->xn << 15;
	return word | 2 | l->xn | (l->tex_cb >> 2) << 6;
}

static uint32_t *first_entry(const struct vm *vm, uint64_t va)
{
	return (uint32_t *)guest_ptr(vm, vm->s1.roots[0] & ~(FIRST_SIZE - 1)) + (va >> 20);
}

static uint32_t *second_entry(struct vm *vm, uint64_t va)
{
	uint32_t *first = first_entry(vm, va);

	if (!*first) {
		*first = (uint32_t)vm->s1.next_table | 1;
		vm->s1.next_table += SECOND_SIZE;
		if (vm->s1.next_table > CODE_IPA + CODE_SIZE)
			die("no room for another table");
	}
	return (uint32_t *)guest_ptr(vm, *first & ~(SECOND_SIZE - 1)) + (va >> 12 & 0xff);
}

static uint64_t leaf_size(uint64_t va, uint64_t ipa, uint64_t size)
{
	static const uint64_t sizes[] = { SUPERSECTION, SECTION, LARGE };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		if (size >= sizes[i] && !((va | ipa) & (sizes[i] - 1)))
			return sizes[i];
	return SMALL;
}

static uint32_t *entry(struct vm *vm, uint64_t va, uint64_t size)
{
	return size >= SECTION ? first_entry(vm, va) : second_entry(vm, va);
}

static void map_leaf(struct vm *vm, uint64_t va, uint64_t ipa, uint64_t size, const struct leaf *l)
{
	uint32_t word = size >= SECTION ? first_word(l, ipa, size == SUPERSECTION) :
					  second_word(l, ipa, size == LARGE);
	unsigned int i, same = size == SUPERSECTION || size == LARGE ? 16 : 1;

	for (i = 0; i < same; i++)
		*entry(vm, va + i * (size / same), size) = word;
}

/* Map what is not printed, or print what is mapped */
static void each_leaf(struct vm *vm, uint64_t va, uint64_t ipa, uint64_t size, const struct leaf *l)
{
	uint64_t step;

	for (; size; va += step, ipa += step, size -= step) {
		step = leaf_size(va, ipa, size);
		if (l)
			map_leaf(vm, va, ipa, step, l);
		else
			printf("s1 VA 0x%" PRIx64 " IPA 0x%" PRIx64 " SIZE 0x%" PRIx64
			       " DESC 0x%" PRIx32 "\n", va, ipa, step, *entry(vm, va, step));
	}
}

static void each_range(struct vm *vm, bool print)
{
	unsigned int i;

	for (i = 0; i < vm->nr_slots; i++)
		each_leaf(vm, vm->slots[i].ipa, vm->slots[i].ipa, vm->slots[i].size,
			  print ? NULL : &slot_leaf);
	each_leaf(vm, DOORBELL, DOORBELL, SMALL, print ? NULL : &device_leaf);
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		each_leaf(vm, ZOO_VA + i * SMALL, ZOO_IPA + i * SMALL, SMALL,
			  print ? NULL : &pages[i]);
	for (i = 0; i < ARRAY_SIZE(sections); i++)
		each_leaf(vm, SECTIONS_VA + i * SECTION, ZOO_IPA + i * SECTION, SECTION,
			  print ? NULL : &sections[i]);
	each_leaf(vm, NOWHERE_VA, NOWHERE_IPA, SMALL, print ? NULL : &slot_leaf);
}

void short_create(struct vm *vm)
{
	struct stage1 *s1 = &vm->s1;

	/* Inner shareable, write-back, write-allocate walks */
	s1->roots[0] = (CODE_IPA + TABLES_OFFSET) | 0x4a;
	s1->next_table = CODE_IPA + TABLES_OFFSET + FIRST_SIZE;
	each_range(vm, false);
	s1->sctlr = SCTLR_32;
	s1->dacr = DACR_VALUE;
}

void short_print(const struct vm *vm)
{
	printf("root TTBR0_EL1 0x%" PRIx64 "\n", vm->s1.roots[0]);
	each_range((struct vm *)vm, true);	/* every table is made */
}
