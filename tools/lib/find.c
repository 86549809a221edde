// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * From an output address back to input addresses. There is no way but to look at every leaf; so
 * stage 2 is walked once for the IPAs of the range, and each leaf of stage 1 is then compared with
 * these, without translating it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "find.h"
#include "ttw.h"

/* IPAs that are looked for, in their order; those of a gap in stage 2 have no PA */
struct find_span {
	uint64_t ipa, size;
	bool has_pa;
	uint64_t pa;
};

struct finder {
	struct find *f;
	const struct mmu *mmu;
	int stage, half;
	struct range_merge merge;
	size_t at;		/* the span of the range that is being merged */
	uint64_t next;		/* FIND_IPA: first IPA that is in no span yet */
	uint64_t low, high;	/* outputs outside of it are not looked for */
};

static int tell(struct finder *w, const struct find_hit *hit)
{
	if (hit->kind == FIND_UNKNOWN)
		w->f->unknown++;
	else
		w->f->hits++;
	return w->f->hit(w->f->arg, hit);
}

static const struct geometry *geometry_of(const struct finder *w)
{
	return w->stage == 2 ? &w->mmu->s2.geo : &w->mmu->s1[w->half].geo;
}

static struct find_hit hit_of(const struct finder *w, enum find_kind kind)
{
	return (struct find_hit){
		.kind = kind, .stage = w->stage, .half = w->half,
		.wide = geometry_of(w)->format == TABLE_V9_128,
	};
}

static int add_span(struct find *f, const struct find_span *span)
{
	size_t room = f->room ? 2 * f->room : 16;
	struct find_span *more;

	if (!span->size)
		return 0;
	if (f->nspans == f->room) {
		more = realloc(f->span, room * sizeof(*more));
		if (!more)
			return -ENOMEM;
		f->span = more;
		f->room = room;
	}
	f->span[f->nspans++] = *span;
	return 0;
}

static bool overlaps(uint64_t start, uint64_t size, uint64_t first, uint64_t last)
{
	return start <= last && start + (size - 1) >= first;
}

/* ---- leaves ------------------------------------------------------------------------ */

/* The part of a leaf, or of a run of them, from @from on; how much is for the caller to say */
static struct visit leaf_part(const struct visit *v, uint64_t from, uint64_t size)
{
	unsigned int shift = v->desc.map_shift;
	struct visit part = *v;

	part.ia += from;
	part.leaf.ia += from;
	part.leaf.oa += from;
	part.size = size;
	part.count = ((from + size - 1) >> shift) - (from >> shift) + 1;
	return part;
}

/* What the walk of its first address knows of a range: the descriptor, and both stages together */
static void add_walk(struct find_hit *hit, const struct walk_result *r)
{
	const struct stage_result *s = hit->stage == 1 ? &r->s1 : &r->s2;

	hit->status = r->status;
	if (s->done && s->leaf >= 0) {
		hit->has_word = true;
		hit->word_pa = r->step[s->leaf].pa;
		hit->word = r->step[s->leaf].word;
	}
	if (r->status == WALK_OK) {
		hit->attr = r->attr;
		hit->perms = r->perms;
	}
	if (r->status == WALK_FAULT)
		hit->fault = r->fault;
	if (r->status == WALK_UNREADABLE)
		hit->error = r->error;
}

static struct find_hit leaf_hit(const struct finder *w, const struct map_range *r)
{
	struct find_hit hit = hit_of(w, FIND_LEAF);

	hit.level = r->level;
	hit.ia = r->ia;
	hit.size = r->size;
	hit.leaves = r->leaves;
	hit.leaf = r->leaf;
	hit.attr = r->attr;
	hit.perms = r->perms;
	return hit;
}

/* ---- tables ------------------------------------------------------------------------ */

/* @at: the table's PA, or IPA of stage 1 above stage 2 */
static int table_hit(struct finder *w, struct find_hit *hit, uint64_t at)
{
	if (w->stage == 2 || !ttw_two_stages(w->mmu)) {
		hit->has_pa = true;
		hit->pa = pa(at);
		return tell(w, hit);
	}
	hit->has_ipa = true;
	hit->ipa = ipa(at);
	if (walk_ipa(w->mmu, ipa(at), (struct access){ .kind = ACCESS_SHOW }, w->f->walk) ==
	    WALK_OK) {
		hit->has_pa = true;
		hit->pa = w->f->walk->pa;
	}
	return tell(w, hit);
}

