// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Facts out of tables: one pass of the walker over each. Of stage 2 every leaf is kept, in 56 bytes
 * for as many as lie side by side in one table; of stage 1, which is the guest's own affair, only
 * how often something is there and the first place.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "audit-check.h"
#include "source.h"
#include "walk.h"

/*
 * Invalid words that are not zero (arch/arm64/kvm/hyp/pgtable.c): KVM_INVALID_PTE_LOCKED is bit 10,
 * KVM_INVALID_PTE_OWNER_MASK bits 9:2
 */
#define KVM_LOCKED	(UINT64_C(1) << 10)
#define KVM_OWNER	(UINT64_C(0xff) << 2)

struct collect {
	struct audit *a;
	struct audit_vm *vm;
	uint32_t shadow;		/* as in audit_range */
	const struct mmu *mmu;
	const struct s1_params *half;	/* of stage 1 */
	uint64_t leaves;
};

static int add_fact(struct collect *c, unsigned int kind, const struct visit *v)
{
	struct audit *a = c->a;

	/* All are counted, so that what is left out can be told */
	if (c->vm->facts[kind]++ >= FACTS_MAX)
		return 0;
	if (audit_grow(&a->fact, a->nfacts, &a->fact_room, sizeof(*a->fact)))
		return -ENOMEM;
	a->fact[a->nfacts++] = (struct audit_fact){
		.vm = c->vm->index, .shadow = c->shadow, .kind = kind, .stage = v->stage,
		.level = v->level, .error = v->error, .ia = v->ia, .size = v->size, .word = v->word.lo,
		.word_pa = v->event == VISIT_UNREADABLE ? v->next_pa.v :
							  v->table_pa.v + v->index * 8,
	};
	return 0;
}

/* A walk may end between two parts of a table, where no word stands for what is left out */
static int walk_all(struct collect *c, int stage, uint64_t first, uint64_t last,
		    const struct walk_visitor *visitor)
{
	uint32_t before = c->vm->facts[FACT_LIMIT];
	struct walk_stats stats;
	struct visit rest = { .stage = stage };
	int ret = walk_range(c->mmu, stage, first, last, visitor, &stats);

	if (ret || !stats.limited || c->vm->facts[FACT_LIMIT] != before)
		return ret;
	return add_fact(c, FACT_LIMIT, &rest);
}

/* ---- stage 2 --------------------------------------------------------------------- */

/* What a read-only page of the kernel's image holds: it is the guest's to read, by its IPA */
static uint32_t content_flags(const struct mmu *mmu, uint64_t at, uint64_t guest, uint64_t size)
{
	uint64_t buf[512], done;
	struct ipa from;
	size_t i;

	for (done = 0; done < size; done += sizeof(buf)) {
		from = ipa(guest + done);
		if (mmu->source->ops->read_mem(mmu->source, pa(at + done), &from, buf, sizeof(buf)))
			return RANGE_UNSEEN;
		for (i = 0; i < 512; i++)
			if (buf[i])
				return 0;
	}
	return RANGE_ZERO;
}

static uint32_t range_flags(const struct collect *c, const struct visit *v)
{
	const struct stage_result *leaf = &v->leaf;
	const struct perms *p = &leaf->perms;
	const struct memattr *m = &leaf->attr;
	const struct audit_resource *res;
	uint32_t flags = 0;

	flags |= p->el1.r || p->el0.r ? AUDIT_R : 0;
	flags |= p->el1.w || p->el0.w ? AUDIT_W : 0;
	flags |= p->el1.x || p->el0.x ? AUDIT_X : 0;
	flags |= m->type == MEM_DEVICE ? RANGE_DEVICE : 0;
	flags |= m->type == MEM_NORMAL && m->inner.attr == CACHE_WB && m->outer.attr == CACHE_WB ?
			 RANGE_WB : 0;
	flags |= leaf->contig_mixed ? RANGE_CONTIG_MIXED : 0;
	flags |= leaf->reserved || m->reserved ? RANGE_RESERVED : 0;
	flags |= v->desc.type == DESC_BLOCK ? RANGE_BLOCK : 0;
	flags |= (uint32_t)v->desc.map_shift << RANGE_MAP_SHIFT;
	flags |= (uint32_t)v->desc.memattr << RANGE_MEMATTR_SHIFT;
	if (flags & AUDIT_W || v->size > UINT64_C(1) << 16)
		return flags;
	res = audit_resource_at(c->a, leaf->oa);
	if (res && res->kernel)
		flags |= content_flags(c->mmu, leaf->oa, v->ia, v->size);
	return flags;
}

