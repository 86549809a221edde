/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the two halves of fuzz_walk: one address at a time (fuzz_walk.c), whole tables
 * (ranges.c).
 */
#ifndef FUZZ_WALK_H
#define FUZZ_WALK_H

#include "hostile.h"
#include "walk.h"

extern struct hostile_case the_case;

enum entry { ENTRY_VA, ENTRY_VA_S1, ENTRY_IPA };

/*
 * Translate and check all that can be checked of the result alone; @fill is what @r held before: it
 * must not matter
 */
enum walk_status ask(const struct mmu *mmu, enum entry entry, uint64_t address,
		     struct access access, int fill, struct walk_result *r);

bool fits(uint64_t v, unsigned int bits);

/* Walk the tables around @address as a whole, and hold every visit against ask() */
void check_ranges(const struct mmu *mmu, uint64_t address);
void show_ranges(void);

#endif /* FUZZ_WALK_H */
