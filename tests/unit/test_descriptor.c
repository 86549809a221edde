// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptors: every granule, level and format; each field alone.
 */
#include "descriptor.h"
#include "world.h"

static struct geometry shape(enum table_format format, int stage, int granule)
{
	struct geometry g = { .format = format, .stage = stage, .granule = granule,
			      .ia_bits = 48, .oa_bits = 48 };

	g.start_level = geometry_start_level(&g);
	return g;
}

static struct descriptor decode(struct geometry g, int level, uint64_t lo, uint64_t hi)
{
	struct descriptor d;

	descriptor_decode(&g, level, (struct word){ lo, hi }, &d);
	return d;
}

#define ALL	(~UINT64_C(0))

static void types_by_granule_and_level(void **state)
{
	/* What bits 01 are, level -1 to 3: i invalid, b block, and so with 52-bit addresses */
	static const char *const with01[3] = { "iibbi", "iiibi", "iiibi" };
	static const char *const with01_52[3] = { "ibbbi", "iibbi", "iibbi" };
	struct geometry g;
	int row, level, wide;

	(void)state;
	for (row = 0; row < 3; row++) {
		for (wide = 0; wide < 2; wide++) {
			g = shape(TABLE_V8_64, 1, 12 + 2 * row);
			g.ds = wide && row < 2;
			g.lpa = wide && row == 2;
			for (level = row ? 0 : -1; level <= 3; level++) {
				struct descriptor d = decode(g, level, 1, 0);
				char c = (wide ? with01_52 : with01)[row][level + 1];

				assert_int_equal(d.type, c == 'b' ? DESC_BLOCK : DESC_INVALID);
				assert_int_equal(d.reserved, c == 'i');
				assert_int_equal(decode(g, level, 3, 0).type,
						 level == 3 ? DESC_PAGE : DESC_TABLE);
			}
		}
	}
}

/* "non-zero invalid entries followed as tables" */
static void bug_bit_0_clear_is_invalid_whatever_the_rest(void **state)
{
	static const enum table_format format[] = { TABLE_V8_64, TABLE_V9_128 };
	struct descriptor d;
	int f, stage, granule, level;

	(void)state;
	for (f = 0; f < 2; f++) {
		for (stage = 1; stage <= 2; stage++) {
			for (granule = 12; granule <= 16; granule += 2) {
				for (level = granule == 16; level <= 3; level++) {
					d = decode(shape(format[f], stage, granule), level, ~1ull, ALL);
					assert_int_equal(d.type, DESC_INVALID);
					assert_false(d.reserved);
					assert_true(d.raw.lo == ~1ull && d.oa == 0);
				}
			}
		}
	}
}

static void output_addresses(void **state)
{
	struct geometry g = shape(TABLE_V8_64, 1, 12);

	(void)state;
	assert_true(decode(g, 3, ALL, 0).oa == 0xfffffffff000);
	assert_true(decode(g, 2, ALL & ~2ull, 0).oa == 0xffffffe00000);
	assert_true(decode(g, 1, ALL & ~2ull, 0).oa == 0xffffc0000000);
	assert_true(decode(g, 0, ALL, 0).oa == 0xfffffffff000);
	/* LPA2: bits 49:48 stay, 9:8 are 51:50; without it 49:48 are ignored */
	g.ds = true;
	assert_true(decode(g, 3, ALL, 0).oa == 0xffffffffff000);
	assert_true(decode(g, 3, 3 | 1 << 8, 0).oa == 1ull << 50);
	assert_true(decode(g, 3, 3 | 1ull << 48, 0).oa == 1ull << 48);
	assert_true(decode(g, 0, 3 | 1 << 9, 0).oa == 1ull << 51);
	g = shape(TABLE_V8_64, 1, 14);
	assert_true(decode(g, 3, ALL, 0).oa == 0xffffffffc000);
	assert_true(decode(g, 2, ALL & ~2ull, 0).oa == 0xfffffe000000);
	assert_true(decode(g, 1, ALL, 0).oa == 0xffffffffc000);
	/* 64K: bits 15:12 are 51:48, where the PE has 52 bits */
	g = shape(TABLE_V8_64, 1, 16);
	assert_true(decode(g, 3, ALL, 0).oa == 0xffffffff0000);
	assert_false(decode(g, 3, ALL, 0).oa_high);
	g.lpa = true;
	assert_true(decode(g, 3, ALL, 0).oa == 0xfffffffff0000);
	assert_true(decode(g, 2, 3 | 1 << 12, 0).oa == 1ull << 48);
	assert_true(decode(g, 3, ALL, 0).oa_high);
	assert_true(decode(g, 2, 3 | 1 << 12, 0).oa_high);
	g.ignore_high = true;
	assert_true(decode(g, 3, ALL, 0).oa == 0xffffffff0000);
	g.ignore_high = false;
	g.oa_bits = 52;
	assert_false(decode(g, 3, ALL, 0).oa_high);
	g = shape(TABLE_V9_128, 1, 12);
	assert_true(decode(g, 3, ALL, 0).oa == 0xfffffffffff000);
}

