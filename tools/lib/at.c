// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The AT instructions and PAR_EL1. Names in parentheses are those of Arm's pseudocode.
 */
#include <errno.h>
#include <strings.h>

#include "regs.h"
#include "walk.h"

struct op {
	const char *name;
	uint8_t el;
	bool two_stages;
	bool pan;		/* S1E1RP, S1E1WP */
	struct access access;
};

#define OP(op, name_, el_, two, pan_, kind_) \
	[op] = { name_, el_, two, pan_, { .kind = kind_, .el0 = (el_) == 0 } }

static const struct op ops[AT_OPS] = {
	OP(AT_S1E1R, "s1e1r", 1, false, false, ACCESS_READ),
	OP(AT_S1E1W, "s1e1w", 1, false, false, ACCESS_WRITE),
	OP(AT_S1E0R, "s1e0r", 0, false, false, ACCESS_READ),
	OP(AT_S1E0W, "s1e0w", 0, false, false, ACCESS_WRITE),
	OP(AT_S1E1RP, "s1e1rp", 1, false, true, ACCESS_READ),
	OP(AT_S1E1WP, "s1e1wp", 1, false, true, ACCESS_WRITE),
	OP(AT_S12E1R, "s12e1r", 1, true, false, ACCESS_READ),
	OP(AT_S12E1W, "s12e1w", 1, true, false, ACCESS_WRITE),
	OP(AT_S12E0R, "s12e0r", 0, true, false, ACCESS_READ),
	OP(AT_S12E0W, "s12e0w", 0, true, false, ACCESS_WRITE),
	OP(AT_S1E2R, "s1e2r", 2, false, false, ACCESS_READ),
	OP(AT_S1E2W, "s1e2w", 2, false, false, ACCESS_WRITE),
	OP(AT_S1E3R, "s1e3r", 3, false, false, ACCESS_READ),
	OP(AT_S1E3W, "s1e3w", 3, false, false, ACCESS_WRITE),
	OP(AT_S1E1X, "s1e1x", 1, false, false, ACCESS_EXEC),
	OP(AT_S1E0X, "s1e0x", 0, false, false, ACCESS_EXEC),
	OP(AT_S12E1X, "s12e1x", 1, true, false, ACCESS_EXEC),
	OP(AT_S12E0X, "s12e0x", 0, true, false, ACCESS_EXEC),
	OP(AT_S1E2X, "s1e2x", 2, false, false, ACCESS_EXEC),
	OP(AT_S1E3X, "s1e3x", 3, false, false, ACCESS_EXEC),
};

const char *at_op_name(enum at_op op)
{
	return ops[op].name;
}

int at_op_parse(const char *name, enum at_op *op)
{
	unsigned int i;

	for (i = 0; i < AT_OPS; i++) {
		if (strcasecmp(ops[i].name, name) == 0) {
			*op = i;
			return 0;
		}
	}
	return -EINVAL;
}

enum regime at_op_regime(enum at_op op, const struct regs *regs)
{
	bool e2h = REGF(regs, HCR_EL2, E2H);

	switch (ops[op].el) {
	case 3:
		return REGIME_EL3;
	case 2:
		return e2h ? REGIME_EL20 : REGIME_EL2;
	default:
		/*
		 * Also of S12, whose pseudocode (AArch64.AT) stays with EL1&0: an emulator of the CPU
		 * and KVM's own emulation (compute_translation_regime()) answer for EL2&0
		 */
		return e2h && REGF(regs, HCR_EL2, TGE) ? REGIME_EL20 : REGIME_EL10;
	}
}

bool at_op_two_stages(enum at_op op)
{
	return ops[op].two_stages;
}

struct access at_op_access(enum at_op op, bool pan)
{
	struct access access = ops[op].access;

	access.pan = pan && ops[op].pan;
	return access;
}

enum walk_status at_walk(const struct mmu *mmu, enum at_op op, bool pan, struct va va,
			 struct walk_result *r)
{
	struct access access = at_op_access(op, pan);

	return ops[op].two_stages ? walk_va(mmu, va, access, r) : walk_va_s1(mmu, va, access, r);
}

/* ---- PAR_EL1 (EncodePAR) ----------------------------------------------------------- */

#define PAR_F		(UINT64_C(1) << 0)
#define PAR_PTW		(UINT64_C(1) << 8)
#define PAR_S		(UINT64_C(1) << 9)
#define PAR_RES1	(UINT64_C(1) << 11)
#define PAR_ASSURED	(UINT64_C(1) << 12)
#define PAR_TOPLEVEL	(UINT64_C(1) << 13)
#define PAR_OVERLAY	(UINT64_C(1) << 14)
#define PAR_DIRTY	(UINT64_C(1) << 15)
#define PAR_HI_D128	(UINT64_C(1) << 0)

static uint64_t par_fault(const struct walk_fault *f)
{
	uint64_t par = PAR_F | PAR_RES1 | (uint64_t)fault_fsc(f->type, f->level) << 1;

	if (f->s1ptw)
		par |= PAR_PTW;
	if (f->stage == 2)
		par |= PAR_S;
	if (f->assured_only)
		par |= PAR_ASSURED;
	if (f->toplevel)
		par |= PAR_TOPLEVEL;
	if (f->overlay)
		par |= PAR_OVERLAY;
	if (f->dirty_bit)
		par |= PAR_DIRTY;
	return par;
}

struct par par_encode(const struct walk_result *r)
{
	struct par par = { .hi = r->d128 ? PAR_HI_D128 : 0 };
	uint64_t address = r->has_pa ? r->pa.v : r->ipa.v;

	if (r->status != WALK_OK) {
		par.lo = par_fault(&r->fault);
		return par;
	}
	par.lo = PAR_RES1 | (uint64_t)memattr_par_attr(&r->attr) << 56 |
		 (uint64_t)memattr_par_sh(&r->attr) << 7;
	if (r->d128)
		par.hi |= address & mask64(55, 12);
	else
		par.lo |= address & mask64(55, 12);
	return par;
}
