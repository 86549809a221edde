// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whole tables, and ranges made of them.
 */
#include "world.h"

#define BIT64(n)	(UINT64_C(1) << (n))
#define MAX		64

struct seen {
	unsigned int n, ranges;
	struct visit v[MAX];
	struct map_range r[MAX];
	struct walk_result piece[MAX];
	int stop_at, stop_with;
};

static int collect(void *arg, const struct visit *v)
{
	struct seen *s = arg;

	assert_in_range(s->n, 0, MAX - 1);
	s->v[s->n] = *v;
	if (v->piece)
		s->piece[s->n] = *v->piece;
	s->n++;
	return s->stop_with && (int)s->n == s->stop_at ? s->stop_with : 0;
}

static int emit(void *arg, const struct map_range *r)
{
	struct seen *s = arg;

	assert_in_range(s->ranges, 0, MAX - 1);
	s->r[s->ranges++] = *r;
	return 0;
}

static struct walk_stats visit(struct world *w, struct seen *s, int stage, uint64_t first,
			       uint64_t last, uint32_t events)
{
	struct walk_visitor v = { .events = events, .visit = collect, .arg = s };
	struct walk_stats stats;

	memset(s, 0, sizeof(*s));
	assert_int_equal(walk_range(&w->mmu, stage, first, last, &v, &stats), 0);
	return stats;
}

static void merge(struct world *w, struct seen *s, int stage, uint64_t first, uint64_t last)
{
	struct range_merge m;
	struct walk_visitor v = { .events = VISIT_LEAF, .visit = range_merge_visit, .arg = &m };

	memset(s, 0, sizeof(*s));
	range_merge_init(&m, emit, s);
	if (stage == 0)
		assert_int_equal(walk_both(&w->mmu, first, last, &v, NULL), 0);
	else
		assert_int_equal(walk_range(&w->mmu, stage, first, last, &v, NULL), 0);
	assert_int_equal(range_merge_flush(&m), 0);
	assert_int_equal(range_merge_flush(&m), 0);
}

static struct world *stage1(void)
{
	struct world *w = world_new(REGS_S1_4K "TTBR0_EL1 0x1000\nTTBR1_EL1 0x11000\n");

	poke(w, 0x1000, TABLE(0x2000));
	poke(w, 0x2000, TABLE(0x3000));
	poke(w, 0x2008, S1_BLOCK(0x40000000));
	poke(w, 0x3000, TABLE(0x4000));
	poke(w, 0x3008, S1_BLOCK(0x80200000));
	poke(w, 0x3010, 0xdead0000);
	poke(w, 0x4000, S1_PAGE(0x80000000));
	poke(w, 0x4008, S1_PAGE(0x80001000));
	poke(w, 0x4010, S1_PAGE(0x80002000) | BIT64(7));
	poke(w, 0x4ff8, S1_PAGE(0x801ff000));
	world_init(w, REGIME_EL10);
	return w;
}

#define ALL_OF_IT	0, 0xffffffffffff

static void every_event_in_order(void **state)
{
	static const struct { uint32_t event; int level; uint64_t ia, size; } row[] = {
		{ VISIT_TABLE_PRE, 0, 0, 1ull << 39 },
		{ VISIT_TABLE_PRE, 1, 0, 1 << 30 },
		{ VISIT_TABLE_PRE, 2, 0, 2 << 20 },
		{ VISIT_LEAF, 3, 0, 4096 },
		{ VISIT_LEAF, 3, 0x1000, 4096 },
		{ VISIT_LEAF, 3, 0x2000, 4096 },
		{ VISIT_ZERO, 3, 0x3000, 508 * 4096 },
		{ VISIT_LEAF, 3, 0x1ff000, 4096 },
		{ VISIT_TABLE_POST, 2, 0, 2 << 20 },
		{ VISIT_LEAF, 2, 0x200000, 2 << 20 },
		{ VISIT_INVALID, 2, 0x400000, 2 << 20 },
		{ VISIT_ZERO, 2, 0x600000, 509 * 0x200000ull },
		{ VISIT_TABLE_POST, 1, 0, 1 << 30 },
		{ VISIT_LEAF, 1, 1 << 30, 1 << 30 },
		{ VISIT_ZERO, 1, 2ull << 30, 510ull << 30 },
		{ VISIT_TABLE_POST, 0, 0, 1ull << 39 },
		{ VISIT_ZERO, 0, 1ull << 39, 511ull << 39 },
	};
	struct seen *s = malloc(sizeof(*s));
	struct world *w = stage1();
	struct walk_stats stats = visit(w, s, 1, ALL_OF_IT, VISIT_ALL);
	size_t i;

	(void)state;
	assert_int_equal(s->n, sizeof(row) / sizeof(row[0]));
	for (i = 0; i < s->n; i++) {
		assert_int_equal(s->v[i].event, row[i].event);
		assert_int_equal(s->v[i].level, row[i].level);
		assert_true(s->v[i].ia == row[i].ia && s->v[i].size == row[i].size);
	}
	assert_int_equal(stats.tables, 4);
	assert_int_equal(stats.unreadable, 0);
	assert_false(stats.limited);
	assert_true(s->v[10].word.lo == 0xdead0000);
	assert_true(s->v[3].table_pa.v == 0x4000 && s->v[5].index == 2);
	assert_true(s->v[0].next_pa.v == 0x2000);
	world_free(w);
	free(s);
}

