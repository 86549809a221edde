// SPDX-License-Identifier: GPL-2.0-only
/*
 * Comparing the states of a VM.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "compare.h"

/* ---- a state --------------------------------------------------------------------------------- */

/* What is off maps nothing, and is an empty list */
static int take_set(struct vm_state *s, const struct mmu *mmu, const struct diff_set *set)
{
	struct map_list *l = &s->list[s->sets];
	int ret = map_list_make(l, mmu, set->stage, set->half, MAX_TABLES);

	s->set[s->sets] = *set;
	s->set[s->sets].vm = s->name;
	s->set[s->sets++].regime = mmu->regime;
	s->unknown += l->unknown;
	s->changed |= l->changed;
	return ret == -ENOENT ? 0 : ret;
}

/* Both halves of the vCPU's stage 1; one that never ran has none */
static int take_stage1(const struct compare *c, const struct vm_tables *v, struct vm_state *s)
{
	struct diff_set set = { .stage = c->stage, .vcpu = c->vcpu };
	size_t i;
	int ret = 0;

	for (i = 0; i < v->nvcpus && v->vcpu[i].vcpu != c->vcpu; i++)
		;
	if (i == v->nvcpus)
		return 0;
	for (set.half = 0; !ret && set.half < 1 + v->vcpu[i].mmu.two_halves; set.half++)
		ret = take_set(s, &v->vcpu[i].mmu, &set);
	return ret;
}

int vm_state_take(const struct compare *c, const struct vm_tables *v, struct vm_state *s)
{
	const struct diff_set stage2 = { .stage = 2 };

	memset(s, 0, sizeof(*s));
	memcpy(s->name, v->name, sizeof(s->name));
	s->changed = v->stream.changed;
	s->vcpu = calloc(v->nvcpus + 1, sizeof(*s->vcpu));
	if (!s->vcpu)
		return -ENOMEM;
	if (v->nvcpus)
		memcpy(s->vcpu, v->vcpu, v->nvcpus * sizeof(*s->vcpu));
	s->nvcpus = v->nvcpus;
	if (c->stage == 2)
		return take_set(s, &v->stage2, &stage2);
	return take_stage1(c, v, s);
}

void vm_state_free(struct vm_state *s)
{
	unsigned int i;

	for (i = 0; i < s->sets; i++)
		map_list_free(&s->list[i]);
	free(s->vcpu);
	memset(s, 0, sizeof(*s));
}

/* ---- registers ------------------------------------------------------------------------------- */

static const enum reg_id stage1_regs[] = {
	REG_SCTLR_EL1, REG_TCR_EL1, REG_TCR2_EL1, REG_TTBR0_EL1, REG_TTBR1_EL1, REG_MAIR_EL1,
	REG_MAIR2_EL1, REG_PIR_EL1, REG_PIRE0_EL1, REG_POR_EL1, REG_POR_EL0,
};
static const enum reg_id stage2_regs[] = { REG_HCR_EL2, REG_VTCR_EL2, REG_VTTBR_EL2 };

static void compare_regs(struct compare *c, const char *vm, const struct vm_vcpu *a,
			 const struct vm_vcpu *b, const enum reg_id *reg, size_t n)
{
	struct diff_reg r = { .vm = vm, .vcpu = a->vcpu };

	while (n--) {
		r.reg = *reg++;
		r.has_a = regs_have(&a->regs, r.reg);
		r.has_b = regs_have(&b->regs, r.reg);
		r.a = a->regs.val[r.reg];
		r.b = b->regs.val[r.reg];
		if (r.has_a == r.has_b && r.a == r.b)
			continue;
		c->ctx->view->ops->diff_reg(c->ctx->view, &r);
		c->differences++;
	}
}

/* Of each vCPU that ran on both sides */
static void compare_vcpus(struct compare *c, const struct vm_state *a, const struct vm_state *b)
{
	size_t i, j;

	for (i = 0; i < a->nvcpus; i++) {
		for (j = 0; j < b->nvcpus && b->vcpu[j].vcpu != a->vcpu[i].vcpu; j++)
			;
		if (j == b->nvcpus)
			continue;
		if (c->stage != 1)
			compare_regs(c, a->name, &a->vcpu[i], &b->vcpu[j], stage2_regs,
				     sizeof(stage2_regs) / sizeof(stage2_regs[0]));
		if (c->stage != 2)
			compare_regs(c, a->name, &a->vcpu[i], &b->vcpu[j], stage1_regs,
				     sizeof(stage1_regs) / sizeof(stage1_regs[0]));
	}
}

/* ---- tables ---------------------------------------------------------------------------------- */

struct shown {
	struct compare		*c;
	const struct diff_set	*set;
};

static int show_range(void *arg, const struct diff_range *r)
{
	struct shown *s = arg;

	s->c->ctx->view->ops->diff_range(s->c->ctx->view, s->set, r);
	return 0;
}

static void compare_set(struct compare *c, const struct diff_set *set, const struct map_list *a,
			const struct map_list *b)
{
	struct shown s = { c, set };
	struct diff_sum sum;

	map_diff(a, b, show_range, &s, &sum);
	c->differences += sum.ranges[DIFF_APPEARED] + sum.ranges[DIFF_GONE] + sum.ranges[DIFF_CHANGED];
	c->unknown += sum.ranges[DIFF_UNKNOWN];
	c->ctx->view->ops->diff_sum(c->ctx->view, set, &sum);
}

void compare_states(struct compare *c, const struct vm_state *a, const struct vm_state *b)
{
	const struct map_list none = { 0 };
	const struct vm_state *more = a->sets > b->sets ? a : b;
	unsigned int i;

	c->changed |= a->changed || b->changed;
	compare_vcpus(c, a, b);
	for (i = 0; i < more->sets; i++)
		compare_set(c, &more->set[i], i < a->sets ? &a->list[i] : &none,
			    i < b->sets ? &b->list[i] : &none);
}

int compare_tables(struct compare *c, const struct vm_tables *a, const struct vm_tables *b)
{
	struct vm_state from, to = { 0 };
	int ret = vm_state_take(c, a, &from);

	if (!ret)
		ret = vm_state_take(c, b, &to);
	if (ret)
		ret = fail(ST_UNREADABLE, "%s: %s", a->name, strerror(-ret));
	else
		compare_states(c, &from, &to);
	vm_state_free(&from);
	vm_state_free(&to);
	return ret;
}
