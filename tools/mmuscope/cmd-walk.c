// SPDX-License-Identifier: GPL-2.0-only
/*
 * walk: one address, every word on the way, and what comes out.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "names.h"
#include "regs.h"
#include "target.h"
#include "view.h"

/* The slot, and the VMM's page behind it */
static void find_host_page(const struct target *t, const struct walk_result *w,
			   struct host_page *host)
{
	const struct live_slot *slot;
	struct live_slot *slots;
	size_t n;

	if (t->kind != TARGET_VM || !w->has_ipa || w->status != WALK_OK)
		return;
	if (live_slots(t->host, &t->vm, &slots, &n))
		return;
	slot = live_slot_find(slots, n, w->ipa.v);
	if (slot)
		*host = (struct host_page){
			.known = true, .slot = slot->id, .hva = slot->hva + (w->ipa.v - slot->ipa),
			.pid = t->vm.pid, .comm = t->vm.comm,
		};
	free(slots);
}

static int walk(struct ctx *ctx, const struct target *t, bool is_ipa, uint64_t addr)
{
	struct walk_view view = { .target = t->name, .no_asid = t->kind == TARGET_PROCESS };
	const struct access show = { .kind = ACCESS_SHOW };
	struct walk_result w;
	struct regs regs;
	struct mmu mmu;
	int ret;

	ret = target_mmu(ctx, t, is_ipa ? OF_STAGE2 : OF_VA, addr, &regs, &mmu);
	if (ret)
		return ret;
	if (is_ipa && !mmu.s2.vm)
		return fail(ST_FINDING, "%s: stage 2 is off (HCR_EL2.VM is 0): the IPA is the PA",
			    t->name);
	if (is_ipa)
		walk_ipa(&mmu, ipa(addr), show, &w);
	else
		walk_va(&mmu, va(addr), show, &w);
	find_host_page(t, &w, &view.host);
	view.mmu = &mmu;
	view.walk = &w;
	ctx->view->ops->walk(ctx->view, &view);
	switch (w.status) {
	case WALK_OK:
		return ST_DONE;
	case WALK_FAULT:
		return ST_FINDING;
	default:
		return live_failed("the walk is not complete", w.error);
	}
}

static int run(struct ctx *ctx, int argc, char **argv)
{
	struct target t;
	const char *arg;
	uint64_t addr;
	bool is_ipa;
	int ret;

	if (cmd_opt(ctx, argc, argv) == CMD_OPT_BAD)
		return ST_USAGE;
	ret = target_open(ctx, argc, argv, &t);
	if (!ret && argc - optind != 1)
		ret = usage(ctx, optind < argc ? "too many operands" : "which address?");
	if (!ret) {
		arg = argv[optind];
		is_ipa = !strncmp(arg, "ipa:", 4);
		ret = is_ipa ? arg_u64(ctx, "IPA", arg + 4, &addr) : arg_va(ctx, &t, arg, &addr);
		if (!ret && is_ipa && (t.kind == TARGET_HOST || t.kind == TARGET_PROCESS))
			ret = usage(ctx, "the host has no IPA: it runs without stage 2");
		if (!ret)
			ret = target_check_half(ctx, &t, addr);
		if (!ret && !is_ipa)
			ret = names_open(ctx, &t);
		if (!ret)
			ret = walk(ctx, &t, is_ipa, addr);
	}
	target_close(&t);
	return ret;
}

const struct cmd cmd_walk = {
	.name = "walk",
	.args = "VM[:VCPU]|host|pid:N VA|ipa:IPA",
	.summary = "each level of each stage, then the result or the fault",
	.help = "Under each stage-1 word stand the stage-2 words by which it was fetched. Permissions are\n"
		"shown, not checked: \"at\" does that. Exit status 1 on a fault.",
	.translates = true,
	.fn = run,
};
