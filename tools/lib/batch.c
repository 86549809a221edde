// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Many addresses at a time. A walk spends its time waiting for words; here some dozen of walks wait
 * together.
 *
 * This is no second walker. A lane goes down the tables by the functions that walk.c goes down by,
 * and knows the meaning of a leaf only from walk.c: it asks walk_va() or walk_ipa() for the first
 * address that ends in such a leaf, and takes the answer, less the addresses, for others that end in
 * a leaf of the same key. Whatever is not an ordinary success (a fault, a word that cannot be mapped, a
 * format other than plain 64-bit descriptors, a choice of the implementation on the way) is asked of
 * walk.c for each address.
 */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "ttw.h"

/* More than a core has misses under way, and few enough to stay in its nearest cache */
#define LANES		16
/* log2 of the number of each that is kept */
#define KNOWN_SHIFT	7	/* leaves */
#define PATH_SHIFT	9	/* tables of the last level but one */
#define LAST_SHIFT	6	/* of the last: of use to addresses that lie together, else they crowd the cache */
#define PAGE_SHIFT	12	/* pages of stage-1 tables above stage 2 */
#define PAGE_BITS	12

/* A lane takes some twenty steps to an answer: calls between them would be a fifth of its time */
#define STEP		static inline __attribute__((always_inline))

/* .outer of stage-2 leaves: what is translated. Above: a number of a stage-1 leaf in struct known */
#define OUTER_NONE	0	/* stage 1 */
#define OUTER_IPA	1	/* the address that was asked for */
#define OUTER_TABLE	2	/* the address of a stage-1 table */
#define OUTER_FIRST	3

/* A leaf that was met, and what walk.c said of it */
struct known {
	bool used;
	bool upper;
	struct leaf_key key;
	uint32_t outer;		/* what is above a leaf of stage 2 */
	uint32_t number;	/* of a leaf of stage 1 */
	uint64_t oa;		/* address bits not in place */
	uint64_t field;		/* those in place */
	uint64_t low;		/* bits of the input address that the output has too */
	struct walk_answer answer;	/* unless stage 2 goes on from here */
};

/* A table that was reached, by the bits of the input address that lead to it */
struct path {
	bool used;
	bool upper;
	uint64_t prefix;
	struct ttw at;
	const uint8_t *words;	/* NULL: not known; above stage 2 it is looked up by page */
};

#define PATHS	((1 << PATH_SHIFT) + (1 << LAST_SHIFT))

/* Where a page of stage-1 tables is, by its IPA */
struct page {
	uint64_t ipa;
	const uint8_t *words;	/* NULL: an empty place */
};

/*
 * What a table descriptor hands down follows, as with leaves, from its bits that are no address and
 * from what was handed down to it
 */
struct known_table {
	bool used;
	uint64_t attr;
	struct inherited above, below;
	uint64_t oa;		/* address bits not in place */
};

/* One stage of a lane */
struct descent {
	const struct geometry *g;
	const struct s1_params *p;	/* NULL: stage 2 */
	struct path *paths;
	const uint8_t *root;
	uint64_t first, last;	/* addresses that pass all tests that precede the first word; if any does, .usable */
	bool usable;
	struct known_table table[LEVELS_MAX];	/* the last of each level */
	/* what geometry.h has to say of the tables of each level */
	struct level {
		uint8_t shift;		/* log2 of what an entry maps */
		uint8_t leaf;		/* bits [1:0] of blocks, or pages; what no word has where there are none */
		uint64_t field;		/* the address bits of a leaf that are in place */
	} level[LEVELS_MAX];
	uint64_t index_mask, root_mask;
};

static const struct level *level_of(const struct descent *s, int level)
{
	return &s->level[level - LEVEL_MIN];
}

struct lane {
	size_t number;		/* of the address */
	bool two;		/* now in stage 2 */
	bool upper;
	uint32_t outer;		/* of what stage 2 is about, OUTER_* or a stage-1 leaf */
	uint64_t ipa;		/* that stage 2 translates */
	struct ttw at, at1;	/* of this stage; of stage 1 while in stage 2 */
	const uint8_t *next;	/* the word that is waited for */
};

