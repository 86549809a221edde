// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What differs in stage 1 of an AArch32 EL1: VMSAv8-32 with short or long descriptors. The walk
 * itself is that of AArch64; names in parentheses are those of Arm's AArch32 pseudocode.
 */
#include "aarch32.h"
#include "regs.h"
#include "ttw.h"

/* ---- registers --------------------------------------------------------------------- */

static struct geometry a32_geometry(const struct mmu *mmu, int half, enum table_format format)
{
	return (struct geometry){
		.format = format, .stage = 1, .granule = 12,
		.oa_bits = 40, .big_endian = mmu->big_endian, .upper = half,
	};
}

static void set_root(struct s1_params *p, uint64_t ttbr)
{
	struct geometry *g = &p->geo;

	g->start_level = geometry_start_level(g);
	g->root = ttbr & mask64(47, 1);
	g->root &= ~UINT64_C(0) << geometry_table_align(g, g->start_level, 0, true);
	p->root_fault = g->root >> g->oa_bits;
}

/* AArch32.GetVARange and AArch32.S1WalkLD, long descriptors */
static void long_init(struct mmu *mmu, const struct regs *r, int half)
{
	uint64_t v = r->val[REG_TTBCR];
	uint64_t v2 = FIELD_OF(TTBCR_LPAE, T2E, v) ? r->val[REG_TTBCR2] : 0;
	unsigned int t0sz = FIELD_OF(TTBCR_LPAE, T0SZ, v);
	unsigned int t1sz = FIELD_OF(TTBCR_LPAE, T1SZ, v);
	uint64_t lower_end = UINT64_C(1) << (32 - t0sz);
	uint64_t upper_start = (UINT64_C(1) << 32) - (UINT64_C(1) << (32 - t1sz));
	uint64_t ttbr = half ? r->val[REG_TTBR1] : r->val[REG_TTBR0];
	struct s1_params *p = &mmu->s1[half];

	/* A size of 0 means: all that the other one leaves */
	if (!t1sz)
		upper_start = lower_end;
	else if (!t0sz)
		lower_end = upper_start;

	p->geo = a32_geometry(mmu, half, TABLE_V8_64);
	p->first = half ? upper_start : 0;
	p->last = half ? 0xffffffff : lower_end - 1;
	p->txsz = half ? t1sz : t0sz;
	p->geo.ia_bits = 32 - p->txsz;
	p->epd = half ? FIELD_OF(TTBCR_LPAE, EPD1, v) : FIELD_OF(TTBCR_LPAE, EPD0, v);
	p->hpd = half ? FIELD_OF(TTBCR2, HPD1, v2) : FIELD_OF(TTBCR2, HPD0, v2);
	p->hpd = p->hpd && mmu->features.hpds;
	p->asid = bits64(ttbr, 55, 48);
	set_root(p, ttbr);
}

/* AArch32.S1WalkSD, short descriptors */
static void short_init(struct mmu *mmu, const struct regs *r, int half)
{
	uint64_t v = r->val[REG_TTBCR];
	unsigned int n = FIELD_OF(TTBCR, N, v);
	struct s1_params *p = &mmu->s1[half];

	p->geo = a32_geometry(mmu, half, TABLE_V8_32S);
	p->txsz = half ? 0 : n;
	p->geo.ia_bits = 32 - p->txsz;
	p->first = half ? UINT64_C(1) << (32 - n) : 0;
	p->last = half ? 0xffffffff : (UINT64_C(1) << (32 - n)) - 1;
	p->epd = half ? FIELD_OF(TTBCR, PD1, v) : FIELD_OF(TTBCR, PD0, v);
	p->asid = r->val[REG_CONTEXTIDR] & 0xff;
	set_root(p, (half ? r->val[REG_TTBR1] : r->val[REG_TTBR0]) & 0xffffffff);
}

void a32_init(struct mmu *mmu, const struct regs *r)
{
	uint64_t sctlr = r->val[REG_SCTLR];
	int half;

	mmu->s1_on = FIELD_OF(SCTLR, M, sctlr) && !mmu->dc && !REGF(r, HCR_EL2, TGE);
	mmu->dcache = FIELD_OF(SCTLR, C, sctlr);
	mmu->icache = FIELD_OF(SCTLR, I, sctlr);
	mmu->wxn = FIELD_OF(SCTLR, WXN, sctlr);
	mmu->uwxn = FIELD_OF(SCTLR, UWXN, sctlr);
	mmu->tre = FIELD_OF(SCTLR, TRE, sctlr);
	mmu->afe = FIELD_OF(SCTLR, AFE, sctlr);
	mmu->big_endian = FIELD_OF(SCTLR, EE, sctlr);
	mmu->dacr = r->val[REG_DACR];
	mmu->prrr = r->val[REG_PRRR];
	mmu->nmrr = r->val[REG_NMRR];
	mmu->mair = (r->val[REG_MAIR1] << 32) | (r->val[REG_MAIR0] & 0xffffffff);
	for (half = 0; half < 2; half++) {
		if (REGF(r, TTBCR, EAE))
			long_init(mmu, r, half);
		else
			short_init(mmu, r, half);
		mmu->s1[half].geo.no_root = !regs_have(r, half ? REG_TTBR1 : REG_TTBR0);
	}
	mmu->a1 = REGF(r, TTBCR, EAE) && FIELD_OF(TTBCR_LPAE, A1, r->val[REG_TTBCR]);
}

