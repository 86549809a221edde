// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * One address through one or two stages. Names in parentheses are those of Arm's pseudocode; the
 * order of the tests is AArch64.S1Translate's and AArch64.S2Translate's, for it is the order of
 * priority of faults.
 */
#include <errno.h>
#include <string.h>

#include "aarch32.h"
#include "ttw.h"

bool ttw_two_stages(const struct mmu *mmu)
{
	return mmu->regime == REGIME_EL10 && mmu->s2.vm;
}

int ttw_half(const struct mmu *mmu, uint64_t va)
{
	if (mmu->aarch32)
		return mmu->s1[1].first <= mmu->s1[1].last && va >= mmu->s1[1].first;
	return mmu->two_halves && (va >> 55 & 1);
}

/* ---- how a walk ends --------------------------------------------------------------- */

static enum walk_status fail(struct walk_result *r, enum fault_type type, int stage, int level,
			     const char *why)
{
	r->status = WALK_FAULT;
	r->fault = (struct walk_fault){ .type = type, .stage = stage, .level = level, .why = why };
	return r->status;
}

static enum walk_status unreadable(struct walk_result *r, int error)
{
	r->status = WALK_UNREADABLE;
	r->error = error;
	r->error_step = (int)r->nsteps - 1;
	return r->status;
}

/* Choices that the meaning of a leaf rests on */
static uint32_t leaf_choices(const struct stage_result *leaf)
{
	return (leaf->device_fetch ? CHOICE_FETCH_DEVICE : 0) |
	       (leaf->reserved ? CHOICE_RESERVED : 0);
}

/* Read and decode the descriptor that @step names */
static enum walk_status read_step(const struct mmu *mmu, const struct geometry *g,
				  struct walk_step *step, struct walk_result *r)
{
	struct table_ref ref = {
		.stage = g->stage, .level = step->level, .ia = step->ia, .pa = step->pa,
		.has_ipa = step->has_ipa, .ipa = step->ipa,
	};
	size_t len = (size_t)1 << geometry_desc_shift(g);
	struct source *s = mmu->source;
	const void *at = s->ops->map_table ? s->ops->map_table(s, &ref, len) : NULL;
	uint8_t buf[16];

	if (!at) {
		step->error = s->ops->read_table(s, &ref, buf, len);
		if (step->error)
			return unreadable(r, step->error);
		at = buf;
	}
	step->word = ttw_word(g, at, 0);
	descriptor_decode(g, step->level, step->word, &step->desc);
	return WALK_OK;
}

/* Is there no way on from @d: invalid, or a table descriptor that faults? A leaf is for the caller. */
static enum walk_status check_step(const struct mmu *mmu, const struct geometry *g,
				   const struct descriptor *d, struct walk_result *r)
{
	if (d->type == DESC_INVALID)
		return fail(r, FAULT_TRANSLATION, g->stage, d->level,
			    d->reserved ? "the descriptor is reserved" :
					  "the descriptor is invalid");
	if (d->type == DESC_TABLE && ttw_table_fault(mmu, g, d, &r->fault, &r->choices))
		r->status = WALK_FAULT;
	return r->status;
}

static struct walk_step *new_step(struct walk_result *r, const struct geometry *g,
				  const struct ttw *at, uint64_t ia)
{
	struct walk_step *step = &r->step[r->nsteps++];

	memset(step, 0, sizeof(*step));
	step->stage = g->stage;
	step->level = at->level;
	step->map_shift = geometry_map_shift(g, at->level);
	step->ia = ia;
	step->index = geometry_index(g, at->level, at->skl, at->root, ia);
	return step;
}

/* ---- stage 2 ----------------------------------------------------------------------- */

/* What stage 2 is asked for */
struct s2_request {
	const struct s2_params *p;
	uint64_t ipa;
	enum access_kind kind;
	bool el0;
	bool for_s1;		/* the address of a stage-1 table */
	struct memattr attr;	/* attributes that stage 1 gave it */
};

/* Faults that precede the first read, whatever the IPA */
const char *ttw_s2_off_limits(const struct s2_params *p, enum fault_type *type)
{
	*type = FAULT_TRANSLATION;
	if (p->txsz_fault)
		return "VTCR_EL2.T0SZ is out of bounds";
	if (p->sl_fault)
		return "VTCR_EL2.SL0 does not fit T0SZ and the granule";
	*type = FAULT_ADDRESS_SIZE;
	if (p->root_fault)
		return "the address in VTTBR_EL2 is wider than VTCR_EL2.PS";
	return NULL;
}

