// SPDX-License-Identifier: GPL-2.0-only
/*
 * load, unload, status: the module, through libkmod.
 *
 * A module whose idea of the kernel's structures is wrong reads garbage under locks, so nothing is
 * inserted before the release, the architecture and every offset were compared.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <syslog.h>
#include <unistd.h>

#include <mmuscope.h>

#include "cmd.h"
#include "dl-bpf.h"
#include "dl-elf.h"
#include "dl-kmod.h"
#include "offsets.h"
#include "snapshot.h"
#include "target.h"
#include "view.h"

#define NAME	"mmuscope"

/* ---- the machine ----------------------------------------------------------------------------- */

static void first_line(struct ctx *ctx, const char *path, char *to, size_t size)
{
	size_t len;
	int err;
	char *text = ctx->host[0]->ops->read_file(ctx->host[0], path, &len, &err);

	if (text)
		snprintf(to, size, "%.*s", (int)strcspn(text, "\n"), text);
	free(text);
}

/* Of the running kernel; of a captured tree what it says of itself */
static void get_machine(struct ctx *ctx, struct machine *m)
{
	struct utsname u;

	*m = (struct machine){ 0 };
	if (!*ctx->host[0]->name && !uname(&u)) {
		snprintf(m->release, sizeof(m->release), "%s", u.release);
		snprintf(m->arch, sizeof(m->arch), "%s", u.machine);
	} else {
		first_line(ctx, "/proc/sys/kernel/osrelease", m->release, sizeof(m->release));
		first_line(ctx, "/proc/sys/kernel/arch", m->arch, sizeof(m->arch));
	}
	first_line(ctx, "/sys/kernel/security/lockdown", m->lockdown, sizeof(m->lockdown));
}

/* ---- the module file ------------------------------------------------------------------------- */

/*
 * Beside the program (that is build/ in a source tree). The current directory is not looked at: it
 * may be anybody's, and what lies there would become part of the kernel.
 */
static bool find_beside(char *file, size_t size)
{
	struct stat st;
	char *slash;
	ssize_t n = readlink("/proc/self/exe", file, size - 1);

	if (n < 0)
		return false;
	file[n] = '\0';
	slash = strrchr(file, '/');
	if (!slash || (size_t)(slash - file) + sizeof("/" NAME ".ko") > size)
		return false;
	strcpy(slash, "/" NAME ".ko");
	return !stat(file, &st);
}

/* Its own messages would stand beside ours and say the same in other words */
static struct kmod_ctx *open_kmod(void)
{
	struct kmod_ctx *kmod = sym_kmod_new(NULL, NULL);

	if (kmod)
		sym_kmod_set_log_priority(kmod, LOG_EMERG);
	return kmod;
}

/* As modprobe finds it; without depmod's index, where make install and DKMS put it */
static int find_installed(struct kmod_ctx *kmod, const struct machine *m, struct kmod_module **mod)
{
	static const char *const folder[] = { "updates/dkms", "updates", "extra" };
	struct kmod_list *list = NULL;
	char file[PATH_MAX];
	size_t i;
	int ret;

	*mod = NULL;
	ret = sym_kmod_module_new_from_lookup(kmod, NAME, &list);
	if (ret >= 0 && list)
		*mod = sym_kmod_module_get_module(list);
	sym_kmod_module_unref_list(list);
	if (*mod && sym_kmod_module_get_path(*mod))
		return 0;
	sym_kmod_module_unref(*mod);
	for (i = 0; i < sizeof(folder) / sizeof(folder[0]); i++) {
		snprintf(file, sizeof(file), "/lib/modules/%s/%s/" NAME ".ko", m->release, folder[i]);
		if (!access(file, F_OK) && !sym_kmod_module_new_from_path(kmod, file, mod))
			return 0;
	}
	*mod = NULL;
	return -ENOENT;
}

static int find_module(struct kmod_ctx *kmod, const char *file, const struct machine *m,
		       struct kmod_module **mod)
{
	char beside[PATH_MAX];
	int ret;

	*mod = NULL;
	if (!file && find_beside(beside, sizeof(beside)))
		file = beside;
	if (file) {
		ret = sym_kmod_module_new_from_path(kmod, file, mod);
		if (ret)
			return fail(ST_UNREADABLE, "%s: %s", file, strerror(-ret));
		return 0;
	}
	if (!find_installed(kmod, m, mod))
		return 0;
	return fail(ST_UNREADABLE,
		"no " NAME
		".ko beside the program, nor installed for kernel %s: name the file, or build it with \"make module\"",
		m->release);
}

