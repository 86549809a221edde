// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whole tables: what walk_range() and walk_both() visit is held against the walk of single
 * addresses. Two walkers that disagree would be a bug even where no processor could tell which of
 * them is right.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "fuzz_walk.h"

#define VISITS_MAX	200	/* then the visitor stops the walk */
#define PROBES_MAX	16	/* visits that are held against single walks */
#define STOPPED		7

struct around {
	const struct mmu *mmu;
	int stage;
	bool both;
	uint64_t low, high;	/* all that the tables can translate */
	uint64_t first, last;	/* asked for */
	uint64_t next;		/* first address that no visit has told of */
	bool begun, wrapped;	/* .next went beyond the last address that there is */
	unsigned int visits, probes, depth;
	uint64_t leaf_bytes;
	struct walk_stats stats;
};

static struct around the_walk;
static struct visit the_visit;
static struct walk_result single, piece_copy;

void show_ranges(void)
{
	const struct visit *v = &the_visit;

	fprintf(stderr, "stage %d%s [0x%" PRIx64 ", 0x%" PRIx64 "] next 0x%" PRIx64 "\n",
		the_walk.stage, the_walk.both ? " and 2" : "", the_walk.first, the_walk.last,
		the_walk.next);
	fprintf(stderr, "event 0x%x level %d ia 0x%" PRIx64 " size 0x%" PRIx64 " error %d\n",
		v->event, v->level, v->ia, v->size, v->error);
	fprintf(stderr, "table 0x%" PRIx64 " index %zu word 0x%" PRIx64 " 0x%" PRIx64 "\n",
		v->table_pa.v, v->index, v->word.lo, v->word.hi);
	fprintf(stderr, "oa 0x%" PRIx64 "\n", v->leaf.oa);
	if (v->piece)
		fprintf(stderr, "piece: status %d fault %d level %d ipa 0x%" PRIx64 " pa 0x%" PRIx64
			"\n", piece_copy.status, piece_copy.fault.type, piece_copy.fault.level,
			piece_copy.ipa.v, piece_copy.pa.v);
	fprintf(stderr, "single: status %d fault %d level %d stage %d va 0x%" PRIx64 " ipa 0x%"
		PRIx64 " pa 0x%" PRIx64 "\n", single.status, single.fault.type,
		single.fault.level, single.fault.stage, single.va.v, single.ipa.v, single.pa.v);
}

/* ---- one visit against single walks ---------------------------------------------------------- */

static bool same_fault(const struct walk_fault *a, const struct walk_fault *b)
{
	return a->type == b->type && a->level == b->level && a->stage == b->stage &&
	       a->s1ptw == b->s1ptw;
}

static void check_leaf(const struct around *w, const struct visit *v, uint64_t off)
{
	const struct stage_result *s = w->stage == 1 ? &single.s1 : &single.s2;
	const struct geometry *g = w->stage == 1 ? &w->mmu->s1[single.half].geo : &w->mmu->s2.geo;
	const struct walk_step *step;

	CHECK(single.status == WALK_OK);
	CHECK(s->done && s->level == v->level && s->oa == v->leaf.oa + off);
	CHECK(s->size == v->leaf.size && s->run_size == v->leaf.run_size);
	CHECK(perms_equal(s->perms, v->leaf.perms) && memattr_equal(&s->attr, &v->leaf.attr));
	CHECK(s->af == v->leaf.af && s->ng == v->leaf.ng && s->ap == v->leaf.ap);
	step = &single.step[s->leaf];
	CHECK(step->word.lo == v->word.lo && step->word.hi == v->word.hi);
	CHECK(step->index == v->index);
	CHECK(step->pa.v == v->table_pa.v + (v->index << geometry_desc_shift(g)));
}

static void check_unreadable(const struct visit *v)
{
	if (v->error) {
		CHECK(single.status == WALK_UNREADABLE && single.error == v->error);
		return;
	}
	CHECK(single.status == WALK_FAULT && same_fault(&single.fault, &v->fault));
	CHECK(single.fault.s1ptw);
}

