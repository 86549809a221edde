/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A source of a few words: memory that is zero but for them. For test vectors and unit tests.
 */
#ifndef MMUSCOPE_SOURCE_VEC_H
#define MMUSCOPE_SOURCE_VEC_H

#include "source.h"

struct vec_word {
	uint64_t pa;		/* a multiple of 8 */
	uint64_t value;		/* as a little-endian load reads it */
};

struct source_vec {
	struct source source;
	size_t count, size;
	struct vec_word *word;
	/* For tests: addresses in [bad_first, bad_last] give bad_error when that is not 0 */
	uint64_t bad_first, bad_last;
	int bad_error;
	uint64_t reads;		/* calls of read_table */
};

void source_vec_init(struct source_vec *s);
/* 0, or -EINVAL (not aligned), -ENOMEM. A later value for the same address wins. */
int source_vec_set(struct source_vec *s, uint64_t pa, uint64_t value);
void source_vec_clear(struct source_vec *s);

#endif /* MMUSCOPE_SOURCE_VEC_H */
