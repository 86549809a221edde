// SPDX-License-Identifier: GPL-2.0-only
/*
 * Results of diff, as text and as JSON.
 */
#include <inttypes.h>
#include <unistd.h>
#include <stdio.h>
#include <string.h>

#include "dl-json.h"

#include "target.h"
#include "view-diff.h"
#include "view-json.h"

#define ADDR	"0x%016" PRIx64

/* ---- text ------------------------------------------------------------------------------------ */

/* On a terminal each look starts a screen; elsewhere one follows the other */
void text_moment(struct view *v, const char *when)
{
	if (isatty(STDOUT_FILENO))
		fputs("\033[H\033[2J", v->out);
	fprintf(v->out, "%-10s %s\n", "watch", when);
}

void text_diff_begin(struct view *v, const char *a, const char *b)
{
	fprintf(v->out, "%-10s %s to %s\n", "diff", a, b);
}

void text_diff_reg(struct view *v, const struct diff_reg *r)
{
	char a[24] = "absent", b[24] = "absent";

	if (r->has_a)
		snprintf(a, sizeof(a), "0x%" PRIx64, r->a);
	if (r->has_b)
		snprintf(b, sizeof(b), "0x%" PRIx64, r->b);
	fprintf(v->out, "! %s vCPU %u %s: %s -> %s\n", r->vm, r->vcpu, reg_name(r->reg), a, b);
}

#define SET_TEXT	64

static const char *set_text(const struct diff_set *s, char *buf)
{
	if (s->stage == 2)
		snprintf(buf, SET_TEXT, "stage 2");
	else
		snprintf(buf, SET_TEXT, "%s TTBR%d_%s vCPU %u",
			 s->stage ? "stage 1" : "both stages", s->half,
			 privileged_text(s->regime), s->vcpu);
	return buf;
}

static const char *why_text(const struct map_props *p, char *buf)
{
	return p->error ? live_error_text(p->error) : fault_text(&p->fault, buf);
}

/* What one side maps, where the other maps nothing */
static void text_side(const struct view *v, const struct diff_set *set, const struct map_props *p,
		      uint64_t oa)
{
	char perms[PERMS_TEXT], mem[MEMATTR_TEXT], flags[FLAGS_TEXT], fault[FAULT_TEXT];

	if (p->status != WALK_OK) {
		fprintf(v->out, " %s: %s", p->status == WALK_FAULT ? "FAULT" : "UNREADABLE",
			why_text(p, fault));
		return;
	}
	fprintf(v->out, " -> 0x%" PRIx64 ", level %d, %s, %s %s, %s", oa, p->level,
		perms_text(p->perms, set->regime, perms), memattr_text(&p->attr, mem),
		shareability_text(p->attr.sh), flags_text(&p->leaf, p->stage, flags));
}

static void text_values(const struct view *v, const struct diff_set *set, unsigned int bit,
			const struct diff_range *r)
{
	char a[FAULT_TEXT], b[FAULT_TEXT];

	switch (UINT32_C(1) << bit) {
	case LEAF_LEVEL:
		fprintf(v->out, " %d to %d", r->a->level, r->b->level);
		break;
	case LEAF_RIGHTS:
		fprintf(v->out, " %s to %s", perms_text(r->a->perms, set->regime, a),
			perms_text(r->b->perms, set->regime, b));
		break;
	case LEAF_MEMORY:
		fprintf(v->out, " %s %s to %s %s", memattr_text(&r->a->attr, a),
			shareability_text(r->a->attr.sh), memattr_text(&r->b->attr, b),
			shareability_text(r->b->attr.sh));
		/* of Write-Back memory the text leaves it out */
		if (r->a->attr.xs != r->b->attr.xs)
			fprintf(v->out, " (XS %d to %d)", r->a->attr.xs, r->b->attr.xs);
		break;
	case DIFF_OUTPUT:
		fprintf(v->out, " 0x%" PRIx64 " to 0x%" PRIx64, r->oa_a, r->oa_b);
		break;
	case DIFF_IPA:
		fprintf(v->out, " 0x%" PRIx64 " to 0x%" PRIx64, r->ipa_a, r->ipa_b);
		break;
	case DIFF_FAULT:
		fprintf(v->out, " %s to %s", r->a->status == WALK_OK ? "none" : why_text(r->a, a),
			r->b->status == WALK_OK ? "none" : why_text(r->b, b));
		break;
	case DIFF_SOFTWARE:
		fprintf(v->out, " 0x%x to 0x%x", r->a->software | r->a->pbha << 4,
			r->b->software | r->b->pbha << 4);
		break;
	default:	/* a flag */
		fprintf(v->out, " (%s to %s)", flags_text(&r->a->leaf, r->a->stage, a),
			flags_text(&r->b->leaf, r->b->stage, b));
		break;
	}
}

static void text_changes(const struct view *v, const struct diff_set *set,
			 const struct diff_range *r)
{
	const char *separator = "";
	unsigned int bit;

	for (bit = 0; bit < 32; bit++) {
		if (!(r->changes >> bit & 1))
			continue;
		fprintf(v->out, "%s %s", separator, diff_change_text(bit));
		text_values(v, set, bit, r);
		separator = ",";
	}
}

