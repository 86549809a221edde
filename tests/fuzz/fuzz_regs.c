// SPDX-License-Identifier: GPL-2.0-only
/*
 * The register file parser over anything, and everything that gives the parsed values a meaning.
 * What was read must come back when it is written out, and every field of every value must be
 * describable.
 */
#include <inttypes.h>
#include <string.h>

#include "descriptor.h"
#include "esr.h"
#include "fuzz.h"
#include "regs.h"

static const uint8_t *the_data;
static size_t the_size;

void fuzz_show(void)
{
	fprintf(stderr, "%.*s\n", (int)the_size, (const char *)the_data);
}

/* ---- parsing --------------------------------------------------------------------------------- */

struct seen {
	const char *text;
	size_t len, notes, unknowns;
};

static void inside(const struct seen *s, const char *at, size_t len)
{
	CHECK(at >= s->text && at + len <= s->text + s->len);
}

static void on_note(void *arg, const char *text, size_t len)
{
	struct seen *s = arg;

	inside(s, text, len);
	s->notes++;
}

static void on_unknown(void *arg, const char *name, size_t len)
{
	struct seen *s = arg;
	enum reg_id id;
	bool hi;

	inside(s, name, len);
	CHECK(len && !reg_find(name, len, &id, &hi));
	s->unknowns++;
}

static size_t lines_of(const char *text, size_t len)
{
	size_t i, n = len && text[len - 1] != '\n';

	for (i = 0; i < len; i++)
		n += text[i] == '\n';
	return n;
}

static void parse(struct regs *regs, const char *text, size_t len)
{
	struct seen seen = { text, len, 0, 0 };
	struct regs_parser p = { .note = on_note, .unknown = on_unknown, .arg = &seen };
	struct regs_parser quiet = { .note = NULL };
	struct regs same;
	int ret;

	memset(regs, 0, sizeof(*regs));
	memset(&same, 0, sizeof(same));
	ret = regs_parse(regs, text, len, &p);
	CHECK(ret == regs_parse(&same, text, len, &quiet));
	CHECK(!memcmp(regs, &same, sizeof(same)));
	CHECK(!memcmp(p.reason, quiet.reason, strlen(p.reason) + 1) && p.line == quiet.line);
	CHECK(memchr(p.reason, 0, sizeof(p.reason)));
	CHECK(p.unknowns == seen.unknowns);
	CHECK(p.line <= lines_of(text, len));
	CHECK(p.known + p.unknowns + seen.notes + (ret != 0) <= p.line);
	CHECK(ret ? p.reason[0] && p.line : p.line == lines_of(text, len) && !p.reason[0]);
}

/* Written as the module writes them, and read again */
static void round_trip(const struct regs *regs)
{
	static char text[REG_COUNT * 2 * 64];
	struct regs_parser p = { .note = NULL };
	struct regs back = { .pstate_given = 0 };
	size_t len = 0;
	int i;

	for (i = 0; i < REG_COUNT; i++) {
		if (regs_have(regs, i))
			len += snprintf(text + len, sizeof(text) - len, "%s 0x%" PRIx64 "\n",
					reg_name(i), regs->val[i]);
		if (regs_have_hi(regs, i))
			len += snprintf(text + len, sizeof(text) - len, "%s_hi 0x%" PRIx64 "\n",
					reg_name(i), regs->hi[i]);
	}
	CHECK(!regs_parse(&back, text, len, &p));
	CHECK(!p.unknowns);
	back.pstate_given = regs->pstate_given;
	CHECK(!memcmp(&back, regs, sizeof(back)));
}

/* ---- meaning --------------------------------------------------------------------------------- */

static void describe(enum reg_layout_id layout, uint64_t val, const struct regs *ctx)
{
	const struct reg_field *fields;
	size_t i, n = layout_fields(layout, &fields);
	uint64_t whole = 0;
	struct field_value f;

	CHECK(n && layout_name(layout)[0] && layout_when(layout));
	for (i = 0; i < n; i++) {
		memset(&f, 0xff, sizeof(f));
		layout_decode(layout, i, val, ctx, &f);
		CHECK(f.field == &fields[i]);
		CHECK(memchr(f.meaning, 0, sizeof(f.meaning)));
		CHECK(f.value == bits64(val, f.field->high, f.field->low));
		whole |= f.value << f.field->low;
	}
	CHECK(whole == val);
	CHECK(!fields_gap(fields, n));
}