/* A Translation fault outranks the address size of the root */
const char *ttw_s2_precheck(const struct s2_params *p, uint64_t ipa, enum fault_type *type)
{
	const char *why = ttw_s2_off_limits(p, type);

	if (why && *type == FAULT_TRANSLATION)
		return why;
	if (!(ipa >> p->geo.ia_bits))
		return why;
	*type = FAULT_TRANSLATION;
	return "the IPA is wider than VTCR_EL2.T0SZ allows";
}

/*
 * S2Walk: down to the leaf. *@d is that leaf, already found sound but for access flag and rights.
 */
static enum walk_status s2_walk(const struct mmu *mmu, struct walk_result *r,
				const struct s2_request *q, struct descriptor *d)
{
	const struct geometry *g = &q->p->geo;
	struct ttw at = ttw_root(g);
	struct walk_step *step;

	for (;;) {
		step = new_step(r, g, &at, q->ipa);
		step->for_s1 = q->for_s1;
		step->pa = pa(at.table + (step->index << geometry_desc_shift(g)));
		if (read_step(mmu, g, step, r) != WALK_OK)
			return r->status;
		*d = step->desc;
		if (check_step(mmu, g, d, r) != WALK_OK)
			return r->status;
		if (d->type != DESC_TABLE)
			break;
		at = ttw_next(mmu, NULL, &at, d);
	}
	if (ttw_leaf_fault(mmu, g, d, q->ipa, &r->fault, &r->choices)) {
		r->status = WALK_FAULT;
		return r->status;
	}
	if (!d->af && !q->p->ha && q->kind != ACCESS_SHOW)
		return fail(r, FAULT_ACCESS_FLAG, 2, d->level, "the Access flag is clear");
	return WALK_OK;
}

static enum walk_status s2_denied(struct walk_result *r, const struct descriptor *d, bool write,
				  bool overlay, const char *why)
{
	fail(r, FAULT_PERMISSION, 2, d->level, why);
	r->fault.overlay = overlay;
	r->fault.write = write;
	return r->status;
}

/* S2PIE: a write to what is clean, where hardware does not keep the dirty state */
static enum walk_status s2_check_dirty(struct walk_result *r, const struct s2_params *p,
				       const struct descriptor *d)
{
	if (p->s2pie && !p->hd && !d->dirty) {
		s2_denied(r, d, true, false, "clean, and hardware does not set Dirty");
		r->fault.dirty_bit = true;
	}
	return r->status;
}

/* S2CheckPermissions */
static enum walk_status s2_check(const struct mmu *mmu, struct walk_result *r,
				 const struct s2_request *q, const struct descriptor *d,
				 const struct stage_result *out)
{
	const struct s2_params *p = q->p;
	struct controls c = s2_controls(mmu, p, d, q->el0);
	bool write = q->kind == ACCESS_WRITE;

	if (q->for_s1) {
		if (p->ptw && out->attr.type == MEM_DEVICE)
			return s2_denied(r, d, write, false,
					 "HCR_EL2.PTW: the stage-1 table is in Device memory");
		if (!c.overlay.r)
			return s2_denied(r, d, write, true, "the stage-2 overlay forbids reading");
		if (write && !c.ow_mmu)
			return s2_denied(r, d, true, true,
					 "the stage-2 overlay forbids to set the Access flag");
		if (!c.base.r)
			return s2_denied(r, d, write, false, "not readable at stage 2");
		if (write && !c.w_mmu)
			return s2_denied(r, d, true, false,
					 "not writable at stage 2, to set the Access flag");
		return write ? s2_check_dirty(r, p, d) : WALK_OK;
	}

	switch (q->kind) {
	case ACCESS_EXEC:
		if (!c.overlay.x)
			return s2_denied(r, d, false, true,
					 "the stage-2 overlay forbids execution");
		if (out->device_fetch && (mmu->other & CHOICE_FETCH_DEVICE))
			return s2_denied(r, d, false, false, "Device memory at stage 2");
		if (!c.base.x)
			return s2_denied(r, d, false, false, "not executable at stage 2");
		break;
	case ACCESS_WRITE:
		if (!c.overlay.w)
			return s2_denied(r, d, true, true, "the stage-2 overlay forbids writing");
		if (!c.base.w)
			return s2_denied(r, d, true, false, "not writable at stage 2");
		return s2_check_dirty(r, p, d);
	case ACCESS_READ:
		if (!c.overlay.r)
			return s2_denied(r, d, false, true, "the stage-2 overlay forbids reading");
		if (!c.base.r)
			return s2_denied(r, d, false, false, "not readable at stage 2");
		break;
	default:
		break;
	}
	return WALK_OK;
}

