/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Snapshots: a KVM host as it was, in one file. Documentation/snapshot.rst describes the format.
 *
 * A snapshot is an ELF core of arm64: the pages that hold translation tables, and on request the
 * guests' memory, are PT_LOAD segments at their PA; everything else stands in notes.
 */
#ifndef MMUSCOPE_SNAPSHOT_H
#define MMUSCOPE_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host.h"
#include "live.h"

/* ---- the format ------------------------------------------------------------------------------ */

/* A reader refuses another; lines and notes that it does not know it skips */
#define SNAPSHOT_FORMAT		1
#define SNAPSHOT_OWNER		"mmuscope"

/* Apart from those of the kernel's cores, which some readers look for whoever the owner is */
#define SNAPSHOT_NOTE_INFO	0x4d4d5301	/* text: struct snapshot_info */
#define SNAPSHOT_NOTE_FILE	0x4d4d5302	/* struct snapshot_file_note, path, 0, bytes */
#define SNAPSHOT_NOTE_HOLES	0x4d4d5303	/* struct snapshot_hole, sorted by stage, pa, ia */

/* All numbers are little-endian */
struct snapshot_file_note {
	uint32_t	error;		/* errno of reading it; then there are no bytes */
};

/*
 * What is known to exist and could not be read. Those of one stage have the same .pa and .size, or
 * lie apart.
 */
struct snapshot_hole {
	uint64_t	pa, size;	/* bytes */
	uint64_t	ia, ia_last;	/* input addresses that it translates; stage 0: IPAs */
	uint32_t	vm;		/* number of its VM in the info note */
	uint32_t	error;		/* errno: EAGAIN for a table that was taken away */
	uint8_t		stage;		/* 1, 2; 0: guest memory */
	int8_t		level;
	uint8_t		reserved[6];
};

/* ---- what a snapshot says of itself ---------------------------------------------------------- */

struct snapshot_vm {
	char		dir[48];	/* "PID-FD"; "PID-FD.N" of a shadow, which has stage 2 alone */
	/* negative errno: its stage 2 could not be read, else 0; -ENOMEDIUM: a shadow that is another by now */
	int		error;
	struct stage2_stream stream;	/* .changed: also until all else of it was read */
	uint64_t	seq;		/* mmu_invalidate_seq before it was read; not in the file */
	bool		moved;		/* it went on before all VMs had been read */
	uint64_t	vcpus;		/* whose registers are there and who ran */
	uint64_t	never_ran, no_regs;
	uint64_t	s1_pages;	/* read for stage-1 tables */
	uint64_t	s1_unreadable;
	uint64_t	s1_changed;	/* of .s1_pages, those that were not the same a second time */
	bool		s1_limited;	/* too many tables: some of stage 1 are missing */
	uint64_t	memory;		/* bytes of guest memory that were read */
	uint64_t	memory_unreadable;
};

#define SNAPSHOT_TIME	24

struct snapshot_info {
	char		program[LIVE_TEXT_MAX];		/* version that wrote it */
	char		begun[SNAPSHOT_TIME], ended[SNAPSHOT_TIME];	/* ISO 8601, UTC */
	bool		memory;				/* guest memory was asked for */
	struct snapshot_vm *vm;				/* allocated; shadows behind the VMs */
	size_t		nvms;				/* and shadows */
	uint64_t	host_vms;			/* that were listed in the end; 0: not told */
};

/* As lines, allocated and zero-terminated; NULL: no memory */
char *snapshot_info_text(const struct snapshot_info *info);
/* Back again; 0, -ENOMEM, or -EPROTO: not of this format. snapshot_info_free() after either. */
int snapshot_info_parse(struct snapshot_info *info, const char *text);
void snapshot_info_free(struct snapshot_info *info);

/* ---- writing --------------------------------------------------------------------------------- */

struct snapshot_progress {
	uint64_t	done, total;	/* of the work, in no unit */
	uint64_t	bytes;		/* written so far */
};

struct snapshot_options {
	bool		memory;		/* the guests' memory too */
	bool		vmm;		/* what VMMs have behind their slots (backing.h), for an audit */
	const char	*program;	/* version of the writer */
	uint64_t	max_tables;	/* stage-1 tables of one half: a bound for hostile memory */
	/* may be NULL; called often. Not 0 ends the writing: a negative errno to return. */
	int		(*progress)(void *arg, const struct snapshot_progress *p);
	void		*arg;
};

#define SNAPSHOT_REASON	256

/*
 * Write @file: the host's text files, and of each of @vms all of stage 2, also of what KVM keeps for
 * guests of its guest, the registers of all vCPUs, and the stage-1 tables that these lead to. A VM that ends meanwhile is left out
 * (-ESTALE and -ENOENT in .error of @info). What @info says is also in the file.
 *
 * @file is complete, and on the disk, when it appears under its name, which replaces what was
 * there; on failure there is nothing new. It may be read by its owner only. 0, or a negative errno
 * with the words in @reason; -ESTALE: all of @vms have ended. snapshot_info_free() after either.
 */
int snapshot_write(const char *file, struct host *h, const struct live_vm *vms, size_t n,
		   const struct snapshot_options *opt, struct snapshot_info *info, char *reason);

/* ---- reading --------------------------------------------------------------------------------- */

/*
 * A snapshot as a host, closed by its .close. NULL, with the words in @reason and a negative errno
 * in *err; -EPROTO: it is no snapshot, or a damaged one. @file is kept by the caller.
 *
 * The file is mapped: one that is cut short while it is open ends the program (SIGBUS).
 * snapshot_write() never writes into a file that has a name.
 */
struct host *host_snapshot_open(const char *file, char *reason, int *err);
/* What it says of itself; NULL: @h is no snapshot */
const struct snapshot_info *host_snapshot_info(const struct host *h);

#endif /* MMUSCOPE_SNAPSHOT_H */
