/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What tells one address space's TLB entries from another's: VMIDs, ASIDs, and the TLBI
 * instructions that go by them. What a TLB holds is not known here, nor anywhere at this level:
 * this is how an entry would be tagged if there were one.
 */
#ifndef MMUSCOPE_TAGS_H
#define MMUSCOPE_TAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mmu.h"
#include "walk.h"

struct regs;

/* ---- VMIDs of one host ----------------------------------------------------------------------- */

/*
 * How KVM hands out VMIDs (arch/arm64/kvm/vmid.c): by number within a generation, never the same
 * twice, also when a VM has ended. When the numbers are used up the generation is counted up, all
 * TLBs are emptied, and each VM gets a new VMID before it next enters the guest; but what is in
 * use on a CPU at that moment is reserved, and keeps its number in the new generation.
 */
enum vmid_state {
	VMID_NONE,	/* the VM never ran: it has none */
	VMID_CURRENT,	/* of the newest generation */
	VMID_STALE,	/* of an older one and on no CPU: it gets another before it runs again */
	VMID_RESERVED,	/* of an older one and on a CPU: reserved until it enters the guest again */
};

const char *vmid_state_text(enum vmid_state state);	/* "current", ... */

/* One VM of a host */
struct vmid_use {
	uint64_t vmid;		/* live_vm.vmid: the number, without the generation */
	uint64_t generation;	/* live_vm.generation; 0 for a VM that never ran */
	bool loaded;		/* one of its vCPUs is on a CPU */
	/* what vmids_judge() makes of them */
	enum vmid_state state;
	/*
	 * Another VM that has the same number while both are current or reserved: their entries
	 * cannot be told apart. NULL: none.
	 */
	const struct vmid_use *twin;
};

/*
 * Judge the VMIDs of all VMs of one host. *@newest is the newest generation among them, 0 where
 * none ever ran: KVM's own count (vmid_generation) is that or a later one, after which all are
 * stale, which leaves no twin that there is not. 0, or -ENOMEM and no verdict.
 *
 * The readings are not of one moment. A twin is to be believed when a second reading of both VMs
 * says the same: a roll-over between the readings, or a vCPU that is on a CPU and about to get its
 * new VMID there, look like one for an instant.
 */
int vmids_judge(struct vmid_use *uses, size_t n, uint64_t *newest);

/* ---- ASIDs of one vCPU or CPU ---------------------------------------------------------------- */

struct asid_tags {
	unsigned int bits;	/* 8 or 16: TCR.AS, where the PE has 16; AArch32: 8 */
	uint16_t asid[2];	/* in TTBR0 and TTBR1; under AArch32 short descriptors CONTEXTIDR's */
	/* FEAT_ASID2 (TCR2.A2): each half goes by its own TTBR's ASID, else both by that of .used */
	bool each;
	unsigned int used;	/* 0 or 1: TCR.A1 */
};

/* Of a regime with two halves (EL1&0, EL2&0); @regs are those that @mmu was made of */
void asid_tags_of(const struct mmu *mmu, const struct regs *regs, struct asid_tags *tags);
/* The ASID that entries of a half (walk_result.half) go by */
uint16_t asid_of_half(const struct asid_tags *tags, int half);

/* ---- one TLB entry --------------------------------------------------------------------------- */

/* Bytes around the address that a stage maps as one; both 0 where the stage translates nothing */
struct tlb_size {
	uint64_t leaf;		/* by one descriptor */
	uint64_t run;		/* by a contiguous run, else the same */
};

/* How the translation of one VA is tagged */
struct tlb_entry {
	enum regime regime;
	bool has_vmid;		/* EL1&0: also where stage 2 is off */
	bool vmid_known;	/* VTTBR_EL2 is among the registers */
	uint16_t vmid;
	unsigned int vmid_bits;
	bool has_asid;		/* nG is 1; else it is global: good for every ASID */
	uint16_t asid;
	unsigned int asid_bits;
	struct tlb_size s1, s2;
	struct tlb_size both;	/* the smaller of each */
	/* the access flag of a stage is clear: such a descriptor is not cached until it is set */
	bool no_af;
};

/* @r: a finished walk of a VA (WALK_OK) by @mmu, which was made of @regs */
void tlb_entry_of(const struct mmu *mmu, const struct regs *regs, const struct walk_result *r,
		  struct tlb_entry *e);

/* ---- TLBI ------------------------------------------------------------------------------------ */

/* One TLBI instruction and what it does to a tlb_entry */
struct tlbi {
	char name[16];		/* "VAE1IS" */
	unsigned int el;	/* the lowest Exception level that may execute it: 1 or 2 */
	bool has_xt;
	uint64_t xt;		/* its operand */
	/* the operand says that the leaf is at .level: other levels need not be looked at */
	bool hint;
	int8_t level;
	uint64_t bytes;		/* range forms: that it covers; else 0 */
	bool drops;
	const char *what;	/* in words, static: what else goes with it, or why it does not drop */
};

#define TLBI_MAX	20

/* What bears on the operands, from ID registers; what is not known is not used */
struct tlbi_features {
	bool range;		/* FEAT_TLBIRANGE */
	bool ttl;		/* FEAT_TTL: a level hint in the operand */
	bool os;		/* FEAT_TLBIOS */
	bool xs;		/* FEAT_XS */
	bool isar0;		/* ID_AA64ISAR0_EL1 was given: .range and .os are known */
};

void tlbi_features_of(const struct regs *regs, struct tlbi_features *f);

/*
 * The broadcast instructions that one may think of for the entry of @r, in the order from narrow
 * to wide; returns how many. For each there is a form without IS, for this PE alone, and by feature
 * with OS, for the Outer Shareable domain, and with nXS.
 */
size_t tlbi_list(const struct mmu *mmu, const struct walk_result *r, const struct tlb_entry *e,
		 const struct tlbi_features *f, struct tlbi list[TLBI_MAX]);

#endif /* MMUSCOPE_TAGS_H */
