// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ranges as lines: what is printed without printf is what printf would print, whatever was printed
 * before.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "range-line.h"
#include "view.h"

static uint64_t seed;

/* xorshift64 */
static uint64_t any(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static bool coin(void)
{
	return any() >> 40 & 1;
}

/* Of any number of bits */
static uint64_t number(void)
{
	return any() >> (any() >> 32 & 63);
}

static struct cache_attr any_cache(void)
{
	return (struct cache_attr){
		.attr = any() % 3, .hints = any() & 3, .transient = coin(),
	};
}

static struct rights any_rights(void)
{
	return (struct rights){ coin(), coin(), coin() };
}

static void any_range(struct map_range *r)
{
	struct stage_result *l = &r->leaf;

	memset(r, 0, sizeof(*r));
	r->stage = coin() ? 1 : 2;
	r->ia = number();
	r->oa = number();
	r->size = coin() ? number() : UINT64_C(1) << (12 + any() % 40);
	r->leaves = number();
	r->level = (int8_t)(any() % 5) - 1;
	r->has_piece = coin();
	r->ipa = number();
	r->perms = (struct perms){ .el1 = any_rights(), .el0 = any_rights() };
	*l = (struct stage_result){
		.af = coin(), .ng = coin(), .contig = coin(), .dbm = coin(), .gp = coin(), .ns = coin(),
	};
	r->attr = (struct memattr){
		.type = coin() ? MEM_NORMAL : MEM_DEVICE, .device = any() & 3, .inner = any_cache(),
		.outer = any_cache(), .sh = any() & 3, .tagged = coin(), .xs = coin(),
	};
}

static int expected_text(const struct map_range *r, char *buf)
{
	char size[24], mem[MEMATTR_TEXT], el1[4], el0[4], flags[FLAGS_TEXT], ipa_text[24] = "";

	if (r->has_piece)
		snprintf(ipa_text, sizeof(ipa_text), "0x%016" PRIx64 " ", r->ipa);
	return snprintf(buf, RANGE_LINE,
			"0x%016" PRIx64 "-0x%016" PRIx64 " %s0x%016" PRIx64 "-0x%016" PRIx64
			" %6s %-2d %6" PRIu64 "  %s %s  %-24s %-3s %s\n",
			r->ia, r->ia + r->size, ipa_text, r->oa, r->oa + r->size,
			size_text(r->size, size), r->level, r->leaves, rights_text(r->perms.el1, el1),
			rights_text(r->perms.el0, el0), memattr_text(&r->attr, mem),
			shareability_text(r->attr.sh), flags_text(&r->leaf, r->stage, flags));
}

static const char *truth(bool is)
{
	return is ? "true" : "false";
}

static int expected_json(const struct map_range *r, char *buf)
{
	char mem[MEMATTR_TEXT], el1[4], el0[4], ipa_text[40] = "", more[40] = "";

	if (r->has_piece)
		snprintf(ipa_text, sizeof(ipa_text), ",\"ipa\":\"0x%" PRIx64 "\"", r->ipa);
	if (r->stage == 1)
		snprintf(more, sizeof(more), ",\"ng\":%s,\"gp\":%s", truth(r->leaf.ng),
			 truth(r->leaf.gp));
	return snprintf(buf, RANGE_LINE,
			"{\"stage\":%d,\"input_address\":\"0x%" PRIx64 "\",\"size\":%" PRIu64
			"%s,\"status\":\"mapped\",\"output_address\":\"0x%" PRIx64
			"\",\"level\":%d,\"descriptors\":%" PRIu64 ",\"memory_type\":\"%s\","
			"\"shareability\":\"%s\",\"rights\":{\"privileged\":\"%s\","
			"\"unprivileged\":\"%s\"},\"af\":%s,\"contiguous\":%s,\"dbm\":%s%s}\n",
			r->stage, r->ia, r->size, ipa_text, r->oa, r->level, r->leaves,
			memattr_text(&r->attr, mem), shareability_text(r->attr.sh),
			rights_text(r->perms.el1, el1), rights_text(r->perms.el0, el0),
			truth(r->leaf.af), truth(r->leaf.contig), truth(r->leaf.dbm), more);
}

static int expected_csv(const struct map_range *r, char *buf)
{
	char mem[MEMATTR_TEXT], el1[4], el0[4], ipa_text[24] = "";

	if (r->has_piece)
		snprintf(ipa_text, sizeof(ipa_text), "0x%" PRIx64, r->ipa);
	return snprintf(buf, RANGE_LINE,
			"range,%d,%d,0x%" PRIx64 ",%" PRIu64 ",%s,0x%" PRIx64 ",%" PRIu64
			",mapped,%s,%s,%s,%s,%s,%s,%s,%s,%s,,,,,,,,,,\n",
			r->stage, r->level, r->ia, r->size, ipa_text, r->oa, r->leaves,
			rights_text(r->perms.el1, el1), rights_text(r->perms.el0, el0),
			memattr_text(&r->attr, mem), shareability_text(r->attr.sh), truth(r->leaf.af),
			truth(r->leaf.contig), truth(r->leaf.dbm),
			r->stage == 1 ? truth(r->leaf.ng) : "", r->stage == 1 ? truth(r->leaf.gp) : "");
}

static void check(size_t (*line)(struct range_lines *c, const struct map_range *r, char *buf),
		  int (*expected)(const struct map_range *r, char *buf))
{
	struct range_lines *c = calloc(1, sizeof(*c));
	char got[RANGE_LINE], want[RANGE_LINE];
	struct map_range r[4];
	unsigned int i;
	size_t len;

	assert_non_null(c);
	for (i = 0; i < 4; i++)
		any_range(&r[i]);
	for (i = 0; i < 200000; i++) {
		struct map_range *one = &r[any() >> 20 & 3];

		/* the same leaf at other addresses, or another leaf in its stead */
		if (i % 3)
			any_range(one);
		one->ia = number();
		one->oa = number();
		len = line(c, one, got);
		assert_true(len < sizeof(got));
		got[len] = '\0';
		assert_int_equal(expected(one, want), len);
		assert_string_equal(got, want);
	}
	free(c);
}

static void text(void **state)
{
	(void)state;
	check(range_line_text, expected_text);
}

static void json(void **state)
{
	(void)state;
	check(range_line_json, expected_json);
}

static void csv(void **state)
{
	(void)state;
	check(range_line_csv, expected_csv);
}

/* What a line says changes with each single property, also where only that one changes */
static void each_property(void **state)
{
	struct range_lines *c = calloc(1, sizeof(*c));
	char got[RANGE_LINE], want[RANGE_LINE];
	struct map_range r;
	unsigned int i;
	size_t len;

	(void)state;
	assert_non_null(c);
	memset(&r, 0, sizeof(r));
	r.stage = 1;
	for (i = 0; i < 24; i++) {
		r.level = i == 0 ? -1 : r.level;
		r.perms.el1.r ^= i == 1;
		r.perms.el1.w ^= i == 2;
		r.perms.el1.x ^= i == 3;
		r.perms.el0.r ^= i == 4;
		r.perms.el0.w ^= i == 5;
		r.perms.el0.x ^= i == 6;
		r.leaf.af ^= i == 7;
		r.leaf.ng ^= i == 8;
		r.leaf.contig ^= i == 9;
		r.leaf.dbm ^= i == 10;
		r.leaf.gp ^= i == 11;
		r.leaf.ns ^= i == 12;
		r.attr.sh = i == 13 ? SH_ISH : r.attr.sh;
		r.attr.tagged ^= i == 14 || i == 15;
		r.attr.xs ^= i == 16;
		r.attr.inner.attr = i == 17 ? CACHE_WB : r.attr.inner.attr;
		r.attr.outer.attr = i == 18 ? CACHE_WT : r.attr.outer.attr;
		r.attr.inner.hints = i == 19 ? HINT_RA : r.attr.inner.hints;
		r.attr.outer.hints = i == 20 ? HINT_WA : r.attr.outer.hints;
		r.attr.inner.transient ^= i == 21;
		r.attr.outer.transient ^= i == 22;
		r.attr.type = i == 23 ? MEM_DEVICE : r.attr.type;
		len = range_line_text(c, &r, got);
		got[len] = '\0';
		expected_text(&r, want);
		assert_string_equal(got, want);
	}
	r.attr.device = DEVICE_GRE;
	r.stage = 2;
	len = range_line_text(c, &r, got);
	got[len] = '\0';
	expected_text(&r, want);
	assert_string_equal(got, want);
	free(c);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text),
		cmocka_unit_test(json),
		cmocka_unit_test(csv),
		cmocka_unit_test(each_property),
	};

	seed = argc > 1 ? strtoull(argv[1], NULL, 0) : UINT64_C(0x6d6d75);
	print_message("seed 0x%" PRIx64 "\n", seed);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
