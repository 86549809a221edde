// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers and descriptors as text and as JSON.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dl-json.h"
#include "esr.h"
#include "view-regs.h"
#include "view.h"

/*
 * Both forms
 */

/* One layout of a value, the upper half of a 128-bit register being one of its own */
struct part {
	enum reg_layout_id	layout;
	uint64_t		val;
	unsigned int		base;		/* 64 for the upper half */
};

/* The parts of a register, highest first; returns how many */
static size_t reg_parts(const struct regs *regs, enum reg_id id, struct part part[2])
{
	uint64_t val = regs->val[id], hi = regs->hi[id];
	enum reg_layout_id upper = reg_layout_hi(id, val, hi, regs);
	size_t n = 0;

	if (upper != LAYOUT_COUNT)
		part[n++] = (struct part){ upper, hi, 64 };
	part[n++] = (struct part){ reg_layout(id, val, hi, regs), val, 0 };
	return n;
}

static const char *kind_text(enum field_kind kind)
{
	switch (kind) {
	case FIELD_RES0:
		return "RES0";
	case FIELD_RES1:
		return "RES1";
	case FIELD_UNKNOWN:
		return "UNKNOWN";
	case FIELD_IMPDEF:
		return "IMPDEF";
	default:
		return "field";
	}
}

static bool shown(const struct reg_list *list, const struct field_value *f)
{
	return list->all_bits || f->violation || f->field->kind == FIELD_NAMED;
}

/* Of a bit that has nothing to say as it is: what it would say otherwise; else "" */
static const char *otherwise(const struct field_value *f)
{
	return f->field->bit[0] && !f->meaning[0] ? f->field->bit[!f->value] : "";
}

static int syndrome_el(enum reg_id id)
{
	return id == REG_ESR_EL1 ? 1 : id == REG_ESR_EL2 ? 2 : 0;
}

/* "W0", "XZR" */
static const char *gpr_text(const struct syndrome *s, char buf[8])
{
	char width = s->reg64 ? 'X' : 'W';

	if (s->reg == 31)
		snprintf(buf, 8, "%cZR", width);
	else
		snprintf(buf, 8, "%c%u", width, s->reg);
	return buf;
}

/*
 * Text
 */

static void bits_text(const struct reg_field *f, unsigned int base, char *buf, size_t size)
{
	if (f->high == f->low)
		snprintf(buf, size, "%u", f->high + base);
	else
		snprintf(buf, size, "%u:%u", f->high + base, f->low + base);
}

static void text_field(const struct view *v, const struct field_value *f, unsigned int base)
{
	const char *name =
		f->field->kind == FIELD_NAMED ? f->field->name : kind_text(f->field->kind);
	const char *what = f->field->what, *other = otherwise(f);
	char bits[16], value[24];

	bits_text(f->field, base, bits, sizeof(bits));
	snprintf(value, sizeof(value), f->value > 1 ? "0x%" PRIx64 : "%" PRIu64, f->value);
	if (!what[0] && !f->meaning[0] && !other[0]) {
		fprintf(v->out, "  %-7s %-12s %s\n", bits, name, value);
		return;
	}
	fprintf(v->out, "  %-7s %-12s %-10s %s", bits, name, value, what);
	if (f->meaning[0])
		fprintf(v->out, "%s%s%s", what[0] ? ": " : "", f->violation ? "! " : "",
			f->meaning);
	if (other[0])
		fprintf(v->out, "(%d: %s)", !f->value, other);
	fputc('\n', v->out);
}

static void text_part(const struct view *v, const struct reg_list *list, const struct part *p)
{
	const struct reg_field *fields;
	size_t i, n = layout_fields(p->layout, &fields);
	struct field_value f;

	for (i = 0; i < n; i++) {
		layout_decode(p->layout, i, p->val, list->regs, &f);
		if (shown(list, &f))
			text_field(v, &f, p->base);
	}
}

