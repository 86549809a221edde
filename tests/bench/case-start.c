// SPDX-License-Identifier: GPL-2.0-only
/*
 * Start-up: a command that needs neither tables nor a library.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

/* Libraries that the dynamic linker says it made ready, libc among them, in its log @path */
static unsigned int count_libraries(const char *path)
{
	unsigned int n = 0;
	char line[1024];
	FILE *f = fopen(path, "r");

	while (f && fgets(line, sizeof(line), f))
		n += strstr(line, "calling init: ") && strstr(line, "/lib") &&
		     !strstr(line, "/ld-linux");
	if (f)
		fclose(f);
	return n;
}

static int libraries(struct bench *b, unsigned int *n)
{
	char prefix[SCRATCH_PATH], pattern[SCRATCH_PATH + 2];
	double seconds;
	size_t i;
	glob_t g;
	int ret;

	snprintf(pattern, sizeof(pattern), "%s.*", bench_path(b, prefix, "ld"));
	setenv("LD_DEBUG", "files", 1);
	setenv("LD_DEBUG_OUTPUT", prefix, 1);
	ret = bench_startup(b, &seconds);
	unsetenv("LD_DEBUG");
	unsetenv("LD_DEBUG_OUTPUT");
	if (glob(pattern, 0, NULL, &g))
		return bench_wrong(b, "%s: the dynamic linker wrote no log", pattern);
	*n = count_libraries(g.gl_pathv[0]);
	for (i = 0; i < g.gl_pathc; i++)
		unlink(g.gl_pathv[i]);
	globfree(&g);
	return ret;
}

static int start(struct bench *b)
{
	unsigned int n;
	double seconds;

	if (bench_startup(b, &seconds) || libraries(b, &n))
		return -1;
	bench_row(b, (struct bench_row){ .name = "decode TCR_EL1 0x1", .unit = "ms",
		  .value = seconds * 1e3, .kind = GOAL_VALUE_MAX, .goal = 5 });
	/* libc is the one */
	bench_row(b, (struct bench_row){ .name = "libraries that it opens", .unit = "",
		  .value = n, .kind = GOAL_VALUE_MAX, .goal = 1 });
	return 0;
}

const struct bench_case case_start = { "start", "start-up of a command", start };
