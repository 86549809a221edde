// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one table of QEMU 11.1's known deviations. Each condition asks for all of
 * what it takes: the bits in registers, the generator's mark for that stage and
 * level, the exact fault where it is known, and for memory attributes the two
 * exact results, computed here by Arm's rule and by the emulator's.
 */
#include "deviation.h"
#include "par.h"

#define BIT(n)		(1ULL << (n))

#define HCR_VM		BIT(0)
#define HCR_PTW		BIT(2)
#define HCR_DC		BIT(12)
#define HCR_TGE		BIT(27)
#define HCR_CD		BIT(32)
#define HCR_E2H		BIT(34)
#define HCR_FWB		BIT(46)
#define SCTLR_M		BIT(0)
#define SCTLR_C		BIT(2)
#define TCR_HA		BIT(39)
#define TCR_HD		BIT(40)
#define TCR2_PIE	BIT(1)
#define VTCR_HD		BIT(22)
#define VTCR_S2PIE	BIT(36)
#define HCRX_TCR2EN	BIT(14)
#define TTBCR_EAE	BIT(31)

#define PAR_PTW		BIT(8)
#define PAR_S		BIT(9)
#define PAR_DIRTY	BIT(15)

/* Types of fault by their FST, the level in the low bits */
enum { ADDRESS_SIZE = 0x00, TRANSLATION = 0x04, ACCESS_FLAG = 0x08, PERMISSION = 0x0c };

#define FST_DOMAIN_1		0x3d
#define FST_DOMAIN_2		0x3e
#define FST_SIZE_MINUS_1	0x29
#define FST_TRANSLATION_MINUS_1	0x2b

static int encode_fst(int type, int level)
{
	if (level >= 0)
		return type | level;
	return type == ADDRESS_SIZE ? FST_SIZE_MINUS_1 : FST_TRANSLATION_MINUS_1;
}

static uint64_t encode_fault(int type, int level, int stage, int walk)
{
	return PAR_F | encode_fst(type, level) << 1 | (stage == 2 ? PAR_S : 0) |
	       (walk ? PAR_PTW : 0);
}

/* Whether par is a fault of this type at the place of a mark of this kind */
static int faults_at(const struct tcase *c, uint64_t par, int type, int kind)
{
	int i;

	for (i = 0; i < c->marks; i++) {
		const struct mark *m = &c->mark[i];

		if (m->kind == kind &&
		    (par & PAR_FAULT) == encode_fault(type, m->level, m->stage, m->walk))
			return 1;
	}
	return 0;
}

static int has_mark(const struct tcase *c, int kind, int stage)
{
	int i;

	for (i = 0; i < c->marks; i++)
		if (c->mark[i].kind == kind && c->mark[i].stage == stage)
			return 1;
	return 0;
}

static int is_write(const struct tcase *c)
{
	return c->op == S1E1W || c->op == S1E0W || c->op == S12E1W || c->op == S12E0W ||
	       c->op == S1E2W || c->op == S1E1WP;
}

/* The regime of stage 1: EL2's own or EL2&0, or else EL1&0 */
static int is_el2(const struct tcase *c)
{
	uint64_t host = HCR_E2H | HCR_TGE;

	return c->op == S1E2R || c->op == S1E2W || (c->reg[R_HCR_EL2] & host) == host;
}

static int stage2_on(const struct tcase *c)
{
	return !is_el2(c) && c->reg[R_HCR_EL2] & (HCR_VM | HCR_DC);
}

/* Whether the attributes in PAR are those of both stages */
static int combines(const struct tcase *c)
{
	return stage2_on(c) && c->op >= S12E1R && c->op <= S12E0W;
}

static uint64_t s1_reg(const struct tcase *c, int el1)
{
	return c->reg[is_el2(c) ? el1 - R_SCTLR_EL1 + R_SCTLR_EL2 : el1];
}

/* TCR_ELx.HA and HD lie elsewhere where EL2 has one range */
static int s1_tcr_bit(const struct tcase *c, uint64_t two_ranges)
{
	uint64_t tcr = s1_reg(c, R_TCR_EL1);

	if (is_el2(c) && !(c->reg[R_HCR_EL2] & HCR_E2H))
		return !!(tcr & two_ranges >> 18);
	return !!(tcr & two_ranges);
}

