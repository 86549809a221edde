// SPDX-License-Identifier: GPL-2.0-only
/*
 * stat against sums over every page and every word, on tables made at random.
 */
#include "random-world.h"
#include "stat.h"

#define L(level)	((level) - LEVEL_MIN)

/* One of the random tables, looked at word by word */
static enum fold fold_of(const uint64_t *word, uint64_t *leaves)
{
	uint64_t flags = ~mask64(47, 12);
	bool differ = false, scattered = false;
	uint64_t n = 0, i, first = 0;

	for (i = 0; i < 512; i++) {
		if (!(word[i] & 1))
			continue;
		if (!n++)
			first = word[i] - (i << 12);
		differ |= (word[i] & flags) != (first & flags);
		scattered |= (word[i] & ~flags) != ((first + (i << 12)) & ~flags);
	}
	*leaves = n;
	if (n < 512)
		return FOLD_HOLES;
	if (differ)
		return FOLD_ATTRIBUTES;
	if (scattered)
		return FOLD_SCATTERED;
	return first & mask64(20, 12) ? FOLD_ALIGNMENT : FOLD_POSSIBLE;
}

/* Aligned runs of 16 in a table */
static uint64_t runs_of(const uint64_t *word)
{
	uint64_t runs = 0;
	unsigned int i, j;

	for (i = 0; i < 512; i += 16) {
		for (j = 0; j < 16; j++)
			if (!(word[i] & 1) || word[i + j] != word[i] + (j << 12))
				break;
		runs += j == 16 && !(word[i] & mask64(15, 12));
	}
	return runs;
}

struct sums {
	uint64_t bytes[LEVELS_MAX], af, writable, fold[FOLDS], runs, tables;
};

static void add_up(struct world *w, int stage, struct sums *s)
{
	const uint64_t *l2 = stage == 2 ? &s2_mem[(S2_L2 - S2_ROOT) / 8] : &s1_mem[(S1_L2 - S1_ROOT) / 8];
	const uint64_t *l3 = stage == 2 ? &s2_mem[(S2_L3 - S2_ROOT) / 8] : &s1_mem[(S1_L3 - S1_ROOT) / 8];
	const struct stage_result *leaf;
	uint64_t ia, leaves;
	unsigned int i;

	memset(s, 0, sizeof(*s));
	for (ia = 0; ia < SPAN; ia += PAGE) {
		if (stage == 2)
			walk_ipa(&w->mmu, ipa(ia), show, &w->r);
		else
			walk_va(&w->mmu, va(ia), show, &w->r);
		leaf = stage == 2 ? &w->r.s2 : &w->r.s1;
		if (!leaf->done)
			continue;
		s->bytes[L(leaf->level)] += PAGE;
		if (ia & (leaf->size - 1))
			continue;
		s->af += leaf->af;
		s->writable += leaf->perms.el1.w || leaf->perms.el0.w;
	}
	for (i = 0; i < 4; i++) {
		if ((l2[i] & 3) != 3)
			continue;
		s->tables++;
		s->runs += runs_of(l3 + 512 * i);
		s->fold[fold_of(l3 + 512 * i, &leaves)]++;
	}
}

static void check_stage(struct world *w, int stage)
{
	struct table_stat s;
	struct sums want;
	uint64_t bytes = 0, leaves = 0;
	size_t i;

	assert_int_equal(stat_tables(&w->mmu, stage, 0, 0, &s), 0);
	add_up(w, stage, &want);
	/* beside what is random, stage 2 has a block of 1G, which is writable and accessed */
	if (stage == 2) {
		want.bytes[L(1)] += UINT64_C(1) << 30;
		want.af++;
		want.writable++;
	}
	for (i = 0; i < LEVELS_MAX; i++) {
		assert_true(s.level[i].bytes == want.bytes[i]);
		bytes += want.bytes[i];
	}
	assert_true(s.bytes == bytes);
	for (bytes = 0, i = 0; i < s.kinds; i++) {
		bytes += s.kind[i].bytes;
		leaves += s.kind[i].leaves;
		assert_true(!i || s.kind[i - 1].level <= s.kind[i].level);
	}
	assert_true(bytes == s.bytes && leaves == s.leaves);
	assert_true(s.af == want.af && s.af + s.no_af == s.leaves);
	assert_true(s.writable == want.writable && s.writable + s.read_only == s.leaves);
	for (i = 0; i < FOLDS; i++)
		assert_int_equal(s.level[L(3)].fold[i], want.fold[i]);
	assert_true(s.level[L(3)].runs == want.runs);
	assert_int_equal(s.level[L(3)].tables, want.tables);
	assert_int_equal(s.level[L(3)].block, want.tables ? 0x200000 : 0);
	assert_int_equal(s.tables, want.tables + 3);
	assert_int_equal(s.table_bytes, s.tables * PAGE);
	assert_int_equal(s.unreadable + s.invalid + s.faults, 0);
	stat_free(&s);
}

