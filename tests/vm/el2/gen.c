// SPDX-License-Identifier: GPL-2.0-only
/*
 * gen SEED FIRST COUNT FILE: random translation cases.
 * gen SEED FIRST            prints how many bits the emulator's window of high
 *                           memory has to have for them.
 *
 * A case is built the way an operating system would build it: registers first,
 * then the descriptors along the path of one address, stage 1 tables being
 * mapped by stage 2 where that is on; everything that the architecture leaves
 * to software is random, and now and then something is made wrong on purpose.
 * What a case means is not computed here: the emulator's MMU says it. Case N of
 * a seed is the same whatever the range that is asked for.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "gen.h"

const char *const family_names[] = {
	[BASE] = "base", [ATTR] = "attr", [PERM] = "perm", [FAULT] = "fault",
	[REGIMES] = "regimes", [PIE] = "pie", [AARCH32] = "aarch32",
};

static const struct knobs family_knobs[FAMILIES] = {
	[BASE] = { 400, .stage2 = 600, .fwb = 300, .dc = 20, .cd = 10, .ptw = 20, .cache_off = 5,
		   .mmu_off = 10, .device2 = 15, .any_mair = 100, .wrong = 6, .no_af = 12, .hierarchy = 80,
		   .closed = 120, .pan_op = 80, .haf = 300, .dbm = 80, .pie = 80, .aie = 50, .s2pie = 40,
		   .big_endian = 20 },
	[ATTR] = { 150, .stage2 = 880, .fwb = 400, .dc = 80, .cd = 50, .ptw = 60, .cache_off = 50,
		   .mmu_off = 20, .device2 = 120, .any_mair = 600, .wrong = 2, .no_af = 3, .hierarchy = 10,
		   .closed = 20, .haf = 100, .dbm = 20, .pie = 50, .aie = 150, .s2pie = 50 },
	[PERM] = { 160, .stage2 = 500, .fwb = 200, .dc = 10, .wrong = 1, .no_af = 10, .hierarchy = 220,
		   .closed = 400, .pan_op = 400, .nv1 = 60, .haf = 400, .dbm = 200, .device2 = 5 },
	[FAULT] = { 130, .stage2 = 650, .fwb = 200, .dc = 10, .ptw = 20, .wrong = 45, .no_af = 60,
		    .hierarchy = 60, .closed = 150, .pan_op = 50, .haf = 200, .dbm = 40, .pie = 30,
		    .s2pie = 30, .device2 = 5 },
	[REGIMES] = { 80, .stage2 = 100, .fwb = 200, .mmu_off = 120, .cache_off = 10, .wrong = 6,
		      .no_af = 15, .hierarchy = 80, .closed = 100, .pan_op = 120, .haf = 250, .dbm = 40,
		      .pie = 200, .aie = 100, .s2pie = 30, .big_endian = 200, .device2 = 5, .any_mair = 100 },
	[PIE] = { 50, .stage2 = 580, .fwb = 200, .wrong = 3, .no_af = 12, .hierarchy = 80, .closed = 300,
		  .pan_op = 250, .haf = 400, .dbm = 300, .pie = 850, .aie = 350, .s2pie = 600, .device2 = 5 },
	[AARCH32] = { 30, .stage2 = 560, .fwb = 100, .wrong = 20, .no_af = 40, .hierarchy = 80,
		      .closed = 120, .big_endian = 30 },
};

/* splitmix64: the state is a counter, so any case can be reached at once */
static uint64_t next(struct gen *g)
{
	uint64_t z = g->random += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

uint64_t below(struct gen *g, uint64_t n)
{
	return (next(g) >> 11) % n;
}

uint64_t bits(struct gen *g, int n)
{
	return n ? next(g) >> (64 - n) : 0;
}

int often(struct gen *g, int per_mille)
{
	return below(g, 1000) < (uint64_t)per_mille;
}

int wrong(struct gen *g)
{
	return often(g, g->k->wrong);
}

static uint64_t *reg(struct gen *g, int which)
{
	return &g->c->reg[g->sctlr + which];
}

void mark(struct gen *g, int kind, int stage, int level, int walk)
{
	struct tcase *c = g->c;

	if (c->marks < MAX_MARKS)
		c->mark[c->marks++] = (struct mark){ kind, level, stage, walk };
}

static int has_memory(const struct gen *g, uint64_t pa)
{
	if (g->high && pa >= g->high)
		return pa < g->high + HIGH_SIZE;
	return pa >= TABLES_START && pa < RAM_END;
}

void put_word(struct gen *g, const struct stage *s, uint64_t pa, uint64_t value)
{
	struct tcase *c = g->c;
	int i;

	for (i = 0; i < c->words; i++)
		if (g->f.word[i].pa == pa)
			g->lost = 1;
	if (!has_memory(g, pa) || c->words == MAX_WORDS) {
		g->lost = 1;
		return;
	}
	if (s->big_endian)
		value = __builtin_bswap64(value);
	g->f.word[c->words++] = (struct word){ pa, value };
}

/* How many bits of address a descriptor of this stage can hold */
static int encodable_bits(const struct stage *s)
{
	if (!s->granule)	/* short descriptors of AArch32 */
		return 32;
	return s->ds || s->granule == 16 ? 52 : 48;
}

/* Whether stage s can give out addresses of the high memory; now and then one that it cannot */
static int reaches_high(struct gen *g, const struct stage *s)
{
	uint64_t end = g->high + HIGH_SIZE - 1;

	return g->high && (!(end >> s->oa) || (wrong(g) && !(end >> encodable_bits(s))));
}

/* Room for a table in the emulator's memory, of which only some parts are used: its pages stay allocated */
uint64_t allocate(struct gen *g, const struct stage *s, int size)
{
	static const uint64_t part[] = { 0x60000000, 0xa8000000, 0xf8000000 };
	uint64_t start = PICK(g, part), offset = bits(g, 27);

	if (often(g, 350) && reaches_high(g, s)) {
		start = g->high;
		offset %= HIGH_SIZE;
	}
	return start + (offset & ~MASK(size < 12 ? 12 : size));
}

static int level_shift(const struct stage *s, int level)
{
	return s->granule + (3 - level) * s->stride;
}

/* log2 of the size of a table: the first one may be smaller than a granule, or several of them */
static int table_size(const struct stage *s, int level)
{
	return level == s->start ? s->ia - level_shift(s, level) + 3 : s->granule;
}

static uint64_t entry_offset(const struct stage *s, int level, uint64_t ia)
{
	uint64_t index = (ia & MASK(s->ia)) >> level_shift(s, level);

	if (level != s->start)
		index &= MASK(s->stride);
	return index * 8;
}

/* BlockDescSupported */
static int is_leaf_level(const struct stage *s, int level)
{
	if (level == 3 || level == 2)
		return 1;
	if (level == 1)
		return s->granule == 14 ? s->ds : 1;
	return level == 0 && s->granule == 12 && s->ds;
}

static int pick_leaf_level(struct gen *g, const struct stage *s)
{
	int level = 3;

	/* A block that is larger than PS, or than the whole input, is rarely of interest */
	while (level > s->start && often(g, 300) && level_shift(s, level - 1) < (s->oa < s->ia ? s->oa : s->ia))
		level--;
	while (!is_leaf_level(s, level))
		level++;
	return level;
}

static uint64_t encode_address(const struct stage *s, uint64_t address)
{
	if (s->granule == 16)
		return (address & MASK(48) & ~MASK(16)) | ((address >> 48 & 15) << 12);
	if (s->ds)
		return (address & MASK(50) & ~MASK(12)) | ((address >> 50 & 3) << 8);
	return address & MASK(48) & ~MASK(12);
}

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

/* TxSZ, sometimes beyond its bounds: above the maximum counts as the maximum, below the minimum faults */
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
	tcr = bits(g, 6) << 8 | bits(g, 1) << 22 | bits(g, 6) << 24 | bits(g, 1) << 36 | bits(g, 8) << 43 |
	      bits(g, 2) << 51;
	if ((tcr >> 12 & 3) == 1)	/* SH: reserved */
		tcr |= BIT(13);
	if ((tcr >> 28 & 3) == 1)
		tcr |= BIT(29);
	tcr |= encode_tg0(lo->granule) << 14 | encode_tg1(hi->granule) << 30;
	tcr |= (uint64_t)pick_txsz(g, lo, lo == &g->s1) | (uint64_t)pick_txsz(g, hi, hi == &g->s1) << 16;
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
	tcr |= encode_tg0(g->s1.granule) << 14 | (uint64_t)pick_txsz(g, &g->s1, 1) | (uint64_t)ps << 16;
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

/* Up to 16 tables may be concatenated where the walk starts: often there are two start levels to choose from */
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
	vtcr |= bits(g, 4) << 8 | encode_tg0(s->granule) << 14 | (uint64_t)ps << 16 | bits(g, 1) << 19;
	vtcr |= PICK(g, ((const uint64_t[]){ 0, 2, 3 })) << 12;
	vtcr |= (uint64_t)s->haf << 21 | (uint64_t)s->hd << 22 | bits(g, 4) << 25;
	vtcr |= (uint64_t)s->ds << 32 | (uint64_t)s->indirect << 36;
	g->c->reg[R_VTCR_EL2] = vtcr;
}

