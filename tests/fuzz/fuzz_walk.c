// SPDX-License-Identifier: GPL-2.0-only
/*
 * The walker over hostile memory: tables that lead to themselves, to memory that is not there, to
 * the end of the address space. Beside not crashing it has to keep its promises: a bounded number
 * of reads, unreadable never told as a fault, addresses within their width, rights that agree with
 * what an access gets, and one truth from every entry.
 */
#include <inttypes.h>
#include <string.h>

#include "fuzz_walk.h"

/* What hardware re-reads to set an Access flag is not a step */
#define READS_MAX	(WALK_STEPS_MAX + LEVELS_MAX)

struct hostile_case the_case;
static struct mmu the_mmu;
static struct walk_result result, again, show;

static void show_result(const char *name, const struct walk_result *r)
{
	unsigned int i;

	if (r->nsteps > WALK_STEPS_MAX)
		return;
	fprintf(stderr,
		"%s: status %d access %d%s va 0x%" PRIx64 " ipa 0x%" PRIx64 " pa 0x%" PRIx64
		" fault %d level %d stage %d%s (%s) error %d\n", name, r->status, r->access.kind,
		r->access.el0 ? " EL0" : "", r->va.v, r->ipa.v, r->pa.v, r->fault.type,
		r->fault.level, r->fault.stage, r->fault.s1ptw ? " ptw" : "",
		r->status == WALK_FAULT && r->fault.why ? r->fault.why : "", r->error);
	for (i = 0; i < r->nsteps; i++)
		fprintf(stderr, "  stage %d%s level %d [0x%" PRIx64 "] 0x%" PRIx64 " 0x%" PRIx64
			" error %d\n", r->step[i].stage, r->step[i].for_s1 ? " for stage 1" : "",
			r->step[i].level, r->step[i].pa.v, r->step[i].word.lo, r->step[i].word.hi,
			r->step[i].error);
}

void fuzz_show(void)
{
	hostile_show(&the_case);
	fprintf(stderr, "regime %s\n", regime_text(the_mmu.regime));
	show_result("result", &result);
	show_result("again", &again);
	show_result("show", &show);
	show_ranges();
}

/* ---- one result ------------------------------------------------------------------------------ */

static bool power_of_two(uint64_t v)
{
	return v && !(v & (v - 1));
}

bool fits(uint64_t v, unsigned int bits)
{
	return bits >= 64 || !(v >> bits);
}

/* Do rights @p let @a pass? */
static bool granted(const struct perms *p, struct access a)
{
	const struct rights *r = a.el0 ? &p->el0 : &p->el1;

	if (!a.el0 && a.pan && p->pan && (a.kind == ACCESS_READ || a.kind == ACCESS_WRITE))
		return false;
	switch (a.kind) {
	case ACCESS_READ:
		return r->r;
	case ACCESS_WRITE:
		return r->w;
	case ACCESS_EXEC:
		return r->x;
	default:
		return true;
	}
}

static void check_stage(const struct walk_result *r, const struct stage_result *s, int stage,
			const struct geometry *g)
{
	const struct walk_step *leaf;

	if (!s->done)
		return;
	CHECK(s->leaf >= 0 && (unsigned int)s->leaf < r->nsteps);
	leaf = &r->step[s->leaf];
	CHECK(leaf->stage == stage && !leaf->for_s1 && !leaf->error);
	CHECK(leaf->desc.type == DESC_BLOCK || leaf->desc.type == DESC_PAGE);
	CHECK(leaf->level == s->level);
	CHECK(power_of_two(s->size) && power_of_two(s->run_size) && s->run_size >= s->size);
	CHECK(!((s->ia ^ s->oa) & (s->size - 1)));
	CHECK(fits(s->oa, g->oa_bits));
}

/* AArch32 tests addresses against 40 bits, whatever the PE has */
static unsigned int pa_bits(const struct mmu *mmu)
{
	return mmu->aarch32 && mmu->features.pa_bits < 40 ? 40 : mmu->features.pa_bits;
}

