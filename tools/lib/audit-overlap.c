// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The same physical memory in several VMs. All ranges of all VMs are sorted by PA and swept once;
 * those that cover the point at hand are in a heap by their ends. Where two VMs are in it there is
 * an overlap, and each of them gets one finding that names one other: n log n in ranges, whatever
 * the number of VMs.
 */
#include <errno.h>
#include <stdlib.h>

#include "audit-check.h"

enum { WRITABLE, READONLY, DEVICE, GICV };

static const struct audit_check checks[] = {
	[WRITABLE] = { "overlap-writable", AUDIT_VIOLATED,
		       "Memory that one VM can write is mapped in another." },
	[READONLY] = { "overlap-readonly", AUDIT_SHARED,
		       "Memory is mapped in several VMs, and none of them can write it now." },
	[DEVICE] = { "overlap-device", AUDIT_VIOLATED,
		     "Registers of a device are mapped in several VMs." },
	[GICV] = { "shared-gicv", AUDIT_SHARED,
		   "The GIC virtual CPU interface, which KVM maps into each VM with a GICv2." },
};

struct sweep {
	struct audit *a;
	size_t *heap;			/* of ranges, the one that ends first on top */
	size_t n, room;
	uint32_t *count;		/* of each VM: ranges in the heap */
	size_t vms;			/* that are not 0 there */
	/* of a segment: each VM that is in it, and one of its ranges, a writable one if there is */
	size_t *range_of;
	uint32_t *here;
};

static uint64_t end_of(const struct sweep *s, size_t i)
{
	const struct audit_range *r = &s->a->range[s->heap[i]];

	return r->pa + r->size;
}

static void swap(struct sweep *s, size_t i, size_t j)
{
	size_t t = s->heap[i];

	s->heap[i] = s->heap[j];
	s->heap[j] = t;
}

static int push(struct sweep *s, size_t range)
{
	size_t i = s->n;

	if (audit_grow(&s->heap, s->n, &s->room, sizeof(*s->heap)))
		return -ENOMEM;
	s->heap[s->n++] = range;
	for (; i && end_of(s, (i - 1) / 2) > end_of(s, i); i = (i - 1) / 2)
		swap(s, i, (i - 1) / 2);
	s->vms += !s->count[s->a->range[range].vm]++;
	return 0;
}

static void pop(struct sweep *s)
{
	size_t i = 0, least;

	s->vms -= !--s->count[s->a->range[s->heap[0]].vm];
	s->heap[0] = s->heap[--s->n];
	for (;;) {
		least = 2 * i + 1;
		if (least >= s->n)
			return;
		if (least + 1 < s->n && end_of(s, least + 1) < end_of(s, least))
			least++;
		if (end_of(s, i) <= end_of(s, least))
			return;
		swap(s, i, least);
		i = least;
	}
}

/* Of two ranges of one VM, the one that it can write, then the one of its own stage 2 */
static bool tells_more(const struct audit_range *r, const struct audit_range *than)
{
	bool writes = r->flags & AUDIT_W, other_writes = than->flags & AUDIT_W;

	return writes == other_writes ? !r->shadow && than->shadow : writes;
}

/* The VMs of the segment: their number in s->here, and how many can write it */
static size_t gather(struct sweep *s, size_t *nwriters)
{
	const struct audit_range *range = s->a->range;
	size_t i, n = 0;
	uint32_t vm;

	*nwriters = 0;
	for (i = 0; i < s->n; i++) {
		vm = range[s->heap[i]].vm;
		if (s->range_of[vm] == SIZE_MAX)
			s->here[n++] = vm;
		else if (!tells_more(&range[s->heap[i]], &range[s->range_of[vm]]))
			continue;
		s->range_of[vm] = s->heap[i];
	}
	for (i = 0; i < n; i++)
		*nwriters += !!(range[s->range_of[s->here[i]]].flags & AUDIT_W);
	return n;
}

static const struct audit_range *range_in(const struct sweep *s, size_t i)
{
	return &s->a->range[s->range_of[s->here[i]]];
}

static bool is_gicv(const struct sweep *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!audit_is_gicv(s->a, range_in(s, i)))
			return false;
	return true;
}

static const struct audit_check *classify(const struct sweep *s, uint64_t pa, size_t n,
					  size_t nwriters)
{
	const struct audit_range *r = range_in(s, 0);

	if (!audit_is_memory(s->a, r, pa))
		return &checks[is_gicv(s, n) ? GICV : DEVICE];
	return &checks[nwriters ? WRITABLE : READONLY];
}

static const char *words(const struct audit_check *check, bool write, bool other_write)
{
	if (check == &checks[GICV])
		return "the GIC's virtual CPU interface, mapped by KVM outside of every slot";
	if (check == &checks[DEVICE])
		return "a device's registers in more than one VM";
	if (check == &checks[READONLY])
		return "read-only in all: same-page merging, or pages of one file";
	if (write && other_write)
		return "writable here and there";
	return write ? "writable here, read there" : "read here, writable there";
}

