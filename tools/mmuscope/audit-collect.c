// SPDX-License-Identifier: GPL-2.0-only
/*
 * The facts of an audit, from a host. Nothing here ends an audit but a lack of memory: what cannot
 * be read is a fact as well.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mmuscope.h>

#include "audit-collect.h"
#include "backing.h"
#include "cmd.h"
#include "regs.h"
#include "snapshot.h"
#include "source.h"
#include "vm-tables.h"
#include "walk.h"

/* Times that a VM is read again when its tables changed meanwhile */
#define TRIES	5

/* ---- a VM ------------------------------------------------------------------------------------ */

static int collect_slots(struct collected *c, struct audit_vm *vm)
{
	struct live_slot *slots;
	size_t n;
	int ret = live_slots(c->host, &vm->live, &slots, &n);

	if (ret)
		return audit_add_unread(&c->audit, vm, "unread-slots", "memory slots: %s",
					live_error_text(ret));
	ret = audit_add_slots(vm, slots, n);
	free(slots);
	return ret;
}

/* This machine as it is now, and no tree of files that were captured */
static bool is_running(const struct host *h)
{
	return h->live && !*h->name;
}

static bool has_el2(struct host *h, const struct live_vm *vm)
{
	char context[16], *text;
	unsigned int i;
	bool has = false;
	size_t len;
	int err;

	for (i = 0; !has && i < vm->vcpus; i++) {
		text = live_vcpu_regs(h, vm, i, &len, &err);
		has = text && live_text(text, "# context", context, sizeof(context));
		free(text);
	}
	return has;
}

/* What was captured, or kept by another program, may lack the file */
static bool lost_shadows(struct host *h, const struct live_vm *vm)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/kernel/debug/" MMUSCOPE_DIR "/vm/%s/nested", vm->dir);
	return !is_running(h) && !h->ops->has_file(h, path) && has_el2(h, vm);
}

static int collect_shadows(struct collected *c, struct audit_vm *vm)
{
	int ret = live_shadows(c->host, &vm->live, &vm->shadow, &vm->nshadows);

	/* which read_shadows() tells, where there is a stage 2 at all */
	if (ret)
		return ret == -ENOMEM ? ret : 0;
	if (!vm->nshadows && lost_shadows(c->host, &vm->live))
		return audit_add_unread(&c->audit, vm, "unread-nested",
					"it has EL2, and which stage 2 there are for its guests was not captured");
	return 0;
}

static int collect_vcpus(struct collected *c, struct audit_vm *vm, const struct vm_tables *v)
{
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < v->nvcpus; i++)
		ret = audit_add_vcpu(vm, v->vcpu[i].vcpu, &v->vcpu[i].regs, &v->vcpu[i].mmu);
	if (ret || !v->unread)
		return ret;
	return audit_add_unread(&c->audit, vm, "unread-registers", "%s", v->trouble);
}

static int collect_stage1(struct collected *c, struct audit_vm *vm, const struct vm_tables *v)
{
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < v->nhalves; i++)
		ret = audit_stage1(&c->audit, vm, v->half[i].vcpu - v->vcpu, v->half[i].half);
	audit_stage1_end(&c->audit, vm);
	return ret;
}

#define NO_SHADOW	SIZE_MAX

/*
 * What is behind a word that is in a break-before-make is known once that is over. Tables that changed
 * otherwise are read again as well, but the VM's own were (open_quiet()). Those that cannot be read again are
 * judged as they were read.
 */
static int read_stage2(struct collected *c, struct audit_vm *vm, const struct vm_tables *v, size_t shadow)
{
	const struct audit_mark mark = audit_mark(&c->audit, vm);
	struct stage2_stream stream = v->stream;
	int tries, ret;
	bool quiet;

	for (tries = 1;; tries++) {
		vm->changed |= stream.changed;
		ret = shadow == NO_SHADOW ? audit_stage2(&c->audit, vm, &v->stage2) :
					    audit_shadow(&c->audit, vm, shadow, &v->stage2);
		quiet = vm->missed == mark.missed && (shadow == NO_SHADOW || vm->changed == mark.changed);
		if (ret || quiet || !c->host->live || tries == TRIES ||
		    c->host->ops->load_stage2(c->host, &v->t.vm, v->t.src, &stream))
			return ret;
		audit_undo(&c->audit, vm, &mark);
	}
}

