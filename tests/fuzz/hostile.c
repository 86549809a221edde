// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that nobody would build: what is not listed is made by hashing its address, so that walks
 * find a word wherever they are led.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "fuzz.h"
#include "hostile.h"

/* Their order is part of the corpus: add at the end. tests/fuzz/seeds reads this list. */
const enum reg_id hostile_regs[] = {
	REG_HCR_EL2, REG_HCRX_EL2, REG_PSTATE,
	REG_SCTLR_EL1, REG_TCR_EL1, REG_TCR2_EL1, REG_TTBR0_EL1, REG_TTBR1_EL1,
	REG_MAIR_EL1, REG_MAIR2_EL1, REG_PIR_EL1, REG_PIRE0_EL1, REG_POR_EL1, REG_POR_EL0,
	REG_SCTLR_EL2, REG_TCR_EL2, REG_TCR2_EL2, REG_TTBR0_EL2, REG_TTBR1_EL2,
	REG_MAIR_EL2, REG_MAIR2_EL2, REG_PIR_EL2, REG_PIRE0_EL2, REG_POR_EL2,
	REG_SCTLR_EL3, REG_TCR_EL3, REG_TTBR0_EL3, REG_MAIR_EL3, REG_MAIR2_EL3, REG_PIR_EL3,
	REG_POR_EL3, REG_SCR_EL3,
	REG_VTCR_EL2, REG_VSTCR_EL2, REG_VTTBR_EL2, REG_VSTTBR_EL2, REG_S2PIR_EL2,
	REG_S2POR_EL1,
	REG_ID_AA64MMFR0_EL1, REG_ID_AA64MMFR1_EL1, REG_ID_AA64MMFR2_EL1,
	REG_ID_AA64MMFR3_EL1, REG_ID_AA64MMFR4_EL1, REG_ID_AA64PFR0_EL1, REG_ID_AA64PFR1_EL1,
	REG_SCTLR, REG_TTBCR, REG_TTBCR2, REG_TTBR0, REG_TTBR1, REG_DACR, REG_PRRR, REG_NMRR,
	REG_MAIR0, REG_MAIR1,
	REG_SCTLR2_EL1, REG_SCTLR2_EL2,
};

const size_t hostile_reg_count = sizeof(hostile_regs) / sizeof(hostile_regs[0]);

static uint64_t mix(uint64_t v)
{
	v ^= v >> 32;
	v *= UINT64_C(0xd6e8feb86659fd93);
	v ^= v >> 32;
	v *= UINT64_C(0xd6e8feb86659fd93);
	return v ^ v >> 32;
}

/* ---- listed words ---------------------------------------------------------------------------- */

/* The slot of @pa, or the free one where it would go */
static size_t slot_of(const struct hostile *h, uint64_t pa)
{
	size_t i = mix(pa) % HOSTILE_SLOTS;

	while (h->word[i].used && h->word[i].pa != pa)
		i = (i + 1) % HOSTILE_SLOTS;
	return i;
}

static void list_word(struct hostile *h, uint64_t pa, uint64_t value)
{
	size_t i = slot_of(h, pa & ~UINT64_C(7));

	h->word[i].pa = pa & ~UINT64_C(7);
	h->word[i].value = value;
	h->word[i].used = true;
	h->page[h->pages++] = pa >> 12;
}

static bool page_listed(const struct hostile *h, uint64_t pa)
{
	size_t i;

	for (i = 0; i < h->pages; i++)
		if (h->page[i] == pa >> 12)
			return true;
	return false;
}

/* ---- all the others -------------------------------------------------------------------------- */

/* A descriptor of VMSAv8-64, or the low word of a VMSAv9-128 one, at @pa out of the random @r */
static uint64_t make_64(const struct hostile *h, uint64_t pa, uint64_t r)
{
	uint64_t upper = r & 0xfff8000000000000, lower = r >> 16 & 0xffc;
	uint64_t pool = h->pool[r >> 8 & 7];
	unsigned int kind = r & 15;

	if ((h->memory & 7) == HOSTILE_LEAVES && (r & 0x30))
		kind = 8 + (kind & 3);
	switch (kind) {
	case 0: case 1: case 2: case 3:
		return (pool & ~UINT64_C(0xfff)) | 0x403;
	case 4: case 5:
		return (pool & ~UINT64_C(0xfff)) | 3 | upper | (r >> 16 & 0xf000);
	case 6:
		return (pa & ~UINT64_C(0xfff)) | 3;
	case 7:
		return (UINT64_C(0xfffffffff000) << (r >> 12 & 1 ? 8 : 0)) | 3 | (r >> 16 & 0x300);
	case 8: case 9:
		return (pool & ~UINT64_C(0xfff)) | 0x401 | lower | (r >> 7 & 2);
	case 10: case 11:
		return (r << 12 & 0x0000fffffffff000) | 0x401 | lower | upper | (r >> 7 & 2);
	case 12:
		return r & ~UINT64_C(1);
	case 13:
		return 0;
	case 14:
		return r;
	default:
		return r | 1;
	}
}

/* Bits 127:64 of a descriptor: mostly what a kernel would write, sometimes levels are skipped */
static uint64_t make_hi(uint64_t r)
{
	switch (r & 3) {
	case 0:
		return 0;
	case 1:
		return r & 0x1e78000000000000;
	case 2:
		return (r & 0x1e78000000000000) | (r & UINT64_C(3) << 45);
	default:
		return r;
	}
}

static uint32_t make_32(const struct hostile *h, uint64_t pa, uint32_t r)
{
	uint32_t pool = h->pool[r >> 8 & 7];

	switch (r & 7) {
	case 0: case 1:
		return (pool & ~0x3ffu) | 1;
	case 2:
		return ((uint32_t)pa & ~0x3ffu) | 1;
	case 3:
		return (r & 0xfffc0) | (pool & 0xfff00000) | 2;
	case 4:
		return r & ~3u;
	default:
		return r;
	}
}

