// SPDX-License-Identifier: GPL-2.0-only
/*
 * Results of stat, as text and as JSON.
 */
#include <inttypes.h>
#include <stdio.h>

#include "dl-json.h"
#include "view-json.h"
#include "view-stat.h"

#define COUNT	"%" PRIu64

/* ---- text ------------------------------------------------------------------------------------ */

void text_stat_begin(struct view *v)
{
	(void)v;
}

static void text_head(const struct view *v, const struct stat_view *r)
{
	const struct table_stat *s = r->stat;
	char mapped[24], cost[24], granule[24];

	fprintf(v->out, "stat       %s, ", r->vm);
	if (r->stage == 2)
		fputs("stage 2", v->out);
	else
		fprintf(v->out, "stage 1 by TTBR%d_%s of vCPU %u", r->half,
			privileged_text(r->regime), r->vcpu);
	fprintf(v->out, ", root 0x%" PRIx64 ", %s granule\n", r->geo->root,
		size_text(UINT64_C(1) << r->geo->granule, granule));
	fprintf(v->out, "mapped     %s by " COUNT " descriptors\n", size_text(s->bytes, mapped),
		s->leaves);
	fprintf(v->out, "tables     " COUNT ", %s", s->tables, size_text(s->table_bytes, cost));
	if (s->bytes)
		fprintf(v->out, ", %.3f %% of what they map", 100.0 * s->table_bytes / s->bytes);
	fputc('\n', v->out);
}

static void text_levels(const struct view *v, const struct stat_view *r)
{
	const struct stat_level *l;
	char mapped[24], cost[24];
	int i;

	fprintf(v->out, "# %5s %10s %12s %12s %14s %8s %8s %8s\n", "LEVEL", "MAPPED", "DESCRIPTORS",
		"CONTIGUOUS", "POSSIBLE RUNS", "TABLES", "COST", "EMPTY");
	for (i = 0; i < LEVELS_MAX; i++) {
		l = &r->stat->level[i];
		if (!l->tables && !l->leaves)
			continue;
		fprintf(v->out, "  %5d %10s %12" PRIu64 " %12" PRIu64 " %14" PRIu64 " %8" PRIu64
			" %8s %8" PRIu64 "\n", i + LEVEL_MIN, size_text(l->bytes, mapped), l->leaves,
			l->contiguous, l->runs, l->tables, size_text(l->table_bytes, cost), l->empty);
	}
}

static void text_kinds(const struct view *v, const struct stat_view *r)
{
	char el1[4], el0[4], mem[MEMATTR_TEXT], size[24];
	const struct stat_kind *k;
	size_t i;

	if (r->stat->kinds)
		fprintf(v->out, "# %5s %10s %12s  %-3s %-3s  %-24s %s\n", "LEVEL", "MAPPED",
			"DESCRIPTORS", privileged_text(r->regime), "EL0", "MEMORY", "SH");
	for (i = 0; i < r->stat->kinds; i++) {
		k = &r->stat->kind[i];
		fprintf(v->out, "  %5d %10s %12" PRIu64 "  %s %s  %-24s %s\n", k->level,
			size_text(k->bytes, size), k->leaves, rights_text(k->perms.el1, el1),
			rights_text(k->perms.el0, el0), memattr_text(&k->attr, mem),
			shareability_text(k->attr.sh));
	}
}

static uint64_t folds(const struct stat_level *l)
{
	uint64_t sum = 0;
	int i;

	for (i = 0; i < FOLDS; i++)
		sum += l->fold[i];
	return sum;
}

/* Tables in whose place one block could be, and why there is none */
static void text_blocks(const struct view *v, const struct stat_view *r)
{
	const struct stat_level *l;
	bool first = true;
	char block[24];
	int i, j;

	for (i = 0; i < LEVELS_MAX; i++) {
		l = &r->stat->level[i];
		if (!folds(l))
			continue;
		if (first)
			fprintf(v->out, "# %5s %10s %12s  %s\n", "LEVEL", "BLOCK", "TABLES",
				"WHY IT IS NO BLOCK");
		first = false;
		for (j = 0; j < FOLDS; j++)
			if (l->fold[j])
				fprintf(v->out, "  %5d %10s %12" PRIu64 "  %s\n", i + LEVEL_MIN,
					size_text(l->block, block), l->fold[j],
					j == FOLD_POSSIBLE ? "nothing is in the way" : fold_text(j));
	}
}

