// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench [--smoke] [CASE...]: measure, print a table, write bench.json beside the program.
 */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

static const struct bench_case *const cases[] = {
	&case_walk,
	&case_dump,
	&case_output,
	&case_find,
	&case_audit,
	&case_isolation,
	&case_start,
};

#define CASES	(sizeof(cases) / sizeof(cases[0]))

#define REPEATS_MAX	64

double bench_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double bench_median(double *value, size_t n)
{
	qsort(value, n, sizeof(*value), by_value);
	return n % 2 ? value[n / 2] : (value[n / 2 - 1] + value[n / 2]) / 2;
}

int bench_wrong(const struct bench *b, const char *format, ...)
{
	va_list ap;

	fprintf(stderr, "bench: %s: ", b->name);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	return -1;
}

static int measure_once(struct variant *v, double *seconds, uint64_t *sum)
{
	double start = bench_now();

	if (v->run(v->arg, sum))
		return -1;
	*seconds = bench_now() - start;
	return 0;
}

int bench_measure(struct bench *b, struct variant *v, size_t n)
{
	double (*seconds)[REPEATS_MAX] = calloc(n, sizeof(*seconds));
	const struct variant *first = NULL;
	uint64_t sum, want = 0;
	unsigned int r;
	int ret = -1;
	size_t i;

	if (!seconds)
		return bench_wrong(b, "no memory");
	for (r = 0; r < b->repeats; r++) {
		for (i = 0; i < n; i++) {
			sum = 0;
			if (measure_once(&v[i], &seconds[i][r], &sum))
				goto out;
			if (v[i].no_sum)
				continue;
			if (first && sum != want) {
				bench_wrong(b, "\"%s\" comes to %#llx, \"%s\" to %#llx", first->name,
					    (unsigned long long)want, v[i].name,
					    (unsigned long long)sum);
				goto out;
			}
			first = first ? first : &v[i];
			want = sum;
		}
	}
	for (i = 0; i < n; i++)
		v[i].seconds = bench_median(seconds[i], b->repeats);
	ret = 0;
out:
	free(seconds);
	return ret;
}

void bench_row(struct bench *b, struct bench_row row)
{
	struct bench_row *rows = realloc(b->rows, (b->nrows + 1) * sizeof(*rows));

	if (!rows) {
		bench_wrong(b, "no memory");
		exit(1);
	}
	row.bench = b->name;
	b->rows = rows;
	rows[b->nrows++] = row;
}

static bool met(const struct bench_row *row)
{
	switch (row->kind) {
	case GOAL_RATIO_MIN:
		return row->ratio >= row->goal;
	case GOAL_VALUE_MIN:
		return row->value >= row->goal;
	case GOAL_VALUE_MAX:
		return row->value <= row->goal;
	case GOAL_NONE:
		break;
	}
	return true;
}

static const char *met_text(const struct bench_row *row)
{
	return row->kind == GOAL_NONE ? "" : met(row) ? "yes" : "no";
}

static void print_row(const struct bench_row *row)
{
	char ratio[32] = "", goal[32] = "";

	if (row->ratio != 0)
		snprintf(ratio, sizeof(ratio), "%.2f", row->ratio);
	if (row->kind != GOAL_NONE)
		snprintf(goal, sizeof(goal), "%s %g%s", row->kind == GOAL_VALUE_MAX ? "<=" : ">=",
			 row->goal, row->kind == GOAL_RATIO_MIN ? "x" : "");
	printf("%-7s %-36s %10.2f %-8s %7s %-22s %8s %s\n", row->bench, row->name, row->value,
	       row->unit, ratio, row->against ? row->against : "", goal, met_text(row));
}

static void print_table(const struct bench *b)
{
	size_t i;

	printf("%-7s %-36s %10s %-8s %7s %-22s %8s %s\n", "case", "what", "value", "unit", "ratio",
	       "to", "goal", "met");
	for (i = 0; i < b->nrows; i++)
		print_row(&b->rows[i]);
}

