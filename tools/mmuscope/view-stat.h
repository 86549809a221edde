/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What stat hands to a view.
 */
#ifndef MMUSCOPE_VIEW_STAT_H
#define MMUSCOPE_VIEW_STAT_H

#include "stat.h"
#include "view.h"

/* One set of tables: stage 2 of a VM, or a half of stage 1 */
struct stat_view {
	const char		*vm;
	int			stage, half;
	unsigned int		vcpu;		/* of stage 1: the first that has it loaded */
	enum regime		regime;
	const struct geometry	*geo;
	const struct table_stat	*stat;
	bool			changed;	/* while it was read */
};

void text_stat_begin(struct view *v);
void text_stat(struct view *v, const struct stat_view *r);
void text_stat_end(struct view *v);
void json_stat_begin(struct view *v);
void json_stat(struct view *v, const struct stat_view *r);
void json_stat_end(struct view *v);

#endif /* MMUSCOPE_VIEW_STAT_H */
