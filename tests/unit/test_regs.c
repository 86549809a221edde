// SPDX-License-Identifier: GPL-2.0-only
/*
 * The register table, the text form and the meaning of values.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "regs.h"

/*
 * The table
 */

static void every_layout_covers_63_0_once(void **state)
{
	const struct reg_field *f;
	size_t layout, n;

	(void)state;
	for (layout = 0; layout < LAYOUT_COUNT; layout++) {
		n = layout_fields(layout, &f);
		if (fields_gap(f, n))
			fail_msg("%s: bits 0x%016llx are not covered exactly once",
				 layout_name(layout), (unsigned long long)fields_gap(f, n));
	}
}

/* The proof above is worth something only if it sees a field that is gone, moved or too wide */
static void a_missing_field_is_seen(void **state)
{
	struct reg_field copy[64];
	const struct reg_field *f;
	size_t layout, n, i;

	(void)state;
	for (layout = 0; layout < LAYOUT_COUNT; layout++) {
		n = layout_fields(layout, &f);
		assert_in_range(n, 1, 64);
		for (i = 0; i < n; i++) {
			memcpy(copy, f, n * sizeof(*f));
			memmove(copy + i, copy + i + 1, (n - 1 - i) * sizeof(*f));
			assert_true(fields_gap(copy, n - 1) == mask64(f[i].high, f[i].low));
		}
	}
}

static void a_wide_field_is_seen(void **state)
{
	struct reg_field copy[64];
	const struct reg_field *f;
	size_t n = layout_fields(LAYOUT_TCR_EL1, &f), i;

	(void)state;
	for (i = 0; i < n; i++) {
		memcpy(copy, f, n * sizeof(*f));
		if (copy[i].high < 63)
			copy[i].high++;
		else
			copy[i].low--;
		assert_true(fields_gap(copy, n));
	}
}

static void fields_stand_highest_first(void **state)
{
	const struct reg_field *f;
	size_t layout, n, i;

	(void)state;
	for (layout = 0; layout < LAYOUT_COUNT; layout++) {
		n = layout_fields(layout, &f);
		assert_int_equal(f[0].high, 63);
		assert_int_equal(f[n - 1].low, 0);
		for (i = 1; i < n; i++)
			assert_int_equal(f[i].high, f[i - 1].low - 1);
	}
}

static void field_names_are_unique(void **state)
{
	const struct reg_field *f;
	size_t layout, n, i, j;

	(void)state;
	for (layout = 0; layout < LAYOUT_COUNT; layout++) {
		n = layout_fields(layout, &f);
		for (i = 0; i < n; i++) {
			assert_true(!f[i].name == (f[i].kind != FIELD_NAMED));
			for (j = 0; f[i].name && j < i; j++)
				if (f[j].name)
					assert_string_not_equal(f[i].name, f[j].name);
		}
	}
}

/* Facts that a slip of the pen would spoil, stated a second time */
static void the_macros_take_the_right_bits(void **state)
{
	struct regs r = { 0 };

	(void)state;
	regs_set(&r, REG_TCR_EL1, UINT64_C(0x0800005035103519));
	assert_int_equal(REGF(&r, TCR_EL1, T0SZ), 0x19);
	assert_int_equal(REGF(&r, TCR_EL1, T1SZ), 0x10);
	assert_int_equal(REGF(&r, TCR_EL1, TG0), 0);
	assert_int_equal(REGF(&r, TCR_EL1, TG1), 0);
	assert_int_equal(REGF(&r, TCR_EL1, SH0), 3);
	assert_int_equal(REGF(&r, TCR_EL1, DS), 1);
	assert_int_equal(REGF(&r, TCR_EL1, AS), 1);
	assert_int_equal(FIELD_OF(TCR_EL2_E2H, TG1, UINT64_C(2) << 30), 2);
	assert_int_equal(FIELD_OF(TCR_EL2, PS, UINT64_C(5) << 16), 5);
	assert_int_equal(FIELD_OF(VTCR_EL2, SL0, 0x80), 2);
	assert_int_equal(FIELD_OF(VTTBR_EL2, VMID, UINT64_C(0x1234) << 48), 0x1234);
	assert_true(FIELD_MASK(TTBR0_EL1, BADDR) == UINT64_C(0x0000fffffffffffe));
	assert_true(FIELD_MASK(HPFAR_EL2, FIPA) == UINT64_C(0x0000fffffffffff0));
	assert_true(FIELD_SET(TCR_EL1, IPS, UINT64_C(0), 5) == UINT64_C(5) << 32);
	assert_true(FIELD_SET(TCR_EL1, IPS, ~UINT64_C(0), 0) == ~(UINT64_C(7) << 32));
}

