// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Registers to translation context. Names in parentheses are those of Arm's pseudocode:
 * AArch64.GetS1TTWParams, AArch64.GetS2TTWParams and what they call.
 */
#include <errno.h>
#include <string.h>

#include "aarch32.h"
#include "mmu.h"
#include "regs.h"

const char *regime_text(enum regime regime)
{
	static const char *const text[] = { "EL1&0", "EL2&0", "EL2", "EL3" };

	return text[regime];
}

const char *choice_name(unsigned int bit)
{
	static const char *const name[CHOICES] = {
		"txsz-below-min", "txsz-above-max", "nt", "contiguous", "oa-high",
		"early-shareability", "fetch-device", "reserved", "af-update", "por-el0",
	};

	return bit < CHOICES ? name[bit] : "";
}

unsigned int choice_find(const char *name, size_t len)
{
	unsigned int bit = 0;

	while (bit < CHOICES && (strlen(choice_name(bit)) != len ||
				 strncmp(choice_name(bit), name, len)))
		bit++;
	return bit;
}

const char *choice_text(unsigned int bit, bool other)
{
	static const char *const text[CHOICES][2] = {
		{ "TxSZ below the minimum gives a Translation fault",
		  "TxSZ below the minimum is taken as the minimum" },
		{ "TxSZ above the maximum is taken as the maximum",
		  "TxSZ above the maximum gives a Translation fault" },
		{ "nT in a block descriptor gives a Translation fault",
		  "nT in a block descriptor is ignored" },
		{ "Contiguous where no run can be is ignored",
		  "Contiguous where no run can be gives a Translation fault" },
		{ "address bits beyond PS in descriptor bits 15:12 give an Address size fault",
		  "descriptor bits 15:12 are ignored where PS is below 52 bits" },
		{ "shareability is made effective before the stages are combined",
		  "shareability is made effective after the stages are combined" },
		{ "a fetch from Device memory is reported as Normal Non-cacheable",
		  "a fetch from Device memory gives a Permission fault" },
		{ "a reserved encoding was met: the PE may take it otherwise",
		  "a reserved encoding was met: the PE may take it otherwise" },
		{ "the Access flag is not set where a Permission fault follows",
		  "the Access flag is set also where a Permission fault follows" },
		{ "POR_EL0 is not known: the overlay of EL0 is not applied",
		  "POR_EL0 is not known: the overlay of EL0 is taken to grant nothing" },
	};

	return bit < CHOICES ? text[bit][other] : "";
}

/* ---- what the PE has --------------------------------------------------------------- */

static const uint8_t pa_sizes[8] = { 32, 36, 40, 42, 44, 48, 52, 56 };

/* PS and IPS fields, PARange */
static unsigned int pa_size(unsigned int field)
{
	return pa_sizes[field & 7];
}

static void features_mmfr0(struct mmu_features *f, const struct regs *r)
{
	unsigned int tg4 = REGF(r, ID_AA64MMFR0_EL1, TGran4);
	unsigned int tg16 = REGF(r, ID_AA64MMFR0_EL1, TGran16);
	unsigned int tg64 = REGF(r, ID_AA64MMFR0_EL1, TGran64);
	unsigned int tg4_2 = REGF(r, ID_AA64MMFR0_EL1, TGran4_2);
	unsigned int tg16_2 = REGF(r, ID_AA64MMFR0_EL1, TGran16_2);
	unsigned int tg64_2 = REGF(r, ID_AA64MMFR0_EL1, TGran64_2);

	f->pa_bits = pa_size(REGF(r, ID_AA64MMFR0_EL1, PARange));
	f->asid16 = REGF(r, ID_AA64MMFR0_EL1, ASIDBits) == 2;
	f->g4 = tg4 != 15;
	f->g16 = tg16 != 0;
	f->g64 = tg64 == 0;
	f->ds_4k = tg4 == 1;
	f->ds_16k = tg16 == 2;
	/* TGranX_2 = 0 refers to stage 1, 1 denies */
	f->g4_s2 = tg4_2 ? tg4_2 != 1 : f->g4;
	f->g16_s2 = tg16_2 ? tg16_2 != 1 : f->g16;
	f->g64_s2 = tg64_2 ? tg64_2 != 1 : f->g64;
	f->ds_4k_s2 = tg4_2 ? tg4_2 == 3 : f->ds_4k;
	f->ds_16k_s2 = tg16_2 ? tg16_2 == 3 : f->ds_16k;
}

