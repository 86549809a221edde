// SPDX-License-Identifier: GPL-2.0-only
/*
 * TLB tags: VMIDs across a roll-over, which ASID is used, and the operands of TLBI.
 */
#include "tags.h"
#include "world.h"

/* ---- VMIDs ----------------------------------------------------------------------------------- */

#define USE(v, g, l)	{ .vmid = (v), .generation = (g), .loaded = (l) }

static void a_vm_that_never_ran_has_none(void **state)
{
	struct vmid_use u[] = { USE(0, 0, false), USE(0, 0, true) };
	uint64_t newest = 7;

	(void)state;
	assert_int_equal(vmids_judge(u, 2, &newest), 0);
	assert_int_equal(newest, 0);
	assert_int_equal(u[0].state, VMID_NONE);
	assert_int_equal(u[1].state, VMID_NONE);
	assert_null(u[0].twin);
	assert_null(u[1].twin);
}

static void no_vm_is_no_trouble(void **state)
{
	uint64_t newest = 7;

	(void)state;
	assert_int_equal(vmids_judge(NULL, 0, &newest), 0);
	assert_int_equal(newest, 0);
}

static void one_number_in_one_generation_is_a_twin(void **state)
{
	struct vmid_use u[] = { USE(5, 2, false), USE(6, 2, false), USE(5, 2, true), USE(0, 0, false) };
	uint64_t newest;

	(void)state;
	assert_int_equal(vmids_judge(u, 4, &newest), 0);
	assert_int_equal(newest, 2);
	assert_ptr_equal(u[0].twin, &u[2]);
	assert_ptr_equal(u[2].twin, &u[0]);
	assert_null(u[1].twin);
	assert_null(u[3].twin);
	assert_int_equal(u[1].state, VMID_CURRENT);
}

static void a_roll_over_leaves_stale_ones_that_are_no_twins(void **state)
{
	struct vmid_use u[] = { USE(5, 1, false), USE(5, 2, false), USE(6, 1, false) };
	uint64_t newest;

	(void)state;
	assert_int_equal(vmids_judge(u, 3, &newest), 0);
	assert_int_equal(newest, 2);
	assert_int_equal(u[0].state, VMID_STALE);
	assert_int_equal(u[1].state, VMID_CURRENT);
	assert_null(u[0].twin);
	assert_null(u[1].twin);
}

/* Two stale ones of two old generations, or of one, are in nobody's way either */
static void stale_ones_have_no_twins_among_themselves(void **state)
{
	struct vmid_use u[] = { USE(5, 1, false), USE(5, 2, false), USE(5, 2, false), USE(9, 3, true) };
	uint64_t newest;
	size_t i;

	(void)state;
	assert_int_equal(vmids_judge(u, 4, &newest), 0);
	for (i = 0; i < 4; i++)
		assert_null(u[i].twin);
}

/* flush_context() keeps the number of what is on a CPU, so nobody else may have it */
static void what_is_loaded_keeps_its_number(void **state)
{
	struct vmid_use u[] = { USE(5, 1, true), USE(6, 2, false), USE(7, 2, false) };
	struct vmid_use bad[] = { USE(5, 1, true), USE(5, 2, false) };
	uint64_t newest;

	(void)state;
	assert_int_equal(vmids_judge(u, 3, &newest), 0);
	assert_int_equal(u[0].state, VMID_RESERVED);
	assert_null(u[0].twin);
	assert_int_equal(vmids_judge(bad, 2, &newest), 0);
	assert_ptr_equal(bad[0].twin, &bad[1]);
	assert_ptr_equal(bad[1].twin, &bad[0]);
}

static void every_one_of_many_twins_has_one(void **state)
{
	struct vmid_use u[300];
	uint64_t newest;
	size_t i;

	(void)state;
	for (i = 0; i < 300; i++)
		u[i] = (struct vmid_use)USE(1 + i % 255, 1, false);
	assert_int_equal(vmids_judge(u, 300, &newest), 0);
	for (i = 0; i < 300; i++) {
		if (i < 45 || i >= 255) {
			assert_non_null(u[i].twin);
			assert_int_equal(u[i].twin->vmid, u[i].vmid);
			assert_ptr_not_equal(u[i].twin, &u[i]);
		} else {
			assert_null(u[i].twin);
		}
	}
}

