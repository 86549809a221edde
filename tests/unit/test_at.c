// SPDX-License-Identifier: GPL-2.0-only
/*
 * The AT operations and PAR_EL1.
 */
#include "fsc.h"
#include "world.h"

static void every_operation_has_a_name(void **state)
{
	enum at_op op, back;

	(void)state;
	for (op = 0; op < AT_OPS; op++) {
		assert_int_equal(at_op_parse(at_op_name(op), &back), 0);
		assert_int_equal(back, op);
	}
	assert_int_equal(at_op_parse("S12E1R", &back), 0);
	assert_int_equal(back, AT_S12E1R);
	assert_int_equal(at_op_parse("s3e1r", &back), -EINVAL);
	assert_int_equal(at_op_parse("", &back), -EINVAL);
}

static void regimes_of_operations(void **state)
{
	struct world *w = world_new("HCR_EL2 0x80000000\n");
	const uint64_t e2h = 1ull << 34, tge = 1ull << 27;

	(void)state;
	assert_int_equal(at_op_regime(AT_S1E1R, &w->regs), REGIME_EL10);
	assert_int_equal(at_op_regime(AT_S1E2R, &w->regs), REGIME_EL2);
	assert_int_equal(at_op_regime(AT_S1E3W, &w->regs), REGIME_EL3);
	regs_set(&w->regs, REG_HCR_EL2, e2h);
	assert_int_equal(at_op_regime(AT_S1E0R, &w->regs), REGIME_EL10);
	assert_int_equal(at_op_regime(AT_S1E2W, &w->regs), REGIME_EL20);
	regs_set(&w->regs, REG_HCR_EL2, e2h | tge);
	assert_int_equal(at_op_regime(AT_S1E0R, &w->regs), REGIME_EL20);
	assert_int_equal(at_op_regime(AT_S12E1W, &w->regs), REGIME_EL20);
	world_free(w);
}

/* EL1&0 beside a host with HCR_EL2.{E2H,TGE}: no stage is on, whatever VM, DC and SCTLR_EL1.M say */
static void both_stages_beside_a_host(void **state)
{
	struct world *w = world_new("HCR_EL2 0x488001001\nSCTLR_EL1 0x1\nTCR_EL1 0x10\n");

	(void)state;
	world_init(w, REGIME_EL10);
	assert_int_equal(at_walk(&w->mmu, AT_S12E1R, false, va(0x123456), &w->r), WALK_OK);
	assert_true(w->r.pa.v == 0x123456);
	assert_int_equal(w->r.attr.type, MEM_DEVICE);
	world_free(w);
}

static void accesses_of_operations(void **state)
{
	struct access a = at_op_access(AT_S12E0W, true);

	(void)state;
	assert_true(a.kind == ACCESS_WRITE && a.el0 && !a.pan);
	assert_true(at_op_two_stages(AT_S12E0W));
	a = at_op_access(AT_S1E1RP, true);
	assert_true(a.kind == ACCESS_READ && !a.el0 && a.pan);
	assert_false(at_op_access(AT_S1E1RP, false).pan);
	assert_false(at_op_two_stages(AT_S1E1RP));
	assert_int_equal(at_op_access(AT_S1E2X, false).kind, ACCESS_EXEC);
}

static struct walk_result faulting(enum fault_type type, int stage, int level)
{
	struct walk_result r = { .status = WALK_FAULT };

	r.fault = (struct walk_fault){ .type = type, .stage = stage, .level = level };
	return r;
}

static void par_of_faults(void **state)
{
	struct walk_result r = faulting(FAULT_TRANSLATION, 1, 2);

	(void)state;
	assert_int_equal(par_encode(&r).lo, 0x80d);
	r.fault.level = -1;
	assert_int_equal(par_encode(&r).lo, 0x801 | 0x2b << 1);
	r.fault.level = -2;
	assert_int_equal(par_encode(&r).lo, 0x801 | 0x2a << 1);
	r = faulting(FAULT_ADDRESS_SIZE, 1, 0);
	assert_int_equal(par_encode(&r).lo, 0x801);
	r = faulting(FAULT_PERMISSION, 2, 3);
	assert_int_equal(par_encode(&r).lo, 0xa1f);
	r.fault.s1ptw = true;
	assert_int_equal(par_encode(&r).lo, 0xb1f);
	r = faulting(FAULT_ACCESS_FLAG, 1, 3);
	r.fault.dirty_bit = true;
	r.fault.overlay = true;
	r.fault.toplevel = true;
	r.fault.assured_only = true;
	assert_int_equal(par_encode(&r).lo, 0xf817);
	assert_int_equal(par_encode(&r).hi, 0);
	r.d128 = true;
	assert_int_equal(par_encode(&r).hi, 1);
}

static void fault_codes(void **state)
{
	int level;

	(void)state;
	for (level = 0; level <= 3; level++) {
		assert_int_equal(fault_fsc(FAULT_ADDRESS_SIZE, level), level);
		assert_int_equal(fault_fsc(FAULT_TRANSLATION, level), 4 + level);
		assert_int_equal(fault_fsc(FAULT_ACCESS_FLAG, level), 8 + level);
		assert_int_equal(fault_fsc(FAULT_PERMISSION, level), 12 + level);
		assert_int_equal(fault_fsc(FAULT_EXTERNAL_WALK, level), 0x14 + level);
	}
	assert_int_equal(fault_fsc(FAULT_ADDRESS_SIZE, -1), 0x29);
	assert_int_equal(fault_fsc(FAULT_EXTERNAL_WALK, -1), 0x13);
	assert_int_equal(fault_fsc(FAULT_DOMAIN, 2), 0x3e);
}

static void par_of_an_ipa_and_of_128_bits(void **state)
{
	struct walk_result r = { .status = WALK_OK, .has_ipa = true, .ipa = { 0x12345678 } };

	(void)state;
	r.attr = memattr_normal_wb(SH_ISH);
	assert_true(par_encode(&r).lo == 0xff00000012345980);
	r.has_pa = true;
	r.pa.v = 0xfedcba9876543210;
	assert_true(par_encode(&r).lo == 0xffdcba9876543980);
	r.d128 = true;
	assert_true(par_encode(&r).lo == 0xff00000000000980);
	assert_true(par_encode(&r).hi == 0xdcba9876543001);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_operation_has_a_name),
		cmocka_unit_test(regimes_of_operations),
		cmocka_unit_test(both_stages_beside_a_host),
		cmocka_unit_test(accesses_of_operations),
		cmocka_unit_test(par_of_faults),
		cmocka_unit_test(fault_codes),
		cmocka_unit_test(par_of_an_ipa_and_of_128_bits),
	};

	unused_accesses();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
