// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables of a case: where they lie, and the descriptors along the path of
 * its address. Stage 1's tables are mapped by stage 2 as they are made.
 */
#include "gen.h"

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
int encodable_bits(const struct stage *s)
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

/* Room for a table. Only some parts of RAM are used, for their pages stay allocated. */
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

int level_shift(const struct stage *s, int level)
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
	while (level > s->start && often(g, 300) &&
	       level_shift(s, level - 1) < (s->oa < s->ia ? s->oa : s->ia))
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

/* Whether a TTBR of this stage has address bits 51:48, in its bits 5:2 */
static int has_wide_ttbr(const struct stage *s)
{
	return s->ds || (s->granule == 16 && s->oa == 52);
}

/* The value of a TTBR: address, CnP, ASID or VMID */
static uint64_t make_ttbr(struct gen *g, const struct stage *s, uint64_t base)
{
	uint64_t ttbr = (base & MASK(48)) | bits(g, 16) << 48 | bits(g, 1);

	if (has_wide_ttbr(s))
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
 * Notes an output address that does not fit, where the emulator may miss it: it looks only at
 * descriptor bits 47:12.
 */
static void note_output(struct gen *g, const struct stage *s, int level, int walk, uint64_t field,
			uint64_t oa)
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

static uint64_t table_descriptor(struct gen *g, const struct stage *s, uint64_t address,
				 int wrong_type)
{
	uint64_t d = encode_address(s, address) | 3;

	d |= bits(g, 12) & (s->ds ? 0xfc : 0xffc);
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
	if (wrong_type)
		return often(g, 500) ? 0 : d & ~BIT(0);
	return d;
}

/*
 * What is common to the leaves of both stages: type, AF, contiguous, nT, the address. The entries
 * of a contiguous run agree: in the bits of the run the output is the input, which may change
 * *output.
 */
static uint64_t leaf_descriptor(struct gen *g, const struct stage *s, int level, uint64_t *output,
				uint64_t ia, int walk)
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

static struct node *add_leaf(struct gen *g, int level, uint64_t ipa, uint64_t at, uint64_t pa,
			     int is_table)
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

	if (size < 12) {	/* a small first table may start within a page */
		int least = has_wide_ttbr(&g->s1) ? 6 : 4;

		pa |= bits(g, 12) & ~MASK(size < least ? least : size);
	}
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
