/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The shape of one set of translation tables: granule, levels, widths, root. It is computed once
 * from registers (mmu.c) or given by hand (decode desc), and everything that takes a descriptor
 * apart reads it from here.
 */
#ifndef MMUSCOPE_GEOMETRY_H
#define MMUSCOPE_GEOMETRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "addr.h"

enum table_format {
	/* VMSAv8-64, 8-byte descriptors; VMSAv8-32 long descriptors are the same */
	TABLE_V8_64,
	TABLE_V9_128,		/* VMSAv9-128 (FEAT_D128), 16-byte descriptors */
	TABLE_V8_32S,		/* VMSAv8-32 short descriptors, 4 bytes; levels 1 and 2 */
};

/* Levels run from -2 (VMSAv9-128 with the 4K granule only) to 3 */
#define LEVEL_MIN	(-2)
#define LEVEL_FINAL	3
#define LEVELS_MAX	6

struct geometry {
	enum table_format format;
	uint8_t stage;		/* 1 or 2 */
	uint8_t granule;	/* log2: 12, 14 or 16; of short descriptors 12 */
	uint8_t ia_bits;	/* width of the input address: 64 - TxSZ */
	uint8_t oa_bits;	/* width of the output address, (I)PS capped by PARange */
	int8_t start_level;
	uint8_t root_skl;	/* VMSAv9-128: TTBR.SKL, levels skipped by the root */
	bool ds;		/* FEAT_LPA2: OA[51:50] in bits 9:8, shareability from TCR.SH */
	bool lpa;		/* 64K and 52-bit PAs: OA[51:48] in bits 15:12, level 1 blocks */
	bool ignore_high;	/* .lpa, OA below 52 bits, and the PE ignores bits 15:12 */
	bool big_endian;	/* SCTLR_ELx.EE */
	bool upper;		/* the half of TTBR1 */
	bool no_contig;		/* TCR2.PnCH: bit 52 of a leaf is Protected, not Contiguous */
	uint64_t root;		/* address of the root table: PA, or IPA of stage 1 above stage 2 */
	bool no_root;		/* it is not known: its register was not given */
};

/* Short descriptors: 1 MB a level 1 entry, 4 KB a level 2 entry; neither level spans a granule */
#define V8_32S_L1_SHIFT	20
#define V8_32S_L2_SHIFT	12

/* log2 of a descriptor's size in bytes: 2, 3 or 4 */
static inline unsigned int geometry_desc_shift(const struct geometry *g)
{
	switch (g->format) {
	case TABLE_V8_32S:
		return 2;
	case TABLE_V9_128:
		return 4;
	default:
		return 3;
	}
}

/* Address bits that one level resolves: granule less the descriptor's size */
static inline unsigned int geometry_stride(const struct geometry *g)
{
	return g->granule - geometry_desc_shift(g);
}

/* log2 of the bytes that a descriptor at @level maps (TranslationSize) */
static inline unsigned int geometry_map_shift(const struct geometry *g, int level)
{
	if (g->format == TABLE_V8_32S)
		return level == 1 ? V8_32S_L1_SHIFT : V8_32S_L2_SHIFT;
	return g->granule + (LEVEL_FINAL - level) * geometry_stride(g);
}

/* Address bits that the root resolves */
static inline unsigned int geometry_root_bits(const struct geometry *g)
{
	unsigned int shift = geometry_map_shift(g, g->start_level);

	return g->ia_bits > shift ? g->ia_bits - shift : 0;
}

/*
 * A table reached with @skl levels skipped is as large as the skipped levels would have been deep
 */
static inline unsigned int geometry_index_bits(const struct geometry *g, int level, unsigned int skl, bool root)
{
	if (root)
		return geometry_root_bits(g);
	if (g->format == TABLE_V8_32S)
		return V8_32S_L1_SHIFT - geometry_map_shift(g, level);
	return geometry_stride(g) * (skl + 1);
}

/*
 * These take a table by what led to it: @skl levels were skipped (VMSAv9-128, else 0), or it is the
 * @root, whose size follows from ia_bits and start_level.
 */
static inline size_t geometry_entries(const struct geometry *g, int level, unsigned int skl, bool root)
{
	return (size_t)1 << geometry_index_bits(g, level, skl, root);
}

static inline size_t geometry_index(const struct geometry *g, int level, unsigned int skl, bool root, uint64_t ia)
{
	return (ia >> geometry_map_shift(g, level)) & (geometry_entries(g, level, skl, root) - 1);
}

/* Start level by the width of the input address, nothing skipped (S1StartLevel) */
int geometry_start_level(const struct geometry *g);
/* log2 of the alignment of such a table: it is aligned to its size */
unsigned int geometry_table_align(const struct geometry *g, int level, unsigned int skl,
				  bool root);
/* Number of tables that make up a concatenated stage-2 root; 1 when it is one */
unsigned int geometry_root_tables(const struct geometry *g);
/* May a block descriptor stand at @level? (BlockDescSupported) */
bool geometry_block_ok(const struct geometry *g, int level);
/* log2 of the number of descriptors in a contiguous run, 0 where there is none (ContiguousSize) */
unsigned int geometry_contig_shift(const struct geometry *g, int level);

#endif /* MMUSCOPE_GEOMETRY_H */
