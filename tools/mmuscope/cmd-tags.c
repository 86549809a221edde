// SPDX-License-Identifier: GPL-2.0-only
/*
 * tags: whose translations a TLB would tell from whose, and how.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "names.h"
#include "regs.h"
#include "target.h"
#include "view-tags.h"

enum { OPT_VA = 1, OPT_PROCESSES };

static const struct opt opts[] = {
	{ OPT_VA, "va", "VA", "how the translation of VA is tagged, and which TLBI drop it" },
	{ OPT_PROCESSES, "processes", NULL, "the ASID of each process of the host too" },
	{ 0, NULL, NULL, NULL }
};

struct tags_run {
	struct ctx	*ctx;
	const char	*va_text;	/* of --va, as typed; or NULL */
	bool		processes;
	uint64_t	va;
	int		status;
};

/* ---- what is in use on a host ---------------------------------------------------------------- */

static bool wanted(const struct vm_ref *refs, size_t n, const struct host *h,
		   const struct live_vm *vm)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (refs[i].host == h && !strcmp(refs[i].vm.dir, vm->dir))
			return true;
	return false;
}

/* A VM that ended between two reads is not there any more */
static bool has_ended(const struct live_vm *vm)
{
	return vm->error == -ESTALE || vm->error == -ENOENT;
}

static int read_vcpus(struct tags_run *r, struct host *h, const struct live_vm *vm,
		      struct tags_vm *to)
{
	unsigned int i;

	if (vm->error || vm->stage2 != STAGE2_VISIBLE)
		return 0;
	to->vcpu = calloc(vm->vcpus + 1, sizeof(*to->vcpu));
	if (!to->vcpu)
		return fail(ST_UNREADABLE, "%s", strerror(ENOMEM));
	for (i = 0; i < vm->vcpus; i++) {
		vcpu_tags_read(h, vm, i, &to->vcpu[i]);
		if (to->vcpu[i].error && to->vcpu[i].error != -ENODATA)
			r->status = ST_UNREADABLE;
	}
	to->nvcpus = vm->vcpus;
	return 0;
}

/* What was found on the way decides the status; what could not be read goes before */
static void weigh(struct tags_run *r, const struct host_tags *t, const struct tags_vm *vms,
		  size_t n)
{
	bool finding = false, unreadable = r->status == ST_UNREADABLE;
	size_t i;

	for (i = 0; i < n; i++) {
		finding |= t->use[vms[i].index].twin != NULL;
		unreadable |= t->vm[vms[i].index].error != 0;
	}
	for (i = 0; i < t->ncpus; i++)
		unreadable |= t->cpu[i].error && t->cpu[i].error != -ENXIO;
	unreadable |= r->processes && t->process_error;
	if (unreadable)
		r->status = ST_UNREADABLE;
	else if (finding)
		r->status = ST_FINDING;
}

static int show_host(struct tags_run *r, struct host *h, const struct vm_ref *refs, size_t nrefs,
		     const struct host_tags *t)
{
	struct tags_vm *vms = calloc(t->nvms + 1, sizeof(*vms));
	struct tags_view view = {
		.name = r->ctx->nhosts > 1 ? h->name : "", .host = t, .vm = vms, .processes = r->processes,
	};
	size_t i;
	int ret = vms ? 0 : fail(ST_UNREADABLE, "%s", strerror(ENOMEM));

	for (i = 0; !ret && i < t->nvms; i++) {
		if (!wanted(refs, nrefs, h, &t->vm[i]) || has_ended(&t->vm[i]))
			continue;
		vms[view.nvms].index = i;
		ret = read_vcpus(r, h, &t->vm[i], &vms[view.nvms++]);
	}
	if (!ret) {
		weigh(r, t, vms, view.nvms);
		r->ctx->view->ops->tags(r->ctx->view, &view);
	}
	for (i = 0; i < view.nvms; i++)
		free(vms[i].vcpu);
	free(vms);
	return ret;
}

static int show_one(struct tags_run *r, struct host *h, const struct vm_ref *refs, size_t nrefs)
{
	struct live_info info;
	struct host_tags t;
	int ret = live_trouble(live_check(h, &info), &info);

	if (!ret) {
		ret = host_tags_read(h, &info, &t);
		if (ret)
			ret = live_failed("the list of VMs", ret);
		else
			ret = show_host(r, h, refs, nrefs, &t);
		host_tags_free(&t);
	}
	live_info_free(&info);
	return ret;
}

