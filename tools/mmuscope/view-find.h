/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What find hands to a view.
 */
#ifndef MMUSCOPE_VIEW_FIND_H
#define MMUSCOPE_VIEW_FIND_H

#include "find.h"
#include "view.h"

struct find_head {
	enum find_space		space;
	uint64_t		first, last;	/* inclusive */
	const char		*where;		/* NULL, or what translated .va to .first */
	struct va		va;
};

struct find_view {
	const char		*vm;
	unsigned int		vcpu;		/* of stage 1: the first that has the tables loaded */
	enum regime		regime;
	bool			named;		/* --symbols are this VM's */
	const struct find_hit	*hit;
};

struct find_tail {
	uint64_t		vms, with_hits, hits, unknown, tables;
	bool			changed;
};

void text_find_begin(struct view *v, const struct find_head *r);
void text_find_hit(struct view *v, const struct find_view *r);
void text_vm_trouble(struct view *v, const char *vm, const char *why);
void text_find_end(struct view *v, const struct find_tail *r);
void json_find_begin(struct view *v, const struct find_head *r);
void json_find_hit(struct view *v, const struct find_view *r);
void json_vm_trouble(struct view *v, const char *vm, const char *why);
void json_find_end(struct view *v, const struct find_tail *r);

#endif /* MMUSCOPE_VIEW_FIND_H */
