// SPDX-License-Identifier: GPL-2.0-only
/*
 * A VM with all its contexts of translation.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "source.h"
#include "view.h"
#include "vm-tables.h"
#include "walk.h"

static int trouble(struct vm_tables *v, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int trouble(struct vm_tables *v, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(v->trouble, sizeof(v->trouble), fmt, ap);
	va_end(ap);
	return err;
}

void vm_ref_name(const struct ctx *ctx, const struct vm_ref *ref, char *buf)
{
	const char *host = strrchr(ref->host->name, '/');

	host = host ? host + 1 : ref->host->name;
	if (ctx->nhosts > 1)
		snprintf(buf, VM_NAME, "%.150s:%s", *host ? host : "live", ref->vm.dir);
	else
		snprintf(buf, VM_NAME, "%s", ref->vm.dir);
}

/* ---- stage 1 --------------------------------------------------------------------------------- */

/*
 * Do two vCPUs translate a half alike? Linux loads the same TTBR1 on all of them; of the rest, what
 * bears on a leaf's meaning is compared. The ASID is not: it is a tag.
 */
static bool same_half(const struct mmu *a, const struct mmu *b, int half)
{
	const struct geometry *g = &a->s1[half].geo, *h = &b->s1[half].geo;

	return g->root == h->root && g->format == h->format && g->granule == h->granule &&
	       g->ia_bits == h->ia_bits && g->start_level == h->start_level &&
	       g->big_endian == h->big_endian && a->mair == b->mair && a->mair2 == b->mair2 &&
	       a->pir == b->pir && a->pire0 == b->pire0 && a->por_el1 == b->por_el1 &&
	       a->por_el0 == b->por_el0 && a->wxn == b->wxn && a->dcache == b->dcache &&
	       a->s1[half].hpd == b->s1[half].hpd;
}

static void add_half(struct vm_tables *v, const struct vm_vcpu *vcpu, int half)
{
	uint64_t first, last;
	size_t i;

	if (walk_bounds(&vcpu->mmu, 1, half, &first, &last))
		return;
	for (i = 0; i < v->nhalves; i++)
		if (v->half[i].half == half && same_half(&v->half[i].vcpu->mmu, &vcpu->mmu, half))
			return;
	v->half[v->nhalves++] = (struct vm_half){ vcpu, half };
}

static int open_halves(struct vm_tables *v)
{
	size_t i;

	v->half = calloc(2 * v->nvcpus + 1, sizeof(*v->half));
	if (!v->half)
		return trouble(v, -ENOMEM, "%s", strerror(ENOMEM));
	for (i = 0; i < v->nvcpus; i++) {
		add_half(v, &v->vcpu[i], 0);
		if (v->vcpu[i].mmu.two_halves)
			add_half(v, &v->vcpu[i], 1);
	}
	return 0;
}

/* A vCPU that never ran has no stage 1; one that could not be read is counted */
static void open_vcpu(struct vm_tables *v, unsigned int n)
{
	struct vm_vcpu *vcpu = &v->vcpu[v->nvcpus];
	const struct mmu_options opt = { .other = v->t.other };
	const char *reason = "";
	int ret;

	v->t.vcpu = n;
	vcpu->vcpu = n;
	ret = target_vcpu_regs(&v->t, &vcpu->regs);
	if (ret == -ENODATA)
		return;
	if (ret == -EOPNOTSUPP)
		trouble(v, ret, "vCPU %u has EL2: stage 1 there and of its guests was not looked at", n);
	else if (ret)
		trouble(v, ret, "registers of vCPU %u: %s", n, live_error_text(ret));
	else if (mmu_init(&vcpu->mmu, REGIME_EL10, &vcpu->regs, v->t.src, &opt, &reason))
		ret = trouble(v, -EINVAL, "vCPU %u: the registers do not make a translation regime: %s",
			      n, reason);
	if (ret)
		v->unread++;
	else
		v->nvcpus++;
}

/* ---- stage 2 --------------------------------------------------------------------------------- */