static int all_hosts(struct tags_run *r, int argc, char **argv)
{
	struct ctx *ctx = r->ctx;
	struct live_info info;
	struct vm_ref *refs;
	size_t n, i;
	int ret = live_ready(ctx, &info);

	live_info_free(&info);
	if (!ret)
		ret = vms_find(ctx, argc, argv, &refs, &n);
	if (ret)
		return ret;
	for (i = 0; !ret && i < ctx->nhosts; i++)
		ret = show_one(r, ctx->host[i], refs, n);
	free(refs);
	if (!ret && r->status == ST_UNREADABLE)
		ret = fail(ST_UNREADABLE, "not every tag could be read");
	if (!ret && r->status == ST_FINDING)
		ret = fail(ST_FINDING, "two VMs have one VMID: their translations cannot be told apart");
	return ret;
}

/* ---- one VA ---------------------------------------------------------------------------------- */

/* The registers hold the ASID of whatever process runs there; the module has this one's */
static void process_asid(const struct target *t, struct tlb_entry *e, struct tags_entry_view *view)
{
	struct host_tags tags;
	struct live_info info;
	size_t i;

	view->no_asid = e->has_asid;
	if (!e->has_asid || live_trouble(live_check(t->host, &info), &info))
		return;
	if (!host_tags_read(t->host, &info, &tags))
		for (i = 0; i < tags.nprocesses; i++) {
			if (tags.process[i].pid != t->pid || !tags.process[i].generation)
				continue;
			e->asid = tags.process[i].asid;
			view->no_asid = false;
		}
	host_tags_free(&tags);
	live_info_free(&info);
}

static int entry(struct tags_run *r, const struct target *t)
{
	struct tags_entry_view view = { .target = t->name };
	const struct access show = { .kind = ACCESS_SHOW };
	struct tlbi tlbi[TLBI_MAX];
	struct tlbi_features features;
	struct tlb_entry e;
	struct walk_result w;
	struct regs regs;
	struct mmu mmu;
	int ret;

	ret = target_mmu(r->ctx, t, OF_VA, r->va, &regs, &mmu);
	if (ret)
		return ret;
	tlbi_features_of(&regs, &features);
	view.features = &features;
	view.walk = &w;
	if (walk_va(&mmu, va(r->va), show, &w) == WALK_OK) {
		tlb_entry_of(&mmu, &regs, &w, &e);
		if (t->kind == TARGET_PROCESS)
			process_asid(t, &e, &view);
		view.entry = &e;
		view.tlbi = tlbi;
		view.ntlbi = tlbi_list(&mmu, &w, &e, &features, tlbi);
	}
	r->ctx->view->ops->tags_entry(r->ctx->view, &view);
	switch (w.status) {
	case WALK_OK:
		if (view.no_asid)
			return fail(ST_UNREADABLE, "%s: its ASID could not be read", t->name);
		return ST_DONE;
	case WALK_FAULT:
		return ST_FINDING;
	default:
		return live_failed("the walk is not complete", w.error);
	}
}

static int one_va(struct tags_run *r, int argc, char **argv)
{
	struct target t;
	int ret;

	if (r->processes)
		return usage(r->ctx, "--processes is for the overview, without --va");
	ret = target_open(r->ctx, argc, argv, &t);
	if (!ret && optind < argc)
		ret = usage(r->ctx, "too many operands");
	if (!ret)
		ret = arg_va(r->ctx, &t, r->va_text, &r->va);
	if (!ret)
		ret = names_open(r->ctx, &t);
	if (!ret)
		ret = target_check_half(r->ctx, &t, r->va);
	if (!ret)
		ret = entry(r, &t);
	target_close(&t);
	return ret;
}

static int run(struct ctx *ctx, int argc, char **argv)
{
	struct tags_run r = { .ctx = ctx };
	int id, ret;

	while ((id = cmd_opt(ctx, argc, argv)) > 0) {
		if (id == OPT_PROCESSES) {
			r.processes = true;
			continue;
		}
		r.va_text = optarg;
		/* what a name is, is known with the target only */
		ret = ctx->symbols_file ? 0 : arg_u64(ctx, "VA", optarg, &r.va);
		if (ret)
			return ret;
	}
	if (id == CMD_OPT_BAD)
		return ST_USAGE;
	return r.va_text ? one_va(&r, argc, argv) : all_hosts(&r, argc, argv);
}

const struct cmd cmd_tags = {
	.name = "tags",
	.args = "[VM...] | --va VA VM[:VCPU]|host|pid:N",
	.summary = "TLB tags: VMID, ASID, what each CPU has loaded",
	.help = "VMs with VMID and generation, vCPUs with their ASIDs, physical CPUs with what they have\n"
		"loaded. What a TLB holds cannot be read: these are the tags of entries made now.",
	.opts = opts,
	.translates = true,
	.fn = run,
};
