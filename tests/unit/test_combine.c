// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory attributes: what stage 1 and stage 2 say, and what comes of both.
 */
#include "combine.h"
#include "world.h"

static struct memattr mair(uint8_t attr, enum shareability sh)
{
	return memattr_from_mair(attr, sh, true, true);
}

static void every_byte_of_mair_survives(void **state)
{
	struct memattr m;
	int attr;

	(void)state;
	for (attr = 0; attr < 256; attr++) {
		m = mair(attr, SH_ISH);
		if (m.reserved)
			continue;
		/*
		 * 0x44 with XS = 1 is the one that 0x40 is not; all others come back as they were
		 */
		assert_int_equal(memattr_par_attr(&m), attr);
	}
	assert_true(mair(0x02, SH_ISH).reserved);
	assert_true(mair(0xf2, SH_ISH).type == MEM_NORMAL);
	assert_true(mair(0x50, SH_ISH).reserved);
}

static void features_make_mair_bytes_special(void **state)
{
	struct memattr m;

	(void)state;
	assert_true(mair(0xf0, SH_ISH).tagged);
	m = memattr_from_mair(0xf0, SH_ISH, true, false);
	assert_true(!m.tagged && m.reserved);
	assert_false(mair(0x40, SH_ISH).xs);
	assert_false(mair(0xa0, SH_ISH).xs);
	assert_true(memattr_from_mair(0x40, SH_ISH, false, true).reserved);
	assert_false(mair(0x01, SH_ISH).xs);
	assert_true(memattr_from_mair(0x01, SH_ISH, false, true).xs);
	assert_true(mair(0x44, SH_ISH).xs);
	assert_false(mair(0xff, SH_ISH).xs);
}

static void device_and_nc_are_outer_shareable(void **state)
{
	struct memattr m = mair(0x04, SH_NSH);

	(void)state;
	assert_int_equal(memattr_effective_sh(&m), SH_OSH);
	assert_int_equal(memattr_par_sh(&m), 2);
	m = mair(0x44, SH_NSH);
	assert_int_equal(memattr_par_sh(&m), 2);
	m = mair(0x4f, SH_NSH);		/* outer NC, inner WB */
	assert_int_equal(memattr_par_sh(&m), 0);
	m = mair(0xff, SH_ISH);
	assert_int_equal(memattr_par_sh(&m), 3);
}

static uint8_t without_fwb(uint8_t s1, uint8_t s2)
{
	struct memattr a = mair(s1, SH_ISH), b = memattr_from_s2(s2, SH_NSH, false);
	struct memattr m = memattr_combine(&a, &b);

	return memattr_par_attr(&m);
}

static uint8_t with_fwb(uint8_t s1, uint8_t s2)
{
	struct memattr a = mair(s1, SH_ISH);
	struct memattr m = memattr_combine_fwb(&a, s2, SH_NSH, false);

	return memattr_par_attr(&m);
}

static void combining_without_fwb(void **state)
{
	(void)state;
	assert_int_equal(without_fwb(0xff, 0xf), 0xff);
	assert_int_equal(without_fwb(0xbb, 0xf), 0xbb);		/* WT beats WB */
	assert_int_equal(without_fwb(0xff, 0xa), 0xbb);
	assert_int_equal(without_fwb(0xdd, 0xa), 0x99);		/* hints of stage 1 */
	assert_int_equal(without_fwb(0xee, 0xa), 0xa0);		/* and its XS, 0 of Write-Back */
	assert_int_equal(without_fwb(0x77, 0xf), 0x77);		/* transient too */
	assert_int_equal(without_fwb(0xbb, 0x5), 0x44);		/* NC beats all */
	assert_int_equal(without_fwb(0xbb, 0xd), 0xb4);
	assert_int_equal(without_fwb(0x44, 0xf), 0x44);
	assert_int_equal(without_fwb(0x04, 0xf), 0x04);		/* Device beats Normal */
	assert_int_equal(without_fwb(0xbb, 0x2), 0x08);
	assert_int_equal(without_fwb(0x0c, 0x1), 0x04);		/* the stronger Device */
	assert_int_equal(without_fwb(0x00, 0x3), 0x00);
	assert_int_equal(without_fwb(0xf0, 0xf), 0xf0);		/* tags need WB on both */
	assert_int_equal(without_fwb(0xf0, 0xa), 0xbb);
}

