/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A case for the walker out of an input: registers, some words of memory, and a rule for all other
 * memory. The format, all numbers little-endian:
 *
 *   1 byte   memory: HOSTILE_* and flags
 *   1 byte   flags: CASE_*
 *   2 bytes  mmu_options.other
 *   8 bytes  address
 *   8 bytes  seed of what memory holds
 *   1 byte   number of registers, then for each:
 *              1 byte number in hostile_regs (bit 7: bits 127:64), 8 bytes value
 *   16 bytes for each word until the end: address, value
 */
#ifndef HOSTILE_H
#define HOSTILE_H

#include <stdbool.h>

#include "fuzz.h"
#include "regs.h"
#include "source.h"

/* Memory that the input does not list */
enum {
	HOSTILE_ZERO,		/* is zero */
	HOSTILE_ABSENT,		/* is not there: -ENXIO, but for pages that hold a listed word */
	HOSTILE_NOISE,		/* is random */
	HOSTILE_TABLES,		/* is descriptors that lead to themselves, to the end of memory */
	HOSTILE_HOLES,		/* the same, with pages that cannot be read */
	HOSTILE_LEAVES,		/* the same, mostly leaves */
	HOSTILE_KINDS = 8,	/* the rest of the numbers are HOSTILE_TABLES again */
};
#define HOSTILE_BIG_ENDIAN	8
#define HOSTILE_SHORT		16	/* descriptors of 4 bytes */
#define HOSTILE_WIDE		32	/* descriptors of 16 bytes */

#define CASE_SECURE		1
#define CASE_PAN		2
#define CASE_WAY_SHIFT		2	/* the rest: see check_ranges() */

#define HOSTILE_WORDS		256
#define HOSTILE_SLOTS		1024	/* of the hash table of words */

struct hostile {
	struct source source;
	uint8_t memory;
	uint64_t seed;
	uint64_t pool[8];	/* addresses that descriptors lead to */
	struct { uint64_t pa, value; bool used; } word[HOSTILE_SLOTS];
	uint64_t page[HOSTILE_WORDS];	/* pages with listed words, for HOSTILE_ABSENT */
	size_t pages;

	/* What the walker did */
	uint64_t reads;
	int error;		/* the first that was returned since .error was cleared */
	uint64_t pa_limit;	/* no read may reach it; 0: no limit */
};

struct hostile_case {
	struct hostile memory;
	struct regs regs;
	uint8_t flags;
	uint32_t other;
	uint64_t address;
};

extern const enum reg_id hostile_regs[];
extern const size_t hostile_reg_count;

void hostile_read(struct hostile_case *c, const uint8_t *data, size_t size);
void hostile_show(const struct hostile_case *c);

#endif /* HOSTILE_H */
