// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shapes of tables: the bounds of every field that makes one, and what the arithmetic gives.
 */
#include "geometry.h"
#include "mmu.h"
#include "world.h"

static struct geometry shape(enum table_format format, int stage, int granule, int ia_bits)
{
	struct geometry g = { .format = format, .stage = stage, .granule = granule,
			      .ia_bits = ia_bits, .oa_bits = 48 };

	g.start_level = geometry_start_level(&g);
	return g;
}

/* ---- arithmetic -------------------------------------------------------------------- */

static void start_levels_of_stage_1(void **state)
{
	static const struct { int format, granule, ia_bits, level; } row[] = {
		{ TABLE_V8_64, 12, 52, -1 }, { TABLE_V8_64, 12, 49, -1 }, { TABLE_V8_64, 12, 48, 0 },
		{ TABLE_V8_64, 12, 40, 0 }, { TABLE_V8_64, 12, 39, 1 }, { TABLE_V8_64, 12, 31, 1 },
		{ TABLE_V8_64, 12, 30, 2 }, { TABLE_V8_64, 12, 22, 2 }, { TABLE_V8_64, 12, 21, 3 },
		{ TABLE_V8_64, 12, 16, 3 },
		{ TABLE_V8_64, 14, 52, 0 }, { TABLE_V8_64, 14, 48, 0 }, { TABLE_V8_64, 14, 47, 1 },
		{ TABLE_V8_64, 14, 37, 1 }, { TABLE_V8_64, 14, 36, 2 }, { TABLE_V8_64, 14, 26, 2 },
		{ TABLE_V8_64, 14, 25, 3 }, { TABLE_V8_64, 14, 16, 3 },
		{ TABLE_V8_64, 16, 52, 1 }, { TABLE_V8_64, 16, 43, 1 }, { TABLE_V8_64, 16, 42, 2 },
		{ TABLE_V8_64, 16, 30, 2 }, { TABLE_V8_64, 16, 29, 3 }, { TABLE_V8_64, 16, 17, 3 },
		{ TABLE_V9_128, 12, 55, -2 }, { TABLE_V9_128, 12, 53, -2 }, { TABLE_V9_128, 12, 52, -1 },
		{ TABLE_V9_128, 12, 44, 0 }, { TABLE_V9_128, 14, 55, -1 }, { TABLE_V9_128, 14, 54, 0 },
		{ TABLE_V9_128, 16, 55, 0 }, { TABLE_V9_128, 16, 52, 1 }, { TABLE_V9_128, 16, 40, 2 },
		{ TABLE_V8_32S, 12, 32, 1 },
	};
	struct geometry g;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		g = shape(row[i].format, 1, row[i].granule, row[i].ia_bits);
		assert_int_equal(g.start_level, row[i].level);
	}
}

static void sizes_that_a_descriptor_maps(void **state)
{
	static const uint64_t size[3][4] = {
		{ UINT64_C(1) << 39, 1 << 30, 2 << 20, 4 << 10 },
		{ UINT64_C(1) << 47, UINT64_C(1) << 36, 32 << 20, 16 << 10 },
		{ 0, UINT64_C(1) << 42, 512 << 20, 64 << 10 },
	};
	struct geometry g;
	int row, level;

	(void)state;
	for (row = 0; row < 3; row++) {
		g = shape(TABLE_V8_64, 1, 12 + 2 * row, 48);
		for (level = row == 2; level <= 3; level++)
			assert_true(UINT64_C(1) << geometry_map_shift(&g, level) == size[row][level]);
	}
	g = shape(TABLE_V9_128, 1, 12, 55);
	assert_int_equal(geometry_map_shift(&g, 2), 20);
	assert_int_equal(geometry_map_shift(&g, -2), 52);
	g = shape(TABLE_V8_32S, 1, 12, 32);
	assert_int_equal(geometry_map_shift(&g, 1), 20);
	assert_int_equal(geometry_map_shift(&g, 2), 12);
}

static void where_blocks_may_stand(void **state)
{
	struct geometry g;

	(void)state;
	g = shape(TABLE_V8_64, 1, 12, 48);
	assert_false(geometry_block_ok(&g, -1));
	assert_false(geometry_block_ok(&g, 0));
	assert_true(geometry_block_ok(&g, 1));
	assert_true(geometry_block_ok(&g, 2));
	assert_false(geometry_block_ok(&g, 3));
	g.ds = true;
	assert_true(geometry_block_ok(&g, 0));
	assert_false(geometry_block_ok(&g, -1));

	g = shape(TABLE_V8_64, 1, 14, 48);
	assert_false(geometry_block_ok(&g, 1));
	assert_true(geometry_block_ok(&g, 2));
	g.ds = true;
	assert_true(geometry_block_ok(&g, 1));
	assert_false(geometry_block_ok(&g, 0));

	g = shape(TABLE_V8_64, 1, 16, 48);
	assert_false(geometry_block_ok(&g, 1));
	assert_true(geometry_block_ok(&g, 2));
	g.lpa = true;
	assert_true(geometry_block_ok(&g, 1));
	assert_false(geometry_block_ok(&g, 3));
}

