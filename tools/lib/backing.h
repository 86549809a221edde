/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is behind virtual addresses of a process, or of the host's kernel, by walking their tables.
 */
#ifndef MMUSCOPE_BACKING_H
#define MMUSCOPE_BACKING_H

#include "audit.h"
#include "host.h"
#include "mmu.h"

struct backing {
	struct source	*src;
	struct mmu	mmu;
	uint64_t	table[LEVELS_MAX];	/* that the last walk went through */
	/* tables that walks go through, each when it is not the last walk's; may be NULL */
	int		(*step)(void *arg, uint64_t table_pa, uint64_t size);
	int		(*run)(void *arg, const struct audit_run_of *run);
	void		*arg;
};

/*
 * @pid 0: the kernel. @va: any address of it. Sets all but the callbacks. 0 or a negative errno;
 * backing_close() after either.
 */
int backing_open(struct host *h, uint64_t pid, uint64_t va, struct backing *b);
void backing_close(struct backing *b);

/* Hand out what is behind [@va, @va + @size) in order; 0, a negative errno, or what a callback said */
int backing_read(struct backing *b, uint64_t va, uint64_t size);

/*
 * Facts for an audit. Of a VM: the VMM's memory behind what stage 2 maps, which are the ranges from
 * number @first on, and the VMM's tables. Of the host: memory of its modules, and tables on the way
 * there. What cannot be read becomes an audit_unread. 0 or -ENOMEM.
 */
int backing_of_vm(struct host *h, struct audit *a, struct audit_vm *vm, size_t first);
int backing_of_host(struct host *h, struct audit *a);

/*
 * The same facts as text, for a file that goes with a host that cannot be asked: lines "run HVA PA
 * SIZE", "absent HVA SIZE", "moving HVA SIZE", "page PA SIZE WHAT", "unread WHAT". Allocated, or
 * NULL: no memory. With @vm NULL the host's.
 */
#define BACKING_VM_FILE		"/mmuscope/vm/%s/backing"	/* PID-FD */
#define BACKING_HOST_FILE	"/mmuscope/host/pages"
char *backing_text(const struct audit *a, const struct audit_vm *vm);

#endif /* MMUSCOPE_BACKING_H */
