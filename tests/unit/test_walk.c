// SPDX-License-Identifier: GPL-2.0-only
/*
 * One address: rights, faults, what was read on the way, and memory that means harm.
 */
#include "world.h"

/*
 * 4K tables for VA 0 and for the top of the address space: levels 0 to 2 at 0x1000, 0x2000,
 * 0x3000
 */
static struct world *mapped(uint64_t leaf3)
{
	struct world *w = world_new(REGS_S1_4K "TTBR0_EL1 0x1000\nTTBR1_EL1 0x11000\n");

	poke(w, 0x1000, TABLE(0x2000));
	poke(w, 0x2000, TABLE(0x3000));
	poke(w, 0x3000, TABLE(0x4000));
	poke(w, 0x4000, leaf3);
	world_init(w, REGIME_EL10);
	return w;
}

#define BIT64(n)	(UINT64_C(1) << (n))
#define AP_EL0		BIT64(6)
#define AP_RO		BIT64(7)
#define PXN		BIT64(53)
#define UXN		BIT64(54)

static unsigned int rwx(struct rights r)
{
	return r.r << 2 | r.w << 1 | r.x;
}

/* ---- one stage --------------------------------------------------------------------- */

static void a_page(void **state)
{
	struct world *w = mapped(S1_PAGE(0x80000000) | BIT64(11));

	(void)state;
	assert_int_equal(ask(w, 0x123, el1_read), WALK_OK);
	assert_true(w->r.has_pa && w->r.pa.v == 0x80000123);
	assert_false(w->r.has_ipa);
	assert_int_equal(w->r.half, 0);
	assert_int_equal(w->r.nsteps, 4);
	assert_int_equal(w->r.s1.leaf, 3);
	assert_int_equal(w->r.step[0].level, 0);
	assert_int_equal(w->r.step[3].pa.v, 0x4000);
	assert_int_equal(w->r.step[3].level, 3);
	assert_int_equal(w->r.step[2].map_shift, 21);
	assert_int_equal(w->r.size, 0x1000);
	assert_true(w->r.s1.ng && w->r.s1.af);
	assert_int_equal(w->r.attr.sh, SH_ISH);
	world_free(w);
}

static void the_upper_half_and_the_hole(void **state)
{
	struct world *w = mapped(0);

	(void)state;
	poke(w, 0x11000 + 8 * 511, TABLE(0x12000));
	poke(w, 0x12000 + 8 * 511, S1_BLOCK(0x40000000));
	assert_int_equal(ask(w, 0xffffffffc0000123, el1_read), WALK_OK);
	assert_int_equal(w->r.half, 1);
	assert_true(w->r.pa.v == 0x40000123 && w->r.size == 1ull << 30);
	ask(w, 0x0001000000000000, el1_read);
	assert_fault(w, FAULT_TRANSLATION, 1, 0);
	assert_int_equal(w->r.nsteps, 0);
	ask(w, 0xfffe000000000000, el1_read);
	assert_fault(w, FAULT_TRANSLATION, 1, 0);
	ask(w, 0x1000, el1_read);
	assert_fault(w, FAULT_TRANSLATION, 1, 3);
	ask(w, 0x200000, el1_read);
	assert_fault(w, FAULT_TRANSLATION, 1, 2);
	world_free(w);
}

static void a_tagged_pointer(void **state)
{
	struct world *w = mapped(S1_PAGE(0x80000000));

	(void)state;
	ask(w, 0x5500000000000010, el1_read);
	assert_fault(w, FAULT_TRANSLATION, 1, 0);
	w->regs.val[REG_TCR_EL1] |= BIT64(37);		/* TBI0 */
	world_init(w, REGIME_EL10);
	assert_int_equal(ask(w, 0x5500000000000010, el1_read), WALK_OK);
	assert_true(w->r.pa.v == 0x80000010);
	assert_int_equal(ask(w, 0x5500000000000010, el1_exec), WALK_OK);
	w->regs.val[REG_TCR_EL1] |= BIT64(51);		/* TBID0 */
	world_init(w, REGIME_EL10);
	ask(w, 0x5500000000000010, el1_exec);
	assert_fault(w, FAULT_TRANSLATION, 1, 0);
	/* MTX0: bits 59:56 are a tag, 63:60 are not */
	w->regs.val[REG_TCR_EL1] &= ~BIT64(37);
	w->regs.val[REG_TCR_EL1] |= BIT64(60);
	world_init(w, REGIME_EL10);
	assert_int_equal(ask(w, 0x0500000000000010, el1_read), WALK_OK);
	ask(w, 0x5500000000000010, el1_read);
	assert_fault(w, FAULT_TRANSLATION, 1, 0);
	world_free(w);
}

/* A fetch from a tagged address under TBI and TBID: canonical where there is pointer authentication */
static enum walk_status tagged_fetch(const char *id_regs)
{
	struct world *w = mapped(S1_PAGE(0x80000000));
	enum walk_status status;

	w->regs.val[REG_TCR_EL1] |= BIT64(37) | BIT64(51);
	world_regs(w, id_regs);
	world_init(w, REGIME_EL10);
	status = ask(w, 0x5500000000000010, el1_exec);
	world_free(w);
	return status;
}

static void tbid_needs_pointer_authentication(void **state)
{
	(void)state;
	/* APA, API and APA3: one of them is enough, and all must be known to say no */
	assert_int_equal(tagged_fetch(""), WALK_FAULT);
	assert_int_equal(tagged_fetch("ID_AA64ISAR1_EL1 0x0\n"), WALK_FAULT);
	assert_int_equal(tagged_fetch("ID_AA64ISAR2_EL1 0x0\n"), WALK_FAULT);
	assert_int_equal(tagged_fetch("ID_AA64ISAR1_EL1 0x10\nID_AA64ISAR2_EL1 0x0\n"), WALK_FAULT);
	assert_int_equal(tagged_fetch("ID_AA64ISAR1_EL1 0x100\nID_AA64ISAR2_EL1 0x0\n"), WALK_FAULT);
	assert_int_equal(tagged_fetch("ID_AA64ISAR1_EL1 0x0\nID_AA64ISAR2_EL1 0x1000\n"), WALK_FAULT);
	/* GPI, GPA and GPA3 are of another key, and what else there is bears on nothing here */
	assert_int_equal(tagged_fetch("ID_AA64ISAR1_EL1 0xfffffffffffff00f\n"
				      "ID_AA64ISAR2_EL1 0xffffffffffff0fff\n"), WALK_OK);
}