struct walk_batch {
	const struct mmu *mmu;
	enum walk_from from;
	struct access access;
	const uint64_t *address;
	size_t n, next;		/* how many, and which is the next to start */
	struct walk_answer *answer;
	bool two_stages, two_halves;
	bool suits;		/* lanes are of use */
	uint32_t numbers;
	struct descent s1[2], s2;
	/* the part of memory that the last table lay in; empty where the source knows of none */
	const uint8_t *region;
	uint64_t region_first, region_last;
	struct known known[1 << KNOWN_SHIFT];
	struct path path1[PATHS], path2[PATHS];
	struct page page[1 << PAGE_SHIFT];
	struct walk_result *walk;
	struct lane lane[LANES];
};

/* What became of a lane: it waits for a word, or it is done */
enum progress { LANE_WAITS, LANE_DONE };

/* ---- the walk of one address ------------------------------------------------------- */

static void take_answer(const struct walk_result *r, struct walk_answer *a)
{
	*a = (struct walk_answer){
		.status = r->status, .error = r->error, .fault = r->fault,
		.has_ipa = r->has_ipa, .has_pa = r->has_pa, .ipa = r->ipa, .pa = r->pa,
		.size = r->size, .level1 = r->s1.level, .level2 = r->s2.level,
		.done1 = r->s1.done, .done2 = r->s2.done,
		.attr = r->attr, .perms = r->perms, .choices = r->choices,
	};
}

static enum progress ask(struct walk_batch *b, const struct lane *l)
{
	uint64_t address = b->address[l->number];

	if (b->from == WALK_FROM_VA)
		walk_va(b->mmu, va(address), b->access, b->walk);
	else
		walk_ipa(b->mmu, ipa(address), b->access, b->walk);
	take_answer(b->walk, &b->answer[l->number]);
	return LANE_DONE;
}

/* ---- leaves ------------------------------------------------------------------------ */

static struct known *known_of(struct walk_batch *b, const struct leaf_key *key, uint32_t outer)
{
	unsigned int at = leaf_key_hash(key, KNOWN_SHIFT) ^ (outer * 37);

	return &b->known[at & ((1 << KNOWN_SHIFT) - 1)];
}

static struct leaf_key key_of(const struct descent *s, const struct ttw *at, uint64_t word)
{
	return (struct leaf_key){
		.attr = word & ~level_of(s, at->level)->field,
		.level = at->level, .inherited = at->inherited,
	};
}

static void keep(struct walk_batch *b, const struct lane *l, const struct descent *s,
		 const struct leaf_key *key, const struct descriptor *d, uint32_t outer)
{
	struct known *k = known_of(b, key, outer);
	uint64_t field = leaf_field(s->g, d->map_shift);
	struct descriptor none = *d;

	/* Output 0 and every bit of the input: what is left is what the input hands on */
	none.oa = 0;
	*k = (struct known){
		.used = true, .upper = l->upper, .key = *key, .outer = outer, .oa = d->oa & ~field,
		.field = field, .low = ttw_oa(s->g, &none, ~UINT64_C(0)), .number = b->numbers,
	};
	if (outer == OUTER_NONE)
		b->numbers++;
	take_answer(b->walk, &k->answer);
}

/* The last word of a stage that walk.c read is the one that the lane has, and it succeeded */
static bool confirms(const struct walk_batch *b, int leaf, uint64_t word)
{
	return b->walk->status == WALK_OK && leaf >= 0 && b->walk->step[leaf].word.lo == word;
}

/*
 * A leaf that is not known: walk.c answers for this address, and for the next ones if the answer rests
 * on nothing but the leaf. Hardware that sets the Access flag asks stage 2 about the very word.
 */
static enum progress learn(struct walk_batch *b, const struct lane *l, const struct descent *s,
			   const struct leaf_key *key, uint64_t word)
{
	struct descriptor d;
	bool sets_af;

	descriptor_decode(s->g, l->at.level, (struct word){ word, 0 }, &d);
	ask(b, l);
	sets_af = !d.af && b->access.kind != ACCESS_SHOW;
	if (!sets_af && confirms(b, s->p ? b->walk->s1.leaf : b->walk->s2.leaf, word))
		keep(b, l, s, key, &d, s->p ? OUTER_NONE : l->outer);
	return LANE_DONE;
}

