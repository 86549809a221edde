// SPDX-License-Identifier: GPL-2.0-only
/*
 * EL1 in AArch32 below an AArch64 EL2: short and long descriptors. Stage 2 is
 * that of AArch64, so it is the same code as for the other families.
 */
#include "gen.h"

#define SCTLR32_BASE	0x00c5083dULL	/* M, C and what is 1 after reset */
#define SCTLR_UWXN	BIT(20)
#define SCTLR_TRE	BIT(28)
#define SCTLR_AFE	BIT(29)
#define TTBCR_PD0	BIT(4)
#define TTBCR_PD1	BIT(5)
#define TTBCR_EPD0	BIT(7)
#define TTBCR_EPD1	BIT(23)
#define TTBCR_EAE	BIT(31)

#define SHORT_TABLE	14	/* log2 of the size of TTBR1's first table */
#define SHORT_LEVEL2	10

static const uint8_t ops32[] = { S1E1R, S1E1W, S1E0R, S1E0W, S12E1R, S12E1W, S12E0R, S12E0W };

/* A word of 32 bits, of the two that share one of 64; the other one stays zero */
static void put_word32(struct gen *g, uint64_t pa, uint32_t value)
{
	static const struct stage little;

	if (g->s1.big_endian)
		value = __builtin_bswap32(value);
	put_word(g, &little, pa & ~7ULL, pa & 4 ? (uint64_t)value << 32 : value);
}

/* Client and manager, seldom no access; the reserved value is not used */
static uint32_t make_dacr(struct gen *g)
{
	static const uint8_t type[] = { 0, 1, 1, 1, 1, 1, 1, 3 };
	uint32_t dacr = 0;
	int i;

	for (i = 0; i < 16; i++)
		dacr = dacr << 2 | PICK(g, type);
	return dacr;
}

/* PRRR in the low half, NMRR in the high one; a TRn of 3 is reserved */
static uint64_t make_remap(struct gen *g)
{
	uint64_t prrr = bits(g, 12) << 16 & 0xff0f0000;
	int i;

	prrr |= bits(g, 8) << 24;
	for (i = 0; i < 8; i++)
		prrr |= below(g, 3) << (2 * i);
	return bits(g, 32) << 32 | prrr;
}

/* AP[2:0] without the reserved 100; with AFE, AP[0] is the access flag */
static int pick_ap(struct gen *g, int level)
{
	static const uint8_t ap[] = { 0, 1, 1, 2, 3, 3, 3, 5, 6, 7 };
	static const uint8_t ap_afe[] = { 1, 3, 5, 7, 3, 3 };

	if (!(g->c->reg[R_SCTLR_EL1] & SCTLR_AFE))
		return PICK(g, ap);
	if (!often(g, g->k->no_af))
		return PICK(g, ap_afe);
	mark(g, MARK_AF, 1, level, 0);
	return below(g, 4) * 2;
}

/* TEX, C and B as 5 bits, of the encodings that are not reserved */
static int pick_tex(struct gen *g)
{
	static const uint8_t tex[] = { 0, 1, 2, 3, 4, 7, 8, 16, 17, 18, 19, 21, 23, 27, 31 };

	return PICK(g, tex);
}

static int supersection_bits(struct gen *g)
{
	return g->s2.on && g->s2.ia < 40 && !wrong(g) ? g->s2.ia : 40;
}

static uint32_t section(struct gen *g, uint64_t *out)
{
	int ap = pick_ap(g, 1), tex = pick_tex(g);
	uint32_t d = 2 | bits(g, 1) | (tex & 3) << 2 | bits(g, 1) << 4 | (ap & 3) << 10 |
		     (tex >> 2) << 12 | (ap >> 2) << 15 | bits(g, 2) << 16 | bits(g, 1) << 19 |
		     bits(g, 1) << 9;	/* IMPLEMENTATION DEFINED: nothing */

	if (often(g, 250)) {
		*out = bits(g, supersection_bits(g)) & ~MASK(24);
		return d | BIT(18) | (*out & 0xff000000) | (*out >> 32 & 15) << 20 |
		       (*out >> 36 & 15) << 5;
	}
	*out &= ~MASK(20);
	return d | bits(g, 4) << 5 | *out;
}

static uint32_t page(struct gen *g, uint64_t *out)
{
	int ap = pick_ap(g, 2), tex = pick_tex(g);
	uint32_t d = (tex & 3) << 2 | (ap & 3) << 4 | (ap >> 2) << 9 | bits(g, 2) << 10;

	if (often(g, 400)) {
		*out &= ~MASK(16);
		return d | 1 | (tex >> 2) << 12 | bits(g, 1) << 15 | *out;
	}
	*out &= ~MASK(12);
	return d | 2 | bits(g, 1) | (tex >> 2) << 6 | *out;
}

