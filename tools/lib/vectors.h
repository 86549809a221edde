/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Test vectors: JSON Lines of one translation each, with the PAR_EL1 that is expected.
 * tests/vectors/README.md describes the format.
 */
#ifndef MMUSCOPE_VECTORS_H
#define MMUSCOPE_VECTORS_H

#include <stdint.h>
#include <stdio.h>

#include "walk.h"

/* One vector whose answer differs */
struct vector_difference {
	const char *id;
	const char *op;
	uint64_t va;
	struct par expected, got;
	bool unreadable;	/* nothing was got: a word could not be read */
	const struct walk_result *result;
};

struct vectors_total {
	uint64_t passed, failed;
	uint64_t line;		/* last line read, from 1 */
	char reason[256];	/* why that line could not be used, when vectors_run() fails */
};

/*
 * Answer every line of @in and compare. @differs is called for each difference (it may be NULL);
 * anything but 0 from it stops the run and is returned. 0, or -EINVAL: a line is not a vector, or
 * -ELIBACC: json-c is not there, .reason says so, or -errno of reading.
 */
int vectors_run(FILE *in, int (*differs)(void *arg, const struct vector_difference *d), void *arg,
		struct vectors_total *total);

#endif /* MMUSCOPE_VECTORS_H */
