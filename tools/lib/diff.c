// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Two lists of ranges side by side. Where they are cut differs, so they are compared in pieces, and
 * pieces to which the same happened are joined again.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "diff.h"

/* ---- lists ------------------------------------------------------------------------- */

/* Index of no properties */
#define NONE	UINT32_MAX

static void drop_addresses(struct stage_result *s)
{
	s->ia = 0;
	s->oa = 0;
	s->leaf = 0;
}

static uint32_t props_hash(const struct map_props *p)
{
	uint32_t h = p->status * 31 + p->level;

	h = h * 31 + (p->leaf.perms.el1.r | p->leaf.perms.el1.w << 1 | p->leaf.perms.el1.x << 2 |
		      p->leaf.perms.el0.r << 3 | p->leaf.perms.el0.w << 4 | p->leaf.perms.el0.x << 5);
	h = h * 31 + (p->leaf.af | p->leaf.contig << 1 | p->leaf.dbm << 2 | p->leaf.ng << 3);
	h = h * 31 + (p->attr.type | p->attr.inner.attr << 2 | p->attr.sh << 4);
	h = h * 31 + (p->software | p->pbha << 4);
	h = h * 31 + p->leaf2.level;
	return h % MAP_HASH;
}

/* What differs between two that both map something; 0: nothing */
static uint32_t props_changes(const struct map_props *a, const struct map_props *b)
{
	uint32_t c = leaf_changes(&a->leaf, &b->leaf);

	if (a->software != b->software || a->pbha != b->pbha)
		c |= DIFF_SOFTWARE;
	if (a->status != b->status)
		return c | DIFF_FAULT;
	if (a->status == WALK_FAULT && (a->fault.type != b->fault.type ||
					a->fault.level != b->fault.level))
		c |= DIFF_FAULT;
	if (a->has_piece && a->status == WALK_OK) {
		c |= leaf_changes(&a->leaf2, &b->leaf2);
		c |= memattr_equal(&a->attr, &b->attr) ? 0 : LEAF_MEMORY;
	}
	return c;
}

static bool props_equal(const struct map_props *a, const struct map_props *b)
{
	return a->level == b->level && a->has_piece == b->has_piece && a->error == b->error &&
	       !props_changes(a, b);
}

/* The index of @p in the list, where it is put if it is not there; NONE: no memory */
static uint32_t intern(struct map_list *l, const struct map_props *p)
{
	uint32_t *bucket = &l->bucket[props_hash(p)], i;
	size_t room = l->props_room ? 2 * l->props_room : 16;
	struct map_props *more;

	for (i = *bucket; i != NONE; i = l->props[i].next)
		if (props_equal(&l->props[i], p))
			return i;
	if (l->nprops == l->props_room) {
		more = realloc(l->props, room * sizeof(*more));
		if (!more)
			return NONE;
		l->props = more;
		l->props_room = room;
	}
	i = l->nprops++;
	l->props[i] = *p;
	l->props[i].next = *bucket;
	*bucket = i;
	return i;
}

static int add_item(struct map_list *l, const struct map_props *p, const struct map_item *at)
{
	size_t room = l->room ? 2 * l->room : 64;
	struct map_item *more;
	uint32_t props = intern(l, p);

	if (props == NONE)
		return -ENOMEM;
	if (l->n == l->room) {
		more = realloc(l->item, room * sizeof(*more));
		if (!more)
			return -ENOMEM;
		l->item = more;
		l->room = room;
	}
	l->item[l->n] = *at;
	l->item[l->n++].props = props;
	l->unknown += p->status == WALK_UNREADABLE;
	return 0;
}

static int add_range(void *arg, const struct map_range *r)
{
	struct map_item item = { .ia = r->ia, .size = r->size, .oa = r->oa, .ipa = r->ipa };
	struct map_props p;

	memset(&p, 0, sizeof(p));
	p.status = r->status;
	p.stage = r->stage;
	p.level = r->level;
	p.has_piece = r->has_piece;
	p.leaf = r->leaf;
	p.leaf2 = r->leaf2;
	p.attr = r->attr;
	p.perms = r->perms;
	p.software = r->desc.software;
	p.pbha = r->desc.pbha;
	p.fault = r->fault;
	p.error = r->error;
	drop_addresses(&p.leaf);
	drop_addresses(&p.leaf2);
	return add_item(arg, &p, &item);
}

