// SPDX-License-Identifier: GPL-2.0-only
/*
 * gen SEED FIRST COUNT FILE: random translation cases.
 * gen SEED FIRST            prints how many bits the emulator's window of high
 *                           memory has to have for them.
 *
 * A case is built the way an operating system would build it: registers first,
 * then the descriptors along the path of one address, stage 1 tables being
 * mapped by stage 2 where that is on; everything that the architecture leaves
 * to software is random, and now and then something is made wrong on purpose.
 * What a case means is not computed here: the emulator's MMU says it. Case N of
 * a seed is the same whatever the range that is asked for.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "gen.h"

const char *const family_names[] = {
	[BASE] = "base", [ATTR] = "attr", [PERM] = "perm", [FAULT] = "fault",
	[REGIMES] = "regimes", [PIE] = "pie", [AARCH32] = "aarch32",
};

static const struct knobs family_knobs[FAMILIES] = {
	[BASE] = { 400,
		   .stage2 = 600,
		   .fwb = 300,
		   .dc = 20,
		   .cd = 10,
		   .ptw = 20,
		   .cache_off = 5,
		   .mmu_off = 10,
		   .device2 = 15,
		   .any_mair = 100,
		   .wrong = 6,
		   .no_af = 12,
		   .hierarchy = 80,
		   .closed = 120,
		   .pan_op = 80,
		   .haf = 300,
		   .dbm = 80,
		   .pie = 80,
		   .aie = 50,
		   .s2pie = 40,
		   .big_endian = 20 },
	[ATTR] = { 150, .stage2 = 880, .fwb = 400, .dc = 80, .cd = 50, .ptw = 60, .cache_off = 50,
		   .mmu_off = 20, .device2 = 120, .any_mair = 600, .wrong = 2, .no_af = 3,
		   .hierarchy = 10, .closed = 20, .haf = 100, .dbm = 20, .pie = 50, .aie = 150,
		   .s2pie = 50 },
	[PERM] = { 160, .stage2 = 500, .fwb = 200, .dc = 10, .wrong = 1, .no_af = 10,
		   .hierarchy = 220, .closed = 400, .pan_op = 400, .nv1 = 60, .haf = 400,
		   .dbm = 200, .device2 = 5 },
	[FAULT] = { 130, .stage2 = 650, .fwb = 200, .dc = 10, .ptw = 20, .wrong = 45, .no_af = 60,
		    .hierarchy = 60, .closed = 150, .pan_op = 50, .haf = 200, .dbm = 40, .pie = 30,
		    .s2pie = 30, .device2 = 5 },
	[REGIMES] = { 80, .stage2 = 100, .fwb = 200, .mmu_off = 120, .cache_off = 10, .wrong = 6,
		      .no_af = 15, .hierarchy = 80, .closed = 100, .pan_op = 120, .haf = 250,
		      .dbm = 40, .pie = 200, .aie = 100, .s2pie = 30, .big_endian = 200,
		      .device2 = 5, .any_mair = 100 },
	[PIE] = { 50, .stage2 = 580, .fwb = 200, .wrong = 3, .no_af = 12, .hierarchy = 80,
		  .closed = 300, .pan_op = 250, .haf = 400, .dbm = 300, .pie = 850, .aie = 350,
		  .s2pie = 600, .device2 = 5 },
	[AARCH32] = { 30, .stage2 = 560, .fwb = 100, .wrong = 20, .no_af = 40, .hierarchy = 80,
		      .closed = 120, .big_endian = 30 },
};

/* splitmix64: the state is a counter, so any case can be reached at once */
uint64_t next(struct gen *g)
{
	uint64_t z = g->random += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

uint64_t below(struct gen *g, uint64_t n)
{
	return (next(g) >> 11) % n;
}

uint64_t bits(struct gen *g, int n)
{
	return n ? next(g) >> (64 - n) : 0;
}

int often(struct gen *g, int per_mille)
{
	return below(g, 1000) < (uint64_t)per_mille;
}

int wrong(struct gen *g)
{
	return often(g, g->k->wrong);
}

uint64_t *reg(struct gen *g, int which)
{
	return &g->c->reg[g->sctlr + which];
}

static uint64_t pick_hcr_el1(struct gen *g)
{
	const struct knobs *k = g->k;
	uint64_t hcr = HCR_RW;

	if (often(g, k->stage2))
		hcr |= HCR_VM;
	if (often(g, k->dc))
		hcr |= HCR_DC;
	if (often(g, k->cd))
		hcr |= HCR_CD;
	if (often(g, k->cd * 2))
		hcr |= HCR_ID;
	if (often(g, k->ptw) && (hcr & HCR_VM || often(g, 50)))
		hcr |= HCR_PTW;
	if (often(g, k->fwb))
		hcr |= HCR_FWB;
	if (often(g, k->nv1))
		hcr |= HCR_NV | HCR_NV1;
	/* E2H without TGE changes nothing for EL1&0, TGE without E2H turns its stage 1 off */
	if (often(g, 100))
		hcr |= HCR_E2H;
	else if (g->c->family == REGIMES && !(hcr & (HCR_VM | HCR_DC)) && often(g, 150))
		hcr |= HCR_TGE;
	return hcr;
}

static const uint8_t el1_ops[] = { S1E1R, S1E1W, S1E0R, S1E0W, S12E1R, S12E1W, S12E0R, S12E0W };
static const uint8_t host_ops[] = { S1E1R, S1E1W, S1E0R,  S1E0W,  S1E2R,  S1E2W,
				    S1E2R, S1E2W, S12E1R, S12E1W, S12E0R, S12E0W };

static void pick_pan(struct gen *g)
{
	if (!often(g, g->k->pan_op))
		return;
	g->c->op = often(g, 500) ? S1E1RP : S1E1WP;
	g->c->pan = often(g, 750);
}

static void make_el1_case(struct gen *g)
{
	g->sctlr = R_SCTLR_EL1;
	g->two_ranges = 1;
	g->half = bits(g, 1);
	g->c->op = PICK(g, el1_ops);
	pick_pan(g);
	g->c->reg[R_HCR_EL2] = pick_hcr_el1(g);
	make_s2(g);
	make_s1(g);
	make_tables(g);
}

/* EL2 with one range of addresses, or EL2&0 with two */
static void make_el2_case(struct gen *g)
{
	g->sctlr = R_SCTLR_EL2;
	g->c->op = often(g, 500) ? S1E2R : S1E2W;
	g->c->reg[R_HCR_EL2] = HCR_RW;
	if (often(g, 600)) {
		g->two_ranges = 1;
		g->half = bits(g, 1);
		g->c->reg[R_HCR_EL2] |= HCR_E2H;
		if (often(g, 650)) {
			g->c->reg[R_HCR_EL2] |= HCR_TGE;
			g->c->op = PICK(g, host_ops);
			pick_pan(g);
		}
	}
	/* Stage 2 and DC are for EL1&0 alone */
	if (often(g, 200)) {
		g->c->reg[R_HCR_EL2] |= PICK(
			g, ((const uint64_t[]) { HCR_VM, HCR_DC, HCR_VM | HCR_FWB | HCR_PTW }));
		g->c->reg[R_VTCR_EL2] = next(g) & MASK(33);
		g->c->reg[R_VTTBR_EL2] = next(g);
	}
	make_s1(g);
	make_tables(g);
}

static void pick_family(struct gen *g)
{
	int n = below(g, 1000), i = 0;

	while (n >= family_knobs[i].share)
		n -= family_knobs[i++].share;
	g->c->family = i;
	g->k = &family_knobs[i];
}

/*
 * Each batch of this many has its high memory somewhere else. The emulator has
 * to be told how many bits it takes.
 */
#define BATCH	25000

static int high_bits(uint64_t seed, uint64_t number)
{
	/* Bits 51:48 have forms of their own: two of any four batches in a row use them */
	static const int n[] = { 51, 44, 49, 39, 50, 47, 48, 41 };

	return n[(seed + number / BATCH) % ARRAY_SIZE(n)];
}

static uint64_t high_address(uint64_t seed, uint64_t number)
{
	struct gen g = { .random = seed ^ (number / BATCH) << 32 };
	int n = high_bits(seed, number);

	return BIT(n) + (bits(&g, n) & ~(HIGH_SIZE - 1));
}

static void try_case(struct gen *g, uint64_t seed, uint64_t number, uint64_t random)
{
	memset(g, 0, sizeof(*g));
	g->high = high_address(seed, number);
	g->c = &g->f.c;
	g->c->id = number;
	g->random = random;
	pick_family(g);
	if (g->c->family == AARCH32)
		make_aarch32_case(g);
	else if (g->c->family == REGIMES && often(g, 850))
		make_el2_case(g);
	else
		make_el1_case(g);
}

/* A case whose tables would lie outside of memory cannot be asked: another takes its place */
static void make_case(struct gen *g, uint64_t seed, uint64_t number)
{
	/* Two rounds apart: neighbouring seeds and numbers share nothing */
	g->random = seed;
	g->random = next(g) ^ (number * 0xd1342543de82ef95ULL);
	do
		try_case(g, seed, number, next(g));
	while (g->lost);
}

static uint64_t number(const char *s)
{
	char *end;
	uint64_t n;

	errno = 0;
	n = strtoull(s, &end, 0);
	if (errno || *end || end == s) {
		fprintf(stderr, "gen: %s is not a number\n", s);
		exit(2);
	}
	return n;
}

int main(int argc, char **argv)
{
	static struct gen g;
	struct batch b;
	uint64_t seed, i, first, count;
	FILE *out;

	if (argc != 5 && argc != 3) {
		fputs("usage: gen SEED FIRST [COUNT FILE]\n", stderr);
		return 2;
	}
	seed = number(argv[1]);
	first = number(argv[2]);
	if (argc == 3) {
		printf("%d\n", high_bits(seed, first));
		return 0;
	}
	count = number(argv[3]);
	if (first / BATCH != (first + count - 1) / BATCH) {
		fprintf(stderr, "gen: these cases are of different batches of %d\n", BATCH);
		return 2;
	}
	out = fopen(argv[4], "wb");
	if (!out) {
		fprintf(stderr, "gen: cannot write %s: %s\n", argv[4], strerror(errno));
		return 3;
	}
	start_batch(out, &b);
	b.high = high_address(seed, first);
	for (i = first; i < first + count; i++) {
		make_case(&g, seed, i);
		write_case(out, &g.f, &b);
	}
	end_batch(out, &b);
	return 0;
}
