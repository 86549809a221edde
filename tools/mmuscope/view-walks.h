/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Many walks at once, a line each; defined in view-walks.c.
 */
#ifndef MMUSCOPE_VIEW_WALKS_H
#define MMUSCOPE_VIEW_WALKS_H

#include <stdbool.h>
#include <stdint.h>

#include "walk.h"

struct view;

struct walks_answer {
	bool				is_ipa;
	uint64_t			address;
	enum regime			regime;
	const struct walk_answer	*answer;
};

struct walks_sum {
	uint64_t			translated, faults, unreadable;
};

void text_walks_begin(struct view *v, const char *target);
void text_walks_answer(struct view *v, const struct walks_answer *r);
void text_walks_end(struct view *v, const struct walks_sum *r);
void json_walks_begin(struct view *v, const char *target);
void json_walks_answer(struct view *v, const struct walks_answer *r);
void json_walks_end(struct view *v, const struct walks_sum *r);

#endif /* MMUSCOPE_VIEW_WALKS_H */