static void a_range_is_visited_and_no_more(void **state)
{
	struct seen *s = malloc(sizeof(*s));
	struct world *w = stage1();
	struct walk_stats stats;

	(void)state;
	stats = visit(w, s, 1, 0x1800, 0x2000, VISIT_ALL & ~(VISIT_TABLE_PRE | VISIT_TABLE_POST));
	assert_int_equal(s->n, 2);
	assert_true(s->v[0].ia == 0x1000 && s->v[1].ia == 0x2000);
	assert_int_equal(stats.tables, 4);
	stats = visit(w, s, 1, 0x40000000, 0x40000000, VISIT_LEAF);
	assert_int_equal(s->n, 1);
	assert_int_equal(stats.tables, 2);
	stats = visit(w, s, 1, 0xffffffff0000, 0xffffffffffff, VISIT_ALL);
	assert_int_equal(s->n, 1);
	assert_int_equal(s->v[0].event, VISIT_ZERO);
	assert_int_equal(stats.tables, 1);
	world_free(w);
	free(s);
}

static void bounds(void **state)
{
	struct walk_visitor v = { .events = 0 };
	struct world *w = stage1();
	uint64_t first, last;

	(void)state;
	assert_int_equal(walk_bounds(&w->mmu, 1, 0, &first, &last), 0);
	assert_true(first == 0 && last == 0xffffffffffff);
	assert_int_equal(walk_bounds(&w->mmu, 1, 1, &first, &last), 0);
	assert_true(first == 0xffff000000000000 && last == ~0ull);
	assert_int_equal(walk_bounds(&w->mmu, 2, 0, &first, &last), -ENOENT);
	assert_int_equal(walk_range(&w->mmu, 2, 0, 1, &v, NULL), -ENOENT);
	assert_int_equal(walk_range(&w->mmu, 1, 1, 0, &v, NULL), -EINVAL);
	assert_int_equal(walk_range(&w->mmu, 1, 0, 1ull << 48, &v, NULL), -EINVAL);
	w->regs.val[REG_TCR_EL1] |= BIT64(7);
	world_init(w, REGIME_EL10);
	assert_int_equal(walk_bounds(&w->mmu, 1, 0, &first, &last), -ENOENT);
	w->regs.val[REG_SCTLR_EL1] = 0;
	world_init(w, REGIME_EL10);
	assert_int_equal(walk_bounds(&w->mmu, 1, 1, &first, &last), -ENOENT);
	world_free(w);
}

static void the_upper_half(void **state)
{
	struct seen *s = malloc(sizeof(*s));
	struct world *w = stage1();

	(void)state;
	poke(w, 0x11ff8, TABLE(0x12000));
	poke(w, 0x12ff8, S1_BLOCK(0x40000000));
	visit(w, s, 1, 0xffff000000000000, ~0ull, VISIT_LEAF);
	assert_int_equal(s->n, 1);
	assert_true(s->v[0].ia == 0xffffffffc0000000 && s->v[0].size == 1 << 30);
	assert_true(s->v[0].leaf.oa == 0x40000000);
	merge(w, s, 1, 0xffff000000000000, ~0ull);
	assert_int_equal(s->ranges, 1);
	assert_true(s->r[0].ia + s->r[0].size == 0);
	world_free(w);
	free(s);
}

