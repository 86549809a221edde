/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The one walker. Everything that looks at translation tables does it through here: one address
 * at a time (walk_va, walk_ipa, at_op) or whole tables (walk_range, walk_both), with the same
 * code reading words and giving them meaning.
 *
 * Three answers, never confused: mapped (WALK_OK), not mapped or not permitted as the hardware
 * would report it (WALK_FAULT), and not known because a word could not be read (WALK_UNREADABLE).
 */
#ifndef MMUSCOPE_WALK_H
#define MMUSCOPE_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "addr.h"
#include "combine.h"
#include "descriptor.h"
#include "geometry.h"
#include "mmu.h"
#include "perm.h"

/* ---- an access --------------------------------------------------------------------- */

enum access_kind {
	/* no access: no permission or access flag is checked, rights are recorded all the same */
	ACCESS_SHOW,
	ACCESS_READ,
	ACCESS_WRITE,
	ACCESS_EXEC,
};

struct access {
	enum access_kind kind;
	bool el0;		/* unprivileged: at EL0 */
	bool pan;		/* PSTATE.PAN counts and is set */
};

/* ---- one address ------------------------------------------------------------------- */

enum walk_status {
	WALK_OK,
	WALK_FAULT,
	WALK_UNREADABLE,
};

enum fault_type {
	FAULT_NONE,
	FAULT_ADDRESS_SIZE,
	FAULT_TRANSLATION,
	FAULT_ACCESS_FLAG,
	FAULT_PERMISSION,
	FAULT_DOMAIN,		/* AArch32 short descriptors */
	FAULT_EXTERNAL_WALK,	/* never predicted; named for registers that hold it */
};

const char *fault_type_text(enum fault_type type);	/* "Translation fault", ... */

struct walk_fault {
	enum fault_type type;
	/* as reported: level 0 for faults found before the first word is read */
	int8_t level;
	uint8_t stage;		/* 1 or 2 */
	bool s1ptw;		/* stage 2 fault on the address of a stage-1 table */
	/* the access that failed was a write: also hardware's own update of AF */
	bool write;
	/* PAR_EL1.DirtyBit: write to a clean page under indirect permissions */
	bool dirty_bit;
	bool overlay;		/* PAR_EL1.Overlay */
	bool toplevel;		/* PAR_EL1.TopLevel */
	bool assured_only;	/* PAR_EL1.AssuredOnly */
	const char *why;	/* static text: which rule, for people */
};

/* Fault status code of ESR_ELx.ISS and PAR_EL1.FST (EncodeLDFSC) */
uint8_t fault_fsc(enum fault_type type, int level);

/* The reading of one descriptor, in the order in which hardware reads them */
struct walk_step {
	uint8_t stage;
	int8_t level;		/* of the table that holds the descriptor */
	/* stage 2, on behalf of the stage-1 step that follows it (one level of nesting) */
	bool for_s1;
	uint8_t map_shift;	/* log2 of the bytes that the descriptor answers for */
	bool has_ipa;		/* stage 1 above stage 2 */
	uint64_t ia;		/* input address that this stage translates: VA or IPA */
	struct ipa ipa;		/* of the descriptor, when has_ipa */
	struct pa pa;		/* of the descriptor */
	size_t index;		/* in its table */
	/* 0, or the negative errno of reading; .word and .desc mean nothing then */
	int error;
	struct word word;
	struct descriptor desc;
};

/*
 * Stage 1 with 6 levels, each behind 6 levels of stage 2, then 6 levels of stage 2 for the final
 * address
 */
#define WALK_STEPS_MAX	(LEVELS_MAX * (LEVELS_MAX + 1) + LEVELS_MAX)

/* What one stage made of its input address */
struct stage_result {
	/* this stage ran (MMU on) and reached a leaf; what follows has meaning */
	bool done;
	int leaf;		/* index of the leaf in walk_result.step */
	int8_t level;
	uint64_t ia;
	uint64_t oa;		/* output address, exact to the byte */
	uint64_t size;		/* mapped by the leaf descriptor; a power of two */
	uint64_t run_size;	/* of the contiguous run, else the same as .size */
	/* as the descriptor and cache controls say; of stage 2 under FWB, applied to stage 1 */
	struct memattr attr;
	struct perms perms;
	bool af, ng, contig, dbm, gp;
	bool contig_mixed;	/* the run's descriptors disagree; only walk_range() looks */
	bool device_fetch;	/* a fetch from Device memory: .attr is Normal NC by choice */
	bool sh_widened;	/* stage 1: shareability was made effective (CHOICE_EARLY_SH) */
	/* effective AP[2:1], hierarchical bits applied (stage 1, direct permissions) */
	uint8_t ap;
	bool ns;		/* Secure regimes: the output is Non-secure */
	bool reserved;		/* a reserved encoding of attributes or rights: they are a guess */
};