/* The texts are this program's own and hold nothing that JSON would escape */
static void json_row(FILE *f, const struct bench_row *row, bool last)
{
	static const char *const kind[] = {
		[GOAL_RATIO_MIN] = "ratio_min",
		[GOAL_VALUE_MIN] = "value_min",
		[GOAL_VALUE_MAX] = "value_max",
	};

	fprintf(f, "  {\"case\": \"%s\", \"what\": \"%s\", \"value\": %.6g, \"unit\": \"%s\"",
		row->bench, row->name, row->value, row->unit);
	if (row->ratio != 0)
		fprintf(f, ", \"ratio\": %.4g, \"to\": \"%s\"", row->ratio, row->against);
	if (row->kind != GOAL_NONE)
		fprintf(f, ", \"%s\": %g, \"met\": %s", kind[row->kind], row->goal,
			met(row) ? "true" : "false");
	fprintf(f, "}%s\n", last ? "" : ",");
}

static int write_json(const struct bench *b, const char *dir)
{
	char file[PATH_MAX + 16];
	size_t i;
	FILE *f;

	snprintf(file, sizeof(file), "%s/bench.json", dir);
	f = fopen(file, "w");
	if (f) {
		fprintf(f, "{\"repeats\": %u, \"rows\": [\n", b->repeats);
		for (i = 0; i < b->nrows; i++)
			json_row(f, &b->rows[i], i + 1 == b->nrows);
		fprintf(f, "]}\n");
		if (!fclose(f))
			return 0;
	}
	fprintf(stderr, "bench: %s: %s\n", file, strerror(errno));
	return -1;
}

static bool chosen(const struct bench_case *c, char **name)
{
	if (!*name)
		return true;
	for (; *name; name++)
		if (!strcmp(*name, c->name))
			return true;
	return false;
}

static int usage(void)
{
	size_t i;

	fprintf(stderr, "usage: bench [--smoke] [CASE...]\n");
	for (i = 0; i < CASES; i++)
		fprintf(stderr, "  %-8s %s\n", cases[i]->name, cases[i]->what);
	return 2;
}

static bool names_are_cases(char **name)
{
	size_t i;

	for (; *name; name++) {
		for (i = 0; i < CASES && strcmp(*name, cases[i]->name); i++)
			;
		if (i == CASES)
			return false;
	}
	return true;
}

/* The folder that this program lies in */
static int own_folder(char *dir)
{
	ssize_t len = readlink("/proc/self/exe", dir, PATH_MAX - 1);

	if (len < 0)
		return -1;
	dir[len] = 0;
	dirname(dir);
	return 0;
}

static unsigned int run_cases(struct bench *b, char **names)
{
	unsigned int passed = 0, failed = 0;
	size_t i;

	for (i = 0; i < CASES; i++) {
		if (!chosen(cases[i], names))
			continue;
		b->name = cases[i]->name;
		if (!b->smoke)
			fprintf(stderr, "%s: %s\n", b->name, cases[i]->what);
		if (!cases[i]->run(b)) {
			passed++;
			if (b->smoke)
				printf("ok - %s: %s\n", b->name, cases[i]->what);
		} else {
			failed++;
			printf("not ok - %s: %s\n", b->name, cases[i]->what);
		}
	}
	if (b->smoke)
		printf("%u passed, %u failed\n", passed, failed);
	return failed;
}

int main(int argc, char **argv)
{
	struct bench b = { .repeats = 7, .program = getenv("MMUSCOPE") };
	char dir[PATH_MAX], program[PATH_MAX + 16];
	unsigned int failed;

	(void)argc;
	argv++;
	if (*argv && !strcmp(*argv, "--smoke")) {
		b.smoke = true;
		b.repeats = 1;
		argv++;
	}
	if (!names_are_cases(argv))
		return usage();
	if (own_folder(dir)) {
		perror("bench: /proc/self/exe");
		return 1;
	}
	snprintf(program, sizeof(program), "%s/mmuscope", dir);
	if (!b.program)
		b.program = program;
	snprintf(b.scratch, sizeof(b.scratch), "%.200s/bench.XXXXXX",
		 getenv("TMPDIR") ? getenv("TMPDIR") : dir);
	if (!mkdtemp(b.scratch)) {
		fprintf(stderr, "bench: %s: %s\n", b.scratch, strerror(errno));
		return 1;
	}
	failed = run_cases(&b, argv);
	bench_remove(b.scratch);
	if (!b.smoke) {
		print_table(&b);
		failed += write_json(&b, dir) != 0;
	}
	free(b.rows);
	return failed != 0;
}
