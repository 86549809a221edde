// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The audit's facts, and how findings leave it. What is looked for is in the audit-*.c beside.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit-check.h"

static const struct audit_group *const groups[] = {
	&audit_overlap, &audit_maps, &audit_vmm, &audit_device, &audit_tags,
	&audit_controls, &audit_rights, &audit_structure, &audit_unknown,
};

#define NGROUPS	(sizeof(groups) / sizeof(groups[0]))

const char *audit_severity_text(enum audit_severity severity)
{
	static const char *const text[] = {
		[AUDIT_NOTICE] = "notice", [AUDIT_SHARED] = "shared",
		[AUDIT_UNKNOWN] = "unknown", [AUDIT_VIOLATED] = "violated",
	};

	return text[severity];
}

const char *audit_verdict_text(enum audit_severity severity)
{
	static const char *const text[] = {
		[AUDIT_NOTICE] = "isolated", [AUDIT_SHARED] = "shared by design",
		[AUDIT_UNKNOWN] = "unknown", [AUDIT_VIOLATED] = "violated",
	};

	return text[severity];
}

/* ---- checks -------------------------------------------------------------------------------------- */

const struct audit_check *audit_check(size_t n)
{
	size_t g;

	for (g = 0; g < NGROUPS; g++) {
		if (n < groups[g]->n)
			return &groups[g]->check[n];
		n -= groups[g]->n;
	}
	return NULL;
}

int audit_check_find(const char *id, size_t len)
{
	const struct audit_check *c;
	int n;

	for (n = 0; (c = audit_check(n)); n++)
		if (strlen(c->id) == len && !memcmp(c->id, id, len))
			return n;
	return -1;
}

static size_t check_number(const struct audit_check *check)
{
	size_t g, n = 0;

	for (g = 0; g < NGROUPS; g++) {
		if (check >= groups[g]->check && check < groups[g]->check + groups[g]->n)
			return n + (check - groups[g]->check);
		n += groups[g]->n;
	}
	return 0;
}

/* ---- facts --------------------------------------------------------------------------------------- */

void audit_init(struct audit *a)
{
	*a = (struct audit){ .selected = ~UINT64_C(0) };
}

static void free_vm(struct audit_vm *vm)
{
	free(vm->slot);
	free(vm->run);
	free(vm->vcpu);
	free(vm->shadow);
	free(vm->s1_table);
	free(vm->s1_write);
	free(vm);
}

void audit_free(struct audit *a)
{
	size_t i;

	for (i = 0; i < a->nvms; i++)
		free_vm(a->vm[i]);
	for (i = 0; i < a->nkept; i++)
		free(a->kept[i]);
	free(a->kept);
	free(a->vm);
	free(a->range);
	free(a->table);
	free(a->fact);
	free(a->cpu);
	free(a->resource);
	free(a->page);
	free(a->unread);
	free(a->pending);
	audit_init(a);
}

int audit_grow(void *array, size_t n, size_t *room, size_t size)
{
	void **at = array, *more;
	size_t want;

	if (n < *room)
		return 0;
	want = *room ? *room + *room / 2 : 64;
	more = realloc(*at, want * size);
	if (!more)
		return -ENOMEM;
	*at = more;
	*room = want;
	return 0;
}

/* An array that grows by one; for what there are few of */
static int add(void *array, size_t *n, const void *element, size_t size)
{
	void **at = array;
	char *more = realloc(*at, (*n + 1) * size);

	if (!more)
		return -ENOMEM;
	*at = more;
	memcpy(more + (*n)++ * size, element, size);
	return 0;
}

const char *audit_keep(struct audit *a, const char *text)
{
	char *copy;
	size_t i;

	for (i = 0; i < a->nkept; i++)
		if (!strcmp(a->kept[i], text))
			return a->kept[i];
	copy = strdup(text);
	if (copy && !add(&a->kept, &a->nkept, &copy, sizeof(copy)))
		return copy;
	free(copy);
	return NULL;
}

