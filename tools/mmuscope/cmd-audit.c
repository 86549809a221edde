// SPDX-License-Identifier: GPL-2.0-only
/*
 * audit: are the VMs of a host isolated from each other and from it.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "audit-collect.h"
#include "baseline.h"
#include "cmd.h"
#include "snapshot.h"
#include "view-audit.h"

enum { OPT_OUTPUT = 1, OPT_BASELINE, OPT_CHECK, OPT_LIST };

static const struct opt opts[] = {
	{ OPT_OUTPUT, "output", "FILE", "into FILE, which is replaced when all is written" },
	{ OPT_BASELINE, "baseline", "FILE", "accept what an earlier result in JSON, or a list, has" },
	{ OPT_CHECK, "check", "ID,...", "these checks, and of what was not read" },
	{ OPT_LIST, "list-checks", NULL, "print the checks and exit" },
	{ 0, NULL, NULL, NULL }
};

/* A live host is read anew while what is found is new */
#define PASSES	3

struct seen {
	const struct audit_check *check;
	char			vm[128], other[128];
	uint64_t		at, pa, size;
};

struct seen_list {
	struct seen		*seen;
	size_t			n;
};

struct auditing {
	struct ctx		*ctx;
	const char		*file;		/* --output */
	uint64_t		selected;
	struct baseline		baseline;
	struct seen_list	before, now;
	bool			compare;	/* .before is of an earlier pass */
	const struct audit	*audit;		/* of the host at hand */
	struct audit_vm_view	*vm;		/* of the same, by index */
	struct audit_tail	tail;
};

/* ---- what was seen twice --------------------------------------------------------------------- */

static struct seen seen_of(const struct audit_finding *f)
{
	struct seen s = {
		.check = f->check, .pa = f->pa, .size = f->size,
		.at = f->has_ipa ? f->ipa : f->va,
	};

	snprintf(s.vm, sizeof(s.vm), "%s", f->vm ? f->vm->name : "");
	snprintf(s.other, sizeof(s.other), "%s", f->other ? f->other->name : "");
	return s;
}

static bool was_seen(const struct seen_list *l, const struct seen *s)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (l->seen[i].check == s->check && l->seen[i].at == s->at &&
		    l->seen[i].pa == s->pa && l->seen[i].size == s->size &&
		    !strcmp(l->seen[i].vm, s->vm) && !strcmp(l->seen[i].other, s->other))
			return true;
	return false;
}

