/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything that translates for a VM: its stage 2, and each distinct half of stage 1 that its
 * vCPUs have loaded. Nothing here prints, so that threads may open VMs side by side.
 */
#ifndef MMUSCOPE_VM_TABLES_H
#define MMUSCOPE_VM_TABLES_H

#include <stdbool.h>
#include <stddef.h>

#include "mmu.h"
#include "regs.h"
#include "target.h"

/* A vCPU with the registers of the moment at which it was opened */
struct vm_vcpu {
	unsigned int	vcpu;
	struct regs	regs;
	struct mmu	mmu;
};

/* One half of stage 1 */
struct vm_half {
	const struct vm_vcpu	*vcpu;		/* the first that has it loaded */
	int			half;		/* 0: TTBR0_ELx, 1: TTBR1_ELx */
};

#define VM_NAME		256

/* What a VM is called in results: PID-FD, behind "HOST:" where there are several hosts */
void vm_ref_name(const struct ctx *ctx, const struct vm_ref *ref, char *buf);

struct vm_tables {
	char			name[VM_NAME];	/* vm_ref_name() */
	struct target		t;
	struct stage2_stream	stream;
	struct mmu		stage2;		/* for stage 2 alone: also where no vCPU ever ran */
	struct vm_vcpu		*vcpu;		/* those that ran */
	size_t			nvcpus;
	struct vm_half		*half;
	size_t			nhalves;
	/* a vCPU whose registers could not be read: its stage 1 is not known */
	size_t			unread;
	char			trouble[192];	/* in words: why opening failed, or of .unread */
};

/*
 * Open a VM and read its stage 2 and registers. 0 or a negative errno, with the words in .trouble;
 * -ESTALE or -ENOENT: it has ended. vm_tables_close() is safe after either. @stage1: open vCPUs
 * too.
 */
int vm_tables_open(const struct ctx *ctx, const struct vm_ref *ref, bool stage1,
		   struct vm_tables *v);
/* The same of --ram and --regs: 0, or the exit status after the message */
int vm_tables_files(struct ctx *ctx, struct vm_tables *v);
void vm_tables_close(struct vm_tables *v);

/* Does the errno of opening say that the VM has ended? It is then passed over, as by list. */
bool vm_ended(int err);

/*
 * Open one VM after the other and hand it to @fn, until it returns something else than 0, which is
 * returned. One that cannot be opened is told to the view and counted in *@unknown.
 */
int vm_tables_each(struct ctx *ctx, const struct vm_ref *refs, size_t n, bool stage1,
		   int (*fn)(void *arg, const struct vm_tables *v), void *arg, uint64_t *unknown);

#endif /* MMUSCOPE_VM_TABLES_H */