static int s1_is_indirect(const struct tcase *c)
{
	if (!is_el2(c) && !(c->reg[R_HCRX_EL2] & HCRX_TCR2EN))
		return 0;
	return !!(s1_reg(c, R_TCR2_EL1) & TCR2_PIE);
}

/* AArch32 with short descriptors */
static int is_short(const struct tcase *c)
{
	return c->aarch32 && !(c->reg[R_TCR_EL1] & TTBCR_EAE);
}

static int is_address_size(const struct tcase *c, uint64_t emu, uint64_t arm)
{
	(void)emu;
	return faults_at(c, arm, ADDRESS_SIZE, MARK_ADDRESS_SIZE);
}

static int is_nt(const struct tcase *c, uint64_t emu, uint64_t arm)
{
	(void)emu;
	return faults_at(c, arm, TRANSLATION, MARK_NT);
}

static int is_txsz(const struct tcase *c, uint64_t emu, uint64_t arm)
{
	uint64_t fault = emu & PAR_FAULT;

	(void)arm;
	if (has_mark(c, MARK_TXSZ, 1) && fault == encode_fault(TRANSLATION, 0, 1, 0))
		return 1;
	if (is_short(c) && fault & PAR_PTW)	/* see short-ptw-level */
		fault &= ~(3ULL << 1);
	return has_mark(c, MARK_TXSZ, 2) &&
	       (fault & ~PAR_PTW) == encode_fault(TRANSLATION, 0, 2, 0);
}

static int is_dbm(const struct tcase *c, uint64_t emu, uint64_t arm)
{
	(void)arm;
	return is_write(c) && faults_at(c, emu, PERMISSION, MARK_DBM);
}

static int is_ha_table_write(const struct tcase *c, uint64_t emu, uint64_t arm)
{
	(void)emu;
	if (!stage2_on(c) || !s1_tcr_bit(c, TCR_HA) || !has_mark(c, MARK_AF, 1) || !(arm & PAR_PTW))
		return 0;
	if (arm & PAR_DIRTY)
		return c->reg[R_VTCR_EL2] & VTCR_S2PIE && !(c->reg[R_VTCR_EL2] & VTCR_HD) &&
		       faults_at(c, arm, PERMISSION, MARK_CLEAN);
	return faults_at(c, arm, PERMISSION, MARK_NO_WRITE);
}

static int is_pie_dirty(const struct tcase *c, uint64_t emu, uint64_t arm)
{
	(void)emu;
	if (!is_write(c) || !(arm & PAR_DIRTY) || arm & PAR_PTW ||
	    !faults_at(c, arm, PERMISSION, MARK_CLEAN))
		return 0;
	if (arm & PAR_S)
		return c->reg[R_VTCR_EL2] & VTCR_S2PIE && !(c->reg[R_VTCR_EL2] & VTCR_HD);
	return s1_is_indirect(c) && !s1_tcr_bit(c, TCR_HD);
}

static int is_ptw_level(const struct tcase *c, uint64_t emu, uint64_t arm)
{
	return c->reg[R_HCR_EL2] & HCR_PTW && stage2_on(c) && arm & PAR_PTW &&
	       faults_at(c, arm, PERMISSION, MARK_LEAF) &&
	       (emu & PAR_FAULT) == encode_fault(PERMISSION, 0, 2, 1);
}

static int fault_type(uint64_t par)
{
	int fst = par >> 1 & 63;

	if (fst == FST_SIZE_MINUS_1)
		return ADDRESS_SIZE;
	return fst == FST_TRANSLATION_MINUS_1 ? TRANSLATION : fst & ~3;
}

static int is_short_ptw_level(const struct tcase *c, uint64_t emu, uint64_t arm)
{
	uint64_t place = PAR_F | PAR_S | PAR_PTW, fault = emu & PAR_FAULT;

	return is_short(c) && stage2_on(c) && (arm & place) == place &&
	       (fault == encode_fault(fault_type(arm), 1, 2, 1) ||
		fault == encode_fault(fault_type(arm), 2, 2, 1));
}

static int is_short_domain(const struct tcase *c, uint64_t emu, uint64_t arm)
{
	uint64_t level2 = encode_fault(TRANSLATION, 2, 1, 0), walk = PAR_F | PAR_S | PAR_PTW;

	if (!is_short(c))
		return 0;
	if ((emu & PAR_FAULT) == (PAR_F | FST_DOMAIN_1 << 1))
		return (arm & PAR_FAULT) == encode_fault(ACCESS_FLAG, 1, 1, 0) &&
		       faults_at(c, arm, ACCESS_FLAG, MARK_AF);
	return (emu & PAR_FAULT) == (PAR_F | FST_DOMAIN_2 << 1) &&
	       ((arm & PAR_FAULT) == level2 || (arm & walk) == walk ||
		faults_at(c, arm, ACCESS_FLAG, MARK_AF));
}

