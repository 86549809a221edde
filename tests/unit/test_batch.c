// SPDX-License-Identifier: GPL-2.0-only
/*
 * walk_batch() against the walk of one address: the same answer in every field, on random tables of
 * one and two stages, for every kind of access.
 */
#include "random-tables.h"

#define ROUNDS		4
#define ADDRESSES	3000
#define S2_BASE		UINT64_C(0x80000000)
#define S2_PAGES	8

static uint64_t answers[3];	/* by walk_status */

static void same_attr(const struct memattr *a, const struct memattr *b)
{
	assert_true(memattr_equal(a, b));
}

static void same_answer(const struct walk_result *r, const struct walk_answer *a)
{
	assert_int_equal(a->status, r->status);
	assert_int_equal(a->error, r->error);
	assert_int_equal(a->fault.type, r->fault.type);
	assert_int_equal(a->fault.level, r->fault.level);
	assert_int_equal(a->fault.stage, r->fault.stage);
	assert_int_equal(a->fault.s1ptw, r->fault.s1ptw);
	assert_int_equal(a->fault.write, r->fault.write);
	assert_int_equal(a->fault.dirty_bit, r->fault.dirty_bit);
	assert_int_equal(a->fault.overlay, r->fault.overlay);
	assert_ptr_equal(a->fault.why, r->fault.why);
	assert_int_equal(a->has_ipa, r->has_ipa);
	assert_int_equal(a->has_pa, r->has_pa);
	assert_int_equal(a->ipa.v, r->ipa.v);
	assert_int_equal(a->pa.v, r->pa.v);
	assert_int_equal(a->size, r->size);
	assert_int_equal(a->done1, r->s1.done);
	assert_int_equal(a->done2, r->s2.done);
	assert_int_equal(a->level1, r->s1.level);
	assert_int_equal(a->level2, r->s2.level);
	assert_int_equal(a->choices, r->choices);
	assert_true(perms_equal(a->perms, r->perms));
	if (r->status == WALK_OK)
		same_attr(&a->attr, &r->attr);
}

static void compare(const struct mmu *mmu, enum walk_from from, const uint64_t *address, size_t n,
		    struct access access)
{
	struct walk_answer *a = calloc(n + 1, sizeof(*a));
	static struct walk_result r;
	struct walk_batch *b = walk_batch_create(mmu, from, access);
	size_t i;

	assert_non_null(b);
	/* one alone, then all: what is kept changes nothing */
	walk_batch(b, address, n != 0, a);
	walk_batch(b, address, n, a);
	walk_batch_destroy(b);
	for (i = 0; i < n; i++) {
		if (from == WALK_FROM_VA)
			walk_va(mmu, va(address[i]), access, &r);
		else
			walk_ipa(mmu, ipa(address[i]), access, &r);
		same_answer(&r, &a[i]);
		answers[r.status]++;
	}
	free(a);
}

/* ---- addresses --------------------------------------------------------------------- */

struct list {
	uint64_t v[ADDRESSES];
	size_t n;
};

/* Somewhere in a leaf, or now and then just beside it */
static int take_some(void *arg, const struct visit *v)
{
	struct list *l = arg;

	if (l->n == ADDRESSES)
		return 1;
	if (one_in(3))
		l->v[l->n++] = v->ia + rnd() % (v->size + (one_in(8) ? 4096 : 0));
	return 0;
}

static void choose(const struct mmu *mmu, int stage, struct list *l)
{
	const struct walk_visitor visitor = {
		.events = VISIT_LEAF | VISIT_FAULT | VISIT_UNREADABLE, .visit = take_some, .arg = l,
		.max_tables = 60, .runs = true,
	};
	uint64_t first, last;
	size_t i, j;
	uint64_t t;

	l->n = 0;
	assert_int_equal(walk_bounds(mmu, stage, 0, &first, &last), 0);
	walk_range(mmu, stage, first, last, &visitor, NULL);
	for (i = 0; i < 40 && l->n < ADDRESSES; i++)
		l->v[l->n++] = one_in(2) ? rnd() : rnd() & last;
	for (i = 0; i < l->n; i++) {
		j = rnd() % l->n;
		t = l->v[i];
		l->v[i] = l->v[j];
		l->v[j] = t;
	}
}

