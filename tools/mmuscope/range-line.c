// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mapped ranges as lines of text, JSON and CSV.
 */
#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "range-line.h"
#include "view.h"

/* ---- pieces of a line ------------------------------------------------------------------------ */

static char *put(char *p, const char *s, size_t n)
{
	memcpy(p, s, n);
	return p + n;
}

#define PUT(p, literal)	put(p, literal, sizeof(literal) - 1)

/* Two digits of each byte */
static const char hex_digits[] =
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	"202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
	"404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f"
	"606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f"
	"808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
	"a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf"
	"c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf"
	"e0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";

#define EACH_BYTE(n)	(UINT64_C(0x0101010101010101) * (n))

/* Eight digits at once: a digit to a byte, then 0-9 and a-f by whether 6 more carry into the next four bits */
static char *put_8_digits(char *p, uint32_t v)
{
	uint64_t x = v, letters;

	x = (x << 16 | x) & UINT64_C(0x0000ffff0000ffff);
	x = (x << 8 | x) & UINT64_C(0x00ff00ff00ff00ff);
	x = (x << 4 | x) & EACH_BYTE(0x0f);
	letters = (x + EACH_BYTE(6)) >> 4 & EACH_BYTE(1);
	x = htobe64(x + EACH_BYTE('0') + letters * ('a' - '0' - 10));
	memcpy(p, &x, 8);
	return p + 8;
}

/* 0x and 16 digits */
static char *put_address(char *p, uint64_t v)
{
	p = put_8_digits(PUT(p, "0x"), v >> 32);
	return put_8_digits(p, (uint32_t)v);
}

/* 0x and the digits that it needs */
static char *put_hex(char *p, uint64_t v)
{
	unsigned int n = v ? (63 - (unsigned int)__builtin_clzll(v)) / 4 + 1 : 1, i;

	p = PUT(p, "0x");
	for (i = n; i >= 2; i -= 2, v >>= 8)
		memcpy(p + i - 2, &hex_digits[(v & 255) * 2], 2);
	if (i)
		*p = hex_digits[(v & 15) * 2 + 1];
	return p + n;
}

/* Decimal, blanks before it up to @width columns */
static char *put_number(char *p, uint64_t v, unsigned int width)
{
	char digits[24];
	unsigned int n = 0;

	do
		digits[sizeof(digits) - ++n] = '0' + v % 10;
	while (v /= 10);
	for (; width > n; width--)
		*p++ = ' ';
	return put(p, digits + sizeof(digits) - n, n);
}

/* As size_text() has it, in six columns */
static char *put_size(char *p, uint64_t size)
{
	static const char unit[] = "BKMGTPE";
	unsigned int i = 0;

	for (; size && !(size & 1023) && unit[i + 1]; size >>= 10)
		i++;
	if (!i)
		return put_number(p, size, 6);
	p = put_number(p, size, 5);
	*p++ = unit[i];
	return p;
}

/* ---- what does not depend on an address ------------------------------------------------------ */

static uint64_t rights_bits(struct rights r)
{
	return r.r | r.w << 1 | r.x << 2;
}

static uint64_t cache_bits(const struct cache_attr *c)
{
	return c->attr | c->hints << 2 | c->transient << 4;
}

/* All that a fill function below looks at. The top bit is set: a key is never 0. */
static uint64_t leaf_key(const struct map_range *r)
{
	const struct stage_result *l = &r->leaf;
	const struct memattr *m = &r->attr;
	uint64_t flags = l->af | l->ng << 1 | l->contig << 2 | l->dbm << 3 | l->gp << 4 | l->ns << 5;
	uint64_t attr = m->type | m->device << 1 | m->sh << 3 | m->tagged << 5 | m->xs << 6 |
			cache_bits(&m->inner) << 7 | cache_bits(&m->outer) << 12;

	return UINT64_C(1) << 63 | (uint64_t)(r->stage == 2) << 62 | (uint64_t)(r->level & 15) << 40 |
	       rights_bits(r->perms.el1) << 32 | rights_bits(r->perms.el0) << 35 | flags << 24 | attr;
}

static const struct leaf_text *leaf_text(struct range_lines *c, const struct map_range *r,
					 void (*fill)(struct leaf_text *t, const struct map_range *r))
{
	uint64_t key = leaf_key(r);
	/* Fibonacci hashing: the top bits of the product depend on all of the key */
	struct leaf_text *t = &c->text[key * UINT64_C(0x9e3779b97f4a7c15) >> 58];

	if (t->key == key)
		return t;
	t->key = key;
	fill(t, r);
	t->head_len = strlen(t->head);
	t->tail_len = strlen(t->tail);
	return t;
}

/* ---- text ------------------------------------------------------------------------------------ */