static int read_shadow(struct collected *c, struct audit_vm *vm, size_t shadow)
{
	struct vm_ref ref = { .host = c->host };
	struct vm_tables v;
	int err, ret;

	live_shadow_as_vm(&vm->live, &vm->shadow[shadow], &ref.vm);
	err = vm_tables_open(c->ctx, &ref, false, &v);
	ret = err ? err : read_stage2(c, vm, &v, shadow);
	if (ret && ret != -ENOMEM)
		ret = audit_add_unread(&c->audit, vm, "unread-nested", "the one called %s: %s", ref.vm.dir,
				       err && *v.trouble ? v.trouble : live_error_text(ret));
	vm_tables_close(&v);
	return ret;
}

static bool same_shadows(const struct audit_vm *vm, const struct live_shadow *now, size_t n)
{
	size_t i;

	for (i = 0; i < n && i < vm->nshadows; i++)
		if (!live_same_shadow(&now[i], &vm->shadow[i]))
			return false;
	return n == vm->nshadows;
}

/* KVM gives them to other guests of the guest as it needs: the list is the same before and after */
static int read_shadows(struct collected *c, struct audit_vm *vm)
{
	const struct audit_mark mark = audit_mark(&c->audit, vm);
	struct live_shadow *now;
	size_t i, n;
	int tries, ret;

	for (tries = 1;; tries++) {
		ret = 0;
		for (i = 0; !ret && i < vm->nshadows; i++)
			ret = read_shadow(c, vm, i);
		if (!ret)
			ret = live_shadows(c->host, &vm->live, &now, &n);
		if (ret)
			return ret == -ENOMEM ? ret : audit_add_unread(&c->audit, vm, "unread-nested", "%s",
								       live_error_text(ret));
		if (same_shadows(vm, now, n) || tries == TRIES)
			break;
		audit_undo(&c->audit, vm, &mark);
		free(vm->shadow);
		vm->shadow = now;
		vm->nshadows = n;
	}
	if (!same_shadows(vm, now, n))
		ret = audit_add_unread(&c->audit, vm, "unread-nested",
				       "which there are changed while they were read, each time");
	free(now);
	return ret;
}

static int collect_tables(struct collected *c, struct audit_vm *vm, const struct vm_tables *v)
{
	size_t first = c->audit.nranges;
	int ret;

	ret = read_stage2(c, vm, v, NO_SHADOW);
	if (ret && ret != -ENOMEM)
		return audit_add_unread(&c->audit, vm, "unread-table", "stage 2 %s: nothing of it was read",
					ret == -ENOENT ? "is off, or its registers fault" : strerror(-ret));
	if (!ret)
		ret = read_shadows(c, vm);
	if (!ret)
		ret = collect_stage1(c, vm, v);
	return ret ? ret : backing_of_vm(c->host, &c->audit, vm, first);
}

/*
 * A VM whose tables change is read again; what is left of that is told. The VM itself is that of now and
 * not of when it was listed: its count (mmu_invalidate_seq) from before its tables were read, its VMID
 * from after its registers, so that one that runs for the first time has it.
 */
static int open_quiet(struct collected *c, struct vm_ref *ref, struct vm_tables *v)
{
	uint64_t seq;
	int tries, ret;

	for (tries = 1;; tries++) {
		live_vm_again(ref->host, &ref->vm);
		seq = ref->vm.seq;
		ret = vm_tables_open(c->ctx, ref, true, v);
		if (!ret)
			ret = live_vm_again(ref->host, &ref->vm);
		ref->vm.seq = seq;
		if (ret || !v->stream.changed || !c->host->live || tries == TRIES)
			return ret;
		vm_tables_close(v);
	}
}

static int collect_vm(struct collected *c, const struct vm_ref *listed)
{
	struct vm_ref ref = *listed;
	struct audit_vm *vm;
	struct vm_tables v;
	int ret, err;

	if (ref.vm.stage2 == STAGE2_HIDDEN && !ref.vm.error) {
		ret = audit_add_vm(&c->audit, &ref.vm, ref.vm.dir, &vm);
		return ret ? ret : audit_add_unread(&c->audit, vm, "unread-hidden",
						    "stage 2 is hidden from the host (protected KVM)");
	}
	err = open_quiet(c, &ref, &v);
	/* one that ended meanwhile is no trouble: it is not there any more, or compare_list() sees it */
	if (err == -ESTALE || err == -ENOENT) {
		vm_tables_close(&v);
		return 0;
	}
	ret = audit_add_vm(&c->audit, &ref.vm, v.name, &vm);
	if (!ret && err)
		ret = audit_add_unread(&c->audit, vm, "unread-vm", "%s",
				       *v.trouble ? v.trouble : live_error_text(err));
	if (!ret && !err)
		ret = collect_slots(c, vm);
	if (!ret && !err)
		ret = collect_shadows(c, vm);
	if (!ret && !err)
		ret = collect_vcpus(c, vm, &v);
	if (!ret && !err)
		ret = collect_tables(c, vm, &v);
	vm_tables_close(&v);
	return ret;
}