/* ---- merging ----------------------------------------------------------------------- */

/* "the last region never printed" */
static void bug_the_last_range_is_emitted(void **state)
{
	struct seen *s = malloc(sizeof(*s));
	struct world *w = stage1();

	(void)state;
	merge(w, s, 1, ALL_OF_IT);
	assert_int_equal(s->ranges, 5);
	assert_true(s->r[0].ia == 0 && s->r[0].size == 0x2000 && s->r[0].leaves == 2);
	assert_true(s->r[1].ia == 0x2000 && s->r[1].size == 0x1000);
	assert_false(s->r[1].perms.el1.w);
	assert_true(s->r[2].ia == 0x1ff000 && s->r[2].oa == 0x801ff000);
	assert_true(s->r[3].ia == 0x200000 && s->r[3].level == 2);
	assert_true(s->r[4].ia == 0x40000000 && s->r[4].size == 1 << 30);
	/* One page in the very last entry of all */
	poke(w, 0x1ff8, S1_BLOCK(0));
	poke(w, 0x1000, 0);
	merge(w, s, 1, ALL_OF_IT);
	assert_int_equal(s->ranges, 0);
	poke(w, 0x1ff8, TABLE(0x2000));
	poke(w, 0x2000, 0);
	poke(w, 0x2008, 0);
	poke(w, 0x2ff8, S1_BLOCK(0x40000000));
	merge(w, s, 1, ALL_OF_IT);
	assert_int_equal(s->ranges, 1);
	assert_true(s->r[0].ia == 0xffffc0000000);
	world_free(w);
	free(s);
}

/* "16K host showed 16 kB mapped": sizes are those of the granule, and they add up */
static void bug_sizes_are_those_of_the_granule(void **state)
{
	static const struct { const char *tcr; unsigned int shift; } row[] = {
		{ "TCR_EL1 0x500003510\n", 12 }, { "TCR_EL1 0x50000b510\n", 14 },
		{ "TCR_EL1 0x500007510\n", 16 },
	};
	struct seen *s = malloc(sizeof(*s));
	struct walk_visitor v = { .events = VISIT_LEAF, .visit = collect, .arg = s };
	struct world *w;
	uint64_t total;
	unsigned int i, j, n;

	(void)state;
	for (i = 0; i < 3; i++) {
		w = world_new("SCTLR_EL1 0x1005\nMAIR_EL1 0xff\nHCR_EL2 0x80000000\nTTBR0_EL1 0x100000\n");
		world_regs(w, row[i].tcr);
		world_init(w, REGIME_EL10);
		/* A table in every level's entry 0, 20 pages at the bottom */
		n = 3 - w->mmu.s1[0].geo.start_level;
		for (j = 0; j < n; j++)
			poke(w, 0x100000 + 0x100000ull * j, TABLE(0x200000 + 0x100000ull * j));
		for (j = 0; j < 20; j++)
			poke(w, 0x100000 + 0x100000ull * n + 8 * j,
			     S1_PAGE(0x40000000 + ((uint64_t)j << row[i].shift)));
		memset(s, 0, sizeof(*s));
		assert_int_equal(walk_range(&w->mmu, 1, ALL_OF_IT, &v, NULL), 0);
		for (total = 0, j = 0; j < s->n; j++)
			total += s->v[j].size;
		assert_int_equal(s->n, 20);
		assert_true(total == 20ull << row[i].shift);
		merge(w, s, 1, ALL_OF_IT);
		assert_int_equal(s->ranges, 1);
		assert_true(s->r[0].size == total);
		world_free(w);
	}
	free(s);
}

static void what_differs_is_not_merged(void **state)
{
	static const uint64_t bit[] = {
		BIT64(6), BIT64(7), BIT64(10), BIT64(11), BIT64(50), BIT64(51), BIT64(53), BIT64(54),
		BIT64(55), BIT64(58), BIT64(2), BIT64(8),
	};
	struct seen *s = malloc(sizeof(*s));
	struct world *w = stage1();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bit) / sizeof(bit[0]); i++) {
		poke(w, 0x4008, S1_PAGE(0x80001000) ^ bit[i]);
		merge(w, s, 1, 0, 0x1fff);
		assert_int_equal(s->ranges, 2);
	}
	poke(w, 0x4008, S1_PAGE(0x80001000));
	merge(w, s, 1, 0, 0x1fff);
	assert_int_equal(s->ranges, 1);
	poke(w, 0x4008, S1_PAGE(0x80002000));
	merge(w, s, 1, 0, 0x1fff);
	assert_int_equal(s->ranges, 2);
	world_free(w);
	free(s);
}

