// SPDX-License-Identifier: GPL-2.0-only
/*
 * Results of tags, as text and as JSON.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dl-json.h"
#include "regs.h"
#include "target.h"
#include "view-json.h"
#include "view-tags.h"

#define ADDR	"0x%016" PRIx64
#define TAG	"0x%04x"

/* ---- words for both -------------------------------------------------------------------------- */

static const char no_contents[] =
	"what it holds cannot be read at this level: these are the tags of entries made now";

static unsigned int vmid_width(const struct live_vm *vm)
{
	return FIELD_OF(VTCR_EL2, VS, vm->vtcr) ? 16 : 8;
}

static const char *vm_name(const struct live_vm *vm)
{
	return vm->name[0] ? vm->name : vm->comm;
}

static bool visible(const struct live_vm *vm)
{
	return !vm->error && vm->stage2 == STAGE2_VISIBLE;
}

static const struct live_vm *twin_of(const struct host_tags *t, size_t vm)
{
	const struct vmid_use *twin = t->use[vm].twin;

	return twin ? &t->vm[twin - t->use] : NULL;
}

static const char *process_state(const struct host_tags *t, const struct tags_process *p)
{
	size_t i;

	if (!p->generation)
		return "none";
	if (p->generation == t->asid_generation)
		return "current";
	for (i = 0; i < t->ncpus; i++)
		if (t->cpu[i].process == p)
			return "reserved";
	return "stale";
}

static const char *owner_text(const struct tags_cpu *c)
{
	switch (c->owner) {
	case OWNER_NOTHING:
		return "nothing was loaded yet";
	case OWNER_VM:
		return c->shadow ? "a shadow stage 2, for a guest of" : "left by";
	case OWNER_ROOT:
		return "another VMID with the root of";
	case OWNER_NO_VM:
		return "belongs to no live VM";
	default:
		return c->host == REGIME_EL10 ? "not readable: under nVHE the host runs at EL1" :
		       "VTTBR_EL2 is not among its registers";
	}
}

/* ---- text ------------------------------------------------------------------------------------ */

static void text_vms(const struct view *v, const struct tags_view *r)
{
	const struct host_tags *t = r->host;
	const struct live_vm *vm, *twin;
	size_t i, n;

	fprintf(v->out, "%-14s %-20s %6s %10s %-8s %4s %3s %s\n", "VM", "NAME", "VMID",
		"GENERATION", "STATE", "BITS", "CNP", "VTTBR_EL2");
	for (i = 0; i < r->nvms; i++) {
		n = r->vm[i].index;
		vm = &t->vm[n];
		fprintf(v->out, "%-14s %-20s ", vm->dir, vm_name(vm));
		if (!visible(vm)) {
			fprintf(v->out, "%s%s\n", vm->error ? "unreadable: " : "",
				vm->error ? live_error_text(vm->error) :
				"stage 2 and VMID hidden by the hypervisor");
			continue;
		}
		fprintf(v->out, TAG " 0x%-8" PRIx64 " %-8s %4u %3u " ADDR, (unsigned int)vm->vmid,
			vm->generation, vmid_state_text(t->use[n].state), vmid_width(vm),
			(unsigned int)FIELD_OF(VTTBR_EL2, CnP, vm->vttbr), vm->vttbr);
		twin = twin_of(t, n);
		if (twin)
			fprintf(v->out, " ALSO THE VMID OF %s", twin->dir);
		fputc('\n', v->out);
	}
}

static void text_vcpu(const struct view *v, const struct live_vm *vm, const struct tags_vcpu *c)
{
	char name[64];

	snprintf(name, sizeof(name), "%s:%u", vm->dir, c->vcpu);
	fprintf(v->out, "%-16s %-9s ", name, c->state[0] ? c->state : "-");
	if (c->cpu >= 0)
		fprintf(v->out, "%4d ", c->cpu);
	else
		fprintf(v->out, "%4s ", "-");
	if (c->error == -ENODATA)
		fputs("none\n", v->out);
	else if (c->error)
		fprintf(v->out, "unreadable: %s\n", live_error_text(c->error));
	else
		fprintf(v->out, TAG " " TAG " %-9s %4u\n", c->asid.asid[0], c->asid.asid[1],
			c->asid.each ? "each" : c->asid.used ? "TTBR1" : "TTBR0", c->asid.bits);
}