/*
 * The next words of the same table, or of one that lies behind it in memory. They differ in the output
 * address alone, as each is worked out from the first when it is told.
 */
static bool continues(const struct audit_range *r, const struct audit_range *next)
{
	return r->vm == next->vm && r->shadow == next->shadow && r->flags == next->flags &&
	       r->ipa + r->size == next->ipa && r->pa + r->size == next->pa && r->word + r->size == next->word &&
	       next->word_pa == r->word_pa + (r->size >> range_map_shift(r)) * 8;
}

static int add_leaf(struct collect *c, const struct visit *v)
{
	struct audit *a = c->a;
	struct audit_range next = {
		.pa = v->leaf.oa, .size = v->size, .ipa = v->ia, .vm = c->vm->index,
		.word_pa = v->table_pa.v + v->index * 8, .word = v->word.lo,
		.flags = range_flags(c, v), .shadow = c->shadow,
	};

	c->vm->mapped += c->shadow ? 0 : v->size;
	if (a->nranges && continues(&a->range[a->nranges - 1], &next)) {
		a->range[a->nranges - 1].size += next.size;
		return 0;
	}
	if (audit_grow(&a->range, a->nranges, &a->range_room, sizeof(*a->range)))
		return -ENOMEM;
	a->range[a->nranges++] = next;
	return 0;
}

static int add_table(struct collect *c, const struct audit_table *t)
{
	struct audit *a = c->a;

	if (audit_grow(&a->table, a->ntables, &a->table_room, sizeof(*a->table)))
		return -ENOMEM;
	a->table[a->ntables++] = *t;
	c->vm->tables += !c->shadow;
	return 0;
}

static int add_next(struct collect *c, const struct visit *v)
{
	struct audit_table t = {
		.pa = v->next_pa.v, .word_pa = v->table_pa.v + v->index * 8, .word = v->word.lo,
		.vm = c->vm->index, .shadow = c->shadow, .size = 1u << c->mmu->s2.geo.granule,
	};

	return add_table(c, &t);
}

static unsigned int invalid_kind(const struct visit *v)
{
	if (v->desc.reserved)
		return FACT_RESERVED;
	if (v->word.lo & KVM_LOCKED && !(v->word.lo & ~KVM_LOCKED))
		return FACT_LOCKED;
	if (v->word.lo & KVM_OWNER && !(v->word.lo & ~KVM_OWNER))
		return FACT_ANNOTATED;
	return FACT_INVALID;
}

/* With nT set the CPU may as well translate (FEAT_BBM level 1): it is not known that nobody gets there */
static unsigned int fault_kind(const struct visit *v)
{
	if (v->fault.type == FAULT_ADDRESS_SIZE)
		return FACT_OA;
	return v->desc.nt ? FACT_RESERVED : FACT_FAULT;
}

static int visit_invalid(struct collect *c, const struct visit *v)
{
	unsigned int kind = invalid_kind(v);

	/* What was mapped there, and will be again in a moment, was not seen */
	if (kind == FACT_LOCKED)
		c->vm->changed = c->vm->missed = true;
	return add_fact(c, kind, v);
}

static int visit_stage2(void *arg, const struct visit *v)
{
	struct collect *c = arg;

	switch (v->event) {
	case VISIT_LEAF:
		return add_leaf(c, v);
	case VISIT_TABLE_PRE:
		return add_next(c, v);
	case VISIT_INVALID:
		return visit_invalid(c, v);
	case VISIT_FAULT:
		return add_fact(c, fault_kind(v), v);
	case VISIT_LIMIT:
		return add_fact(c, FACT_LIMIT, v);
	default:
		/* taken away while it was read: a change, not a failure to read */
		if (v->error == -EAGAIN) {
			c->vm->changed = c->vm->missed = true;
			return 0;
		}
		return add_fact(c, FACT_UNREADABLE, v);
	}
}

