// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Rights that are wider than they need be. KVM itself gives all of them at stage 2, and stage 1 is
 * the guest's own: each is told once a VM, and none bears on the verdict.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit-check.h"

enum { S2_WX, WX_KERNEL, WX_USER, KERNEL_EL0, TABLE_EL0, POSTURE };

static const struct audit_check checks[] = {
	[S2_WX] = { "s2-wx", AUDIT_NOTICE,
		    "Stage 2 lets the guest write and execute the same memory." },
	[WX_KERNEL] = { "s1-wx-kernel", AUDIT_NOTICE,
			"The guest's kernel can write and execute the same memory." },
	[WX_USER] = { "s1-wx-user", AUDIT_NOTICE,
		      "A program of the guest can write and execute the same memory." },
	[KERNEL_EL0] = { "s1-kernel-el0", AUDIT_NOTICE,
			 "The guest's upper half, its kernel's, is accessible at EL0." },
	[TABLE_EL0] = { "s1-table-el0", AUDIT_NOTICE,
			"The guest's EL0 can write tables of the guest's stage 1." },
	[POSTURE] = { "s1-posture", AUDIT_NOTICE,
		      "Protections that the guest's registers leave off." },
};

/* Of each VM all ranges together: by PA they come in no order of VMs */
static int s2_wx(struct audit *a)
{
	struct audit_sum *sum = calloc(a->nvms + 1, sizeof(*sum));
	const struct audit_range *r;
	struct audit_finding f;
	size_t i;
	int ret;

	if (!sum)
		return -ENOMEM;
	for (i = 0; i < a->nranges; i++) {
		r = &a->range[i];
		if (r->shadow || !(r->flags & AUDIT_W) || !(r->flags & AUDIT_X))
			continue;
		f = audit_found_in(a, &checks[S2_WX], r, r->pa, r->size);
		audit_sum_add(sum, &f);
	}
	ret = audit_sum_push(a, sum);
	free(sum);
	return ret;
}

static int posture(struct audit *a, const struct audit_vm *vm)
{
	const struct audit_vcpu *v = vm->nvcpus ? &vm->vcpu[0] : NULL;
	struct audit_finding f;
	char off[96] = "";

	if (!v || !v->mmu.s1_on || v->mmu.aarch32)
		return 0;
	if (!REGF(&v->regs, SCTLR_EL1, WXN))
		strcat(off, " WXN");
	if (v->mmu.features.pan && REGF(&v->regs, SCTLR_EL1, SPAN))
		strcat(off, " PAN-on-exception");
	if (v->mmu.features.epan && !REGF(&v->regs, SCTLR_EL1, EPAN))
		strcat(off, " EPAN");
	if (v->mmu.features.e0pd && !REGF(&v->regs, TCR_EL1, E0PD1))
		strcat(off, " E0PD1");
	if (!*off)
		return 0;
	f = audit_found(&checks[POSTURE], vm, "off:%s (SCTLR_EL1 0x%" PRIx64 ", TCR_EL1 0x%" PRIx64 ")",
			off, v->regs.val[REG_SCTLR_EL1], v->regs.val[REG_TCR_EL1]);
	f.vcpu = (int)v->number;
	return audit_push(a, &f);
}

static int stage1(struct audit *a, const struct audit_vm *vm)
{
	static const struct { int check; enum audit_s1 sort; } of[] = {
		{ WX_KERNEL, AUDIT_S1_WX_KERNEL }, { WX_USER, AUDIT_S1_WX_USER },
		{ KERNEL_EL0, AUDIT_S1_KERNEL_EL0 }, { TABLE_EL0, AUDIT_S1_TABLE_EL0 },
	};
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < sizeof(of) / sizeof(of[0]); i++)
		ret = audit_push_places(a, &checks[of[i].check], vm, of[i].sort);
	return ret ? ret : posture(a, vm);
}

static int run(struct audit *a)
{
	size_t i;
	int ret = s2_wx(a);

	for (i = 0; !ret && i < a->nvms; i++)
		ret = stage1(a, a->vm[i]);
	return ret;
}

const struct audit_group audit_rights = AUDIT_GROUP(checks, run);
