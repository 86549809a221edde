// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Reading and understanding descriptors. Names in parentheses are those of Arm's pseudocode.
 */
#include <endian.h>
#include <string.h>

#include "aarch32.h"
#include "ttw.h"

struct ttw ttw_root(const struct geometry *g)
{
	return (struct ttw){
		.level = g->start_level, .table = g->root, .skl = g->root_skl, .root = true,
		.unknown = g->no_root,
	};
}

/* OAOutOfRange */
static bool beyond(const struct geometry *g, uint64_t address)
{
	return g->oa_bits < 64 && address >> g->oa_bits;
}

/* S1NextWalkStateTable, S2NextWalkStateTable */
struct ttw ttw_next(const struct mmu *mmu, const struct s1_params *p, const struct ttw *at,
		    const struct descriptor *d)
{
	struct ttw next = {
		.level = at->level + 1 + d->skl,
		.table = d->oa,
		.skl = d->skl,
		.inherited = at->inherited,
		.domain = d->domain,
	};

	if (p)
		s1_inherit(mmu, p, d, &next.inherited);
	return next;
}

struct word ttw_word(const struct geometry *g, const void *buf, size_t n)
{
	const uint8_t *at = (const uint8_t *)buf + (n << geometry_desc_shift(g));
	uint64_t v[2] = { 0, 0 };
	uint32_t v32;

	switch (g->format) {
	case TABLE_V8_32S:
		memcpy(&v32, at, 4);
		return (struct word){ g->big_endian ? be32toh(v32) : le32toh(v32), 0 };
	case TABLE_V9_128:
		memcpy(v, at, 16);
		if (g->big_endian)
			return (struct word){ be64toh(v[1]), be64toh(v[0]) };
		return (struct word){ le64toh(v[0]), le64toh(v[1]) };
	default:
		memcpy(v, at, 8);
		return (struct word){ g->big_endian ? be64toh(v[0]) : le64toh(v[0]), 0 };
	}
}

/* log2 of the size that has one contiguous output by this descriptor and its run */
static unsigned int run_shift(const struct geometry *g, const struct descriptor *d)
{
	return d->map_shift + (d->contig ? geometry_contig_shift(g, d->level) : 0);
}

uint64_t ttw_oa(const struct geometry *g, const struct descriptor *d, uint64_t ia)
{
	uint64_t low = (UINT64_C(1) << run_shift(g, d)) - 1;

	return (d->oa & ~low) | (ia & low);
}

/* May a run be larger than what the whole table maps? (ContiguousBitFaults) */
static bool contig_misplaced(const struct geometry *g, const struct descriptor *d)
{
	return d->contig && run_shift(g, d) > g->ia_bits;
}

static bool nt_fault(const struct mmu *mmu, const struct geometry *g, const struct descriptor *d,
		     struct walk_fault *fault, uint32_t *choices)
{
	/* Long descriptors of AArch32 do not have the bit */
	if (!d->nt || !mmu->features.bbm2 || (mmu->aarch32 && g->stage == 1))
		return false;
	*choices |= CHOICE_NT;
	if (mmu->other & CHOICE_NT)
		return false;
	fault->type = FAULT_TRANSLATION;
	fault->why = "nT is set in the descriptor";
	return true;
}

bool ttw_table_fault(const struct mmu *mmu, const struct geometry *g, const struct descriptor *d,
		     struct walk_fault *fault, uint32_t *choices)
{
	*fault = (struct walk_fault){ .stage = g->stage, .level = d->level };

	if (nt_fault(mmu, g, d, fault, choices))
		return true;
	if (d->oa_high)
		*choices |= CHOICE_OA_HIGH;
	if (!beyond(g, d->oa))
		return false;
	fault->type = FAULT_ADDRESS_SIZE;
	fault->why = "the next table's address is wider than the output size";
	return true;
}

bool ttw_leaf_fault(const struct mmu *mmu, const struct geometry *g, const struct descriptor *d,
		    uint64_t ia, struct walk_fault *fault, uint32_t *choices)
{
	*fault = (struct walk_fault){ .stage = g->stage, .level = d->level };

	if (contig_misplaced(g, d)) {
		*choices |= CHOICE_CONTIG;
		if (mmu->other & CHOICE_CONTIG) {
			fault->type = FAULT_TRANSLATION;
			fault->why = "the contiguous run is larger than the input address";
			return true;
		}
	}
	if (nt_fault(mmu, g, d, fault, choices))
		return true;
	if (d->oa_high)
		*choices |= CHOICE_OA_HIGH;
	if (!beyond(g, ttw_oa(g, d, ia)))
		return false;
	fault->type = FAULT_ADDRESS_SIZE;
	fault->why = "the output address is wider than the output size";
	return true;
}

/* ---- stage 1 ----------------------------------------------------------------------- */