static int walk_stage2(struct collect *c)
{
	const struct walk_visitor visitor = {
		.events = VISIT_LEAF | VISIT_TABLE_PRE | VISIT_INVALID | VISIT_FAULT | VISIT_LIMIT |
			  VISIT_UNREADABLE,
		.visit = visit_stage2, .arg = c, .runs = true, .max_tables = c->a->max_tables,
	};
	const struct geometry *g = &c->mmu->s2.geo;
	struct audit_table root = {
		.pa = g->root, .vm = c->vm->index, .shadow = c->shadow, .size = geometry_root_tables(g) << g->granule,
	};
	uint64_t first, last;
	int ret = walk_bounds(c->mmu, 2, 0, &first, &last);

	if (!ret)
		ret = add_table(c, &root);
	return ret ? ret : walk_all(c, 2, first, last, &visitor);
}

int audit_stage2(struct audit *a, struct audit_vm *vm, const struct mmu *mmu)
{
	struct collect c = { .a = a, .vm = vm, .mmu = mmu };

	vm->mmu = *mmu;
	vm->has_mmu = true;
	return walk_stage2(&c);
}

int audit_shadow(struct audit *a, struct audit_vm *vm, size_t shadow, const struct mmu *mmu)
{
	struct mmu own = *mmu;
	struct collect c = { .a = a, .vm = vm, .mmu = &own, .shadow = shadow + 1 };

	/* In registers that a vCPU has, and it runs with the same ones whichever stage 2 it has loaded */
	if (vm->has_mmu) {
		own.s2.fwb = vm->mmu.s2.fwb;
		own.features = vm->mmu.features;
	}
	return walk_stage2(&c);
}

struct audit_mark audit_mark(const struct audit *a, const struct audit_vm *vm)
{
	struct audit_mark mark = {
		.nranges = a->nranges, .ntables = a->ntables, .nfacts = a->nfacts,
		.nunread = a->nunread, .mapped = vm->mapped, .tables = vm->tables,
		.changed = vm->changed, .missed = vm->missed,
	};

	memcpy(mark.facts, vm->facts, sizeof(mark.facts));
	return mark;
}

void audit_undo(struct audit *a, struct audit_vm *vm, const struct audit_mark *mark)
{
	a->nranges = mark->nranges;
	a->ntables = mark->ntables;
	a->nfacts = mark->nfacts;
	a->nunread = mark->nunread;
	memcpy(vm->facts, mark->facts, sizeof(mark->facts));
	vm->mapped = mark->mapped;
	vm->tables = mark->tables;
	vm->changed = mark->changed;
	vm->missed = mark->missed;
}

/* ---- stage 1 --------------------------------------------------------------------- */

static void add_place(struct collect *c, enum audit_s1 sort, const struct visit *v)
{
	struct audit_places *p = &c->vm->s1[sort];

	if (!p->count++) {
		p->va = v->ia;
		p->ipa = v->leaf.oa;
		p->word_pa = v->table_pa.v + v->index * 8;
		p->word = v->word.lo;
	}
	p->bytes += v->size;
}

static int add_span(struct audit_span **span, size_t *n, size_t *room,
		    const struct audit_span *next)
{
	struct audit_span *last = *n ? &(*span)[*n - 1] : NULL;

	if (last && last->first + last->size == next->first) {
		last->size += next->size;
		return 0;
	}
	if (audit_grow(span, *n, room, sizeof(**span)))
		return -ENOMEM;
	(*span)[(*n)++] = *next;
	return 0;
}

static int s1_leaf(struct collect *c, const struct visit *v)
{
	const struct perms *p = &v->leaf.perms;
	const struct audit_span span = {
		.first = v->leaf.oa, .size = v->size, .va = v->ia,
		.word_pa = v->table_pa.v + v->index * 8, .word = v->word.lo,
	};
	bool el0 = p->el0.r || p->el0.w || p->el0.x;

	c->leaves++;
	if (p->el1.w && p->el1.x)
		add_place(c, AUDIT_S1_WX_KERNEL, v);
	if (p->el0.w && p->el0.x)
		add_place(c, AUDIT_S1_WX_USER, v);
	if (c->half->geo.upper && el0)
		add_place(c, AUDIT_S1_KERNEL_EL0, v);
	if (!c->half->geo.upper && el0 && !v->leaf.ng)
		add_place(c, AUDIT_S1_GLOBAL_USER, v);
	if (v->leaf.contig_mixed)
		add_place(c, AUDIT_S1_CONTIG, v);
	if (!p->el0.w)
		return 0;
	return add_span(&c->vm->s1_write, &c->vm->ns1_writes, &c->vm->s1_write_room, &span);
}

