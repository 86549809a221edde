// SPDX-License-Identifier: GPL-2.0-only
/*
 * Do VMs have memory in common? All pages of all of them have to be compared.
 */
#include <unistd.h>

#include "bench.h"
#include "host-files.h"

#define VMS	10

/* Their memory and their tables lie one after the other */
static int take_snapshot(struct bench *b, enum pattern pattern, const char *path)
{
	struct tables t = { .span = b->smoke ? MIB(16) : GIB(16), .stage = 2, .pattern = pattern };
	unsigned int i;
	int ret;

	for (i = 0; i < VMS; i++) {
		t.base = 0x100000000000 + i * GIB(1);
		t.output = GIB(64) + i * t.span;
		if (tables_make(&t))
			return bench_wrong(b, "no memory");
		ret = host_files_vm(b, &t, i);
		tables_free(&t);
		if (ret)
			return -1;
	}
	return host_files(b, VMS) || host_files_snapshot(b, path) ? -1 : 0;
}

static int overlap(struct bench *b, enum pattern pattern, const char *name, double goal)
{
	char path[SCRATCH_PATH];
	const char *argv[] = { NULL, "audit", "--check", "overlap-writable",
			       bench_path(b, path, "vms.mms"), NULL };
	/* 3, unknown: the files have neither resources of the host nor what VMMs have behind their slots */
	struct child c = { .argv = argv, .status = 3 };

	if (take_snapshot(b, pattern, path) || bench_run_again(b, &c))
		return -1;
	unlink(path);
	bench_row(b, (struct bench_row){ .name = name, .unit = "s", .value = c.seconds,
		  .kind = goal ? GOAL_VALUE_MAX : GOAL_NONE, .goal = goal });
	return 0;
}

static int audit(struct bench *b)
{
	/* The last is what memory can come to at worst: 42 million ranges to sort */
	return overlap(b, PATTERN_CONTIGUOUS, "10 VMs, one range each", 1) ||
	       overlap(b, PATTERN_RUNS, "10 VMs, ranges of 1 MiB", 1) ||
	       overlap(b, PATTERN_SCATTERED, "10 VMs, nothing merges", 0) ? -1 : 0;
}

const struct bench_case case_audit = {
	"audit", "memory in common of 10 VMs of 16 GiB mapped by pages", audit
};