static void item(const struct view *v, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void item(const struct view *v, const char *name, const char *fmt, ...)
{
	va_list ap;

	fprintf(v->out, "  %-20s ", name);
	va_start(ap, fmt);
	vfprintf(v->out, fmt, ap);
	va_end(ap);
	fputc('\n', v->out);
}

static void text_data_abort(const struct view *v, const struct syndrome *s)
{
	char reg[8];

	if (!s->isv) {
		item(v, "access", "%s%s", s->write ? "write" : "read",
		     s->cm ? ", by cache maintenance or AT" : "");
		return;
	}
	item(v, "access", "%s of %u byte%s %s %s%s%s", s->write ? "write" : "read", s->size,
	     s->size > 1 ? "s" : "", s->write ? "from" : "into", gpr_text(s, reg),
	     s->sign_extend ? ", sign-extended" : "",
	     s->acquire_release ? (s->write ? ", release" : ", acquire") : "");
}

static void text_ipa(const struct view *v, const struct syndrome *s)
{
	switch (s->ipa_state) {
	case IPA_HELD:
		item(v, "IPA", "0x%016" PRIx64 "%s", s->ipa.v,
		     s->s1ptw ? " (page of the stage-1 table)" : "");
		break;
	case IPA_IF_KVM:
		item(v, "IPA",
		     "0x%016" PRIx64
		     " if KVM filled it in: HPFAR_EL2 is UNKNOWN after a Permission fault",
		     s->ipa.v);
		break;
	case IPA_NOT_GIVEN:
		item(v, "IPA", "not known: HPFAR_EL2 is not given");
		break;
	case IPA_NOT_HELD:
		break;
	}
}

/* What the fields of ESR, FAR and HPFAR come to */
static void text_syndrome(const struct view *v, const struct syndrome *s)
{
	item(v, "exception", "%s", s->ec_text ? s->ec_text : "reserved exception class");
	if (s->kind != SYNDROME_OTHER) {
		item(v, "fault", "%s%s%s", s->stage2 ? "stage 2 " : "", s->fault,
		     s->s1ptw ? ", on the address of a stage-1 table" : "");
		if (s->kind == SYNDROME_DATA_ABORT)
			text_data_abort(v, s);
		else
			item(v, "access", "instruction fetch");
	}
	if (s->far_given && s->far_valid)
		item(v, "VA", "0x%016" PRIx64, s->far.v);
	text_ipa(v, s);
	if (s->can_emulate)
		item(v, "device emulation", "possible from this alone");
	else if (s->stage2)
		item(v, "device emulation", "not from this alone: %s", s->why_not);
}

static void text_reg(const struct view *v, const struct reg_list *list, enum reg_id id)
{
	struct part part[2];
	size_t i, n = reg_parts(list->regs, id, part);
	const char *when = layout_when(part[n - 1].layout);
	struct syndrome s;

	fprintf(v->out, "%s = 0x", reg_name(id));
	for (i = 0; i < n; i++)
		fprintf(v->out, "%016" PRIx64, part[i].val);
	fprintf(v->out, "  %s%s%s\n", reg_title(id), when[0] ? ", " : "", when);
	for (i = 0; i < n; i++)
		text_part(v, list, &part[i]);
	if (syndrome_el(id) && syndrome_explain(&s, list->regs, syndrome_el(id)))
		text_syndrome(v, &s);
}

static void text_list(const struct view *v, const struct reg_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		text_reg(v, list, list->ids[i]);
}

static void text_raw(const struct view *v, const struct reg_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		enum reg_id id = list->ids[i];

		if (regs_have(list->regs, id))
			fprintf(v->out, "%s 0x%" PRIx64 "\n", reg_name(id), list->regs->val[id]);
		if (regs_have_hi(list->regs, id))
			fprintf(v->out, "%s_hi 0x%" PRIx64 "\n", reg_name(id), list->regs->hi[id]);
	}
}

void text_regs(struct view *v, const struct regs_result *r)
{
	const char *note = r->notes;
	int n;

	if (r->raw) {
		if (*r->raw)
			fputs(r->raw, v->out);
		else
			text_raw(v, &r->list);
		return;
	}
	fprintf(v->out, "%-10s %s\n", "target", r->target);
	for (; *note; note += n + 1) {
		int name = strcspn(note, " \n");

		n = strcspn(note, "\n");
		fprintf(v->out, "%-10.*s %.*s\n", name, note, n > name ? n - name - 1 : 0,
			note + name + (n > name));
	}
	if (r->unknown[0])
		fprintf(v->out, "%-10s%s\n", "not known", r->unknown);
	text_list(v, &r->list);
}

static const char *format_text(const struct geometry *g)
{
	switch (g->format) {
	case TABLE_V9_128:
		return "VMSAv9-128";
	case TABLE_V8_32S:
		return "VMSAv8-32 short";
	default:
		return g->ds ? "VMSAv8-64 with LPA2" : g->lpa ? "VMSAv8-64 with LPA" : "VMSAv8-64";
	}
}