/* ---- what is in the way ------------------------------------------------------------ */

/* "an unreadable table shown as empty" */
static void bug_an_unreadable_table_is_told(void **state)
{
	struct seen *s = malloc(sizeof(*s));
	struct world *w = stage1();
	struct walk_stats stats;

	(void)state;
	w->mem.bad_error = -EIO;
	w->mem.bad_first = 0x4000;
	w->mem.bad_last = 0x4fff;
	stats = visit(w, s, 1, ALL_OF_IT, VISIT_LEAF | VISIT_UNREADABLE);
	assert_int_equal(stats.unreadable, 1);
	assert_int_equal(s->n, 3);
	assert_int_equal(s->v[0].event, VISIT_UNREADABLE);
	assert_int_equal(s->v[0].error, -EIO);
	assert_true(s->v[0].ia == 0 && s->v[0].size == 2 << 20 && s->v[0].next_pa.v == 0x4000);
	assert_int_equal(s->v[0].level, 3);
	/* and counted where nobody wants to hear of it */
	stats = visit(w, s, 1, ALL_OF_IT, VISIT_LEAF);
	assert_int_equal(stats.unreadable, 1);
	assert_int_equal(s->n, 2);
	/* the root */
	w->mem.bad_first = 0x1000;
	stats = visit(w, s, 1, ALL_OF_IT, VISIT_ALL);
	assert_int_equal(s->n, 1);
	assert_int_equal(s->v[0].level, 0);
	world_free(w);
	free(s);
}

static void faults_that_every_access_would_take(void **state)
{
	struct seen *s = malloc(sizeof(*s));
	struct world *w = stage1();

	(void)state;
	poke(w, 0x3008, S1_BLOCK(0x80200000) | BIT64(16));	/* nT */
	w->regs.val[REG_TCR_EL1] &= ~(7ull << 32);		/* IPS: 32 bits */
	world_init(w, REGIME_EL10);
	poke(w, 0x4000, S1_PAGE(0x180000000));
	poke(w, 0x2008, TABLE(0x100003000));
	visit(w, s, 1, ALL_OF_IT, VISIT_FAULT);
	assert_int_equal(s->n, 3);
	assert_int_equal(s->v[0].fault.type, FAULT_ADDRESS_SIZE);
	assert_int_equal(s->v[0].fault.level, 3);
	assert_int_equal(s->v[1].fault.type, FAULT_TRANSLATION);
	assert_int_equal(s->v[2].fault.type, FAULT_ADDRESS_SIZE);
	assert_int_equal(s->v[2].fault.level, 1);
	world_free(w);
	free(s);
}

static void hostile_tables_end(void **state)
{
	struct seen *s = calloc(1, sizeof(*s));
	struct walk_visitor v = { .events = 0, .visit = collect, .arg = s, .max_tables = 1000 };
	struct world *w = world_new(REGS_S1_4K "TTBR0_EL1 0x1000\n");
	struct walk_stats stats;
	int i;

	(void)state;
	for (i = 0; i < 512; i++)
		poke(w, 0x1000 + 8 * i, TABLE(0x1000) | 1 << 10);
	world_init(w, REGIME_EL10);
	assert_int_equal(walk_range(&w->mmu, 1, ALL_OF_IT, &v, &stats), 0);
	assert_true(stats.limited);
	assert_int_equal(stats.tables, 1000);
	/* Without a limit a part of it comes to its end */
	v.max_tables = 0;
	assert_int_equal(walk_range(&w->mmu, 1, 0, 0x3fffffff, &v, &stats), 0);
	assert_false(stats.limited);
	assert_int_equal(stats.tables, 1 + 1 + 1 + 512);
	world_free(w);
	/* A table of 2^32 descriptors: SKL 3 */
	w = world_new("SCTLR_EL1 0x1005\nTCR_EL1 0x700000010\nMAIR_EL1 0xff\nTCR2_EL1 0x20\n"
		      "HCR_EL2 0x80000000\nPIR_EL1 0x7777777777777777\nPIRE0_EL1 0x0\nTTBR0_EL1 0x6\n");
	v.max_tables = 10;
	world_init(w, REGIME_EL10);
	assert_int_equal(w->mmu.s1[0].geo.start_level, 2);
	assert_int_equal(walk_range(&w->mmu, 1, ALL_OF_IT, &v, &stats), 0);
	assert_true(stats.limited);
	assert_in_range(w->mem.reads, 1, 10);
	world_free(w);
	free(s);
}

