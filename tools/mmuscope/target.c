// SPDX-License-Identifier: GPL-2.0-only
/*
 * From what a user typed to a target, and the messages for everything that can be in the way.
 */
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mmuscope.h>

#include "cmd.h"
#include "file.h"
#include "mmu.h"
#include "numbers.h"
#include "regs.h"
#include "snapshot.h"
#include "source-core.h"
#include "source-ram.h"
#include "source.h"
#include "target.h"

int live_trouble(enum live_state state, const struct live_info *info)
{
	switch (state) {
	case LIVE_OK:
		return ST_DONE;
	case LIVE_NOT_LOADED:
		return fail(ST_UNREADABLE,
			    "the module is not loaded: run \"mmuscope load\" as root");
	case LIVE_NO_DEBUGFS:
		return fail(ST_UNREADABLE,
			"debugfs is not mounted: run \"mount -t debugfs debugfs /sys/kernel/debug\"");
	case LIVE_NO_TREE:
		return fail(ST_UNREADABLE,
			"the module is loaded, but /sys/kernel/debug/" MMUSCOPE_DIR
			" is not there: was the kernel booted with debugfs=off or debugfs=no-mount?");
	case LIVE_DENIED:
		return fail(ST_UNREADABLE,
			    "/sys/kernel/debug/" MMUSCOPE_DIR "/info: %s: only root may read it",
			    strerror(info->error));
	case LIVE_LOCKDOWN:
		return fail(ST_UNREADABLE,
			"the kernel is locked down (Secure Boot): this kernel lets nobody read debugfs files that not everybody may read; see /sys/kernel/security/lockdown, boot with lockdown off to use mmuscope");
	case LIVE_OTHER_ABI:
		return fail(ST_UNREADABLE,
			"the module %s speaks ABI %" PRIu64
			", this program ABI %d: unload it and load the one built with this program",
			info->module_version, info->abi_version, MMUSCOPE_ABI_VERSION);
	case LIVE_ERROR:
		break;
	}
	return fail(ST_UNREADABLE, "/sys/kernel/debug/" MMUSCOPE_DIR "/info: %s",
		    strerror(info->error));
}

/* ---- hosts ----------------------------------------------------------------------------------- */

static int add_host(struct ctx *ctx, struct host *h)
{
	struct host **more = h ? realloc(ctx->host, (ctx->nhosts + 1) * sizeof(*more)) : NULL;

	if (!more) {
		if (h)
			h->ops->close(h);
		return fail(ST_UNREADABLE, "%s", strerror(ENOMEM));
	}
	ctx->host = more;
	ctx->host[ctx->nhosts++] = h;
	return 0;
}

static int add_snapshot(struct ctx *ctx, const char *file)
{
	char reason[SNAPSHOT_REASON];
	int err;
	struct host *h = host_snapshot_open(file, reason, &err);

	return h ? add_host(ctx, h) : fail(ST_UNREADABLE, "%s: %s", file, reason);
}

int hosts_open(struct ctx *ctx)
{
	size_t i;
	int ret = 0;

	if (ctx->nhosts)
		return 0;
	if (!ctx->nsnapshots)
		return add_host(ctx, host_debugfs_create(ctx->sysroot));
	if (*ctx->sysroot)
		return usage(ctx, "--snapshot and --sysroot both stand for this machine: give one");
	for (i = 0; !ret && i < ctx->nsnapshots; i++)
		ret = add_snapshot(ctx, ctx->snapshot[i]);
	return ret;
}

int one_host(struct ctx *ctx)
{
	int ret = hosts_open(ctx);

	if (!ret && ctx->nhosts > 1)
		ret = usage(ctx, "%s looks at one host: give one --snapshot", ctx->cmd->name);
	return ret;
}

void hosts_close(struct ctx *ctx)
{
	size_t i;

	for (i = 0; i < ctx->nhosts; i++)
		ctx->host[i]->ops->close(ctx->host[i]);
	free(ctx->host);
	ctx->host = NULL;
	ctx->nhosts = 0;
}

