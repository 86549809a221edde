/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Access rights, by every scheme that the architecture has: direct (AP, XN), indirect (PIR),
 * overlays (POR), and those of stage 2.
 */
#ifndef MMUSCOPE_PERM_H
#define MMUSCOPE_PERM_H

#include <stdbool.h>
#include <stdint.h>

struct descriptor;
struct mmu;
struct s1_params;
struct s2_params;

/* What one exception level may do */
struct rights {
	bool r, w, x;
};

/*
 * Rights at the regime's privileged level (EL1, EL2 or EL3) and at EL0; of a regime without EL0,
 * all of .el0 are false. They say what tables and registers grant; whether PSTATE.PAN is set
 * belongs to an access (struct access).
 */
struct perms {
	struct rights el1, el0;
	bool pan;		/* with PSTATE.PAN = 1 a privileged read or write faults */
};

static inline bool rights_equal(struct rights a, struct rights b)
{
	return a.r == b.r && a.w == b.w && a.x == b.x;
}

static inline bool perms_equal(struct perms a, struct perms b)
{
	return rights_equal(a.el1, b.el1) && rights_equal(a.el0, b.el0) && a.pan == b.pan;
}

/* What both stages grant */
struct perms perms_and(struct perms a, struct perms b);

/* ---- for the walker ---------------------------------------------------------------- */

/* Rights from the descriptor, and what an overlay leaves of them: each must allow an access */
struct controls {
	struct rights base, overlay;
	bool w_mmu;		/* stage 2: hardware may update descriptors there */
};

/* What table descriptors hand down */
struct inherited {
	uint8_t ap_table;
	bool uxn_table, pxn_table, ns_table;
};

/* What a stage-1 leaf says on permissions (the pseudocode's Permissions) */
struct s1_perm_bits {
	uint8_t ap;		/* AP[2:1]; of AArch32 short descriptors AP[2:0] */
	bool uxn, pxn;		/* of a regime without EL0, .uxn is XN */
	struct inherited table;
	uint8_t ppi, upi;	/* elements of PIR_ELx and PIRE0_ELx */
	uint8_t po_index;
	bool ns;		/* output is Non-secure memory */
	bool reserved;		/* a reserved encoding: the rights are a guess */
	bool manager;		/* AArch32, of a domain: nothing is checked */
};

/* Add what a table descriptor hands down (S1ApplyTablePerms) */
void s1_inherit(const struct mmu *mmu, const struct s1_params *p, const struct descriptor *table,
		struct inherited *to);
/* Permission bits of a leaf (S1ApplyOutputPerms) */
struct s1_perm_bits s1_perm_bits(const struct mmu *mmu, const struct s1_params *p,
				 const struct inherited *table, const struct descriptor *leaf);
/* What they come to at one exception level (S1ComputePermissions) */
struct controls s1_controls(const struct mmu *mmu, const struct s1_params *p,
			    const struct s1_perm_bits *b, bool el0, bool pan);
struct perms s1_perms(const struct mmu *mmu, const struct s1_params *p,
		      const struct s1_perm_bits *b);

/* The same for stage 2 (S2ApplyOutputPerms, S2ComputePermissions) */
struct controls s2_controls(const struct mmu *mmu, const struct s2_params *p,
			    const struct descriptor *leaf, bool el0);
bool s2_perm_reserved(const struct s2_params *p, const struct descriptor *leaf);
struct perms s2_perms(const struct mmu *mmu, const struct s2_params *p,
		      const struct descriptor *leaf);

#endif /* MMUSCOPE_PERM_H */