static void the_visitor_stops_and_skips(void **state)
{
	struct seen *s = calloc(1, sizeof(*s));
	struct walk_visitor v = { .events = VISIT_ALL, .visit = collect, .arg = s };
	struct world *w = stage1();
	unsigned int i;

	(void)state;
	for (i = 1; i <= 17; i++) {
		memset(s, 0, sizeof(*s));
		s->stop_at = i;
		s->stop_with = 5;
		assert_int_equal(walk_range(&w->mmu, 1, ALL_OF_IT, &v, NULL), 5);
		assert_int_equal(s->n, i);
	}
	memset(s, 0, sizeof(*s));
	s->stop_at = 3;		/* the table at level 2 */
	s->stop_with = VISIT_SKIP;
	assert_int_equal(walk_range(&w->mmu, 1, ALL_OF_IT, &v, NULL), 0);
	assert_int_equal(s->n, 17 - 6);
	world_free(w);
	free(s);
}

static void contiguous_runs_are_looked_at(void **state)
{
	struct seen *s = malloc(sizeof(*s));
	struct world *w = stage1();
	int i;

	(void)state;
	for (i = 0; i < 16; i++)
		poke(w, 0x4000 + 8 * i, S1_PAGE(0x80000000 + 0x1000 * i) | BIT64(52));
	/* The access flag and dirty state of each are its own */
	poke(w, 0x4018, (S1_PAGE(0x80003000) | BIT64(52)) & ~BIT64(10));
	visit(w, s, 1, 0, 0xffff, VISIT_LEAF);
	assert_int_equal(s->n, 16);
	assert_true(s->v[5].leaf.contig && !s->v[5].leaf.contig_mixed);
	assert_true(s->v[5].leaf.oa == 0x80005000 && s->v[5].leaf.run_size == 0x10000);
	poke(w, 0x4018, S1_PAGE(0x80003000));
	visit(w, s, 1, 0, 0xffff, VISIT_LEAF);
	assert_true(s->v[0].leaf.contig_mixed && s->v[15].leaf.contig_mixed);
	assert_false(s->v[3].leaf.contig_mixed);
	poke(w, 0x4018, S1_PAGE(0x80004000) | BIT64(52));
	visit(w, s, 1, 0x5000, 0x5fff, VISIT_LEAF);
	assert_true(s->v[0].leaf.contig_mixed);
	poke(w, 0x4018, S1_PAGE(0x80003000) | BIT64(52) | BIT64(6));
	visit(w, s, 1, 0x5000, 0x5fff, VISIT_LEAF);
	assert_true(s->v[0].leaf.contig_mixed);
	world_free(w);
	free(s);
}

/* ---- two stages -------------------------------------------------------------------- */

static struct world *guest(void)
{
	struct world *w = world_new(REGS_S1_4K "TTBR0_EL1 0x40001000\nVTCR_EL2 0x80053558\nVTTBR_EL2 0x2000\n");

	regs_set(&w->regs, REG_HCR_EL2, 0x80000001);
	poke(w, 0x2008, TABLE(0x4000));
	poke(w, 0x4000, S2_BLOCK(0x80000000));
	poke(w, 0x4008, TABLE(0x5000));
	poke(w, 0x4010, S2_BLOCK(0x90000000));
	poke(w, 0x5000, S2_PAGE(0xa0000000));
	poke(w, 0x5008, S2_PAGE(0xa0001000));
	poke(w, 0x5010, S2_PAGE(0xc0000000));
	poke(w, 0x5ff8, S2_PAGE(0xc0001000) & ~BIT64(7));
	poke(w, 0x80001000, TABLE(0x40002000));
	poke(w, 0x80002000, TABLE(0x40003000));
	poke(w, 0x80003000, S1_BLOCK(0x40200000));
	poke(w, 0x80003008, S1_BLOCK(0x40400000));
	world_init(w, REGIME_EL10);
	return w;
}