static const struct access accesses[] = {
	{ ACCESS_SHOW, false, false }, { ACCESS_READ, false, false }, { ACCESS_READ, true, false },
	{ ACCESS_WRITE, false, false }, { ACCESS_WRITE, true, false }, { ACCESS_EXEC, false, false },
	{ ACCESS_READ, false, true },
};

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void each_access(const struct mmu *mmu, enum walk_from from)
{
	static struct list l;
	size_t i;

	choose(mmu, from == WALK_FROM_VA ? 1 : 2, &l);
	for (i = 0; i < sizeof(accesses) / sizeof(accesses[0]); i++)
		compare(mmu, from, l.v, l.n, accesses[i]);
	/* one table after the other */
	qsort(l.v, l.n, sizeof(l.v[0]), ascending);
	compare(mmu, from, l.v, l.n, accesses[0]);
	/* fewer than there are lanes, and none */
	compare(mmu, from, l.v, l.n < 5 ? l.n : 5, accesses[0]);
	compare(mmu, from, l.v, 0, accesses[0]);
}

/* ---- worlds ------------------------------------------------------------------------ */

static struct world *world_of(const struct shape *s, const char *more)
{
	struct world *w = world_new("MAIR_EL1 0xff440c0400bbeeff\n");

	world_regs(w, s->regs);
	if (more)
		world_regs(w, more);
	/* hardware sets the Access flag, also in tables that stage 2 does not let it write */
	if (s->stage == 1 && one_in(2))
		regs_set(&w->regs, REG_TCR_EL1, w->regs.val[REG_TCR_EL1] |
			 FIELD_MASK(TCR_EL1, HA));
	if (s->stage == 1 && one_in(2))
		regs_set(&w->regs, REG_TCR2_EL1, FIELD_MASK(TCR2_EL1, HAFT));
	regs_set(&w->regs, REG_SCTLR_EL1, (s->stage == 1) | s->big_endian << 25);
	regs_set(&w->regs, s->stage == 1 ? REG_TTBR0_EL1 : REG_VTTBR_EL2, BASE);
	return w;
}

static void init_on(struct world *w, struct source *ram)
{
	const char *reason;

	if (mmu_init(&w->mmu, REGIME_EL10, &w->regs, ram, NULL, &reason))
		fail_msg("%s", reason);
}

static struct source *ram_of(const struct memory *m, uint64_t at)
{
	struct source *ram = source_ram_create();

	assert_int_equal(source_ram_add(ram, m->word, m->pages * m->granule, pa(at)), 0);
	return ram;
}

/* The same in two pieces that lie apart */
static struct source *pieces_of(struct memory *m, uint64_t at)
{
	struct source *ram = source_ram_create();
	size_t all = m->pages * m->granule, first = all / 2, gap = m->granule;
	char *end;

	m->word = realloc(m->word, all + gap);
	assert_non_null(m->word);
	end = (char *)m->word + first;
	memmove(end + gap, end, all - first);
	memset(end, 0xff, gap);
	assert_int_equal(source_ram_add(ram, m->word, first, pa(at)), 0);
	assert_int_equal(source_ram_add(ram, end + gap, all - first, pa(at + first)), 0);
	return ram;
}