static int s1_table(struct collect *c, const struct visit *v)
{
	const struct audit_span span = {
		.first = v->next_pa.v, .size = UINT64_C(1) << c->half->geo.granule, .va = v->ia,
		.word_pa = v->table_pa.v + v->index * 8, .word = v->word.lo,
	};

	return add_span(&c->vm->s1_table, &c->vm->ns1_tables, &c->vm->s1_table_room, &span);
}

static int visit_stage1(void *arg, const struct visit *v)
{
	struct collect *c = arg;

	switch (v->event) {
	case VISIT_LEAF:
		return s1_leaf(c, v);
	case VISIT_TABLE_PRE:
		return s1_table(c, v);
	case VISIT_LIMIT:
		return add_fact(c, FACT_LIMIT, v);
	default:
		/* A table that stage 2 does not map is one that the hardware cannot read either */
		return v->error ? add_fact(c, FACT_GUEST_UNREADABLE, v) : 0;
	}
}

int audit_stage1(struct audit *a, struct audit_vm *vm, size_t vcpu, int half)
{
	struct audit_vcpu *cpu = &vm->vcpu[vcpu];
	struct collect c = { .a = a, .vm = vm, .mmu = &cpu->mmu, .half = &cpu->mmu.s1[half] };
	const struct walk_visitor visitor = {
		.events = VISIT_LEAF | VISIT_TABLE_PRE | VISIT_LIMIT | VISIT_UNREADABLE,
		.visit = visit_stage1, .arg = &c, .max_tables = a->max_tables,
	};
	const struct audit_span root = {
		.first = c.half->geo.root, .size = UINT64_C(1) << c.half->geo.granule,
	};
	uint64_t first, last;
	size_t i;
	int ret;

	ret = walk_bounds(c.mmu, 1, half, &first, &last);
	if (ret)
		return ret == -ENOENT ? 0 : ret;
	ret = add_span(&vm->s1_table, &vm->ns1_tables, &vm->s1_table_room, &root);
	if (!ret)
		ret = walk_all(&c, 1, first, last, &visitor);
	for (i = 0; !ret && !half && i < vm->nvcpus; i++)
		if (vm->vcpu[i].mmu.s1[0].geo.root == c.half->geo.root)
			vm->vcpu[i].lower_empty = !c.leaves;
	return ret;
}

/* Guest page tables that the guest's own EL0 may write: both lists by IPA, side by side */
void audit_stage1_end(struct audit *a, struct audit_vm *vm)
{
	struct audit_places *p = &vm->s1[AUDIT_S1_TABLE_EL0];
	size_t t, w = 0, i;

	(void)a;
	if (audit_sort(vm->s1_table, vm->ns1_tables, sizeof(*vm->s1_table)) ||
	    audit_sort(vm->s1_write, vm->ns1_writes, sizeof(*vm->s1_write)))
		return;
	for (t = 0; t < vm->ns1_tables; t++) {
		const struct audit_span *table = &vm->s1_table[t];

		while (w < vm->ns1_writes &&
		       vm->s1_write[w].first + vm->s1_write[w].size <= table->first)
			w++;
		for (i = w; i < vm->ns1_writes; i++) {
			const struct audit_span *write = &vm->s1_write[i];

			if (write->first >= table->first + table->size)
				break;
			if (write->first + write->size <= table->first)
				continue;
			if (!p->count++) {
				p->ipa = table->first > write->first ? table->first : write->first;
				p->va = write->va + (p->ipa - write->first);
				p->word_pa = write->word_pa;
				p->word = write->word;
			}
			p->bytes += table->size;
		}
	}
	vm->ns1_tables = vm->ns1_writes = 0;
}
