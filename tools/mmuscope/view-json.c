// SPDX-License-Identifier: GPL-2.0-only
/*
 * Results as JSON, after Documentation/schema. Addresses, descriptors and registers are strings
 * "0x..."; counts, levels and sizes are numbers. What is not known is absent or null, never 0.
 */
#include <inttypes.h>
#include <string.h>

#include "dl-json.h"
#include "target.h"
#include "view-audit.h"
#include "view-diff.h"
#include "view-find.h"
#include "view-json.h"
#include "view-stat.h"
#include "view-tags.h"
#include "view-walks.h"
#include "view.h"

struct json_object *add_object(struct json_object *to, const char *key)
{
	struct json_object *o = sym_json_object_new_object();

	sym_json_object_object_add(to, key, o);
	return o;
}

struct json_object *append_object(struct json_object *array)
{
	struct json_object *o = sym_json_object_new_object();

	sym_json_object_array_add(array, o);
	return o;
}

/* A result that comes in parts grows here and joins the document by finish_part(), when it is
 * complete */
void begin_part(struct view *v)
{
	sym_json_object_put(v->part);
	v->part = sym_json_object_new_object();
}

void finish_part(struct view *v)
{
	sym_json_object_put(v->root);
	v->root = v->part;
	v->part = NULL;
}

struct json_object *part_array(struct view *v, const char *key)
{
	struct json_object *array;

	if (!sym_json_object_object_get_ex(v->part, key, &array)) {
		array = sym_json_object_new_array();
		sym_json_object_object_add(v->part, key, array);
	}
	return array;
}

/* ---- load, unload, status -------------------------------------------------------------------- */

static void add_offsets(struct json_object *o, const struct offset_check *c)
{
	o = add_object(o, "offsets");
	json_add_int(o, "right", c->right);
	json_add_int(o, "wrong", c->wrong);
	json_add_int(o, "unknown", c->unknown);
	if (c->wrong)
		json_add_str(o, "first_wrong", c->first);
	if (c->why_unknown)
		json_add_str(o, "why_unknown", c->why_unknown);
}

static void json_load(struct view *v, const struct load_result *r)
{
	json_add_bool(v->root, "loaded", !r->dry_run);
	json_add_str(v->root, "file", r->file);
	json_add_str(v->root, "kernel", r->built_for);
	if (!r->dry_run)
		json_add_str(v->root, "mode", r->mode);
	add_offsets(v->root, &r->offsets);
}

static void json_unload(struct view *v)
{
	json_add_bool(v->root, "loaded", false);
}

static void add_module(struct json_object *o, const struct status_result *r)
{
	const char *pos = r->info.text, *feature;
	struct json_object *features;
	char name[LIVE_TEXT_MAX];
	size_t n;

	json_add_str(o, "version", r->info.module_version);
	json_add_int(o, "abi", r->info.abi_version);
	json_add_str(o, "kernel", r->info.kernel);
	json_add_str(o, "mode", r->info.mode);
	json_add_int(o, "vmid_bits", r->info.vmid_bits);
	json_add_int(o, "page_size", r->info.page_size);
	json_add_bool(o, "at", r->info.at);
	add_offsets(o, &r->offsets);
	features = add_object(o, "features");
	while ((feature = live_next(&pos, "feature"))) {
		n = strcspn(feature, " \n");
		snprintf(name, sizeof(name), "%.*s", (int)n, feature);
		json_add_bool(features, name, feature[n] == ' ' && feature[n + 1] == '1');
	}
}

static void json_status(struct view *v, const struct status_result *r)
{
	struct json_object *o = add_object(v->root, "program");

	json_add_str(o, "version", r->program_version);
	json_add_int(o, "abi", r->program_abi);
	o = add_object(v->root, "machine");
	json_add_str(o, "arch", r->machine.arch);
	json_add_str(o, "kernel", r->machine.release);
	json_add_str(o, "lockdown", r->machine.lockdown[0] ? r->machine.lockdown : NULL);
	json_add_str(v->root, "state", r->state);
	if (r->snapshot.info)
		json_add_snapshot(add_object(v->root, "snapshot"), &r->snapshot);
	if (r->readable)
		add_module(add_object(v->root, "module"), r);
}

/* ---- list ------------------------------------------------------------------------------------ */

static void json_list_begin(struct view *v)
{
	begin_part(v);
	part_array(v, "vms");
}

