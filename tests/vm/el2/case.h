/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One translation case, as it passes between the generator (native) and the
 * program inside the emulator (arm64). Both are little-endian, and every
 * member has a fixed width.
 *
 * A file of cases is a struct batch and then one record a case: a struct tcase
 * followed by its `words` table words. The answers are a file of struct answer,
 * in the same order.
 */
#ifndef EL2_CASE_H
#define EL2_CASE_H

#include <stdint.h>

/* Where the emulator's memory has what; tables lie above TABLES_START */
#define RAM_START	0x40000000ULL
#define CASES_ADDR	0x44000000ULL
#define TABLES_START	0x60000000ULL
#define RAM_END		0x100000000ULL

/*
 * Memory for tables at addresses that no machine of a usual size has: a device's
 * RAM, which the program moves to wherever a batch wants it, in a window of 39
 * to 51 bits (the window of n bits starts at address 1 << n).
 */
#define HIGH_SIZE	0x4000000ULL

#define BATCH_MAGIC	0x3154414d4d554d4dULL

/*
 * The registers of a case: name, and op0_op1_CRn_CRm_op2 as the assembler takes
 * it, because Debian 12's knows few of the newer names.
 */
#define CASE_REGISTERS(X)			\
	X(SCTLR_EL1,	S3_0_C1_C0_0)		\
	X(TCR_EL1,	S3_0_C2_C0_2)		\
	X(TCR2_EL1,	S3_0_C2_C0_3)		\
	X(TTBR0_EL1,	S3_0_C2_C0_0)		\
	X(TTBR1_EL1,	S3_0_C2_C0_1)		\
	X(MAIR_EL1,	S3_0_C10_C2_0)		\
	X(MAIR2_EL1,	S3_0_C10_C2_1)		\
	X(PIRE0_EL1,	S3_0_C10_C2_2)		\
	X(PIR_EL1,	S3_0_C10_C2_3)		\
	X(SCTLR_EL2,	S3_4_C1_C0_0)		\
	X(TCR_EL2,	S3_4_C2_C0_2)		\
	X(TCR2_EL2,	S3_4_C2_C0_3)		\
	X(TTBR0_EL2,	S3_4_C2_C0_0)		\
	X(TTBR1_EL2,	S3_4_C2_C0_1)		\
	X(MAIR_EL2,	S3_4_C10_C2_0)		\
	X(MAIR2_EL2,	S3_4_C10_C1_1)		\
	X(PIRE0_EL2,	S3_4_C10_C2_2)		\
	X(PIR_EL2,	S3_4_C10_C2_3)		\
	X(VTCR_EL2,	S3_4_C2_C1_2)		\
	X(VTTBR_EL2,	S3_4_C2_C1_0)		\
	X(S2PIR_EL2,	S3_4_C10_C2_5)		\
	X(DACR32_EL2,	S3_4_C3_C0_0)		\
	X(HCRX_EL2,	S3_4_C1_C2_2)		\
	X(HCR_EL2,	S3_4_C1_C1_0)

enum case_register {
#define X(name, encoding) R_##name,
	CASE_REGISTERS(X)
#undef X
	R_COUNT
};

enum case_op {
	S1E1R, S1E1W, S1E0R, S1E0W, S12E1R, S12E1W, S12E0R, S12E0W,
	S1E2R, S1E2W, S1E1RP, S1E1WP,
	OP_COUNT,
	OP_NONE,	/* an instruction fetch: nothing to ask AT for */
};

struct batch {
	uint64_t magic;
	uint64_t count;
	uint64_t size;		/* of the whole file */
	uint64_t high;		/* where the high memory of these cases is, or 0 */
};

struct word {
	uint64_t pa;
	uint64_t value;
};

/*
 * What the generator put into a case on purpose and the emulator is known to
 * treat in its own way: the comparison excuses a difference only where there is
 * a mark for it, of the same stage and level.
 */
enum mark_kind {
	MARK_ADDRESS_SIZE = 1,	/* an output beyond PS, by bits 51:48 or the input address alone */
	MARK_NT,		/* nT in a block */
	MARK_TXSZ,		/* TxSZ above the maximum */
	MARK_DBM,		/* DBM in a leaf that is not writable without it */
	MARK_AF,		/* a leaf whose AF the MMU sets */
	MARK_NO_WRITE,		/* a leaf of stage 2 in which the MMU may not set AF */
	MARK_CLEAN,		/* a leaf that indirect permissions take as clean */
	MARK_LEAF,		/* where a walk ends, also that of stage 2 for stage 1 */
};

struct mark {
	uint8_t kind;
	int8_t level;
	uint8_t stage;
	uint8_t walk;		/* stage 2 on behalf of a stage 1 walk */
};

#define MAX_MARKS	32

/* The attributes of the leaves, as far as the stage is on */
struct leaf_attributes {
	uint8_t attr;		/* stage 1: the byte of MAIR; stage 2: MemAttr */
	uint8_t sh;
	uint8_t fnxs;
	uint8_t valid;
};

struct tcase {
	uint64_t id;
	uint64_t va;
	uint64_t reg[R_COUNT];
	uint16_t op;
	uint16_t words;
	uint8_t pan;		/* PSTATE.PAN */
	uint8_t aarch32;	/* EL1 is AArch32: names of the registers */
	uint8_t family;
	uint8_t marks;
	struct leaf_attributes leaf[2];
	struct mark mark[MAX_MARKS];
};

struct answer {
	uint64_t par;
	uint64_t abort;		/* ESR_EL3 of an abort on the way, or 0 */
};

#endif