struct walk_result {
	enum walk_status status;
	struct access access;
	enum regime regime;

	/* WALK_FAULT */
	struct walk_fault fault;
	/* WALK_UNREADABLE */
	int error;		/* negative errno */
	int error_step;		/* index in .step, or -1 */

	bool has_va, has_ipa, has_pa;
	struct va va;
	struct ipa ipa;		/* output of stage 1 where stage 2 is in use */
	struct pa pa;
	int half;		/* 0: TTBR0_ELx, 1: TTBR1_ELx; -1 where no VA was asked */
	bool s1_on, s2_on;	/* which stages translate */
	uint16_t asid, vmid;	/* TLB tags of the translation; asid only if s1.ng */
	struct stage_result s1, s2;

	/* Both stages together */
	/* around the input address with one contiguous output: the smaller of both */
	uint64_t size;
	struct memattr attr;	/* as PAR_EL1.ATTR and SH would report */
	struct perms perms;
	bool pa_nonsecure;	/* output PA space: true but in Secure regimes with NS = 0 */

	bool d128;		/* PAR_EL1 has the 128-bit format */
	/* the operation asked for stage 1 only: .pa is absent where stage 2 is on */
	bool stage1_only;
	uint32_t choices;	/* CHOICE_* that this result rests on */

	unsigned int nsteps;
	struct walk_step step[WALK_STEPS_MAX];
};

/* VA through stage 1, then, if in use, stage 2. The return value is r->status. */
enum walk_status walk_va(const struct mmu *mmu, struct va va, struct access access,
			 struct walk_result *r);
/* Through stage 1 only; its tables are still fetched through stage 2 (AT S1E1R) */
enum walk_status walk_va_s1(const struct mmu *mmu, struct va va, struct access access,
			    struct walk_result *r);
/* IPA through stage 2. Where stage 2 is off the PA is the IPA. */
enum walk_status walk_ipa(const struct mmu *mmu, struct ipa ipa, struct access access,
			  struct walk_result *r);

/* ---- many single addresses --------------------------------------------------------- */

/* struct walk_result without the steps */
struct walk_answer {
	enum walk_status status;
	int error;			/* WALK_UNREADABLE: negative errno */
	struct walk_fault fault;	/* WALK_FAULT */
	bool has_ipa, has_pa;
	struct ipa ipa;
	struct pa pa;
	uint64_t size;
	int8_t level1, level2;		/* of the leaves, where .done1 and .done2 */
	bool done1, done2;
	struct memattr attr;
	struct perms perms;
	uint32_t choices;
};

enum walk_from { WALK_FROM_VA, WALK_FROM_IPA };

/*
 * For translating many addresses of one kind. Tables on the way and what leaves mean are kept until
 * walk_batch_destroy(), so the memory behind @mmu should not change meanwhile; a source that cannot
 * map its tables (a live one) is read anew for each address. NULL: no memory. @mmu must stay.
 */
struct walk_batch;
struct walk_batch *walk_batch_create(const struct mmu *mmu, enum walk_from from,
				     struct access access);
void walk_batch_destroy(struct walk_batch *batch);
/*
 * What walk_va() or walk_ipa() say of each of the @n addresses, in their order. Many go at a time,
 * so that one does not wait for another's words; @n may be 1.
 */
void walk_batch(struct walk_batch *batch, const uint64_t *address, size_t n,
		struct walk_answer *answer);

/* ---- AT ---------------------------------------------------------------------------- */

enum at_op {
	AT_S1E1R, AT_S1E1W, AT_S1E0R, AT_S1E0W, AT_S1E1RP, AT_S1E1WP,
	AT_S12E1R, AT_S12E1W, AT_S12E0R, AT_S12E0W,
	AT_S1E2R, AT_S1E2W, AT_S1E3R, AT_S1E3W,
	/* instruction fetches, which no AT instruction does */
	AT_S1E1X, AT_S1E0X, AT_S12E1X, AT_S12E0X, AT_S1E2X, AT_S1E3X,
	AT_OPS,
};