/*
 * Names
 */

static void every_name_is_found(void **state)
{
	char lower[64];
	enum reg_id id;
	size_t i, j;
	bool hi;

	(void)state;
	for (i = 0; i < REG_COUNT; i++) {
		assert_true(reg_find(reg_name(i), strlen(reg_name(i)), &id, &hi));
		assert_int_equal(id, i);
		assert_false(hi);
		assert_true(strlen(reg_title(i)) > 0);
		for (j = 0; reg_name(i)[j]; j++)
			lower[j] = reg_name(i)[j] | 0x20;
		if (!strchr(reg_name(i), '_')) {
			assert_true(reg_find(lower, j, &id, &hi));
			assert_int_equal(id, i);
		}
	}
	assert_true(reg_find("tcr_el1", 7, &id, &hi));
	assert_int_equal(id, REG_TCR_EL1);
	assert_false(reg_find("TCR_EL", 6, &id, &hi));
	assert_false(reg_find("TCR_EL11", 8, &id, &hi));
	assert_false(reg_find("", 0, &id, &hi));
	assert_false(reg_find("_hi", 3, &id, &hi));
}

static void only_wide_registers_have_an_upper_half(void **state)
{
	enum reg_id id;
	bool hi;

	(void)state;
	assert_true(reg_find("TTBR0_EL1_hi", 12, &id, &hi));
	assert_true(hi);
	assert_int_equal(id, REG_TTBR0_EL1);
	assert_true(reg_find("vttbr_el2_HI", 12, &id, &hi));
	assert_true(reg_find("PAR_EL1_hi", 10, &id, &hi));
	assert_false(reg_find("TCR_EL1_hi", 10, &id, &hi));
	assert_false(reg_find("TTBR0_EL3_hi", 12, &id, &hi));
	assert_true(reg_has_hi(REG_TTBR1_EL2));
	assert_false(reg_has_hi(REG_MAIR_EL1));
}

/*
 * The text form
 */

static int parse(struct regs *r, struct regs_parser *p, const char *text)
{
	memset(r, 0, sizeof(*r));
	return regs_parse(r, text, strlen(text), p);
}

static void lines_become_registers(void **state)
{
	struct regs_parser p = { 0 };
	struct regs r;

	(void)state;
	assert_int_equal(parse(&r, &p, "# state running\n"
				       "TCR_EL1 0x19\n"
				       "\n"
				       "  ttbr0_el1\t0xABCDEF \r\n"
				       "TTBR0_EL1_hi 0x280000\n"
				       "NEW_REGISTER_EL7 0x1\n"
				       "VTTBR_EL2 0xffffffffffffffff"), 0);
	assert_int_equal(p.known, 4);
	assert_int_equal(p.unknowns, 1);
	assert_true(regs_have(&r, REG_TCR_EL1));
	assert_int_equal(r.val[REG_TCR_EL1], 0x19);
	assert_int_equal(r.val[REG_TTBR0_EL1], 0xabcdef);
	assert_true(regs_have_hi(&r, REG_TTBR0_EL1));
	assert_int_equal(r.hi[REG_TTBR0_EL1], 0x280000);
	assert_true(r.val[REG_VTTBR_EL2] == UINT64_MAX);
	/* not given is not the same as zero */
	assert_false(regs_have(&r, REG_TTBR1_EL1));
	assert_int_equal(r.val[REG_TTBR1_EL1], 0);
	assert_false(regs_have_hi(&r, REG_TTBR1_EL1));
}

static void collect(void *arg, const char *s, size_t len)
{
	char *all = arg;

	snprintf(all + strlen(all), 128 - strlen(all), "[%.*s]", (int)len, s);
}

static void notes_and_unknown_names_are_offered(void **state)
{
	char notes[128] = "", unknown[128] = "";
	struct regs_parser p = { .note = collect, .arg = notes };
	struct regs r;

	(void)state;
	assert_int_equal(parse(&r, &p, "#a b\n#\n\t#  cpu -1 \nX 0x1\n"), 0);
	assert_string_equal(notes, "[a b][][cpu -1 ]");
	p = (struct regs_parser){ .unknown = collect, .arg = unknown };
	assert_int_equal(parse(&r, &p, "#a b\nX 0x1\nTCR_EL1 0x1\nY_hi 0x2\n"), 0);
	assert_string_equal(unknown, "[X][Y_hi]");
}