/* What the other party is first of all: one that did not change meanwhile, or one that can write */
enum wish { QUIET, WRITER, WISHES };

/* The other party of VM @i, the best there is by one wish and then by the other */
static size_t other_than(const struct sweep *s, size_t n, size_t i, enum wish wish)
{
	size_t j, other = SIZE_MAX;
	bool quiet, writes;
	int rank, best = -1;

	for (j = 0; j < n; j++) {
		if (j == i)
			continue;
		quiet = !audit_in_motion(s->a->vm[s->here[j]]);
		writes = range_in(s, j)->flags & AUDIT_W;
		rank = wish == QUIET ? 2 * quiet + writes : 2 * writes + quiet;
		if (rank <= best)
			continue;
		best = rank;
		other = j;
	}
	return other;
}

static int tell_one(struct sweep *s, const struct audit_check *check, size_t i, size_t other,
		    size_t n, uint64_t from, uint64_t size)
{
	const struct audit_range *r = range_in(s, i), *o = range_in(s, other);
	struct audit_finding f = audit_found_in(s->a, check, r, from, size);

	f.other = s->a->vm[o->vm];
	/* the other's IPA, and not one of a guest of its guest */
	f.has_other_ipa = !o->shadow;
	f.other_ipa = o->ipa + (from - o->pa);
	f.other_rights = o->flags & RANGE_RIGHTS;
	f.more = n - 2;
	audit_say(&f, "%s", words(check, r->flags & AUDIT_W, o->flags & AUDIT_W));
	if (check->severity == AUDIT_VIOLATED && (audit_in_motion(f.vm) || audit_in_motion(f.other))) {
		f.severity = AUDIT_UNKNOWN;
		audit_say(&f, "the tables changed meanwhile: it may be of two moments");
	}
	return audit_push(s->a, &f);
}

/* A part of a segment that lies in one resource, or in none, with the @n VMs that were gathered */
static int tell_part(struct sweep *s, size_t n, size_t nwriters, uint64_t from, uint64_t to)
{
	const struct audit_check *check = classify(s, from, n, nwriters);
	size_t i, best[WISHES], second[WISHES];
	enum wish wish;
	int ret = 0;

	/* The kernel's zero page is told by itself */
	if (check == &checks[READONLY] && range_in(s, 0)->flags & RANGE_ZERO)
		return 0;
	for (wish = 0; wish < WISHES; wish++) {
		best[wish] = other_than(s, n, SIZE_MAX, wish);
		second[wish] = other_than(s, n, best[wish], wish);
	}
	for (i = 0; !ret && i < n; i++) {
		/* Of two that cannot write it is the third that makes this a violation */
		wish = check == &checks[WRITABLE] && !(range_in(s, i)->flags & AUDIT_W) ? WRITER : QUIET;
		ret = tell_one(s, check, i, i == best[wish] ? second[wish] : best[wish], n, from, to - from);
	}
	return ret;
}

static int tell_segment(struct sweep *s, uint64_t from, uint64_t to)
{
	size_t n, nwriters, i;
	uint64_t end;
	int ret = 0;

	if (s->vms < 2 || to <= from)
		return 0;
	n = gather(s, &nwriters);
	for (; !ret && from < to; from = end) {
		end = audit_resource_end(s->a, from);
		end = end < to ? end : to;
		ret = tell_part(s, n, nwriters, from, end);
	}
	for (i = 0; i < n; i++)
		s->range_of[s->here[i]] = SIZE_MAX;
	return ret;
}

static int sweep(struct sweep *s)
{
	const struct audit_range *range = s->a->range;
	uint64_t at = 0, start, end;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i <= s->a->nranges; i++) {
		start = i < s->a->nranges ? range[i].pa : ~UINT64_C(0);
		while (!ret && s->n && end_of(s, 0) <= start) {
			end = end_of(s, 0);
			ret = tell_segment(s, at, end);
			at = end;
			pop(s);
		}
		if (!ret)
			ret = tell_segment(s, at, start);
		at = start;
		if (!ret && i < s->a->nranges)
			ret = push(s, i);
	}
	return ret;
}

static int run(struct audit *a)
{
	struct sweep s = { .a = a };
	size_t i;
	int ret = -ENOMEM;

	s.count = calloc(a->nvms + 1, sizeof(*s.count));
	s.range_of = calloc(a->nvms + 1, sizeof(*s.range_of));
	s.here = calloc(a->nvms + 1, sizeof(*s.here));
	if (s.count && s.range_of && s.here) {
		for (i = 0; i < a->nvms; i++)
			s.range_of[i] = SIZE_MAX;
		ret = sweep(&s);
	}
	free(s.heap);
	free(s.count);
	free(s.range_of);
	free(s.here);
	return ret;
}

const struct audit_group audit_overlap = AUDIT_GROUP(checks, run);