static void contiguous_runs(void **state)
{
	static const uint8_t v8[3][6] = { { 0, 0, 4, 4, 4 }, { 0, 0, 0, 5, 7 }, { 0, 0, 0, 5, 5 } };
	static const uint8_t v9[3][6] = { { 0, 0, 2, 4, 4 }, { 0, 0, 2, 4, 6 }, { 0, 0, 0, 6, 4 } };
	struct geometry g;
	int row, level;

	(void)state;
	for (row = 0; row < 3; row++) {
		for (level = -1; level <= 3; level++) {
			g = shape(TABLE_V8_64, 1, 12 + 2 * row, 48);
			assert_int_equal(geometry_contig_shift(&g, level), v8[row][level + 1]);
			g = shape(TABLE_V9_128, 1, 12 + 2 * row, 48);
			assert_int_equal(geometry_contig_shift(&g, level), v9[row][level + 1]);
		}
	}
	g = shape(TABLE_V8_32S, 1, 12, 32);
	assert_int_equal(geometry_contig_shift(&g, 2), 0);
}

static void indexes(void **state)
{
	struct geometry g = shape(TABLE_V8_64, 1, 12, 48);

	(void)state;
	assert_int_equal(geometry_entries(&g, 0, 0, true), 512);
	assert_int_equal(geometry_index(&g, 0, 0, true, 0xffff800008123456), 256);
	assert_int_equal(geometry_index(&g, 1, 0, false, 0xffff800008123456), 0);
	assert_int_equal(geometry_index(&g, 2, 0, false, 0xffff800008123456), 64);
	assert_int_equal(geometry_index(&g, 3, 0, false, 0xffff800008123456), 0x123);
	/* A root for 25 bits has 16 entries at level 2, and is aligned to their size */
	g = shape(TABLE_V8_64, 1, 12, 25);
	assert_int_equal(geometry_entries(&g, 2, 0, true), 16);
	assert_int_equal(geometry_table_align(&g, 2, 0, true), 7);
	assert_int_equal(geometry_table_align(&g, 3, 0, false), 12);
	/* Short descriptors: 4096 entries, 256 below */
	g = shape(TABLE_V8_32S, 1, 12, 32);
	assert_int_equal(geometry_entries(&g, 1, 0, true), 4096);
	assert_int_equal(geometry_table_align(&g, 1, 0, true), 14);
	assert_int_equal(geometry_entries(&g, 2, 0, false), 256);
	assert_int_equal(geometry_index(&g, 2, 0, false, 0x12345678), 0x45);
	/* VMSAv9-128, one level skipped: twice the index bits */
	g = shape(TABLE_V9_128, 1, 12, 48);
	assert_int_equal(geometry_entries(&g, 3, 1, false), 65536);
	assert_int_equal(geometry_table_align(&g, 3, 1, false), 20);
}

/* ---- registers to shapes ----------------------------------------------------------- */

static void set(struct world *w, enum reg_id id, uint64_t value)
{
	regs_set(&w->regs, id, value);
}

#define TCR(t0sz, tg0, ips, ds) \
	((uint64_t)(t0sz) | (uint64_t)(tg0) << 14 | (uint64_t)(ips) << 32 | (uint64_t)(ds) << 59)

static const struct s1_params *half(struct world *w, uint64_t tcr, int n)
{
	set(w, REG_TCR_EL1, tcr);
	world_init(w, REGIME_EL10);
	return &w->mmu.s1[n];
}