static void xs_is_cleared_only_where_it_is_there(void **state)
{
	static const struct { const char *id_regs; bool xs; } row[] = {
		{ "", false }, { "ID_AA64ISAR1_EL1 0x100000000000000\n", false },
		{ "ID_AA64ISAR1_EL1 0xf0ffffffffffffff\n", true }, { "ID_AA64ISAR2_EL1 0x0\n", false },
	};
	struct world *w;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		w = mapped(S1_PAGE(0x80000000));
		w->regs.val[REG_MAIR_EL1] = 0x05;	/* Device-nGnRE with XS = 0 */
		world_regs(w, row[i].id_regs);
		world_init(w, REGIME_EL10);
		assert_int_equal(ask(w, 0x10, el1_read), WALK_OK);
		assert_int_equal(w->r.attr.xs, row[i].xs);
		world_free(w);
	}
}

static void halves_that_are_closed(void **state)
{
	struct world *w = mapped(S1_PAGE(0x80000000) | AP_EL0);

	(void)state;
	w->regs.val[REG_TCR_EL1] |= BIT64(55);		/* E0PD0 */
	world_init(w, REGIME_EL10);
	assert_int_equal(ask(w, 0, el1_read), WALK_OK);
	ask(w, 0, el0_read);
	assert_fault(w, FAULT_TRANSLATION, 1, 0);
	w->regs.val[REG_TCR_EL1] |= BIT64(7);		/* EPD0 */
	world_init(w, REGIME_EL10);
	ask(w, 0, el1_read);
	assert_fault(w, FAULT_TRANSLATION, 1, 0);
	assert_non_null(w->r.fault.why);
	world_free(w);
}

/* AP[2:1], UXN, PXN by exception level: read 4, write 2, execute 1 */
static void rights_of_a_page(void **state)
{
	static const struct { uint64_t bits; unsigned int el1, el0; } row[] = {
		{ 0, 7, 1 }, { AP_EL0, 6, 7 }, { AP_RO, 5, 1 }, { AP_RO | AP_EL0, 5, 5 },
		{ UXN, 7, 0 }, { PXN, 6, 1 }, { AP_EL0 | UXN, 6, 6 }, { AP_RO | AP_EL0 | PXN, 4, 5 },
		{ UXN | PXN, 6, 0 },
	};
	struct world *w;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		w = mapped(S1_PAGE(0x80000000) | row[i].bits);
		assert_int_equal(ask(w, 0, show), WALK_OK);
		assert_int_equal(rwx(w->r.perms.el1), row[i].el1);
		assert_int_equal(rwx(w->r.perms.el0), row[i].el0);
		assert_int_equal(w->r.perms.pan, !!(row[i].bits & AP_EL0));
		/* and each access is answered by just these rights */
		assert_int_equal(ask(w, 0, el1_write) == WALK_OK, !!(row[i].el1 & 2));
		assert_int_equal(ask(w, 0, el1_exec) == WALK_OK, !!(row[i].el1 & 1));
		assert_int_equal(ask(w, 0, el0_read) == WALK_OK, !!(row[i].el0 & 4));
		assert_int_equal(ask(w, 0, el0_write) == WALK_OK, !!(row[i].el0 & 2));
		assert_int_equal(ask(w, 0, el0_exec) == WALK_OK, !!(row[i].el0 & 1));
		world_free(w);
	}
}

/* "X printed inverted" */
static void bug_xn_takes_execution_away(void **state)
{
	struct world *w = mapped(S1_PAGE(0x80000000) | UXN | PXN);

	(void)state;
	ask(w, 0, show);
	assert_false(w->r.perms.el1.x || w->r.perms.el0.x);
	world_free(w);
	w = mapped(S1_PAGE(0x80000000));
	ask(w, 0, show);
	assert_true(w->r.perms.el1.x && w->r.perms.el0.x);
	world_free(w);
}

/* "APTable read and never applied" */
static void bug_aptable_takes_rights_from_everything_below(void **state)
{
	int level;

	(void)state;
	for (level = 0; level < 3; level++) {
		struct world *w = mapped(S1_PAGE(0x80000000) | AP_EL0);

		poke(w, 0x1000 + 0x1000 * level, TABLE(0x2000 + 0x1000 * level) | BIT64(62));
		ask(w, 0, show);
		assert_int_equal(rwx(w->r.perms.el1), 5);
		assert_int_equal(rwx(w->r.perms.el0), 5);
		assert_int_equal(w->r.s1.ap, 3);
		poke(w, 0x1000 + 0x1000 * level, TABLE(0x2000 + 0x1000 * level) | BIT64(61));
		ask(w, 0, show);
		assert_int_equal(rwx(w->r.perms.el1), 7);
		assert_int_equal(rwx(w->r.perms.el0), 1);
		/* unless TCR.HPD0 */
		w->regs.val[REG_TCR_EL1] |= BIT64(41);
		world_init(w, REGIME_EL10);
		ask(w, 0, show);
		assert_int_equal(rwx(w->r.perms.el0), 7);
		world_free(w);
	}
}

/* "a parent's PXN lost by operator precedence" */
static void bug_pxntable_of_any_parent_counts(void **state)
{
	int level;

	(void)state;
	for (level = 0; level < 3; level++) {
		struct world *w = mapped(S1_PAGE(0x80000000));

		poke(w, 0x1000 + 0x1000 * level, TABLE(0x2000 + 0x1000 * level) | BIT64(59));
		ask(w, 0, show);
		assert_true(!w->r.perms.el1.x && w->r.perms.el0.x);
		poke(w, 0x1000 + 0x1000 * level, TABLE(0x2000 + 0x1000 * level) | BIT64(60));
		ask(w, 0, show);
		assert_true(w->r.perms.el1.x && !w->r.perms.el0.x);
		world_free(w);
	}
}

static void wxn_pan_and_epan(void **state)
{
	struct access pan = { ACCESS_READ, false, true };
	struct world *w = mapped(S1_PAGE(0x80000000));

	(void)state;
	w->regs.val[REG_SCTLR_EL1] |= BIT64(19);
	world_init(w, REGIME_EL10);
	ask(w, 0, el1_exec);
	assert_fault(w, FAULT_PERMISSION, 1, 3);
	assert_int_equal(ask(w, 0, pan), WALK_OK);
	w->regs.val[REG_SCTLR_EL1] |= BIT64(57);	/* EPAN: EL0 can execute it */
	world_init(w, REGIME_EL10);
	ask(w, 0, pan);
	assert_fault(w, FAULT_PERMISSION, 1, 3);
	poke(w, 0x4000, S1_PAGE(0x80000000) | AP_EL0 | UXN);
	ask(w, 0, pan);
	assert_fault(w, FAULT_PERMISSION, 1, 3);
	world_free(w);
}