static void bad_lines_are_refused(void **state)
{
	static const struct {
		const char *text;
		size_t line;
		const char *reason;
	} bad[] = {
		{ "TCR_EL1", 1, "no value after \"TCR_EL1\"" },
		{ "\n\nTCR_EL1  \n", 3, "no value after \"TCR_EL1\"" },
		{ "TCR_EL1 25", 1, "TCR_EL1: value is not 0x and hexadecimal digits" },
		{ "TCR_EL1 0x", 1, "TCR_EL1: value is not 0x and hexadecimal digits" },
		{ "TCR_EL1 -0x1", 1, "TCR_EL1: value is not 0x and hexadecimal digits" },
		{ "TCR_EL1 +0x1", 1, "TCR_EL1: value is not 0x and hexadecimal digits" },
		{ "TCR_EL1 0x-1", 1, "TCR_EL1: value is not 0x and hexadecimal digits" },
		{ "TCR_EL1 0x1g", 1, "TCR_EL1: value is not 0x and hexadecimal digits" },
		{ "TCR_EL1 0x10000000000000000", 1, "TCR_EL1: value has more than 64 bits" },
		{ "TCR_EL1 0x1 0x2", 1, "more than a name and a value" },
		{ "TCR_EL1 0x1\nTCR_EL1 0x1", 2, "TCR_EL1 is given twice" },
		{ "TCR_EL1 0x1\ntcr_el1 0x2", 2, "tcr_el1 is given twice" },
		{ "TTBR0_EL1_hi 0x1\nTTBR0_EL1_hi 0x1", 2, "TTBR0_EL1_hi is given twice" },
		{ "UNKNOWN x", 1, "UNKNOWN: value is not 0x and hexadecimal digits" },
		{ "T\x01" "CR 0x1", 1, "not text" },
		{ "T\xc3\xa4 0x1", 1, "not text" },
		{ "PSTATE.PAN 0x2", 1, "PSTATE.PAN: value does not fit the field" },
		{ "PSTATE.PAN 0x1\nPSTATE.PAN 0x0", 2, "PSTATE.PAN is given twice" },
		{ "PSTATE.PAN 0x1\nPSTATE 0x0", 2, "PSTATE is given twice" },
		{ "PSTATE 0x1\nPSTATE.PAN 0x0", 2, "PSTATE.PAN is given twice" },
	};
	struct regs_parser p = { 0 };
	struct regs r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(parse(&r, &p, bad[i].text), -EINVAL);
		assert_int_equal(p.line, bad[i].line);
		assert_string_equal(p.reason, bad[i].reason);
	}
	/* a zero byte is not the end of the text */
	memset(&r, 0, sizeof(r));
	assert_int_equal(regs_parse(&r, "TCR_EL1 0x1\n\0\0", 14, &p), -EINVAL);
	assert_int_equal(p.line, 2);
	/* leading zeros are not overflow */
	assert_int_equal(parse(&r, &p, "TCR_EL1 0x00000000000000000001"), 0);
	assert_int_equal(parse(&r, &p, ""), 0);
	assert_int_equal(p.line, 0);
}