int live_ready(struct ctx *ctx, struct live_info *info)
{
	int ret;

	*info = (struct live_info){ 0 };
	if (from_files(ctx))
		return usage(ctx, "%s works on a live host or a snapshot, not on --ram, --core or --regs",
			     ctx->cmd->name);
	ret = hosts_open(ctx);
	if (ret)
		return ret;
	return live_trouble(live_check(ctx->host[0], info), info);
}

const char *live_error_text(int err)
{
	switch (err) {
	case -ESTALE:
		return "it has ended";
	case -ENXIO:
		return "nothing is there to be read";
	case -ENOKEY:
		return "the TTBR with the root of its tables is not among the registers";
	case -EIO:
		return "it is not memory that can be read safely";
	case -EAGAIN:
		return "it changed while it was read, or the vCPU is not on a CPU now: try again";
	case -ENODATA:
		return "the vCPU has never run: it has no registers yet (stage 2 can be seen: ipa:IPA, dump --stage 2)";
	case -EOPNOTSUPP:
		return "this host cannot tell";
	case -EPERM:
		return "the module forbids it (parameter \"at\"): \"mmuscope load\" without --no-at allows it";
	case -EACCES:
		return "only root may read it";
	case -ENOENT:
		return "no such file: it has ended, or was not captured";
	case -EINVAL:
		return "the module does not take this address";
	case -EPROTO:
		return "not in the format of this program's ABI";
	case -EPIPE:
		return "it ends before its last record";
	case -ENOMEDIUM:
		return "it is not in the snapshot (guest memory is, if it was taken with --memory)";
	default:
		return strerror(-err);
	}
}

int live_failed(const char *what, int err)
{
	return fail(ST_UNREADABLE, "%s: %s", what, live_error_text(err));
}

/* ---- the VM ---------------------------------------------------------------------------------- */

static int unknown_vm(struct host *h, const char *name, size_t nvms)
{
	uint64_t pid;
	char path[64];
	size_t len;
	int err;
	char *comm;

	if (!nvms)
		return fail(ST_UNREADABLE, "no VM \"%s\": no VM is running on this host", name);
	if (parse_u64(name, &pid)) {
		snprintf(path, sizeof(path), "/proc/%" PRIu64 "/comm", pid);
		comm = h->ops->read_file(h, path, &len, &err);
		if (!comm)
			return fail(ST_UNREADABLE,
				"no VM \"%s\": no such process, it may have ended; \"mmuscope list\" names the VMs",
				name);
		comm[strcspn(comm, "\n")] = '\0';
		fail(ST_UNREADABLE,
		     "no VM \"%s\": process %s (%s) holds none; \"mmuscope list\" names the VMs",
		     name, name, comm);
		free(comm);
		return ST_UNREADABLE;
	}
	return fail(ST_UNREADABLE,
		    "no VM \"%s\": it has ended, or never was; \"mmuscope list\" names the VMs",
		    name);
}

static int ambiguous_vm(const struct live_vm *vms, size_t n, const char *name)
{
	char list[1024];
	size_t i, used = 0;

	for (i = 0; i < n; i++)
		if (live_vm_is(&vms[i], name) && used < sizeof(list))
			used += snprintf(list + used, sizeof(list) - used, "%s%s (%s)",
					 used ? ", " : "", vms[i].dir,
					 vms[i].name[0] ? vms[i].name : vms[i].comm);
	return fail(ST_USAGE, "\"%s\" fits more than one VM: %s: name one by its pid-fd", name,
		    list);
}

static int pick_vm(struct host *h, const struct live_vm *vms, size_t n, const char *name,
		   struct live_vm *vm)
{
	size_t i, found = 0;

	for (i = 0; i < n; i++) {
		if (!live_vm_is(&vms[i], name))
			continue;
		*vm = vms[i];
		found++;
		/* the exact name wins over a guest that is called so */
		if (!strcmp(vms[i].dir, name)) {
			found = 1;
			break;
		}
	}
	if (!found)
		return unknown_vm(h, name, n);
	if (found > 1)
		return ambiguous_vm(vms, n, name);
	return 0;
}

