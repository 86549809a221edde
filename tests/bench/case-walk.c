// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random addresses, one thread: walk_va() and walk_batch() against libaddrxlat, and against the
 * least that any walk does.
 */
#include <libkdumpfile/addrxlat.h>
#include <stdlib.h>

#include "bench.h"
#include "tables.h"
#include "walk.h"

/* Addresses in a call: their answers fit into a cache */
#define BATCH	1024

struct walks {
	struct bench *b;
	struct tables s1, s2;	/* two stages: s1.word is memory that .s2 maps */
	struct machine m;
	uint64_t *va;
	size_t n;
	struct walk_result r;
	struct walk_answer answer[BATCH];
	/* libaddrxlat */
	addrxlat_ctx_t *ctx;
	addrxlat_meth_t meth;
};

/* ---- ours ------------------------------------------------------------------------------------ */

static const struct access show = { ACCESS_SHOW, false, false };

static int run_walk_va(void *arg, uint64_t *sum)
{
	struct walks *w = arg;
	size_t i;

	for (i = 0; i < w->n; i++) {
		if (walk_va(&w->m.mmu, va(w->va[i]), show, &w->r) != WALK_OK)
			return bench_wrong(w->b, "walk_va() of %#llx does not translate",
					   (unsigned long long)w->va[i]);
		*sum += w->r.pa.v;
	}
	return 0;
}

/* With @each 1 one address after the other, as walk_va(), but without the steps */
static int run_batches(struct walks *w, size_t each, uint64_t *sum)
{
	struct walk_batch *b = walk_batch_create(&w->m.mmu, WALK_FROM_VA, show);
	size_t i, k = 0, n;

	if (!b)
		return bench_wrong(w->b, "walk_batch_create(): no memory");
	for (i = 0; i < w->n; i += n) {
		n = w->n - i < each ? w->n - i : each;
		walk_batch(b, w->va + i, n, w->answer);
		for (k = 0; k < n; k++) {
			if (w->answer[k].status != WALK_OK)
				break;
			*sum += w->answer[k].pa.v;
		}
		if (k < n)
			break;
	}
	walk_batch_destroy(b);
	if (i < w->n)
		return bench_wrong(w->b, "walk_batch() of %#llx does not translate",
				   (unsigned long long)w->va[i + k]);
	return 0;
}

static int run_batch(void *arg, uint64_t *sum)
{
	return run_batches(arg, BATCH, sum);
}

static int run_single(void *arg, uint64_t *sum)
{
	return run_batches(arg, 1, sum);
}

/* ---- the peer -------------------------------------------------------------------------------- */

/* All of the image is one page: nothing is copied and libaddrxlat's cache always hits */
static addrxlat_status get_page(const addrxlat_cb_t *cb, addrxlat_buffer_t *buf)
{
	const struct walks *w = cb->priv;

	if (buf->addr.addr < w->s1.base || buf->addr.addr >= w->s1.base + w->s1.len)
		return ADDRXLAT_ERR_NODATA;
	buf->addr.addr = w->s1.base;
	buf->ptr = w->s1.word;
	buf->size = w->s1.len;
	buf->byte_order = ADDRXLAT_LITTLE_ENDIAN;
	return ADDRXLAT_OK;
}

static unsigned long read_caps(const addrxlat_cb_t *cb)
{
	(void)cb;
	return ADDRXLAT_CAPS(ADDRXLAT_MACHPHYSADDR);
}

static int peer_init(struct walks *w)
{
	addrxlat_cb_t *cb;

	w->ctx = addrxlat_ctx_new();
	cb = w->ctx ? addrxlat_ctx_add_cb(w->ctx) : NULL;
	if (!cb)
		return bench_wrong(w->b, "libaddrxlat: no memory");
	cb->priv = w;
	cb->get_page = get_page;
	cb->read_caps = read_caps;
	w->meth = (addrxlat_meth_t){
		.kind = ADDRXLAT_PGT,
		.target_as = ADDRXLAT_MACHPHYSADDR,
		.param.pgt = {
			.root = { w->s1.base, ADDRXLAT_MACHPHYSADDR },
			.pf = { ADDRXLAT_PTE_AARCH64, 5, { 12, 9, 9, 9, 9 } },
		},
	};
	return 0;
}

static int run_peer(void *arg, uint64_t *sum)
{
	struct walks *w = arg;
	addrxlat_step_t step = { .ctx = w->ctx, .meth = &w->meth };
	size_t i;

	for (i = 0; i < w->n; i++) {
		step.base.addr = w->va[i];
		if (addrxlat_walk(&step))
			return bench_wrong(w->b, "libaddrxlat: %#llx: %s",
					   (unsigned long long)w->va[i],
					   addrxlat_ctx_get_err(w->ctx));
		*sum += step.base.addr;
	}
	return 0;
}

/* ---- the limit ------------------------------------------------------------------------------- */

#define OA_MASK		UINT64_C(0x0000fffffffff000)
#define S1_PA		UINT64_C(0x200000000000)	/* two stages: of s1.word */

static inline uint64_t bare_walk(const struct tables *t, uint64_t ia)
{
	const uint64_t *table = t->word;
	uint64_t word;
	int shift;

	for (shift = 39; ; shift -= 9) {
		word = table[ia >> shift & 511];
		if (!(word & 1))
			return 0;
		if (shift == 12 || !(word & 2))
			break;
		table = t->word + ((word & OA_MASK) - t->base) / 8;
	}
	return (word & OA_MASK) | (ia & ((UINT64_C(1) << shift) - 1));
}

