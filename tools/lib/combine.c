// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Memory attributes. Names in parentheses are those of Arm's pseudocode.
 */
#include <stdio.h>

#include "combine.h"

/* A Normal cache attribute where stage 1 has no say: Read-Allocate, Write-Allocate */
static const struct cache_attr wb_rwa = { CACHE_WB, HINT_RWA, false };
static const struct cache_attr cache_nc = { CACHE_NC, HINT_NONE, false };

struct memattr memattr_normal_nc(void)
{
	return (struct memattr){ .type = MEM_NORMAL, .inner = cache_nc, .outer = cache_nc,
				 .sh = SH_OSH, .xs = true };
}

struct memattr memattr_normal_wb(enum shareability sh)
{
	return (struct memattr){ .type = MEM_NORMAL, .inner = wb_rwa, .outer = wb_rwa, .sh = sh };
}

struct memattr memattr_device(enum device_type device)
{
	return (struct memattr){ .type = MEM_DEVICE, .device = device, .sh = SH_OSH, .xs = true };
}

static bool is_nc(const struct memattr *m)
{
	return m->type == MEM_NORMAL && m->inner.attr == CACHE_NC && m->outer.attr == CACHE_NC;
}

static bool is_wb(const struct memattr *m)
{
	return m->type == MEM_NORMAL && m->inner.attr == CACHE_WB && m->outer.attr == CACHE_WB;
}

static bool is_plain(struct cache_attr a, enum cacheability attr, uint8_t hints)
{
	return a.attr == attr && a.hints == hints && !a.transient;
}

/* What Allocation Tags can be stored with */
static bool is_tag_storage(const struct memattr *m)
{
	return m->type == MEM_NORMAL && is_plain(m->inner, CACHE_WB, HINT_RWA) &&
	       is_plain(m->outer, CACHE_WB, HINT_RWA);
}

enum shareability memattr_effective_sh(const struct memattr *m)
{
	return m->type == MEM_DEVICE || is_nc(m) ? SH_OSH : m->sh;
}

/* One nibble of MAIR_ELx (DecodeLDFAttr) */
static struct cache_attr decode_nibble(uint8_t nibble)
{
	struct cache_attr a = { .hints = nibble & 3 };

	switch (nibble >> 2) {
	case 0:
		a.attr = CACHE_WT;
		a.transient = true;
		break;
	case 1:
		a.attr = a.hints ? CACHE_WB : CACHE_NC;
		a.transient = a.hints;
		break;
	case 2:
		a.attr = CACHE_WT;
		break;
	default:
		a.attr = CACHE_WB;
		break;
	}
	return a;
}

struct memattr memattr_from_mair(uint8_t attr, enum shareability sh, bool xs, bool mte2)
{
	struct memattr m;

	if ((attr & 0xf0) == 0) {
		m = memattr_device(attr >> 2 & 3);
		m.sh = sh;
		m.xs = !(xs && (attr & 1));
		m.reserved = (attr & 2) || ((attr & 1) && !xs);
		return m;
	}

	m = (struct memattr){ .type = MEM_NORMAL, .sh = sh, .xs = true };
	if (attr == 0xf0 && mte2) {
		m.inner = wb_rwa;
		m.outer = wb_rwa;
		m.tagged = true;
		m.xs = false;
	} else if ((attr == 0x40 || attr == 0xa0) && xs) {
		m.inner = decode_nibble(attr >> 4);
		m.outer = m.inner;
		m.xs = false;
	} else {
		m.outer = decode_nibble(attr >> 4);
		m.inner = decode_nibble(attr & 15);
		m.xs = !is_wb(&m);
		m.reserved = (attr & 15) == 0;
	}
	return m;
}

/* Two bits of MemAttr, or of RGN in TCR_ELx with another order (DecodeSDFAttr) */
static struct cache_attr decode_s2_bits(uint8_t bits)
{
	static const enum cacheability attr[4] = { CACHE_NC, CACHE_NC, CACHE_WT, CACHE_WB };

	return (struct cache_attr){ attr[bits], bits < 2 ? HINT_NONE : HINT_RWA, false };
}

struct memattr memattr_from_s2(uint8_t memattr, enum shareability sh, bool fnxs)
{
	struct memattr m;

	if (memattr >> 2 == 0) {
		m = memattr_device(memattr & 3);
	} else {
		m = (struct memattr){ .type = MEM_NORMAL };
		m.outer = decode_s2_bits(memattr >> 2);
		m.inner = decode_s2_bits(memattr & 3);
		m.reserved = (memattr & 3) == 0;
	}
	m.sh = sh;
	m.xs = !fnxs;
	return m;
}

static enum shareability combine_sh(enum shareability a, enum shareability b)
{
	if (a == SH_OSH || b == SH_OSH)
		return SH_OSH;
	if (a == SH_ISH || b == SH_ISH)
		return SH_ISH;
	return SH_NSH;
}

static enum device_type combine_device(enum device_type a, enum device_type b)
{
	return a < b ? a : b;
}

/* S2CombineS1AttrHints: the weaker of both, the hints of stage 1 */
static struct cache_attr combine_cache(struct cache_attr s1, struct cache_attr s2)
{
	enum cacheability attr = s1.attr < s2.attr ? s1.attr : s2.attr;

	if (attr == CACHE_NC)
		return cache_nc;
	return (struct cache_attr){ attr, s1.hints, s1.transient };
}