/* Output address of a known leaf; false where it is beyond the output size */
STEP bool output(const struct geometry *g, const struct known *k, uint64_t word, uint64_t ia, uint64_t *oa)
{
	*oa = ((k->oa | (word & k->field)) & ~k->low) | (ia & k->low);
	return g->oa_bits >= 64 || !(*oa >> g->oa_bits);
}

/* ---- going down -------------------------------------------------------------------- */

static const uint8_t *map_elsewhere(struct walk_batch *b, const struct geometry *g,
				    const struct ttw *at, uint64_t pa_, size_t len)
{
	const struct table_ref ref = { .stage = g->stage, .level = at->level, .pa = pa(pa_) };
	struct source *src = b->mmu->source;
	struct pa first, last;
	const void *region;

	region = src->ops->map_region ? src->ops->map_region(src, ref.pa, &first, &last) : NULL;
	if (region) {
		b->region = region;
		b->region_first = first.v;
		b->region_last = last.v;
	}
	return src->ops->map_table(src, &ref, len);
}

STEP const uint8_t *map_words(struct walk_batch *b, const struct geometry *g, const struct ttw *at,
			      uint64_t pa_, size_t len)
{
	if (pa_ >= b->region_first && pa_ <= b->region_last && b->region_last - pa_ >= len - 1)
		return b->region + (pa_ - b->region_first);
	return map_elsewhere(b, g, at, pa_, len);
}

/* Tables of the last two levels are kept */
static struct path *path_of(const struct descent *s, const struct ttw *at, bool upper, uint64_t ia,
			    uint64_t *prefix)
{
	uint64_t hash;

	*prefix = ia >> level_of(s, at->level - 1)->shift;
	hash = (*prefix ^ (uint64_t)upper << 63) * UINT64_C(0x9e3779b97f4a7c15);
	if (at->level == LEVEL_FINAL)
		return &s->paths[(1 << PATH_SHIFT) + (hash >> (64 - LAST_SHIFT))];
	return &s->paths[hash >> (64 - PATH_SHIFT)];
}

/*
 * Will the table of the last level that @l came to be of use again? Addresses that lie together come
 * together; to remember a table for each of those that do not would be much work for nothing.
 */
STEP bool worth_keeping(const struct walk_batch *b, const struct descent *s, const struct lane *l,
			uint64_t ia)
{
	if (l->at.level < LEVEL_FINAL || (l->two && b->from == WALK_FROM_VA))
		return true;
	return b->next < b->n && !((b->address[b->next] ^ ia) >> level_of(s, LEVEL_FINAL - 1)->shift);
}

/* Remember the table that @l came to, and where its words are, which is returned if it is known */
STEP const uint8_t *keep_path(struct walk_batch *b, const struct descent *s,
				const struct lane *l, uint64_t ia)
{
	bool by_page = s->p && b->two_stages;
	uint64_t prefix;
	struct path *path;

	if (l->at.level < LEVEL_FINAL - 1 || !worth_keeping(b, s, l, ia))
		return NULL;
	path = path_of(s, &l->at, l->upper, ia, &prefix);
	path->used = true;
	path->upper = l->upper;
	path->prefix = prefix;
	path->at = l->at;
	path->words = by_page ? NULL : map_words(b, s->g, &l->at, l->at.table,
						 (size_t)1 << s->g->granule);
	return path->words;
}

/* The lowest table for @ia that is known, else the root */
STEP const struct path *find_path(const struct descent *s, bool upper, uint64_t ia)
{
	const struct path *path;
	struct ttw at = { .level = LEVEL_FINAL };
	uint64_t prefix;

	for (; at.level >= LEVEL_FINAL - 1 && at.level > s->g->start_level; at.level--) {
		path = path_of(s, &at, upper, ia, &prefix);
		if (path->used && path->upper == upper && path->prefix == prefix)
			return path;
	}
	return NULL;
}

