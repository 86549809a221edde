// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The tables that regs.def makes, and what reads them: names, the text form, meaning.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "combine.h"
#include "fsc.h"
#include "regs.h"

/*
 * Tables
 */

static const struct {
	const char *name, *title;
} reg_table[REG_COUNT] = {
#define REG(reg, title)		[REG_##reg] = { #reg, title },
#include "regs.def"
};

enum values_id {
#define VALUES(name, ...)	VALUES_##name,
#define FORMAT(name, fn)	VALUES_##name,
#include "regs-values.def"
#undef VALUES
#undef FORMAT
};

/*
 * All fields of all layouts in one array. The enumerators number them: FIRST_ of a layout is
 * the index of its first field, and BEFORE_ lets that field take the same number.
 */
enum field_index {
#define FIRST(layout)	FIRST_##layout, BEFORE_##layout = FIRST_##layout - 1,
#define REG(reg, title)					FIRST(reg)
#define LAYOUT(layout, reg, when)			FIRST(layout)
#define LAYOUT_HI(layout, reg, when)			FIRST(layout)
#define F(layout, field, high, low, values, what)	INDEX_##layout##_##high##_##low,
#define B(layout, field, bit, zero, one)		INDEX_##layout##_##bit,
#define RES0(layout, high, low)				INDEX_##layout##_##high##_##low,
#define RES1(layout, high, low)				INDEX_##layout##_##high##_##low,
#define UNKN(layout, high, low)				INDEX_##layout##_##high##_##low,
#define IMPD(layout, high, low)				INDEX_##layout##_##high##_##low,
#include "regs.def"
	FIELD_COUNT,
};

#define SPAN(k, h, l)	{ .kind = (k), .high = (h), .low = (l), .values = VALUES_none, .what = "" },

