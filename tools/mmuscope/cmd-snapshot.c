// SPDX-License-Identifier: GPL-2.0-only
/*
 * snapshot: what every command needs of some VMs, into one file.
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
#include "snapshot.h"
#include "target.h"
#include "view.h"

enum { OPT_OUTPUT = 1, OPT_MEMORY, OPT_VMM };

static const struct opt opts[] = {
	{ OPT_OUTPUT, "output", "FILE", "the file to write (also -o FILE)" },
	{ OPT_MEMORY, "memory", NULL, "the guests' memory too, as far as stage 2 maps it" },
	{ OPT_VMM, "vmm", NULL, "what the VMMs have behind that memory, for \"mmuscope audit\"" },
	{ 0, NULL, NULL, NULL }
};

struct shot {
	struct ctx		*ctx;
	const char		*file;
	bool			memory, vmm;
	bool			named;		/* the VMs were, one by one */
	struct live_vm		*vms;
	size_t			nvms;
	/* of the progress */
	bool			tty, shown;
	struct timespec		begun, last;
};

/* ---- signals --------------------------------------------------------------------------------- */

/* A handler has no other way to tell */
static volatile sig_atomic_t caught;

static void on_signal(int signal)
{
	caught = signal;
}

static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };

/*
 * What would end the program is only noted while the file is written. A limit on the size of files
 * (SIGXFSZ) is an error of write() then.
 */
static void catch_signals(bool on)
{
	struct sigaction catch = { .sa_handler = on_signal }, was;
	size_t i;

	signal(SIGXFSZ, on ? SIG_IGN : SIG_DFL);
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		/* nohup and the like: what was ignored stays so */
		if (!sigaction(ends[i], NULL, &was) && was.sa_handler == SIG_IGN)
			continue;
		if (!on)
			catch.sa_handler = SIG_DFL;
		sigaction(ends[i], &catch, NULL);
	}
}

/* ---- progress -------------------------------------------------------------------------------- */

#define BAR	30

static double seconds(const struct timespec *from, const struct timespec *to)
{
	return (double)(to->tv_sec - from->tv_sec) + (double)(to->tv_nsec - from->tv_nsec) / 1e9;
}

/* From the second second on, ten times a second */
static int on_progress(void *arg, const struct snapshot_progress *p)
{
	static const char bar[] = "##############################";
	struct shot *s = arg;
	struct timespec now;
	int done;

	if (caught)
		return -EINTR;
	if (!s->tty || clock_gettime(CLOCK_MONOTONIC, &now) || seconds(&s->begun, &now) < 1 ||
	    seconds(&s->last, &now) < 0.1)
		return 0;
	s->last = now;
	s->shown = true;
	done = p->total ? (int)((double)p->done / (double)p->total * 100) : 0;
	fprintf(stderr, "\r[%-*.*s] %3d %%  %" PRIu64 " MiB", BAR, done * BAR / 100, bar, done,
		p->bytes >> 20);
	return 0;
}

/* ---- the command ----------------------------------------------------------------------------- */

/* Status 3 where something is missing that was there; what changed is told and no error */
static int judge(const struct shot *s, const struct snapshot_info *info)
{
	int status = ST_DONE;
	size_t i;

	for (i = 0; i < info->nvms; i++) {
		const struct snapshot_vm *vm = &info->vm[i];

		if (vm->error == -ESTALE || vm->error == -ENOENT) {
			fprintf(stderr, "mmuscope: VM %s has ended: it is not in the snapshot\n",
				vm->dir);
			status = s->named ? ST_UNREADABLE : status;
			continue;
		}
		if (vm->error == -ENOMEDIUM)
			fprintf(stderr,
				"mmuscope: VM %s: KVM has taken that stage 2 of a guest's guest away, or for another: it is not in the snapshot\n",
				vm->dir);
		if (vm->stream.changed)
			fprintf(stderr,
				"mmuscope: VM %s: stage 2 changed while it was read: the snapshot is of no single moment\n",
				vm->dir);
		if (vm->s1_changed)
			fprintf(stderr,
				"mmuscope: VM %s: %" PRIu64
				" pages of stage-1 tables changed while they were read: pause the guest for a snapshot of one moment\n",
				vm->dir, vm->s1_changed);
		if (vm->error || vm->stream.unreadable || vm->s1_limited || vm->no_regs)
			status = ST_UNREADABLE;
	}
	if (status)
		fail(status, "%s: not everything of every VM could be read; the rest is there",
		     s->file);
	return status;
}

