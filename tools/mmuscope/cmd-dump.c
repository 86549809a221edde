// SPDX-License-Identifier: GPL-2.0-only
/*
 * dump: all that is mapped, as merged ranges or table by table.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "filter.h"
#include "linux-regions.h"
#include "names.h"
#include "regs.h"
#include "target.h"
#include "view.h"

enum { OPT_STAGE = 1, OPT_RANGE, OPT_TREE, OPT_INVALID, OPT_FILTER };

static const struct opt opts[] = {
	{ OPT_STAGE, "stage", "1|2|both", "which stage; default 2, or 1 where stage 2 is off" },
	{ OPT_RANGE, "range", "A-B|A+SIZE", "input addresses from A up to B, not including it" },
	{ OPT_TREE, "tree", NULL, "every descriptor that is not zero, in its table" },
	{ OPT_INVALID, "invalid", NULL, "also invalid descriptors that are not zero" },
	{ OPT_FILTER, "filter", "EXPR", "ranges that this is true of, for instance \"wx and not user\"" },
	{ 0, NULL, NULL, NULL }
};

struct dump {
	struct ctx		*ctx;
	struct target		t;
	struct mmu		mmu;
	int			stage;		/* 1, 2, STAGE_BOTH, STAGE_DEFAULT */
	bool			tree, invalid;
	bool			has_range;
	uint64_t		first, last;	/* inclusive */
	const char		*range;		/* as typed */
	const char		*expr;		/* of --filter, as typed; or NULL */
	struct filter		*filter;
	bool			to_ipa;		/* the output of stage 1 is an IPA */
	struct range_merge	merge;
	uint32_t		classes;	/* of both halves */
	uint32_t		before;		/* tree: the event before */
	struct visit		empty;		/* tree: the zeros after a VISIT_TABLE_PRE */
	struct dump_tail	tail;
	struct linux_regions	regions;
	uint64_t		gone;		/* tables */
	bool			limited;
};

/* ---- operands -------------------------------------------------------------------------------- */

/* What a granule is is not known yet; and what a name is only with the target */
static int take_range(struct dump *d, const char *s)
{
	d->range = s;
	d->has_range = true;
	return d->ctx->symbols_file ? 0 : arg_range(d->ctx, "--range", s, &d->first, &d->last);
}

static int place_filter_range(void *arg, const char *s, uint64_t *first, uint64_t *last)
{
	struct dump *d = arg;
	int ret;

	if (strpbrk(s, "-+"))
		return arg_va_range(d->ctx, &d->t, "--filter va", s, first, last);
	ret = arg_va(d->ctx, &d->t, s, first);
	*last = *first;
	return ret;
}

static int take_filter(struct dump *d, bool symbols)
{
	const struct filter_names names = { place_filter_range, d };
	struct filter_error err;

	d->filter = filter_parse(d->expr, symbols ? &names : NULL, &err);
	if (d->filter)
		return 0;
	if (err.status)
		return err.status;
	return usage(d->ctx, "--filter \"%s\", at character %zu: %s", d->expr, err.at + 1, err.message);
}

static int place_names(struct dump *d)
{
	int ret = 0;

	if (!d->ctx->symbols_file)
		return 0;
	if (d->has_range)
		ret = arg_va_range(d->ctx, &d->t, "--range", d->range, &d->first, &d->last);
	if (!ret && d->expr)
		ret = take_filter(d, true);
	return ret || d->stage == 2 ? ret : names_open(d->ctx, &d->t);
}

/* A term that can be true of no range here is a mistake, not a dump of nothing */
static int check_filter(struct dump *d)
{
	uint32_t asks = d->filter ? filter_asks(d->filter) : 0;

	d->to_ipa = d->stage == 1 && d->mmu.s2.vm;
	if (asks & FILTER_VA && d->stage == 2)
		return usage(d->ctx, "--filter \"%s\": stage 2 knows no va; --stage both does", d->expr);
	if (asks & FILTER_STAGE1 && d->stage == 2)
		return usage(d->ctx, "--filter \"%s\": ng, gp and ns are of stage 1: --stage 1 or both", d->expr);
	if (asks & FILTER_PA && d->to_ipa)
		return usage(d->ctx, "--filter \"%s\": stage 1 leads to an ipa here; --stage both has the pa",
			     d->expr);
	if (asks & FILTER_IPA && !d->mmu.s2.vm)
		return usage(d->ctx, "--filter \"%s\": there is no ipa where stage 2 is off", d->expr);
	return 0;
}

static const struct geometry *input_geometry(const struct dump *d)
{
	return d->stage == 2 ? &d->mmu.s2.geo : &d->mmu.s1[d->has_range && d->first >> 63].geo;
}

static int check_range(const struct dump *d)
{
	uint64_t page = UINT64_C(1) << input_geometry(d)->granule;
	uint64_t first = d->first & ~(page - 1), beyond = (d->last | (page - 1)) + 1;

	if (!d->has_range || (first == d->first && beyond == d->last + 1))
		return 0;
	return usage(d->ctx,
		     "--range \"%s\" is not a multiple of the granule of %" PRIu64 ": 0x%" PRIx64
		     "-0x%" PRIx64 " is",
		     d->range, page, first, beyond);
}

