// SPDX-License-Identifier: GPL-2.0-only
/*
 * at: what AT leaves in PAR_EL1, predicted from registers and tables, and if wanted from the CPU.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "addresses.h"
#include "cmd.h"
#include "names.h"
#include "regs.h"
#include "target.h"
#include "vectors.h"
#include "view.h"

enum { OPT_HARDWARE = 1, OPT_FROM, OPT_VECTORS };

static const struct opt opts[] = {
	{ OPT_HARDWARE, "hardware", NULL, "have the CPU execute AT too, and compare" },
	{ OPT_FROM, "from", "FILE|-", "addresses from a file, one a line" },
	{ OPT_VECTORS, "vectors", "FILE|-", "answer test vectors (JSON Lines) instead; no VM" },
	{ 0, NULL, NULL, NULL }
};

/*
 * A guest that runs changes its tables and registers between prediction and answer; one that keeps
 * its kernel away from its processes (KPTI) does so at each interrupt. So a difference counts only
 * if it stands for this many tries, each with registers and tables read anew before and after the
 * CPU was asked, and each a little longer after the last, lest they keep step with the guest.
 */
#define DIFFER_TRIES	20
#define DIFFER_PAUSE_US	100
/* A vCPU that is not on a CPU cannot be asked; how long to wait for it */
#define ASK_MS		2000
#define ASK_PAUSE_MS	10

struct at_run {
	struct ctx		*ctx;
	struct target		t;
	enum at_op		op;
	bool			hardware;
	const char		*from, *vectors;
	struct at_sum		sum;
	struct walk_result	walk;		/* large */
	struct walk_result	other;		/* the same by another choice; large */
	/* what .walk was made by */
	struct regs		regs;
	struct mmu		mmu;
	bool			pan;		/* PSTATE.PAN */
	char			choice[CHOICE_TEXT];
	int			status;
};

/* ---- one address ----------------------------------------------------------------------------- */

/* PAR_EL1 by registers and tables as they are now. 0 or the exit status after the message. */
static int predict(struct at_run *a, struct at_view *v)
{
	int ret;

	ret = target_stage2_visible(&a->t);
	if (!ret)
		ret = target_regs(a->ctx, &a->t, &a->regs);
	if (!ret)
		ret = target_mmu_of(&a->t, at_op_regime(a->op, &a->regs), &a->regs, &a->mmu);
	if (ret)
		return ret;
	a->pan = REGF(&a->regs, PSTATE, PAN);
	at_walk(&a->mmu, a->op, a->pan, v->va, &a->walk);
	v->walk = &a->walk;
	v->other = a->mmu.other;
	v->par = (struct par){ 0 };
	if (a->walk.status != WALK_UNREADABLE)
		v->par = par_encode(&a->walk);
	return 0;
}

/* What the operation determines: not NS (UNKNOWN), bit 10 (IMPLEMENTATION DEFINED), bit 11 (RES1) */
static bool same_par(struct par a, struct par b)
{
	uint64_t mask = mask64(0, 0);

	if (a.lo & 1)
		mask |= mask64(6, 1) | mask64(9, 8) | mask64(15, 12);
	else
		mask |= mask64(63, 56) | mask64(51, 12) | mask64(8, 7);
	return !((a.lo ^ b.lo) & mask);
}