/* AArch64.S2Translate where stage 2 is on. @out is complete but for being combined. */
static enum walk_status s2_translate(const struct mmu *mmu, struct walk_result *r,
				     const struct s2_request *q, struct stage_result *out)
{
	enum fault_type type;
	const char *why = ttw_s2_precheck(q->p, q->ipa, &type);
	struct descriptor d;

	r->choices |= q->p->choices;
	if (why)
		return fail(r, type, 2, 0, why);
	if (s2_walk(mmu, r, q, &d) != WALK_OK)
		return r->status;
	ttw_s2_leaf(mmu, q->p, &d, q->ipa, &q->attr, q->kind == ACCESS_EXEC, out);
	out->leaf = (int)r->nsteps - 1;
	r->choices |= leaf_choices(out);
	return s2_check(mmu, r, q, &d, out);
}

/* A Secure EL1 has two IPA spaces, each with tables of its own */
static const struct s2_params *s2_params_of(const struct mmu *mmu, bool nonsecure)
{
	return mmu->secure && nonsecure ? &mmu->s2_ns : &mmu->s2;
}

static enum walk_status s2_table_pa(const struct mmu *mmu, struct walk_result *r,
				    const struct ttw *at, uint64_t ipa, bool write, struct pa *out)
{
	struct s2_request q = {
		.p = s2_params_of(mmu, at->inherited.ns_table),
		.ipa = ipa,
		.kind = write ? ACCESS_WRITE : ACCESS_READ,
		.for_s1 = true,
		.attr = memattr_normal_wb(SH_NSH),
	};
	struct stage_result s2;

	s2_translate(mmu, r, &q, &s2);
	if (r->status == WALK_FAULT) {
		r->fault.s1ptw = true;
		r->fault.write = write;
	} else if (r->status == WALK_OK)
		*out = pa(s2.oa);
	return r->status;
}

enum walk_status ttw_table_pa(const struct mmu *mmu, struct walk_result *r, const struct ttw *at,
			      uint64_t ipa, bool write, struct pa *out)
{
	if (at->unknown)
		return unreadable(r, -ENOKEY);
	if (ttw_two_stages(mmu))
		return s2_table_pa(mmu, r, at, ipa, write, out);
	*out = pa(ipa);
	return WALK_OK;
}

/* ---- stage 1 ----------------------------------------------------------------------- */

/* AArch64.AddrTop: the highest bit of @va that is part of the address */
static unsigned int addr_top(const struct s1_params *p, enum access_kind kind)
{
	return p->tbi && !(kind == ACCESS_EXEC && p->tbid) ? 55 : 63;
}

/* AArch64.VAIsOutOfRange */
static bool va_out_of_range(const struct mmu *mmu, const struct s1_params *p, uint64_t va,
			    enum access_kind kind)
{
	unsigned int top = addr_top(p, kind);
	uint64_t upper, must;

	if (mmu->aarch32)
		return va < p->first || va > p->last;
	if (p->mtx && kind != ACCESS_EXEC) {
		/* The logical tag is not part of the address */
		va &= ~mask64(59, 56);
		va |= va >> 55 & 1 ? mask64(59, 56) : 0;
	}
	if (top < p->geo.ia_bits)
		return false;
	must = mask64(top, p->geo.ia_bits);
	upper = mmu->two_halves && (va >> 55 & 1) ? must : 0;
	return (va & must) != upper;
}

/* Faults that precede the first read, whatever the VA */
const char *ttw_s1_off_limits(const struct s1_params *p, enum fault_type *type)
{
	*type = FAULT_TRANSLATION;
	if (p->txsz_fault)
		return "TCR.TxSZ is out of bounds";
	if (p->epd)
		return "TCR.EPD disables walks of this half";
	if (p->geo.start_level > LEVEL_FINAL)
		return "TTBR.SKL skips all levels";
	*type = FAULT_ADDRESS_SIZE;
	if (p->root_fault)
		return "the address in TTBR is wider than the output size";
	return NULL;
}

/* All of them report level 0; a Translation fault outranks the address size of the root */
const char *ttw_s1_precheck(const struct mmu *mmu, const struct s1_params *p, uint64_t va,
			    struct access access, enum fault_type *type)
{
	const char *why = ttw_s1_off_limits(p, type);

