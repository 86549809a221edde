/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Findings that were accepted: an earlier result in JSON, or a list of lines.
 */
#ifndef MMUSCOPE_BASELINE_H
#define MMUSCOPE_BASELINE_H

#include "audit.h"

struct ctx;

/* A VM by its name, and where that is not its alone by "PID-FD" */
struct accepted_vm {
	char			name[128];	/* also "PID-FD"; "": any, or in a result none */
	char			dir[128];	/* "": not told */
};

struct accepted {
	char			check[48];
	struct accepted_vm	vm, other;
	bool			has_range, of_pa, of_shadow;
	uint64_t		first, last;	/* IPA, or PA of what has no IPA */
	/* Of a finding in a result, which is accepted as it was and not worse; unset of a line */
	bool			exact;
	enum audit_severity	severity;
	unsigned int		rights, other_rights, more;
	char			what[192];	/* .who */
};

struct baseline {
	struct accepted		*entry;
	size_t			n;
};

/* 0, or the exit status after the message; baseline_free() after either */
int baseline_read(struct ctx *ctx, const char *file, struct baseline *b);
void baseline_free(struct baseline *b);
/* @a: whose finding it is */
bool baseline_has(const struct baseline *b, const struct audit *a, const struct audit_finding *f);

#endif /* MMUSCOPE_BASELINE_H */