/* The VMs of a host, allocated, after it was found to be readable; 0 or the exit status */
static int host_vms(struct host *h, struct live_vm **vms, size_t *n)
{
	struct live_info info;
	int ret = live_trouble(live_check(h, &info), &info);

	if (!ret) {
		ret = live_vms(h, (unsigned int)info.vmid_bits, vms, n);
		if (ret)
			ret = live_failed("the list of VMs", ret);
	}
	live_info_free(&info);
	return ret;
}

int target_of(const struct ctx *ctx, const struct vm_ref *ref, struct target *t)
{
	int err = 0;

	*t = (struct target){
		.kind = TARGET_VM, .host = ref->host, .vm = ref->vm, .other = ctx->other,
	};
	snprintf(t->name, sizeof(t->name), "%s", t->vm.dir);
	t->src = t->host->ops->open_vm(t->host, &t->vm, &err);
	return t->src ? 0 : err;
}

static bool ref_known(const struct vm_ref *refs, size_t n, const struct host *h,
		      const struct live_vm *vm)
{
	while (n--)
		if (refs[n].host == h && !strcmp(refs[n].vm.dir, vm->dir))
			return true;
	return false;
}

static int add_ref(struct vm_ref **refs, size_t *n, struct host *h, const struct live_vm *vm)
{
	struct vm_ref *more;

	if (ref_known(*refs, *n, h, vm))
		return 0;
	more = realloc(*refs, (*n + 1) * sizeof(**refs));
	if (!more)
		return fail(ST_UNREADABLE, "%s", strerror(ENOMEM));
	*refs = more;
	more[(*n)++] = (struct vm_ref){ h, *vm };
	return 0;
}

/* Of one host: all VMs, or with @name each that goes by it. Adds to the counts. */
static int host_refs(struct host *h, const char *name, struct vm_ref **refs, size_t *n,
		     size_t *total, size_t *found)
{
	struct live_vm *vms;
	size_t nvms, i;
	int ret = host_vms(h, &vms, &nvms);

	if (ret)
		return ret;
	*total += nvms;
	for (i = 0; !ret && i < nvms; i++) {
		if (name && !live_vm_is(&vms[i], name))
			continue;
		++*found;
		ret = add_ref(refs, n, h, &vms[i]);
	}
	free(vms);
	return ret;
}

/* The same of all hosts; where none has it, the first is asked why */
static int named_refs(struct ctx *ctx, const char *name, struct vm_ref **refs, size_t *n)
{
	size_t i, total = 0, found = 0;
	int ret = 0;

	for (i = 0; !ret && i < ctx->nhosts; i++)
		ret = host_refs(ctx->host[i], name, refs, n, &total, &found);
	return ret || found || !name ? ret : unknown_vm(ctx->host[0], name, total);
}

int vms_find(struct ctx *ctx, int argc, char **argv, struct vm_ref **refs, size_t *n)
{
	int ret;

	*refs = NULL;
	*n = 0;
	ret = hosts_open(ctx);
	if (!ret && optind == argc)
		ret = named_refs(ctx, NULL, refs, n);
	for (; !ret && optind < argc; optind++)
		ret = named_refs(ctx, argv[optind], refs, n);
	if (ret) {
		free(*refs);
		*refs = NULL;
	}
	return ret;
}

/* The shadow of @vm that is like @wanted by @same, or -ENOENT */
static int find_shadow(struct host *h, const struct live_vm *vm, const struct live_shadow *wanted,
		       bool (*same)(const struct live_shadow *a, const struct live_shadow *b),
		       struct live_shadow *s)
{
	struct live_shadow *shadows;
	size_t i, n;
	int ret = live_shadows(h, vm, &shadows, &n);

	if (ret)
		return ret;
	for (i = 0; i < n && !same(wanted, &shadows[i]); i++)
		;
	ret = i < n ? 0 : -ENOENT;
	if (!ret)
		*s = shadows[i];
	free(shadows);
	return ret;
}