static void probe(const struct around *w, const struct visit *v, uint64_t off)
{
	struct access access = { .kind = ACCESS_SHOW };

	/* An unreadable root is told of whole, also where AArch32 gives the half only part of it */
	if (v->ia + off < w->low || v->ia + off > w->high)
		return;
	ask(w->mmu, w->stage == 1 ? ENTRY_VA_S1 : ENTRY_IPA, v->ia + off, access, 0, &single);
	switch (v->event) {
	case VISIT_LEAF:
		check_leaf(w, v, off);
		break;
	case VISIT_INVALID:
	case VISIT_ZERO:
		CHECK(single.status == WALK_FAULT && single.fault.type == FAULT_TRANSLATION);
		CHECK(single.fault.level == v->level && single.fault.stage == w->stage);
		CHECK(!single.fault.s1ptw);
		break;
	case VISIT_FAULT:
		CHECK(single.status == WALK_FAULT && same_fault(&single.fault, &v->fault));
		break;
	case VISIT_UNREADABLE:
		check_unreadable(v);
		break;
	}
}

/* The same for a piece of a leaf: stage 2 comes with it */
static void probe_piece(const struct around *w, const struct visit *v, uint64_t off)
{
	struct access access = { .kind = ACCESS_SHOW };

	ask(w->mmu, ENTRY_VA, v->ia + off, access, 0, &single);
	CHECK(single.status == v->piece->status);
	switch (single.status) {
	case WALK_OK:
		CHECK(single.pa.v == v->piece->pa.v + off && single.ipa.v == v->piece->ipa.v + off);
		CHECK(perms_equal(single.perms, v->piece->perms));
		CHECK(memattr_equal(&single.attr, &v->piece->attr));
		break;
	case WALK_FAULT:
		CHECK(same_fault(&single.fault, &v->piece->fault));
		break;
	case WALK_UNREADABLE:
		CHECK(single.error == v->piece->error);
		break;
	}
}

static void check_against_single(struct around *w, const struct visit *v)
{
	uint64_t inside = (v->size - 1) & the_case.memory.seed;

	if (w->probes++ >= PROBES_MAX)
		return;
	if (v->piece) {
		piece_copy = *v->piece;
		CHECK(v->event == VISIT_LEAF && v->piece->access.kind == ACCESS_SHOW);
		probe_piece(w, v, 0);
		/* A contiguous run is taken at its word, and here they lie */
		if (v->piece->s2.done && v->piece->s2.contig)
			return;
		probe_piece(w, v, v->size - 1);
		probe_piece(w, v, inside < v->size ? inside : 0);
		return;
	}
	probe(w, v, 0);
	probe(w, v, v->size - 1);
	probe(w, v, inside < v->size ? inside : 0);
}

/* ---- the order of visits --------------------------------------------------------------------- */

static void check_order(struct around *w, const struct visit *v)
{
	CHECK(v->size && v->stage == w->stage);
	if (!w->begun)
		CHECK(v->ia <= w->first || w->stats.limited);
	else
		CHECK(!w->wrapped && (v->ia == w->next || (w->stats.limited && v->ia > w->next)));
	/* The pieces of a leaf come all, though they be many */
	CHECK(v->ia <= w->last || v->piece);
	w->begun = true;
	w->next = v->ia + v->size;
	/* The end of the upper half is the end of all addresses */
	w->wrapped = !w->next;
	CHECK(w->wrapped || w->next > v->ia);
}

