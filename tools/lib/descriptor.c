// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Descriptors taken apart. Names in parentheses are those of Arm's pseudocode
 * (AArch64.DecodeDescriptorType, AArch64.LeafBase, ...); bit numbers are those of the Arm ARM, of
 * VMSAv9-128 [127:0].
 */
#include <string.h>

#include "descriptor.h"

static unsigned int field(struct word w, unsigned int high, unsigned int low)
{
	if (low >= 64)
		return bits64(w.hi, high - 64, low - 64);
	return bits64(w.lo, high, low);
}

static bool bit(struct word w, unsigned int n)
{
	return field(w, n, n);
}

uint64_t descriptor_high_oa(const struct geometry *g, uint64_t lo)
{
	if (g->format == TABLE_V9_128)
		return lo & mask64(55, 48);
	if (g->ds)
		return bits64(lo, 9, 8) << 50 | (lo & mask64(49, 48));
	if (g->lpa && !g->ignore_high)
		return bits64(lo, 15, 12) << 48;
	return 0;
}

static uint64_t output_address(const struct geometry *g, uint64_t lo, unsigned int align)
{
	uint64_t oa = descriptor_high_oa(g, lo) | (lo & mask64(47, g->granule));

	return oa & ~UINT64_C(0) << align;
}

/* 64K: address bits above 47 where PS does not allow any */
static bool has_oa_high(const struct geometry *g, struct word w)
{
	return g->lpa && g->oa_bits < 52 && field(w, 15, 12);
}

/* AArch64.DecodeDescriptorType */
static enum desc_type type_64(const struct geometry *g, int level, uint64_t lo)
{
	if (!(lo & 1))
		return DESC_INVALID;
	if (lo & 2)
		return level == LEVEL_FINAL ? DESC_PAGE : DESC_TABLE;
	return geometry_block_ok(g, level) ? DESC_BLOCK : DESC_INVALID;
}

/* The same for VMSAv9-128, where SKL tells a leaf from a table */
static enum desc_type type_128(const struct geometry *g, int level, struct word w)
{
	unsigned int skl = field(w, 110, 109);
	int next = level + (int)skl;

	if (!(w.lo & 1) || next > LEVEL_FINAL || (g->granule != 12 && skl == 3))
		return DESC_INVALID;
	if (next < LEVEL_FINAL)
		return DESC_TABLE;
	return level == LEVEL_FINAL ? DESC_PAGE : DESC_BLOCK;
}

static void decode_table(const struct geometry *g, struct descriptor *d)
{
	struct word w = d->raw;

	d->af = bit(w, 10);
	if (g->format == TABLE_V9_128) {
		d->skl = field(w, 110, 109);
		/* One that skips levels stands where blocks may have stood */
		d->nt = d->skl && bit(w, 6);
		d->disch = bit(w, 112);
		d->protected_table = bit(w, 114);
		d->ns_table = g->stage == 1 && bit(w, 127);
		d->software = field(w, 58, 56);
		d->oa = output_address(g, w.lo, geometry_table_align(g, d->level + 1 + d->skl,
								     d->skl, false));
		return;
	}
	d->oa = output_address(g, w.lo, g->granule);
	d->oa_high = has_oa_high(g, w);
	d->software = field(w, 58, 55);
	if (g->stage == 1) {
		d->ns_table = bit(w, 63);
		d->aptable = field(w, 62, 61);
		d->uxn_table = bit(w, 60);
		d->pxn_table = bit(w, 59);
	}
}

static void decode_s1_leaf(const struct geometry *g, struct descriptor *d)
{
	struct word w = d->raw;

	d->ng = bit(w, 11);
	if (g->format == TABLE_V9_128) {
		d->attrindx = field(w, 5, 2);
		d->ndirty = bit(w, 7);
		d->gp = bit(w, 113);
		d->protected_page = bit(w, 114);
		d->pi_index = field(w, 118, 115);
		d->po_index = field(w, 124, 121);
		d->ns = bit(w, 127);
		return;
	}
	/*
	 * Bit 59 and the indexes have these meanings only under AIE, PIE and POE; the walker
	 * knows
	 */
	d->attrindx = field(w, 4, 2);
	d->attrindx_high = bit(w, 59);
	d->ns = bit(w, 5);
	d->ap = field(w, 7, 6);
	d->ndirty = bit(w, 7);
	d->gp = bit(w, 50);
	d->pxn = bit(w, 53);
	d->uxn = bit(w, 54);
	d->pi_index = field(w, 54, 53) << 2 | bit(w, 51) << 1 | bit(w, 6);
	d->po_index = field(w, 62, 60);
}

