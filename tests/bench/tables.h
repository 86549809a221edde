/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Translation tables made to measure: 4K granule, four levels, 48-bit input, everything in [0, span)
 * mapped by pages. They lie as one image, the root first, then level by level.
 */
#ifndef TESTS_BENCH_TABLES_H
#define TESTS_BENCH_TABLES_H

#include <stddef.h>
#include <stdint.h>

#include "mmu.h"
#include "regs.h"
#include "source.h"

#define GIB(n)	((uint64_t)(n) << 30)
#define MIB(n)	((uint64_t)(n) << 20)

enum pattern {
	PATTERN_CONTIGUOUS,	/* everything is one range */
	PATTERN_RUNS,		/* ranges of 256 pages, in another order */
	PATTERN_SCATTERED,	/* no two neighbours are one range; where a page lies is as random */
};

struct tables {
	uint64_t *word;
	size_t len;		/* bytes of .word */
	uint64_t base;		/* address of the root and of the image, as the tables name it */
	uint64_t span;		/* bytes mapped, a multiple of 2 MiB, of SCATTERED a power of two */
	int stage;
	enum pattern pattern;
	uint64_t output;	/* address that the lowest page lies at */
};

/* Bytes of tables that map @span */
size_t tables_size(uint64_t span);
/*
 * Fill in .word, which the caller allocated (tables_size()), from the other members. Of stage 1
 * .base and .output may be IPAs.
 */
void tables_fill(const struct tables *t);
/* Allocate .word and .len and fill it in; 0 or -1 */
int tables_make(struct tables *t);
void tables_free(struct tables *t);
/* Tables of @level, 0..3, and the words of number @i of them, which maps from i << (48 - 9 level) on */
size_t tables_count(const struct tables *t, int level);
uint64_t *tables_table(const struct tables *t, int level, size_t i);
/* Where @ia lies */
uint64_t tables_output(const struct tables *t, uint64_t ia);
/* Point the 4K page at @ia to @oa instead */
void tables_point(const struct tables *t, uint64_t ia, uint64_t oa);

/* Registers of stage 1 alone, stage 2 alone, or both; either may be NULL. Text as --regs takes it. */
#define TABLES_REGS	512
void tables_regs(char *text, const struct tables *s1, const struct tables *s2);

/* An MMU over images in memory */
struct machine {
	struct source *source;
	struct regs regs;
	struct mmu mmu;
};

/* Images are @s1 at .base, or with @s2 at @s1_pa, and @s2 at .base. 0 or -1. */
int machine_init(struct machine *m, const struct tables *s1, uint64_t s1_pa,
		 const struct tables *s2);
void machine_free(struct machine *m);

/* splitmix64: @state is any number */
uint64_t random64(uint64_t *state);

#endif /* TESTS_BENCH_TABLES_H */
