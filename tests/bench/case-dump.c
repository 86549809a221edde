// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whole tables, merged to ranges as they come, against a read of the same bytes from one end to the
 * other; and how much memory a dump of very large tables takes.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"
#include "tables.h"
#include "walk.h"

struct dump {
	struct bench *b;
	struct tables t;
	struct machine m;
	uint64_t ranges, bytes;
};

static int count_range(void *arg, const struct map_range *r)
{
	struct dump *d = arg;

	d->ranges++;
	d->bytes += r->size;
	return 0;
}

static int run_merged(void *arg, uint64_t *sum)
{
	struct dump *d = arg;
	struct range_merge merge;
	struct walk_visitor v = {
		.events = VISIT_LEAF, .visit = range_merge_visit, .arg = &merge, .runs = true,
	};

	d->ranges = d->bytes = 0;
	range_merge_init(&merge, count_range, d);
	if (walk_range(&d->m.mmu, d->t.stage, 0, d->t.span - 1, &v, NULL) ||
	    range_merge_flush(&merge))
		return bench_wrong(d->b, "walk_range() failed");
	if (d->bytes != d->t.span)
		return bench_wrong(d->b, "%llu bytes are in ranges",
				   (unsigned long long)d->bytes);
	*sum = d->ranges;
	return 0;
}

/* What a compiler makes of the plain loop */
static int run_read(void *arg, uint64_t *sum)
{
	const struct dump *d = arg;
	const uint64_t *word = d->t.word;
	size_t i, n = d->t.len / 8;
	uint64_t all = 0;

	for (i = 0; i < n; i++)
		all += word[i];
	*sum = all;
	return 0;
}

static int rate(struct dump *d, int stage, enum pattern pattern, const char *name, double goal)
{
	struct variant v[] = {
		{ .name = "linear read", .run = run_read, .arg = d, .no_sum = true },
		{ .name = name, .run = run_merged, .arg = d },
	};
	const struct tables *t = &d->t;
	uint64_t want;
	int ret;

	d->t = (struct tables){
		.base = 0x100000000000, .span = d->b->smoke ? MIB(64) : GIB(64), .stage = stage,
		.pattern = pattern, .output = GIB(64),
	};
	want = pattern == PATTERN_CONTIGUOUS ? 1 : d->t.span >> 12;
	if (tables_make(&d->t))
		return bench_wrong(d->b, "no memory");
	if (machine_init(&d->m, stage == 1 ? t : NULL, 0, stage == 2 ? t : NULL)) {
		tables_free(&d->t);
		return bench_wrong(d->b, "no MMU");
	}
	ret = bench_measure(d->b, v, 2);
	if (!ret && d->ranges != want)
		ret = bench_wrong(d->b, "%s: %llu ranges", name, (unsigned long long)d->ranges);
	if (!ret && pattern == PATTERN_CONTIGUOUS && stage == 1)
		bench_row(d->b, (struct bench_row){ .name = "linear read", .unit = "GB/s",
			  .value = (double)t->len / 1e9 / v[0].seconds });
	if (!ret)
		bench_row(d->b, (struct bench_row){ .name = name, .unit = "GB/s",
			  .value = (double)t->len / 1e9 / v[1].seconds,
			  .ratio = v[0].seconds / v[1].seconds, .against = "linear read",
			  .kind = goal ? GOAL_RATIO_MIN : GOAL_NONE, .goal = goal });
	machine_free(&d->m);
	tables_free(&d->t);
	return ret;
}

/* ---- memory ---------------------------------------------------------------------------------- */

/* A file that holds @t, which is filled in here */
static int make_file(struct bench *b, struct tables *t, const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int ret = -1;

	t->len = tables_size(t->span);
	t->word = MAP_FAILED;
	if (fd >= 0 && !posix_fallocate(fd, 0, t->len))
		t->word = mmap(NULL, t->len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (t->word != MAP_FAILED) {
		tables_fill(t);
		munmap(t->word, t->len);
		ret = 0;
	}
	if (fd >= 0)
		close(fd);
	return ret ? bench_wrong(b, "%s: no room for %zu MiB", path, t->len >> 20) : 0;
}

#define LARGE_BASE	"0x100000000000"

static int dump_large(struct bench *b, const struct tables *t, const char *image, const char *regs)
{
	char ram[SCRATCH_PATH + 32];
	const char *argv[] = { NULL, "--ram", ram, "--regs", regs, "dump", NULL };
	struct child c = { .argv = argv, .watch = true };
	double extra;

	strcpy(ram, image);
	strcat(ram, "@" LARGE_BASE);
	if (bench_run(b, &c))
		return -1;
	extra = (double)c.resident - (double)t->len;
	bench_row(b, (struct bench_row){ .name = "1 TiB: dump", .unit = "s", .value = c.seconds });
	bench_row(b, (struct bench_row){ .name = "1 TiB: tables mapped", .unit = "MiB",
		  .value = (double)t->len / 0x1p20 });
	bench_row(b, (struct bench_row){ .name = "1 TiB: memory beyond them", .unit = "MiB",
		  .value = extra > 0 ? extra / 0x1p20 : 0, .kind = GOAL_VALUE_MAX, .goal = 64 });
	bench_row(b, (struct bench_row){ .name = "1 TiB: anonymous memory", .unit = "MiB",
		  .value = (double)c.anonymous / 0x1p20, .kind = GOAL_VALUE_MAX, .goal = 64 });
	return 0;
}

static int memory(struct bench *b)
{
	char image[SCRATCH_PATH], regs[SCRATCH_PATH], text[TABLES_REGS];
	struct tables t = {
		.base = strtoull(LARGE_BASE, NULL, 0), .span = b->smoke ? MIB(64) : GIB(1024),
		.stage = 1, .pattern = PATTERN_CONTIGUOUS, .output = GIB(1024),
	};
	int ret;

	tables_regs(text, &t, NULL);
	bench_path(b, image, "large");
	ret = bench_write(b, bench_path(b, regs, "regs"), text, strlen(text)) ||
	      make_file(b, &t, image) || dump_large(b, &t, image, regs) ? -1 : 0;
	unlink(image);
	unlink(regs);
	return ret;
}

static int dump(struct bench *b)
{
	struct dump d = { .b = b };

	if (rate(&d, 1, PATTERN_CONTIGUOUS, "merged, stage 1, one range", 0.5) ||
	    rate(&d, 2, PATTERN_CONTIGUOUS, "merged, stage 2, one range", 0.5) ||
	    rate(&d, 1, PATTERN_SCATTERED, "stage 1, nothing merges", 0))
		return -1;
	return memory(b);
}

const struct bench_case case_dump = {
	"dump", "whole tables as ranges, against a linear read", dump
};
