// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The text files of mmuscope's debugfs tree, and which VM a user means.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mmuscope.h>

#include "live.h"
#include "regs.h"

#define TREE	"/sys/kernel/debug/" MMUSCOPE_DIR

char *live_read(struct host *h, size_t *len, int *err, const char *fmt, ...)
{
	char path[PATH_MAX];
	va_list ap;
	int n;

	n = snprintf(path, sizeof(path), TREE "/");
	va_start(ap, fmt);
	n += vsnprintf(path + n, sizeof(path) - n, fmt, ap);
	va_end(ap);
	if (n >= (int)sizeof(path)) {
		*err = -ENAMETOOLONG;
		return NULL;
	}
	return h->ops->read_file(h, path, len, err);
}

const char *live_next(const char **pos, const char *name)
{
	size_t n = strlen(name);
	const char *line = *pos, *end;

	while (line && *line) {
		end = strchr(line, '\n');
		*pos = end ? end + 1 : line + strlen(line);
		if (!strncmp(line, name, n) && (line[n] == ' ' || line[n] == '\t'))
			return line + n + 1 + strspn(line + n + 1, " \t");
		line = *pos;
	}
	return NULL;
}

bool live_text(const char *text, const char *name, char *value, size_t size)
{
	const char *v = live_next(&text, name);
	size_t n;

	if (!v)
		return false;
	n = strcspn(v, "\n");
	if (n >= size)
		n = size - 1;
	memcpy(value, v, n);
	value[n] = '\0';
	return true;
}

bool live_number(const char *text, const char *name, uint64_t *value)
{
	char s[32];
	char *end;

	if (!live_text(text, name, s, sizeof(s)) || !isdigit((unsigned char)s[0]))
		return false;
	*value = strtoull(s, &end, 0);
	return end != s && (!*end || isspace((unsigned char)*end));
}

static bool contains(struct host *h, const char *path, const char *what)
{
	size_t len;
	int err;
	char *text = h->ops->read_file(h, path, &len, &err);
	bool found = text && strstr(text, what);

	free(text);
	return found;
}

/* Lockdown refuses every debugfs file that is not readable by all, and says EPERM to root */
static bool locked_down(struct host *h)
{
	return contains(h, "/sys/kernel/security/lockdown", "[integrity]") ||
	       contains(h, "/sys/kernel/security/lockdown", "[confidentiality]");
}

static enum live_state why_not(struct host *h, int err)
{
	if (err == -EPERM && locked_down(h))
		return LIVE_LOCKDOWN;
	if (err == -EACCES || err == -EPERM)
		return LIVE_DENIED;
	if (err != -ENOENT)
		return LIVE_ERROR;
	/* the module first: without it a missing debugfs does not matter yet */
	if (!h->ops->has_file(h, "/sys/module/mmuscope"))
		return LIVE_NOT_LOADED;
	if (!contains(h, "/proc/mounts", " /sys/kernel/debug debugfs "))
		return LIVE_NO_DEBUGFS;
	return LIVE_NO_TREE;
}

enum live_state live_check(struct host *h, struct live_info *info)
{
	size_t len;
	int err = 0;

	*info = (struct live_info){ 0 };
	info->text = live_read(h, &len, &err, "info");
	if (!info->text) {
		info->error = -err;
		return why_not(h, err);
	}
	live_text(info->text, "module_version", info->module_version, sizeof(info->module_version));
	live_text(info->text, "kernel", info->kernel, sizeof(info->kernel));
	live_text(info->text, "mode", info->mode, sizeof(info->mode));
	live_number(info->text, "page_size", &info->page_size);
	live_number(info->text, "at", &info->at);
	live_number(info->text, "vmid_bits", &info->vmid_bits);
	if (!live_number(info->text, "abi_version", &info->abi_version) ||
	    info->abi_version != MMUSCOPE_ABI_VERSION)
		return LIVE_OTHER_ABI;
	return LIVE_OK;
}

void live_info_free(struct live_info *info)
{
	free(info->text);
	info->text = NULL;
}

