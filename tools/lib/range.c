// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Whole tables: every descriptor of a range, in order, and ranges made out of them. What a word
 * means is asked of ttw.c, as in the walk of one address.
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ttw.h"

/*
 * Tables are read in parts of at most this many bytes: the smallest granule, so that stage 2,
 * where it is below, has one answer for the part; and a table may be large (64K), or enormous
 * (SKL).
 */
#define PART_SHIFT	12
#define PART_SIZE	(1u << PART_SHIFT)

/* What leaves mean is worked out once and kept; 1 << MEMO_SHIFT of them are */
#define MEMO_SHIFT	6

struct leaf_memo {
	struct leaf_key key;
	uint64_t oa;		/* address bits that are not in place, in .key.attr somewhere */
	uint32_t leaf_class;
	struct visit visit;	/* of the last such leaf; .event is 0 in an empty one */
};

struct ranger {
	const struct mmu *mmu;
	const struct geometry *g;
	const struct s1_params *p;	/* NULL: stage 2 */
	uint64_t first, last;
	const struct walk_visitor *v;
	struct walk_stats *stats;
	/* of bytes that may still be read, where max_tables is given */
	uint64_t budget;
	struct walk_result *scratch;	/* for the stage 2 of table addresses */
	/* 64-bit descriptors, little-endian: leaves may be known by their bits */
	bool plain;
	uint32_t *classes;
	struct leaf_memo memo[1 << MEMO_SHIFT];
};

/* One table while it is being visited */
struct table {
	struct ttw at;
	uint64_t ia;			/* that its entry 0 translates */
	unsigned int map_shift;
	size_t entries;
	/* of the part at hand, less its offset: as if of the table */
	struct pa pa;
	struct visit zeros;		/* run of zero descriptors not yet reported */
	/* contiguous run already examined: up to here, not included */
	size_t run_end;
	bool run_mixed;
	const uint8_t *words;		/* the part at hand */
	uint8_t *buf;			/* where it lies if the source cannot map it */
};

static int visit_table(struct ranger *w, const struct ttw *at, uint64_t ia);

/* ---- telling the visitor ----------------------------------------------------------- */

static int tell(const struct ranger *w, const struct visit *v)
{
	return w->v->events & v->event ? w->v->visit(w->v->arg, v) : 0;
}

static void visit_init(const struct ranger *w, const struct table *t, uint32_t event, size_t index,
		       struct visit *v)
{
	memset(v, 0, sizeof(*v));
	v->event = event;
	v->stage = w->g->stage;
	v->level = t->at.level;
	v->ia = t->ia + ((uint64_t)index << t->map_shift);
	v->size = UINT64_C(1) << t->map_shift;
	v->count = 1;
	v->table_pa = t->pa;
	v->has_ipa = w->p && ttw_two_stages(w->mmu);
	v->table_ipa = ipa(t->at.table);
	v->index = index;
}

static int tell_zeros(const struct ranger *w, struct table *t)
{
	int ret = t->zeros.event ? tell(w, &t->zeros) : 0;

	t->zeros.event = 0;
	return ret;
}

static void add_zeros(const struct ranger *w, struct table *t, size_t index, size_t n)
{
	if (!t->zeros.event) {
		visit_init(w, t, VISIT_ZERO, index, &t->zeros);
		n--;
	}
	t->zeros.size += (uint64_t)n << t->map_shift;
}

/* ---- contiguous runs --------------------------------------------------------------- */

/* What may differ between the descriptors of a run: address, access flag and dirty state */
static struct descriptor run_part(const struct descriptor *d)
{
	struct descriptor same;

	memcpy(&same, d, sizeof(same));
	memset(&same.raw, 0, sizeof(same.raw));
	same.oa = 0;
	same.af = false;
	same.ndirty = false;
	same.dirty = false;
	if (d->dbm) {
		same.ap &= 1;
		same.s2ap &= 1;
	}
	return same;
}

/* Look at the run that entry @index of the part is in; entry numbers are those of the part */
static bool run_mixed(const struct ranger *w, const struct table *t, size_t index, size_t count,
		      size_t n)
{
	size_t start = index & ~(n - 1), i;
	struct descriptor first, d;
	struct descriptor want, have;

	if (start + n > count)
		return true;
	descriptor_decode(w->g, t->at.level, ttw_word(w->g, t->words, start), &first);
	want = run_part(&first);
	for (i = 1; i < n; i++) {
		descriptor_decode(w->g, t->at.level, ttw_word(w->g, t->words, start + i), &d);
		have = run_part(&d);
		if (memcmp(&want, &have, sizeof(want)) ||
		    d.oa != first.oa + ((uint64_t)i << t->map_shift))
			return true;
	}
	return false;
}