static void text_desc(const struct view *v, const struct desc_result *r)
{
	const struct descriptor *d = &r->desc;
	char size[24];
	size_t i;

	fprintf(v->out, "0x");
	if (r->geo.format == TABLE_V9_128)
		fprintf(v->out, "%016" PRIx64, d->raw.hi);
	fprintf(v->out, r->geo.format == TABLE_V8_32S ? "%08" PRIx64 : "%016" PRIx64, d->raw.lo);
	fprintf(v->out, "  stage %u, level %d, %s granule, %s\n", r->geo.stage, d->level,
		size_text(UINT64_C(1) << r->geo.granule, size), format_text(&r->geo));
	item(v, "type", "%s", descriptor_type_text(&r->geo, d));
	if (d->type == DESC_TABLE)
		item(v, "next table", "0x%016" PRIx64, d->oa);
	else if (d->type != DESC_INVALID)
		item(v, "output address", "0x%016" PRIx64 ", maps %s", d->oa,
		     size_text(UINT64_C(1) << d->map_shift, size));
	for (i = 0; i < r->nrows; i++)
		item(v, r->row[i].name,
		     r->row[i].meaning[0] ? "0x%-4" PRIx64 " %s" : "0x%" PRIx64 "%s",
		     r->row[i].value, r->row[i].meaning);
}

void text_decode(struct view *v, const struct decode_result *r)
{
	if (r->desc)
		text_desc(v, r->desc);
	else
		text_list(v, r->list);
}

/*
 * JSON
 */

static struct json_object *new_in(struct json_object *array)
{
	struct json_object *o = sym_json_object_new_object();

	sym_json_object_array_add(array, o);
	return o;
}

static struct json_object *new_array(struct json_object *o, const char *key)
{
	struct json_object *array = sym_json_object_new_array();

	sym_json_object_object_add(o, key, array);
	return array;
}

static void json_field(struct json_object *array, const struct field_value *f, unsigned int base)
{
	struct json_object *o = new_in(array);

	json_add_str(o, "name", f->field->name);
	json_add_str(o, "kind", kind_text(f->field->kind));
	json_add_int(o, "high", f->field->high + base);
	json_add_int(o, "low", f->field->low + base);
	json_add_hex(o, "value", f->value);
	if (f->field->what[0])
		json_add_str(o, "about", f->field->what);
	if (f->meaning[0])
		json_add_str(o, "meaning", f->meaning);
	if (otherwise(f)[0])
		json_add_str(o, "otherwise", otherwise(f));
	json_add_bool(o, "violation", f->violation);
}

static void json_part(struct json_object *array, const struct reg_list *list, const struct part *p)
{
	const struct reg_field *fields;
	size_t i, n = layout_fields(p->layout, &fields);
	struct field_value f;

	for (i = 0; i < n; i++) {
		layout_decode(p->layout, i, p->val, list->regs, &f);
		if (shown(list, &f))
			json_field(array, &f, p->base);
	}
}

static const char *ipa_state_text(enum ipa_state state)
{
	switch (state) {
	case IPA_HELD:
		return "held";
	case IPA_IF_KVM:
		return "if-kvm";
	case IPA_NOT_GIVEN:
		return "not-given";
	default:
		return "not-held";
	}
}

static void json_data_abort(struct json_object *o, const struct syndrome *s)
{
	json_add_bool(o, "write", s->write);
	json_add_bool(o, "cache_maintenance", s->cm);
	json_add_bool(o, "vncr", s->vncr);
	json_add_bool(o, "isv", s->isv);
	if (!s->isv)
		return;
	json_add_int(o, "size", s->size);
	json_add_int(o, "register", s->reg);
	json_add_int(o, "register_bits", s->reg64 ? 64 : 32);
	json_add_bool(o, "sign_extend", s->sign_extend);
	json_add_bool(o, "acquire_release", s->acquire_release);
}

static void json_abort(struct json_object *o, const struct syndrome *s)
{
	json_add_str(o, "abort", s->kind == SYNDROME_DATA_ABORT ? "data" : "instruction");
	json_add_int(o, "stage", s->stage2 ? 2 : 1);
	json_add_hex(o, "fsc", s->fsc);
	json_add_str(o, "fault", s->fault);
	json_add_bool(o, "s1ptw", s->s1ptw);
	json_add_bool(o, "external", s->external);
	if (s->kind == SYNDROME_DATA_ABORT)
		json_data_abort(o, s);
	if (!s->stage2)
		return;
	json_add_str(o, "ipa_state", ipa_state_text(s->ipa_state));
	if (s->ipa_state == IPA_HELD || s->ipa_state == IPA_IF_KVM)
		json_add_hex(o, "ipa", s->ipa.v);
	json_add_bool(o, "can_emulate", s->can_emulate);
	json_add_str(o, "why_not", s->why_not);
}