static const struct reg_field fields[FIELD_COUNT] = {
#define F(layout, field, hi, lo, table, text)							\
	{ .kind = FIELD_NAMED, .name = #field, .high = (hi), .low = (lo),			\
	  .values = VALUES_##table, .what = text },
#define B(layout, field, pos, zero, one)							\
	{ .kind = FIELD_NAMED, .name = #field, .high = (pos), .low = (pos),			\
	  .values = VALUES_none, .what = "", .bit = { zero, one } },
#define RES0(layout, high, low)		SPAN(FIELD_RES0, high, low)
#define RES1(layout, high, low)		SPAN(FIELD_RES1, high, low)
#define UNKN(layout, high, low)		SPAN(FIELD_UNKNOWN, high, low)
#define IMPD(layout, high, low)		SPAN(FIELD_IMPDEF, high, low)
#include "regs.def"
};

static const struct {
	const char *name, *when;
	uint16_t reg, first;
	bool hi;
} layouts[LAYOUT_COUNT + 1] = {
#define REG(id, title)		[LAYOUT_##id] = { #id, "", REG_##id, FIRST_##id, false },
#define LAYOUT(id, reg, when)	[LAYOUT_##id] = { #id, when, REG_##reg, FIRST_##id, false },
#define LAYOUT_HI(id, reg, when) [LAYOUT_##id] = { #id, when, REG_##reg, FIRST_##id, true },
#include "regs.def"
	[LAYOUT_COUNT] = { "", "", REG_COUNT, FIELD_COUNT, false },
};

/*
 * Names
 */

const char *reg_name(enum reg_id id)
{
	return reg_table[id].name;
}

const char *reg_title(enum reg_id id)
{
	return reg_table[id].title;
}

bool reg_has_hi(enum reg_id id)
{
	size_t i;

	for (i = 0; i < LAYOUT_COUNT; i++)
		if (layouts[i].reg == id && layouts[i].hi)
			return true;
	return false;
}

static bool same_name(const char *name, size_t len, const char *want)
{
	return strlen(want) == len && !strncasecmp(name, want, len);
}

static bool find_whole(const char *name, size_t len, enum reg_id *id)
{
	size_t i;

	for (i = 0; i < REG_COUNT; i++)
		if (same_name(name, len, reg_table[i].name)) {
			*id = i;
			return true;
		}
	return false;
}

bool reg_find(const char *name, size_t len, enum reg_id *id, bool *hi)
{
	*hi = false;
	if (find_whole(name, len, id))
		return true;
	if (len < 3 || strncasecmp(name + len - 3, "_hi", 3))
		return false;
	*hi = true;
	return find_whole(name, len - 3, id) && reg_has_hi(*id);
}

/* "PSTATE.PAN": KVM and test vectors give single fields of the process state */
static int set_pstate_field(struct regs *regs, const char *name, size_t len, uint64_t val)
{
	const struct reg_field *f;
	uint64_t mask;
	size_t i, n = layout_fields(LAYOUT_PSTATE, &f);

	for (i = 0; i < n; i++)
		if (f[i].kind == FIELD_NAMED && same_name(name, len, f[i].name))
			break;
	if (i == n)
		return -ENOENT;
	mask = mask64(f[i].high, f[i].low);
	if (regs->pstate_given & mask || (regs_have(regs, REG_PSTATE) && !regs->pstate_given))
		return -EEXIST;
	if (val & ~(mask >> f[i].low))
		return -ERANGE;
	regs->pstate_given |= mask;
	regs_set(regs, REG_PSTATE, regs->val[REG_PSTATE] | val << f[i].low);
	return 0;
}

int regs_set_name(struct regs *regs, const char *name, size_t len, uint64_t val)
{
	static const char pstate[] = "PSTATE.";
	enum reg_id id;
	bool hi;

	if (len > sizeof(pstate) - 1 && !strncasecmp(name, pstate, sizeof(pstate) - 1))
		return set_pstate_field(regs, name + sizeof(pstate) - 1, len - (sizeof(pstate) - 1),
					val);
	if (!reg_find(name, len, &id, &hi))
		return -ENOENT;
	if (hi ? regs_have_hi(regs, id) : regs_have(regs, id))
		return -EEXIST;
	if (hi)
		regs_set_hi(regs, id, val);
	else
		regs_set(regs, id, val);
	return 0;
}

static void map_aarch32(struct regs *regs, enum reg_id to, enum reg_id from, unsigned int high,
			unsigned int low)
{
	if (!regs_have(regs, to) && regs_have(regs, from))
		regs_set(regs, to, bits64(regs->val[from], high, low));
}

void regs_aarch32(struct regs *regs)
{
	map_aarch32(regs, REG_SCTLR, REG_SCTLR_EL1, 31, 0);
	map_aarch32(regs, REG_TTBCR, REG_TCR_EL1, 31, 0);
	map_aarch32(regs, REG_TTBCR2, REG_TCR_EL1, 63, 32);
	map_aarch32(regs, REG_TTBR0, REG_TTBR0_EL1, 63, 0);
	map_aarch32(regs, REG_TTBR1, REG_TTBR1_EL1, 63, 0);
	/* PRRR is MAIR0, NMRR is MAIR1: TTBCR.EAE says how they are read */
	map_aarch32(regs, REG_MAIR0, REG_MAIR_EL1, 31, 0);
	map_aarch32(regs, REG_MAIR1, REG_MAIR_EL1, 63, 32);
	map_aarch32(regs, REG_PRRR, REG_MAIR_EL1, 31, 0);
	map_aarch32(regs, REG_NMRR, REG_MAIR_EL1, 63, 32);
	map_aarch32(regs, REG_DACR, REG_DACR32_EL2, 31, 0);
	map_aarch32(regs, REG_CONTEXTIDR, REG_CONTEXTIDR_EL1, 31, 0);
	map_aarch32(regs, REG_DFSR, REG_ESR_EL1, 31, 0);
	map_aarch32(regs, REG_IFSR, REG_IFSR32_EL2, 31, 0);
	map_aarch32(regs, REG_DFAR, REG_FAR_EL1, 31, 0);
	map_aarch32(regs, REG_IFAR, REG_FAR_EL1, 63, 32);
	map_aarch32(regs, REG_PAR, REG_PAR_EL1, 63, 0);
}

/*
 * The text form
 */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_printable(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (s[i] <= ' ' || s[i] > '~')
			return false;
	return true;
}

/* Strict: 0x and digits, no sign, within 64 bits. NULL, or what is wrong. */
static const char *parse_hex(const char *s, size_t len, uint64_t *val)
{
	size_t i;

	if (len < 3 || s[0] != '0' || (s[1] != 'x' && s[1] != 'X'))
		return "value is not 0x and hexadecimal digits";
	*val = 0;
	for (i = 2; i < len; i++) {
		int c = tolower((unsigned char)s[i]);
		unsigned int digit = c <= '9' ? c - '0' : c - 'a' + 10;

		if (!isxdigit(c))
			return "value is not 0x and hexadecimal digits";
		if (*val >> 60)
			return "value has more than 64 bits";
		*val = *val << 4 | digit;
	}
	return NULL;
}

static int __attribute__((format(printf, 2, 3)))
parse_error(struct regs_parser *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(p->reason, sizeof(p->reason), fmt, ap);
	va_end(ap);
	return -EINVAL;
}

/* The next word of a line that ends at @end; its length, and @s is moved behind it */
static size_t next_word(const char **s, const char *end, const char **word)
{
	while (*s < end && is_blank(**s))
		(*s)++;
	*word = *s;
	while (*s < end && !is_blank(**s))
		(*s)++;
	return *s - *word;
}

static int parse_line(struct regs *regs, const char *s, const char *end, struct regs_parser *p)
{
	const char *name, *value, *more, *wrong;
	size_t nlen, vlen;
	uint64_t val;

	nlen = next_word(&s, end, &name);
	if (!nlen)
		return 0;
	if (*name == '#') {
		for (s = name + 1; s < end && is_blank(*s); s++)
			;
		if (p->note)
			p->note(p->arg, s, end - s);
		return 0;
	}
	vlen = next_word(&s, end, &value);
	if (!is_printable(name, nlen))
		return parse_error(p, "not text");
	if (!vlen)
		return parse_error(p, "no value after \"%.*s\"", (int)(nlen < 40 ? nlen : 40),
				   name);
	wrong = parse_hex(value, vlen, &val);
	if (wrong)
		return parse_error(p, "%.*s: %s", (int)(nlen < 40 ? nlen : 40), name, wrong);
	if (next_word(&s, end, &more))
		return parse_error(p, "more than a name and a value");

	switch (regs_set_name(regs, name, nlen, val)) {
	case -ENOENT:
		p->unknowns++;
		if (p->unknown)
			p->unknown(p->arg, name, nlen);
		return 0;
	case -EEXIST:
		return parse_error(p, "%.*s is given twice", (int)nlen, name);
	case -ERANGE:
		return parse_error(p, "%.*s: value does not fit the field", (int)nlen, name);
	}
	p->known++;
	return 0;
}

int regs_parse(struct regs *regs, const char *text, size_t len, struct regs_parser *p)
{
	const char *end = text + len;

	p->known = p->unknowns = p->line = 0;
	p->reason[0] = '\0';
	while (text < end) {
		const char *eol = memchr(text, '\n', end - text);

		p->line++;
		if (!eol)
			eol = end;
		if (parse_line(regs, text, eol, p))
			return -EINVAL;
		text = eol + 1;
	}
	return 0;
}

/*
 * Layouts
 */

const char *layout_name(enum reg_layout_id layout)
{
	return layouts[layout].name;
}

const char *layout_when(enum reg_layout_id layout)
{
	return layouts[layout].when;
}

enum reg_id layout_reg(enum reg_layout_id layout)
{
	return layouts[layout].reg;
}

bool layout_is_hi(enum reg_layout_id layout)
{
	return layouts[layout].hi;
}

size_t layout_fields(enum reg_layout_id layout, const struct reg_field **first)
{
	*first = &fields[layouts[layout].first];
	return layouts[layout + 1].first - layouts[layout].first;
}

uint64_t fields_gap(const struct reg_field *f, size_t n)
{
	uint64_t once = 0, twice = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		uint64_t mask = mask64(f[i].high, f[i].low);

		twice |= once & mask;
		once |= mask;
	}
	return ~once | twice;
}

