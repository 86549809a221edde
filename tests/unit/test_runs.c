// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs of leaves as one visit against the same leaves one by one, on random tables: what a visitor
 * is told must be the same, whichever way it asks.
 */
#include "random-tables.h"

#define ROUNDS	10

/* ---- what is told ------------------------------------------------------------------ */

struct told {
	struct visit *v;
	size_t n, room;
};

static void keep(struct told *t, const struct visit *v)
{
	if (t->n == t->room) {
		t->room = t->room ? 2 * t->room : 1024;
		t->v = realloc(t->v, t->room * sizeof(*t->v));
		assert_non_null(t->v);
	}
	t->v[t->n++] = *v;
}

/* Whatever was told as one, as many */
static int expand(void *arg, const struct visit *v)
{
	struct visit one = *v;
	uint64_t step = UINT64_C(1) << v->desc.map_shift;
	uint64_t k;

	one.count = 1;
	if (v->event != VISIT_LEAF || v->count == 1) {
		keep(arg, &one);
		return 0;
	}
	assert_int_equal(v->size, v->count * step);
	one.size = step;
	for (k = 0; k < v->count; k++) {
		keep(arg, &one);
		one.ia += step;
		one.index++;
		one.word.lo += step;
		one.desc.raw.lo += step;
		one.desc.oa += step;
		one.leaf.ia += step;
		one.leaf.oa += step;
	}
	return 0;
}

static void same_leaf(const struct visit *a, const struct visit *b)
{
	assert_int_equal(a->leaf.ia, b->leaf.ia);
	assert_int_equal(a->leaf.oa, b->leaf.oa);
	assert_int_equal(a->leaf.run_size, b->leaf.run_size);
	assert_int_equal(a->leaf.reserved, b->leaf.reserved);
	assert_int_equal(leaf_changes(&a->leaf, &b->leaf), 0);
}

static void same_visit(const struct visit *a, const struct visit *b)
{
	assert_int_equal(a->event, b->event);
	assert_int_equal(a->level, b->level);
	assert_int_equal(a->ia, b->ia);
	assert_int_equal(a->size, b->size);
	assert_int_equal(a->index, b->index);
	assert_int_equal(a->table_pa.v, b->table_pa.v);
	assert_int_equal(a->word.lo, b->word.lo);
	assert_int_equal(a->next_pa.v, b->next_pa.v);
	assert_int_equal(a->fault.type, b->fault.type);
	if (a->event & (VISIT_LEAF | VISIT_TABLE_PRE | VISIT_TABLE_POST | VISIT_INVALID | VISIT_FAULT))
		assert_memory_equal(&a->desc, &b->desc, sizeof(a->desc));
	if (a->event == VISIT_LEAF)
		same_leaf(a, b);
}

/* The walk of one address keeps nothing: what it says of a leaf */
static void check_single(const struct mmu *mmu, const struct visit *v)
{
	struct walk_result r;
	const struct stage_result *s = v->stage == 1 ? &r.s1 : &r.s2;
	struct stage_result leaf = v->leaf;

	if (v->stage == 1)
		walk_va(mmu, va(v->ia), show, &r);
	else
		walk_ipa(mmu, ipa(v->ia), show, &r);
	assert_int_equal(r.status, WALK_OK);
	assert_int_equal(s->oa, v->leaf.oa);
	/* only whole tables are looked at for that */
	leaf.contig_mixed = false;
	assert_int_equal(leaf_changes(s, &leaf), 0);
}

/* Leaves of one class: nothing differs but addresses */
static void check_classes(const struct told *t)
{
	size_t i;
	const struct visit *a = NULL, *b;

	for (i = 0; i < t->n; i++) {
		b = &t->v[i];
		if (b->event != VISIT_LEAF || !b->leaf_class)
			continue;
		if (a && a->leaf_class == b->leaf_class) {
			assert_int_equal(leaf_changes(&a->leaf, &b->leaf), 0);
			assert_int_equal(a->desc.software, b->desc.software);
			assert_int_equal(a->desc.pbha, b->desc.pbha);
			assert_int_equal(a->level, b->level);
		}
		a = b;
	}
}

struct merged {
	uint64_t n, sum;
};

static int count_range(void *arg, const struct map_range *r)
{
	struct merged *m = arg;

	m->n++;
	m->sum = m->sum * 31 + (r->ia ^ r->oa * 3 ^ r->size * 5 ^ r->leaves * 7 ^ r->desc.raw.lo);
	return 0;
}

static struct merged merge(const struct told *t)
{
	struct merged m = { 0 };
	struct range_merge rm;
	size_t i;

	range_merge_init(&rm, count_range, &m);
	for (i = 0; i < t->n; i++)
		assert_int_equal(range_merge_visit(&rm, &t->v[i]), 0);
	assert_int_equal(range_merge_flush(&rm), 0);
	return m;
}

static int pass_on(void *arg, const struct visit *v)
{
	return range_merge_visit(arg, v);
}

/* What a whole walk of @first to @last tells, runs or not */
static struct told look(const struct mmu *mmu, int stage, uint64_t first, uint64_t last, bool runs)
{
	struct told t = { 0 };
	const struct walk_visitor v = {
		.events = VISIT_ALL, .visit = expand, .arg = &t, .max_tables = 60, .runs = runs,
	};