int audit_add_vm(struct audit *a, const struct live_vm *live, const char *name,
		 struct audit_vm **to)
{
	struct audit_vm *vm = calloc(1, sizeof(*vm));

	*to = vm;
	if (!vm)
		return -ENOMEM;
	vm->live = *live;
	snprintf(vm->name, sizeof(vm->name), "%s", name);
	vm->label = vm->live.name[0] ? vm->live.name : vm->live.comm;
	vm->index = a->nvms;
	if (!add(&a->vm, &a->nvms, &vm, sizeof(vm)))
		return 0;
	free(vm);
	return -ENOMEM;
}

static int by_ipa(const void *x, const void *y)
{
	const struct live_slot *a = x, *b = y;

	return a->ipa < b->ipa ? -1 : a->ipa > b->ipa;
}

int audit_add_slots(struct audit_vm *vm, const struct live_slot *slots, size_t n)
{
	vm->slot = calloc(n + 1, sizeof(*slots));
	if (!vm->slot)
		return -ENOMEM;
	if (n) {
		memcpy(vm->slot, slots, n * sizeof(*slots));
		qsort(vm->slot, n, sizeof(*slots), by_ipa);
	}
	vm->nslots = n;
	vm->has_slots = true;
	return 0;
}

int audit_add_vcpu(struct audit_vm *vm, unsigned int number, const struct regs *regs,
		   const struct mmu *mmu)
{
	struct audit_vcpu vcpu = { .number = number, .regs = *regs };

	if (mmu)
		vcpu.mmu = *mmu;
	return add(&vm->vcpu, &vm->nvcpus, &vcpu, sizeof(vcpu));
}

int audit_add_cpu(struct audit *a, unsigned int number, const struct regs *regs, bool vhe,
		  const char *guest)
{
	struct audit_cpu cpu = { .number = number, .regs = *regs, .vhe = vhe };

	snprintf(cpu.guest, sizeof(cpu.guest), "%s", guest);
	return add(&a->cpu, &a->ncpus, &cpu, sizeof(cpu));
}

int audit_add_host_page(struct audit *a, const struct audit_vm *vm, uint64_t pa, uint64_t size,
			const char *what)
{
	struct audit_host_page page = { pa, size, vm ? (int32_t)vm->index : -1, audit_keep(a, what) };
	struct audit_host_page *last = a->npages ? &a->page[a->npages - 1] : NULL;

	if (!page.what)
		return -ENOMEM;
	if (last && last->pa + last->size == pa && last->what == page.what && last->vm == page.vm) {
		last->size += size;
		return 0;
	}
	if (audit_grow(&a->page, a->npages, &a->page_room, sizeof(*a->page)))
		return -ENOMEM;
	a->page[a->npages++] = page;
	return 0;
}

/* How a stretch goes on, so that few are kept: neighbours at neighbouring PAs are one */
int audit_add_run(struct audit_vm *vm, const struct audit_run_of *run)
{
	struct audit_run_of *last = vm->nruns ? &vm->run[vm->nruns - 1] : NULL;

	vm->has_runs = true;
	if (last && last->hva + last->size == run->hva && last->absent == run->absent &&
	    last->moving == run->moving && (run->absent || last->pa + last->size == run->pa)) {
		last->size += run->size;
		return 0;
	}
	return add(&vm->run, &vm->nruns, run, sizeof(*run));
}

int audit_add_unread(struct audit *a, const struct audit_vm *vm, const char *id, const char *fmt,
		     ...)
{
	struct audit_unread u = { .vm = vm ? (int32_t)vm->index : -1, .id = id };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(u.text, sizeof(u.text), fmt, ap);
	va_end(ap);
	return add(&a->unread, &a->nunread, &u, sizeof(u));
}

