// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Stage 2 against what the VMM gave to KVM: the memory slots, and behind their host virtual
 * addresses the VMM's own tables. KVM follows these by MMU notifiers (virt/kvm/kvm_main.c), so the
 * two agree at every moment at which both are read.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "audit-check.h"

enum { MISMATCH, OUTSIDE, READONLY, DIRTY_BLOCK, SHADOW };

static const struct audit_check checks[] = {
	[MISMATCH] = { "vmm-mismatch", AUDIT_VIOLATED,
		       "Stage 2 leads to other memory than the VMM's own tables do for the slot." },
	[OUTSIDE] = { "slot-outside", AUDIT_VIOLATED,
		      "Memory is mapped at an IPA that no memory slot holds." },
	[READONLY] = { "slot-readonly-written", AUDIT_VIOLATED,
		       "A slot that the VMM made read-only is mapped writable." },
	[DIRTY_BLOCK] = { "dirty-log-block", AUDIT_NOTICE,
			  "A slot that logs dirty pages is mapped writable in blocks." },
	[SHADOW] = { "shadow-foreign", AUDIT_VIOLATED,
		     "A guest of the guest has memory that the VMM does not have behind any slot." },
};

/* include/uapi/linux/kvm.h */
#define KVM_MEM_LOG_DIRTY_PAGES	1u
#define KVM_MEM_READONLY	2u

#define TRIES	5

/*
 * Pages of a VM that are read again and agree; one whose VMM moves more than that is not settled. Two
 * huge pages that are put together or split meanwhile are 1024.
 */
#define AGREED_MAX	1024

struct piece {
	const struct audit_range *r;
	const struct live_slot *slot;
	uint64_t ipa, size;
};

static uint64_t pa_of(const struct piece *p)
{
	return p->r->pa + (p->ipa - p->r->ipa);
}

static struct audit_finding found(const struct audit *a, int check, const struct piece *p)
{
	struct audit_finding f = audit_found_in(a, &checks[check], p->r, pa_of(p), p->size);

	if (p->slot)
		audit_say(&f, "slot %" PRIu64 ", HVA 0x%" PRIx64, p->slot->id,
			  p->slot->hva + (p->ipa - p->slot->ipa));
	return f;
}

static int outside(struct audit *a, const struct piece *p)
{
	struct audit_finding f = found(a, OUTSIDE, p);

	/* KVM's own mapping of the GICv2 interface; device-mapped names it */
	if (!audit_is_memory(a, p->r, f.pa) && audit_is_gicv(a, p->r))
		return 0;
	audit_say(&f, "no memory slot holds this IPA");
	if (audit_in_motion(f.vm))
		f.severity = AUDIT_UNKNOWN;
	return audit_push(a, &f);
}

static int flags(struct audit *a, const struct piece *p)
{
	struct audit_finding f;
	int ret = 0;

	if (!(p->r->flags & AUDIT_W))
		return 0;
	if (p->slot->flags & KVM_MEM_READONLY) {
		f = found(a, READONLY, p);
		ret = audit_push(a, &f);
	}
	if (!ret && p->slot->flags & KVM_MEM_LOG_DIRTY_PAGES && p->r->flags & RANGE_BLOCK) {
		f = found(a, DIRTY_BLOCK, p);
		ret = audit_push(a, &f);
	}
	return ret;
}

/* The stretch that holds @hva, or NULL; *next: where the answer may change */
static const struct audit_run_of *run_at(const struct audit_vm *vm, uint64_t hva, uint64_t *next)
{
	size_t low = 0, high = vm->nruns, mid;
	const struct audit_run_of *run;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (vm->run[mid].hva <= hva)
			low = mid + 1;
		else
			high = mid;
	}
	*next = low < vm->nruns ? vm->run[low].hva : ~UINT64_C(0);
	run = low ? &vm->run[low - 1] : NULL;
	if (!run || hva - run->hva >= run->size)
		return NULL;
	*next = run->hva + run->size;
	return run;
}

enum settled { AGREES, DIFFERS, MOVES };

/*
 * A page may have moved between the two readings. Both are read again: they differ for certain only
 * if stage 2 says the same each time.
 */
static enum settled settle(const struct audit *a, const struct audit_vm *vm, uint64_t ipa,
			   uint64_t hva, uint64_t pa)
{
	const struct timespec wait = { 0, 2000000 };
	uint64_t now, vmm;
	int tries, ret;

	if (!a->again)
		return audit_in_motion(vm) ? MOVES : DIFFERS;
	for (tries = 0; tries < TRIES; tries++) {
		ret = a->again(a->again_arg, vm, ipa, hva, &now, &vmm);
		if (ret > 0 || (!ret && now == vmm))
			return AGREES;
		if (ret || now != pa)
			return MOVES;
		nanosleep(&wait, NULL);
	}
	return DIFFERS;
}

