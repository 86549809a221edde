// SPDX-License-Identifier: GPL-2.0-only
/*
 * An audit as text and as JSON.
 */
#include <inttypes.h>
#include <stdio.h>

#include "dl-json.h"
#include "view-audit.h"
#include "view-json.h"

static const char *stage2_rights(unsigned int rights, char *buf)
{
	return rights_text((struct rights){ rights & AUDIT_R, rights & AUDIT_W, rights & AUDIT_X }, buf);
}

/* ---- text ------------------------------------------------------------------------------------ */

void text_audit_begin(struct view *v, const struct audit_host_view *r)
{
	fprintf(v->out, "audit      %s: %zu VM%s", *r->host ? r->host : "this machine", r->vms,
		r->vms == 1 ? "" : "s");
	if (r->left_out)
		fprintf(v->out, ", %zu left out: what they map is not known", r->left_out);
	fputc('\n', v->out);
	if (r->compared)
		fprintf(v->out, "compared   %s\n", r->compared);
}

static void text_range(const struct view *v, const char *name, uint64_t at, uint64_t size)
{
	if (size)
		fprintf(v->out, " %s 0x%" PRIx64 "-0x%" PRIx64, name, at, at + size);
	else
		fprintf(v->out, " %s 0x%" PRIx64, name, at);
}

static void text_other(const struct view *v, const struct audit_finding *f)
{
	char rights[4];

	if (!f->other)
		return;
	fprintf(v->out, ", with VM %s", f->other->name);
	if (f->has_other_ipa)
		fprintf(v->out, " at IPA 0x%" PRIx64, f->other_ipa);
	if (f->has_other_ipa || f->other_rights)
		fprintf(v->out, " %s", stage2_rights(f->other_rights, rights));
	if (f->more)
		fprintf(v->out, " and %u more", f->more);
}

/* One line, which begins with how bad it is */
void text_audit_finding(struct view *v, const struct audit_finding *f)
{
	char rights[4], size[24];

	fprintf(v->out, "%-10s %s", f->accepted ? "accepted" : audit_severity_text(f->severity),
		f->check->id);
	if (f->vm)
		fprintf(v->out, " VM %s", f->vm->name);
	if (f->vcpu >= 0)
		fprintf(v->out, " vCPU %d", f->vcpu);
	if (f->cpu >= 0)
		fprintf(v->out, " CPU %d", f->cpu);
	if (f->has_va)
		fprintf(v->out, " VA 0x%" PRIx64, f->va);
	if (f->has_ipa)
		text_range(v, "IPA", f->ipa, f->size);
	if (f->shadow >= 0)
		fprintf(v->out, " of shadow %d", f->shadow);
	if (f->has_pa)
		text_range(v, "PA", f->pa, f->size);
	if (f->size)
		fprintf(v->out, " %s", size_text(f->size, size));
	if (f->has_rights)
		fprintf(v->out, " %s", stage2_rights(f->rights, rights));
	text_other(v, f);
	if (f->text[0])
		fprintf(v->out, ": %s", f->text);
	if (f->has_word)
		fprintf(v->out, "; word at 0x%" PRIx64 " = 0x%016" PRIx64, f->word_pa, f->word);
	fputc('\n', v->out);
}

void text_audit_vm(struct view *v, const struct audit_vm_view *r)
{
	char size[24];

	fprintf(v->out, "verdict    VM %s (%s): %s; %s in %" PRIu64 " tables", r->vm->name,
		r->vm->label, audit_verdict_text(r->verdict), size_text(r->vm->mapped, size),
		r->vm->tables);
	if (r->accepted)
		fprintf(v->out, ", %" PRIu64 " accepted", r->accepted);
	fputc('\n', v->out);
}

