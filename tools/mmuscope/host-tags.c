// SPDX-License-Identifier: GPL-2.0-only
/*
 * The TLB tags that are in use on a host.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host-tags.h"
#include "regs.h"

/* Two readings that agree on what cannot be so are believed */
#define READINGS	3
#define READ_AGAIN_NS	20000000

/* ---- processes ------------------------------------------------------------------------------- */

/* "PID ASID COMM" */
static bool parse_process(const char *line, unsigned int bits, struct tags_process *p)
{
	uint64_t id;
	int comm = 0;
	size_t n;

	*p = (struct tags_process){ 0 };
	if (sscanf(line, "%" SCNu64 " %" SCNi64 "%n", &p->pid, (int64_t *)&id, &comm) < 2)
		return false;
	p->asid = id & mask64(bits - 1, 0);
	p->generation = id >> bits;
	comm += strspn(line + comm, " ");
	n = strcspn(line + comm, "\n");
	if (n >= sizeof(p->comm))
		n = sizeof(p->comm) - 1;
	memcpy(p->comm, line + comm, n);
	return true;
}

static int read_processes(struct host *h, struct host_tags *t)
{
	struct tags_process p, *more;
	size_t len, room = 0;
	const char *line;
	int err = 0;
	char *text = live_read(h, &len, &err, "host/processes");

	if (!text)
		return err;
	for (line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		if (!parse_process(line, t->asid_bits, &p))
			continue;
		if (t->nprocesses == room) {
			room = room ? 2 * room : 64;
			more = realloc(t->process, room * sizeof(*more));
			if (!more) {
				free(text);
				return -ENOMEM;
			}
			t->process = more;
		}
		if (p.generation > t->asid_generation)
			t->asid_generation = p.generation;
		t->process[t->nprocesses++] = p;
	}
	free(text);
	return 0;
}

/*
 * As Linux reserves what is on a CPU when the generation changes, it may be of an older one; one of
 * the newest goes before. ASID 0 is that of no process.
 */
static const struct tags_process *find_process(const struct host_tags *t, uint16_t asid)
{
	const struct tags_process *p, *older = NULL;

	for (p = t->process; asid && p < t->process + t->nprocesses; p++) {
		if (p->asid != asid || !p->generation)
			continue;
		if (p->generation == t->asid_generation)
			return p;
		older = p;
	}
	return older;
}

/* ---- physical CPUs --------------------------------------------------------------------------- */

static void host_asid(const struct regs *regs, struct tags_cpu *c)
{
	struct asid_tags asid;
	const char *reason;
	struct mmu mmu;

	c->host = REGF(regs, HCR_EL2, E2H) ? REGIME_EL20 : REGIME_EL10;
	if (mmu_init(&mmu, c->host, regs, NULL, NULL, &reason) ||
	    !regs_have(regs, c->host == REGIME_EL20 ? REG_TTBR1_EL2 : REG_TTBR1_EL1))
		return;
	asid_tags_of(&mmu, regs, &asid);
	c->has_host_asid = true;
	/* Of the half of processes */
	c->host_asid = asid_of_half(&asid, 0);
}

/*
 * HCR_EL2 of a physical CPU is the host's whenever it is read. What EL1's registers mean depends on
 * the guest's (RW: AArch32 or not), which its vCPU has. False: not known.
 */
static bool guest_hcr(struct host *h, const struct tags_cpu *c, struct regs *regs)
{
	const char *colon = strchr(c->guest, ':');
	struct regs_parser p = { 0 };
	struct regs vcpu = { 0 };
	size_t len;
	char *text;
	int err;

	if (!c->loaded || !colon)
		return false;
	text = live_read(h, &len, &err, "vm/%.*s/vcpu%s/regs", (int)(colon - c->guest), c->guest,
			 colon + 1);
	if (!text)
		return false;
	err = regs_parse(&vcpu, text, len, &p);
	free(text);
	if (err || !regs_have(&vcpu, REG_HCR_EL2))
		return false;
	regs_set(regs, REG_HCR_EL2, vcpu.val[REG_HCR_EL2]);
	regs_aarch32(regs);
	return true;
}

