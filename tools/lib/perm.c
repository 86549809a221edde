// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Access rights. Names in parentheses are those of Arm's pseudocode.
 */
#include "aarch32.h"
#include "controls.h"
#include "descriptor.h"
#include "mmu.h"

static const struct rights all = { true, true, true };

static struct rights rights_and(struct rights a, struct rights b)
{
	return (struct rights){ a.r && b.r, a.w && b.w, a.x && b.x };
}

struct perms perms_and(struct perms a, struct perms b)
{
	return (struct perms){
		.el1 = rights_and(a.el1, b.el1),
		.el0 = rights_and(a.el0, b.el0),
		.pan = a.pan || b.pan,
	};
}

/* ---- stage 1 ----------------------------------------------------------------------- */

void s1_inherit(const struct mmu *mmu, const struct s1_params *p, const struct descriptor *table,
		struct inherited *to)
{
	to->ns_table |= table->ns_table;
	if (p->hpd)
		return;
	if (mmu->nv1) {
		/*
		 * EL1 is a hypervisor without EL0: XNTable is bit 60, and it is the privileged
		 * one
		 */
		to->ap_table |= table->aptable & 2;
		to->pxn_table |= table->uxn_table;
	} else if (mmu->has_el0) {
		to->ap_table |= table->aptable;
		to->uxn_table |= table->uxn_table;
		to->pxn_table |= table->pxn_table;
	} else {
		to->ap_table |= table->aptable & 2;
		to->uxn_table |= table->uxn_table;
	}
}

/* Guarded control stack, with FEAT_GCS: read, and written by its own instructions only */
#define PIR_GCS		9

/* Elements of PIR_ELx without a meaning */
static bool pir_reserved(const struct mmu *mmu, uint8_t pi)
{
	return pi == 4 || (pi == PIR_GCS && !mmu->features.gcs) || pi == 11 || pi == 13 || pi == 15;
}

struct s1_perm_bits s1_perm_bits(const struct mmu *mmu, const struct s1_params *p,
				 const struct inherited *table, const struct descriptor *leaf)
{
	struct s1_perm_bits b = { .table = *table, .po_index = leaf->po_index };

	b.ns = leaf->ns || table->ns_table;
	if (p->pie) {
		b.ppi = mmu->pir >> (4 * leaf->pi_index) & 15;
		/* PIRE0_ELx means nothing where the regime has no EL0 (HasUnprivileged), as under NV1 */
		if (mmu->has_el0 && !mmu->nv1)
			b.upi = mmu->pire0 >> (4 * leaf->pi_index) & 15;
		b.reserved = pir_reserved(mmu, b.ppi) || pir_reserved(mmu, b.upi);
		return b;
	}

	if (mmu->nv1) {
		b.ap = leaf->ap & 2;
		b.pxn = leaf->uxn;
	} else if (mmu->has_el0) {
		b.ap = leaf->ap;
		b.uxn = leaf->uxn;
		b.pxn = leaf->pxn;
	} else {
		b.ap = (leaf->ap & 2) | 1;
		b.uxn = leaf->uxn;
	}
	/* DBM: hardware would make it writable, so no lack of the right to write is reported */
	if (p->hd && leaf->dbm)
		b.ap &= ~2;
	return b;
}

/* S1DirectBasePermissions, two privilege levels */
static struct rights direct_el(const struct mmu *mmu, const struct s1_perm_bits *b, bool el0,
			       bool *pan)
{
	bool read_only = (b->ap | b->table.ap_table) & 2;
	bool user = (b->ap & 1) && !(b->table.ap_table & 1);
	struct rights u, p;

	u.r = user;
	u.w = user && !read_only;
	u.x = !b->uxn && !b->table.uxn_table;
	p.r = true;
	p.w = !read_only;
	/* What EL0 can write, EL1 does not execute */
	p.x = !b->pxn && !b->table.pxn_table && !u.w;

	*pan = u.r || u.w || (mmu->epan && u.x && !mmu->nv1);
	return el0 ? u : p;
}

/* S1DirectBasePermissions, one privilege level */
static struct rights direct_one(const struct s1_perm_bits *b)
{
	struct rights r = { .r = true };

	r.w = !((b->ap | b->table.ap_table) & 2);
	r.x = !b->uxn && !b->table.uxn_table;
	return r;
}

/* An element of PIR_ELx or PIRE0_ELx; reserved ones grant nothing */
static struct rights pir_rights(uint8_t pi)
{
	/* bits: read 4, write 2, execute 1 */
	static const uint8_t rwx[16] = { 0, 4, 1, 5, 0, 6, 7, 7, 4, 4, 5, 0, 6, 0, 7, 0 };

	return (struct rights){ rwx[pi] & 4, rwx[pi] & 2, rwx[pi] & 1 };
}

/* An element of POR_ELx: bit 0 read, bit 1 execute, bit 2 write */
static struct rights por_rights(uint64_t por, uint8_t index)
{
	uint8_t po = por >> (4 * index);

	return (struct rights){ .r = po & 1, .w = po & 4, .x = po & 2 };
}

/* Does SCTLR_ELx.WXN have a say? Under indirect permissions of the encoding 0b0110 alone */
#define PIR_RWX_WXN	6
/* Elements with bit 3 set are out of an overlay's reach */
#define PIR_NO_OVERLAY	8

/* S1IndirectBasePermissions */
static struct rights indirect(const struct mmu *mmu, const struct s1_perm_bits *b, bool el0, bool *pan)
{
	struct rights u = pir_rights(b->upi), p = pir_rights(b->ppi);
	bool p_gcs = mmu->features.gcs && b->ppi == PIR_GCS;
	bool u_gcs = mmu->features.gcs && b->upi == PIR_GCS;