static enum progress start_s2(struct walk_batch *b, struct lane *l, uint64_t ipa, uint32_t outer);

static enum progress wait_for(struct lane *l, const uint8_t *word)
{
	l->next = word;
	__builtin_prefetch(word);
	return LANE_WAITS;
}

/* The word of the table l->at for @ia; @words is the table, if that is known */
STEP enum progress go_on(struct walk_batch *b, struct lane *l, const struct descent *s, uint64_t ia,
			   const uint8_t *words)
{
	uint64_t index = ia >> level_of(s, l->at.level)->shift;
	size_t offset = (index & (l->at.root ? s->root_mask : s->index_mask)) * 8;
	uint64_t at = l->at.table + offset;
	const struct page *page;

	if (words)
		return wait_for(l, words + offset);
	if (!s->p || !b->two_stages) {
		words = map_words(b, s->g, &l->at, at, 8);
		return words ? wait_for(l, words) : ask(b, l);
	}
	page = &b->page[(at >> PAGE_BITS) & ((1 << PAGE_SHIFT) - 1)];
	if (page->words && page->ipa == at >> PAGE_BITS)
		return wait_for(l, page->words + (at & mask64(PAGE_BITS - 1, 0)));
	l->at1 = l->at;
	return start_s2(b, l, at, OUTER_TABLE);
}

STEP enum progress start(struct walk_batch *b, struct lane *l, const struct descent *s, uint64_t ia)
{
	const struct path *path = find_path(s, l->upper, ia);

	l->at = path ? path->at : ttw_root(s->g);
	if (l->at.unknown)
		return ask(b, l);
	return go_on(b, l, s, ia, path ? path->words : s->root);
}

static enum progress start_s2(struct walk_batch *b, struct lane *l, uint64_t ipa, uint32_t outer)
{
	enum fault_type type;

	if ((ipa < b->s2.first || ipa > b->s2.last) && ttw_s2_precheck(&b->mmu->s2, ipa, &type))
		return ask(b, l);
	l->two = true;
	l->ipa = ipa;
	l->outer = outer;
	return start(b, l, &b->s2, ipa);
}

STEP enum progress start_lane(struct walk_batch *b, struct lane *l)
{
	size_t number = b->next++;
	uint64_t address = b->address[number];
	const struct descent *s;
	enum fault_type type;

	l->number = number;
	l->two = false;
	l->upper = false;
	if (b->from == WALK_FROM_IPA)
		return b->two_stages ? start_s2(b, l, address, OUTER_IPA) : ask(b, l);
	l->upper = b->two_halves && (address >> 55 & 1);
	s = &b->s1[l->upper];
	if ((address < s->first || address > s->last) &&
	    (!s->usable || ttw_s1_precheck(b->mmu, s->p, address, b->access, &type)))
		return ask(b, l);
	return start(b, l, s, address);
}

/* ---- words ------------------------------------------------------------------------- */

/* Stage 2 has the place of a stage-1 word: back to stage 1 */
static enum progress table_found(struct walk_batch *b, struct lane *l, uint64_t pa_)
{
	uint64_t low = mask64(PAGE_BITS - 1, 0);
	struct page *page = &b->page[(l->ipa >> PAGE_BITS) & ((1 << PAGE_SHIFT) - 1)];
	const uint8_t *words;

	l->at = l->at1;
	l->two = false;
	words = map_words(b, b->s1[l->upper].g, &l->at, pa_ & ~low, (size_t)1 << PAGE_BITS);
	if (!words)
		return ask(b, l);
	*page = (struct page){ l->ipa >> PAGE_BITS, words };
	return wait_for(l, words + (pa_ & low));
}