/* The usual layout of a register is the first that it has */
static enum reg_layout_id usual_layout(enum reg_id id)
{
	size_t i;

	for (i = 0; layouts[i].reg != id; i++)
		;
	return i;
}

#define EC_IS_DABT(ec)	((ec) == 0x24 || (ec) == 0x25)
#define EC_IS_IABT(ec)	((ec) == 0x20 || (ec) == 0x21)

/* Of the layouts of an ESR_ELx; the order in regs.def is that of this list */
static unsigned int esr_variant(uint64_t esr)
{
	enum { PLAIN, DABT, DABT_NO_ISV, IABT, SYS, IMM16, WFX };
	unsigned int ec = FIELD_OF(ESR_EL2, EC, esr);

	if (EC_IS_DABT(ec))
		return FIELD_OF(ESR_EL2_DABT, ISV, esr) ? DABT : DABT_NO_ISV;
	if (EC_IS_IABT(ec))
		return IABT;
	switch (ec) {
	case 0x18:
		return SYS;
	case 0x11: case 0x12: case 0x13: case 0x15: case 0x16: case 0x17: case 0x38: case 0x3c:
		return IMM16;
	case 0x01:
		return WFX;
	}
	return PLAIN;
}

static bool e2h(const struct regs *ctx)
{
	return REGF(ctx, HCR_EL2, E2H);
}