/* The value of a TTBR: address, CnP, ASID or VMID, and noise below the table's alignment */
static uint64_t make_ttbr(struct gen *g, const struct stage *s, uint64_t base)
{
	int wide = s->ds || (s->granule == 16 && s->oa == 52);
	uint64_t ttbr = (base & MASK(48)) | bits(g, 16) << 48 | bits(g, 1);

	if (wide)
		ttbr |= (base >> 48 & 15) << 2;
	return ttbr;
}

/* An address for an output of this stage: within PS, unless it is to be wrong */
static uint64_t pick_output(struct gen *g, const struct stage *s, int align)
{
	int n = s->oa;

	if (s->number == 1 && g->s2.on && g->s2.ia < n && !wrong(g))
		n = g->s2.ia;
	if (wrong(g))
		n = encodable_bits(s);
	return bits(g, n) & ~MASK(align);
}

/*
 * Notes an output address that does not fit, where the emulator may miss it: it looks only at descriptor bits 47:12.
 */
static void note_output(struct gen *g, const struct stage *s, int level, int walk, uint64_t field, uint64_t oa)
{
	if (oa >> s->oa && !((field & MASK(48)) >> s->oa))
		mark(g, MARK_ADDRESS_SIZE, s->number, level, walk);
}

/* ContiguousSize; 0 where there are no runs, or where one would be larger than the input */
static int contiguous_shift(const struct stage *s, int level)
{
	int n = s->granule == 12 ? 4 : 5;

	if (level < (s->granule == 12 ? 1 : 2))
		return 0;
	if (s->granule == 14 && level == 3)
		n = 7;
	return level_shift(s, level) + n <= s->ia ? n : 0;
}

