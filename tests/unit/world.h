/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A world for the walker: registers from text, memory of a few words.
 */
#ifndef TESTS_UNIT_WORLD_H
#define TESTS_UNIT_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "regs.h"
#include "source-vec.h"
#include "walk.h"

struct world {
	struct regs regs;
	struct source_vec mem;
	struct mmu mmu;
	struct walk_result r;
};

/* Descriptors with the least that makes them valid, readable and accessed */
#define TABLE(pa)	((uint64_t)(pa) | 3)
#define S1_LEAF		(UINT64_C(1) << 10 | 3 << 8 | 1)	/* AF, ISH, AttrIndx 0, EL1 RW */
#define S1_BLOCK(pa)	((uint64_t)(pa) | S1_LEAF)
#define S1_PAGE(pa)	((uint64_t)(pa) | S1_LEAF | 2)
/* AF, ISH, RW, WB */
#define S2_LEAF		(UINT64_C(1) << 10 | 3 << 8 | 3 << 6 | 0xf << 2 | 1)
#define S2_BLOCK(pa)	((uint64_t)(pa) | S2_LEAF)
#define S2_PAGE(pa)	((uint64_t)(pa) | S2_LEAF | 2)

/* 4K, 48-bit VAs, 48-bit PAs in both halves, MMU on; level 0 is the root */
#define REGS_S1_4K \
	"SCTLR_EL1 0x1005\nTCR_EL1 0x5b5103510\nMAIR_EL1 0xff\nHCR_EL2 0x80000000\n"
/* Stage 2: 4K, 40-bit IPAs, 48-bit PAs, start level 1, a root of two tables */
#define REGS_S2_4K \
	"HCR_EL2 0x80000001\nVTCR_EL2 0x80053558\n"

static inline void world_regs(struct world *w, const char *text)
{
	struct regs_parser p = { 0 };

	if (regs_parse(&w->regs, text, strlen(text), &p))
		fail_msg("line %zu: %s", p.line, p.reason);
	assert_int_equal(p.unknowns, 0);
}

static inline struct world *world_new(const char *text)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	source_vec_init(&w->mem);
	world_regs(w, text);
	return w;
}

static inline void world_free(struct world *w)
{
	source_vec_clear(&w->mem);
	free(w);
}

static inline void world_opt(struct world *w, enum regime regime, const struct mmu_options *opt)
{
	const char *reason;

	if (mmu_init(&w->mmu, regime, &w->regs, &w->mem.source, opt, &reason))
		fail_msg("%s", reason);
}

/* Call it after the registers are as they shall be */
static inline void world_init(struct world *w, enum regime regime)
{
	world_opt(w, regime, NULL);
}

static inline void poke(struct world *w, uint64_t pa, uint64_t value)
{
	assert_int_equal(source_vec_set(&w->mem, pa, value), 0);
}

static const struct access show = { ACCESS_SHOW, false, false };
static const struct access el1_read = { ACCESS_READ, false, false };
static const struct access el1_write = { ACCESS_WRITE, false, false };
static const struct access el1_exec = { ACCESS_EXEC, false, false };
static const struct access el0_read = { ACCESS_READ, true, false };
static const struct access el0_write = { ACCESS_WRITE, true, false };
static const struct access el0_exec = { ACCESS_EXEC, true, false };

static inline void unused_accesses(void)
{
	(void)show, (void)el1_read, (void)el1_write, (void)el1_exec;
	(void)el0_read, (void)el0_write, (void)el0_exec;
}

static inline enum walk_status ask(struct world *w, uint64_t address, struct access access)
{
	return walk_va(&w->mmu, va(address), access, &w->r);
}

#define assert_fault(w, t, s, l) do {					\
	assert_int_equal((w)->r.status, WALK_FAULT);			\
	assert_int_equal((w)->r.fault.type, t);				\
	assert_int_equal((w)->r.fault.stage, s);			\
	assert_int_equal((w)->r.fault.level, l);			\
} while (0)

#endif /* TESTS_UNIT_WORLD_H */