/* Each bit alone, and nothing else set */
static void fields_of_stage_1(void **state)
{
	struct geometry g = shape(TABLE_V8_64, 1, 12);
	struct descriptor d;

	(void)state;
	assert_int_equal(decode(g, 3, 3 | 5 << 2, 0).attrindx, 5);
	assert_true(decode(g, 3, 3 | 1ull << 59, 0).attrindx_high);
	assert_true(decode(g, 3, 3 | 1 << 5, 0).ns);
	assert_int_equal(decode(g, 3, 3 | 1 << 6, 0).ap, 1);
	assert_int_equal(decode(g, 3, 3 | 1 << 7, 0).ap, 2);
	assert_int_equal(decode(g, 3, 3 | 2 << 8, 0).sh, 2);
	assert_true(decode(g, 3, 3 | 1 << 10, 0).af);
	assert_true(decode(g, 3, 3 | 1 << 11, 0).ng);
	assert_true(decode(g, 3, 3 | 1ull << 50, 0).gp);
	assert_true(decode(g, 3, 3 | 1ull << 51, 0).dbm);
	assert_true(decode(g, 3, 3 | 1ull << 52, 0).contig);
	assert_true(decode(g, 3, 3 | 1ull << 53, 0).pxn);
	assert_true(decode(g, 3, 3 | 1ull << 54, 0).uxn);
	assert_int_equal(decode(g, 3, 3 | 0xfull << 55, 0).software, 15);
	assert_int_equal(decode(g, 3, 3 | 5ull << 59, 0).pbha, 5);
	assert_int_equal(decode(g, 3, 3 | 6ull << 60, 0).po_index, 6);
	assert_int_equal(decode(g, 3, 3 | 1ull << 54, 0).pi_index, 8);
	assert_int_equal(decode(g, 3, 3 | 1ull << 53, 0).pi_index, 4);
	assert_int_equal(decode(g, 3, 3 | 1ull << 51, 0).pi_index, 2);
	assert_int_equal(decode(g, 3, 3 | 1 << 6, 0).pi_index, 1);
	assert_true(decode(g, 2, 1 | 1 << 16, 0).nt);
	assert_false(decode(g, 3, 3 | 1 << 16, 0).nt);

	d = decode(g, 1, 3 | 1ull << 63, 0);
	assert_true(d.ns_table && !d.aptable && !d.uxn_table && !d.pxn_table);
	assert_int_equal(decode(g, 1, 3 | 1ull << 61, 0).aptable, 1);
	assert_int_equal(decode(g, 1, 3 | 1ull << 62, 0).aptable, 2);
	assert_true(decode(g, 1, 3 | 1ull << 60, 0).uxn_table);
	assert_true(decode(g, 1, 3 | 1ull << 59, 0).pxn_table);
}

/* "write right taken from bit 10" */
static void bug_bit_10_is_the_access_flag_and_no_right(void **state)
{
	struct descriptor s1 = decode(shape(TABLE_V8_64, 1, 12), 3, 3 | 1 << 10, 0);
	struct descriptor s2 = decode(shape(TABLE_V8_64, 2, 12), 3, 3 | 1 << 10, 0);

	(void)state;
	assert_true(s1.af && !s1.ap);
	assert_true(s2.af && !s2.s2ap);
}