static void the_access_flag(void **state)
{
	struct world *w = mapped(S1_PAGE(0x80000000) & ~BIT64(10));

	(void)state;
	ask(w, 0, el1_read);
	assert_fault(w, FAULT_ACCESS_FLAG, 1, 3);
	assert_int_equal(ask(w, 0, show), WALK_OK);
	assert_false(w->r.s1.af);
	w->regs.val[REG_TCR_EL1] |= BIT64(39);		/* HA */
	world_init(w, REGIME_EL10);
	assert_int_equal(ask(w, 0, el1_read), WALK_OK);
	world_free(w);
}

static void dbm_makes_writable_where_hardware_marks_dirty(void **state)
{
	struct world *w = mapped(S1_PAGE(0x80000000) | AP_RO | BIT64(51));

	(void)state;
	ask(w, 0, el1_write);
	assert_fault(w, FAULT_PERMISSION, 1, 3);
	w->regs.val[REG_TCR_EL1] |= 3ull << 39;		/* HA, HD */
	world_init(w, REGIME_EL10);
	assert_int_equal(ask(w, 0, el1_write), WALK_OK);
	assert_true(w->r.s1.dbm);
	world_free(w);
}

static void output_beyond_the_size(void **state)
{
	struct world *w = mapped(S1_PAGE(0x800000000000));

	(void)state;
	assert_int_equal(ask(w, 0, el1_read), WALK_OK);
	w->regs.val[REG_TCR_EL1] &= ~(7ull << 32);
	w->regs.val[REG_TCR_EL1] |= 4ull << 32;		/* IPS: 44 bits */
	world_init(w, REGIME_EL10);
	ask(w, 0, el1_read);
	assert_fault(w, FAULT_ADDRESS_SIZE, 1, 3);
	poke(w, 0x2000, TABLE(0x900000003000));
	ask(w, 0, el1_read);
	assert_fault(w, FAULT_ADDRESS_SIZE, 1, 1);
	regs_set(&w->regs, REG_TTBR0_EL1, 0x900000001000);
	world_init(w, REGIME_EL10);
	ask(w, 0, el1_read);
	assert_fault(w, FAULT_ADDRESS_SIZE, 1, 0);
	/* Faults of the address itself come first */
	ask(w, 1ull << 50, el1_read);
	assert_fault(w, FAULT_TRANSLATION, 1, 0);
	w->regs.val[REG_TCR_EL1] |= BIT64(55);		/* E0PD0 */
	world_init(w, REGIME_EL10);
	ask(w, 0, el0_read);
	assert_fault(w, FAULT_TRANSLATION, 1, 0);
	world_free(w);
}

static void a_contiguous_run_is_one(void **state)
{
	struct world *w = mapped(S1_PAGE(0x80000000) | BIT64(52));

	(void)state;
	poke(w, 0x4000 + 8 * 5, S1_PAGE(0x80005000) | BIT64(52));
	assert_int_equal(ask(w, 0x5678, el1_read), WALK_OK);
	assert_true(w->r.pa.v == 0x80005678);
	assert_int_equal(w->r.s1.size, 0x1000);
	assert_int_equal(w->r.s1.run_size, 0x10000);
	assert_int_equal(w->r.size, 0x10000);
	world_free(w);
}

/* TCR2.PnCH: bit 52 is Protected, and no run is there (S1NextWalkStateLeaf) */
static void a_protected_page_is_no_run(void **state)
{
	struct world *w = mapped(S1_PAGE(0x85000) | BIT64(52));

	(void)state;
	regs_set(&w->regs, REG_TCR2_EL1, 1);
	world_init(w, REGIME_EL10);
	assert_int_equal(ask(w, 0x10, el1_read), WALK_OK);
	assert_true(w->r.pa.v == 0x85010 && w->r.size == 0x1000);
	/* It needs FEAT_THE */
	world_regs(w, "ID_AA64PFR1_EL1 0x0\n");
	world_init(w, REGIME_EL10);
	assert_int_equal(ask(w, 0x10, el1_read), WALK_OK);
	assert_true(w->r.pa.v == 0x80010 && w->r.size == 0x10000);
	world_free(w);
}

static void choices_and_the_other_way(void **state)
{
	struct mmu_options opt = { .other = CHOICE_NT | CHOICE_CONTIG };
	struct world *w = mapped(0);

	(void)state;
	poke(w, 0x2000, S1_BLOCK(0x40000000) | BIT64(16));
	ask(w, 0, el1_read);
	assert_fault(w, FAULT_TRANSLATION, 1, 1);
	assert_int_equal(w->r.choices, CHOICE_NT);
	world_opt(w, REGIME_EL10, &opt);
	assert_int_equal(ask(w, 0, el1_read), WALK_OK);
	assert_int_equal(w->r.choices, CHOICE_NT);
	/* A run of 16 GB in a space of 8 GB: T0SZ 31 */
	w->regs.val[REG_TCR_EL1] &= ~63ull;
	w->regs.val[REG_TCR_EL1] |= 31;
	poke(w, 0x1000, S1_BLOCK(0x40000000) | BIT64(52));
	world_init(w, REGIME_EL10);
	assert_int_equal(ask(w, 0, el1_read), WALK_OK);
	assert_int_equal(w->r.choices, CHOICE_CONTIG);
	world_opt(w, REGIME_EL10, &opt);
	ask(w, 0, el1_read);
	assert_fault(w, FAULT_TRANSLATION, 1, 1);
	world_free(w);
}

static void reserved_encodings_are_said(void **state)
{
	struct world *w = mapped(S1_PAGE(0x80000000));

	(void)state;
	regs_set(&w->regs, REG_MAIR_EL1, 0x02);
	world_init(w, REGIME_EL10);
	assert_int_equal(ask(w, 0, el1_read), WALK_OK);
	assert_int_equal(w->r.choices, CHOICE_RESERVED);
	/* SH = 0b01 */
	regs_set(&w->regs, REG_MAIR_EL1, 0xff);
	world_init(w, REGIME_EL10);
	poke(w, 0x4000, S1_PAGE(0x80000000) & ~BIT64(9));
	ask(w, 0, el1_read);
	assert_int_equal(w->r.choices, CHOICE_RESERVED);
	/* PIR element 0 is 0b0100: it grants nothing, but who knows */
	regs_set(&w->regs, REG_TCR2_EL1, 2);
	regs_set(&w->regs, REG_PIR_EL1, 4);
	regs_set(&w->regs, REG_PIRE0_EL1, 0);
	world_init(w, REGIME_EL10);
	poke(w, 0x4000, S1_PAGE(0x80000000));
	ask(w, 0, el1_read);
	assert_fault(w, FAULT_PERMISSION, 1, 3);
	assert_int_equal(w->r.choices, CHOICE_RESERVED);
	world_free(w);
}