static void combining_with_fwb(void **state)
{
	(void)state;
	assert_int_equal(with_fwb(0xff, 0x6), 0xff);		/* forced Write-Back */
	assert_int_equal(with_fwb(0xee, 0x6), 0xee);
	assert_int_equal(with_fwb(0x77, 0x6), 0x77);
	assert_int_equal(with_fwb(0x44, 0x6), 0xff);
	assert_int_equal(with_fwb(0x04, 0x6), 0xff);
	assert_int_equal(with_fwb(0x04, 0x7), 0x04);		/* stage 1 as it is */
	assert_int_equal(with_fwb(0xbb, 0x7), 0xbb);
	assert_int_equal(with_fwb(0xbb, 0x5), 0x44);		/* Non-cacheable */
	assert_int_equal(with_fwb(0xff, 0x5), 0x40);		/* with the XS of stage 1 */
	assert_int_equal(with_fwb(0x08, 0x5), 0x08);		/* unless Device */
	assert_int_equal(with_fwb(0xbb, 0x2), 0x08);		/* Device */
	assert_int_equal(with_fwb(0x04, 0x2), 0x04);
	assert_int_equal(with_fwb(0xf0, 0x6), 0xf0);
	assert_int_equal(with_fwb(0xf0, 0x5), 0x40);
	assert_int_equal(with_fwb(0xff, 0xe), 0xff);		/* bit 3 is ignored */
}

static void xs_and_fnxs(void **state)
{
	struct memattr a = mair(0x44, SH_ISH), b = memattr_from_s2(0xf, SH_ISH, true);
	struct memattr m = memattr_combine(&a, &b);

	(void)state;
	assert_false(m.xs);
	assert_int_equal(memattr_par_attr(&m), 0x40);
	b = memattr_from_s2(0x1, SH_ISH, true);
	m = memattr_combine(&a, &b);
	assert_int_equal(memattr_par_attr(&m), 0x05);
	m = memattr_combine_fwb(&a, 7, SH_ISH, true);
	assert_int_equal(memattr_par_attr(&m), 0x40);
	a = mair(0xa8, SH_ISH);
	m = memattr_combine_fwb(&a, 7, SH_ISH, true);
	assert_int_equal(memattr_par_attr(&m), 0xa0);
}

static void shareability_of_both(void **state)
{
	static const enum shareability sh[3] = { SH_NSH, SH_ISH, SH_OSH };
	struct memattr a, b, m;
	int i, j;

	(void)state;
	for (i = 0; i < 3; i++) {
		for (j = 0; j < 3; j++) {
			a = mair(0xff, sh[i]);
			b = memattr_from_s2(0xf, sh[j], false);
			m = memattr_combine(&a, &b);
			assert_int_equal(m.sh, sh[i > j ? i : j]);
		}
	}
}

static void in_words(void **state)
{
	char buf[MEMATTR_TEXT];
	struct memattr m, n;

	(void)state;
#define SAYS(attr, text) do { m = mair(attr, SH_ISH); \
	assert_string_equal(memattr_text(&m, buf), text); } while (0)
	SAYS(0xff, "Normal WB RWA");
	SAYS(0x44, "Normal NC");
	SAYS(0x40, "Normal NC XS=0");
	SAYS(0xbb, "Normal WT RWA");
	SAYS(0x77, "Normal WB RWA transient");
	SAYS(0xf4, "Normal inner NC outer WB RWA");
	SAYS(0xf0, "Normal WB RWA Tagged");
	SAYS(0x00, "Device-nGnRnE");
	SAYS(0x05, "Device-nGnRE XS=0");
	SAYS(0x0c, "Device-GRE");
	assert_string_equal(shareability_text(SH_ISH), "ISH");
	assert_string_equal(shareability_text(SH_OSH), "OSH");
	assert_string_equal(shareability_text(SH_NSH), "NSH");
	m = mair(0xff, SH_ISH);
	n = mair(0xff, SH_OSH);
	assert_true(memattr_equal(&m, &m));
	assert_false(memattr_equal(&m, &n));
	n = mair(0xfb, SH_ISH);
	assert_false(memattr_equal(&m, &n));
	m = mair(0x04, SH_ISH);
	n = mair(0x08, SH_ISH);
	assert_true(memattr_equal(&m, &m));
	assert_false(memattr_equal(&m, &n));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_of_mair_survives),
		cmocka_unit_test(features_make_mair_bytes_special),
		cmocka_unit_test(device_and_nc_are_outer_shareable),
		cmocka_unit_test(combining_without_fwb),
		cmocka_unit_test(combining_with_fwb),
		cmocka_unit_test(xs_and_fnxs),
		cmocka_unit_test(shareability_of_both),
		cmocka_unit_test(in_words),
	};

	unused_accesses();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