static void states_have_names(void **state)
{
	(void)state;
	assert_string_equal(vmid_state_text(VMID_NONE), "none");
	assert_string_equal(vmid_state_text(VMID_CURRENT), "current");
	assert_string_equal(vmid_state_text(VMID_STALE), "stale");
	assert_string_equal(vmid_state_text(VMID_RESERVED), "reserved");
}

/* ---- ASIDs ----------------------------------------------------------------------------------- */

static struct asid_tags asids(enum regime regime, const char *regs)
{
	struct world *w = world_new(regs);
	struct asid_tags tags;

	world_init(w, regime);
	asid_tags_of(&w->mmu, &w->regs, &tags);
	world_free(w);
	return tags;
}

#define TTBRS	"TTBR0_EL1 0x1234000040000000\nTTBR1_EL1 0x5678000050000000\n"
#define A1	"TCR_EL1 0x5b5503510\n"		/* as REGS_S1_4K, and A1 */
#define AS_A1	"TCR_EL1 0x15b5503510\n"
#define REST	"SCTLR_EL1 0x1005\nMAIR_EL1 0xff\nHCR_EL2 0x80000000\n"

static void the_ttbr_of_a1_is_used(void **state)
{
	struct asid_tags t = asids(REGIME_EL10, REGS_S1_4K TTBRS);

	(void)state;
	assert_int_equal(t.used, 0);
	assert_false(t.each);
	assert_int_equal(asid_of_half(&t, 0), 0x34);
	assert_int_equal(asid_of_half(&t, 1), 0x34);
	t = asids(REGIME_EL10, REST A1 TTBRS);
	assert_int_equal(t.used, 1);
	assert_int_equal(asid_of_half(&t, 0), 0x78);
}

static void sixteen_bits_take_as_and_a_pe_that_has_them(void **state)
{
	struct asid_tags t = asids(REGIME_EL10, REST AS_A1 TTBRS);

	(void)state;
	assert_int_equal(t.bits, 16);
	assert_int_equal(t.asid[0], 0x1234);
	assert_int_equal(t.asid[1], 0x5678);
	t = asids(REGIME_EL10, REST AS_A1 TTBRS "ID_AA64MMFR0_EL1 0x1105\n");
	assert_int_equal(t.bits, 8);
	assert_int_equal(t.asid[1], 0x78);
	t = asids(REGIME_EL10, REST A1 TTBRS);
	assert_int_equal(t.bits, 8);
}

static void a2_lets_each_half_have_its_own(void **state)
{
	static const char a2[] = REST AS_A1 TTBRS "TCR2_EL1 0x10000\nID_AA64MMFR3_EL1 0x1\n"
				 "ID_AA64MMFR4_EL1 0x100\n";
	struct asid_tags t = asids(REGIME_EL10, a2);

	(void)state;
	assert_true(t.each);
	assert_int_equal(asid_of_half(&t, 0), 0x1234);
	assert_int_equal(asid_of_half(&t, 1), 0x5678);
	t = asids(REGIME_EL10, REST AS_A1 TTBRS "TCR2_EL1 0x10000\nID_AA64MMFR3_EL1 0x1\n"
				"ID_AA64MMFR4_EL1 0x0\n");
	assert_false(t.each);
	assert_int_equal(asid_of_half(&t, 0), 0x5678);
}

static void the_host_has_its_own_registers(void **state)
{
	struct asid_tags t = asids(REGIME_EL20, "SCTLR_EL2 0x1005\nMAIR_EL2 0xff\n"
		"HCR_EL2 0x488000000\nTCR_EL2 0x15b5503510\nTCR_EL1 0x5b5103510\n"
		"TTBR0_EL2 0x1111000040000000\nTTBR1_EL2 0x2222000040000000\n");

	(void)state;
	assert_int_equal(t.bits, 16);
	assert_int_equal(asid_of_half(&t, 0), 0x2222);
}

/* EAE = 0: CONTEXTIDR.ASID, whatever half; EAE = 1: TTBCR.A1 chooses among 8 bits */
static void aarch32_has_eight_bits(void **state)
{
	struct asid_tags t = asids(REGIME_EL10, "SCTLR 0x1005\nTTBCR 0x0\nDACR 0x1\nCONTEXTIDR 0x1342\n"
		"TTBR0 0x40000000\nTTBR1 0x50000000\nHCR_EL2 0x0\n");

	(void)state;
	assert_int_equal(t.bits, 8);
	assert_int_equal(asid_of_half(&t, 0), 0x42);
	t = asids(REGIME_EL10, "SCTLR 0x1005\nTTBCR 0x80400000\nMAIR_EL1 0xff\nTTBR0 0x21000040000000\n"
		"TTBR1 0x43000050000000\nHCR_EL2 0x0\nTCR_EL1 0x1000000000\n");
	assert_int_equal(t.bits, 8);
	assert_int_equal(asid_of_half(&t, 0), 0x43);
}

