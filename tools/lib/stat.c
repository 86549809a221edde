// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Sums over whole tables. Leaves are added up as merged ranges, which have one set of properties
 * each; whether a table could be a block is judged at its end, from what its entries had in common.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "stat.h"

/* A table that is being visited; one for each level */
struct open_table {
	uint64_t leaves, others;	/* entries: leaves; what is neither leaf nor zero */
	bool unknown, tables;		/* parts were not read; it leads to tables */
	bool differ, scattered;
	uint64_t ia, oa;		/* of the first leaf */
	struct stage_result first;
	uint8_t software, pbha;
};

struct counter {
	struct table_stat *s;
	const struct geometry *g;
	struct range_merge merge;
	struct open_table open[LEVELS_MAX];
	size_t room;			/* of s->kind */
};

const char *fold_text(enum fold why)
{
	static const char *const text[FOLDS] = {
		[FOLD_POSSIBLE] = "possible", [FOLD_UNKNOWN] = "unknown", [FOLD_HOLES] = "holes",
		[FOLD_ATTRIBUTES] = "attributes", [FOLD_SCATTERED] = "scattered",
		[FOLD_ALIGNMENT] = "alignment",
	};

	return text[why];
}

static struct stat_level *level_of(const struct counter *c, int level)
{
	return &c->s->level[level - LEVEL_MIN];
}

/* ---- leaves ------------------------------------------------------------------------ */

static struct stat_kind *kind_of(struct counter *c, const struct map_range *r)
{
	size_t i, room = c->room ? 2 * c->room : 16;
	struct stat_kind *k;

	for (i = 0; i < c->s->kinds; i++) {
		k = &c->s->kind[i];
		if (k->level == r->level && perms_equal(k->perms, r->perms) &&
		    memattr_equal(&k->attr, &r->attr))
			return k;
	}
	if (c->s->kinds == c->room) {
		k = realloc(c->s->kind, room * sizeof(*k));
		if (!k)
			return NULL;
		c->s->kind = k;
		c->room = room;
	}
	k = &c->s->kind[c->s->kinds++];
	*k = (struct stat_kind){ .level = r->level, .perms = r->perms, .attr = r->attr };
	return k;
}

/* Aligned runs within the range that the Contiguous bit could join */
static uint64_t runs_within(const struct geometry *g, const struct map_range *r)
{
	unsigned int shift = geometry_contig_shift(g, r->level);
	uint64_t size = r->leaf.size << shift, first, end;

	if (!shift || r->leaf.contig || (r->ia ^ r->oa) & (size - 1))
		return 0;
	first = (r->ia & (size - 1)) ? (r->ia | (size - 1)) + 1 - r->ia : 0;
	end = r->size;
	return end > first ? (end - first) / size : 0;
}

static int add_range(void *arg, const struct map_range *r)
{
	struct counter *c = arg;
	struct stat_level *l = level_of(c, r->level);
	struct stat_kind *k = kind_of(c, r);
	bool w = r->perms.el1.w || r->perms.el0.w;

	if (!k)
		return -ENOMEM;
	k->leaves += r->leaves;
	k->bytes += r->size;
	l->leaves += r->leaves;
	l->bytes += r->size;
	l->contiguous += r->leaf.contig ? r->leaves : 0;
	l->runs += runs_within(c->g, r);
	*(r->leaf.af ? &c->s->af : &c->s->no_af) += r->leaves;
	*(w ? &c->s->writable : &c->s->read_only) += r->leaves;
	if (r->leaf.dbm)
		*(w ? &c->s->dbm_dirty : &c->s->dbm_clean) += r->leaves;
	return 0;
}

/* ---- tables ------------------------------------------------------------------------ */

static void add_leaf(struct open_table *t, const struct visit *v)
{
	if (!t->leaves) {
		t->ia = v->ia;
		t->oa = v->leaf.oa;
		t->first = v->leaf;
		t->software = v->desc.software;
		t->pbha = v->desc.pbha;
	} else if (!t->differ) {
		t->differ = leaf_changes(&t->first, &v->leaf) || t->software != v->desc.software ||
			    t->pbha != v->desc.pbha;
	}
	t->scattered |= v->leaf.oa - t->oa != v->ia - t->ia;
	t->leaves += v->count;
}

static enum fold judge(const struct open_table *t, uint64_t entries, uint64_t block)
{
	if (t->unknown)
		return FOLD_UNKNOWN;
	if (t->leaves < entries)
		return FOLD_HOLES;
	if (t->differ)
		return FOLD_ATTRIBUTES;
	if (t->scattered)
		return FOLD_SCATTERED;
	return t->oa & (block - 1) ? FOLD_ALIGNMENT : FOLD_POSSIBLE;
}