static int has_manager(uint64_t dacr)
{
	return !!(dacr & dacr >> 1 & 0x55555555);
}

static int is_short_manager(const struct tcase *c, uint64_t emu, uint64_t arm)
{
	(void)emu;
	return is_short(c) && has_manager(c->reg[R_DACR32_EL2]) &&
	       faults_at(c, arm, ACCESS_FLAG, MARK_AF);
}

static int is_ptw_without_vm(const struct tcase *c, uint64_t emu, uint64_t arm)
{
	(void)arm;
	return c->reg[R_HCR_EL2] & HCR_PTW && !stage2_on(c) &&
	       (emu & PAR_FAULT) == encode_fault(PERMISSION, 0, 2, 1);
}

/*
 * What is left of a VA that is not translated (AArch64.S1DisabledOutput): itself without its tag,
 * Device-nGnRnE, Outer Shareable, or an Address size fault of bits beyond 52 that are none
 */
static int is_flat(const struct tcase *c, uint64_t par)
{
	uint64_t tag = c->reg[R_TCR_EL1] & (c->va & BIT(55) ? BIT(38) : BIT(37)) ? 0xffULL << 56 : 0;

	if (!c->aarch32 && (c->va & ~tag) >> 52)
		return (par & PAR_FAULT) == encode_fault(ADDRESS_SIZE, 0, 1, 0);
	return !(par & PAR_F) && (par & PAR_PA) == (c->va & PAR_PA) && !(par >> 56) &&
	       (par & PAR_SH) == 2 << 7;
}

static int is_tge(const struct tcase *c, uint64_t emu, uint64_t arm)
{
	(void)emu;
	return (c->reg[R_HCR_EL2] & (HCR_TGE | HCR_E2H)) == HCR_TGE && !is_el2(c) &&
	       !stage2_on(c) && is_flat(c, arm);
}

/*
 * Memory attributes. An inner or outer attribute of Normal memory is a nibble as
 * in MAIR: 0100 Non-cacheable, 00hh and 10hh Write-Through (transient or not),
 * 01hh and 11hh Write-Back, hh its allocation hints.
 */
enum { NSH = 0, OSH = 2, ISH = 3 };

struct attributes {
	uint8_t attr;
	uint8_t sh;
	uint8_t xs;
};

static int is_device(uint8_t attr)
{
	return !(attr & 0xf0);
}

static int is_non_cacheable(uint8_t attr)
{
	return attr == 0x44 || attr == 0x40;
}

/* EffectiveShareability */
static uint8_t effective_sh(uint8_t attr, uint8_t sh)
{
	return is_device(attr) || is_non_cacheable(attr) ? OSH : sh;
}

static uint8_t combine_sh(uint8_t a, uint8_t b)
{
	if (a == OSH || b == OSH)
		return OSH;
	return a == ISH || b == ISH ? ISH : NSH;
}

static int is_write_through(int nibble)
{
	return nibble != 4 && !(nibble & 4);
}

/* S2CombineS1AttrHints: the weaker cacheability; hints and transient of stage 1 */
static int arm_combine_nibble(int s1, int s2)
{
	if (s1 == 4 || s2 == 4)
		return 4;
	return is_write_through(s2) ? s1 & ~4 : s1;
}

/* Stage 2 as it is decoded without FWB; the hints do not matter */
static uint8_t s2_mair(uint8_t memattr)
{
	static const uint8_t nibble[] = { 0, 4, 0xb, 0xf };

	return memattr < 4 ? memattr << 2 : nibble[memattr >> 2] << 4 | nibble[memattr & 3];
}

/* S2CombineS1Device: the stricter of the two */
static uint8_t stricter(uint8_t a, uint8_t b)
{
	return (a & 0xc) < (b & 0xc) ? a & 0xc : b & 0xc;
}

/* S1DecodeMemAttrs as nibbles: what FEAT_XS encodes, and Tagged, without the abbreviation */
static uint8_t plain(uint8_t attr)
{
	switch (attr) {
	case 0x40: return 0x44;
	case 0xa0: return 0xaa;
	case 0xf0: return 0xff;
	}
	return attr;
}

