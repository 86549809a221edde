// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What Linux programs: arch/arm64/mm/proc.S (__cpu_setup), arch/arm64/include/asm/{memory,pgtable-hwdef,assembler}.h.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "linux-regs.h"
#include "regs.h"
#include "vmcoreinfo.h"

/* MAIR_EL1_SET of arch/arm64/mm/proc.S; MT_NORMAL_TAGGED has 0xff here and 0xf0 where the CPU has FEAT_MTE2 */
#define LINUX_MAIR	UINT64_C(0x000000040044ffff)
/* Of INIT_SCTLR_EL1_MMU_ON those that bear on translation: I, C, M */
#define LINUX_SCTLR	UINT64_C(0x1005)
/* Inner Shareable, Write-Back Write-Allocate at both cacheability levels */
#define WALK_SH		3
#define WALK_RGN	1

struct layout {
	uint64_t page_size, va_bits, t1sz, swapper, voffset;
};

static const char *read_layout(const char *info, struct layout *l)
{
	if (!vmcoreinfo_decimal(info, "PAGESIZE", &l->page_size))
		return "VMCOREINFO has no PAGESIZE";
	if (l->page_size != 4096 && l->page_size != 16384 && l->page_size != 65536)
		return "VMCOREINFO: PAGESIZE is no granule of arm64";
	if (!vmcoreinfo_symbol(info, "swapper_pg_dir", &l->swapper))
		return "VMCOREINFO has no SYMBOL(swapper_pg_dir)";
	if (!vmcoreinfo_number(info, "kimage_voffset", &l->voffset))
		return "VMCOREINFO has no NUMBER(kimage_voffset): it is not of an arm64 kernel since 4.12";
	if (!vmcoreinfo_number(info, "VA_BITS", &l->va_bits))
		return "VMCOREINFO has no NUMBER(VA_BITS)";
	/* the second is what some distributions called it before 5.11 */
	if (!vmcoreinfo_number(info, "TCR_EL1_T1SZ", &l->t1sz) &&
	    !vmcoreinfo_number(info, "tcr_el1_t1sz", &l->t1sz)) {
		/* up to 48 bits what the kernel was built for is what it uses */
		if (l->va_bits > 48)
			return "VMCOREINFO has no NUMBER(TCR_EL1_T1SZ), and VA_BITS above 48 may not be in use";
		l->t1sz = 64 - l->va_bits;
	}
	if (l->va_bits < 36 || l->va_bits > 52 || l->t1sz < 12 || l->t1sz > 28)
		return "VMCOREINFO: VA_BITS or TCR_EL1_T1SZ is out of bounds";
	return NULL;
}

/*
 * A kernel for 52-bit VAs with 64K pages on a CPU without FEAT_LVA: its root is used from the entry on that the
 * shorter VAs begin with (TTBR1_BADDR_4852_OFFSET)
 */
static uint64_t root_offset(const struct layout *l)
{
	const unsigned int pgdir_shift = 42;

	if (l->page_size != 65536 || l->va_bits != 52 || l->t1sz != 16)
		return 0;
	return ((UINT64_C(1) << (52 - pgdir_shift)) - (UINT64_C(1) << (48 - pgdir_shift))) * 8;
}

/* 52-bit VAs with 4K or 16K pages exist with FEAT_LPA2 only, and Linux uses it for nothing else */
static bool uses_lpa2(const struct layout *l)
{
	return l->page_size != 65536 && l->t1sz < 16;
}

