/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the fuzzers share: the entry point that libFuzzer and replay.c call, and an assertion that
 * says which rule broke.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Called before a failed CHECK aborts, to show what the input was; each fuzzer has its own */
void fuzz_show(void);

#define CHECK(what)								\
	do {									\
		if (!(what)) {							\
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what); \
			fuzz_show();						\
			abort();						\
		}								\
	} while (0)

/* An input, taken from the front; what is missing at its end reads as zero */
struct input {
	const uint8_t *at;
	size_t left;
};

static inline uint64_t input_le(struct input *in, unsigned int bytes)
{
	uint64_t v = 0;
	unsigned int i;

	for (i = 0; i < bytes && in->left; i++) {
		v |= (uint64_t)*in->at++ << (8 * i);
		in->left--;
	}
	return v;
}

#endif /* FUZZ_H */