static void one_stage(void **state)
{
	const struct shape *s;
	struct memory m;
	struct source *ram;
	struct world *w;
	size_t i;
	int round;

	(void)state;
	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
			s = &shapes[i];
			m = (struct memory){ .granule = (size_t)1 << s->granule, .pages = PAGES };
			m.word = malloc(m.pages * m.granule);
			fill(s, &m);
			if (s->big_endian)
				swap_words(&m);
			w = world_of(s, NULL);
			ram = one_in(2) ? pieces_of(&m, BASE) : ram_of(&m, BASE);
			init_on(w, ram);
			each_access(&w->mmu, s->stage == 1 ? WALK_FROM_VA : WALK_FROM_IPA);
			ram->ops->close(ram);
			free(m.word);
			world_free(w);
		}
	}
}

/*
 * Stage 2: 4K, from level 1, a root of two tables. IPAs of the stage-1 tables lead to their pages, in
 * another order; what else there is, is random.
 */
static void fill_stage2(uint64_t *w, size_t pages, size_t granule, unsigned int *place)
{
	static const struct shape s = { .stage = 2, .granule = 12, .start = 1 };
	struct memory m = { .word = w, .granule = 4096, .pages = S2_PAGES };
	size_t n = pages * granule / 4096, i;

	fill_table(&s, &m, 0, true, 30);
	fill_table(&s, &m, 1, true, 30);
	for (i = 0; i < 2 * 512; i++)
		w[i] = w[i] & 1 ? (w[i] & ~UINT64_C(2)) : w[i];
	fill_table(&s, &m, 2, true, 21);
	for (i = 0; i < 512; i++)
		w[1024 + i] &= ~UINT64_C(2);
	w[BASE >> 30] = TABLE(S2_BASE + 2 * 4096);
	for (i = 0; i < 4; i++) {
		fill_table(&s, &m, 3 + i, true, 12);
		w[1024 + i] = TABLE(S2_BASE + (3 + i) * 4096);
	}
	assert_true(n <= 4 * 512);
	for (i = 0; i < n; i++) {
		place[i] = i ^ 1;
		w[3 * 512 + i] = S2_PAGE(0x100000000 + place[i] * UINT64_C(4096)) |
				 (one_in(2) ? UINT64_C(1) << 55 : 0);
		/* one that cannot be read, one that is not there, one that may not be read */
		if (one_in(40))
			w[3 * 512 + i] = one_in(2) ? 0 : S2_PAGE(0x7000000000);
		if (one_in(40))
			w[3 * 512 + i] &= ~(UINT64_C(3) << 6);
		if (one_in(8))
			w[3 * 512 + i] &= ~(UINT64_C(2) << 6);
	}
}

static void two_stages_of(const struct shape *s)
{
	struct memory m = { .granule = (size_t)1 << s->granule, .pages = PAGES };
	unsigned int *place = calloc(4 * 512, sizeof(*place));
	uint64_t *s2 = calloc(S2_PAGES, 4096), *guest;
	struct source *ram = source_ram_create();
	struct world *w = world_of(s, "VTCR_EL2 0x80050058\n");
	size_t n, i;

	regs_set(&w->regs, REG_HCR_EL2, 0x80000001 | (one_in(2) ? UINT64_C(1) << 46 : 0));
	regs_set(&w->regs, REG_VTTBR_EL2, S2_BASE);
	m.word = malloc(m.pages * m.granule);
	fill(s, &m);
	/* leaves of stage 1 that lie where stage 2 maps something */
	for (i = 0; i < m.pages * m.granule / 8; i++)
		if (!one_in(4))
			m.word[i] &= ~mask64(47, 38);
	fill_stage2(s2, m.pages, m.granule, place);
	n = m.pages * m.granule / 4096;
	guest = malloc(n * 4096);
	for (i = 0; i < n; i++)
		memcpy(guest + place[i] * 512, m.word + i * 512, 4096);
	assert_int_equal(source_ram_add(ram, guest, n * 4096, pa(0x100000000)), 0);
	assert_int_equal(source_ram_add(ram, s2, S2_PAGES * 4096, pa(S2_BASE)), 0);
	init_on(w, ram);
	each_access(&w->mmu, WALK_FROM_VA);
	each_access(&w->mmu, WALK_FROM_IPA);
	ram->ops->close(ram);
	free(guest);
	free(m.word);
	free(s2);
	free(place);
	world_free(w);
}