static void a_long_line_fits_the_reason(void **state)
{
	struct regs_parser p = { 0 };
	static struct regs r;
	char text[5000];

	(void)state;
	memset(text, 'A', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(parse(&r, &p, text), -EINVAL);
	assert_true(strlen(p.reason) < sizeof(p.reason));
	text[2500] = ' ';
	assert_int_equal(parse(&r, &p, text), -EINVAL);
}

static void pstate_takes_single_fields(void **state)
{
	struct regs_parser p = { 0 };
	struct regs r;

	(void)state;
	assert_int_equal(parse(&r, &p, "PSTATE.PAN 0x1\nPSTATE.M 0x5\nPSTATE.nosuch 0x1\n"), 0);
	assert_int_equal(r.val[REG_PSTATE], 1 << 22 | 5);
	assert_true(regs_have(&r, REG_PSTATE));
	assert_int_equal(p.unknowns, 1);
	assert_int_equal(parse(&r, &p, "PSTATE.PAN 0x0\n"), 0);
	assert_true(regs_have(&r, REG_PSTATE));
}

static void aarch32_comes_from_the_aarch64_names(void **state)
{
	struct regs_parser p = { 0 };
	struct regs r;

	(void)state;
	assert_int_equal(
		parse(&r, &p,
		      "SCTLR_EL1 0x100c5187d\nTCR_EL1 0x1280000000\nMAIR_EL1 0x1122334455667788\n"
		      "TTBR0_EL1 0xbf000071080000\nDACR32_EL2 0x55\nFAR_EL1 0x1111111122222222\n"
		      "PRRR 0x99\n"),
		0);
	regs_aarch32(&r);
	assert_int_equal(r.val[REG_SCTLR], 0xc5187d);
	assert_true(r.val[REG_TTBCR] == 0x80000000);
	assert_int_equal(r.val[REG_TTBCR2], 0x12);
	assert_true(r.val[REG_TTBR0] == UINT64_C(0xbf000071080000));
	assert_false(regs_have(&r, REG_TTBR1));
	assert_int_equal(r.val[REG_MAIR0], 0x55667788);
	assert_int_equal(r.val[REG_MAIR1], 0x11223344);
	assert_int_equal(r.val[REG_NMRR], 0x11223344);
	assert_int_equal(r.val[REG_PRRR], 0x99);	/* what was given stays */
	assert_int_equal(r.val[REG_DACR], 0x55);
	assert_int_equal(r.val[REG_DFAR], 0x22222222);
	assert_int_equal(r.val[REG_IFAR], 0x11111111);
	assert_false(regs_have(&r, REG_PAR));
}

/*
 * Layouts
 */

static void set(struct regs *r, const char *text)
{
	struct regs_parser p = { 0 };

	if (regs_parse(r, text, strlen(text), &p) || p.unknowns)
		fail_msg("%s: %s", text, p.reason);
}

static void check_layout(const char *ctx, const char *reg, uint64_t val, uint64_t hi,
			 const char *want, const char *want_hi)
{
	struct regs r = { 0 };
	enum reg_layout_id l;
	enum reg_id id;
	bool is_hi;

	set(&r, ctx);
	assert_true(reg_find(reg, strlen(reg), &id, &is_hi));
	l = reg_layout(id, val, hi, &r);
	assert_string_equal(layout_name(l), want);
	assert_int_equal(layout_reg(l), id);
	assert_false(layout_is_hi(l));
	l = reg_layout_hi(id, val, hi, &r);
	assert_string_equal(layout_name(l), want_hi);
	if (l != LAYOUT_COUNT) {
		assert_true(layout_is_hi(l));
		assert_int_equal(layout_reg(l), id);
	}
}

#define E2H	"HCR_EL2 0x400000000\n"
#define EC(n)	((uint64_t)(n) << 26)

static void the_context_chooses_the_layout(void **state)
{
	(void)state;
	check_layout("", "TCR_EL2", 0, 0, "TCR_EL2", "");
	check_layout(E2H, "TCR_EL2", 0, 0, "TCR_EL2_E2H", "");
	check_layout("", "SCTLR_EL2", 0, 0, "SCTLR_EL2", "");
	check_layout(E2H, "SCTLR_EL2", 0, 0, "SCTLR_EL2_E2H", "");
	check_layout("", "TCR2_EL2", 0, 0, "TCR2_EL2_nE2H", "");
	check_layout(E2H, "TCR2_EL2", 0, 0, "TCR2_EL2", "");
	check_layout("", "TTBR0_EL3", 0, 0, "TTBR0_EL3", "");
	check_layout("TCR_EL3 0x4000000000", "TTBR0_EL3", 0, 0, "TTBR0_EL3_D128", "");
	check_layout("", "TTBR0_EL1", 0, 0, "TTBR0_EL1", "");
	check_layout("TCR2_EL1 0x20", "TTBR0_EL1", 0, 0, "TTBR0_EL1_D128", "TTBR0_EL1_hi");
	check_layout("TCR2_EL1 0x20", "TTBR1_EL1", 0, 0, "TTBR1_EL1_D128", "TTBR1_EL1_hi");
	check_layout("", "TTBR0_EL1", 0, 1, "TTBR0_EL1_D128", "TTBR0_EL1_hi");
	check_layout("", "TTBR1_EL1", 0, 1, "TTBR1_EL1_D128", "TTBR1_EL1_hi");
	check_layout("", "TTBR0_EL2", 0, 1, "TTBR0_EL2_D128", "TTBR0_EL2_hi");
	check_layout("", "TTBR1_EL2", 0, 1, "TTBR1_EL2_D128", "TTBR1_EL2_hi");
	check_layout("", "VTTBR_EL2", 0, 1, "VTTBR_EL2_D128", "VTTBR_EL2_hi");
	check_layout("", "TTBR1_EL1", 0, 0, "TTBR1_EL1", "");
	check_layout("", "TTBR0_EL2", 0, 0, "TTBR0_EL2", "");
	check_layout(E2H, "TTBR0_EL2", 0, 0, "TTBR0_EL2_E2H", "");
	check_layout("TCR2_EL2 0x20", "TTBR0_EL2", 0, 0, "TTBR0_EL2", "");
	check_layout(E2H "TCR2_EL2 0x20", "TTBR0_EL2", 0, 0, "TTBR0_EL2_D128", "TTBR0_EL2_hi");
	check_layout(E2H "TCR2_EL2 0x20", "TTBR1_EL2", 0, 0, "TTBR1_EL2_D128", "TTBR1_EL2_hi");
	check_layout("", "TTBR1_EL2", 0, 0, "TTBR1_EL2", "");
	check_layout("", "VTTBR_EL2", 0, 0, "VTTBR_EL2", "");
	check_layout("VTCR_EL2 0x4000000000", "VTTBR_EL2", 0, 0, "VTTBR_EL2_D128", "VTTBR_EL2_hi");
	check_layout("VTCR_EL2 0x4000000000", "VSTTBR_EL2", 0, 0, "VSTTBR_EL2_D128", "");
	check_layout("", "VSTTBR_EL2", 0, 0, "VSTTBR_EL2", "");
	check_layout("", "PAR_EL1", 0, 0, "PAR_EL1", "");
	check_layout("", "PAR_EL1", 1, 0, "PAR_EL1_FAULT", "");
	check_layout("", "PAR_EL1", 0, 1, "PAR_EL1_D128", "PAR_EL1_hi");
	check_layout("", "PAR_EL1", 1, 1, "PAR_EL1_FAULT", "PAR_EL1_hi_FAULT");
	check_layout("", "PSTATE", 0x5, 0, "PSTATE", "");
	check_layout("", "PSTATE", 0x13, 0, "PSTATE_A32", "");
	check_layout("", "SPSR_EL1", 0x13, 0, "SPSR_EL1_A32", "");
	check_layout("", "SPSR_EL1", 0x3, 0, "SPSR_EL1", "");
	check_layout("", "SPSR_EL2", 0x13, 0, "SPSR_EL2_A32", "");
	check_layout("", "SPSR_EL2", 0x3, 0, "SPSR_EL2", "");
	check_layout("", "TTBCR", 0, 0, "TTBCR", "");
	check_layout("", "TTBCR", 0x80000000, 0, "TTBCR_LPAE", "");
	check_layout("TTBCR 0x80000000", "TTBR0", 0, 0, "TTBR0_LPAE", "");
	check_layout("TTBCR 0x80000000", "TTBR1", 0, 0, "TTBR1_LPAE", "");
	check_layout("TTBCR 0x80000000", "CONTEXTIDR", 0, 0, "CONTEXTIDR_LPAE", "");
	check_layout("", "TTBR0", 0, 0, "TTBR0", "");
	check_layout("", "TTBR1", 0, 0, "TTBR1", "");
	check_layout("", "CONTEXTIDR", 0, 0, "CONTEXTIDR", "");
	check_layout("", "DFSR", 0x200, 0, "DFSR_LPAE", "");
	check_layout("", "DFSR", 0, 0, "DFSR", "");
	check_layout("", "IFSR", 0x200, 0, "IFSR_LPAE", "");
	check_layout("", "IFSR", 0, 0, "IFSR", "");
	check_layout("", "IFSR32_EL2", 0x200, 0, "IFSR32_EL2_LPAE", "");
	check_layout("", "IFSR32_EL2", 0, 0, "IFSR32_EL2", "");
	check_layout("", "PAR", 0, 0, "PAR", "");
	check_layout("", "PAR", 1, 0, "PAR_FAULT", "");
	check_layout("", "PAR", 0x800, 0, "PAR_LPAE", "");
	check_layout("", "PAR", 0x801, 0, "PAR_LPAE_FAULT", "");
	check_layout("", "MAIR_EL1", 0, 0, "MAIR_EL1", "");
	/* without a context at all */
	assert_int_equal(reg_layout(REG_TCR_EL2, 0, 0, NULL), LAYOUT_TCR_EL2);
	assert_int_equal(reg_layout_hi(REG_TTBR0_EL1, 0, 0, NULL), LAYOUT_COUNT);
	assert_string_equal(layout_when(LAYOUT_TCR_EL2), "");
	assert_string_equal(layout_when(LAYOUT_TCR_EL2_E2H), "HCR_EL2.E2H = 1");
}

static void the_exception_class_chooses_the_layout(void **state)
{
	static const struct {
		uint64_t esr;
		const char *el1, *el2;
	} esr[] = {
		{ EC(0x00), "ESR_EL1", "ESR_EL2" },
		{ EC(0x01), "ESR_EL1_WFX", "ESR_EL2_WFX" },
		{ EC(0x11), "ESR_EL1_IMM16", "ESR_EL2_IMM16" },
		{ EC(0x16), "ESR_EL1_IMM16", "ESR_EL2_IMM16" },
		{ EC(0x18), "ESR_EL1_SYS", "ESR_EL2_SYS" },
		{ EC(0x20), "ESR_EL1_IABT", "ESR_EL2_IABT" },
		{ EC(0x21), "ESR_EL1_IABT", "ESR_EL2_IABT" },
		{ EC(0x24), "ESR_EL1_DABT_NO_ISV", "ESR_EL2_DABT_NO_ISV" },
		{ EC(0x25), "ESR_EL1_DABT_NO_ISV", "ESR_EL2_DABT_NO_ISV" },
		{ EC(0x24) | 1 << 24, "ESR_EL1_DABT", "ESR_EL2_DABT" },
		{ EC(0x2f), "ESR_EL1", "ESR_EL2" },
		{ EC(0x3c), "ESR_EL1_IMM16", "ESR_EL2_IMM16" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(esr) / sizeof(esr[0]); i++) {
		check_layout("", "ESR_EL1", esr[i].esr, 0, esr[i].el1, "");
		check_layout("", "ESR_EL2", esr[i].esr, 0, esr[i].el2, "");
	}
}

/*
 * Meaning
 */

static struct field_value decode(const char *ctx, const char *reg, uint64_t val, const char *field)
{
	struct regs r = { 0 };
	const struct reg_field *f;
	enum reg_layout_id l;
	struct field_value v;
	enum reg_id id;
	size_t i, n;
	bool hi;

	set(&r, ctx);
	assert_true(reg_find(reg, strlen(reg), &id, &hi));
	l = hi ? reg_layout_hi(id, 0, val, &r) : reg_layout(id, val, 0, &r);
	n = layout_fields(l, &f);
	for (i = 0; i < n; i++)
		if (f[i].name && !strcmp(f[i].name, field)) {
			layout_decode(l, i, val, &r, &v);
			return v;
		}
	fail_msg("%s has no field %s", layout_name(l), field);
	abort();
}

#define MEANS(ctx, reg, val, field, want)	\
	assert_string_equal(decode(ctx, reg, val, field).meaning, want)

static void values_have_meaning(void **state)
{
	(void)state;
	MEANS("", "TCR_EL1", 0x19, "T0SZ", "39-bit addresses");
	MEANS("", "TCR_EL1", UINT64_C(6) << 32, "IPS", "52 bits");
	MEANS("", "TCR_EL1", UINT64_C(2) << 30, "TG1", "4K");
	MEANS("", "TCR_EL1", UINT64_C(2) << 14, "TG0", "16K");
	MEANS("", "TCR_EL1", UINT64_C(1) << 39, "HA", "access flag by hardware");
	MEANS("", "TCR_EL1", 0, "HA", "access flag by software");
	MEANS("", "TCR_EL1", 0, "TCMA1", "");
	MEANS("", "TTBR0_EL1", UINT64_C(0x1234000041d80001), "BADDR", "0x41d80000");
	MEANS("", "TTBR0_EL1", UINT64_C(0x1234000041d80001), "ASID", "4660");
	MEANS("TCR2_EL1 0x20", "TTBR0_EL1_hi", 0x280000, "BADDRH", "0x28000000000000");
	MEANS("", "MAIR_EL1", 0xff, "Attr0", "Normal WB RWA");
	MEANS("", "MAIR_EL1", 0x04, "Attr0", "Device-nGnRE");
	MEANS("", "PIR_EL1", 0xa, "Perm0", "RX");
	MEANS("", "POR_EL0", 0x7, "Perm0", "RWX");
	MEANS("", "S2PIR_EL2", 0xd, "Perm0", "RW, ux");
	MEANS("", "HPFAR_EL2", 0x90000, "FIPA", "IPA 0x9000000");
	MEANS("", "PAR_EL1", 0x81d, "FST", "Permission fault, level 2");
	MEANS("", "PAR_EL1", 0x80d, "FST", "Translation fault, level 2");
	MEANS("", "PAR_EL1", UINT64_C(0xff00000041d80b80), "PA", "0x41d80000");
	MEANS("", "PSTATE", 0x3c5, "M", "EL1h");
	MEANS("", "PSTATE", 0x13, "M", "Supervisor");
	MEANS("", "ESR_EL2", EC(0x24), "EC", "Data Abort from a lower Exception level");
	MEANS("", "ESR_EL2", UINT64_C(0x93c08006), "SRT", "X0");
	MEANS("", "ESR_EL2", UINT64_C(0x93df8006), "SRT", "XZR");
	MEANS("", "DFSR", 0x407, "FS", "reserved value");
	MEANS("", "DFSR", 0x007, "FS", "Translation fault, level 2");
	MEANS("", "DFSR", 0x400, "FS_high", "");
	MEANS("", "DFSR", 0x406, "FS", "SError");
	MEANS("", "PAR", 0x2 << 1 | 1, "FS", "Debug exception");
	MEANS("", "TTBCR", 0, "N", "TTBR0 only");
	MEANS("", "TTBCR", 3, "N", "TTBR0 below 0x20000000, TTBR1 from there");
	MEANS("", "TTBCR", 0x80000003, "T0SZ", "29-bit addresses");
	MEANS("", "ID_AA64MMFR0_EL1", 0xf0000000, "TGran4", "no");
	MEANS("", "ID_AA64ISAR0_EL1", UINT64_C(2) << 56, "TLB", "Outer Shareable, by range");
	MEANS("", "ID_AA64ISAR1_EL1", UINT64_C(1) << 56, "XS", "yes");
	MEANS("", "ID_AA64ISAR1_EL1", 0x50, "APA", "FPACCOMBINE");
	MEANS("", "ID_AA64ISAR1_EL1", 0x300, "API", "PAuth2");
	MEANS("", "ID_AA64ISAR2_EL1", 0x1000, "APA3", "PAuth");
	MEANS("", "ID_AA64ISAR2_EL1", 1, "WFxT", "reserved value");
	MEANS("", "MIDR_EL1", 0x410fd083, "Implementer", "Arm");
}

/* SL0 means something else with each granule (S2StartLevel) */
static void sl0_names_the_start_level(void **state)
{
	(void)state;
	MEANS("", "VTCR_EL2", 0x00, "SL0", "walks start at level 2");
	MEANS("", "VTCR_EL2", 0x40, "SL0", "walks start at level 1");
	MEANS("", "VTCR_EL2", 0x80, "SL0", "walks start at level 0");
	MEANS("", "VTCR_EL2", 0xc0, "SL0", "walks start at level 3");
	MEANS("", "VTCR_EL2", UINT64_C(0x300000000), "SL0", "walks start at level -1");
	MEANS("", "VTCR_EL2", UINT64_C(0x300000040), "SL0", "reserved value");
	/* SL2 needs DS */
	MEANS("", "VTCR_EL2", UINT64_C(0x200000000), "SL0", "walks start at level 2");
	MEANS("", "VTCR_EL2", 0x4000, "SL0", "walks start at level 3");
	MEANS("", "VTCR_EL2", 0x4080, "SL0", "walks start at level 1");
	MEANS("", "VTCR_EL2", 0x40c0, "SL0", "reserved value");
	MEANS("", "VTCR_EL2", 0x8080, "SL0", "walks start at level 1");
	MEANS("", "VTCR_EL2", 0x80c0, "SL0", "reserved value");
	MEANS("", "VTCR_EL2", UINT64_C(0x1000080c0), "SL0", "walks start at level 0");
	MEANS("", "VTCR_EL2", 0xc000, "SL0", "reserved value");
	MEANS("", "VTCR_EL2", UINT64_C(0x4000000000), "SL0", "no effect with 128-bit descriptors");
	MEANS("VTCR_EL2 0x100000000", "VSTCR_EL2", UINT64_C(0x200000000), "SL0",
	      "walks start at level -1");
	MEANS("", "VSTCR_EL2", UINT64_C(0x200000000), "SL0", "walks start at level 2");
}

static size_t violations(enum reg_layout_id layout, uint64_t val)
{
	const struct reg_field *f;
	size_t i, bad = 0, n = layout_fields(layout, &f);
	struct field_value v;

	for (i = 0; i < n; i++) {
		layout_decode(layout, i, val, NULL, &v);
		if (v.violation)
			bad++;
	}
	return bad;
}

static void res0_and_res1_are_checked(void **state)
{
	(void)state;
	assert_int_equal(violations(LAYOUT_HCR_EL2, UINT64_MAX), 0);
	assert_int_equal(violations(LAYOUT_TCR_EL1, UINT64_C(0x880000000)), 1);
	assert_int_equal(violations(LAYOUT_TCR_EL1, UINT64_C(1) << 63 | 0x80000040), 2);
	assert_int_equal(violations(LAYOUT_VTCR_EL2, 0x80000000), 0);
	assert_int_equal(violations(LAYOUT_VTCR_EL2, 0), 1);
	assert_int_equal(violations(LAYOUT_VTCR_EL2, 0x80100000), 1);
	assert_int_equal(violations(LAYOUT_VTCR_EL2, 0x80001000), 1);	/* SH0 = 1 is reserved */
	assert_int_equal(violations(LAYOUT_SCTLR_EL1, 0x30d0199d), 0);
	assert_int_equal(violations(LAYOUT_FAR_EL1, UINT64_MAX), 0);
}

static void violations_are_worded(void **state)
{
	const struct reg_field *f;
	struct field_value v;

	(void)state;
	assert_true(layout_fields(LAYOUT_MPIDR_EL1, &f) > 2);
	layout_decode(LAYOUT_MPIDR_EL1, 0, UINT64_MAX, NULL, &v);
	assert_int_equal(v.field->kind, FIELD_RES0);
	assert_string_equal(v.meaning, "zero expected");
	layout_decode(LAYOUT_MPIDR_EL1, 2, 0, NULL, &v);
	assert_int_equal(v.field->kind, FIELD_RES1);
	assert_string_equal(v.meaning, "ones expected");
	layout_decode(LAYOUT_MPIDR_EL1, 2, UINT64_MAX, NULL, &v);
	assert_string_equal(v.meaning, "");
}

static void values_have_names(void **state)
{
	(void)state;
	assert_string_equal(reg_value_text(LAYOUT_ESR_EL2, 31, 0x24),
			    "Data Abort from a lower Exception level");
	assert_null(reg_value_text(LAYOUT_ESR_EL2, 31, 0x3f));	/* reserved */
	assert_null(reg_value_text(LAYOUT_ESR_EL2, 24, 0));	/* no names */
	assert_null(reg_value_text(LAYOUT_ESR_EL2, 30, 0x24));	/* no field ends there */
}

/* Whatever the value, every field has an answer that fits */
static void any_value_can_be_decoded(void **state)
{
	const struct reg_field *f;
	struct field_value v;
	uint64_t val = 1;
	size_t layout, i, n;
	int turn;

	(void)state;
	for (layout = 0; layout < LAYOUT_COUNT; layout++) {
		n = layout_fields(layout, &f);
		for (turn = 0; turn < 100; turn++) {
			for (i = 0; i < n; i++) {
				layout_decode(layout, i, val, NULL, &v);
				assert_true(v.value == bits64(val, f[i].high, f[i].low));
				assert_true(strlen(v.meaning) < sizeof(v.meaning) - 1);
				assert_false(v.violation && !v.meaning[0]);
			}
			val = val * UINT64_C(6364136223846793005) + 1442695040888963407;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_layout_covers_63_0_once),
		cmocka_unit_test(a_missing_field_is_seen),
		cmocka_unit_test(a_wide_field_is_seen),
		cmocka_unit_test(fields_stand_highest_first),
		cmocka_unit_test(field_names_are_unique),
		cmocka_unit_test(the_macros_take_the_right_bits),
		cmocka_unit_test(every_name_is_found),
		cmocka_unit_test(only_wide_registers_have_an_upper_half),
		cmocka_unit_test(lines_become_registers),
		cmocka_unit_test(notes_and_unknown_names_are_offered),
		cmocka_unit_test(bad_lines_are_refused),
		cmocka_unit_test(a_long_line_fits_the_reason),
		cmocka_unit_test(pstate_takes_single_fields),
		cmocka_unit_test(aarch32_comes_from_the_aarch64_names),
		cmocka_unit_test(the_context_chooses_the_layout),
		cmocka_unit_test(the_exception_class_chooses_the_layout),
		cmocka_unit_test(values_have_meaning),
		cmocka_unit_test(sl0_names_the_start_level),
		cmocka_unit_test(res0_and_res1_are_checked),
		cmocka_unit_test(violations_are_worded),
		cmocka_unit_test(values_have_names),
		cmocka_unit_test(any_value_can_be_decoded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
