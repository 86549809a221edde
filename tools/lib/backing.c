// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What is behind virtual addresses of a process, or of the host's kernel, by walking their tables.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backing.h"
#include "live.h"
#include "regs.h"
#include "source.h"
#include "walk.h"

/* The tables of a process that runs change, and the module then says so */
#define TRIES	5

/* ---- walking --------------------------------------------------------------------- */

/* Of the first CPU that is there: what bears on the host's own tables is the same on all */
static int host_regs(struct host *h, struct regs *regs)
{
	struct regs_parser p = { 0 };
	unsigned int cpu;
	size_t len;
	char *text;
	int err = -ENXIO, ret;

	memset(regs, 0, sizeof(*regs));
	for (cpu = 0; err == -ENXIO; cpu++) {
		err = 0;
		text = live_read(h, &len, &err, "host/cpu%u/regs", cpu);
		if (!text)
			continue;
		ret = regs_parse(regs, text, len, &p);
		free(text);
		return ret ? -EPROTO : 0;
	}
	return err;
}

int backing_open(struct host *h, uint64_t pid, uint64_t va, struct backing *b)
{
	const char *reason;
	struct regs regs;
	uint64_t root;
	bool e2h;
	int ret = 0;

	memset(b, 0, sizeof(*b));
	b->src = h->ops->open_own(h, pid, &ret);
	if (!b->src)
		return ret;
	ret = h->ops->own_root(h, b->src, va, &root);
	if (!ret)
		ret = host_regs(h, &regs);
	if (ret)
		return ret;
	e2h = REGF(&regs, HCR_EL2, E2H);
	if (pid)
		regs_set(&regs, e2h ? REG_TTBR0_EL2 : REG_TTBR0_EL1, ttbr_of_root(root));
	return mmu_init(&b->mmu, e2h ? REGIME_EL20 : REGIME_EL10, &regs, b->src, NULL, &reason);
}

void backing_close(struct backing *b)
{
	if (b->src)
		b->src->ops->close(b->src);
	b->src = NULL;
}

static int tell_steps(struct backing *b, const struct walk_result *r)
{
	uint64_t size = UINT64_C(1) << b->mmu.s1[0].geo.granule, table;
	unsigned int i;
	int ret = 0;

	for (i = 0; b->step && !ret && i < r->nsteps && i < LEVELS_MAX; i++) {
		table = r->step[i].pa.v & ~(size - 1);
		if (table == b->table[i])
			continue;
		b->table[i] = table;
		ret = b->step(b->arg, table, size);
	}
	return ret;
}

static uint64_t left_of(uint64_t at, uint64_t size, uint64_t rest)
{
	uint64_t left = size - (at & (size - 1));

	return left < rest ? left : rest;
}

/* One stretch from @at on, at most @size bytes of it; *done: how many it was */
static int read_one(struct backing *b, uint64_t at, uint64_t size, uint64_t *done)
{
	const struct access show = { .kind = ACCESS_SHOW };
	struct audit_run_of run = { .hva = at };
	const struct walk_step *last;
	struct walk_result r;
	int tries, ret;

	for (tries = 0; tries < TRIES; tries++)
		if (walk_va(&b->mmu, va(at), show, &r) != WALK_UNREADABLE)
			break;
	if (r.status == WALK_UNREADABLE)
		return r.error;
	if (!r.nsteps)
		return -EINVAL;
	last = &r.step[r.nsteps - 1];
	if (r.status == WALK_OK) {
		run.pa = r.pa.v;
		run.size = left_of(at, r.size, size);
	} else {
		run.absent = true;
		run.moving = last->word.lo != 0;
		run.size = left_of(at, UINT64_C(1) << last->map_shift, size);
	}
	*done = run.size;
	ret = tell_steps(b, &r);
	return ret ? ret : b->run(b->arg, &run);
}

int backing_read(struct backing *b, uint64_t at, uint64_t size)
{
	uint64_t done, step = 0;
	int ret = 0;

	for (done = 0; !ret && done < size; done += step)
		ret = read_one(b, at + done, size - done, &step);
	return ret;
}

/* ---- facts ----------------------------------------------------------------------- */

struct facts {
	struct audit	*a;
	struct audit_vm	*vm;
	char		what[96];
};

static int add_run(void *arg, const struct audit_run_of *run)
{
	struct facts *m = arg;

	return audit_add_run(m->vm, run);
}

static int add_table(void *arg, uint64_t pa, uint64_t size)
{
	struct facts *m = arg;

	return audit_add_host_page(m->a, m->vm, pa, size, m->what);
}