const struct live_slot *audit_slot_at(const struct audit_vm *vm, uint64_t ipa, uint64_t *next)
{
	size_t low = 0, high = vm->nslots, mid;
	const struct live_slot *s;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (vm->slot[mid].ipa <= ipa)
			low = mid + 1;
		else
			high = mid;
	}
	*next = low < vm->nslots ? vm->slot[low].ipa : ~UINT64_C(0);
	s = low ? &vm->slot[low - 1] : NULL;
	if (!s || ipa - s->ipa >= s->size)
		return NULL;
	*next = s->ipa + s->size;
	return s;
}

/* ---- sorting ------------------------------------------------------------------------------------- */

struct sort_key {
	uint64_t key;
	uint64_t at;
};

#define DIGIT_BITS	11
#define DIGITS		(1u << DIGIT_BITS)

/* One pass of a radix sort, stable; false where all have the same digit and nothing moved */
static bool sort_digit(const struct sort_key *from, struct sort_key *to, size_t n,
		       unsigned int shift)
{
	size_t count[DIGITS] = { 0 }, sum = 0, next, i;

	for (i = 0; i < n; i++)
		count[from[i].key >> shift & (DIGITS - 1)]++;
	if (count[from[0].key >> shift & (DIGITS - 1)] == n)
		return false;
	for (i = 0; i < DIGITS; i++) {
		next = sum + count[i];
		count[i] = sum;
		sum = next;
	}
	for (i = 0; i < n; i++)
		to[count[from[i].key >> shift & (DIGITS - 1)]++] = from[i];
	return true;
}

/* Put each element where it belongs, going round each cycle of the permutation once */
static void permute(char *base, size_t n, size_t size, struct sort_key *key)
{
	char held[64];
	size_t i, at, from;

	for (i = 0; i < n; i++) {
		if (key[i].at == i)
			continue;
		memcpy(held, base + i * size, size);
		for (at = i; key[at].at != i; at = from) {
			from = key[at].at;
			memcpy(base + at * size, base + from * size, size);
			key[at].at = at;
		}
		memcpy(base + at * size, held, size);
		key[at].at = at;
	}
}

int audit_sort(void *base, size_t n, size_t size)
{
	struct sort_key *key, *other, *swap;
	unsigned int shift;
	size_t i;

	if (n < 2)
		return 0;
	key = malloc(n * sizeof(*key));
	other = malloc(n * sizeof(*key));
	if (key && other) {
		for (i = 0; i < n; i++) {
			memcpy(&key[i].key, (char *)base + i * size, sizeof(key[i].key));
			key[i].at = i;
		}
		for (shift = 0; shift < 64; shift += DIGIT_BITS) {
			if (!sort_digit(key, other, n, shift))
				continue;
			swap = key;
			key = other;
			other = swap;
		}
		permute(base, n, size, key);
	}
	i = key && other;
	free(key);
	free(other);
	return i ? 0 : -ENOMEM;
}

/* ---- findings ------------------------------------------------------------------------------------ */

void audit_say(struct audit_finding *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(f->text, sizeof(f->text), fmt, ap);
	va_end(ap);
}

struct audit_finding audit_found(const struct audit_check *check, const struct audit_vm *vm,
				 const char *fmt, ...)
{
	struct audit_finding f = {
		.check = check, .severity = check->severity, .vm = vm, .vcpu = -1, .cpu = -1,
		.shadow = -1, .count = 1,
	};
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(f.text, sizeof(f.text), fmt, ap);
	va_end(ap);
	return f;
}

/* Of a range or a fact */
static int shadow_number(const struct audit_vm *vm, uint32_t shadow)
{
	return shadow ? (int)vm->shadow[shadow - 1].number : -1;
}

struct audit_finding audit_found_in(const struct audit *a, const struct audit_check *check,
				    const struct audit_range *r, uint64_t from, uint64_t size)
{
	struct audit_finding f = audit_found(check, a->vm[r->vm], "%s", "");
	uint64_t off = from - r->pa, whole = mask64(range_map_shift(r), 0) >> 1;

	f.has_ipa = f.has_pa = f.has_rights = f.has_word = true;
	f.shadow = shadow_number(f.vm, r->shadow);
	f.ipa = r->ipa + off;
	f.pa = from;
	f.size = size;
	f.rights = r->flags & RANGE_RIGHTS;
	f.word_pa = r->word_pa + (off >> range_map_shift(r)) * 8;
	f.word = r->word + (off & ~whole);
	return f;
}