static uint64_t table_descriptor(struct gen *g, const struct stage *s, uint64_t address, int wrong_type)
{
	uint64_t d = encode_address(s, address) | 3;

	d |= (s->ds ? bits(g, 6) : s->granule == 16 ? bits(g, 10) : bits(g, 10)) << 2 & ~(s->ds ? 0x700ULL : 0x400ULL);
	if (often(g, 300))
		d |= bits(g, 7) << 52;
	if (s->number == 1) {
		if (often(g, g->k->hierarchy))
			d |= bits(g, 2) << 61;
		if (often(g, g->k->hierarchy))
			d |= BIT(60);
		if (often(g, g->k->hierarchy))
			d |= BIT(59);
	}
	return wrong_type ? (often(g, 500) ? 0 : d & ~1ULL) : d;
}

/*
 * What is common to the leaves of both stages: type, AF, contiguous, nT, the address. The entries of a contiguous run
 * agree: in the bits of the run the output is the input, which may change *output.
 */
static uint64_t leaf_descriptor(struct gen *g, const struct stage *s, int level, uint64_t *output, uint64_t ia,
				int walk)
{
	int shift = level_shift(s, level);
	uint64_t d = level == 3 ? 3 : 1, address;

	if (often(g, 80) && contiguous_shift(s, level)) {
		uint64_t run = MASK(shift + contiguous_shift(s, level)) & ~MASK(shift);

		d |= BIT(52);
		*output = (*output & ~run) | (ia & run);
	}
	address = *output;
	d |= encode_address(s, address);
	if (!often(g, g->k->no_af + (s->haf ? 100 : 0)))
		d |= BIT(10);
	else if (s->haf)
		mark(g, MARK_AF, s->number, level, walk);
	if (level != 3 && !(g->c->aarch32 && s->number == 1) && wrong(g)) {
		d |= BIT(16);
		mark(g, MARK_NT, s->number, level, walk);
	}
	d |= bits(g, 4) << 55;
	note_output(g, s, level, walk, address, address | (ia & MASK(shift)));
	if (wrong(g))
		d = level == 3 ? d & ~2ULL : d & ~1ULL;
	mark(g, MARK_LEAF, s->number, level, walk);
	return d;
}

