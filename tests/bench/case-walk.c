// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random addresses, one thread: walk_va() against libaddrxlat, and against the least that any walk
 * of four levels does.
 */
#include <libkdumpfile/addrxlat.h>
#include <stdlib.h>

#include "bench.h"
#include "tables.h"
#include "walk.h"

struct walks {
	struct bench *b;
	struct tables s1, s2;
	struct machine m;
	uint64_t *va;
	size_t n;
	struct walk_result r;
	/* libaddrxlat */
	addrxlat_ctx_t *ctx;
	addrxlat_meth_t meth;
};

/* ---- ours ------------------------------------------------------------------------------------ */

static int run_walk_va(void *arg, uint64_t *sum)
{
	static const struct access show = { ACCESS_SHOW, false, false };
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

/* Each walk waits for the one before: its address depends on that one's result, by 0 */
static int run_bare(void *arg, uint64_t *sum)
{
	struct walks *w = arg;
	uint64_t va, word, pa = 0, zero = 0;
	const uint64_t *table;
	int shift;
	size_t i;

	__asm__("" : "+r" (zero));
	for (i = 0; i < w->n; i++) {
		va = w->va[i] ^ (pa & zero);
		table = w->s1.word;
		for (shift = 39; ; shift -= 9) {
			word = table[va >> shift & 511];
			if (!(word & 1))
				return bench_wrong(w->b, "a hole");
			if (shift == 12 || !(word & 2))
				break;
			table = w->s1.word + ((word & OA_MASK) - w->s1.base) / 8;
		}
		pa = (word & OA_MASK) | (va & ((UINT64_C(1) << shift) - 1));
		*sum += pa;
	}
	return 0;
}

/* ---- the case -------------------------------------------------------------------------------- */

static int one_stage(struct walks *w)
{
	struct variant v[] = {
		{ .name = "libaddrxlat", .run = run_peer, .arg = w },
		{ .name = "walk_va", .run = run_walk_va, .arg = w },
		{ .name = "bare loop", .run = run_bare, .arg = w },
	};
	double n = (double)w->n / 1e6;

	if (machine_init(&w->m, &w->s1, 0, NULL))
		return bench_wrong(w->b, "no MMU");
	if (peer_init(w) || bench_measure(w->b, v, 3))
		return -1;
	bench_row(w->b, (struct bench_row){ .name = "libaddrxlat", .unit = "M/s",
		  .value = n / v[0].seconds });
	bench_row(w->b, (struct bench_row){ .name = "bare dependent loop", .unit = "M/s",
		  .value = n / v[2].seconds });
	bench_row(w->b, (struct bench_row){ .name = "one by one, stage 1", .unit = "M/s",
		  .value = n / v[1].seconds, .ratio = v[0].seconds / v[1].seconds,
		  .against = "libaddrxlat", .kind = GOAL_RATIO_MIN, .goal = 1 });
	addrxlat_ctx_decref(w->ctx);
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

static int walk(struct bench *b)
{
	struct walks *w = calloc(1, sizeof(*w));
	int ret;

	if (!w)
		return bench_wrong(b, "no memory");
	w->b = b;
	w->n = b->smoke ? 1000 : 1000000;
	w->s1 = (struct tables){
		.base = 0x100000000000, .span = b->smoke ? MIB(64) : GIB(64), .stage = 1,
		.pattern = PATTERN_SCATTERED, .output = GIB(64),
	};
	if (tables_make(&w->s1) || make_addresses(w))
		return bench_wrong(b, "no memory");
	ret = one_stage(w);
	free(w->va);
	tables_free(&w->s1);
	free(w);
	return ret;
}

const struct bench_case case_walk = {
	"walk", "random walks over 64 GiB mapped by pages", walk
};
