// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * VMIDs, ASIDs, and the TLBI instructions that go by them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "regs.h"
#include "tags.h"

/* ---- VMIDs of one host ----------------------------------------------------------------------- */

const char *vmid_state_text(enum vmid_state state)
{
	switch (state) {
	case VMID_CURRENT:
		return "current";
	case VMID_STALE:
		return "stale";
	case VMID_RESERVED:
		return "reserved";
	default:
		return "none";
	}
}

static enum vmid_state judge_one(const struct vmid_use *use, uint64_t newest)
{
	if (!use->generation)
		return VMID_NONE;
	if (use->generation == newest)
		return VMID_CURRENT;
	return use->loaded ? VMID_RESERVED : VMID_STALE;
}

static int by_vmid(const void *a, const void *b)
{
	const struct vmid_use *const *x = a, *const *y = b;

	return (*x)->vmid < (*y)->vmid ? -1 : (*x)->vmid > (*y)->vmid;
}

int vmids_judge(struct vmid_use *uses, size_t n, uint64_t *newest)
{
	struct vmid_use **used;
	size_t i, nused = 0;

	*newest = 0;
	used = malloc((n + 1) * sizeof(*used));
	if (!used)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		if (uses[i].generation > *newest)
			*newest = uses[i].generation;
	for (i = 0; i < n; i++) {
		uses[i].twin = NULL;
		uses[i].state = judge_one(&uses[i], *newest);
		if (uses[i].state == VMID_CURRENT || uses[i].state == VMID_RESERVED)
			used[nused++] = &uses[i];
	}
	qsort(used, nused, sizeof(*used), by_vmid);
	for (i = 1; i < nused; i++) {
		if (used[i]->vmid != used[i - 1]->vmid)
			continue;
		used[i]->twin = used[i - 1];
		used[i - 1]->twin = used[i];
	}
	free(used);
	return 0;
}

/* ---- ASIDs ----------------------------------------------------------------------------------- */

static bool has_asid2(const struct regs *r)
{
	return REGF(r, ID_AA64MMFR3_EL1, TCRX) && REGF(r, ID_AA64MMFR4_EL1, ASID2);
}

void asid_tags_of(const struct mmu *mmu, const struct regs *r, struct asid_tags *tags)
{
	bool el2 = mmu->regime == REGIME_EL20;
	bool as = el2 ? FIELD_OF(TCR_EL2_E2H, AS, r->val[REG_TCR_EL2]) : REGF(r, TCR_EL1, AS);
	bool a2 = el2 ? REGF(r, TCR2_EL2, A2) : REGF(r, TCR2_EL1, A2);

	*tags = (struct asid_tags){
		.bits = as && mmu->features.asid16 && !mmu->aarch32 ? 16 : 8,
		.asid = { mmu->s1[0].asid, mmu->s1[1].asid },
		.each = a2 && has_asid2(r) && !mmu->aarch32,
		.used = mmu->a1,
	};
}

uint16_t asid_of_half(const struct asid_tags *tags, int half)
{
	return tags->asid[tags->each ? half > 0 : tags->used];
}

/* ---- one TLB entry --------------------------------------------------------------------------- */

static struct tlb_size stage_size(const struct stage_result *s)
{
	if (!s->done)
		return (struct tlb_size){ 0, 0 };
	return (struct tlb_size){ s->size, s->run_size };
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return !a || (b && b < a) ? b : a;
}

void tlb_entry_of(const struct mmu *mmu, const struct regs *regs, const struct walk_result *r,
		  struct tlb_entry *e)
{
	struct asid_tags asid;

	*e = (struct tlb_entry){ .regime = mmu->regime };
	e->has_vmid = mmu->regime == REGIME_EL10;
	e->vmid_known = regs_have(regs, REG_VTTBR_EL2);
	e->vmid = r->vmid;
	e->vmid_bits = REGF(regs, VTCR_EL2, VS) && mmu->features.vmid16 ? 16 : 8;
	if (mmu->two_halves && r->s1.done && r->s1.ng) {
		asid_tags_of(mmu, regs, &asid);
		e->has_asid = true;
		e->asid = asid_of_half(&asid, r->half);
		e->asid_bits = asid.bits;
	}
	e->s1 = stage_size(&r->s1);
	e->s2 = stage_size(&r->s2);
	e->both.leaf = smaller(e->s1.leaf, e->s2.leaf);
	e->both.run = smaller(e->s1.run, e->s2.run);
	e->no_af = (r->s1.done && !r->s1.af) || (r->s2.done && !r->s2.af);
}

/* ---- TLBI: operands -------------------------------------------------------------------------- */

void tlbi_features_of(const struct regs *r, struct tlbi_features *f)
{
	*f = (struct tlbi_features){
		.range = REGF(r, ID_AA64ISAR0_EL1, TLB) >= 2,
		.ttl = REGF(r, ID_AA64MMFR2_EL1, TTL) >= 1,
		.os = REGF(r, ID_AA64ISAR0_EL1, TLB) >= 1,
		.xs = REGF(r, ID_AA64ISAR1_EL1, XS) >= 1,
		.isar0 = regs_have(r, REG_ID_AA64ISAR0_EL1),
	};
}

