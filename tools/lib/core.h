/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside the source of dumps: what the two ways of reading one share.
 */
#ifndef MMUSCOPE_CORE_H
#define MMUSCOPE_CORE_H

#include "source-core.h"

/* The kernel's note is at the start of a page (crash_save_vmcoreinfo_init), of at least 4K */
#define CORE_NOTE_ALIGN	4096

/* Embedded first in each way's own structure; that is zeroed when it is opened */
struct core {
	struct source source;
	char format[64];
	struct core_info info;	/* .text is NULL as long as it is not known; else allocated */
	size_t cpus;
	struct core_cpu cpu;
	/*
	 * Move *pa, a multiple of CORE_NOTE_ALIGN, up to the first one, at or above it, where a VMCOREINFO note may begin;
	 * false: there is none
	 */
	bool (*next_note)(struct core *c, uint64_t *pa);
};

/* Open the file at @fd, which is taken over also where this fails. NULL, and why in @reason. */
struct core *core_open_elf(int fd, char *reason);
struct core *core_open_kdump(int fd, char *reason);

/* A zero-terminated copy of the text of a VMCOREINFO note, up to its first zero; NULL: it is none, or no memory */
char *core_copy_info(const void *desc, size_t len);

#endif /* MMUSCOPE_CORE_H */
