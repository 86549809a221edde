// SPDX-License-Identifier: GPL-2.0-only
/* Cases to and from lines of JSON, and to and from the file that the emulator is given. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "json.h"

const char *const op_names[OP_COUNT] = {
	[S1E1R] = "s1e1r", [S1E1W] = "s1e1w", [S1E0R] = "s1e0r", [S1E0W] = "s1e0w",
	[S12E1R] = "s12e1r", [S12E1W] = "s12e1w", [S12E0R] = "s12e0r", [S12E0W] = "s12e0w",
	[S1E2R] = "s1e2r", [S1E2W] = "s1e2w", [S1E1RP] = "s1e1rp", [S1E1WP] = "s1e1wp",
};

const char *const register_names[R_COUNT] = {
#define X(name, encoding) [R_##name] = #name,
	CASE_REGISTERS(X)
#undef X
};

#define TTBCR_EAE	(1ULL << 31)

static void print_register(FILE *out, const char *name, uint64_t value, const char **comma)
{
	if (!value)
		return;
	fprintf(out, "%s\"%s\":\"0x%" PRIx64 "\"", *comma, name, value);
	*comma = ",";
}

/*
 * The AArch32 registers of EL1 are those of AArch64 under other names; MAIR_EL1
 * is MAIR1:MAIR0, which are NMRR:PRRR while the descriptors are short.
 */
static void print_registers32(FILE *out, const struct tcase *c, const char **comma)
{
	int eae = !!(c->reg[R_TCR_EL1] & TTBCR_EAE);

	print_register(out, "SCTLR", c->reg[R_SCTLR_EL1], comma);
	print_register(out, "TTBCR", c->reg[R_TCR_EL1], comma);
	print_register(out, "TTBR0", c->reg[R_TTBR0_EL1], comma);
	print_register(out, "TTBR1", c->reg[R_TTBR1_EL1], comma);
	print_register(out, eae ? "MAIR0" : "PRRR", (uint32_t)c->reg[R_MAIR_EL1], comma);
	print_register(out, eae ? "MAIR1" : "NMRR", c->reg[R_MAIR_EL1] >> 32, comma);
	print_register(out, "DACR", c->reg[R_DACR32_EL2], comma);
}

static int is_el1_register(int reg)
{
	return reg < R_SCTLR_EL2 || reg == R_DACR32_EL2;
}

static void print_registers(FILE *out, const struct tcase *c)
{
	const char *comma = "";
	int i;

	if (c->aarch32)
		print_registers32(out, c, &comma);
	for (i = 0; i < R_COUNT; i++)
		if (!c->aarch32 || !is_el1_register(i))
			print_register(out, register_names[i], c->reg[i], &comma);
	print_register(out, "PSTATE.PAN", c->pan, &comma);
}

void print_case(FILE *out, const struct tcase *c, uint64_t par)
{
	const struct word *w = case_words(c);
	int i;

	fprintf(out,
		"{\"id\":\"%s-%08" PRIu64 "\",\"op\":\"%s\",\"va\":\"0x%" PRIx64 "\",\"regs\":{",
		family_names[c->family], c->id, op_names[c->op], c->va);
	print_registers(out, c);
	fputs("},\"mem\":{", out);
	for (i = 0; i < c->words; i++)
		fprintf(out, "%s\"0x%" PRIx64 "\":\"0x%" PRIx64 "\"", i ? "," : "", w[i].pa,
			w[i].value);
	fprintf(out, "},\"par\":\"0x%" PRIx64 "\"", par);
	if (c->aarch32 && !(c->reg[R_TCR_EL1] & TTBCR_EAE))
		fputs(",\"cmp\":\"pa\"", out);
	fputs("}\n", out);
}

/* The next string in quotes, cut out of the line; NULL at the end of an object */
static char *next_string(char **p)
{
	char *start, *end;

	while (**p && **p != '"' && **p != '}')
		(*p)++;
	if (**p != '"')
		return NULL;
	start = ++*p;
	end = strchr(start, '"');
	if (!end)
		return NULL;
	*end = 0;
	*p = end + 1;
	return start;
}

static int set_register(struct vector *v, const char *name, uint64_t value)
{
	static const struct { const char *name; int reg, shift; } other[] = {
		{ "SCTLR", R_SCTLR_EL1, 0 }, { "TTBCR", R_TCR_EL1, 0 },
		{ "TTBR0", R_TTBR0_EL1, 0 }, { "TTBR1", R_TTBR1_EL1, 0 },
		{ "MAIR0", R_MAIR_EL1, 0 }, { "MAIR1", R_MAIR_EL1, 32 },
		{ "PRRR", R_MAIR_EL1, 0 }, { "NMRR", R_MAIR_EL1, 32 },
		{ "DACR", R_DACR32_EL2, 0 },
	};
	unsigned int i;

	if (!strcmp(name, "PSTATE.PAN")) {
		v->f.c.pan = value;
		return 0;
	}
	for (i = 0; i < R_COUNT; i++)
		if (!strcmp(name, register_names[i])) {
			v->f.c.reg[i] = value;
			return 0;
		}
	for (i = 0; i < sizeof(other) / sizeof(*other); i++)
		if (!strcmp(name, other[i].name)) {
			v->f.c.aarch32 = 1;
			v->f.c.reg[other[i].reg] |= value << other[i].shift;
			return 0;
		}
	v->unsupported = 1;
	return 0;
}