static void text_vcpus(const struct view *v, const struct tags_view *r)
{
	size_t i, j;

	fprintf(v->out, "\n%-16s %-9s %4s %6s %6s %-9s %4s\n", "VCPU", "STATE", "CPU", "TTBR0",
		"TTBR1", "ASID IS", "BITS");
	for (i = 0; i < r->nvms; i++)
		for (j = 0; j < r->vm[i].nvcpus; j++)
			text_vcpu(v, &r->host->vm[r->vm[i].index], &r->vm[i].vcpu[j]);
}

static void text_tag(const struct view *v, bool has, unsigned int tag)
{
	if (has)
		fprintf(v->out, TAG " ", tag);
	else
		fprintf(v->out, "%6s ", "-");
}

static void text_cpu(const struct view *v, const struct tags_cpu *c)
{
	bool stage2 = c->owner > OWNER_NOTHING;
	/* nothing to be said of a vCPU's stage 2 */
	bool own = c->owner == OWNER_UNKNOWN || (c->owner == OWNER_VM && !c->shadow);
	char process[LIVE_TEXT_MAX + 24] = "-";

	fprintf(v->out, "%3u ", c->cpu);
	if (c->error) {
		fprintf(v->out, "%s\n",
			c->error == -ENXIO ? "offline" : live_error_text(c->error));
		return;
	}
	if (c->process)
		snprintf(process, sizeof(process), "%" PRIu64 " %s", c->process->pid,
			 c->process->comm);
	fprintf(v->out, "%-6s ", regime_text(c->host));
	text_tag(v, c->has_host_asid, c->host_asid);
	fprintf(v->out, "%-22s ", process);
	text_tag(v, stage2, c->vmid);
	text_tag(v, c->has_asid, c->asid);
	if (stage2)
		fprintf(v->out, ADDR " ", c->root);
	else
		fprintf(v->out, "%18s ", "-");
	if (c->loaded)
		fprintf(v->out, "%s is loaded%s", c->guest, own ? "" : "; VTTBR_EL2: ");
	if (!c->loaded || !own)
		fprintf(v->out, "%s%s%s", owner_text(c), c->vm ? " " : "",
			c->vm ? c->vm->dir : "");
	fputc('\n', v->out);
}

static void text_cpus(const struct view *v, const struct host_tags *t)
{
	size_t i;

	fprintf(v->out, "\n%3s %-6s %6s %-22s %6s %6s %-18s %s\n", "CPU", "HOST", "ASID",
		"PROCESS", "VMID", "ASID", "STAGE-2 ROOT", "GUEST (EL1&0)");
	for (i = 0; i < t->ncpus; i++)
		text_cpu(v, &t->cpu[i]);
}

static void text_processes(const struct view *v, const struct host_tags *t)
{
	const struct tags_process *p;

	fprintf(v->out, "\n%10s %6s %10s %-8s %s\n", "PID", "ASID", "GENERATION", "STATE",
		"PROCESS");
	for (p = t->process; p < t->process + t->nprocesses; p++)
		fprintf(v->out, "%10" PRIu64 " " TAG " 0x%-8" PRIx64 " %-8s %s\n", p->pid, p->asid,
			p->generation, process_state(t, p), p->comm);
}

/* The allocators' own state is out of reach; what is known of it is what they handed out */
static void text_allocators(const struct view *v, const struct host_tags *t)
{
	fprintf(v->out, "\nVMIDs      %u bits; ", t->vmid_bits);
	if (t->generation)
		fprintf(v->out, "0x%" PRIx64 " is the newest generation of a live VM's, ",
			t->generation);
	fputs("KVM's own count (vmid_generation) is static and exported to nobody\n", v->out);
	if (t->process_error)
		fprintf(v->out, "ASIDs      of processes: unreadable: %s\n",
			live_error_text(t->process_error));
	else
		fprintf(v->out, "ASIDs      %u bits; 0x%" PRIx64 " is the newest generation of a process's, "
			"the kernel's own count (asid_generation) is static and exported to nobody\n",
			t->asid_bits, t->asid_generation);
	fprintf(v->out, "TLB        %s\n", no_contents);
}

void text_tags(struct view *v, const struct tags_view *r)
{
	if (*r->name)
		fprintf(v->out, "host       %s\n", r->name);
	text_vms(v, r);
	text_vcpus(v, r);
	text_cpus(v, r->host);
	if (r->processes)
		text_processes(v, r->host);
	text_allocators(v, r->host);
}