	assert_int_equal(walk_range(mmu, stage, first, last, &v, NULL), 0);
	return t;
}

static bool meets(const struct visit *v, uint64_t from, uint64_t to)
{
	return v->event == VISIT_LEAF && v->leaf.oa <= to && v->leaf.oa + (v->size - 1) >= from;
}

/* Of leaves that a visitor does not want, any may be missing, but of those that it does want none */
static void look_for_output(const struct mmu *mmu, int stage, uint64_t first, uint64_t last,
			    const struct told *all)
{
	const struct visit *some = &all->v[rnd() % all->n];
	uint64_t from = some->event == VISIT_LEAF && !one_in(4) ? some->leaf.oa : rnd() & mask64(48, 0);
	uint64_t to = from + (one_in(2) ? 0 : rnd() & mask64(30, 0));
	struct told t = { 0 };
	const struct walk_visitor v = {
		.events = VISIT_LEAF, .visit = expand, .arg = &t, .max_tables = 60, .runs = true,
		.has_output = true, .output_first = from, .output_last = to,
	};
	size_t i, k = 0;

	assert_int_equal(walk_range(mmu, stage, first, last, &v, NULL), 0);
	for (i = 0; i < all->n; i++) {
		if (!meets(&all->v[i], from, to))
			continue;
		while (k < t.n && !meets(&t.v[k], from, to))
			k++;
		assert_true(k < t.n);
		assert_int_equal(t.v[k].ia, all->v[i].ia);
		same_leaf(&t.v[k++], &all->v[i]);
	}
	free(t.v);
}

static struct merged look_merged(const struct mmu *mmu, int stage, uint64_t first, uint64_t last)
{
	struct merged m = { 0 };
	struct range_merge rm;
	const struct walk_visitor v = {
		.events = VISIT_ALL, .visit = pass_on, .arg = &rm, .max_tables = 60, .runs = true,
	};

	range_merge_init(&rm, count_range, &m);
	assert_int_equal(walk_range(mmu, stage, first, last, &v, NULL), 0);
	assert_int_equal(range_merge_flush(&rm), 0);
	return m;
}

static uint64_t compare(const struct mmu *mmu, int stage, uint64_t first, uint64_t last)
{
	struct told one = look(mmu, stage, first, last, false);
	struct told many = look(mmu, stage, first, last, true);
	struct merged want, have;
	uint64_t leaves = one.n;
	size_t i;

	assert_int_equal(one.n, many.n);
	for (i = 0; i < one.n; i++)
		same_visit(&one.v[i], &many.v[i]);
	for (i = 0; i < many.n; i += 1 + rnd() % 40)
		if (many.v[i].event == VISIT_LEAF)
			check_single(mmu, &many.v[i]);
	for (i = 0; one.n && i < 4; i++)
		look_for_output(mmu, stage, first, last, &one);
	check_classes(&one);
	check_classes(&many);
	/* the merge knows classes and counts as it knows leaves */
	for (i = 0; i < one.n; i++)
		one.v[i].leaf_class = 0;
	want = merge(&one);
	have = look_merged(mmu, stage, first, last);
	assert_int_equal(have.n, want.n);
	assert_int_equal(have.sum, want.sum);
	free(one.v);
	free(many.v);
	return leaves;
}

static uint64_t try_shape(const struct shape *s)
{
	struct memory m = { .granule = (size_t)1 << s->granule, .pages = PAGES };
	struct world *w = world_new("MAIR_EL1 0xff440c0400bbeeff\n");
	struct source *ram = source_ram_create();
	uint64_t first, last, a, b, n = 0;
	const char *reason;

	world_regs(w, s->regs);
	regs_set(&w->regs, REG_SCTLR_EL1, (s->stage == 1) | s->big_endian << 25);
	regs_set(&w->regs, s->stage == 1 ? REG_TTBR0_EL1 : REG_VTTBR_EL2, BASE);
	m.word = malloc(m.pages * m.granule);
	fill(s, &m);
	if (s->big_endian)
		swap_words(&m);
	assert_int_equal(source_ram_add(ram, m.word, m.pages * m.granule, pa(BASE)), 0);
	if (mmu_init(&w->mmu, REGIME_EL10, &w->regs, ram, NULL, &reason))
		fail_msg("%s: %s", s->name, reason);
	assert_int_equal(walk_bounds(&w->mmu, s->stage, 0, &first, &last), 0);
	n += compare(&w->mmu, s->stage, first, last);
	a = rnd() & last;
	b = rnd() & last;
	n += compare(&w->mmu, s->stage, a < b ? a : b, a < b ? b : a);
	ram->ops->close(ram);
	free(m.word);
	world_free(w);
	return n;
}

static void runs_are_leaves(void **state)
{
	uint64_t told = 0;
	size_t i;
	int round;

	(void)state;
	seed_init();
	for (round = 0; round < ROUNDS; round++)
		for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
			told += try_shape(&shapes[i]);
	print_message("%" PRIu64 " visits compared\n", told);
	assert_true(told > 100000);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(runs_are_leaves) };

	unused_accesses();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