static bool d128_el1(const struct regs *ctx)
{
	return REGF(ctx, TCR2_EL1, D128);
}

/* TCR2_EL2.D128 has no effect on the regime without E2H */
static bool d128_el2(const struct regs *ctx)
{
	return e2h(ctx) && REGF(ctx, TCR2_EL2, D128);
}

static bool d128_s2(const struct regs *ctx)
{
	return REGF(ctx, VTCR_EL2, D128);
}

static enum reg_layout_id par_layout(uint64_t val, uint64_t hi)
{
	if (FIELD_OF(PAR_EL1, F, val))
		return LAYOUT_PAR_EL1_FAULT;
	return FIELD_OF(PAR_EL1_hi, D128, hi) ? LAYOUT_PAR_EL1_D128 : LAYOUT_PAR_EL1;
}

static enum reg_layout_id par32_layout(uint64_t val)
{
	if (FIELD_OF(PAR, LPAE, val))
		return FIELD_OF(PAR, F, val) ? LAYOUT_PAR_LPAE_FAULT : LAYOUT_PAR_LPAE;
	return FIELD_OF(PAR, F, val) ? LAYOUT_PAR_FAULT : LAYOUT_PAR;
}

static const struct regs no_regs;

/*
 * An upper half that is not zero was never in use but with D128, whatever is known of the control
 * register
 */

