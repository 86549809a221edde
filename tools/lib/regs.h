/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Registers: their values, their fields, their text form. All of it is made from regs.def.
 */
#ifndef MMUSCOPE_REGS_H
#define MMUSCOPE_REGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "addr.h"

enum reg_id {
#define REG(reg, name)	REG_##reg,
#include "regs.def"
	REG_COUNT,
};

/* Every layout of every register; the first of each register has the register's name */
enum reg_layout_id {
#define REG(reg, name)			LAYOUT_##reg,
#define LAYOUT(layout, reg, when)	LAYOUT_##layout,
#define LAYOUT_HI(layout, reg, when)	LAYOUT_##layout,
#include "regs.def"
	LAYOUT_COUNT,
};

/* REGBIT_layout_field_HIGH and _LOW */
enum {
#define F(layout, field, high, low, values, what)	\
	REGBIT_##layout##_##field##_HIGH = (high), REGBIT_##layout##_##field##_LOW = (low),
#define B(layout, field, bit, zero, one)		\
	REGBIT_##layout##_##field##_HIGH = (bit), REGBIT_##layout##_##field##_LOW = (bit),
#include "regs.def"
};

#define FIELD_HIGH(layout, field)	((unsigned int)REGBIT_##layout##_##field##_HIGH)
#define FIELD_LOW(layout, field)	((unsigned int)REGBIT_##layout##_##field##_LOW)
#define FIELD_MASK(layout, field)	mask64(FIELD_HIGH(layout, field), FIELD_LOW(layout, field))

/* The field of a value laid out so: FIELD_OF(TCR_EL2_E2H, T1SZ, value) */
#define FIELD_OF(layout, field, value)	bits64((value), FIELD_HIGH(layout, field), FIELD_LOW(layout, field))

/* The field of a register in its usual layout, 0 where the register was not given: REGF(regs, TCR_EL1, T0SZ) */
#define REGF(regs, reg, field)		FIELD_OF(reg, field, (regs)->val[REG_##reg])

/* The same value with the field replaced */
#define FIELD_SET(layout, field, value, to)								\
	(((value) & ~FIELD_MASK(layout, field)) |							\
	 (((uint64_t)(to) << FIELD_LOW(layout, field)) & FIELD_MASK(layout, field)))

/*
 * A set of registers. One that was not given reads as 0 and is not present, so that a caller can say "not given"
 * instead of guessing. @hi is bits 127:64 of the 128-bit registers.
 */
struct regs {
	uint64_t val[REG_COUNT];
	uint64_t hi[REG_COUNT];
	uint64_t present[(REG_COUNT + 63) / 64];
	uint64_t hi_present[(REG_COUNT + 63) / 64];
};

static inline bool regs_have(const struct regs *regs, enum reg_id id)
{
	return regs->present[id / 64] >> (id % 64) & 1;
}

static inline bool regs_have_hi(const struct regs *regs, enum reg_id id)
{
	return regs->hi_present[id / 64] >> (id % 64) & 1;
}

static inline void regs_set(struct regs *regs, enum reg_id id, uint64_t val)
{
	regs->val[id] = val;
	regs->present[id / 64] |= UINT64_C(1) << (id % 64);
}

static inline void regs_set_hi(struct regs *regs, enum reg_id id, uint64_t hi)
{
	regs->hi[id] = hi;
	regs->hi_present[id / 64] |= UINT64_C(1) << (id % 64);
}

#endif /* MMUSCOPE_REGS_H */