static void json_syndrome(struct json_object *reg, const struct syndrome *s)
{
	struct json_object *o = sym_json_object_new_object();

	sym_json_object_object_add(reg, "syndrome", o);
	json_add_hex(o, "ec", s->ec);
	json_add_str(o, "exception", s->ec_text);
	if (s->far_given && s->far_valid)
		json_add_hex(o, "va", s->far.v);
	if (s->kind != SYNDROME_OTHER)
		json_abort(o, s);
}

static void json_reg(struct json_object *array, const struct reg_list *list, enum reg_id id)
{
	struct json_object *o = new_in(array), *fields;
	struct part part[2];
	size_t i, n = reg_parts(list->regs, id, part);
	struct syndrome s;
	char value[40];

	snprintf(value, sizeof(value), "0x%" PRIx64, part[n - 1].val);
	if (n == 2 && part[0].val)
		snprintf(value, sizeof(value), "0x%" PRIx64 "%016" PRIx64, part[0].val,
			 part[1].val);
	json_add_str(o, "name", reg_name(id));
	json_add_str(o, "title", reg_title(id));
	json_add_str(o, "value", value);
	if (layout_when(part[n - 1].layout)[0])
		json_add_str(o, "layout", layout_when(part[n - 1].layout));
	fields = new_array(o, "fields");
	for (i = 0; i < n; i++)
		json_part(fields, list, &part[i]);
	if (syndrome_el(id) && syndrome_explain(&s, list->regs, syndrome_el(id)))
		json_syndrome(o, &s);
}

static void json_list(struct json_object *o, const struct reg_list *list)
{
	struct json_object *array = new_array(o, "registers");
	size_t i;

	for (i = 0; i < list->n; i++)
		json_reg(array, list, list->ids[i]);
}

static void json_words(struct json_object *array, const char *words)
{
	size_t n;

	for (; *words; words += n) {
		words += strspn(words, " ");
		n = strcspn(words, " ");
		sym_json_object_array_add(array, sym_json_object_new_string_len(words, n));
	}
}

static void json_notes(struct json_object *o, const char *note)
{
	char name[64];

	for (; *note; note += strcspn(note, "\n") + 1) {
		size_t n = strcspn(note, " \n"), end = strcspn(note, "\n");

		snprintf(name, sizeof(name), "%.*s", (int)n, note);
		if (n < end)
			n++;
		sym_json_object_object_add(o, name, sym_json_object_new_string_len(note + n, end - n));
	}
}

void json_regs(struct view *v, const struct regs_result *r)
{
	struct json_object *notes = sym_json_object_new_object();

	json_add_str(v->root, "target", r->target);
	sym_json_object_object_add(v->root, "notes", notes);
	json_notes(notes, r->notes);
	json_words(new_array(v->root, "not_known"), r->unknown);
	json_list(v->root, &r->list);
}

static void json_desc(struct json_object *o, const struct desc_result *r)
{
	const struct descriptor *d = &r->desc;
	struct json_object *rows, *row;
	char value[40];
	size_t i;

	snprintf(value, sizeof(value), "0x%" PRIx64, d->raw.lo);
	if (d->raw.hi)
		snprintf(value, sizeof(value), "0x%" PRIx64 "%016" PRIx64, d->raw.hi, d->raw.lo);
	json_add_str(o, "value", value);
	json_add_int(o, "stage", r->geo.stage);
	json_add_int(o, "level", d->level);
	json_add_int(o, "granule", 1 << r->geo.granule);
	json_add_str(o, "format", format_text(&r->geo));
	json_add_str(o, "type", descriptor_type_text(&r->geo, d));
	if (d->type == DESC_TABLE)
		json_add_hex(o, "next_table", d->oa);
	if (d->type == DESC_BLOCK || d->type == DESC_PAGE) {
		json_add_hex(o, "output_address", d->oa);
		json_add_int(o, "maps", INT64_C(1) << d->map_shift);
	}
	rows = new_array(o, "fields");
	for (i = 0; i < r->nrows; i++) {
		row = new_in(rows);
		json_add_str(row, "name", r->row[i].name);
		json_add_hex(row, "value", r->row[i].value);
		if (r->row[i].meaning[0])
			json_add_str(row, "meaning", r->row[i].meaning);
	}
}

void json_decode(struct view *v, const struct decode_result *r)
{
	struct json_object *o;

	if (!r->desc) {
		json_list(v->root, r->list);
		return;
	}
	o = sym_json_object_new_object();
	sym_json_object_object_add(v->root, "descriptor", o);
	json_desc(o, r->desc);
}