static int add_word(struct vector *v, const char *address, uint64_t value)
{
	struct word *w = &v->f.word[v->f.c.words];

	if (v->f.c.words == MAX_WORDS)
		return -1;
	w->pa = strtoull(address, NULL, 0);
	w->value = value;
	v->f.c.words++;
	return 0;
}

static int parse_object(char **p, struct vector *v,
			int (*set)(struct vector *, const char *, uint64_t))
{
	char *name, *value;

	*p += strspn(*p, ": ");
	if (**p != '{')
		return -1;
	++*p;
	while ((name = next_string(p))) {
		value = next_string(p);
		if (!value || set(v, name, strtoull(value, NULL, 0)))
			return -1;
	}
	if (**p != '}')
		return -1;
	++*p;
	return 0;
}

static int find_op(const char *name)
{
	int i;

	for (i = 0; i < OP_COUNT; i++)
		if (!strcmp(name, op_names[i]))
			return i;
	return OP_NONE;
}

static int parse_member(char **p, const char *key, struct vector *v)
{
	char *value;

	if (!strcmp(key, "regs"))
		return parse_object(p, v, set_register);
	if (!strcmp(key, "mem"))
		return parse_object(p, v, add_word);
	if (!strcmp(key, "agree")) {
		*p += strspn(*p, ": ");
		v->agree = **p == 't' ? 1 : **p == 'f' ? 0 : -1;
		return 0;
	}
	value = next_string(p);
	if (!value)
		return -1;
	if (!strcmp(key, "id"))
		snprintf(v->id, sizeof(v->id), "%s", value);
	else if (!strcmp(key, "op"))
		v->f.c.op = find_op(value);
	else if (!strcmp(key, "va"))
		v->f.c.va = strtoull(value, NULL, 0);
	else if (!strcmp(key, "par"))
		v->par = strtoull(value, NULL, 0);
	else if (!strcmp(key, "why"))
		snprintf(v->why, sizeof(v->why), "%s", value);
	else if (!strcmp(key, "cmp"))
		v->pa_only = !strcmp(value, "pa");
	else if (!strcmp(key, "par_hi"))
		v->unsupported = 1;
	else
		return -1;
	return 0;
}

int parse_vector(const char *line, struct vector *v)
{
	char *copy = strdup(line), *p = copy, *key;
	int bad = !copy || *copy != '{';

	memset(v, 0, sizeof(*v));
	v->agree = -1;
	if (!bad)
		p++;
	while (!bad && (key = next_string(&p)))
		bad = parse_member(&p, key, v);
	if (bad)
		fprintf(stderr, "not a test vector: %.60s...\n", line);
	free(copy);
	return bad ? -1 : 0;
}

void *load_file(const char *name, uint64_t *size)
{
	FILE *f = fopen(name, "rb");
	void *data = NULL;
	long n = -1;

	if (f && !fseek(f, 0, SEEK_END))
		n = ftell(f);
	if (n >= 0) {
		rewind(f);
		data = malloc(n + 1);
	}
	if (!data || fread(data, 1, n, f) != (size_t)n) {
		fprintf(stderr, "cannot read %s: %s\n", name, strerror(errno));
		exit(3);
	}
	fclose(f);
	((char *)data)[n] = 0;
	*size = n;
	return data;
}

void write_case(FILE *out, const struct full_case *f, struct batch *b)
{
	fwrite(&f->c, sizeof(f->c), 1, out);
	fwrite(f->word, sizeof(f->word[0]), f->c.words, out);
	b->count++;
	b->size += sizeof(f->c) + f->c.words * sizeof(f->word[0]);
}

void start_batch(FILE *out, struct batch *b)
{
	memset(b, 0, sizeof(*b));
	b->magic = BATCH_MAGIC;
	b->size = sizeof(*b);
	fwrite(b, sizeof(*b), 1, out);
}

void end_batch(FILE *out, struct batch *b)
{
	rewind(out);
	fwrite(b, sizeof(*b), 1, out);
	if (fflush(out) || ferror(out) || fclose(out)) {
		fprintf(stderr, "cannot write the cases: %s\n", strerror(errno));
		exit(3);
	}
}