static void check_run(const struct ranger *w, struct table *t, size_t index, size_t part,
		      size_t count, struct visit *v)
{
	size_t n = (size_t)1 << geometry_contig_shift(w->g, t->at.level);

	if (index >= t->run_end) {
		t->run_end = (index & ~(n - 1)) + n;
		t->run_mixed = run_mixed(w, t, index - part, count, n);
	}
	v->leaf.contig_mixed = t->run_mixed;
	/* that follows from its neighbours, not from the leaf */
	if (t->run_mixed)
		v->leaf_class = 0;
}

/* ---- descriptors ------------------------------------------------------------------- */

/* From output address @oa on, how many of @size bytes the output size of @g lets one reach */
static uint64_t reachable(const struct geometry *g, uint64_t oa, uint64_t size)
{
	uint64_t end = g->oa_bits < 64 ? UINT64_C(1) << g->oa_bits : 0;

	return end && end - oa < size ? end - oa : size;
}

/*
 * A block may be larger than the output size: 512 GB under FEAT_LPA2 against PAs of 32 bits. The part
 * beyond it faults, as it does in the walk of one address (OAOutOfRange looks at the final address).
 */
static int tell_leaf(struct ranger *w, struct visit *v)
{
	uint64_t used = reachable(w->g, v->leaf.oa, v->size);
	uint64_t rest = v->size - used;
	uint32_t choices = 0;
	int ret;

	v->size = used;
	ret = tell(w, v);
	if (ret || !rest || w->last - v->ia < used)
		return ret;
	v->event = VISIT_FAULT;
	v->ia += used;
	v->size = rest;
	ttw_leaf_fault(w->mmu, w->g, &v->desc, v->ia, &v->fault, &choices);
	return tell(w, v);
}

static struct leaf_key key_of(const struct ranger *w, const struct table *t, uint64_t word)
{
	return (struct leaf_key){
		.attr = word & ~leaf_field(w->g, t->map_shift), .level = t->at.level,
		.inherited = t->at.inherited,
	};
}

static void memo_keep(struct ranger *w, const struct table *t, const struct visit *v)
{
	struct leaf_key key = key_of(w, t, v->word.lo);
	struct leaf_memo *m = &w->memo[leaf_key_hash(&key, MEMO_SHIFT)];

	m->key = key;
	m->leaf_class = v->leaf_class;
	m->oa = v->desc.oa & ~leaf_field(w->g, t->map_shift);
	m->visit = *v;
}

static int visit_leaf(struct ranger *w, struct table *t, struct visit *v, size_t part, size_t count)
{
	struct memattr wb = memattr_normal_wb(SH_NSH);
	uint32_t choices = 0;

	if (ttw_leaf_fault(w->mmu, w->g, &v->desc, v->ia, &v->fault, &choices)) {
		v->event = VISIT_FAULT;
		return tell(w, v);
	}
	v->event = VISIT_LEAF;
	if (w->p)
		ttw_s1_leaf(w->mmu, w->p, &t->at, &v->desc, v->ia, false, &v->leaf);
	else
		ttw_s2_leaf(w->mmu, &w->mmu->s2, &v->desc, v->ia, &wb, false, &v->leaf);
	if (w->plain) {
		v->leaf_class = ++*w->classes;
		memo_keep(w, t, v);
	}
	if (v->desc.contig)
		check_run(w, t, v->index, part, count, v);
	return tell_leaf(w, v);
}

/* ---- leaves that are known --------------------------------------------------------- */

static uint64_t plain_word(const uint8_t *words, size_t n)
{
	uint64_t v;

	memcpy(&v, words + 8 * n, 8);
	return le64toh(v);
}

/* How many of the @n words go on from the first by @step each, that one included */
static size_t run_length(const uint8_t *words, size_t n, uint64_t step)
{
	uint64_t want = plain_word(words, 0), differ;
	size_t i = 0, k;

	/* a cache line at a time, without a branch in it */
	for (; n - i >= 8; i += 8, want += 8 * step) {
		for (differ = 0, k = 0; k < 8; k++)
			differ |= plain_word(words, i + k) ^ (want + k * step);
		if (differ)
			break;
	}
	for (; i < n && plain_word(words, i) == want; i++)
		want += step;
	return i;
}