static void check_ok(const struct mmu *mmu, const struct walk_result *r)
{
	bool ipa_only = !r->has_va && !r->s2_on;

	CHECK(r->has_pa == !(r->stage1_only && r->s2_on));
	CHECK(!r->has_va || r->has_ipa == r->s2_on);
	CHECK(granted(&r->perms, r->access) || ipa_only);
	if (r->has_va)
		check_stage(r, &r->s1, 1, &mmu->s1[r->half].geo);
	check_stage(r, &r->s2, 2, &mmu->s2.geo);
	CHECK(!r->has_pa || ipa_only || fits(r->pa.v, pa_bits(mmu)));
	CHECK(!r->s2.done || r->pa.v == r->s2.oa);
	CHECK(!r->s2.done || r->ipa.v == r->s2.ia);
	CHECK(!r->has_va || (r->has_ipa ? r->ipa.v : r->pa.v) == r->s1.oa);
	CHECK(!r->size || power_of_two(r->size));
}

static void check_fault(const struct walk_result *r)
{
	const struct walk_fault *f = &r->fault;

	CHECK(f->type > FAULT_NONE && f->type < FAULT_EXTERNAL_WALK);
	CHECK(f->level >= LEVEL_MIN && f->level <= LEVEL_FINAL);
	CHECK(f->stage == 1 || f->stage == 2);
	CHECK(!f->s1ptw || f->stage == 2);
	CHECK(f->stage == 1 || r->s2_on);
	CHECK(f->why && *f->why);
}

static void check_par(const struct walk_result *r)
{
	struct par par = par_encode(r);
	uint64_t address = (r->has_pa ? r->pa.v : r->ipa.v) & mask64(55, 12);

	CHECK((par.lo & 1) == (r->status == WALK_FAULT));
	if (r->status == WALK_OK) {
		CHECK(((r->d128 ? par.hi : par.lo) & mask64(55, 12)) == address);
		return;
	}
	CHECK((par.lo >> 1 & 63) == fault_fsc(r->fault.type, r->fault.level));
	CHECK((par.lo >> 8 & 1) == r->fault.s1ptw);
	CHECK((par.lo >> 9 & 1) == (r->fault.stage == 2));
	CHECK(!(par.lo >> 48));
}

static void check_steps(const struct walk_result *r)
{
	unsigned int i;

	CHECK(the_case.memory.reads <= READS_MAX);
	CHECK(r->nsteps <= WALK_STEPS_MAX && r->nsteps <= the_case.memory.reads);
	for (i = 0; i < r->nsteps; i++) {
		CHECK(r->step[i].stage == 1 || r->step[i].stage == 2);
		CHECK(!r->step[i].for_s1 || r->step[i].stage == 2);
		/* Only the last word that was asked for can be one that could not be read */
		CHECK(!r->step[i].error || (int)i == r->error_step);
		CHECK(!r->step[i].error || r->status == WALK_UNREADABLE);
	}
}

static void check_result(const struct mmu *mmu, const struct walk_result *r, enum walk_status ret)
{
	CHECK(r->status == ret);
	check_steps(r);
	CHECK((r->status == WALK_UNREADABLE) == !!the_case.memory.error);
	CHECK(fits(r->choices, CHOICES));
	CHECK(!r->has_va || mmu->two_halves || !r->half);
	switch (r->status) {
	case WALK_UNREADABLE:
		CHECK(r->error == the_case.memory.error);
		CHECK(r->error_step >= 0 && (unsigned int)r->error_step == r->nsteps - 1);
		CHECK(r->step[r->error_step].error == r->error);
		return;
	case WALK_FAULT:
		check_fault(r);
		break;
	case WALK_OK:
		check_ok(mmu, r);
		break;
	}
	if (r->has_va)
		check_par(r);
}

/* ---- asking ---------------------------------------------------------------------------------- */

enum walk_status ask(const struct mmu *mmu, enum entry entry, uint64_t address,
		     struct access access, int fill, struct walk_result *r)
{
	enum walk_status ret;