static uint8_t arm_combine(uint8_t s1, uint8_t s2)
{
	if (is_device(s1) && is_device(s2))
		return stricter(s1, s2);
	if (is_device(s1) || is_device(s2))
		return is_device(s1) ? s1 : s2;
	return arm_combine_nibble(s1 >> 4, s2 >> 4) << 4 | arm_combine_nibble(s1 & 15, s2 & 15);
}

/* Write-Back with the hints of stage 1, where that is cacheable */
static int arm_force_nibble(int s1)
{
	return s1 == 4 ? 15 : s1 | 4;
}

/* S2ApplyFWBMemAttrs */
static uint8_t arm_combine_fwb(uint8_t s1, uint8_t memattr)
{
	if (!(memattr & 4))
		return is_device(s1) ? stricter(s1, memattr << 2) : memattr << 2;
	if ((memattr & 3) == 3)
		return s1;
	if ((memattr & 3) == 1)
		return is_device(s1) ? s1 : 0x44;
	return is_device(s1) ? 0xff : arm_force_nibble(s1 >> 4) << 4 | arm_force_nibble(s1 & 15);
}

static int is_write_back(int nibble)
{
	return nibble != 4 && nibble & 4;
}

/* S1DecodeMemAttrs: whether the XS attribute is 1 */
static int s1_xs(uint8_t attr)
{
	if (is_device(attr))
		return !(attr & 1);
	return attr != 0x40 && attr != 0xa0 &&
	       !(is_write_back(attr >> 4) && is_write_back(attr & 15));
}

/* S1Translate: what the leaf says, or what SCTLR_ELx.C makes of it */
static struct attributes arm_s1(const struct tcase *c)
{
	struct attributes a = { plain(c->leaf[0].attr), c->leaf[0].sh, s1_xs(c->leaf[0].attr) };

	if (!is_device(a.attr) && s1_reg(c, R_SCTLR_EL1) & SCTLR_M &&
	    !(s1_reg(c, R_SCTLR_EL1) & SCTLR_C) && (is_el2(c) || !(c->reg[R_HCR_EL2] & HCR_DC)))
		a.attr = 0x44;
	a.sh = effective_sh(a.attr, a.sh);
	return a;
}

static struct attributes arm_attributes(const struct tcase *c)
{
	struct attributes a = arm_s1(c);
	const struct leaf_attributes *s2 = &c->leaf[1];
	int tagged = c->leaf[0].attr == 0xf0 && a.attr == 0xff, cd = !!(c->reg[R_HCR_EL2] & HCR_CD);

	if (combines(c)) {
		if (c->reg[R_HCR_EL2] & HCR_FWB)
			a.attr = arm_combine_fwb(a.attr, s2->attr);
		else
			a.attr = arm_combine(a.attr, s2_mair(s2->attr));
		if (cd && !is_device(a.attr))
			a.attr = 0x44;
		a.sh = effective_sh(a.attr, combine_sh(a.sh, s2->sh));
		if (s2->fnxs)
			a.xs = 0;
	}
	if (tagged && a.attr == 0xff)
		a.attr = 0xf0;
	/* EncodePARAttrs: without XS all Write-Through is one, but for the outer hints */
	if (!a.xs && a.attr >> 4 == 0xa && is_write_through(a.attr & 15))
		a.attr = 0xa0;
	return a;
}

static int emu_combine_nibble(int s1, int s2)
{
	if (s1 == 4 || s2 == 4)
		return 4;
	if (!(s1 & 4))
		return s1;
	return s2 >> 2 == 2 ? 8 | (s1 & 3) : s1;
}

/* The emulator decides between the kinds of Device by the low nibbles, of Normal memory too */
static uint8_t emu_combine_device(uint8_t s1, uint8_t s2)
{
	int lo1 = s1 & 15, lo2 = s2 & 15;

	if (!lo1 || !lo2)
		return 0;
	if (lo1 == 4 || lo2 == 4)
		return 4;
	return lo1 == 8 || lo2 == 8 ? 8 : 12;
}

static uint8_t emu_combine(uint8_t s1, uint8_t s2)
{
	if (is_device(s1) || is_device(s2))
		return emu_combine_device(s1, s2);
	return emu_combine_nibble(s1 >> 4, s2 >> 4) << 4 | emu_combine_nibble(s1 & 15, s2 & 15);
}