static uint64_t make_word(const struct hostile *h, uint64_t pa)
{
	uint64_t r = mix(pa ^ h->seed), word;

	switch (h->memory & 7) {
	case HOSTILE_ZERO:
	case HOSTILE_ABSENT:
		return 0;
	case HOSTILE_NOISE:
		return r;
	}
	if (h->memory & HOSTILE_SHORT)
		return make_32(h, pa, r) | (uint64_t)make_32(h, pa, r >> 32) << 32;
	if ((h->memory & HOSTILE_WIDE) && (pa & 8))
		word = make_hi(r);
	else
		word = make_64(h, pa, r);
	return h->memory & HOSTILE_BIG_ENDIAN ? __builtin_bswap64(word) : word;
}

static int page_error(const struct hostile *h, uint64_t pa)
{
	uint64_t r;

	switch (h->memory & 7) {
	case HOSTILE_ABSENT:
		return page_listed(h, pa) ? 0 : -ENXIO;
	case HOSTILE_HOLES:
		r = mix((pa >> 12) + h->seed);
		return r & 7 ? 0 : r & 8 ? -ENXIO : -EIO;
	default:
		return 0;
	}
}

static uint64_t word_at(const struct hostile *h, uint64_t pa)
{
	size_t i = slot_of(h, pa);

	return h->word[i].used ? h->word[i].value : make_word(h, pa);
}

/* ---- the source ------------------------------------------------------------------------------ */

static int hostile_fail(struct hostile *h, int error)
{
	if (!h->error)
		h->error = error;
	return error;
}

static int read_table(struct source *source, const struct table_ref *ref, void *buf, size_t len)
{
	struct hostile *h = (struct hostile *)source;
	uint64_t first = ref->pa.v, last = ref->pa.v + len - 1, pa, word;
	uint8_t *to = buf;
	size_t n;
	int err;

	h->reads++;
	CHECK(len && !(len & 3) && !(first & 3) && last >= first);
	CHECK(!h->pa_limit || last < h->pa_limit);
	CHECK(ref->stage == 1 || ref->stage == 2);
	CHECK(ref->level >= -2 && ref->level <= 3);
	for (pa = first & ~UINT64_C(0xfff); pa <= last; pa += 0x1000) {
		err = page_error(h, pa);
		if (err)
			return hostile_fail(h, err);
	}
	for (pa = first; pa <= last; pa += n) {
		n = 8 - (pa & 7) < last - pa + 1 ? 8 - (pa & 7) : last - pa + 1;
		word = word_at(h, pa & ~UINT64_C(7)) >> 8 * (pa & 7);
		memcpy(to, &word, n);
		to += n;
	}
	return 0;
}

static int read_mem(struct source *source, struct pa pa, const struct ipa *ipa, void *buf,
		    size_t len)
{
	struct table_ref ref = { .stage = 1, .pa = pa };

	(void)ipa;
	return read_table(source, &ref, buf, len);
}

static const struct source_ops hostile_ops = { .read_table = read_table, .read_mem = read_mem };

/* ---- the input ------------------------------------------------------------------------------- */

static void make_pool(struct hostile *h)
{
	unsigned int i;

	for (i = 0; i < 6; i++)
		h->pool[i] = 0x40000000 + (mix(h->seed + i) & 0x30000) + ((uint64_t)i << 18);
	h->pool[6] = mix(h->seed + 6) & 0x000fffffffff0000;
	h->pool[7] = 0x0000ffffffff0000;
}

void hostile_read(struct hostile_case *c, const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	uint64_t value;
	unsigned int n, which;

	memset(c, 0, sizeof(*c));
	c->memory.source.ops = &hostile_ops;
	c->memory.memory = input_le(&in, 1);
	c->flags = input_le(&in, 1);
	c->other = input_le(&in, 2);
	c->address = input_le(&in, 8);
	c->memory.seed = input_le(&in, 8);
	for (n = input_le(&in, 1); n && in.left; n--) {
		which = input_le(&in, 1);
		value = input_le(&in, 8);
		if ((which & 127) >= hostile_reg_count)
			continue;
		if (which & 128)
			regs_set_hi(&c->regs, hostile_regs[which & 127], value);
		else
			regs_set(&c->regs, hostile_regs[which & 127], value);
	}
	make_pool(&c->memory);
	for (n = 0; n < HOSTILE_WORDS && in.left >= 16; n++) {
		value = input_le(&in, 8);
		list_word(&c->memory, value, input_le(&in, 8));
	}
}

void hostile_show(const struct hostile_case *c)
{
	size_t i;

	fprintf(stderr, "memory 0x%x seed 0x%" PRIx64 " flags 0x%x other 0x%x\n",
		c->memory.memory, c->memory.seed, c->flags, c->other);
	fprintf(stderr, "address 0x%" PRIx64 "\n", c->address);
	for (i = 0; i < REG_COUNT; i++) {
		if (regs_have(&c->regs, i))
			fprintf(stderr, "%s 0x%" PRIx64 "\n", reg_name(i), c->regs.val[i]);
		if (regs_have_hi(&c->regs, i))
			fprintf(stderr, "%s_hi 0x%" PRIx64 "\n", reg_name(i), c->regs.hi[i]);
	}
	for (i = 0; i < HOSTILE_SLOTS; i++)
		if (c->memory.word[i].used)
			fprintf(stderr, "[0x%" PRIx64 "] 0x%" PRIx64 "\n", c->memory.word[i].pa,
				c->memory.word[i].value);
}
