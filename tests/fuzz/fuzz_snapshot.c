// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as a snapshot: either they are refused with a reason, or every question that a command would put to the host
 * in it has an answer, the same each time.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "live.h"
#include "regs.h"
#include "snapshot.h"
#include "source.h"
#include "walk.h"

#define TABLES	64	/* of a circle of tables, opened before it is left */
#define VCPUS	4

static size_t the_size;

/* The input itself is what libFuzzer writes down */
void fuzz_show(void)
{
	fprintf(stderr, "of %zu bytes\n", the_size);
}

static int on_visit(void *arg, const struct visit *v)
{
	uint64_t *count = arg;

	CHECK(v->event & VISIT_ALL);
	CHECK(v->event != VISIT_UNREADABLE || v->error < 0 || v->fault.type != FAULT_NONE);
	++*count;
	return 0;
}

static uint64_t visit_all(const struct mmu *mmu, int stage, int half)
{
	uint64_t first, last, count = 0;
	struct walk_visitor v = {
		.events = VISIT_ALL, .visit = on_visit, .arg = &count, .max_tables = TABLES, .runs = true,
	};

	if (!walk_bounds(mmu, stage, half, &first, &last))
		CHECK(!walk_range(mmu, stage, first, last, &v, NULL));
	return count;
}

static void ask_regs(struct source *s, const struct regs *regs)
{
	const struct access show = { .kind = ACCESS_SHOW };
	struct walk_result a, b;
	const char *reason = NULL;
	uint8_t bytes[64];
	struct mmu mmu;
	uint64_t count;
	int half;

	if (mmu_init(&mmu, REGIME_EL10, regs, s, NULL, &reason)) {
		CHECK(reason && *reason);
		return;
	}
	count = visit_all(&mmu, 2, 0);
	CHECK(visit_all(&mmu, 2, 0) == count);
	for (half = 0; half < 2; half++)
		visit_all(&mmu, 1, half);
	walk_va(&mmu, va(0xffff800008000123), show, &a);
	walk_va(&mmu, va(0xffff800008000123), show, &b);
	CHECK(a.status == b.status && a.nsteps == b.nsteps && a.pa.v == b.pa.v);
	if (a.status == WALK_OK && a.has_pa)
		CHECK(s->ops->read_mem(s, a.pa, a.has_ipa ? &a.ipa : NULL, bytes, sizeof(bytes)) <= 0);
}

static void ask_vcpu(struct host *h, const struct live_vm *vm, unsigned int vcpu, struct source *s)
{
	struct regs_parser parser = { 0 };
	struct regs regs;
	size_t len;
	int err = 0;
	char *text = live_vcpu_regs(h, vm, vcpu, &len, &err);

	memset(&regs, 0, sizeof(regs));
	if (!text) {
		CHECK(err < 0);
		return;
	}
	CHECK(strlen(text) <= len);
	if (!live_never_ran(text) && !regs_parse(&regs, text, len, &parser)) {
		regs_aarch32(&regs);
		ask_regs(s, &regs);
	}
	free(text);
}

static void ask_vm(struct host *h, const struct live_vm *vm)
{
	struct stage2_stream stream;
	struct live_slot *slots = NULL;
	struct source *s;
	struct regs regs;
	unsigned int i;
	size_t n = 0;
	int err = 0;

	if (!live_slots(h, vm, &slots, &n))
		live_slot_find(slots, n, 0x40000000);
	free(slots);
	s = h->ops->open_vm(h, vm, &err);
	if (!s) {
		CHECK(err < 0);
		return;
	}
	CHECK(h->ops->load_stage2(h, vm, s, &stream) <= 0);
	memset(&regs, 0, sizeof(regs));
	live_regs_of_vm(vm, &regs);
	ask_regs(s, &regs);
	for (i = 0; i < vm->vcpus && i < VCPUS; i++)
		ask_vcpu(h, vm, i, s);
	s->ops->close(s);
}

static void ask(struct host *h)
{
	struct live_info info;
	struct live_vm *vms;
	size_t n, i;

	if (live_check(h, &info) == LIVE_OK && !live_vms(h, (unsigned int)info.vmid_bits, &vms, &n)) {
		for (i = 0; i < n; i++)
			if (!vms[i].error)
				ask_vm(h, &vms[i]);
		free(vms);
	}
	live_info_free(&info);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char reason[SNAPSHOT_REASON] = "", name[32];
	int fd = memfd_create("snapshot", 0), err = 0;
	struct host *h;

	the_size = size;
	CHECK(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	h = host_snapshot_open(name, reason, &err);
	if (h) {
		ask(h);
		h->ops->close(h);
	} else {
		CHECK(err < 0 && *reason && memchr(reason, 0, sizeof(reason)));
	}
	close(fd);
	return 0;
}
