// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a snapshot says of itself, as text and as JSON.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dl-json.h"
#include "snapshot.h"
#include "target.h"
#include "view-json.h"

/* ---- text ------------------------------------------------------------------------------------ */

static void text_vm(const struct view *v, const struct snapshot_vm *vm, bool memory)
{
	char size[24];

	bool shadow = strchr(vm->dir, '.');

	fprintf(v->out, "%-10s %s: ", shadow ? "shadow" : "VM", vm->dir);
	if (vm->error) {
		fprintf(v->out, "unreadable: %s\n", live_error_text(vm->error));
		return;
	}
	fprintf(v->out, "stage 2 %" PRIu64 " tables", vm->stream.tables);
	if (vm->stream.unreadable)
		fprintf(v->out, ", %" PRIu64 " unreadable", vm->stream.unreadable);
	if (vm->stream.changed)
		fprintf(v->out, ", CHANGED meanwhile");
	if (vm->stream.gone)
		fprintf(v->out, " (%" PRIu64 " taken away)", vm->stream.gone);
	if (shadow) {
		fputc('\n', v->out);
		return;
	}
	fprintf(v->out, "; stage 1 %" PRIu64 " pages of %" PRIu64 " vCPU%s", vm->s1_pages, vm->vcpus,
		vm->vcpus == 1 ? "" : "s");
	if (vm->s1_unreadable)
		fprintf(v->out, ", %" PRIu64 " unreadable", vm->s1_unreadable);
	if (vm->s1_changed)
		fprintf(v->out, ", %" PRIu64 " CHANGED meanwhile", vm->s1_changed);
	if (vm->s1_limited)
		fprintf(v->out, ", too many: NOT COMPLETE");
	if (vm->never_ran)
		fprintf(v->out, "; %" PRIu64 " never ran", vm->never_ran);
	if (vm->no_regs)
		fprintf(v->out, "; %" PRIu64 " whose registers are unreadable", vm->no_regs);
	if (memory)
		fprintf(v->out, "; memory %s", size_text(vm->memory, size));
	if (vm->memory_unreadable)
		fprintf(v->out, ", %s unreadable", size_text(vm->memory_unreadable, size));
	fputc('\n', v->out);
}

void text_snapshot(struct view *v, const struct snapshot_view *r)
{
	size_t i;

	fprintf(v->out, "%-10s %s\n", "snapshot", r->file);
	fprintf(v->out, "%-10s %s to %s, by mmuscope %s\n", "taken", r->info->begun, r->info->ended,
		r->info->program);
	for (i = 0; i < r->info->nvms; i++)
		text_vm(v, &r->info->vm[i], r->info->memory);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void add_vm(struct json_object *o, const struct snapshot_vm *vm, bool memory)
{
	json_add_str(o, "vm", vm->dir);
	if (vm->error) {
		json_add_str(o, "error", live_error_text(vm->error));
		return;
	}
	json_add_int(o, "tables", vm->stream.tables);
	json_add_int(o, "unreadable", vm->stream.unreadable);
	json_add_int(o, "gone", vm->stream.gone);
	json_add_bool(o, "changed", vm->stream.changed);
	json_add_int(o, "vcpus", vm->vcpus);
	json_add_int(o, "never_ran", vm->never_ran);
	json_add_int(o, "no_regs", vm->no_regs);
	json_add_int(o, "stage1_pages", vm->s1_pages);
	json_add_int(o, "stage1_unreadable", vm->s1_unreadable);
	json_add_int(o, "stage1_changed", vm->s1_changed);
	json_add_bool(o, "stage1_limited", vm->s1_limited);
	if (!memory)
		return;
	json_add_int(o, "memory", vm->memory);
	json_add_int(o, "memory_unreadable", vm->memory_unreadable);
}

void json_add_snapshot(struct json_object *o, const struct snapshot_view *r)
{
	struct json_object *vms = sym_json_object_new_array();
	size_t i;

	json_add_str(o, "file", r->file);
	json_add_str(o, "begun", r->info->begun);
	json_add_str(o, "ended", r->info->ended);
	json_add_str(o, "program", r->info->program);
	sym_json_object_object_add(o, "vms", vms);
	for (i = 0; i < r->info->nvms; i++)
		add_vm(append_object(vms), &r->info->vm[i], r->info->memory);
}

void json_snapshot(struct view *v, const struct snapshot_view *r)
{
	json_add_snapshot(v->root, r);
}
