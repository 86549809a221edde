// SPDX-License-Identifier: GPL-2.0-only
/* The registers of a case, and the geometry that follows from them. */
#include "gen.h"

static const int ps_bits[] = { 32, 36, 40, 42, 44, 48, 52 };

static int pick_ps(struct gen *g)
{
	static const int likely[] = { 2, 4, 5, 5, 6, 6 };

	return often(g, 800) ? PICK(g, likely) : (int)below(g, 7);
}

static void pick_granule(struct gen *g, struct stage *s)
{
	static const int granules[] = { 12, 12, 12, 14, 16 };

	s->granule = PICK(g, granules);
	s->stride = s->granule - 3;
	s->ds = s->granule != 16 && often(g, 350);
}

static void set_output_size(struct stage *s, int ps)
{
	s->oa = ps_bits[ps];
	if (s->oa > encodable_bits(s))
		s->oa = encodable_bits(s);
}

static int min_txsz(const struct stage *s)
{
	return s->granule == 16 || s->ds ? 12 : 16;
}

static int max_txsz(const struct stage *s)
{
	return s->granule == 16 ? 47 : 48;
}

/* TxSZ, sometimes beyond its bounds: above the maximum counts as that, below the minimum faults */
static int pick_txsz(struct gen *g, struct stage *s, int used)
{
	static const int likely[] = { 16, 16, 25, 28, 32, 12 };
	int min = min_txsz(s), max = max_txsz(s), txsz;

	if (wrong(g) && often(g, 500)) {
		txsz = often(g, 500) ? (int)below(g, min) : max + 1 + (int)below(g, 63 - max);
		if (used && txsz > max)
			mark(g, MARK_TXSZ, s->number, 0, 0);
	} else if (often(g, 500)) {
		txsz = PICK(g, likely);
	} else {
		txsz = min + below(g, max - min + 1);
	}
	if (txsz < min && !wrong(g))
		txsz = min;
	s->ia = 64 - (txsz < min ? min : txsz > max ? max : txsz);
	s->start = 3 - (s->ia - 1 - s->granule) / s->stride;
	return txsz;
}

static uint64_t encode_tg0(int granule)
{
	return granule == 12 ? 0 : granule == 14 ? 2 : 1;
}

static uint64_t encode_tg1(int granule)
{
	return granule == 12 ? 2 : granule == 14 ? 1 : 3;
}

/* TCR_EL1, and TCR_EL2 with E2H: the other half is as valid, and as random */
static uint64_t make_tcr_two(struct gen *g)
{
	struct stage other = { .number = 1, .ds = g->s1.ds }, *lo = &other, *hi = &g->s1;
	int ps = pick_ps(g);
	uint64_t tcr;

	other.granule = 12 + 2 * below(g, 3);
	other.stride = other.granule - 3;
	if (!g->half) {
		lo = &g->s1;
		hi = &other;
	}
	set_output_size(&g->s1, ps);
	tcr = bits(g, 6) << 8 | bits(g, 1) << 22 | bits(g, 6) << 24 | bits(g, 1) << 36 |
	      bits(g, 8) << 43 | bits(g, 2) << 51;
	if ((tcr >> 12 & 3) == 1)	/* SH: reserved */
		tcr |= BIT(13);
	if ((tcr >> 28 & 3) == 1)
		tcr |= BIT(29);
	tcr |= encode_tg0(lo->granule) << 14 | encode_tg1(hi->granule) << 30;
	tcr |= (uint64_t)pick_txsz(g, lo, lo == &g->s1);
	tcr |= (uint64_t)pick_txsz(g, hi, hi == &g->s1) << 16;
	tcr |= (uint64_t)ps << 32;
	tcr |= bits(g, 2) << 37;			/* TBI0, TBI1 */
	tcr |= (uint64_t)g->s1.haf << 39 | (uint64_t)g->s1.hd << 40;
	tcr |= (often(g, 150) ? bits(g, 2) : 0) << 41;	/* HPD0, HPD1 */
	tcr |= (uint64_t)wrong(g) << (g->half ? 23 : 7);
	tcr |= (often(g, 300) ? 1ULL : 0) << (g->half ? 7 : 23);
	/* NFD and TCMA have no say in AT */
	tcr |= (often(g, 300) ? bits(g, 2) : 0) << 53 | (often(g, 300) ? bits(g, 2) : 0) << 57;
	tcr |= (uint64_t)often(g, 15) << (g->half ? 56 : 55);
	tcr |= (uint64_t)often(g, 200) << (g->half ? 55 : 56);
	/* DS reaches both halves; with 64K granules it has no meaning */
	tcr |= (uint64_t)(g->s1.granule == 16 ? other.ds = often(g, 100) : g->s1.ds) << 59;
	return tcr;
}