	memset(r, fill, sizeof(*r));
	the_case.memory.reads = 0;
	the_case.memory.error = 0;
	if (entry == ENTRY_VA)
		ret = walk_va(mmu, va(address), access, r);
	else if (entry == ENTRY_VA_S1)
		ret = walk_va_s1(mmu, va(address), access, r);
	else
		ret = walk_ipa(mmu, ipa(address), access, r);
	check_result(mmu, r, ret);
	return ret;
}

static void check_same(const struct walk_result *a, const struct walk_result *b)
{
	CHECK(a->status == b->status);
	if (a->status == WALK_UNREADABLE)
		CHECK(a->error == b->error && a->error_step == b->error_step);
	if (a->status == WALK_FAULT)
		CHECK(a->fault.type == b->fault.type && a->fault.level == b->fault.level &&
		      a->fault.stage == b->fault.stage && a->fault.s1ptw == b->fault.s1ptw);
	if (a->status == WALK_OK)
		CHECK(a->has_pa == b->has_pa && a->has_ipa == b->has_ipa && a->pa.v == b->pa.v &&
		      a->ipa.v == b->ipa.v && perms_equal(a->perms, b->perms));
}

/* ---- results against each other -------------------------------------------------------------- */

/* A permission fault although the tables grant the access: the few ways there are */
static bool denied_otherwise(const struct mmu *mmu, const struct walk_result *r)
{
	const struct walk_fault *f = &r->fault;

	if (f->s1ptw || f->dirty_bit || f->toplevel || f->assured_only)
		return true;
	return r->access.kind == ACCESS_EXEC && (mmu->other & CHOICE_FETCH_DEVICE);
}

/* What an access gets against what is shown of the same address without one */
static void check_against_show(const struct mmu *mmu, const struct walk_result *r,
			       const struct walk_result *s)
{
	bool fetch = r->access.kind == ACCESS_EXEC;

	if (r->status == WALK_OK) {
		CHECK(s->status == WALK_OK);
		CHECK(fetch || (r->pa.v == s->pa.v && r->ipa.v == s->ipa.v));
		CHECK(perms_equal(r->perms, s->perms));
	}
	if (r->status != WALK_FAULT || s->status != WALK_OK)
		return;
	switch (r->fault.type) {
	case FAULT_PERMISSION:
		CHECK(!granted(&s->perms, r->access) || denied_otherwise(mmu, r));
		break;
	case FAULT_ACCESS_FLAG:
		CHECK((s->s1.done && !s->s1.af) || (s->s2.done && !s->s2.af));
		break;
	case FAULT_DOMAIN:
		CHECK(mmu->aarch32);
		break;
	default:
		/* TBID and MTX: more of the VA counts for a fetch; E0PD */
		CHECK(fetch || r->access.el0);
	}
}

/* Both stages at once against one after the other */
static void check_stages(const struct mmu *mmu, uint64_t address, struct access access)
{
	enum walk_status both = ask(mmu, ENTRY_VA, address, access, 0, &result);
	enum walk_status first = ask(mmu, ENTRY_VA_S1, address, access, 0xff, &again);
	struct perms perms;

	if (first != WALK_OK) {
		check_same(&result, &again);
		return;
	}
	if (!again.s2_on) {
		check_same(&result, &again);
		return;
	}
	perms = again.perms;
	CHECK(ask(mmu, ENTRY_IPA, again.ipa.v, access, 0, &again) == both);
	if (both != WALK_OK)
		return;
	perms = perms_and(perms, again.perms);
	CHECK(result.pa.v == again.pa.v && perms_equal(result.perms, perms));
}

