/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a command works on: a vCPU of a live VM, the host, a process of it, or images and registers from files.
 */
#ifndef MMUSCOPE_TARGET_H
#define MMUSCOPE_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "live.h"

struct ctx;
struct source;

enum target_kind {
	TARGET_VM,
	TARGET_HOST,		/* "host" */
	TARGET_PROCESS,		/* "pid:N" */
	TARGET_FILES,		/* --ram and --regs */
};

struct target {
	enum target_kind	kind;
	char			name[96];	/* as results name it: "1234-10:0", "host", "pid:77", "files" */
	struct live_vm		vm;		/* TARGET_VM */
	unsigned int		vcpu;		/* TARGET_VM */
	uint64_t		pid;		/* TARGET_PROCESS */
	struct source		*src;		/* where its words come from */
};

/*
 * Take the target from the front of the operands argv[optind...] and move optind beyond it. With --ram or --regs no
 * operand is taken: the files are the target. Returns 0, or the exit status after the message was printed;
 * target_close() is safe after either.
 */
int target_open(struct ctx *ctx, int argc, char **argv, struct target *t);
void target_close(struct target *t);

/*
 * The registers as text, "NAME 0xVALUE" lines and '#' lines: the vCPU's at this moment, those of --regs, or those of the
 * physical CPU that this runs on. Allocated, zero-terminated. Returns 0 or the exit status after the message.
 */
int target_regs_text(struct ctx *ctx, const struct target *t, char **text, size_t *len);

/* For commands that have no target: the module is there and speaks our ABI, and no files were given in its stead */
int live_ready(struct ctx *ctx, struct live_info *info);
/* The message for a live_check() that did not say LIVE_OK */
int live_trouble(enum live_state state, const struct live_info *info);
/* The message for a negative errno from the tree: what failed, and what to do. Returns ST_UNREADABLE. */
int live_failed(const char *what, int err);
/* The errno in the words of this interface */
const char *live_error_text(int err);

#endif /* MMUSCOPE_TARGET_H */
