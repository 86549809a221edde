// SPDX-License-Identifier: GPL-2.0-only
/*
 * walk: one address, every word on the way, and what comes out.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "addresses.h"
#include "cmd.h"
#include "names.h"
#include "regs.h"
#include "source-ipa.h"
#include "source.h"
#include "target.h"
#include "view-walks.h"
#include "view.h"

/* The slot of an IPA, and the VMM's page behind it */
static void find_host_page(const struct target *t, uint64_t ipa, struct host_page *host)
{
	const struct live_slot *slot;
	struct live_slot *slots;
	size_t n;

	if (live_slots(t->host, &t->vm, &slots, &n))
		return;
	slot = live_slot_find(slots, n, ipa);
	if (slot)
		*host = (struct host_page){
			.known = true, .slot = slot->id, .hva = slot->hva + (ipa - slot->ipa),
			.pid = t->vm.pid, .comm = t->vm.comm,
		};
	free(slots);
}

static int status_of(const struct walk_result *w)
{
	switch (w->status) {
	case WALK_OK:
		return ST_DONE;
	case WALK_FAULT:
		return ST_FINDING;
	default:
		return live_failed("the walk is not complete", w->error);
	}
}

/*
 * The guest of a guest: by its stage 1 and the guest hypervisor's stage 2, both of which lie in the
 * VM's memory, to an IPA of the VM; and that by the VM's own stage 2. KVM joins the last two steps
 * in a shadow, as the guest faults, which is what the MMU walks: its answer comes last.
 */
struct l2 {
	struct walk_view	view;
	struct walk_result	walk;
	struct mmu		mmu;
};

static void walk_own(const struct target *t, const struct access *show, uint64_t l1_ipa, struct l2 *own)
{
	own->view.target = t->vm.dir;
	walk_ipa(&own->mmu, ipa(l1_ipa), *show, &own->walk);
	own->view.mmu = &own->mmu;
	own->view.walk = &own->walk;
	if (own->walk.status == WALK_OK)
		find_host_page(t, l1_ipa, &own->view.host);
}

/* 0, -ENOENT: KVM keeps none, or another negative errno */
static int walk_shadow(const struct target *t, const struct regs *regs, const struct access *show,
		       const struct walk_result *w1, struct target *of, struct l2 *shadow)
{
	const char *reason = "";
	struct regs hw;
	int ret;

	ret = target_open_shadow(t, regs->val[REG_HCR_EL2], regs->val[REG_VTCR_EL2], regs->val[REG_VTTBR_EL2], of);
	if (!ret)
		ret = target_stage2_regs(of, &hw);
	if (!ret && mmu_init(&shadow->mmu, REGIME_EL10, &hw, of->src, &(struct mmu_options){ .other = t->other },
			     &reason))
		ret = -EPROTO;
	if (ret)
		return ret;
	/* Without a stage 2 of the guest hypervisor its guest's IPAs are the VM's */
	walk_ipa(&shadow->mmu, w1->has_ipa ? w1->ipa : ipa(w1->pa.v), *show, &shadow->walk);
	shadow->view.target = of->name;
	shadow->view.mmu = &shadow->mmu;
	shadow->view.walk = &shadow->walk;
	if (shadow->walk.status == WALK_OK)
		find_host_page(t, w1->pa.v, &shadow->view.host);
	return 0;
}

/* What one of the two maps, KVM maps in the other when it is asked for */
static int status_of_l2(const struct walk_result *own, const struct walk_result *shadow)
{
	return status_of(shadow && (shadow->status == WALK_OK || own->status != WALK_OK) ? shadow : own);
}