static void bounds_of_t0sz(void **state)
{
	/* TG0, DS, least, most */
	static const struct { int tg, ds, min, max; } row[] = {
		{ 0, 0, 16, 48 }, { 0, 1, 12, 48 }, { 2, 0, 16, 48 }, { 2, 1, 12, 48 },
		{ 1, 0, 12, 47 }, { 1, 1, 12, 47 },
	};
	struct world *w = world_new(REGS_S1_4K);
	const struct s1_params *p;
	int i, t;

	(void)state;
	for (i = 0; i < 6; i++) {
		for (t = 0; t < 64; t++) {
			p = half(w, TCR(t, row[i].tg, 5, row[i].ds), 0);
			assert_int_equal(p->txsz_fault, t < row[i].min);
			if (t >= row[i].min && t <= row[i].max)
				assert_int_equal(p->geo.ia_bits, 64 - t);
			if (t > row[i].max) {
				assert_int_equal(p->geo.ia_bits, 64 - row[i].max);
				assert_true(p->choices & CHOICE_TXSZ_ABOVE_MAX);
			}
			assert_false(p->choices & CHOICE_TXSZ_BELOW_MIN);
		}
	}
	world_free(w);
}

static void bounds_of_t0sz_the_other_way(void **state)
{
	struct mmu_options opt = { .other = CHOICE_TXSZ_ABOVE_MAX | CHOICE_TXSZ_BELOW_MIN };
	struct world *w = world_new(REGS_S1_4K);
	const struct s2_params *p;

	(void)state;
	/* Too small is a choice without FEAT_LVA only: ST, but no VARange */
	set(w, REG_TCR_EL1, TCR(10, 0, 5, 0));
	world_opt(w, REGIME_EL10, &opt);
	assert_true(w->mmu.s1[0].txsz_fault);
	set(w, REG_ID_AA64MMFR2_EL1, 1 << 28);
	world_opt(w, REGIME_EL10, &opt);
	assert_false(w->mmu.s1[0].txsz_fault);
	assert_int_equal(w->mmu.s1[0].choices, CHOICE_TXSZ_BELOW_MIN);
	assert_int_equal(w->mmu.s1[0].geo.ia_bits, 48);
	world_init(w, REGIME_EL10);
	assert_true(w->mmu.s1[0].txsz_fault);
	assert_int_equal(w->mmu.s1[0].choices, CHOICE_TXSZ_BELOW_MIN);
	/* and at stage 2 without FEAT_LPA: 4K makes 48 bits of IPA on either PE */
	set(w, REG_HCR_EL2, 0x80000001);
	set(w, REG_VTTBR_EL2, 0);
	set(w, REG_VTCR_EL2, 0x80050080 | 15);
	world_opt(w, REGIME_EL10, &opt);
	p = &w->mmu.s2;
	assert_true(p->txsz_fault && !p->choices);
	set(w, REG_ID_AA64MMFR0_EL1, 5);
	world_opt(w, REGIME_EL10, &opt);
	assert_true(!p->txsz_fault && p->choices == CHOICE_TXSZ_BELOW_MIN);
	set(w, REG_TCR_EL1, TCR(49, 0, 5, 0));
	world_opt(w, REGIME_EL10, &opt);
	assert_true(w->mmu.s1[0].txsz_fault);
	world_free(w);
}

static void without_ttst_39_is_the_most(void **state)
{
	struct world *w = world_new(REGS_S1_4K "ID_AA64MMFR2_EL1 0x10000\n");
	const struct s1_params *p = half(w, TCR(40, 0, 5, 0), 0);

	(void)state;
	assert_int_equal(p->geo.ia_bits, 25);
	assert_true(p->choices & CHOICE_TXSZ_ABOVE_MAX);
	world_free(w);
}

/* "PS formula wrong" */
static void bug_output_sizes_are_a_table_not_a_formula(void **state)
{
	static const int bits[8] = { 32, 36, 40, 42, 44, 48, 52, 56 };
	struct world *w = world_new(REGS_S1_4K);
	int ps, plain, wide;

	(void)state;
	for (ps = 0; ps < 8; ps++) {
		plain = bits[ps] < 48 ? bits[ps] : 48;
		wide = bits[ps] < 52 ? bits[ps] : 52;
		assert_int_equal(half(w, TCR(16, 0, ps, 0), 0)->geo.oa_bits, plain);
		assert_int_equal(half(w, TCR(16, 2, ps, 0), 0)->geo.oa_bits, plain);
		assert_int_equal(half(w, TCR(16, 0, ps, 1), 0)->geo.oa_bits, wide);
		assert_int_equal(half(w, TCR(16, 1, ps, 0), 0)->geo.oa_bits, wide);
	}
	/* And never more than the PE has: PARange 40 bits */
	set(w, REG_ID_AA64MMFR0_EL1, 2);
	assert_int_equal(half(w, TCR(16, 0, 5, 0), 0)->geo.oa_bits, 40);
	world_free(w);
}

