/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The facts of an audit, from a host: everything that the audit library is given.
 */
#ifndef MMUSCOPE_AUDIT_COLLECT_H
#define MMUSCOPE_AUDIT_COLLECT_H

#include <stdbool.h>
#include <stddef.h>

#include "audit.h"
#include "target.h"

/* What has to stay open for reading again */
struct collected {
	const struct ctx	*ctx;
	struct host		*host;
	struct audit		audit;
};

/*
 * All that is known of @refs, VMs of one machine at one time, and of @host, that machine, which has
 * @left_out more VMs. What cannot be read becomes a fact that says so. 0, or a negative errno
 * (-ENOMEM); collect_end() after either.
 */
int collect(struct ctx *ctx, struct host *host, const struct vm_ref *refs, size_t n, size_t left_out,
	    struct collected *c);
void collect_end(struct collected *c);

#endif /* MMUSCOPE_AUDIT_COLLECT_H */
