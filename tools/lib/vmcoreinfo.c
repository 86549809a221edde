// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Lines of KEY=VALUE.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmcoreinfo.h"

bool vmcoreinfo_text(const char *info, const char *key, char *value, size_t size)
{
	size_t n = strlen(key), len;

	for (; *info; info += info[len] ? len + 1 : len) {
		len = strcspn(info, "\n");
		if (len <= n || info[n] != '=' || strncmp(info, key, n))
			continue;
		len -= n + 1;
		if (len >= size)
			return false;
		memcpy(value, info + n + 1, len);
		value[len] = '\0';
		return true;
	}
	return false;
}

/* @base 0: hexadecimal with 0x, else decimal */
static bool parse(const char *info, const char *key, int base, uint64_t *value)
{
	char text[32], *end;
	unsigned long long v;

	if (!vmcoreinfo_text(info, key, text, sizeof(text)) || !*text || strchr("+- \t", *text))
		return false;
	if (!base)
		base = strncmp(text, "0x", 2) ? 10 : 16;
	errno = 0;
	v = strtoull(text, &end, base);
	if (errno || *end)
		return false;
	*value = v;
	return true;
}

bool vmcoreinfo_decimal(const char *info, const char *key, uint64_t *value)
{
	return parse(info, key, 10, value);
}

bool vmcoreinfo_hex(const char *info, const char *key, uint64_t *value)
{
	return parse(info, key, 16, value);
}

static bool in_brackets(const char *info, const char *what, const char *name, int base, uint64_t *value)
{
	char key[64];

	return (size_t)snprintf(key, sizeof(key), "%s(%s)", what, name) < sizeof(key) &&
	       parse(info, key, base, value);
}

bool vmcoreinfo_number(const char *info, const char *name, uint64_t *value)
{
	return in_brackets(info, "NUMBER", name, 0, value);
}

bool vmcoreinfo_symbol(const char *info, const char *name, uint64_t *value)
{
	return in_brackets(info, "SYMBOL", name, 16, value);
}