/* The guest's name in the value of QEMU's -name: "NAME", "NAME,debug-threads=on" or
 * "guest=NAME,..."; ",," is a comma */
static void copy_name(char *name, size_t size, const char *arg)
{
	size_t n = 0;

	if (!strncmp(arg, "guest=", 6))
		arg += 6;
	for (; *arg && n < size - 1; arg++) {
		if (*arg == ',' && *++arg != ',')
			break;
		name[n++] = *arg >= ' ' && *arg <= '~' ? *arg : '?';
	}
	name[n] = '\0';
	/* options alone, no name */
	if (!strncmp(name, "debug-threads=", 14) || !strncmp(name, "process=", 8))
		name[0] = '\0';
}

static void read_name(struct host *h, struct live_vm *vm)
{
	char path[64];
	const char *arg, *end;
	size_t len;
	char *text;
	int err;

	snprintf(path, sizeof(path), "/proc/%" PRIu64 "/cmdline", vm->pid);
	text = h->ops->read_file(h, path, &len, &err);
	if (!text)
		return;
	end = text + len;
	for (arg = text; arg < end; arg += strlen(arg) + 1) {
		if (strcmp(arg, "-name") && strcmp(arg, "--name"))
			continue;
		arg += strlen(arg) + 1;
		if (arg < end)
			copy_name(vm->name, sizeof(vm->name), arg);
		break;
	}
	free(text);
}

static void read_info(struct host *h, uint64_t vmid_bits, struct live_vm *vm)
{
	uint64_t level = 0;
	char stage2[16] = "visible", start[16];
	size_t len;
	char *text = live_read(h, &len, &vm->error, "vm/%s/info", vm->dir);

	if (!text)
		return;
	live_number(text, "ipa_bits", &vm->ipa_bits);
	live_number(text, "granule_shift", &vm->granule_shift);
	if (live_text(text, "start_level", start, sizeof(start)))
		level = strtol(start, NULL, 0);
	vm->start_level = (int)level;
	live_number(text, "VTCR_EL2", &vm->vtcr);
	live_number(text, "VTTBR_EL2", &vm->vttbr);
	live_number(text, "vmid", &vm->vmid);
	if (vmid_bits && vmid_bits < 64) {
		vm->generation = vm->vmid >> vmid_bits;
		vm->vmid &= (UINT64_C(1) << vmid_bits) - 1;
	}
	live_number(text, "pgd_phys", &vm->pgd_phys);
	live_number(text, "invalidate_seq", &vm->seq);
	live_number(text, "dirty_log", &vm->dirty_log);
	live_text(text, "stage2", stage2, sizeof(stage2));
	vm->stage2 = !strcmp(stage2, "hidden") ? STAGE2_HIDDEN : STAGE2_VISIBLE;
	free(text);
}

int live_vm_again(struct host *h, struct live_vm *vm)
{
	struct live_info info;

	live_check(h, &info);
	live_info_free(&info);
	vm->error = 0;
	read_info(h, info.vmid_bits, vm);
	return vm->error;
}

/* "PID-FD PID FD VCPUS COMM" */
static bool parse_vm(const char *line, struct live_vm *vm)
{
	int comm = 0;
	size_t n;

	*vm = (struct live_vm){ 0 };
	if (sscanf(line, "%47s %" SCNu64 " %" SCNu64 " %u%n", vm->dir, &vm->pid, &vm->fd,
		   &vm->vcpus, &comm) < 4)
		return false;
	if (strchr(vm->dir, '/'))
		return false;
	/* A process may have made its name empty: do not take the next line's */
	comm += strspn(line + comm, " ");
	n = strcspn(line + comm, "\n");
	if (n >= sizeof(vm->comm))
		n = sizeof(vm->comm) - 1;
	memcpy(vm->comm, line + comm, n);
	return true;
}