/* ---- text: one VA ---------------------------------------------------------------------------- */

static void text_size(const struct view *v, const char *name, const struct tlb_size *s)
{
	char leaf[24], run[24];

	if (!s->leaf)
		return;
	fprintf(v->out, "%s %s", name, size_text(s->leaf, leaf));
	if (s->run != s->leaf)
		fprintf(v->out, " (%s with the contiguous hint)", size_text(s->run, run));
}

static void text_entry_tags(const struct view *v, const struct tags_entry_view *r)
{
	const struct tlb_entry *e = r->entry;

	if (!e->has_vmid)
		fprintf(v->out, "VMID       none: this regime has no stage 2\n");
	else if (!e->vmid_known)
		fprintf(v->out, "VMID       not known: VTTBR_EL2 cannot be read\n");
	else
		fprintf(v->out, "VMID       " TAG ", %u bits\n", e->vmid, e->vmid_bits);
	if (!e->has_asid)
		fprintf(v->out, "ASID       none: %s, the entry is good for every ASID\n",
			!r->walk->s1.done ? "stage 1 is off" : "nG is 0, global");
	else if (r->no_asid)
		fprintf(v->out, "ASID       not known: the process's could not be read\n");
	else
		fprintf(v->out, "ASID       " TAG ", %u bits (nG is 1)\n", e->asid, e->asid_bits);
	fputs("size       ", v->out);
	text_size(v, "stage 1", &e->s1);
	fputs(e->s1.leaf && e->s2.leaf ? ", " : "", v->out);
	text_size(v, "stage 2", &e->s2);
	if (e->s1.leaf && e->s2.leaf)
		text_size(v, ", both", &e->both);
	fputs(e->both.leaf ? "; an implementation may hold it in smaller pieces\n" :
	      "neither stage translates\n", v->out);
	if (e->no_af)
		fputs("cached     no: not while the access flag of a stage is clear\n", v->out);
}

static void text_tlbi(const struct view *v, const struct tlbi *t)
{
	char size[24];

	fprintf(v->out, "%-12s EL%u ", t->name, t->el);
	if (t->has_xt)
		fprintf(v->out, ADDR, t->xt);
	else
		fprintf(v->out, "%-18s", "-");
	fprintf(v->out, " %-5s %s", t->drops ? "yes" : "no", t->what);
	if (t->bytes)
		fprintf(v->out, "; %s", size_text(t->bytes, size));
	if (t->hint)
		fprintf(v->out, "; hint: level %d", t->level);
	fputc('\n', v->out);
}

static void text_tlbi_notes(const struct view *v, const struct tags_entry_view *r)
{
	const struct tlb_entry *e = r->entry;

	if (e->s1.run != e->s1.leaf)
		fputs("run        it may be held piece by piece: to be rid of it all, "
		      "each of its addresses, or the range\n",
		      v->out);
	if (e->has_vmid)
		fputs("VMID       all but ALLE1IS go by the VMID in VTTBR_EL2; "
		      "those of EL1 from EL2 too, with HCR_EL2.TGE = 0\n",
		      v->out);
	else if (e->regime == REGIME_EL20)
		fputs("regime     the forms of EL1 mean EL2&0 at EL2 with HCR_EL2.{E2H,TGE} = {1,1}\n",
		      v->out);
	fprintf(v->out, "forms      IS: all PEs of the Inner Shareable domain; "
		"without IS: this PE alone%s%s\n",
		r->features->os ? "; OS: Outer Shareable" : "",
		r->features->xs ? "; nXS: does not wait for accesses with the XS attribute" : "");
	if (!r->features->isar0)
		fputs("forms      by range: not known, ID_AA64ISAR0_EL1 is not among the registers\n",
		      v->out);
}