static void get_vermagic(struct kmod_module *mod, char *release, size_t size)
{
	struct kmod_list *info = NULL, *l;
	const char *value;

	release[0] = '\0';
	if (sym_kmod_module_get_info(mod, &info) < 0)
		return;
	for (l = info; l; l = sym_kmod_list_next(info, l)) {
		value = sym_kmod_module_info_get_value(l);
		if (!strcmp(sym_kmod_module_info_get_key(l), "vermagic") && value)
			snprintf(release, size, "%.*s", (int)strcspn(value, " "), value);
	}
	sym_kmod_module_info_free_list(info);
}

static int wrong_offsets(const char *what, const struct offset_check *check)
{
	return fail(ST_UNREADABLE,
		"%s was built against other headers than this kernel's: %zu of its offsets are wrong, for instance %s: rebuild it with \"make module\"",
		what, check->wrong, check->first);
}

/* Does it fit the running kernel? 0 or the exit status after the message */
static int check_file(const struct ctx *ctx, struct kmod_module *mod, const struct machine *m,
		      struct load_result *r)
{
	struct offset_list list;
	int ret;

	if (strcmp(m->arch, "aarch64"))
		return fail(ST_UNREADABLE,
			"this machine is %s: mmuscope looks into arm64 KVM hosts only; --ram and --regs work everywhere",
			*m->arch ? m->arch : "of an unknown architecture");
	get_vermagic(mod, r->built_for, sizeof(r->built_for));
	if (!r->built_for[0])
		return fail(ST_UNREADABLE, "%s: not a kernel module", r->file);
	if (strcmp(r->built_for, m->release))
		return fail(ST_UNREADABLE,
			"%s was built for kernel %s, this is %s: rebuild it with \"make module KVER=%s\"",
			r->file, r->built_for, m->release, m->release);
	ret = offsets_from_file(r->file, &list);
	if (ret == -ENOEXEC) {
		/* compressed: compared once it is loaded */
		r->offsets.why_unknown = "the file is not a plain arm64 object";
	} else if (ret) {
		return fail(ST_UNREADABLE, "%s: %s", r->file, ret == -ENOENT ?
			    "it has no section " MMUSCOPE_OFFSETS_SECTION ": not this program's module" : strerror(-ret));
	} else {
		offsets_check(ctx->sysroot, &list, &r->offsets);
	}
	offsets_free(&list);
	return r->offsets.wrong ? wrong_offsets(r->file, &r->offsets) : 0;
}

static int insert_failed(const struct machine *m, const char *file, int err)
{
	bool locked =
		strstr(m->lockdown, "[integrity]") || strstr(m->lockdown, "[confidentiality]");

	switch (err) {
	case -EEXIST:
		return fail(ST_UNREADABLE,
			    "the module is already loaded; \"mmuscope status\" tells which");
	case -EKEYREJECTED:
	case -ENOKEY:
		return fail(ST_UNREADABLE,
			"%s: the kernel takes only modules signed with a key it knows: sign it with scripts/sign-file and enroll the key with \"mokutil --import\"",
			file);
	case -EPERM:
	case -EACCES:
		if (locked)
			return fail(ST_UNREADABLE,
				"%s: the kernel is locked down (%s): it takes no unsigned module: sign this one with a key that the host trusts, or boot with lockdown off",
				file, m->lockdown);
		return fail(ST_UNREADABLE,
			"%s: %s: only root can load a module, and not where kernel.modules_disabled is 1",
			file, strerror(-err));
	case -ENODEV:
		return fail(ST_UNREADABLE,
			"%s: KVM is not there: the kernel must be booted at EL2 with KVM on (no kvm-arm.mode=none); \"dmesg | grep -i kvm\" says why",
			file);
	case -EOPNOTSUPP:
		return fail(ST_UNREADABLE,
			    "%s: the module does not support this host; \"dmesg\" says why", file);
	case -ENOENT:
	case -ENOEXEC:
		return fail(ST_UNREADABLE,
			"%s: the kernel refuses it (%s): it was built for another kernel; \"dmesg\" says which symbol or format",
			file, strerror(-err));
	default:
		return fail(ST_UNREADABLE, "%s: %s; \"dmesg\" may say more", file, strerror(-err));
	}
}