static void granules_of_both_halves(void **state)
{
	static const int tg0[4] = { 12, 16, 14, 12 }, tg1[4] = { 12, 14, 12, 16 };
	struct world *w = world_new(REGS_S1_4K);
	const struct s1_params *p;
	int tg;

	(void)state;
	for (tg = 0; tg < 4; tg++) {
		p = half(w, TCR(20, tg, 5, 0), 0);
		assert_int_equal(p->geo.granule, tg0[tg]);
		assert_int_equal(!!(p->choices & CHOICE_RESERVED), tg == 3);
		p = half(w, (uint64_t)20 << 16 | (uint64_t)tg << 30, 1);
		assert_int_equal(p->geo.granule, tg1[tg]);
		assert_int_equal(!!(p->choices & CHOICE_RESERVED), tg == 0);
		assert_true(p->geo.upper);
	}
	/* A PE without 4K (TGran4 = 15) and 16K (TGran16 = 0) takes 64K */
	set(w, REG_ID_AA64MMFR0_EL1, 0xf0000005);
	assert_int_equal(half(w, TCR(20, 0, 5, 0), 0)->geo.granule, 16);
	assert_int_equal(half(w, TCR(20, 2, 5, 0), 0)->geo.granule, 16);
	world_free(w);
}

static void a_feature_that_id_registers_deny_is_not_applied(void **state)
{
	struct world *w = world_new(REGS_S1_4K "TCR2_EL1 0x3a\nHCRX_EL2 0x4000\nMAIR2_EL1 0x0\n"
				    "PIR_EL1 0x0\nPIRE0_EL1 0x0\nPOR_EL1 0x0\n");
	const struct s1_params *p;

	(void)state;
	p = half(w, TCR(16, 0, 6, 1) | 3ull << 39 | 1ull << 41 | 1ull << 55, 0);
	assert_true(p->geo.format == TABLE_V9_128 && p->pie && p->poe && p->aie);
	assert_true(p->ha && p->hd && p->hpd && p->e0pd);
	/* MMFR3: nothing but TCRX; MMFR0: 4K without LPA2; MMFR1, MMFR2: nothing */
	world_regs(w, "ID_AA64MMFR3_EL1 0x1\nID_AA64MMFR0_EL1 0x5\nID_AA64MMFR1_EL1 0x0\nID_AA64MMFR2_EL1 0x0\n");
	p = half(w, TCR(16, 0, 6, 1) | 3ull << 39 | 1ull << 41 | 1ull << 55, 0);
	assert_true(p->geo.format == TABLE_V8_64);
	assert_false(p->pie || p->poe || p->aie || p->geo.ds);
	assert_false(p->ha || p->hd || p->hpd || p->e0pd);
	world_free(w);
	/* TCR2_EL1 counts as 0 where EL2 says so */
	w = world_new(REGS_S1_4K "TCR2_EL1 0x2\nHCRX_EL2 0x0\n");
	assert_false(half(w, TCR(16, 0, 5, 0), 0)->pie);
	world_free(w);
}

static void roots_of_52_bits(void **state)
{
	struct world *w = world_new(REGS_S1_4K "TTBR0_EL1 0x123400000000113c\n");

	(void)state;
	/* BADDR[5:2] are PA[51:48] under DS, with 64K only if PS is 52 bits */
	assert_true(half(w, TCR(16, 0, 6, 1), 0)->geo.root == 0xf000000001000);
	assert_true(half(w, TCR(16, 0, 5, 0), 0)->geo.root == 0x1000);
	/* 5 bits index this root (47 bits of VA): it is aligned to 256 bytes */
	assert_true(half(w, TCR(17, 1, 6, 0), 0)->geo.root == 0xf000000001100);
	assert_true(half(w, TCR(17, 1, 5, 0), 0)->geo.root == 0x1100);
	assert_int_equal(half(w, TCR(16, 0, 5, 0), 0)->asid, 0x34);
	assert_int_equal(half(w, TCR(16, 0, 5, 0) | 1ull << 36, 0)->asid, 0x1234);
	/* PS = 32 bits: the root lies beyond */
	set(w, REG_TTBR0_EL1, 0x100000000);
	assert_true(half(w, TCR(16, 0, 0, 0), 0)->root_fault);
	assert_false(half(w, TCR(16, 0, 1, 0), 0)->root_fault);
	world_free(w);
}

/* ---- stage 2 ----------------------------------------------------------------------- */

#define VTCR(t0sz, sl0, tg0, ps) \
	((uint64_t)(t0sz) | (uint64_t)(sl0) << 6 | (uint64_t)(tg0) << 14 | (uint64_t)(ps) << 16)
