// SPDX-License-Identifier: GPL-2.0-only
/*
 * Translation tables made to measure.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "source-ram.h"
#include "tables.h"

#define WORDS		512
#define TABLE_BYTES	(WORDS * 8)
#define TABLE		3
/* AF, ISH, AttrIndx 0, EL1 RW */
#define S1_PAGE		(UINT64_C(1) << 10 | 3 << 8 | 3)
/* AF, ISH, S2AP RW, MemAttr Normal WB */
#define S2_PAGE		(UINT64_C(1) << 10 | 3 << 8 | 3 << 6 | 0xf << 2 | 3)

/* Tables of level @level that map @span */
static size_t count_at(uint64_t span, int level)
{
	uint64_t maps = UINT64_C(1) << (48 - 9 * level);

	return (span + maps - 1) / maps;
}

/* Tables before the first one of @level in the image */
static size_t first_at(uint64_t span, int level)
{
	size_t n = 0;
	int i;

	for (i = 0; i < level; i++)
		n += count_at(span, i);
	return n;
}

size_t tables_size(uint64_t span)
{
	return first_at(span, 4) * TABLE_BYTES;
}

size_t tables_count(const struct tables *t, int level)
{
	return count_at(t->span, level);
}

uint64_t *tables_table(const struct tables *t, int level, size_t i)
{
	return t->word + (first_at(t->span, level) + i) * WORDS;
}

/* An odd multiplier permutes the page numbers below a power of two */
uint64_t tables_output(const struct tables *t, uint64_t ia)
{
	uint64_t page = ia >> 12;

	if (t->pattern == PATTERN_RUNS)
		page = ((page >> 8) * 5 % (t->span >> 20) << 8) | (page & 0xff);
	if (t->pattern == PATTERN_SCATTERED)
		page = (page * UINT64_C(0x9e3779b97f4a7c15)) & ((t->span >> 12) - 1);
	return t->output + (page << 12) + (ia & 0xfff);
}

void tables_point(const struct tables *t, uint64_t ia, uint64_t oa)
{
	tables_table(t, 3, 0)[ia >> 12] = oa | (t->stage == 1 ? S1_PAGE : S2_PAGE);
}

void tables_fill(const struct tables *t)
{
	uint64_t ia, *word, next;
	size_t i, n;
	int level;

	for (level = 0; level < 3; level++) {
		word = tables_table(t, level, 0);
		next = t->base + first_at(t->span, level + 1) * TABLE_BYTES;
		n = tables_count(t, level + 1);
		memset(word, 0, tables_count(t, level) * TABLE_BYTES);
		for (i = 0; i < n; i++)
			word[i] = (next + i * TABLE_BYTES) | TABLE;
	}
	for (ia = 0; ia < t->span; ia += 4096)
		tables_point(t, ia, tables_output(t, ia));
}

int tables_make(struct tables *t)
{
	t->len = tables_size(t->span);
	t->word = mmap(NULL, t->len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (t->word == MAP_FAILED)
		return -1;
	tables_fill(t);
	return 0;
}

void tables_free(struct tables *t)
{
	munmap(t->word, t->len);
}

void tables_regs(char *text, const struct tables *s1, const struct tables *s2)
{
	int n;

	/* EPD1: the upper half is off */
	if (s1)
		n = snprintf(text, TABLES_REGS,
			     "SCTLR_EL1 0x1005\nTCR_EL1 0x5b5903510\nMAIR_EL1 0xff\n"
			     "TTBR0_EL1 %#llx\nTTBR1_EL1 0x0\n", (unsigned long long)s1->base);
	else
		n = snprintf(text, TABLES_REGS, "SCTLR_EL1 0x0\nTCR_EL1 0x0\nMAIR_EL1 0x0\n");
	/* RW; with stage 2 VM, and from level 0 (SL0 2) with 48-bit IPAs and PAs */
	if (s2)
		snprintf(text + n, TABLES_REGS - n,
			 "HCR_EL2 0x80000001\nVTCR_EL2 0x80053590\nVTTBR_EL2 %#llx\n",
			 (unsigned long long)s2->base);
	else
		snprintf(text + n, TABLES_REGS - n, "HCR_EL2 0x80000000\n");
}

int machine_init(struct machine *m, const struct tables *s1, uint64_t s1_pa,
		 const struct tables *s2)
{
	struct regs_parser p = { 0 };
	char text[TABLES_REGS];
	const char *reason;

	memset(m, 0, sizeof(*m));
	tables_regs(text, s1, s2);
	m->source = source_ram_create();
	if (!m->source)
		return -1;
	if ((s1 && source_ram_add(m->source, s1->word, s1->len, pa(s2 ? s1_pa : s1->base))) ||
	    (s2 && source_ram_add(m->source, s2->word, s2->len, pa(s2->base))) ||
	    regs_parse(&m->regs, text, strlen(text), &p) ||
	    mmu_init(&m->mmu, REGIME_EL10, &m->regs, m->source, NULL, &reason)) {
		machine_free(m);
		return -1;
	}
	return 0;
}

void machine_free(struct machine *m)
{
	m->source->ops->close(m->source);
}

uint64_t random64(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}
