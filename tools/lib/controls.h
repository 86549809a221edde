/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside the walker: how rights come about, from the bits of the descriptors on the way. perm.h has what comes out.
 */
#ifndef MMUSCOPE_CONTROLS_H
#define MMUSCOPE_CONTROLS_H

#include <stdbool.h>
#include <stdint.h>

#include "perm.h"

struct descriptor;
struct mmu;
struct s1_params;
struct s2_params;

/* Rights from the descriptor, and what an overlay leaves of them: each must allow an access */
struct controls {
	struct rights base, overlay;
	bool w_mmu, ow_mmu;	/* stage 2, base and overlay: hardware may update descriptors there */
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

#endif /* MMUSCOPE_CONTROLS_H */