#define VTCR_DS		(UINT64_C(1) << 32)
#define VTCR_SL2	(UINT64_C(1) << 33)

static const struct s2_params *stage2(struct world *w, uint64_t vtcr)
{
	set(w, REG_VTCR_EL2, vtcr);
	world_init(w, REGIME_EL10);
	return &w->mmu.s2;
}

/* Widest IPA that each start level takes; one granule's table concatenated 16 times */
static void start_levels_of_stage_2(void **state)
{
	/* granule, SL0, SL2, DS, level, fewest and most IPA bits */
	static const struct { int tg, sl0, sl2, ds, level, min, max; } row[] = {
		{ 0, 2, 0, 0, 0, 40, 52 }, { 0, 1, 0, 0, 1, 31, 43 }, { 0, 0, 0, 0, 2, 22, 34 },
		{ 0, 3, 0, 0, 3, 16, 25 }, { 0, 0, 1, 1, -1, 49, 61 },
		{ 2, 2, 0, 0, 1, 37, 51 }, { 2, 1, 0, 0, 2, 26, 40 }, { 2, 0, 0, 0, 3, 16, 29 },
		{ 2, 3, 0, 1, 0, 48, 62 },
		{ 1, 2, 0, 0, 1, 43, 59 }, { 1, 1, 0, 0, 2, 30, 46 }, { 1, 0, 0, 0, 3, 17, 33 },
	};
	struct world *w = world_new("HCR_EL2 0x80000001\nVTTBR_EL2 0x0\n");
	const struct s2_params *p;
	uint64_t vtcr;
	size_t i;
	int bits;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		for (bits = 17; bits <= (row[i].ds || row[i].tg == 1 ? 52 : 48); bits++) {
			vtcr = VTCR(64 - bits, row[i].sl0, row[i].tg, 6) | (row[i].ds ? VTCR_DS : 0) |
			       (row[i].sl2 ? VTCR_SL2 : 0);
			p = stage2(w, vtcr);
			assert_false(p->txsz_fault);
			assert_int_equal(p->sl_fault, bits < row[i].min || bits > row[i].max);
			if (!p->sl_fault)
				assert_int_equal(p->geo.start_level, row[i].level);
		}
	}
	/* What is no start level at all */
	assert_true(stage2(w, VTCR(24, 3, 1, 5))->sl_fault);
	assert_true(stage2(w, VTCR(16, 3, 2, 5))->sl_fault);
	assert_true(stage2(w, VTCR(12, 1, 0, 6) | VTCR_DS | VTCR_SL2)->sl_fault);
	/* Start levels that need a wide PE: PARange 40 bits */
	set(w, REG_ID_AA64MMFR0_EL1, 2 | 1 << 20);
	assert_true(stage2(w, VTCR(24, 2, 0, 2))->sl_fault);
	assert_true(stage2(w, VTCR(24, 2, 2, 2))->sl_fault);
	assert_true(stage2(w, VTCR(24, 2, 1, 2))->sl_fault);
	assert_false(stage2(w, VTCR(24, 1, 0, 2))->sl_fault);
	world_free(w);
}

static void granules_and_formats_of_stage_2(void **state)
{
	struct world *w = world_new("HCR_EL2 0x80000001\nVTTBR_EL2 0x0\nID_AA64MMFR3_EL1 0x100000001\n");
	const struct s2_params *p;

	(void)state;
	/* D128 at stage 1 alone; PARange 48 bits, 4K at stage 1 alone, all else at both */
	set(w, REG_ID_AA64MMFR0_EL1, 5 | 1 << 20 | 1ull << 40);
	p = stage2(w, VTCR(24, 1, 0, 5) | 1ull << 38);
	assert_true(p->geo.format == TABLE_V8_64);
	assert_int_equal(p->geo.granule, 16);
	assert_true(p->choices & CHOICE_RESERVED);
	p = stage2(w, VTCR(24, 1, 2, 5));
	assert_int_equal(p->geo.granule, 14);
	assert_false(p->choices & CHOICE_RESERVED);
	/* TGranX_2 = 2: there, whatever stage 1 has */
	set(w, REG_ID_AA64MMFR0_EL1, 5 | 15ull << 28 | 2ull << 40);
	assert_int_equal(stage2(w, VTCR(24, 1, 0, 5))->geo.granule, 12);
	world_free(w);
}