/* S1DecodeMemAttrs, with SCTLR_ELx.{C,I} as S1Translate applies them */
static struct memattr s1_attr(const struct mmu *mmu, const struct s1_params *p,
			      const struct descriptor *d, bool fetch, struct stage_result *out)
{
	unsigned int index = d->attrindx;
	enum shareability sh = p->geo.ds ? p->sh : d->sh;
	struct memattr m;
	uint8_t attr;
	bool xs, nc;

	if (p->geo.format == TABLE_V8_64)
		index |= d->attrindx_high << 3;
	if (!p->aie)
		index &= 7;
	if (p->geo.format == TABLE_V8_32S) {
		m = a32_short_attr(mmu, d);
	} else {
		attr = (index & 8 ? mmu->mair2 : mmu->mair) >> (8 * (index & 7));
		m = memattr_from_mair(attr, sh, mmu->features.xs, mmu->features.mte2);
		m.reserved |= sh == SH_RESERVED;
		/* What FEAT_XS and FEAT_MTE2 added is reserved there (S1DecodeMemAttrs, s1aarch64) */
		if (mmu->aarch32)
			m.reserved |= memattr_from_mair(attr, sh, false, false).reserved;
	}
	out->device_fetch = fetch && m.type == MEM_DEVICE;

	if (fetch)
		nc = m.type == MEM_DEVICE || !mmu->icache;
	else
		nc = m.type == MEM_NORMAL && !mmu->dcache;
	if (nc) {
		xs = m.xs;
		m = memattr_normal_nc();
		m.xs = xs;
	}
	out->sh_widened = m.sh != memattr_effective_sh(&m);
	if (!(mmu->other & CHOICE_EARLY_SH) || !ttw_two_stages(mmu))
		m.sh = memattr_effective_sh(&m);
	return m;
}

struct s1_perm_bits ttw_s1_perm_bits(const struct mmu *mmu, const struct s1_params *p,
				     const struct ttw *at, const struct descriptor *d)
{
	struct s1_perm_bits bits = s1_perm_bits(mmu, p, &at->inherited, d);

	if (p->geo.format == TABLE_V8_32S) {
		bits.manager = a32_domain(mmu, at, d) == DOMAIN_MANAGER;
		bits.reserved = a32_reserved(mmu, at, d);
	}
	return bits;
}

/* What both stages have in common */
static void leaf_common(const struct geometry *g, const struct descriptor *d, uint64_t ia,
			struct stage_result *out)
{
	*out = (struct stage_result){
		.done = true,
		.leaf = -1,
		.level = d->level,
		.ia = ia,
		.oa = ttw_oa(g, d, ia),
		.size = UINT64_C(1) << d->map_shift,
		.run_size = UINT64_C(1) << run_shift(g, d),
		.af = d->af,
		.contig = d->contig,
		.dbm = d->dbm,
		.ns = d->ns,
	};
}

void ttw_s1_leaf(const struct mmu *mmu, const struct s1_params *p, const struct ttw *at,
		 const struct descriptor *d, uint64_t ia, bool fetch, struct stage_result *out)
{
	struct s1_perm_bits bits = ttw_s1_perm_bits(mmu, p, at, d);

	leaf_common(&p->geo, d, ia, out);
	out->attr = s1_attr(mmu, p, d, fetch, out);
	out->perms = s1_perms(mmu, p, &bits);
	out->reserved = out->attr.reserved || bits.reserved;
	out->ap = bits.ap | (bits.table.ap_table & 2);
	if (bits.table.ap_table & 1)
		out->ap &= ~1;
	if (p->geo.format == TABLE_V8_32S) {
		out->af = a32_access_flag(mmu, d);
		if (!bits.manager && a32_domain(mmu, at, d) != DOMAIN_CLIENT)
			out->perms = (struct perms){ .pan = false };
	}
	out->ng = d->ng && mmu->has_el0;
	out->gp = d->gp;
	out->ns = bits.ns;
}

/* ---- stage 2 ----------------------------------------------------------------------- */

/* S2DecodeMemAttrs or S2ApplyFWBMemAttrs, with HCR_EL2.{CD,ID} as S2Translate applies them */
static struct memattr s2_attr(const struct mmu *mmu, const struct s2_params *p,
			      const struct descriptor *d, const struct memattr *s1, bool fetch,
			      bool *device_fetch)
{
	bool fnxs = d->fnxs && mmu->features.xs;
	enum shareability sh = p->geo.ds ? p->sh : d->sh;
	struct memattr m;
	bool xs, nc;

	if (p->fwb)
		m = memattr_combine_fwb(s1, d->memattr, sh, fnxs);
	else
		m = memattr_from_s2(d->memattr, sh, fnxs);
	m.reserved |= sh == SH_RESERVED;
	*device_fetch = fetch && m.type == MEM_DEVICE;

	if (fetch)
		nc = m.type == MEM_DEVICE || p->id;
	else
		nc = m.type == MEM_NORMAL && p->cd;
	if (nc) {
		xs = m.xs;
		m = memattr_normal_nc();
		m.xs = xs;
	}
	return m;
}

void ttw_s2_leaf(const struct mmu *mmu, const struct s2_params *p, const struct descriptor *d,
		 uint64_t ia, const struct memattr *s1, bool fetch, struct stage_result *out)
{
	leaf_common(&p->geo, d, ia, out);
	out->perms = s2_perms(mmu, p, d);
	out->attr = s2_attr(mmu, p, d, s1, fetch, &out->device_fetch);
	out->reserved = out->attr.reserved || s2_perm_reserved(p, d);
}
