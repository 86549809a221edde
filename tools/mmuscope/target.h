/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a command works on: a vCPU of a live VM, the host, a process of it, or images and registers
 * from files.
 */
#ifndef MMUSCOPE_TARGET_H
#define MMUSCOPE_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "live.h"

struct ctx;
struct mmu;
struct regs;
struct source;

enum target_kind {
	TARGET_VM,
	TARGET_HOST,		/* "host" */
	TARGET_PROCESS,		/* "pid:N" */
	TARGET_FILES,		/* --ram and --regs */
};

struct target {
	enum target_kind	kind;
	struct host		*host;		/* TARGET_VM, TARGET_HOST, TARGET_PROCESS */
	char name[96]; /* as results name it: "1234-10:0", "host", "pid:77", "files" */
	struct live_vm		vm;		/* TARGET_VM */
	unsigned int		vcpu;		/* TARGET_VM */
	uint64_t		pid;		/* TARGET_PROCESS */
	struct source		*src;		/* where its words come from */
	uint32_t		other;		/* --other */
};

/*
 * Open what VMs are looked for in, ctx->host[]: this machine, or what stands in for it. Once; 0, or
 * the exit status after the message.
 */
int hosts_open(struct ctx *ctx);
/* The same for what takes one only: several snapshots are for commands over many VMs */
int one_host(struct ctx *ctx);
void hosts_close(struct ctx *ctx);

/* A VM that was found; nothing of it is open */
struct vm_ref {
	struct host		*host;
	struct live_vm		vm;
};

/*
 * The VMs of all hosts that go by one of the names argv[optind...], each once, or all VMs where
 * there is no operand; moves optind to the end. Allocated. 0, or the exit status after the message.
 */
int vms_find(struct ctx *ctx, int argc, char **argv, struct vm_ref **refs, size_t *n);

/* Open one of them; 0 or a negative errno. target_close() is safe after either. */
int target_of(const struct ctx *ctx, const struct vm_ref *ref, struct target *t);

/*
 * Take the target from the front of the operands argv[optind...] and move optind beyond it. With
 * --ram or --regs no operand is taken: the files are the target; with a snapshot of one VM none is
 * needed. Returns 0, or the exit status
 * after the message was printed; target_close() is safe after either.
 */
int target_open(struct ctx *ctx, int argc, char **argv, struct target *t);
void target_close(struct target *t);

/*
 * The host kernel and a process share out the two halves of the address space: 0, or ST_USAGE after
 * the message if @addr is in the other one's
 */
int target_check_half(const struct ctx *ctx, const struct target *t, uint64_t addr);

/*
 * The registers as text, "NAME 0xVALUE" lines and '#' lines: the vCPU's at this moment, those of
 * --regs, or those of the physical CPU that this runs on. Allocated, zero-terminated. Returns 0 or
 * the exit status after the message.
 */
int target_regs_text(struct ctx *ctx, const struct target *t, char **text, size_t *len);

/* The same, parsed */
int target_regs(struct ctx *ctx, const struct target *t, struct regs *regs);

/*
 * *@l2: the vCPU is in the guest of a guest hypervisor. Then @regs are those by which that translates
 * to what the guest hypervisor takes for physical memory, which are IPAs of the VM, and @own those of
 * the VM's stage 2. 0 or a negative errno.
 */
int target_l2_regs(const struct target *t, struct regs *regs, struct regs *own, bool *l2);

/* The same of a vCPU without a message: 0 or a negative errno, -ENODATA where it never ran */
int target_vcpu_regs(const struct target *t, struct regs *regs);

/*
 * Those of stage 2, the VM's own or a shadow, without a message: of a vCPU that has EL2 VTCR_EL2 and
 * VTTBR_EL2 are not what it has loaded now but what KVM composes for that stage 2. Otherwise as
 * target_vcpu_regs().
 */
int target_stage2_regs(const struct target *t, struct regs *regs);

/*
 * The shadow stage 2 that KVM keeps of a guest hypervisor's, by the registers that this one set
 * (@hcr, @vtcr, @vttbr), opened. 0, -ENOENT: there is none, or another negative errno;
 * target_close() is safe after either.
 */
int target_open_shadow(const struct target *t, uint64_t hcr, uint64_t vtcr, uint64_t vttbr,
		       struct target *shadow);

/* What a walk starts from */
enum view_of {
	OF_VA,		/* stage 1, and stage 2 where it is on */
	OF_STAGE2,	/* stage 2 alone: of a live VM it needs no vCPU that ever ran */
};

/* 0, or the exit status after the message that stage 2 of this VM is hidden from the host */
int target_stage2_visible(const struct target *t);

/*
 * Registers and the translation context that they make: of the guest's EL1&0, of the regime in
 * which the host or its processes run, or of files whatever they have registers for. @va: for a
 * process, whose tables are found by an address.
 */
int target_mmu(struct ctx *ctx, const struct target *t, enum view_of of, uint64_t va,
	       struct regs *regs, struct mmu *mmu);
/* The context of a given regime (enum regime) from registers that were read before */
int target_mmu_of(const struct target *t, int regime, const struct regs *regs, struct mmu *mmu);

/* For commands that have no target: the module is there and speaks our ABI, and no files were given
 * in its stead */
int live_ready(struct ctx *ctx, struct live_info *info);
/* The message for a live_check() that did not say LIVE_OK */
int live_trouble(enum live_state state, const struct live_info *info);
/* The message for a negative errno from the tree: what failed, and what to do. Returns
 * ST_UNREADABLE. */
int live_failed(const char *what, int err);
/* The errno in the words of this interface */
const char *live_error_text(int err);

#endif /* MMUSCOPE_TARGET_H */
