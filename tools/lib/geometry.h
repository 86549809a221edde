/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The shape of one set of translation tables: granule, levels, widths, root. It is computed once from registers (mmu.c)
 * or given by hand (decode desc), and everything that takes a descriptor apart reads it from here.
 */
#ifndef MMUSCOPE_GEOMETRY_H
#define MMUSCOPE_GEOMETRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "addr.h"

enum table_format {
	TABLE_V8_64,		/* VMSAv8-64, 8-byte descriptors; VMSAv8-32 long descriptors are the same */
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
	uint8_t top_bit;	/* highest address bit that must match for the half: 63, or 55 under TBI */
	int8_t start_level;
	uint8_t root_skl;	/* VMSAv9-128: TTBR.SKL, levels skipped by the root */
	bool ds;		/* FEAT_LPA2 layout: OA[51:50] in bits 9:8, shareability from TCR.SH */
	bool lpa;		/* 64K with FEAT_LPA: OA[51:48] in bits 15:12 */
	bool blocks_64k_l1;	/* 64K: block at level 1, the PE has 52-bit PAs */
	bool big_endian;	/* SCTLR_ELx.EE */
	bool upper;		/* the half of TTBR1 */
	uint64_t root;		/* address of the root table: PA, or IPA of stage 1 above stage 2 */
};

/* log2 of a descriptor's size in bytes: 2, 3 or 4 */
unsigned int geometry_desc_shift(const struct geometry *g);
/* log2 of the bytes that one descriptor at @level maps (TranslationSize); of an aarch32 section 20, and so on */
unsigned int geometry_map_shift(const struct geometry *g, int level);
/* number of address bits that index a table at @level; the root may have fewer, or more when concatenated */
unsigned int geometry_index_bits(const struct geometry *g, int level);
unsigned int geometry_root_index_bits(const struct geometry *g);
/* Start level from the width of the input address (S1StartLevel, without SKL) */
int geometry_start_level(const struct geometry *g);
/* Number of tables that make up a concatenated stage-2 root; 1 when it is one */
unsigned int geometry_root_tables(const struct geometry *g);
/* May a block descriptor stand at @level? (BlockDescSupported) */
bool geometry_block_ok(const struct geometry *g, int level);
/* log2 of the number of descriptors in a contiguous run, 0 where there is none (ContiguousSize) */
unsigned int geometry_contig_shift(const struct geometry *g, int level);
/* Alignment that a table at @level must have, log2; the root's when @level is the start level (TTBaseAddress) */
unsigned int geometry_table_align(const struct geometry *g, int level, unsigned int skl);
/* Index of @ia in a table whose entries are at @level, reached with @skl levels skipped; @root: it is the root */
size_t geometry_index(const struct geometry *g, int level, unsigned int skl, bool root, uint64_t ia);
/* Number of entries of such a table */
size_t geometry_entries(const struct geometry *g, int level, unsigned int skl, bool root);

#endif /* MMUSCOPE_GEOMETRY_H */