static void the_ipa_is_no_wider_than_the_pe(void **state)
{
	struct world *w = world_new("HCR_EL2 0x80000001\nVTTBR_EL2 0x0\nID_AA64MMFR0_EL1 0x2\n");

	(void)state;
	assert_true(stage2(w, VTCR(23, 1, 0, 2))->txsz_fault);
	assert_false(stage2(w, VTCR(24, 1, 0, 2))->txsz_fault);
	world_free(w);
	/* An AArch32 EL1 makes 40 bits of IPA whatever the PE has */
	w = world_new("HCR_EL2 0x1\nVTTBR_EL2 0x0\nID_AA64MMFR0_EL1 0x1\nSCTLR 0x0\n");
	assert_false(stage2(w, VTCR(24, 1, 0, 1))->txsz_fault);
	world_free(w);
}

static void bug_a_concatenated_root_is_one_root(void **state)
{
	struct world *w = world_new("HCR_EL2 0x80000001\nVTTBR_EL2 0x7000000040003000\n");
	const struct s2_params *p = stage2(w, VTCR(24, 1, 0, 5) | 1 << 19);

	(void)state;
	assert_int_equal(geometry_root_tables(&p->geo), 2);
	assert_int_equal(geometry_entries(&p->geo, 1, 0, true), 1024);
	assert_int_equal(geometry_table_align(&p->geo, 1, 0, true), 13);
	assert_true(p->geo.root == 0x40002000);
	assert_int_equal(p->vmid, 0x7000);
	assert_int_equal(geometry_index(&p->geo, 1, 0, true, 0xffc0000000), 1023);
	p = stage2(w, VTCR(21, 1, 0, 5));
	assert_int_equal(geometry_root_tables(&p->geo), 16);
	assert_int_equal(p->vmid, 0);
	p = stage2(w, VTCR(25, 1, 0, 5));
	assert_int_equal(geometry_root_tables(&p->geo), 1);
	world_free(w);
}

static void what_cannot_be_done_without(void **state)
{
	static const struct { const char *text; enum regime regime; } row[] = {
		{ "TCR_EL1 0x10\n", REGIME_EL10 },
		{ "SCTLR_EL1 0x1\n", REGIME_EL10 },
		{ "SCTLR_EL1 0x0\nHCR_EL2 0x80000001\n", REGIME_EL10 },
		{ "TCR_EL2 0x10\n", REGIME_EL2 },
		{ "SCTLR_EL2 0x1\n", REGIME_EL20 },
		{ "SCTLR_EL2 0x1\n", REGIME_EL3 },
	};
	const char *reason;
	struct world *w;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		w = world_new(row[i].text);
		assert_int_equal(mmu_init(&w->mmu, row[i].regime, &w->regs, &w->mem.source, NULL,
					  &reason), -EINVAL);
		assert_non_null(reason);
		world_free(w);
	}
}

#define EL10	"SCTLR_EL1 0x1\nTCR_EL1 0x10\nHCR_EL2 0x80000000\nTTBR0_EL1 0x1000\nTTBR1_EL1 0x1000\n"
#define EL20	"SCTLR_EL2 0x1\nTCR_EL2 0x10\nHCR_EL2 0x480000000\nTTBR0_EL2 0x1000\nTTBR1_EL2 0x1000\n"
#define EL3	"SCTLR_EL3 0x1\nTCR_EL3 0x10\n"
#define MAIR1	"MAIR_EL1 0xff\n"
#define MAIR2	"MAIR_EL2 0xff\n"
#define A32	"SCTLR 0x1\nHCR_EL2 0x0\nTTBR0 0x1000\nTTBR1 0x1000\nDACR 0x1\n"
#define VM	"SCTLR_EL1 0x0\nHCR_EL2 0x80000001\n"

