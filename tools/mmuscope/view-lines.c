// SPDX-License-Identifier: GPL-2.0-only
/*
 * A dump as JSON lines and as CSV: printed as it comes, whatever its size. Both have one line for
 * each range, and for each visit that is not one.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dl-json.h"
#include "target.h"
#include "view-json.h"
#include "view.h"

/* ---- JSON lines ------------------------------------------------------------------------------ */

/* Print the object, and forget it */
static void print_object(const struct view *v, struct json_object *o)
{
	const int how = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE;

	fprintf(v->out, "%s\n", sym_json_object_to_json_string_ext(o, how));
	sym_json_object_put(o);
}

static void jsonl_dump_begin(struct view *v, const struct dump_head *r)
{
	struct json_object *o = sym_json_object_new_object();

	v->mmu = r->mmu;
	json_add_str(o, "type", "head");
	add_dump_head(o, r);
	print_object(v, o);
}

/* Of ranges that are mapped there may be very many: these do not go through json-c */
static void jsonl_dump_range(struct view *v, const struct map_range *r)
{
	char buf[RANGE_LINE];
	struct json_object *o;

	if (r->status == WALK_OK && !((v->symbols || v->regions) && r->stage == 1)) {
		fwrite(buf, 1, range_line_json(&v->lines, r, buf), v->out);
		return;
	}
	o = sym_json_object_new_object();
	add_dump_range(v, o, r);
	print_object(v, o);
}

static void jsonl_dump_visit(struct view *v, const struct visit *r)
{
	struct json_object *o = sym_json_object_new_object();

	add_dump_visit(v, o, r);
	print_object(v, o);
}

static void jsonl_dump_end(struct view *v, const struct dump_tail *r)
{
	struct json_object *o = sym_json_object_new_object();

	json_add_str(o, "type", "tail");
	add_dump_tail(o, r);
	print_object(v, o);
}

const struct view_ops view_jsonl_ops = {
	.dump_begin	= jsonl_dump_begin,
	.dump_range	= jsonl_dump_range,
	.dump_visit	= jsonl_dump_visit,
	.dump_end	= jsonl_dump_end,
};

/* ---- CSV ------------------------------------------------------------------------------------- */

/* RFC 4180: a field with a comma, a quote or a line break stands in quotes, and quotes are doubled */
static void csv_text(const struct view *v, const char *s)
{
	fputc(',', v->out);
	if (!s[strcspn(s, ",\"\r\n")]) {
		fputs(s, v->out);
		return;
	}
	fputc('"', v->out);
	for (; *s; s++) {
		if (*s == '"')
			fputc('"', v->out);
		fputc(*s, v->out);
	}
	fputc('"', v->out);
}

static void csv_hex(const struct view *v, bool known, uint64_t value)
{
	if (known)
		fprintf(v->out, ",0x%" PRIx64, value);
	else
		fputc(',', v->out);
}

static void csv_bool(const struct view *v, bool known, bool is)
{
	csv_text(v, !known ? "" : is ? "true" : "false");
}

static void csv_dump_begin(struct view *v, const struct dump_head *r)
{
	v->mmu = r->mmu;
	fputs("type,stage,level,input_address,size,ipa,output_address,descriptors,status,"
	      "privileged,unprivileged,memory_type,shareability,af,contiguous,dbm,ng,gp,"
	      "table,table_ipa,index,descriptor,next_table,fault,fsc,error,symbol,region\n", v->out);
}

/* The last two columns: @symbol and @region say whether such a line has them, if there are any */
static void csv_names(const struct view *v, uint64_t va, bool symbol, bool region)
{
	const struct linux_region *in = region && v->regions ? linux_region_at(v->regions, va) : NULL;
	char name[SYMBOL_TEXT] = "";

	csv_text(v, symbol ? symbols_text(v->symbols, va, name) : "");
	csv_text(v, in ? in->name : "");
	fputc('\n', v->out);
}

/* The columns fault, fsc and error */
static void csv_trouble(const struct view *v, const struct walk_fault *f, const char *error)
{
	char fault[FAULT_TEXT];

	csv_text(v, f ? fault_text(f, fault) : "");
	csv_hex(v, f, f ? fault_fsc(f->type, f->level) : 0);
	csv_text(v, error ? error : "");
}

static void csv_dump_range(struct view *v, const struct map_range *r)
{
	const bool named = (v->symbols || v->regions) && r->stage == 1;
	char buf[RANGE_LINE];
	size_t n;

	if (r->status == WALK_OK) {
		n = range_line_csv(&v->lines, r, buf);
		if (!named) {
			fwrite(buf, 1, n, v->out);
			return;
		}
		fwrite(buf, 1, n - strlen(",,\n"), v->out);
		csv_names(v, r->ia, true, true);
		return;
	}
	fprintf(v->out, "range,%d,,0x%" PRIx64 ",%" PRIu64, r->stage, r->ia, r->size);
	csv_hex(v, r->has_piece, r->ipa);
	fprintf(v->out, ",,,%s,,,,,,,,,,,,,,", walk_status_text(r->status));
	csv_trouble(v, r->status == WALK_FAULT ? &r->fault : NULL,
		    r->status == WALK_UNREADABLE ? live_error_text(r->error) : NULL);
	csv_names(v, r->ia, named, named);
}

/* The columns from privileged to gp */
static void csv_leaf(const struct view *v, const struct stage_result *leaf, int stage)
{
	char buf[MEMATTR_TEXT];

	csv_text(v, rights_text(leaf->perms.el1, buf));
	csv_text(v, rights_text(leaf->perms.el0, buf));
	csv_text(v, memattr_text(&leaf->attr, buf));
	csv_text(v, shareability_text(leaf->attr.sh));
	csv_bool(v, true, leaf->af);
	csv_bool(v, true, leaf->contig);
	csv_bool(v, true, leaf->dbm);
	csv_bool(v, stage == 1, leaf->ng);
	csv_bool(v, stage == 1, leaf->gp);
}

static void csv_dump_visit(struct view *v, const struct visit *r)
{
	const bool leaf = r->event == VISIT_LEAF;
	const bool wide = dump_geometry(v, r)->format == TABLE_V9_128;
	char word[WORD_TEXT];

	fprintf(v->out, "%s,%d,%d,0x%" PRIx64 ",%" PRIu64 ",", visit_text(r), r->stage, r->level,
		r->ia, r->size);
	csv_hex(v, leaf, r->leaf.oa);
	fputs(",,", v->out);
	if (leaf)
		csv_leaf(v, &r->leaf, r->stage);
	else
		fputs(",,,,,,,,,", v->out);
	csv_hex(v, visit_has_pa(r), r->table_pa.v);
	csv_hex(v, r->has_ipa, r->table_ipa.v);
	fprintf(v->out, ",%zu", r->index);
	csv_text(v, visit_has_word(r) ? word_text(r->word, wide, word) : "");
	csv_hex(v, visit_has_next(r), r->next_pa.v);
	csv_trouble(v, visit_fault(r),
		    r->event == VISIT_UNREADABLE && r->error ? live_error_text(r->error) : NULL);
	csv_names(v, r->ia, leaf && r->stage == 1, false);
}

/* What the tail of the other formats tells stands on standard error too */
static void csv_dump_end(struct view *v, const struct dump_tail *r)
{
	(void)v;
	(void)r;
}

const struct view_ops view_csv_ops = {
	.dump_begin	= csv_dump_begin,
	.dump_range	= csv_dump_range,
	.dump_visit	= csv_dump_visit,
	.dump_end	= csv_dump_end,
};
