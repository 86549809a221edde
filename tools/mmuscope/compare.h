/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two states of a VM, compared and handed to the view: for diff and watch.
 */
#ifndef MMUSCOPE_COMPARE_H
#define MMUSCOPE_COMPARE_H

#include "diff.h"
#include "view-diff.h"
#include "vm-tables.h"

/* What of a VM is compared: at most stage 2 and the two halves of one vCPU's stage 1 */
#define COMPARE_SETS	3

/* A VM as it was: lists of what its tables map, and the registers that bear on it */
struct vm_state {
	char			name[VM_NAME];
	struct diff_set		set[COMPARE_SETS];
	struct map_list		list[COMPARE_SETS];
	unsigned int		sets;
	struct vm_vcpu		*vcpu;		/* those that ran; of .mmu nothing is used */
	size_t			nvcpus;
	bool			changed;	/* while it was read */
	uint64_t		unknown;	/* parts that could not be read */
};

struct compare {
	struct ctx		*ctx;
	int			stage;		/* 1, 2, STAGE_BOTH: as --stage */
	unsigned int		vcpu;		/* whose stage 1 */
	/* Added up */
	uint64_t		differences, unknown;
	bool			changed;
};

/* Take it from an open VM, which may be closed then. 0, -ENOMEM. vm_state_free() after either. */
int vm_state_take(const struct compare *c, const struct vm_tables *v, struct vm_state *s);
void vm_state_free(struct vm_state *s);

/* For watch: what stat shows of one VM; 0, or the exit status after the message (in cmd-stat.c) */
int stat_vm(struct ctx *ctx, int stage, const struct vm_tables *v);

/* Show what is different */
void compare_states(struct compare *c, const struct vm_state *a, const struct vm_state *b);
/* The same of two open VMs; 0, or the exit status after the message */
int compare_tables(struct compare *c, const struct vm_tables *a, const struct vm_tables *b);

#endif /* MMUSCOPE_COMPARE_H */