enum reg_layout_id reg_layout(enum reg_id id, uint64_t val, uint64_t hi, const struct regs *ctx)
{
	if (!ctx)
		ctx = &no_regs;
	switch (id) {
	case REG_TCR_EL2:
		return e2h(ctx) ? LAYOUT_TCR_EL2_E2H : LAYOUT_TCR_EL2;
	case REG_SCTLR_EL2:
		return e2h(ctx) ? LAYOUT_SCTLR_EL2_E2H : LAYOUT_SCTLR_EL2;
	case REG_TCR2_EL2:
		return e2h(ctx) ? LAYOUT_TCR2_EL2 : LAYOUT_TCR2_EL2_nE2H;
	case REG_TTBR0_EL3:
		return REGF(ctx, TCR_EL3, D128) ? LAYOUT_TTBR0_EL3_D128 : LAYOUT_TTBR0_EL3;
	case REG_TTBR0_EL1:
		return d128_el1(ctx) || hi ? LAYOUT_TTBR0_EL1_D128 : LAYOUT_TTBR0_EL1;
	case REG_TTBR1_EL1:
		return d128_el1(ctx) || hi ? LAYOUT_TTBR1_EL1_D128 : LAYOUT_TTBR1_EL1;
	case REG_TTBR0_EL2:
		if (d128_el2(ctx) || hi)
			return LAYOUT_TTBR0_EL2_D128;
		return e2h(ctx) ? LAYOUT_TTBR0_EL2_E2H : LAYOUT_TTBR0_EL2;
	case REG_TTBR1_EL2:
		return d128_el2(ctx) || hi ? LAYOUT_TTBR1_EL2_D128 : LAYOUT_TTBR1_EL2;
	case REG_VTTBR_EL2:
		return d128_s2(ctx) || hi ? LAYOUT_VTTBR_EL2_D128 : LAYOUT_VTTBR_EL2;
	case REG_VSTTBR_EL2:
		return d128_s2(ctx) ? LAYOUT_VSTTBR_EL2_D128 : LAYOUT_VSTTBR_EL2;
	case REG_PSTATE:
		return FIELD_OF(PSTATE, nRW, val) ? LAYOUT_PSTATE_A32 : LAYOUT_PSTATE;
	case REG_SPSR_EL1:
		return FIELD_OF(SPSR_EL1, nRW, val) ? LAYOUT_SPSR_EL1_A32 : LAYOUT_SPSR_EL1;
	case REG_SPSR_EL2:
		return FIELD_OF(SPSR_EL2, nRW, val) ? LAYOUT_SPSR_EL2_A32 : LAYOUT_SPSR_EL2;
	case REG_ESR_EL1:
		return LAYOUT_ESR_EL1 + esr_variant(val);
	case REG_ESR_EL2:
		return LAYOUT_ESR_EL2 + esr_variant(val);
	case REG_PAR_EL1:
		return par_layout(val, hi);
	case REG_TTBCR:
		return FIELD_OF(TTBCR, EAE, val) ? LAYOUT_TTBCR_LPAE : LAYOUT_TTBCR;
	case REG_TTBR0:
		return REGF(ctx, TTBCR, EAE) ? LAYOUT_TTBR0_LPAE : LAYOUT_TTBR0;
	case REG_TTBR1:
		return REGF(ctx, TTBCR, EAE) ? LAYOUT_TTBR1_LPAE : LAYOUT_TTBR1;
	case REG_CONTEXTIDR:
		return REGF(ctx, TTBCR, EAE) ? LAYOUT_CONTEXTIDR_LPAE : LAYOUT_CONTEXTIDR;
	case REG_DFSR:
		return FIELD_OF(DFSR, LPAE, val) ? LAYOUT_DFSR_LPAE : LAYOUT_DFSR;
	case REG_IFSR:
		return FIELD_OF(IFSR, LPAE, val) ? LAYOUT_IFSR_LPAE : LAYOUT_IFSR;
	case REG_IFSR32_EL2:
		return FIELD_OF(IFSR32_EL2, LPAE, val) ? LAYOUT_IFSR32_EL2_LPAE : LAYOUT_IFSR32_EL2;
	case REG_PAR:
		return par32_layout(val);
	default:
		return usual_layout(id);
	}
}

enum reg_layout_id reg_layout_hi(enum reg_id id, uint64_t val, uint64_t hi, const struct regs *ctx)
{
	if (!ctx)
		ctx = &no_regs;
	switch (id) {
	case REG_TTBR0_EL1:
		return d128_el1(ctx) || hi ? LAYOUT_TTBR0_EL1_hi : LAYOUT_COUNT;
	case REG_TTBR1_EL1:
		return d128_el1(ctx) || hi ? LAYOUT_TTBR1_EL1_hi : LAYOUT_COUNT;
	case REG_TTBR0_EL2:
		return d128_el2(ctx) || hi ? LAYOUT_TTBR0_EL2_hi : LAYOUT_COUNT;
	case REG_TTBR1_EL2:
		return d128_el2(ctx) || hi ? LAYOUT_TTBR1_EL2_hi : LAYOUT_COUNT;
	case REG_VTTBR_EL2:
		return d128_s2(ctx) || hi ? LAYOUT_VTTBR_EL2_hi : LAYOUT_COUNT;
	case REG_PAR_EL1:
		if (!FIELD_OF(PAR_EL1_hi, D128, hi))
			return LAYOUT_COUNT;
		return FIELD_OF(PAR_EL1, F, val) ? LAYOUT_PAR_EL1_hi_FAULT : LAYOUT_PAR_EL1_hi;
	default:
		return LAYOUT_COUNT;
	}
}

