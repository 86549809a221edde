// SPDX-License-Identifier: GPL-2.0-only
/*
 * regs: the registers of a vCPU, of the host or of a file, field by field.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "regs.h"
#include "target.h"
#include "view-regs.h"
#include "view.h"

enum { OPT_RAW = 1 };

static const struct opt opts[] = {
	{ OPT_RAW,	"raw",	NULL,	"lines of NAME 0xVALUE, as --regs reads them" },
	{ 0, NULL, NULL, NULL }
};

struct regs_run {
	struct ctx	*ctx;
	bool		raw;
	char		*text;		/* as it came */
	size_t		len;
	char		*notes, *unknown;
	size_t		nids;
	enum reg_id	ids[REG_COUNT];
	struct regs	regs;
	int		status;
};

/* Append to a string that was allocated for the whole text, so that it always fits */
static void append(char *to, const char *before, const char *s, size_t len, const char *after)
{
	to += strlen(to);
	to = stpcpy(to, before);
	memcpy(to, s, len);
	strcpy(to + len, after);
}

static void note(void *arg, const char *s, size_t len)
{
	struct regs_run *r = arg;

	append(r->notes, "", s, len, "\n");
}

static void unknown(void *arg, const char *name, size_t len)
{
	struct regs_run *r = arg;

	append(r->unknown, " ", name, len, "");
}

static int parse(struct regs_run *r, const struct target *t)
{
	struct regs_parser p = { .note = note, .unknown = unknown, .arg = r };
	bool files = t->kind == TARGET_FILES;

	/* each line yields at most one byte more than it has */
	r->notes = calloc(2, r->len + 1);
	r->unknown = calloc(2, r->len + 1);
	if (!r->notes || !r->unknown)
		return fail(ST_UNREADABLE, "out of memory");
	if (regs_parse(&r->regs, r->text, r->len, &p))
		return fail(files ? ST_USAGE : ST_UNREADABLE, "%s, line %zu: %s",
			    r->ctx->regs_file ? r->ctx->regs_file : t->name, p.line, p.reason);
	if (files && !p.known)
		return fail(ST_USAGE,
			    "%s: not one register that mmuscope knows: lines are NAME 0xVALUE",
			    r->ctx->regs_file);
	return 0;
}

static bool have(const struct regs_run *r, enum reg_id id)
{
	return regs_have(&r->regs, id) || regs_have_hi(&r->regs, id);
}

/* Of a guest whose EL1 is AArch32 KVM keeps these; what they hold are the AArch32 registers */
static bool only_holds_aarch32(enum reg_id id)
{
	switch (id) {
	case REG_SCTLR_EL1: case REG_TCR_EL1: case REG_TTBR0_EL1: case REG_TTBR1_EL1:
	case REG_MAIR_EL1:
	case REG_CONTEXTIDR_EL1: case REG_ESR_EL1: case REG_FAR_EL1: case REG_PAR_EL1:
		return true;
	default:
		return false;
	}
}

static void take_all(struct regs_run *r)
{
	bool aarch32 = regs_have(&r->regs, REG_HCR_EL2) && !REGF(&r->regs, HCR_EL2, RW) &&
		       REGF(&r->regs, HCR_EL2, VM);
	size_t id;

	if (aarch32)
		regs_aarch32(&r->regs);
	for (id = 0; id < REG_COUNT; id++)
		if (have(r, id) && !(aarch32 && only_holds_aarch32(id)))
			r->ids[r->nids++] = id;
}

/* Names first, all of them, so that a typing error gives no half answer */
static int find_names(struct regs_run *r, int argc, char **argv)
{
	enum reg_id id;
	bool hi;
	int i;

	if (argc - optind > (int)REG_COUNT)
		return usage(r->ctx, "more names than there are registers");
	for (i = optind; i < argc; i++) {
		if (!reg_find(argv[i], strlen(argv[i]), &id, &hi))
			return usage(r->ctx, "there is no register \"%s\" that mmuscope knows",
				     argv[i]);
		r->ids[r->nids++] = id;
	}
	return 0;
}

/* What is not given is said, never taken for 0 */
static void drop_absent(struct regs_run *r, const char *target)
{
	size_t i, kept = 0;

	for (i = 0; i < r->nids; i++) {
		if (have(r, r->ids[i]))
			r->ids[kept++] = r->ids[i];
		else
			r->status = fail(ST_FINDING, "%s: %s is not among its registers", target,
					 reg_name(r->ids[i]));
	}
	r->nids = kept;
}

static int show(struct regs_run *r, const struct target *t, int argc, char **argv)
{
	bool all = optind == argc;
	struct regs_result res;
	int ret = find_names(r, argc, argv);

	if (ret)
		return ret;
	ret = target_regs_text(r->ctx, t, &r->text, &r->len);
	if (!ret)
		ret = parse(r, t);
	if (ret)
		return ret;
	if (all)
		take_all(r);
	else
		drop_absent(r, t->name);
	if (!r->nids && !all)
		return r->status;
	res = (struct regs_result){
		.target = t->name, .list = { &r->regs, r->ids, r->nids, false },
		.notes = r->notes, .unknown = r->unknown,
		.raw = !r->raw ? NULL : all ? r->text : "",
	};
	r->ctx->view->ops->regs(r->ctx->view, &res);
	return r->status;
}

static int run(struct ctx *ctx, int argc, char **argv)
{
	struct regs_run r = { .ctx = ctx };
	struct target t;
	int id, ret;

	while ((id = cmd_opt(ctx, argc, argv)) > 0)
		r.raw = true;
	if (id == CMD_OPT_BAD)
		return ST_USAGE;
	ret = target_open(ctx, argc, argv, &t);
	if (!ret && t.kind == TARGET_PROCESS)
		ret = usage(ctx, "a process has no registers of its own; host has");
	if (!ret)
		ret = show(&r, &t, argc, argv);
	target_close(&t);
	free(r.text);
	free(r.notes);
	free(r.unknown);
	return ret;
}

const struct cmd cmd_regs = {
	.name = "regs",
	.args = "VM[:VCPU]|host [REG...]",
	.summary = "registers of this moment, every field by name and meaning",
	.help = "Without REG, all that are given. Reserved bits are shown where they are not what\n"
		"they should be (!). Exit status 1 if a register that was named is not given.",
	.opts = opts,
	.fn = run,
};
