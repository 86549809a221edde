/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * --from: addresses from a file.
 */
#ifndef MMUSCOPE_ADDRESSES_H
#define MMUSCOPE_ADDRESSES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct ctx;
struct target;

/* The file, or standard input for "-"; NULL after the message. addresses_close() leaves the latter open. */
FILE *addresses_open(const char *file);
void addresses_close(FILE *in);

/*
 * One address a line, a VA (or with --symbols a name of @t's kernel) or, where @take_ipa, ipa:IPA; empty lines and
 * those that begin with # do not count. @each returns 0 to go on. 0, what @each returned, or the exit status after the
 * message.
 */
int addresses_read(struct ctx *ctx, const struct target *t, const char *file, bool take_ipa,
		   int (*each)(void *arg, bool is_ipa, uint64_t address), void *arg);

#endif /* MMUSCOPE_ADDRESSES_H */
