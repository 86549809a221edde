// SPDX-License-Identifier: GPL-2.0-only
/*
 * find: who maps an address. Each VM is looked through by one thread; what it found is kept and
 * shown in the order of VMs, so that the number of threads changes nothing.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "names.h"
#include "find.h"
#include "view-find.h"
#include "vm-tables.h"

enum { OPT_VM = 1, OPT_IN, OPT_JOBS };

static const struct opt opts[] = {
	{ OPT_VM, "vm", "VM", "look in this VM only; repeatable" },
	{ OPT_IN, "in", "VM[:VCPU]", "whose VA it is; also host and pid:N" },
	{ OPT_JOBS, "jobs", "N", "threads; default: as many as CPUs are online" },
	{ 0, NULL, NULL, NULL }
};

/* PAs and IPAs have at most 56 bits (FEAT_D128) */
#define ADDRESS_LAST	mask64(55, 0)
#define JOBS_MAX	1024

struct found {
	struct find_hit		hit;
	unsigned int		vcpu;
	enum regime		regime;
};

/* One VM: what was found there */
struct job {
	struct vm_ref		ref;
	bool			done;
	int			ret;		/* negative errno; the words in .trouble */
	char			name[VM_NAME];
	char			trouble[192];
	size_t			unread;		/* vCPUs; the words in .trouble */
	bool			changed;
	uint64_t		hits, unknown, tables;
	struct found		*found;
	size_t			nfound, room;
	const struct vm_vcpu	*vcpu;		/* whose stage 1 is being looked through */
};

struct finding {
	struct ctx		*ctx;
	struct find_head	head;
	const char		*what;		/* the operand */
	const char		*in;		/* --in */
	char			where[sizeof(((struct target *)0)->name)];	/* whom .in names */
	char			**vm;		/* --vm */
	int			nvm;
	uint64_t		jobs;
	struct job		*job;
	size_t			njobs, next;
	pthread_mutex_t		lock;		/* of .next and job.done */
	pthread_cond_t		ready;
	struct find_tail	tail;
};

/* ---- one VM ---------------------------------------------------------------------------------- */

static int keep_hit(void *arg, const struct find_hit *hit)
{
	struct job *j = arg;
	size_t room = j->room ? 2 * j->room : 16;
	struct found *more;

	if (j->nfound == j->room) {
		more = realloc(j->found, room * sizeof(*more));
		if (!more)
			return -ENOMEM;
		j->found = more;
		j->room = room;
	}
	more = &j->found[j->nfound++];
	*more = (struct found){ .hit = *hit };
	if (j->vcpu) {
		more->vcpu = j->vcpu->vcpu;
		more->regime = j->vcpu->mmu.regime;
	}
	return 0;
}

static int look_through(const struct finding *d, struct job *j, const struct vm_tables *v)
{
	struct find f = {
		.space = d->head.space, .first = d->head.first, .last = d->head.last,
		.max_tables = MAX_TABLES, .hit = keep_hit, .arg = j,
	};
	size_t i;
	int ret = find_stage2(&f, &v->stage2);

	for (i = 0; !ret && i < v->nhalves; i++) {
		j->vcpu = v->half[i].vcpu;
		ret = find_stage1(&f, &j->vcpu->mmu, v->half[i].half);
	}
	find_end(&f);
	j->hits = f.hits;
	j->unknown = f.unknown + v->unread;
	j->tables = f.tables;
	j->unread = v->unread;
	j->changed = v->stream.changed || f.changed;
	if (ret)
		snprintf(j->trouble, sizeof(j->trouble), "%s", strerror(-ret));
	else
		memcpy(j->trouble, v->trouble, sizeof(j->trouble));
	return ret;
}

static void do_job(const struct finding *d, struct job *j)
{
	struct vm_tables v;

	j->ret = vm_tables_open(d->ctx, &j->ref, true, &v);
	memcpy(j->name, v.name, sizeof(j->name));
	if (j->ret)
		memcpy(j->trouble, v.trouble, sizeof(j->trouble));
	else
		j->ret = look_through(d, j, &v);
	vm_tables_close(&v);
}

static void *worker(void *arg)
{
	struct finding *d = arg;
	size_t i;

	pthread_mutex_lock(&d->lock);
	while (d->next < d->njobs) {
		i = d->next++;
		pthread_mutex_unlock(&d->lock);
		do_job(d, &d->job[i]);
		pthread_mutex_lock(&d->lock);
		d->job[i].done = true;
		pthread_cond_broadcast(&d->ready);
	}
	pthread_mutex_unlock(&d->lock);
	return NULL;
}

/* ---- all of them ----------------------------------------------------------------------------- */