static const char *stage2_text(enum live_stage2 stage2)
{
	return stage2 == STAGE2_VISIBLE ? "visible" : "hidden";
}

/* Left out where there are none, as for every guest without EL2 */
static void list_shadows(struct json_object *vm, const struct list_vm *r)
{
	struct json_object *list, *o;
	char name[72];
	size_t i;

	if (r->shadow_error)
		json_add_str(vm, "shadows_error", live_error_text(r->shadow_error));
	if (!r->nshadows)
		return;
	list = sym_json_object_new_array();
	sym_json_object_object_add(vm, "shadows", list);
	for (i = 0; i < r->nshadows; i++) {
		o = append_object(list);
		snprintf(name, sizeof(name), "%s.%" PRIu64, r->vm->dir, r->shadow[i].number);
		json_add_str(o, "name", name);
		json_add_int(o, "number", r->shadow[i].number);
		json_add_hex(o, "guest_vttbr_el2", r->shadow[i].guest_vttbr);
		json_add_hex(o, "guest_vtcr_el2", r->shadow[i].guest_vtcr);
		json_add_bool(o, "guest_stage2", r->shadow[i].stage2);
		json_add_hex(o, "vttbr_el2", r->shadow[i].vttbr);
		json_add_hex(o, "vtcr_el2", r->shadow[i].vtcr);
		json_add_int(o, "vmid", r->shadow[i].vmid);
		json_add_int(o, "ipa_bits", r->shadow[i].ipa_bits);
	}
}

static void json_list_vm(struct view *v, const struct list_vm *r)
{
	struct json_object *o = append_object(part_array(v, "vms"));
	const struct live_vm *vm = r->vm;

	json_add_str(o, "vm", vm->dir);
	json_add_int(o, "pid", vm->pid);
	json_add_int(o, "fd", vm->fd);
	json_add_str(o, "comm", vm->comm);
	json_add_str(o, "name", vm->name[0] ? vm->name : NULL);
	json_add_int(o, "vcpus", vm->vcpus);
	if (vm->error) {
		json_add_str(o, "error", live_error_text(vm->error));
		return;
	}
	json_add_str(o, "stage2", stage2_text(vm->stage2));
	if (vm->stage2 != STAGE2_VISIBLE)
		return;
	json_add_int(o, "vmid", vm->vmid);
	json_add_int(o, "ipa_bits", vm->ipa_bits);
	json_add_int(o, "granule", INT64_C(1) << (vm->granule_shift < 62 ? vm->granule_shift : 0));
	json_add_int(o, "start_level", vm->start_level);
	json_add_hex(o, "root", vm->pgd_phys);
	json_add_hex(o, "vtcr_el2", vm->vtcr);
	json_add_hex(o, "vttbr_el2", vm->vttbr);
	json_add_bool(o, "dirty_log", vm->dirty_log);
	list_shadows(o, r);
	if (r->mapped_error) {
		json_add_str(o, "error", live_error_text(r->mapped_error));
		return;
	}
	json_add_int(o, "mapped", r->mapped);
	json_add_bool(o, "partial", r->partial);
	json_add_bool(o, "changed", r->changed);
}

static void json_list_end(struct view *v)
{
	finish_part(v);
}

/* ---- what walk, at and dump share ------------------------------------------------------------ */

void add_rights(struct json_object *o, struct perms p)
{
	char buf[4];

	o = add_object(o, "rights");
	json_add_str(o, "privileged", rights_text(p.el1, buf));
	json_add_str(o, "unprivileged", rights_text(p.el0, buf));
}

void add_attr(struct json_object *o, const struct memattr *attr)
{
	char buf[MEMATTR_TEXT];

	json_add_str(o, "memory_type", memattr_text(attr, buf));
	json_add_str(o, "shareability", shareability_text(attr->sh));
}

void add_fault(struct json_object *o, const struct walk_fault *f)
{
	o = add_object(o, "fault");
	json_add_str(o, "type", fault_type_text(f->type));
	json_add_int(o, "stage", f->stage);
	json_add_int(o, "level", f->level);
	json_add_hex(o, "fsc", fault_fsc(f->type, f->level));
	json_add_bool(o, "s1ptw", f->s1ptw);
	json_add_bool(o, "write", f->write);
	json_add_bool(o, "dirty_bit", f->dirty_bit);
	json_add_bool(o, "overlay", f->overlay);
	json_add_str(o, "why", f->why);
}