void text_tags_entry(struct view *v, const struct tags_entry_view *r)
{
	char fault[FAULT_TEXT], name[NAME_TEXT];
	size_t i;

	fprintf(v->out, "tags       %s, VA " ADDR "%s, regime %s\n", r->target, r->walk->va.v,
		name_text(v, r->walk->va.v, name), regime_text(r->walk->regime));
	if (r->walk->status == WALK_FAULT)
		fprintf(v->out, "no entry   %s%s\n", fault_text(&r->walk->fault, fault),
			r->walk->fault.type == FAULT_PERMISSION ? "" :
			": what faults so is not cached");
	if (r->walk->status == WALK_UNREADABLE)
		fprintf(v->out, "unreadable %s: whether there can be an entry is not known\n",
			live_error_text(r->walk->error));
	if (r->walk->status != WALK_OK)
		return;
	text_entry_tags(v, r);
	fprintf(v->out, "\n%-12s %-3s %-18s %-5s %s\n", "TLBI", "BY", "Xt", "DROPS", "WHAT GOES");
	for (i = 0; i < r->ntlbi; i++)
		text_tlbi(v, &r->tlbi[i]);
	fputc('\n', v->out);
	text_tlbi_notes(v, r);
	fprintf(v->out, "TLB        %s\n", no_contents);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static struct json_object *add_array(struct json_object *to, const char *key)
{
	struct json_object *array = sym_json_object_new_array();

	sym_json_object_object_add(to, key, array);
	return array;
}

static void add_vcpu(struct json_object *o, const struct tags_vcpu *c)
{
	json_add_int(o, "vcpu", c->vcpu);
	if (c->state[0])
		json_add_str(o, "state", c->state);
	if (c->cpu >= 0)
		json_add_int(o, "cpu", c->cpu);
	if (c->error && c->error != -ENODATA)
		json_add_str(o, "error", live_error_text(c->error));
	if (c->error)
		return;
	json_add_int(o, "ttbr0_asid", c->asid.asid[0]);
	json_add_int(o, "ttbr1_asid", c->asid.asid[1]);
	json_add_str(o, "asid_is", c->asid.each ? "each" : c->asid.used ? "ttbr1" : "ttbr0");
	json_add_int(o, "asid_bits", c->asid.bits);
}

static void add_vm(struct json_object *o, const struct host_tags *t, const struct tags_vm *r)
{
	const struct live_vm *vm = &t->vm[r->index], *twin = twin_of(t, r->index);
	struct json_object *vcpus;
	size_t i;

	json_add_str(o, "vm", vm->dir);
	json_add_str(o, "name", vm->name[0] ? vm->name : NULL);
	json_add_str(o, "comm", vm->comm);
	if (vm->error)
		json_add_str(o, "error", live_error_text(vm->error));
	else
		json_add_bool(o, "hidden", vm->stage2 != STAGE2_VISIBLE);
	if (!visible(vm))
		return;
	json_add_int(o, "vmid", vm->vmid);
	json_add_int(o, "generation", vm->generation);
	json_add_str(o, "state", vmid_state_text(t->use[r->index].state));
	json_add_int(o, "vmid_bits", vmid_width(vm));
	json_add_hex(o, "vttbr_el2", vm->vttbr);
	json_add_bool(o, "cnp", FIELD_OF(VTTBR_EL2, CnP, vm->vttbr));
	if (twin)
		json_add_str(o, "same_vmid_as", twin->dir);
	vcpus = add_array(o, "vcpus");
	for (i = 0; i < r->nvcpus; i++)
		add_vcpu(append_object(vcpus), &r->vcpu[i]);
}

static const char *owner_key(enum tags_owner owner)
{
	static const char *const keys[] = {
		[OWNER_UNKNOWN] = "unreadable", [OWNER_NOTHING] = "nothing", [OWNER_VM] = "vm",
		[OWNER_ROOT] = "root-of-vm", [OWNER_NO_VM] = "no-live-vm",
	};

	return keys[owner];
}

static void add_cpu(struct json_object *o, const struct tags_cpu *c)
{
	json_add_int(o, "cpu", c->cpu);
	if (c->error) {
		json_add_bool(o, "online", c->error != -ENXIO);
		json_add_str(o, "error", live_error_text(c->error));
		return;
	}
	json_add_bool(o, "online", true);
	json_add_str(o, "host_regime", regime_text(c->host));
	if (c->has_host_asid)
		json_add_int(o, "host_asid", c->host_asid);
	if (c->process)
		json_add_int(o, "host_pid", c->process->pid);
	json_add_str(o, "loaded_vcpu", c->loaded ? c->guest : NULL);
	json_add_str(o, "vttbr_of", c->shadow ? "shadow-of-vm" : owner_key(c->owner));
	if (c->vm)
		json_add_str(o, "vm", c->vm->dir);
	if (c->owner <= OWNER_NOTHING)
		return;
	json_add_hex(o, "vttbr_el2", c->vttbr);
	json_add_hex(o, "root", c->root);
	json_add_int(o, "vmid", c->vmid);
	if (c->has_asid)
		json_add_int(o, "asid", c->asid);
}

static void add_processes(struct json_object *array, const struct host_tags *t)
{
	const struct tags_process *p;
	struct json_object *o;

	for (p = t->process; p < t->process + t->nprocesses; p++) {
		o = append_object(array);
		json_add_int(o, "pid", p->pid);
		json_add_str(o, "comm", p->comm);
		json_add_int(o, "asid", p->asid);
		json_add_int(o, "generation", p->generation);
		json_add_str(o, "state", process_state(t, p));
	}
}

static void add_allocators(struct json_object *o, const struct host_tags *t)
{
	json_add_int(o, "vmid_bits", t->vmid_bits);
	if (t->generation)
		json_add_int(o, "newest_vmid_generation", t->generation);
	if (t->asid_bits)
		json_add_int(o, "asid_bits", t->asid_bits);
	if (t->process_error)
		json_add_str(o, "processes_error", live_error_text(t->process_error));
	else
		json_add_int(o, "newest_asid_generation", t->asid_generation);
}

/* One host after the other, into one document */
void json_tags(struct view *v, const struct tags_view *r)
{
	struct json_object *hosts, *o, *array;
	size_t i;

	if (!sym_json_object_object_get_ex(v->root, "hosts", &hosts))
		hosts = add_array(v->root, "hosts");
	o = append_object(hosts);
	json_add_str(o, "host", *r->name ? r->name : NULL);
	add_allocators(o, r->host);
	array = add_array(o, "vms");
	for (i = 0; i < r->nvms; i++)
		add_vm(append_object(array), r->host, &r->vm[i]);
	array = add_array(o, "cpus");
	for (i = 0; i < r->host->ncpus; i++)
		add_cpu(append_object(array), &r->host->cpu[i]);
	if (r->processes && !r->host->process_error)
		add_processes(add_array(o, "processes"), r->host);
}

static void add_size(struct json_object *to, const char *key, const struct tlb_size *s)
{
	struct json_object *o;

	if (!s->leaf)
		return;
	o = add_object(to, key);
	json_add_int(o, "leaf", s->leaf);
	json_add_int(o, "run", s->run);
}

static void add_tlbi(struct json_object *o, const struct tlbi *t)
{
	json_add_str(o, "name", t->name);
	json_add_int(o, "el", t->el);
	if (t->has_xt)
		json_add_hex(o, "xt", t->xt);
	if (t->hint)
		json_add_int(o, "hint_level", t->level);
	if (t->bytes)
		json_add_int(o, "bytes", t->bytes);
	json_add_bool(o, "drops", t->drops);
	json_add_str(o, "what", t->what);
}

static void add_entry(struct json_object *o, const struct tags_entry_view *r)
{
	const struct tlb_entry *e = r->entry;
	struct json_object *array;
	size_t i;

	if (e->has_vmid && e->vmid_known) {
		json_add_int(o, "vmid", e->vmid);
		json_add_int(o, "vmid_bits", e->vmid_bits);
	}
	json_add_bool(o, "global", !e->has_asid);
	if (e->has_asid && !r->no_asid) {
		json_add_int(o, "asid", e->asid);
		json_add_int(o, "asid_bits", e->asid_bits);
	}
	add_size(o, "stage1_size", &e->s1);
	add_size(o, "stage2_size", &e->s2);
	add_size(o, "size", &e->both);
	json_add_bool(o, "cacheable", !e->no_af);
	array = add_array(o, "tlbi");
	for (i = 0; i < r->ntlbi; i++)
		add_tlbi(append_object(array), &r->tlbi[i]);
}

void json_tags_entry(struct view *v, const struct tags_entry_view *r)
{
	json_add_str(v->root, "target", r->target);
	json_add_str(v->root, "regime", regime_text(r->walk->regime));
	json_add_hex(v->root, "va", r->walk->va.v);
	json_add_symbol(v, v->root, r->walk->va.v);
	json_add_str(v->root, "status", walk_status_text(r->walk->status));
	switch (r->walk->status) {
	case WALK_OK:
		add_entry(v->root, r);
		break;
	case WALK_FAULT:
		add_fault(v->root, &r->walk->fault);
		break;
	case WALK_UNREADABLE:
		json_add_str(v->root, "error", live_error_text(r->walk->error));
		break;
	}
}
