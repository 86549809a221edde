/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A source is where words come from: a live host through debugfs, a snapshot, a core, a raw image of RAM, a test. The
 * walker knows no other way to memory.
 */
#ifndef MMUSCOPE_SOURCE_H
#define MMUSCOPE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "addr.h"

struct source;

/*
 * One read of translation-table words, with every name that the words have. A source that holds memory by PA uses @pa
 * alone. A live source has no memory by PA: it reaches a stage-2 word by walking for @ia, and a stage-1 word of a guest
 * by its IPA.
 */
struct table_ref {
	int		stage;		/* 1 or 2 */
	int		level;		/* -1..3; of AArch32 tables 1..3 */
	uint64_t	ia;		/* input address being translated by that stage */
	struct pa	pa;		/* first word wanted, after all translation */
	bool		has_ipa;
	struct ipa	ipa;		/* stage 1 fetched through stage 2: the same word's IPA */
};

struct source_ops {
	/*
	 * Read @len bytes (a multiple of 4, within one table) as they lie in memory. 0, or a negative errno:
	 * -ENXIO nothing is there, -EIO there but unreadable, -EAGAIN the tables changed under the reader,
	 * -ESTALE the VM has ended. A walk itself adds -ENOKEY: the register with the root was not given. Anything but 0 makes the walk "unreadable", never "not mapped".
	 */
	int (*read_table)(struct source *s, const struct table_ref *ref, void *buf, size_t len);
	/*
	 * Optional: a pointer to @len bytes that stays valid until the source is closed, or NULL; then read_table is used.
	 */
	const void *(*map_table)(struct source *s, const struct table_ref *ref, size_t len);
	/*
	 * Optional, for those who call map_table a lot: the memory around @pa of which map_table gives out parts, whatever
	 * other names the words have. Where it begins, with the PA of its first and last byte; or NULL.
	 */
	const void *(*map_region)(struct source *s, struct pa pa, struct pa *first, struct pa *last);
	/* Memory behind a finished translation; @ipa is given where stage 2 is in use, else NULL. Errors as above. */
	int (*read_mem)(struct source *s, struct pa pa, const struct ipa *ipa, void *buf, size_t len);
	void (*close)(struct source *s);
};

/* Embedded first in each source's own structure */
struct source {
	const struct source_ops *ops;
};

#endif /* MMUSCOPE_SOURCE_H */
