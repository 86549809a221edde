// SPDX-License-Identifier: GPL-2.0-only
/*
 * diff against the walk of every single page before and after, on tables changed at random.
 */
#include "diff.h"
#include "random-world.h"

struct page {
	bool mapped, through;	/* by this stage; and by stage 2 behind it */
	uint64_t oa, ipa;
	int level;
	struct perms perms;
	struct memattr attr;
	bool af;
};

static void ask_page(struct world *w, int stage, uint64_t ia, struct page *p)
{
	const struct stage_result *s = stage == 2 ? &w->r.s2 : &w->r.s1;

	memset(p, 0, sizeof(*p));
	if (stage == 2)
		walk_ipa(&w->mmu, ipa(ia), show, &w->r);
	else if (stage == 1)
		walk_va_s1(&w->mmu, va(ia), show, &w->r);
	else
		walk_va(&w->mmu, va(ia), show, &w->r);
	p->mapped = s->done;
	p->through = stage || w->r.status == WALK_OK;
	p->oa = stage ? s->oa : w->r.pa.v;
	p->ipa = w->r.ipa.v;
	p->level = s->level;
	p->perms = stage ? s->perms : w->r.perms;
	p->attr = stage ? s->attr : w->r.attr;
	p->af = s->af;
}

static void ask_all(struct world *w, int stage, struct page *p)
{
	unsigned int i;

	for (i = 0; i < PAGES; i++)
		ask_page(w, stage, (uint64_t)i * PAGE, &p[i]);
}

struct told {
	struct diff_range r[PAGES];	/* of each page, cut out of the range that it was in */
	bool is[PAGES];
	uint64_t bytes[DIFF_WHATS];
	unsigned int ranges;
};

static int keep(void *arg, const struct diff_range *r)
{
	struct told *t = arg;
	uint64_t off;
	size_t i;

	t->ranges++;
	t->bytes[r->what] += r->size;
	for (off = 0; off < r->size && r->ia + off < SPAN; off += PAGE) {
		i = (r->ia + off) / PAGE;
		assert_false(t->is[i]);
		t->is[i] = true;
		t->r[i] = *r;
		t->r[i].oa_a += off;
		t->r[i].oa_b += off;
	}
	return 0;
}

static void check_page(int stage, const struct told *t, size_t i, const struct page *a,
		       const struct page *b)
{
	const struct diff_range *r = &t->r[i];
	bool both = a->mapped && b->mapped, through = a->through && b->through;

	if (!a->mapped && !b->mapped) {
		assert_false(t->is[i]);
	} else if (!both) {
		assert_true(t->is[i]);
		assert_int_equal(r->what, a->mapped ? DIFF_GONE : DIFF_APPEARED);
		if (a->mapped && a->through)
			assert_true(r->oa_a == a->oa);
		if (b->mapped && b->through)
			assert_true(r->oa_b == b->oa);
	} else if (!t->is[i]) {
		assert_int_equal(a->through, b->through);
		assert_int_equal(a->level, b->level);
		assert_int_equal(a->af, b->af);
		assert_true(!through || a->oa == b->oa);
		assert_true(!through || perms_equal(a->perms, b->perms));
		assert_true(!through || memattr_equal(&a->attr, &b->attr));
	} else {
		assert_int_equal(r->what, DIFF_CHANGED);
		assert_int_not_equal(r->changes, 0);
		if (stage)
			assert_int_equal(!!(r->changes & LEAF_LEVEL), a->level != b->level);
		if (through)
			assert_int_equal(!!(r->changes & DIFF_OUTPUT), a->oa != b->oa);
		if (stage)
			assert_int_equal(!!(r->changes & LEAF_RIGHTS), !perms_equal(a->perms, b->perms));
		/* one fault may also be another's */
		if (a->through || b->through)
			assert_int_equal(!!(r->changes & DIFF_FAULT), a->through != b->through);
	}
}

/* Some entries change, some tables come, go, or become blocks */
static void change_something(void)
{
	static const uint64_t bit[] = { 1, BIT64(7), BIT64(10), BIT64(54), BIT64(13), BIT64(20) };
	unsigned int n = pick(40), i;
	uint64_t at, *word;

	for (i = 0; i < n; i++) {
		at = (pick(2) ? (S1_L3 - S1_ROOT) : (S2_L3 - S2_ROOT)) / 8 + pick(PAGES);
		word = pick(2) ? &s1_mem[at] : &s2_mem[at];
		*word ^= bit[pick(6)];
	}
	for (i = 0; i < 2; i++) {
		if (!pick(3))
			set(S2_L2 + 8 * pick(4), pick(2) ? 0 : S2_BLOCK(RAM + 0x200000 * pick(4)));
		if (!pick(3))
			set(S1_L2 + 8 * pick(4), pick(2) ? 0 : S1_BLOCK(0x200000 * pick(4)));
	}
}

static void differences_are_those_of_all_pages(void **state)
{
	static struct page before[3][PAGES], after[PAGES];
	struct told *t = malloc(sizeof(*t));
	struct map_list a[3], b;
	struct diff_sum sum;
	unsigned int round, i;
	struct world *w;
	int stage;

	(void)state;
	for (round = 0; round < 60; round++) {
		w = random_world();
		for (stage = 0; stage < 3; stage++) {
			assert_int_equal(map_list_make(&a[stage], &w->mmu, stage, 0, 0), 0);
			ask_all(w, stage, before[stage]);
		}
		change_something();
		for (stage = 0; stage < 3; stage++) {
			assert_int_equal(map_list_make(&b, &w->mmu, stage, 0, 0), 0);
			ask_all(w, stage, after);
			memset(t, 0, sizeof(*t));
			assert_int_equal(map_diff(&a[stage], &b, keep, t, &sum), 0);
			for (i = 0; i < PAGES; i++)
				check_page(stage, t, i, &before[stage][i], &after[i]);
			for (i = 0; i < DIFF_WHATS; i++)
				assert_true(t->bytes[i] == sum.bytes[i]);
			/* and with itself nothing is different */
			memset(t, 0, sizeof(*t));
			assert_int_equal(map_diff(&b, &b, keep, t, &sum), 0);
			assert_int_equal(t->ranges, 0);
			map_list_free(&a[stage]);
			map_list_free(&b);
		}
		random_world_free(w);
	}
	free(t);
}