/*
 * KVM gives a shadow to another stage 2 of the guest as it needs: its files are of what it was when
 * they were opened (ESTALE says that it is no more), so it is looked up once more after that.
 */
static int open_shadow(struct host *h, const struct live_vm *vm, const struct live_shadow *wanted,
		       bool (*same)(const struct live_shadow *a, const struct live_shadow *b),
		       struct target *t)
{
	struct live_shadow s, now;
	int ret = find_shadow(h, vm, wanted, same, &s);

	if (ret)
		return ret;
	t->kind = TARGET_VM;
	t->host = h;
	live_shadow_as_vm(vm, &s, &t->vm);
	snprintf(t->name, sizeof(t->name), "%s", t->vm.dir);
	t->src = h->ops->open_vm(h, &t->vm, &ret);
	if (!t->src)
		return ret == -ENXIO ? -ENOENT : ret;
	ret = find_shadow(h, vm, &s, live_same_shadow, &now);
	return ret == -ENOENT ? -EAGAIN : ret;
}

static bool same_number(const struct live_shadow *a, const struct live_shadow *b)
{
	return a->number == b->number;
}

/* As KVM looks for it (lookup_s2_mmu()): without a stage 2 of the guest the VMID alone counts */
static bool shadows_it(const struct live_shadow *a, const struct live_shadow *b)
{
	if (!a->stage2)
		return !b->stage2 && a->guest_vttbr >> 48 == b->guest_vttbr >> 48;
	return b->stage2 && a->guest_vtcr == b->guest_vtcr &&
	       !((a->guest_vttbr ^ b->guest_vttbr) & ~FIELD_MASK(VTTBR_EL2, CnP));
}

int target_open_shadow(const struct target *t, uint64_t hcr, uint64_t vtcr, uint64_t vttbr,
		       struct target *shadow)
{
	const struct live_shadow wanted = {
		.guest_vttbr = vttbr, .guest_vtcr = vtcr, .stage2 = hcr & FIELD_MASK(HCR_EL2, VM),
	};

	*shadow = (struct target){ .other = t->other };
	return open_shadow(t->host, &t->vm, &wanted, shadows_it, shadow);
}

/* "VM.N" */
static int open_numbered(const char *name, uint64_t number, struct target *t)
{
	const struct live_shadow wanted = { .number = number };
	struct live_vm vm = t->vm;
	int ret = open_shadow(t->host, &vm, &wanted, same_number, t);

	if (ret == -ENOENT)
		return fail(ST_UNREADABLE,
			    "VM %s keeps no stage 2 number %" PRIu64 " for a guest of its guest now: \"mmuscope list\" names those that there are",
			    vm.dir, number);
	return ret ? fail(ST_UNREADABLE, "%s.%" PRIu64 ": %s", name, number, live_error_text(ret)) : 0;
}

static bool is_vm(const struct live_vm *vms, size_t n, const char *name)
{
	while (n--)
		if (live_vm_is(&vms[n], name))
			return true;
	return false;
}

static int open_vm(struct ctx *ctx, const char *spec, struct target *t)
{
	struct live_info info;
	struct live_vm *vms;
	char name[LIVE_TEXT_MAX];
	uint64_t number;
	bool shadow;
	size_t n;
	int ret;

	if (!live_split_vcpu(spec, name, sizeof(name), &t->vcpu))
		return usage(ctx, "\"%s\" is not the name of a VM", spec);
	ret = live_ready(ctx, &info);
	live_info_free(&info);
	if (ret)
		return ret;
	t->host = ctx->host[0];
	ret = host_vms(t->host, &vms, &n);
	if (ret)
		return ret;
	shadow = !strchr(spec, ':') && !is_vm(vms, n, name) && live_split_shadow(name, &number);
	ret = pick_vm(t->host, vms, n, name, &t->vm);
	free(vms);
	if (ret)
		return ret;
	if (shadow)
		return open_numbered(name, number, t);
	if (!t->vm.vcpus)
		return fail(ST_UNREADABLE, "VM %s has no vCPU yet: it is being set up; try again",
			    t->vm.dir);
	if (t->vcpu >= t->vm.vcpus)
		return fail(ST_USAGE, "VM %s has %u vCPU%s, from 0: there is no vCPU %u", t->vm.dir,
			    t->vm.vcpus, t->vm.vcpus == 1 ? "" : "s", t->vcpu);
	snprintf(t->name, sizeof(t->name), "%s:%u", t->vm.dir, t->vcpu);
	t->kind = TARGET_VM;
	t->src = t->host->ops->open_vm(t->host, &t->vm, &ret);
	if (t->src)
		return 0;
	return fail(ST_UNREADABLE, "VM %s: %s", t->vm.dir, live_error_text(ret));
}