static void features_mmfr12(struct mmu_features *f, const struct regs *r)
{
	if (regs_have(r, REG_ID_AA64MMFR1_EL1)) {
		f->ha = REGF(r, ID_AA64MMFR1_EL1, HAFDBS) >= 1;
		f->hd = REGF(r, ID_AA64MMFR1_EL1, HAFDBS) >= 2;
		f->haft = REGF(r, ID_AA64MMFR1_EL1, HAFDBS) >= 3;
		f->vmid16 = REGF(r, ID_AA64MMFR1_EL1, VMIDBits) == 2;
		f->hpds = REGF(r, ID_AA64MMFR1_EL1, HPDS) >= 1;
		f->pan = REGF(r, ID_AA64MMFR1_EL1, PAN) >= 1;
		f->epan = REGF(r, ID_AA64MMFR1_EL1, PAN) >= 3;
		f->xnx = REGF(r, ID_AA64MMFR1_EL1, XNX) >= 1;
	}
	if (regs_have(r, REG_ID_AA64MMFR2_EL1)) {
		f->lva = REGF(r, ID_AA64MMFR2_EL1, VARange) >= 1;
		f->lva3 = REGF(r, ID_AA64MMFR2_EL1, VARange) >= 2;
		f->nv1 = REGF(r, ID_AA64MMFR2_EL1, NV) >= 1;
		f->ttst = REGF(r, ID_AA64MMFR2_EL1, ST) >= 1;
		f->fwb = REGF(r, ID_AA64MMFR2_EL1, FWB) >= 1;
		f->bbm2 = REGF(r, ID_AA64MMFR2_EL1, BBM) >= 1;
		f->e0pd = REGF(r, ID_AA64MMFR2_EL1, E0PD) >= 1;
	}
}

static void features_mmfr3(struct mmu_features *f, const struct regs *r)
{
	f->tcr2 = REGF(r, ID_AA64MMFR3_EL1, TCRX);
	f->s1pie = REGF(r, ID_AA64MMFR3_EL1, S1PIE);
	f->s2pie = REGF(r, ID_AA64MMFR3_EL1, S2PIE);
	f->s1poe = REGF(r, ID_AA64MMFR3_EL1, S1POE);
	f->s2poe = REGF(r, ID_AA64MMFR3_EL1, S2POE);
	f->aie = REGF(r, ID_AA64MMFR3_EL1, AIE);
	f->d128 = REGF(r, ID_AA64MMFR3_EL1, D128);
	f->d128_s2 = REGF(r, ID_AA64MMFR3_EL1, D128_2);
}

static void features_isar(struct mmu_features *f, const struct regs *r)
{
	bool isar1 = regs_have(r, REG_ID_AA64ISAR1_EL1);

	if (isar1)
		f->xs = REGF(r, ID_AA64ISAR1_EL1, XS) >= 1;
	/* An address is authenticated by one of three algorithms, told in two registers */
	if (isar1 && regs_have(r, REG_ID_AA64ISAR2_EL1))
		f->pauth = REGF(r, ID_AA64ISAR1_EL1, APA) || REGF(r, ID_AA64ISAR1_EL1, API) ||
			   REGF(r, ID_AA64ISAR2_EL1, APA3);
}

void mmu_features_init(struct mmu_features *f, const struct regs *r)
{
	*f = (struct mmu_features){
		.pa_bits = 52, .lva = true, .lva3 = true, .ds_4k = true, .ds_16k = true,
		.ds_4k_s2 = true, .ds_16k_s2 = true, .g4 = true, .g16 = true, .g64 = true,
		.g4_s2 = true, .g16_s2 = true, .g64_s2 = true, .d128_s2 = true,
		.ttst = true, .hpds = true, .e0pd = true, .xnx = true, .fwb = true, .pan = true,
		.epan = true, .xs = true, .mte2 = true, .pauth = true, .nv1 = true,
		.vmid16 = true, .asid16 = true, .ha = true, .hd = true, .haft = true, .tcr2 = true,
		.s1pie = true, .s2pie = true, .s1poe = true, .s2poe = true, .aie = true,
		.d128 = true, .the = true, .gcs = true, .mtx = true, .bbm2 = true,
	};
	if (regs_have(r, REG_ID_AA64MMFR0_EL1))
		features_mmfr0(f, r);
	else if (REGF(r, TCR2_EL1, D128) || REGF(r, TCR2_EL2, D128) || REGF(r, VTCR_EL2, D128))
		f->pa_bits = 56;
	features_mmfr12(f, r);
	if (regs_have(r, REG_ID_AA64MMFR3_EL1))
		features_mmfr3(f, r);
	features_isar(f, r);
	if (regs_have(r, REG_ID_AA64PFR1_EL1)) {
		f->mte2 = REGF(r, ID_AA64PFR1_EL1, MTE) >= 2;
		f->mtx = REGF(r, ID_AA64PFR1_EL1, MTEX) >= 1;
		f->gcs = REGF(r, ID_AA64PFR1_EL1, GCS) >= 1;
		f->the = REGF(r, ID_AA64PFR1_EL1, THE) >= 1;
	}
}

/* ---- bounds ------------------------------------------------------------------------ */

