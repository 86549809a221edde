/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Dumps of a machine's memory: /proc/vmcore and what makedumpfile makes of it, QEMU's dump-guest-memory. Addresses
 * are those that the dumped kernel calls physical; there is no stage 2 below them.
 *
 * ELF cores are mapped; kdump-compressed ones are read by libkdumpfile, page by page through its cache. Memory that was not
 * dumped (not RAM, or excluded) cannot be read and is never zero; nor is it told apart, as ELF cores cannot. One
 * thread at a time may read.
 */
#ifndef MMUSCOPE_SOURCE_CORE_H
#define MMUSCOPE_SOURCE_CORE_H

#include "source.h"

#define CORE_REASON	200

/*
 * Open @file. NULL, and why in @reason (CORE_REASON bytes): it cannot be read, is no dump, is of another machine than
 * arm64, is damaged or shorter than it says.
 */
struct source *source_core_open(const char *file, char *reason);

/* "ELF", or what libkdumpfile calls the format */
const char *source_core_format(const struct source *source);

/* What the notes hold of a CPU: the dumps have general registers only, nothing of the MMU's */
struct core_cpu {
	uint64_t pc, pstate;
};

/* The number of CPUs with such a note, and the first of them in *@cpu where there is one */
size_t source_core_cpus(const struct source *source, struct core_cpu *cpu);

/* VMCOREINFO, the kernel's words about itself */
struct core_info {
	char *text;		/* zero-terminated; of the source, until it is closed */
	bool searched;		/* no note has it: it was found in memory */
	struct pa pa;		/* .searched: where its note begins */
};

/*
 * Take it from the dump's notes. Where there is none (QEMU without a vmcoreinfo device), search the memory for the
 * note that the kernel keeps at the start of a page; the tables that it tells of must translate its own address of
 * swapper_pg_dir to where it says that lies, so that what a guest or an earlier kernel left behind is not taken. 0;
 * -ENOENT: there is none; -ENOTUNIQ: there are several, of different kernels; -ENOMEM.
 */
int source_core_info(struct source *source, struct core_info *info);

/*
 * Registers as text for regs_parse(), with a '#' line for each thing that is not the dump's own: linux_regs() on
 * VMCOREINFO, PC and PSTATE of the first CPU. Allocated. 0, or a negative errno and why in @reason (CORE_REASON bytes).
 */
int source_core_regs(struct source *source, char **text, size_t *len, char *reason);

#endif /* MMUSCOPE_SOURCE_CORE_H */