/* ---- the host, files ------------------------------------------------------------------------- */

static int open_host(struct ctx *ctx, const char *spec, struct target *t)
{
	struct live_info info;
	int ret;

	t->kind = TARGET_HOST;
	if (!strncmp(spec, "pid:", 4)) {
		t->kind = TARGET_PROCESS;
		if (!parse_u64(spec + 4, &t->pid) || !t->pid || t->pid > INT32_MAX)
			return usage(ctx, "\"%s\": \"%s\" is not a process id", spec, spec + 4);
	}
	ret = live_ready(ctx, &info);
	live_info_free(&info);
	if (ret)
		return ret;
	snprintf(t->name, sizeof(t->name), "%s", spec);
	t->host = ctx->host[0];
	t->src = t->host->ops->open_own(t->host, t->pid, &ret);
	return t->src ? 0 : live_failed("the host's own tables", ret);
}

static const char *ram_error_text(int err)
{
	switch (err) {
	case -ENODATA:
		return "it is empty, or no regular file";
	case -EEXIST:
		return "it overlaps an image that was given before";
	case -EFBIG:
		return "it reaches beyond the end of the address space";
	default:
		return strerror(-err);
	}
}

static int open_core(struct ctx *ctx, struct target *t)
{
	char reason[CORE_REASON];

	if (ctx->nram)
		return usage(ctx, "--core and --ram are two sources of memory: give one");
	snprintf(t->name, sizeof(t->name), "core");
	t->src = source_core_open(ctx->core, reason);
	return t->src ? 0 : fail(ST_UNREADABLE, "--core %s: %s", ctx->core, reason);
}

static int open_files(struct ctx *ctx, struct target *t)
{
	size_t i;
	int ret;

	t->kind = TARGET_FILES;
	if (ctx->core)
		return open_core(ctx, t);
	snprintf(t->name, sizeof(t->name), "files");
	t->src = source_ram_create();
	if (!t->src)
		return fail(ST_UNREADABLE, "%s", strerror(ENOMEM));
	for (i = 0; i < ctx->nram; i++) {
		ret = source_ram_add_file(t->src, ctx->ram[i].file, pa(ctx->ram[i].pa));
		if (ret)
			return fail(ST_UNREADABLE, "--ram %s@0x%" PRIx64 ": %s", ctx->ram[i].file,
				    ctx->ram[i].pa, ram_error_text(ret));
	}
	return 0;
}

static bool is_host(const char *spec)
{
	return !strcmp(spec, "host") || !strncmp(spec, "pid:", 4);
}

/*
 * In a snapshot of one VM that VM need not be named: false, and its name, where @spec (which may be
 * NULL) is not one that it goes by
 */
static bool names_target(struct ctx *ctx, const char *spec, char *only, size_t size)
{
	char name[LIVE_TEXT_MAX];
	unsigned int vcpu;
	struct live_vm *vms;
	bool named = true;
	size_t n;

	if (!ctx->nsnapshots || ctx->nhosts != 1 || (spec && is_host(spec)) ||
	    live_vms(ctx->host[0], 0, &vms, &n))
		return true;
	if (n == 1) {
		named = spec && live_split_vcpu(spec, name, sizeof(name), &vcpu) &&
			(live_vm_is(&vms[0], name) || !strncmp(name, "vmid:", 5));
		snprintf(only, size, "%s", vms[0].dir);
	}
	free(vms);
	return named;
}