static void show_job(struct finding *d, struct job *j)
{
	struct view *v = d->ctx->view;
	struct find_view r = { .vm = j->name, .named = from_files(d->ctx) };
	size_t i;

	if (vm_ended(j->ret))
		return;
	d->tail.vms++;
	for (i = 0; i < j->nfound; i++) {
		r.vcpu = j->found[i].vcpu;
		r.regime = j->found[i].regime;
		r.hit = &j->found[i].hit;
		v->ops->find_hit(v, &r);
	}
	if (j->ret || j->unread)
		v->ops->vm_trouble(v, j->name, j->trouble);
	d->tail.hits += j->hits;
	d->tail.with_hits += j->hits != 0;
	d->tail.unknown += j->ret ? 1 : j->unknown;
	d->tail.tables += j->tables;
	d->tail.changed |= j->changed;
	free(j->found);
	j->found = NULL;
}

/* Shows each VM when it and all before it are done */
static void show_jobs(struct finding *d)
{
	size_t i;

	for (i = 0; i < d->njobs; i++) {
		pthread_mutex_lock(&d->lock);
		while (!d->job[i].done)
			pthread_cond_wait(&d->ready, &d->lock);
		pthread_mutex_unlock(&d->lock);
		show_job(d, &d->job[i]);
	}
}

/* With one thread, or if no other can be started, this one does the work */
static void run_jobs(struct finding *d)
{
	uint64_t n = d->jobs < d->njobs ? d->jobs : d->njobs, i, started = 0;
	pthread_t *thread = n > 1 ? calloc(n, sizeof(*thread)) : NULL;

	for (i = 0; thread && i < n; i++)
		if (!pthread_create(&thread[started], NULL, worker, d))
			started++;
	if (!started)
		worker(d);
	show_jobs(d);
	for (i = 0; i < started; i++)
		pthread_join(thread[i], NULL);
	free(thread);
}

static int verdict(struct finding *d)
{
	struct view *v = d->ctx->view;

	v->ops->find_end(v, &d->tail);
	if (d->tail.changed)
		fprintf(stderr, "mmuscope: tables changed while they were read: what was found is of no single moment\n");
	if (d->tail.unknown)
		return fail(ST_UNREADABLE,
			    "%" PRIu64 " part%s could not be read: %s may be mapped there%s",
			    d->tail.unknown, d->tail.unknown == 1 ? "" : "s", d->what,
			    d->tail.hits ? " too" : "");
	return d->tail.hits ? ST_DONE : ST_FINDING;
}

/* --ram and --regs: one VM, in this thread */
static int find_in_files(struct finding *d)
{
	struct job j = { .done = true };
	struct vm_tables v;
	int ret = vm_tables_files(d->ctx, &v);

	memcpy(j.name, v.name, sizeof(j.name));
	if (!ret)
		ret = names_open(d->ctx, &v.t);
	if (!ret) {
		d->ctx->view->ops->find_begin(d->ctx->view, &d->head);
		j.ret = look_through(d, &j, &v);
		show_job(d, &j);
		ret = verdict(d);
	}
	vm_tables_close(&v);
	return ret;
}

static int find_in_vms(struct finding *d)
{
	struct vm_ref *refs;
	size_t i, n;
	int ret;

	optind = 0;
	ret = vms_find(d->ctx, d->nvm, d->vm, &refs, &n);
	if (ret)
		return ret;
	d->njobs = n;
	d->job = calloc(n + 1, sizeof(*d->job));
	if (!d->job) {
		free(refs);
		return fail(ST_UNREADABLE, "%s", strerror(ENOMEM));
	}
	for (i = 0; i < n; i++)
		d->job[i].ref = refs[i];
	free(refs);
	d->ctx->view->ops->find_begin(d->ctx->view, &d->head);
	run_jobs(d);
	free(d->job);
	return verdict(d);
}

/* ---- what to look for ------------------------------------------------------------------------ */

/* Open whom a VA belongs to; 0 or the exit status after the message */
static int open_in(struct finding *d, struct target *t)
{
	char *name = (char *)(d->in ? d->in : d->nvm == 1 ? d->vm[0] : NULL);
	bool files = from_files(d->ctx);

	*t = (struct target){ 0 };
	if (files && d->in)
		return usage(d->ctx, "--in names a VM; with --ram, --core and --regs there is none");
	if (!name && !files)
		return usage(d->ctx, "whose VA is %s? name the VM with --in", d->what);
	optind = 0;
	return target_open(d->ctx, files ? 0 : 1, &name, t);
}

