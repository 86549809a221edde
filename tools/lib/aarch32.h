/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside the walker: what differs in stage 1 of an AArch32 EL1 (VMSAv8-32).
 */
#ifndef MMUSCOPE_AARCH32_H
#define MMUSCOPE_AARCH32_H

#include "combine.h"
#include "controls.h"
#include "descriptor.h"
#include "mmu.h"

struct ttw;

/* Stage 1 of @mmu; @r holds the AArch32 registers by their names (regs_aarch32()) */
void a32_init(struct mmu *mmu, const struct regs *r);

#define DOMAIN_CLIENT	1
#define DOMAIN_MANAGER	3
/* What DACR says on the domain of a leaf found in @at */
unsigned int a32_domain(const struct mmu *mmu, const struct ttw *at, const struct descriptor *d);
/* Does it rest on a reserved value of DACR, or of AP[2:0]? */
bool a32_reserved(const struct mmu *mmu, const struct ttw *at, const struct descriptor *d);
/* Access flag of a short descriptor: AP[0] under SCTLR.AFE, else always set */
bool a32_access_flag(const struct mmu *mmu, const struct descriptor *d);
struct rights a32_rights(const struct mmu *mmu, const struct s1_params *p,
			 const struct s1_perm_bits *b, bool el0, bool *pan);
/* TEX, C, B and S of a short descriptor */
struct memattr a32_short_attr(const struct mmu *mmu, const struct descriptor *d);

#endif /* MMUSCOPE_AARCH32_H */