/* Any other address behind the same descriptor comes out at the same distance */
static void check_neighbour(const struct mmu *mmu, uint64_t address)
{
	struct access access = { .kind = ACCESS_SHOW };
	uint64_t mask;

	if (ask(mmu, ENTRY_VA_S1, address, access, 0, &result) != WALK_OK || !result.s1.done)
		return;
	/* Large pages and supersections take 16 descriptors: stay with this one */
	mask = mask64(geometry_map_shift(&mmu->s1[result.half].geo, result.s1.level) - 1, 0);
	mask &= (result.s1.size - 1) & ~the_case.memory.seed;
	ask(mmu, ENTRY_VA_S1, address ^ mask, access, 0, &again);
	/* AArch32 may end a half in the middle of a block */
	if (again.half != result.half)
		return;
	if (again.status == WALK_OK)
		CHECK(again.s1.oa == (result.s1.oa ^ mask) && again.s1.level == result.s1.level);
	else
		CHECK(again.status == WALK_FAULT && again.fault.type == FAULT_ADDRESS_SIZE);
}

/* ---- all that can be asked of one regime ----------------------------------------------------- */

static void run_op(enum at_op op, uint64_t address)
{
	bool pan = the_case.flags & CASE_PAN;
	struct access access = at_op_access(op, pan);
	struct access none = { .kind = ACCESS_SHOW, .el0 = access.el0 };
	enum entry entry = at_op_two_stages(op) ? ENTRY_VA : ENTRY_VA_S1;

	ask(&the_mmu, entry, address, access, 0, &result);
	memset(&again, 0xff, sizeof(again));
	the_case.memory.reads = 0;
	the_case.memory.error = 0;
	check_result(&the_mmu, &again, at_walk(&the_mmu, op, pan, va(address), &again));
	check_same(&result, &again);
	ask(&the_mmu, entry, address, none, 0, &show);
	check_against_show(&the_mmu, &result, &show);
}

static void run_regime(enum regime regime, uint64_t address)
{
	struct mmu_options opt = {
		.other = the_case.other & ((1u << CHOICES) - 1),
		.secure = the_case.flags & CASE_SECURE,
	};
	static const enum reg_id needed[] = {
		REG_TTBR0_EL1, REG_TTBR1_EL1, REG_TTBR0_EL2, REG_TTBR1_EL2, REG_TTBR0_EL3,
		REG_MAIR_EL1, REG_MAIR_EL2, REG_MAIR_EL3, REG_MAIR2_EL1, REG_MAIR2_EL2, REG_MAIR2_EL3,
		REG_PIR_EL1, REG_PIRE0_EL1, REG_PIR_EL2, REG_PIRE0_EL2, REG_PIR_EL3,
		REG_POR_EL0, REG_POR_EL1, REG_POR_EL2, REG_POR_EL3,
		REG_VTTBR_EL2, REG_VSTTBR_EL2, REG_VSTCR_EL2, REG_S2PIR_EL2, REG_S2POR_EL1,
	};
	const char *reason = NULL;
	unsigned int i;

	the_case.memory.pa_limit = 0;
	/* one that is not given is not known and asks for no memory: unit tests have that */
	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (!regs_have(&the_case.regs, needed[i]))
			regs_set(&the_case.regs, needed[i], 0);
	if (mmu_init(&the_mmu, regime, &the_case.regs, &the_case.memory.source, &opt, &reason)) {
		CHECK(reason && *reason);
		return;
	}
	the_case.memory.pa_limit = UINT64_C(1) << pa_bits(&the_mmu);
	for (i = 0; i < AT_OPS; i++)
		if (at_op_regime(i, &the_case.regs) == regime)
			run_op(i, address);
	for (i = ACCESS_SHOW; i <= ACCESS_EXEC; i++) {
		check_stages(&the_mmu, address, (struct access){ .kind = i });
		if (the_mmu.has_el0)
			check_stages(&the_mmu, address,
				     (struct access){ .kind = i, .el0 = true });
	}
	check_neighbour(&the_mmu, address);
	check_ranges(&the_mmu, address);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned int regime;

	hostile_read(&the_case, data, size);
	for (regime = REGIME_EL10; regime <= REGIME_EL3; regime++)
		run_regime(regime, the_case.address);
	return 0;
}