static void fetches_from_device_memory(void **state)
{
	struct mmu_options opt = { .other = CHOICE_FETCH_DEVICE };
	struct world *w = mapped(S1_PAGE(0x80000000));

	(void)state;
	regs_set(&w->regs, REG_MAIR_EL1, 0);
	world_init(w, REGIME_EL10);
	assert_int_equal(ask(w, 0, el1_exec), WALK_OK);
	assert_int_equal(w->r.attr.type, MEM_NORMAL);
	assert_int_equal(w->r.choices, CHOICE_FETCH_DEVICE);
	world_opt(w, REGIME_EL10, &opt);
	ask(w, 0, el1_exec);
	assert_fault(w, FAULT_PERMISSION, 1, 3);
	world_free(w);
}

static void stage_1_off(void **state)
{
	struct world *w = world_new("SCTLR_EL1 0x0\nHCR_EL2 0x80000000\n");

	(void)state;
	world_init(w, REGIME_EL10);
	assert_int_equal(ask(w, 0x12345678, el1_write), WALK_OK);
	assert_true(w->r.pa.v == 0x12345678 && w->r.nsteps == 0);
	assert_int_equal(w->r.attr.type, MEM_DEVICE);
	assert_false(w->r.s1_on || w->r.s1.done);
	ask(w, 0x10000000000000, el1_read);
	assert_fault(w, FAULT_ADDRESS_SIZE, 1, 0);
	world_free(w);
}

static void other_regimes(void **state)
{
	struct world *w = world_new("SCTLR_EL3 0x1005\nTCR_EL3 0x80853510\nMAIR_EL3 0xff\nTTBR0_EL3 0x1000\n"
				    "SCTLR_EL2 0x1005\nTCR_EL2 0x80853510\nMAIR_EL2 0xff\nTTBR0_EL2 0x1000\n");

	(void)state;
	poke(w, 0x1000, TABLE(0x2000));
	poke(w, 0x2000, S1_BLOCK(0x40000000) | AP_EL0);
	world_init(w, REGIME_EL3);
	assert_int_equal(ask(w, 0x1234, el1_write), WALK_OK);
	assert_true(w->r.pa.v == 0x40001234);
	assert_int_equal(rwx(w->r.perms.el1), 7);
	assert_int_equal(rwx(w->r.perms.el0), 0);
	assert_false(w->r.perms.pan);
	/* One range of VAs: the upper half is out of it */
	ask(w, 0xffff000000000000, el1_read);
	assert_fault(w, FAULT_TRANSLATION, 1, 0);
	world_init(w, REGIME_EL2);
	poke(w, 0x2000, S1_BLOCK(0x40000000) | UXN);
	ask(w, 0, el1_exec);
	assert_fault(w, FAULT_PERMISSION, 1, 1);
	world_free(w);
}

static void big_endian_tables(void **state)
{
	struct world *w = mapped(0);

	(void)state;
	w->regs.val[REG_SCTLR_EL1] |= BIT64(25);
	world_init(w, REGIME_EL10);
	poke(w, 0x1000, __builtin_bswap64(TABLE(0x2000)));
	poke(w, 0x2000, __builtin_bswap64(S1_BLOCK(0x40000000)));
	assert_int_equal(ask(w, 0x10, el1_read), WALK_OK);
	assert_true(w->r.pa.v == 0x40000010);
	assert_true(w->r.step[0].word.lo == TABLE(0x2000));
	world_free(w);
}

/* ---- two stages -------------------------------------------------------------------- */

/*
 * IPA 1:1 at 0x40000000 by 2 MB blocks, a guest's tables at 0x40001000 up, its memory at
 * 0x40200000
 */
static struct world *guest(void)
{
	struct world *w = world_new(REGS_S1_4K "TTBR0_EL1 0x40001000\n");

	regs_set(&w->regs, REG_HCR_EL2, 0x80000001);
	regs_set(&w->regs, REG_VTCR_EL2, 0x80053558);
	regs_set(&w->regs, REG_VTTBR_EL2, 0x7000000002000);
	poke(w, 0x2008, TABLE(0x4000));
	poke(w, 0x4000, S2_BLOCK(0x80000000));
	poke(w, 0x4008, S2_BLOCK(0x90000000));
	poke(w, 0x80001000, TABLE(0x40002000));
	poke(w, 0x80002000, S1_BLOCK(0x40000000));
	world_init(w, REGIME_EL10);
	return w;
}

static void every_table_is_fetched_through_stage_2(void **state)
{
	static const int stage[] = { 2, 2, 1, 2, 2, 1, 2, 2 };
	static const int level[] = { 1, 2, 0, 1, 2, 1, 1, 2 };
	struct world *w = guest();
	unsigned int i;

	(void)state;
	assert_int_equal(ask(w, 0x234567, el1_write), WALK_OK);
	assert_true(w->r.has_ipa && w->r.ipa.v == 0x40234567);
	assert_true(w->r.pa.v == 0x90034567);
	assert_int_equal(w->r.size, 2 << 20);
	assert_int_equal(w->r.s1.size, 1 << 30);
	assert_int_equal(w->r.vmid, 7);
	assert_int_equal(w->r.nsteps, 8);
	for (i = 0; i < 8; i++) {
		assert_int_equal(w->r.step[i].stage, stage[i]);
		assert_int_equal(w->r.step[i].level, level[i]);
		assert_int_equal(w->r.step[i].for_s1, i < 6 && stage[i] == 2);
		assert_int_equal(w->r.step[i].has_ipa, stage[i] == 1);
	}
	assert_true(w->r.step[2].ipa.v == 0x40001000 && w->r.step[2].pa.v == 0x80001000);
	assert_int_equal(w->r.s1.leaf, 5);
	assert_int_equal(w->r.s2.leaf, 7);
	/* AT S1E1R stops at the IPA */
	assert_int_equal(walk_va_s1(&w->mmu, va(0x234567), el1_write, &w->r), WALK_OK);
	assert_true(w->r.ipa.v == 0x40234567 && !w->r.has_pa);
	world_free(w);
}

