// SPDX-License-Identifier: GPL-2.0-only
/*
 * watch: what changes in VMs' tables while one looks on.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd.h"
#include "compare.h"

enum { OPT_INTERVAL = 1, OPT_COUNT, OPT_STAGE, OPT_VCPU };

static const struct opt opts[] = {
	{ OPT_INTERVAL, "interval", "SECONDS", "between two looks; default 1" },
	{ OPT_COUNT, "count", "N", "end after N looks; default: when interrupted" },
	{ OPT_STAGE, "stage", "1|2|both", "which stage; default 2" },
	{ OPT_VCPU, "vcpu", "N", "whose stage 1; default 0" },
	{ 0, NULL, NULL, NULL }
};

/* A VM and what it was like at the last look */
struct watched {
	struct vm_ref	ref;
	bool		seen, ended;
	struct vm_state	last;
};

struct watching {
	struct ctx	*ctx;
	struct compare	compare;
	bool		stat;		/* "stat", else "dump" */
	uint64_t	interval, count;
	struct watched	*vm;
	size_t		nvms, alive;
};

static volatile sig_atomic_t interrupted;

static void interrupt(int sig)
{
	(void)sig;
	interrupted = 1;
}

/* What it is now, compared with what it was; the new state becomes the last one */
static int look_at(struct watching *w, struct watched *m, const struct vm_tables *v)
{
	struct vm_state now = { 0 };
	int ret = vm_state_take(&w->compare, v, &now);

	if (ret) {
		vm_state_free(&now);
		return fail(ST_UNREADABLE, "%s: %s", v->name, strerror(-ret));
	}
	if (m->seen) {
		compare_states(&w->compare, &m->last, &now);
		vm_state_free(&m->last);
	}
	m->last = now;
	m->seen = true;
	return 0;
}

static int look_at_vm(struct watching *w, struct watched *m)
{
	struct vm_tables v;
	int ret = vm_tables_open(w->ctx, &m->ref, w->compare.stage != 2, &v);

	if (vm_ended(ret)) {
		w->ctx->view->ops->vm_trouble(w->ctx->view, v.name, "it has ended");
		m->ended = true;
		w->alive--;
		ret = 0;
	} else if (ret) {
		w->ctx->view->ops->vm_trouble(w->ctx->view, v.name, v.trouble);
		w->compare.unknown++;
		ret = 0;
	} else {
		if (w->stat)
			ret = stat_vm(w->ctx, w->compare.stage, &v);
		if (!ret)
			ret = look_at(w, m, &v);
	}
	vm_tables_close(&v);
	return ret;
}

static int look(struct watching *w)
{
	char when[32];
	time_t now = time(NULL);
	struct tm tm;
	size_t i;
	int ret = 0;

	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
	w->ctx->view->ops->moment(w->ctx->view, when);
	for (i = 0; !ret && i < w->nvms; i++)
		if (!w->vm[i].ended)
			ret = look_at_vm(w, &w->vm[i]);
	return ret;
}

static int watch(struct watching *w)
{
	const struct sigaction on = { .sa_handler = interrupt };
	struct timespec pause = { .tv_sec = w->interval };
	uint64_t n;
	int ret = 0;

	sigaction(SIGINT, &on, NULL);
	sigaction(SIGTERM, &on, NULL);
	for (n = 0; !ret && !interrupted && w->alive && (!w->count || n < w->count); n++) {
		if (n)
			nanosleep(&pause, NULL);
		if (!interrupted)
			ret = look(w);
		if (!ret && fflush(w->ctx->view->out))
			break;
	}
	if (ret)
		return ret;
	if (w->compare.unknown)
		return fail(ST_UNREADABLE,
			    "%" PRIu64 " parts could not be read: whether they changed is not known",
			    w->compare.unknown);
	return ST_DONE;
}

static int find_vms(struct watching *w, int argc, char **argv)
{
	struct vm_ref *refs;
	size_t i, n;
	int ret = vms_find(w->ctx, argc, argv, &refs, &n);

	if (ret)
		return ret;
	w->vm = calloc(n + 1, sizeof(*w->vm));
	for (i = 0; w->vm && i < n; i++)
		w->vm[i].ref = refs[i];
	free(refs);
	if (!w->vm)
		return fail(ST_UNREADABLE, "%s", strerror(ENOMEM));
	w->nvms = n;
	w->alive = n;
	return n ? 0 : fail(ST_UNREADABLE, "no VM is running");
}

static int parse_opts(struct watching *w, int argc, char **argv)
{
	uint64_t n;
	int id, ret = 0;

	while (!ret && (id = cmd_opt(w->ctx, argc, argv)) > 0) {
		switch (id) {
		case OPT_INTERVAL:
			ret = arg_u64(w->ctx, "--interval", optarg, &w->interval);
			if (!ret && (!w->interval || w->interval > INT32_MAX))
				ret = usage(w->ctx, "--interval is a second or more");
			break;
		case OPT_COUNT:
			ret = arg_u64(w->ctx, "--count", optarg, &w->count);
			if (!ret && !w->count)
				ret = usage(w->ctx, "--count is 1 or more");
			break;
		case OPT_STAGE:
			ret = arg_stage(w->ctx, optarg, &w->compare.stage);
			break;
		case OPT_VCPU:
			ret = arg_u64(w->ctx, "--vcpu", optarg, &n);
			if (!ret && n > INT32_MAX)
				ret = usage(w->ctx, "there is no vCPU %s", optarg);
			w->compare.vcpu = n;
			break;
		}
	}
	return ret || id == CMD_OPT_BAD ? ST_USAGE : 0;
}

static int check_operands(struct watching *w, int argc, char **argv)
{
	if (from_files(w->ctx) || w->ctx->nsnapshots)
		return usage(w->ctx, "watch is for a live host: files do not change");
	if (optind == argc)
		return usage(w->ctx, "watch what: dump or stat?");
	w->stat = !strcmp(argv[optind], "stat");
	if (!w->stat && strcmp(argv[optind], "dump"))
		return usage(w->ctx, "watch dump or watch stat, not \"%s\"", argv[optind]);
	optind++;
	return 0;
}

static int run(struct ctx *ctx, int argc, char **argv)
{
	struct watching w = {
		.ctx = ctx, .compare = { .ctx = ctx, .stage = 2 }, .interval = 1,
	};
	size_t i;
	int ret = parse_opts(&w, argc, argv);

	if (!ret)
		ret = check_operands(&w, argc, argv);
	if (!ret)
		ret = find_vms(&w, argc, argv);
	if (!ret)
		ret = watch(&w);
	for (i = 0; i < w.nvms; i++)
		vm_state_free(&w.vm[i].last);
	free(w.vm);
	return ret;
}

const struct cmd cmd_watch = {
	.name = "watch",
	.args = "dump|stat [VM...]",
	.summary = "what changes in VMs' tables, look after look",
	.help = "Each look begins with its time. \"dump\" prints what changed since the look before, as diff does; \"stat\"\n"
		"prints the statistics each time and then the same.",
	.opts = opts,
	.translates = true,
	.text_only = true,
	.fn = run,
};