/* Each walk waits for the one before: its address depends on that one's result, by 0 */
static int run_bare(void *arg, uint64_t *sum)
{
	struct walks *w = arg;
	uint64_t pa = 0, zero = 0;
	size_t i;

	__asm__("" : "+r" (zero));
	for (i = 0; i < w->n; i++) {
		pa = bare_walk(&w->s1, w->va[i] ^ (pa & zero));
		*sum += pa;
	}
	return 0;
}

static inline uint64_t bare_walk_both(const struct walks *w, uint64_t va)
{
	uint64_t table = w->s1.base, word;
	int shift;

	for (shift = 39; ; shift -= 9) {
		table = bare_walk(&w->s2, table + (va >> shift & 511) * 8);
		word = w->s1.word[(table - S1_PA) / 8];
		if (!(word & 1))
			return 0;
		table = word & OA_MASK;
		if (shift == 12 || !(word & 2))
			break;
	}
	return bare_walk(&w->s2, table | (va & ((UINT64_C(1) << shift) - 1)));
}

static int run_bare_both(void *arg, uint64_t *sum)
{
	struct walks *w = arg;
	uint64_t pa = 0, zero = 0;
	size_t i;

	__asm__("" : "+r" (zero));
	for (i = 0; i < w->n; i++) {
		pa = bare_walk_both(w, w->va[i] ^ (pa & zero));
		*sum += pa;
	}
	return 0;
}

/* ---- the case -------------------------------------------------------------------------------- */

static void rate(struct walks *w, const struct variant *v, const struct variant *to,
		 const char *against, double goal)
{
	bench_row(w->b, (struct bench_row){
		.name = v->name, .unit = "M/s", .value = (double)w->n / 1e6 / v->seconds,
		.ratio = to ? to->seconds / v->seconds : 0, .against = against,
		.kind = goal ? GOAL_RATIO_MIN : GOAL_NONE, .goal = goal,
	});
}

static int one_stage(struct walks *w)
{
	struct variant v[] = {
		{ .name = "libaddrxlat", .run = run_peer, .arg = w },
		{ .name = "bare dependent loop", .run = run_bare, .arg = w },
		{ .name = "walk_va(), every step kept", .run = run_walk_va, .arg = w },
		{ .name = "walk_batch(), one address each", .run = run_single, .arg = w },
		{ .name = "walk_batch(), many", .run = run_batch, .arg = w },
	};

	if (machine_init(&w->m, &w->s1, 0, NULL))
		return bench_wrong(w->b, "no MMU");
	if (peer_init(w) || bench_measure(w->b, v, 5))
		return -1;
	rate(w, &v[0], NULL, NULL, 0);
	rate(w, &v[1], NULL, NULL, 0);
	rate(w, &v[2], &v[0], "libaddrxlat", 0);
	rate(w, &v[3], &v[0], "libaddrxlat", 1);
	rate(w, &v[4], &v[0], "libaddrxlat", 4);
	rate(w, &v[4], &v[1], "bare dependent loop", 2);
	addrxlat_ctx_decref(w->ctx);
	machine_free(&w->m);
	return 0;
}

static int two_stages(struct walks *w)
{
	struct variant v[] = {
		{ .name = "bare loop, two stages", .run = run_bare_both, .arg = w },
		{ .name = "one by one, two stages", .run = run_walk_va, .arg = w },
		{ .name = "batch, two stages", .run = run_batch, .arg = w },
	};

	if (machine_init(&w->m, &w->s1, S1_PA, &w->s2))
		return bench_wrong(w->b, "no MMU");
	if (bench_measure(w->b, v, 3))
		return -1;
	rate(w, &v[0], NULL, NULL, 0);
	rate(w, &v[1], &v[0], "bare loop, two stages", 0);
	rate(w, &v[2], &v[1], "one by one, two stages", 3);
	machine_free(&w->m);
	return 0;
}

static int make_addresses(struct walks *w)
{
	uint64_t seed = 4;
	size_t i;

	w->va = malloc(w->n * sizeof(*w->va));
	if (!w->va)
		return -1;
	for (i = 0; i < w->n; i++)
		w->va[i] = random64(&seed) & (w->s1.span - 1);
	return 0;
}

/* The tables of stage 1 become memory of the guest, in the middle of it */
static int put_behind_stage2(struct walks *w)
{
	size_t at;

	w->s1.base = w->s1.span / 2;
	w->s1.output = 0;
	tables_fill(&w->s1);
	w->s2 = (struct tables){
		.base = 0x100000000000, .span = w->s1.span, .stage = 2,
		.pattern = PATTERN_SCATTERED, .output = GIB(64),
	};
	if (tables_make(&w->s2))
		return -1;
	for (at = 0; at < w->s1.len; at += 4096)
		tables_point(&w->s2, w->s1.base + at, S1_PA + at);
	return 0;
}

static int measure(struct walks *w)
{
	int ret;

	if (make_addresses(w))
		return bench_wrong(w->b, "no memory");
	if (one_stage(w))
		return -1;
	if (put_behind_stage2(w))
		return bench_wrong(w->b, "no memory");
	ret = two_stages(w);
	tables_free(&w->s2);
	return ret;
}

static int walk(struct bench *b)
{
	struct walks *w = calloc(1, sizeof(*w));
	int ret = -1;

	if (!w)
		return bench_wrong(b, "no memory");
	w->b = b;
	w->n = b->smoke ? 1000 : 1000000;
	w->s1 = (struct tables){
		.base = 0x100000000000, .span = b->smoke ? MIB(64) : GIB(64), .stage = 1,
		.pattern = PATTERN_SCATTERED, .output = GIB(64),
	};
	if (!tables_make(&w->s1)) {
		ret = measure(w);
		tables_free(&w->s1);
	} else {
		bench_wrong(b, "no memory");
	}
	free(w->va);
	free(w);
	return ret;
}

const struct bench_case case_walk = {
	"walk", "random walks over 64 GiB mapped by pages", walk
};