int target_open(struct ctx *ctx, int argc, char **argv, struct target *t)
{
	const char *spec = optind < argc ? argv[optind] : NULL;
	char only[sizeof(t->vm.dir)];
	int ret;

	*t = (struct target){ .other = ctx->other };
	if (ctx->nsnapshots && from_files(ctx))
		return usage(ctx, "--snapshot and --ram, --core or --regs are two sources: give one");
	if (from_files(ctx))
		return open_files(ctx, t);
	ret = one_host(ctx);
	if (ret)
		return ret;
	if (!names_target(ctx, spec, only, sizeof(only)))
		return open_vm(ctx, only, t);
	if (!spec)
		return usage(ctx, "which VM? \"mmuscope list\" names them");
	optind++;
	return is_host(spec) ? open_host(ctx, spec, t) : open_vm(ctx, spec, t);
}

void target_close(struct target *t)
{
	if (t->src)
		t->src->ops->close(t->src);
	t->src = NULL;
}

/* VA[55] chooses the half */
int target_check_half(const struct ctx *ctx, const struct target *t, uint64_t addr)
{
	if (t->kind == TARGET_HOST && !(addr >> 55 & 1))
		return usage(ctx, "0x%" PRIx64 " is in the half of processes: name one as pid:N",
			     addr);
	if (t->kind == TARGET_PROCESS && addr >> 55 & 1)
		return usage(ctx,
			     "0x%" PRIx64 " is in the kernel's half: the target for it is host",
			     addr);
	return 0;
}

/* ---- registers ------------------------------------------------------------------------------- */

static char *read_cpu_regs(const struct target *t, size_t *len, int *err)
{
	int cpu = *t->host->name ? 0 : sched_getcpu();

	return live_read(t->host, len, err, "host/cpu%d/regs", cpu < 0 ? 0 : cpu);
}

/* What the dump tells, and the rest as Linux has it */
static int core_regs_text(const struct ctx *ctx, const struct target *t, char **text, size_t *len)
{
	char reason[CORE_REASON];

	if (!source_core_regs(t->src, text, len, reason))
		return 0;
	return fail(ST_UNREADABLE, "--core %s: %s", ctx->core, reason);
}

int target_regs_text(struct ctx *ctx, const struct target *t, char **text, size_t *len)
{
	char what[128];
	int err = 0;

	switch (t->kind) {
	case TARGET_FILES:
		if (!ctx->regs_file && ctx->core)
			return core_regs_text(ctx, t, text, len);
		if (!ctx->regs_file)
			return usage(ctx, "--ram alone has no registers: give --regs FILE too");
		snprintf(what, sizeof(what), "--regs %.100s", ctx->regs_file);
		*text = file_read(ctx->regs_file, len, &err);
		break;
	case TARGET_VM:
		snprintf(what, sizeof(what), "registers of vCPU %u of VM %s", t->vcpu, t->vm.dir);
		*text = live_vcpu_regs(t->host, &t->vm, t->vcpu, len, &err);
		break;
	default:
		snprintf(what, sizeof(what), "registers of the host");
		*text = read_cpu_regs(t, len, &err);
		break;
	}
	if (*text)
		return 0;
	if (t->kind == TARGET_FILES)
		return fail(ST_UNREADABLE, "%s: %s", what, strerror(-err));
	if (t->kind == TARGET_VM && err == -EOPNOTSUPP)
		return fail(ST_UNREADABLE,
			    "%s: the hypervisor has them while the vCPU is loaded, and those of a protected VM always (protected KVM): pause a VM that is not",
			    what);
	return live_failed(what, err);
}

/* Text to registers; 0 or the exit status after the message */
static int parse_regs(const struct ctx *ctx, const struct target *t, const char *text, size_t len,
		      struct regs *regs)
{
	struct regs_parser p = { 0 };

