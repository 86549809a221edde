/* SPDX-License-Identifier: GPL-2.0-only */
/* Cases as lines of JSON, in the format of the test vectors. */
#ifndef EL2_JSON_H
#define EL2_JSON_H

#include <stdio.h>
#include "case.h"

#define MAX_WORDS	64

/* A case with room for its words */
struct full_case {
	struct tcase c;
	struct word word[MAX_WORDS];
};

/* What a vector says beyond the case itself */
struct vector {
	struct full_case f;
	char id[32];
	uint64_t par;
	int agree;		/* 1, 0, or -1 for null */
	int pa_only;		/* "cmp":"pa" */
	int unsupported;	/* a register that the emulator has not */
	char why[32];
};

extern const char *const op_names[OP_COUNT];
extern const char *const register_names[R_COUNT];
extern const char *const family_names[];

/* One line; `par` is the answer that goes with the case */
void print_case(FILE *out, const struct tcase *c, uint64_t par);

/* 0, or -1 with a message on stderr */
int parse_vector(const char *line, struct vector *v);

/* The whole of a file, its size in *size; ends the program when it cannot */
void *load_file(const char *name, uint64_t *size);

/* The cases of a loaded file, one after the other */
static inline const struct tcase *first_case(const struct batch *b)
{
	return (const struct tcase *)(b + 1);
}

static inline const struct word *case_words(const struct tcase *c)
{
	return (const struct word *)(c + 1);
}

static inline const struct tcase *next_case(const struct tcase *c)
{
	return (const struct tcase *)(case_words(c) + c->words);
}

void write_case(FILE *out, const struct full_case *f, struct batch *b);
void start_batch(FILE *out, struct batch *b);
void end_batch(FILE *out, struct batch *b);

#endif
