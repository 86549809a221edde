/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of the generator share. */
#ifndef EL2_GEN_H
#define EL2_GEN_H

#include "case.h"
#include "json.h"

#define BIT(n)		(1ULL << (n))
#define MASK(n)		((n) > 63 ? ~0ULL : BIT(n) - 1)
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof(*(a)))
#define PICK(g, a)	((a)[below(g, ARRAY_SIZE(a))])

/* Registers of a stage 1 regime, counted from its SCTLR: EL1 and EL2 have one order in case.h */
enum { SCTLR, TCR, TCR2, TTBR0, TTBR1, MAIR, MAIR2, PIRE0, PIR };

#define HCR_VM		BIT(0)
#define HCR_PTW		BIT(2)
#define HCR_DC		BIT(12)
#define HCR_TGE		BIT(27)
#define HCR_RW		BIT(31)
#define HCR_CD		BIT(32)
#define HCR_ID		BIT(33)
#define HCR_E2H		BIT(34)
#define HCR_NV		BIT(42)
#define HCR_NV1		BIT(43)
#define HCR_FWB		BIT(46)
#define HCRX_TCR2EN	BIT(14)

#define SCTLR_M		BIT(0)
#define SCTLR_C		BIT(2)
#define SCTLR_I		BIT(12)
#define SCTLR_WXN	BIT(19)
#define SCTLR_SPAN	BIT(23)
#define SCTLR_EE	BIT(25)
#define SCTLR_EPAN	BIT(57)
#define SCTLR_RES1	0x30500980ULL
/* A, SA, SA0, nAA, UMA, DZE, UCT, nTWI, nTWE, E0E, UCI: none of them is about translation */
#define SCTLR_IGNORED	0x0505c25aULL

enum family { BASE, ATTR, PERM, FAULT, REGIMES, PIE, AARCH32, FAMILIES };

/* How often, in 1/1000, a family does what */
struct knobs {
	int share;		/* of all cases, in 1/1000 */
	int stage2, fwb, dc, cd, ptw, cache_off, mmu_off;
	int device2;		/* stage 2 Device for data */
	int any_mair;		/* any valid byte in MAIR, not only the common ones */
	int wrong;		/* each thing that can be wrong in a descriptor or register */
	int no_af;
	int hierarchy;		/* each of APTable, UXNTable, PXNTable */
	int closed;		/* stage 2 leaves that are not read-write */
	int pan_op;		/* AT S1E1RP, S1E1WP */
	int nv1;
	int haf, dbm;
	int pie, aie, s2pie;
	int big_endian;
};

/* The geometry of a stage, chosen here, not derived from registers */
struct stage {
	int number;
	int on;
	int granule;		/* log2; 0: short descriptors of AArch32 */
	int stride;
	int ia;			/* bits of the input address */
	int oa;			/* bits of the output address: PS, or less */
	int start;
	int ds;
	int haf, hd;
	int big_endian;
	int indirect;
	int wide_index;		/* AIE: AttrIndx has a fourth bit */
	int leaf;		/* level at which data is mapped */
};

/* A descriptor of stage 2 that exists: a table to go on in, or a leaf */
struct node {
	int level;
	uint64_t prefix;
	int leaf;
	uint64_t out;
	struct leaf_attributes attributes;
	int first_mark, end_mark;
};

struct gen {
	uint64_t random;
	const struct knobs *k;
	struct full_case f;
	struct tcase *c;
	uint64_t high;		/* memory above RAM, or 0 */
	int sctlr;		/* first register of the stage 1 regime */
	int two_ranges;
	int half;
	struct stage s1, s2;
	int lost;		/* a word has no place in the emulator's memory, or another one's */
	struct node node[MAX_WORDS];
	int nodes;
};

uint64_t next(struct gen *g);
uint64_t below(struct gen *g, uint64_t n);
uint64_t bits(struct gen *g, int n);
int often(struct gen *g, int per_mille);
int wrong(struct gen *g);

/* Notes what the emulator may treat in its own way */
void mark(struct gen *g, int kind, int stage, int level, int walk);

/* A table word; stage says whether it is stored big-endian */
void put_word(struct gen *g, const struct stage *s, uint64_t pa, uint64_t value);

/* Memory for a table of 1 << size bytes, whose address is an output of stage s */
uint64_t allocate(struct gen *g, const struct stage *s, int size);

/* Where a table of stage 1 may lie, and what stage 1 calls it: returns the PA of `offset` in it */
uint64_t new_s1_table(struct gen *g, int size, uint64_t offset, uint64_t *address);

/* A register of the stage 1 regime: SCTLR, TCR, ... */
uint64_t *reg(struct gen *g, int which);

/* log2 of what an entry of a table maps; how many bits of address a descriptor can hold */
int level_shift(const struct stage *s, int level);
int encodable_bits(const struct stage *s);

/* Registers of stage 2 according to HCR_EL2, before those of stage 1 */
void make_s2(struct gen *g);
void make_s1(struct gen *g);

/* The tables along the VA, and stage 2 of its output */
void make_tables(struct gen *g);
void map_output(struct gen *g, uint64_t ipa);
uint64_t make_mair(struct gen *g);

/* Everything of a case with EL1 in AArch32 */
void make_aarch32_case(struct gen *g);

#endif
