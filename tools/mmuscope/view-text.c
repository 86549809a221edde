// SPDX-License-Identifier: GPL-2.0-only
/*
 * Results as text. Lines that scripts may want begin with a fixed word; for anything more there is
 * JSON.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "target.h"
#include "view-audit.h"
#include "view-diff.h"
#include "view-find.h"
#include "view-stat.h"
#include "view-tags.h"
#include "view-walks.h"
#include "view.h"

#define ADDR	"0x%016" PRIx64

static void line(const struct view *v, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void line(const struct view *v, const char *name, const char *fmt, ...)
{
	va_list ap;

	fprintf(v->out, "%-10s ", name);
	va_start(ap, fmt);
	vfprintf(v->out, fmt, ap);
	va_end(ap);
	fputc('\n', v->out);
}

/* ---- load, unload, status -------------------------------------------------------------------- */

static void offsets_line(const struct view *v, const struct offset_check *c)
{
	if (c->wrong)
		line(v, "offsets", "%zu right, %zu WRONG (%s), %zu unknown", c->right, c->wrong,
		     c->first, c->unknown);
	else if (c->why_unknown)
		line(v, "offsets", "%zu right, %zu unknown: %s", c->right, c->unknown,
		     c->why_unknown);
	else
		line(v, "offsets", "%zu right, by the kernel's BTF", c->right);
}

static void text_load(struct view *v, const struct load_result *r)
{
	line(v, r->dry_run ? "fits" : "loaded", "%s", r->file);
	line(v, "kernel", "%s", r->built_for);
	if (!r->dry_run)
		line(v, "mode", "%s", r->mode);
	offsets_line(v, &r->offsets);
}

static void text_unload(struct view *v)
{
	line(v, "unloaded", "mmuscope");
}

static void text_status(struct view *v, const struct status_result *r)
{
	const char *pos = r->info.text, *feature;

	line(v, "program", "%s, ABI %u", r->program_version, r->program_abi);
	if (r->snapshot.info)
		text_snapshot(v, &r->snapshot);
	line(v, "machine", "%s, Linux %s", r->machine.arch, r->machine.release);
	if (r->machine.lockdown[0])
		line(v, "lockdown", "%s", r->machine.lockdown);
	line(v, "module", "%s", r->state);
	if (!r->readable)
		return;
	line(v, "version", "%s, ABI %" PRIu64 ", built for %s", r->info.module_version,
	     r->info.abi_version, r->info.kernel);
	line(v, "mode", "%s, %" PRIu64 "-bit VMID, pages of %" PRIu64, r->info.mode,
	     r->info.vmid_bits, r->info.page_size);
	line(v, "at", "%s", r->info.at ? "allowed" : "forbidden (parameter \"at\")");
	offsets_line(v, &r->offsets);
	while ((feature = live_next(&pos, "feature")))
		line(v, "feature", "%.*s", (int)strcspn(feature, "\n"), feature);
}

/* ---- list ------------------------------------------------------------------------------------ */

static void text_list_begin(struct view *v)
{
	fprintf(v->out, "%-14s %-20s %6s %5s %4s %7s %5s %-18s %s\n", "VM", "NAME", "VMID", "VCPUS",
		"IPA", "GRANULE", "LEVEL", "ROOT", "MAPPED");
}

static void text_list_vm(struct view *v, const struct list_vm *r)
{
	const struct live_vm *vm = r->vm;
	char size[24];
	size_t i;

	fprintf(v->out, "%-14s %-20s ", vm->dir, vm->name[0] ? vm->name : vm->comm);
	if (vm->error) {
		fprintf(v->out, "unreadable: %s\n", live_error_text(vm->error));
		return;
	}
	if (vm->stage2 != STAGE2_VISIBLE) {
		fprintf(v->out, "%6s %5u stage 2 hidden by the hypervisor\n", "-", vm->vcpus);
		return;
	}
	fprintf(v->out, "%6" PRIu64 " %5u %4" PRIu64 " %7s %5d " ADDR " ", vm->vmid, vm->vcpus,
		vm->ipa_bits, size_text(UINT64_C(1) << (vm->granule_shift & 63), size),
		vm->start_level, vm->pgd_phys);
	if (r->mapped_error)
		fprintf(v->out, "unreadable: %s\n", live_error_text(r->mapped_error));
	else
		fprintf(v->out, "%s%s%s\n", r->partial ? "at least " : "",
			size_text(r->mapped, size), r->changed ? " (changed while read)" : "");
	for (i = 0; i < r->nshadows; i++)
		fprintf(v->out, "  shadow %s.%-5" PRIu64 " of its guest's VTTBR_EL2 " ADDR ", VTCR_EL2 0x%" PRIx64
			"%s: VMID %" PRIu64 ", VTTBR_EL2 " ADDR "\n", r->vm->dir, r->shadow[i].number,
			r->shadow[i].guest_vttbr, r->shadow[i].guest_vtcr,
			r->shadow[i].stage2 ? "" : " (stage 2 off)", r->shadow[i].vmid,
			r->shadow[i].vttbr);
	if (r->shadow_error)
		fprintf(v->out, "  shadows of its guest's stage 2: unreadable: %s\n",
			live_error_text(r->shadow_error));
}