static void guest_tags(struct host *h, const struct regs *host, struct tags_cpu *c)
{
	struct regs regs = *host;
	struct asid_tags asid;
	const char *reason;
	struct mmu mmu;
	bool known;

	if (!regs_have(host, REG_VTTBR_EL2) || !regs_have(host, REG_VTCR_EL2))
		return;
	regs_set(&regs, REG_HCR_EL2, FIELD_MASK(HCR_EL2, VM) | FIELD_MASK(HCR_EL2, RW));
	known = guest_hcr(h, c, &regs);
	if (mmu_init(&mmu, REGIME_EL10, &regs, NULL, NULL, &reason))
		return;
	c->vttbr = host->val[REG_VTTBR_EL2];
	c->owner = c->vttbr ? OWNER_NO_VM : OWNER_NOTHING;
	c->vmid = mmu.s2.vmid;
	c->root = mmu.s2.geo.root;
	if (!known || !regs_have(host, REG_TCR_EL1))
		return;
	asid_tags_of(&mmu, &regs, &asid);
	c->has_asid = true;
	c->asid = asid_of_half(&asid, 0);
}

/* Is it one that KVM keeps for guests of this VM's guest? */
static bool is_shadow(struct host *h, const struct live_vm *vm, uint64_t vttbr)
{
	struct live_shadow *shadow;
	bool found = false;
	size_t n, i;

	if (live_shadows(h, vm, &shadow, &n))
		return false;
	for (i = 0; i < n; i++)
		found |= !((shadow[i].vttbr ^ vttbr) & ~FIELD_MASK(VTTBR_EL2, CnP));
	free(shadow);
	return found;
}

static void find_owner(struct host *h, const struct host_tags *t, struct tags_cpu *c)
{
	const uint64_t cnp = FIELD_MASK(VTTBR_EL2, CnP), vmid = FIELD_MASK(VTTBR_EL2, VMID);
	const struct live_vm *vm;

	for (vm = t->vm; c->owner != OWNER_VM && vm < t->vm + t->nvms; vm++) {
		if (vm->error || vm->stage2 != STAGE2_VISIBLE ||
		    (vm->vttbr ^ c->vttbr) & ~cnp & ~vmid)
			continue;
		c->vm = vm;
		c->owner = (vm->vttbr ^ c->vttbr) & vmid ? OWNER_ROOT : OWNER_VM;
	}
	for (vm = t->vm; c->owner == OWNER_NO_VM && vm < t->vm + t->nvms; vm++) {
		if (vm->error || vm->stage2 != STAGE2_VISIBLE || !is_shadow(h, vm, c->vttbr))
			continue;
		c->vm = vm;
		c->owner = OWNER_VM;
		c->shadow = true;
	}
}

static int parse_cpu(struct host *h, const char *text, size_t len, struct tags_cpu *c)
{
	struct regs_parser p = { 0 };
	struct regs regs = { 0 };

	if (regs_parse(&regs, text, len, &p))
		return -EPROTO;
	c->loaded = live_text(text, "# guest", c->guest, sizeof(c->guest)) &&
		    strcmp(c->guest, "none");
	host_asid(&regs, c);
	guest_tags(h, &regs, c);
	return 0;
}

