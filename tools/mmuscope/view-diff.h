/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What diff and watch hand to a view.
 */
#ifndef MMUSCOPE_VIEW_DIFF_H
#define MMUSCOPE_VIEW_DIFF_H

#include "diff.h"
#include "regs.h"
#include "view.h"

/* One set of tables on both sides */
struct diff_set {
	const char		*vm;
	int			stage;		/* 1, 2, or 0 for both together */
	int			half;		/* but for stage 2 */
	unsigned int		vcpu;
	enum regime		regime;
};

struct diff_reg {
	const char		*vm;
	unsigned int		vcpu;
	enum reg_id		reg;
	bool			has_a, has_b;
	uint64_t		a, b;
};

void text_moment(struct view *v, const char *when);
void text_diff_begin(struct view *v, const char *a, const char *b);
void text_diff_reg(struct view *v, const struct diff_reg *r);
void text_diff_range(struct view *v, const struct diff_set *set, const struct diff_range *r);
void text_diff_sum(struct view *v, const struct diff_set *set, const struct diff_sum *sum);
void text_diff_only(struct view *v, const char *vm, const char *side);
void text_diff_end(struct view *v);
void json_diff_begin(struct view *v, const char *a, const char *b);
void json_diff_reg(struct view *v, const struct diff_reg *r);
void json_diff_range(struct view *v, const struct diff_set *set, const struct diff_range *r);
void json_diff_sum(struct view *v, const struct diff_set *set, const struct diff_sum *sum);
void json_diff_only(struct view *v, const char *vm, const char *side);
void json_diff_end(struct view *v);

#endif /* MMUSCOPE_VIEW_DIFF_H */
