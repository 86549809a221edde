/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When two values of PAR_EL1 are the same answer: FST, PTW and S of a fault;
 * PA, SH and ATTR of a success, ATTR without XS. The emulator does not report
 * the kind of a permission fault (bits 15:12), NS is UNKNOWN in the Non-secure
 * state, bit 10 is IMPLEMENTATION DEFINED.
 */
#ifndef EL2_PAR_H
#define EL2_PAR_H

#include <stdint.h>

#define PAR_F		1ULL
#define PAR_PA		0x000ffffffffff000ULL
#define PAR_SH		0x180ULL
#define PAR_FAULT	0x37fULL	/* F, FST, PTW, S */

/* FEAT_XS gave three encodings to what two others meant before, and a bit to Device */
static inline uint8_t attr_without_xs(uint8_t attr)
{
	if (attr == 0x40)
		return 0x44;
	if (attr == 0xa0)
		return 0xaa;
	return attr & 0xf0 ? attr : attr & 0x0c;
}

static inline int par_equal(uint64_t a, uint64_t b, int pa_only)
{
	if ((a ^ b) & PAR_F)
		return 0;
	if (a & PAR_F)
		return !((a ^ b) & PAR_FAULT);
	if ((a ^ b) & PAR_PA)
		return 0;
	return pa_only ||
	       (!((a ^ b) & PAR_SH) && attr_without_xs(a >> 56) == attr_without_xs(b >> 56));
}

#endif