static void faults_of_stage_2(void **state)
{
	struct world *w = guest();

	(void)state;
	ask(w, 0x10000000, el1_read);
	assert_fault(w, FAULT_TRANSLATION, 2, 2);
	assert_false(w->r.fault.s1ptw);
	poke(w, 0x4008, S2_BLOCK(0x90000000) & ~BIT64(7));
	assert_int_equal(ask(w, 0x200000, el1_read), WALK_OK);
	ask(w, 0x200000, el1_write);
	assert_fault(w, FAULT_PERMISSION, 2, 2);
	assert_true(w->r.fault.write);
	/* The table itself: S=1, PTW=1 */
	poke(w, 0x80001000, TABLE(0xc0000000));
	ask(w, 0x200000, el1_read);
	assert_fault(w, FAULT_TRANSLATION, 2, 1);
	assert_true(w->r.fault.s1ptw);
	poke(w, 0x4000, S2_BLOCK(0x80000000) & ~BIT64(6));
	ask(w, 0x200000, show);
	assert_fault(w, FAULT_PERMISSION, 2, 2);
	assert_true(w->r.fault.s1ptw);
	world_free(w);
}

static void write_only_is_a_right(void **state)
{
	struct world *w = guest();

	(void)state;
	poke(w, 0x4008, S2_BLOCK(0x90000000) & ~BIT64(6));
	ask(w, 0x200000, el1_read);
	assert_fault(w, FAULT_PERMISSION, 2, 2);
	assert_int_equal(ask(w, 0x200000, el1_write), WALK_OK);
	assert_int_equal(rwx(w->r.s2.perms.el1), 3);
	assert_int_equal(rwx(w->r.s1.perms.el1), 7);
	assert_int_equal(rwx(w->r.perms.el1), 3);
	world_free(w);
}

static void setting_af_needs_stage_2_to_let_it_write(void **state)
{
	struct mmu_options opt = { .other = CHOICE_AF_UPDATE };
	struct world *w = guest();

	(void)state;
	w->regs.val[REG_TCR_EL1] |= BIT64(39);
	poke(w, 0x80002000, S1_BLOCK(0x40000000) & ~BIT64(10));
	poke(w, 0x4000, S2_BLOCK(0x80000000) & ~BIT64(7));
	world_init(w, REGIME_EL10);
	ask(w, 0x200000, el1_read);
	assert_fault(w, FAULT_PERMISSION, 2, 2);
	assert_true(w->r.fault.s1ptw && w->r.fault.write);
	ask(w, 0x200000, el0_read);
	assert_fault(w, FAULT_PERMISSION, 1, 1);
	assert_true(w->r.choices & CHOICE_AF_UPDATE);
	world_opt(w, REGIME_EL10, &opt);
	ask(w, 0x200000, el0_read);
	assert_fault(w, FAULT_PERMISSION, 2, 2);
	poke(w, 0x4000, S2_BLOCK(0x80000000));
	ask(w, 0x200000, el0_read);
	assert_fault(w, FAULT_PERMISSION, 1, 1);
	world_free(w);
}

/* FEAT_HAFT: the same for the descriptors on the way to the leaf */
static void setting_af_of_tables_needs_it_too(void **state)
{
	const uint64_t va = 0x200000;
	struct world *w = guest();
	unsigned int i;

	(void)state;
	w->regs.val[REG_TCR_EL1] |= BIT64(39);
	regs_set(&w->regs, REG_TCR2_EL1, BIT64(11));
	poke(w, 0x4000, S2_BLOCK(0x80000000) & ~BIT64(7));
	world_init(w, REGIME_EL10);
	ask(w, va, el1_read);
	assert_fault(w, FAULT_PERMISSION, 2, 2);
	assert_true(w->r.fault.s1ptw && w->r.fault.write);
	/* of the root, before what it leads to is read */
	assert_int_equal(w->r.step[w->r.nsteps - 1].stage, 2);
	assert_int_equal(ask(w, va, show), WALK_OK);
	/* set already */
	for (i = 0; i < w->r.nsteps; i++)
		if (w->r.step[i].stage == 1 && w->r.step[i].desc.type == DESC_TABLE)
			poke(w, w->r.step[i].pa.v, w->r.step[i].desc.raw.lo | BIT64(10));
	assert_int_equal(ask(w, va, el1_read), WALK_OK);
	world_free(w);
}

static void an_ipa(void **state)
{
	struct world *w = guest();

	(void)state;
	assert_int_equal(walk_ipa(&w->mmu, ipa(0x40200010), show, &w->r), WALK_OK);
	assert_true(w->r.pa.v == 0x90000010 && !w->r.has_va && w->r.half == -1);
	assert_int_equal(w->r.nsteps, 2);
	assert_int_equal(rwx(w->r.perms.el1), 7);
	walk_ipa(&w->mmu, ipa(1ull << 40), show, &w->r);
	assert_fault(w, FAULT_TRANSLATION, 2, 0);
	/* also where the root is too wide: PS 32 bits */
	w->regs.val[REG_VTCR_EL2] = 0x80003558;
	w->regs.val[REG_VTTBR_EL2] = 0x7000100002000;
	world_init(w, REGIME_EL10);
	walk_ipa(&w->mmu, ipa(1ull << 40), show, &w->r);
	assert_fault(w, FAULT_TRANSLATION, 2, 0);
	walk_ipa(&w->mmu, ipa(0), show, &w->r);
	assert_fault(w, FAULT_ADDRESS_SIZE, 2, 0);
	w->regs.val[REG_HCR_EL2] = 0x80000000;
	world_init(w, REGIME_EL10);
	assert_int_equal(walk_ipa(&w->mmu, ipa(0x1234), show, &w->r), WALK_OK);
	assert_true(w->r.pa.v == 0x1234 && !w->r.s2_on);
	world_free(w);
}

/* POIndex of stage 2 is 62:59 in descriptors of 64 bits: one more than at stage 1 */
static void a_stage_2_overlay_has_four_bits_of_index(void **state)
{
	struct world *w = guest();
	uint64_t index;

	(void)state;
	regs_set(&w->regs, REG_VTCR_EL2, 0x80053558 | 3ull << 36);
	regs_set(&w->regs, REG_S2PIR_EL2, 0xf0);
	for (index = 0; index < 16; index++) {
		/* every element RW but the one under test, which is RO; the tables have element 0 */
		regs_set(&w->regs, REG_S2POR_EL1, 0xcccccccccccccccc ^ UINT64_C(4) << (4 * index));
		poke(w, 0x4008, S2_BLOCK(0x90000000) | index << 59);
		world_init(w, REGIME_EL10);
		assert_int_equal(ask(w, 0x200000, el1_read), WALK_OK);
		assert_int_equal(rwx(w->r.s2.perms.el1), 4);
	}
	world_free(w);
}

