// SPDX-License-Identifier: GPL-2.0-only
/*
 * A dump in which nothing merges: how fast lines are written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "tables.h"

#define BASE	"0x100000000000"

struct output {
	struct bench *b;
	char ram[SCRATCH_PATH + 32], regs[SCRATCH_PATH];
	double startup;
	uint64_t ranges;
};

/* A dump in @format; @pattern, with the number of ranges if it takes one, stands in its last line */
static int lines(struct output *o, const char *format, const char *pattern,
		 const struct bench_row *row)
{
	const char *argv[] = { NULL, "--ram", o->ram, "--regs", o->regs, "dump", "--format", format,
			       NULL };
	struct bench_row r = *row;
	struct child c = { .argv = argv, .count = true };
	char want[64];

	snprintf(want, sizeof(want), pattern, (unsigned long long)o->ranges);
	if (bench_run(o->b, &c))
		return -1;
	if (!strstr(c.last, want))
		return bench_wrong(o->b, "not \"%s\" but %s", want, c.last);
	c.count = false;
	if (bench_run_again(o->b, &c))
		return -1;
	r.value = (double)c.bytes / 1e6 / (c.seconds - o->startup);
	bench_row(o->b, r);
	return 0;
}

static int all_lines(struct output *o)
{
	static const struct bench_row text = {
		.name = "text, nothing merges", .unit = "MB/s", .kind = GOAL_VALUE_MIN, .goal = 500,
	};
	static const struct bench_row json = {
		.name = "JSON lines, nothing merges", .unit = "MB/s", .kind = GOAL_VALUE_MIN,
		.goal = 400,
	};
	int ret = lines(o, "text", "# %llu ranges", &text);

	return ret ? ret : lines(o, "jsonl", "\"type\":\"tail\"", &json);
}

static int output(struct bench *b)
{
	struct output o = { .b = b };
	struct tables t = {
		.base = strtoull(BASE, NULL, 0), .span = b->smoke ? MIB(16) : GIB(64), .stage = 1,
		.pattern = PATTERN_SCATTERED, .output = GIB(64),
	};
	char image[SCRATCH_PATH], text[TABLES_REGS];
	int ret;

	if (bench_startup(b, &o.startup))
		return -1;
	if (tables_make(&t))
		return bench_wrong(b, "no memory");
	o.ranges = t.span >> 12;
	tables_regs(text, &t, NULL);
	strcpy(o.ram, bench_path(b, image, "scattered"));
	strcat(o.ram, "@" BASE);
	ret = bench_write(b, bench_path(b, o.regs, "regs"), text, strlen(text)) ||
	      bench_write(b, image, t.word, t.len) ||
	      all_lines(&o) ? -1 : 0;
	unlink(image);
	unlink(o.regs);
	tables_free(&t);
	return ret;
}

const struct bench_case case_output = {
	"output", "a dump of 64 GiB in which nothing merges, written to /dev/null", output
};
