// SPDX-License-Identifier: GPL-2.0-only
/*
 * An audit of many VMs whose stage 2 maps 64 GiB by pages, in runs of 256 pages that lie side by side:
 * the pass over all tables, and all checks. Every two VMs have one run in common, so that there is
 * something to be found. Making the tables, one VM at a time, is not measured.
 */
#include <stdio.h>
#include <string.h>

#include "audit.h"
#include "bench.h"
#include "tables.h"

#define VMS		100
#define RUN_PAGES	256
#define RUN		(RUN_PAGES * UINT64_C(4096))
#define WORD_BITS	UINT64_C(0xfff0000000000fff)

struct many {
	struct bench *b;
	struct tables t;
	uint64_t span;
	struct audit a;
	double seconds;
	uint64_t found, found_bytes;
};

/*
 * Words of the last level: runs of pages, put in another order by an odd factor. The last run of each
 * VM is where the next one has its first.
 */
static void scatter(const struct many *m, unsigned int vm)
{
	uint64_t *word = tables_table(&m->t, 3, 0), runs = m->span / RUN, i, run, at;
	uint64_t low = m->span * (vm + 1) - RUN * (vm & 1);

	for (i = 0; i < m->span / 4096; i++) {
		run = i / RUN_PAGES;
		at = low + (run * 5 % runs) * RUN + i % RUN_PAGES * 4096;
		word[i] = (word[i] & WORD_BITS) | at;
	}
}

static int take(void *arg, struct audit_finding *f)
{
	struct many *m = arg;

	if (strcmp(f->check->id, "overlap-writable"))
		return 0;
	m->found++;
	m->found_bytes += f->size;
	return 0;
}

static int add_vm(struct many *m, unsigned int i)
{
	struct live_vm live = { .vmid = i + 1, .generation = 1, .ipa_bits = 48, .granule_shift = 12 };
	struct audit_vm *vm;
	struct machine machine;
	double begun;
	int ret;

	m->t.base = UINT64_C(1) << 46 | (uint64_t)i << 32;
	m->t.output = 0;
	tables_fill(&m->t);
	scatter(m, i);
	snprintf(live.dir, sizeof(live.dir), "%u-10", i + 1);
	if (machine_init(&machine, NULL, 0, &m->t))
		return -1;
	begun = bench_now();
	ret = audit_add_vm(&m->a, &live, live.dir, &vm) ||
	      audit_stage2(&m->a, vm, &machine.mmu);
	m->seconds += bench_now() - begun;
	machine_free(&machine);
	return ret ? bench_wrong(m->b, "VM %u was not read", i) : 0;
}

/* Seconds of @n VMs, without the making of their tables; negative: it went wrong */
static double audit_many(struct many *m, unsigned int n)
{
	unsigned int i;
	double begun;

	audit_init(&m->a);
	m->seconds = 0;
	m->found = m->found_bytes = 0;
	for (i = 0; i < n; i++)
		if (add_vm(m, i))
			return -1;
	begun = bench_now();
	if (audit_run(&m->a, take, m))
		return bench_wrong(m->b, "the checks did not come to an end");
	m->seconds += bench_now() - begun;
	/* of each pair of VMs one run, told of both */
	if (m->found != n / 2 * 2 || m->found_bytes != n / 2 * 2 * RUN)
		return bench_wrong(m->b, "%llu overlaps of %llu bytes in %u VMs",
				   (unsigned long long)m->found,
				   (unsigned long long)m->found_bytes, n);
	audit_free(&m->a);
	return m->seconds;
}

static int run(struct bench *b)
{
	struct many m = {
		.b = b, .span = b->smoke ? MIB(64) : GIB(64), .t = { .stage = 2 },
	};
	unsigned int n = b->smoke ? 4 : VMS;
	double few, all;

	m.t.span = m.span;
	if (bench_peak_restart(b))
		return -1;
	if (tables_make(&m.t))
		return bench_wrong(b, "no memory for tables");
	few = audit_many(&m, b->smoke ? 2 : n / 10);
	all = few < 0 ? -1 : audit_many(&m, n);
	tables_free(&m.t);
	if (all < 0)
		return -1;
	bench_row(b, (struct bench_row){ .name = "10 VMs of 64 GiB at 4K", .unit = "s", .value = few });
	bench_row(b, (struct bench_row){ .name = "100 VMs of 64 GiB at 4K", .unit = "s", .value = all,
		  .ratio = all / few, .against = "10 VMs", .kind = GOAL_VALUE_MAX, .goal = 10 });
	bench_row(b, (struct bench_row){ .name = "100 VMs: memory, with one VM's tables", .unit = "MiB",
		  .value = (double)bench_peak() / MIB(1), .kind = GOAL_VALUE_MAX, .goal = 2048 });
	return 0;
}

const struct bench_case case_isolation = {
	.name = "isolation",
	.what = "isolation of many VMs: one pass over their tables, one sweep over their ranges",
	.run = run,
};