/* The same for words of zero; 0 if the first is none */
static size_t zeros_length(const uint8_t *words, size_t n)
{
	return plain_word(words, 0) ? 0 : run_length(words, n, 0);
}

/*
 * From entry @index on, how many leaves are one for a visitor: no further than the address goes on
 * within its field and the output size, and of a contiguous run not beyond its end, as the next one
 * may be mixed. 0: the first needs a closer look.
 */
static size_t leaves_alike(const struct ranger *w, const struct table *t, const struct visit *v,
			   size_t index, size_t most, uint64_t word)
{
	uint64_t field = leaf_field(w->g, t->map_shift);
	uint64_t left = ((field - (word & field)) >> t->map_shift) + 1;
	uint64_t inside = reachable(w->g, v->leaf.oa, field) >> t->map_shift;
	size_t run = (size_t)1 << geometry_contig_shift(w->g, t->at.level);

	if (!inside || (w->g->oa_bits < 64 && v->leaf.oa >> w->g->oa_bits))
		return 0;
	if (!w->v->runs)
		return 1;
	if (v->desc.contig) {
		/* The PE takes the low address bits of a run from the input address */
		if (v->leaf.oa != v->desc.oa)
			return 1;
		left = left < run ? left : run;
		left = left < run - (index & (run - 1)) ? left : run - (index & (run - 1));
	}
	most = most < left ? most : left;
	return most < inside ? most : inside;
}

/*
 * Entry @index of the part, and those after it that are one visit with it, if it is a leaf like one
 * before. How many entries that were, with what the visitor returned in *@ret; 0 if it is not known.
 */
static size_t visit_known(struct ranger *w, struct table *t, size_t index, size_t part,
			  size_t count, size_t most, int *ret)
{
	const uint8_t *words = t->words + 8 * (index - part);
	uint64_t word = plain_word(words, 0);
	struct leaf_key key = key_of(w, t, word);
	struct leaf_memo *m = &w->memo[leaf_key_hash(&key, MEMO_SHIFT)];
	struct visit *v = &m->visit;
	size_t n;

	if (!v->event || !leaf_key_equal(&m->key, &key))
		return 0;
	v->ia = t->ia + ((uint64_t)index << t->map_shift);
	v->desc.raw.lo = word;
	v->desc.oa = m->oa | (word & leaf_field(w->g, t->map_shift));
	v->leaf.ia = v->ia;
	v->leaf.oa = ttw_oa(w->g, &v->desc, v->ia);
	n = leaves_alike(w, t, v, index, most, word);
	if (n > 1)
		n = run_length(words, n, UINT64_C(1) << t->map_shift);
	if (!n)
		return 0;
	*ret = tell_zeros(w, t);
	if (*ret)
		return n;
	v->size = (uint64_t)n << t->map_shift;
	v->count = n;
	v->index = index;
	v->word.lo = word;
	v->table_pa = t->pa;
	v->table_ipa = ipa(t->at.table);
	v->leaf_class = m->leaf_class;
	v->leaf.contig_mixed = false;
	if (v->desc.contig)
		check_run(w, t, index, part, count, v);
	*ret = tell(w, v);
	return n;
}

static int visit_next(struct ranger *w, struct table *t, struct visit *v)
{
	struct ttw next = ttw_next(w->mmu, w->p, &t->at, &v->desc);
	uint32_t choices = 0;
	int ret;

	v->next_pa = pa(next.table);
	if (ttw_table_fault(w->mmu, w->g, &v->desc, &v->fault, &choices)) {
		v->event = VISIT_FAULT;
		return tell(w, v);
	}
	if (w->v->max_tables && !w->budget) {
		w->stats->limited = true;
		v->event = VISIT_LIMIT;
		return tell(w, v);
	}
	v->event = VISIT_TABLE_PRE;
	ret = tell(w, v);
	if (ret)
		return ret == VISIT_SKIP ? 0 : ret;
	ret = visit_table(w, &next, v->ia);
	if (ret)
		return ret;
	v->event = VISIT_TABLE_POST;
	return tell(w, v);
}

