/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A KVM host as it can be looked at: the machine that this runs on, a tree of files captured on
 * another, a snapshot. What is above (live.h, the commands) knows no other way to a host's VMs.
 */
#ifndef MMUSCOPE_HOST_H
#define MMUSCOPE_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mmuscope.h"

struct host;
struct live_vm;
struct source;

/* What is known of a reading of all stage-2 tables of a VM */
struct stage2_stream {
	uint64_t	tables;
	uint64_t	unreadable;	/* tables whose memory could not be read */
	uint64_t	gone;		/* tables that vanished while they were read */
	bool		changed;	/* the tables changed during the reading */
};

/* Takes the records of a stream as they come, see struct mmuscope_record. Not 0 ends the reading. */
struct stage2_sink {
	/* @words stay where they are until .flush returns */
	int (*record)(void *arg, const struct mmuscope_record *rec, const void *words);
	/* The @len bytes at @buf, which are the records since the last call, go. May be NULL. */
	int (*flush)(void *arg, const void *buf, size_t len);
	void *arg;
};

/* All errors are negative errnos */
struct host_ops {
	/*
	 * A file of the host by its path there ("/proc/cmdline"), whole: allocated and
	 * zero-terminated, or NULL with *err
	 */
	char *(*read_file)(struct host *h, const char *path, size_t *len, int *err);
	bool (*has_file)(struct host *h, const char *path);
	/* The VM as it is now; NULL with *err */
	struct source *(*open_vm)(struct host *h, const struct live_vm *vm, int *err);
	/* The host kernel's own tables, or with @pid those of a process; NULL with *err */
	struct source *(*open_own)(struct host *h, uint64_t pid, int *err);
	/*
	 * Read all of a VM's stage 2 at once, of a source that open_vm() made; afterwards every
	 * stage-2 word comes from this copy. -EPROTO for what is not in the ABI's format, -EPIPE
	 * for a stream that ends before its END record.
	 */
	int (*load_stage2)(struct host *h, const struct live_vm *vm, struct source *s,
			   struct stage2_stream *stream);
	/*
	 * The same reading with its records handed to @sink and not kept. NULL where a host has no
	 * such stream.
	 */
	int (*stream_stage2)(struct host *h, struct source *s, const struct stage2_sink *sink,
			     struct stage2_stream *stream);
	/* Root of the tables for @ia, of a source that open_own() made */
	int (*own_root)(struct host *h, struct source *s, uint64_t ia, uint64_t *root);
	/* The CPU's answer to AT @op (lower case) for @va: of a vCPU, or with @vm NULL of the host */
	int (*at)(struct host *h, const struct live_vm *vm, unsigned int vcpu, const char *op,
		  uint64_t va, struct mmuscope_at *answer);
	void (*close)(struct host *h);
};

/* Embedded first in each host's own structure */
struct host {
	const struct host_ops *ops;
	/* "" for the machine that this runs on, else the folder or file; the caller of create keeps it */
	const char *name;
	/* it can change and be asked: this machine, and a captured tree, which stands in for one */
	bool live;
};

/* This machine (@sysroot ""), or a tree of its files that was captured; NULL: no memory */
struct host *host_debugfs_create(const char *sysroot);

#endif /* MMUSCOPE_HOST_H */
