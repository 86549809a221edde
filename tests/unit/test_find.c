// SPDX-License-Identifier: GPL-2.0-only
/*
 * find against the walk of every single page, on tables made at random.
 */
#include "find.h"
#include "random-world.h"

#define MAX_HITS	8192

struct hits {
	unsigned int n;
	struct find_hit hit[MAX_HITS];
};

static int keep(void *arg, const struct find_hit *hit)
{
	struct hits *h = arg;

	assert_in_range(h->n, 0, MAX_HITS - 1);
	h->hit[h->n++] = *hit;
	return 0;
}

static void look(struct world *w, struct hits *h, enum find_space space, uint64_t first,
		 uint64_t last, struct find *f)
{
	*f = (struct find){ .space = space, .first = first, .last = last, .hit = keep, .arg = h };
	h->n = 0;
	assert_int_equal(find_stage2(f, &w->mmu), 0);
	assert_int_equal(find_stage1(f, &w->mmu, 0), 0);
	find_end(f);
}

/* How many bytes of the page at @ia are said to lead into the range; checks where they lead */
static uint64_t said(const struct hits *h, int stage, uint64_t ia, const struct walk_result *r)
{
	uint64_t sum = 0, from, end;
	unsigned int i;

	for (i = 0; i < h->n; i++) {
		const struct find_hit *hit = &h->hit[i];

		if (hit->kind != FIND_LEAF || hit->stage != stage || hit->ia >= ia + PAGE ||
		    hit->ia + hit->size <= ia)
			continue;
		from = hit->ia > ia ? hit->ia : ia;
		end = hit->ia + hit->size < ia + PAGE ? hit->ia + hit->size : ia + PAGE;
		sum += end - from;
		assert_int_equal(hit->status, r->status);
		assert_int_equal(hit->has_pa, r->has_pa);
		if (!r->has_pa)
			continue;
		assert_true(hit->pa.v + (from - hit->ia) == r->pa.v + (from - ia));
		assert_true(perms_equal(hit->perms, r->perms));
		assert_true(memattr_equal(&hit->attr, &r->attr));
		if (hit->ia >= ia) {
			const struct walk_step *leaf =
				&r->step[stage == 1 ? r->s1.leaf : r->s2.leaf];

			assert_true(hit->has_word && hit->word_pa.v == leaf->pa.v);
			assert_true(hit->word.lo == leaf->word.lo);
		}
	}
	return sum;
}

static uint64_t common(uint64_t start, uint64_t first, uint64_t last)
{
	uint64_t from = start > first ? start : first;
	uint64_t end = start + PAGE - 1 < last ? start + PAGE - 1 : last;

	return from > end ? 0 : end - from + 1;
}

static void check_pages(struct world *w, const struct hits *h, enum find_space space,
			uint64_t first, uint64_t last)
{
	struct walk_result *r = &w->r;
	uint64_t ia, want;

	for (ia = 0; ia < SPAN; ia += PAGE) {
		walk_ipa(&w->mmu, ipa(ia), show, r);
		want = common(space == FIND_PA ? r->pa.v : ia, first, last);
		if (r->status != WALK_OK)
			want = 0;
		assert_true(said(h, 2, ia, r) == want);
		walk_va(&w->mmu, va(ia), show, r);
		if (space == FIND_PA)
			want = r->status == WALK_OK ? common(r->pa.v, first, last) : 0;
		else
			want = r->s1.done ? common(r->s1.oa, first, last) : 0;
		assert_true(said(h, 1, ia, r) == want);
	}
}

static void found_is_what_the_walks_of_all_pages_say(void **state)
{
	struct hits *h = malloc(sizeof(*h));
	unsigned int round, i;
	uint64_t first, size;
	struct find f;
	struct world *w;

	(void)state;
	for (round = 0; round < 12; round++) {
		w = random_world();
		for (i = 0; i < 12; i++) {
			enum find_space space = pick(2) ? FIND_PA : FIND_IPA;

			size = pick(2) ? 1 + pick(64) : 1 + pick(SPAN / 4);
			first = (space == FIND_PA ? RAM : 0) + pick(SPAN);
			look(w, h, space, first, first + size - 1, &f);
			check_pages(w, h, space, first, first + size - 1);
			assert_int_equal(f.unknown, 0);
			assert_int_equal(f.hits, h->n);
		}
		random_world_free(w);
	}
	free(h);
}

static unsigned int count(const struct hits *h, enum find_kind kind, int stage)
{
	unsigned int i, n = 0;

	for (i = 0; i < h->n; i++)
		n += h->hit[i].kind == kind && h->hit[i].stage == stage;
	return n;
}

/* A small world that is known: VA 0 -> IPA 1000 -> PA 90005000, and VA 1000 -> IPA 9000000 -> none */
static struct world *known_world(void)
{
	struct world *w = world_new(REGS_S1_4K "VTTBR_EL2 0x80010000\nTTBR0_EL1 0x40001000\n");

	regs_set(&w->regs, REG_HCR_EL2, 0x80000001);
	regs_set(&w->regs, REG_VTCR_EL2, 0x80053558);
	poke(w, S2_ROOT, TABLE(S2_L2));
	poke(w, S2_ROOT + 8, S2_BLOCK(0x40000000));
	poke(w, S2_L2, TABLE(S2_L3));
	poke(w, S2_L3 + 8, S2_PAGE(RAM + 0x5000));
	poke(w, S1_ROOT, TABLE(S1_L1));
	poke(w, S1_L1, TABLE(S1_L2));
	poke(w, S1_L2, TABLE(S1_L3));
	poke(w, S1_L3, S1_PAGE(0x1000));
	poke(w, S1_L3 + 8, S1_PAGE(0x9000000));
	world_init(w, REGIME_EL10);
	return w;
}