static int visit_entry(struct ranger *w, struct table *t, size_t index, size_t part, size_t count)
{
	struct word word = ttw_word(w->g, t->words, index - part);
	struct visit v;
	int ret;

	if (!word.lo && !word.hi) {
		add_zeros(w, t, index, 1);
		return 0;
	}
	ret = tell_zeros(w, t);
	if (ret)
		return ret;
	visit_init(w, t, VISIT_INVALID, index, &v);
	v.word = word;
	descriptor_decode(w->g, t->at.level, word, &v.desc);
	switch (v.desc.type) {
	case DESC_INVALID:
		return tell(w, &v);
	case DESC_TABLE:
		return visit_next(w, t, &v);
	default:
		return visit_leaf(w, t, &v, part, count);
	}
}

/* ---- tables ------------------------------------------------------------------------ */

/* Read @count entries from @index on. 0, or the errno; *@denied: stage 2 faults, see w->scratch */
static int read_part(struct ranger *w, struct table *t, size_t index, size_t count, bool *denied)
{
	unsigned int desc_shift = geometry_desc_shift(w->g);
	uint64_t offset = (uint64_t)index << desc_shift;
	struct table_ref ref = {
		.stage = w->g->stage, .level = t->at.level,
		.ia = t->ia + ((uint64_t)index << t->map_shift),
		.has_ipa = w->p && ttw_two_stages(w->mmu), .ipa = ipa(t->at.table + offset),
	};
	struct source *s = w->mmu->source;
	size_t len = count << desc_shift;

	*denied = false;
	ref.pa = pa(t->at.table + offset);
	if (w->p) {
		ttw_begin(w->mmu, (struct access){ .kind = ACCESS_SHOW }, w->scratch);
		ttw_table_pa(w->mmu, w->scratch, &t->at, t->at.table + offset, false, &ref.pa);
		if (w->scratch->status == WALK_UNREADABLE)
			return w->scratch->error;
		if (w->scratch->status == WALK_FAULT) {
			*denied = true;
			return 0;
		}
	}
	t->pa = pa(ref.pa.v - offset);
	t->words = s->ops->map_table ? s->ops->map_table(s, &ref, len) : NULL;
	if (t->words)
		return 0;
	if (!t->buf)
		t->buf = malloc(PART_SIZE);
	if (!t->buf)
		return -ENOMEM;
	t->words = t->buf;
	return s->ops->read_table(s, &ref, t->buf, len);
}

static int tell_unreadable(struct ranger *w, struct table *t, size_t index, size_t count, int error)
{
	struct visit v;

	w->stats->unreadable++;
	visit_init(w, t, VISIT_UNREADABLE, index, &v);
	v.size = (uint64_t)count << t->map_shift;
	v.next_pa = v.has_ipa ? pa(t->at.table) : t->pa;
	v.error = error;
	if (!error)
		v.fault = w->scratch->fault;
	return tell(w, &v);
}

/* How many of the @n words are leaves whose output is none of the visitor's business */
static size_t elsewhere_length(const struct ranger *w, const struct table *t,
			       const uint8_t *words, size_t n)
{
	const struct geometry *g = w->g;
	bool page = t->at.level == LEVEL_FINAL;
	unsigned int shift = t->map_shift + geometry_contig_shift(g, t->at.level);
	uint64_t field = leaf_field(g, shift), low = mask64(shift - 1, 0), word, oa;
	size_t i;

	if (!page && !geometry_block_ok(g, t->at.level))
		return 0;
	for (i = 0; i < n; i++) {
		word = plain_word(words, i);
		if ((word & 3) != (page ? 3 : 1))
			break;
		/* of the largest run that it may be in */
		oa = (word & field) | descriptor_high_oa(g, word);
		if (oa <= w->v->output_last && (oa | low) >= w->v->output_first)
			break;
	}
	return i;
}

/* From entry @i on, zeros, or leaves that are known or not wanted: how many, or 0 */
static size_t visit_plain(struct ranger *w, struct table *t, size_t i, size_t part, size_t count,
			  size_t to, int *ret)
{
	const uint8_t *words = t->words + 8 * (i - part);
	size_t most = (part + count <= to ? part + count : to + 1) - i;
	size_t n = zeros_length(words, most);

	*ret = 0;
	if (n) {
		add_zeros(w, t, i, n);
		return n;
	}
	n = w->v->has_output ? elsewhere_length(w, t, words, most) : 0;
	if (!n)
		return visit_known(w, t, i, part, count, most, ret);
	*ret = tell_zeros(w, t);
	return n;
}