static int emu_force_nibble(int s1)
{
	return s1 == 0 || s1 == 4 ? 15 : s1 | 4;
}

static uint8_t emu_combine_fwb(uint8_t s1, uint8_t memattr)
{
	if (memattr < 4)
		return memattr << 2;
	if (memattr == 7)
		return s1;
	if (memattr == 5)
		return is_device(s1) ? s1 : 0x44;
	return is_device(s1) ? 0xff : emu_force_nibble(s1 >> 4) << 4 | emu_force_nibble(s1 & 15);
}

static struct attributes emu_attributes(const struct tcase *c)
{
	struct attributes a = { c->leaf[0].attr, c->leaf[0].sh, 1 };
	const struct leaf_attributes *s2 = &c->leaf[1];
	int tagged = a.attr == 0xf0;
	uint8_t mair;

	if (combines(c)) {
		if (tagged)
			a.attr = 0xff;
		mair = s2_mair(s2->attr);
		if (c->reg[R_HCR_EL2] & HCR_CD && !is_device(mair))
			mair = 0x44;
		if (c->reg[R_HCR_EL2] & HCR_FWB)
			a.attr = emu_combine_fwb(a.attr, s2->attr);
		else
			a.attr = emu_combine(a.attr, mair);
		a.sh = combine_sh(a.sh, s2->sh);
		if (tagged && a.attr == 0xff)
			a.attr = 0xf0;
	}
	a.sh = effective_sh(a.attr, a.sh);
	return a;
}

static int is_attributes(uint64_t par, struct attributes a)
{
	return attr_without_xs(par >> 56) == attr_without_xs(a.attr) && (par >> 7 & 3) == a.sh;
}

/* Two answers that differ in attributes alone, each as its own rule has it */
static int is_attribute_case(const struct tcase *c, uint64_t emu, uint64_t arm)
{
	if (!c->leaf[0].valid || (combines(c) && !c->leaf[1].valid))
		return 0;
	return !(emu & PAR_F) && par_equal(emu, arm, 1) && is_attributes(emu, emu_attributes(c)) &&
	       is_attributes(arm, arm_attributes(c));
}

static int is_transient(uint8_t attr)
{
	int hi = attr >> 4, lo = attr & 15;

	return !is_device(attr) && (hi < 4 || (hi > 4 && hi < 8) || lo < 4 || (lo > 4 && lo < 8));
}

static int is_sctlr_c(const struct tcase *c, uint64_t emu, uint64_t arm)
{
	return !(s1_reg(c, R_SCTLR_EL1) & SCTLR_C) && !is_device(c->leaf[0].attr) &&
	       is_attribute_case(c, emu, arm);
}

static int is_fwb_cd(const struct tcase *c, uint64_t emu, uint64_t arm)
{
	return combines(c) && c->reg[R_HCR_EL2] & HCR_FWB && c->reg[R_HCR_EL2] & HCR_CD &&
	       is_attribute_case(c, emu, arm);
}

static int is_fwb_device(const struct tcase *c, uint64_t emu, uint64_t arm)
{
	return combines(c) && c->reg[R_HCR_EL2] & HCR_FWB && c->leaf[1].attr < 4 &&
	       is_device(c->leaf[0].attr) && is_attribute_case(c, emu, arm);
}

static int is_s2_device(const struct tcase *c, uint64_t emu, uint64_t arm)
{
	return combines(c) && !(c->reg[R_HCR_EL2] & HCR_FWB) &&
	       (c->leaf[1].attr < 4) != is_device(c->leaf[0].attr) &&
	       is_attribute_case(c, emu, arm);
}

static int is_xs_encoding(const struct tcase *c, uint64_t emu, uint64_t arm)
{
	uint8_t s1 = c->leaf[0].attr;

	if (!combines(c) || !is_attribute_case(c, emu, arm))
		return 0;
	return s1 == 0x40 || s1 == 0xa0 || (is_device(s1) && s1 & 3) || arm >> 56 == 0xa0;
}

static int is_fwb_shareability(const struct tcase *c, uint64_t emu, uint64_t arm)
{
	uint8_t s1 = plain(c->leaf[0].attr);

	return combines(c) && c->reg[R_HCR_EL2] & HCR_FWB && c->leaf[1].attr == 6 &&
	       (is_device(s1) || is_non_cacheable(s1)) && is_attribute_case(c, emu, arm);
}