int live_vms(struct host *h, unsigned int vmid_bits, struct live_vm **vms, size_t *n)
{
	struct live_vm *list = NULL, *more;
	const char *line;
	size_t len;
	int err = 0;
	char *text = live_read(h, &len, &err, "vms");

	*vms = NULL;
	*n = 0;
	if (!text)
		return err;
	for (line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		more = realloc(list, (*n + 1) * sizeof(*list));
		if (!more) {
			free(list);
			free(text);
			return -ENOMEM;
		}
		list = more;
		if (!parse_vm(line, &list[*n]))
			continue;
		read_name(h, &list[*n]);
		read_info(h, vmid_bits, &list[*n]);
		++*n;
	}
	free(text);
	*vms = list;
	return 0;
}

bool live_split_vcpu(const char *spec, char *name, size_t size, unsigned int *vcpu)
{
	const char *colon = strrchr(spec, ':');
	size_t n = strlen(spec);
	unsigned long v;

	/* "vmid:5" alone is a name; "vmid:5:1" and "guest:1" name a vCPU */
	if (colon && colon[1] && !colon[1 + strspn(colon + 1, "0123456789")] &&
	    !(colon == spec + 4 && !strncmp(spec, "vmid", 4))) {
		v = strtoul(colon + 1, NULL, 10);
		*vcpu = v > UINT_MAX ? UINT_MAX : v;
		n = colon - spec;
	}
	if (!n || n >= size)
		return false;
	memcpy(name, spec, n);
	name[n] = '\0';
	return true;
}

bool live_vm_is(const struct live_vm *vm, const char *name)
{
	char pid[24];
	uint64_t vmid;
	char *end;

	if (!strncmp(name, "vmid:", 5) && isdigit((unsigned char)name[5])) {
		vmid = strtoull(name + 5, &end, 0);
		/* VMID 0 is what a VM has that never ran: it names nobody */
		return !*end && !vm->error && vmid && vm->vmid == vmid;
	}
	snprintf(pid, sizeof(pid), "%" PRIu64, vm->pid);
	return !strcmp(name, vm->dir) || !strcmp(name, pid) || !strcmp(name, vm->name) ||
	       !strcmp(name, vm->comm);
}

/* The module tries for a while itself; a vCPU that migrates all the time is worth a few more */
char *live_vcpu_regs(struct host *h, const struct live_vm *vm, unsigned int vcpu, size_t *len,
		     int *err)
{
	const struct timespec wait = { 0, 10000000 };
	char *text;
	int tries;

	for (tries = 0; tries < 20; tries++) {
		text = live_read(h, len, err, "vm/%s/vcpu%u/regs", *vm->of ? vm->of : vm->dir, vcpu);
		if (text || *err != -EAGAIN || !h->live)
			return text;
		nanosleep(&wait, NULL);
	}
	return NULL;
}

bool live_never_ran(const char *text)
{
	char state[16];

	return live_text(text, "# state", state, sizeof(state)) && !strcmp(state, "never-run");
}

void live_regs_of_vm(const struct live_vm *vm, struct regs *regs)
{
	memset(regs, 0, sizeof(*regs));
	regs_set(regs, REG_VTCR_EL2, vm->vtcr);
	regs_set(regs, REG_VTTBR_EL2, vm->vttbr);
	regs_set(regs, REG_HCR_EL2, FIELD_MASK(HCR_EL2, VM) | FIELD_MASK(HCR_EL2, RW));
}

int live_slots(struct host *h, const struct live_vm *vm, struct live_slot **slots, size_t *n)
{
	struct live_slot s, *list = NULL, *more;
	const char *pos, *line;
	size_t len;
	int err = 0;
	char *text = live_read(h, &len, &err, "vm/%s/slots", vm->dir);

	*slots = NULL;
	*n = 0;
	if (!text)
		return err;
	for (pos = text; (line = live_next(&pos, "slot"));) {
		if (sscanf(line,
			   "%" SCNu64 " %" SCNu64 " %" SCNi64 " %" SCNi64 " %" SCNi64 " %" SCNi64,
			   &s.id, &s.as, (int64_t *)&s.ipa, (int64_t *)&s.size, (int64_t *)&s.flags,
			   (int64_t *)&s.hva) != 6)
			continue;
		/* of a file that was captured; KVM has none */
		if (!s.size || s.ipa + s.size < s.ipa || s.hva + s.size < s.hva) {
			err = -EPROTO;
			break;
		}
		more = realloc(list, (*n + 1) * sizeof(*list));
		if (!more) {
			err = -ENOMEM;
			break;
		}
		list = more;
		list[(*n)++] = s;
	}
	free(text);
	if (err) {
		free(list);
		*n = 0;
		return err;
	}
	*slots = list;
	return 0;
}