/*
 * Meaning
 */

/* What a formatter may look at besides the field's own value */
struct wording {
	enum reg_layout_id layout;
	const struct reg_field *field;
	uint64_t whole;
	const struct regs *ctx;
};

/* Word @v into the buffer; false: the value is reserved */
typedef bool fmt_fn(const struct wording *w, uint64_t v, char *buf, size_t size);

static bool fmt_dec(const struct wording *w, uint64_t v, char *buf, size_t size)
{
	(void)w;
	snprintf(buf, size, "%" PRIu64, v);
	return true;
}

static bool fmt_addr(const struct wording *w, uint64_t v, char *buf, size_t size)
{
	snprintf(buf, size, "0x%" PRIx64, v << w->field->low);
	return true;
}

static bool fmt_addr_hi(const struct wording *w, uint64_t v, char *buf, size_t size)
{
	(void)w;
	snprintf(buf, size, "0x%" PRIx64, v << 48);
	return true;
}

static bool fmt_fipa(const struct wording *w, uint64_t v, char *buf, size_t size)
{
	(void)w;
	snprintf(buf, size, "IPA 0x%" PRIx64, v << 12);
	return true;
}

static bool fmt_txsz(const struct wording *w, uint64_t v, char *buf, size_t size)
{
	(void)w;
	snprintf(buf, size, "%u-bit addresses", 64 - (unsigned int)v);
	return true;
}

static bool fmt_txsz32(const struct wording *w, uint64_t v, char *buf, size_t size)
{
	(void)w;
	snprintf(buf, size, "%u-bit addresses", 32 - (unsigned int)v);
	return true;
}

static bool fmt_ttbcr_n(const struct wording *w, uint64_t v, char *buf, size_t size)
{
	(void)w;
	if (v)
		snprintf(buf, size, "TTBR0 below 0x%x, TTBR1 from there", 1u << (32 - v));
	else
		snprintf(buf, size, "TTBR0 only");
	return true;
}

/* S2StartLevel; Secure tables take DS and D128 from VTCR_EL2 as well */
static bool fmt_sl0(const struct wording *w, uint64_t v, char *buf, size_t size)
{
	uint64_t vtcr = w->layout == LAYOUT_VTCR_EL2 ? w->whole : w->ctx->val[REG_VTCR_EL2];
	static const int level_4k[] = { 2, 1, 0, 3 };
	bool ds = FIELD_OF(VTCR_EL2, DS, vtcr);
	int level;

	if (FIELD_OF(VTCR_EL2, D128, vtcr)) {
		snprintf(buf, size, "no effect with 128-bit descriptors");
		return true;
	}
	switch (FIELD_OF(VTCR_EL2, TG0, w->whole)) {
	case 0:
		level = level_4k[v];
		if (ds && FIELD_OF(VTCR_EL2, SL2, w->whole)) {
			if (v)
				return false;
			level = -1;
		}
		break;
	case 1:
		if (v == 3)
			return false;
		level = 3 - (int)v;
		break;
	case 2:
		if (v == 3 && !ds)
			return false;
		level = 3 - (int)v;
		break;
	default:
		return false;
	}
	snprintf(buf, size, "walks start at level %d", level);
	return true;
}

static bool fmt_mair(const struct wording *w, uint64_t v, char *buf, size_t size)
{
	struct memattr m = memattr_from_mair(v, SH_NSH, true, true);
	char text[MEMATTR_TEXT];

	(void)w;
	if (m.reserved)
		return false;
	snprintf(buf, size, "%s", memattr_text(&m, text));
	return true;
}

static bool fmt_fsc(const struct wording *w, uint64_t v, char *buf, size_t size)
{
	(void)w;
	fsc_text(v, buf, size);
	return fsc_decode(v)->name;
}

