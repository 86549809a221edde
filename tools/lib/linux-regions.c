// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * arch/arm64/kernel/vmcore_info.c for what is told, arch/arm64/include/asm/memory.h for what follows.
 */
#include "linux-regions.h"
#include "symbols.h"
#include "vmcoreinfo.h"

static void add(struct linux_regions *r, const char *name, uint64_t first, uint64_t end)
{
	if (first >> 63 && first < end)
		r->region[r->count++] = (struct linux_region){ name, first, end - 1 };
}

static void add_told(struct linux_regions *r, const char *info, const char *name, const char *from, const char *to)
{
	uint64_t first, end;

	if (vmcoreinfo_number(info, from, &first) && vmcoreinfo_number(info, to, &end))
		add(r, name, first, end);
}

/*
 * From PAGE_OFFSET to PAGE_END, which KASAN puts an eighth of the smallest VA space lower: that part is left out, as
 * VMCOREINFO does not say whether there is KASAN. A kernel that tells MODULES_VADDR has the linear map there (5.4).
 */
static void add_linear(struct linux_regions *r, const char *info)
{
	uint64_t va_bits, page_size, modules;
	unsigned int min;

	if (!vmcoreinfo_number(info, "VA_BITS", &va_bits) || va_bits < 36 || va_bits > 52 ||
	    !vmcoreinfo_decimal(info, "PAGESIZE", &page_size) || !vmcoreinfo_number(info, "MODULES_VADDR", &modules))
		return;
	min = va_bits <= 48 ? va_bits : page_size == 16384 ? 47 : 48;
	add(r, "linear map", -(UINT64_C(1) << va_bits), -(UINT64_C(1) << (min - 1)) - (UINT64_C(1) << (min - 3)));
}

void linux_regions(const char *info, const struct symbols *symbols, struct linux_regions *r)
{
	uint64_t text, end;

	r->count = 0;
	/* the image lies within vmalloc */
	if (symbols && symbols_addr(symbols, "_text", &text) && symbols_addr(symbols, "_end", &end))
		add(r, "kernel image", text, end);
	add_linear(r, info);
	add_told(r, info, "modules", "MODULES_VADDR", "MODULES_END");
	add_told(r, info, "vmalloc", "VMALLOC_START", "VMALLOC_END");
	add_told(r, info, "vmemmap", "VMEMMAP_START", "VMEMMAP_END");
}

const struct linux_region *linux_region_at(const struct linux_regions *r, uint64_t va)
{
	size_t i;

	for (i = 0; i < r->count; i++)
		if (va >= r->region[i].first && va <= r->region[i].last)
			return &r->region[i];
	return NULL;
}
