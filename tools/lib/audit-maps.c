// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Memory of the host that a guest must not have: stage-2 tables, tables and image of the host's
 * kernel, its modules. What is forbidden and what is mapped are both sorted by PA, and gone through
 * side by side.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "audit-check.h"

enum { STAGE2_TABLE, HOST_PAGE, IMAGE, ZERO_PAGE, RESERVED };

static const struct audit_check checks[] = {
	[STAGE2_TABLE] = { "maps-stage2-table", AUDIT_VIOLATED,
			   "A guest maps memory that holds a stage-2 table." },
	[HOST_PAGE] = { "maps-host-memory", AUDIT_VIOLATED,
			"A guest maps a translation table of the host or memory of one of its modules." },
	[IMAGE] = { "maps-kernel-image", AUDIT_VIOLATED,
		    "A guest maps text, rodata or data of the host's kernel." },
	[ZERO_PAGE] = { "zero-page", AUDIT_SHARED,
			"The host kernel's page of zeros, read-only, behind memory never written." },
	[RESERVED] = { "maps-reserved", AUDIT_NOTICE,
		       "A guest maps memory that was reserved at boot; it may have been given back since." },
};

/* What of [@pa, @pa + @size) lies in the range: from where, and how much */
static uint64_t common(const struct audit_range *r, uint64_t pa, uint64_t size, uint64_t *from)
{
	uint64_t end = r->pa + r->size < pa + size ? r->pa + r->size : pa + size;

	*from = r->pa > pa ? r->pa : pa;
	return end > *from ? end - *from : 0;
}

static int tables(struct audit *a)
{
	const struct audit_range *r;
	const struct audit_table *t;
	struct audit_finding f;
	uint64_t from, size;
	size_t i, j, at = 0;
	int ret = 0;

	for (i = 0; !ret && i < a->nranges; i++) {
		r = &a->range[i];
		while (at < a->ntables && a->table[at].pa + a->table[at].size <= r->pa)
			at++;
		for (j = at; !ret && j < a->ntables && a->table[j].pa < r->pa + r->size; j++) {
			t = &a->table[j];
			size = common(r, t->pa, t->size, &from);
			if (!size)
				continue;
			f = audit_found_in(a, &checks[STAGE2_TABLE], r, from, size);
			f.other = a->vm[t->vm];
			audit_say(&f, "a stage-2 table of VM %s", f.other->name);
			if (audit_in_motion(f.vm) || audit_may_be_gone(a, t))
				f.severity = AUDIT_UNKNOWN;
			ret = audit_push(a, &f);
		}
	}
	return ret;
}

static int host_pages(struct audit *a)
{
	const struct audit_host_page *p;
	const struct audit_range *r;
	struct audit_finding f;
	uint64_t from, size;
	size_t i, j, at = 0;
	int ret = 0;

	for (i = 0; !ret && i < a->nranges; i++) {
		r = &a->range[i];
		while (at < a->npages && a->page[at].pa + a->page[at].size <= r->pa)
			at++;
		for (j = at; !ret && j < a->npages && a->page[j].pa < r->pa + r->size; j++) {
			p = &a->page[j];
			size = common(r, p->pa, p->size, &from);
			if (!size)
				continue;
			f = audit_found_in(a, &checks[HOST_PAGE], r, from, size);
			f.who = p->what;
			audit_say(&f, "%s", p->what);
			ret = audit_push(a, &f);
		}
	}
	return ret;
}

struct image {
	struct audit *a;
	struct audit_sum *reserved;
	uint64_t zero;		/* the page that was taken for the kernel's page of zeros; NO_PAGE */
};

#define NO_PAGE		(~UINT64_C(0))

/*
 * A page of zeros that the guest cannot write tells it nothing. It is in bss, or where it is const in
 * rodata, which arm64 counts as "Kernel code". The kernel has one; another that holds
 * zeros now may hold something else in a moment.
 */
static int zeros(struct image *im, const struct audit_range *r, const struct audit_resource *res,
		 uint64_t from, uint64_t size)
{
	uint64_t page = UINT64_C(1) << range_map_shift(r), part = size;
	struct audit_finding f;
	int ret = 0;

	if (im->zero == NO_PAGE)
		im->zero = from & ~(page - 1);
	if (from - im->zero < page) {
		part = page - (from - im->zero) < size ? page - (from - im->zero) : size;
		f = audit_found_in(im->a, &checks[ZERO_PAGE], r, from, part);
		f.who = res->name;
		audit_say(&f, "the host kernel's zero page: a page of zeros, read-only");
		ret = audit_push(im->a, &f);
		from += part;
		part = size - part;
	}
	if (ret || !part)
		return ret;
	f = audit_found_in(im->a, &checks[IMAGE], r, from, part);
	f.severity = AUDIT_UNKNOWN;
	f.who = res->name;
	audit_say(&f, "read-only, and zeros by now, but the page of zeros is at 0x%" PRIx64, im->zero);
	return audit_push(im->a, &f);
}

static int image_part(struct image *im, const struct audit_range *r, const struct audit_resource *res,
		      uint64_t from, uint64_t size)
{
	int check = res->kernel ? IMAGE : RESERVED;
	struct audit_finding f;

	if (res->kernel && r->flags & RANGE_ZERO)
		return zeros(im, r, res, from, size);
	f = audit_found_in(im->a, &checks[check], r, from, size);
	f.who = res->name;
	audit_say(&f, "%s", res->name);
	if (check == IMAGE && r->flags & RANGE_UNSEEN) {
		f.severity = AUDIT_UNKNOWN;
		audit_say(&f, "read-only, and it could not be read whether it is the page of zeros");
	}
	if (check != RESERVED)
		return audit_push(im->a, &f);
	audit_sum_add(im->reserved, &f);
	return 0;
}

/* By PA, so that of several pages of zeros the same one is the first for all VMs */
static int image(struct audit *a, struct audit_sum *reserved)
{
	struct image im = { a, reserved, NO_PAGE };
	const struct audit_resource *res;
	const struct audit_range *r;
	uint64_t from, size;
	size_t i, j, at = 0;
	int ret = 0;

	for (i = 0; !ret && i < a->nranges; i++) {
		r = &a->range[i];
		while (at < a->nresources && a->resource[at].last < r->pa)
			at++;
		for (j = at; !ret && j < a->nresources; j++) {
			res = &a->resource[j];
			if (res->first >= r->pa + r->size)
				break;
			if (!res->kernel && !(res->reserved && res->ram))
				continue;
			size = common(r, res->first, res->last - res->first + 1, &from);
			if (size)
				ret = image_part(&im, r, res, from, size);
		}
	}
	return ret;
}

static int run(struct audit *a)
{
	struct audit_sum *reserved = calloc(a->nvms + 1, sizeof(*reserved));
	int ret = reserved ? tables(a) : -ENOMEM;

	if (!ret)
		ret = host_pages(a);
	if (!ret)
		ret = image(a, reserved);
	if (!ret)
		ret = audit_sum_push(a, reserved);
	free(reserved);
	return ret;
}

const struct audit_group audit_maps = AUDIT_GROUP(checks, run);
