// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * ESR_ELx, FAR_ELx and HPFAR_EL2 read together.
 */
#include "esr.h"
#include "fsc.h"

#define EC_PC_ALIGNMENT		0x22
#define EC_WATCHPOINT_LOWER	0x34
#define EC_WATCHPOINT		0x35

static enum syndrome_kind kind_of(uint8_t ec)
{
	switch (ec) {
	case 0x20: case 0x21:
		return SYNDROME_INSTRUCTION_ABORT;
	case 0x24: case 0x25:
		return SYNDROME_DATA_ABORT;
	}
	return SYNDROME_OTHER;
}

static bool far_is_written(const struct syndrome *s)
{
	return s->kind != SYNDROME_OTHER || s->ec == EC_PC_ALIGNMENT ||
	       s->ec == EC_WATCHPOINT_LOWER || s->ec == EC_WATCHPOINT;
}

/* FnV has a meaning only with a synchronous External abort that is not of a table walk */
static bool far_not_valid(const struct syndrome *s, uint64_t esr)
{
	return s->kind != SYNDROME_OTHER && s->fsc == 0x10 && FIELD_OF(ESR_EL2_IABT, FnV, esr);
}

/*
 * An abort of a lower level is taken to EL2 because stage 2 faulted, unless EL2 takes all of
 * EL0's exceptions (TGE) or the abort is no fault of the tables.
 */
static bool is_stage2(const struct syndrome *s, const struct regs *regs, int el)
{
	if (el != 2)
		return false;
	if (s->s1ptw)
		return true;
	switch (fsc_decode(s->fsc)->type) {
	case FAULT_ADDRESS_SIZE:
	case FAULT_TRANSLATION:
	case FAULT_ACCESS_FLAG:
	case FAULT_PERMISSION:
		return s->lower_el && !REGF(regs, HCR_EL2, TGE);
	default:
		return false;
	}
}

/*
 * HPFAR_EL2 is written by Translation, Access flag and Address size faults, and by Permission
 * faults on a stage-1 table; after another Permission fault it is UNKNOWN. KVM then asks AT and
 * fills in its copy, newer ones with NS as a mark, which is RES0 at Non-secure EL2 (Linux
 * __get_fault_info()).
 */
static enum ipa_state ipa_state(const struct syndrome *s, const struct regs *regs)
{
	if (!s->stage2)
		return IPA_NOT_HELD;
	if (!regs_have(regs, REG_HPFAR_EL2))
		return IPA_NOT_GIVEN;
	if (REGF(regs, HPFAR_EL2, NS))
		return IPA_HELD;
	switch (fsc_decode(s->fsc)->type) {
	case FAULT_TRANSLATION:
	case FAULT_ACCESS_FLAG:
	case FAULT_ADDRESS_SIZE:
		return IPA_HELD;
	case FAULT_PERMISSION:
		return s->s1ptw ? IPA_HELD : IPA_IF_KVM;
	default:
		return IPA_NOT_HELD;
	}
}

/* The offset in the page is FAR's, but FAR does not say where in a stage-1 table the walk was */
static void read_ipa(struct syndrome *s, const struct regs *regs)
{
	s->ipa_state = ipa_state(s, regs);
	if (s->ipa_state != IPA_HELD && s->ipa_state != IPA_IF_KVM)
		return;
	s->ipa.v = REGF(regs, HPFAR_EL2, FIPA) << 12;
	if (!s->s1ptw && s->far_given && s->far_valid)
		s->ipa.v |= bits64(s->far.v, 11, 0);
}

static void read_data_abort(struct syndrome *s, uint64_t esr)
{
	s->write = FIELD_OF(ESR_EL2_DABT, WnR, esr);
	s->cm = FIELD_OF(ESR_EL2_DABT, CM, esr);
	s->vncr = FIELD_OF(ESR_EL2_DABT, VNCR, esr);
	s->isv = FIELD_OF(ESR_EL2_DABT, ISV, esr);
	if (!s->isv)
		return;
	s->size = 1 << FIELD_OF(ESR_EL2_DABT, SAS, esr);
	s->reg = FIELD_OF(ESR_EL2_DABT, SRT, esr);
	s->reg64 = FIELD_OF(ESR_EL2_DABT, SF, esr);
	s->sign_extend = FIELD_OF(ESR_EL2_DABT, SSE, esr);
	s->acquire_release = FIELD_OF(ESR_EL2_DABT, AR, esr);
}

/* What stands in the way of emulating a device, or NULL */
static const char *emulation_obstacle(const struct syndrome *s)
{
	if (s->kind == SYNDROME_INSTRUCTION_ABORT)
		return "an instruction fetch: nothing to emulate";
	if (s->s1ptw)
		return "the access was to a stage-1 translation table";
	if (s->cm)
		return "a cache maintenance or address translation instruction";
	if (!s->isv)
		return "no instruction syndrome: the instruction itself must be read and decoded";
	if (s->ipa_state == IPA_NOT_GIVEN)
		return "HPFAR_EL2 is not given, so the IPA is not known";
	if (!s->far_given)
		return "FAR_EL2 is not given, so the offset in the page is not known";
	return NULL;
}

static void explain_abort(struct syndrome *s, const struct regs *regs, uint64_t esr, int el)
{
	s->lower_el = s->ec == 0x20 || s->ec == 0x24;
	s->fsc = FIELD_OF(ESR_EL2_IABT, IFSC, esr);
	fsc_text(s->fsc, s->fault, sizeof(s->fault));
	s->external = fsc_decode(s->fsc)->type == FAULT_EXTERNAL_WALK || s->fsc == 0x10;
	/* RES0 but for stage-2 faults, so it means nothing at EL1 */
	s->s1ptw = el == 2 && FIELD_OF(ESR_EL2_IABT, S1PTW, esr);
	if (s->kind == SYNDROME_DATA_ABORT)
		read_data_abort(s, esr);
	s->stage2 = is_stage2(s, regs, el);
}

bool syndrome_explain(struct syndrome *s, const struct regs *regs, int el)
{
	enum reg_id esr_id = el == 2 ? REG_ESR_EL2 : REG_ESR_EL1;
	enum reg_id far_id = el == 2 ? REG_FAR_EL2 : REG_FAR_EL1;
	uint64_t esr = regs->val[esr_id];

	*s = (struct syndrome){ .far = va(regs->val[far_id]) };
	if (!regs_have(regs, esr_id))
		return false;
	s->ec = FIELD_OF(ESR_EL2, EC, esr);
	s->ec_text = reg_value_text(LAYOUT_ESR_EL2, FIELD_HIGH(ESR_EL2, EC), s->ec);
	s->kind = kind_of(s->ec);
	if (s->kind != SYNDROME_OTHER)
		explain_abort(s, regs, esr, el);
	s->far_given = regs_have(regs, far_id);
	s->far_valid = far_is_written(s) && !far_not_valid(s, esr);
	read_ipa(s, regs);
	if (s->stage2) {
		s->why_not = emulation_obstacle(s);
		s->can_emulate = !s->why_not;
	}
	return true;
}