	if (why && *type == FAULT_TRANSLATION)
		return why;
	if (va_out_of_range(mmu, p, va, access.kind)) {
		*type = FAULT_TRANSLATION;
		return "the VA is outside of what TCR.TxSZ allows";
	}
	if (access.el0 && p->e0pd) {
		*type = FAULT_TRANSLATION;
		return "TCR.E0PD keeps EL0 from this half";
	}
	return why;
}

static bool s1_access_flag(const struct mmu *mmu, const struct s1_params *p,
			   const struct descriptor *d)
{
	return p->geo.format == TABLE_V8_32S ? a32_access_flag(mmu, d) : d->af;
}

bool ttw_sets_table_af(const struct mmu *mmu, const struct s1_params *p, struct access access,
		       const struct descriptor *d)
{
	return p->haft && !d->af && access.kind != ACCESS_SHOW && ttw_two_stages(mmu);
}

/* As s1_set_af(), for the descriptor of a table, at @ipa; the same words are not shown twice */
static enum walk_status s1_set_table_af(const struct mmu *mmu, struct walk_result *r,
					const struct ttw *at, uint64_t ipa)
{
	unsigned int nsteps = r->nsteps;
	struct pa pa_;

	if (ttw_table_pa(mmu, r, at, ipa, true, &pa_) == WALK_OK)
		r->nsteps = nsteps;
	return r->status;
}

/* AArch64.S1Walk: down to the leaf, sound but for access flag and rights */
static enum walk_status s1_walk(const struct mmu *mmu, struct walk_result *r,
				const struct s1_params *p, uint64_t va, struct ttw *at,
				struct descriptor *d)
{
	const struct geometry *g = &p->geo;
	struct walk_step *step;
	size_t index;
	uint64_t ipa_;
	struct pa pa_ = { 0 };

	*at = ttw_root(g);
	for (;;) {
		index = geometry_index(g, at->level, at->skl, at->root, va);
		ipa_ = at->table + (index << geometry_desc_shift(g));
		if (ttw_table_pa(mmu, r, at, ipa_, false, &pa_) != WALK_OK)
			return r->status;
		step = new_step(r, g, at, va);
		step->has_ipa = ttw_two_stages(mmu);
		step->ipa = ipa(ipa_);
		step->pa = pa_;
		if (read_step(mmu, g, step, r) != WALK_OK)
			return r->status;
		*d = step->desc;
		if (check_step(mmu, g, d, r) != WALK_OK)
			return r->status;
		if (d->type != DESC_TABLE)
			break;
		if (ttw_sets_table_af(mmu, p, r->access, d) &&
		    s1_set_table_af(mmu, r, at, ipa_) != WALK_OK)
			return r->status;
		*at = ttw_next(mmu, p, at, d);
	}
	if (ttw_leaf_fault(mmu, g, d, va, &r->fault, &r->choices))
		r->status = WALK_FAULT;
	else if (!s1_access_flag(mmu, p, d) && !p->ha && r->access.kind != ACCESS_SHOW)
		fail(r, FAULT_ACCESS_FLAG, 1, d->level, "the Access flag is clear");
	return r->status;
}

static enum walk_status s1_denied(struct walk_result *r, const struct descriptor *d, bool overlay,
				  const char *why)
{
	fail(r, FAULT_PERMISSION, 1, d->level, why);
	r->fault.overlay = overlay;
	r->fault.write = r->access.kind == ACCESS_WRITE;
	return r->status;
}

/* AArch64.S1CheckPermissions */
static enum walk_status s1_check(const struct mmu *mmu, struct walk_result *r,
				 const struct s1_params *p, const struct ttw *at,
				 const struct descriptor *d)
{
	struct access a = r->access;
	struct s1_perm_bits bits;
	struct controls c;

	if (a.kind == ACCESS_SHOW)
		return WALK_OK;
	bits = ttw_s1_perm_bits(mmu, p, at, d);
	c = s1_controls(mmu, p, &bits, a.el0, a.pan);
	if (p->geo.format == TABLE_V8_32S && !bits.manager &&
	    a32_domain(mmu, at, d) != DOMAIN_CLIENT)
		return fail(r, FAULT_DOMAIN, 1, d->level, "DACR gives no access to the domain");
	switch (a.kind) {
	case ACCESS_EXEC:
		if (!c.overlay.x)
			return s1_denied(r, d, true, "the overlay forbids execution");
		if (r->s1.device_fetch && (mmu->other & CHOICE_FETCH_DEVICE))
			return s1_denied(r, d, false, "Device memory");
		if (!c.base.x)
			return s1_denied(r, d, false, "not executable");
		break;
	case ACCESS_WRITE:
		if (!c.overlay.w)
			return s1_denied(r, d, true, "the overlay forbids writing");
		if (!c.base.w)
			return s1_denied(r, d, false, "not writable");
		if (p->pie && !p->hd && d->ndirty) {
			s1_denied(r, d, false, "clean, and hardware does not clear nDirty");
			r->fault.dirty_bit = true;
			return r->status;
		}
		break;
	case ACCESS_READ:
		if (!c.overlay.r)
			return s1_denied(r, d, true, "the overlay forbids reading");
		if (!c.base.r)
			return s1_denied(r, d, false, "not readable");
		break;
	default:
		break;
	}
	return WALK_OK;
}

