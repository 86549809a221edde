/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Findings that were accepted: an earlier result in JSON, or a list of lines.
 */
#ifndef MMUSCOPE_BASELINE_H
#define MMUSCOPE_BASELINE_H

#include "audit.h"

struct ctx;

struct accepted {
	char			check[48];
	char			vm[128];	/* its name, "PID-FD", or "" for any */
	char			other[128];	/* the other party, or "" for any */
	bool			has_range, of_pa;
	uint64_t		first, last;	/* IPA, or PA of what has no IPA */
};

struct baseline {
	struct accepted		*entry;
	size_t			n;
};

/* 0, or the exit status after the message; baseline_free() after either */
int baseline_read(struct ctx *ctx, const char *file, struct baseline *b);
void baseline_free(struct baseline *b);
bool baseline_has(const struct baseline *b, const struct audit_finding *f);

#endif /* MMUSCOPE_BASELINE_H */
