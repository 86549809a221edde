// SPDX-License-Identifier: GPL-2.0-only
/*
 * Results of find, as text and as JSON.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dl-json.h"
#include "target.h"
#include "view-find.h"
#include "view-json.h"

#define ADDR	"0x%016" PRIx64

/* ---- words for both -------------------------------------------------------------------------- */

#define BY_TEXT		40

/* "stage 2", "TTBR1_EL1 vCPU 0" */
static const char *by_text(const struct find_view *r, char *buf)
{
	if (r->hit->stage == 2)
		snprintf(buf, BY_TEXT, "stage 2");
	else
		snprintf(buf, BY_TEXT, "TTBR%d_%s vCPU %u", r->hit->half,
			 privileged_text(r->regime), r->vcpu);
	return buf;
}


static const char *why_text(const struct find_hit *h, char *buf)
{
	return h->error ? live_error_text(h->error) : fault_text(&h->fault, buf);
}

/* ---- text ------------------------------------------------------------------------------------ */

void text_find_begin(struct view *v, const struct find_head *r)
{
	char name[NAME_TEXT];

	v->single = r->first == r->last;
	fprintf(v->out, "%-10s ", "find");
	if (r->where)
		fprintf(v->out, "VA " ADDR "%s of %s: ", r->va.v, name_text(v, r->va.v, name), r->where);
	fprintf(v->out, "%s " ADDR, r->space == FIND_PA ? "PA" : "IPA", r->first);
	if (!v->single)
		fprintf(v->out, "-" ADDR, r->last + 1);
	fprintf(v->out, "\n# %-14s %-18s %-18s %-18s %-18s %6s %-2s %-3s %-3s  %-24s %-3s %s\n", "VM",
		"BY", "VA", "IPA", "PA", "SIZE", "L", "EL1", "EL0", "MEMORY", "SH", "DESCRIPTOR");
}

static void text_address(const struct view *v, bool has, uint64_t address)
{
	if (has)
		fprintf(v->out, " " ADDR, address);
	else
		fprintf(v->out, " %-18s", "-");
}

static void text_leaf(const struct view *v, const struct find_view *r)
{
	const struct find_hit *h = r->hit;
	char size[24], mem[MEMATTR_TEXT], el1[4], el0[4], word[WORD_TEXT], fault[FAULT_TEXT];
	char name[NAME_TEXT] = "";

	/* of one kernel: those of --symbols are not another VM's */
	if (h->stage == 1 && r->named)
		name_text(v, h->ia, name);
	text_address(v, h->stage == 1, h->ia);
	text_address(v, h->has_ipa, h->ipa.v);
	text_address(v, h->has_pa, h->pa.v);
	fprintf(v->out, " %6s %-2d ", size_text(v->single ? h->leaf.size : h->size, size), h->level);
	if (h->status == WALK_OK)
		fprintf(v->out, "%s %s  %-24s %-3s", rights_text(h->perms.el1, el1),
			rights_text(h->perms.el0, el0), memattr_text(&h->attr, mem),
			shareability_text(h->attr.sh));
	else
		fprintf(v->out, "%s: %s", h->status == WALK_FAULT ? "FAULT" : "UNREADABLE",
			why_text(h, fault));
	if (h->has_word)
		fprintf(v->out, " 0x%" PRIx64 " = %s", h->word_pa.v,
			word_text(h->word, h->wide, word));
	fprintf(v->out, "%s\n", name);
}

static void text_table(const struct view *v, const struct find_view *r)
{
	const struct find_hit *h = r->hit;
	char word[WORD_TEXT];

	text_address(v, false, 0);
	text_address(v, h->has_ipa, h->ipa.v);
	text_address(v, h->has_pa, h->pa.v);
	fprintf(v->out, " is a stage-%d table of level %d for 0x%" PRIx64 "-0x%" PRIx64, h->stage,
		h->level, h->ia, h->ia + h->size);
	if (h->has_word)
		fprintf(v->out, ", named by 0x%" PRIx64 " = %s", h->word_pa.v,
			word_text(h->word, h->wide, word));
	fputs(h->root ? ", the root\n" : "\n", v->out);
}

void text_find_hit(struct view *v, const struct find_view *r)
{
	const struct find_hit *h = r->hit;
	char by[BY_TEXT], size[24], fault[FAULT_TEXT];

	fprintf(v->out, "%-16s %-18s", r->vm, by_text(r, by));
	switch (h->kind) {
	case FIND_LEAF:
		text_leaf(v, r);
		break;
	case FIND_TABLE:
		text_table(v, r);
		break;
	case FIND_UNKNOWN:
		fprintf(v->out, " UNREADABLE: what %s from %s 0x%" PRIx64 " on map: %s\n",
			size_text(h->size, size), h->stage == 1 ? "VA" : "IPA", h->ia,
			why_text(h, fault));
		break;
	}
}