/* ---- an entry and what drops it -------------------------------------------------------------- */

#define NG	(UINT64_C(1) << 11)
#define CONTIG	(UINT64_C(1) << 52)
#define L0	0x10000
#define VA_2M	0x40000000
#define VA_4K	0x40201000
#define VA_RUN	0x40210000
#define VA_1G	0x80000000

#define REGS_VM	"VTCR_EL2 0x80053558\nVTTBR_EL2 0x70000000f0000\n"
#define GUEST	REGS_S1_4K "TTBR0_EL1 0x42000000010000\n" REGS_VM
/* DS: bits 9:8 of a leaf are OA[51:50], so 52 bits of output */
#define TTBRS_DS "TCR_EL1 0x8000006b5103510\nTTBR0_EL1 0x10000\n"

struct tags_world {
	struct world *w;
	struct tlb_entry e;
	struct tlbi_features f;
	struct tlbi list[TLBI_MAX];
	size_t n;
};

/* Stage 1 with a page, a run of pages, a 2M and a 1G block, below stage 2 where that is on */
static void make(struct tags_world *t, enum regime regime, const char *regs, uint64_t bits)
{
	int i;

	memset(t, 0, sizeof(*t));
	t->w = world_new(regs);
	world_init(t->w, regime);
	poke(t->w, L0, TABLE(0x11000));
	poke(t->w, 0x11000 + 8 * 1, TABLE(0x12000));
	poke(t->w, 0x11000 + 8 * 2, S1_BLOCK(0x40000000) | bits);
	poke(t->w, 0x12000, S1_BLOCK(0x600000) | bits);
	poke(t->w, 0x12008, TABLE(0x13000));
	poke(t->w, 0x13008, S1_PAGE(0x201000) | bits);
	for (i = 0; i < 16; i++)
		poke(t->w, 0x13000 + 8 * (16 + i), S1_PAGE(0x210000 + 0x1000 * i) | bits | CONTIG);
}

static void look(struct tags_world *t, uint64_t va_)
{
	struct world *w = t->w;

	assert_int_equal(walk_va(&w->mmu, va(va_), show, &w->r), WALK_OK);
	tlb_entry_of(&w->mmu, &w->regs, &w->r, &t->e);
	tlbi_features_of(&w->regs, &t->f);
	t->n = tlbi_list(&w->mmu, &w->r, &t->e, &t->f, t->list);
	assert_true(t->n && t->n <= TLBI_MAX);
}

static const struct tlbi *find(const struct tags_world *t, const char *name)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (!strcmp(t->list[i].name, name))
			return &t->list[i];
	return NULL;
}

static void assert_xt(const struct tags_world *t, const char *name, uint64_t xt)
{
	const struct tlbi *i = find(t, name);

	if (!i || !i->has_xt || i->xt != xt)
		fail_msg("%s: 0x%llx, not 0x%llx", name, i ? (unsigned long long)i->xt : 0,
			 (unsigned long long)xt);
}

#define WITH_TTL	"ID_AA64MMFR2_EL1 0x1000000000000\n"
#define WITH_RANGE	"ID_AA64ISAR0_EL1 0x200000000000000\n"

static void a_page_of_one_asid(void **state)
{
	struct tags_world t;

	(void)state;
	make(&t, REGIME_EL10, GUEST, NG);
	look(&t, VA_4K + 0x123);
	assert_true(t.e.has_vmid && t.e.vmid_known && t.e.has_asid);
	assert_int_equal(t.e.vmid, 7);
	assert_int_equal(t.e.vmid_bits, 8);
	assert_int_equal(t.e.asid, 0x42);
	assert_int_equal(t.e.asid_bits, 8);
	assert_int_equal(t.e.s1.leaf, 0x1000);
	assert_int_equal(t.e.s2.leaf, 0);
	assert_int_equal(t.e.both.run, 0x1000);
	assert_false(t.e.no_af);
	assert_xt(&t, "VAE1IS", 0x42000000040201);
	assert_xt(&t, "VALE1IS", 0x42000000040201);
	assert_xt(&t, "VAAE1IS", 0x40201);
	assert_xt(&t, "VAALE1IS", 0x40201);
	assert_xt(&t, "ASIDE1IS", 0x42000000000000);
	assert_true(find(&t, "ASIDE1IS")->drops);
	assert_false(find(&t, "VMALLE1IS")->has_xt);
	assert_false(find(&t, "VAE1IS")->hint);
	assert_int_equal(find(&t, "VMALLE1IS")->el, 1);
	assert_int_equal(find(&t, "VMALLS12E1IS")->el, 2);
	assert_int_equal(find(&t, "ALLE1IS")->el, 2);
	/* no stage 2, and neither feature is known to be there */
	assert_null(find(&t, "IPAS2E1IS"));
	assert_null(find(&t, "RVAE1IS"));
	assert_false(t.f.isar0);
	world_free(t.w);
}