static int ask(struct at_run *a, struct at_view *v)
{
	const struct timespec pause = { 0, ASK_PAUSE_MS * 1000000L };
	const struct live_vm *vm = a->t.kind == TARGET_VM ? &a->t.vm : NULL;
	struct host *h = a->t.host;
	struct mmuscope_at answer;
	struct timespec start, now;
	int ret;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (;;) {
		ret = h->ops->at(h, vm, a->t.vcpu, at_op_name(a->op), v->va.v, &answer);
		if (ret != -EAGAIN)
			break;
		clock_gettime(CLOCK_MONOTONIC, &now);
		if ((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000 >=
		    ASK_MS)
			break;
		nanosleep(&pause, NULL);
	}
	if (ret)
		return ret;
	v->asked = true;
	v->hw.lo = answer.par;
	v->cpu = answer.cpu;
	return 0;
}

static int ask_failed(const struct at_run *a, uint64_t va, int err)
{
	char what[160];

	if (err == -EAGAIN)
		return fail(ST_UNREADABLE,
			"AT %s 0x%" PRIx64
			" on %s: the vCPU was not running for %d ms: the CPU can be asked only while it runs the guest",
			at_op_name(a->op), va, a->t.name, ASK_MS);
	if (err == -EOPNOTSUPP)
		return fail(ST_UNREADABLE,
			"AT %s on %s: this host cannot be asked: that needs VHE (\"mmuscope status\" shows the mode)",
			at_op_name(a->op), a->t.name);
	snprintf(what, sizeof(what), "AT %s 0x%" PRIx64 " on %s", at_op_name(a->op), va, a->t.name);
	return live_failed(what, err);
}

/* Is it the answer if one choice more, or one less, is taken the other way? */
static bool agrees_with(struct at_run *a, const struct at_view *v, uint32_t choice)
{
	const struct mmu_options opt = { .other = a->mmu.other ^ choice };
	const char *reason;
	struct mmu mmu;

	/* some choices are made with the context already */
	if (mmu_init(&mmu, a->mmu.regime, &a->regs, a->t.src, &opt, &reason))
		return false;
	return at_walk(&mmu, a->op, a->pan, v->va, &a->other) != WALK_UNREADABLE &&
	       same_par(par_encode(&a->other), v->hw);
}

/*
 * Is the answer the predicted one? Where the architecture leaves a choice, the answer by the other
 * way is as right; the view says then which choice it was.
 */
static bool agrees(struct at_run *a, struct at_view *v)
{
	unsigned int bit;

	if (a->walk.status == WALK_UNREADABLE)
		return false;
	if (same_par(v->par, v->hw))
		return true;
	for (bit = 0; bit < CHOICES; bit++) {
		if (a->walk.choices >> bit & 1 && agrees_with(a, v, UINT32_C(1) << bit)) {
			v->choice = choice_words(bit, ~a->mmu.other, a->choice);
			return true;
		}
	}
	return false;
}

static int compare(struct at_run *a, struct at_view *v)
{
	int tries, ret = 0;

	for (tries = 0; !ret && tries < DIFFER_TRIES; tries++) {
		const struct timespec pause = { 0, tries * DIFFER_PAUSE_US * 1000L };

		if (tries) {
			nanosleep(&pause, NULL);
			ret = predict(a, v);
			if (ret)
				return ret;
		}
		ret = ask(a, v);
		if (ret)
			return ask_failed(a, v->va.v, ret);
		v->differs = !agrees(a, v);
		if (!v->differs)
			return 0;
		ret = predict(a, v);
		v->differs = ret || !agrees(a, v);
		if (!v->differs)
			return 0;
	}
	return ret;
}

static int at_one(struct at_run *a, uint64_t addr)
{
	struct at_view v = { .target = a->t.name, .op = a->op, .va = va(addr) };
	int ret;

	ret = predict(a, &v);
	if (!ret && a->hardware)
		ret = compare(a, &v);
	if (ret)
		return ret;
	a->ctx->view->ops->at(a->ctx->view, &v);
	a->sum.done++;
	if (a->walk.status == WALK_UNREADABLE) {
		a->sum.unreadable++;
		a->status = live_failed("the walk is not complete", a->walk.error);
		return 0;
	}
	if (v.asked && v.differs)
		a->sum.differ++;
	else if (v.asked)
		a->sum.agree++;
	/* without --hardware a fault is what was found, with it a difference is */
	if (a->status == ST_DONE && (v.asked ? v.differs : a->walk.status == WALK_FAULT))
		a->status = ST_FINDING;
	return 0;
}

/* ---- many ------------------------------------------------------------------------------------ */

static int at_address(void *arg, bool is_ipa, uint64_t address)
{
	(void)is_ipa;
	return at_one(arg, address);
}

static int at_operands(struct at_run *a, int argc, char **argv)
{
	uint64_t addr;
	int i, ret;

	if (!a->from && optind >= argc)
		return usage(a->ctx, "which address?");
	/* all of them before the first answer, so that a typing error gives none */
	for (i = optind; i < argc; i++) {
		ret = arg_va(a->ctx, &a->t, argv[i], &addr);
		if (ret)
			return ret;
	}
	for (i = optind; i < argc; i++) {
		ret = arg_va(a->ctx, &a->t, argv[i], &addr);
		if (!ret)
			ret = at_one(a, addr);
		if (ret)
			return ret;
	}
	return a->from ? addresses_read(a->ctx, &a->t, a->from, false, at_address, a) : 0;
}

static bool host_can(enum at_op op)
{
	return op == AT_S1E1R || op == AT_S1E1W;
}

static int at(struct at_run *a, int argc, char **argv)
{
	const struct view_ops *ops = a->ctx->view->ops;
	bool host = a->t.kind == TARGET_HOST;
	int ret;

	if (a->t.kind == TARGET_PROCESS)
		return usage(a->ctx,
			     "at works on a VM, the host or files; for a process there is walk");
	if (a->hardware && a->t.kind == TARGET_FILES)
		return usage(a->ctx, "--hardware needs a live VM or the host");
	if (a->hardware && !a->t.host->live)
		return usage(a->ctx, "--hardware asks a CPU: a snapshot has none");
	if (host && !host_can(a->op))
		return usage(a->ctx, "at on the host knows s1e1r and s1e1w");
	a->sum.asked = a->hardware;
	a->sum.many = a->from || argc - optind > 1;
	ops->at_begin(a->ctx->view, a->t.name);
	ret = at_operands(a, argc, argv);
	if (ret)
		return ret;
	ops->at_end(a->ctx->view, &a->sum);
	return a->status;
}

/* ---- vectors --------------------------------------------------------------------------------- */

static int vector_differs(void *arg, const struct vector_difference *d)
{
	struct at_run *a = arg;

	a->ctx->view->ops->vector(a->ctx->view, d);
	return 0;
}

static int at_vectors(struct at_run *a)
{
	FILE *in = addresses_open(a->vectors);
	struct vectors_total total = { 0 };
	int ret;

	if (!in)
		return ST_UNREADABLE;
	a->ctx->view->ops->vectors_begin(a->ctx->view);
	ret = vectors_run(in, vector_differs, a, &total);
	addresses_close(in);
	if (ret == -EINVAL)
		return fail(ST_USAGE, "%s, line %" PRIu64 ": %s", a->vectors, total.line,
			    total.reason);
	if (ret == -ELIBACC)
		return fail(ST_UNREADABLE, "--vectors: %s", total.reason);
	if (ret)
		return fail(ST_UNREADABLE, "%s, line %" PRIu64 ": %s", a->vectors, total.line,
			    strerror(-ret));
	a->ctx->view->ops->vectors_end(a->ctx->view, &total);
	return total.failed ? ST_FINDING : ST_DONE;
}

static int parse_opts(struct at_run *a, int argc, char **argv)
{
	int id;

	while ((id = cmd_opt(a->ctx, argc, argv)) > 0) {
		if (id == OPT_HARDWARE)
			a->hardware = true;
		else if (id == OPT_FROM)
			a->from = optarg;
		else
			a->vectors = optarg;
	}
	return id == CMD_OPT_BAD ? ST_USAGE : 0;
}

static int run(struct ctx *ctx, int argc, char **argv)
{
	struct at_run a = { .ctx = ctx };
	int ret;

	ret = parse_opts(&a, argc, argv);
	if (ret)
		return ret;
	if (a.vectors && ctx->other)
		return usage(ctx, "--vectors takes the defaults of choices, not --other");
	if (a.vectors)
		return optind < argc ? usage(ctx, "--vectors takes no operand") : at_vectors(&a);
	if (optind >= argc)
		return usage(ctx, "which operation? s1e1r, s12e1w, ...");
	if (at_op_parse(argv[optind], &a.op))
		return usage(ctx,
			"there is no AT operation \"%s\": s1e1r s1e1w s1e0r s1e0w s1e1rp s1e1wp s12e1r s12e1w s12e0r s12e0w s1e2r s1e2w s1e3r s1e3w; fetches: s1e1x s1e0x s12e1x s12e0x s1e2x s1e3x",
			argv[optind]);
	optind++;
	ret = target_open(ctx, argc, argv, &a.t);
	if (!ret)
		ret = at(&a, argc, argv);
	target_close(&a.t);
	return ret;
}

const struct cmd cmd_at = {
	.name = "at",
	.args = "OP VM[:VCPU]|host VA...",
	.summary = "what AT OP leaves in PAR_EL1; --hardware compares",
	.help = "OP is the instruction's: s1e1r ... s12e0w; with x at the end a fetch, which no AT does.\n"
		"Exit status 1 on a fault, with --hardware on a difference.",
	.opts = opts,
	.translates = true,
	.fn = run,
};