/* By the registers of a vCPU that ran, which have HCR_EL2 too; else by what KVM composed */
static int open_stage2(struct vm_tables *v)
{
	const struct mmu_options opt = { .other = v->t.other };
	const char *reason = "";
	struct regs regs;
	unsigned int i;

	for (i = 0; i < v->t.vm.vcpus; i++) {
		v->t.vcpu = i;
		if (!target_stage2_regs(&v->t, &regs))
			break;
	}
	if (i == v->t.vm.vcpus)
		live_regs_of_vm(&v->t.vm, &regs);
	if (mmu_init(&v->stage2, REGIME_EL10, &regs, v->t.src, &opt, &reason))
		return trouble(v, -EINVAL, "the registers do not make a translation regime: %s", reason);
	return 0;
}

static int load_stage2(struct vm_tables *v)
{
	int ret = v->t.host->ops->load_stage2(v->t.host, &v->t.vm, v->t.src, &v->stream);

	return ret ? trouble(v, ret, "stage 2: %s", live_error_text(ret)) : 0;
}

int vm_tables_open(const struct ctx *ctx, const struct vm_ref *ref, bool stage1,
		   struct vm_tables *v)
{
	unsigned int i;
	int ret;

	memset(v, 0, sizeof(*v));
	vm_ref_name(ctx, ref, v->name);
	if (ref->vm.error)
		return trouble(v, ref->vm.error, "%s", live_error_text(ref->vm.error));
	if (ref->vm.stage2 == STAGE2_HIDDEN)
		return trouble(v, -EPERM, "stage 2 is hidden from the host (protected KVM)");
	ret = target_of(ctx, ref, &v->t);
	if (ret)
		return trouble(v, ret, "%s", live_error_text(ret));
	ret = open_stage2(v);
	if (!ret)
		ret = load_stage2(v);
	if (ret || !stage1)
		return ret;
	v->vcpu = calloc(v->t.vm.vcpus + 1, sizeof(*v->vcpu));
	if (!v->vcpu)
		return trouble(v, -ENOMEM, "%s", strerror(ENOMEM));
	for (i = 0; i < v->t.vm.vcpus; i++)
		open_vcpu(v, i);
	return open_halves(v);
}

int vm_tables_files(struct ctx *ctx, struct vm_tables *v)
{
	int ret;

	memset(v, 0, sizeof(*v));
	snprintf(v->name, sizeof(v->name), "files");
	v->vcpu = calloc(1, sizeof(*v->vcpu));
	if (!v->vcpu)
		return fail(ST_UNREADABLE, "%s", strerror(ENOMEM));
	ret = target_open(ctx, 0, NULL, &v->t);
	if (!ret)
		ret = target_mmu(ctx, &v->t, OF_VA, 0, &v->vcpu->regs, &v->vcpu->mmu);
	if (ret)
		return ret;
	v->nvcpus = 1;
	v->stage2 = v->vcpu->mmu;
	return open_halves(v) ? fail(ST_UNREADABLE, "%s", v->trouble) : 0;
}

void vm_tables_close(struct vm_tables *v)
{
	target_close(&v->t);
	free(v->vcpu);
	free(v->half);
	v->vcpu = NULL;
	v->half = NULL;
}

bool vm_ended(int err)
{
	return err == -ESTALE || err == -ENOENT;
}

int vm_tables_each(struct ctx *ctx, const struct vm_ref *refs, size_t n, bool stage1,
		   int (*fn)(void *arg, const struct vm_tables *v), void *arg, uint64_t *unknown)
{
	struct vm_tables v;
	size_t i;
	int err, ret = 0;

	for (i = 0; !ret && i < n; i++) {
		err = vm_tables_open(ctx, &refs[i], stage1, &v);
		if (!err) {
			ret = fn(arg, &v);
		} else if (!vm_ended(err)) {
			ctx->view->ops->vm_trouble(ctx->view, v.name, v.trouble);
			++*unknown;
		}
		vm_tables_close(&v);
	}
	return ret;
}
