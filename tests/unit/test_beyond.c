// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blocks that are larger than the output size: whole tables must say of their far part what the walk
 * of one address says.
 */
#include "world.h"

#define BLOCK_SIZE	(UINT64_C(1) << 39)
#define END		(UINT64_C(1) << 32)
/* Level 0 blocks, which FEAT_LPA2 allows: AF, OA 0 */
#define HUGE_S1		UINT64_C(0x401)
#define HUGE_S2		UINT64_C(0x4fd)

struct seen {
	struct visit visit[4];
	struct walk_result piece[4];
	unsigned int n;
};

static int see(void *arg, const struct visit *v)
{
	struct seen *s = arg;

	assert_true(s->n < 4);
	s->visit[s->n] = *v;
	if (v->piece)
		s->piece[s->n] = *v->piece;
	s->n++;
	return 0;
}

static void expect(const struct seen *s, unsigned int i, uint32_t event, uint64_t ia, uint64_t size)
{
	assert_true(i < s->n);
	assert_int_equal(s->visit[i].event, event);
	assert_true(s->visit[i].ia == ia);
	assert_true(s->visit[i].size == size);
}

static struct world *world_of(uint64_t tcr, uint64_t vtcr)
{
	struct world *w = world_new("SCTLR_EL1 0x1005\nMAIR_EL1 0xff\nTTBR0_EL1 0x40000000\n"
				    "VTTBR_EL2 0x50000000\n");

	regs_set(&w->regs, REG_TCR_EL1, tcr);
	regs_set(&w->regs, REG_VTCR_EL2, vtcr);
	regs_set(&w->regs, REG_HCR_EL2, 0x80000000 | (vtcr != 0));
	poke(w, 0x40000000, HUGE_S1);
	world_init(w, REGIME_EL10);
	return w;
}

/* 48-bit VAs, DS, TTBR1 off; PS as given */
#define TCR(ps)		(UINT64_C(1) << 59 | (uint64_t)(ps) << 32 | 1 << 23 | 16)

static void stage_1_beyond_its_output_size(void **state)
{
	struct world *w = world_of(TCR(0), 0);
	struct seen s = { .n = 0 };
	struct walk_visitor v = { .events = VISIT_LEAF | VISIT_FAULT, .visit = see, .arg = &s };

	(void)state;
	assert_int_equal(ask(w, END - 1, show), WALK_OK);
	assert_int_equal(ask(w, END, show), WALK_FAULT);
	assert_fault(w, FAULT_ADDRESS_SIZE, 1, 0);
	assert_int_equal(walk_range(&w->mmu, 1, 0, 2 * END, &v, NULL), 0);
	assert_int_equal(s.n, 2);
	expect(&s, 0, VISIT_LEAF, 0, END);
	expect(&s, 1, VISIT_FAULT, END, BLOCK_SIZE - END);
	assert_int_equal(s.visit[1].fault.type, FAULT_ADDRESS_SIZE);
	assert_int_equal(s.visit[1].fault.level, 0);
	/* What was not asked for is not told */
	s.n = 0;
	assert_int_equal(walk_range(&w->mmu, 1, 0, END - 1, &v, NULL), 0);
	assert_int_equal(s.n, 1);
	world_free(w);
}

/* 48-bit IPAs, level 0, DS */
#define VTCR(ps)	(UINT64_C(1) << 32 | 1u << 31 | (uint64_t)(ps) << 16 | 2 << 6 | 16)

static void both_stages_with_a_narrow_stage_1(void **state)
{
	struct world *w = world_of(TCR(0), VTCR(5));
	struct seen s = { .n = 0 };
	struct walk_visitor v = { .events = VISIT_LEAF | VISIT_FAULT, .visit = see, .arg = &s };

	(void)state;
	poke(w, 0x50000000, HUGE_S2);
	world_init(w, REGIME_EL10);
	assert_int_equal(walk_both(&w->mmu, 0, 2 * END, &v, NULL), 0);
	assert_int_equal(s.n, 2);
	expect(&s, 0, VISIT_LEAF, 0, END);
	assert_int_equal(s.piece[0].status, WALK_OK);
	expect(&s, 1, VISIT_FAULT, END, BLOCK_SIZE - END);
	world_free(w);
}

static void both_stages_with_a_narrow_stage_2(void **state)
{
	struct world *w = world_of(TCR(5), VTCR(0));
	struct seen s = { .n = 0 };
	struct walk_visitor v = { .events = VISIT_LEAF | VISIT_FAULT, .visit = see, .arg = &s };

	(void)state;
	poke(w, 0x50000000, HUGE_S2);
	world_init(w, REGIME_EL10);
	assert_int_equal(ask(w, END, show), WALK_FAULT);
	assert_fault(w, FAULT_ADDRESS_SIZE, 2, 0);
	assert_int_equal(walk_both(&w->mmu, 0, 2 * END, &v, NULL), 0);
	assert_int_equal(s.n, 2);
	expect(&s, 0, VISIT_LEAF, 0, END);
	assert_int_equal(s.piece[0].status, WALK_OK);
	expect(&s, 1, VISIT_LEAF, END, BLOCK_SIZE - END);
	assert_int_equal(s.piece[1].status, WALK_FAULT);
	assert_int_equal(s.piece[1].fault.type, FAULT_ADDRESS_SIZE);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stage_1_beyond_its_output_size),
		cmocka_unit_test(both_stages_with_a_narrow_stage_1),
		cmocka_unit_test(both_stages_with_a_narrow_stage_2),
	};

	unused_accesses();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