/* Stage 1 has two halves, or one in regimes without TTBR1; stage 2 has one */
static int halves(const struct dump *d)
{
	return d->stage != 2 && d->mmu.two_halves ? 2 : 1;
}

/* The part of what is wanted that lies in a half; false: none does */
static bool find_part(const struct dump *d, int half, uint64_t *first, uint64_t *last)
{
	if (walk_bounds(&d->mmu, d->stage == 2 ? 2 : 1, half, first, last))
		return false;
	if (d->has_range && d->first > *first)
		*first = d->first;
	if (d->has_range && d->last < *last)
		*last = d->last;
	return *first <= *last;
}

static int settle_stage(struct dump *d)
{
	uint64_t first, last;
	int half, ret;

	if (d->stage == STAGE_DEFAULT)
		d->stage = d->mmu.s2.vm ? 2 : 1;
	if (d->tree && d->expr)
		return usage(d->ctx, "--filter chooses among ranges: not with --tree");
	if (d->stage == STAGE_BOTH && d->tree)
		return usage(d->ctx, "--tree shows the tables of one stage: --stage 1 or 2");
	if (d->stage != 1 && !d->mmu.s2.vm)
		return fail(ST_FINDING, "%s: stage 2 is off (HCR_EL2.VM is 0): each IPA is the PA",
			    d->t.name);
	if (d->stage == 1 && !d->mmu.s1_on)
		return fail(ST_FINDING,
			    "%s: stage 1 is off (SCTLR.M is 0): each VA is the output address",
			    d->t.name);
	ret = check_filter(d);
	if (!ret)
		ret = check_range(d);
	if (ret || !d->has_range)
		return ret;
	for (half = 0; half < halves(d); half++)
		if (find_part(d, half, &first, &last))
			return 0;
	return usage(d->ctx, "--range \"%s\" lies outside of what stage %d translates", d->range,
		     d->stage == 2 ? 2 : 1);
}

/* ---- the walk -------------------------------------------------------------------------------- */

static int emit_range(void *arg, const struct map_range *r)
{
	struct dump *d = arg;

	if (d->filter && !filter_wants(d->filter, r, d->to_ipa)) {
		d->tail.hidden++;
		return 0;
	}
	d->tail.ranges++;
	if (r->status == WALK_UNREADABLE)
		d->tail.unreadable++;
	d->ctx->view->ops->dump_range(d->ctx->view, r);
	return 0;
}

/* A table that was taken away while it was read is a change, which is told, not a failure to read */
static void show_visit(struct dump *d, const struct visit *v)
{
	if (v->event == VISIT_UNREADABLE && v->error == -EAGAIN)
		d->gone++;
	d->ctx->view->ops->dump_visit(d->ctx->view, v);
}

/* What is not a leaf is what was not read, or else a descriptor that every access faults on */
static bool wants_visit(struct dump *d, const struct visit *v)
{
	const struct map_range r = {
		.stage = v->stage, .level = v->level, .ia = v->ia, .size = v->size, .status = WALK_FAULT,
	};

	if (!d->filter || v->event & (VISIT_UNREADABLE | VISIT_LIMIT) || filter_wants(d->filter, &r, d->to_ipa))
		return true;
	d->tail.hidden++;
	return false;
}

static int visit_ranges(void *arg, const struct visit *v)
{
	struct dump *d = arg;
	int ret = range_merge_visit(&d->merge, v);

	if (!ret && v->event != VISIT_LEAF && wants_visit(d, v))
		show_visit(d, v);
	return ret;
}

/* Of a table whose descriptors are all zero nothing else would tell where it is */
static int visit_tree(void *arg, const struct visit *v)
{
	struct dump *d = arg;
	uint32_t before = d->before;

	d->before = v->event;
	if (v->event == VISIT_TABLE_POST) {
		if (before == VISIT_ZERO && d->empty.event)
			show_visit(d, &d->empty);
	} else if (v->event == VISIT_ZERO) {
		d->empty = *v;
		d->empty.event = before == VISIT_TABLE_PRE ? VISIT_ZERO : 0;
	} else {
		show_visit(d, v);
	}
	return 0;
}

static int walk_part(struct dump *d, uint64_t first, uint64_t last)
{
	struct walk_visitor visitor = {
		.events = VISIT_LEAF | VISIT_UNREADABLE | VISIT_FAULT | VISIT_LIMIT,
		.visit = d->tree ? visit_tree : visit_ranges,
		.arg = d, .max_tables = MAX_TABLES, .runs = !d->tree, .classes = &d->classes,
	};
	struct walk_stats stats = { 0 };
	int ret;

	if (d->tree)
		visitor.events |= VISIT_TABLE_PRE | VISIT_TABLE_POST | VISIT_INVALID | VISIT_ZERO;
	if (d->invalid)
		visitor.events |= VISIT_INVALID;
	if (d->stage == STAGE_BOTH)
		ret = walk_both(&d->mmu, first, last, &visitor, &stats);
	else
		ret = walk_range(&d->mmu, d->stage, first, last, &visitor, &stats);
	if (!ret && !d->tree)
		ret = range_merge_flush(&d->merge);
	d->tail.tables += stats.tables;
	d->tail.unreadable += stats.unreadable;
	d->limited |= stats.limited;
	return ret;
}