static void stage_2_and_its_concatenated_root(void **state)
{
	struct seen *s = malloc(sizeof(*s));
	struct world *w = guest();
	uint64_t first, last;

	(void)state;
	poke(w, 0x2000 + 8 * 1023, S2_BLOCK(0x40000000));
	assert_int_equal(walk_bounds(&w->mmu, 2, 0, &first, &last), 0);
	assert_true(first == 0 && last == 0xffffffffff);
	merge(w, s, 2, first, last);
	assert_int_equal(s->ranges, 6);
	assert_true(s->r[0].ia == 0x40000000 && s->r[0].oa == 0x80000000);
	assert_true(s->r[1].ia == 0x40200000 && s->r[1].leaves == 2);
	assert_false(s->r[3].perms.el1.w);
	assert_true(s->r[5].ia == 0xffc0000000 && s->r[5].oa == 0x40000000);
	assert_int_equal(s->r[0].attr.type, MEM_NORMAL);
	world_free(w);
	free(s);
}

static void stage_1_leaves_in_pieces_of_stage_2(void **state)
{
	struct seen *s = malloc(sizeof(*s));
	struct walk_visitor v = { .events = VISIT_LEAF, .visit = collect, .arg = s };
	struct world *w = guest();

	(void)state;
	merge(w, s, 0, ALL_OF_IT);
	assert_int_equal(s->ranges, 5);
	assert_true(s->r[0].ia == 0 && s->r[0].ipa == 0x40200000 && s->r[0].oa == 0xa0000000);
	assert_true(s->r[0].size == 0x2000 && s->r[0].has_piece && s->r[0].status == WALK_OK);
	assert_true(s->r[1].ia == 0x2000 && s->r[1].oa == 0xc0000000 && s->r[1].size == 0x1000);
	assert_int_equal(s->r[2].status, WALK_FAULT);
	assert_int_equal(s->r[2].fault.level, 3);
	assert_true(s->r[2].ia == 0x3000 && s->r[2].size == 508 * 0x1000);
	assert_true(s->r[3].perms.el1.r && !s->r[3].perms.el1.w);
	assert_true(s->r[4].ia == 0x200000 && s->r[4].oa == 0x90000000 && s->r[4].size == 2 << 20);

	/* The same as walk_va says, address by address */
	memset(s, 0, sizeof(*s));
	assert_int_equal(walk_both(&w->mmu, 0x200000, 0x3fffff, &v, NULL), 0);
	assert_int_equal(s->n, 1);
	assert_int_equal(ask(w, 0x234567, show), WALK_OK);
	assert_true(w->r.pa.v == s->piece[0].pa.v + 0x34567);
	assert_true(memattr_equal(&w->r.attr, &s->piece[0].attr));
	assert_true(perms_equal(w->r.perms, s->piece[0].perms));
	assert_true(w->r.size == s->piece[0].size);

	/* A table of stage 1 that stage 2 does not give */
	poke(w, 0x80001000, TABLE(0x40203000));
	visit(w, s, 1, ALL_OF_IT, VISIT_LEAF | VISIT_UNREADABLE);
	assert_int_equal(s->n, 1);
	assert_int_equal(s->v[0].error, 0);
	assert_int_equal(s->v[0].fault.type, FAULT_TRANSLATION);
	assert_true(s->v[0].fault.s1ptw && s->v[0].next_pa.v == 0x40203000);
	/* Or whose words on the way cannot be read */
	w->mem.bad_error = -EAGAIN;
	w->mem.bad_first = 0x5000;
	w->mem.bad_last = 0x5fff;
	visit(w, s, 1, ALL_OF_IT, VISIT_UNREADABLE);
	assert_int_equal(s->v[0].error, -EAGAIN);
	poke(w, 0x80001000, TABLE(0x40002000));
	merge(w, s, 0, ALL_OF_IT);
	assert_int_equal(s->ranges, 2);
	assert_int_equal(s->r[0].status, WALK_UNREADABLE);
	assert_int_equal(s->r[0].error, -EAGAIN);
	assert_true(s->r[0].size == 2 << 20);
	world_free(w);
	free(s);
}

