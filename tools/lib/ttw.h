/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside the walker: reading and understanding descriptors, one table at a time. walk.c asks for
 * one address, range.c for whole tables; both stand on these functions, so that there is one
 * truth.
 */
#ifndef MMUSCOPE_TTW_H
#define MMUSCOPE_TTW_H

#include <string.h>

#include "controls.h"
#include "walk.h"

/*
 * Leaves by their bits. What a leaf means follows from its level, from what tables above it hand
 * down, and from its bits that are no address in place; who has worked it out once may keep it under
 * that key. Good for 64-bit descriptors in little-endian tables (ttw_plain()).
 */
struct leaf_key {
	uint64_t attr;
	int level;
	struct inherited inherited;
};

static inline bool ttw_plain(const struct geometry *g)
{
	return g->format == TABLE_V8_64 && !g->big_endian;
}

/* The address bits that a leaf has in place */
static inline uint64_t leaf_field(const struct geometry *g, unsigned int map_shift)
{
	return mask64(g->ds ? 49 : 47, map_shift);
}

static inline bool inherited_equal(const struct inherited *a, const struct inherited *b)
{
	/* four bytes without a gap between them: one comparison */
	_Static_assert(sizeof(*a) == 4, "struct inherited has no padding");
	return !memcmp(a, b, sizeof(*a));
}

static inline bool leaf_key_equal(const struct leaf_key *a, const struct leaf_key *b)
{
	return a->attr == b->attr && a->level == b->level &&
	       inherited_equal(&a->inherited, &b->inherited);
}

/* @shift bits that spread keys over a table of 2^@shift places */
static inline unsigned int leaf_key_hash(const struct leaf_key *k, unsigned int shift)
{
	return ((k->attr ^ (unsigned int)k->level) * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - shift);
}

/* Where a walk is (the pseudocode's TTWState): the table to look into next */
struct ttw {
	int level;
	uint64_t table;		/* its address: PA, or IPA of stage 1 above stage 2 */
	unsigned int skl;	/* levels skipped on the way to it */
	bool root;
	bool unknown;		/* the root of tables of which nothing is known (geometry.no_root) */
	struct inherited inherited;
	uint8_t domain;		/* AArch32 short descriptors */
};

/* The root of @g, and the table that @d, found in @at, names. @p: of stage 1, else NULL */
struct ttw ttw_root(const struct geometry *g);
struct ttw ttw_next(const struct mmu *mmu, const struct s1_params *p, const struct ttw *at,
		    const struct descriptor *d);

/* Descriptor number @n of the bytes @buf, minding its size and byte order */
struct word ttw_word(const struct geometry *g, const void *buf, size_t n);

/*
 * A table descriptor or a leaf that no access can use: Contiguous, nT, address size (what S1Walk
 * and S2Walk test before access flag and rights). Fills in the fault, adds to *@choices.
 */
bool ttw_table_fault(const struct mmu *mmu, const struct geometry *g, const struct descriptor *d,
		     struct walk_fault *fault, uint32_t *choices);
bool ttw_leaf_fault(const struct mmu *mmu, const struct geometry *g, const struct descriptor *d,
		    uint64_t ia, struct walk_fault *fault, uint32_t *choices);
/* Output address of @ia (StageOA) */
uint64_t ttw_oa(const struct geometry *g, const struct descriptor *d, uint64_t ia);

/*
 * What a leaf means: addresses, attributes, rights. Not .leaf, which is the caller's. @s1:
 * attributes that stage 2 is applied to; under FWB the result is already that of both.
 */
void ttw_s1_leaf(const struct mmu *mmu, const struct s1_params *p, const struct ttw *at,
		 const struct descriptor *d, uint64_t ia, bool fetch, struct stage_result *out);
void ttw_s2_leaf(const struct mmu *mmu, const struct s2_params *p, const struct descriptor *d,
		 uint64_t ia, const struct memattr *s1, bool fetch, struct stage_result *out);
struct s1_perm_bits ttw_s1_perm_bits(const struct mmu *mmu, const struct s1_params *p,
				     const struct ttw *at, const struct descriptor *d);

/*
 * Stage 2 for the stage-1 table word at @ipa of the table @at, @write when hardware sets a flag
 * in it. WALK_OK with *@pa, else r->fault or r->error (-ENOKEY: at->unknown). Steps are added to @r.
 */
enum walk_status ttw_table_pa(const struct mmu *mmu, struct walk_result *r, const struct ttw *at,
			      uint64_t ipa, bool write, struct pa *pa);

/* Does hardware set the Access flag of the stage-1 table descriptor @d, where stage 2 may refuse it (FEAT_HAFT)? */
bool ttw_sets_table_af(const struct mmu *mmu, const struct s1_params *p, struct access access,
		       const struct descriptor *d);

/* Stage 2 and the combination for r->ipa, after stage 1 gave r->s1 */
enum walk_status ttw_second_stage(const struct mmu *mmu, struct walk_result *r);
/* An empty result for an access */
void ttw_begin(const struct mmu *mmu, struct access access, struct walk_result *r);

/* The half that translates @va: 0 or 1. Whether it does is for s1_params.first and last to say. */
int ttw_half(const struct mmu *mmu, uint64_t va);
/* Why @stage, or a half of stage 1, faults before anything is read; NULL if it does not */
const char *ttw_s1_off_limits(const struct s1_params *p, enum fault_type *type);
const char *ttw_s2_off_limits(const struct s2_params *p, enum fault_type *type);
/* The same for one address and access: what else is tested before the first word is read */
const char *ttw_s1_precheck(const struct mmu *mmu, const struct s1_params *p, uint64_t va,
			    struct access access, enum fault_type *type);
const char *ttw_s2_precheck(const struct s2_params *p, uint64_t ipa, enum fault_type *type);

/* Does @mmu put stage 2 below stage 1? */
bool ttw_two_stages(const struct mmu *mmu);

#endif /* MMUSCOPE_TTW_H */