/* What the module says of itself once it is there; a module that does not fit is taken out again */
static int check_loaded(struct ctx *ctx, struct kmod_module *mod, struct load_result *r)
{
	struct live_info info;
	struct offset_list list = { 0 };
	int ret = live_trouble(live_check(ctx->host[0], &info), &info);

	if (!ret) {
		ret = offsets_from_info(info.text, &list);
		if (ret)
			ret = live_failed("the module's offsets", ret);
	}
	if (!ret) {
		offsets_check(ctx->sysroot, &list, &r->offsets);
		if (r->offsets.wrong)
			ret = wrong_offsets(r->file, &r->offsets);
	}
	if (ret)
		sym_kmod_module_remove_module(mod, 0);
	snprintf(r->mode, sizeof(r->mode), "%s", info.mode);
	offsets_free(&list);
	live_info_free(&info);
	return ret;
}

/* ---- load ------------------------------------------------------------------------------------ */

enum { OPT_NO_AT = 1, OPT_DRY_RUN };

static const struct opt load_opts[] = {
	{ OPT_NO_AT,	"no-at",	NULL,	"forbid AT: it touches HCR_EL2 for an instant" },
	{ OPT_DRY_RUN,	"dry-run",	NULL,	"check that the module fits, load nothing" },
	{ 0, NULL, NULL, NULL }
};

/* All that checks and inserts, before anything is done. 0 or the exit status after the message */
static int open_libraries(void)
{
	const char *why = dl_kmod();

	if (!why)
		why = dl_elf();
	if (!why)
		why = dl_bpf();
	return why ? fail(ST_UNREADABLE, "%s", why) : 0;
}

static int do_load(struct ctx *ctx, struct kmod_ctx *kmod, const char *file, bool dry_run,
		   bool no_at)
{
	struct load_result r = { .dry_run = dry_run };
	struct kmod_module *mod;
	struct machine m;
	int ret;

	get_machine(ctx, &m);
	ret = find_module(kmod, file, &m, &mod);
	if (ret)
		return ret;
	snprintf(r.file, sizeof(r.file), "%s", sym_kmod_module_get_path(mod));
	ret = check_file(ctx, mod, &m, &r);
	if (!ret && !dry_run) {
		ret = sym_kmod_module_insert_module(mod, 0, no_at ? "at=0" : "");
		ret = ret ? insert_failed(&m, r.file, ret) : check_loaded(ctx, mod, &r);
	}
	sym_kmod_module_unref(mod);
	if (!ret)
		ctx->view->ops->load(ctx->view, &r);
	return ret;
}

static int run_load(struct ctx *ctx, int argc, char **argv)
{
	bool dry_run = false, no_at = false;
	struct kmod_ctx *kmod;
	int id, ret;

	while ((id = cmd_opt(ctx, argc, argv)) > 0) {
		if (id == OPT_NO_AT)
			no_at = true;
		else
			dry_run = true;
	}
	if (id == CMD_OPT_BAD)
		return ST_USAGE;
	if (argc - optind > 1)
		return usage(ctx, "\"%s\" is one operand too many", argv[optind + 1]);
	if (ctx->nsnapshots)
		return usage(ctx, "a snapshot takes no module");
	if (*ctx->sysroot && !dry_run)
		return usage(ctx,
			"a captured tree takes no module: load with --sysroot needs --dry-run");
	ret = hosts_open(ctx);
	if (!ret)
		ret = open_libraries();
	if (ret)
		return ret;
	kmod = open_kmod();
	if (!kmod)
		return fail(ST_UNREADABLE, "libkmod: %s", strerror(errno));
	ret = do_load(ctx, kmod, argv[optind], dry_run, no_at);
	sym_kmod_unref(kmod);
	return ret;
}

const struct cmd cmd_load = {
	.name = "load",
	.args = "[FILE]",
	.summary = "load the module, after checking that it fits the running kernel",
	.help = "Without FILE, mmuscope.ko beside the program is taken, else the one installed for this kernel.",
	.opts = load_opts,
	.fn = run_load,
};

/* ---- unload ---------------------------------------------------------------------------------- */

static int remove_module(void)
{
	struct kmod_ctx *kmod = open_kmod();
	struct kmod_module *mod = NULL;
	int ret = kmod ? sym_kmod_module_new_from_name(kmod, NAME, &mod) : -ENOMEM;

	if (!ret)
		ret = sym_kmod_module_remove_module(mod, 0);
	sym_kmod_module_unref(mod);
	sym_kmod_unref(kmod);
	return ret;
}

