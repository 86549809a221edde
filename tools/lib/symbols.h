/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Symbols of a kernel: from vmlinux (ELF), System.map or a copy of /proc/kallsyms.
 *
 * Addresses are taken as they stand in the file. Those of vmlinux and System.map are the ones that the kernel was
 * linked at, those of kallsyms the ones that it ran at; symbols_shift() moves all of them by what KASLR added.
 */
#ifndef MMUSCOPE_SYMBOLS_H
#define MMUSCOPE_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SYMBOL_REASON	160

struct symbols;

struct symbol {
	const char *name;
	const char *module;	/* NULL: of the kernel's image */
	uint64_t addr;
	uint64_t size;		/* 0: the file does not say */
	bool local;		/* known in its own file only */
};

/*
 * Read @file. NULL, and why in @reason (SYMBOL_REASON bytes): it could not be read, is none of the three kinds, is
 * damaged, or hides the addresses (kptr_restrict). Symbols of the lower half of the address space are left out.
 */
struct symbols *symbols_load(const char *file, char *reason);
void symbols_free(struct symbols *s);

/* "vmlinux", or "list" for System.map and kallsyms, which are one format */
const char *symbols_kind(const struct symbols *s);
size_t symbols_count(const struct symbols *s);
/* Symbol number @i by address, below symbols_count() */
const struct symbol *symbols_get(const struct symbols *s, size_t i);

/* Add @offset to every address; false, and nothing is done, where that leaves the upper half */
bool symbols_shift(struct symbols *s, uint64_t offset);

/* The build id of vmlinux as hexadecimal text, or NULL */
const char *symbols_build_id(const struct symbols *s);

/*
 * The symbol that @addr lies in, *@offset bytes behind its start. Where the file has no sizes it reaches to the next
 * symbol, and the last one of the image and of each module has no length. NULL: in none.
 */
const struct symbol *symbols_at(const struct symbols *s, uint64_t addr, uint64_t *offset);

/*
 * Up to @max different addresses that symbols called by the @len bytes at @name have, ascending; returns how many
 * there are, which may be more than @max.
 */
size_t symbols_named(const struct symbols *s, const char *name, size_t len, uint64_t *addr, size_t max);

/* The same for a name that must have one address: false if it has none or more */
bool symbols_addr(const struct symbols *s, const char *name, uint64_t *addr);

/* "name+0x10" into @buf, or "" where @addr is in none; returns @buf */
#define SYMBOL_TEXT	256
const char *symbols_text(const struct symbols *s, uint64_t addr, char *buf);

#endif /* MMUSCOPE_SYMBOLS_H */
