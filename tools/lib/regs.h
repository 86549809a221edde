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
#define FIELD_OF(layout, field, value)	\
	bits64((value), FIELD_HIGH(layout, field), FIELD_LOW(layout, field))

/*
 * The field of a register in its usual layout, 0 where the register was not given: REGF(regs,
 * TCR_EL1, T0SZ)
 */
#define REGF(regs, reg, field)		FIELD_OF(reg, field, (regs)->val[REG_##reg])

/* The same value with the field replaced */
#define FIELD_SET(layout, field, value, to)	\
	(((value) & ~FIELD_MASK(layout, field)) |	\
	 (((uint64_t)(to) << FIELD_LOW(layout, field)) & FIELD_MASK(layout, field)))

/*
 * A set of registers. One that was not given reads as 0 and is not present, so that a caller can
 * say "not given" instead of guessing. @hi is bits 127:64 of the 128-bit registers.
 */
struct regs {
	uint64_t val[REG_COUNT];
	uint64_t hi[REG_COUNT];
	uint64_t present[(REG_COUNT + 63) / 64];
	uint64_t hi_present[(REG_COUNT + 63) / 64];
	uint64_t pstate_given;		/* bits of PSTATE that were set by "PSTATE.FIELD" */
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

/*
 * AArch32 registers that are absent, from the AArch64 ones that they are architecturally mapped
 * to: how KVM keeps the state of a vCPU whose EL1 is AArch32.
 */
void regs_aarch32(struct regs *regs);

/* A TTBR that leads to @root: bits 5:2 hold address bits 51:48 where those exist */
static inline uint64_t ttbr_of_root(uint64_t root)
{
	return (root & mask64(47, 6)) | bits64(root, 51, 48) << 2;
}

/*
 * Names
 */

const char *reg_name(enum reg_id id);		/* "TCR_EL1" */
const char *reg_title(enum reg_id id);		/* "Translation Control Register (EL1)" */
bool reg_has_hi(enum reg_id id);		/* 128 bits */

/* Either case; *hi: it was "NAME_hi", bits 127:64. False if there is no such register. */
bool reg_find(const char *name, size_t len, enum reg_id *id, bool *hi);

/*
 * Give the register called @name a value. "NAME_hi" is bits 127:64, "PSTATE.PAN" and the like one
 * field of PSTATE. 0, -ENOENT: no such name, -EEXIST: it was given before, -ERANGE: more than the
 * field holds.
 */
int regs_set_name(struct regs *regs, const char *name, size_t len, uint64_t val);

/*
 * The text form: lines of NAME 0xVALUE
 */

struct regs_parser {
	/* What a caller may want to know; all may be NULL */
	/* a line after its '#' and blanks */
	void (*note)(void *arg, const char *text, size_t len);
	/* a register that this library does not know */
	void (*unknown)(void *arg, const char *name, size_t len);
	void *arg;
	/* Filled in */
	size_t known, unknowns;		/* lines */
	size_t line;			/* the one at fault, from 1 */
	char reason[96];		/* what is wrong with it */
};

/*
 * Add the registers of @text to @regs. Blank lines and '#' lines are skipped, names that are not
 * known are counted: a newer module may print more. 0, or -EINVAL and .line and .reason; @regs
 * then holds what came before that line.
 */
int regs_parse(struct regs *regs, const char *text, size_t len, struct regs_parser *p);

/*
 * Meaning
 */

enum field_kind {
	FIELD_NAMED,
	FIELD_RES0,
	FIELD_RES1,
	FIELD_UNKNOWN,		/* UNKNOWN or ignored: reads as anything */
	FIELD_IMPDEF,
};

/* The row of the table */
struct reg_field {
	const char *name;	/* NULL but for FIELD_NAMED */
	const char *what;	/* what it is about; "" for single bits, whose meaning says it */
	uint8_t high, low;
	uint8_t kind;		/* enum field_kind */
	uint8_t values;		/* private: which table words its values */
	const char *bit[2];	/* of single bits: meaning of 0 and 1 */
};

/* One field of a value */
struct field_value {
	const struct reg_field *field;
	uint64_t value;
	bool violation;		/* RES0 or RES1 that holds something else, or a reserved value */
	char meaning[96];	/* "" where there is nothing to say */
};

const char *layout_name(enum reg_layout_id layout);
/* "HCR_EL2.E2H = 1"; "" for the usual layout */
const char *layout_when(enum reg_layout_id layout);
enum reg_id layout_reg(enum reg_layout_id layout);
bool layout_is_hi(enum reg_layout_id layout);		/* bits 127:64; add 64 to bit numbers */
size_t layout_fields(enum reg_layout_id layout, const struct reg_field **fields);

/*
 * The layout that @val (and @hi) of register @id has, given the other registers @ctx (may be
 * NULL: all absent). reg_layout_hi() is LAYOUT_COUNT where the upper half is not in use.
 */
enum reg_layout_id reg_layout(enum reg_id id, uint64_t val, uint64_t hi, const struct regs *ctx);
enum reg_layout_id reg_layout_hi(enum reg_id id, uint64_t val, uint64_t hi, const struct regs *ctx);

/* Field number @i of @layout in @val; @ctx may be NULL */
void layout_decode(enum reg_layout_id layout, size_t i, uint64_t val, const struct regs *ctx,
		   struct field_value *out);

/*
 * Meaning of value @v of the field whose highest bit is @high, from a table of names; NULL:
 * reserved or no table
 */
const char *reg_value_text(enum reg_layout_id layout, unsigned int high, uint64_t v);

/* 0 if the fields cover 63:0 exactly once, else a mask of bits that they do not, or cover twice */
uint64_t fields_gap(const struct reg_field *fields, size_t n);

#endif /* MMUSCOPE_REGS_H */