/* Only what stage 2 maps: a slot may be large and empty */
static int read_mapped(struct backing *b, const struct facts *m, size_t first)
{
	const struct live_slot *slot;
	const struct audit_range *r;
	uint64_t next, at, size;
	int ret = 0;
	size_t i;

	for (i = first; !ret && i < m->a->nranges; i++) {
		r = &m->a->range[i];
		for (at = r->ipa; !ret && at < r->ipa + r->size; at += size) {
			slot = audit_slot_at(m->vm, at, &next);
			size = r->ipa + r->size - at;
			if (next - at < size)
				size = next - at;
			if (slot)
				ret = backing_read(b, slot->hva + (at - slot->ipa), size);
		}
	}
	return ret;
}

/*
 * All that is behind the slots. What guests of the guest have need not be mapped in the VM's own stage 2,
 * and by which slot it came their stage 2 does not tell.
 */
static int read_slots(struct backing *b, const struct audit_vm *vm)
{
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < vm->nslots; i++)
		ret = backing_read(b, vm->slot[i].hva, vm->slot[i].size);
	return ret;
}

/* A file that was made where the host could be asked; NULL: there is none */
static char *saved(struct host *h, const char *path)
{
	size_t len;
	int err;

	return *h->name && h->ops->has_file(h, path) ? h->ops->read_file(h, path, &len, &err) : NULL;
}

static int unread(struct audit *a, const struct audit_vm *vm, const char *why)
{
	return audit_add_unread(a, vm, vm ? "unread-vmm" : "unread-host", "%s", why);
}

static bool is_range(uint64_t at, uint64_t size)
{
	return size && at + size > at;
}

/* 0, -ENOMEM, or 1: it is no such line */
static int take_line(struct audit *a, struct audit_vm *vm, const char *line)
{
	struct audit_run_of run = { 0 };
	char kind[8] = "", what[96] = "";
	uint64_t size, at;

	if (vm && sscanf(line, "run %" SCNx64 " %" SCNx64 " %" SCNx64, &run.hva, &run.pa, &run.size) == 3)
		return is_range(run.hva, run.size) && is_range(run.pa, run.size) ? audit_add_run(vm, &run) : 1;
	if (sscanf(line, "page %" SCNx64 " %" SCNx64 " %95[^\n]", &at, &size, what) == 3)
		return is_range(at, size) ? audit_add_host_page(a, vm, at, size, what) : 1;
	if (sscanf(line, "unread %95[^\n]", what) == 1)
		return unread(a, vm, what);
	if (vm && sscanf(line, "%7s %" SCNx64 " %" SCNx64, kind, &run.hva, &run.size) == 3) {
		run.moving = !strcmp(kind, "moving");
		run.absent = run.moving || !strcmp(kind, "absent");
	}
	return run.absent && is_range(run.hva, run.size) ? audit_add_run(vm, &run) : 1;
}

static int take_saved(struct audit *a, struct audit_vm *vm, const char *text)
{
	bool strange = false;
	int ret = 0;

	for (; ret >= 0 && *text; text += strcspn(text, "\n"), text += *text == '\n') {
		ret = take_line(a, vm, text);
		strange |= ret > 0;
	}
	if (ret < 0)
		return ret;
	return strange ? unread(a, vm, "not every line of what was saved is understood") : 0;
}

/* Does stage 2 map any memory of a slot, by the ranges from number @first on? */
static bool maps_slots(const struct audit *a, const struct audit_vm *vm, size_t first)
{
	const struct audit_range *r;
	uint64_t at, next;
	size_t i;

	for (i = first; i < a->nranges; i++) {
		r = &a->range[i];
		if (r->shadow)
			continue;
		for (at = r->ipa; at < r->ipa + r->size; at = next)
			if (audit_slot_at(vm, at, &next))
				return true;
	}
	return false;
}

static int ask_vmm(struct host *h, struct facts *m, size_t first)
{
	struct audit_vm *vm = m->vm;
	struct backing b;
	int ret;

	snprintf(m->what, sizeof(m->what), "a table of process %" PRIu64 " (%.40s)", vm->live.pid,
		 vm->live.comm);
	ret = backing_open(h, vm->live.pid, vm->slot[0].hva, &b);
	if (!ret) {
		b.run = add_run;
		b.step = add_table;
		b.arg = m;
		ret = vm->nshadows ? read_slots(&b, vm) : read_mapped(&b, m, first);
	}
	backing_close(&b);
	if (!ret || ret == -ENOMEM)
		return ret;
	return audit_add_unread(m->a, vm, "unread-vmm", "tables of process %" PRIu64 ": %s",
				vm->live.pid, strerror(-ret));
}

