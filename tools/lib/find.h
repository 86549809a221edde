/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What leads to an address: leaves of stage 2 and of stage 1 whose output lies in a range of PAs or
 * of one VM's IPAs, and translation tables that lie there themselves.
 */
#ifndef MMUSCOPE_FIND_H
#define MMUSCOPE_FIND_H

#include "walk.h"

enum find_space {
	FIND_PA,
	FIND_IPA,
};

enum find_kind {
	FIND_LEAF,		/* neighbouring blocks or pages of one stage, as a range */
	FIND_TABLE,		/* a translation table that lies in the range */
	FIND_UNKNOWN,		/* tables that were not read: what they map is not known */
};

struct find_hit {
	enum find_kind kind;
	uint8_t stage;		/* 1 or 2: whose leaf or table it is */
	int half;		/* of stage 1 */
	int8_t level;		/* of the leaf, or of the table's entries */
	/*
	 * FIND_LEAF: first input address that leads into the range, and how many bytes do from
	 * there; else what the table translates
	 */
	uint64_t ia, size;
	uint64_t leaves;	/* descriptors in it */
	/* FIND_LEAF: of .ia; FIND_TABLE: of the table; .pa is absent where stage 2 has none */
	bool has_ipa, has_pa;
	struct ipa ipa;
	struct pa pa;
	bool root;		/* FIND_TABLE */
	struct stage_result leaf;	/* FIND_LEAF: the first, of this stage */
	struct memattr attr;	/* with stage 2 below stage 1, of both together */
	struct perms perms;
	/* FIND_LEAF: the descriptor of the first, FIND_TABLE: the one that names it, unless .root */
	bool has_word;
	struct pa word_pa;
	struct word word;
	bool wide;		/* .word has 128 bits */
	/* FIND_LEAF: not WALK_OK for stage 1 that stage 2 does not let through; FIND_UNKNOWN */
	enum walk_status status;
	struct walk_fault fault;
	int error;		/* negative errno; 0: .fault */
};

struct find_span;

struct find {
	enum find_space space;
	uint64_t first, last;	/* inclusive */
	uint64_t max_tables;	/* as in walk_visitor, for each walk */
	int (*hit)(void *arg, const struct find_hit *hit);	/* not 0: stop and return it */
	void *arg;
	/* Filled in */
	uint64_t hits;		/* of leaves and tables */
	uint64_t unknown;	/* of FIND_UNKNOWN: an answer "not found" must not be given */
	uint64_t tables;	/* that were read */
	bool changed;		/* a table was taken away while it was read: it maps nothing */
	/* Private */
	struct find_span *span;
	size_t nspans, room;
	struct walk_result *walk;
};

/*
 * All of this first: the part of stage 2, which finds the IPAs. @f has its first six members set
 * and all else zero. Where @mmu has no stage 2 every PA is its own IPA. 0, -ENOMEM, or what .hit
 * returned.
 */
int find_stage2(struct find *f, const struct mmu *mmu);
/*
 * Then a half of stage 1 of the same VM, as often as there are. Nothing is read where stage 2 maps
 * nothing of the range.
 */
int find_stage1(struct find *f, const struct mmu *mmu, int half);
void find_end(struct find *f);

#endif /* MMUSCOPE_FIND_H */