static void add_tables(struct counter *c, int level, uint64_t tables, uint64_t bytes)
{
	struct stat_level *l = level_of(c, level);

	l->tables += tables;
	l->table_bytes += bytes;
	c->s->tables += tables;
	c->s->table_bytes += bytes;
	memset(&c->open[level - LEVEL_MIN], 0, sizeof(c->open[0]));
}

/* A block can stand in for a table where the level above has blocks and no level was skipped */
static void close_table(struct counter *c, int level, unsigned int skl, bool root)
{
	const struct open_table *t = &c->open[level - LEVEL_MIN];
	struct stat_level *l = level_of(c, level);
	uint64_t entries = geometry_entries(c->g, level, skl, root);

	if (!t->leaves && !t->tables && !t->others && !t->unknown)
		l->empty++;
	if (!t->leaves || t->tables || root || skl || !geometry_block_ok(c->g, level - 1))
		return;
	l->block = UINT64_C(1) << geometry_map_shift(c->g, level - 1);
	l->fold[judge(t, entries, l->block)]++;
}

static int count_visit(void *arg, const struct visit *v)
{
	struct counter *c = arg;
	struct open_table *t = &c->open[v->level - LEVEL_MIN];
	int next = v->level + 1 + v->desc.skl;
	int ret = range_merge_visit(&c->merge, v);

	switch (v->event) {
	case VISIT_LEAF:
		add_leaf(t, v);
		break;
	case VISIT_TABLE_PRE:
		t->tables = true;
		add_tables(c, next, 1,
			   (uint64_t)geometry_entries(c->g, next, v->desc.skl, false)
				   << geometry_desc_shift(c->g));
		break;
	case VISIT_TABLE_POST:
		close_table(c, next, v->desc.skl, false);
		break;
	case VISIT_INVALID:
		c->s->invalid++;
		t->others++;
		break;
	case VISIT_FAULT:
		c->s->faults++;
		t->others++;
		break;
	default:	/* not read, or not opened */
		if (v->event == VISIT_UNREADABLE)
			(*(v->error == -EAGAIN ? &c->s->gone : &c->s->unreadable))++;
		t->unknown = true;
		break;
	}
	return ret;
}

/* ---- all of it --------------------------------------------------------------------- */

/* qsort() is not stable, so what came first is told by place */
static void sort_kinds(struct table_stat *s)
{
	struct stat_kind k;
	size_t i, j;

	for (i = 1; i < s->kinds; i++) {
		k = s->kind[i];
		for (j = i; j && s->kind[j - 1].level > k.level; j--)
			s->kind[j] = s->kind[j - 1];
		s->kind[j] = k;
	}
}

static int count_all(struct counter *c, const struct mmu *mmu, int stage, int half,
		     uint64_t max_tables)
{
	const struct walk_visitor visitor = {
		.events = VISIT_ALL & ~VISIT_ZERO, .visit = count_visit, .arg = c, .runs = true,
		.max_tables = max_tables,
	};
	const struct geometry *g = c->g;
	struct walk_stats stats = { 0 };
	uint64_t first, last;
	int ret = walk_bounds(mmu, stage, half, &first, &last);

	if (ret)
		return ret;
	add_tables(c, g->start_level, geometry_root_tables(g),
		   (uint64_t)geometry_entries(g, g->start_level, g->root_skl, true)
			   << geometry_desc_shift(g));
	ret = walk_range(mmu, stage, first, last, &visitor, &stats);
	if (!ret)
		ret = range_merge_flush(&c->merge);
	close_table(c, g->start_level, g->root_skl, true);
	c->s->limited = stats.limited;
	return ret;
}

int stat_tables(const struct mmu *mmu, int stage, int half, uint64_t max_tables,
		struct table_stat *s)
{
	struct counter *c = calloc(1, sizeof(*c));
	unsigned int i;
	int ret;

	memset(s, 0, sizeof(*s));
	if (!c)
		return -ENOMEM;
	c->s = s;
	c->g = stage == 2 ? &mmu->s2.geo : &mmu->s1[half].geo;
	range_merge_init(&c->merge, add_range, c);
	ret = count_all(c, mmu, stage, half, max_tables);
	free(c);
	for (i = 0; i < LEVELS_MAX; i++) {
		s->leaves += s->level[i].leaves;
		s->bytes += s->level[i].bytes;
	}
	sort_kinds(s);
	return ret;
}

void stat_free(struct table_stat *s)
{
	free(s->kind);
	s->kind = NULL;
	s->kinds = 0;
}