/*
 * Hardware sets the Access flag of @d, the last step (FEAT_HAFDBS): stage 2 must let it write
 * there. Where the flag is set although the access itself has no permission, that fault is the
 * one reported (SettingAccessFlagPermitted).
 */
static enum walk_status s1_set_af(const struct mmu *mmu, struct walk_result *r,
				  const struct s1_params *p, const struct ttw *at,
				  const struct descriptor *d)
{
	struct walk_fault fault = r->fault;
	enum walk_status status = r->status;
	uint64_t desc_ipa = r->step[r->s1.leaf].ipa.v;
	unsigned int nsteps = r->nsteps;
	struct pa pa_;

	if (d->af || !p->ha || r->access.kind == ACCESS_SHOW || !ttw_two_stages(mmu))
		return status;
	if (status == WALK_FAULT) {
		r->choices |= CHOICE_AF_UPDATE;
		if (!(mmu->other & CHOICE_AF_UPDATE))
			return status;
	}
	r->status = WALK_OK;
	if (ttw_table_pa(mmu, r, at, desc_ipa, true, &pa_) != WALK_OK)
		return r->status;
	/* The same words were read on the way: do not show them twice */
	r->nsteps = nsteps;
	r->fault = fault;
	r->status = status;
	return status;
}

/* AArch64.S1DisabledOutput */
static enum walk_status s1_off(const struct mmu *mmu, struct walk_result *r, uint64_t va)
{
	const struct s1_params *p = &mmu->s1[r->half];
	bool fetch = r->access.kind == ACCESS_EXEC;
	unsigned int top = addr_top(p, r->access.kind);
	uint64_t address = va & mask64(top, 0);
	struct memattr *m = &r->s1.attr;
	const struct rights all = { true, true, true };

	r->s1.perms.el1 = all;
	if (mmu->has_el0)
		r->s1.perms.el0 = all;
	r->s1.ia = va;
	r->s1.leaf = -1;
	if (mmu->dc && mmu->regime == REGIME_EL10) {
		*m = memattr_normal_wb(SH_NSH);
		m->tagged = mmu->dct;
	} else if (fetch) {
		*m = memattr_normal_nc();
		if (mmu->icache) {
			m->inner = (struct cache_attr){ CACHE_WT, HINT_RA, false };
			m->outer = m->inner;
		}
	} else {
		*m = memattr_device(DEVICE_nGnRnE);
	}

	if (p->mtx && !fetch)
		address &= ~mask64(59, 56);
	if (mmu->features.pa_bits < 64 && address >> mmu->features.pa_bits)
		return fail(r, FAULT_ADDRESS_SIZE, 1, 0,
			    "stage 1 is off and the address is wider than a PA");
	r->s1.oa = address;
	return WALK_OK;
}

/* AArch64.S1Translate. The output is r->s1.oa and r->s1.attr. */
static enum walk_status s1_translate(const struct mmu *mmu, struct walk_result *r, uint64_t va)
{
	const struct s1_params *p;
	struct descriptor d;
	enum fault_type type;
	struct ttw at;
	const char *why;

	r->half = ttw_half(mmu, va);
	if (!mmu->s1_on)
		return s1_off(mmu, r, va);

	p = &mmu->s1[r->half];
	r->choices |= p->choices;
	why = ttw_s1_precheck(mmu, p, va, r->access, &type);
	/*
	 * AArch32 has no level 0 but for an Address size fault of the TTBR itself
	 * (AArch32.S1WalkLD)
	 */
	if (why)
		return fail(r, type, 1, mmu->aarch32 && type == FAULT_TRANSLATION, why);
	if (s1_walk(mmu, r, p, va, &at, &d) != WALK_OK)
		return r->status;
	ttw_s1_leaf(mmu, p, &at, &d, va, r->access.kind == ACCESS_EXEC, &r->s1);
	r->s1.leaf = (int)r->nsteps - 1;
	r->choices |= leaf_choices(&r->s1);
	s1_check(mmu, r, p, &at, &d);
	return s1_set_af(mmu, r, p, &at, &d);
}