static void a_global_entry_outlives_its_asid(void **state)
{
	struct tags_world t;

	(void)state;
	make(&t, REGIME_EL10, GUEST WITH_RANGE, 0);
	look(&t, VA_4K);
	assert_false(t.e.has_asid);
	assert_false(find(&t, "ASIDE1IS")->drops);
	assert_xt(&t, "VAE1IS", 0x40201);
	assert_true(find(&t, "VAE1IS")->drops);
	assert_xt(&t, "RVAE1IS", UINT64_C(1) << 46 | UINT64_C(3) << 37 | 0x40201);
	world_free(t.w);
}

/* TTL: {granule, level} in 47:44, with FEAT_TTL alone */
static void level_hints(void **state)
{
	struct tags_world t;

	(void)state;
	make(&t, REGIME_EL10, GUEST WITH_TTL, NG);
	look(&t, VA_4K);
	assert_xt(&t, "VAE1IS", 0x42700000040201);
	assert_true(find(&t, "VAE1IS")->hint);
	assert_int_equal(find(&t, "VAE1IS")->level, 3);
	look(&t, VA_2M);
	assert_xt(&t, "VAAE1IS", 0x600000040000);
	look(&t, VA_1G);
	assert_xt(&t, "VAAE1IS", 0x500000080000);
	world_free(t.w);
}

/* BaseADDR 36:0, TTL 38:37, NUM 43:39, SCALE 45:44, TG 47:46 */
static void ranges(void **state)
{
	const uint64_t tg = UINT64_C(1) << 46;
	struct tags_world t;

	(void)state;
	make(&t, REGIME_EL10, GUEST WITH_RANGE, NG);
	assert_int_equal(t.f.isar0, 0);
	look(&t, VA_4K);
	assert_true(t.f.isar0 && t.f.os && t.f.range);
	/* two pages are the least */
	assert_xt(&t, "RVAE1IS", tg | UINT64_C(0x42) << 48 | UINT64_C(3) << 37 | 0x40201);
	assert_int_equal(find(&t, "RVAE1IS")->bytes, 0x2000);
	/* a run as a whole, from wherever in it: 16 = (7 + 1) * 2 */
	look(&t, VA_RUN + 0x5000);
	assert_int_equal(t.e.s1.leaf, 0x1000);
	assert_int_equal(t.e.s1.run, 0x10000);
	assert_xt(&t, "RVAAE1IS", tg | UINT64_C(7) << 39 | UINT64_C(3) << 37 | 0x40210);
	assert_xt(&t, "VAAE1IS", 0x40215);
	/* 512 = (7 + 1) * 64 */
	look(&t, VA_2M);
	assert_xt(&t, "RVALE1IS", tg | UINT64_C(0x42) << 48 | UINT64_C(1) << 44 | UINT64_C(7) << 39 |
		  UINT64_C(2) << 37 | 0x40000);
	assert_int_equal(find(&t, "RVALE1IS")->bytes, 0x200000);
	/* 2^18 = (3 + 1) * 2^16 */
	look(&t, VA_1G);
	assert_xt(&t, "RVAALE1IS", tg | UINT64_C(3) << 44 | UINT64_C(3) << 39 | UINT64_C(1) << 37 |
		  0x80000);
	assert_int_equal(find(&t, "RVAALE1IS")->bytes, 0x40000000);
	world_free(t.w);
}

#define TWO_STAGES	"SCTLR_EL1 0x1005\nTCR_EL1 0x5b5103510\nMAIR_EL1 0xff\n" REGS_S2_4K \
	"TTBR0_EL1 0x42000000010000\nVTTBR_EL2 0x1070000000f0000\n"