static int on_visit(void *arg, const struct visit *v)
{
	struct around *w = arg;

	the_visit = *v;
	if (++w->visits > VISITS_MAX)
		return STOPPED;
	CHECK(v->level >= LEVEL_MIN && v->level <= LEVEL_FINAL);
	switch (v->event) {
	case VISIT_TABLE_PRE:
		CHECK(v->desc.type == DESC_TABLE && ++w->depth < LEVELS_MAX);
		return 0;
	case VISIT_TABLE_POST:
		CHECK(v->desc.type == DESC_TABLE && w->depth--);
		return 0;
	case VISIT_LEAF:
		CHECK(v->desc.type == DESC_BLOCK || v->desc.type == DESC_PAGE);
		w->leaf_bytes += v->size;
		break;
	case VISIT_ZERO:
		CHECK(!v->word.lo && !v->word.hi);
		break;
	case VISIT_INVALID:
		CHECK(v->desc.type == DESC_INVALID && (v->word.lo || v->word.hi));
		break;
	case VISIT_UNREADABLE:
	case VISIT_FAULT:
		break;
	case VISIT_LIMIT:
		CHECK(w->stats.limited);
		break;
	default:
		CHECK(!"an event that there is not");
	}
	check_order(w, v);
	check_against_single(w, v);
	return 0;
}

/* ---- merging --------------------------------------------------------------------------------- */

struct merged {
	struct range_merge merge;
	uint64_t bytes, next;
	bool begun;
	unsigned int visits;
};

static int on_range(void *arg, const struct map_range *r)
{
	struct merged *m = arg;

	CHECK(r->size && r->leaves);
	CHECK(!m->begun || r->ia >= m->next);
	m->begun = true;
	m->next = r->ia + r->size;
	m->bytes += r->size;
	return 0;
}

static int on_merge(void *arg, const struct visit *v)
{
	struct merged *m = arg;

	/* As many as on_visit takes, so that the sums are of the same leaves */
	return ++m->visits > VISITS_MAX ? STOPPED : range_merge_visit(&m->merge, v);
}

/* ---- walking --------------------------------------------------------------------------------- */

static int walk_one(const struct around *w, const struct walk_visitor *v, struct walk_stats *stats)
{
	return w->both ? walk_both(w->mmu, w->first, w->last, v, stats) :
			 walk_range(w->mmu, w->stage, w->first, w->last, v, stats);
}

static void walk_around(struct around *w, uint64_t max_tables)
{
	struct walk_visitor v = {
		.events = VISIT_ALL, .visit = on_visit, .arg = w, .max_tables = max_tables,
	};
	struct merged m = { .bytes = 0 };
	int ret = walk_one(w, &v, &w->stats);

	CHECK(ret == (w->visits > VISITS_MAX ? STOPPED : 0));
	if (!ret) {
		CHECK(w->stats.limited || (w->begun && (w->wrapped || w->next > w->last)));
		CHECK(!w->depth);
	}
	range_merge_init(&m.merge, on_range, &m);
	v.visit = on_merge;
	v.arg = &m;
	CHECK(walk_one(w, &v, NULL) == ret);
	CHECK(!range_merge_flush(&m.merge));
	CHECK(m.bytes == w->leaf_bytes);
}

/* Some part of [@low, @high] near to @address */
static void walk_near(const struct mmu *mmu, int stage, bool both, uint64_t low, uint64_t high,
		      uint64_t address)
{
	unsigned int span_shift = 12 + the_case.memory.seed % 30;
	uint64_t span = UINT64_C(1) << span_shift;
	uint64_t tables = span_shift > 20 ? 1 + (the_case.memory.seed & 7) : 0;

	if (address < low || address > high)
		address = low + (address & (high - low));
	if (address > high)
		address = high;
	memset(&the_walk, 0, sizeof(the_walk));
	the_walk.mmu = mmu;
	the_walk.stage = stage;
	the_walk.both = both;
	the_walk.low = low;
	the_walk.high = high;
	the_walk.first = address - low > span ? address - span : low;
	the_walk.last = high - address > span ? address + span : high;
	walk_around(&the_walk, tables);
}

/* One of the ways to walk a regime's tables each time, lest single walks wait for whole tables */
void check_ranges(const struct mmu *mmu, uint64_t address)
{
	unsigned int way = the_case.flags >> CASE_WAY_SHIFT;
	int stage = way % 5 == 4 ? 2 : 1, half = way & 1;
	uint64_t first, last;

	if (walk_bounds(mmu, stage, half, &first, &last))
		return;
	CHECK(first <= last);
	walk_near(mmu, stage, stage == 1 && (way & 2), first, last, address);
}