void text_vm_trouble(struct view *v, const char *vm, const char *why)
{
	fprintf(v->out, "%-16s UNREADABLE: %s\n", vm, why);
}

void text_find_end(struct view *v, const struct find_tail *r)
{
	fprintf(v->out, "# %" PRIu64 " found in %" PRIu64 " of %" PRIu64 " VMs, %" PRIu64 " tables read",
		r->hits, r->with_hits, r->vms, r->tables);
	if (r->unknown)
		fprintf(v->out, ", %" PRIu64 " UNREADABLE", r->unknown);
	fputs(r->changed ? ", tables changed while they were read\n" : "\n", v->out);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

void json_find_begin(struct view *v, const struct find_head *r)
{
	struct json_object *o;

	begin_part(v);
	o = add_object(v->part, "wanted");
	json_add_str(o, "space", r->space == FIND_PA ? "pa" : "ipa");
	json_add_hex(o, "first", r->first);
	json_add_hex(o, "last", r->last);
	if (r->where) {
		json_add_str(o, "target", r->where);
		json_add_hex(o, "va", r->va.v);
		json_add_symbol(v, o, r->va.v);
	}
	part_array(v, "found");
	part_array(v, "unknown");
}

static void add_by(struct json_object *o, const struct find_view *r)
{
	char name[16];

	json_add_str(o, "vm", r->vm);
	json_add_int(o, "stage", r->hit->stage);
	if (r->hit->stage == 2)
		return;
	snprintf(name, sizeof(name), "TTBR%d_%s", r->hit->half, privileged_text(r->regime));
	json_add_str(o, "root", name);
	json_add_int(o, "vcpu", r->vcpu);
}

static void add_why(struct json_object *o, const struct find_hit *h)
{
	if (h->error)
		json_add_str(o, "error", live_error_text(h->error));
	else
		add_fault(o, &h->fault);
}

static void json_unknown(struct view *v, const struct find_view *r)
{
	struct json_object *o = append_object(part_array(v, "unknown"));

	add_by(o, r);
	json_add_int(o, "level", r->hit->level);
	json_add_hex(o, "input_address", r->hit->ia);
	json_add_int(o, "size", r->hit->size);
	add_why(o, r->hit);
}

static void add_leaf(struct json_object *o, const struct find_hit *h)
{
	json_add_int(o, "descriptors", h->leaves);
	json_add_int(o, "leaf_size", h->leaf.size);
	json_add_str(o, "status", walk_status_text(h->status));
	if (h->status == WALK_OK) {
		add_attr(o, &h->attr);
		add_rights(o, h->perms);
	} else {
		add_why(o, h);
	}
}

void json_find_hit(struct view *v, const struct find_view *r)
{
	const struct find_hit *h = r->hit;
	char word[WORD_TEXT];
	struct json_object *o;

	if (h->kind == FIND_UNKNOWN) {
		json_unknown(v, r);
		return;
	}
	o = append_object(part_array(v, "found"));
	add_by(o, r);
	json_add_str(o, "type", h->kind == FIND_TABLE ? "table" : "leaf");
	json_add_int(o, "level", h->level);
	json_add_hex(o, "input_address", h->ia);
	if (h->stage == 1 && r->named)
		json_add_symbol(v, o, h->ia);
	json_add_int(o, "size", h->size);
	if (h->has_ipa)
		json_add_hex(o, "ipa", h->ipa.v);
	if (h->has_pa)
		json_add_hex(o, "pa", h->pa.v);
	if (h->kind == FIND_LEAF)
		add_leaf(o, h);
	if (!h->has_word)
		return;
	json_add_hex(o, "descriptor_pa", h->word_pa.v);
	json_add_str(o, "descriptor", word_text(h->word, h->wide, word));
}

void json_vm_trouble(struct view *v, const char *vm, const char *why)
{
	struct json_object *o = append_object(part_array(v, "unknown"));

	json_add_str(o, "vm", vm);
	json_add_str(o, "error", why);
}

void json_find_end(struct view *v, const struct find_tail *r)
{
	json_add_int(v->part, "vms", r->vms);
	json_add_int(v->part, "tables", r->tables);
	json_add_bool(v->part, "changed", r->changed);
	finish_part(v);
}