static void no_stage_2_overlay_over_direct_permissions(void **state)
{
	struct world *w = guest();

	(void)state;
	regs_set(&w->regs, REG_VTCR_EL2, 0x80053558 | 1ull << 37);
	regs_set(&w->regs, REG_S2POR_EL1, 0);
	world_init(w, REGIME_EL10);
	assert_int_equal(ask(w, 0x200000, el1_write), WALK_OK);
	assert_int_equal(rwx(w->r.s2.perms.el1), 7);
	world_free(w);
}

/* The write of a flag: overlay for reading, for writing, then the base, then the dirty state */
static void setting_af_under_indirect_permissions(void **state)
{
	static const struct { uint64_t pir, por; bool dirty, faults, overlay, dirty_bit; } row[] = {
		{ 0xc, 0xc, true, false, false, false },
		{ 0x2, 0xc, true, false, false, false },	/* MRO: hardware writes */
		{ 0xc, 0x2, true, false, false, false },
		{ 0xc, 0x8, true, true, true, false },
		{ 0x8, 0x8, true, true, true, false },
		{ 0x8, 0xc, true, true, false, false },
		{ 0xc, 0xc, false, true, false, true },
		{ 0x8, 0xc, false, true, false, false },
	};
	struct world *w;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		w = guest();
		w->regs.val[REG_TCR_EL1] |= BIT64(39);
		regs_set(&w->regs, REG_VTCR_EL2, 0x80053558 | 3ull << 36);
		/* the guest's tables have element 0 of each, its memory element 1 */
		regs_set(&w->regs, REG_S2PIR_EL2, 0xc0 | row[i].pir);
		regs_set(&w->regs, REG_S2POR_EL1, 0xc0 | row[i].por);
		poke(w, 0x4000, (S2_BLOCK(0x80000000) & ~(3ull << 6)) | (row[i].dirty ? BIT64(7) : 0));
		poke(w, 0x4008, S2_BLOCK(0x90000000) | BIT64(59));
		poke(w, 0x80002000, S1_BLOCK(0x40000000) & ~BIT64(10));
		world_init(w, REGIME_EL10);
		ask(w, 0x200000, el1_read);
		assert_int_equal(w->r.status, row[i].faults ? WALK_FAULT : WALK_OK);
		if (row[i].faults) {
			assert_fault(w, FAULT_PERMISSION, 2, 2);
			assert_true(w->r.fault.s1ptw && w->r.fault.write);
			assert_int_equal(w->r.fault.overlay, row[i].overlay);
			assert_int_equal(w->r.fault.dirty_bit, row[i].dirty_bit);
		}
		world_free(w);
	}
}

/* PIRE0_EL1 has no say under NV1; else PAN looks at the element, whatever came of it */
static void indirect_permissions_and_el0(void **state)
{
	struct access pan = { ACCESS_READ, false, true };
	struct world *w = mapped(S1_PAGE(0x80000000));

	(void)state;
	regs_set(&w->regs, REG_TCR2_EL1, 2);
	regs_set(&w->regs, REG_PIR_EL1, 3);		/* RX */
	regs_set(&w->regs, REG_PIRE0_EL1, 5);		/* RW: neither gets anything */
	world_init(w, REGIME_EL10);
	ask(w, 0, el1_read);
	assert_fault(w, FAULT_PERMISSION, 1, 3);
	regs_set(&w->regs, REG_PIRE0_EL1, 4);		/* reserved */
	world_init(w, REGIME_EL10);
	assert_int_equal(ask(w, 0, el1_read), WALK_OK);
	ask(w, 0, pan);
	assert_fault(w, FAULT_PERMISSION, 1, 3);
	w->regs.val[REG_HCR_EL2] |= BIT64(42) | BIT64(43);	/* NV, NV1 */
	regs_set(&w->regs, REG_PIRE0_EL1, 5);
	world_init(w, REGIME_EL10);
	assert_int_equal(ask(w, 0, el1_read), WALK_OK);
	assert_int_equal(ask(w, 0, pan), WALK_OK);
	assert_int_equal(rwx(w->r.perms.el0), 0);
	world_free(w);
}

/* Element 9 of PIR_EL1 and PIRE0_EL1: readable with FEAT_GCS, and reserved without */
static void guarded_control_stacks(void **state)
{
	static const struct { uint64_t pir, pire0; bool el1, el0; } row[] = {
		{ 0x1, 0x9, true, true }, { 0x3, 0x9, false, false }, { 0x9, 0x5, false, false },
		{ 0x9, 0x9, false, false }, { 0x9, 0x1, true, true }, { 0x5, 0x9, true, true },
	};
	struct world *w = mapped(S1_PAGE(0x80000000));
	size_t i;

	(void)state;
	regs_set(&w->regs, REG_TCR2_EL1, 2);
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		regs_set(&w->regs, REG_PIR_EL1, row[i].pir);
		regs_set(&w->regs, REG_PIRE0_EL1, row[i].pire0);
		world_init(w, REGIME_EL10);
		assert_int_equal(ask(w, 0, el1_read) == WALK_OK, row[i].el1);
		assert_int_equal(w->r.choices, 0);
		assert_int_equal(ask(w, 0, el0_read) == WALK_OK, row[i].el0);
		ask(w, 0, el0_write);
		assert_fault(w, FAULT_PERMISSION, 1, 3);
	}
	world_regs(w, "ID_AA64PFR1_EL1 0x0\n");
	world_init(w, REGIME_EL10);
	ask(w, 0, el0_read);
	assert_int_equal(w->r.choices, CHOICE_RESERVED);
	world_free(w);
}

static void el2_without_e2h_has_no_128_bit_tables(void **state)
{
	struct world *w = world_new("SCTLR_EL2 0x1005\nTCR_EL2 0x53510\nMAIR_EL2 0xff\nTTBR0_EL2 0x1000\n"
				    "TCR2_EL2 0x20\nHCR_EL2 0x80000000\n");

	(void)state;
	poke(w, 0x1000, TABLE(0x2000));
	poke(w, 0x2000, S1_BLOCK(0x40000000));
	world_init(w, REGIME_EL2);
	assert_int_equal(ask(w, 0x10, el1_read), WALK_OK);
	assert_true(w->r.pa.v == 0x40000010 && !w->r.d128);
	world_free(w);
}

/* MAIR 0b0000dd01 has a meaning with FEAT_XS only */
static void a_device_without_xs_is_reserved(void **state)
{
	struct world *w = mapped(S1_PAGE(0x80000000));

	(void)state;
	regs_set(&w->regs, REG_MAIR_EL1, 0x05);
	world_init(w, REGIME_EL10);
	assert_int_equal(ask(w, 0, el1_read), WALK_OK);
	assert_int_equal(w->r.choices, 0);
	world_regs(w, "ID_AA64ISAR1_EL1 0x0\n");
	world_init(w, REGIME_EL10);
	assert_int_equal(ask(w, 0, el1_read), WALK_OK);
	assert_int_equal(w->r.choices, CHOICE_RESERVED);
	world_free(w);
}

