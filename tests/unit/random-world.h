/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tables made at random for both stages, small enough that every page can be asked for.
 */
#ifndef TESTS_UNIT_RANDOM_WORLD_H
#define TESTS_UNIT_RANDOM_WORLD_H

#include <time.h>

#include "source-ram.h"
#include "world.h"

#define BIT64(n)	(UINT64_C(1) << (n))

/* Stage 2: root of two tables, one L2, L3s; all of 8M from IPA 0 on at random, 1G at 40000000 */
#define S2_ROOT		UINT64_C(0x80010000)
#define S2_L2		UINT64_C(0x80012000)
#define S2_L3		UINT64_C(0x80020000)
/* Stage 1 lies in the block, by IPA and PA; the lowest 8M of VA at random */
#define S1_ROOT		UINT64_C(0x40001000)
#define S1_L1		UINT64_C(0x40002000)
#define S1_L2		UINT64_C(0x40003000)
#define S1_L3		UINT64_C(0x40010000)
#define RAM		UINT64_C(0x90000000)	/* PA of what stage 2 maps at random */
#define PAGES		2048u
#define PAGE		4096u
#define SPAN		((uint64_t)PAGES * PAGE)
/* Real memory for the random worlds, whose words are too many for source-vec */
static uint64_t s1_mem[0x20000 / 8], s2_mem[0x20000 / 8];

static inline void set(uint64_t pa, uint64_t word)
{
	if (pa >= S2_ROOT)
		s2_mem[(pa - S2_ROOT) / 8] = word;
	else
		s1_mem[(pa - S1_ROOT) / 8] = word;
}

static inline unsigned int pick(unsigned int n)
{
	return (unsigned int)random() % n;
}

/* Entries that go on, jump, differ or are absent */
static inline void fill_l3(uint64_t table, uint64_t base, uint64_t page_bits,
		    const uint64_t *variant)
{
	bool whole = !pick(3);	/* nothing but one run, at a multiple of its size or not */
	uint64_t page = whole && pick(2) ? 512 * pick(4) : pick(PAGES - 512);
	unsigned int i;

	for (i = 0; i < 512; i++) {
		page = whole || pick(8) ? page + 1 : pick(PAGES);
		if (!whole && !pick(10))
			continue;
		set(table + 8 * i, (base + (page - 1) % PAGES * PAGE) |
			(page_bits ^ variant[whole || pick(64) ? 0 : pick(4)]));
	}
}

static inline struct world *random_world(void)
{
	static const uint64_t s1[] = { 0, BIT64(7), BIT64(53), BIT64(10) };
	static const uint64_t s2[] = { 0, BIT64(7), BIT64(54), BIT64(10) };
	struct world *w = world_new(REGS_S1_4K "VTTBR_EL2 0x80010000\nTTBR0_EL1 0x40001000\n");
	struct source *ram = source_ram_create();
	unsigned int i;

	memset(s1_mem, 0, sizeof(s1_mem));
	memset(s2_mem, 0, sizeof(s2_mem));
	assert_int_equal(source_ram_add(ram, s1_mem, sizeof(s1_mem), pa(S1_ROOT)), 0);
	assert_int_equal(source_ram_add(ram, s2_mem, sizeof(s2_mem), pa(S2_ROOT)), 0);
	regs_set(&w->regs, REG_HCR_EL2, 0x80000001);
	regs_set(&w->regs, REG_VTCR_EL2, 0x80053558);
	set(S2_ROOT, TABLE(S2_L2));
	set(S2_ROOT + 8, S2_BLOCK(0x40000000));
	set(S1_ROOT, TABLE(S1_L1));
	set(S1_L1, TABLE(S1_L2));
	for (i = 0; i < 4; i++) {
		if (pick(4))
			set(S2_L2 + 8 * i, TABLE(S2_L3 + i * PAGE));
		else
			set(S2_L2 + 8 * i, S2_BLOCK(RAM + 0x200000 * pick(4)));
		fill_l3(S2_L3 + i * PAGE, RAM, S2_PAGE(0), s2);
		if (pick(4))
			set(S1_L2 + 8 * i, TABLE(S1_L3 + i * PAGE));
		else
			set(S1_L2 + 8 * i, S1_BLOCK(0x200000 * pick(4)));
		fill_l3(S1_L3 + i * PAGE, 0, S1_PAGE(0), s1);
	}
	world_init(w, REGIME_EL10);
	w->mmu.source = ram;
	return w;
}

static inline void random_world_free(struct world *w)
{
	w->mmu.source->ops->close(w->mmu.source);
	world_free(w);
}

/* SEED= in the environment repeats a run */
static inline void random_seed(void)
{
	const char *given = getenv("SEED");
	unsigned long seed = given ? strtoul(given, NULL, 0) : (unsigned long)time(NULL);

	printf("SEED=%lu\n", seed);
	srandom(seed);
}

#endif /* TESTS_UNIT_RANDOM_WORLD_H */