const struct live_slot *live_slot_find(const struct live_slot *slots, size_t n, uint64_t ipa)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (ipa >= slots[i].ipa && ipa - slots[i].ipa < slots[i].size)
			return &slots[i];
	return NULL;
}

/* The number behind @name in a line of names and values */
static bool named(const char *line, const char *name, uint64_t *value)
{
	size_t len = strlen(name), all = strcspn(line, "\n");
	const char *at = line, *end = line + all;

	while ((at = memmem(at, end - at, name, len))) {
		if (at > line && at[-1] == ' ' && at[len] == ' ') {
			*value = strtoull(at + len + 1, NULL, 0);
			return true;
		}
		at += len;
	}
	return false;
}

int live_shadows(struct host *h, const struct live_vm *vm, struct live_shadow **shadows, size_t *n)
{
	struct live_shadow *more, s;
	const char *pos, *line;
	uint64_t stage2, start;
	size_t len;
	int err = 0;
	char *text = live_read(h, &len, &err, "vm/%s/nested", vm->dir);

	*shadows = NULL;
	*n = 0;
	if (!text)
		return err == -ENOENT ? 0 : err;
	for (pos = text; (line = live_next(&pos, "shadow"));) {
		s.number = strtoull(line, NULL, 10);
		if (s.number > INT_MAX || !named(line, "guest_VTTBR_EL2", &s.guest_vttbr) ||
		    !named(line, "guest_VTCR_EL2", &s.guest_vtcr) || !named(line, "stage2", &stage2) ||
		    !named(line, "VTTBR_EL2", &s.vttbr) || !named(line, "VTCR_EL2", &s.vtcr) ||
		    !named(line, "ipa_bits", &s.ipa_bits) || !named(line, "start_level", &start)) {
			err = -EPROTO;
			break;
		}
		s.stage2 = stage2;
		s.start_level = (int)start;
		s.vmid = s.vttbr >> 48;
		more = realloc(*shadows, (*n + 1) * sizeof(*more));
		if (!more) {
			err = -ENOMEM;
			break;
		}
		*shadows = more;
		more[(*n)++] = s;
	}
	free(text);
	if (err) {
		free(*shadows);
		*shadows = NULL;
		*n = 0;
	}
	return err;
}

bool live_same_shadow(const struct live_shadow *a, const struct live_shadow *b)
{
	return a->number == b->number && a->guest_vttbr == b->guest_vttbr &&
	       a->guest_vtcr == b->guest_vtcr && a->stage2 == b->stage2 && a->vttbr == b->vttbr;
}

void live_shadow_as_vm(const struct live_vm *vm, const struct live_shadow *s, struct live_vm *as)
{
	*as = *vm;
	snprintf(as->of, sizeof(as->of), "%s", vm->dir);
	snprintf(as->dir, sizeof(as->dir), "%.24s.%" PRIu64, vm->dir, s->number);
	as->vcpus = 0;
	as->ipa_bits = s->ipa_bits;
	as->start_level = s->start_level;
	as->vtcr = s->vtcr;
	as->vttbr = s->vttbr;
	as->vmid = s->vmid;
	as->pgd_phys = s->vttbr & FIELD_MASK(VTTBR_EL2, BADDR);
	as->stage2 = STAGE2_VISIBLE;
}

bool live_split_shadow(char *name, uint64_t *number)
{
	char *dot = strrchr(name, '.'), *end;

	if (!dot || dot == name || !isdigit((unsigned char)dot[1]))
		return false;
	errno = 0;
	*number = strtoull(dot + 1, &end, 10);
	if (*end || errno)
		return false;
	*dot = '\0';
	return true;
}
