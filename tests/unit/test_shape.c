// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ends of the arithmetic of table shapes: the smallest input addresses, and what each format
 * has that the others have not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "geometry.h"

static struct geometry shape(enum table_format format, int stage, int granule, int ia_bits)
{
	struct geometry g = { .format = format, .stage = stage, .granule = granule,
			      .ia_bits = ia_bits, .oa_bits = 48 };

	g.start_level = geometry_start_level(&g);
	return g;
}

static void an_input_address_within_one_page(void **state)
{
	struct geometry g = shape(TABLE_V8_64, 1, 16, 16);

	(void)state;
	assert_int_equal(g.start_level, 3);
	assert_int_equal(geometry_entries(&g, 3, 0, true), 1);
	assert_int_equal(geometry_index(&g, 3, 0, true, 0xffff), 0);
	assert_int_equal(geometry_table_align(&g, 3, 0, true), 3);
	g = shape(TABLE_V8_64, 1, 12, 11);
	assert_int_equal(g.start_level, 3);
	assert_int_equal(geometry_entries(&g, 3, 0, true), 1);
	g = shape(TABLE_V8_64, 1, 12, 13);
	assert_int_equal(geometry_entries(&g, 3, 0, true), 2);
}

static void only_stage_2_of_the_old_format_concatenates(void **state)
{
	struct geometry g = shape(TABLE_V8_64, 2, 12, 40);

	(void)state;
	g.start_level = 1;
	assert_int_equal(geometry_root_tables(&g), 2);
	g.stage = 1;
	assert_int_equal(geometry_root_tables(&g), 1);
	g.stage = 2;
	g.format = TABLE_V9_128;
	assert_int_equal(geometry_root_tables(&g), 1);
	g.format = TABLE_V8_64;
	g.ia_bits = 39;
	assert_int_equal(geometry_root_tables(&g), 1);
}

static void larger_blocks_of_the_wide_format(void **state)
{
	static const int granules[] = { 12, 14, 16 };
	struct geometry g;
	int i, level;

	(void)state;
	for (i = 0; i < 3; i++) {
		g = shape(TABLE_V9_128, 1, granules[i], 48);
		for (level = 1; level <= 2; level++)
			assert_true(geometry_block_ok(&g, level));
		assert_int_equal(geometry_block_ok(&g, 0), granules[i] == 12);
		assert_false(geometry_block_ok(&g, -1));
		assert_false(geometry_block_ok(&g, 3));
		g.format = TABLE_V8_64;
		assert_int_equal(geometry_block_ok(&g, 1), granules[i] == 12);
	}
	g = shape(TABLE_V8_64, 1, 16, 48);
	g.lpa = true;
	assert_true(geometry_block_ok(&g, 1));
}

static void no_runs_beyond_the_last_level(void **state)
{
	struct geometry g = shape(TABLE_V8_64, 1, 12, 48);

	(void)state;
	assert_int_equal(geometry_contig_shift(&g, 3), 4);
	assert_int_equal(geometry_contig_shift(&g, 4), 0);
	assert_int_equal(geometry_contig_shift(&g, 0), 0);
}

static void a_table_that_skips_levels_is_larger(void **state)
{
	struct geometry g = shape(TABLE_V9_128, 1, 12, 52);

	(void)state;
	assert_int_equal(geometry_entries(&g, 2, 0, false), 256);
	assert_int_equal(geometry_entries(&g, 2, 1, false), 65536);
	assert_int_equal(geometry_table_align(&g, 2, 0, false), 12);
	assert_int_equal(geometry_table_align(&g, 2, 1, false), 20);
	assert_int_equal(geometry_index(&g, 2, 1, false, UINT64_C(0x123) << 20), 0x123);
	assert_int_equal(geometry_index(&g, 2, 0, false, UINT64_C(0x123) << 20), 0x23);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_input_address_within_one_page),
		cmocka_unit_test(only_stage_2_of_the_old_format_concatenates),
		cmocka_unit_test(larger_blocks_of_the_wide_format),
		cmocka_unit_test(no_runs_beyond_the_last_level),
		cmocka_unit_test(a_table_that_skips_levels_is_larger),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
