// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the fields of a descriptor mean, one by one. What they come to depends on registers and on
 * the tables above; that is for walk to say.
 */
#include <stdarg.h>
#include <stdio.h>

#include "combine.h"
#include "view-regs.h"

static void row(struct desc_result *r, const char *name, uint64_t value, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static void row(struct desc_result *r, const char *name, uint64_t value, const char *fmt, ...)
{
	struct desc_row *to = &r->row[r->nrows];
	va_list ap;

	if (r->nrows == DESC_ROWS)
		return;
	r->nrows++;
	to->name = name;
	to->value = value;
	va_start(ap, fmt);
	vsnprintf(to->meaning, sizeof(to->meaning), fmt, ap);
	va_end(ap);
}

static void flag(struct desc_result *r, const char *name, bool set, const char *zero,
		 const char *one)
{
	row(r, name, set, "%s", set ? one : zero);
}

/*
 * Tables
 */

static void table_rows(struct desc_result *r)
{
	static const char *const aptable[] = {
		"",
		"below: no access from EL0",
		"below: no writes",
		"below: no writes, no access from EL0",
	};
	const struct descriptor *d = &r->desc;
	bool wide = r->geo.format == TABLE_V9_128;

	if (wide)
		row(r, "SKL", d->skl, "levels skipped");
	if (wide)
		flag(r, "DisCH", d->disch, "", "Contiguous has no meaning in the next table");
	if (wide)
		flag(r, "Protected", d->protected_table, "", "protected from unchecked writes");
	if (r->geo.format != TABLE_V8_32S)
		flag(r, "AF", d->af, "", "accessed (with HAFT)");
	if (r->geo.stage == 2)
		return;
	flag(r, r->geo.format == TABLE_V8_32S ? "NS" : "NSTable", d->ns_table, "",
	     "Secure state: below is Non-secure memory");
	if (wide)
		return;
	if (r->geo.format == TABLE_V8_32S) {
		row(r, "Domain", d->domain, "%s", "");
		flag(r, "PXN", d->pxn_table, "", "below: no execution at PL1");
		return;
	}
	row(r, "APTable", d->aptable, "%s", aptable[d->aptable & 3]);
	flag(r, "UXNTable", d->uxn_table, "",
	     "below: no execution at EL0; with one VA range: none");
	flag(r, "PXNTable", d->pxn_table, "", "below: no execution at the higher EL");
}

/*
 * Leaves
 */

static void memory_row(struct desc_result *r, const char *name, uint64_t value,
		       const struct memattr *m)
{
	char text[MEMATTR_TEXT];

	row(r, name, value, "%s", m->reserved ? "reserved" : memattr_text(m, text));
}

static void attrindx_row(struct desc_result *r, const struct regs *ctx)
{
	const struct descriptor *d = &r->desc;
	struct memattr m;

	if (!ctx || !regs_have(ctx, REG_MAIR_EL1) || d->attrindx > 7) {
		row(r, "AttrIndx", d->attrindx, "Attr%u of MAIR%s", d->attrindx & 7,
		    d->attrindx > 7 ? "2" : "");
		return;
	}
	m = memattr_from_mair(ctx->val[REG_MAIR_EL1] >> (8 * d->attrindx), d->sh, true, true);
	memory_row(r, "AttrIndx", d->attrindx, &m);
}

/* With FWB: S2ApplyFWBMemAttrs */
static void memattr_row(struct desc_result *r, const struct regs *ctx)
{
	static const char *const fwb[] = {
		"Device-nGnRnE",
		"Device-nGnRE",
		"Device-nGRE",
		"Device-GRE",
		"reserved",
		"Normal Non-cacheable, or Device by stage 1",
		"Write-Back where stage 1 is Normal",
		"as stage 1 says",
	};
	const struct descriptor *d = &r->desc;
	struct memattr m;

	if (ctx && REGF(ctx, HCR_EL2, FWB)) {
		row(r, "MemAttr", d->memattr, "%s", fwb[d->memattr & 7]);
		return;
	}
	m = memattr_from_s2(d->memattr, d->sh, d->fnxs);
	memory_row(r, "MemAttr", d->memattr, &m);
}

static void sh_row(struct desc_result *r)
{
	const struct descriptor *d = &r->desc;

	if (r->geo.ds)
		row(r, "SH", d->sh, "address bits; shareability is that of the TCR");
	else
		row(r, "SH", d->sh, "%s",
		    d->sh == SH_RESERVED ? "reserved" : shareability_text(d->sh));
}

static void s1_direct_rows(struct desc_result *r)
{
	static const char *const ap[] = {
		"EL1 reads and writes, EL0 neither",
		"EL1 and EL0 read and write",
		"EL1 reads, EL0 does not",
		"EL1 and EL0 read",
	};
	const struct descriptor *d = &r->desc;

	row(r, "AP[2:1]", d->ap, "%s", ap[d->ap & 3]);
	flag(r, "UXN", d->uxn, "executable at EL0", "not executable at EL0; with one VA range: XN");
	flag(r, "PXN", d->pxn, "executable at the higher EL", "not executable at the higher EL");
	flag(r, "DBM", d->dbm, "", "with HA and HD: writable, AP[2] is the clean state");
}

static void s1_rows(struct desc_result *r, const struct regs *ctx)
{
	const struct descriptor *d = &r->desc;

	attrindx_row(r, ctx);
	if (r->geo.format == TABLE_V8_64)
		s1_direct_rows(r);
	else
		flag(r, "nDirty", d->ndirty, "dirty", "clean");
	row(r, "PIIndex", d->pi_index, "with indirect permissions");
	row(r, "POIndex", d->po_index, "with permission overlays");
	flag(r, "nG", d->ng, "global", "of this ASID");
	flag(r, "GP", d->gp, "", "guarded: indirect branches need a landing pad");
	flag(r, "NS", d->ns, "", "Secure state: Non-secure memory");
	if (r->geo.format == TABLE_V9_128)
		flag(r, "Protected", d->protected_page, "", "protected from unchecked writes");
}

static void s2_direct_rows(struct desc_result *r)
{
	static const char *const s2ap[] = { "no access", "read", "write", "read and write" };
	static const char *const xn[] = {
		"executable", "executable at EL0 only", "not executable", "executable at EL1 only",
	};
	const struct descriptor *d = &r->desc;

	row(r, "S2AP", d->s2ap, "%s", s2ap[d->s2ap & 3]);
	row(r, "XN", d->s2xn, "%s", xn[d->s2xn & 3]);
	flag(r, "DBM", d->dbm, "", "with HA and HD: writable, S2AP[1] is the dirty state");
}

static void s2_rows(struct desc_result *r, const struct regs *ctx)
{
	const struct descriptor *d = &r->desc;

	memattr_row(r, ctx);
	if (r->geo.format == TABLE_V8_64)
		s2_direct_rows(r);
	else
		flag(r, "Dirty", d->dirty, "clean", "dirty");
	row(r, "PIIndex", d->pi_index, "with indirect permissions");
	row(r, "POIndex", d->po_index, "with permission overlays");
	flag(r, "FnXS", d->fnxs, "", "XS counts as 0");
	flag(r, "AssuredOnly", d->assured_only, "", "with FEAT_THE: only for assured translations");
	flag(r, "NS", d->ns, "", "Realm or Secure state: Non-secure memory");
}

static void leaf_rows(struct desc_result *r, const struct regs *ctx)
{
	const struct descriptor *d = &r->desc;

	flag(r, "AF", d->af, "not accessed: Access flag fault, or set by hardware", "accessed");
	sh_row(r);
	if (r->geo.stage == 1)
		s1_rows(r, ctx);
	else
		s2_rows(r, ctx);
	flag(r, "Contiguous", d->contig, "", "one of a contiguous run");
	if (d->type == DESC_BLOCK)
		flag(r, "nT", d->nt, "", "not to be cached while it is changed");
	row(r, "software", d->software, "for software, bits %s",
	    r->geo.format == TABLE_V9_128 ? "[58:56]" : "[58:55]");
	if (r->geo.format == TABLE_V8_64)
		row(r, "PBHA", d->pbha, "bits [62:59], for hardware where the TCR says so");
	if (d->oa_high)
		row(r, "OA[51:48]", 1, "not zero, beyond 48 bits: Address size fault");
}

/*
 * AArch32 short descriptors
 */

static void short_rows(struct desc_result *r)
{
	static const char *const ap[] = {
		"no access",
		"PL1 reads and writes",
		"PL1 reads and writes, PL0 reads",
		"both read and write",
		"reserved",
		"PL1 reads",
		"both read (deprecated)",
		"both read",
	};
	const struct descriptor *d = &r->desc;

	if (d->level == 1)
		row(r, "Domain", d->domain, "%s", "");
	row(r, "TEX", d->attrindx >> 2, "%s", "");
	row(r, "C", d->attrindx >> 1 & 1, "%s", "");
	row(r, "B", d->attrindx & 1, "%s", "");
	row(r, "AP", d->ap, "%s; with SCTLR.AFE AP[0] is the access flag", ap[d->ap & 7]);
	flag(r, "XN", d->uxn, "executable", "not executable");
	if (d->level == 1)
		flag(r, "PXN", d->pxn, "", "not executable at PL1");
	flag(r, "S", d->sh, "Non-shareable, unless remapped", "Shareable, unless remapped");
	flag(r, "nG", d->ng, "global", "of this ASID");
	if (d->level == 1)
		flag(r, "NS", d->ns, "", "Secure state: Non-secure memory");
}

static void invalid_rows(struct desc_result *r)
{
	const struct descriptor *d = &r->desc;

	if (d->reserved)
		row(r, "fault", 1,
		    "valid, but of a type that cannot stand at level %d: Translation fault",
		    d->level);
	else if (d->raw.lo || d->raw.hi)
		row(r, "software", d->raw.lo, "whatever software keeps in an invalid descriptor");
}

void desc_explain(struct desc_result *r, int level, struct word word, const struct regs *ctx)
{
	descriptor_decode(&r->geo, level, word, &r->desc);
	r->nrows = 0;
	switch (r->desc.type) {
	case DESC_INVALID:
		invalid_rows(r);
		break;
	case DESC_TABLE:
		table_rows(r);
		break;
	default:
		if (r->geo.format == TABLE_V8_32S)
			short_rows(r);
		else
			leaf_rows(r, ctx);
	}
}