	/* Executable or a stack at EL1, and writable or a stack at EL0: neither gets anything */
	if ((p.x || p_gcs) && (u.w || u_gcs)) {
		u = (struct rights){ .r = false };
		p = u;
	}
	/* also where EL0 lost its rights, or has a reserved element */
	*pan = b->upi;
	return el0 ? u : p;
}

struct controls s1_controls(const struct mmu *mmu, const struct s1_params *p,
			    const struct s1_perm_bits *b, bool el0, bool pan)
{
	struct controls c = { .overlay = all };
	uint8_t pi = el0 ? b->upi : b->ppi;
	bool pan_guards = false, wxn = mmu->wxn, overlaid;

	if (b->manager) {
		c.base = all;
		return c;
	}
	if (mmu->aarch32) {
		c.base = a32_rights(mmu, p, b, el0, &pan_guards);
		wxn = false;
	} else if (p->pie) {
		c.base = indirect(mmu, b, el0, &pan_guards);
		wxn = pi == PIR_RWX_WXN;
	} else if (mmu->has_el0) {
		c.base = direct_el(mmu, b, el0, &pan_guards);
	} else {
		c.base = direct_one(b);
	}
	if (pan && pan_guards && !el0) {
		c.base.r = false;
		c.base.w = false;
	}

	overlaid = (el0 ? p->e0poe : p->poe) && !(p->pie && (pi & PIR_NO_OVERLAY));
	if (overlaid)
		c.overlay = por_rights(el0 ? mmu->por_el0 : mmu->por_el1, b->po_index);

	/* WXN takes execution away, but writing where an overlay grants execution */
	if (wxn && c.base.w && c.base.x) {
		if (overlaid && c.overlay.x)
			c.overlay.w = false;
		else
			c.base.x = false;
	}
	return c;
}

struct perms s1_perms(const struct mmu *mmu, const struct s1_params *p,
		      const struct s1_perm_bits *b)
{
	struct perms perms = { .pan = false };
	struct controls c = s1_controls(mmu, p, b, false, true);
	struct rights guarded = rights_and(c.base, c.overlay);

	c = s1_controls(mmu, p, b, false, false);
	perms.el1 = rights_and(c.base, c.overlay);
	perms.pan = !rights_equal(perms.el1, guarded);
	if (mmu->has_el0) {
		c = s1_controls(mmu, p, b, true, false);
		perms.el0 = rights_and(c.base, c.overlay);
	}
	return perms;
}

/* ---- stage 2 ----------------------------------------------------------------------- */

/*
 * XN[1:0], bits 54:53: 00 both, 01 EL0 only, 10 none, 11 EL1 only. Without FEAT_XNX bit 54 alone.
 */
static bool s2_exec(const struct mmu *mmu, uint8_t xn, bool el0)
{
	if (!mmu->features.xnx)
		return !(xn & 2);
	switch (xn) {
	case 0:
		return true;
	case 1:
		return el0;
	case 2:
		return false;
	default:
		return !el0;
	}
}

/* S2DirectBasePermissions; S2AP = 0b10, write only, is legal */
static struct controls s2_direct(const struct mmu *mmu, const struct s2_params *p,
				 const struct descriptor *leaf, bool el0)
{
	struct controls c = { .overlay = all, .ow_mmu = true };

	c.base.r = leaf->s2ap & 1;
	c.base.w = (leaf->s2ap & 2) || (p->hd && leaf->dbm);
	c.base.x = s2_exec(mmu, leaf->s2xn, el0);
	c.w_mmu = c.base.w;
	return c;
}

/* An element of S2PIR_EL2 or S2POR_EL1; reserved ones grant nothing */
static struct rights s2_element(uint8_t pi, bool el0, bool *w_mmu)
{
	struct rights r = { .r = false };

	*w_mmu = false;
	switch (pi) {
	/* MRO: mostly read-only, writable to hardware; 3, 6, 7 with TopLevel marks */
	case 2:
	case 3:
	case 6:
	case 7:
		r.r = true;
		*w_mmu = true;
		break;
	case 4:		/* WO */
		r.w = true;
		break;
	case 12:	/* RW */
	case 13:
	case 14:
	case 15:
		r.w = true;
		*w_mmu = true;
		/* fall through */
	case 8:		/* RO */
	case 9:
	case 10:
	case 11:
		r.r = true;
		/* Bit 0: executable at EL0, bit 1: at EL1 */
		r.x = pi & (el0 ? 1 : 2);
		break;
	}
	return r;
}

/* S2ComputePermissions */
struct controls s2_controls(const struct mmu *mmu, const struct s2_params *p,
			    const struct descriptor *leaf, bool el0)
{
	struct controls c = { .overlay = all, .ow_mmu = true };

	if (p->s2pie)
		c.base = s2_element(p->s2pir >> (4 * leaf->pi_index) & 15, el0, &c.w_mmu);
	else
		c = s2_direct(mmu, p, leaf, el0);
	if (p->s2poe)
		c.overlay = s2_element(p->s2por_el1 >> (4 * leaf->po_index) & 15, el0, &c.ow_mmu);
	return c;
}

bool s2_perm_reserved(const struct s2_params *p, const struct descriptor *leaf)
{
	uint8_t pi = p->s2pir >> (4 * leaf->pi_index) & 15;

	return p->s2pie && (pi == 1 || pi == 5);
}

struct perms s2_perms(const struct mmu *mmu, const struct s2_params *p,
		      const struct descriptor *leaf)
{
	struct controls c1 = s2_controls(mmu, p, leaf, false);
	struct controls c0 = s2_controls(mmu, p, leaf, true);

	return (struct perms){
		.el1 = rights_and(c1.base, c1.overlay),
		.el0 = rights_and(c0.base, c0.overlay),
	};
}