static const uint8_t any_s2_attr[] = { 5, 6, 7, 9, 10, 11, 13, 14, 15, 15, 15, 15 };
static const uint8_t any_s2_attr_fwb[] = { 5, 6, 6, 6, 7, 7, 7 };

static uint64_t s2_memattr(struct gen *g, int device)
{
	if (often(g, device))
		return bits(g, 2);
	return g->c->reg[R_HCR_EL2] & HCR_FWB ? PICK(g, any_s2_attr_fwb) : PICK(g, any_s2_attr);
}

/* PIIndex */
static int pi_index(uint64_t d)
{
	return (d >> 53 & 3) << 2 | (d >> 51 & 1) << 1 | (d >> 6 & 1);
}

static uint64_t s2_indirect(struct gen *g, int level, int is_table)
{
	uint64_t d = bits(g, 2) << 53 | bits(g, 1) << 51 | bits(g, 2) << 6;
	int kind = g->c->reg[R_S2PIR_EL2] >> (4 * pi_index(d)) & 15;

	if (kind < 12 && kind != 2)	/* neither RW nor MRO */
		mark(g, MARK_NO_WRITE, 2, level, is_table);
	if (!(d & BIT(7)))
		mark(g, MARK_CLEAN, 2, level, is_table);
	return d;
}

static uint64_t s2_permissions(struct gen *g, int level, int is_table)
{
	struct stage *s = &g->s2;
	int closed = is_table ? g->k->closed / 3 : g->k->closed;
	uint64_t d;

	if (s->indirect)
		return s2_indirect(g, level, is_table);
	d = bits(g, 2) << 53 | (often(g, closed) ? bits(g, 2) : 3) << 6;
	if (often(g, g->k->dbm))
		d |= BIT(51);
	if (d & BIT(7))
		return d;
	if (s->hd && d & BIT(51))
		mark(g, MARK_DBM, 2, level, is_table);
	else
		mark(g, MARK_NO_WRITE, 2, level, is_table);
	return d;
}

static uint64_t s2_leaf(struct gen *g, int level, uint64_t *output, uint64_t ipa, int is_table,
			struct leaf_attributes *l)
{
	struct stage *s = &g->s2;
	uint64_t d = leaf_descriptor(g, s, level, output, ipa, is_table);
	uint64_t sh = PICK(g, ((const uint64_t[]){ 0, 2, 3 })), fnxs = bits(g, 1);
	uint64_t attr = s2_memattr(g, is_table ? g->k->device2 / 5 : g->k->device2);

