/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One word of a translation table taken apart: a pure function of the word, its level and the
 * geometry.
 *
 * Nothing here follows an address, knows a register other than through the geometry, or judges an
 * access. Bit 0 clear is invalid whatever the other bits say (short descriptors: bits 1:0).
 */
#ifndef MMUSCOPE_DESCRIPTOR_H
#define MMUSCOPE_DESCRIPTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "geometry.h"

/* A descriptor as a number: 32 and 64-bit ones lie in .lo */
struct word {
	uint64_t lo, hi;
};

enum desc_type {
	DESC_INVALID,
	DESC_TABLE,
	DESC_BLOCK,		/* in aarch32 short descriptors: section and supersection */
	DESC_PAGE,		/* in aarch32 short descriptors: small and large page */
};

struct descriptor {
	enum desc_type type;
	/* DESC_INVALID although bit 0 is set: a block where none can be, level 3 with bits 01 */
	bool reserved;
	struct word raw;
	int8_t level;
	uint8_t map_shift;	/* log2 of the size that it maps; of short ones 24, 20, 16, 12 */
	uint8_t skl;		/* VMSAv9-128: levels that a table descriptor skips */

	uint64_t oa;		/* output address, or address of the next table */
	bool oa_high;		/* 64K, OA below 52 bits: bits 15:12 are not zero */

	/* table descriptors: what the levels below inherit */
	uint8_t aptable;	/* APTable[1:0] */
	bool uxn_table;		/* UXNTable or XNTable */
	bool pxn_table;
	bool ns_table;
	bool protected_table;	/* VMSAv9-128, FEAT_THE: shown only */
	bool disch;		/* VMSAv9-128: DisCH */

	/* block and page descriptors */
	bool af;
	uint8_t sh;		/* SH[1:0]; under DS from the TCR, not from here */
	bool contig;		/* Contiguous, where a run can be */
	bool dbm;
	bool nt;		/* nT, FEAT_BBM */
	uint8_t software;	/* bits ignored by hardware: [58:55] */
	uint8_t pbha;		/* [62:59] */

	/* stage 1 */
	uint8_t attrindx;	/* AttrIndx[2:0]; VMSAv9-128 [3:0]; short ones TEX[2:0] C B */
	bool attrindx_high;	/* AttrIndx[3] under AIE (bit 59) */
	uint8_t ap;		/* AP[2:1]; of short descriptors AP[2:0] */
	bool uxn;		/* UXN, or XN of a regime without EL0 (bit 54) */
	bool pxn;		/* bit 53 */
	bool ng;
	bool gp;		/* guarded page, FEAT_BTI */
	bool ns;
	bool protected_page;	/* VMSAv9-128, FEAT_THE: shown only */
	uint8_t pi_index;	/* PIIndex[3:0] for indirect permissions */
	uint8_t po_index;	/* POIndex[3:0] for overlays */
	bool ndirty;		/* VMSAv9-128 and S1PIE: nDirty */
	uint8_t domain;		/* short descriptors */
	bool supersection;
	bool large_page;

	/* stage 2 */
	uint8_t memattr;	/* MemAttr[3:0] */
	uint8_t s2ap;		/* S2AP[1:0]: bit 0 read, bit 1 write */
	uint8_t s2xn;		/* XN[1:0], bits 54:53 */
	bool fnxs;
	bool assured_only;
	bool dirty;		/* S2PIE: Dirty (bit 7) */
};

/* @level is that of the table that holds @word */
void descriptor_decode(const struct geometry *g, int level, struct word word, struct descriptor *d);

/* Output address bits above 47, wherever the format keeps them (LeafBase, NextTableBase) */
uint64_t descriptor_high_oa(const struct geometry *g, uint64_t lo);

/* "invalid", "reserved", "table", "block", "page", "section", ... */
const char *descriptor_type_text(const struct geometry *g, const struct descriptor *d);

#endif /* MMUSCOPE_DESCRIPTOR_H */
