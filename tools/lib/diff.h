/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What two sets of translation tables map, compared: an earlier and a later moment, or two VMs.
 * Each side is kept as a list of merged ranges, small enough that a few million are no trouble.
 */
#ifndef MMUSCOPE_DIFF_H
#define MMUSCOPE_DIFF_H

#include "walk.h"

/* Everything of a range but its addresses; ranges that have the same share one */
struct map_props {
	/* WALK_FAULT: mapped by stage 1 and not let through by stage 2; WALK_UNREADABLE: not known */
	enum walk_status status;
	uint8_t stage;
	int8_t level;
	bool has_piece;		/* stage 1 through stage 2, which is .leaf2 */
	struct stage_result leaf, leaf2;	/* without addresses */
	struct memattr attr;
	struct perms perms;
	uint8_t software, pbha;
	struct walk_fault fault;
	int error;		/* negative errno; 0: .fault */
	uint32_t next;		/* private */
};

struct map_item {
	uint64_t ia, size;
	uint64_t oa, ipa;	/* .ipa where .has_piece */
	uint32_t props;		/* index into map_list.props */
};

#define MAP_HASH	256

struct map_list {
	struct map_item *item;	/* in the order of input addresses */
	size_t n;
	struct map_props *props;
	uint32_t nprops;
	uint64_t tables;	/* that were read */
	uint64_t unknown;	/* items that are WALK_UNREADABLE */
	bool changed;		/* a table was taken away while it was read: it maps nothing */
	size_t room, props_room;	/* private from here */
	uint32_t bucket[MAP_HASH];
};

/*
 * List what is mapped: @stage 1 (of @half), 2, or 0 for stage 1 (of @half) through stage 2. 0,
 * -ENOENT where that is off, -ENOMEM. map_list_free() is safe after each, and on zeros.
 */
int map_list_make(struct map_list *l, const struct mmu *mmu, int stage, int half,
		  uint64_t max_tables);
void map_list_free(struct map_list *l);

enum diff_what {
	DIFF_APPEARED,		/* only B maps it */
	DIFF_GONE,		/* only A maps it */
	DIFF_CHANGED,		/* both do, not the same */
	DIFF_UNKNOWN,		/* one of them could not be read there */
	DIFF_WHATS,
};

const char *diff_what_text(enum diff_what what);	/* "appeared", ... */

/* What changed: LEAF_* of either stage, and */
#define DIFF_OUTPUT		(1u << 16)	/* the output address */
#define DIFF_IPA		(1u << 17)	/* the IPA between the stages */
#define DIFF_FAULT		(1u << 18)	/* how stage 2 answers */
#define DIFF_SOFTWARE		(1u << 19)	/* bits that hardware ignores, and PBHA */

/* Neighbours to which the same happened */
struct diff_range {
	enum diff_what what;
	uint64_t ia, size;
	uint32_t changes;
	const struct map_props *a, *b;	/* NULL: not mapped there */
	uint64_t oa_a, oa_b, ipa_a, ipa_b;	/* of the first byte */
};

struct diff_sum {
	uint64_t ranges[DIFF_WHATS], bytes[DIFF_WHATS];
	uint64_t same;		/* bytes */
};

/* Both lists as they are, once through. 0, or what @emit returned. */
int map_diff(const struct map_list *a, const struct map_list *b,
	     int (*emit)(void *arg, const struct diff_range *r), void *arg, struct diff_sum *sum);

/* "PA", "rights", ... of bit number @bit of .changes, NULL where it means nothing */
const char *diff_change_text(unsigned int bit);

#endif /* MMUSCOPE_DIFF_H */