	d |= attr << 2 | fnxs << 11 | s2_permissions(g, level, is_table) | bits(g, 5) << 59;
	if (!s->ds)
		d |= sh << 8;
	else
		sh = g->c->reg[R_VTCR_EL2] >> 12 & 3;
	*l = (struct leaf_attributes){ attr, sh, fnxs, 1 };
	return d;
}

static struct node *find_node(struct gen *g, int level, uint64_t prefix)
{
	int i;

	for (i = 0; i < g->nodes; i++)
		if (g->node[i].level == level && g->node[i].prefix == prefix)
			return &g->node[i];
	return NULL;
}

static struct node *add_node(struct gen *g, int level, uint64_t prefix, int leaf, uint64_t out)
{
	struct node *n = &g->node[g->nodes];

	if (g->nodes < MAX_WORDS - 1)
		g->nodes++;
	*n = (struct node){ .level = level, .prefix = prefix, .leaf = leaf, .out = out };
	return n;
}

static uint64_t s2_base(struct gen *g)
{
	struct node *root = find_node(g, -2, 0);

	if (!root) {
		root = add_node(g, -2, 0, 0, allocate(g, &g->s2, table_size(&g->s2, g->s2.start)));
		g->c->reg[R_VTTBR_EL2] = make_ttbr(g, &g->s2, root->out);
	}
	return root->out;
}

static struct node *add_leaf(struct gen *g, int level, uint64_t ipa, uint64_t at, uint64_t pa, int is_table)
{
	int shift = level_shift(&g->s2, level), first_mark = g->c->marks;
	struct leaf_attributes attributes;
	uint64_t out = pa & ~MASK(shift);
	struct node *n;

	put_word(g, &g->s2, at, s2_leaf(g, level, &out, ipa, is_table, &attributes));
	n = add_node(g, level, ipa >> shift, 1, out);
	n->attributes = attributes;
	n->first_mark = first_mark;
	n->end_mark = g->c->marks;
	return n;
}

/* The output of stage 1 ends in this leaf, which may have been made for a table */
static void use_leaf(struct gen *g, const struct node *n)
{
	int i;

	g->c->leaf[1] = n->attributes;
	for (i = n->first_mark; i < n->end_mark; i++)
		if (g->c->mark[i].walk)
			mark(g, g->c->mark[i].kind, 2, n->level, 0);
}

/* Maps an IPA at `leaf`, to pa, unless a leaf covers it already. Returns where it is mapped to. */
static uint64_t map_s2(struct gen *g, uint64_t ipa, int leaf, uint64_t pa, int is_table)
{
	struct stage *s = &g->s2;
	uint64_t table, at;
	int level;

	if (!s->on)
		return ipa;
	table = s2_base(g);
	for (level = s->start; level <= 3; level++) {
		int shift = level_shift(s, level);
		struct node *n = find_node(g, level, ipa >> shift);

		at = table + entry_offset(s, level, ipa);
		if (!n && level >= leaf) {
			n = add_leaf(g, level, ipa, at, pa, is_table);
		} else if (!n) {
			uint64_t next_table = allocate(g, s, s->granule);

			n = add_node(g, level, ipa >> shift, 0, next_table);
			put_word(g, s, at, table_descriptor(g, s, next_table, wrong(g)));
		}
		if (n->leaf) {
			if (!is_table)
				use_leaf(g, n);
			return n->out | (ipa & MASK(shift));
		}
		table = n->out;
	}
	return pa;
}