/* TCR_EL2 without E2H */
static uint64_t make_tcr_one(struct gen *g)
{
	int ps = pick_ps(g);
	uint64_t tcr = BIT(31) | BIT(23);

	set_output_size(&g->s1, ps);
	tcr |= bits(g, 6) << 8 | bits(g, 4) << 25 | bits(g, 1) << 29;
	if ((tcr >> 12 & 3) == 1)
		tcr |= BIT(13);
	tcr |= encode_tg0(g->s1.granule) << 14 | (uint64_t)pick_txsz(g, &g->s1, 1) |
	       (uint64_t)ps << 16;
	tcr |= bits(g, 1) << 20;
	tcr |= (uint64_t)g->s1.haf << 21 | (uint64_t)g->s1.hd << 22 | (uint64_t)often(g, 100) << 24;
	tcr |= (uint64_t)g->s1.ds << 32;
	return tcr;
}

/* SL0 and SL2 for a start level, -1 where there is no encoding */
static int encode_start(const struct stage *s)
{
	static const int sl_4k[] = { 4, 2, 1, 0, 3 };

	if (s->granule == 12)
		return s->start >= -1 && (s->start >= 0 || s->ds) ? sl_4k[s->start + 1] : -1;
	if (s->granule == 14)
		return s->start >= (s->ds ? 0 : 1) ? 3 - s->start : -1;
	return s->start >= 1 ? 3 - s->start : -1;
}

/* Up to 16 tables may be concatenated for the start: often there are two start levels to choose */
static int start_is_consistent(const struct stage *s)
{
	int least = level_shift(s, s->start) + 1;

	return encode_start(s) >= 0 && s->ia >= least && s->ia <= least + s->stride + 3;
}

static void pick_start(struct gen *g, struct stage *s)
{
	int first = s->start;

	if (!start_is_consistent(s) || (often(g, 500) && s->start < 3)) {
		s->start++;
		if (s->start > 3 || !start_is_consistent(s))
			s->start = first;
	}
}

/* A random start level that cannot be, or the right one */
static int pick_wrong_start(struct gen *g, const struct stage *s)
{
	struct stage other = *s;
	int sl = below(g, 8);

	for (other.start = -1; other.start <= 3; other.start++)
		if (start_is_consistent(&other) && encode_start(&other) == sl)
			return encode_start(s) & 7;
	return sl;
}

static void make_vtcr(struct gen *g)
{
	struct stage *s = &g->s2;
	int ps = pick_ps(g), txsz, sl;
	uint64_t vtcr = BIT(31);

	pick_granule(g, s);
	set_output_size(s, ps);
	s->haf = often(g, g->k->haf / 2);
	s->hd = s->haf && often(g, 600);
	txsz = pick_txsz(g, s, 1);
	pick_start(g, s);
	sl = encode_start(s);
	if (sl < 0 || wrong(g))
		sl = pick_wrong_start(g, s);
	vtcr |= txsz | (uint64_t)(sl & 3) << 6 | (uint64_t)(sl >> 2) << 33;
	vtcr |= bits(g, 4) << 8 | encode_tg0(s->granule) << 14 | (uint64_t)ps << 16 |
		bits(g, 1) << 19;
	vtcr |= PICK(g, ((const uint64_t[]){ 0, 2, 3 })) << 12;
	vtcr |= (uint64_t)s->haf << 21 | (uint64_t)s->hd << 22 | bits(g, 4) << 25;
	vtcr |= (uint64_t)s->ds << 32 | (uint64_t)s->indirect << 36;
	g->c->reg[R_VTCR_EL2] = vtcr;
}

static uint8_t pick_mair_byte(struct gen *g)
{
	static const uint8_t common[] = { 0x00, 0x04, 0x08, 0x0c, 0x44, 0xbb, 0xff,
					  0xff, 0x77, 0xee, 0xf4, 0x4f, 0xf0 };
	static const uint8_t xs[] = { 0x01, 0x05, 0x09, 0x0d, 0x40, 0xa0 };

	if (!often(g, g->k->any_mair))
		return PICK(g, common);
	if (often(g, 150))
		return PICK(g, xs);
	return (1 + below(g, 15)) << 4 | (1 + below(g, 15));
}

uint64_t make_mair(struct gen *g)
{
	uint64_t mair = 0;
	int i;

	for (i = 0; i < 8; i++)
		mair = mair << 8 | pick_mair_byte(g);
	return mair;
}

static uint64_t sixteen(struct gen *g, const uint8_t *choice, int n)
{
	uint64_t value = 0;
	int i;

	for (i = 0; i < 16; i++)
		value = value << 4 | choice[below(g, n)];
	return value;
}