/* FS[4] is bit 10, FS[3:0] are bits 3:0; the low part says it all */
static bool fmt_fs(const struct wording *w, uint64_t v, char *buf, size_t size)
{
	unsigned int fs = FIELD_OF(DFSR, FS_high, w->whole) << 4 | FIELD_OF(DFSR, FS, w->whole);

	(void)v;
	if (w->field->low)
		return true;
	fsc_text_short(fs, buf, size);
	return fsc_decode_short(fs)->name;
}

/* PAR.FS is DFSR's FS[4:0] with ExT above */
static bool fmt_par_fs(const struct wording *w, uint64_t v, char *buf, size_t size)
{
	(void)w;
	fsc_text_short(v & 0x1f, buf, size);
	return fsc_decode_short(v & 0x1f)->name;
}

static bool fmt_srt(const struct wording *w, uint64_t v, char *buf, size_t size)
{
	(void)w;
	if (v == 31)
		snprintf(buf, size, "XZR");
	else
		snprintf(buf, size, "X%u", (unsigned int)v);
	return true;
}

struct value_name {
	uint64_t value;
	const char *meaning;
};

#define VALUES(name, ...)	\
	static const struct value_name values_##name[] = { __VA_ARGS__ { 0, NULL } };
#define FORMAT(name, fn)
#define V(value, meaning)	{ value, meaning },
#include "regs-values.def"
#undef VALUES
#undef FORMAT
#undef V

static const struct {
	const struct value_name *names;
	fmt_fn *fmt;
} value_tables[] = {
#define VALUES(name, ...)	[VALUES_##name] = { values_##name, NULL },
#define FORMAT(name, fn)	[VALUES_##name] = { NULL, fn },
#include "regs-values.def"
};

static const char *value_name(const struct reg_field *f, uint64_t v)
{
	const struct value_name *n;

	for (n = value_tables[f->values].names; n && n->meaning; n++)
		if (n->value == v)
			return n->meaning;
	return NULL;
}

static bool word_value(const struct wording *w, uint64_t v, char *buf, size_t size)
{
	const char *name = value_name(w->field, v);

	if (value_tables[w->field->values].fmt)
		return value_tables[w->field->values].fmt(w, v, buf, size);
	if (name)
		snprintf(buf, size, "%s", name);
	return name || !value_tables[w->field->values].names;
}

const char *reg_value_text(enum reg_layout_id layout, unsigned int high, uint64_t v)
{
	const struct reg_field *f;
	size_t i, n = layout_fields(layout, &f);

	for (i = 0; i < n; i++)
		if (f[i].high == high)
			return value_name(&f[i], v);
	return NULL;
}

static void decode_named(const struct wording *w, struct field_value *out)
{
	if (w->field->bit[0]) {
		snprintf(out->meaning, sizeof(out->meaning), "%s", w->field->bit[out->value & 1]);
		return;
	}
	if (word_value(w, out->value, out->meaning, sizeof(out->meaning)))
		return;
	out->violation = true;
	snprintf(out->meaning, sizeof(out->meaning), "reserved value");
}

void layout_decode(enum reg_layout_id layout, size_t i, uint64_t val, const struct regs *ctx,
		   struct field_value *out)
{
	const struct reg_field *f = &fields[layouts[layout].first + i];
	struct wording w = {
		.layout = layout, .field = f, .whole = val, .ctx = ctx ? ctx : &no_regs
	};
	uint64_t ones = mask64(f->high, f->low) >> f->low;

	*out = (struct field_value){ .field = f, .value = bits64(val, f->high, f->low) };
	switch (f->kind) {
	case FIELD_NAMED:
		decode_named(&w, out);
		break;
	case FIELD_RES0:
		out->violation = out->value;
		break;
	case FIELD_RES1:
		out->violation = out->value != ones;
		break;
	}
	if (f->kind != FIELD_NAMED && out->violation)
		snprintf(out->meaning, sizeof(out->meaning), "%s expected",
			 f->kind == FIELD_RES0 ? "zero" : "ones");
}
