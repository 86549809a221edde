// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many walks at once, as text and as JSON.
 */
#include <inttypes.h>

#include "target.h"
#include "view-json.h"
#include "view-walks.h"
#include "view.h"

#define ADDR	"0x%016" PRIx64

void text_walks_begin(struct view *v, const char *target)
{
	(void)v;
	(void)target;
}

static void text_translated(struct view *v, const struct walks_answer *r)
{
	const struct walk_answer *a = r->answer;
	char size[24], perms[PERMS_TEXT], memory[MEMATTR_TEXT];

	if (a->has_ipa && !r->is_ipa)
		fprintf(v->out, " ipa " ADDR, a->ipa.v);
	fprintf(v->out, " pa " ADDR " %s %s, %s %s\n", a->pa.v, size_text(a->size, size),
		perms_text(a->perms, r->regime, perms), memattr_text(&a->attr, memory),
		shareability_text(a->attr.sh));
}

void text_walks_answer(struct view *v, const struct walks_answer *r)
{
	const struct walk_answer *a = r->answer;
	char fault[FAULT_TEXT];

	fprintf(v->out, "%s " ADDR, r->is_ipa ? "ipa" : "va ", r->address);
	switch (a->status) {
	case WALK_OK:
		text_translated(v, r);
		break;
	case WALK_FAULT:
		fprintf(v->out, " fault: %s\n", fault_text(&a->fault, fault));
		break;
	default:
		fprintf(v->out, " unreadable: %s\n", live_error_text(a->error));
	}
}

void text_walks_end(struct view *v, const struct walks_sum *r)
{
	fprintf(v->out, "%" PRIu64 " translated, %" PRIu64 " faults, %" PRIu64 " unreadable\n",
		r->translated, r->faults, r->unreadable);
}

void json_walks_begin(struct view *v, const char *target)
{
	begin_part(v);
	json_add_str(v->part, "target", target);
	part_array(v, "results");
}

void json_walks_answer(struct view *v, const struct walks_answer *r)
{
	struct json_object *o = append_object(part_array(v, "results"));
	const struct walk_answer *a = r->answer;

	json_add_hex(o, r->is_ipa ? "ipa" : "va", r->address);
	json_add_str(o, "status", walk_status_text(a->status));
	if (a->has_ipa && !r->is_ipa)
		json_add_hex(o, "ipa", a->ipa.v);
	switch (a->status) {
	case WALK_OK:
		json_add_hex(o, "pa", a->pa.v);
		json_add_int(o, "size", a->size);
		add_rights(o, a->perms);
		add_attr(o, &a->attr);
		break;
	case WALK_FAULT:
		add_fault(o, &a->fault);
		break;
	default:
		json_add_str(o, "error", live_error_text(a->error));
	}
}

void json_walks_end(struct view *v, const struct walks_sum *r)
{
	json_add_int(v->part, "translated", r->translated);
	json_add_int(v->part, "faults", r->faults);
	json_add_int(v->part, "unreadable", r->unreadable);
	finish_part(v);
}