static unsigned int umin(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* PhysicalAddressSize: PS, capped by the format and by the PE */
static unsigned int oa_bits(const struct mmu_features *f, const struct geometry *g, unsigned int ps)
{
	unsigned int max = f->pa_bits;

	if (g->format == TABLE_V8_64)
		max = umin(max, g->granule == 16 || g->ds ? 52 : 48);
	return umin(pa_size(ps), max);
}

/* TGx of lower half and of stage 2; of the upper half. 0: reserved */
static unsigned int granule_tg0(unsigned int tg)
{
	static const uint8_t granule[4] = { 12, 16, 14, 0 };

	return granule[tg];
}

static unsigned int granule_tg1(unsigned int tg)
{
	static const uint8_t granule[4] = { 0, 14, 12, 16 };

	return granule[tg];
}

/* A granule that is reserved or not there: the PE takes another, an IMPLEMENTATION DEFINED one */
static unsigned int choose_granule(const struct mmu_features *f, unsigned int granule, int stage,
				   uint32_t *choices)
{
	bool g4 = stage == 1 ? f->g4 : f->g4_s2;
	bool g16 = stage == 1 ? f->g16 : f->g16_s2;
	bool g64 = stage == 1 ? f->g64 : f->g64_s2;

	if ((granule == 12 && g4) || (granule == 14 && g16) || (granule == 16 && g64))
		return granule;
	*choices |= CHOICE_RESERVED;
	return g4 ? 12 : g64 ? 16 : 14;
}

/* S1MinTxSZ */
static unsigned int s1_min_txsz(const struct mmu *mmu, const struct geometry *g)
{
	if (g->format == TABLE_V9_128 && mmu->features.lva3)
		return mmu->two_halves ? 9 : 8;
	if (g->ds || (g->granule == 16 && mmu->features.lva))
		return 12;
	return 16;
}

/* S2MinTxSZ */
static unsigned int s2_min_txsz(const struct mmu *mmu, const struct geometry *g)
{
	unsigned int ips = mmu->features.pa_bits;
	unsigned int min;

	if (g->format == TABLE_V8_64)
		ips = umin(ips, g->granule == 16 || g->ds ? 52 : 48);
	min = 64 - ips;
	/* An AArch32 EL1 makes IPAs of 40 bits */
	return mmu->aarch32 ? umin(min, 24) : min;
}

/* MaxTxSZ */
static unsigned int max_txsz(const struct mmu_features *f, const struct geometry *g)
{
	if (!f->ttst)
		return 39;
	return g->granule == 16 ? 47 : 48;
}

/* S1TxSZFaults, S2TxSZFaults. Returns TxSZ as it is taken. */
static unsigned int bound_txsz(const struct mmu *mmu, const struct geometry *g, unsigned int txsz,
			       unsigned int min, bool *fault, uint32_t *choices)
{
	unsigned int max = max_txsz(&mmu->features, g);
	/* FEAT_LVA, FEAT_LPA: where larger addresses exist it is not a choice any more */
	bool large = g->stage == 1 ? mmu->features.lva : mmu->features.pa_bits >= 52;

	if (txsz < min) {
		if (min >= 16 && !large)
			*choices |= CHOICE_TXSZ_BELOW_MIN;
		*fault = min < 16 || large || !(mmu->other & CHOICE_TXSZ_BELOW_MIN);
		return min;
	}
	if (txsz > max) {
		*choices |= CHOICE_TXSZ_ABOVE_MAX;
		if (mmu->other & CHOICE_TXSZ_ABOVE_MAX)
			*fault = true;
		return max;
	}
	return txsz;
}

/* TTBaseAddress; sets root and says whether it lies beyond the output address size */
static bool set_root(struct geometry *g, uint64_t lo, uint64_t hi, bool ttbr_52)
{
	unsigned int align = geometry_table_align(g, g->start_level, 0, true);
	unsigned int min = 1;

	if (g->format == TABLE_V9_128) {
		min = 5;
		g->root = (lo & mask64(47, 5)) | bits64(hi, 23, 16) << 48;
	} else if (ttbr_52) {
		min = 6;
		g->root = (lo & mask64(47, 6)) | bits64(lo, 5, 2) << 48;
	} else {
		g->root = lo & mask64(47, 1);
	}
	if (align < min)
		align = min;
	g->root &= ~UINT64_C(0) << align;
	return g->oa_bits < 64 && g->root >> g->oa_bits;
}

/* ---- stage 1 ----------------------------------------------------------------------- */

/* The control fields of one half, out of whichever register holds them */
struct tcr {
	unsigned int txsz, granule, ps, sh;
	bool epd, e0pd, tbi, tbid, mtx, hpd, ha, hd, ds, as, a1;
};

#define TCR_HALF(v, n)							\
	(struct tcr){							\
		.txsz = FIELD_OF(TCR_EL1, T##n##SZ, v),			\
		.granule = granule_tg##n(FIELD_OF(TCR_EL1, TG##n, v)),	\
		.ps = FIELD_OF(TCR_EL1, IPS, v),			\
		.sh = FIELD_OF(TCR_EL1, SH##n, v),			\
		.epd = FIELD_OF(TCR_EL1, EPD##n, v),			\
		.e0pd = FIELD_OF(TCR_EL1, E0PD##n, v),			\
		.tbi = FIELD_OF(TCR_EL1, TBI##n, v),			\
		.tbid = FIELD_OF(TCR_EL1, TBID##n, v),			\
		.mtx = FIELD_OF(TCR_EL1, MTX##n, v),			\
		.hpd = FIELD_OF(TCR_EL1, HPD##n, v),			\
		.ha = FIELD_OF(TCR_EL1, HA, v),				\
		.hd = FIELD_OF(TCR_EL1, HD, v),				\
		.ds = FIELD_OF(TCR_EL1, DS, v),				\
		.as = FIELD_OF(TCR_EL1, AS, v),				\
		.a1 = FIELD_OF(TCR_EL1, A1, v),				\
	}

static struct tcr tcr_two_ranges(uint64_t v, int half)
{
	return half ? TCR_HALF(v, 1) : TCR_HALF(v, 0);
}

/* TCR_EL2 and TCR_EL3 agree in these */
static struct tcr tcr_one_range(uint64_t v)
{
	return (struct tcr){
		.txsz = FIELD_OF(TCR_EL2, T0SZ, v),
		.granule = granule_tg0(FIELD_OF(TCR_EL2, TG0, v)),
		.ps = FIELD_OF(TCR_EL2, PS, v),
		.sh = FIELD_OF(TCR_EL2, SH0, v),
		.tbi = FIELD_OF(TCR_EL2, TBI, v),
		.tbid = FIELD_OF(TCR_EL2, TBID, v),
		.mtx = FIELD_OF(TCR_EL2, MTX, v),
		.hpd = FIELD_OF(TCR_EL2, HPD, v),
		.ha = FIELD_OF(TCR_EL2, HA, v),
		.hd = FIELD_OF(TCR_EL2, HD, v),
		.ds = FIELD_OF(TCR_EL2, DS, v),
	};
}

/* Bits 5:0 and more of TCR2_ELx; TCR_EL3 has them higher up */
struct tcr2 {
	bool pie, e0poe, poe, aie, d128, pnch, haft;
};

static struct tcr2 tcr2_decode(uint64_t v)
{
	return (struct tcr2){
		.pie = FIELD_OF(TCR2_EL1, PIE, v),
		.e0poe = FIELD_OF(TCR2_EL1, E0POE, v),
		.poe = FIELD_OF(TCR2_EL1, POE, v),
		.aie = FIELD_OF(TCR2_EL1, AIE, v),
		.d128 = FIELD_OF(TCR2_EL1, D128, v),
		.pnch = FIELD_OF(TCR2_EL1, PnCH, v),
		.haft = FIELD_OF(TCR2_EL1, HAFT, v),
	};
}

static struct tcr2 tcr2_el3(uint64_t v)
{
	return (struct tcr2){
		.pie = FIELD_OF(TCR_EL3, PIE, v),
		.poe = FIELD_OF(TCR_EL3, POE, v),
		.aie = FIELD_OF(TCR_EL3, AIE, v),
		.d128 = FIELD_OF(TCR_EL3, D128, v),
		.pnch = FIELD_OF(TCR_EL3, PnCH, v),
		.haft = FIELD_OF(TCR_EL3, HAFT, v),
	};
}

static bool ds_ok(const struct mmu_features *f, unsigned int granule, int stage)
{
	if (granule == 12)
		return stage == 1 ? f->ds_4k : f->ds_4k_s2;
	/* With 64K the bit has no meaning */
	return granule == 14 && (stage == 1 ? f->ds_16k : f->ds_16k_s2);
}

/* AArch64.GetS1TTWParams for one half */
static void s1_init(struct mmu *mmu, int half, const struct tcr *t, const struct tcr2 *t2,
		    uint64_t ttbr_lo, uint64_t ttbr_hi)
{
	const struct mmu_features *f = &mmu->features;
	struct s1_params *p = &mmu->s1[half];
	struct geometry *g = &p->geo;
	unsigned int txsz;
	bool ttbr_52;

	p->d128 = t2->d128 && f->d128;
	p->pie = (t2->pie && f->s1pie) || p->d128;
	p->poe = t2->poe && f->s1poe;
	/* E0POE has no effect under NV1, as EL1 is then a hypervisor without EL0 */
	p->e0poe = t2->e0poe && f->s1poe && mmu->has_el0 && !mmu->nv1;
	p->aie = t2->aie && f->aie;
	p->epd = t->epd;
	p->e0pd = t->e0pd && f->e0pd;
	p->tbi = t->tbi;
	p->tbid = t->tbid && f->pauth;
	p->mtx = t->mtx && f->mtx;
	p->hpd = (t->hpd && f->hpds) || p->pie;
	p->ha = t->ha && f->ha;
	p->haft = p->ha && t2->haft && f->haft;
	p->hd = p->ha && t->hd && f->hd;
	p->sh = t->sh;
	p->asid = bits64(ttbr_lo, 63, 48) & (t->as && f->asid16 ? 0xffff : 0xff);

	g->stage = 1;
	g->upper = half;
	g->format = p->d128 ? TABLE_V9_128 : TABLE_V8_64;
	g->granule = choose_granule(f, t->granule, 1, &p->choices);
	g->ds = t->ds && !p->d128 && ds_ok(f, g->granule, 1);
	g->lpa = g->granule == 16 && !p->d128 && f->pa_bits >= 52;
	g->no_contig = !p->d128 && t2->pnch && f->the;
	g->big_endian = mmu->big_endian;
	g->oa_bits = oa_bits(f, g, t->ps);
	g->ignore_high = g->lpa && g->oa_bits < 52 && (mmu->other & CHOICE_OA_HIGH);
	p->txsz = t->txsz;
	txsz = bound_txsz(mmu, g, t->txsz, s1_min_txsz(mmu, g), &p->txsz_fault, &p->choices);
	g->ia_bits = 64 - txsz;
	p->first = half ? ~mask64(g->ia_bits - 1, 0) : 0;
	p->last = half ? ~UINT64_C(0) : mask64(g->ia_bits - 1, 0);
	g->root_skl = p->d128 ? bits64(ttbr_lo, 2, 1) : 0;
	g->start_level = geometry_start_level(g) + g->root_skl;
	if (g->start_level > LEVEL_FINAL)
		return;
	ttbr_52 = g->ds || (g->lpa && t->ps == 6);
	p->root_fault = set_root(g, ttbr_lo, ttbr_hi, ttbr_52);
}

/* ---- stage 2 ----------------------------------------------------------------------- */

/* S2StartLevel; false where S2InvalidSL is true */
static bool s2_start_level(const struct mmu_features *f, struct geometry *g, unsigned int sl0,
			   bool sl2)
{
	static const int8_t l4[4] = { 2, 1, 0, 3 };
	static const int8_t l16[4] = { 3, 2, 1, 0 };
	static const int8_t l64[4] = { 3, 2, 1, -9 };

	switch (g->granule) {
	case 12:
		g->start_level = sl2 && g->ds ? -1 : l4[sl0];
		if (sl2 && g->ds)
			return sl0 == 0;
		return sl0 == 3 ? f->ttst : sl0 != 2 || f->pa_bits >= 44;
	case 14:
		g->start_level = l16[sl0];
		return sl0 == 3 ? g->ds : sl0 != 2 || f->pa_bits >= 42;
	default:
		g->start_level = l64[sl0];
		return sl0 == 2 ? f->pa_bits >= 44 : sl0 != 3;
	}
}

/* S2InconsistentSL: more than one entry, at most 16 tables */
static bool s2_inconsistent(const struct geometry *g)
{
	unsigned int min = geometry_map_shift(g, g->start_level) + 1;

	return g->ia_bits < min || g->ia_bits > min - 1 + geometry_stride(g) + 4;
}

/* HCR_EL2.{E2H,TGE} = {1,1} (ELIsInHost) */
static bool is_host(const struct regs *r)
{
	return REGF(r, HCR_EL2, E2H) && REGF(r, HCR_EL2, TGE);
}

/* AArch64.GetS2TTWParams; @secure: for the Secure IPA space */
static void s2_init_space(struct mmu *mmu, const struct regs *r, struct s2_params *p, bool secure)
{
	const struct mmu_features *f = &mmu->features;
	struct geometry *g = &p->geo;
	uint64_t vttbr_lo = r->val[REG_VTTBR_EL2], vttbr_hi = r->hi[REG_VTTBR_EL2];
	unsigned int ps = REGF(r, VTCR_EL2, PS);
	unsigned int sl0 = REGF(r, VTCR_EL2, SL0);
	unsigned int tg0 = REGF(r, VTCR_EL2, TG0);
	bool sl2 = REGF(r, VTCR_EL2, SL2);
	bool vs = REGF(r, VTCR_EL2, VS) && f->vmid16;

	p->txsz = REGF(r, VTCR_EL2, T0SZ);
	p->vmid = bits64(vttbr_lo, 63, 48) & (vs ? 0xffff : 0xff);
	/* A host in EL2&0 with TGE has no guest: VM and DC count as 0 */
	p->vm = (REGF(r, HCR_EL2, VM) || REGF(r, HCR_EL2, DC)) && !is_host(r);
	p->output_ns = REGF(r, VSTCR_EL2, SA);
	if (secure) {
		/* The rest of the fields, and the VMID, are those of the Non-secure registers */
		vttbr_lo = r->val[REG_VSTTBR_EL2];
		vttbr_hi = 0;
		p->txsz = REGF(r, VSTCR_EL2, T0SZ);
		tg0 = REGF(r, VSTCR_EL2, TG0);
		sl0 = REGF(r, VSTCR_EL2, SL0);
		sl2 = REGF(r, VSTCR_EL2, SL2);
	} else {
		p->output_ns |= REGF(r, VTCR_EL2, NSA);
	}

	p->d128 = REGF(r, VTCR_EL2, D128) && f->d128_s2;
	p->s2pie = (REGF(r, VTCR_EL2, S2PIE) && f->s2pie) || p->d128;
	/* An overlay lies over indirect permissions only */
	p->s2poe = p->s2pie && REGF(r, VTCR_EL2, S2POE) && f->s2poe;
	p->s2pir = r->val[REG_S2PIR_EL2];
	p->s2por_el1 = r->val[REG_S2POR_EL1];
	p->ha = REGF(r, VTCR_EL2, HA) && f->ha;
	p->hd = p->ha && REGF(r, VTCR_EL2, HD) && f->hd;
	p->ptw = REGF(r, HCR_EL2, PTW);
	p->fwb = REGF(r, HCR_EL2, FWB) && f->fwb;
	p->cd = REGF(r, HCR_EL2, CD);
	p->id = REGF(r, HCR_EL2, ID);
	p->sh = REGF(r, VTCR_EL2, SH0);

	g->stage = 2;
	g->format = p->d128 ? TABLE_V9_128 : TABLE_V8_64;
	g->granule = choose_granule(f, granule_tg0(tg0), 2, &p->choices);
	g->ds = REGF(r, VTCR_EL2, DS) && !p->d128 && ds_ok(f, g->granule, 2);
	g->lpa = g->granule == 16 && !p->d128 && f->pa_bits >= 52;
	g->big_endian = REGF(r, SCTLR_EL2, EE);
	g->oa_bits = oa_bits(f, g, ps);
	g->ignore_high = g->lpa && g->oa_bits < 52 && (mmu->other & CHOICE_OA_HIGH);
	g->ia_bits = 64 - bound_txsz(mmu, g, p->txsz, s2_min_txsz(mmu, g), &p->txsz_fault,
				     &p->choices);
	if (p->d128) {
		g->root_skl = bits64(vttbr_lo, 2, 1);
		g->start_level = geometry_start_level(g) + g->root_skl;
		p->sl_fault = g->start_level > LEVEL_FINAL;
	} else {
		p->sl_fault = !s2_start_level(f, g, sl0, sl2) || s2_inconsistent(g);
	}
	if (!p->sl_fault)
		p->root_fault = set_root(g, vttbr_lo, vttbr_hi, g->ds || (g->lpa && ps == 6));
}

static void s2_init(struct mmu *mmu, const struct regs *r)
{
	s2_init_space(mmu, r, &mmu->s2, mmu->secure);
	if (mmu->secure)
		s2_init_space(mmu, r, &mmu->s2_ns, false);
}

/* ---- the regimes ------------------------------------------------------------------- */

static void sctlr_init(struct mmu *mmu, uint64_t sctlr)
{
	mmu->s1_on = FIELD_OF(SCTLR_EL1, M, sctlr);
	mmu->dcache = FIELD_OF(SCTLR_EL1, C, sctlr);
	mmu->icache = FIELD_OF(SCTLR_EL1, I, sctlr);
	mmu->wxn = FIELD_OF(SCTLR_EL1, WXN, sctlr);
	mmu->big_endian = FIELD_OF(SCTLR_EL1, EE, sctlr);
	mmu->epan = mmu->has_el0 && FIELD_OF(SCTLR_EL1, EPAN, sctlr) && mmu->features.epan;
}

/* A kernel switches POR_EL0 with its threads, so that nobody may know it; the rest translates without */
static void overlay_el0_init(struct mmu *mmu, const struct regs *r)
{
	unsigned int half;

	mmu->por_el0 = r->val[REG_POR_EL0];
	if (regs_have(r, REG_POR_EL0))
		return;
	for (half = 0; half < 2; half++) {
		if (!mmu->s1[half].e0poe)
			continue;
		mmu->s1[half].choices |= CHOICE_POR_EL0;
		mmu->s1[half].e0poe = mmu->other & CHOICE_POR_EL0;
	}
}

static void el10_init(struct mmu *mmu, const struct regs *r)
{
	/* TCR2_EL1 counts as 0 where EL2 says so; a file without HCRX_EL2 does not say so */
	bool tcr2_on = mmu->features.tcr2 &&
		       (!regs_have(r, REG_HCRX_EL2) || REGF(r, HCRX_EL2, TCR2En));
	struct tcr2 t2 = tcr2_decode(tcr2_on ? r->val[REG_TCR2_EL1] : 0);
	struct tcr t;

	mmu->two_halves = true;
	mmu->has_el0 = true;
	mmu->dc = REGF(r, HCR_EL2, DC) && !is_host(r);
	mmu->dct = REGF(r, HCR_EL2, DCT) && mmu->features.mte2;
	mmu->nv1 = REGF(r, HCR_EL2, NV) && REGF(r, HCR_EL2, NV1) && mmu->features.nv1;
	sctlr_init(mmu, r->val[REG_SCTLR_EL1]);
	/* AArch64.S1Enabled */
	if (mmu->dc || REGF(r, HCR_EL2, TGE))
		mmu->s1_on = false;
	mmu->mair = r->val[REG_MAIR_EL1];
	mmu->mair2 = r->val[REG_MAIR2_EL1];
	mmu->pir = r->val[REG_PIR_EL1];
	mmu->pire0 = r->val[REG_PIRE0_EL1];
	mmu->por_el1 = r->val[REG_POR_EL1];
	t = tcr_two_ranges(r->val[REG_TCR_EL1], 0);
	s1_init(mmu, 0, &t, &t2, r->val[REG_TTBR0_EL1], r->hi[REG_TTBR0_EL1]);
	t = tcr_two_ranges(r->val[REG_TCR_EL1], 1);
	s1_init(mmu, 1, &t, &t2, r->val[REG_TTBR1_EL1], r->hi[REG_TTBR1_EL1]);
	mmu->s1[0].geo.no_root = !regs_have(r, REG_TTBR0_EL1);
	mmu->s1[1].geo.no_root = !regs_have(r, REG_TTBR1_EL1);
	overlay_el0_init(mmu, r);
	mmu->a1 = t.a1;
	s2_init(mmu, r);
}

static void el2_init(struct mmu *mmu, const struct regs *r)
{
	struct tcr2 t2 = tcr2_decode(mmu->features.tcr2 ? r->val[REG_TCR2_EL2] : 0);
	uint64_t tcr = r->val[REG_TCR_EL2];
	struct tcr t;

	mmu->two_halves = mmu->regime == REGIME_EL20;
	mmu->has_el0 = mmu->two_halves;
	/* RES0 without E2H */
	t2.d128 = t2.d128 && mmu->two_halves;
	sctlr_init(mmu, r->val[REG_SCTLR_EL2]);
	mmu->mair = r->val[REG_MAIR_EL2];
	mmu->mair2 = r->val[REG_MAIR2_EL2];
	mmu->pir = r->val[REG_PIR_EL2];
	mmu->pire0 = r->val[REG_PIRE0_EL2];
	mmu->por_el1 = r->val[REG_POR_EL2];
	t = mmu->two_halves ? tcr_two_ranges(tcr, 0) : tcr_one_range(tcr);
	s1_init(mmu, 0, &t, &t2, r->val[REG_TTBR0_EL2], r->hi[REG_TTBR0_EL2]);
	mmu->s1[0].geo.no_root = !regs_have(r, REG_TTBR0_EL2);
	if (!mmu->two_halves)
		return;
	t = tcr_two_ranges(tcr, 1);
	s1_init(mmu, 1, &t, &t2, r->val[REG_TTBR1_EL2], r->hi[REG_TTBR1_EL2]);
	mmu->s1[1].geo.no_root = !regs_have(r, REG_TTBR1_EL2);
	overlay_el0_init(mmu, r);
	mmu->a1 = t.a1;
}

static void el3_init(struct mmu *mmu, const struct regs *r)
{
	struct tcr2 t2 = tcr2_el3(r->val[REG_TCR_EL3]);
	struct tcr t = tcr_one_range(r->val[REG_TCR_EL3]);

	sctlr_init(mmu, r->val[REG_SCTLR_EL3]);
	mmu->mair = r->val[REG_MAIR_EL3];
	mmu->mair2 = r->val[REG_MAIR2_EL3];
	mmu->pir = r->val[REG_PIR_EL3];
	mmu->por_el1 = r->val[REG_POR_EL3];
	s1_init(mmu, 0, &t, &t2, r->val[REG_TTBR0_EL3], r->hi[REG_TTBR0_EL3]);
	mmu->s1[0].geo.no_root = !regs_have(r, REG_TTBR0_EL3);
}

static void el10_aarch32_init(struct mmu *mmu, const struct regs *r)
{
	struct regs named = *r;

	regs_aarch32(&named);
	mmu->aarch32 = true;
	mmu->two_halves = true;
	mmu->has_el0 = true;
	mmu->dc = REGF(r, HCR_EL2, DC) && !is_host(r);
	a32_init(mmu, &named);
	s2_init(mmu, r);
}

/* HCR_EL2.RW = 0, on a PE that has AArch32 at EL1 */
static bool el1_is_aarch32(const struct regs *r)
{
	if (!regs_have(r, REG_HCR_EL2) || REGF(r, HCR_EL2, RW))
		return false;
	return !regs_have(r, REG_ID_AA64PFR0_EL1) || REGF(r, ID_AA64PFR0_EL1, EL1) == 2;
}

/* Short descriptors name a domain, and DACR says who may use it */
static bool lacks_dacr(const struct regs *r)
{
	struct regs named = *r;

	if (!el1_is_aarch32(r))
		return false;
	regs_aarch32(&named);
	return REGF(&named, SCTLR, M) && !REGF(&named, TTBCR, EAE) && !regs_have(&named, REG_DACR);
}

/* The registers without which there is nothing to translate with */
static const char *missing(enum regime regime, const struct regs *r)
{
	switch (regime) {
	case REGIME_EL10:
		if (!regs_have(r, REG_SCTLR_EL1) && !REGF(r, HCR_EL2, VM) &&
		    !(el1_is_aarch32(r) && regs_have(r, REG_SCTLR)))
			return "SCTLR_EL1 is not among the registers";
		if (REGF(r, SCTLR_EL1, M) && !regs_have(r, REG_TCR_EL1))
			return "SCTLR_EL1.M is 1, but TCR_EL1 is not among the registers";
		if (lacks_dacr(r))
			return "EL1 is AArch32 with short descriptors, but DACR32_EL2 is not among the registers";
		if (REGF(r, HCR_EL2, VM) && !is_host(r) && !regs_have(r, REG_VTCR_EL2))
			return "HCR_EL2.VM is 1, but VTCR_EL2 is not among the registers";
		return NULL;
	case REGIME_EL20:
	case REGIME_EL2:
		if (!regs_have(r, REG_SCTLR_EL2))
			return "SCTLR_EL2 is not among the registers";
		if (REGF(r, SCTLR_EL2, M) && !regs_have(r, REG_TCR_EL2))
			return "SCTLR_EL2.M is 1, but TCR_EL2 is not among the registers";
		return NULL;
	default:
		if (!regs_have(r, REG_SCTLR_EL3))
			return "SCTLR_EL3 is not among the registers";
		return NULL;
	}
}

static const char *absent(const struct regs *r, enum reg_id id)
{
	static const char *const text[REG_COUNT] = {
#define REG(reg, title)	[REG_##reg] = #reg " is not among the registers",
#include "regs.def"
	};

	return regs_have(r, id) ? NULL : text[id];
}

/* Where stage 1 finds the attributes and rights that a descriptor has an index of */
static const char *missing_indexed(const struct mmu *mmu, const struct regs *r)
{
	static const struct { enum reg_id mair, mair2, pir, pire0, por; } of[] = {
		[REGIME_EL10] = { REG_MAIR_EL1, REG_MAIR2_EL1, REG_PIR_EL1, REG_PIRE0_EL1, REG_POR_EL1 },
		[REGIME_EL20] = { REG_MAIR_EL2, REG_MAIR2_EL2, REG_PIR_EL2, REG_PIRE0_EL2, REG_POR_EL2 },
		[REGIME_EL2] = { REG_MAIR_EL2, REG_MAIR2_EL2, REG_PIR_EL2, REG_PIRE0_EL2, REG_POR_EL2 },
		[REGIME_EL3] = { REG_MAIR_EL3, REG_MAIR2_EL3, REG_PIR_EL3, REG_PIR_EL3, REG_POR_EL3 },
	};
	const struct s1_params *p = &mmu->s1[0];
	const char *why = absent(r, of[mmu->regime].mair);

	if (!why && p->aie)
		why = absent(r, of[mmu->regime].mair2);
	if (!why && p->pie)
		why = absent(r, of[mmu->regime].pir);
	if (!why && p->pie && mmu->has_el0 && !mmu->nv1)
		why = absent(r, of[mmu->regime].pire0);
	if (!why && p->poe)
		why = absent(r, of[mmu->regime].por);
	return why;
}

/* The same for AArch32: TEX, C and B are an index under TRE only */
static const char *missing_aarch32(const struct mmu *mmu, const struct regs *r)
{
	struct regs named = *r;
	const char *why;

	regs_aarch32(&named);
	if (mmu->s1[0].geo.format == TABLE_V8_64) {
		why = absent(&named, REG_MAIR0);
		return why ? why : absent(&named, REG_MAIR1);
	}
	if (!mmu->tre)
		return NULL;
	why = absent(&named, REG_PRRR);
	return why ? why : absent(&named, REG_NMRR);
}

static const char *missing_s2(const struct mmu *mmu, const struct regs *r)
{
	const char *why = absent(r, REG_VTCR_EL2);

	if (!why)
		why = absent(r, REG_VTTBR_EL2);
	if (!why && mmu->secure)
		why = absent(r, REG_VSTCR_EL2);
	if (!why && mmu->secure)
		why = absent(r, REG_VSTTBR_EL2);
	if (!why && mmu->s2.s2pie)
		why = absent(r, REG_S2PIR_EL2);
	if (!why && mmu->s2.s2poe)
		why = absent(r, REG_S2POR_EL1);
	return why;
}

/* Checks of stage 2 that this library does not make: without them its answers would be too good */
static const char *unmodelled_s2(const struct mmu_features *f, const struct regs *r)
{
	if (f->the && REGF(r, VTCR_EL2, AssuredOnly))
		return "VTCR_EL2.AssuredOnly is 1, and its checks are not known here";
	if (f->the && (REGF(r, VTCR_EL2, TL0) || REGF(r, VTCR_EL2, TL1)))
		return "VTCR_EL2.TL0 or TL1 is 1, and their checks are not known here";
	if (f->gcs && REGF(r, VTCR_EL2, GCSH))
		return "VTCR_EL2.GCSH is 1, and its checks are not known here";
	return NULL;
}

/* Registers that those of control, now understood, send to. A root is asked for when it is used. */
static const char *missing_then(const struct mmu *mmu, const struct regs *r)
{
	const char *why = NULL;

	if (mmu->s1_on)
		why = mmu->aarch32 ? missing_aarch32(mmu, r) : missing_indexed(mmu, r);
	if (!why && mmu->s2.vm)
		why = missing_s2(mmu, r);
	if (!why && mmu->s2.vm)
		why = unmodelled_s2(&mmu->features, r);
	return why;
}

int mmu_init(struct mmu *mmu, enum regime regime, const struct regs *regs, struct source *source,
	     const struct mmu_options *opt, const char **reason)
{
	*reason = missing(regime, regs);
	if (*reason)
		return -EINVAL;

	memset(mmu, 0, sizeof(*mmu));
	mmu->source = source;
	mmu->regime = regime;
	if (opt && opt->features)
		mmu->features = *opt->features;
	else
		mmu_features_init(&mmu->features, regs);
	mmu->other = opt ? opt->other : 0;
	mmu->secure = opt && opt->secure;

	switch (regime) {
	case REGIME_EL10:
		if (el1_is_aarch32(regs))
			el10_aarch32_init(mmu, regs);
		else
			el10_init(mmu, regs);
		break;
	case REGIME_EL3:
		el3_init(mmu, regs);
		break;
	default:
		el2_init(mmu, regs);
		break;
	}
	mmu->asid = mmu->s1[mmu->a1].asid;
	/* without a source nothing is walked, and tags need no more */
	*reason = source ? missing_then(mmu, regs) : NULL;
	return *reason ? -EINVAL : 0;
}