struct lister {
	struct map_list *l;
	struct range_merge merge;
};

static int add_unknown(struct map_list *l, const struct visit *v)
{
	struct map_item item = { .ia = v->ia, .size = v->size };
	struct map_props p;

	if (v->error == -EAGAIN) {
		l->changed = true;
		return 0;
	}
	memset(&p, 0, sizeof(p));
	p.status = WALK_UNREADABLE;
	p.stage = v->stage;
	p.level = v->level;
	p.error = v->event == VISIT_LIMIT ? -ELOOP : v->error;
	p.fault = v->fault;
	return add_item(l, &p, &item);
}

static int list_visit(void *arg, const struct visit *v)
{
	struct lister *w = arg;
	int ret = range_merge_visit(&w->merge, v);

	return ret || v->event == VISIT_LEAF ? ret : add_unknown(w->l, v);
}

int map_list_make(struct map_list *l, const struct mmu *mmu, int stage, int half,
		  uint64_t max_tables)
{
	struct lister w = { .l = l };
	const struct walk_visitor visitor = {
		.events = VISIT_LEAF | VISIT_UNREADABLE | VISIT_LIMIT, .visit = list_visit,
		.arg = &w, .runs = true, .max_tables = max_tables,
	};
	struct walk_stats stats = { 0 };
	uint64_t first, last;
	int ret;

	memset(l, 0, sizeof(*l));
	memset(l->bucket, 0xff, sizeof(l->bucket));
	ret = walk_bounds(mmu, stage == 2 ? 2 : 1, half, &first, &last);
	if (ret)
		return ret;
	range_merge_init(&w.merge, add_range, l);
	if (stage)
		ret = walk_range(mmu, stage, first, last, &visitor, &stats);
	else
		ret = walk_both(mmu, first, last, &visitor, &stats);
	l->tables = stats.tables;
	return ret ? ret : range_merge_flush(&w.merge);
}

void map_list_free(struct map_list *l)
{
	free(l->item);
	free(l->props);
	memset(l, 0, sizeof(*l));
}

/* ---- comparing --------------------------------------------------------------------- */

/* A place in a list: so many bytes into an item */
struct cursor {
	const struct map_list *l;
	size_t i;
	uint64_t off;
};

struct differ {
	struct cursor a, b;
	int (*emit)(void *arg, const struct diff_range *r);
	void *arg;
	struct diff_sum *sum;
	bool have;
	struct diff_range cur;
};

static const struct map_item *item_at(const struct cursor *c)
{
	return c->i < c->l->n ? &c->l->item[c->i] : NULL;
}

static void advance(struct cursor *c, uint64_t size)
{
	c->off += size;
	if (c->off < c->l->item[c->i].size)
		return;
	c->off = 0;
	c->i++;
}

/*
 * The next piece that is the same on both sides all through: its size, and which sides map it. An
 * item may end at the top of the address space, so ends are never computed.
 */
static uint64_t next_piece(const struct differ *d, bool *in_a, bool *in_b)
{
	const struct map_item *a = item_at(&d->a), *b = item_at(&d->b);
	uint64_t left_a = a ? a->size - d->a.off : 0, left_b = b ? b->size - d->b.off : 0;
	uint64_t at_a = a ? a->ia + d->a.off : 0, at_b = b ? b->ia + d->b.off : 0;
	uint64_t size;

	*in_a = a && (!b || at_a <= at_b);
	*in_b = b && (!a || at_b <= at_a);
	if (*in_a && *in_b)
		return left_a < left_b ? left_a : left_b;
	size = *in_a ? left_a : left_b;
	if (*in_a && b && at_b - at_a < size)
		size = at_b - at_a;
	if (*in_b && a && at_a - at_b < size)
		size = at_a - at_b;
	return size;
}

static bool unknown(const struct map_props *p)
{
	return p && p->status == WALK_UNREADABLE;
}