static void make_short_tables(struct gen *g)
{
	uint64_t va = g->c->va, address, at, out = bits(g, 32), page_mask;
	int n = g->c->reg[R_TCR_EL1] & 7, size = g->half ? SHORT_TABLE : SHORT_TABLE - n;
	uint32_t d;

	g->s1.oa = 32;
	if (g->s2.on && g->s2.ia < 32)
		out &= MASK(g->s2.ia);
	at = new_s1_table(g, size, va >> 20 << 2 & MASK(size), &address);
	g->c->reg[g->half ? R_TTBR1_EL1 : R_TTBR0_EL1] = address | (bits(g, 7) & 0x5b);
	if (often(g, 400)) {
		d = section(g, &out);
		page_mask = d & BIT(18) ? MASK(24) : MASK(20);
	} else {
		uint64_t first = at;

		at = new_s1_table(g, SHORT_LEVEL2, va >> 12 << 2 & MASK(SHORT_LEVEL2), &address);
		put_word32(g, first,
			   wrong(g) ? 0 : address | 1 | bits(g, 2) << 2 | bits(g, 4) << 5);
		d = page(g, &out);
		page_mask = d & 2 ? MASK(12) : MASK(16);
	}
	put_word32(g, at, wrong(g) ? d & ~3 : d);
	map_output(g, out | (va & page_mask));
}

static void make_short(struct gen *g)
{
	struct tcase *c = g->c;
	int n = often(g, 300) ? 0 : below(g, 8);

	c->reg[R_TCR_EL1] = n | (wrong(g) ? TTBCR_PD0 : 0) | (wrong(g) ? TTBCR_PD1 : 0);
	c->reg[R_MAIR_EL1] = c->reg[R_SCTLR_EL1] & SCTLR_TRE ? make_remap(g) : 0;
	c->reg[R_DACR32_EL2] = make_dacr(g);
	c->va = bits(g, 32);
	if (often(g, 500))
		c->va &= MASK(32 - n);
	g->half = n && c->va >> (32 - n);
	make_short_tables(g);
}

/* T0SZ and T1SZ: which half an address is of, or none */
static void make_long(struct gen *g)
{
	struct tcase *c = g->c;
	struct stage *s = &g->s1;
	int t0 = often(g, 400) ? 0 : below(g, 8), t1 = often(g, 400) ? 0 : below(g, 8), t;

	*s = (struct stage){ .number = 1, .on = 1, .granule = 12, .stride = 9, .oa = 40,
			     .big_endian = s->big_endian };
	g->half = (t0 || t1) && bits(g, 1);
	t = g->half ? t1 : t0;
	s->ia = 32 - t;
	s->start = s->ia > 30 ? 1 : 2;
	c->reg[R_TCR_EL1] = TTBCR_EAE | t0 | (uint64_t)t1 << 16 | bits(g, 6) << 8 |
			    bits(g, 6) << 24 | bits(g, 1) << 22 | (wrong(g) ? TTBCR_EPD0 : 0) |
			    (wrong(g) ? TTBCR_EPD1 : 0);
	c->reg[R_MAIR_EL1] = make_mair(g);
	c->va = bits(g, s->ia);
	if (g->half)
		c->va |= MASK(32) & ~MASK(s->ia);
	if (wrong(g))
		c->va ^= BIT(31 - below(g, 7));
	make_tables(g);
}

void make_aarch32_case(struct gen *g)
{
	struct tcase *c = g->c;

	c->aarch32 = 1;
	c->op = PICK(g, ops32);
	g->sctlr = R_SCTLR_EL1;
	g->two_ranges = 1;
	c->reg[R_HCR_EL2] =
		(often(g, g->k->stage2) ? HCR_VM : 0) | (often(g, g->k->fwb) ? HCR_FWB : 0);
	c->reg[R_SCTLR_EL1] = SCTLR32_BASE | (often(g, 200) ? SCTLR_WXN : 0) |
			      (often(g, 200) ? SCTLR_UWXN : 0) | bits(g, 1) * SCTLR_TRE |
			      bits(g, 1) * SCTLR_AFE;
	if (often(g, g->k->big_endian)) {
		c->reg[R_SCTLR_EL1] |= SCTLR_EE;
		g->s1.big_endian = 1;
	}
	g->s1.number = 1;
	make_s2(g);
	if (often(g, 450))
		make_long(g);
	else
		make_short(g);
}
