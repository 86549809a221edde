/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside the audit: what its checks share. Each audit-*.c is a group of checks: a table of them and
 * one function, which goes over the facts and calls audit_push() for what it finds.
 */
#ifndef MMUSCOPE_AUDIT_CHECK_H
#define MMUSCOPE_AUDIT_CHECK_H

#include "audit.h"

struct visit;

/* audit_range.flags */
#define RANGE_RIGHTS		0x7u		/* AUDIT_R, AUDIT_W, AUDIT_X */
#define RANGE_DEVICE		(1u << 3)	/* Device memory */
#define RANGE_WB		(1u << 4)	/* Normal, Write-Back inside and outside */
#define RANGE_CONTIG_MIXED	(1u << 5)	/* Contiguous, and the run's words disagree */
#define RANGE_RESERVED		(1u << 6)	/* a reserved encoding: attributes are a guess */
#define RANGE_ZERO		(1u << 7)	/* pages of the kernel's image that hold zeros only */
#define RANGE_BLOCK		(1u << 8)
#define RANGE_UNSEEN		(1u << 9)	/* such a page that could not be read */
#define RANGE_MAP_SHIFT		16		/* 6 bits: log2 of what each word maps */
#define RANGE_MEMATTR_SHIFT	24		/* 4 bits: MemAttr[3:0] */

static inline unsigned int range_map_shift(const struct audit_range *r)
{
	return r->flags >> RANGE_MAP_SHIFT & 63;
}

/* Was what was read of @vm there at one time, and when the others were read? */
static inline bool audit_in_motion(const struct audit_vm *vm)
{
	return vm->changed || vm->moved;
}

/*
 * May the table be another's by now, though the VM's count of what KVM took away stands still? A shadow's
 * goes by TLBI of the guest hypervisor, too. On a host that runs, a second reading tells.
 */
static inline bool audit_may_be_gone(const struct audit *a, const struct audit_table *t)
{
	return audit_in_motion(a->vm[t->vm]) || (t->shadow && !a->again);
}

/* audit_fact.kind */
enum {
	FACT_UNREADABLE,
	FACT_GUEST_UNREADABLE,	/* of stage 1 */
	FACT_FAULT,
	FACT_OA,		/* beyond the output size */
	FACT_LIMIT,
	FACT_LOCKED,		/* KVM's mark of break-before-make */
	FACT_ANNOTATED,		/* KVM's mark of an owner */
	FACT_INVALID,		/* any other word that is invalid and not zero */
	FACT_RESERVED,		/* a reserved encoding of a descriptor's type, or nT */
	FACT_KINDS,
};

/* Facts of one kind that are kept of a VM; a hostile table has millions */
#define FACTS_MAX	1000

/* A group of checks */
struct audit_group {
	const struct audit_check *check;
	size_t n;
	int (*run)(struct audit *a);
};

#define AUDIT_GROUP(checks, fn)	{ (checks), sizeof(checks) / sizeof((checks)[0]), (fn) }

/* Of the host: may what this check was not shown be mapped in any VM? */
bool audit_bears_on_all(const struct audit_check *check);

extern const struct audit_group audit_overlap, audit_maps, audit_vmm, audit_device, audit_tags,
	audit_controls, audit_rights, audit_structure, audit_unknown;

/* An empty finding of a check of @vm (NULL: the host), with its text */
struct audit_finding audit_found(const struct audit_check *check, const struct audit_vm *vm,
				 const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* The same on [@from, @from + @size) of a range, by PA, with IPA, rights and table word */
struct audit_finding audit_found_in(const struct audit *a, const struct audit_check *check,
				    const struct audit_range *r, uint64_t from, uint64_t size);
void audit_say(struct audit_finding *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/*
 * Hand out a finding; one that goes on where the last of the same VM ended becomes a part of that.
 * 0, or what the caller of audit_run() said.
 */
int audit_push(struct audit *a, const struct audit_finding *f);

/*
 * What is told once a VM: @sum, nvms of them and at first all zero, keeps the first finding of each
 * and adds up the bytes.
 */
struct audit_sum {
	struct audit_finding first;
	uint64_t bytes;
};

void audit_sum_add(struct audit_sum *sum, const struct audit_finding *f);
int audit_sum_push(struct audit *a, struct audit_sum *sum);

/* A finding of each fact of one kind */
int audit_push_facts(struct audit *a, const struct audit_check *check, unsigned int kind);
/* One finding of all places of stage 1 of one sort, if there are any */
int audit_push_places(struct audit *a, const struct audit_check *check, const struct audit_vm *vm,
		      enum audit_s1 sort);

/* The resource that holds @pa, or NULL */
const struct audit_resource *audit_resource_at(const struct audit *a, uint64_t pa);
/* Where beyond @pa, at the earliest, there is another one, or none */
uint64_t audit_resource_end(const struct audit *a, uint64_t pa);
/* Is @pa memory? By the resources, or where they are not known by how the range is mapped */
bool audit_is_memory(const struct audit *a, const struct audit_range *r, uint64_t pa);
/* Can the range be the virtual CPU interface of a GICv2? */
bool audit_is_gicv(const struct audit *a, const struct audit_range *r);

/*
 * Sort @n elements of @size bytes that begin with a 64-bit key, by that key. The cost is linear:
 * comparing costs more than moving where there are millions. 0 or -ENOMEM.
 */
int audit_sort(void *base, size_t n, size_t size);

/* A copy of @text, the same one for the same text, freed with @a; NULL: no memory */
const char *audit_keep(struct audit *a, const char *text);

/* Room for one more element of an array */
int audit_grow(void *array, size_t n, size_t *room, size_t size);

#endif /* MMUSCOPE_AUDIT_CHECK_H */