/* TG of an operand: which granule TTL and a range are of */
static uint64_t operand_tg(unsigned int granule)
{
	return granule == 16 ? 3 : granule == 14 ? 2 : 1;
}

/*
 * One stage of the translation, as operands tell of it. Level hints are left out where the
 * encoding has none for the level, and of other formats than VMSAv8-64.
 */
struct operand {
	const struct geometry *geo;
	const struct stage_result *s;
	uint64_t ia;
	uint64_t asid;		/* in bits 63:48 */
};

static bool level_hint(const struct operand *o)
{
	return o->s->done && o->geo->format == TABLE_V8_64 && o->s->level >= 1;
}

/* Xt of the forms by address: VA[55:12] or IPA[51:12] in 43:0, TTL in 47:44 */
static uint64_t by_address(const struct operand *o, const struct tlbi_features *f, struct tlbi *t)
{
	uint64_t page = o->s->done ? mask64(o->geo->granule - 1, 0) : mask64(11, 0);
	uint64_t xt = bits64(o->ia & ~page, 55, 12) | o->asid;

	if (!f->ttl || !level_hint(o))
		return xt;
	t->hint = true;
	t->level = o->s->level;
	return xt | (operand_tg(o->geo->granule) << 2 | (uint64_t)o->s->level) << 44;
}

/*
 * Xt of the forms by range: from BaseADDR on (NUM + 1) << (5 * SCALE + 1) granules (TLBIRange).
 * Under DS a base is a multiple of 64K. False: more than one such instruction can cover.
 */
static bool by_range(const struct operand *o, struct tlbi *t)
{
	const struct geometry *g = o->geo;
	unsigned int unit = g->ds ? 16 : g->granule, scale;
	uint64_t base, granules, step, num;

	if (!o->s->done || g->format != TABLE_V8_64)
		return false;
	base = o->ia & ~(o->s->run_size - 1) & ~mask64(unit - 1, 0);
	granules = ((o->ia & ~(o->s->run_size - 1)) - base + o->s->run_size) >> g->granule;
	for (scale = 0; scale < 4; scale++) {
		step = UINT64_C(1) << (5 * scale + 1);
		num = (granules + step - 1) / step;
		if (num > 32)
			continue;
		t->bytes = num * step << g->granule;
		t->xt = bits64(base >> unit, 36, 0) | (num - 1) << 39 | (uint64_t)scale << 44 |
			operand_tg(g->granule) << 46 | o->asid;
		t->hint = level_hint(o);
		t->level = o->s->level;
		if (t->hint)
			t->xt |= (uint64_t)o->s->level << 37;
		return true;
	}
	return false;
}

/* ---- TLBI: the instructions ------------------------------------------------------------------ */

enum takes {
	TAKES_NOTHING,
	TAKES_VA_ASID,
	TAKES_VA,
	TAKES_RANGE_ASID,
	TAKES_RANGE,
	TAKES_ASID,
	TAKES_IPA,
	TAKES_IPA_RANGE,
};

struct tlbi_row {
	const char *name;
	enum takes takes;
	unsigned int el;
	const char *what;
};

#define STAGE2_ALONE "only what is cached of stage 2 alone: VMALLE1IS after it drops the rest"

/* From the descriptions of the TLBI instructions in the Arm ARM, chapter C5.5 */
static const struct tlbi_row rows_el1[] = {
	{ "VAE1IS", TAKES_VA_ASID, 1, "this VA, of this ASID or global, and the walks to it" },
	{ "VALE1IS", TAKES_VA_ASID, 1, "the same, but no walks" },
	{ "VAAE1IS", TAKES_VA, 1, "this VA of every ASID, and the walks to it" },
	{ "VAALE1IS", TAKES_VA, 1, "the same, but no walks" },
	{ "RVAE1IS", TAKES_RANGE_ASID, 1, "a range, of this ASID or global, and the walks to it" },
	{ "RVALE1IS", TAKES_RANGE_ASID, 1, "the same, but no walks" },
	{ "RVAAE1IS", TAKES_RANGE, 1, "a range of every ASID, and the walks to it" },
	{ "RVAALE1IS", TAKES_RANGE, 1, "the same, but no walks" },
	{ "ASIDE1IS", TAKES_ASID, 1, "all of this ASID that is not global" },
	{ "VMALLE1IS", TAKES_NOTHING, 1, "all of stage 1 and of both stages, of this VMID" },
	{ "IPAS2E1IS", TAKES_IPA, 2, STAGE2_ALONE },
	{ "IPAS2LE1IS", TAKES_IPA, 2, "the same, but no walks" },
	{ "RIPAS2E1IS", TAKES_IPA_RANGE, 2, STAGE2_ALONE },
	{ "RIPAS2LE1IS", TAKES_IPA_RANGE, 2, "the same, but no walks" },
	{ "VMALLS12E1IS", TAKES_NOTHING, 2, "all of this VMID, of both stages" },
	{ "ALLE1IS", TAKES_NOTHING, 2, "all of EL1&0, of every VMID" },
};