const char *at_op_name(enum at_op op);			/* "s1e1r" */
int at_op_parse(const char *name, enum at_op *op);	/* either case; 0 or -EINVAL */
/* The regime that @op translates in, given HCR_EL2.{E2H,TGE} */
enum regime at_op_regime(enum at_op op, const struct regs *regs);
/* Does @op go through stage 2 too (S12*)? */
bool at_op_two_stages(enum at_op op);
/* The access of @op; @pan is PSTATE.PAN, which only S1E1RP and S1E1WP regard */
struct access at_op_access(enum at_op op, bool pan);

/* As the instruction would: chooses walk_va or walk_va_s1. @mmu is of at_op_regime(). */
enum walk_status at_walk(const struct mmu *mmu, enum at_op op, bool pan, struct va va,
			 struct walk_result *r);

struct par {
	uint64_t lo, hi;	/* PAR_EL1[63:0] and, in the 128-bit format, [127:64] */
};

/* What is left in PAR_EL1 (EncodePAR). @r is not WALK_UNREADABLE. */
struct par par_encode(const struct walk_result *r);

/* ---- many addresses ---------------------------------------------------------------- */

#define VISIT_LEAF		(1u << 0)	/* block or page */
#define VISIT_TABLE_PRE		(1u << 1)	/* table descriptor, before the entries below it */
#define VISIT_TABLE_POST	(1u << 2)	/* the same, after them */
#define VISIT_INVALID		(1u << 3)	/* invalid but not zero: raw bits are in .word */
#define VISIT_ZERO		(1u << 4)	/* a run of zero descriptors in one table */
#define VISIT_UNREADABLE	(1u << 5)	/* a table, or a part of one, that was not read */
#define VISIT_FAULT		(1u << 6)	/* valid, but every access faults (.fault) */
#define VISIT_LIMIT		(1u << 7)	/* a table not opened: max_tables was reached */
#define VISIT_ALL		0xffu

struct visit {
	uint32_t event;		/* one VISIT_* */
	uint8_t stage;
	int8_t level;		/* of the table that holds the descriptor */
	uint64_t ia;		/* first input address; of the upper half with its upper bits set */
	uint64_t size;		/* mapped by the descriptor, the run, or what was not read */
	/*
	 * VISIT_LEAF: descriptors that are in this visit, 1 unless walk_visitor.runs; .size is that
	 * of all of them, everything else is the first's
	 */
	uint64_t count;
	/*
	 * VISIT_LEAF: within one walk, two leaves of the same class differ in addresses only (level,
	 * attributes, rights, flags and software bits are the same). 0: not classed. The same
	 * properties may come by under more than one class. See walk_visitor.classes.
	 */
	uint32_t leaf_class;
	struct pa table_pa;	/* of the table that holds the descriptor */
	bool has_ipa;		/* stage 1 above stage 2 */
	struct ipa table_ipa;
	size_t index;
	struct word word;
	struct descriptor desc;		/* VISIT_LEAF, TABLE_*, INVALID, FAULT, LIMIT */
	struct stage_result leaf;	/* VISIT_LEAF: hierarchical bits applied */
	struct walk_fault fault;	/* VISIT_FAULT; VISIT_UNREADABLE: stage 2 forbids reading */
	/*
	 * The table below (TABLE_*, LIMIT), or the table that was not read (UNREADABLE); where
	 * has_ipa, this is its IPA.
	 */
	struct pa next_pa;
	int error;		/* VISIT_UNREADABLE: negative errno, or 0 and .fault */
	/* walk_both(): a piece of a stage-1 leaf through stage 2, .ia and .size are the piece's */
	const struct walk_result *piece;
};

/* Returned by a visitor: 0 to go on, VISIT_SKIP, anything else to stop (walk_range returns it) */
#define VISIT_SKIP	(-0x10000)	/* from TABLE_PRE: do not descend */