static int write_it(struct shot *s)
{
	const struct snapshot_options opt = {
		.memory = s->memory, .vmm = s->vmm, .program = MMUSCOPE_VERSION, .max_tables = MAX_TABLES,
		.progress = on_progress, .arg = s,
	};
	struct snapshot_view r = { .file = s->file };
	char reason[SNAPSHOT_REASON] = "";
	struct snapshot_info info;
	int ret;

	s->tty = isatty(STDERR_FILENO);
	clock_gettime(CLOCK_MONOTONIC, &s->begun);
	catch_signals(true);
	ret = snapshot_write(s->file, s->ctx->host[0], s->vms, s->nvms, &opt, &info, reason);
	catch_signals(false);
	if (s->shown)
		fputs("\r\033[K", stderr);
	if (ret && caught) {
		ret = fail(ST_UNREADABLE, "%s: not written: interrupted by signal %d (%s)", s->file,
			   (int)caught, strsignal(caught));
	} else if (ret) {
		ret = fail(ST_UNREADABLE, "%s: not written: %s", s->file, reason);
	} else {
		r.info = &info;
		s->ctx->view->ops->snapshot(s->ctx->view, &r);
		ret = judge(s, &info);
	}
	snapshot_info_free(&info);
	return ret;
}

static int find_vms(struct shot *s, int argc, char **argv)
{
	struct vm_ref *refs;
	size_t i, n;
	int ret;

	s->named = optind < argc;
	ret = vms_find(s->ctx, argc, argv, &refs, &n);
	if (ret)
		return ret;
	s->vms = calloc(n + 1, sizeof(*s->vms));
	if (!s->vms)
		ret = fail(ST_UNREADABLE, "%s", strerror(ENOMEM));
	else
		for (i = 0; i < n; i++)
			s->vms[s->nvms++] = refs[i].vm;
	free(refs);
	return ret;
}

static int parse_opts(struct shot *s, int argc, char **argv)
{
	int id;

	while ((id = cmd_opt(s->ctx, argc, argv)) > 0) {
		if (id == OPT_OUTPUT)
			s->file = optarg;
		else if (id == OPT_VMM)
			s->vmm = true;
		else
			s->memory = true;
	}
	if (id == CMD_OPT_BAD)
		return ST_USAGE;
	if (!s->file || !*s->file)
		return usage(s->ctx, "which file? -o FILE");
	if (!strcmp(s->file, "-"))
		return usage(s->ctx,
			"a snapshot gets its name when it is complete, so it cannot go to standard output");
	return 0;
}

static int run(struct ctx *ctx, int argc, char **argv)
{
	struct shot s = { .ctx = ctx };
	struct live_info info = { 0 };
	int ret = parse_opts(&s, argc, argv);

	if (!ret && ctx->nsnapshots)
		ret = usage(ctx, "this is a snapshot already: snapshot is for a live host");
	if (!ret)
		ret = live_ready(ctx, &info);
	live_info_free(&info);
	if (!ret)
		ret = find_vms(&s, argc, argv);
	if (!ret)
		ret = write_it(&s);
	free(s.vms);
	return ret;
}

const struct cmd cmd_snapshot = {
	.name = "snapshot",
	.args = "-o FILE [VM...]",
	.summary = "what every command needs of VMs, into one file",
	.help = "Without VM, all of them. --snapshot FILE has every command look at the file, on any machine.",
	.opts = opts,
	.fn = run,
};