/* False: nothing is different there */
static bool judge(struct diff_range *r)
{
	if (unknown(r->a) || unknown(r->b)) {
		r->what = DIFF_UNKNOWN;
		return true;
	}
	if (!r->a || !r->b) {
		r->what = r->a ? DIFF_GONE : DIFF_APPEARED;
		return true;
	}
	r->what = DIFF_CHANGED;
	r->changes = props_changes(r->a, r->b);
	if (r->a->status == WALK_OK && r->b->status == WALK_OK && r->oa_a != r->oa_b)
		r->changes |= DIFF_OUTPUT;
	if (r->a->has_piece && r->b->has_piece && r->ipa_a != r->ipa_b)
		r->changes |= DIFF_IPA;
	return r->changes;
}

static bool goes_on(const struct map_props *p, uint64_t from, uint64_t to, uint64_t size)
{
	return !p || p->status != WALK_OK || to == from + size;
}

/* Does @r continue the current range? */
static bool follows(const struct diff_range *c, const struct diff_range *r)
{
	return r->what == c->what && r->changes == c->changes && r->a == c->a && r->b == c->b &&
	       r->ia == c->ia + c->size && goes_on(c->a, c->oa_a, r->oa_a, c->size) &&
	       goes_on(c->b, c->oa_b, r->oa_b, c->size) &&
	       (!c->a || !c->a->has_piece || r->ipa_a == c->ipa_a + c->size) &&
	       (!c->b || !c->b->has_piece || r->ipa_b == c->ipa_b + c->size);
}

static int flush(struct differ *d)
{
	if (!d->have)
		return 0;
	d->have = false;
	d->sum->ranges[d->cur.what]++;
	d->sum->bytes[d->cur.what] += d->cur.size;
	return d->emit(d->arg, &d->cur);
}

static int add_piece(struct differ *d, const struct diff_range *r)
{
	int ret = 0;

	if (d->have && follows(&d->cur, r)) {
		d->cur.size += r->size;
		return 0;
	}
	ret = flush(d);
	d->cur = *r;
	d->have = true;
	return ret;
}

static int step(struct differ *d)
{
	const struct map_item *a = item_at(&d->a), *b = item_at(&d->b);
	struct diff_range r = { 0 };
	bool in_a, in_b;
	int ret = 0;

	r.size = next_piece(d, &in_a, &in_b);
	if (in_a) {
		r.ia = a->ia + d->a.off;
		r.a = &d->a.l->props[a->props];
		r.oa_a = a->oa + d->a.off;
		r.ipa_a = a->ipa + d->a.off;
	}
	if (in_b) {
		r.ia = b->ia + d->b.off;
		r.b = &d->b.l->props[b->props];
		r.oa_b = b->oa + d->b.off;
		r.ipa_b = b->ipa + d->b.off;
	}
	if (judge(&r))
		ret = add_piece(d, &r);
	else
		d->sum->same += r.size;
	if (in_a)
		advance(&d->a, r.size);
	if (in_b)
		advance(&d->b, r.size);
	return ret;
}

int map_diff(const struct map_list *a, const struct map_list *b,
	     int (*emit)(void *arg, const struct diff_range *r), void *arg, struct diff_sum *sum)
{
	struct differ d = {
		.a = { .l = a }, .b = { .l = b }, .emit = emit, .arg = arg, .sum = sum,
	};
	int ret = 0;

	memset(sum, 0, sizeof(*sum));
	while (!ret && (item_at(&d.a) || item_at(&d.b)))
		ret = step(&d);
	return ret ? ret : flush(&d);
}

/* ---- words ------------------------------------------------------------------------- */

const char *diff_what_text(enum diff_what what)
{
	static const char *const text[DIFF_WHATS] = {
		[DIFF_APPEARED] = "appeared", [DIFF_GONE] = "gone", [DIFF_CHANGED] = "changed",
		[DIFF_UNKNOWN] = "unknown",
	};

	return text[what];
}

const char *diff_change_text(unsigned int bit)
{
	static const char *const text[] = {
		"level", "rights", "memory", "AF", "contiguous", "DBM", "nG", "GP", "NS",
		[16] = "output address", [17] = "IPA", [18] = "fault", [19] = "software bits",
	};

	return bit < sizeof(text) / sizeof(text[0]) ? text[bit] : NULL;
}
