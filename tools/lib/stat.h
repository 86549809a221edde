/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a set of translation tables comes to: bytes by level, by rights and by memory type, what
 * the tables cost, and where larger blocks or contiguous runs would do.
 */
#ifndef MMUSCOPE_STAT_H
#define MMUSCOPE_STAT_H

#include "walk.h"

/*
 * Of a table that holds leaves and no further table, and that one block a level above could replace:
 * what stands in the way, the first of these that holds
 */
enum fold {
	FOLD_POSSIBLE,		/* nothing */
	FOLD_UNKNOWN,		/* a part of it was not read */
	FOLD_HOLES,		/* not every entry is a leaf */
	FOLD_ATTRIBUTES,	/* they differ in rights, memory type or flags */
	FOLD_SCATTERED,		/* their output is not contiguous */
	FOLD_ALIGNMENT,		/* it is, but does not start at a multiple of the block's size */
	FOLDS,
};

const char *fold_text(enum fold why);	/* "possible", "holes", ... */

struct stat_level {
	uint64_t leaves, bytes;	/* mapped at this level */
	uint64_t tables, table_bytes;	/* a concatenated root is one for each table in it */
	uint64_t empty;		/* of .tables: without a single descriptor that is not zero */
	uint64_t contiguous;	/* of .leaves: with the Contiguous bit */
	uint64_t runs;		/* runs of leaves without it that could have it */
	uint64_t fold[FOLDS];	/* tables at this level */
	uint64_t block;		/* size of the block above, 0 where there can be none */
};

/* What has the same level, rights and memory attributes */
struct stat_kind {
	int8_t level;
	struct perms perms;
	struct memattr attr;
	uint64_t leaves, bytes;
};

struct table_stat {
	struct stat_level level[LEVELS_MAX];	/* of level LEVEL_MIN and up */
	struct stat_kind *kind;	/* by level, then as they came */
	size_t kinds;
	uint64_t leaves, bytes, tables, table_bytes;
	/* of .leaves */
	uint64_t af, no_af, writable, read_only;
	uint64_t dbm_dirty, dbm_clean;	/* DBM: writable now, or writable at the first write */
	uint64_t invalid;	/* words that are invalid but not zero */
	uint64_t faults;	/* descriptors that every access faults on */
	uint64_t gone;		/* tables that were taken away while they were read */
	uint64_t unreadable;	/* other tables, or parts of them; what they hold is in no other number */
	bool limited;		/* max_tables was reached: nor is what was not opened */
};

/*
 * Count stage 2, or one @half of stage 1. 0, -ENOENT where it is off, -ENOMEM. stat_free() is safe
 * after each.
 */
int stat_tables(const struct mmu *mmu, int stage, int half, uint64_t max_tables,
		struct table_stat *s);
void stat_free(struct table_stat *s);

#endif /* MMUSCOPE_STAT_H */