static void text_list_end(struct view *v)
{
	(void)v;
}

/* ---- walk ------------------------------------------------------------------------------------ */

static void text_choices(const struct view *v, uint32_t choices, uint32_t other)
{
	char words[CHOICE_TEXT];
	unsigned int bit;

	for (bit = 0; bit < CHOICES; bit++)
		if (choices >> bit & 1)
			line(v, "choice", "%s", choice_words(bit, other, words));
}

static const struct geometry *step_geometry(const struct walk_view *r, const struct walk_step *s)
{
	return s->stage == 2 ? &r->mmu->s2.geo : &r->mmu->s1[r->walk->half > 0].geo;
}

static void text_step(const struct view *v, const struct walk_view *r, const struct walk_step *s)
{
	const struct geometry *g = step_geometry(r, s);
	char word[WORD_TEXT], size[24];

	fprintf(v->out, "%sS%d L%-2d [%4zu] ", s->for_s1 ? "      " : "  ", s->stage, s->level,
		s->index);
	if (s->has_ipa)
		fprintf(v->out, "ipa " ADDR " ", s->ipa.v);
	fprintf(v->out, "pa " ADDR " = ", s->pa.v);
	if (s->error) {
		fprintf(v->out, "unreadable: %s", live_error_text(s->error));
	} else {
		fputs(word_text(s->word, g->format == TABLE_V9_128, word), v->out);
		fprintf(v->out, "  %s", descriptor_type_text(g, &s->desc));
		if (s->desc.type == DESC_TABLE)
			fprintf(v->out, " -> 0x%" PRIx64, s->desc.oa);
		else if (s->desc.type != DESC_INVALID)
			fprintf(v->out, " %s -> 0x%" PRIx64,
				size_text(UINT64_C(1) << s->desc.map_shift, size), s->desc.oa);
	}
	fputc('\n', v->out);
}

/*
 * Hardware reads the stage-2 words first and then the stage-1 word that they lead to; people look
 * for them beneath it.
 */
static void text_steps(const struct view *v, const struct walk_view *r)
{
	const struct walk_result *w = r->walk;
	unsigned int i, end;

	for (i = 0; i < w->nsteps; i = end) {
		for (end = i; end < w->nsteps && w->step[end].for_s1; end++)
			;
		if (end < w->nsteps)
			text_step(v, r, &w->step[end++]);
		else
			fprintf(v->out, "  S1 table not reached, ipa " ADDR ":\n", w->step[i].ia);
		for (; i < w->nsteps && w->step[i].for_s1; i++)
			text_step(v, r, &w->step[i]);
	}
}

static void geometry_line(const struct view *v, const char *name, const char *root,
			  const struct geometry *g)
{
	char size[24];
	int n = snprintf(NULL, 0, "%s", name);

	fprintf(v->out,
		"%-*s %s granule, %u-bit input, %u-bit output, from level %d, %s ",
		n > 10 ? n : 10, name, size_text(UINT64_C(1) << g->granule, size), g->ia_bits,
		g->oa_bits, g->start_level, root);
	if (g->no_root)
		fputs("not known", v->out);
	else
		fprintf(v->out, "0x%" PRIx64, g->root);
	if (g->stage == 2 && geometry_root_tables(g) > 1)
		fprintf(v->out, " (%u tables)", geometry_root_tables(g));
	fputc('\n', v->out);
}

static const char *ttbr_name(const struct mmu *mmu, int half)
{
	static const char *const names[][2] = {
		[REGIME_EL10]	= { "TTBR0_EL1", "TTBR1_EL1" },
		[REGIME_EL20]	= { "TTBR0_EL2", "TTBR1_EL2" },
		[REGIME_EL2]	= { "TTBR0_EL2", "TTBR0_EL2" },
		[REGIME_EL3]	= { "TTBR0_EL3", "TTBR0_EL3" },
	};

	return names[mmu->regime][half > 0];
}