static void both_without_stage_2_is_stage_1(void **state)
{
	struct seen *s = malloc(sizeof(*s));
	struct world *w = stage1();

	(void)state;
	merge(w, s, 0, ALL_OF_IT);
	assert_int_equal(s->ranges, 5);
	assert_false(s->r[0].has_piece);
	world_free(w);
	free(s);
}

/* 64K tables of a guest over a stage 2 of 4K pages: each part of a table lies elsewhere */
static void a_table_larger_than_a_page_of_stage_2(void **state)
{
	struct seen *s = malloc(sizeof(*s));
	struct world *w = world_new("SCTLR_EL1 0x1005\nTCR_EL1 0x500007516\nMAIR_EL1 0xff\nHCR_EL2 0x80000001\n"
				    "TTBR0_EL1 0x10000\nVTCR_EL2 0x80053558\nVTTBR_EL2 0x2000\n");
	int i;

	(void)state;
	poke(w, 0x2000, TABLE(0x4000));
	poke(w, 0x4000, TABLE(0x5000));
	for (i = 0; i < 16; i++) {
		poke(w, 0x5000 + 8 * (16 + i), S2_PAGE(0x100000 + 0x10000 * i));
		poke(w, 0x100000 + 0x10000 * i, S1_BLOCK(0x20000000ull * (i + 1)));
	}
	poke(w, 0x5000 + 8 * 20, 0);
	world_init(w, REGIME_EL10);
	visit(w, s, 1, 0, (1ull << 42) - 1, VISIT_LEAF | VISIT_UNREADABLE);
	assert_int_equal(s->n, 16);
	for (i = 0; i < 16; i++) {
		assert_int_equal(s->v[i].event, i == 4 ? VISIT_UNREADABLE : VISIT_LEAF);
		assert_true(s->v[i].ia == (uint64_t)i << 38);
		assert_true(s->v[i].size == (i == 4 ? 1ull << 38 : 1ull << 29));
	}
	world_free(w);
	free(s);
}

/* ---- one walker -------------------------------------------------------------------- */

struct agree {
	struct world *w;
	unsigned int leaves, others;
};

static int agrees(void *arg, const struct visit *v)
{
	struct agree *a = arg;
	uint64_t at[3] = { v->ia, v->ia + v->size / 2, v->ia + v->size - 1 };
	int i;

	for (i = 0; i < 3; i++) {
		ask(a->w, at[i], show);
		if (v->event == VISIT_LEAF) {
			assert_int_equal(a->w->r.status, WALK_OK);
			assert_true(a->w->r.pa.v == v->leaf.oa + (at[i] - v->ia));
			assert_true(perms_equal(a->w->r.perms, v->leaf.perms));
			assert_true(memattr_equal(&a->w->r.s1.attr, &v->leaf.attr));
			assert_int_equal(a->w->r.s1.level, v->level);
		} else {
			assert_int_equal(a->w->r.status, WALK_FAULT);
			assert_int_equal(a->w->r.fault.level, v->level);
			assert_int_equal(a->w->r.fault.type, v->event == VISIT_FAULT ?
					 v->fault.type : FAULT_TRANSLATION);
		}
	}
	if (v->event == VISIT_LEAF)
		a->leaves++;
	else
		a->others++;
	return 0;
}