static void tables_are_found_by_what_they_are(void **state)
{
	struct hits *h = malloc(sizeof(*h));
	struct world *w = known_world();
	struct find f;

	(void)state;
	look(w, h, FIND_PA, S2_L3 + 0x123, S2_L3 + 0x123, &f);
	assert_int_equal(h->n, 1);
	assert_int_equal(h->hit[0].kind, FIND_TABLE);
	assert_int_equal(h->hit[0].level, 3);
	assert_true(h->hit[0].ia == 0 && h->hit[0].size == 0x200000 && !h->hit[0].root);
	assert_true(h->hit[0].pa.v == S2_L3 && h->hit[0].word_pa.v == S2_L2);
	/* the root of two tables, by its last byte and not beyond */
	look(w, h, FIND_PA, S2_ROOT + 0x1fff, S2_ROOT + 0x1fff, &f);
	assert_int_equal(count(h, FIND_TABLE, 2), 1);
	assert_true(h->hit[0].root);
	look(w, h, FIND_PA, S2_ROOT - 1, S2_ROOT - 1, &f);
	assert_int_equal(h->n, 0);
	/* tables of stage 1: stage 2 maps them, and they are tables */
	look(w, h, FIND_PA, S1_ROOT, S1_L2, &f);
	assert_int_equal(count(h, FIND_LEAF, 2), 1);
	assert_int_equal(count(h, FIND_TABLE, 1), 3);
	look(w, h, FIND_IPA, S1_L3, S1_L3, &f);
	assert_int_equal(count(h, FIND_TABLE, 1), 1);
	world_free(w);
	free(h);
}

static void an_ipa_without_memory_is_found_in_stage_1(void **state)
{
	struct hits *h = malloc(sizeof(*h));
	struct world *w = known_world();
	struct find f;

	(void)state;
	look(w, h, FIND_IPA, 0x9000010, 0x9000010, &f);
	assert_int_equal(h->n, 1);
	assert_int_equal(h->hit[0].stage, 1);
	assert_int_equal(h->hit[0].status, WALK_FAULT);
	assert_int_equal(h->hit[0].fault.stage, 2);
	assert_true(h->hit[0].ia == 0x1010 && !h->hit[0].has_pa);
	/* and nothing of stage 1 is read for a PA that stage 2 has nowhere */
	look(w, h, FIND_PA, 0x9000000, 0x9000fff, &f);
	assert_int_equal(h->n, 0);
	assert_int_equal(f.tables, 3);
	world_free(w);
	free(h);
}

static void what_is_not_read_is_unknown(void **state)
{
	struct hits *h = malloc(sizeof(*h));
	struct world *w = known_world();
	struct find f;

	(void)state;
	w->mem.bad_error = -EIO;
	w->mem.bad_first = S2_L3;
	w->mem.bad_last = S2_L3 + 0xfff;
	look(w, h, FIND_PA, RAM + 0x5000, RAM + 0x5000, &f);
	assert_int_equal(f.hits, 0);
	assert_int_equal(f.unknown, 1);
	assert_int_equal(h->hit[0].kind, FIND_UNKNOWN);
	assert_int_equal(h->hit[0].error, -EIO);
	w->mem.bad_first = S1_L3;
	w->mem.bad_last = S1_L3 + 0xfff;
	look(w, h, FIND_PA, RAM + 0x5000, RAM + 0x5000, &f);
	assert_int_equal(f.hits, 1);
	assert_int_equal(f.unknown, 1);
	world_free(w);
	free(h);
}

/* Without stage 2 the output of stage 1 is the PA */
static void one_stage(void **state)
{
	struct hits *h = malloc(sizeof(*h));
	struct world *w = known_world();
	struct find f;

	(void)state;
	regs_set(&w->regs, REG_HCR_EL2, 0x80000000);
	world_init(w, REGIME_EL10);
	look(w, h, FIND_PA, 0x1004, 0x1004, &f);
	assert_int_equal(h->n, 1);
	assert_true(h->hit[0].ia == 4 && h->hit[0].pa.v == 0x1004 && !h->hit[0].has_ipa);
	look(w, h, FIND_PA, S1_L3, S1_L3, &f);
	assert_int_equal(count(h, FIND_TABLE, 1), 1);
	world_free(w);
	free(h);
}

static int stop(void *arg, const struct find_hit *hit)
{
	(void)arg;
	(void)hit;
	return -ECANCELED;
}

static void the_visitor_may_stop(void **state)
{
	struct world *w = known_world();
	struct find f = { .space = FIND_PA, .first = RAM, .last = RAM + SPAN, .hit = stop };

	(void)state;
	assert_int_equal(find_stage2(&f, &w->mmu), -ECANCELED);
	find_end(&f);
	world_free(w);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(found_is_what_the_walks_of_all_pages_say),
		cmocka_unit_test(tables_are_found_by_what_they_are),
		cmocka_unit_test(an_ipa_without_memory_is_found_in_stage_1),
		cmocka_unit_test(what_is_not_read_is_unknown),
		cmocka_unit_test(one_stage),
		cmocka_unit_test(the_visitor_may_stop),
	};

	unused_accesses();
	random_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