static void text_walk_head(const struct view *v, const struct walk_view *r)
{
	const struct walk_result *w = r->walk;
	char name[NAME_TEXT];

	if (w->has_va)
		line(v, "walk", "%s, VA " ADDR "%s, regime %s", r->target, w->va.v,
		     name_text(v, w->va.v, name), regime_text(w->regime));
	else
		line(v, "walk", "%s, IPA " ADDR ", regime %s", r->target, w->ipa.v,
		     regime_text(w->regime));
	if (r->memory)
		line(v, "nested", "what is a PA to the guest hypervisor is an IPA of VM %s", r->memory);
	if (w->has_va && w->s1_on)
		geometry_line(v, "stage 1", ttbr_name(r->mmu, w->half),
			      &r->mmu->s1[w->half > 0].geo);
	else if (w->has_va)
		line(v, "stage 1", "off%s", r->mmu->dc ? " (HCR_EL2.DC)" : " (SCTLR.M = 0)");
	if (w->s2_on)
		geometry_line(v, "stage 2", "VTTBR_EL2", &r->mmu->s2.geo);
}

static void stage_line(const struct view *v, const char *name, int stage, enum regime regime,
		       const struct stage_result *s)
{
	char size[24], run[24], mem[MEMATTR_TEXT], perms[PERMS_TEXT], flags[FLAGS_TEXT];

	if (!s->done)
		return;
	size_text(s->size, size);
	size_text(s->run_size, run);
	line(v, name, "%s at level %d%s%s, %s %s, %s, %s", size, s->level,
	     s->run_size != s->size ? " in a run of " : "", s->run_size != s->size ? run : "",
	     memattr_text(&s->attr, mem), shareability_text(s->attr.sh),
	     perms_text(s->perms, regime, perms), flags_text(s, stage, flags));
}

static void text_walk_ok(const struct view *v, const struct walk_view *r)
{
	const struct walk_result *w = r->walk;
	char size[24], mem[MEMATTR_TEXT], perms[PERMS_TEXT], name[NAME_TEXT];

	if (w->has_va)
		line(v, "VA", ADDR "%s", w->va.v, name_text(v, w->va.v, name));
	if (w->has_ipa)
		line(v, "IPA", ADDR, w->ipa.v);
	if (w->has_pa)
		line(v, "PA", ADDR, w->pa.v);
	line(v, "size", "%s", size_text(w->size, size));
	line(v, "memory", "%s", memattr_text(&w->attr, mem));
	line(v, "share", "%s", shareability_text(w->attr.sh));
	line(v, "rights", "%s", perms_text(w->perms, w->regime, perms));
	stage_line(v, "by stage 1", 1, w->regime, &w->s1);
	stage_line(v, "by stage 2", 2, w->regime, &w->s2);
	if (w->s1.done && w->s1.ng && !r->no_asid)
		line(v, "ASID", "0x%04x", w->asid);
	if (w->s2_on)
		line(v, "VMID", "0x%04x", w->vmid);
	if (r->host.known)
		line(v, "host page",
		     "slot %" PRIu64 ", HVA 0x%" PRIx64 " of process %" PRIu64 " (%s)",
		     r->host.slot, r->host.hva, r->host.pid, r->host.comm);
}

static void text_walk(struct view *v, const struct walk_view *r)
{
	const struct walk_result *w = r->walk;
	char fault[FAULT_TEXT];

	text_walk_head(v, r);
	text_steps(v, r);
	switch (w->status) {
	case WALK_OK:
		text_walk_ok(v, r);
		break;
	case WALK_FAULT:
		line(v, "fault", "%s", fault_text(&w->fault, fault));
		if (w->fault.why)
			line(v, "why", "%s", w->fault.why);
		if (r->note)
			line(v, "note", "%s", r->note);
		if (w->has_ipa && w->fault.stage == 2 && w->has_va && !w->fault.s1ptw)
			line(v, "IPA", ADDR, w->ipa.v);
		break;
	case WALK_UNREADABLE:
		line(v, "unreadable", "%s: whether it is mapped is not known",
		     live_error_text(w->error));
		break;
	}
	text_choices(v, w->choices, r->mmu->other);
	if (!r->then)
		return;
	fputc('\n', v->out);
	text_walk(v, r->then);
}