static int is_transient_lost(const struct tcase *c, uint64_t emu, uint64_t arm)
{
	return combines(c) && is_transient(plain(c->leaf[0].attr)) &&
	       is_attribute_case(c, emu, arm);
}

const struct deviation deviations[] = {
	{
		"address-size",
		"misses an Address size fault where the bits beyond PS come from the input "
		"address (a block larger than PS) or are PA[51:48] in descriptor bits 15:12 "
		"or 9:8 and 49:48 (S1Walk, S2Walk)",
		is_address_size,
	},
	{
		"nT",
		"ignores nT: with FEAT_BBM level 2 it may be a Translation fault, as the "
		"model has it (S1Walk)",
		is_nt,
	},
	{
		"txsz-above-max",
		"faults on a TxSZ above the maximum, which the model takes as the maximum "
		"(CONSTRAINED UNPREDICTABLE)",
		is_txsz,
	},
	{
		"dbm",
		"AT for a write does not count a DBM leaf as writable with HA and HD "
		"(S1ApplyOutputPerms)",
		is_dbm,
	},
	{
		"ha-table-write",
		"does not check that stage 2 lets the table be written where AF has to be set "
		"in it (AArch64.S1Translate), nor that it is clean (S2CheckPermissions)",
		is_ha_table_write,
	},
	{
		"pie-dirty",
		"with indirect permissions and without HD a write to a clean leaf has to "
		"fault (S1CheckPermissions)",
		is_pie_dirty,
	},
	{
		"ptw-level",
		"HCR_EL2.PTW: the level of the fault is 0, not that of stage 2's leaf "
		"(S2CheckPermissions)",
		is_ptw_level,
	},
	{
		"ptw-without-vm",
		"HCR_EL2.PTW acts although stage 2 is off",
		is_ptw_without_vm,
	},
	{
		"tge",
		"HCR_EL2.TGE without E2H does not turn stage 1 of EL1&0 off (S1Enabled)",
		is_tge,
	},
	{
		"short-ptw-level",
		"AArch32 with short descriptors: a fault of stage 2 on a table gets the level "
		"of stage 1 (AArch32.S1WalkSD)",
		is_short_ptw_level,
	},
	{
		"short-domain",
		"AArch32 with short descriptors: looks at the domain before level 2 is read "
		"and before the access flag, which come first (AArch32.S1Translate)",
		is_short_domain,
	},
	{
		"short-manager",
		"AArch32 with short descriptors: a manager domain dispenses with the access "
		"flag, not only with permissions (AArch32.S1WalkSD)",
		is_short_manager,
	},
	{
		"sctlr-c",
		"SCTLR_ELx.C = 0 does not make Normal memory Non-cacheable in PAR "
		"(S1Translate)",
		is_sctlr_c,
	},
	{
		"fwb-cd",
		"HCR_EL2.CD is ignored with FWB (S2Translate)",
		is_fwb_cd,
	},
	{
		"fwb-device",
		"with FWB, Device of stage 2 is not combined with that of stage 1 "
		"(S2ApplyFWBMemAttrs)",
		is_fwb_device,
	},
	{
		"s2-device",
		"without FWB, the low nibble of one stage's Normal memory leaks into the "
		"other stage's Device (S2CombineS1MemAttrs)",
		is_s2_device,
	},
	{
		"xs-encoding",
		"what FEAT_XS added to MAIR is combined nibble by nibble, as what it is not: "
		"0x40, 0xA0, and Device with bit 0 (S1DecodeMemAttrs); nor is 0xA0 given for "
		"Write-Through without XS (EncodePARAttrs)",
		is_xs_encoding,
	},
	{
		"fwb-shareability",
		"with FWB, stage 1's shareability is taken before Device or Non-cacheable "
		"make it Outer (EffectiveShareability)",
		is_fwb_shareability,
	},
	{
		"transient",
		"the transient hint of stage 1 is lost where stage 2 makes it Write-Through "
		"(S2CombineS1AttrHints)",
		is_transient_lost,
	},
};

const int deviation_count = sizeof(deviations) / sizeof(*deviations);

int explain(const struct tcase *c, uint64_t emu, uint64_t arm)
{
	int i;

	for (i = 0; i < deviation_count; i++)
		if (deviations[i].explains(c, emu, arm))
			return i;
	return -1;
}