static int tell(struct audit *a, struct audit_finding *f)
{
	enum audit_severity *verdict = f->vm ? &a->vm[f->vm->index]->verdict : &a->host_verdict;

	if (!f->check)
		return 0;
	if (!a->stopped) {
		a->stopped = a->emit(a->emit_arg, f);
		a->findings[check_number(f->check)]++;
		if (!f->accepted && f->severity > *verdict)
			*verdict = f->severity;
		if (!f->accepted && !f->vm && f->severity == AUDIT_UNKNOWN && audit_bears_on_all(f->check))
			a->blind = true;
	}
	f->check = NULL;
	return a->stopped;
}

static bool goes_on(const struct audit_finding *a, const struct audit_finding *b)
{
	return a->check == b->check && a->severity == b->severity && a->shadow == b->shadow &&
	       a->has_pa && b->has_pa && a->has_ipa && b->has_ipa &&
	       a->pa + a->size == b->pa && a->ipa + a->size == b->ipa &&
	       a->rights == b->rights && a->other == b->other && a->more == b->more &&
	       a->has_other_ipa == b->has_other_ipa && a->other_rights == b->other_rights &&
	       (!a->has_other_ipa || a->other_ipa + a->size == b->other_ipa) &&
	       (a->who == b->who || (a->who && b->who && !strcmp(a->who, b->who))) &&
	       !strcmp(a->text, b->text);
}

int audit_push(struct audit *a, const struct audit_finding *f)
{
	struct audit_finding *p = &a->pending[f->vm ? f->vm->index : a->nvms];

	if (a->stopped || !(a->selected >> check_number(f->check) & 1))
		return a->stopped;
	if (p->check && goes_on(p, f)) {
		p->size += f->size;
		p->count += f->count;
		return 0;
	}
	tell(a, p);
	*p = *f;
	return a->stopped;
}

void audit_sum_add(struct audit_sum *sum, const struct audit_finding *f)
{
	sum += f->vm->index;
	if (!sum->first.check)
		sum->first = *f;
	else
		sum->first.count++;
	sum->bytes += f->size;
}

int audit_sum_push(struct audit *a, struct audit_sum *sum)
{
	struct audit_finding *f;
	char text[sizeof(f->text)];
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < a->nvms; i++) {
		f = &sum[i].first;
		if (!f->check)
			continue;
		memcpy(text, f->text, sizeof(text));
		audit_say(f, "%.150s%s%" PRIu64 "K in all, the first of them here", text,
			  *text ? ": " : "", sum[i].bytes / 1024);
		ret = audit_push(a, f);
	}
	return ret;
}

static struct audit_finding fact_finding(const struct audit *a, const struct audit_check *check,
					 const struct audit_fact *fact)
{
	struct audit_finding f = audit_found(check, a->vm[fact->vm], "%s", "");

	f.size = fact->size;
	f.shadow = shadow_number(f.vm, fact->shadow);
	f.has_ipa = fact->stage == 2;
	f.has_va = fact->stage == 1;
	f.ipa = f.va = fact->ia;
	if (fact->kind == FACT_UNREADABLE || fact->kind == FACT_GUEST_UNREADABLE) {
		audit_say(&f, "the table at 0x%" PRIx64 ", level %d: %s", fact->word_pa, fact->level,
			  fact->error ? strerror(-fact->error) : "stage 2 forbids reading it");
		return f;
	}
	if (fact->kind == FACT_LIMIT && !fact->word) {
		f.has_ipa = f.has_va = false;
		audit_say(&f, "stage %d was not read to its end", fact->stage);
		return f;
	}
	f.has_word = true;
	f.word_pa = fact->word_pa;
	f.word = fact->word;
	audit_say(&f, "level %d", fact->level);
	return f;
}