/* Entries [@part, @part + @count) of the table, of which [@from, @to] are wanted */
static int visit_part(struct ranger *w, struct table *t, size_t part, size_t count, size_t from,
		      size_t to)
{
	bool denied;
	size_t i, n;
	int ret;

	ret = read_part(w, t, part, count, &denied);
	if (ret || denied) {
		int told = tell_zeros(w, t);

		return told ? told : tell_unreadable(w, t, part, count, ret);
	}
	for (i = part > from ? part : from; i < part + count && i <= to; i += n) {
		n = w->plain ? visit_plain(w, t, i, part, count, to, &ret) : 0;
		if (!n) {
			n = 1;
			ret = visit_entry(w, t, i, part, count);
		}
		if (ret)
			return ret;
	}
	return 0;
}

static int visit_parts(struct ranger *w, struct table *t)
{
	size_t per_part = PART_SIZE >> geometry_desc_shift(w->g);
	uint64_t whole = w->first > t->ia ? (w->first - t->ia) >> t->map_shift : 0;
	uint64_t upto = (w->last - t->ia) >> t->map_shift;
	size_t to = upto < t->entries ? upto : t->entries - 1;
	size_t count, part;
	int ret;

	for (part = whole & ~(per_part - 1); part <= to; part += per_part) {
		if (w->v->max_tables) {
			if (!w->budget) {
				w->stats->limited = true;
				break;
			}
			w->budget -= w->budget < PART_SIZE ? w->budget : PART_SIZE;
		}
		count = t->entries - part < per_part ? t->entries - part : per_part;
		ret = visit_part(w, t, part, count, whole, to);
		if (ret)
			return ret;
	}
	return tell_zeros(w, t);
}

static int visit_table(struct ranger *w, const struct ttw *at, uint64_t ia)
{
	struct table t;
	int ret;

	t.at = *at;
	t.ia = ia;
	t.pa = pa(at->table);
	t.map_shift = geometry_map_shift(w->g, at->level);
	t.entries = geometry_entries(w->g, at->level, at->skl, at->root);
	t.run_end = 0;
	t.zeros.event = 0;
	t.buf = NULL;
	w->stats->tables++;
	ret = visit_parts(w, &t);
	free(t.buf);
	return ret;
}

/* ---- ranges of addresses ----------------------------------------------------------- */

int walk_bounds(const struct mmu *mmu, int stage, int half, uint64_t *first, uint64_t *last)
{
	const struct s1_params *p = &mmu->s1[half];
	enum fault_type type;

	if (stage == 2) {
		if (!ttw_two_stages(mmu) || ttw_s2_off_limits(&mmu->s2, &type))
			return -ENOENT;
		*first = 0;
		*last = mask64(mmu->s2.geo.ia_bits - 1, 0);
		return 0;
	}
	if (!mmu->s1_on || (half && !mmu->two_halves) || p->first > p->last ||
	    ttw_s1_off_limits(p, &type))
		return -ENOENT;
	*first = p->first;
	*last = p->last;
	return 0;
}

/* The tables themselves; the range has been checked */
static int visit_root(struct ranger *w, uint64_t high)
{
	struct ttw root = ttw_root(w->g);

	/*
	 * Entry 0 of the root translates the lowest address of its width. In AArch32 that may be
	 * more than the half: the upper one then begins further up, the lower one ends further
	 * down.
	 */
	return visit_table(w, &root, w->g->upper ? high - mask64(w->g->ia_bits - 1, 0) : 0);
}

int walk_range(const struct mmu *mmu, int stage, uint64_t first, uint64_t last,
	       const struct walk_visitor *v, struct walk_stats *stats)
{
	int half = stage == 1 ? ttw_half(mmu, first) : 0;
	struct walk_stats none;
	uint64_t low, high;
	uint32_t classes = 0;
	struct ranger *w;
	int ret;

	stats = stats ? stats : &none;
	memset(stats, 0, sizeof(*stats));
	ret = walk_bounds(mmu, stage, half, &low, &high);
	if (ret)
		return ret;
	if (first > last || first < low || last > high)
		return -EINVAL;
	w = calloc(1, sizeof(*w));
	if (!w)
		return -ENOMEM;
	w->mmu = mmu;
	w->first = first;
	w->last = last;
	w->v = v;
	w->stats = stats;
	w->classes = v->classes ? v->classes : &classes;
	w->p = stage == 1 ? &mmu->s1[half] : NULL;
	w->g = stage == 1 ? &w->p->geo : &mmu->s2.geo;
	w->plain = ttw_plain(w->g);
	w->budget = v->max_tables << w->g->granule;
	if (v->max_tables && w->budget >> w->g->granule != v->max_tables)
		w->budget = ~UINT64_C(0);
	w->scratch = malloc(sizeof(*w->scratch));
	ret = w->scratch ? visit_root(w, high) : -ENOMEM;
	free(w->scratch);
	free(w);
	return ret;
}

