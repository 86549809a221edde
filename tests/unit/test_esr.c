// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an exception's registers tell together, and the names of faults.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "esr.h"
#include "fsc.h"

static struct syndrome explain(int el, const char *text)
{
	struct regs_parser p = { 0 };
	struct regs r = { 0 };
	struct syndrome s;

	if (regs_parse(&r, text, strlen(text), &p) || p.unknowns)
		fail_msg("%s: %s", text, p.reason);
	assert_true(syndrome_explain(&s, &r, el));
	return s;
}

/*
 * Fault status codes
 */

static void codes_have_names(void **state)
{
	static const struct {
		unsigned int code;
		const char *text;
	} codes[] = {
		{ 0x00, "Address size fault, level 0" },
		{ 0x04, "Translation fault, level 0" },
		{ 0x07, "Translation fault, level 3" },
		{ 0x09, "Access flag fault, level 1" },
		{ 0x0f, "Permission fault, level 3" },
		{ 0x10, "Synchronous External abort" },
		{ 0x13, "Synchronous External abort on translation table walk, level -1" },
		{ 0x17, "Synchronous External abort on translation table walk, level 3" },
		{ 0x21, "Alignment fault" },
		{ 0x29, "Address size fault, level -1" },
		{ 0x2a, "Translation fault, level -2" },
		{ 0x2b, "Translation fault, level -1" },
		{ 0x2c, "Address size fault, level -2" },
		{ 0x3e, "Domain fault, level 2" },
		{ 0x3f, "reserved (0x3f)" },
		{ 0x40, "reserved (0x40)" },
	};
	char buf[96];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		assert_string_equal(fsc_text(codes[i].code, buf, sizeof(buf)), codes[i].text);
	assert_string_equal(fsc_text_short(0x05, buf, sizeof(buf)), "Translation fault, level 1");
	assert_string_equal(fsc_text_short(0x0b, buf, sizeof(buf)), "Domain fault, level 2");
	assert_string_equal(fsc_text_short(0x00, buf, sizeof(buf)), "reserved (0x00)");
	assert_string_equal(fsc_text_short(0x20, buf, sizeof(buf)), "reserved (0x20)");
}

/* EncodeLDFSC, stated from its own rules */
static void faults_have_codes(void **state)
{
	static const struct {
		enum fault_type type;
		unsigned int base;
	} types[] = {
		{ FAULT_ADDRESS_SIZE, 0x00 },  { FAULT_TRANSLATION, 0x04 },
		{ FAULT_ACCESS_FLAG, 0x08 },   { FAULT_PERMISSION, 0x0c },
		{ FAULT_EXTERNAL_WALK, 0x14 },
	};
	size_t i;
	int level;

	(void)state;
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		for (level = 0; level <= 3; level++)
			assert_int_equal(fault_fsc(types[i].type, level), types[i].base + level);
	assert_int_equal(fault_fsc(FAULT_ADDRESS_SIZE, -1), 0x29);
	assert_int_equal(fault_fsc(FAULT_ADDRESS_SIZE, -2), 0x2c);
	assert_int_equal(fault_fsc(FAULT_TRANSLATION, -1), 0x2b);
	assert_int_equal(fault_fsc(FAULT_TRANSLATION, -2), 0x2a);
	assert_int_equal(fault_fsc(FAULT_EXTERNAL_WALK, -1), 0x13);
	assert_int_equal(fault_fsc(FAULT_EXTERNAL_WALK, -2), 0x12);
	assert_int_equal(fault_fsc(FAULT_DOMAIN, 1), 0x3d);
	assert_int_equal(fault_fsc(FAULT_DOMAIN, 2), 0x3e);
	/* no code says so */
	assert_int_equal(fault_fsc(FAULT_ACCESS_FLAG, -1), FSC_NONE);
	assert_int_equal(fault_fsc(FAULT_PERMISSION, 4), FSC_NONE);
	assert_int_equal(fault_fsc(FAULT_NONE, 0), FSC_NONE);
	assert_string_equal(fault_type_text(FAULT_TRANSLATION), "Translation fault");
	assert_string_equal(fault_type_text(FAULT_NONE), "no fault");
	assert_string_equal(fault_type_text((enum fault_type)99), "unknown fault");
}