/* ---- at -------------------------------------------------------------------------------------- */

static void text_par(const struct view *v, const char *who, struct par par, const struct at_view *r)
{
	char fault[FAULT_TEXT], mem[MEMATTR_TEXT];

	if (r->walk->d128)
		line(v, who, "PAR_EL1 0x%016" PRIx64 "%016" PRIx64, par.hi, par.lo);
	else
		line(v, who, "PAR_EL1 " ADDR, par.lo);
	if (strcmp(who, "predicted"))
		return;
	if (par.lo & 1)
		line(v, "", "F 1: %s", fault_text(&r->walk->fault, fault));
	else
		line(v, "", "F 0: PA 0x%" PRIx64 ", ATTR 0x%02x %s, SH %u %s",
		     bits64(par.lo, 51, 12) << 12, (unsigned int)bits64(par.lo, 63, 56),
		     memattr_text(&r->walk->attr, mem), (unsigned int)bits64(par.lo, 8, 7),
		     shareability_text(bits64(par.lo, 8, 7)));
}

static void text_at_begin(struct view *v, const char *target)
{
	(void)v;
	(void)target;
}

static void text_at(struct view *v, const struct at_view *r)
{
	line(v, "at", "%s " ADDR " on %s", at_op_name(r->op), r->va.v, r->target);
	if (r->walk->status == WALK_UNREADABLE) {
		line(v, "unreadable", "%s: no prediction", live_error_text(r->walk->error));
	} else {
		text_par(v, "predicted", r->par, r);
		text_choices(v, r->walk->choices, r->other);
	}
	if (r->asked)
		text_par(v, "hardware", r->hw, r);
	if (r->asked && r->walk->status != WALK_UNREADABLE)
		line(v, r->differs ? "DIFFERS" : "agrees", "CPU %u answered%s%s", r->cpu,
		     r->choice ? "; it takes the other way of a choice: " : "", r->choice ? r->choice : "");
}

static void text_at_end(struct view *v, const struct at_sum *r)
{
	if (!r->many)
		return;
	if (r->asked)
		fprintf(v->out, "%" PRIu64 " agree, %" PRIu64 " differ, %" PRIu64 " unreadable\n",
			r->agree, r->differ, r->unreadable);
	else
		fprintf(v->out, "%" PRIu64 " predicted, %" PRIu64 " unreadable\n",
			r->done - r->unreadable, r->unreadable);
}

static void text_vectors_begin(struct view *v)
{
	(void)v;
}

static void text_vector(struct view *v, const struct vector_difference *d)
{
	bool wide = d->expected.hi || d->got.hi;

	fprintf(v->out, "%s 0x", d->id);
	if (wide)
		fprintf(v->out, "%016" PRIx64, d->expected.hi);
	fprintf(v->out, "%016" PRIx64 " ", d->expected.lo);
	if (d->unreadable) {
		fputs("unreadable\n", v->out);
		return;
	}
	fputs("0x", v->out);
	if (wide)
		fprintf(v->out, "%016" PRIx64, d->got.hi);
	fprintf(v->out, "%016" PRIx64 "\n", d->got.lo);
}

static void text_vectors_end(struct view *v, const struct vectors_total *r)
{
	fprintf(v->out, "%" PRIu64 " passed, %" PRIu64 " failed\n", r->passed, r->failed);
}

/* ---- read ------------------------------------------------------------------------------------ */

static void text_read_begin(struct view *v, const struct read_head *r)
{
	(void)v;
	(void)r;
}

static void hex_line(const struct view *v, uint64_t at, const uint8_t *bytes, unsigned int n)
{
	unsigned int i;

	fprintf(v->out, "%016" PRIx64 " ", at);
	for (i = 0; i < 16; i++) {
		if (i < n)
			fprintf(v->out, "%s%02x", i == 8 ? "  " : " ", bytes[i]);
		else
			fputs(i == 8 ? "    " : "   ", v->out);
	}
	fputs("  |", v->out);
	for (i = 0; i < n; i++)
		fputc(bytes[i] >= ' ' && bytes[i] <= '~' ? bytes[i] : '.', v->out);
	fputs("|\n", v->out);
}

/* A hole in raw bytes would shift all that follows, so the command stops there; a hexdump has a
 * line for it */
