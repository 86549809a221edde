// SPDX-License-Identifier: GPL-2.0-only
/*
 * diff: what the tables of a VM map on one side and on the other.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "compare.h"
#include "view-diff.h"

enum { OPT_STAGE = 1, OPT_VCPU };

static const struct opt opts[] = {
	{ OPT_STAGE, "stage", "1|2|both", "which stage; default 2" },
	{ OPT_VCPU, "vcpu", "N", "whose stage 1; default 0" },
	{ 0, NULL, NULL, NULL }
};

/* A host with the VMs that are compared; its context is that of the program with another host */
struct side {
	const char	*name;		/* the operand */
	struct ctx	ctx;
	struct vm_ref	*refs;
	size_t		n;
};

struct diffing {
	struct ctx	*ctx;
	struct compare	compare;
	struct side	a, b;
	bool		differ;
	uint64_t	unknown;
};

/* "live", a captured tree, or a snapshot */
static int open_side(struct diffing *d, struct side *s, int argc, char **argv)
{
	struct stat st;

	s->ctx = *d->ctx;
	if (strcmp(s->name, "live")) {
		if (stat(s->name, &st))
			return fail(ST_UNREADABLE, "%s: %s", s->name, strerror(errno));
		s->ctx.sysroot = S_ISDIR(st.st_mode) ? s->name : "";
		s->ctx.snapshot = &s->name;
		s->ctx.nsnapshots = !S_ISDIR(st.st_mode);
	}
	optind = 0;
	return vms_find(&s->ctx, argc, argv, &s->refs, &s->n);
}

static void close_side(struct side *s)
{
	free(s->refs);
	hosts_close(&s->ctx);
}

/* ---- pairs ----------------------------------------------------------------------------------- */

/* The same VM on the other side: by the name that QEMU or libvirt gave it, else by PID-FD */
static const struct vm_ref *other_of(const struct vm_ref *ref, const struct side *s)
{
	size_t i;

	for (i = 0; ref->vm.name[0] && i < s->n; i++)
		if (!strcmp(s->refs[i].vm.name, ref->vm.name))
			return &s->refs[i];
	for (i = 0; i < s->n; i++)
		if (!strcmp(s->refs[i].vm.dir, ref->vm.dir))
			return &s->refs[i];
	return NULL;
}

/* Not 0: the VM was told to be unreadable, or it has ended and is in no side */
static int open_vm(struct diffing *d, const struct side *s, const struct vm_ref *ref,
		   struct vm_tables *v)
{
	int ret = vm_tables_open(&s->ctx, ref, true, v);

	if (ref->vm.name[0])
		snprintf(v->name, sizeof(v->name), "%s", ref->vm.name);
	if (ret || v->unread) {
		d->ctx->view->ops->vm_trouble(d->ctx->view, v->name, v->trouble);
		d->unknown++;
	}
	return ret;
}

static int compare_vm(struct diffing *d, const struct vm_ref *ref_a, const struct vm_ref *ref_b)
{
	struct vm_tables a, b = { 0 };
	int ret = open_vm(d, &d->a, ref_a, &a);

	if (!ret)
		ret = open_vm(d, &d->b, ref_b, &b);
	/* what could not be opened is told, and no reason to leave out the others */
	ret = ret ? 0 : compare_tables(&d->compare, &a, &b);
	vm_tables_close(&a);
	vm_tables_close(&b);
	return ret;
}

static void only(struct diffing *d, const struct vm_ref *ref, const struct side *s)
{
	const char *name = ref->vm.name[0] ? ref->vm.name : ref->vm.dir;

	d->ctx->view->ops->diff_only(d->ctx->view, name, s->name);
	d->differ = true;
}

static int compare_sides(struct diffing *d)
{
	const struct vm_ref *other;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < d->a.n; i++) {
		other = other_of(&d->a.refs[i], &d->b);
		if (other)
			ret = compare_vm(d, &d->a.refs[i], other);
		else
			only(d, &d->a.refs[i], &d->a);
	}
	for (i = 0; !ret && i < d->b.n; i++)
		if (!other_of(&d->b.refs[i], &d->a))
			only(d, &d->b.refs[i], &d->b);
	return ret;
}

static int diff(struct diffing *d)
{
	struct view *v = d->ctx->view;
	int ret;

	v->ops->diff_begin(v, d->a.name, d->b.name);
	ret = compare_sides(d);
	if (ret)
		return ret;
	v->ops->diff_end(v);
	if (d->compare.changed)
		fprintf(stderr,
			"mmuscope: tables changed while they were read: a side is of no single moment\n");
	d->unknown += d->compare.unknown;
	if (d->unknown)
		return fail(ST_UNREADABLE, "%" PRIu64
			    " parts could not be read: whether they differ is not known", d->unknown);
	return d->differ || d->compare.differences ? ST_FINDING : ST_DONE;
}

/* ---- the command line ------------------------------------------------------------------------ */

static int parse_opts(struct diffing *d, int argc, char **argv)
{
	uint64_t n = 0;
	int id, ret = 0;

	d->compare.stage = 2;
	while (!ret && (id = cmd_opt(d->ctx, argc, argv)) > 0) {
		switch (id) {
		case OPT_STAGE:
			ret = arg_stage(d->ctx, optarg, &d->compare.stage);
			break;
		case OPT_VCPU:
			ret = arg_u64(d->ctx, "--vcpu", optarg, &n);
			if (!ret && n > INT32_MAX)
				ret = usage(d->ctx, "there is no vCPU %s", optarg);
			d->compare.vcpu = n;
			break;
		}
	}
	if (ret || id == CMD_OPT_BAD)
		return ST_USAGE;
	if (d->ctx->nram || d->ctx->regs_file)
		return usage(d->ctx, "diff compares hosts, not --ram or --regs");
	if (d->ctx->nsnapshots)
		return usage(d->ctx, "the sides are operands: diff FILE live");
	if (argc - optind < 2)
		return usage(d->ctx, "what is to be compared with what?");
	d->a.name = argv[optind++];
	d->b.name = argv[optind++];
	return 0;
}

static int run(struct ctx *ctx, int argc, char **argv)
{
	struct diffing d = { .ctx = ctx, .compare.ctx = ctx };
	int ret = parse_opts(&d, argc, argv);

	argc -= optind;
	argv += optind;
	if (!ret)
		ret = open_side(&d, &d.a, argc, argv);
	if (!ret)
		ret = open_side(&d, &d.b, argc, argv);
	if (!ret)
		ret = diff(&d);
	close_side(&d.a);
	close_side(&d.b);
	return ret;
}

const struct cmd cmd_diff = {
	.name = "diff",
	.args = "A B [VM...]",
	.summary = "what appeared, went and changed in VMs' tables from A to B",
	.help = "A and B are snapshots, or \"live\" for this host as it is now. VMs are matched by name, else by PID-FD.\n"
		"With stage 2 or 1 their registers are compared too. Lines begin with + for what appeared, - for what\n"
		"went, ! for what changed, ? for what could not be read.",
	.opts = opts,
	.translates = true,
	.fn = run,
};