static int walk_l2(struct ctx *ctx, const struct target *t, uint64_t addr, const struct regs *regs,
		   const struct regs *own_regs)
{
	const struct access show = { .kind = ACCESS_SHOW };
	struct l2 first = { .view = { .target = t->name, .memory = t->vm.dir } };
	struct l2 own = { 0 }, shadow = { 0 };
	struct target of = { 0 };
	struct source *memory;
	const char *reason = "";
	int ret, err = -ENOENT;

	ret = target_mmu_of(t, REGIME_EL10, own_regs, &own.mmu);
	if (ret)
		return ret;
	memory = source_ipa_create(&own.mmu);
	if (!memory)
		return fail(ST_UNREADABLE, "%s", strerror(ENOMEM));
	if (mmu_init(&first.mmu, REGIME_EL10, regs, memory, &(struct mmu_options){ .other = t->other }, &reason)) {
		ret = fail(ST_UNREADABLE, "%s: the guest's registers do not make a translation regime: %s",
			   t->name, reason);
		goto out;
	}
	walk_va(&first.mmu, va(addr), show, &first.walk);
	first.view.mmu = &first.mmu;
	first.view.walk = &first.walk;
	if (first.walk.status == WALK_OK) {
		walk_own(t, &show, first.walk.pa.v, &own);
		first.view.then = &own.view;
		err = walk_shadow(t, regs, &show, &first.walk, &of, &shadow);
		if (!err)
			own.view.then = &shadow.view;
		if (own.walk.status == WALK_FAULT && !err && shadow.walk.status == WALK_OK)
			own.view.note = "the guest's guest alone has touched it: it is in the shadow, which follows";
	}
	ctx->view->ops->walk(ctx->view, &first.view);
	if (err && err != -ENOENT)
		ret = fail(ST_UNREADABLE, "%s: the shadow stage 2 of its guest: %s", t->vm.dir, live_error_text(err));
	else if (first.walk.status != WALK_OK)
		ret = status_of(&first.walk);
	else
		ret = status_of_l2(&own.walk, err ? NULL : &shadow.walk);
out:
	target_close(&of);
	memory->ops->close(memory);
	return ret;
}

static int walk(struct ctx *ctx, const struct target *t, bool is_ipa, uint64_t addr)
{
	struct walk_view view = { .target = t->name, .no_asid = t->kind == TARGET_PROCESS };
	const struct access show = { .kind = ACCESS_SHOW };
	struct walk_result w;
	struct regs regs, own;
	bool l2 = false;
	struct mmu mmu;
	int ret;

	if (!is_ipa) {
		ret = target_l2_regs(t, &regs, &own, &l2);
		if (ret)
			return live_failed(t->name, ret);
		if (l2)
			return walk_l2(ctx, t, addr, &regs, &own);
	}
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
	if (t->kind == TARGET_VM && !*t->vm.of && w.has_ipa && w.status == WALK_OK)
		find_host_page(t, w.ipa.v, &view.host);
	view.mmu = &mmu;
	view.walk = &w;
	ctx->view->ops->walk(ctx->view, &view);
	return status_of(&w);
}

/* ---- many ------------------------------------------------------------------------------------ */

#define CHUNK	4096

/* Addresses of one kind are gathered and translated together */
struct walks {
	struct ctx		*ctx;
	const struct target	*t;
	struct kind {
		bool			open;
		struct mmu		mmu;
		struct regs		regs;
		struct walk_batch	*batch;
	} kind[2];			/* VAs, IPAs */
	bool			is_ipa;	/* of those gathered */
	size_t			n;
	uint64_t		address[CHUNK];
	struct walk_answer	answer[CHUNK];
	struct walks_sum	sum;
};

static void flush(struct walks *w)
{
	struct kind *k = &w->kind[w->is_ipa];
	struct walks_answer r = { .is_ipa = w->is_ipa, .regime = k->mmu.regime };
	size_t i;

	if (!w->n)
		return;
	walk_batch(k->batch, w->address, w->n, w->answer);
	for (i = 0; i < w->n; i++) {
		r.address = w->address[i];
		r.answer = &w->answer[i];
		w->sum.translated += r.answer->status == WALK_OK;
		w->sum.faults += r.answer->status == WALK_FAULT;
		w->sum.unreadable += r.answer->status == WALK_UNREADABLE;
		w->ctx->view->ops->walks_answer(w->ctx->view, &r);
	}
	w->n = 0;
}

static int open_kind(struct walks *w, bool is_ipa, uint64_t address)
{
	struct kind *k = &w->kind[is_ipa];
	int ret;

	ret = target_mmu(w->ctx, w->t, is_ipa ? OF_STAGE2 : OF_VA, address, &k->regs, &k->mmu);
	if (ret)
		return ret;
	if (is_ipa && !k->mmu.s2.vm)
		return fail(ST_FINDING, "%s: stage 2 is off (HCR_EL2.VM is 0): the IPA is the PA",
			    w->t->name);
	k->batch = walk_batch_create(&k->mmu, is_ipa ? WALK_FROM_IPA : WALK_FROM_VA,
				     (struct access){ .kind = ACCESS_SHOW });
	if (!k->batch)
		return fail(ST_UNREADABLE, "%s", strerror(ENOMEM));
	k->open = true;
	return 0;
}