static int tell_mismatch(struct audit *a, const struct piece *p, const struct audit_run_of *run,
			 uint64_t hva, enum settled how)
{
	struct audit_finding f = found(a, MISMATCH, p);

	if (how == MOVES || (run && run->moving))
		f.severity = AUDIT_UNKNOWN;
	if (!run)
		audit_say(&f, "slot %" PRIu64 ": what the VMM has there was not read", p->slot->id);
	else if (run->absent)
		audit_say(&f, "slot %" PRIu64 ": the VMM has nothing there%s", p->slot->id,
			  run->moving ? ", its word is in motion" : "");
	else
		audit_say(&f, "slot %" PRIu64 ": the VMM has PA 0x%" PRIx64 " there", p->slot->id,
			  run->pa + (hva - run->hva));
	if (!run)
		f.severity = AUDIT_UNKNOWN;
	f.who = f.vm->live.comm;
	return audit_push(a, &f);
}

/* A page that agrees by now says nothing of the next one */
static int differs(struct audit *a, const struct piece *p, const struct audit_run_of *run,
		   uint64_t hva)
{
	struct audit_vm *vm = a->vm[p->r->vm];
	uint64_t page = UINT64_C(1) << range_map_shift(p->r), step;
	struct piece rest = *p;
	enum settled how;

	for (; rest.size; hva += step, rest.ipa += step, rest.size -= step) {
		how = vm->agreed < AGREED_MAX ? settle(a, vm, rest.ipa, hva, pa_of(&rest)) : MOVES;
		if (how != AGREES)
			return tell_mismatch(a, &rest, run, hva, how);
		vm->agreed++;
		step = page - (rest.ipa & (page - 1));
		step = step < rest.size ? step : rest.size;
	}
	return 0;
}

static int against_vmm(struct audit *a, const struct piece *p)
{
	const struct audit_vm *vm = a->vm[p->r->vm];
	uint64_t hva = p->slot->hva + (p->ipa - p->slot->ipa), pa, next;
	struct piece part = *p;
	const struct audit_run_of *run;
	int ret = 0;

	while (!ret && part.ipa < p->ipa + p->size) {
		run = run_at(vm, hva, &next);
		part.size = p->ipa + p->size - part.ipa;
		if (next - hva < part.size)
			part.size = next - hva;
		pa = pa_of(&part);
		if (!run || run->absent || run->pa + (hva - run->hva) != pa)
			ret = differs(a, &part, run, hva);
		hva += part.size;
		part.ipa += part.size;
	}
	return ret;
}

static int check_range(struct audit *a, const struct audit_range *r)
{
	const struct audit_vm *vm = a->vm[r->vm];
	struct piece p = { .r = r };
	uint64_t next, at = r->ipa;
	int ret = 0;

	for (; !ret && at < r->ipa + r->size; at += p.size) {
		p.slot = audit_slot_at(vm, at, &next);
		p.ipa = at;
		p.size = r->ipa + r->size - at;
		if (next - at < p.size)
			p.size = next - at;
		if (!p.slot) {
			ret = outside(a, &p);
			continue;
		}
		ret = flags(a, &p);
		if (!ret && vm->has_runs)
			ret = against_vmm(a, &p);
	}
	return ret;
}

/* ---- for guests of the guest ----------------------------------------------------- */

/*
 * Their IPAs are the guest hypervisor's affair. What KVM joins that one's stage 2 with leads to memory
 * of the slots all the same (arch/arm64/kvm/mmu.c, user_mem_abort()), so it is by PA that this is held
 * against what is behind them.
 */

struct stretch {
	uint64_t pa, size;
};

/* Sorted, none touches the next */
struct memory {
	struct stretch *at;
	size_t n, room;
	bool unseen;			/* a part of a slot was not read */
};

static int add_stretch(struct memory *m, uint64_t pa, uint64_t size)
{
	if (audit_grow(&m->at, m->n, &m->room, sizeof(*m->at)))
		return -ENOMEM;
	m->at[m->n++] = (struct stretch){ pa, size };
	return 0;
}

