// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers, sizes and ranges of the command line and of filters.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "numbers.h"

bool parse_u64(const char *s, uint64_t *v)
{
	bool hex = s[0] == '0' && (s[1] == 'x' || s[1] == 'X');
	const char *digits = hex ? s + 2 : s;
	unsigned long long n;
	char *end;

	/* strtoull() takes blanks and signs, which no address has */
	if (!*digits || digits[strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789")])
		return false;
	errno = 0;
	n = strtoull(digits, &end, hex ? 16 : 10);
	if (errno || *end)
		return false;
	*v = n;
	return true;
}

bool parse_size(const char *s, uint64_t *v)
{
	static const char unit[] = "KMGT";
	size_t n = strlen(s);
	const char *u = n > 1 ? strchr(unit, s[n - 1]) : NULL;
	unsigned int shift = u ? 10 * (u - unit + 1) : 0;
	char digits[32];

	if (!u)
		return parse_u64(s, v);
	if (n >= sizeof(digits))
		return false;
	memcpy(digits, s, n - 1);
	digits[n - 1] = '\0';
	if (!parse_u64(digits, v) || *v > UINT64_MAX >> shift)
		return false;
	*v <<= shift;
	return true;
}

const char *parse_range(const char *s, uint64_t *first, uint64_t *last)
{
	size_t n = strcspn(s, "-+");
	uint64_t a, b;
	char head[32];

	if (!s[n] || n >= sizeof(head))
		return " is neither A-B nor A+SIZE";
	memcpy(head, s, n);
	head[n] = '\0';
	if (!parse_size(head, &a) || !parse_size(s + n + 1, &b))
		return ": an end of it is not a number (0x hexadecimal or decimal)";
	if (s[n] == '+' && (!b || a + (b - 1) < a))
		return " is empty or reaches beyond the address space";
	if (s[n] == '-' && b <= a)
		return " is reversed or empty: the first address comes first";
	*first = a;
	*last = s[n] == '+' ? a + (b - 1) : b - 1;
	return NULL;
}
