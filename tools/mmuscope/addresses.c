// SPDX-License-Identifier: GPL-2.0-only
/*
 * --from: addresses from a file.
 */
#include <errno.h>
#include <string.h>

#include "addresses.h"
#include "cmd.h"
#include "names.h"
#include "numbers.h"

FILE *addresses_open(const char *file)
{
	FILE *in = strcmp(file, "-") ? fopen(file, "re") : stdin;

	if (!in)
		fail(ST_UNREADABLE, "%s: %s", file, strerror(errno));
	return in;
}

void addresses_close(FILE *in)
{
	if (in != stdin)
		fclose(in);
}

struct reading {
	struct ctx		*ctx;
	const struct target	*t;
	const char		*file;
	unsigned int		line;
	bool			take_ipa;
};

static int parse(const struct reading *r, const char *s, bool *is_ipa, uint64_t *address)
{
	*is_ipa = r->take_ipa && !strncmp(s, "ipa:", 4);
	if (parse_u64(*is_ipa ? s + 4 : s, address))
		return 0;
	if (!*is_ipa && r->ctx->symbols_file)
		return arg_va(r->ctx, r->t, s, address);
	return usage(r->ctx,
		     "%s, line %u: \"%s\" is not a 64-bit number (0x hexadecimal, or decimal)",
		     r->file, r->line, s);
}

int addresses_read(struct ctx *ctx, const struct target *t, const char *file, bool take_ipa,
		   int (*each)(void *arg, bool is_ipa, uint64_t address), void *arg)
{
	struct reading r = { .ctx = ctx, .t = t, .file = file, .take_ipa = take_ipa };
	FILE *in = addresses_open(file);
	uint64_t address;
	char line[256], *s;
	bool is_ipa;
	int ret = 0;

	if (!in)
		return ST_UNREADABLE;
	while (!ret && fgets(line, sizeof(line), in)) {
		r.line++;
		s = line + strspn(line, " \t");
		s[strcspn(s, " \t\r\n")] = '\0';
		if (!*s || *s == '#')
			continue;
		ret = parse(&r, s, &is_ipa, &address);
		if (!ret)
			ret = each(arg, is_ipa, address);
	}
	if (!ret && ferror(in))
		ret = fail(ST_UNREADABLE, "%s: %s", file, strerror(errno));
	addresses_close(in);
	return ret;
}
