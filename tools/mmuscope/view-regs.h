/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Results of regs and decode.
 */
#ifndef MMUSCOPE_VIEW_REGS_H
#define MMUSCOPE_VIEW_REGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "descriptor.h"
#include "geometry.h"
#include "regs.h"

/* Some registers, each of which the others explain */
struct reg_list {
	const struct regs	*regs;
	const enum reg_id	*ids;		/* those to show, in this order */
	size_t			n;
	bool			all_bits;	/* reserved ones too, right or wrong */
};

struct regs_result {
	const char		*target;
	struct reg_list		list;
	const char		*notes;		/* how they were come by: lines of NAME VALUE */
	const char		*unknown;	/* names not known, a blank before each; or "" */
	/* NULL unless the raw form was asked for: as they came, or "" if only some were named */
	const char		*raw;
};

/* One property of a descriptor */
struct desc_row {
	const char	*name;			/* "SH", as the Arm ARM has it */
	uint64_t	value;
	char		meaning[80];		/* "" where there is nothing to say */
};

#define DESC_ROWS	32

struct desc_result {
	struct geometry		geo;
	struct descriptor	desc;
	struct desc_row		row[DESC_ROWS];
	size_t			nrows;
};

/* One of both */
struct decode_result {
	const struct reg_list		*list;
	const struct desc_result	*desc;
};

/* Take @word apart by res->geo; @ctx (may be NULL) is asked for MAIR_EL1 and HCR_EL2.FWB */
void desc_explain(struct desc_result *res, int level, struct word word, const struct regs *ctx);

#endif /* MMUSCOPE_VIEW_REGS_H */
