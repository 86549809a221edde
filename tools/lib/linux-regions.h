/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an arm64 Linux kernel uses its half of the address space for. Only what is certain has a name: the bounds that
 * the kernel itself tells in VMCOREINFO (since 5.19), and what follows from them. The fixmap and the PCI I/O space lie
 * where each release puts them, and have none.
 */
#ifndef MMUSCOPE_LINUX_REGIONS_H
#define MMUSCOPE_LINUX_REGIONS_H

#include <stddef.h>
#include <stdint.h>

struct symbols;

struct linux_region {
	const char *name;	/* "linear map", "modules", "vmalloc", "vmemmap", "kernel image" */
	uint64_t first, last;
};

#define LINUX_REGIONS_MAX	5

struct linux_regions {
	size_t count;
	struct linux_region region[LINUX_REGIONS_MAX];	/* where two hold an address, the first is meant */
};

/* The regions of the kernel that wrote @info; the image's only if @symbols (placed; may be NULL) has its ends */
void linux_regions(const char *info, const struct symbols *symbols, struct linux_regions *r);

/* The region of @va; NULL: none with a name */
const struct linux_region *linux_region_at(const struct linux_regions *r, uint64_t va);

#endif /* MMUSCOPE_LINUX_REGIONS_H */