static void decode_s2_leaf(const struct geometry *g, struct descriptor *d)
{
	struct word w = d->raw;

	d->memattr = field(w, 5, 2);
	d->fnxs = bit(w, 11);
	d->dirty = bit(w, 7);
	if (g->format == TABLE_V9_128) {
		d->assured_only = bit(w, 114);
		d->pi_index = field(w, 118, 115);
		d->po_index = field(w, 124, 121);
		d->ns = bit(w, 127);
		return;
	}
	d->s2ap = field(w, 7, 6);
	d->s2xn = field(w, 54, 53);
	d->ns = bit(w, 55);
	d->assured_only = bit(w, 58);
	d->pi_index = field(w, 54, 53) << 2 | bit(w, 51) << 1 | bit(w, 6);
	d->po_index = field(w, 62, 59);
}

static void decode_leaf(const struct geometry *g, struct descriptor *d)
{
	struct word w = d->raw;

	d->oa = output_address(g, w.lo, d->map_shift);
	d->oa_high = has_oa_high(g, w);
	d->af = bit(w, 10);
	d->sh = field(w, 9, 8);
	if (g->format == TABLE_V9_128) {
		d->nt = d->type == DESC_BLOCK && bit(w, 6);
		d->contig = geometry_contig_shift(g, d->level) && bit(w, 111);
		d->software = field(w, 58, 56);
	} else {
		d->nt = d->type == DESC_BLOCK && bit(w, 16);
		d->contig = !g->no_contig && geometry_contig_shift(g, d->level) && bit(w, 52);
		d->dbm = bit(w, 51);
		d->software = field(w, 58, 55);
		d->pbha = field(w, 62, 59);
	}
	if (g->stage == 1)
		decode_s1_leaf(g, d);
	else
		decode_s2_leaf(g, d);
}

/* VMSAv8-32 short descriptor, level 1: AArch32.DecodeDescriptorTypeSD and AArch32.S1WalkSD */
static void decode_short_l1(struct descriptor *d)
{
	struct word w = d->raw;

	d->domain = field(w, 8, 5);
	switch (field(w, 1, 0)) {
	case 0:
		d->type = DESC_INVALID;
		return;
	case 1:
		d->type = DESC_TABLE;
		d->oa = w.lo & mask64(31, 10);
		d->ns = bit(w, 3);
		d->pxn_table = bit(w, 2);
		return;
	}
	d->type = DESC_BLOCK;
	d->pxn = bit(w, 0);
	d->uxn = bit(w, 4);
	d->attrindx = field(w, 14, 12) << 2 | field(w, 3, 2);
	d->ap = bit(w, 15) << 2 | field(w, 11, 10);
	d->sh = bit(w, 16);
	d->ng = bit(w, 17);
	d->ns = bit(w, 19);
	d->supersection = bit(w, 18);
	if (d->supersection) {
		d->map_shift = 24;
		d->domain = 0;
		d->oa = (w.lo & mask64(31, 24)) | (uint64_t)field(w, 23, 20) << 32 |
			(uint64_t)field(w, 8, 5) << 36;
	} else {
		d->oa = w.lo & mask64(31, 20);
	}
}

static void decode_short_l2(struct descriptor *d)
{
	struct word w = d->raw;
	unsigned int tex;

	switch (field(w, 1, 0)) {
	case 0:
		d->type = DESC_INVALID;
		return;
	case 1:
		d->large_page = true;
		d->map_shift = 16;
		d->uxn = bit(w, 15);
		tex = field(w, 14, 12);
		break;
	default:
		d->uxn = bit(w, 0);
		tex = field(w, 8, 6);
		break;
	}
	d->type = DESC_PAGE;
	d->oa = w.lo & mask64(31, d->map_shift);
	d->attrindx = tex << 2 | field(w, 3, 2);
	d->ap = bit(w, 9) << 2 | field(w, 5, 4);
	d->sh = bit(w, 10);
	d->ng = bit(w, 11);
}

void descriptor_decode(const struct geometry *g, int level, struct word word, struct descriptor *d)
{
	memset(d, 0, sizeof(*d));
	d->raw = word;
	d->level = level;
	d->map_shift = geometry_map_shift(g, level);

	if (g->format == TABLE_V8_32S) {
		if (level == 1)
			decode_short_l1(d);
		else
			decode_short_l2(d);
		return;
	}

	d->type = g->format == TABLE_V9_128 ? type_128(g, level, word) : type_64(g, level, word.lo);
	switch (d->type) {
	case DESC_INVALID:
		d->reserved = word.lo & 1;
		break;
	case DESC_TABLE:
		decode_table(g, d);
		break;
	default:
		decode_leaf(g, d);
	}
}

const char *descriptor_type_text(const struct geometry *g, const struct descriptor *d)
{
	bool s32 = g->format == TABLE_V8_32S;

	switch (d->type) {
	case DESC_TABLE:
		return "table";
	case DESC_BLOCK:
		return !s32 ? "block" : d->supersection ? "supersection" : "section";
	case DESC_PAGE:
		return !s32 ? "page" : d->large_page ? "large page" : "small page";
	default:
		return d->reserved ? "reserved" : "invalid";
	}
}