/* Stage 2 maps the first 2M as a block onto themselves, and the rest of 1G by another table */
static void two_stages(struct tags_world *t, const char *more)
{
	char regs[1024];

	snprintf(regs, sizeof(regs), "%s%s", TWO_STAGES, more);
	make(t, REGIME_EL10, regs, NG);
	poke(t->w, 0xf0000, TABLE(0xf2000));
	poke(t->w, 0xf0008, S2_BLOCK(0x40000000));
	poke(t->w, 0xf2000, S2_BLOCK(0));
	poke(t->w, 0xf2008, TABLE(0xf3000));
	poke(t->w, 0xf2018, S2_BLOCK(0x600000) & ~(UINT64_C(1) << 10));
	poke(t->w, 0xf3008, S2_PAGE(0x201000));
}

static void both_stages(void **state)
{
	struct tags_world t;

	(void)state;
	two_stages(&t, WITH_TTL WITH_RANGE);
	look(&t, VA_4K);
	assert_int_equal(t.e.vmid, 7);		/* VTCR_EL2.VS is 0: 8 bits */
	assert_int_equal(t.e.s2.leaf, 0x1000);
	assert_int_equal(t.e.both.leaf, 0x1000);
	assert_xt(&t, "IPAS2E1IS", 0x700000000201);
	assert_xt(&t, "IPAS2LE1IS", 0x700000000201);
	assert_false(find(&t, "IPAS2E1IS")->drops);
	assert_xt(&t, "RIPAS2E1IS", UINT64_C(1) << 46 | UINT64_C(3) << 37 | 0x201);
	assert_xt(&t, "VAE1IS", 0x42700000040201);
	look(&t, VA_1G + 0x1234567);
	assert_int_equal(t.e.s1.leaf, 0x40000000);
	assert_int_equal(t.e.s2.leaf, 0x40000000);
	assert_xt(&t, "IPAS2E1IS", 0x500000041234);
	world_free(t.w);
}

static void the_smaller_stage_bounds_an_entry(void **state)
{
	struct tags_world t;

	(void)state;
	two_stages(&t, "");
	poke(t.w, 0xf2018, TABLE(0xf4000));
	poke(t.w, 0xf4000, S2_PAGE(0x600000));
	look(&t, VA_2M);
	assert_int_equal(t.e.s1.leaf, 0x200000);
	assert_int_equal(t.e.s2.leaf, 0x1000);
	assert_int_equal(t.e.both.leaf, 0x1000);
	assert_int_equal(t.e.both.run, 0x1000);
	world_free(t.w);
}

static void without_access_flag_nothing_is_cached(void **state)
{
	struct tags_world t;

	(void)state;
	two_stages(&t, "");
	look(&t, VA_2M);
	assert_true(t.e.no_af);
	look(&t, VA_4K);
	assert_false(t.e.no_af);
	world_free(t.w);
}

static void sixteen_bit_vmids(void **state)
{
	struct tags_world t;

	(void)state;
	two_stages(&t, "");
	regs_set(&t.w->regs, REG_VTCR_EL2, 0x800d3558);
	world_init(t.w, REGIME_EL10);
	look(&t, VA_4K);
	assert_int_equal(t.e.vmid_bits, 16);
	assert_int_equal(t.e.vmid, 0x107);
	world_free(t.w);
}

static void a_host_has_no_vmid(void **state)
{
	struct tags_world t;

	(void)state;
	make(&t, REGIME_EL20, "SCTLR_EL2 0x1005\nTCR_EL2 0x5b5103510\nMAIR_EL2 0xff\n"
	     "HCR_EL2 0x488000000\nTTBR0_EL2 0x42000000010000\n", NG);
	look(&t, VA_4K);
	assert_false(t.e.has_vmid);
	assert_xt(&t, "VAE1IS", 0x42000000040201);
	assert_int_equal(find(&t, "VAE1IS")->el, 2);
	assert_null(find(&t, "VMALLS12E1IS"));
	assert_non_null(find(&t, "ALLE2IS"));
	world_free(t.w);
	make(&t, REGIME_EL2, "SCTLR_EL2 0x1005\nTCR_EL2 0x80853510\nMAIR_EL2 0xff\n"
	     "HCR_EL2 0x80000000\nTTBR0_EL2 0x10000\n", 0);
	look(&t, VA_4K);
	assert_false(t.e.has_asid);
	assert_xt(&t, "VAE2IS", 0x40201);
	world_free(t.w);
}

