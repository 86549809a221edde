/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * --symbols: names for addresses, and addresses by name.
 */
#ifndef MMUSCOPE_NAMES_H
#define MMUSCOPE_NAMES_H

#include <stdint.h>

struct ctx;
struct linux_regions;
struct mmu;
struct target;

/*
 * Load the file of --symbols, if one was given, and find out where @t's kernel runs; the view then names addresses.
 * Once; 0, or the exit status after the message: symbols are never placed by a guess.
 */
int names_open(struct ctx *ctx, const struct target *t);
void names_close(struct ctx *ctx);

/*
 * What the kernel of @t uses its addresses for, by its VMCOREINFO: of a dump, or, with --symbols, in the memory of a
 * guest. None where that is not to be had.
 */
void names_regions(const struct ctx *ctx, const struct target *t, const struct mmu *mmu, struct linux_regions *r);

/* A VA: a number, or NAME or NAME+0xOFFSET of @t's kernel; 0, or ST_USAGE or another status after the message */
int arg_va(struct ctx *ctx, const struct target *t, const char *s, uint64_t *va);
/* The same for A-B and A+SIZE, as arg_range() */
int arg_va_range(struct ctx *ctx, const struct target *t, const char *what, const char *s, uint64_t *first,
		 uint64_t *last);

#endif /* MMUSCOPE_NAMES_H */
