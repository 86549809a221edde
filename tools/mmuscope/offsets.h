/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the module believes the kernel's fields to be, against where the running kernel's BTF says
 * they are. The layouts move inside a stable series, so the release alone does not tell.
 */
#ifndef MMUSCOPE_OFFSETS_H
#define MMUSCOPE_OFFSETS_H

#include <stddef.h>
#include <stdint.h>

#include <mmuscope.h>

struct offset_list {
	struct mmuscope_offset *offset;
	size_t n;
};

/* From a module file's section; 0 or a negative errno (-ENOENT: it has none, -ENOEXEC: not an arm64
 * object). dl_elf() has opened libelf. */
int offsets_from_file(const char *file, struct offset_list *list);
/* From the "offset STRUCT.FIELD DECIMAL" lines of the loaded module's info */
int offsets_from_info(const char *info, struct offset_list *list);
void offsets_free(struct offset_list *list);

struct offset_check {
	size_t		right, wrong, unknown;
	char		first[160];	/* the first wrong one, in words */
	const char	*why_unknown;	/* text that stays, or NULL: some could not be compared */
};

/* Compare with SYSROOT/sys/kernel/btf/vmlinux */
void offsets_check(const char *sysroot, const struct offset_list *list, struct offset_check *check);

#endif /* MMUSCOPE_OFFSETS_H */
