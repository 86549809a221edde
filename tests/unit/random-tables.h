/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random translation tables: stretches that go on, leaves alone, tables, rubbish. SEED=N in the
 * environment repeats a run.
 */
#ifndef TESTS_UNIT_RANDOM_TABLES_H
#define TESTS_UNIT_RANDOM_TABLES_H

#include <inttypes.h>
#include <time.h>

#include "source-ram.h"
#include "world.h"

#define BASE	UINT64_C(0x40000000)
#define PAGES	24

static uint64_t seed;

static inline void seed_init(void)
{
	const char *s = getenv("SEED");

	seed = s ? strtoull(s, NULL, 0) : (uint64_t)time(NULL) * 2654435761u + 1;
	print_message("SEED=0x%" PRIx64 "\n", seed);
}

static inline uint64_t rnd(void)
{
	/* xorshift64* */
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return seed * UINT64_C(0x2545f4914f6cdd1d);
}

static inline bool one_in(unsigned int n)
{
	return rnd() % n == 0;
}

/* ---- tables ------------------------------------------------------------------------ */

struct shape {
	const char *name, *regs;
	int stage;
	unsigned int granule;
	int start;
	bool big_endian;
};

static const struct shape shapes[] = {
	{ "stage 1, 4K", "HCR_EL2 0x80000000\nTCR_EL1 0x500800010\n", 1, 12, 0, false },
	{ "stage 1, 4K, LPA2", "HCR_EL2 0x80000000\nTCR_EL1 0x80000060080000c\n", 1, 12, -1, false },
	{ "stage 1, 4K, 36-bit PAs", "HCR_EL2 0x80000000\nTCR_EL1 0x100800010\n", 1, 12, 0, false },
	{ "stage 1, 4K, LPA2, 32-bit PAs", "HCR_EL2 0x80000000\nTCR_EL1 0x80000000080000c\n", 1, 12, -1, false },
	{ "stage 1, 16K", "HCR_EL2 0x80000000\nTCR_EL1 0x500808011\n", 1, 14, 1, false },
	{ "stage 1, 16K, LPA2", "HCR_EL2 0x80000000\nTCR_EL1 0x80000060080800c\n", 1, 14, 0, false },
	{ "stage 1, 64K, LPA", "HCR_EL2 0x80000000\nTCR_EL1 0x60080400c\n", 1, 16, 1, false },
	{ "stage 1, 64K, 48-bit PAs", "HCR_EL2 0x80000000\nTCR_EL1 0x500804010\n", 1, 16, 1, false },
	{ "stage 1, 4K, big-endian", "HCR_EL2 0x80000000\nTCR_EL1 0x500800010\n", 1, 12, 0, true },
	{ "stage 2, 4K, level 1", "HCR_EL2 0x80000001\nVTCR_EL2 0x80050058\n", 2, 12, 1, false },
	{ "stage 2, 4K, 36-bit PAs", "HCR_EL2 0x80000001\nVTCR_EL2 0x8001005c\n", 2, 12, 1, false },
	{ "stage 2, 64K, level 2", "HCR_EL2 0x80000001\nVTCR_EL2 0x80054056\n", 2, 16, 2, false },
};

struct memory {
	uint64_t *word;
	size_t granule, pages;
};

/* A leaf or a reserved word, of random attributes; tables come from random_entry() alone */
static inline uint64_t random_leaf(const struct shape *s, bool page)
{
	uint64_t attr = rnd() & (mask64(63, 50) | mask64(11, 2));

	/* some attributes more often, so that they meet again */
	if (!one_in(4))
		attr &= UINT64_C(1) << 52 | 0x7dc;
	if (!one_in(4))
		attr &= ~(UINT64_C(1) << 52);
	if (s->stage == 1 && !one_in(3))
		attr |= 1 << 10;
	return attr | (page ? 3 : 1);
}

static inline uint64_t random_address(unsigned int shift)
{
	uint64_t a = rnd() & mask64(47, shift);

	switch (rnd() % 4) {
	case 0:
		return a & mask64(35, shift);
	case 1:
		/* where an address field ends */
		return mask64(47, shift) - ((rnd() % 40) << shift);
	case 2:
		return a & ~mask64(shift + 7, 0);
	default:
		return a;
	}
}

static inline uint64_t random_table(const struct memory *m)
{
	return (BASE + (rnd() % m->pages) * m->granule) | 3 | (one_in(3) ? rnd() & mask64(63, 59) : 0);
}

static inline uint64_t random_entry(const struct shape *s, const struct memory *m, bool page,
			     unsigned int shift)
{
	switch (rnd() % 8) {
	case 0:
		return 0;
	case 1:
		return rnd() & ~UINT64_C(1);
	case 2:
	case 3:
		if (!page)
			return random_table(m);
		/* fall through */
	default:
		return random_leaf(s, page) | random_address(shift);
	}
}

/* Stretches that go on, that stand still, and words by themselves */
static inline void fill_table(const struct shape *s, struct memory *m, size_t n, bool page,
		       unsigned int shift)
{
	size_t words = m->granule / 8, i = 0, length;
	uint64_t *to = m->word + n * words;
	uint64_t w, step;

	while (i < words) {
		w = random_entry(s, m, page, shift);
		length = one_in(3) ? 1 : 1 + rnd() % (one_in(4) ? words : 40);
		step = !(w & 1) || (!page && (w & 2)) || one_in(6) ? 0 : UINT64_C(1) << shift;
		/* tables would multiply */
		if (!page && (w & 3) == 3)
			length = 1;
		for (; length && i < words; length--, w += step)
			to[i++] = w;
	}
}

static inline void fill(const struct shape *s, struct memory *m)
{
	unsigned int stride = s->granule - 3;
	size_t n;
	int level;

	for (n = 0; n < m->pages; n++) {
		level = n < 4 ? s->start : s->start + (int)(rnd() % (4 - s->start));
		fill_table(s, m, n, level == 3 || one_in(8),
			   s->granule + stride * (unsigned int)(3 - level));
	}
}

static inline void swap_words(struct memory *m)
{
	size_t i;

	for (i = 0; i < m->pages * m->granule / 8; i++)
		m->word[i] = __builtin_bswap64(m->word[i]);
}

#endif /* TESTS_UNIT_RANDOM_TABLES_H */