/* Registers that control bits send to, each with the text that lacks it alone */
static void what_a_control_bit_asks_for(void **state)
{
	static const struct { const char *text, *lacks; enum regime regime; bool secure; } row[] = {
		{ EL10, "MAIR_EL1", REGIME_EL10, false },
		{ EL10 MAIR1 "TCR2_EL1 0x2\nPIRE0_EL1 0x0\n", "PIR_EL1", REGIME_EL10, false },
		{ EL10 MAIR1 "TCR2_EL1 0x2\nPIR_EL1 0x0\n", "PIRE0_EL1", REGIME_EL10, false },
		{ EL10 MAIR1 "TCR2_EL1 0x8\n", "POR_EL1", REGIME_EL10, false },
		{ EL10 MAIR1 "TCR2_EL1 0x10\n", "MAIR2_EL1", REGIME_EL10, false },
		{ EL20, "MAIR_EL2", REGIME_EL20, false },
		{ EL20 MAIR2 "TCR2_EL2 0x2\nPIRE0_EL2 0x0\n", "PIR_EL2", REGIME_EL20, false },
		{ EL20 MAIR2 "TCR2_EL2 0x2\nPIR_EL2 0x0\n", "PIRE0_EL2", REGIME_EL20, false },
		{ EL20 MAIR2 "TCR2_EL2 0x8\n", "POR_EL2", REGIME_EL20, false },
		{ EL20, "MAIR_EL2", REGIME_EL2, false },
		{ EL3, "MAIR_EL3", REGIME_EL3, false },
		{ EL3 "MAIR_EL3 0xff\n", "", REGIME_EL3, false },
		{ A32 "TTBCR 0x80000000\nMAIR1 0x0\n", "MAIR0", REGIME_EL10, false },
		{ A32 "TTBCR 0x80000000\nMAIR0 0x0\n", "MAIR1", REGIME_EL10, false },
		{ A32 "TTBCR 0x0\n", "", REGIME_EL10, false },
		{ VM "VTCR_EL2 0x80053558\n", "VTTBR_EL2", REGIME_EL10, false },
		{ "SCTLR_EL1 0x0\nHCR_EL2 0x80001000\nVTTBR_EL2 0x0\n", "VTCR_EL2", REGIME_EL10, false },
		{ VM "VTCR_EL2 0x80053558\nVTTBR_EL2 0x0\n", "", REGIME_EL10, false },
		{ VM "VTCR_EL2 0x80053558\nVTTBR_EL2 0x0\nVSTCR_EL2 0x0\n", "VSTTBR_EL2", REGIME_EL10, true },
		{ VM "VTCR_EL2 0x1080053558\nVTTBR_EL2 0x0\n", "S2PIR_EL2", REGIME_EL10, false },
		{ VM "VTCR_EL2 0x3080053558\nVTTBR_EL2 0x0\nS2PIR_EL2 0x0\n", "S2POR_EL1", REGIME_EL10, false },
		/* What is switched off asks for nothing */
		{ "SCTLR_EL1 0x0\nHCR_EL2 0x80000000\nTCR2_EL1 0x1e\n", "", REGIME_EL10, false },
		{ EL10 MAIR1 "TCR2_EL1 0x1e\nHCRX_EL2 0x0\n", "", REGIME_EL10, false },
	};
	const char *reason;
	char want[64];
	struct world *w;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		const struct mmu_options opt = { .secure = row[i].secure };

		w = world_new(row[i].text);
		assert_int_equal(mmu_init(&w->mmu, row[i].regime, &w->regs, &w->mem.source, &opt,
					  &reason), *row[i].lacks ? -EINVAL : 0);
		snprintf(want, sizeof(want), "%s is not among the registers", row[i].lacks);
		if (*row[i].lacks)
			assert_string_equal(reason, want);
		world_free(w);
	}
}

/* AssuredOnly, TL0, TL1, GCSH: no answer rather than one without their checks */
static void checks_that_are_not_made(void **state)
{
	static const struct { unsigned int bit; const char *name; } row[] = {
		{ 34, "AssuredOnly" }, { 35, "TL1" }, { 40, "GCSH" }, { 41, "TL0" },
	};
	struct world *w = world_new(VM "VTTBR_EL2 0x0\n");
	const char *reason;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		set(w, REG_VTCR_EL2, 0x80053558 | 1ull << row[i].bit);
		assert_int_equal(mmu_init(&w->mmu, REGIME_EL10, &w->regs, &w->mem.source, NULL, &reason),
				 -EINVAL);
		assert_non_null(strstr(reason, row[i].name));
	}
	/* Without the features the bits have no effect */
	set(w, REG_ID_AA64PFR1_EL1, 0);
	world_init(w, REGIME_EL10);
	world_free(w);
}

/* A root that is not given keeps only its own half from being walked */
static void a_root_that_is_not_known(void **state)
{
	static const struct { const char *text; enum regime regime; bool known[2]; } row[] = {
		{ "SCTLR_EL2 0x1\nTCR_EL2 0x10\n" MAIR2 "TTBR1_EL2 0x1000\n", REGIME_EL20, { false, true } },
		{ "SCTLR_EL2 0x1\nTCR_EL2 0x10\n" MAIR2 "TTBR0_EL2 0x1000\n", REGIME_EL20, { true, false } },
		{ "SCTLR_EL2 0x1\nTCR_EL2 0x10\n" MAIR2, REGIME_EL2, { false, true } },
		{ EL3 "MAIR_EL3 0xff\n", REGIME_EL3, { false, true } },
		{ "SCTLR 0x1\nHCR_EL2 0x0\nTTBCR 0x1\nDACR 0x1\nTTBR0 0x0\n", REGIME_EL10, { true, false } },
		{ "SCTLR 0x1\nHCR_EL2 0x0\nTTBCR 0x1\nDACR 0x1\nTTBR1 0x0\n", REGIME_EL10, { false, true } },
	};
	struct world *w;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		w = world_new(row[i].text);
		world_init(w, row[i].regime);
		assert_int_equal(w->mmu.s1[0].geo.no_root, !row[i].known[0]);
		if (w->mmu.two_halves)
			assert_int_equal(w->mmu.s1[1].geo.no_root, !row[i].known[1]);
		if (!row[i].known[0]) {
			assert_int_equal(ask(w, 0x1000, el1_read), WALK_UNREADABLE);
			assert_int_equal(w->r.error, -ENOKEY);
		}
		world_free(w);
	}
}