static void add_stage_fields(struct json_object *o, const struct stage_result *s, int stage)
{
	json_add_bool(o, "af", s->af);
	json_add_bool(o, "contiguous", s->contig);
	json_add_bool(o, "dbm", s->dbm);
	if (stage != 1)
		return;
	json_add_bool(o, "ng", s->ng);
	json_add_bool(o, "gp", s->gp);
}

static void add_stage(struct json_object *to, const char *key, const struct stage_result *s,
		      int stage)
{
	struct json_object *o;

	if (!s->done)
		return;
	o = add_object(to, key);
	json_add_int(o, "level", s->level);
	json_add_hex(o, "input_address", s->ia);
	json_add_hex(o, "output_address", s->oa);
	json_add_int(o, "size", s->size);
	json_add_int(o, "run_size", s->run_size);
	add_attr(o, &s->attr);
	add_rights(o, s->perms);
	add_stage_fields(o, s, stage);
}

static void add_geometry(struct json_object *to, const char *key, const struct geometry *g)
{
	struct json_object *o = add_object(to, key);

	json_add_int(o, "granule", INT64_C(1) << g->granule);
	json_add_int(o, "input_bits", g->ia_bits);
	json_add_int(o, "output_bits", g->oa_bits);
	json_add_int(o, "start_level", g->start_level);
	if (g->no_root)
		json_add_str(o, "root", NULL);
	else
		json_add_hex(o, "root", g->root);
	if (g->stage == 2)
		json_add_int(o, "root_tables", geometry_root_tables(g));
}

static void add_word(struct json_object *o, const struct geometry *g, struct word word)
{
	char s[WORD_TEXT];

	if (g->format == TABLE_V9_128)
		json_add_str(o, "descriptor", word_text(word, true, s));
	else
		json_add_hex(o, "descriptor", word.lo);
}

/* ---- walk ------------------------------------------------------------------------------------ */

static void add_step(struct json_object *array, const struct walk_view *r,
		     const struct walk_step *s)
{
	const struct geometry *g =
		s->stage == 2 ? &r->mmu->s2.geo : &r->mmu->s1[r->walk->half > 0].geo;
	struct json_object *o = append_object(array);

	json_add_int(o, "stage", s->stage);
	json_add_int(o, "level", s->level);
	json_add_bool(o, "for_stage1", s->for_s1);
	json_add_hex(o, "input_address", s->ia);
	json_add_int(o, "index", s->index);
	if (s->has_ipa)
		json_add_hex(o, "ipa", s->ipa.v);
	json_add_hex(o, "pa", s->pa.v);
	if (s->error) {
		json_add_str(o, "error", live_error_text(s->error));
		return;
	}
	add_word(o, g, s->word);
	json_add_str(o, "type", descriptor_type_text(g, &s->desc));
	if (s->desc.type == DESC_TABLE)
		json_add_hex(o, "next_table", s->desc.oa);
	else if (s->desc.type != DESC_INVALID)
		json_add_hex(o, "output_address", s->desc.oa);
}

static void add_walk_ok(struct json_object *o, const struct walk_view *r)
{
	const struct walk_result *w = r->walk;
	struct json_object *host;

	json_add_int(o, "size", w->size);
	add_attr(o, &w->attr);
	add_rights(o, w->perms);
	add_stage(o, "stage1", &w->s1, 1);
	add_stage(o, "stage2", &w->s2, 2);
	if (w->s1.done && w->s1.ng && !r->no_asid)
		json_add_int(o, "asid", w->asid);
	if (w->s2_on)
		json_add_int(o, "vmid", w->vmid);
	if (!r->host.known)
		return;
	host = add_object(o, "host_page");
	json_add_int(host, "slot", r->host.slot);
	json_add_hex(host, "hva", r->host.hva);
	json_add_int(host, "pid", r->host.pid);
	json_add_str(host, "comm", r->host.comm);
}

static void add_choices(struct json_object *o, uint32_t choices, uint32_t other)
{
	struct json_object *array;
	char words[CHOICE_TEXT];
	unsigned int bit;

	if (!choices)
		return;
	array = sym_json_object_new_array();
	sym_json_object_object_add(o, "choices", array);
	for (bit = 0; bit < CHOICES; bit++)
		if (choices >> bit & 1)
			sym_json_object_array_add(array, sym_json_object_new_string(
							     choice_words(bit, other, words)));
}