static int run_unload(struct ctx *ctx, int argc, char **argv)
{
	const char *why;
	int ret;

	if (cmd_opt(ctx, argc, argv) == CMD_OPT_BAD)
		return ST_USAGE;
	if (optind < argc)
		return usage(ctx, "\"%s\": unload takes no operand", argv[optind]);
	if (*ctx->sysroot || ctx->nsnapshots)
		return usage(ctx, "a captured tree or a snapshot has no module to unload");
	why = dl_kmod();
	if (why)
		return fail(ST_UNREADABLE, "%s", why);
	ret = remove_module();
	switch (ret) {
	case 0:
		ctx->view->ops->unload(ctx->view);
		return ST_DONE;
	case -ENOENT:
		return fail(ST_UNREADABLE, "the module is not loaded");
	case -EAGAIN:
	case -EBUSY:
		return fail(ST_UNREADABLE,
			    "the module is in use: a file under /sys/kernel/debug/" MMUSCOPE_DIR
			    " is open; \"fuser -v\" on it names the process");
	case -EPERM:
	case -EACCES:
		return fail(ST_UNREADABLE, "%s: only root can unload a module", strerror(-ret));
	default:
		return fail(ST_UNREADABLE, "the module could not be unloaded: %s", strerror(-ret));
	}
}

const struct cmd cmd_unload = {
	.name = "unload",
	.args = "",
	.summary = "take the module out of the kernel",
	.fn = run_unload,
};

/* ---- status ---------------------------------------------------------------------------------- */

static const char *state_text(enum live_state state)
{
	static const char *const text[] = {
		[LIVE_OK]		= "loaded",
		[LIVE_NOT_LOADED]	= "not loaded",
		[LIVE_NO_DEBUGFS]	= "loaded, but debugfs is not mounted",
		[LIVE_NO_TREE]		= "loaded, but it has no files in debugfs",
		[LIVE_DENIED]		= "only root can tell",
		[LIVE_LOCKDOWN]		= "hidden by kernel lockdown",
		[LIVE_OTHER_ABI]	= "loaded, with another ABI than this program's",
		[LIVE_ERROR]		= "unreadable",
	};

	return text[state];
}

static int judge(const struct status_result *r, enum live_state state)
{
	switch (state) {
	case LIVE_OK:
		return r->offsets.wrong ? ST_FINDING : ST_DONE;
	case LIVE_NOT_LOADED:
	case LIVE_NO_DEBUGFS:
	case LIVE_NO_TREE:
	case LIVE_OTHER_ABI:
		return ST_FINDING;
	default:
		return ST_UNREADABLE;
	}
}

static int run_status(struct ctx *ctx, int argc, char **argv)
{
	struct status_result r = { .program_abi = MMUSCOPE_ABI_VERSION,
				   .program_version = MMUSCOPE_VERSION };
	struct offset_list list = { 0 };
	enum live_state state;
	int ret = 0;

	if (cmd_opt(ctx, argc, argv) == CMD_OPT_BAD)
		return ST_USAGE;
	if (optind < argc)
		return usage(ctx, "\"%s\": status takes no operand", argv[optind]);
	if (from_files(ctx))
		return usage(ctx, "status is of the live host, not of --ram, --core or --regs");
	ret = one_host(ctx);
	if (ret)
		return ret;
	r.snapshot.info = host_snapshot_info(ctx->host[0]);
	r.snapshot.file = ctx->host[0]->name;
	get_machine(ctx, &r.machine);
	state = live_check(ctx->host[0], &r.info);
	r.state = state_text(state);
	r.readable = r.info.text;
	if (r.info.text)
		ret = offsets_from_info(r.info.text, &list);
	if (ret)
		r.offsets.why_unknown = "the module's list of them is not readable";
	else if (!ctx->host[0]->live)
		r.offsets = (struct offset_check){
			.unknown = list.n,
			.why_unknown = "the kernel's BTF is not in the snapshot",
		};
	else if (r.info.text)
		offsets_check(ctx->sysroot, &list, &r.offsets);
	offsets_free(&list);
	ctx->view->ops->status(ctx->view, &r);
	live_trouble(state, &r.info);
	if (r.offsets.wrong)
		wrong_offsets("the loaded module", &r.offsets);
	live_info_free(&r.info);
	return judge(&r, state);
}

const struct cmd cmd_status = {
	.name = "status",
	.args = "",
	.summary = "is the module there, does it fit program and kernel",
	.help = "Exit status 1 where it is not loaded or does not fit, 3 where that cannot be told.",
	.fn = run_status,
};