/* Of a pass that only looks: what is violated */
static int note(void *arg, struct audit_finding *f)
{
	struct auditing *d = arg;
	struct seen *more;

	if (f->severity != AUDIT_VIOLATED)
		return 0;
	more = realloc(d->now.seen, (d->now.n + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	d->now.seen = more;
	more[d->now.n++] = seen_of(f);
	return 0;
}

static bool all_seen(const struct auditing *d)
{
	size_t i;

	for (i = 0; i < d->now.n; i++)
		if (!was_seen(&d->before, &d->now.seen[i]))
			return false;
	return true;
}

static void next_pass(struct auditing *d)
{
	free(d->before.seen);
	d->before = d->now;
	d->now = (struct seen_list){ 0 };
	d->compare = true;
}

static void end_passes(struct auditing *d)
{
	free(d->before.seen);
	free(d->now.seen);
	d->before = d->now = (struct seen_list){ 0 };
	d->compare = false;
}

/* ---- showing --------------------------------------------------------------------------------- */

/*
 * Tables of a live host are read one VM after the other, and a page may have gone from one to another
 * in between. What is violated in one pass and not in the next was such a thing, or came about just
 * now: it is not known.
 */
static void doubt(const struct auditing *d, struct audit_finding *f)
{
	struct seen s;

	if (!d->compare || f->severity != AUDIT_VIOLATED)
		return;
	s = seen_of(f);
	if (!was_seen(&d->before, &s))
		f->severity = AUDIT_UNKNOWN;
}

static int show(void *arg, struct audit_finding *f)
{
	struct auditing *d = arg;
	struct audit_vm_view *vm = f->vm ? &d->vm[f->vm->index] : NULL;

	doubt(d, f);
	f->accepted = baseline_has(&d->baseline, d->audit, f);
	if (f->accepted) {
		d->tail.accepted++;
		if (vm)
			vm->accepted++;
	} else {
		d->tail.findings[f->severity]++;
		if (vm)
			vm->findings[f->severity]++;
	}
	d->ctx->view->ops->audit_finding(d->ctx->view, f);
	return 0;
}

static int show_all(struct auditing *d, struct collected *c, const struct audit_host_view *head)
{
	struct view *v = d->ctx->view;
	size_t i;
	int ret;

	d->vm = calloc(c->audit.nvms + 1, sizeof(*d->vm));
	if (!d->vm)
		return -ENOMEM;
	d->audit = &c->audit;
	v->ops->audit_begin(v, head);
	ret = audit_run(&c->audit, show, d);
	for (i = 0; !ret && i < c->audit.nvms; i++) {
		d->vm[i].vm = c->audit.vm[i];
		d->vm[i].verdict = c->audit.vm[i]->verdict;
		v->ops->audit_vm(v, &d->vm[i]);
	}
	d->tail.vms += c->audit.nvms;
	if (audit_verdict(&c->audit) > d->tail.verdict)
		d->tail.verdict = audit_verdict(&c->audit);
	free(d->vm);
	d->vm = NULL;
	return ret;
}

/* Read it until what is violated is what was violated before; the facts are then in @c */
static int read_host(struct auditing *d, struct host *h, const struct vm_ref *refs, size_t n,
		     size_t left_out, struct collected *c)
{
	int pass, ret;

	for (pass = 1;; pass++) {
		ret = collect(d->ctx, h, refs, n, left_out, c);
		c->audit.selected = d->selected;
		if (ret || !h->live)
			return ret;
		ret = audit_run(&c->audit, note, d);
		if (ret || !d->now.n || (d->compare && all_seen(d)) || pass == PASSES)
			return ret;
		collect_end(c);
		next_pass(d);
	}
}

/* ---- which hosts are one --------------------------------------------------------------------- */

/* Hosts that are one machine, seen at one time: what their VMs map can be compared */
struct group {
	struct host		**host;
	char			(*boot)[64];	/* of all hosts: the machine's boot_id, or "" */
	bool			*taken;		/* of all hosts: is in a group */
	size_t			n;
	char			words[256];
};

static void read_boot(struct host *h, char *boot, size_t size)
{
	size_t len;
	int err;
	char *text = h->ops->read_file(h, "/proc/sys/kernel/random/boot_id", &len, &err);

	boot[0] = '\0';
	if (text)
		snprintf(boot, size, "%.*s", (int)strcspn(text, "\n"), text);
	free(text);
}

static bool has_vm_of(struct host *h, const struct host *other, const struct vm_ref *refs, size_t n)
{
	size_t i, j;

	for (i = 0; i < n; i++)
		for (j = 0; refs[i].host == h && j < n; j++)
			if (refs[j].host == other && !strcmp(refs[i].vm.dir, refs[j].vm.dir))
				return true;
	return false;
}

/* The same boot, and no VM in both: two files that have one VM are of two times */
static bool joins(const struct auditing *d, const struct group *g, size_t i, size_t first,
		  const struct vm_ref *refs, size_t n)
{
	size_t j;

	if (g->taken[i] || !*g->boot[first] || strcmp(g->boot[first], g->boot[i]))
		return false;
	for (j = 0; j < g->n; j++)
		if (has_vm_of(d->ctx->host[i], g->host[j], refs, n))
			return false;
	return true;
}

static void make_group(const struct auditing *d, struct group *g, size_t first,
		       const struct vm_ref *refs, size_t n)
{
	const struct ctx *ctx = d->ctx;
	size_t i;

	g->n = 0;
	for (i = first; i < ctx->nhosts; i++)
		if (i == first || joins(d, g, i, first, refs, n)) {
			g->host[g->n++] = ctx->host[i];
			g->taken[i] = true;
		}
	if (ctx->nhosts == 1)
		g->words[0] = '\0';
	else if (!*g->boot[first])
		snprintf(g->words, sizeof(g->words), "with no other file: which boot it is of is not known");
	else if (g->n == 1)
		snprintf(g->words, sizeof(g->words),
			 "with no other file: of another boot, or the same VMs at another time");
	else
		snprintf(g->words, sizeof(g->words), "%zu files with each other: one boot (%s), no VM twice",
			 g->n, g->boot[first]);
}

/* ---- one machine at one time ----------------------------------------------------------------- */

static int audit_host(struct auditing *d, const struct group *g, const struct vm_ref *refs, size_t n,
		      size_t left_out)
{
	const struct audit_host_view head = {
		.host = g->host[0]->name, .vms = n, .left_out = left_out,
		.compared = *g->words ? g->words : NULL,
	};
	struct collected c;
	int ret = read_host(d, g->host[0], refs, n, left_out, &c);

	if (!ret)
		ret = show_all(d, &c, &head);
	collect_end(&c);
	end_passes(d);
	return ret ? fail(ST_UNREADABLE, "%s", strerror(-ret)) : 0;
}

/*
 * How many VMs the machine has: those of the group, or as many as one of its snapshots says that there
 * were, if these are more. 0 or the exit status.
 */
static int count_vms(const struct group *g, size_t *all)
{
	const struct snapshot_info *info;
	struct live_vm *vms;
	size_t i, n;
	int ret;

	*all = 0;
	for (i = 0; i < g->n; i++) {
		ret = live_vms(g->host[i], 0, &vms, &n);
		if (ret)
			return live_failed("the list of VMs", ret);
		free(vms);
		*all += n;
	}
	for (i = 0; i < g->n; i++) {
		info = host_snapshot_info(g->host[i]);
		if (info && info->host_vms > *all)
			*all = info->host_vms;
	}
	return 0;
}

static int audit_group(struct auditing *d, const struct group *g, const struct vm_ref *refs, size_t n)
{
	struct vm_ref *of = calloc(n + 1, sizeof(*of));
	size_t i, j, nof = 0, all = 0;
	int ret = of ? count_vms(g, &all) : fail(ST_UNREADABLE, "%s", strerror(ENOMEM));

	for (i = 0; !ret && i < n; i++)
		for (j = 0; j < g->n; j++)
			if (refs[i].host == g->host[j])
				of[nof++] = refs[i];
	if (!ret)
		ret = audit_host(d, g, of, nof, all > nof ? all - nof : 0);
	free(of);
	return ret;
}

static int audit_hosts(struct auditing *d, const struct vm_ref *refs, size_t n)
{
	size_t nhosts = d->ctx->nhosts, i;
	struct group g = {
		.host = calloc(nhosts, sizeof(*g.host)), .boot = calloc(nhosts, sizeof(*g.boot)),
		.taken = calloc(nhosts, sizeof(*g.taken)),
	};
	int ret = g.host && g.boot && g.taken ? 0 : fail(ST_UNREADABLE, "%s", strerror(ENOMEM));

	for (i = 0; !ret && i < nhosts; i++)
		read_boot(d->ctx->host[i], g.boot[i], sizeof(g.boot[i]));
	for (i = 0; !ret && i < nhosts; i++) {
		if (g.taken[i])
			continue;
		make_group(d, &g, i, refs, n);
		ret = audit_group(d, &g, refs, n);
	}
	free(g.host);
	free(g.boot);
	free(g.taken);
	return ret;
}

/* ---- the command ----------------------------------------------------------------------------- */

static int choose_checks(struct auditing *d, const char *list)
{
	size_t n = strcspn(list, ",");
	int number = audit_check_find(list, n);

	if (number < 0)
		return usage(d->ctx, "--check \"%.*s\" is no check: --list-checks names them", (int)n,
			     list);
	d->selected |= UINT64_C(1) << number;
	return list[n] ? choose_checks(d, list + n + 1) : 0;
}

/* What was not read, or means nothing that is known, is said whatever is chosen: a verdict may not be better for it */
static uint64_t always_selected(void)
{
	const struct audit_check *c;
	uint64_t checks = 0;
	size_t n;

	for (n = 0; (c = audit_check(n)); n++)
		if (!strncmp(c->id, "unread-", 7) || !strcmp(c->id, "s2-reserved"))
			checks |= UINT64_C(1) << n;
	return checks;
}

static void list_checks(void)
{
	const struct audit_check *c;
	size_t n;

	for (n = 0; (c = audit_check(n)); n++)
		printf("%-24s %-9s %s\n", c->id, audit_severity_text(c->severity), c->what);
}

static int parse_opts(struct auditing *d, int argc, char **argv, bool *list)
{
	int id, ret = 0;

	while (!ret && (id = cmd_opt(d->ctx, argc, argv)) > 0) {
		switch (id) {
		case OPT_OUTPUT:
			d->file = optarg;
			break;
		case OPT_BASELINE:
			baseline_free(&d->baseline);
			ret = baseline_read(d->ctx, optarg, &d->baseline);
			break;
		case OPT_CHECK:
			ret = choose_checks(d, optarg);
			break;
		case OPT_LIST:
			*list = true;
			break;
		}
	}
	return ret ? ret : id == CMD_OPT_BAD ? ST_USAGE : 0;
}

/* Violated counts for more than unknown: there is something to be done whatever else is there */
static int exit_status(const struct auditing *d)
{
	switch (d->tail.verdict) {
	case AUDIT_VIOLATED:
		return ST_FINDING;
	case AUDIT_UNKNOWN:
		return ST_UNREADABLE;
	default:
		return ST_DONE;
	}
}

/* Operands that are files are snapshots, the others VMs; moves the files away */
static int take_files(struct ctx *ctx, int *argc, char **argv)
{
	const char **more;
	struct stat st;
	int i, n = optind;

	for (i = optind; i < *argc; i++) {
		if (stat(argv[i], &st) || !S_ISREG(st.st_mode)) {
			argv[n++] = argv[i];
			continue;
		}
		more = realloc(ctx->snapshot, (ctx->nsnapshots + 1) * sizeof(*more));
		if (!more)
			return fail(ST_UNREADABLE, "%s", strerror(ENOMEM));
		ctx->snapshot = more;
		more[ctx->nsnapshots++] = argv[i];
	}
	*argc = n;
	return 0;
}

static int audit_found_vms(struct auditing *d, int argc, char **argv)
{
	struct live_info info = { 0 };
	struct vm_ref *refs = NULL;
	size_t n = 0;
	int ret = take_files(d->ctx, &argc, argv);

	if (!ret)
		ret = live_ready(d->ctx, &info);
	live_info_free(&info);
	if (!ret)
		ret = vms_find(d->ctx, argc, argv, &refs, &n);
	if (!ret && d->file)
		ret = view_output(d->ctx->view, d->file);
	if (!ret)
		ret = audit_hosts(d, refs, n);
	free(refs);
	if (ret)
		return ret;
	d->ctx->view->ops->audit_end(d->ctx->view, &d->tail);
	d->ctx->view->complete = true;
	return exit_status(d);
}

static int run(struct ctx *ctx, int argc, char **argv)
{
	struct auditing d = { .ctx = ctx };
	bool list = false;
	int ret = parse_opts(&d, argc, argv, &list);

	if (!ret && list) {
		list_checks();
		fflush(stdout);
	} else if (!ret) {
		while (audit_check(d.tail.checks))
			d.tail.checks++;
		if (d.selected) {
			d.selected |= always_selected();
			d.tail.checks = __builtin_popcountll(d.selected);
		} else {
			d.selected = ~UINT64_C(0);
		}
		ret = audit_found_vms(&d, argc, argv);
	}
	baseline_free(&d.baseline);
	return ret;
}

const struct cmd cmd_audit = {
	.name = "audit",
	.args = "[SNAPSHOT...] [VM...]",
	.summary = "are the VMs isolated from each other and from the host",
	.help = "Each finding is a line that begins with violated, unknown, shared or notice. What could not be\n"
		"read is unknown, and never isolated. Exit status: 0 isolated, or shared by design only; 1 violated;\n"
		"3 unknown.",
	.opts = opts,
	.formats = 1 << VIEW_SARIF | 1 << VIEW_PROMETHEUS,
	.fn = run,
};