void text_stat(struct view *v, const struct stat_view *r)
{
	const struct table_stat *s = r->stat;

	text_head(v, r);
	text_levels(v, r);
	text_kinds(v, r);
	text_blocks(v, r);
	fprintf(v->out, "flags      AF set " COUNT ", clear " COUNT "; writable " COUNT ", read-only "
		COUNT "; DBM dirty " COUNT ", clean " COUNT "\n", s->af, s->no_af, s->writable,
		s->read_only, s->dbm_dirty, s->dbm_clean);
	if (s->invalid || s->faults)
		fprintf(v->out, "odd        " COUNT " invalid descriptors that are not zero, " COUNT
			" valid ones that fault\n", s->invalid, s->faults);
	if (s->unreadable || s->limited)
		fprintf(v->out, "UNREADABLE " COUNT " tables%s: what they map is in no sum\n",
			s->unreadable, s->limited ? ", and more that were not opened" : "");
	if (r->changed)
		fputs("changed    the tables changed while they were read\n", v->out);
	fputc('\n', v->out);
}

void text_stat_end(struct view *v)
{
	(void)v;
}

/* ---- JSON ------------------------------------------------------------------------------------ */

void json_stat_begin(struct view *v)
{
	begin_part(v);
	part_array(v, "tables");
	part_array(v, "unknown");
}

static struct json_object *new_array(struct json_object *o, const char *key)
{
	struct json_object *array = sym_json_object_new_array();

	sym_json_object_object_add(o, key, array);
	return array;
}

static void add_level(struct json_object *array, int level, const struct stat_level *l)
{
	struct json_object *o = append_object(array);
	int i;

	json_add_int(o, "level", level);
	json_add_int(o, "mapped", l->bytes);
	json_add_int(o, "descriptors", l->leaves);
	json_add_int(o, "contiguous", l->contiguous);
	json_add_int(o, "contiguous_possible", l->runs);
	json_add_int(o, "tables", l->tables);
	json_add_int(o, "table_bytes", l->table_bytes);
	json_add_int(o, "empty_tables", l->empty);
	if (!folds(l))
		return;
	json_add_int(o, "block", l->block);
	o = add_object(o, "no_block");
	for (i = 0; i < FOLDS; i++)
		json_add_int(o, fold_text(i), l->fold[i]);
}

static void add_kind(struct json_object *array, const struct stat_kind *k)
{
	struct json_object *o = append_object(array);

	json_add_int(o, "level", k->level);
	json_add_int(o, "mapped", k->bytes);
	json_add_int(o, "descriptors", k->leaves);
	add_attr(o, &k->attr);
	add_rights(o, k->perms);
}

static void add_set(struct json_object *o, const struct stat_view *r)
{
	char name[16];

	json_add_str(o, "vm", r->vm);
	json_add_int(o, "stage", r->stage);
	if (r->stage == 1) {
		snprintf(name, sizeof(name), "TTBR%d_%s", r->half, privileged_text(r->regime));
		json_add_str(o, "root", name);
		json_add_int(o, "vcpu", r->vcpu);
	}
	json_add_hex(o, "root_address", r->geo->root);
	json_add_int(o, "granule", INT64_C(1) << r->geo->granule);
}

void json_stat(struct view *v, const struct stat_view *r)
{
	struct json_object *o = append_object(part_array(v, "tables")), *array;
	const struct table_stat *s = r->stat;
	size_t i;

	add_set(o, r);
	json_add_int(o, "mapped", s->bytes);
	json_add_int(o, "descriptors", s->leaves);
	json_add_int(o, "tables", s->tables);
	json_add_int(o, "table_bytes", s->table_bytes);
	array = new_array(o, "levels");
	for (i = 0; i < LEVELS_MAX; i++)
		if (s->level[i].tables || s->level[i].leaves)
			add_level(array, (int)i + LEVEL_MIN, &s->level[i]);
	array = new_array(o, "kinds");
	for (i = 0; i < s->kinds; i++)
		add_kind(array, &s->kind[i]);
	json_add_int(o, "af_set", s->af);
	json_add_int(o, "af_clear", s->no_af);
	json_add_int(o, "writable", s->writable);
	json_add_int(o, "read_only", s->read_only);
	json_add_int(o, "dbm_dirty", s->dbm_dirty);
	json_add_int(o, "dbm_clean", s->dbm_clean);
	json_add_int(o, "invalid", s->invalid);
	json_add_int(o, "faulting", s->faults);
	json_add_int(o, "unreadable", s->unreadable);
	json_add_bool(o, "limited", s->limited);
	json_add_bool(o, "changed", r->changed);
}

void json_stat_end(struct view *v)
{
	finish_part(v);
}