/* Slots may have the same memory behind them */
static int join(struct memory *m)
{
	struct stretch *last = m->at;
	size_t i;

	if (audit_sort(m->at, m->n, sizeof(*m->at)))
		return -ENOMEM;
	for (i = 1; i < m->n; i++) {
		if (m->at[i].pa > last->pa + last->size)
			*++last = m->at[i];
		else if (m->at[i].pa + m->at[i].size > last->pa + last->size)
			last->size = m->at[i].pa + m->at[i].size - last->pa;
	}
	m->n = m->n ? last - m->at + 1 : 0;
	return 0;
}

/* Of all slots, or of those that are not read-only */
static int memory_of(const struct audit *a, const struct audit_vm *vm, bool writable, struct memory *m)
{
	const struct audit_run_of *run;
	const struct live_slot *slot;
	uint64_t done, at, size, next;
	size_t i;
	int ret = 0;

	for (i = 0; i < vm->nslots; i++) {
		slot = &vm->slot[i];
		if (writable && slot->flags & KVM_MEM_READONLY)
			continue;
		for (done = 0; !ret && done < slot->size; done += size) {
			at = slot->hva + done;
			run = run_at(vm, at, &next);
			size = slot->size - done;
			if (next - at < size)
				size = next - at;
			/* What is in motion is in its place when a host that runs is read a second time */
			m->unseen |= !run || (run->moving && !a->again);
			if (run && !run->absent)
				ret = add_stretch(m, run->pa + (at - run->hva), size);
		}
	}
	return ret ? ret : join(m);
}

/* Is @pa in it? *next: where beyond @pa the answer changes */
static bool has(const struct memory *m, uint64_t pa, uint64_t *next)
{
	size_t low = 0, high = m->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (m->at[mid].pa <= pa)
			low = mid + 1;
		else
			high = mid;
	}
	*next = low < m->n ? m->at[low].pa : ~UINT64_C(0);
	if (!low || pa - m->at[low - 1].pa >= m->at[low - 1].size)
		return false;
	*next = m->at[low - 1].pa + m->at[low - 1].size;
	return true;
}

static int tell_shadow(struct audit *a, const struct audit_range *r, int check, bool unseen,
		       uint64_t from, uint64_t size)
{
	struct audit_finding f = audit_found_in(a, &checks[check], r, from, size);

	audit_say(&f, "%s%s", check == SHADOW ? "behind none of the slots" :
		  "all slots that have this memory are read-only",
		  unseen ? ", of which not all was read" : "");
	if (unseen || audit_in_motion(f.vm))
		f.severity = AUDIT_UNKNOWN;
	return audit_push(a, &f);
}

static int shadow_range(struct audit *a, const struct audit_range *r, const struct memory *all,
			const struct memory *writable)
{
	uint64_t done, at, size, next, next_writable;
	bool in, in_writable;
	int ret = 0;

	for (done = 0; !ret && done < r->size; done += size) {
		at = r->pa + done;
		in = has(all, at, &next);
		in_writable = has(writable, at, &next_writable);
		size = r->size - done;
		if (next - at < size)
			size = next - at;
		if (next_writable - at < size)
			size = next_writable - at;
		if (!in)
			ret = tell_shadow(a, r, SHADOW, all->unseen, at, size);
		else if (!in_writable && r->flags & AUDIT_W)
			ret = tell_shadow(a, r, READONLY, all->unseen, at, size);
	}
	return ret;
}

static int check_shadows(struct audit *a, const struct audit_vm *vm)
{
	struct memory all = { 0 }, writable = { 0 };
	const struct audit_range *r;
	int ret = memory_of(a, vm, false, &all);
	size_t i;

	if (!ret)
		ret = memory_of(a, vm, true, &writable);
	for (i = 0; !ret && i < a->nranges; i++) {
		r = &a->range[i];
		if (r->vm == vm->index && r->shadow)
			ret = shadow_range(a, r, &all, &writable);
	}
	free(all.at);
	free(writable.at);
	return ret;
}

/* ---------------------------------------------------------------------------------- */

static int run(struct audit *a)
{
	const struct audit_vm *vm;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < a->nranges; i++)
		if (!a->range[i].shadow && a->vm[a->range[i].vm]->has_slots)
			ret = check_range(a, &a->range[i]);
	for (i = 0; !ret && i < a->nvms; i++) {
		vm = a->vm[i];
		if (vm->nshadows && vm->has_slots && (vm->has_runs || !vm->nslots))
			ret = check_shadows(a, vm);
	}
	return ret;
}

const struct audit_group audit_vmm = AUDIT_GROUP(checks, run);