/* Long descriptors without nT, XS and Tagged; short ones whose meaning is not defined */
static void what_aarch32_does_not_have(void **state)
{
	static const struct { const char *regs; uint64_t word; bool reserved; } row[] = {
		{ "TTBCR 0x80000000\nMAIR0 0xff\nMAIR1 0x0\n", S1_BLOCK(0) | BIT64(16), false },
		{ "TTBCR 0x80000000\nMAIR0 0x4\nMAIR1 0x0\n", S1_BLOCK(0), false },
		{ "TTBCR 0x80000000\nMAIR0 0x1\nMAIR1 0x0\n", S1_BLOCK(0), true },
		{ "TTBCR 0x80000000\nMAIR0 0xf0\nMAIR1 0x0\n", S1_BLOCK(0), true },
		/* sections: AP 0b011, 0b100; TEX 0b001, C 1, B 0 */
		{ "TTBCR 0x0\nDACR 0x1\n", 0xc02, false },
		{ "TTBCR 0x0\nDACR 0x1\n", 0x8002, true },
		{ "TTBCR 0x0\nDACR 0x3\n", 0x8002, false },
		{ "TTBCR 0x0\nDACR 0x2\n", 0xc02, true },
		/* TRE, every region Normal: TEX[0] C B 0b101 and 0b110 */
		{ "TTBCR 0x0\nDACR 0x1\nPRRR 0xaaaa\nNMRR 0x0\n", 0x1c06, false },
		{ "TTBCR 0x0\nDACR 0x1\nPRRR 0xaaaa\nNMRR 0x0\n", 0x1c0a, true },
	};
	struct world *w;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		w = world_new(strstr(row[i].regs, "PRRR") ? "SCTLR 0x10001005\n" : "SCTLR 0x1005\n");
		world_regs(w, "HCR_EL2 0x0\nTTBR0 0x4000\nTTBR1 0x4000\n");
		world_regs(w, row[i].regs);
		poke(w, 0x4000, row[i].word);
		world_init(w, REGIME_EL10);
		assert_int_equal(ask(w, 0x10, show), WALK_OK);
		assert_int_equal(w->r.choices, row[i].reserved ? CHOICE_RESERVED : 0);
		world_free(w);
	}
}

static void stage_2_overlays(void **state)
{
	struct world *w = guest();

	(void)state;
	/* S2PIR: element 1 (bit 6) RW+puX; S2POR: element 0 RO */
	regs_set(&w->regs, REG_VTCR_EL2, 0x80053558 | 3ull << 36);
	regs_set(&w->regs, REG_S2PIR_EL2, 0xf0);
	regs_set(&w->regs, REG_S2POR_EL1, 0x8);
	world_init(w, REGIME_EL10);
	assert_int_equal(ask(w, 0x200000, el1_read), WALK_OK);
	assert_int_equal(rwx(w->r.s2.perms.el1), 4);
	ask(w, 0x200000, el1_write);
	assert_fault(w, FAULT_PERMISSION, 2, 2);
	assert_true(w->r.fault.overlay);
	ask(w, 0x200000, el1_exec);
	assert_true(w->r.fault.overlay);
	regs_set(&w->regs, REG_S2POR_EL1, 0x0);
	world_init(w, REGIME_EL10);
	ask(w, 0x200000, el1_read);
	assert_true(w->r.fault.overlay && w->r.fault.s1ptw);
	world_free(w);
}

static void a_secure_el1_has_two_ipa_spaces(void **state)
{
	struct mmu_options opt = { .secure = true };
	struct world *w = guest();

	(void)state;
	/*
	 * The Secure space: 4K, level 2 (SL0 0), T0SZ 33; IPA 0x40000000 is block 512 of a root
	 * of two
	 */
	regs_set(&w->regs, REG_VSTCR_EL2, 0x80000021);
	regs_set(&w->regs, REG_VSTTBR_EL2, 0x20000);
	poke(w, 0x20000 + 8 * 512, S2_BLOCK(0x80000000));
	poke(w, 0x20000 + 8 * 513, S2_BLOCK(0xa0000000));
	world_opt(w, REGIME_EL10, &opt);
	assert_int_equal(ask(w, 0x200010, el1_read), WALK_OK);
	assert_true(w->r.pa.v == 0xa0000010 && !w->r.pa_nonsecure);
	/* NS in the leaf: the IPA is Non-secure, VTTBR_EL2 translates it */
	poke(w, 0x80002000, S1_BLOCK(0x40000000) | BIT64(5));
	world_opt(w, REGIME_EL10, &opt);
	assert_int_equal(ask(w, 0x200010, el1_read), WALK_OK);
	assert_true(w->r.pa.v == 0x90000010);
	/* NSTable: so is the table below */
	poke(w, 0x80001000, TABLE(0x40002000) | BIT64(63));
	poke(w, 0x80002000, S1_BLOCK(0x40000000));
	assert_int_equal(ask(w, 0x200010, el1_read), WALK_OK);
	assert_true(w->r.s1.ns && w->r.pa.v == 0x90000010);
	world_free(w);
}

/* ---- memory that cannot be read, and that means harm ------------------------------- */

/* "an unreadable table shown as empty" */
static void bug_unreadable_is_not_unmapped(void **state)
{
	struct world *w = guest();

	(void)state;
	w->mem.bad_error = -EIO;
	w->mem.bad_first = 0x80002000;
	w->mem.bad_last = 0x80002fff;
	assert_int_equal(ask(w, 0x200000, el1_read), WALK_UNREADABLE);
	assert_int_equal(w->r.error, -EIO);
	assert_int_equal(w->r.error_step, 5);
	assert_int_equal(w->r.step[5].error, -EIO);
	assert_int_equal(w->r.fault.type, FAULT_NONE);
	/* a table of stage 2, on behalf of stage 1 */
	w->mem.bad_error = -ESTALE;
	w->mem.bad_first = 0x4000;
	w->mem.bad_last = 0x4007;
	assert_int_equal(ask(w, 0x200000, el1_read), WALK_UNREADABLE);
	assert_int_equal(w->r.error, -ESTALE);
	assert_true(w->r.step[w->r.error_step].for_s1);
	/* the last one */
	w->mem.bad_first = 0x4008;
	w->mem.bad_last = 0x400f;
	assert_int_equal(ask(w, 0x200000, el1_read), WALK_UNREADABLE);
	assert_int_equal(w->r.step[w->r.error_step].level, 2);
	/* not there at all is a fault */
	w->mem.bad_error = 0;
	poke(w, 0x4008, 0);
	assert_int_equal(ask(w, 0x200000, el1_read), WALK_FAULT);
	world_free(w);
}

