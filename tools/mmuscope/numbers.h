/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers as people type them. Messages are the caller's.
 */
#ifndef MMUSCOPE_NUMBERS_H
#define MMUSCOPE_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

/* Strict: 0x hexadecimal or decimal, the whole string, no sign, within 64 bits */
bool parse_u64(const char *s, uint64_t *v);
/* The same for a number of bytes: K, M, G or T may follow, times 1024 each */
bool parse_size(const char *s, uint64_t *v);
/*
 * "A-B", B not included, and "A+SIZE" as first and last address. NULL, or what is wrong with it in
 * words that go on after it ("" is neither ...").
 */
const char *parse_range(const char *s, uint64_t *first, uint64_t *last);

#endif /* MMUSCOPE_NUMBERS_H */