/* A leaf level of stage 2 for a table, and an IPA that it can be mapped from to pa */
static uint64_t pick_table_ipa(struct gen *g, int size, uint64_t pa, int *leaf)
{
	int n = g->s2.ia < g->s1.oa ? g->s2.ia : g->s1.oa, same;

	if (wrong(g))
		n = encodable_bits(&g->s1);
	*leaf = pick_leaf_level(g, &g->s2);
	while (*leaf < 3 && level_shift(&g->s2, *leaf) > n && !wrong(g))
		++*leaf;
	same = level_shift(&g->s2, *leaf);
	if (same < size)
		same = size;
	/* TTBR of short descriptors has no more than 32 bits */
	return ((bits(g, n) & ~MASK(same)) | (pa & MASK(same))) & MASK(g->s1.granule ? 64 : 32);
}

/* A stage 1 table: *address is what stage 1 calls it; returns where its word for `offset` lies */
uint64_t new_s1_table(struct gen *g, int size, uint64_t offset, uint64_t *address)
{
	uint64_t pa = allocate(g, g->s2.on ? &g->s2 : &g->s1, size);
	int leaf;

	if (size < 12)		/* a small first table may start within a page */
		pa |= bits(g, 12) & ~MASK(size < 6 ? 6 : size);
	*address = pa;
	if (!g->s2.on)
		return pa + offset;
	*address = pick_table_ipa(g, size, pa, &leaf);
	return map_s2(g, *address + offset, leaf, pa + offset, 1);
}

static uint64_t s1_permissions(struct gen *g, int level)
{
	const struct stage *s = &g->s1;
	uint64_t d = bits(g, 2) << 53 | bits(g, 2) << 6;

	if (often(g, 400))
		d |= BIT(6);
	if (often(g, 300))
		d &= ~BIT(7);
	if (s->indirect && d & BIT(7))
		mark(g, MARK_CLEAN, 1, level, 0);
	if (s->indirect)
		return d | bits(g, 1) << 51;
	if (often(g, g->k->dbm)) {
		d |= BIT(51);
		if (s->hd && (d & BIT(7)))
			mark(g, MARK_DBM, 1, level, 0);
	}
	return d;
}

static uint64_t s1_leaf(struct gen *g, int level, uint64_t *output)
{
	const struct stage *s = &g->s1;
	uint64_t d = leaf_descriptor(g, s, level, output, g->c->va & MASK(s->ia), 0);
	uint64_t sh = PICK(g, ((const uint64_t[]){ 0, 2, 3 })), index = bits(g, 3), mair;

	d |= index << 2 | bits(g, 1) << 5 | bits(g, 1) << 11 | bits(g, 1) << 50 | bits(g, 5) << 59;
	d |= s1_permissions(g, level);
	if (!s->ds)
		d |= sh << 8;
	else
		sh = *reg(g, TCR) >> (g->half ? 28 : 12) & 3;
	mair = s->wide_index && d & BIT(59) ? *reg(g, MAIR2) : *reg(g, MAIR);
	g->c->leaf[0] = (struct leaf_attributes){ mair >> (8 * index), sh, 0, 1 };
	return d;
}

/* The tables of stage 1 along the VA; returns the output address */
static uint64_t make_s1_tables(struct gen *g)
{
	struct stage *s = &g->s1;
	int leaf = pick_leaf_level(g, s), level = s->start, shift = level_shift(s, leaf);
	uint64_t ia = g->c->va & MASK(s->ia), address, at, out;

	at = new_s1_table(g, table_size(s, level), entry_offset(s, level, ia), &address);
	note_output(g, s, 0, 0, address, address);
	*reg(g, g->half ? TTBR1 : TTBR0) = make_ttbr(g, s, address);
	while (level < leaf) {
		uint64_t here = at;

		at = new_s1_table(g, s->granule, entry_offset(s, level + 1, ia), &address);
		note_output(g, s, level, 0, address, address);
		put_word(g, s, here, table_descriptor(g, s, address, wrong(g)));
		level++;
	}
	out = pick_output(g, s, shift);
	put_word(g, s, at, s1_leaf(g, leaf, &out));
	return out | (ia & MASK(shift));
}