/* Reserved encodings are not used */
static uint64_t make_pir(struct gen *g)
{
	static const uint8_t kind[] = { 0, 1, 2, 3, 5, 5, 5, 6, 7, 7, 8, 10, 12, 14 };

	return sixteen(g, kind, ARRAY_SIZE(kind));
}

static uint64_t make_s2pir(struct gen *g)
{
	static const uint8_t kind[] = { 0, 2, 4, 8, 9, 10, 11, 12, 12, 13, 14, 14, 15, 15, 15, 15 };

	return sixteen(g, kind, ARRAY_SIZE(kind));
}

static uint64_t make_sctlr(struct gen *g)
{
	uint64_t sctlr = SCTLR_RES1;

	if (!often(g, g->k->mmu_off))
		sctlr |= SCTLR_M;
	if (!often(g, g->k->cache_off))
		sctlr |= SCTLR_C;
	sctlr |= bits(g, 1) * SCTLR_I | bits(g, 1) * SCTLR_SPAN;
	if (often(g, 300))
		sctlr |= next(g) & SCTLR_IGNORED;
	if (often(g, 250))
		sctlr |= SCTLR_WXN;
	if (often(g, g->k->pan_op))
		sctlr |= SCTLR_EPAN;
	if (often(g, g->k->big_endian))
		sctlr |= SCTLR_EE;
	g->s1.big_endian = !!(sctlr & SCTLR_EE);
	return sctlr;
}

static uint64_t pick_va(struct gen *g, uint64_t tcr)
{
	const struct stage *s = &g->s1;
	uint64_t va = bits(g, s->ia);

	if (g->half)
		va |= ~MASK(s->ia);
	if (tcr >> (g->two_ranges ? (g->half ? 38 : 37) : 20) & 1)
		va = (va & MASK(56)) | bits(g, 8) << 56;
	if (wrong(g))
		va ^= BIT(s->ia + below(g, 64 - s->ia));
	return va;
}

static void make_indirection(struct gen *g)
{
	const struct knobs *k = g->k;
	uint64_t tcr2 = 0;

	if (often(g, k->pie))
		tcr2 |= BIT(1);
	if (often(g, k->aie))
		tcr2 |= BIT(4);
	*reg(g, TCR2) = tcr2;
	if (tcr2 || often(g, 100)) {
		*reg(g, PIR) = make_pir(g);
		*reg(g, PIRE0) = make_pir(g);
		*reg(g, MAIR2) = make_mair(g);
	}
	/* Without HCRX_EL2.TCR2En TCR2_EL1 counts as zero; TCR2_EL2 does not depend on it */
	if (tcr2 && g->sctlr == R_SCTLR_EL1) {
		if (often(g, 970))
			g->c->reg[R_HCRX_EL2] = HCRX_TCR2EN;
		else
			tcr2 = 0;
	}
	g->s1.indirect = !!(tcr2 & BIT(1));
	g->s1.wide_index = !!(tcr2 & BIT(4));
}

void make_s1(struct gen *g)
{
	struct stage *s = &g->s1;

	s->number = 1;
	s->haf = often(g, g->k->haf);
	s->hd = s->haf && often(g, 600);
	make_indirection(g);
	*reg(g, MAIR) = make_mair(g);
	pick_granule(g, s);
	*reg(g, SCTLR) = make_sctlr(g);
	s->on = (*reg(g, SCTLR) & SCTLR_M) &&
		!(g->sctlr == R_SCTLR_EL1 && g->c->reg[R_HCR_EL2] & (HCR_DC | HCR_TGE));
	*reg(g, TCR) = g->two_ranges ? make_tcr_two(g) : make_tcr_one(g);
	g->c->va = pick_va(g, *reg(g, TCR));
	if (g->two_ranges)	/* the half that is not used */
		*reg(g, g->half ? TTBR0 : TTBR1) = often(g, 500) ? next(g) : 0;
}

/* Stage 2's tables may be big-endian on their own: SCTLR_EL2.EE */
void make_s2(struct gen *g)
{
	struct stage *s = &g->s2;
	uint64_t hcr = g->c->reg[R_HCR_EL2];

	s->number = 2;
	s->on = !!(hcr & (HCR_VM | HCR_DC));
	if (!s->on && !often(g, 150))
		return;
	if (often(g, g->k->big_endian)) {
		s->big_endian = 1;
		g->c->reg[R_SCTLR_EL2] = SCTLR_RES1 | SCTLR_EE;
	}
	s->indirect = often(g, g->k->s2pie);
	if (s->indirect || often(g, 50))
		g->c->reg[R_S2PIR_EL2] = make_s2pir(g);
	make_vtcr(g);
	if (!s->on)
		g->c->reg[R_VTTBR_EL2] = next(g);
}
