// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the host's physical addresses are: /proc/iomem as stretches, each with the names from the
 * outermost resource down to the innermost.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit-check.h"

/* Resources inside resources; Linux has about six */
#define DEPTH_MAX	32

struct entry {
	uint64_t first, last;
	unsigned int depth;
	char name[96];
};

struct parse {
	struct audit *a;
	struct entry *entry;
	size_t n, room;
	size_t out, out_room;
};

/* "  40000000-7fffffff : System RAM", two blanks a level */
static bool parse_line(const char *line, struct entry *e)
{
	size_t blanks = strspn(line, " "), n;
	int at = 0;

	*e = (struct entry){ .depth = blanks / 2 };
	if (sscanf(line + blanks, "%" SCNx64 "-%" SCNx64 " : %n", &e->first, &e->last, &at) < 2 ||
	    !at || e->last < e->first || e->depth > DEPTH_MAX)
		return false;
	line += blanks + at;
	n = strcspn(line, "\n");
	if (n >= sizeof(e->name))
		n = sizeof(e->name) - 1;
	memcpy(e->name, line, n);
	return true;
}

static int read_entries(struct parse *p, const char *text)
{
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		if (audit_grow(&p->entry, p->n, &p->room, sizeof(*p->entry)))
			return -ENOMEM;
		if (!parse_line(text, &p->entry[p->n]))
			return -EPROTO;
		p->n++;
	}
	return p->n ? 0 : -EPROTO;
}

/* To a reader without CAP_SYS_ADMIN every address is 0 */
static bool withheld(const struct parse *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->entry[i].last)
			return false;
	return true;
}

/* Memory that the kernel gives out: also what was hotplugged ("System RAM (kmem)") */
static bool is_ram(const char *name)
{
	return !strncmp(name, "System RAM", 10) || !strncmp(name, "Persistent Memory", 17);
}

static int emit(struct parse *p, const struct audit_resource *self, uint64_t first, uint64_t last)
{
	struct audit_resource *r;

	if (audit_grow(&p->a->resource, p->out, &p->out_room, sizeof(*r)))
		return -ENOMEM;
	r = &p->a->resource[p->out++];
	*r = *self;
	r->first = first;
	r->last = last;
	return 0;
}

/* The stretches of entry @i that no entry inside it has, and those inside; *next: behind them all */
static int flatten(struct parse *p, size_t i, const struct audit_resource *outer, size_t *next)
{
	const struct entry e = p->entry[i];
	struct audit_resource self = *outer;
	uint64_t at = e.first;
	char name[256];
	bool full = false;
	int ret = 0;

	snprintf(name, sizeof(name), "%.150s%s%s", outer->name, *outer->name ? ": " : "", e.name);
	self.name = audit_keep(p->a, name);
	if (!self.name)
		return -ENOMEM;
	self.ram |= is_ram(e.name);
	self.kernel |= !strncmp(e.name, "Kernel ", 7);
	self.reserved |= !strcasecmp(e.name, "reserved");
	self.vfio |= !!strstr(e.name, "vfio");
	self.pci |= !strncmp(e.name, "PCI ", 4);
	for (i++; !ret && i < p->n && p->entry[i].depth > e.depth;) {
		const struct entry in = p->entry[i];

		/* Siblings come in order and inside their parent; what does not is left out */
		if (full || in.first < at || in.last > e.last) {
			i++;
			continue;
		}
		if (in.first > at)
			ret = emit(p, &self, at, in.first - 1);
		if (!ret)
			ret = flatten(p, i, &self, &i);
		at = in.last + 1;
		full = in.last == e.last;
	}
	*next = i;
	return ret || full ? ret : emit(p, &self, at, e.last);
}

int audit_add_iomem(struct audit *a, const char *text)
{
	const struct audit_resource none = { .name = "" };
	struct parse p = { .a = a };
	size_t i = 0;
	int ret = read_entries(&p, text);

	if (!ret && withheld(&p))
		ret = -EACCES;
	while (!ret && i < p.n)
		ret = flatten(&p, i, &none, &i);
	free(p.entry);
	if (ret)
		return ret;
	a->nresources = p.out;
	a->has_resources = true;
	return audit_sort(a->resource, a->nresources, sizeof(*a->resource));
}

/* How many begin at or below @pa */
static size_t resources_to(const struct audit *a, uint64_t pa)
{
	size_t low = 0, high = a->nresources, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (a->resource[mid].first <= pa)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const struct audit_resource *audit_resource_at(const struct audit *a, uint64_t pa)
{
	size_t n = resources_to(a, pa);

	return n && pa <= a->resource[n - 1].last ? &a->resource[n - 1] : NULL;
}

uint64_t audit_resource_end(const struct audit *a, uint64_t pa)
{
	size_t n = resources_to(a, pa);

	if (n && pa <= a->resource[n - 1].last)
		return a->resource[n - 1].last < ~UINT64_C(0) ? a->resource[n - 1].last + 1 : ~UINT64_C(0);
	return n < a->nresources ? a->resource[n].first : ~UINT64_C(0);
}

bool audit_is_memory(const struct audit *a, const struct audit_range *r, uint64_t pa)
{
	const struct audit_resource *res = audit_resource_at(a, pa);

	return a->has_resources ? res && res->ram : !(r->flags & RANGE_DEVICE);
}

/* KVM_VGIC_V2_CPU_SIZE (arch/arm64/include/uapi/asm/kvm.h) */
#define GICV_SIZE	UINT64_C(0x2000)

static bool behind_bus(const struct audit *a, uint64_t pa)
{
	const struct audit_resource *res = audit_resource_at(a, pa);

	return res && (res->pci || res->vfio);
}

/*
 * KVM maps nothing else outside of every slot (vgic_v2_map_resources(), kvm_phys_addr_ioremap()), and
 * that by whole pages
 */
bool audit_is_gicv(const struct audit *a, const struct audit_range *r)
{
	const struct audit_vm *vm = a->vm[r->vm];
	uint64_t page = UINT64_C(1) << range_map_shift(r), next;

	if (r->shadow || !vm->has_slots || !(r->flags & RANGE_DEVICE) || r->flags & RANGE_BLOCK ||
	    r->size > (page > GICV_SIZE ? page : GICV_SIZE))
		return false;
	if (audit_slot_at(vm, r->ipa, &next) || next < r->ipa + r->size)
		return false;
	return !behind_bus(a, r->pa) && !behind_bus(a, r->pa + r->size - 1);
}
