/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which ranges of a dump are wanted, as an expression that people type:
 *
 *	expression	either { ("or" | "||") either }
 *	either		one { ("and" | "&&") one }
 *	one		("not" | "!") one | "(" expression ")" | WORD | NAME OPERATOR VALUE
 *
 * mmuscope-dump(8) lists words, names and values.
 */
#ifndef MMUSCOPE_FILTER_H
#define MMUSCOPE_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map_range;
struct filter;

/* What a filter asks for that not every dump has */
#define FILTER_VA	(1u << 0)
#define FILTER_IPA	(1u << 1)
#define FILTER_PA	(1u << 2)
#define FILTER_STAGE1	(1u << 3)	/* flags of stage-1 descriptors */

#define FILTER_MESSAGE	320

struct filter_error {
	size_t	at;			/* offset in the text */
	int	status;			/* not 0: .resolve has told, and this is its status */
	char	message[FILTER_MESSAGE];
};

/*
 * .va_range places VAs that are not numbers (symbols): 0, or an exit status after its message. NULL: there are only
 * numbers.
 */
struct filter_names {
	int (*va_range)(void *arg, const char *s, uint64_t *first, uint64_t *last);
	void *arg;
};

/* NULL after @err was filled. To be freed by filter_free(). */
struct filter *filter_parse(const char *text, const struct filter_names *names, struct filter_error *err);
void filter_free(struct filter *f);

/* FILTER_*: what the terms of @f ask for */
uint32_t filter_asks(const struct filter *f);

/*
 * Is @r wanted? Of a range that faults, terms about rights, memory, flags and output are neither true nor false, and
 * with "not" before them neither; a range that was not read is always wanted. @to_ipa: the output of plain ranges of
 * stage 1 is an IPA.
 */
bool filter_wants(const struct filter *f, const struct map_range *r, bool to_ipa);

#endif /* MMUSCOPE_FILTER_H */