/* nVHE: a host runs in EL1&0 as a guest does, and its VTTBR_EL2 cannot be read */
static void an_unknown_vmid_is_not_zero(void **state)
{
	struct tags_world t;

	(void)state;
	make(&t, REGIME_EL10, REGS_S1_4K "TTBR0_EL1 0x42000000010000\n", NG);
	look(&t, VA_4K);
	assert_true(t.e.has_vmid);
	assert_false(t.e.vmid_known);
	world_free(t.w);
}

static void stage_1_off_is_global(void **state)
{
	struct tags_world t;

	(void)state;
	two_stages(&t, WITH_TTL WITH_RANGE);
	regs_set(&t.w->regs, REG_SCTLR_EL1, 0x1004);
	world_init(t.w, REGIME_EL10);
	look(&t, 0x201040);
	assert_false(t.e.has_asid);
	assert_int_equal(t.e.s1.leaf, 0);
	assert_int_equal(t.e.both.leaf, 0x1000);
	assert_xt(&t, "VAE1IS", 0x201);
	assert_null(find(&t, "RVAE1IS"));
	assert_non_null(find(&t, "RIPAS2E1IS"));
	world_free(t.w);
}

/* A base is a multiple of 64K, and the range begins there */
static void ranges_under_ds(void **state)
{
	struct tags_world t;
	uint64_t tg = UINT64_C(1) << 46;

	(void)state;
	make(&t, REGIME_EL10, REST TTBRS_DS "ID_AA64MMFR0_EL1 0x10000026\n" WITH_RANGE, 0);
	assert_true(t.w->mmu.s1[0].geo.ds);
	look(&t, VA_4K);
	/* 0x40200000..0x40202000: two pages */
	assert_xt(&t, "RVAAE1IS", tg | UINT64_C(3) << 37 | 0x4020);
	assert_int_equal(find(&t, "RVAAE1IS")->bytes, 0x2000);
	world_free(t.w);
}

/* 64K: VA[15:12] of the operand are 0, TG is 3, and so is the granule in TTL */
static void operands_of_64k(void **state)
{
	struct tags_world t = { .w = world_new(REST "TCR_EL1 0x5b5107510\nTTBR0_EL1 0x10000\n"
					       WITH_TTL WITH_RANGE) };

	(void)state;
	world_init(t.w, REGIME_EL10);
	poke(t.w, L0, TABLE(0x20000));
	poke(t.w, 0x20000 + 8 * 2, TABLE(0x30000));
	poke(t.w, 0x30000 + 8 * 0x21, S1_PAGE(0x210000));
	look(&t, 0x40215678);
	assert_int_equal(t.e.s1.leaf, 0x10000);
	assert_xt(&t, "VAE1IS", 0xf00000040210);
	assert_xt(&t, "RVAE1IS", UINT64_C(3) << 46 | UINT64_C(3) << 37 | 0x4021);
	assert_int_equal(find(&t, "RVAE1IS")->bytes, 0x20000);
	world_free(t.w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_vm_that_never_ran_has_none),
		cmocka_unit_test(no_vm_is_no_trouble),
		cmocka_unit_test(one_number_in_one_generation_is_a_twin),
		cmocka_unit_test(a_roll_over_leaves_stale_ones_that_are_no_twins),
		cmocka_unit_test(stale_ones_have_no_twins_among_themselves),
		cmocka_unit_test(what_is_loaded_keeps_its_number),
		cmocka_unit_test(every_one_of_many_twins_has_one),
		cmocka_unit_test(states_have_names),
		cmocka_unit_test(the_ttbr_of_a1_is_used),
		cmocka_unit_test(sixteen_bits_take_as_and_a_pe_that_has_them),
		cmocka_unit_test(a2_lets_each_half_have_its_own),
		cmocka_unit_test(the_host_has_its_own_registers),
		cmocka_unit_test(aarch32_has_eight_bits),
		cmocka_unit_test(a_page_of_one_asid),
		cmocka_unit_test(a_global_entry_outlives_its_asid),
		cmocka_unit_test(level_hints),
		cmocka_unit_test(ranges),
		cmocka_unit_test(ranges_under_ds),
		cmocka_unit_test(operands_of_64k),
		cmocka_unit_test(both_stages),
		cmocka_unit_test(the_smaller_stage_bounds_an_entry),
		cmocka_unit_test(without_access_flag_nothing_is_cached),
		cmocka_unit_test(sixteen_bit_vmids),
		cmocka_unit_test(a_host_has_no_vmid),
		cmocka_unit_test(an_unknown_vmid_is_not_zero),
		cmocka_unit_test(stage_1_off_is_global),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
