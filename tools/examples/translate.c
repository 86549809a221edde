// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * translate SNAPSHOT VM VA: what a guest's virtual address leads to, by a snapshot of its host.
 * Build it against the installed library:
 *
 *	cc -o translate translate.c $(pkg-config --cflags --libs mmuscope)
 *
 * Exit status: 0 translated, 1 a fault, 2 usage, 3 something could not be read.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mmuscope/live.h>
#include <mmuscope/regs.h>
#include <mmuscope/snapshot.h>
#include <mmuscope/walk.h>

enum { TRANSLATED, FAULTS, USAGE, UNREADABLE };

static int fail(const char *what, const char *why)
{
	fprintf(stderr, "translate: %s: %s\n", what, why);
	return UNREADABLE;
}

/* The first VM that goes by @name (live_vm_is()); 0 or a negative errno */
static int find_vm(struct host *h, const char *name, struct live_vm *vm)
{
	struct live_info info;
	struct live_vm *vms;
	enum live_state state = live_check(h, &info);
	unsigned int vmid_bits = (unsigned int)info.vmid_bits;
	size_t n, i;
	int err;

	live_info_free(&info);
	if (state != LIVE_OK)
		return -EPROTO;
	err = live_vms(h, vmid_bits, &vms, &n);
	if (err)
		return err;
	for (i = 0; i < n && !live_vm_is(&vms[i], name); i++)
		;
	if (i < n)
		*vm = vms[i];
	free(vms);
	return i < n ? 0 : -ENOENT;
}

/* The registers of vCPU 0; 0 or a negative errno */
static int read_regs(struct host *h, const struct live_vm *vm, struct regs *regs)
{
	struct regs_parser parser = { 0 };
	size_t len;
	int err = 0;
	char *text = live_vcpu_regs(h, vm, 0, &len, &err);

	memset(regs, 0, sizeof(*regs));
	if (!text)
		return err;
	if (live_never_ran(text))
		err = -ENODATA;
	else if (regs_parse(regs, text, len, &parser))
		err = -EPROTO;
	else
		regs_aarch32(regs);	/* it does nothing to a 64-bit guest */
	free(text);
	return err;
}

/* A walk has three answers: one that could not be finished is no fault, and the address may be mapped */
static int print(const struct walk_result *r)
{
	char memory[MEMATTR_TEXT];
	unsigned int i;

	for (i = 0; i < r->nsteps; i++)
		printf("%*sS%d L%-2d [%4zu] 0x%016" PRIx64 "\n", r->step[i].for_s1 ? 4 : 0, "",
		       r->step[i].stage, r->step[i].level, r->step[i].index, r->step[i].word.lo);
	switch (r->status) {
	case WALK_OK:
		printf("PA 0x%" PRIx64 ", %" PRIu64 " bytes, %s, EL1 %c%c%c\n", r->pa.v, r->size,
		       memattr_text(&r->attr, memory), r->perms.el1.r ? 'R' : '-',
		       r->perms.el1.w ? 'W' : '-', r->perms.el1.x ? 'X' : '-');
		return TRANSLATED;
	case WALK_FAULT:
		printf("%s, stage %d level %d\n", fault_type_text(r->fault.type), r->fault.stage,
		       r->fault.level);
		return FAULTS;
	default:
		return fail("not known: a table on the way could not be read", strerror(-r->error));
	}
}

static int translate(struct host *h, const struct live_vm *vm, uint64_t address)
{
	const struct access show = { .kind = ACCESS_SHOW };
	struct walk_result result;
	struct source *source;
	struct regs regs;
	struct mmu mmu;
	const char *reason;
	int err = read_regs(h, vm, &regs);
	int status;

	if (err)
		return fail("registers of vCPU 0", strerror(-err));
	source = h->ops->open_vm(h, vm, &err);
	if (!source)
		return fail(vm->dir, strerror(-err));
	if (mmu_init(&mmu, REGIME_EL10, &regs, source, NULL, &reason)) {
		status = fail(vm->dir, reason);
	} else {
		walk_va(&mmu, va(address), show, &result);
		status = print(&result);
	}
	source->ops->close(source);
	return status;
}

int main(int argc, char **argv)
{
	char reason[SNAPSHOT_REASON];
	struct live_vm vm;
	struct host *h;
	char *end;
	uint64_t address;
	int err, status;

	if (argc != 4) {
		fputs("usage: translate SNAPSHOT VM VA\n", stderr);
		return USAGE;
	}
	errno = 0;
	address = strtoull(argv[3], &end, 0);
	if (errno || end == argv[3] || *end) {
		fail(argv[3], "it is not a 64-bit number");
		return USAGE;
	}
	h = host_snapshot_open(argv[1], reason, &err);
	if (!h)
		return fail(argv[1], reason);
	err = find_vm(h, argv[2], &vm);
	if (err)
		status = fail(argv[2], err == -ENOENT ? "the snapshot has no such VM" : strerror(-err));
	else
		status = translate(h, &vm, address);
	h->ops->close(h);
	return status;
}