static uint64_t random64(uint64_t *seed)
{
	/* xorshift64 */
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* "two walkers that disagreed on valid": random tables, each of four granules and formats */
static void bug_one_address_and_whole_tables_agree(void **state)
{
	static const char *const tcr[] = {
		"TCR_EL1 0x400003519\n",			/* 4K, 39 bits */
		"TCR_EL1 0x40000b519\n",			/* 16K */
		"TCR_EL1 0x400007519\n",			/* 64K */
		"TCR_EL1 0x0800000600003519\n",			/* LPA2 */
		"TCR_EL1 0x400003519\nTCR2_EL1 0x20\nPIR_EL1 0x7777777777777777\nPIRE0_EL1 0x0\n",
	};
	struct walk_visitor v = {
		.events = VISIT_LEAF | VISIT_INVALID | VISIT_ZERO | VISIT_FAULT, .visit = agrees,
		.max_tables = 40,
	};
	uint64_t seed = 0x9e3779b97f4a7c15, word;
	unsigned int round, i, leaves = 0, others = 0;
	struct agree a;
	struct world *w;

	(void)state;
	for (round = 0; round < 25; round++) {
		w = world_new("SCTLR_EL1 0x1005\nMAIR_EL1 0x00ff44bb0c0004ee\nHCR_EL2 0x80000000\n"
			      "TTBR0_EL1 0x100000\n");
		world_regs(w, tcr[round % 5]);
		world_init(w, REGIME_EL10);
		/*
		 * 24 words in each of three tables of 64K; they name each other, and anything
		 * else
		 */
		for (i = 0; i < 72; i++) {
			word = random64(&seed);
			if (i % 3)
				word = (word & ~mask64(47, 12)) | (0x100000 + (word >> 20) % 3 * 0x10000);
			if (round % 5 == 4 && i % 2)
				word &= mask64(47, 37);
			poke(w, 0x100000 + 0x10000 * (random64(&seed) % 3) + 8 * (random64(&seed) % 48),
			     word);
		}
		a = (struct agree){ .w = w };
		v.arg = &a;
		assert_int_equal(walk_range(&w->mmu, 1, 0, (1ull << 39) - 1, &v, NULL), 0);
		leaves += a.leaves;
		others += a.others;
		world_free(w);
	}
	assert_in_range(leaves, 200, 100000);
	assert_in_range(others, 200, 100000);
}

static void short_descriptors(void **state)
{
	struct seen *s = malloc(sizeof(*s));
	struct world *w = world_new("SCTLR 0x5\nTTBCR 0x1\nTTBR0 0x4000\nTTBR1 0x8000\nDACR 0x1\nHCR_EL2 0x0\n");
	uint64_t first, last;
	int i;

	(void)state;
	/*
	 * 16 words of a supersection, a table with a large and a small page, a section in the
	 * upper half
	 */
	for (i = 0; i < 8; i++)
		poke(w, 0x4000 + 8 * i, 0x0004140200041402 | 0x8000000080000000);
	poke(w, 0x4040, 0xc001);
	for (i = 0; i < 8; i++)
		poke(w, 0xc000 + 8 * i, 0x4001003140010031);
	poke(w, 0xc040, 0x40020032);
	poke(w, 0x8000 + 4 * 0xffe, 0xc0000c0200000000);
	world_init(w, REGIME_EL10);
	assert_int_equal(walk_bounds(&w->mmu, 1, 0, &first, &last), 0);
	assert_true(first == 0 && last == 0x7fffffff);
	merge(w, s, 1, first, last);
	assert_int_equal(s->ranges, 3);
	assert_true(s->r[0].ia == 0 && s->r[0].size == 16 << 20 && s->r[0].leaves == 16);
	assert_true(s->r[1].ia == 16 << 20 && s->r[1].size == 64 << 10 && s->r[1].oa == 0x40010000);
	assert_true(s->r[2].ia == (16 << 20) + (64 << 10) && s->r[2].size == 4096);
	assert_int_equal(walk_bounds(&w->mmu, 1, 1, &first, &last), 0);
	assert_true(first == 0x80000000 && last == 0xffffffff);
	merge(w, s, 1, first, last);
	assert_int_equal(s->ranges, 1);
	assert_true(s->r[0].ia == 0xfff00000 && s->r[0].oa == 0xc0000000);
	world_free(w);
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_event_in_order),
		cmocka_unit_test(a_range_is_visited_and_no_more),
		cmocka_unit_test(bounds),
		cmocka_unit_test(the_upper_half),
		cmocka_unit_test(bug_the_last_range_is_emitted),
		cmocka_unit_test(bug_sizes_are_those_of_the_granule),
		cmocka_unit_test(what_differs_is_not_merged),
		cmocka_unit_test(bug_an_unreadable_table_is_told),
		cmocka_unit_test(faults_that_every_access_would_take),
		cmocka_unit_test(hostile_tables_end),
		cmocka_unit_test(the_visitor_stops_and_skips),
		cmocka_unit_test(contiguous_runs_are_looked_at),
		cmocka_unit_test(stage_2_and_its_concatenated_root),
		cmocka_unit_test(stage_1_leaves_in_pieces_of_stage_2),
		cmocka_unit_test(both_without_stage_2_is_stage_1),
		cmocka_unit_test(a_table_larger_than_a_page_of_stage_2),
		cmocka_unit_test(bug_one_address_and_whole_tables_agree),
		cmocka_unit_test(short_descriptors),
	};

	unused_accesses();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
