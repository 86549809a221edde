// SPDX-License-Identifier: GPL-2.0-only
/*
 * --symbols: the file is read when the first name is wanted. What KASLR added to the addresses of vmlinux or
 * System.map (and nothing, where they are a copy of /proc/kallsyms of this boot) is told by the kernel: by its
 * VMCOREINFO, or by VBAR_EL1 and the text of linux_banner, read through the tables at the place that follows.
 */
#include <ctype.h>
#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "linux-regions.h"
#include "names.h"
#include "numbers.h"
#include "regs.h"
#include "source-core.h"
#include "symbols.h"
#include "target.h"
#include "view.h"
#include "vmcoreinfo.h"
#include "walk.h"

static int unplaced(const struct ctx *ctx, const char *why)
{
	return fail(ST_UNREADABLE, "--symbols %s: %s: what KASLR added is not known; --kaslr-offset says it", ctx->symbols_file,
		    why);
}

static int strange(const struct ctx *ctx, const char *why)
{
	return fail(ST_USAGE, "--symbols %s: not of the kernel that was dumped: %s", ctx->symbols_file, why);
}

/* ---- of a dump ------------------------------------------------------------------------------- */

static int offset_by_info(struct ctx *ctx, const char *info, uint64_t *offset)
{
	const char *id = symbols_build_id(ctx->symbols);
	uint64_t is, was, kaslr;
	char build_id[129];

	if (id && vmcoreinfo_text(info, "BUILD-ID", build_id, sizeof(build_id)) && strcmp(id, build_id))
		return strange(ctx, "its build id is another");
	if (!symbols_addr(ctx->symbols, "_stext", &was))
		return unplaced(ctx, "it has no symbol _stext");
	if (!vmcoreinfo_symbol(info, "_stext", &is) || !vmcoreinfo_hex(info, "KERNELOFFSET", &kaslr))
		return unplaced(ctx, "VMCOREINFO lacks SYMBOL(_stext) or KERNELOFFSET");
	*offset = is - was;
	if (*offset && *offset != kaslr)
		return strange(ctx, "_stext is neither where the kernel has it nor KERNELOFFSET lower");
	return 0;
}

static int offset_of_core(struct ctx *ctx, const struct target *t, uint64_t *offset)
{
	struct core_info info;
	int ret = source_core_info(t->src, &info);

	if (ret)
		return unplaced(ctx, "the dump has no VMCOREINFO, or that of several kernels");
	return offset_by_info(ctx, info.text, offset);
}

/* ---- of a kernel that runs ------------------------------------------------------------------- */

/* Is the kernel's banner where the symbol with @offset says? */
static bool banner_at(const struct target *t, const struct mmu *mmu, uint64_t banner, uint64_t offset)
{
	static const char begins[] = "Linux version ";
	const struct access show = { .kind = ACCESS_SHOW };
	struct walk_result w;
	char text[sizeof(begins) - 1];

	return walk_va(mmu, va(banner + offset), show, &w) == WALK_OK &&
	       !t->src->ops->read_mem(t->src, w.pa, w.has_ipa ? &w.ipa : NULL, text, sizeof(text)) &&
	       !memcmp(text, begins, sizeof(text));
}

/*
 * VBAR is that of the vectors, unless the CPU is in user space behind a trampoline (KPTI, Spectre-BHB): then an offset
 * of 0 is tried, which kallsyms has. Without a banner to look for only VBAR itself at the symbol is proof.
 */
static int offset_by_vectors(struct ctx *ctx, const struct target *t, uint64_t *offset)
{
	uint64_t vectors, vbar, banner;
	struct regs regs;
	struct mmu mmu;
	int ret = target_mmu(ctx, t, OF_VA, UINT64_MAX, &regs, &mmu);

	if (ret)
		return ret;
	if (!symbols_addr(ctx->symbols, "vectors", &vectors))
		return unplaced(ctx, "it has no symbol \"vectors\", or several");
	if (!regs_have(&regs, mmu.regime == REGIME_EL20 ? REG_VBAR_EL2 : REG_VBAR_EL1))
		return unplaced(ctx, "VBAR is not among the registers");
	vbar = regs.val[mmu.regime == REGIME_EL20 ? REG_VBAR_EL2 : REG_VBAR_EL1];
	*offset = vbar - vectors;
	if (!*offset)
		return 0;
	if (!symbols_addr(ctx->symbols, "linux_banner", &banner))
		return unplaced(ctx, "VBAR is not at its \"vectors\", and it has no linux_banner to prove an offset by");
	if (banner_at(t, &mmu, banner, *offset))
		return 0;
	*offset = 0;
	if (banner_at(t, &mmu, banner, 0))
		return 0;
	return unplaced(ctx, "linux_banner is not where VBAR puts it");
}