int backing_of_vm(struct host *h, struct audit *a, struct audit_vm *vm, size_t first)
{
	struct facts m = { .a = a, .vm = vm };
	size_t unread_before = a->nunread;
	char path[80];
	char *text;
	int ret;

	if (!vm->nslots)
		return 0;
	snprintf(path, sizeof(path), BACKING_VM_FILE, vm->live.dir);
	text = saved(h, path);
	ret = text ? take_saved(a, vm, text) : ask_vmm(h, &m, first);
	free(text);
	/* Where nothing is mapped there is nothing to be saved; of what a shadow maps that is not known */
	if (!ret && !vm->has_runs && a->nunread == unread_before &&
	    (vm->nshadows || maps_slots(a, vm, first)))
		ret = unread(a, vm, "of what is behind the memory slots nothing was saved");
	return ret;
}

static int add_module_page(void *arg, const struct audit_run_of *run)
{
	struct facts *m = arg;

	/* Behind it is a guard page; a module's other parts may lie anywhere */
	return run->absent ? 1 : audit_add_host_page(m->a, NULL, run->pa, run->size, m->what);
}

static int add_kernel_table(void *arg, uint64_t pa, uint64_t size)
{
	struct facts *m = arg;

	return audit_add_host_page(m->a, NULL, pa, size, "a table of the host's kernel");
}

static int ask_module(struct host *h, struct audit *a, const char *name, uint64_t at, uint64_t size)
{
	struct facts m = { .a = a };
	struct backing b;
	int ret;

	snprintf(m.what, sizeof(m.what), "memory of the host's module %.50s", name);
	ret = backing_open(h, 0, at, &b);
	if (!ret) {
		b.run = add_module_page;
		b.step = add_kernel_table;
		b.arg = &m;
		ret = backing_read(&b, at, size);
	}
	backing_close(&b);
	return ret > 0 ? 0 : ret;
}

/* /proc/modules: "NAME SIZE USERS DEPENDS STATE ADDRESS" */
static int ask_modules(struct host *h, struct audit *a)
{
	char name[64] = "";
	uint64_t size, at;
	const char *line;
	size_t len;
	int err = 0, ret = 0;
	char *text = h->ops->read_file(h, "/proc/modules", &len, &err);

	if (!text)
		return audit_add_unread(a, NULL, "unread-host", "/proc/modules: %s", strerror(-err));
	for (line = text; !ret && *line; line += strcspn(line, "\n"), line += *line == '\n') {
		if (sscanf(line, "%63s %" SCNu64 " %*s %*s %*s %" SCNx64, name, &size, &at) != 3)
			continue;
		ret = at ? ask_module(h, a, name, at, size) : -EACCES;
	}
	free(text);
	if (!ret || ret == -ENOMEM)
		return ret;
	return audit_add_unread(a, NULL, "unread-host", "memory of module %s: %s", name,
				strerror(-ret));
}

int backing_of_host(struct host *h, struct audit *a)
{
	char *text = saved(h, BACKING_HOST_FILE);
	int ret = !text ? ask_modules(h, a) : *text ? take_saved(a, NULL, text) : unread(a, NULL, "nothing was saved");

	free(text);
	return ret;
}

/* ---- as text --------------------------------------------------------------------- */

static void put_run(FILE *f, const struct audit_run_of *run)
{
	if (run->absent)
		fprintf(f, "%s 0x%" PRIx64 " 0x%" PRIx64 "\n", run->moving ? "moving" : "absent",
			run->hva, run->size);
	else
		fprintf(f, "run 0x%" PRIx64 " 0x%" PRIx64 " 0x%" PRIx64 "\n", run->hva, run->pa,
			run->size);
}

char *backing_text(const struct audit *a, const struct audit_vm *vm)
{
	int32_t index = vm ? (int32_t)vm->index : -1;
	char *text = NULL;
	size_t len, i;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return NULL;
	for (i = 0; vm && i < vm->nruns; i++)
		put_run(f, &vm->run[i]);
	for (i = 0; i < a->npages; i++)
		if (a->page[i].vm == index)
			fprintf(f, "page 0x%" PRIx64 " 0x%" PRIx64 " %s\n", a->page[i].pa,
				a->page[i].size, a->page[i].what);
	for (i = 0; i < a->nunread; i++)
		if (a->unread[i].vm == index &&
		    !strcmp(a->unread[i].id, vm ? "unread-vmm" : "unread-host"))
			fprintf(f, "unread %s\n", a->unread[i].text);
	if (fclose(f)) {
		free(text);
		return NULL;
	}
	return text;
}