/* ---- the host -------------------------------------------------------------------------------- */

static int collect_cpu(struct collected *c, unsigned int n, const char *text, size_t len)
{
	struct regs_parser p = { 0 };
	char guest[64] = "none";
	struct regs regs;

	memset(&regs, 0, sizeof(regs));
	if (regs_parse(&regs, text, len, &p))
		return audit_add_unread(&c->audit, NULL, "unread-registers",
					"registers of CPU %u, line %zu: %s", n, p.line, p.reason);
	live_text(text, "# guest", guest, sizeof(guest));
	guest[strcspn(guest, " ")] = '\0';
	return audit_add_cpu(&c->audit, n, &regs, REGF(&regs, HCR_EL2, E2H), guest);
}

/* By number until there is no more; one that is offline says ENXIO */
static int collect_cpus(struct collected *c)
{
	unsigned int n;
	size_t len;
	char *text;
	int err, ret = 0;

	for (n = 0; !ret; n++) {
		err = 0;
		text = live_read(c->host, &len, &err, "host/cpu%u/regs", n);
		if (text)
			ret = collect_cpu(c, n, text, len);
		else if (err != -ENXIO && !(err == -ENOENT && n))
			ret = audit_add_unread(&c->audit, NULL, "unread-registers",
					       "registers of CPU %u: %s", n, live_error_text(err));
		free(text);
		if (!text && err != -ENXIO)
			break;
	}
	return ret;
}

static int collect_iomem(struct collected *c)
{
	size_t len;
	int err = 0;
	char *text = c->host->ops->read_file(c->host, "/proc/iomem", &len, &err);

	if (text)
		err = audit_add_iomem(&c->audit, text);
	free(text);
	if (!err || err == -ENOMEM)
		return err;
	return audit_add_unread(&c->audit, NULL, "unread-resources", "/proc/iomem: %s",
				live_error_text(err));
}

/* ---- reading again --------------------------------------------------------------------------- */

static int again_stage2(const struct collected *c, const struct audit_vm *vm, uint64_t ipa,
			uint64_t *pa)
{
	const struct access show = { .kind = ACCESS_SHOW };
	struct mmu mmu = vm->mmu;
	struct walk_result r;
	int err = 0;

	mmu.source = c->host->ops->open_vm(c->host, &vm->live, &err);
	if (!mmu.source)
		return err;
	walk_ipa(&mmu, (struct ipa){ ipa }, show, &r);
	mmu.source->ops->close(mmu.source);
	*pa = r.pa.v;
	return r.status == WALK_OK ? 0 : r.status == WALK_FAULT ? 1 : r.error;
}

static int take_pa(void *arg, const struct audit_run_of *run)
{
	uint64_t *pa = arg;

	*pa = run->absent ? ~UINT64_C(0) : run->pa;
	return 0;
}

static int again(void *arg, const struct audit_vm *vm, uint64_t ipa, uint64_t hva, uint64_t *pa,
		 uint64_t *vmm_pa)
{
	const struct collected *c = arg;
	struct backing b;
	int ret = again_stage2(c, vm, ipa, pa);

	if (ret)
		return ret;
	ret = backing_open(c->host, vm->live.pid, hva, &b);
	if (!ret) {
		b.run = take_pa;
		b.arg = vmm_pa;
		ret = backing_read(&b, hva, 1);
	}
	backing_close(&b);
	return ret;
}

/* ---- the list once more ---------------------------------------------------------------------- */

static struct audit_vm *vm_called(const struct audit *a, const char *dir)
{
	size_t i;

	for (i = 0; i < a->nvms; i++)
		if (!strcmp(a->vm[i]->live.dir, dir))
			return a->vm[i];
	return NULL;
}

