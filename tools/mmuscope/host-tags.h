/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The TLB tags that are in use on a host: its VMs' VMIDs, what each physical CPU has loaded, the
 * ASIDs of its processes. Nothing here prints.
 */
#ifndef MMUSCOPE_HOST_TAGS_H
#define MMUSCOPE_HOST_TAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "live.h"
#include "tags.h"

/* Whose stage 2 a physical CPU has in VTTBR_EL2 */
enum tags_owner {
	OWNER_UNKNOWN,		/* VTTBR_EL2 cannot be read: nVHE leaves EL2's registers to EL2 */
	OWNER_NOTHING,		/* 0: none was loaded since the CPU came up */
	OWNER_VM,		/* root and VMID are those of .vm */
	/* the root is that of .vm, the VMID is not: it had another before, or a VM that ended did */
	OWNER_ROOT,
	OWNER_NO_VM,		/* KVM leaves the last one loaded, also of a VM that has ended */
};

struct tags_cpu {
	unsigned int		cpu;
	int			error;		/* negative errno: its registers; -ENXIO: offline */
	enum regime		host;		/* regime that the host runs in */
	bool			has_host_asid;
	uint16_t		host_asid;
	const struct tags_process *process;	/* whose ASID that is, or NULL */
	bool			loaded;		/* a vCPU is, by its name: */
	char			guest[64];	/* "PID-FD:VCPU" */
	bool			has_asid;	/* of that vCPU */
	uint16_t		asid;
	enum tags_owner		owner;
	const struct live_vm	*vm;		/* OWNER_VM, OWNER_ROOT */
	bool			shadow;		/* OWNER_VM: by the stage 2 of a guest of its guest */
	uint64_t		vttbr, root;	/* not OWNER_UNKNOWN */
	uint16_t		vmid;
};

struct tags_process {
	uint64_t		pid;
	uint16_t		asid;
	uint64_t		generation;	/* 0: it has no ASID yet */
	char			comm[LIVE_TEXT_MAX];
};

struct host_tags {
	struct live_vm		*vm;
	struct vmid_use		*use;		/* of each VM, judged */
	size_t			nvms;
	uint64_t		generation;	/* the newest of VMIDs, 0 where no VM ever ran */
	unsigned int		vmid_bits;
	struct tags_cpu		*cpu;
	size_t			ncpus;
	struct tags_process	*process;
	size_t			nprocesses;
	int			process_error;	/* negative errno: why there are none */
	uint64_t		asid_generation;	/* the newest of processes */
	unsigned int		asid_bits;	/* of processes; 0: not known */
};

/*
 * Read all of it. What looks like two VMs with one VMID, or like a vCPU under another VM's VMID,
 * is read again, and counts if it stays. 0, or a negative errno of the list of VMs;
 * host_tags_free() is safe after either.
 */
int host_tags_read(struct host *h, const struct live_info *info, struct host_tags *t);
void host_tags_free(struct host_tags *t);

/* One vCPU */
struct tags_vcpu {
	unsigned int		vcpu;
	int			error;		/* negative errno; -ENODATA: it never ran */
	char			state[16];
	int			cpu;		/* -1: on none */
	struct asid_tags	asid;
};

void vcpu_tags_read(struct host *h, const struct live_vm *vm, unsigned int vcpu,
		    struct tags_vcpu *t);

#endif /* MMUSCOPE_HOST_TAGS_H */