/* ---- both stages ------------------------------------------------------------------- */

struct both {
	const struct mmu *mmu;
	const struct walk_visitor *v;
	struct walk_result *piece;
};

/* From the IPA on, how far the answer of stage 2 holds */
static uint64_t piece_size(const struct mmu *mmu, const struct walk_result *r, uint64_t rest)
{
	const struct s2_params *p = mmu->secure && r->s1.ns ? &mmu->s2_ns : &mmu->s2;
	uint64_t size, left;

	/* Found before the first read: of this leaf, all that follows has the same fault */
	if (r->status != WALK_OK && !r->nsteps)
		return rest;
	if (r->status == WALK_OK)
		size = r->s2.run_size;
	else
		size = UINT64_C(1) << r->step[r->nsteps - 1].map_shift;
	left = size - (r->ipa.v & (size - 1));
	if (r->status == WALK_OK)
		left = reachable(&p->geo, r->s2.oa, left);
	return left < rest ? left : rest;
}

static int visit_pieces(void *arg, const struct visit *leaf)
{
	struct both *b = arg;
	struct walk_result *r = b->piece;
	unsigned int shift = leaf->desc.map_shift;
	struct visit v = *leaf;
	uint64_t done;
	int ret;

	if (leaf->event != VISIT_LEAF)
		return b->v->visit(b->v->arg, leaf);
	v.piece = r;
	for (done = 0; done < leaf->size; done += v.size) {
		ttw_begin(b->mmu, (struct access){ .kind = ACCESS_SHOW }, r);
		v.ia = leaf->ia + done;
		r->has_va = true;
		r->va = va(v.ia);
		r->half = ttw_half(b->mmu, v.ia);
		r->s1 = leaf->leaf;
		r->s1.ia = v.ia;
		r->s1.oa = leaf->leaf.oa + done;
		r->size = leaf->leaf.run_size;
		r->has_ipa = true;
		r->ipa = ipa(r->s1.oa);
		ttw_second_stage(b->mmu, r);
		v.size = piece_size(b->mmu, r, leaf->size - done);
		v.count = ((done + v.size - 1) >> shift) - (done >> shift) + 1;
		r->size = v.size;
		ret = b->v->visit(b->v->arg, &v);
		if (ret)
			return ret;
	}
	return 0;
}

int walk_both(const struct mmu *mmu, uint64_t first, uint64_t last, const struct walk_visitor *v,
	      struct walk_stats *stats)
{
	struct both b = { .mmu = mmu, .v = v };
	struct walk_visitor pieces = {
		.events = v->events, .visit = visit_pieces, .arg = &b, .max_tables = v->max_tables,
		.runs = v->runs, .classes = v->classes,
	};
	int ret;

	if (!ttw_two_stages(mmu))
		return walk_range(mmu, 1, first, last, v, stats);
	b.piece = malloc(sizeof(*b.piece));
	if (!b.piece)
		return -ENOMEM;
	ret = walk_range(mmu, 1, first, last, &pieces, stats);
	free(b.piece);
	return ret;
}

/* ---- merging ----------------------------------------------------------------------- */

void range_merge_init(struct range_merge *m, int (*emit)(void *arg, const struct map_range *range),
		      void *arg)
{
	memset(m, 0, sizeof(*m));
	m->emit = emit;
	m->arg = arg;
}

