// SPDX-License-Identifier: GPL-2.0-only
/*
 * Start-up: a command that needs neither tables nor a library.
 */
#include "bench.h"

#define STARTS	50

static int start(struct bench *b)
{
	const char *argv[] = { NULL, "decode", "TCR_EL1", "0x1", NULL };
	unsigned int i, n = b->smoke ? 1 : STARTS;
	double seconds[STARTS];

	/* 1: TG1 holds a reserved value */
	for (i = 0; i < n; i++)
		if (bench_run(b, argv, 1, &seconds[i]))
			return -1;
	bench_row(b, (struct bench_row){
		.name = "decode TCR_EL1 0x1", .unit = "ms",
		.value = bench_median(seconds, n) * 1e3,
		.kind = GOAL_VALUE_MAX, .goal = 5,
	});
	return 0;
}

const struct bench_case case_start = { "start", "start-up of a command", start };