static uint64_t compose_tcr(const struct layout *l)
{
	/* TG0 and TG1 encode 4K, 16K, 64K differently */
	unsigned int tg1 = l->page_size == 4096 ? 2 : l->page_size == 16384 ? 1 : 3;
	unsigned int tg0 = l->page_size == 4096 ? 0 : l->page_size == 16384 ? 2 : 1;
	unsigned int ips = uses_lpa2(l) || l->page_size == 65536 ? 6 : 5;
	uint64_t tcr = 0;

	tcr = FIELD_SET(TCR_EL1, T1SZ, tcr, l->t1sz);
	tcr = FIELD_SET(TCR_EL1, T0SZ, tcr, l->t1sz);
	tcr = FIELD_SET(TCR_EL1, TG1, tcr, tg1);
	tcr = FIELD_SET(TCR_EL1, TG0, tcr, tg0);
	tcr = FIELD_SET(TCR_EL1, IPS, tcr, ips);
	tcr = FIELD_SET(TCR_EL1, DS, tcr, uses_lpa2(l));
	tcr = FIELD_SET(TCR_EL1, SH1, tcr, WALK_SH);
	tcr = FIELD_SET(TCR_EL1, SH0, tcr, WALK_SH);
	tcr = FIELD_SET(TCR_EL1, ORGN1, tcr, WALK_RGN);
	tcr = FIELD_SET(TCR_EL1, IRGN1, tcr, WALK_RGN);
	tcr = FIELD_SET(TCR_EL1, ORGN0, tcr, WALK_RGN);
	tcr = FIELD_SET(TCR_EL1, IRGN0, tcr, WALK_RGN);
	tcr = FIELD_SET(TCR_EL1, AS, tcr, 1);
	tcr = FIELD_SET(TCR_EL1, A1, tcr, 1);
	return FIELD_SET(TCR_EL1, TBI0, tcr, 1);
}

/* TTBR bits 5:2 hold address bits 51:48 where those exist (phys_to_ttbr) */
static uint64_t compose_ttbr(uint64_t pa)
{
	return (pa & mask64(47, 6)) | bits64(pa, 51, 48) << 2;
}

static void print(FILE *f, const struct layout *l, uint64_t root)
{
	unsigned int ips = uses_lpa2(l) || l->page_size == 65536 ? 52 : 48;

	fprintf(f, "# TTBR1_EL1 from VMCOREINFO: swapper_pg_dir 0x%" PRIx64 " less kimage_voffset 0x%" PRIx64 "\n",
		l->swapper, l->voffset);
	if (root_offset(l))
		fprintf(f, "# TTBR1_EL1: 48 of 52 bits of VA are in use, its root begins 0x%" PRIx64 " further on\n",
			root_offset(l));
	fprintf(f, "TTBR1_EL1 0x%" PRIx64 "\n", compose_ttbr(root));
	fprintf(f, "# TTBR0_EL1 is each process's own, and is not known\n");
	fprintf(f, "# TCR_EL1 from VMCOREINFO: T1SZ from TCR_EL1_T1SZ or VA_BITS, TG1 from PAGESIZE");
	fprintf(f, uses_lpa2(l) ? ", DS as 52-bit VAs need it\n" : "\n");
	fprintf(f, "# TCR_EL1 assumed: IPS of %u bits, the rest as Linux sets it, HA and HD not known and taken as 0\n",
		ips);
	fprintf(f, "TCR_EL1 0x%" PRIx64 "\n", compose_tcr(l));
	fprintf(f, "# MAIR_EL1 assumed: as Linux sets it; AttrIndx 1 may be Normal Tagged (FEAT_MTE2)\n");
	fprintf(f, "MAIR_EL1 0x%" PRIx64 "\n", LINUX_MAIR);
	fprintf(f, "# SCTLR_EL1 assumed: MMU and caches on, little-endian\n");
	fprintf(f, "# TCR2_EL1 not known: with FEAT_S1PIE Linux uses indirect permissions that mean the same\n");
	fprintf(f, "SCTLR_EL1 0x%" PRIx64 "\n", LINUX_SCTLR);
}

int linux_regs(const char *info, char **text, size_t *len, const char **reason)
{
	struct layout l;
	uint64_t root;
	FILE *f;

	*reason = read_layout(info, &l);
	if (*reason)
		return -EINVAL;
	root = l.swapper - l.voffset + root_offset(&l);
	if (root >> 52 || (l.swapper - l.voffset) % l.page_size) {
		*reason = "VMCOREINFO: swapper_pg_dir less kimage_voffset is no address of a table";
		return -EINVAL;
	}
	f = open_memstream(text, len);
	if (!f)
		return -ENOMEM;
	print(f, &l, root);
	return fclose(f) ? -ENOMEM : 0;
}