/* ---- access rights ----------------------------------------------------------------- */

/* DACR holds two bits a domain: 0 no access, 1 client, 3 manager; 2 is reserved */
unsigned int a32_domain(const struct mmu *mmu, const struct ttw *at, const struct descriptor *d)
{
	unsigned int domain = d->type == DESC_PAGE ? at->domain : d->domain;

	return mmu->dacr >> (2 * domain) & 3;
}

bool a32_reserved(const struct mmu *mmu, const struct ttw *at, const struct descriptor *d)
{
	unsigned int domain = a32_domain(mmu, at, d);

	return domain == 2 || (domain == DOMAIN_CLIENT && !mmu->afe && d->ap == 4);
}

bool a32_access_flag(const struct mmu *mmu, const struct descriptor *d)
{
	return !mmu->afe || (d->ap & 1);
}

/* AP[2:0] where it is no access flag: bits are P read 8, P write 4, U read 2, U write 1 */
static const uint8_t ap3[8] = { 0x0, 0xc, 0xe, 0xf, 0x0, 0x8, 0xa, 0xa };
/* AP[2:1] */
static const uint8_t ap2[4] = { 0xc, 0xf, 0x8, 0xa };

/* AArch32.S1DirectBasePermissions and what S1CheckPermissions adds */
struct rights a32_rights(const struct mmu *mmu, const struct s1_params *p,
			 const struct s1_perm_bits *b, bool el0, bool *pan)
{
	bool is_short = p->geo.format == TABLE_V8_32S;
	unsigned int ap = is_short && !mmu->afe ? ap3[b->ap] : ap2[is_short ? b->ap >> 1 : b->ap];
	struct rights u, k;
	bool xn;

	if (b->table.ap_table & 1)
		ap &= ~3u;
	if (b->table.ap_table & 2)
		ap &= ~5u;
	xn = b->uxn || b->table.uxn_table;
	u.r = ap & 2;
	u.w = ap & 1;
	k.r = ap & 8;
	k.w = ap & 4;
	/* Execution needs the right to read */
	u.x = u.r && !xn && !(mmu->wxn && u.w);
	k.x = k.r && !xn && !b->pxn && !b->table.pxn_table && !(mmu->wxn && k.w) &&
	      !(mmu->uwxn && u.w);
	*pan = u.r || u.w;
	return el0 ? u : k;
}

/* ---- memory attributes of short descriptors ---------------------------------------- */

/* Two bits: NC, WB RWA, WT RA, WB RA (DecodeSDFAttr) */
static struct cache_attr cache_bits(unsigned int bits)
{
	static const struct cache_attr attr[4] = {
		{ CACHE_NC, HINT_NONE, false },
		{ CACHE_WB, HINT_RWA, false },
		{ CACHE_WT, HINT_RA, false },
		{ CACHE_WB, HINT_RA, false },
	};

	return attr[bits & 3];
}

static struct memattr normal(unsigned int outer, unsigned int inner, enum shareability sh)
{
	struct memattr m = { .type = MEM_NORMAL, .sh = sh };

	m.outer = cache_bits(outer);
	m.inner = cache_bits(inner);
	m.xs = m.outer.attr != CACHE_WB || m.inner.attr != CACHE_WB;
	return m;
}

/* AArch32.DefaultTEXDecode; @texcb is TEX[2:0] C B */
static struct memattr default_tex(unsigned int texcb, bool s)
{
	enum shareability sh = s ? SH_OSH : SH_NSH;
	struct memattr m;

	if (texcb & 0x10)
		return normal(texcb >> 2 & 3, texcb & 3, sh);
	switch (texcb) {
	case 0:
		return memattr_device(DEVICE_nGnRnE);
	case 1:
	case 8:
		return memattr_device(DEVICE_nGnRE);
	case 2:
	case 3:
	case 4:
		return normal(texcb & 3, texcb & 3, sh);
	case 7:
		return normal(1, 1, sh);
	default:
		m = memattr_device(DEVICE_nGnRnE);
		m.reserved = true;
		return m;
	}
}

/* AArch32.RemappedTEXDecode: TEX[0] C B choose a region of PRRR and NMRR */
static struct memattr remapped_tex(const struct mmu *mmu, unsigned int texcb, bool s)
{
	unsigned int n = texcb & 7;
	bool shareable = s ? FIELD_OF(PRRR, NS1, mmu->prrr) : FIELD_OF(PRRR, NS0, mmu->prrr);
	enum shareability sh = !shareable ? SH_NSH : mmu->prrr >> (24 + n) & 1 ? SH_ISH : SH_OSH;
	struct memattr m;

	switch (mmu->prrr >> (2 * n) & 3) {
	case 1:
		m = memattr_device(DEVICE_nGnRE);
		break;
	case 2:
		m = normal(mmu->nmrr >> (2 * n + 16), mmu->nmrr >> (2 * n), sh);
		break;
	default:
		m = memattr_device(DEVICE_nGnRnE);
		break;
	}
	/* Region 6 is IMPLEMENTATION DEFINED */
	m.reserved = n == 6 || (mmu->prrr >> (2 * n) & 3) == 3;
	return m;
}

struct memattr a32_short_attr(const struct mmu *mmu, const struct descriptor *d)
{
	return mmu->tre ? remapped_tex(mmu, d->attrindx, d->sh) : default_tex(d->attrindx, d->sh);
}