const char *walk_status_text(enum walk_status status)
{
	return status == WALK_OK ? "mapped" : status == WALK_FAULT ? "fault" : "unreadable";
}

static void add_walk(struct json_object *o, struct view *v, const struct walk_view *r)
{
	const struct walk_result *w = r->walk;
	struct json_object *geometry, *steps;
	unsigned int i;

	json_add_str(o, "target", r->target);
	if (r->memory)
		json_add_str(o, "pa_is_ipa_of", r->memory);
	json_add_str(o, "regime", regime_text(w->regime));
	json_add_str(o, "status", walk_status_text(w->status));
	if (w->has_va) {
		json_add_hex(o, "va", w->va.v);
		json_add_symbol(v, o, w->va.v);
	}
	if (w->has_ipa)
		json_add_hex(o, "ipa", w->ipa.v);
	if (w->has_pa)
		json_add_hex(o, "pa", w->pa.v);
	geometry = add_object(o, "geometry");
	if (w->has_va && w->s1_on)
		add_geometry(geometry, "stage1", &r->mmu->s1[w->half > 0].geo);
	if (w->s2_on)
		add_geometry(geometry, "stage2", &r->mmu->s2.geo);
	steps = sym_json_object_new_array();
	sym_json_object_object_add(o, "steps", steps);
	for (i = 0; i < w->nsteps; i++)
		add_step(steps, r, &w->step[i]);
	if (w->status == WALK_OK)
		add_walk_ok(o, r);
	else if (w->status == WALK_FAULT)
		add_fault(o, &w->fault);
	else
		json_add_str(o, "error", live_error_text(w->error));
	if (w->status == WALK_FAULT && r->note)
		json_add_str(o, "note", r->note);
	add_choices(o, w->choices, r->mmu->other);
	if (r->then)
		add_walk(add_object(o, "then"), v, r->then);
}

static void json_walk(struct view *v, const struct walk_view *r)
{
	add_walk(v->root, v, r);
}

/* ---- at -------------------------------------------------------------------------------------- */

static void json_at_begin(struct view *v, const char *target)
{
	begin_part(v);
	json_add_str(v->part, "target", target);
	part_array(v, "results");
}

static void add_par(struct json_object *o, const char *key, struct par par, bool d128)
{
	char s[40];

	if (!d128) {
		json_add_hex(o, key, par.lo);
		return;
	}
	snprintf(s, sizeof(s), "0x%016" PRIx64 "%016" PRIx64, par.hi, par.lo);
	json_add_str(o, key, s);
}

static void json_at(struct view *v, const struct at_view *r)
{
	struct json_object *o = append_object(part_array(v, "results")), *hw;
	const struct walk_result *w = r->walk;

	json_add_str(o, "op", at_op_name(r->op));
	json_add_hex(o, "va", r->va.v);
	json_add_symbol(v, o, r->va.v);
	json_add_str(o, "status", walk_status_text(w->status));
	if (w->status == WALK_UNREADABLE) {
		json_add_str(o, "error", live_error_text(w->error));
	} else {
		add_par(o, "par_el1", r->par, w->d128);
		if (w->status == WALK_FAULT) {
			add_fault(o, &w->fault);
		} else {
			json_add_hex(o, "pa", bits64(r->par.lo, 51, 12) << 12);
			json_add_hex(o, "attr", bits64(r->par.lo, 63, 56));
			json_add_str(o, "memory_type",
				     memattr_text(&w->attr, (char[MEMATTR_TEXT]){ 0 }));
			json_add_str(o, "shareability", shareability_text(bits64(r->par.lo, 8, 7)));
		}
		add_choices(o, w->choices, r->other);
	}
	if (!r->asked)
		return;
	hw = add_object(o, "hardware");
	add_par(hw, "par_el1", r->hw, w->d128);
	json_add_int(hw, "cpu", r->cpu);
	if (w->status != WALK_UNREADABLE)
		json_add_bool(hw, "agrees", !r->differs);
	if (r->choice)
		json_add_str(hw, "other_choice", r->choice);
}

static void json_at_end(struct view *v, const struct at_sum *r)
{
	json_add_int(v->part, "done", r->done);
	json_add_int(v->part, "unreadable", r->unreadable);
	if (r->asked) {
		json_add_int(v->part, "agree", r->agree);
		json_add_int(v->part, "differ", r->differ);
	}
	finish_part(v);
}