/* CPUs count from 0 without a gap; one that is offline has its file too */
static int read_cpus(struct host *h, struct host_tags *t)
{
	struct tags_cpu *more;
	size_t len;
	char *text;
	int err;

	for (;;) {
		err = 0;
		text = live_read(h, &len, &err, "host/cpu%zu/regs", t->ncpus);
		if (!text && err == -ENOENT)
			return 0;
		more = realloc(t->cpu, (t->ncpus + 1) * sizeof(*more));
		if (!more) {
			free(text);
			return -ENOMEM;
		}
		t->cpu = more;
		more += t->ncpus;
		*more = (struct tags_cpu){ .cpu = (unsigned int)t->ncpus++, .error = err };
		if (text)
			more->error = parse_cpu(h, text, len, more);
		free(text);
	}
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* The VM whose vCPU @c says is loaded, by the name before the last colon */
static size_t guest_of(const struct host_tags *t, const struct tags_cpu *c)
{
	size_t i, n = strcspn(c->guest, ":");

	for (i = 0; c->loaded && i < t->nvms; i++)
		if (strlen(t->vm[i].dir) == n && !strncmp(t->vm[i].dir, c->guest, n))
			return i;
	return t->nvms;
}

static int judge(struct host *h, struct host_tags *t)
{
	size_t i, vm;

	t->use = calloc(t->nvms + 1, sizeof(*t->use));
	if (!t->use)
		return -ENOMEM;
	for (i = 0; i < t->nvms; i++) {
		t->use[i].vmid = t->vm[i].vmid;
		t->use[i].generation = t->vm[i].generation;
	}
	for (i = 0; i < t->ncpus; i++) {
		find_owner(h, t, &t->cpu[i]);
		if (t->cpu[i].has_host_asid)
			t->cpu[i].process = find_process(t, t->cpu[i].host_asid);
		vm = guest_of(t, &t->cpu[i]);
		if (vm < t->nvms)
			t->use[vm].loaded = true;
	}
	return vmids_judge(t->use, t->nvms, &t->generation);
}

static bool looks_odd(const struct host_tags *t)
{
	size_t i;

	for (i = 0; i < t->nvms; i++)
		if (t->use[i].twin)
			return true;
	for (i = 0; i < t->ncpus; i++)
		if (t->cpu[i].loaded && t->cpu[i].owner != OWNER_UNKNOWN &&
		    (t->cpu[i].owner != OWNER_VM ||
		     t->cpu[i].vm != &t->vm[guest_of(t, &t->cpu[i])]))
			return true;
	return false;
}

/* How wide ASIDs are to Linux: as the CPUs have them (get_cpu_asid_bits()); 0: not known */
static unsigned int read_asid_bits(struct host *h)
{
	struct regs_parser p = { 0 };
	struct regs regs = { 0 };
	size_t len;
	int err = 0;
	char *text = live_read(h, &len, &err, "host/cpu0/regs");

	if (text)
		regs_parse(&regs, text, len, &p);
	free(text);
	if (!regs_have(&regs, REG_ID_AA64MMFR0_EL1))
		return 0;
	return REGF(&regs, ID_AA64MMFR0_EL1, ASIDBits) == 2 ? 16 : 8;
}

static int read_once(struct host *h, const struct live_info *info, struct host_tags *t)
{
	int ret;

	*t = (struct host_tags){ .vmid_bits = (unsigned int)info->vmid_bits };
	ret = live_vms(h, t->vmid_bits, &t->vm, &t->nvms);
	if (!ret)
		ret = read_cpus(h, t);
	if (ret)
		return ret;
	t->asid_bits = read_asid_bits(h);
	t->process_error = t->asid_bits ? read_processes(h, t) : -EOPNOTSUPP;
	return judge(h, t);
}

int host_tags_read(struct host *h, const struct live_info *info, struct host_tags *t)
{
	const struct timespec wait = { 0, READ_AGAIN_NS };
	int ret = read_once(h, info, t), readings;

	for (readings = 1; !ret && h->live && readings < READINGS && looks_odd(t); readings++) {
		host_tags_free(t);
		nanosleep(&wait, NULL);
		ret = read_once(h, info, t);
	}
	return ret;
}

void host_tags_free(struct host_tags *t)
{
	free(t->vm);
	free(t->use);
	free(t->cpu);
	free(t->process);
	*t = (struct host_tags){ 0 };
}

/* ---- one vCPU -------------------------------------------------------------------------------- */

static int vcpu_asids(const char *text, size_t len, struct asid_tags *asid)
{
	struct regs_parser p = { 0 };
	struct regs regs = { 0 };
	const char *reason;
	struct mmu mmu;

	if (regs_parse(&regs, text, len, &p))
		return -EPROTO;
	regs_aarch32(&regs);
	if (mmu_init(&mmu, REGIME_EL10, &regs, NULL, NULL, &reason))
		return -EPROTO;
	asid_tags_of(&mmu, &regs, asid);
	return 0;
}

void vcpu_tags_read(struct host *h, const struct live_vm *vm, unsigned int vcpu,
		    struct tags_vcpu *t)
{
	uint64_t cpu;
	size_t len;
	char *text;

	*t = (struct tags_vcpu){ .vcpu = vcpu, .cpu = -1 };
	text = live_vcpu_regs(h, vm, vcpu, &len, &t->error);
	if (!text)
		return;
	live_text(text, "# state", t->state, sizeof(t->state));
	if (live_number(text, "# cpu", &cpu))
		t->cpu = (int)cpu;
	t->error = live_never_ran(text) ? -ENODATA : vcpu_asids(text, len, &t->asid);
	free(text);
}
