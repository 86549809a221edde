// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's idea of the kernel's structures against the kernel's own, through BTF.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dl-bpf.h"
#include "dl-elf.h"
#include "live.h"
#include "offsets.h"

/* ---- the module's side ----------------------------------------------------------------------- */

static int add_offset(struct offset_list *list, const char *name, size_t name_len, uint64_t bytes)
{
	struct mmuscope_offset *more = realloc(list->offset, (list->n + 1) * sizeof(*more));

	if (!more)
		return -ENOMEM;
	list->offset = more;
	more = &list->offset[list->n];
	memset(more, 0, sizeof(*more));
	if (name_len >= sizeof(more->name))
		return -EPROTO;
	memcpy(more->name, name, name_len);
	more->bytes = bytes;
	list->n++;
	return 0;
}

static int take_section(Elf_Scn *scn, struct offset_list *list)
{
	Elf_Data *data = sym_elf_getdata(scn, NULL);
	struct mmuscope_offset o;
	size_t at;
	int ret = 0;

	for (at = 0; data && !ret && data->d_size - at >= sizeof(o); at += sizeof(o)) {
		memcpy(&o, (const char *)data->d_buf + at, sizeof(o));
		ret = add_offset(list, o.name, strnlen(o.name, sizeof(o.name)), o.bytes);
	}
	return ret;
}

static int read_elf(Elf *elf, struct offset_list *list)
{
	GElf_Ehdr ehdr;
	GElf_Shdr shdr;
	Elf_Scn *scn = NULL;
	const char *name;
	size_t strings;

	if (!elf || !sym_gelf_getehdr(elf, &ehdr) || ehdr.e_machine != EM_AARCH64 ||
	    ehdr.e_type != ET_REL)
		return -ENOEXEC;
	if (sym_elf_getshdrstrndx(elf, &strings))
		return -ENOEXEC;
	while ((scn = sym_elf_nextscn(elf, scn))) {
		if (!sym_gelf_getshdr(scn, &shdr))
			continue;
		name = sym_elf_strptr(elf, strings, shdr.sh_name);
		if (name && !strcmp(name, MMUSCOPE_OFFSETS_SECTION))
			return take_section(scn, list);
	}
	return -ENOENT;
}

int offsets_from_file(const char *file, struct offset_list *list)
{
	Elf *elf;
	int fd, ret;

	*list = (struct offset_list){ 0 };
	sym_elf_version(EV_CURRENT);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	elf = sym_elf_begin(fd, ELF_C_READ, NULL);
	ret = read_elf(elf, list);
	sym_elf_end(elf);
	close(fd);
	return ret;
}

int offsets_from_info(const char *info, struct offset_list *list)
{
	const char *line, *value;
	size_t n;
	int ret;

	*list = (struct offset_list){ 0 };
	while ((line = live_next(&info, "offset"))) {
		n = strcspn(line, " \t\n");
		value = line + n + strspn(line + n, " \t");
		ret = add_offset(list, line, n, strtoull(value, NULL, 0));
		if (ret)
			return ret;
	}
	return 0;
}

void offsets_free(struct offset_list *list)
{
	free(list->offset);
	*list = (struct offset_list){ 0 };
}

/* ---- the kernel's side ----------------------------------------------------------------------- */

/* Offset in bits of member @name (@len long) of structure @id; members of unnamed structures and
 * unions count as its own */
static int find_member(const struct btf *btf, uint32_t id, const char *name, size_t len,
		       uint64_t *bits, uint32_t *type)
{
	const struct btf_type *t = sym_btf__type_by_id(btf, sym_btf__resolve_type(btf, id));
	const struct btf_member *m;
	const char *its;
	uint64_t sub;
	uint32_t i;

	if (!t || !btf_is_composite(t))
		return -ENOENT;
	for (i = 0, m = btf_members(t); i < btf_vlen(t); i++, m++) {
		its = sym_btf__name_by_offset(btf, m->name_off);
		sub = 0;
		if (its && *its) {
			if (strlen(its) != len || memcmp(its, name, len))
				continue;
			*type = m->type;
		} else if (find_member(btf, m->type, name, len, &sub, type)) {
			continue;
		}
		*bits = btf_member_bit_offset(t, i) + sub;
		return 0;
	}
	return -ENOENT;
}

/* "kvm.arch.mmu": bytes from the start of struct kvm; a negative errno where the kernel has no such
 * thing */
static int find_field(const struct btf *btf, const char *path, uint64_t *bytes)
{
	char root[sizeof(((struct mmuscope_offset *)0)->name)];
	size_t n = strcspn(path, ".");
	uint64_t bits = 0, member;
	uint32_t type;
	int id;

	memcpy(root, path, n);
	root[n] = '\0';
	id = sym_btf__find_by_name_kind(btf, root, BTF_KIND_STRUCT);
	if (id < 0)
		return -ENOENT;
	for (type = id, path += n; *path == '.'; path += n) {
		n = strcspn(++path, ".");
		if (find_member(btf, type, path, n, &member, &type))
			return -ENOENT;
		bits += member;
	}
	*bytes = bits / 8;
	return 0;
}

static void check_one(const struct btf *btf, const struct mmuscope_offset *o,
		      struct offset_check *check)
{
	uint64_t bytes;

	if (find_field(btf, o->name, &bytes)) {
		check->unknown++;
		check->why_unknown = "the kernel's BTF does not name them";
		return;
	}
	if (bytes == o->bytes) {
		check->right++;
		return;
	}
	if (!check->wrong++)
		snprintf(check->first, sizeof(check->first),
			 "%s is at %" PRIu64 " for the module and at %" PRIu64 " in this kernel",
			 o->name, (uint64_t)o->bytes, bytes);
}

void offsets_check(const char *sysroot, const struct offset_list *list, struct offset_check *check)
{
	char path[PATH_MAX];
	struct btf *btf;
	size_t i;

	*check = (struct offset_check){ .why_unknown = dl_bpf() };
	if (check->why_unknown) {
		check->unknown = list->n;
		return;
	}
	sym_libbpf_set_print(NULL);
	snprintf(path, sizeof(path), "%s/sys/kernel/btf/vmlinux", sysroot);
	btf = sym_btf__parse_raw(path);
	if (!btf) {
		check->unknown = list->n;
		check->why_unknown = "the kernel's BTF, /sys/kernel/btf/vmlinux, cannot be read";
		return;
	}
	for (i = 0; i < list->n; i++)
		check_one(btf, &list->offset[i], check);
	sym_btf__free(btf);
}