	memset(regs, 0, sizeof(*regs));
	if (regs_parse(regs, text, len, &p))
		return fail(t->kind == TARGET_FILES ? ST_USAGE : ST_UNREADABLE, "%s, line %zu: %s",
			    ctx->regs_file ? ctx->regs_file : t->name, p.line, p.reason);
	if (t->kind == TARGET_FILES && !p.known)
		return fail(ST_USAGE,
			    "%s: not one register that mmuscope knows: lines are NAME 0xVALUE",
			    ctx->regs_file);
	if (t->kind == TARGET_VM)
		regs_aarch32(regs);
	return 0;
}

/*
 * A vCPU that has EL2: its EL1 registers and the VM's stage 2 do not translate together. While it runs
 * its guest (*guest) stage 2 is a shadow; at EL2 the EL1 registers are not in use.
 */
static bool has_el2(const char *text, bool *guest)
{
	char context[LIVE_TEXT_MAX];

	if (!live_text(text, "# context", context, sizeof(context)))
		return false;
	*guest = !strcmp(context, "guest");
	return true;
}

/* 0, or the exit status after the message that a walk by these registers would be of nothing */
static int check_el2(const struct target *t, const char *text)
{
	bool guest;

	if (t->kind != TARGET_VM || !has_el2(text, &guest))
		return 0;
	if (*t->vm.of)
		return fail(ST_UNREADABLE, "%s is a stage 2 that KVM keeps for a guest of VM %s, and no more: only ipa:IPA can be walked, and stage 2 dumped",
			    t->name, t->vm.of);
	return fail(ST_UNREADABLE, guest ?
		    "vCPU %s runs a guest of its own, by a stage 2 that KVM keeps for that: only \"walk\" of one VA goes through it" :
		    "vCPU %s is in the guest hypervisor, at EL2: its EL2&0 registers are not among those that are read", t->name);
}

int target_l2_regs(const struct target *t, struct regs *regs, struct regs *own, bool *l2)
{
	uint64_t hcr, vtcr, vttbr;
	struct regs_parser p = { 0 };
	size_t len;
	int err = 0;
	char *text;

	*l2 = false;
	if (t->kind != TARGET_VM || t->vm.error || *t->vm.of || t->vm.stage2 != STAGE2_VISIBLE)
		return 0;
	text = live_vcpu_regs(t->host, &t->vm, t->vcpu, &len, &err);
	memset(regs, 0, sizeof(*regs));
	/* Who asks for the registers next says what is wrong */
	if (!text || live_never_ran(text) || !has_el2(text, l2) || !*l2 || regs_parse(regs, text, len, &p)) {
		free(text);
		*l2 = false;
		return 0;
	}
	*own = *regs;
	if (!live_number(text, "# guest_HCR_EL2", &hcr) || !live_number(text, "# guest_VTCR_EL2", &vtcr) ||
	    !live_number(text, "# guest_VTTBR_EL2", &vttbr))
		err = -EPROTO;
	free(text);
	if (err)
		return err;
	/* The VM's own stage 2, by what KVM composes for it */
	regs_set(own, REG_VTTBR_EL2, t->vm.vttbr);
	regs_set(own, REG_VTCR_EL2, t->vm.vtcr);
	regs_set(regs, REG_HCR_EL2, hcr);
	regs_set(regs, REG_VTCR_EL2, vtcr);
	regs_set(regs, REG_VTTBR_EL2, vttbr);
	return 0;
}

int target_regs(struct ctx *ctx, const struct target *t, struct regs *regs)
{
	char *text;
	size_t len;
	int ret;

	ret = target_regs_text(ctx, t, &text, &len);
	if (ret)
		return ret;
	if (t->kind == TARGET_VM && live_never_ran(text))
		ret = live_failed(t->name, -ENODATA);
	else
		ret = check_el2(t, text);
	if (!ret)
		ret = parse_regs(ctx, t, text, len, regs);
	free(text);
	return ret;
}

