/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The live source: words as mmuscope.ko hands them out. A VM's stage 2 comes walk by walk ("path"),
 * or all at once
 * ("stage2"), its stage 1 from guest memory by IPA ("mem"); the host's own tables come walk by
 * walk.
 *
 * A captured tree has no "path", which computes: its stage 2 is then the captured stream, and "mem"
 * is a sparse file.
 */
#ifndef MMUSCOPE_SOURCE_DEBUGFS_H
#define MMUSCOPE_SOURCE_DEBUGFS_H

#include <stdbool.h>
#include <stdint.h>

#include <mmuscope.h>

#include "live.h"
#include "source.h"

/* NULL and a negative errno in *err. The VM is pinned as it is now until the source is closed. */
struct source *source_debugfs_vm(const char *sysroot, const struct live_vm *vm, int *err);
/* The host kernel's tables, or with @pid those of a process */
struct source *source_debugfs_host(const char *sysroot, uint64_t pid, int *err);

/* What the stream said of itself */
struct stage2_stream {
	uint64_t	tables;
	uint64_t	unreadable;	/* tables whose memory could not be read */
	uint64_t	gone;		/* tables that vanished while they were read */
	bool		changed;	/* the tables changed during the reading */
};

/*
 * Read all of a VM's stage 2 now; afterwards every stage-2 word comes from this copy. 0 or a
 * negative errno; -EPROTO for a stream that is not one, -EPIPE for one that ends before its END
 * record.
 */
int source_debugfs_load(struct source *s, struct stage2_stream *stream);

/* Root of the host's tables for @ia, as the module walked it */
int source_debugfs_root(struct source *s, uint64_t ia, uint64_t *root);

/* The CPU's answer to AT @op (lower case) for @va: of a vCPU, or with @vm NULL of the host. 0 or a
 * negative errno. */
int debugfs_at(const char *sysroot, const struct live_vm *vm, unsigned int vcpu, const char *op,
	       uint64_t va, struct mmuscope_at *answer);

#endif /* MMUSCOPE_SOURCE_DEBUGFS_H */