/* E0POE without POR_EL0, as of a live host: told, and rights of EL0 are either way */
static void an_overlay_that_is_not_known(void **state)
{
	struct mmu_options opt = { .other = CHOICE_POR_EL0 };
	struct world *w = world_new(EL20 MAIR2 "TCR2_EL2 0x4\n");

	(void)state;
	poke(w, 0x1000, S1_BLOCK(0) | 1 << 6);
	regs_set(&w->regs, REG_TCR_EL2, 0x10 | 31);	/* level 1 is the root */
	world_init(w, REGIME_EL20);
	assert_int_equal(ask(w, 0x1000, el0_read), WALK_OK);
	assert_int_equal(w->r.choices, CHOICE_POR_EL0);
	world_opt(w, REGIME_EL20, &opt);
	ask(w, 0x1000, el0_read);
	assert_fault(w, FAULT_PERMISSION, 1, 1);
	assert_true(w->r.fault.overlay);
	assert_int_equal(ask(w, 0x1000, el1_read), WALK_OK);
	regs_set(&w->regs, REG_POR_EL0, 0x1);
	world_opt(w, REGIME_EL20, &opt);
	assert_int_equal(ask(w, 0x1000, el0_read), WALK_OK);
	assert_int_equal(w->r.choices, 0);
	world_free(w);
}

static void every_choice_has_words(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < CHOICES; i++) {
		assert_true(strlen(choice_text(i, false)) > 20);
		assert_true(strlen(choice_text(i, true)) > 20);
		assert_true(strlen(choice_name(i)) > 1);
		assert_int_equal(choice_find(choice_name(i), strlen(choice_name(i))), i);
	}
	assert_int_equal(choice_find("nt,contiguous", 2), 2);
	assert_true(1u << choice_find("af-update", 9) == CHOICE_AF_UPDATE);
	assert_int_equal(choice_find("n", 1), CHOICES);
	assert_int_equal(choice_find("ntx", 3), CHOICES);
	assert_int_equal(choice_find("", 0), CHOICES);
	assert_string_equal(choice_name(CHOICES), "");
	assert_string_equal(choice_text(CHOICES, false), "");
	assert_string_equal(regime_text(REGIME_EL10), "EL1&0");
	assert_string_equal(regime_text(REGIME_EL3), "EL3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(start_levels_of_stage_1),
		cmocka_unit_test(sizes_that_a_descriptor_maps),
		cmocka_unit_test(where_blocks_may_stand),
		cmocka_unit_test(contiguous_runs),
		cmocka_unit_test(indexes),
		cmocka_unit_test(bounds_of_t0sz),
		cmocka_unit_test(bounds_of_t0sz_the_other_way),
		cmocka_unit_test(without_ttst_39_is_the_most),
		cmocka_unit_test(bug_output_sizes_are_a_table_not_a_formula),
		cmocka_unit_test(granules_of_both_halves),
		cmocka_unit_test(a_feature_that_id_registers_deny_is_not_applied),
		cmocka_unit_test(roots_of_52_bits),
		cmocka_unit_test(start_levels_of_stage_2),
		cmocka_unit_test(granules_and_formats_of_stage_2),
		cmocka_unit_test(the_ipa_is_no_wider_than_the_pe),
		cmocka_unit_test(bug_a_concatenated_root_is_one_root),
		cmocka_unit_test(what_cannot_be_done_without),
		cmocka_unit_test(what_a_control_bit_asks_for),
		cmocka_unit_test(checks_that_are_not_made),
		cmocka_unit_test(a_root_that_is_not_known),
		cmocka_unit_test(an_overlay_that_is_not_known),
		cmocka_unit_test(every_choice_has_words),
	};

	unused_accesses();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
