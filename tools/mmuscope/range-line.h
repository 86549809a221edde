/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A mapped range as one line, of which a dump may have hundreds of millions: no printf, and what
 * does not depend on an address is put into words once.
 */
#ifndef MMUSCOPE_RANGE_LINE_H
#define MMUSCOPE_RANGE_LINE_H

#include <stddef.h>
#include <stdint.h>

#include "walk.h"

#define LEAF_HEAD	32
#define LEAF_TAIL	448
#define LEAF_TEXTS	64

/* What one form of line says of level, rights, memory type and flags */
struct leaf_text {
	uint64_t	key;		/* of these; 0: not filled */
	uint16_t	head_len, tail_len;
	char		head[LEAF_HEAD];
	char		tail[LEAF_TAIL];
};

/* To begin with all zero. One may serve only one of the functions below. */
struct range_lines {
	struct leaf_text text[LEAF_TEXTS];
};

/* Room for any line, its newline included */
#define RANGE_LINE	1024

/* @r is mapped (WALK_OK). The line is left in @buf without a final zero; returns its length. */
size_t range_line_text(struct range_lines *c, const struct map_range *r, char *buf);
/* The object of the array "ranges" in Documentation/schema/dump.json */
size_t range_line_json(struct range_lines *c, const struct map_range *r, char *buf);
size_t range_line_csv(struct range_lines *c, const struct map_range *r, char *buf);

#endif /* MMUSCOPE_RANGE_LINE_H */