static void fill_text(struct leaf_text *t, const struct map_range *r)
{
	char mem[MEMATTR_TEXT], el1[4], el0[4], flags[FLAGS_TEXT];

	snprintf(t->head, sizeof(t->head), " %-2d ", r->level);
	snprintf(t->tail, sizeof(t->tail), "  %s %s  %-24s %-3s %s\n",
		 rights_text(r->perms.el1, el1), rights_text(r->perms.el0, el0),
		 memattr_text(&r->attr, mem), shareability_text(r->attr.sh),
		 flags_text(&r->leaf, r->stage, flags));
}

size_t range_line_text(struct range_lines *c, const struct map_range *r, char *buf)
{
	const struct leaf_text *t = leaf_text(c, r, fill_text);
	char *p = put_address(buf, r->ia);

	*p++ = '-';
	p = put_address(p, r->ia + r->size);
	*p++ = ' ';
	if (r->has_piece) {
		p = put_address(p, r->ipa);
		*p++ = ' ';
	}
	p = put_address(p, r->oa);
	*p++ = '-';
	p = put_address(p, r->oa + r->size);
	*p++ = ' ';
	p = put_size(p, r->size);
	p = put(p, t->head, t->head_len);
	p = put_number(p, r->leaves, 6);
	p = put(p, t->tail, t->tail_len);
	return p - buf;
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static const char *truth(bool is)
{
	return is ? "true" : "false";
}

static void fill_json(struct leaf_text *t, const struct map_range *r)
{
	char mem[MEMATTR_TEXT], el1[4], el0[4], more[48] = "";

	if (r->stage == 1)
		snprintf(more, sizeof(more), ",\"ng\":%s,\"gp\":%s", truth(r->leaf.ng), truth(r->leaf.gp));
	snprintf(t->head, sizeof(t->head), "\",\"level\":%d,\"descriptors\":", r->level);
	snprintf(t->tail, sizeof(t->tail),
		 ",\"memory_type\":\"%s\",\"shareability\":\"%s\",\"rights\":{\"privileged\":\"%s\","
		 "\"unprivileged\":\"%s\"},\"af\":%s,\"contiguous\":%s,\"dbm\":%s%s}\n",
		 memattr_text(&r->attr, mem), shareability_text(r->attr.sh),
		 rights_text(r->perms.el1, el1), rights_text(r->perms.el0, el0), truth(r->leaf.af),
		 truth(r->leaf.contig), truth(r->leaf.dbm), more);
}

size_t range_line_json(struct range_lines *c, const struct map_range *r, char *buf)
{
	const struct leaf_text *t = leaf_text(c, r, fill_json);
	char *p = PUT(buf, "{\"stage\":");

	*p++ = '0' + r->stage;
	p = PUT(p, ",\"input_address\":\"");
	p = put_hex(p, r->ia);
	p = PUT(p, "\",\"size\":");
	p = put_number(p, r->size, 0);
	if (r->has_piece) {
		p = PUT(p, ",\"ipa\":\"");
		p = put_hex(p, r->ipa);
		*p++ = '"';
	}
	p = PUT(p, ",\"status\":\"mapped\",\"output_address\":\"");
	p = put_hex(p, r->oa);
	p = put(p, t->head, t->head_len);
	p = put_number(p, r->leaves, 0);
	p = put(p, t->tail, t->tail_len);
	return p - buf;
}

/* ---- CSV ------------------------------------------------------------------------------------- */

/* The columns are those of view-lines.c; of none of these words can one need quotes */
static void fill_csv(struct leaf_text *t, const struct map_range *r)
{
	char mem[MEMATTR_TEXT], el1[4], el0[4];

	snprintf(t->head, sizeof(t->head), "range,%d,%d,", r->stage, r->level);
	snprintf(t->tail, sizeof(t->tail), ",mapped,%s,%s,%s,%s,%s,%s,%s,%s,%s,,,,,,,,,,\n",
		 rights_text(r->perms.el1, el1), rights_text(r->perms.el0, el0),
		 memattr_text(&r->attr, mem), shareability_text(r->attr.sh), truth(r->leaf.af),
		 truth(r->leaf.contig), truth(r->leaf.dbm), r->stage == 1 ? truth(r->leaf.ng) : "",
		 r->stage == 1 ? truth(r->leaf.gp) : "");
}

size_t range_line_csv(struct range_lines *c, const struct map_range *r, char *buf)
{
	const struct leaf_text *t = leaf_text(c, r, fill_csv);
	char *p = put(buf, t->head, t->head_len);

	p = put_hex(p, r->ia);
	*p++ = ',';
	p = put_number(p, r->size, 0);
	*p++ = ',';
	if (r->has_piece)
		p = put_hex(p, r->ipa);
	*p++ = ',';
	p = put_hex(p, r->oa);
	*p++ = ',';
	p = put_number(p, r->leaves, 0);
	p = put(p, t->tail, t->tail_len);
	return p - buf;
}
