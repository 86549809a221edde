// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Arithmetic of table shapes. Names in parentheses are those of Arm's pseudocode
 * (shared/functions/translation).
 */
#include "geometry.h"

int geometry_start_level(const struct geometry *g)
{
	if (g->format == TABLE_V8_32S)
		return 1;
	if (g->ia_bits <= g->granule)
		return LEVEL_FINAL;
	return LEVEL_FINAL - (int)((g->ia_bits - 1 - g->granule) / geometry_stride(g));
}

unsigned int geometry_root_tables(const struct geometry *g)
{
	unsigned int bits = geometry_root_bits(g);

	if (g->stage == 1 || g->format != TABLE_V8_64 || bits <= geometry_stride(g))
		return 1;
	return 1u << (bits - geometry_stride(g));
}

unsigned int geometry_table_align(const struct geometry *g, int level, unsigned int skl, bool root)
{
	return geometry_index_bits(g, level, skl, root) + geometry_desc_shift(g);
}

bool geometry_block_ok(const struct geometry *g, int level)
{
	bool wide = g->ds || g->format == TABLE_V9_128;

	switch (g->granule) {
	case 12:
		return level == 2 || level == 1 || (level == 0 && wide);
	case 14:
		return level == 2 || (level == 1 && wide);
	default:
		return level == 2 || (level == 1 && (g->lpa || g->format == TABLE_V9_128));
	}
}

unsigned int geometry_contig_shift(const struct geometry *g, int level)
{
	/* rows: granule; columns: levels 1, 2, 3 */
	static const uint8_t v8[3][3] = { { 4, 4, 4 }, { 0, 5, 7 }, { 0, 5, 5 } };
	static const uint8_t v9[3][3] = { { 2, 4, 4 }, { 2, 4, 6 }, { 0, 6, 4 } };
	unsigned int row = (g->granule - 12) / 2;

	if (g->format == TABLE_V8_32S || level < 1 || level > LEVEL_FINAL)
		return 0;
	return g->format == TABLE_V9_128 ? v9[row][level - 1] : v8[row][level - 1];
}