/* What is encoded is what is decoded, and the two tables agree on the names */
static void codes_go_both_ways(void **state)
{
	unsigned int code;

	(void)state;
	for (code = 0; code < 64; code++) {
		const struct fsc *f = fsc_decode(code);

		if (f->name && f->type != FAULT_NONE) {
			assert_int_equal(fault_fsc(f->type, f->level), code);
			assert_string_equal(f->name, fault_type_text(f->type));
		}
	}
	for (code = 0; code < 32; code++) {
		const struct fsc *f = fsc_decode_short(code);

		if (f->name && f->type != FAULT_NONE)
			assert_string_equal(f->name, fault_type_text(f->type));
	}
	assert_null(fsc_decode(0xffffffff)->name);
	assert_null(fsc_decode_short(0xffffffff)->name);
}

/*
 * Aborts
 */

/* str w0, [x1] to a UART, as KVM sees it */
static void a_device_write_can_be_emulated(void **state)
{
	struct syndrome s =
		explain(2, "ESR_EL2 0x93800046\nFAR_EL2 0xffff800008a15018\nHPFAR_EL2 0x90000\n");

	(void)state;
	assert_int_equal(s.kind, SYNDROME_DATA_ABORT);
	assert_string_equal(s.ec_text, "Data Abort from a lower Exception level");
	assert_string_equal(s.fault, "Translation fault, level 2");
	assert_true(s.stage2 && s.lower_el && s.write && s.isv);
	assert_int_equal(s.size, 4);
	assert_int_equal(s.reg, 0);
	assert_false(s.reg64);
	assert_false(s.sign_extend);
	assert_int_equal(s.ipa_state, IPA_HELD);
	assert_int_equal(s.ipa.v, 0x9000018);
	assert_true(s.can_emulate);
	assert_null(s.why_not);
}

/* ldrsh x19, [x1] */
static void a_signed_read_is_told_in_full(void **state)
{
	struct syndrome s = explain(2, "ESR_EL2 0x9373c007\nFAR_EL2 0x1002\nHPFAR_EL2 0x9000010\n");

	(void)state;
	assert_false(s.write);
	assert_int_equal(s.size, 2);
	assert_int_equal(s.reg, 19);
	assert_true(s.reg64);
	assert_true(s.sign_extend);
	assert_true(s.acquire_release);
	assert_true(s.ipa.v == 0x900001002);
	assert_true(s.can_emulate);
}

static void what_cannot_be_emulated_says_why(void **state)
{
	struct syndrome s;

	(void)state;
	/* ISV = 0: a load pair */
	s = explain(2, "ESR_EL2 0x92000006\nFAR_EL2 0x1000\nHPFAR_EL2 0x90000\n");
	assert_true(s.stage2);
	assert_false(s.isv);
	assert_false(s.can_emulate);
	assert_non_null(strstr(s.why_not, "no instruction syndrome"));
	assert_int_equal(s.ipa.v, 0x9000000);
	/* the access was the walker's */
	s = explain(2, "ESR_EL2 0x92000086\nFAR_EL2 0x1234\nHPFAR_EL2 0x90000\n");
	assert_true(s.s1ptw);
	assert_int_equal(s.ipa.v, 0x9000000);
	assert_non_null(strstr(s.why_not, "stage-1 translation table"));
	/* dc civac */
	s = explain(2, "ESR_EL2 0x92000146\nFAR_EL2 0x1000\nHPFAR_EL2 0x90000\n");
	assert_true(s.cm);
	assert_non_null(strstr(s.why_not, "cache maintenance"));
	/* fetch */
	s = explain(2, "ESR_EL2 0x82000006\nFAR_EL2 0x1000\nHPFAR_EL2 0x90000\n");
	assert_int_equal(s.kind, SYNDROME_INSTRUCTION_ABORT);
	assert_true(s.stage2);
	assert_non_null(strstr(s.why_not, "instruction fetch"));
	/* registers that are absent are not taken for zero */
	s = explain(2, "ESR_EL2 0x93800046\nFAR_EL2 0x1000\n");
	assert_int_equal(s.ipa_state, IPA_NOT_GIVEN);
	assert_non_null(strstr(s.why_not, "HPFAR_EL2 is not given"));
	s = explain(2, "ESR_EL2 0x93800046\nHPFAR_EL2 0x90000\n");
	assert_int_equal(s.ipa_state, IPA_HELD);
	assert_non_null(strstr(s.why_not, "FAR_EL2 is not given"));
}