static int walk_all(struct dump *d)
{
	uint64_t first, last;
	int half, ret = 0;

	range_merge_init(&d->merge, emit_range, d);
	for (half = 0; !ret && half < halves(d); half++)
		if (find_part(d, half, &first, &last))
			ret = walk_part(d, first, last);
	return ret ? live_failed(d->t.name, ret) : 0;
}

static int dump(struct dump *d)
{
	struct dump_head head = {
		.target = d->t.name, .mmu = &d->mmu, .stage = d->stage, .tree = d->tree, .filter = d->expr,
	};
	struct view *v = d->ctx->view;
	int ret;

	if (d->stage != 2) {
		names_regions(d->ctx, &d->t, &d->mmu, &d->regions);
		/* ranges that nothing has a name for take a shorter way */
		v->regions = d->regions.count ? &d->regions : NULL;
	}
	d->tail.filtered = d->expr;
	v->ops->dump_begin(v, &head);
	ret = walk_all(d);
	if (ret)
		return ret;
	d->tail.unreadable -= d->gone;
	d->tail.changed |= d->gone;
	v->ops->dump_end(v, &d->tail);
	if (d->tail.changed)
		fprintf(stderr,
			"mmuscope: %s: stage 2 changed while it was read: the dump is of no single moment\n",
			d->t.name);
	if (d->limited)
		return fail(ST_UNREADABLE,
			    "%s: more than %" PRIu64
			    " tables: do they lead to each other? the dump is not complete",
			    d->t.name, (uint64_t)MAX_TABLES);
	if (d->tail.unreadable)
		return fail(ST_UNREADABLE,
			    "%s: %" PRIu64 " tables could not be read: what they map is not known",
			    d->t.name, d->tail.unreadable);
	return ST_DONE;
}

/* All of stage 2 at once: for its own dump, and because each table of stage 1 is fetched through it
 */
static int load_stage2(struct dump *d)
{
	struct stage2_stream stream;
	char what[80];
	int ret;

	if (d->t.kind != TARGET_VM)
		return 0;
	ret = d->t.host->ops->load_stage2(d->t.host, &d->t.vm, d->t.src, &stream);
	d->tail.changed = stream.changed;
	if (!ret)
		return 0;
	snprintf(what, sizeof(what), "stage 2 of VM %s", d->t.vm.dir);
	return live_failed(what, ret);
}

static int parse_opts(struct dump *d, int argc, char **argv)
{
	int id, ret = 0;

	while (!ret && (id = cmd_opt(d->ctx, argc, argv)) > 0) {
		switch (id) {
		case OPT_STAGE:
			ret = arg_stage(d->ctx, optarg, &d->stage);
			break;
		case OPT_RANGE:
			ret = take_range(d, optarg);
			break;
		case OPT_TREE:
			d->tree = true;
			break;
		case OPT_INVALID:
			d->invalid = true;
			break;
		case OPT_FILTER:
			filter_free(d->filter);
			d->filter = NULL;
			d->expr = optarg;
			if (!d->ctx->symbols_file)
				ret = take_filter(d, false);
			break;
		}
	}
	return ret ? ret : id == CMD_OPT_BAD ? ST_USAGE : 0;
}

static int run(struct ctx *ctx, int argc, char **argv)
{
	struct dump d = { .ctx = ctx, .stage = STAGE_DEFAULT };
	struct regs regs;
	int ret;

	ret = parse_opts(&d, argc, argv);
	if (ret) {
		filter_free(d.filter);
		return ret;
	}
	ret = target_open(ctx, argc, argv, &d.t);
	if (!ret && optind < argc)
		ret = usage(ctx, "\"%s\" is one operand too many", argv[optind]);
	if (!ret && (d.t.kind == TARGET_HOST || d.t.kind == TARGET_PROCESS))
		ret = usage(ctx,
			"dump is for guests and files: the module shows the host's own tables one walk at a time");
	if (!ret)
		ret = place_names(&d);
	if (!ret)
		ret = target_mmu(ctx, &d.t,
				 d.stage == 1 || d.stage == STAGE_BOTH ? OF_VA : OF_STAGE2, 0,
				 &regs, &d.mmu);
	if (!ret)
		ret = settle_stage(&d);
	if (!ret)
		ret = load_stage2(&d);
	if (!ret)
		ret = dump(&d);
	target_close(&d.t);
	filter_free(d.filter);
	return ret;
}

const struct cmd cmd_dump = {
	.name = "dump",
	.args = "VM[:VCPU]",
	.summary = "all that is mapped, as ranges or table by table",
	.help = "Adjacent descriptors with the same properties are one range; ends are not included. A table\n"
		"that cannot be read is a line UNREADABLE and makes the exit status 3.",
	.opts = opts,
	.translates = true,
	.formats = 1 << VIEW_JSONL | 1 << VIEW_CSV,
	.fn = run,
};