struct memattr memattr_combine(const struct memattr *s1, const struct memattr *s2)
{
	struct memattr m = { .type = MEM_NORMAL };

	if (s1->type == MEM_DEVICE && s2->type == MEM_DEVICE) {
		m = memattr_device(combine_device(s1->device, s2->device));
	} else if (s1->type == MEM_DEVICE) {
		m = memattr_device(s1->device);
	} else if (s2->type == MEM_DEVICE) {
		m = memattr_device(s2->device);
	} else {
		m.inner = combine_cache(s1->inner, s2->inner);
		m.outer = combine_cache(s1->outer, s2->outer);
	}

	m.sh = combine_sh(s1->sh, s2->sh);
	m.sh = memattr_effective_sh(&m);
	m.xs = s2->xs && s1->xs && !is_wb(&m);
	m.tagged = s1->tagged && is_tag_storage(&m);
	m.reserved = s1->reserved || s2->reserved;
	return m;
}

/* FWB forces Write-Back; the hints are those of stage 1 where it is cacheable */
static struct cache_attr force_wb(const struct memattr *s1, struct cache_attr a)
{
	if (s1->type == MEM_DEVICE || a.attr == CACHE_NC)
		return wb_rwa;
	return (struct cache_attr){ CACHE_WB, a.hints, a.transient };
}

struct memattr memattr_combine_fwb(const struct memattr *s1, uint8_t memattr,
				   enum shareability s2_sh, bool fnxs)
{
	struct memattr m = *s1;

	if (!(memattr & 4)) {
		m = memattr_device(memattr & 3);
		if (s1->type == MEM_DEVICE)
			m.device = combine_device(m.device, s1->device);
		m.xs = s1->xs;
	} else if ((memattr & 3) == 2) {
		m.type = MEM_NORMAL;
		m.inner = force_wb(s1, s1->inner);
		m.outer = force_wb(s1, s1->outer);
		m.xs = false;
	} else if ((memattr & 3) == 1 && s1->type == MEM_NORMAL) {
		m = memattr_normal_nc();
		m.xs = s1->xs;
	}
	m.reserved = s1->reserved || (memattr & 7) == 4;

	if (fnxs)
		m.xs = false;
	m.sh = combine_sh(s1->sh, s2_sh);
	m.sh = memattr_effective_sh(&m);
	m.tagged = s1->tagged && is_tag_storage(&m);
	return m;
}

static uint8_t encode_nibble(struct cache_attr a)
{
	if (a.attr == CACHE_NC)
		return 4;
	if (a.attr == CACHE_WT)
		return (a.transient ? 0 : 8) | a.hints;
	return (a.transient ? 4 : 12) | a.hints;
}

uint8_t memattr_par_attr(const struct memattr *m)
{
	if (m->tagged)
		return 0xf0;
	if (m->type == MEM_DEVICE)
		return m->device << 2 | !m->xs;
	if (!m->xs && is_nc(m))
		return 0x40;
	/* The inner hints are not asked for */
	if (!m->xs && m->inner.attr == CACHE_WT && is_plain(m->outer, CACHE_WT, HINT_RA))
		return 0xa0;
	return encode_nibble(m->outer) << 4 | encode_nibble(m->inner);
}

uint8_t memattr_par_sh(const struct memattr *m)
{
	return memattr_effective_sh(m);
}

static bool cache_equal(struct cache_attr a, struct cache_attr b)
{
	return a.attr == b.attr && a.hints == b.hints && a.transient == b.transient;
}

bool memattr_equal(const struct memattr *a, const struct memattr *b)
{
	if (a->type != b->type || a->sh != b->sh || a->tagged != b->tagged || a->xs != b->xs)
		return false;
	if (a->type == MEM_DEVICE)
		return a->device == b->device;
	return cache_equal(a->inner, b->inner) && cache_equal(a->outer, b->outer);
}

const char *shareability_text(enum shareability sh)
{
	static const char *const text[] = { "NSH", "reserved", "OSH", "ISH" };

	return text[sh & 3];
}

/* "WB RWA", "WT RA transient", "NC" */
static void cache_text(struct cache_attr a, char *buf, size_t size)
{
	static const char *const attr[] = { "NC", "WT", "WB" };
	static const char *const hints[] = { "", " WA", " RA", " RWA" };

	if (a.attr == CACHE_NC)
		snprintf(buf, size, "NC");
	else
		snprintf(buf, size, "%s%s%s", attr[a.attr], hints[a.hints & 3],
			 a.transient ? " transient" : "");
}

const char *memattr_text(const struct memattr *m, char *buf)
{
	static const char *const device[] = { "nGnRnE", "nGnRE", "nGRE", "GRE" };
	char inner[24], outer[24];

	if (m->type == MEM_DEVICE) {
		snprintf(buf, MEMATTR_TEXT, "Device-%s%s", device[m->device], m->xs ? "" : " XS=0");
		return buf;
	}

	cache_text(m->inner, inner, sizeof(inner));
	cache_text(m->outer, outer, sizeof(outer));
	if (m->tagged)
		snprintf(buf, MEMATTR_TEXT, "Normal %s Tagged", outer);
	else if (cache_equal(m->inner, m->outer))
		snprintf(buf, MEMATTR_TEXT, "Normal %s%s", outer, m->xs || is_wb(m) ? "" : " XS=0");
	else
		snprintf(buf, MEMATTR_TEXT, "Normal inner %s outer %s", inner, outer);
	return buf;
}
