// SPDX-License-Identifier: GPL-2.0-only
/*
 * stat: what translation tables come to.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "compare.h"
#include "stat.h"
#include "view-stat.h"
#include "vm-tables.h"

enum { OPT_STAGE = 1 };

static const struct opt opts[] = {
	{ OPT_STAGE, "stage", "1|2|both", "which stage; default 2, or 1 where stage 2 is off" },
	{ 0, NULL, NULL, NULL }
};

struct stats {
	struct ctx	*ctx;
	int		stage;
	uint64_t	sets, unknown;
};

/* One set of tables; what is off is no set */
static int show(struct stats *d, const struct vm_tables *v, const struct mmu *mmu,
		struct stat_view *r)
{
	struct table_stat s;
	int ret = stat_tables(mmu, r->stage, r->half, MAX_TABLES, &s);

	r->vm = v->name;
	r->regime = mmu->regime;
	r->geo = r->stage == 2 ? &mmu->s2.geo : &mmu->s1[r->half].geo;
	r->stat = &s;
	r->changed = v->stream.changed || s.gone;
	if (!ret) {
		d->ctx->view->ops->stat(d->ctx->view, r);
		d->sets++;
		d->unknown += s.unreadable + s.limited;
	}
	stat_free(&s);
	if (!ret || ret == -ENOENT)
		return 0;
	return fail(ST_UNREADABLE, "%s: %s", v->name, strerror(-ret));
}

static int show_vm(void *arg, const struct vm_tables *v)
{
	struct stats *d = arg;
	struct stat_view r = { .stage = 2 };
	size_t i;
	int ret = d->stage != 1 ? show(d, v, &v->stage2, &r) : 0;

	for (i = 0; !ret && d->stage != 2 && i < v->nhalves; i++) {
		r = (struct stat_view){
			.stage = 1, .half = v->half[i].half, .vcpu = v->half[i].vcpu->vcpu,
		};
		ret = show(d, v, &v->half[i].vcpu->mmu, &r);
	}
	if (v->unread)
		d->ctx->view->ops->vm_trouble(d->ctx->view, v->name, v->trouble);
	d->unknown += v->unread;
	return ret;
}

int stat_vm(struct ctx *ctx, int stage, const struct vm_tables *v)
{
	struct stats d = { .ctx = ctx, .stage = stage };
	int ret;

	ctx->view->ops->stat_begin(ctx->view);
	ret = show_vm(&d, v);
	ctx->view->ops->stat_end(ctx->view);
	return ret;
}

static int stat_files(struct stats *d)
{
	struct vm_tables v;
	int ret = vm_tables_files(d->ctx, &v);

	if (d->stage == STAGE_DEFAULT)
		d->stage = v.stage2.s2.vm ? 2 : 1;
	if (!ret)
		ret = show_vm(d, &v);
	vm_tables_close(&v);
	if (!ret && !d->sets)
		ret = fail(ST_FINDING, "files: that stage is off: there are no tables");
	return ret;
}

static int stat_vms(struct stats *d, int argc, char **argv)
{
	struct vm_ref *refs;
	size_t n;
	int ret = vms_find(d->ctx, argc, argv, &refs, &n);

	if (ret)
		return ret;
	if (d->stage == STAGE_DEFAULT)
		d->stage = 2;
	ret = vm_tables_each(d->ctx, refs, n, d->stage != 2, show_vm, d, &d->unknown);
	free(refs);
	return ret;
}

static int run(struct ctx *ctx, int argc, char **argv)
{
	struct stats d = { .ctx = ctx, .stage = STAGE_DEFAULT };
	bool files;
	int id, ret = 0;

	while (!ret && (id = cmd_opt(ctx, argc, argv)) > 0)
		ret = arg_stage(ctx, optarg, &d.stage);
	if (ret || id == CMD_OPT_BAD)
		return ST_USAGE;
	files = from_files(ctx);
	if (files && optind < argc)
		return usage(ctx, "\"%s\": with --ram, --core and --regs no VM is named", argv[optind]);
	ctx->view->ops->stat_begin(ctx->view);
	ret = files ? stat_files(&d) : stat_vms(&d, argc, argv);
	if (ret)
		return ret;
	ctx->view->ops->stat_end(ctx->view);
	if (d.unknown)
		return fail(ST_UNREADABLE, "not everything could be read: the sums are too small");
	return ST_DONE;
}

const struct cmd cmd_stat = {
	.name = "stat",
	.args = "[VM...]",
	.summary = "what tables come to: bytes by level and rights, cost, larger blocks",
	.help = "For each set of tables: what is mapped at each level, with which rights and memory type, what the tables\n"
		"cost, where contiguous runs or one block in place of a table would do, and why there is none.",
	.opts = opts,
	.translates = true,
	.fn = run,
};