static void json_vectors_begin(struct view *v)
{
	begin_part(v);
	part_array(v, "differences");
}

static void json_vector(struct view *v, const struct vector_difference *d)
{
	struct json_object *o = append_object(part_array(v, "differences"));
	bool wide = d->expected.hi || d->got.hi;

	json_add_str(o, "id", d->id);
	json_add_str(o, "op", d->op);
	json_add_hex(o, "va", d->va);
	add_par(o, "expected", d->expected, wide);
	if (d->unreadable)
		json_add_str(o, "got", NULL);
	else
		add_par(o, "got", d->got, wide);
}

static void json_vectors_end(struct view *v, const struct vectors_total *r)
{
	json_add_int(v->part, "passed", r->passed);
	json_add_int(v->part, "failed", r->failed);
	finish_part(v);
}

/* ---- read ------------------------------------------------------------------------------------ */

static void json_read_begin(struct view *v, const struct read_head *r)
{
	begin_part(v);
	json_add_str(v->part, "target", r->target);
	json_add_hex(v->part, "va", r->va.v);
	json_add_int(v->part, "length", r->len);
	part_array(v, "pieces");
}

static void json_read_piece(struct view *v, const struct read_head *r, const struct read_piece *p)
{
	struct json_object *o = append_object(part_array(v, "pieces"));
	static const char digit[] = "0123456789abcdef";
	char hex[2 * 4096 + 1];
	uint64_t i;

	(void)r;
	json_add_hex(o, "va", p->va.v);
	json_add_int(o, "length", p->len);
	if (p->has_ipa)
		json_add_hex(o, "ipa", p->ipa.v);
	if (p->has_pa)
		json_add_hex(o, "pa", p->pa.v);
	if (!p->bytes) {
		json_add_str(o, "error", p->why);
		return;
	}
	for (i = 0; i < p->len && 2 * i < sizeof(hex) - 1; i++) {
		hex[2 * i] = digit[p->bytes[i] >> 4];
		hex[2 * i + 1] = digit[p->bytes[i] & 15];
	}
	hex[2 * i] = '\0';
	json_add_str(o, "bytes", hex);
}

static void json_read_end(struct view *v, const struct read_head *r, uint64_t unread)
{
	(void)r;
	json_add_int(v->part, "unread", unread);
	finish_part(v);
}

/* ---- dump ------------------------------------------------------------------------------------ */

void add_dump_head(struct json_object *o, const struct dump_head *r)
{
	struct json_object *geometry;

	json_add_str(o, "target", r->target);
	json_add_str(o, "stage", r->stage == 1 ? "1" : r->stage == 2 ? "2" : "both");
	if (r->filter)
		json_add_str(o, "filter", r->filter);
	geometry = add_object(o, "geometry");
	if (r->stage != 2 && r->mmu->s1_on) {
		add_geometry(geometry, "stage1_lower", &r->mmu->s1[0].geo);
		if (r->mmu->two_halves)
			add_geometry(geometry, "stage1_upper", &r->mmu->s1[1].geo);
	}
	if (r->stage != 1 && r->mmu->s2.vm)
		add_geometry(geometry, "stage2", &r->mmu->s2.geo);
}

static void json_dump_begin(struct view *v, const struct dump_head *r)
{
	v->mmu = r->mmu;
	begin_part(v);
	add_dump_head(v->part, r);
	part_array(v, r->tree ? "entries" : "ranges");
}

static void add_region(const struct view *v, struct json_object *o, uint64_t va)
{
	const struct linux_region *region = v->regions ? linux_region_at(v->regions, va) : NULL;

	if (region)
		json_add_str(o, "region", region->name);
}

void add_dump_range(const struct view *v, struct json_object *o, const struct map_range *r)
{
	json_add_int(o, "stage", r->stage);
	json_add_hex(o, "input_address", r->ia);
	if (r->stage == 1) {
		json_add_symbol(v, o, r->ia);
		add_region(v, o, r->ia);
	}
	json_add_int(o, "size", r->size);
	if (r->has_piece)
		json_add_hex(o, "ipa", r->ipa);
	json_add_str(o, "status", walk_status_text(r->status));
	if (r->status == WALK_FAULT) {
		add_fault(o, &r->fault);
		return;
	}
	if (r->status == WALK_UNREADABLE) {
		json_add_str(o, "error", live_error_text(r->error));
		return;
	}
	json_add_hex(o, "output_address", r->oa);
	json_add_int(o, "level", r->level);
	json_add_int(o, "descriptors", r->leaves);
	add_attr(o, &r->attr);
	add_rights(o, r->perms);
	add_stage_fields(o, &r->leaf, r->stage);
}