static void text_read_piece(struct view *v, const struct read_head *r, const struct read_piece *p)
{
	uint64_t done;

	if (!p->bytes) {
		if (!r->raw)
			fprintf(v->out, "%016" PRIx64 "-%016" PRIx64 "  not read: %s\n", p->va.v,
				p->va.v + p->len - 1, p->why);
		return;
	}
	if (r->raw) {
		fwrite(p->bytes, 1, p->len, v->out);
		return;
	}
	for (done = 0; done < p->len; done += 16)
		hex_line(v, p->va.v + done, p->bytes + done,
			 p->len - done < 16 ? p->len - done : 16);
}

static void text_read_end(struct view *v, const struct read_head *r, uint64_t unread)
{
	(void)unread;
	if (!r->raw)
		fprintf(v->out, "%016" PRIx64 "\n", r->va.v + r->len);
}

/* ---- dump ------------------------------------------------------------------------------------ */

static void text_dump_begin(struct view *v, const struct dump_head *r)
{
	const struct mmu *mmu = r->mmu;

	v->mmu = mmu;
	v->tree = r->tree;
	v->regime = mmu->regime;
	line(v, "dump", "%s", r->target);
	if (r->filter)
		line(v, "filter", "%s", r->filter);
	if (r->stage != 2 && mmu->s1_on) {
		geometry_line(v, "stage 1", ttbr_name(mmu, 0), &mmu->s1[0].geo);
		if (mmu->two_halves)
			geometry_line(v, "stage 1", ttbr_name(mmu, 1), &mmu->s1[1].geo);
	} else if (r->stage != 2) {
		line(v, "stage 1", "off: each VA is the IPA");
	}
	if (r->stage != 1 && mmu->s2.vm)
		geometry_line(v, "stage 2", "VTTBR_EL2", &mmu->s2.geo);
	else if (r->stage != 1)
		line(v, "stage 2", "off");
	if (!r->tree)
		fprintf(v->out, "# %-35s %s%-35s %6s %-2s %6s  %-3s %-3s  %-24s %-3s %s\n", "INPUT",
			r->stage ? "" : "IPA                ", "OUTPUT", "SIZE", "L", "COUNT",
			privileged_text(mmu->regime), "EL0", "MEMORY", "SH", "FLAGS");
}

/* A line where another region begins */
static void text_region(struct view *v, uint64_t va)
{
	const struct linux_region *region = v->regions ? linux_region_at(v->regions, va) : NULL;

	if (region && region != v->region)
		fprintf(v->out, "# %s, " ADDR "-" ADDR "\n", region->name, region->first, region->last + 1);
	v->region = region;
}

static void text_dump_range(struct view *v, const struct map_range *r)
{
	char size[24], fault[FAULT_TEXT], buf[RANGE_LINE], name[NAME_TEXT];
	size_t n;

	if (r->stage == 1)
		text_region(v, r->ia);
	if (r->status == WALK_OK) {
		n = range_line_text(&v->lines, r, buf);
		if (r->stage == 1 && v->symbols && *name_text(v, r->ia, name))
			fprintf(v->out, "%.*s%s\n", (int)n - 1, buf, name);
		else
			fwrite(buf, 1, n, v->out);
		return;
	}
	fprintf(v->out, ADDR "-" ADDR " ", r->ia, r->ia + r->size);
	if (r->has_piece)
		fprintf(v->out, ADDR " ", r->ipa);
	if (r->status == WALK_FAULT)
		fprintf(v->out, "FAULT %s: %s\n", size_text(r->size, size),
			fault_text(&r->fault, fault));
	else
		fprintf(v->out, "UNREADABLE %s: %s\n", size_text(r->size, size),
			live_error_text(r->error));
}

static void text_visit_odd(const struct view *v, const struct visit *r)
{
	char fault[FAULT_TEXT];

	if (r->event == VISIT_UNREADABLE && r->error)
		fprintf(v->out, ": %s", live_error_text(r->error));
	if (visit_fault(r))
		fprintf(v->out, ": %s", fault_text(visit_fault(r), fault));
	if (r->event == VISIT_INVALID && r->stage == 2 && !r->desc.reserved)
		fputs(" (KVM's annotation)", v->out);
}