/* One that is listed and was not read, whatever kept it from that: it may have memory of the others */
static int add_unseen(struct collected *c, struct host *h, const struct live_vm *live,
		      const struct vm_ref *refs, size_t n)
{
	const struct vm_ref ref = { h, *live };
	struct audit_vm *vm;
	char name[VM_NAME];
	size_t i;
	int ret;

	for (i = 0; i < n; i++)
		if (refs[i].host == h && !strcmp(refs[i].vm.dir, live->dir))
			break;
	if (i == n && !c->audit.all_vms)
		return 0;
	vm_ref_name(c->ctx, &ref, name);
	ret = audit_add_vm(&c->audit, live, name, &vm);
	if (ret)
		return ret;
	return audit_add_unread(&c->audit, vm, "unread-vm", "%s", i < n ?
				"it is listed, and its files were not there when it was its turn" :
				"it came, or got another name, while the others were read");
}

static bool has_moved(const struct host *h, const struct live_vm *now, const struct audit_vm *vm)
{
	const struct snapshot_info *info = host_snapshot_info(h);
	size_t i;

	if (h->live)
		return now->error || now->seq != vm->live.seq;
	for (i = 0; info && i < info->nvms; i++)
		if (!strcmp(info->vm[i].dir, now->dir))
			return info->vm[i].moved;
	return false;
}

/*
 * VMs may have come, and pages may have gone from one to another between the readings of the two. KVM
 * counts what it takes away (mmu_invalidate_seq): whose count stands still has all that was read of it.
 */
static int compare_list(struct collected *c, struct host *h, const struct vm_ref *refs, size_t n)
{
	struct audit *a = &c->audit;
	struct live_vm *now;
	struct audit_vm *vm;
	size_t i, nnow;
	int ret = live_vms(h, 0, &now, &nnow);

	for (i = 0; h->live && i < a->nvms; i++)
		a->vm[i]->moved = true;
	if (ret)
		return ret == -ENOMEM ? ret : audit_add_unread(a, NULL, "unread-vm", "the list of VMs: %s",
							       live_error_text(ret));
	for (i = 0; !ret && i < nnow; i++) {
		vm = vm_called(a, now[i].dir);
		if (!vm)
			ret = add_unseen(c, h, &now[i], refs, n);
		else
			vm->moved = has_moved(h, &now[i], vm);
	}
	free(now);
	return ret;
}

/* Of each host once */
static int compare_lists(struct collected *c, const struct vm_ref *refs, size_t n)
{
	struct host *h;
	size_t i, j;
	int ret = 0;

	for (i = 0; !ret && i <= n; i++) {
		h = i < n ? refs[i].host : c->host;
		for (j = 0; j < i && refs[j].host != h; j++)
			;
		if (j == i)
			ret = compare_list(c, h, refs, n);
	}
	return ret;
}

/* What the others have mapped is not known */
static int add_left_out(struct collected *c, size_t left_out)
{
	size_t i;
	int ret = 0;

	for (i = 0; left_out && !ret && i < c->audit.nvms; i++)
		ret = audit_add_unread(&c->audit, c->audit.vm[i], "unread-other",
				       left_out == 1 ?
				       "%zu other VM of this host was left out: what it maps is not known" :
				       "%zu other VMs of this host were left out: what they map is not known",
				       left_out);
	return ret;
}

int collect(struct ctx *ctx, struct host *host, const struct vm_ref *refs, size_t n, size_t left_out,
	    struct collected *c)
{
	size_t i;
	int ret;

	*c = (struct collected){ .ctx = ctx, .host = host };
	audit_init(&c->audit);
	c->audit.max_tables = MAX_TABLES;
	c->audit.all_vms = !left_out;
	ret = collect_iomem(c);
	if (!ret)
		ret = backing_of_host(host, &c->audit);
	for (i = 0; !ret && i < n; i++) {
		c->host = refs[i].host;
		ret = collect_vm(c, &refs[i]);
	}
	c->host = host;
	if (!ret)
		ret = collect_cpus(c);
	if (!ret)
		ret = compare_lists(c, refs, n);
	if (!ret)
		ret = add_left_out(c, left_out);
	if (is_running(c->host)) {
		c->audit.again = again;
		c->audit.again_arg = c;
	}
	return ret;
}

void collect_end(struct collected *c)
{
	audit_free(&c->audit);
}