static void two_stages(void **state)
{
	size_t i;
	int round;

	(void)state;
	for (round = 0; round < 2 * ROUNDS; round++)
		for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
			if (shapes[i].stage == 1 && !shapes[i].big_endian)
				two_stages_of(&shapes[i]);
	print_message("%" PRIu64 " translated, %" PRIu64 " faults, %" PRIu64 " unreadable\n",
		      answers[WALK_OK], answers[WALK_FAULT], answers[WALK_UNREADABLE]);
	assert_true(answers[WALK_OK] > 10000 && answers[WALK_FAULT] > 10000 &&
		    answers[WALK_UNREADABLE] > 100);
}

static int begin(void **state)
{
	(void)state;
	seed_init();
	unused_accesses();
	return 0;
}

/* Both halves over the same table, which one of them may be closed to EL0 or to all */
/* Memory ends in the middle of a table; what is behind it in ours looks no different */
static void half_a_table(void **state)
{
	static const struct shape s = {
		.stage = 2, .granule = 12, .start = 1,
		.regs = "HCR_EL2 0x80000001\nVTCR_EL2 0x80050058\n",
	};
	struct world *w = world_of(&s, NULL);
	uint64_t *word = calloc(3 * 512, 8), address[512];
	struct source *ram = source_ram_create();
	size_t i;

	(void)state;
	word[0] = TABLE(BASE + 2 * 4096);
	for (i = 0; i < 512; i++) {
		word[2 * 512 + i] = (S2_PAGE(0) & ~UINT64_C(2)) | i << 21;
		address[i] = (uint64_t)i << 21 | i;
	}
	assert_int_equal(source_ram_add(ram, word, 2 * 4096 + 2048, pa(BASE)), 0);
	init_on(w, ram);
	compare(&w->mmu, WALK_FROM_IPA, address, 512, accesses[0]);
	ram->ops->close(ram);
	free(word);
	world_free(w);
}

static void halves(void **state)
{
	static const unsigned int closes[] = { 0, 55, 56, 7, 23 };	/* E0PD0, E0PD1, EPD0, EPD1 */
	uint64_t word[4 * 512] = { 0 }, address[] = {
		0x1234, UINT64_C(0xffff000000001234), 0x2000, UINT64_C(0xffff000000002000),
		UINT64_C(0xfffffffffffff000), UINT64_C(0x1000000000000), UINT64_C(0xfffe000000000000),
	};
	struct memory m = { .word = word, .granule = 4096, .pages = 4 };
	struct source *ram = ram_of(&m, BASE);
	struct world *w;
	size_t i, j;

	(void)state;
	for (i = 0; i < 3; i++)
		word[512 * i] = TABLE(BASE + 4096 * (i + 1));
	word[3 * 512 + 1] = S1_PAGE(0x80000000) | 1 << 6;	/* EL0 too */
	for (i = 0; i < sizeof(closes) / sizeof(closes[0]); i++) {
		w = world_new(REGS_S1_4K);
		regs_set(&w->regs, REG_TTBR0_EL1, BASE);
		regs_set(&w->regs, REG_TTBR1_EL1, BASE);
		if (closes[i])
			w->regs.val[REG_TCR_EL1] |= UINT64_C(1) << closes[i];
		init_on(w, ram);
		for (j = 0; j < sizeof(accesses) / sizeof(accesses[0]); j++)
			compare(&w->mmu, WALK_FROM_VA, address, sizeof(address) / sizeof(address[0]), accesses[j]);
		world_free(w);
	}
	ram->ops->close(ram);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_stage),
		cmocka_unit_test(two_stages),
		cmocka_unit_test(halves),
		cmocka_unit_test(half_a_table),
	};

	return cmocka_run_group_tests(tests, begin, NULL);
}