void text_diff_range(struct view *v, const struct diff_set *set, const struct diff_range *r)
{
	static const char mark[DIFF_WHATS] = {
		[DIFF_APPEARED] = '+', [DIFF_GONE] = '-', [DIFF_CHANGED] = '!', [DIFF_UNKNOWN] = '?',
	};
	char name[SET_TEXT], size[24], fault[FAULT_TEXT];
	bool a, b;

	fprintf(v->out, "%c %s %s " ADDR "-" ADDR " %s", mark[r->what], set->vm, set_text(set, name),
		r->ia, r->ia + r->size, size_text(r->size, size));
	switch (r->what) {
	case DIFF_APPEARED:
		text_side(v, set, r->b, r->oa_b);
		break;
	case DIFF_GONE:
		text_side(v, set, r->a, r->oa_a);
		break;
	case DIFF_CHANGED:
		text_changes(v, set, r);
		break;
	default:
		a = r->a && r->a->status == WALK_UNREADABLE;
		b = r->b && r->b->status == WALK_UNREADABLE;
		fprintf(v->out, " UNREADABLE %s: %s", a && b ? "on both sides" : b ? "after" : "before",
			why_text(b ? r->b : r->a, fault));
		break;
	}
	fputc('\n', v->out);
}

void text_diff_sum(struct view *v, const struct diff_set *set, const struct diff_sum *sum)
{
	char name[SET_TEXT], size[24];
	int i;

	fprintf(v->out, "# %s %s:", set->vm, set_text(set, name));
	for (i = 0; i < DIFF_WHATS; i++)
		if (i != DIFF_UNKNOWN || sum->ranges[i])
			fprintf(v->out, " %s %s in %" PRIu64 ",", diff_what_text(i),
				size_text(sum->bytes[i], size), sum->ranges[i]);
	fprintf(v->out, " the same %s\n", size_text(sum->same, size));
}

void text_diff_only(struct view *v, const char *vm, const char *side)
{
	fprintf(v->out, "! %s is in %s only\n", vm, side);
}

void text_diff_end(struct view *v)
{
	(void)v;
}

/* ---- JSON ------------------------------------------------------------------------------------ */

void json_diff_begin(struct view *v, const char *a, const char *b)
{
	begin_part(v);
	json_add_str(v->part, "a", a);
	json_add_str(v->part, "b", b);
	part_array(v, "registers");
	part_array(v, "ranges");
	part_array(v, "totals");
	part_array(v, "only");
	part_array(v, "unknown");
}

void json_diff_reg(struct view *v, const struct diff_reg *r)
{
	struct json_object *o = append_object(part_array(v, "registers"));

	json_add_str(o, "vm", r->vm);
	json_add_int(o, "vcpu", r->vcpu);
	json_add_str(o, "register", reg_name(r->reg));
	if (r->has_a)
		json_add_hex(o, "a", r->a);
	if (r->has_b)
		json_add_hex(o, "b", r->b);
}

static void add_set(struct json_object *o, const struct diff_set *s)
{
	char name[16];

	json_add_str(o, "vm", s->vm);
	json_add_str(o, "stage", s->stage == 2 ? "2" : s->stage ? "1" : "both");
	if (s->stage == 2)
		return;
	snprintf(name, sizeof(name), "TTBR%d_%s", s->half, privileged_text(s->regime));
	json_add_str(o, "root", name);
	json_add_int(o, "vcpu", s->vcpu);
}

static void add_side(struct json_object *to, const char *key, const struct map_props *p, uint64_t oa,
		     uint64_t ipa)
{
	struct json_object *o;

	if (!p)
		return;
	o = add_object(to, key);
	json_add_str(o, "status", walk_status_text(p->status));
	if (p->has_piece)
		json_add_hex(o, "ipa", ipa);
	if (p->status != WALK_OK) {
		if (p->error)
			json_add_str(o, "error", live_error_text(p->error));
		else
			add_fault(o, &p->fault);
		return;
	}
	json_add_hex(o, "output_address", oa);
	json_add_int(o, "level", p->level);
	add_attr(o, &p->attr);
	add_rights(o, p->perms);
	json_add_bool(o, "af", p->leaf.af);
	json_add_bool(o, "contiguous", p->leaf.contig);
	json_add_bool(o, "dbm", p->leaf.dbm);
}

void json_diff_range(struct view *v, const struct diff_set *set, const struct diff_range *r)
{
	struct json_object *o = append_object(part_array(v, "ranges")), *array;
	unsigned int bit;

	add_set(o, set);
	json_add_str(o, "what", diff_what_text(r->what));
	json_add_hex(o, "input_address", r->ia);
	json_add_int(o, "size", r->size);
	if (r->what == DIFF_CHANGED) {
		array = sym_json_object_new_array();
		sym_json_object_object_add(o, "changes", array);
		for (bit = 0; bit < 32; bit++)
			if (r->changes >> bit & 1)
				sym_json_object_array_add(array, sym_json_object_new_string(diff_change_text(bit)));
	}
	add_side(o, "a", r->a, r->oa_a, r->ipa_a);
	add_side(o, "b", r->b, r->oa_b, r->ipa_b);
}

void json_diff_sum(struct view *v, const struct diff_set *set, const struct diff_sum *sum)
{
	struct json_object *o = append_object(part_array(v, "totals"));
	int i;

	add_set(o, set);
	for (i = 0; i < DIFF_WHATS; i++)
		json_add_int(o, diff_what_text(i), sum->bytes[i]);
	json_add_int(o, "same", sum->same);
}

void json_diff_only(struct view *v, const char *vm, const char *side)
{
	struct json_object *o = append_object(part_array(v, "only"));

	json_add_str(o, "vm", vm);
	json_add_str(o, "in", side);
}

void json_diff_end(struct view *v)
{
	finish_part(v);
}