/* The same for a leaf of stage 2 that was not met under a stage-1 table */
static enum progress learn_table(struct walk_batch *b, struct lane *l, const struct leaf_key *key,
				 uint64_t word)
{
	struct pa pa_;

	ttw_begin(b->mmu, b->access, b->walk);
	if (ttw_table_pa(b->mmu, b->walk, &l->at1, l->ipa, false, &pa_) != WALK_OK ||
	    (b->walk->choices & ~b->mmu->s2.choices))
		return ask(b, l);
	if (confirms(b, (int)b->walk->nsteps - 1, word))
		keep(b, l, &b->s2, key, &b->walk->step[b->walk->nsteps - 1].desc, OUTER_TABLE);
	return table_found(b, l, pa_.v);
}

static enum progress answer_s1(struct walk_batch *b, struct lane *l, const struct known *k, uint64_t oa)
{
	struct walk_answer *a = &b->answer[l->number];

	if (b->two_stages)
		return start_s2(b, l, oa, k->number);
	*a = k->answer;
	a->pa = pa(oa);
	return LANE_DONE;
}

static enum progress answer_s2(struct walk_batch *b, struct lane *l, const struct known *k, uint64_t oa)
{
	struct walk_answer *a = &b->answer[l->number];

	if (l->outer == OUTER_TABLE)
		return table_found(b, l, oa);
	*a = k->answer;
	a->ipa = ipa(l->ipa);
	a->pa = pa(oa);
	return LANE_DONE;
}

STEP enum progress take_leaf(struct walk_batch *b, struct lane *l, const struct descent *s,
			       uint64_t ia, uint64_t word)
{
	struct leaf_key key = key_of(s, &l->at, word);
	uint32_t outer = s->p ? OUTER_NONE : l->outer;
	const struct known *k = known_of(b, &key, outer);
	uint64_t oa;

	if (!k->used || k->outer != outer || k->upper != l->upper ||
	    !leaf_key_equal(&k->key, &key))
		return outer == OUTER_TABLE ? learn_table(b, l, &key, word) :
					      learn(b, l, s, &key, word);
	if (!output(s->g, k, word, ia, &oa))
		return ask(b, l);
	return s->p ? answer_s1(b, l, k, oa) : answer_s2(b, l, k, oa);
}

/* l->at becomes the table that @word names; false: there is none, or more is to be said of it */
STEP bool next_table(const struct walk_batch *b, struct lane *l, struct descent *s, uint64_t word)
{
	struct known_table *t = &s->table[l->at.level - LEVEL_MIN];
	uint64_t field = leaf_field(s->g, s->g->granule);
	struct ttw above = l->at;
	struct walk_fault fault;
	uint32_t choices = 0;
	struct descriptor d;

	if (t->used && t->attr == (word & ~field) &&
	    inherited_equal(&t->above, &above.inherited) &&
	    (s->g->oa_bits >= 64 || !((t->oa | (word & field)) >> s->g->oa_bits))) {
		l->at.level++;
		l->at.table = t->oa | (word & field);
		l->at.root = false;
		l->at.inherited = t->below;
		return true;
	}
	descriptor_decode(s->g, above.level, (struct word){ word, 0 }, &d);
	if (d.type != DESC_TABLE || ttw_table_fault(b->mmu, s->g, &d, &fault, &choices) || choices)
		return false;
	if (s->p && ttw_sets_table_af(b->mmu, s->p, b->access, &d))
		return false;
	l->at = ttw_next(b->mmu, s->p, &above, &d);
	*t = (struct known_table){
		.used = true, .attr = word & ~field, .above = above.inherited,
		.below = l->at.inherited, .oa = d.oa & ~field,
	};
	return true;
}

/* The word has come: into the next table, or out at a leaf */
STEP enum progress take(struct walk_batch *b, struct lane *l)
{
	struct descent *s = l->two ? &b->s2 : &b->s1[l->upper];
	uint64_t ia = l->two ? l->ipa : b->address[l->number], word;

	memcpy(&word, l->next, 8);
	word = le64toh(word);
	if ((word & 3) == level_of(s, l->at.level)->leaf)
		return take_leaf(b, l, s, ia, word);
	if (!next_table(b, l, s, word))
		return ask(b, l);
	return go_on(b, l, s, ia, keep_path(b, s, l, ia));
}

/* ---- all of them ------------------------------------------------------------------- */

