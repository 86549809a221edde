/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * VMCOREINFO: what a Linux kernel writes about itself for whoever reads its memory later (kernel/vmcore_info.c,
 * arch/arm64/kernel/vmcore_info.c). Lines of KEY=VALUE.
 */
#ifndef MMUSCOPE_VMCOREINFO_H
#define MMUSCOPE_VMCOREINFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The note's name, with its zero, and the key that its text begins with */
#define VMCOREINFO_NAME		"VMCOREINFO"
#define VMCOREINFO_FIRST	"OSRELEASE="
/* The kernel gives it one page */
#define VMCOREINFO_MAX		65536

/* The value of the line @key, up to @size bytes with the zero; false: no such line, or it is longer */
bool vmcoreinfo_text(const char *info, const char *key, char *value, size_t size);
/* PAGESIZE (decimal), KERNELOFFSET (hexadecimal) */
bool vmcoreinfo_decimal(const char *info, const char *key, uint64_t *value);
bool vmcoreinfo_hex(const char *info, const char *key, uint64_t *value);
/* NUMBER(name), decimal or with 0x; SYMBOL(name), hexadecimal */
bool vmcoreinfo_number(const char *info, const char *name, uint64_t *value);
bool vmcoreinfo_symbol(const char *info, const char *name, uint64_t *value);

#endif /* MMUSCOPE_VMCOREINFO_H */