/* "stage 2 parsed as stage 1" */
static void bug_stage_2_is_not_stage_1(void **state)
{
	struct geometry g = shape(TABLE_V8_64, 2, 12);
	struct descriptor d = decode(g, 3, 3 | 0xf << 2 | 3 << 6 | 1 << 11 | 3ull << 53 | 1ull << 55, 0);

	(void)state;
	assert_int_equal(d.memattr, 15);
	assert_int_equal(d.s2ap, 3);
	assert_int_equal(d.s2xn, 3);
	assert_true(d.fnxs && d.ns);
	assert_true(!d.attrindx && !d.ap && !d.ng && !d.uxn && !d.pxn && !d.gp);
	assert_true(decode(g, 3, 3 | 1ull << 58, 0).assured_only);
	/* and its tables hand nothing down */
	d = decode(g, 1, 3 | 0x1full << 59, 0);
	assert_int_equal(d.type, DESC_TABLE);
	assert_true(!d.ns_table && !d.aptable && !d.uxn_table && !d.pxn_table);
	/* while the same word of stage 1 does */
	assert_int_equal(decode(shape(TABLE_V8_64, 1, 12), 1, 3 | 0x1full << 59, 0).aptable, 3);
}

static void contiguous_only_where_a_run_can_be(void **state)
{
	struct geometry g = shape(TABLE_V8_64, 1, 14);

	(void)state;
	g.ds = true;
	assert_false(decode(g, 1, 1 | 1ull << 52, 0).contig);
	assert_true(decode(g, 2, 1 | 1ull << 52, 0).contig);
	g = shape(TABLE_V9_128, 1, 16);
	assert_false(decode(g, 1, 1, 1ull << (111 - 64) | 2ull << (109 - 64)).contig);
	assert_true(decode(g, 2, 1, 1ull << (111 - 64) | 1ull << (109 - 64)).contig);
}

#define HI(bit)		(1ull << ((bit) - 64))
#define SKL(n)		((uint64_t)(n) << (109 - 64))

static void types_of_128_bits(void **state)
{
	struct geometry g = shape(TABLE_V9_128, 1, 12);
	struct descriptor d;

	(void)state;
	assert_int_equal(decode(g, 0, 1, 0).type, DESC_TABLE);
	assert_int_equal(decode(g, 0, 1, SKL(2)).type, DESC_TABLE);
	assert_int_equal(decode(g, 0, 1, SKL(2)).skl, 2);
	assert_int_equal(decode(g, 0, 1, SKL(3)).type, DESC_BLOCK);
	assert_int_equal(decode(g, 1, 1, SKL(2)).type, DESC_BLOCK);
	assert_int_equal(decode(g, 1, 1, SKL(3)).type, DESC_INVALID);
	assert_true(decode(g, 1, 1, SKL(3)).reserved);
	assert_int_equal(decode(g, 3, 1, 0).type, DESC_PAGE);
	assert_int_equal(decode(shape(TABLE_V9_128, 1, 14), 0, 1, SKL(3)).type, DESC_INVALID);

	d = decode(g, 3, 1 | 0xa << 2 | 1 << 7, HI(113) | HI(127) | 0xcull << (115 - 64) |
		   0x9ull << (121 - 64));
	assert_int_equal(d.attrindx, 10);
	assert_int_equal(d.pi_index, 12);
	assert_int_equal(d.po_index, 9);
	assert_true(d.ndirty && d.gp && d.ns);
	d = decode(shape(TABLE_V9_128, 2, 12), 3, 1 | 0xb << 2 | 1 << 7,
		   0x3ull << (115 - 64) | 0x7ull << (121 - 64) | HI(114));
	assert_int_equal(d.memattr, 11);
	assert_int_equal(d.pi_index, 3);
	assert_int_equal(d.po_index, 7);
	assert_true(d.dirty && d.assured_only);
	/* nT: of blocks, and of tables that skip levels */
	assert_true(decode(g, 2, 1 | 1 << 6, SKL(1)).nt);
	assert_true(decode(g, 0, 1 | 1 << 6, SKL(1)).nt);
	assert_false(decode(g, 0, 1 | 1 << 6, 0).nt);
	/* A table that skips a level is aligned to its size */
	assert_true(decode(g, 0, 1 | 0xfffff000, SKL(1)).oa == 0xfff00000);
	d = decode(g, 0, 1, HI(112) | HI(114) | HI(127));
	assert_true(d.disch && d.protected_table && d.ns_table);
}