void text_audit_end(struct view *v, const struct audit_tail *r)
{
	fprintf(v->out,
		"verdict    %s: %" PRIu64 " VMs, %" PRIu64 " checks; %" PRIu64 " violated, %" PRIu64
		" unknown, %" PRIu64 " shared, %" PRIu64 " notices, %" PRIu64
		" accepted by the baseline\n",
		audit_verdict_text(r->verdict), r->vms, r->checks, r->findings[AUDIT_VIOLATED],
		r->findings[AUDIT_UNKNOWN], r->findings[AUDIT_SHARED], r->findings[AUDIT_NOTICE],
		r->accepted);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

void json_audit_begin(struct view *v, const struct audit_host_view *r)
{
	struct json_object *o;

	if (!v->part)
		begin_part(v);
	part_array(v, "vms");
	part_array(v, "findings");
	o = append_object(part_array(v, "hosts"));
	json_add_str(o, "host", r->host);
	json_add_int(o, "vms", r->vms);
	json_add_int(o, "left_out", r->left_out);
	if (r->compared)
		json_add_str(o, "compared", r->compared);
}

static void add_party(struct json_object *o, const struct audit_vm *vm)
{
	json_add_str(o, "vm", vm->name);
	json_add_str(o, "name", vm->label);
}

static void add_other(struct json_object *o, const struct audit_finding *f)
{
	char rights[4];

	if (!f->other && !f->who)
		return;
	o = add_object(o, "other");
	if (f->who)
		json_add_str(o, "what", f->who);
	if (!f->other)
		return;
	add_party(o, f->other);
	if (f->has_other_ipa)
		json_add_hex(o, "ipa", f->other_ipa);
	if (f->has_other_ipa || f->other_rights)
		json_add_str(o, "rights", stage2_rights(f->other_rights, rights));
	if (f->more)
		json_add_int(o, "more", f->more);
}

void json_audit_finding(struct view *v, const struct audit_finding *f)
{
	struct json_object *o = append_object(part_array(v, "findings")), *word;
	char rights[4];

	json_add_str(o, "check", f->check->id);
	json_add_str(o, "severity", audit_severity_text(f->severity));
	if (f->vm)
		add_party(o, f->vm);
	if (f->vcpu >= 0)
		json_add_int(o, "vcpu", f->vcpu);
	if (f->cpu >= 0)
		json_add_int(o, "cpu", f->cpu);
	if (f->has_va)
		json_add_hex(o, "va", f->va);
	if (f->has_ipa)
		json_add_hex(o, "ipa", f->ipa);
	if (f->shadow >= 0)
		json_add_int(o, "shadow", f->shadow);
	if (f->has_pa)
		json_add_hex(o, "pa", f->pa);
	if (f->size)
		json_add_int(o, "size", f->size);
	if (f->has_rights)
		json_add_str(o, "rights", stage2_rights(f->rights, rights));
	add_other(o, f);
	if (f->has_word) {
		word = add_object(o, "word");
		json_add_hex(word, "pa", f->word_pa);
		json_add_hex(word, "value", f->word);
	}
	json_add_int(o, "count", f->count);
	json_add_str(o, "text", f->text);
	json_add_bool(o, "accepted", f->accepted);
}

static void add_counts(struct json_object *o, const uint64_t *findings, uint64_t accepted)
{
	int s;

	o = add_object(o, "counts");
	for (s = AUDIT_NOTICE; s <= AUDIT_VIOLATED; s++)
		json_add_int(o, audit_severity_text(s), findings[s]);
	json_add_int(o, "accepted", accepted);
}

void json_audit_vm(struct view *v, const struct audit_vm_view *r)
{
	struct json_object *o = append_object(part_array(v, "vms"));

	add_party(o, r->vm);
	json_add_str(o, "verdict", audit_verdict_text(r->verdict));
	json_add_int(o, "mapped", r->vm->mapped);
	json_add_int(o, "tables", r->vm->tables);
	add_counts(o, r->findings, r->accepted);
}

void json_audit_end(struct view *v, const struct audit_tail *r)
{
	json_add_str(v->part, "verdict", audit_verdict_text(r->verdict));
	json_add_int(v->part, "checks", r->checks);
	add_counts(v->part, r->findings, r->accepted);
	finish_part(v);
}