static int read_vcpu(const struct target *t, bool stage2, struct regs *regs)
{
	bool guest, el2;
	struct regs_parser p = { 0 };
	size_t len;
	int err = 0;
	char *text = live_vcpu_regs(t->host, &t->vm, t->vcpu, &len, &err);

	memset(regs, 0, sizeof(*regs));
	if (!text)
		return err;
	el2 = has_el2(text, &guest) || *t->vm.of;
	if (live_never_ran(text))
		err = -ENODATA;
	else if (el2 && !stage2)
		err = -EOPNOTSUPP;
	else if (regs_parse(regs, text, len, &p))
		err = -EPROTO;
	free(text);
	if (!err && el2) {
		regs_set(regs, REG_VTCR_EL2, t->vm.vtcr);
		regs_set(regs, REG_VTTBR_EL2, t->vm.vttbr);
	} else if (!err) {
		regs_aarch32(regs);
	}
	return err;
}

int target_vcpu_regs(const struct target *t, struct regs *regs)
{
	return read_vcpu(t, false, regs);
}

int target_stage2_regs(const struct target *t, struct regs *regs)
{
	return read_vcpu(t, true, regs);
}

static int stage2_regs(struct ctx *ctx, const struct target *t, struct regs *regs)
{
	int err = t->vm.error ? -ENOENT : target_stage2_regs(t, regs);

	if (!err)
		return 0;
	if (err != -ENODATA)
		return target_regs(ctx, t, regs);	/* which says what is wrong */
	live_regs_of_vm(&t->vm, regs);
	return 0;
}

/* A VHE host runs in EL2&0; of files, the guest's regime unless they have registers of EL2 alone */
static enum regime pick_regime(const struct target *t, const struct regs *regs)
{
	bool e2h = REGF(regs, HCR_EL2, E2H);

	switch (t->kind) {
	case TARGET_VM:
		return REGIME_EL10;
	case TARGET_FILES:
		if (regs_have(regs, REG_TCR_EL1) || regs_have(regs, REG_VTCR_EL2) ||
		    !regs_have(regs, REG_TCR_EL2))
			return REGIME_EL10;
		return e2h ? REGIME_EL20 : REGIME_EL2;
	default:
		return e2h ? REGIME_EL20 : REGIME_EL10;
	}
}

/* The CPU has another process's TTBR0 loaded: put in what the module walked */
static int set_process_root(const struct target *t, uint64_t va, struct regs *regs)
{
	uint64_t root;
	char what[64];
	int ret = t->host->ops->own_root(t->host, t->src, va, &root);

	snprintf(what, sizeof(what), "process %" PRIu64, t->pid);
	if (ret == -ENXIO)
		return fail(ST_UNREADABLE, "%s: it has no tables of its own: a kernel thread, or exiting",
			    what);
	if (ret)
		return live_failed(what, ret);
	regs_set(regs, REGF(regs, HCR_EL2, E2H) ? REG_TTBR0_EL2 : REG_TTBR0_EL1,
		 ttbr_of_root(root));
	return 0;
}

int target_mmu_of(const struct target *t, int regime, const struct regs *regs, struct mmu *mmu)
{
	const struct mmu_options opt = { .other = t->other };
	const char *reason = "";

	if (!mmu_init(mmu, regime, regs, t->src, &opt, &reason))
		return 0;
	return fail(t->kind == TARGET_FILES ? ST_USAGE : ST_UNREADABLE,
		    "%s: the registers do not make a translation regime: %s", t->name, reason);
}

int target_stage2_visible(const struct target *t)
{
	if (t->kind == TARGET_VM && t->vm.stage2 == STAGE2_HIDDEN)
		return fail(ST_UNREADABLE, "VM %s: stage 2 is hidden from the host (protected KVM)",
			    t->vm.dir);
	return 0;
}

int target_mmu(struct ctx *ctx, const struct target *t, enum view_of of, uint64_t va,
	       struct regs *regs, struct mmu *mmu)
{
	int ret;

	ret = target_stage2_visible(t);
	if (ret)
		return ret;
	if (of == OF_STAGE2 && t->kind == TARGET_VM)
		ret = stage2_regs(ctx, t, regs);
	else
		ret = target_regs(ctx, t, regs);
	if (!ret && t->kind == TARGET_PROCESS)
		ret = set_process_root(t, va, regs);
	return ret ? ret : target_mmu_of(t, pick_regime(t, regs), regs, mmu);
}