static void range_from(const struct visit *v, struct map_range *r)
{
	const struct walk_result *p = v->piece;

	memset(r, 0, sizeof(*r));
	r->stage = v->stage;
	r->ia = v->ia;
	r->size = v->size;
	r->leaves = v->count;
	r->level = v->level;
	r->leaf_class = v->piece ? 0 : v->leaf_class;
	r->leaf = v->leaf;
	r->desc = v->desc;
	r->oa = v->leaf.oa;
	r->attr = v->leaf.attr;
	r->perms = v->leaf.perms;
	if (!p)
		return;
	r->has_piece = true;
	r->ipa = p->ipa.v;
	r->oa = p->pa.v;
	r->leaf2 = p->s2;
	r->status = p->status;
	r->fault = p->fault;
	r->error = p->error;
	r->attr = p->attr;
	r->perms = p->perms;
}

uint32_t leaf_changes(const struct stage_result *a, const struct stage_result *b)
{
	uint32_t c = 0;

	if (a->done != b->done || a->level != b->level || a->size != b->size)
		c |= LEAF_LEVEL;
	if (!perms_equal(a->perms, b->perms) || a->ap != b->ap)
		c |= LEAF_RIGHTS;
	if (!memattr_equal(&a->attr, &b->attr))
		c |= LEAF_MEMORY;
	if (a->contig != b->contig || a->contig_mixed != b->contig_mixed)
		c |= LEAF_CONTIGUOUS;
	c |= a->af != b->af ? LEAF_AF : 0;
	c |= a->dbm != b->dbm ? LEAF_DBM : 0;
	c |= a->ng != b->ng ? LEAF_NG : 0;
	c |= a->gp != b->gp ? LEAF_GP : 0;
	c |= a->ns != b->ns ? LEAF_NS : 0;
	return c;
}

static bool leaf_equal(const struct stage_result *a, const struct stage_result *b)
{
	return !leaf_changes(a, b);
}

/* Do pieces have the same stage 2? What stage 2 did not reach has no output to be contiguous */
static bool piece_equal(const struct map_range *a, const struct map_range *b)
{
	if (a->has_piece != b->has_piece || a->status != b->status)
		return false;
	if (!a->has_piece)
		return true;
	if (b->ipa != a->ipa + a->size)
		return false;
	switch (a->status) {
	case WALK_FAULT:
		return a->fault.type == b->fault.type && a->fault.level == b->fault.level;
	case WALK_UNREADABLE:
		return a->error == b->error;
	default:
		return leaf_equal(&a->leaf2, &b->leaf2) && memattr_equal(&a->attr, &b->attr);
	}
}

/* range_from() where all but the addresses is there already: plain leaves of one class */
static void range_again(const struct visit *v, struct map_range *r)
{
	r->ia = v->ia;
	r->oa = v->leaf.oa;
	r->size = v->size;
	r->leaves = v->count;
	r->leaf.ia = v->leaf.ia;
	r->leaf.oa = v->leaf.oa;
	r->desc.oa = v->desc.oa;
	r->desc.raw = v->desc.raw;
}

static bool same_class(const struct map_range *a, const struct visit *v)
{
	return v->leaf_class && v->leaf_class == a->leaf_class && !v->piece;
}

static bool follows(const struct map_range *a, const struct map_range *b)
{
	if (b->ia != a->ia + a->size || a->stage != b->stage)
		return false;
	if (a->status == WALK_OK && b->oa != a->oa + a->size)
		return false;
	return piece_equal(a, b) && leaf_equal(&a->leaf, &b->leaf) &&
	       a->desc.software == b->desc.software && a->desc.pbha == b->desc.pbha;
}

int range_merge_visit(void *arg, const struct visit *v)
{
	struct range_merge *m = arg;
	struct map_range next;
	int ret;

	if (v->event != VISIT_LEAF)
		return range_merge_flush(m);
	if (m->have && same_class(&m->cur, v)) {
		if (v->ia == m->cur.ia + m->cur.size && v->leaf.oa == m->cur.oa + m->cur.size) {
			m->cur.size += v->size;
			m->cur.leaves += v->count;
			return 0;
		}
		ret = m->emit(m->arg, &m->cur);
		range_again(v, &m->cur);
		return ret;
	}
	range_from(v, &next);
	if (m->have && follows(&m->cur, &next)) {
		m->cur.size += next.size;
		m->cur.leaves += next.leaves;
		return 0;
	}
	ret = range_merge_flush(m);
	m->cur = next;
	m->have = true;
	return ret;
}

int range_merge_flush(struct range_merge *m)
{
	if (!m->have)
		return 0;
	m->have = false;
	return m->emit(m->arg, &m->cur);
}