/* What the descriptor translates, and its own address as walk shows it */
static void text_tree_place(const struct view *v, const struct visit *r)
{
	uint64_t offset = (uint64_t)r->index << geometry_desc_shift(dump_geometry(v, r));
	char size[24];

	fprintf(v->out, "%*sS%d L%-2d [%4zu] " ADDR " %6s ", 2 * (r->level + 2), "", r->stage,
		r->level, r->index, r->ia, size_text(r->size, size));
	if (r->has_ipa)
		fprintf(v->out, "ipa " ADDR " ", r->table_ipa.v + offset);
	if (visit_has_pa(r))
		fprintf(v->out, "pa " ADDR " ", r->table_pa.v + offset);
}

/* In a tree a line under its table's; among ranges a line that begins as they do */
static void text_dump_visit(struct view *v, const struct visit *r)
{
	char mem[MEMATTR_TEXT], perms[PERMS_TEXT], flags[FLAGS_TEXT], word[WORD_TEXT], name[NAME_TEXT];

	if (v->tree)
		text_tree_place(v, r);
	else
		fprintf(v->out, ADDR "-" ADDR " ", r->ia, r->ia + r->size);
	if (visit_has_word(r))
		fprintf(v->out, "= %s ", word_text(r->word, dump_geometry(v, r)->format == TABLE_V9_128,
						   word));
	if (r->event == VISIT_UNREADABLE)
		fputs(r->error == -EAGAIN ? "CHANGED table" : "UNREADABLE table", v->out);
	else if (r->event == VISIT_ZERO)
		fputs("of an empty table", v->out);
	else
		fputs(visit_text(r), v->out);
	if (visit_has_next(r))
		fprintf(v->out, " 0x%" PRIx64, r->next_pa.v);
	if (r->event == VISIT_LEAF)
		fprintf(v->out, " -> 0x%" PRIx64 ", %s, %s %s, %s", r->leaf.oa,
			perms_text(r->leaf.perms, v->regime, perms),
			memattr_text(&r->leaf.attr, mem), shareability_text(r->leaf.attr.sh),
			flags_text(&r->leaf, r->stage, flags));
	if (r->event == VISIT_LEAF && r->stage == 1)
		fputs(name_text(v, r->ia, name), v->out);
	text_visit_odd(v, r);
	fputc('\n', v->out);
}

static void text_dump_end(struct view *v, const struct dump_tail *r)
{
	fputs("# ", v->out);
	if (!v->tree)
		fprintf(v->out, "%" PRIu64 " ranges, ", r->ranges);
	fprintf(v->out, "%" PRIu64 " tables", r->tables);
	if (r->unreadable)
		fprintf(v->out, ", %" PRIu64 " UNREADABLE", r->unreadable);
	if (r->filtered)
		fprintf(v->out, ", %" PRIu64 " not shown", r->hidden);
	fputs(r->changed ? ", the tables changed while they were read\n" : "\n", v->out);
}

const struct view_ops view_text_ops = {
	.load		= text_load,
	.unload		= text_unload,
	.status		= text_status,
	.list_begin	= text_list_begin,
	.list_vm	= text_list_vm,
	.list_end	= text_list_end,
	.regs		= text_regs,
	.decode		= text_decode,
	.walk		= text_walk,
	.walks_begin	= text_walks_begin,
	.walks_answer	= text_walks_answer,
	.walks_end	= text_walks_end,
	.at_begin	= text_at_begin,
	.at		= text_at,
	.at_end		= text_at_end,
	.vectors_begin	= text_vectors_begin,
	.vector		= text_vector,
	.vectors_end	= text_vectors_end,
	.read_begin	= text_read_begin,
	.read_piece	= text_read_piece,
	.read_end	= text_read_end,
	.dump_begin	= text_dump_begin,
	.dump_range	= text_dump_range,
	.dump_visit	= text_dump_visit,
	.dump_end	= text_dump_end,
	.snapshot	= text_snapshot,
	.find_begin	= text_find_begin,
	.find_hit	= text_find_hit,
	.moment		= text_moment,
	.diff_begin	= text_diff_begin,
	.diff_reg	= text_diff_reg,
	.diff_range	= text_diff_range,
	.diff_sum	= text_diff_sum,
	.diff_only	= text_diff_only,
	.diff_end	= text_diff_end,
	.vm_trouble	= text_vm_trouble,
	.find_end	= text_find_end,
	.stat_begin	= text_stat_begin,
	.stat		= text_stat,
	.stat_end	= text_stat_end,
	.tags		= text_tags,
	.tags_entry	= text_tags_entry,
	.audit_begin	= text_audit_begin,
	.audit_finding	= text_audit_finding,
	.audit_vm	= text_audit_vm,
	.audit_end	= text_audit_end,
};