/* The first span that ends beyond @address; there is one if @address is not above .high */
static size_t span_at(const struct find *f, uint64_t address)
{
	size_t low = 0, high = f->nspans, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (f->span[mid].ipa + (f->span[mid].size - 1) < address)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Does a table lie where we look? Tables of stage 2 have PAs alone. */
static bool table_wanted(const struct finder *w, uint64_t at, uint64_t bytes)
{
	const struct find *f = w->f;
	size_t i;

	if (w->stage == 2)
		return f->space == FIND_PA && overlaps(at, bytes, f->first, f->last);
	if (!overlaps(at, bytes, w->low, w->high))
		return false;
	i = span_at(f, at);
	return i < f->nspans && overlaps(at, bytes, f->span[i].ipa,
					 f->span[i].ipa + (f->span[i].size - 1));
}

static int visit_table(struct finder *w, const struct visit *v)
{
	const struct geometry *g = geometry_of(w);
	int level = v->level + 1 + v->desc.skl;
	uint64_t bytes = (uint64_t)geometry_entries(g, level, v->desc.skl, false)
			 << geometry_desc_shift(g);
	struct find_hit hit = hit_of(w, FIND_TABLE);

	if (!table_wanted(w, v->next_pa.v, bytes))
		return 0;
	hit.level = level;
	hit.ia = v->ia;
	hit.size = v->size;
	hit.has_word = true;
	hit.word_pa = pa(v->table_pa.v + ((uint64_t)v->index << geometry_desc_shift(g)));
	hit.word = v->word;
	return table_hit(w, &hit, v->next_pa.v);
}

static int visit_root(struct finder *w, uint64_t first, uint64_t last)
{
	const struct geometry *g = geometry_of(w);
	uint64_t bytes = (uint64_t)geometry_entries(g, g->start_level, g->root_skl, true)
			 << geometry_desc_shift(g);
	struct find_hit hit = hit_of(w, FIND_TABLE);

	if (!table_wanted(w, g->root, bytes))
		return 0;
	hit.level = g->start_level;
	hit.root = true;
	hit.ia = first;
	hit.size = last - first + 1;
	return table_hit(w, &hit, g->root);
}

static int visit_unknown(struct finder *w, const struct visit *v)
{
	struct find_hit hit = hit_of(w, FIND_UNKNOWN);

	if (v->error == -EAGAIN) {
		w->f->changed = true;
		return 0;
	}
	hit.level = v->level;
	hit.ia = v->ia;
	hit.size = v->size;
	hit.status = WALK_UNREADABLE;
	hit.error = v->event == VISIT_LIMIT ? -ELOOP : v->error;
	hit.fault = v->fault;
	return tell(w, &hit);
}

/* Everything that is no leaf, alike for both stages */
static int visit_other(struct finder *w, const struct visit *v)
{
	return v->event == VISIT_TABLE_PRE ? visit_table(w, v) : visit_unknown(w, v);
}

/* Leaves with an output in [.low, .high], unless these are inputs that are looked for */
static int walk_with(struct finder *w, uint64_t first, uint64_t last,
		     int (*visit)(void *arg, const struct visit *v))
{
	const struct walk_visitor visitor = {
		.has_output = w->stage == 1 || w->f->space == FIND_PA,
		.output_first = w->low, .output_last = w->high,
		.events = VISIT_LEAF | VISIT_TABLE_PRE | VISIT_UNREADABLE | VISIT_LIMIT,
		.visit = visit, .arg = w, .runs = true, .max_tables = w->f->max_tables,
	};
	struct walk_stats stats = { 0 };
	int ret;

	ret = walk_range(w->mmu, w->stage, first, last, &visitor, &stats);
	if (!ret)
		ret = range_merge_flush(&w->merge);
	w->f->tables += stats.tables;
	return ret;
}

/* ---- stage 2 ----------------------------------------------------------------------- */

static int emit_stage2(void *arg, const struct map_range *r)
{
	struct finder *w = arg;
	struct find_hit hit = leaf_hit(w, r);
	struct find_span gap = { .ipa = w->next, .size = r->ia - w->next };
	struct find_span span = { .ipa = r->ia, .size = r->size, .has_pa = true, .pa = r->oa };
	int ret = w->f->space == FIND_IPA ? add_span(w->f, &gap) : 0;

	if (!ret)
		ret = add_span(w->f, &span);
	if (ret)
		return ret;
	w->next = r->ia + r->size;
	hit.has_ipa = true;
	hit.ipa = ipa(r->ia);
	hit.has_pa = true;
	hit.pa = pa(r->oa);
	walk_ipa(w->mmu, hit.ipa, (struct access){ .kind = ACCESS_SHOW }, w->f->walk);
	add_walk(&hit, w->f->walk);
	return tell(w, &hit);
}

static int visit_stage2(void *arg, const struct visit *v)
{
	struct finder *w = arg;
	uint64_t start = w->f->space == FIND_PA ? v->leaf.oa : v->ia, last = start + (v->size - 1);
	uint64_t first = w->f->first;
	struct visit part;

	if (v->event != VISIT_LEAF)
		return visit_other(w, v);
	if (start > w->f->last || last < first)
		return 0;
	if (first < start)
		first = start;
	if (last > w->f->last)
		last = w->f->last;
	part = leaf_part(v, first - start, last - first + 1);
	return range_merge_visit(&w->merge, &part);
}

static int get_ready(struct find *f)
{
	if (!f->walk)
		f->walk = malloc(sizeof(*f->walk));
	return f->walk ? 0 : -ENOMEM;
}

/* Spans come in the order of IPAs, as the walk does */
int find_stage2(struct find *f, const struct mmu *mmu)
{
	struct find_span same = {
		.ipa = f->first, .size = f->last - f->first + 1, .has_pa = true, .pa = f->first,
	};
	struct finder w = {
		.f = f, .mmu = mmu, .stage = 2, .next = f->first, .low = f->first, .high = f->last,
	};
	uint64_t first, last;
	int ret = get_ready(f);

	if (ret || !ttw_two_stages(mmu))
		return ret ? ret : add_span(f, &same);
	range_merge_init(&w.merge, emit_stage2, &w);
	if (!walk_bounds(mmu, 2, 0, &first, &last)) {
		ret = visit_root(&w, first, last);
		if (f->space == FIND_IPA && f->first > first)
			first = f->first;
		if (f->space == FIND_IPA && f->last < last)
			last = f->last;
		if (!ret && first <= last)
			ret = walk_with(&w, first, last, visit_stage2);
		if (ret)
			return ret;
	}
	same = (struct find_span){ .ipa = w.next, .size = f->last - w.next + 1 };
	return f->space == FIND_IPA && w.next <= f->last ? add_span(f, &same) : 0;
}

/* ---- stage 1 ----------------------------------------------------------------------- */

static int emit_stage1(void *arg, const struct map_range *r)
{
	struct finder *w = arg;
	const struct find_span *span = &w->f->span[w->at];
	struct find_hit hit = leaf_hit(w, r);

	hit.has_pa = span->has_pa;
	hit.pa = pa(span->pa + (r->oa - span->ipa));
	hit.has_ipa = ttw_two_stages(w->mmu);
	hit.ipa = ipa(r->oa);
	walk_va(w->mmu, va(r->ia), (struct access){ .kind = ACCESS_SHOW }, w->f->walk);
	add_walk(&hit, w->f->walk);
	return tell(w, &hit);
}

/* The part of a leaf that lies in span number @i */
static int visit_span(struct finder *w, const struct visit *v, size_t i)
{
	const struct find_span *span = &w->f->span[i];
	uint64_t start = v->leaf.oa, last = start + (v->size - 1);
	uint64_t first = span->ipa > start ? span->ipa : start;
	struct visit part;
	int ret = 0;

	if (last > span->ipa + (span->size - 1))
		last = span->ipa + (span->size - 1);
	part = leaf_part(v, first - start, last - first + 1);
	/* what follows in IPAs need not do so in PAs */
	if (i != w->at)
		ret = range_merge_flush(&w->merge);
	w->at = i;
	return ret ? ret : range_merge_visit(&w->merge, &part);
}

static int visit_stage1(void *arg, const struct visit *v)
{
	struct finder *w = arg;
	const struct find *f = w->f;
	uint64_t last = v->leaf.oa + (v->size - 1);
	size_t i;
	int ret = 0;

	if (v->event != VISIT_LEAF)
		return visit_other(w, v);
	if (v->leaf.oa > w->high || last < w->low)
		return 0;
	for (i = span_at(f, v->leaf.oa); !ret && i < f->nspans && f->span[i].ipa <= last; i++)
		ret = visit_span(w, v, i);
	return ret;
}

int find_stage1(struct find *f, const struct mmu *mmu, int half)
{
	struct finder w = { .f = f, .mmu = mmu, .stage = 1, .half = half };
	uint64_t first, last;
	int ret;

	if (!f->nspans || walk_bounds(mmu, 1, half, &first, &last))
		return 0;
	w.low = f->span[0].ipa;
	w.high = f->span[f->nspans - 1].ipa + (f->span[f->nspans - 1].size - 1);
	range_merge_init(&w.merge, emit_stage1, &w);
	ret = visit_root(&w, first, last);
	return ret ? ret : walk_with(&w, first, last, visit_stage1);
}

void find_end(struct find *f)
{
	free(f->span);
	free(f->walk);
	f->span = NULL;
	f->walk = NULL;
	f->nspans = 0;
	f->room = 0;
}