/* ---- both -------------------------------------------------------------------------- */

void ttw_begin(const struct mmu *mmu, struct access access, struct walk_result *r)
{
	memset(r, 0, offsetof(struct walk_result, step));
	r->access = access;
	r->regime = mmu->regime;
	r->half = -1;
	r->error_step = -1;
	r->s1_on = mmu->s1_on;
	r->s2_on = ttw_two_stages(mmu);
	r->asid = mmu->asid;
	r->vmid = mmu->s2.vmid;
	r->pa_nonsecure = !mmu->secure;
}

static void finish_s1(const struct mmu *mmu, struct walk_result *r)
{
	r->attr = r->s1.attr;
	r->perms = r->s1.perms;
	r->size = r->s1.run_size;
	if (mmu->secure)
		r->pa_nonsecure = r->s1.ns;
	if (r->s1.sh_widened && ttw_two_stages(mmu))
		r->choices |= CHOICE_EARLY_SH;
}

/* Stage 2 of the finished address: the output of stage 1, or an IPA that was asked for */
static enum walk_status finish_s2(const struct mmu *mmu, struct walk_result *r)
{
	struct s2_request q = {
		.p = s2_params_of(mmu, r->s1.ns),
		.ipa = r->ipa.v, .kind = r->access.kind, .el0 = r->access.el0,
		.attr = r->s1.attr,
	};
	struct memattr s1 = r->s1.attr;

	if (s2_translate(mmu, r, &q, &r->s2) != WALK_OK)
		return r->status;
	r->has_pa = true;
	r->pa = pa(r->s2.oa);
	r->pa_nonsecure = !mmu->secure || q.p->output_ns;
	r->attr = q.p->fwb ? r->s2.attr : memattr_combine(&s1, &r->s2.attr);
	return WALK_OK;
}

enum walk_status ttw_second_stage(const struct mmu *mmu, struct walk_result *r)
{
	if (finish_s2(mmu, r) != WALK_OK)
		return r->status;
	r->perms = perms_and(r->s1.perms, r->s2.perms);
	if (!r->s1.done || r->s2.run_size < r->size)
		r->size = r->s2.run_size;
	return WALK_OK;
}

static enum walk_status walk(const struct mmu *mmu, struct va va, struct access access,
			     bool stage1_only, struct walk_result *r)
{
	ttw_begin(mmu, access, r);
	r->has_va = true;
	r->va = va;
	r->stage1_only = stage1_only;
	/* isPARFormatD128 */
	r->d128 = r->s2_on && !stage1_only ? mmu->s2.d128 : mmu->s1[0].d128;
	if (s1_translate(mmu, r, va.v) != WALK_OK)
		return r->status;
	finish_s1(mmu, r);
	if (!r->s2_on) {
		r->has_pa = true;
		r->pa = pa(r->s1.oa);
		return WALK_OK;
	}
	r->has_ipa = true;
	r->ipa = ipa(r->s1.oa);
	return stage1_only ? WALK_OK : ttw_second_stage(mmu, r);
}

enum walk_status walk_va(const struct mmu *mmu, struct va va, struct access access,
			 struct walk_result *r)
{
	return walk(mmu, va, access, false, r);
}

enum walk_status walk_va_s1(const struct mmu *mmu, struct va va, struct access access,
			    struct walk_result *r)
{
	return walk(mmu, va, access, true, r);
}

enum walk_status walk_ipa(const struct mmu *mmu, struct ipa ipa_, struct access access,
			  struct walk_result *r)
{
	ttw_begin(mmu, access, r);
	r->s1_on = false;
	r->has_ipa = true;
	r->ipa = ipa_;
	/* What stage 2 makes of the most ordinary memory */
	r->s1.attr = memattr_normal_wb(SH_NSH);
	if (!r->s2_on) {
		r->has_pa = true;
		r->pa = pa(ipa_.v);
		return WALK_OK;
	}
	if (finish_s2(mmu, r) != WALK_OK)
		return r->status;
	r->attr = r->s2.attr;
	r->perms = r->s2.perms;
	r->size = r->s2.run_size;
	return WALK_OK;
}