static void short_descriptors(void **state)
{
	struct geometry g = shape(TABLE_V8_32S, 1, 12);
	struct descriptor d;

	(void)state;
	g.ia_bits = 32;
	assert_int_equal(decode(g, 1, 0xfffffffc, 0).type, DESC_INVALID);
	assert_int_equal(decode(g, 2, 0xfffffffc, 0).type, DESC_INVALID);
	d = decode(g, 1, 0x12345400 | 5 << 5 | 1 << 3 | 1 << 2 | 1, 0);
	assert_int_equal(d.type, DESC_TABLE);
	assert_int_equal(d.oa, 0x12345400);
	assert_true(d.domain == 5 && d.ns && d.pxn_table);
	assert_string_equal(descriptor_type_text(&g, &d), "table");
	d = decode(g, 1, 0x12300000 | 1 << 17 | 1 << 16 | 1 << 15 | 3 << 10 | 7 << 12 | 9 << 5 |
		   1 << 4 | 3 << 2 | 3, 0);
	assert_string_equal(descriptor_type_text(&g, &d), "section");
	assert_int_equal(d.oa, 0x12300000);
	assert_int_equal(d.attrindx, 31);
	assert_int_equal(d.ap, 7);
	assert_true(d.ng && d.sh && d.uxn && d.pxn && d.domain == 9);
	d = decode(g, 1, 0x12000000 | 1 << 18 | 0xa << 20 | 0xb << 5 | 2, 0);
	assert_string_equal(descriptor_type_text(&g, &d), "supersection");
	assert_true(d.oa == 0xba12000000 && d.domain == 0 && d.map_shift == 24);
	d = decode(g, 2, 0x12340000 | 1 << 15 | 5 << 12 | 1 << 11 | 1 << 10 | 1 << 9 | 2 << 4 | 1, 0);
	assert_string_equal(descriptor_type_text(&g, &d), "large page");
	assert_true(d.oa == 0x12340000 && d.uxn && d.ng && d.sh && d.ap == 6 && d.map_shift == 16);
	assert_int_equal(d.attrindx, 20);
	d = decode(g, 2, 0x12345000 | 3 << 6 | 1 << 4 | 3, 0);
	assert_string_equal(descriptor_type_text(&g, &d), "small page");
	assert_true(d.oa == 0x12345000 && d.uxn && d.ap == 1 && d.attrindx == 12);
}

static void names_of_types(void **state)
{
	struct geometry g = shape(TABLE_V8_64, 1, 12);
	struct descriptor d;

	(void)state;
	d = decode(g, 0, 0, 0);
	assert_string_equal(descriptor_type_text(&g, &d), "invalid");
	d = decode(g, 0, 1, 0);
	assert_string_equal(descriptor_type_text(&g, &d), "reserved");
	d = decode(g, 1, 1, 0);
	assert_string_equal(descriptor_type_text(&g, &d), "block");
	d = decode(g, 3, 3, 0);
	assert_string_equal(descriptor_type_text(&g, &d), "page");
	d = decode(g, 2, 3, 0);
	assert_string_equal(descriptor_type_text(&g, &d), "table");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_by_granule_and_level),
		cmocka_unit_test(bug_bit_0_clear_is_invalid_whatever_the_rest),
		cmocka_unit_test(output_addresses),
		cmocka_unit_test(fields_of_stage_1),
		cmocka_unit_test(bug_bit_10_is_the_access_flag_and_no_right),
		cmocka_unit_test(bug_stage_2_is_not_stage_1),
		cmocka_unit_test(contiguous_only_where_a_run_can_be),
		cmocka_unit_test(types_of_128_bits),
		cmocka_unit_test(short_descriptors),
		cmocka_unit_test(names_of_types),
	};

	unused_accesses();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