int names_open(struct ctx *ctx, const struct target *t)
{
	uint64_t offset = ctx->kaslr_offset;
	char reason[SYMBOL_REASON];
	int ret = 0;

	if (!ctx->symbols_file || ctx->symbols)
		return 0;
	ctx->symbols = symbols_load(ctx->symbols_file, reason);
	if (!ctx->symbols)
		return fail(ST_UNREADABLE, "--symbols %s: %s", ctx->symbols_file, reason);
	if (!ctx->kaslr_given)
		ret = ctx->core ? offset_of_core(ctx, t, &offset) : offset_by_vectors(ctx, t, &offset);
	if (!ret && !symbols_shift(ctx->symbols, offset))
		ret = fail(ST_USAGE, "--symbols %s: with 0x%" PRIx64 " added, they lie beyond the kernel's addresses",
			   ctx->symbols_file, offset);
	if (!ret)
		ctx->view->symbols = ctx->symbols;
	return ret;
}

void names_close(struct ctx *ctx)
{
	symbols_free(ctx->symbols);
}

/* ---- regions --------------------------------------------------------------------------------- */

static bool read_va(const struct target *t, const struct mmu *mmu, uint64_t at, void *buf, size_t len)
{
	const struct access show = { .kind = ACCESS_SHOW };
	struct walk_result w;

	return walk_va(mmu, va(at), show, &w) == WALK_OK &&
	       !t->src->ops->read_mem(t->src, w.pa, w.has_ipa ? &w.ipa : NULL, buf, len);
}

/* A kernel that runs has its VMCOREINFO in the page that vmcoreinfo_data points to */
static bool read_info(const struct ctx *ctx, const struct target *t, const struct mmu *mmu, char *text, size_t size)
{
	uint64_t at, page;

	if (!ctx->symbols || !symbols_addr(ctx->symbols, "vmcoreinfo_data", &at) ||
	    !read_va(t, mmu, at, &page, sizeof(page)))
		return false;
	page = le64toh(page);
	if (!read_va(t, mmu, page, text, size - 1))
		return false;
	text[size - 1] = '\0';
	return !strncmp(text, VMCOREINFO_FIRST, strlen(VMCOREINFO_FIRST));
}

void names_regions(const struct ctx *ctx, const struct target *t, const struct mmu *mmu, struct linux_regions *r)
{
	struct core_info info;
	char text[4096 + 1];

	r->count = 0;
	if (ctx->core && !source_core_info(t->src, &info))
		linux_regions(info.text, ctx->symbols, r);
	else if (!ctx->core && read_info(ctx, t, mmu, text, sizeof(text)))
		linux_regions(text, ctx->symbols, r);
}

/* ---- operands -------------------------------------------------------------------------------- */

#define CANDIDATES	16

static int ambiguous(const struct ctx *ctx, const char *name, size_t len, const uint64_t *addr, size_t n)
{
	char list[CANDIDATES * 20 + 8] = "";
	size_t i, used = 0;

	for (i = 0; i < n && i < CANDIDATES; i++)
		used += snprintf(list + used, sizeof(list) - used, " 0x%" PRIx64, addr[i]);
	return usage(ctx, "\"%.*s\" is the name of %zu symbols, at%s%s: give the address", (int)len, name, n, list,
		     n > CANDIDATES ? " ..." : "");
}

int arg_va(struct ctx *ctx, const struct target *t, const char *s, uint64_t *va)
{
	size_t len = strcspn(s, "+"), n;
	uint64_t addr[CANDIDATES], offset = 0;
	int ret;

	/* no name of C begins with a digit */
	if (!ctx->symbols_file || !len || isdigit((unsigned char)*s))
		return arg_u64(ctx, "VA", s, va);
	if (s[len] && !parse_u64(s + len + 1, &offset))
		return usage(ctx, "\"%s\" is not NAME+OFFSET: the offset is 0x hexadecimal or decimal", s);
	ret = names_open(ctx, t);
	if (ret)
		return ret;
	n = symbols_named(ctx->symbols, s, len, addr, CANDIDATES);
	if (!n)
		return usage(ctx, "there is no symbol \"%.*s\" in %s", (int)len, s, ctx->symbols_file);
	if (n > 1)
		return ambiguous(ctx, s, len, addr, n);
	*va = addr[0] + offset;
	return 0;
}

/* A and B, or A and SIZE, of a range cut at @at */
static int cut_range(struct ctx *ctx, const struct target *t, const char *what, const char *s, const char *at,
		     uint64_t *first, uint64_t *last)
{
	char *head = strndup(s, at - s);
	uint64_t end;
	int ret;

	if (!head)
		return fail(ST_UNREADABLE, "out of memory");
	ret = arg_va(ctx, t, head, first);
	free(head);
	if (!ret && *at == '+')
		ret = arg_size(ctx, what, at + 1, &end);
	else if (!ret)
		ret = arg_va(ctx, t, at + 1, &end);
	if (ret)
		return ret;
	if (*at == '+')
		end += *first;
	if (end <= *first)
		return usage(ctx, "%s \"%s\" is reversed, empty, or reaches beyond the address space", what, s);
	*last = end - 1;
	return 0;
}

int arg_va_range(struct ctx *ctx, const struct target *t, const char *what, const char *s, uint64_t *first,
		 uint64_t *last)
{
	const char *at = strchr(s, '-');

	if (!at)
		at = strrchr(s, '+');
	if (!ctx->symbols_file || !at || (isdigit((unsigned char)*s) && isdigit((unsigned char)at[1])))
		return arg_range(ctx, what, s, first, last);
	return cut_range(ctx, t, what, s, at, first, last);
}
