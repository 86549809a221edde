// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What a snapshot says of itself, as text.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot.h"

/* The numbers of a "vm" line by name, after the VM's own */
static const struct field {
	const char *name;
	size_t at;
} fields[] = {
	{ "tables", offsetof(struct snapshot_vm, stream.tables) },
	{ "unreadable", offsetof(struct snapshot_vm, stream.unreadable) },
	{ "gone", offsetof(struct snapshot_vm, stream.gone) },
	{ "vcpus", offsetof(struct snapshot_vm, vcpus) },
	{ "never_ran", offsetof(struct snapshot_vm, never_ran) },
	{ "no_regs", offsetof(struct snapshot_vm, no_regs) },
	{ "s1_pages", offsetof(struct snapshot_vm, s1_pages) },
	{ "s1_unreadable", offsetof(struct snapshot_vm, s1_unreadable) },
	{ "s1_changed", offsetof(struct snapshot_vm, s1_changed) },
	{ "memory", offsetof(struct snapshot_vm, memory) },
	{ "memory_unreadable", offsetof(struct snapshot_vm, memory_unreadable) },
};

#define NFIELDS	(sizeof(fields) / sizeof(fields[0]))

static uint64_t *field_of(struct snapshot_vm *vm, size_t i)
{
	return (uint64_t *)((char *)vm + fields[i].at);
}

static void print_vm(FILE *to, struct snapshot_vm *vm)
{
	size_t i;

	fprintf(to, "vm %s", vm->dir);
	for (i = 0; i < NFIELDS; i++)
		fprintf(to, " %s %" PRIu64, fields[i].name, *field_of(vm, i));
	fprintf(to, " error %d changed %d s1_limited %d moved %d\n", -vm->error, vm->stream.changed,
		vm->s1_limited, vm->moved);
}

char *snapshot_info_text(const struct snapshot_info *info)
{
	char *text = NULL;
	size_t len, i;
	FILE *to = open_memstream(&text, &len);

	if (!to)
		return NULL;
	fprintf(to, "format %d\nprogram %s\nbegun %s\nended %s\nmemory %d\nhost_vms %" PRIu64 "\n",
		SNAPSHOT_FORMAT, info->program, info->begun, info->ended, info->memory, info->host_vms);
	for (i = 0; i < info->nvms; i++)
		print_vm(to, &info->vm[i]);
	if (fclose(to)) {
		free(text);
		return NULL;
	}
	return text;
}

static void set_field(struct snapshot_vm *vm, const char *name, uint64_t value)
{
	size_t i;

	for (i = 0; i < NFIELDS; i++)
		if (!strcmp(fields[i].name, name))
			*field_of(vm, i) = value;
	if (!strcmp(name, "error"))
		vm->error = -(int)(value & 0xfff);
	if (!strcmp(name, "changed"))
		vm->stream.changed = value;
	if (!strcmp(name, "s1_limited"))
		vm->s1_limited = value;
	if (!strcmp(name, "moved"))
		vm->moved = value;
}

/* "PID-FD NAME NUMBER ..." up to the line's end */
static bool parse_vm(const char *line, struct snapshot_vm *vm)
{
	const char *end = line + strcspn(line, "\n");
	char name[32];
	uint64_t value;
	int used = 0;

	*vm = (struct snapshot_vm){ 0 };
	if (sscanf(line, "%47[^ \n]%n", vm->dir, &used) != 1 || strchr(vm->dir, '/'))
		return false;
	for (line += used; line < end; line += used) {
		used = 0;
		if (sscanf(line, " %31[a-z0-9_] %" SCNu64 "%n", name, &value, &used) != 2 || !used)
			return false;
		set_field(vm, name, value);
	}
	return line == end;
}

int snapshot_info_parse(struct snapshot_info *info, const char *text)
{
	struct snapshot_vm vm, *more;
	const char *pos = text, *line;
	uint64_t format, memory = 0;

	*info = (struct snapshot_info){ 0 };
	if (!live_number(text, "format", &format) || format != SNAPSHOT_FORMAT)
		return -EPROTO;
	live_text(text, "program", info->program, sizeof(info->program));
	live_text(text, "begun", info->begun, sizeof(info->begun));
	live_text(text, "ended", info->ended, sizeof(info->ended));
	live_number(text, "memory", &memory);
	live_number(text, "host_vms", &info->host_vms);
	info->memory = memory;
	while ((line = live_next(&pos, "vm"))) {
		if (!parse_vm(line, &vm))
			return -EPROTO;
		more = realloc(info->vm, (info->nvms + 1) * sizeof(vm));
		if (!more)
			return -ENOMEM;
		info->vm = more;
		more[info->nvms++] = vm;
	}
	return 0;
}

void snapshot_info_free(struct snapshot_info *info)
{
	free(info->vm);
	*info = (struct snapshot_info){ 0 };
}