int audit_push_facts(struct audit *a, const struct audit_check *check, unsigned int kind)
{
	struct audit_finding f;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < a->nfacts; i++) {
		if (a->fact[i].kind != kind)
			continue;
		f = fact_finding(a, check, &a->fact[i]);
		ret = audit_push(a, &f);
	}
	for (i = 0; !ret && i < a->nvms; i++) {
		if (a->vm[i]->facts[kind] <= FACTS_MAX)
			continue;
		f = audit_found(check, a->vm[i], "and %u more", a->vm[i]->facts[kind] - FACTS_MAX);
		f.count = a->vm[i]->facts[kind] - FACTS_MAX;
		ret = audit_push(a, &f);
	}
	return ret;
}

int audit_push_places(struct audit *a, const struct audit_check *check, const struct audit_vm *vm,
		      enum audit_s1 sort)
{
	const struct audit_places *p = &vm->s1[sort];
	struct audit_finding f;

	if (!p->count)
		return 0;
	f = audit_found(check, vm, "%" PRIu64 " place%s, %" PRIu64 "K in all, the first of them here",
			p->count, p->count == 1 ? "" : "s", p->bytes / 1024);
	f.has_va = f.has_ipa = f.has_word = true;
	f.va = p->va;
	f.ipa = p->ipa;
	f.word_pa = p->word_pa;
	f.word = p->word;
	f.count = p->count;
	return audit_push(a, &f);
}

static int flush(struct audit *a)
{
	size_t i;

	for (i = 0; i <= a->nvms; i++)
		tell(a, &a->pending[i]);
	return a->stopped;
}

static bool wanted(const struct audit *a, const struct audit_group *g)
{
	size_t i;

	for (i = 0; i < g->n; i++)
		if (a->selected >> check_number(&g->check[i]) & 1)
			return true;
	return false;
}

static int run_groups(struct audit *a)
{
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < NGROUPS; i++) {
		if (!wanted(a, groups[i]))
			continue;
		ret = groups[i]->run(a);
		if (!ret)
			ret = flush(a);
	}
	return ret;
}

/* What was not seen of the host is told once, and keeps every VM from being called isolated */
static void spread_unknown(struct audit *a)
{
	size_t i;

	for (i = 0; a->blind && i < a->nvms; i++)
		if (a->vm[i]->verdict < AUDIT_UNKNOWN)
			a->vm[i]->verdict = AUDIT_UNKNOWN;
}

int audit_run(struct audit *a, audit_emit emit, void *arg)
{
	size_t i;
	int ret;

	for (i = 0; i < a->nvms; i++) {
		a->vm[i]->verdict = AUDIT_NOTICE;
		a->vm[i]->agreed = 0;
	}
	memset(a->findings, 0, sizeof(a->findings));
	a->host_verdict = AUDIT_NOTICE;
	a->blind = false;
	a->stopped = 0;
	a->emit = emit;
	a->emit_arg = arg;
	free(a->pending);
	a->pending = calloc(a->nvms + 1, sizeof(*a->pending));
	if (!a->pending)
		return -ENOMEM;
	ret = audit_sort(a->range, a->nranges, sizeof(*a->range));
	for (i = 0; !ret && i < a->nvms; i++)
		ret = audit_sort(a->vm[i]->run, a->vm[i]->nruns, sizeof(*a->vm[i]->run));
	if (!ret)
		ret = audit_sort(a->table, a->ntables, sizeof(*a->table));
	if (!ret)
		ret = audit_sort(a->page, a->npages, sizeof(*a->page));
	if (!ret)
		ret = run_groups(a);
	spread_unknown(a);
	return ret;
}

enum audit_severity audit_verdict(const struct audit *a)
{
	enum audit_severity worst = a->host_verdict;
	size_t i;

	for (i = 0; i < a->nvms; i++)
		if (a->vm[i]->verdict > worst)
			worst = a->vm[i]->verdict;
	return worst;
}