static int gather(void *arg, bool is_ipa, uint64_t address)
{
	struct walks *w = arg;
	int ret = 0;

	if (is_ipa && (w->t->kind == TARGET_HOST || w->t->kind == TARGET_PROCESS))
		return usage(w->ctx, "the host has no IPA: it runs without stage 2");
	ret = target_check_half(w->ctx, w->t, address);
	if (!ret && !w->kind[is_ipa].open)
		ret = open_kind(w, is_ipa, address);
	if (ret)
		return ret;
	if (w->n == CHUNK || w->is_ipa != is_ipa)
		flush(w);
	w->is_ipa = is_ipa;
	w->address[w->n++] = address;
	return 0;
}

static int walk_from(struct ctx *ctx, const struct target *t, const char *file)
{
	const struct view_ops *ops = ctx->view->ops;
	struct walks *w = calloc(1, sizeof(*w));
	struct walks_sum sum;
	int ret;

	if (!w)
		return fail(ST_UNREADABLE, "%s", strerror(ENOMEM));
	w->ctx = ctx;
	w->t = t;
	ops->walks_begin(ctx->view, t->name);
	ret = addresses_read(ctx, t, file, true, gather, w);
	if (!ret)
		flush(w);
	sum = w->sum;
	walk_batch_destroy(w->kind[0].batch);
	walk_batch_destroy(w->kind[1].batch);
	free(w);
	if (ret)
		return ret;
	ops->walks_end(ctx->view, &sum);
	if (sum.unreadable)
		return fail(ST_UNREADABLE, "%" PRIu64 " address%s could not be translated: words are unreadable",
			    sum.unreadable, sum.unreadable == 1 ? "" : "es");
	return sum.faults ? ST_FINDING : ST_DONE;
}

/* ---- the command ----------------------------------------------------------------------------- */

static int walk_operand(struct ctx *ctx, const struct target *t, const char *arg)
{
	bool is_ipa = !strncmp(arg, "ipa:", 4);
	uint64_t addr;
	int ret;

	ret = is_ipa ? arg_u64(ctx, "IPA", arg + 4, &addr) : arg_va(ctx, t, arg, &addr);
	if (!ret && is_ipa && (t->kind == TARGET_HOST || t->kind == TARGET_PROCESS))
		ret = usage(ctx, "the host has no IPA: it runs without stage 2");
	if (!ret)
		ret = target_check_half(ctx, t, addr);
	if (!ret && !is_ipa)
		ret = names_open(ctx, t);
	return ret ? ret : walk(ctx, t, is_ipa, addr);
}

enum { OPT_FROM = 1 };

static const struct opt opts[] = {
	{ OPT_FROM, "from", "FILE|-", "addresses from a file, one a line; a line of output each" },
	{ 0, NULL, NULL, NULL }
};

static int run(struct ctx *ctx, int argc, char **argv)
{
	const char *from = NULL;
	struct target t;
	int id, ret;

	while ((id = cmd_opt(ctx, argc, argv)) > 0)
		from = optarg;
	if (id == CMD_OPT_BAD)
		return ST_USAGE;
	ret = target_open(ctx, argc, argv, &t);
	if (!ret && argc - optind != !from)
		ret = usage(ctx, optind < argc ? "too many operands" : "which address?");
	if (!ret)
		ret = from ? walk_from(ctx, &t, from) : walk_operand(ctx, &t, argv[optind]);
	target_close(&t);
	return ret;
}

const struct cmd cmd_walk = {
	.name = "walk",
	.args = "VM[:VCPU]|host|pid:N VA|ipa:IPA",
	.summary = "each level of each stage, then the result or the fault",
	.help = "Under each stage-1 word stand the stage-2 words by which it was fetched. Permissions are\n"
		"shown, not checked: \"at\" does that. Exit status 1 on a fault.",
	.opts = opts,
	.translates = true,
	.fn = run,
};
