/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Access rights, by every scheme that the architecture has: direct (AP, XN), indirect (PIR),
 * overlays (POR), and those of stage 2.
 */
#ifndef MMUSCOPE_PERM_H
#define MMUSCOPE_PERM_H

#include <stdbool.h>
#include <stdint.h>

/* What one exception level may do */
struct rights {
	bool r, w, x;
};

/*
 * Rights at the regime's privileged level (EL1, EL2 or EL3) and at EL0; of a regime without EL0,
 * all of .el0 are false. They say what tables and registers grant; whether PSTATE.PAN is set
 * belongs to an access (struct access).
 */
struct perms {
	struct rights el1, el0;
	bool pan;		/* with PSTATE.PAN = 1 a privileged read or write faults */
};

static inline bool rights_equal(struct rights a, struct rights b)
{
	return a.r == b.r && a.w == b.w && a.x == b.x;
}

static inline bool perms_equal(struct perms a, struct perms b)
{
	return rights_equal(a.el1, b.el1) && rights_equal(a.el0, b.el0) && a.pan == b.pan;
}

/* What both stages grant */
struct perms perms_and(struct perms a, struct perms b);

#endif /* MMUSCOPE_PERM_H */