/* At EL2 with HCR_EL2.{E2H,TGE} = {1,1} the forms of EL1 are those of EL2&0 */
static const struct tlbi_row rows_el20[] = {
	{ "VAE1IS", TAKES_VA_ASID, 2, "this VA, of this ASID or global, and the walks to it" },
	{ "VALE1IS", TAKES_VA_ASID, 2, "the same, but no walks" },
	{ "VAAE1IS", TAKES_VA, 2, "this VA of every ASID, and the walks to it" },
	{ "VAALE1IS", TAKES_VA, 2, "the same, but no walks" },
	{ "RVAE1IS", TAKES_RANGE_ASID, 2, "a range, of this ASID or global, and the walks to it" },
	{ "RVALE1IS", TAKES_RANGE_ASID, 2, "the same, but no walks" },
	{ "RVAAE1IS", TAKES_RANGE, 2, "a range of every ASID, and the walks to it" },
	{ "RVAALE1IS", TAKES_RANGE, 2, "the same, but no walks" },
	{ "ASIDE1IS", TAKES_ASID, 2, "all of this ASID that is not global" },
	{ "VMALLE1IS", TAKES_NOTHING, 2, "all of EL2&0" },
	{ "ALLE2IS", TAKES_NOTHING, 2, "all of EL2&0" },
};

static const struct tlbi_row rows_el2[] = {
	{ "VAE2IS", TAKES_VA, 2, "this VA, and the walks to it" },
	{ "VALE2IS", TAKES_VA, 2, "the same, but no walks" },
	{ "RVAE2IS", TAKES_RANGE, 2, "a range, and the walks to it" },
	{ "RVALE2IS", TAKES_RANGE, 2, "the same, but no walks" },
	{ "ALLE2IS", TAKES_NOTHING, 2, "all of EL2" },
};

static const struct tlbi_row rows_el3[] = {
	{ "VAE3IS", TAKES_VA, 3, "this VA, and the walks to it" },
	{ "VALE3IS", TAKES_VA, 3, "the same, but no walks" },
	{ "RVAE3IS", TAKES_RANGE, 3, "a range, and the walks to it" },
	{ "RVALE3IS", TAKES_RANGE, 3, "the same, but no walks" },
	{ "ALLE3IS", TAKES_NOTHING, 3, "all of EL3" },
};

#define ROWS(rows)	{ rows, sizeof(rows) / sizeof((rows)[0]) }

static const struct {
	const struct tlbi_row *row;
	size_t n;
} rows_of[] = {
	[REGIME_EL10] = ROWS(rows_el1),
	[REGIME_EL20] = ROWS(rows_el20),
	[REGIME_EL2] = ROWS(rows_el2),
	[REGIME_EL3] = ROWS(rows_el3),
};

/* Give @t its operand; false: this form cannot be used here */
static bool set_operand(enum takes takes, const struct operand *va, const struct operand *ipa,
			const struct tlbi_features *f, struct tlbi *t)
{
	struct operand o = takes == TAKES_IPA || takes == TAKES_IPA_RANGE ? *ipa : *va;

	t->has_xt = takes != TAKES_NOTHING;
	if (takes != TAKES_VA_ASID && takes != TAKES_RANGE_ASID && takes != TAKES_ASID)
		o.asid = 0;
	switch (takes) {
	case TAKES_NOTHING:
		return true;
	case TAKES_ASID:
		t->xt = o.asid;
		return true;
	case TAKES_RANGE_ASID:
	case TAKES_RANGE:
	case TAKES_IPA_RANGE:
		return f->range && by_range(&o, t);
	case TAKES_IPA:
		if (!o.s->done)
			return false;
		break;
	default:
		break;
	}
	t->xt = by_address(&o, f, t);
	return true;
}

static bool takes_ipa(enum takes takes)
{
	return takes == TAKES_IPA || takes == TAKES_IPA_RANGE;
}

size_t tlbi_list(const struct mmu *mmu, const struct walk_result *r, const struct tlb_entry *e,
		 const struct tlbi_features *f, struct tlbi list[TLBI_MAX])
{
	const struct operand by_va = {
		.geo = &mmu->s1[r->half > 0].geo, .s = &r->s1, .ia = r->va.v,
		.asid = e->has_asid ? (uint64_t)e->asid << 48 : 0,
	};
	const struct operand by_ipa = { .geo = &mmu->s2.geo, .s = &r->s2, .ia = r->ipa.v };
	const struct tlbi_row *row = rows_of[mmu->regime].row;
	size_t left, n = 0;
	struct tlbi *t;

	for (left = rows_of[mmu->regime].n; left; left--, row++) {
		t = &list[n];
		*t = (struct tlbi){ .el = row->el, .what = row->what };
		snprintf(t->name, sizeof(t->name), "%s", row->name);
		t->drops = !takes_ipa(row->takes);
		if (row->takes == TAKES_ASID && !e->has_asid) {
			t->drops = false;
			t->what = "not an entry that is global";
		}
		if (set_operand(row->takes, &by_va, &by_ipa, f, t))
			n++;
	}
	return n;
}