static uint8_t pick_mair_byte(struct gen *g)
{
	static const uint8_t common[] = { 0x00, 0x04, 0x08, 0x0c, 0x44, 0xbb, 0xff, 0xff, 0x77, 0xee, 0xf4, 0x4f, 0xf0 };
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

static void make_s1(struct gen *g)
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

static uint64_t pick_hcr_el1(struct gen *g)
{
	const struct knobs *k = g->k;
	uint64_t hcr = HCR_RW;

	if (often(g, k->stage2))
		hcr |= HCR_VM;
	if (often(g, k->dc))
		hcr |= HCR_DC;
	if (often(g, k->cd))
		hcr |= HCR_CD;
	if (often(g, k->cd * 2))
		hcr |= HCR_ID;
	if (often(g, k->ptw) && (hcr & HCR_VM || often(g, 50)))
		hcr |= HCR_PTW;
	if (often(g, k->fwb))
		hcr |= HCR_FWB;
	if (often(g, k->nv1))
		hcr |= HCR_NV | HCR_NV1;
	/* E2H without TGE changes nothing for EL1&0, TGE without E2H turns its stage 1 off */
	if (often(g, 100))
		hcr |= HCR_E2H;
	else if (g->c->family == REGIMES && !(hcr & (HCR_VM | HCR_DC)) && often(g, 150))
		hcr |= HCR_TGE;
	return hcr;
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

/* With stage 1 off the VA is the output: it has to fit PAMax */
static uint64_t flat_va(struct gen *g)
{
	int n = g->s2.on ? g->s2.ia : 52;

	if (g->c->reg[R_HCR_EL2] & HCR_DC)
		g->c->leaf[0] = (struct leaf_attributes){ .attr = 0xff, .sh = 0, .valid = 1 };
	else
		g->c->leaf[0] = (struct leaf_attributes){ .attr = 0, .sh = 2, .valid = 1 };
	if (!wrong(g))
		g->c->va = bits(g, n);
	return g->c->va & MASK(52);
}

void map_output(struct gen *g, uint64_t ipa)
{
	int leaf;

	if (!g->s2.on)
		return;
	leaf = pick_leaf_level(g, &g->s2);
	map_s2(g, ipa, leaf, pick_output(g, &g->s2, level_shift(&g->s2, leaf)), 0);
}

void make_tables(struct gen *g)
{
	map_output(g, g->s1.on ? make_s1_tables(g) : flat_va(g));
}

static const uint8_t el1_ops[] = { S1E1R, S1E1W, S1E0R, S1E0W, S12E1R, S12E1W, S12E0R, S12E0W };
static const uint8_t host_ops[] = { S1E1R, S1E1W, S1E0R, S1E0W, S1E2R, S1E2W, S1E2R, S1E2W, S12E1R, S12E1W,
				    S12E0R, S12E0W };

static void pick_pan(struct gen *g)
{
	if (!often(g, g->k->pan_op))
		return;
	g->c->op = often(g, 500) ? S1E1RP : S1E1WP;
	g->c->pan = often(g, 750);
}

static void make_el1_case(struct gen *g)
{
	g->sctlr = R_SCTLR_EL1;
	g->two_ranges = 1;
	g->half = bits(g, 1);
	g->c->op = PICK(g, el1_ops);
	pick_pan(g);
	g->c->reg[R_HCR_EL2] = pick_hcr_el1(g);
	make_s2(g);
	make_s1(g);
	make_tables(g);
}

/* EL2 with one range of addresses, or EL2&0 with two */
static void make_el2_case(struct gen *g)
{
	g->sctlr = R_SCTLR_EL2;
	g->c->op = often(g, 500) ? S1E2R : S1E2W;
	g->c->reg[R_HCR_EL2] = HCR_RW;
	if (often(g, 600)) {
		g->two_ranges = 1;
		g->half = bits(g, 1);
		g->c->reg[R_HCR_EL2] |= HCR_E2H;
		if (often(g, 650)) {
			g->c->reg[R_HCR_EL2] |= HCR_TGE;
			g->c->op = PICK(g, host_ops);
			pick_pan(g);
		}
	}
	/* Stage 2 and DC are for EL1&0 alone */
	if (often(g, 200)) {
		g->c->reg[R_HCR_EL2] |= PICK(g, ((const uint64_t[]){ HCR_VM, HCR_DC, HCR_VM | HCR_FWB | HCR_PTW }));
		g->c->reg[R_VTCR_EL2] = next(g) & MASK(33);
		g->c->reg[R_VTTBR_EL2] = next(g);
	}
	make_s1(g);
	make_tables(g);
}

static void pick_family(struct gen *g)
{
	int n = below(g, 1000), i = 0;

	while (n >= family_knobs[i].share)
		n -= family_knobs[i++].share;
	g->c->family = i;
	g->k = &family_knobs[i];
}

/*
 * Each batch of this many has its high memory somewhere else. The emulator has
 * to be told how many bits it takes.
 */
#define BATCH	25000

static int high_bits(uint64_t seed, uint64_t number)
{
	return HIGH_MIN + (seed + number / BATCH) % (HIGH_MAX - HIGH_MIN + 1);
}

static uint64_t high_address(uint64_t seed, uint64_t number)
{
	struct gen g = { .random = seed ^ (number / BATCH) << 32 };
	int n = high_bits(seed, number);

	return BIT(n) + (bits(&g, n) & ~(HIGH_SIZE - 1));
}

static void try_case(struct gen *g, uint64_t seed, uint64_t number, uint64_t random)
{
	memset(g, 0, sizeof(*g));
	g->high = high_address(seed, number);
	g->c = &g->f.c;
	g->c->id = number;
	g->random = random;
	pick_family(g);
	if (g->c->family == AARCH32)
		make_aarch32_case(g);
	else if (g->c->family == REGIMES && often(g, 850))
		make_el2_case(g);
	else
		make_el1_case(g);
}

/* A case whose tables would lie outside the emulator's memory cannot be asked: another is made in its place */
static void make_case(struct gen *g, uint64_t seed, uint64_t number)
{
	/* Two rounds apart: neighbouring seeds and numbers share nothing */
	g->random = seed;
	g->random = next(g) ^ (number * 0xd1342543de82ef95ULL);
	do
		try_case(g, seed, number, next(g));
	while (g->lost);
}

static uint64_t number(const char *s)
{
	char *end;
	uint64_t n;

	errno = 0;
	n = strtoull(s, &end, 0);
	if (errno || *end || end == s) {
		fprintf(stderr, "gen: %s is not a number\n", s);
		exit(2);
	}
	return n;
}

int main(int argc, char **argv)
{
	static struct gen g;
	struct batch b;
	uint64_t seed, i, first, count;
	FILE *out;

	if (argc != 5 && argc != 3) {
		fputs("usage: gen SEED FIRST [COUNT FILE]\n", stderr);
		return 2;
	}
	seed = number(argv[1]);
	first = number(argv[2]);
	if (argc == 3) {
		printf("%d\n", high_bits(seed, first));
		return 0;
	}
	count = number(argv[3]);
	if (first / BATCH != (first + count - 1) / BATCH) {
		fprintf(stderr, "gen: these cases are of different batches of %d\n", BATCH);
		return 2;
	}
	out = fopen(argv[4], "wb");
	if (!out) {
		fprintf(stderr, "gen: cannot write %s: %s\n", argv[4], strerror(errno));
		return 3;
	}
	start_batch(out, &b);
	b.high = high_address(seed, first);
	for (i = first; i < first + count; i++) {
		make_case(&g, seed, i);
		write_case(out, &g.f, &b);
	}
	end_batch(out, &b);
	return 0;
}