static void tables_that_name_themselves(void **state)
{
	struct world *w = world_new(REGS_S1_4K "TTBR0_EL1 0x1000\n");
	int i;

	(void)state;
	for (i = 0; i < 512; i++)
		poke(w, 0x1000 + 8 * i, TABLE(0x1000) | 1 << 10);
	world_init(w, REGIME_EL10);
	/* At level 3 the word is a page: the table itself */
	assert_int_equal(ask(w, 0x123456789abc, el1_read), WALK_OK);
	assert_true(w->r.pa.v == 0x1abc && w->r.nsteps == 4);
	world_free(w);
	/* Stage 2 as well, and both of them the same table */
	w = world_new(REGS_S1_4K "TTBR0_EL1 0x2000\nVTTBR_EL2 0x2000\nVTCR_EL2 0x80053558\n");
	regs_set(&w->regs, REG_HCR_EL2, 0x80000001);
	for (i = 0; i < 1024; i++)
		poke(w, 0x2000 + 8 * i, TABLE(0x2000) | 0x7fc);
	world_init(w, REGIME_EL10);
	assert_int_equal(ask(w, 0x123456789abc, el1_read), WALK_OK);
	assert_true(w->r.nsteps == 4 * 4 + 3);
	world_free(w);
}

static void every_level_that_there_is(void **state)
{
	/*
	 * VMSAv9-128 with the 4K granule, 55 bits: six levels at both stages, the most steps a
	 * walk can have
	 */
	struct world *w = world_new("SCTLR_EL1 0x1005\nTCR_EL1 0x700000009\nMAIR_EL1 0xff\nTCR2_EL1 0x20\n"
				    "HCR_EL2 0x80000001\nVTCR_EL2 0x4080070008\nPIR_EL1 0x7777777777777777\nPIRE0_EL1 0x0\n"
				    "S2PIR_EL2 0xffffffffffffffff\nTTBR0_EL1 0x1000\nVTTBR_EL2 0x1000\n");
	int i;

	(void)state;
	for (i = 0; i < 256; i++) {
		poke(w, 0x1000 + 16 * i, 0x1001 | 1 << 10 | 0xf << 2);
		poke(w, 0x1008 + 16 * i, 0);
	}
	world_init(w, REGIME_EL10);
	assert_int_equal(ask(w, 0x7f123456789abc, el1_read), WALK_OK);
	assert_int_equal(w->r.nsteps, WALK_STEPS_MAX);
	assert_int_equal(w->r.step[WALK_STEPS_MAX - 1].level, 3);
	assert_true(w->r.pa.v == 0x1abc);
	world_free(w);
}

static void the_end_of_the_address_space(void **state)
{
	struct world *w = world_new("SCTLR_EL1 0x1005\nTCR_EL1 0x700000009\nMAIR_EL1 0xff\nTCR2_EL1 0x20\n"
				    "HCR_EL2 0x80000000\nPIR_EL1 0x7777777777777777\nPIRE0_EL1 0x0\n"
				    "TTBR0_EL1 0x0000fffffffffff0\n");

	(void)state;
	/* TTBR[87:80] and [47:5], all set: the last table that there is; nothing wraps */
	regs_set_hi(&w->regs, REG_TTBR0_EL1, 0xff0000);
	world_init(w, REGIME_EL10);
	ask(w, 0x7fffffffffffff, el1_read);
	assert_fault(w, FAULT_TRANSLATION, 1, -2);
	assert_true(w->r.step[0].pa.v <= 0xffffffffffffff);
	world_free(w);
	w = mapped(S1_PAGE(0xfffffffff000));
	assert_int_equal(ask(w, 0xfff, el1_read), WALK_OK);
	assert_true(w->r.pa.v == 0xffffffffffff);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page),
		cmocka_unit_test(the_upper_half_and_the_hole),
		cmocka_unit_test(a_tagged_pointer),
		cmocka_unit_test(tbid_needs_pointer_authentication),
		cmocka_unit_test(xs_is_cleared_only_where_it_is_there),
		cmocka_unit_test(halves_that_are_closed),
		cmocka_unit_test(rights_of_a_page),
		cmocka_unit_test(bug_xn_takes_execution_away),
		cmocka_unit_test(bug_aptable_takes_rights_from_everything_below),
		cmocka_unit_test(bug_pxntable_of_any_parent_counts),
		cmocka_unit_test(wxn_pan_and_epan),
		cmocka_unit_test(the_access_flag),
		cmocka_unit_test(dbm_makes_writable_where_hardware_marks_dirty),
		cmocka_unit_test(output_beyond_the_size),
		cmocka_unit_test(a_contiguous_run_is_one),
		cmocka_unit_test(a_protected_page_is_no_run),
		cmocka_unit_test(choices_and_the_other_way),
		cmocka_unit_test(reserved_encodings_are_said),
		cmocka_unit_test(fetches_from_device_memory),
		cmocka_unit_test(stage_1_off),
		cmocka_unit_test(other_regimes),
		cmocka_unit_test(big_endian_tables),
		cmocka_unit_test(every_table_is_fetched_through_stage_2),
		cmocka_unit_test(faults_of_stage_2),
		cmocka_unit_test(write_only_is_a_right),
		cmocka_unit_test(setting_af_needs_stage_2_to_let_it_write),
		cmocka_unit_test(setting_af_of_tables_needs_it_too),
		cmocka_unit_test(an_ipa),
		cmocka_unit_test(a_stage_2_overlay_has_four_bits_of_index),
		cmocka_unit_test(no_stage_2_overlay_over_direct_permissions),
		cmocka_unit_test(setting_af_under_indirect_permissions),
		cmocka_unit_test(indirect_permissions_and_el0),
		cmocka_unit_test(guarded_control_stacks),
		cmocka_unit_test(el2_without_e2h_has_no_128_bit_tables),
		cmocka_unit_test(a_device_without_xs_is_reserved),
		cmocka_unit_test(what_aarch32_does_not_have),
		cmocka_unit_test(stage_2_overlays),
		cmocka_unit_test(a_secure_el1_has_two_ipa_spaces),
		cmocka_unit_test(bug_unreadable_is_not_unmapped),
		cmocka_unit_test(tables_that_name_themselves),
		cmocka_unit_test(every_level_that_there_is),
		cmocka_unit_test(the_end_of_the_address_space),
	};

	unused_accesses();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