/* The register is UNKNOWN after a Permission fault; KVM fills its copy, and newer ones mark it */
static void a_permission_fault_holds_no_ipa(void **state)
{
	struct syndrome s = explain(2, "ESR_EL2 0x9380004f\nFAR_EL2 0x1018\nHPFAR_EL2 0x90000\n");

	(void)state;
	assert_true(s.stage2);
	assert_int_equal(s.ipa_state, IPA_IF_KVM);
	assert_int_equal(s.ipa.v, 0x9000018);
	s = explain(2, "ESR_EL2 0x9380004f\nFAR_EL2 0x1018\nHPFAR_EL2 0x8000000000090000\n");
	assert_int_equal(s.ipa_state, IPA_HELD);
	/* on a stage-1 table it is written */
	s = explain(2, "ESR_EL2 0x920000cf\nFAR_EL2 0x1018\nHPFAR_EL2 0x90000\n");
	assert_int_equal(s.ipa_state, IPA_HELD);
}

static void stage_1_is_not_taken_for_stage_2(void **state)
{
	struct syndrome s;

	(void)state;
	/* to EL1 */
	s = explain(1, "ESR_EL1 0x92000006\nFAR_EL1 0x1000\nHPFAR_EL2 0x90000\n");
	assert_false(s.stage2);
	assert_int_equal(s.ipa_state, IPA_NOT_HELD);
	assert_null(s.why_not);
	assert_int_equal(s.far.v, 0x1000);
	/* EL2 itself faulted */
	s = explain(2, "ESR_EL2 0x96000006\nFAR_EL2 0x1000\nHPFAR_EL2 0x90000\n");
	assert_false(s.lower_el);
	assert_false(s.stage2);
	/* a host process: EL2 takes its exceptions */
	s = explain(2, "ESR_EL2 0x92000006\nFAR_EL2 0x1000\nHCR_EL2 0x408000000\n");
	assert_true(s.lower_el);
	assert_false(s.stage2);
	/* no fault of tables */
	s = explain(2, "ESR_EL2 0x92000010\nFAR_EL2 0x1000\nHPFAR_EL2 0x90000\n");
	assert_true(s.external);
	assert_false(s.stage2);
	s = explain(2, "ESR_EL2 0x92000021\nFAR_EL2 0x1000\n");
	assert_false(s.stage2);
	s = explain(2, "ESR_EL2 0x9200003d\nFAR_EL2 0x1000\n");
	assert_false(s.stage2);
	/* an External abort of a stage-1 walk behind stage 2 */
	s = explain(2, "ESR_EL2 0x92000095\nFAR_EL2 0x1000\nHPFAR_EL2 0x90000\n");
	assert_true(s.external && s.s1ptw);
	assert_int_equal(s.ipa_state, IPA_NOT_HELD);
}

static void far_is_valid_where_it_is_written(void **state)
{
	struct syndrome s;

	(void)state;
	s = explain(2, "ESR_EL2 0x92000410\nFAR_EL2 0x1000\n");	/* FnV */
	assert_true(s.far_given);
	assert_false(s.far_valid);
	s = explain(2, "ESR_EL2 0x92000010\nFAR_EL2 0x1000\n");
	assert_true(s.far_valid);
	s = explain(2, "ESR_EL2 0x5a000000\nFAR_EL2 0x1000\n");	/* HVC */
	assert_int_equal(s.kind, SYNDROME_OTHER);
	assert_string_equal(s.ec_text, "HVC");
	assert_false(s.far_valid);
	s = explain(2, "ESR_EL2 0x8a000000\nFAR_EL2 0x1001\n");	/* PC alignment */
	assert_true(s.far_valid);
	s = explain(1, "ESR_EL1 0xd2000022\nFAR_EL1 0x1001\n");	/* watchpoint */
	assert_true(s.far_valid);
	s = explain(1, "ESR_EL1 0xfe000000\n");
	assert_null(s.ec_text);
	assert_false(s.far_given);
}

static void absent_is_said(void **state)
{
	struct regs r = { 0 };
	struct syndrome s;

	(void)state;
	assert_false(syndrome_explain(&s, &r, 1));
	assert_false(syndrome_explain(&s, &r, 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_have_names),
		cmocka_unit_test(faults_have_codes),
		cmocka_unit_test(codes_go_both_ways),
		cmocka_unit_test(a_device_write_can_be_emulated),
		cmocka_unit_test(a_signed_read_is_told_in_full),
		cmocka_unit_test(what_cannot_be_emulated_says_why),
		cmocka_unit_test(a_permission_fault_holds_no_ipa),
		cmocka_unit_test(stage_1_is_not_taken_for_stage_2),
		cmocka_unit_test(far_is_valid_where_it_is_written),
		cmocka_unit_test(absent_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
