// SPDX-License-Identifier: GPL-2.0-only
/*
 * read: the bytes behind an address. What cannot be read is named, never filled in.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "names.h"
#include "regs.h"
#include "source.h"
#include "target.h"
#include "view.h"

#define CHUNK		4096
#define LEN_MAX		(UINT64_C(1) << 30)

enum { OPT_RAW = 1 };

static const struct opt opts[] = { { OPT_RAW, "raw", NULL,
				     "bytes as they are; stops at the first that cannot be read" },
				   { 0, NULL, NULL, NULL } };

struct reading {
	struct ctx		*ctx;
	const struct target	*t;
	const struct mmu	*mmu;
	struct read_head	head;
	bool			is_ipa;
	/* adjacent pieces with one reason are one hole */
	struct read_piece	hole;
	char			why[FAULT_TEXT];
	uint64_t		unread;
	int			status;
};

static void end_hole(struct reading *r)
{
	struct read_piece *h = &r->hole;

	if (!h->len)
		return;
	r->ctx->view->ops->read_piece(r->ctx->view, &r->head, h);
	fail(r->status, "0x%" PRIx64 " to 0x%" PRIx64 ": not read: %s", h->va.v,
	     h->va.v + h->len - 1, h->why);
	r->unread += h->len;
	h->len = 0;
}

static void add_hole(struct reading *r, uint64_t at, uint64_t len, const char *why, int status)
{
	if (status > r->status)
		r->status = status;
	if (!r->hole.len || strcmp(why, r->why)) {
		end_hole(r);
		snprintf(r->why, sizeof(r->why), "%s", why);
		r->hole = (struct read_piece){ .va = va(at), .why = r->why };
	}
	r->hole.len += len;
}

static void read_piece(struct reading *r, const struct walk_result *w, uint64_t at, uint64_t len)
{
	uint8_t bytes[CHUNK];
	struct read_piece p = {
		.va = va(at), .len = len, .bytes = bytes, .has_ipa = w->has_ipa, .ipa = w->ipa,
		.has_pa = w->has_pa, .pa = w->pa,
	};
	int ret =
		r->t->src->ops->read_mem(r->t->src, w->pa, w->has_ipa ? &w->ipa : NULL, bytes, len);

	if (ret) {
		add_hole(r, at, len, live_error_text(ret), ST_UNREADABLE);
		return;
	}
	end_hole(r);
	r->ctx->view->ops->read_piece(r->ctx->view, &r->head, &p);
}

static void read_one(struct reading *r, uint64_t at, uint64_t len)
{
	const struct access show = { .kind = ACCESS_SHOW };
	struct walk_result w;
	char why[FAULT_TEXT];

	if (r->is_ipa)
		walk_ipa(r->mmu, ipa(at), show, &w);
	else
		walk_va(r->mmu, va(at), show, &w);
	if (w.status == WALK_OK)
		read_piece(r, &w, at, len);
	else if (w.status == WALK_FAULT)
		add_hole(r, at, len, fault_text(&w.fault, why), ST_FINDING);
	else
		add_hole(r, at, len, live_error_text(w.error), ST_UNREADABLE);
}

static int read_all(struct reading *r)
{
	const struct view_ops *ops = r->ctx->view->ops;
	uint64_t at = r->head.va.v, left = r->head.len, len;

	ops->read_begin(r->ctx->view, &r->head);
	while (left && !(r->head.raw && r->hole.len)) {
		len = CHUNK - (at & (CHUNK - 1));
		if (len > left)
			len = left;
		read_one(r, at, len);
		at += len;
		left -= len;
	}
	end_hole(r);
	ops->read_end(r->ctx->view, &r->head, r->unread);
	return r->status;
}

/* VA|ipa:IPA and LEN */
static int parse_operands(struct ctx *ctx, int argc, char **argv, struct reading *r)
{
	const char *addr;
	int ret;

	if (argc - optind != 2)
		return usage(ctx, optind + 2 < argc ? "too many operands"
						    : "which address, and how many bytes?");
	addr = argv[optind];
	r->is_ipa = !strncmp(addr, "ipa:", 4);
	ret = r->is_ipa ? arg_u64(ctx, "IPA", addr + 4, &r->head.va.v) : arg_va(ctx, r->t, addr, &r->head.va.v);
	if (!ret)
		ret = arg_size(ctx, "LEN", argv[optind + 1], &r->head.len);
	if (ret)
		return ret;
	if (!r->head.len || r->head.len > LEN_MAX)
		return usage(ctx, "LEN is 1 to 1G, not %" PRIu64, r->head.len);
	if (r->head.va.v + (r->head.len - 1) < r->head.va.v)
		return usage(ctx,
			     "0x%" PRIx64 " and %" PRIu64 " bytes reach beyond the address space",
			     r->head.va.v, r->head.len);
	return 0;
}

static int run(struct ctx *ctx, int argc, char **argv)
{
	struct target t;
	struct reading r = { .ctx = ctx, .t = &t };
	struct regs regs;
	struct mmu mmu;
	int id, ret;

	while ((id = cmd_opt(ctx, argc, argv)) > 0)
		r.head.raw = true;
	if (id == CMD_OPT_BAD)
		return ST_USAGE;
	ret = target_open(ctx, argc, argv, &t);
	if (!ret)
		ret = parse_operands(ctx, argc, argv, &r);
	if (!ret && (t.kind == TARGET_HOST || t.kind == TARGET_PROCESS))
		ret = usage(ctx, "read is for guests: the module hands out no memory of the host");
	if (!ret)
		ret = target_mmu(ctx, &t, r.is_ipa ? OF_STAGE2 : OF_VA, r.head.va.v, &regs, &mmu);
	if (!ret) {
		r.mmu = &mmu;
		r.head.target = t.name;
		ret = read_all(&r);
	}
	target_close(&t);
	return ret;
}

const struct cmd cmd_read = {
	.name = "read",
	.args = "VM[:VCPU] VA|ipa:IPA LEN",
	.summary = "the bytes behind an address of a guest",
	.help = "A hexdump. Stretches that are not mapped (exit status 1) or cannot be read (3) are named.",
	.opts = opts,
	.translates = true,
	.fn = run,
};