static void describe_all(const struct regs *regs, const struct regs *ctx)
{
	enum reg_layout_id layout;
	int i;

	for (i = 0; i < REG_COUNT; i++) {
		if (!regs_have(regs, i) && !regs_have_hi(regs, i))
			continue;
		CHECK(reg_title(i)[0]);
		layout = reg_layout(i, regs->val[i], regs->hi[i], ctx);
		CHECK(layout < LAYOUT_COUNT && layout_reg(layout) == (enum reg_id)i);
		CHECK(!layout_is_hi(layout));
		describe(layout, regs->val[i], ctx);
		layout = reg_layout_hi(i, regs->val[i], regs->hi[i], ctx);
		if (layout == LAYOUT_COUNT)
			continue;
		CHECK(layout_reg(layout) == (enum reg_id)i && layout_is_hi(layout));
		describe(layout, regs->hi[i], ctx);
	}
}

static void explain(const struct regs *regs)
{
	struct syndrome s;
	int el;

	for (el = 1; el <= 2; el++) {
		memset(&s, 0xff, sizeof(s));
		if (!syndrome_explain(&s, regs, el)) {
			CHECK(!regs_have(regs, el == 1 ? REG_ESR_EL1 : REG_ESR_EL2));
			continue;
		}
		if (s.kind == SYNDROME_OTHER)
			continue;
		CHECK(memchr(s.fault, 0, sizeof(s.fault)) && s.fault[0]);
		if (s.kind == SYNDROME_DATA_ABORT && s.isv)
			CHECK(s.size && s.size <= 8 && s.reg <= 31);
		if (s.stage2 && !s.can_emulate)
			CHECK(s.why_not && s.why_not[0]);
	}
}

/* ---- descriptors, as "decode desc" takes them ------------------------------------------------ */

static void descriptor(const struct regs *regs)
{
	static const uint8_t granules[] = { 12, 14, 16 };
	uint64_t r = regs->val[REG_TCR_EL1];
	struct word w = { regs->val[REG_TTBR0_EL1], regs->hi[REG_TTBR0_EL1] };
	struct geometry g = {
		.format = r % 3, .stage = 1 + (r >> 2 & 1), .granule = granules[(r >> 3) % 3],
		.ia_bits = 32 + (r >> 5) % 24, .oa_bits = 32 + (r >> 10) % 25, .ds = r >> 15 & 1,
		.lpa = r >> 16 & 1,
	};
	struct descriptor d;
	int level, first = LEVEL_MIN, last = LEVEL_FINAL;

	if (g.format == TABLE_V8_32S) {
		g.stage = 1;
		g.granule = 12;
		g.ia_bits = 32;
		first = 1;
		last = 2;
	} else if (g.format == TABLE_V8_64) {
		first = -1;
	}
	for (level = first; level <= last; level++) {
		memset(&d, 0xff, sizeof(d));
		descriptor_decode(&g, level, w, &d);
		CHECK(d.level == level && d.type <= DESC_PAGE);
		CHECK((d.type == DESC_INVALID) || (w.lo & 3));
		CHECK(!d.reserved || d.type == DESC_INVALID);
		CHECK(d.type != DESC_TABLE || level + d.skl < last);
		CHECK(d.type != DESC_PAGE || level == last);
		CHECK(!(d.oa >> 56));
		CHECK(d.type == DESC_INVALID || d.type == DESC_TABLE ||
		      !(d.oa & ((UINT64_C(1) << d.map_shift) - 1)));
		CHECK(descriptor_type_text(&g, &d)[0]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct regs none;
	struct regs regs;
	char *text = malloc(size ? size : 1);

	the_data = data;
	the_size = size;
	/* A copy, so that reading beyond it is noticed */
	if (!text)
		return 0;
	if (size)
		memcpy(text, data, size);
	parse(&regs, text, size);
	free(text);

	round_trip(&regs);
	describe_all(&regs, &regs);
	describe_all(&regs, &none);
	describe_all(&regs, NULL);
	explain(&regs);
	descriptor(&regs);
	regs_aarch32(&regs);
	describe_all(&regs, &regs);
	return 0;
}