static void json_dump_range(struct view *v, const struct map_range *r)
{
	add_dump_range(v, append_object(part_array(v, "ranges")), r);
}

void add_dump_visit(const struct view *v, struct json_object *o, const struct visit *r)
{
	json_add_str(o, "type", visit_text(r));
	json_add_int(o, "stage", r->stage);
	json_add_int(o, "level", r->level);
	json_add_hex(o, "input_address", r->ia);
	if (r->stage == 1 && r->event == VISIT_LEAF)
		json_add_symbol(v, o, r->ia);
	json_add_int(o, "size", r->size);
	if (visit_has_pa(r))
		json_add_hex(o, "table", r->table_pa.v);
	if (r->has_ipa)
		json_add_hex(o, "table_ipa", r->table_ipa.v);
	json_add_int(o, "index", r->index);
	if (visit_has_word(r))
		add_word(o, dump_geometry(v, r), r->word);
	if (visit_has_next(r))
		json_add_hex(o, "next_table", r->next_pa.v);
	if (r->event == VISIT_UNREADABLE && r->error)
		json_add_str(o, "error", live_error_text(r->error));
	if (visit_fault(r))
		add_fault(o, visit_fault(r));
	if (r->event != VISIT_LEAF)
		return;
	json_add_hex(o, "output_address", r->leaf.oa);
	add_attr(o, &r->leaf.attr);
	add_rights(o, r->leaf.perms);
	add_stage_fields(o, &r->leaf, r->stage);
}

/* Of a dump of ranges, only what is not a range comes here */
static void json_dump_visit(struct view *v, const struct visit *r)
{
	add_dump_visit(v, append_object(part_array(v, "entries")), r);
}

void add_dump_tail(struct json_object *o, const struct dump_tail *r)
{
	json_add_int(o, "tables", r->tables);
	json_add_int(o, "unreadable", r->unreadable);
	json_add_bool(o, "changed", r->changed);
	if (r->filtered)
		json_add_int(o, "not_shown", r->hidden);
}

static void json_dump_end(struct view *v, const struct dump_tail *r)
{
	add_dump_tail(v->part, r);
	finish_part(v);
}

const struct view_ops view_json_ops = {
	.load		= json_load,
	.unload		= json_unload,
	.status		= json_status,
	.list_begin	= json_list_begin,
	.list_vm	= json_list_vm,
	.list_end	= json_list_end,
	.regs		= json_regs,
	.decode		= json_decode,
	.walk		= json_walk,
	.walks_begin	= json_walks_begin,
	.walks_answer	= json_walks_answer,
	.walks_end	= json_walks_end,
	.at_begin	= json_at_begin,
	.at		= json_at,
	.at_end		= json_at_end,
	.vectors_begin	= json_vectors_begin,
	.vector		= json_vector,
	.vectors_end	= json_vectors_end,
	.read_begin	= json_read_begin,
	.read_piece	= json_read_piece,
	.read_end	= json_read_end,
	.dump_begin	= json_dump_begin,
	.dump_range	= json_dump_range,
	.dump_visit	= json_dump_visit,
	.dump_end	= json_dump_end,
	.snapshot	= json_snapshot,
	.find_begin	= json_find_begin,
	.find_hit	= json_find_hit,
	.diff_begin	= json_diff_begin,
	.diff_reg	= json_diff_reg,
	.diff_range	= json_diff_range,
	.diff_sum	= json_diff_sum,
	.diff_only	= json_diff_only,
	.diff_end	= json_diff_end,
	.vm_trouble	= json_vm_trouble,
	.find_end	= json_find_end,
	.stat_begin	= json_stat_begin,
	.stat		= json_stat,
	.stat_end	= json_stat_end,
	.tags		= json_tags,
	.tags_entry	= json_tags_entry,
	.audit_begin	= json_audit_begin,
	.audit_finding	= json_audit_finding,
	.audit_vm	= json_audit_vm,
	.audit_end	= json_audit_end,
};