/* Three pages at the top of the address space, of which the ends wrap */
static struct world *top_world(uint64_t first, uint64_t second, uint64_t third)
{
	struct world *w = world_new(REGS_S1_4K "TTBR0_EL1 0x100000\nTTBR1_EL1 0x1000\n");

	poke(w, 0x1ff8, TABLE(0x2000));
	poke(w, 0x2ff8, TABLE(0x3000));
	poke(w, 0x3ff8, TABLE(0x4000));
	poke(w, 0x4fe8, first);
	poke(w, 0x4ff0, second);
	poke(w, 0x4ff8, third);
	world_init(w, REGIME_EL10);
	return w;
}

static int collect(void *arg, const struct diff_range *r)
{
	struct told *t = arg;

	t->r[t->ranges++] = *r;
	return 0;
}

static void compare(struct world *a, struct world *b, struct told *t, struct diff_sum *sum)
{
	struct map_list la, lb;

	memset(t, 0, sizeof(*t));
	assert_int_equal(map_list_make(&la, &a->mmu, 1, 1, 0), 0);
	assert_int_equal(map_list_make(&lb, &b->mmu, 1, 1, 0), 0);
	assert_int_equal(map_diff(&la, &lb, collect, t, sum), 0);
	map_list_free(&la);
	map_list_free(&lb);
}

static void neighbours_are_one_and_the_top_is_an_end(void **state)
{
	struct world *a = top_world(S1_PAGE(0x5000), S1_PAGE(0x6000), S1_PAGE(0x7000));
	struct world *b = top_world(S1_PAGE(0x5000), S1_PAGE(0x9000), S1_PAGE(0xa000));
	struct told *t = malloc(sizeof(*t));
	struct diff_sum sum;

	(void)state;
	compare(a, b, t, &sum);
	assert_int_equal(t->ranges, 1);
	assert_true(t->r[0].ia == 0xffffffffffffe000 && t->r[0].size == 2 * PAGE);
	assert_int_equal(t->r[0].changes, DIFF_OUTPUT);
	assert_true(t->r[0].oa_a == 0x6000 && t->r[0].oa_b == 0x9000);
	assert_true(sum.same == PAGE);
	/* the same move, not contiguous on one side */
	poke(b, 0x4ff8, S1_PAGE(0xc000));
	compare(a, b, t, &sum);
	assert_int_equal(t->ranges, 2);
	world_free(b);
	b = top_world(0, 0, 0);
	compare(a, b, t, &sum);
	assert_int_equal(t->ranges, 1);
	assert_true(t->r[0].what == DIFF_GONE && t->r[0].size == 3 * PAGE);
	compare(b, a, t, &sum);
	assert_true(t->r[0].what == DIFF_APPEARED && t->r[0].size == 3 * PAGE);
	world_free(a);
	world_free(b);
	free(t);
}

/* What cannot be read on one side has neither gone nor appeared */
static void bug_unreadable_is_not_gone(void **state)
{
	struct world *a = top_world(S1_PAGE(0x5000), S1_PAGE(0x6000), S1_PAGE(0x7000));
	struct world *b = top_world(S1_PAGE(0x5000), S1_PAGE(0x6000), S1_PAGE(0x7000));
	struct told *t = malloc(sizeof(*t));
	struct diff_sum sum;
	unsigned int i, way;

	(void)state;
	b->mem.bad_error = -EIO;
	b->mem.bad_first = 0x4000;
	b->mem.bad_last = 0x4fff;
	for (way = 0; way < 2; way++) {
		compare(way ? b : a, way ? a : b, t, &sum);
		for (i = 0; i < t->ranges; i++)
			assert_int_equal(t->r[i].what, DIFF_UNKNOWN);
		assert_true(sum.bytes[DIFF_UNKNOWN] == 0x200000);
		assert_true(!sum.bytes[DIFF_GONE] && !sum.bytes[DIFF_APPEARED] && !sum.same);
	}
	/* a table that was taken away is gone */
	b->mem.bad_error = -EAGAIN;
	compare(a, b, t, &sum);
	assert_true(sum.bytes[DIFF_GONE] == 3 * PAGE && !sum.bytes[DIFF_UNKNOWN]);
	world_free(a);
	world_free(b);
	free(t);
}

static void what_is_off_is_no_list(void **state)
{
	struct world *w = top_world(0, 0, 0);
	struct map_list l;

	(void)state;
	assert_int_equal(map_list_make(&l, &w->mmu, 2, 0, 0), -ENOENT);
	map_list_free(&l);
	assert_string_equal(diff_what_text(DIFF_GONE), "gone");
	assert_string_equal(diff_change_text(16), "output address");
	assert_null(diff_change_text(31));
	world_free(w);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(differences_are_those_of_all_pages),
		cmocka_unit_test(neighbours_are_one_and_the_top_is_an_end),
		cmocka_unit_test(bug_unreadable_is_not_gone),
		cmocka_unit_test(what_is_off_is_no_list),
	};

	unused_accesses();
	random_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
