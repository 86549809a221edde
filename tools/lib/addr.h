/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The three kinds of address. They are distinct structure types, so that one cannot be handed in for another; arithmetic
 * is done on .v, on purpose and in sight.
 */
#ifndef MMUSCOPE_ADDR_H
#define MMUSCOPE_ADDR_H

#include <stdint.h>

/* Virtual address: what a program or a kernel uses; input of stage 1 */
struct va { uint64_t v; };
/* Intermediate physical address: output of stage 1, input of stage 2 */
struct ipa { uint64_t v; };
/* Physical address: what leaves the PE */
struct pa { uint64_t v; };

static inline struct va va(uint64_t v) { return (struct va){ v }; }
static inline struct ipa ipa(uint64_t v) { return (struct ipa){ v }; }
static inline struct pa pa(uint64_t v) { return (struct pa){ v }; }

/* bits high:low set; 63 >= high >= low >= 0 */
static inline uint64_t mask64(unsigned int high, unsigned int low)
{
	return (~UINT64_C(0) >> (63 - high)) & (~UINT64_C(0) << low);
}

/* bits high:low of v, moved down to bit 0 */
static inline uint64_t bits64(uint64_t v, unsigned int high, unsigned int low)
{
	return (v & mask64(high, low)) >> low;
}

#endif /* MMUSCOPE_ADDR_H */
