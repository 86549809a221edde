/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A translation context: everything that registers say about one translation regime, read from
 * them once.
 *
 * The fields carry the names that the pseudocode gives them in S1TTWParams and S2TTWParams, so that
 * the walker and the Arm ARM can be read side by side.
 */
#ifndef MMUSCOPE_MMU_H
#define MMUSCOPE_MMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "geometry.h"
#include "source.h"

struct regs;

enum regime {
	/* EL1&0: a guest, or a host kernel without VHE; stage 2 when HCR_EL2.VM or DC */
	REGIME_EL10,
	REGIME_EL20,		/* EL2&0: a host with VHE (HCR_EL2.E2H = 1) */
	REGIME_EL2,
	REGIME_EL3,
};

const char *regime_text(enum regime regime);	/* "EL1&0", ... */

/*
 * What the PE implements. mmu_features_init() assumes everything that this library knows and
 * 52-bit addresses (56 where D128 tables are in use), then takes away what ID registers deny; an
 * ID register that is absent denies nothing.
 */
struct mmu_features {
	uint8_t pa_bits;		/* PARange: 32..56 */
	bool g4, g16, g64;		/* granules at stage 1 */
	bool g4_s2, g16_s2, g64_s2;	/* and at stage 2 */
	bool ds_4k, ds_16k;		/* FEAT_LPA2 at stage 1 */
	bool ds_4k_s2, ds_16k_s2;	/* and at stage 2 */
	bool lva, lva3;			/* 52-bit VAs with 64K; 55 or 56-bit VAs with D128 */
	bool ttst, hpds, e0pd, xnx, fwb, pan, epan, xs, mte2, pauth, nv1, vmid16, asid16, mtx;
	bool ha, hd, haft;		/* FEAT_HAFDBS, FEAT_HAFT */
	bool tcr2, s1pie, s2pie, s1poe, s2poe, aie, d128, d128_s2, the, gcs;
	bool bbm2;			/* FEAT_BBM: nT may fault */
};

void mmu_features_init(struct mmu_features *f, const struct regs *regs);

/*
 * Where the architecture leaves a choice to the implementation. The documented default is taken
 * unless the bit is set in mmu_options.other; every result names the choices that it rests on
 * (walk_result.choices), and choice_text() says them in words.
 */
#define CHOICE_TXSZ_BELOW_MIN	(1u << 0)
#define CHOICE_TXSZ_ABOVE_MAX	(1u << 1)
#define CHOICE_NT		(1u << 2)
#define CHOICE_CONTIG		(1u << 3)
#define CHOICE_OA_HIGH		(1u << 4)
#define CHOICE_EARLY_SH		(1u << 5)
#define CHOICE_FETCH_DEVICE	(1u << 6)
#define CHOICE_RESERVED		(1u << 7)	/* told only: what else the PE does is not known */
#define CHOICE_AF_UPDATE	(1u << 8)
#define CHOICE_POR_EL0		(1u << 9)	/* not of the PE: a register is not known */
#define CHOICES			10

/* What choice number @bit (0..CHOICES-1) is called: "nt"; "" beyond */
const char *choice_name(unsigned int bit);
/* The choice called so by the @len bytes at @name; CHOICES if there is none */
unsigned int choice_find(const char *name, size_t len);
/* One line on choice number @bit: the default, or the @other way */
const char *choice_text(unsigned int bit, bool other);

struct mmu_options {
	const struct mmu_features *features;	/* NULL: mmu_features_init() on the registers */
	uint32_t other;				/* CHOICE_*: take the other way */
	bool secure;				/* Secure state; the default is Non-secure */
};

/* Parameters of one half of stage 1 (S1TTWParams) */
struct s1_params {
	struct geometry geo;
	uint64_t first, last;	/* VAs that it translates; empty where first > last */
	uint8_t txsz;		/* as in the register */
	bool txsz_fault;	/* out of bounds and that faults */
	/* TTBR holds more address bits than PS allows: Address size fault level 0 */
	bool root_fault;
	bool epd, e0pd;
	bool tbi, tbid, mtx;
	bool hpd;		/* hierarchical permissions disabled, also by PIE */
	bool ha, hd, haft;
	bool pie, poe, e0poe, aie, d128;
	uint8_t sh;		/* of table walks, and of leaves under DS */
	uint16_t asid;		/* in the TTBR */
	uint32_t choices;
};

/* Parameters of stage 2 (S2TTWParams) */
struct s2_params {
	struct geometry geo;
	bool vm;		/* stage 2 is on: HCR_EL2.VM or DC */
	uint8_t txsz;
	bool txsz_fault;
	bool sl_fault;		/* S2InvalidSL or S2InconsistentSL: Translation fault level 0 */
	bool root_fault;
	bool ha, hd;
	bool ptw, fwb, cd, id, d128;
	bool output_ns;		/* Secure state: outputs are Non-secure (VSTCR.SA, VTCR.NSA) */
	bool s2pie, s2poe;
	uint64_t s2pir, s2por_el1;
	uint8_t sh;		/* of table walks, and of leaves under DS */
	uint16_t vmid;
	uint32_t choices;
};

struct mmu {
	struct source *source;
	enum regime regime;
	struct mmu_features features;
	uint32_t other;		/* mmu_options.other */
	bool secure;
	bool aarch32;		/* EL1 is AArch32 (HCR_EL2.RW = 0) */
	bool two_halves;	/* TTBR0 and TTBR1; also AArch32's */
	bool has_el0;		/* HasUnprivileged() */
	bool s1_on;		/* SCTLR_ELx.M, and not DC */
	bool dc, dct;		/* HCR_EL2.{DC,DCT} */
	bool icache, dcache;	/* SCTLR_ELx.I and C */
	bool big_endian;	/* SCTLR_ELx.EE */
	bool wxn, uwxn, epan, nv1;
	bool tre, afe;		/* SCTLR of AArch32 */
	uint16_t asid;		/* in use, chosen by TCR.A1 and as wide as TCR.AS says */
	bool a1;
	uint64_t mair, mair2, pir, pire0, por_el1, por_el0;
	uint32_t prrr, nmrr, dacr;	/* AArch32 */
	struct s1_params s1[2];	/* lower and upper half; a regime with one range uses [0] */
	struct s2_params s2;	/* of the Secure state: for Secure IPAs (VSTTBR_EL2) */
	struct s2_params s2_ns;	/* Secure state: for Non-secure IPAs (VTTBR_EL2) */
};

/*
 * Read the registers of @regime. 0, or -EINVAL with the reason in words (a static text): a register
 * that cannot be done without is absent, or VTCR_EL2 asks for what is not known here. A root of zero
 * or an MMU that is off is no error, and a root of stage 1 that is absent is met by the walk that needs
 * it (-ENOKEY). @opt may be NULL. So may @source where nothing is to be walked; then registers that a
 * walk alone needs may be absent.
 */
int mmu_init(struct mmu *mmu, enum regime regime, const struct regs *regs, struct source *source,
	     const struct mmu_options *opt, const char **reason);

#endif /* MMUSCOPE_MMU_H */