static void sums_are_those_of_all_pages_and_words(void **state)
{
	struct world *w;
	unsigned int round;

	(void)state;
	for (round = 0; round < 200; round++) {
		w = random_world();
		check_stage(w, 1);
		check_stage(w, 2);
		random_world_free(w);
	}
}

#define ROOT	0x1000
#define T1	0x2000
#define T2	0x3000
#define T3	0x4000

/* One table of pages, of which @change is done to entry 7 */
static struct world *one_table(uint64_t base, uint64_t flags, uint64_t change)
{
	struct world *w = world_new(REGS_S1_4K "TTBR0_EL1 0x1000\n");
	unsigned int i;

	poke(w, ROOT, TABLE(T1));
	poke(w, T1, TABLE(T2));
	poke(w, T2, TABLE(T3));
	for (i = 0; i < 512; i++)
		poke(w, T3 + 8 * i, (S1_PAGE(base + i * PAGE) | flags) ^ (i == 7 ? change : 0));
	world_init(w, REGIME_EL10);
	return w;
}

static void why_a_block_is_not_used(void **state)
{
	static const struct { uint64_t base, change; enum fold why; } row[] = {
		{ 0x80000000, 0, FOLD_POSSIBLE },
		{ 0x80001000, 0, FOLD_ALIGNMENT },
		{ 0x80000000, 1, FOLD_HOLES },
		{ 0x80000000, BIT64(7), FOLD_ATTRIBUTES },
		{ 0x80000000, BIT64(10), FOLD_ATTRIBUTES },
		{ 0x80000000, BIT64(55), FOLD_ATTRIBUTES },
		{ 0x80000000, BIT64(30), FOLD_SCATTERED },
	};
	struct table_stat s;
	struct world *w;
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		w = one_table(row[i].base, 0, row[i].change);
		assert_int_equal(stat_tables(&w->mmu, 1, 0, 0, &s), 0);
		for (j = 0; j < FOLDS; j++)
			assert_int_equal(s.level[L(3)].fold[j], j == row[i].why);
		assert_string_equal(fold_text(FOLD_HOLES), "holes");
		stat_free(&s);
		world_free(w);
	}
}

static void odd_words_and_bits(void **state)
{
	struct world *w = one_table(0x80000000, BIT64(52) | BIT64(51) | BIT64(7), 1);
	struct table_stat s;

	(void)state;
	poke(w, T2 + 8, TABLE(0x9000));		/* empty */
	poke(w, T1 + 16, S1_BLOCK(0xffff00000000) | BIT64(16));	/* nT */
	poke(w, T2 + 16, 0xdead0000);
	assert_int_equal(stat_tables(&w->mmu, 1, 0, 0, &s), 0);
	assert_int_equal(s.leaves, 511);
	assert_int_equal(s.level[L(3)].contiguous, 511);
	assert_int_equal(s.level[L(3)].runs, 0);
	assert_int_equal(s.dbm_clean, 511);
	assert_int_equal(s.dbm_dirty, 0);
	assert_int_equal(s.invalid, 2);
	assert_int_equal(s.faults, 1);
	assert_int_equal(s.level[L(3)].empty, 1);
	assert_int_equal(s.level[L(3)].tables, 2);
	stat_free(&s);
	/* what cannot be read is in no number but its own */
	w->mem.bad_error = -EIO;
	w->mem.bad_first = T3;
	w->mem.bad_last = T3 + 0xfff;
	assert_int_equal(stat_tables(&w->mmu, 1, 0, 0, &s), 0);
	assert_int_equal(s.unreadable, 1);
	assert_int_equal(s.leaves, 0);
	assert_int_equal(s.level[L(3)].tables, 2);
	stat_free(&s);
	assert_int_equal(stat_tables(&w->mmu, 1, 0, 3, &s), 0);
	assert_true(s.limited);
	stat_free(&s);
	assert_int_equal(stat_tables(&w->mmu, 2, 0, 0, &s), -ENOENT);
	stat_free(&s);
	world_free(w);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_are_those_of_all_pages_and_words),
		cmocka_unit_test(why_a_block_is_not_used),
		cmocka_unit_test(odd_words_and_bits),
	};

	unused_accesses();
	random_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