struct walk_visitor {
	uint32_t events;	/* VISIT_* that are wanted */
	int (*visit)(void *arg, const struct visit *v);
	void *arg;
	/*
	 * VISIT_LEAF may come once for neighbours in one table whose words differ by nothing but an
	 * output address that goes on where the one before ends
	 */
	bool runs;
	/*
	 * .has_output: leaves whose output cannot meet [.output_first, .output_last] may be left out,
	 * also those that fault
	 */
	bool has_output;
	uint64_t output_first, output_last;
	/*
	 * The last class that was given out. Walks whose classes are to be told apart share one;
	 * NULL: each begins with 1.
	 */
	uint32_t *classes;
	/*
	 * Tables to open, a bound for hostile memory, where a table may name itself; a table
	 * larger than a granule counts for as many as it fills. 0: none.
	 */
	uint64_t max_tables;
};

struct walk_stats {
	uint64_t tables;	/* opened */
	uint64_t unreadable;	/* VISIT_UNREADABLE events, wanted or not */
	bool limited;		/* max_tables was reached: what was visited is not all */
};

/*
 * Visit what is mapped in [@first, @last], depth first, in the order of input addresses. @stage
 * 1: @first and @last are VAs of one half; @stage 2: IPAs. Descriptors that straddle a bound are
 * visited whole. @stats may be NULL. 0 when all was visited (what could not be read is a visit,
 * see @stats), -ENOENT where walk_bounds() gives that, -EINVAL for a range outside of those
 * bounds, -ENOMEM, or what the visitor returned.
 */
int walk_range(const struct mmu *mmu, int stage, uint64_t first, uint64_t last,
	       const struct walk_visitor *v, struct walk_stats *stats);

/*
 * First and last input address that the half (stage 1) or stage 2 (@half is ignored) can translate.
 * -ENOENT: none, as that part is off or faults before its root is read.
 */
int walk_bounds(const struct mmu *mmu, int stage, int half, uint64_t *first, uint64_t *last);

/*
 * Stage 1 with every leaf translated on through stage 2: VISIT_LEAF comes once for each piece of a
 * stage-1 leaf that has one stage-2 answer (.piece; its status may be a fault or unreadable). Other
 * events are those of stage 1.
 */
int walk_both(const struct mmu *mmu, uint64_t first, uint64_t last, const struct walk_visitor *v,
	      struct walk_stats *stats);

/* In what two leaves of a stage differ, addresses apart */
#define LEAF_LEVEL		(1u << 0)	/* and size */
#define LEAF_RIGHTS		(1u << 1)
#define LEAF_MEMORY		(1u << 2)	/* type, cacheability, shareability */
#define LEAF_AF			(1u << 3)
#define LEAF_CONTIGUOUS		(1u << 4)
#define LEAF_DBM		(1u << 5)
#define LEAF_NG			(1u << 6)
#define LEAF_GP			(1u << 7)
#define LEAF_NS			(1u << 8)
#define LEAF_CHANGES		9

uint32_t leaf_changes(const struct stage_result *a, const struct stage_result *b);

/* ---- ranges ------------------------------------------------------------------------ */

/* Adjacent leaves with contiguous output and the same properties, as one */
struct map_range {
	uint8_t stage;
	uint64_t ia, ipa, oa;	/* .ipa only from walk_both() */
	uint64_t size;
	uint64_t leaves;	/* descriptors, or pieces, in it */
	int8_t level;		/* all of them stand at this level */
	uint32_t leaf_class;	/* of the first, as in struct visit; 0 where it has pieces */
	struct stage_result leaf;	/* of the first */
	bool has_piece;
	struct stage_result leaf2;	/* has_piece: stage 2 of the first */
	enum walk_status status;	/* of pieces; WALK_OK for plain leaves */
	struct walk_fault fault;
	int error;
	struct memattr attr;	/* combined where there are two stages, else the leaf's */
	struct perms perms;
	struct descriptor desc;	/* of the first */
};

struct range_merge {
	int (*emit)(void *arg, const struct map_range *range);
	void *arg;
	bool have;		/* private to the helper from here */
	struct map_range cur;
};

void range_merge_init(struct range_merge *m, int (*emit)(void *arg, const struct map_range *range),
		      void *arg);
/*
 * A visitor's callback: takes VISIT_LEAF, anything else ends the current range. @arg: range_merge
 */
int range_merge_visit(void *arg, const struct visit *v);
/* Emit the last range; must be called after the walk. 0, or what emit returned. */
int range_merge_flush(struct range_merge *m);

#endif /* MMUSCOPE_WALK_H */