/* A VA becomes a PA through the tables of its owner */
static int translate(struct finding *d, const char *operand)
{
	struct walk_result *r = malloc(sizeof(*r));
	struct target t;
	struct regs regs;
	struct mmu mmu;
	char fault[FAULT_TEXT];
	uint64_t address;
	int ret;

	if (!r)
		return fail(ST_UNREADABLE, "%s", strerror(ENOMEM));
	ret = open_in(d, &t);
	if (!ret)
		ret = arg_va(d->ctx, &t, operand, &address);
	if (!ret)
		ret = target_mmu(d->ctx, &t, OF_VA, address, &regs, &mmu);
	if (!ret) {
		walk_va(&mmu, va(address), (struct access){ .kind = ACCESS_SHOW }, r);
		if (r->status == WALK_FAULT)
			ret = fail(ST_FINDING, "%s: VA 0x%" PRIx64 ": %s", t.name, address,
				   fault_text(&r->fault, fault));
		else if (r->status == WALK_UNREADABLE)
			ret = fail(ST_UNREADABLE, "%s: VA 0x%" PRIx64 ": %s", t.name, address,
				   live_error_text(r->error));
		memcpy(d->where, t.name, sizeof(d->where));
		d->head.where = d->where;
		d->head.va = va(address);
		d->head.first = r->pa.v;
		d->head.last = r->pa.v;
	}
	target_close(&t);
	free(r);
	return ret;
}

/* A name alone is a VA: --symbols has no others */
static bool is_symbol(const struct finding *d, const char *s)
{
	return d->ctx->symbols_file && !isdigit((unsigned char)*s) && !strchr(s, ':');
}

static int parse_what(struct finding *d, const char *s)
{
	bool is_ipa = !strncmp(s, "ipa:", 4);
	const char *rest = is_ipa ? s + 4 : !strncmp(s, "pa:", 3) ? s + 3 : s;
	const char *name = is_ipa ? "IPA" : "PA";
	int ret;

	d->what = s;
	d->head.space = is_ipa ? FIND_IPA : FIND_PA;
	if (!strncmp(s, "va:", 3) || is_symbol(d, s))
		return translate(d, is_symbol(d, s) ? s : s + 3);
	if (rest[strcspn(rest, "-+")])
		ret = arg_range(d->ctx, name, rest, &d->head.first, &d->head.last);
	else
		ret = arg_u64(d->ctx, name, rest, &d->head.first);
	if (ret)
		return ret;
	if (!rest[strcspn(rest, "-+")])
		d->head.last = d->head.first;
	if (d->head.last > ADDRESS_LAST)
		return usage(d->ctx, "%s \"%s\" is wider than 56 bits; a virtual address is va:0x...", name,
			     rest);
	return 0;
}

static int add_vm(struct finding *d, char *name)
{
	char **more = realloc(d->vm, (d->nvm + 1) * sizeof(*more));

	if (!more)
		return fail(ST_UNREADABLE, "%s", strerror(ENOMEM));
	d->vm = more;
	d->vm[d->nvm++] = name;
	return 0;
}

static int parse_opts(struct finding *d, int argc, char **argv)
{
	int id, ret = 0;

	while (!ret && (id = cmd_opt(d->ctx, argc, argv)) > 0) {
		switch (id) {
		case OPT_VM:
			ret = add_vm(d, optarg);
			break;
		case OPT_IN:
			d->in = optarg;
			break;
		case OPT_JOBS:
			ret = arg_u64(d->ctx, "--jobs", optarg, &d->jobs);
			if (!ret && (!d->jobs || d->jobs > JOBS_MAX))
				ret = usage(d->ctx, "--jobs is 1 to %d", JOBS_MAX);
			break;
		}
	}
	return ret ? ret : id == CMD_OPT_BAD ? ST_USAGE : 0;
}

static int settle(struct finding *d, int argc, char **argv)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	bool files = from_files(d->ctx);

	if (!d->jobs)
		d->jobs = cpus < 1 ? 1 : cpus > JOBS_MAX ? JOBS_MAX : cpus;
	if (optind == argc)
		return usage(d->ctx, "which address?");
	if (optind + 1 < argc)
		return usage(d->ctx, "\"%s\" is one operand too many: VMs are named by --vm",
			     argv[optind + 1]);
	if (files && d->nvm)
		return usage(d->ctx, "--vm names a VM; with --ram and --regs there is none");
	if (d->in && strncmp(argv[optind], "va:", 3) && !is_symbol(d, argv[optind]))
		return usage(d->ctx, "--in is for a VA: va:0x...");
	return parse_what(d, argv[optind]);
}

static int run(struct ctx *ctx, int argc, char **argv)
{
	struct finding d = {
		.ctx = ctx, .lock = PTHREAD_MUTEX_INITIALIZER, .ready = PTHREAD_COND_INITIALIZER,
	};
	int ret = parse_opts(&d, argc, argv);

	if (!ret)
		ret = settle(&d, argc, argv);
	if (!ret)
		ret = from_files(ctx) ? find_in_files(&d) : find_in_vms(&d);
	free(d.vm);
	return ret;
}

const struct cmd cmd_find = {
	.name = "find",
	.args = "PA|ipa:IPA|va:VA",
	.summary = "who maps an address: each VM and stage, with VA, IPA and rights",
	.help = "An address, or a range A-B or A+SIZE. A PA is looked for in the stage 2 of every VM and in the stage 1 that\n"
		"its vCPUs have loaded; it is also said if a translation table lies there. A VA is first translated in the\n"
		"VM that --in names.",
	.opts = opts,
	.translates = true,
	.fn = run,
};
