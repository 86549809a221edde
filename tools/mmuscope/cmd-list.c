// SPDX-License-Identifier: GPL-2.0-only
/*
 * list: the VMs of this host.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "regs.h"
#include "source.h"
#include "target.h"
#include "view.h"

static int add_leaf(void *arg, const struct visit *v)
{
	uint64_t *sum = arg;

	*sum += v->size;
	return 0;
}

/* Adds up the leaves of stage 2: 0 or a negative errno */
static int add_up(struct host *h, struct source *src, const struct live_vm *vm, struct list_vm *r)
{
	const struct walk_visitor visitor = {
		.events = VISIT_LEAF,
		.visit = add_leaf,
		.arg = &r->mapped,
		.max_tables = MAX_TABLES,
		.runs = true,
	};
	struct target t = { .kind = TARGET_VM, .vm = *vm, .src = src };
	struct stage2_stream stream;
	struct walk_stats stats = { 0 };
	uint64_t first, last;
	struct regs regs;
	struct mmu mmu;
	const char *reason;
	int ret;

	ret = h->ops->load_stage2(h, vm, src, &stream);
	if (ret)
		return ret;
	live_regs_of_vm(&t.vm, &regs);
	ret = mmu_init(&mmu, REGIME_EL10, &regs, src, NULL, &reason);
	if (!ret)
		ret = walk_bounds(&mmu, 2, 0, &first, &last);
	if (!ret)
		ret = walk_range(&mmu, 2, first, last, &visitor, &stats);
	/* tables that were taken away meanwhile are a change */
	r->partial = stats.unreadable > stream.gone || stats.limited;
	r->changed = stream.changed;
	return ret;
}

static void list_one(struct ctx *ctx, struct host *h, const struct live_vm *vm, bool *unreadable)
{
	struct live_shadow *shadows = NULL;
	struct list_vm r = { .vm = vm };
	struct source *src = NULL;

	if (!vm->error && vm->stage2 == STAGE2_VISIBLE) {
		src = h->ops->open_vm(h, vm, &r.mapped_error);
		if (src)
			r.mapped_error = add_up(h, src, vm, &r);
	}
	if (!vm->error && vm->stage2 == STAGE2_VISIBLE)
		r.shadow_error = live_shadows(h, vm, &shadows, &r.nshadows);
	r.shadow = shadows;
	if (src)
		src->ops->close(src);
	/* a VM that ended between two reads is no trouble: it is not there any more */
	if (vm->error != -ESTALE && vm->error != -ENOENT && r.mapped_error != -ESTALE) {
		if (vm->error || r.mapped_error || r.partial || r.shadow_error)
			*unreadable = true;
		ctx->view->ops->list_vm(ctx->view, &r);
	}
	free(shadows);
}

static int list_host(struct ctx *ctx, struct host *h, bool *unreadable)
{
	struct live_info info;
	struct live_vm *vms;
	size_t i, n;
	int ret = live_trouble(live_check(h, &info), &info);

	live_info_free(&info);
	if (ret)
		return ret;
	ret = live_vms(h, (unsigned int)info.vmid_bits, &vms, &n);
	if (ret)
		return live_failed("the list of VMs", ret);
	for (i = 0; i < n; i++)
		list_one(ctx, h, &vms[i], unreadable);
	free(vms);
	return 0;
}

static int run(struct ctx *ctx, int argc, char **argv)
{
	bool unreadable = false;
	struct live_info info = { 0 };
	size_t i;
	int ret;

	if (cmd_opt(ctx, argc, argv) == CMD_OPT_BAD)
		return ST_USAGE;
	if (optind < argc)
		return usage(ctx, "\"%s\": list takes no operand", argv[optind]);
	ret = live_ready(ctx, &info);
	live_info_free(&info);
	if (ret)
		return ret;
	ctx->view->ops->list_begin(ctx->view);
	for (i = 0; !ret && i < ctx->nhosts; i++)
		ret = list_host(ctx, ctx->host[i], &unreadable);
	if (ret)
		return ret;
	ctx->view->ops->list_end(ctx->view);
	if (unreadable)
		return fail(ST_UNREADABLE, "not everything of every VM could be read");
	return ST_DONE;
}

const struct cmd cmd_list = {
	.name = "list",
	.args = "",
	.summary = "the VMs: name, VMID, vCPUs, geometry of stage 2, mapped memory",
	.help = "A VM is named PID-FD: the process that holds it and the file descriptor there.",
	.fn = run,
};