static void init_stage(struct walk_batch *b, struct descent *s, int half)
{
	struct ttw root = ttw_root(s->g);
	struct level *l;
	int level;

	if (!ttw_plain(s->g) || s->g->no_root ||
	    walk_bounds(b->mmu, s->p ? 1 : 2, half, &s->first, &s->last)) {
		/* no address: each is asked of walk.c */
		s->first = 1;
		s->last = 0;
		s->usable = s->p && b->mmu->s1_on && ttw_plain(s->g);
		return;
	}
	s->usable = true;
	for (level = s->g->start_level; level <= LEVEL_FINAL; level++) {
		l = &s->level[level - LEVEL_MIN];
		l->shift = geometry_map_shift(s->g, level);
		l->leaf = level == LEVEL_FINAL ? 3 : geometry_block_ok(s->g, level) ? 1 : 0xff;
		l->field = leaf_field(s->g, l->shift);
	}
	s->index_mask = geometry_entries(s->g, LEVEL_FINAL, 0, false) - 1;
	s->root_mask = geometry_entries(s->g, s->g->start_level, 0, true) - 1;
	/* E0PD asks who wants to know, and stage 1 above stage 2 has no PAs of its own */
	if (s->p && s->p->e0pd) {
		s->first = 1;
		s->last = 0;
	}
	if (!s->p || !b->two_stages)
		s->root = map_words(b, s->g, &root, s->g->root,
				    geometry_entries(s->g, s->g->start_level, 0, true) * 8);
}

/* The root of each stage is mapped once */
static void init_stages(struct walk_batch *b)
{
	const struct mmu *mmu = b->mmu;
	b->s1[0] = (struct descent){ .g = &mmu->s1[0].geo, .p = &mmu->s1[0], .paths = b->path1 };
	b->s1[1] = (struct descent){ .g = &mmu->s1[1].geo, .p = &mmu->s1[1], .paths = b->path1 };
	b->s2 = (struct descent){ .g = &mmu->s2.geo, .paths = b->path2 };
	init_stage(b, &b->s1[0], 0);
	init_stage(b, &b->s1[1], 1);
	init_stage(b, &b->s2, 0);
}

/* Can lanes be of use at all? */
static bool suits(const struct walk_batch *b)
{
	return b->mmu->source->ops->map_table && !b->mmu->secure && !b->mmu->aarch32 &&
	       (!b->two_stages || ttw_plain(&b->mmu->s2.geo));
}

/* The next address that has to wait; false: there is none */
static bool refill(struct walk_batch *b, struct lane *l)
{
	while (b->next < b->n)
		if (start_lane(b, l) == LANE_WAITS)
			return true;
	return false;
}

static void run_lanes(struct walk_batch *b)
{
	size_t running = 0, i;

	while (running < LANES && refill(b, &b->lane[running]))
		running++;
	while (running) {
		for (i = 0; i < running;) {
			if (take(b, &b->lane[i]) == LANE_WAITS || refill(b, &b->lane[i]))
				i++;
			else
				b->lane[i] = b->lane[--running];
		}
	}
}

struct walk_batch *walk_batch_create(const struct mmu *mmu, enum walk_from from,
				     struct access access)
{
	struct walk_batch *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->walk = malloc(sizeof(*b->walk));
	if (!b->walk) {
		free(b);
		return NULL;
	}
	b->mmu = mmu;
	b->from = from;
	b->access = access;
	b->two_stages = ttw_two_stages(mmu);
	b->two_halves = mmu->two_halves;
	b->numbers = OUTER_FIRST;
	b->region_first = 1;	/* to 0: none */
	b->suits = suits(b);
	if (b->suits)
		init_stages(b);
	return b;
}

void walk_batch_destroy(struct walk_batch *b)
{
	if (b)
		free(b->walk);
	free(b);
}

void walk_batch(struct walk_batch *b, const uint64_t *address, size_t n, struct walk_answer *answer)
{
	struct lane l = { 0 };

	b->address = address;
	b->answer = answer;
	b->n = n;
	b->next = 0;
	if (b->suits)
		run_lanes(b);
	else
		for (; l.number < n; l.number++)
			ask(b, &l);
}
