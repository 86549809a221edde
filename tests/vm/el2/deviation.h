/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the emulator's MMU is known to differ from the architecture. */
#ifndef EL2_DEVIATION_H
#define EL2_DEVIATION_H

#include "case.h"

struct deviation {
	const char *name;
	const char *reason;	/* what the emulator does, and what the architecture says */
	/* Whether it turns the architecture's answer `arm` into the emulator's answer `emu` */
	int (*explains)(const struct tcase *c, uint64_t emu, uint64_t arm);
};

extern const struct deviation deviations[];
extern const int deviation_count;

/* The first one that explains, or -1 */
int explain(const struct tcase *c, uint64_t emu, uint64_t arm);

#endif
