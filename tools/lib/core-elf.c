// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * ELF cores. The file is mapped and its segments are images of RAM.
 *
 * libkdumpfile reads these too, but 0.5.1 gives zeros for the page before a segment and for the rest of a page that a
 * segment fills in part.
 */
#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core.h"
#include "dl-elf.h"
#include "source-ram.h"
#include "vmcoreinfo.h"

/* struct elf_prstatus of arm64 Linux: where its general registers stand */
#define PRSTATUS_SIZE	392
#define PRSTATUS_PC	368
#define PRSTATUS_PSTATE	376

struct core_elf {
	struct core core;
	struct source *ram;
	void *map;
	size_t size;
	Elf *elf;
};

static int read_table(struct source *source, const struct table_ref *ref, void *buf, size_t len)
{
	struct source *ram = ((struct core_elf *)source)->ram;

	return ram->ops->read_table(ram, ref, buf, len);
}

static const void *map_table(struct source *source, const struct table_ref *ref, size_t len)
{
	struct source *ram = ((struct core_elf *)source)->ram;

	return ram->ops->map_table(ram, ref, len);
}

static const void *map_region(struct source *source, struct pa pa, struct pa *first, struct pa *last)
{
	struct source *ram = ((struct core_elf *)source)->ram;

	return ram->ops->map_region(ram, pa, first, last);
}

static int read_mem(struct source *source, struct pa pa, const struct ipa *ipa, void *buf, size_t len)
{
	struct source *ram = ((struct core_elf *)source)->ram;

	return ram->ops->read_mem(ram, pa, ipa, buf, len);
}

static void close_core(struct source *source)
{
	struct core_elf *c = (struct core_elf *)source;

	if (c->elf)
		sym_elf_end(c->elf);
	if (c->ram)
		c->ram->ops->close(c->ram);
	if (c->map)
		munmap(c->map, c->size);
	free(c->core.info.text);
	free(c);
}

static const struct source_ops core_elf_ops = {
	.read_table = read_table,
	.map_table = map_table,
	.map_region = map_region,
	.read_mem = read_mem,
	.close = close_core,
};

static bool next_note(struct core *core, uint64_t *pa)
{
	if (!source_ram_next(((struct core_elf *)core)->ram, pa) || *pa > UINT64_MAX - CORE_NOTE_ALIGN)
		return false;
	*pa = (*pa + CORE_NOTE_ALIGN - 1) & ~(uint64_t)(CORE_NOTE_ALIGN - 1);
	return true;
}

static uint64_t word_at(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return le64toh(v);
}

static void take_note(struct core *core, const GElf_Nhdr *nhdr, const char *name, const uint8_t *desc)
{
	if (nhdr->n_type == NT_PRSTATUS && nhdr->n_descsz == PRSTATUS_SIZE && nhdr->n_namesz >= 4 &&
	    !memcmp(name, "CORE", 4)) {
		if (!core->cpus++)
			core->cpu = (struct core_cpu){ .pc = word_at(desc + PRSTATUS_PC),
						       .pstate = word_at(desc + PRSTATUS_PSTATE) };
	}
	if (!core->info.text && nhdr->n_namesz == sizeof(VMCOREINFO_NAME) &&
	    !memcmp(name, VMCOREINFO_NAME, sizeof(VMCOREINFO_NAME)))
		core->info.text = core_copy_info(desc, nhdr->n_descsz);
}

static void read_notes(struct core_elf *c, const GElf_Phdr *phdr)
{
	Elf_Data *data = sym_elf_getdata_rawchunk(c->elf, phdr->p_offset, phdr->p_filesz,
					      phdr->p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR);
	size_t pos = 0, name, desc;
	const char *bytes;
	GElf_Nhdr nhdr;

	while (data && (pos = sym_gelf_getnote(data, pos, &nhdr, &name, &desc))) {
		bytes = data->d_buf;
		take_note(&c->core, &nhdr, bytes + name, (const uint8_t *)bytes + desc);
	}
}

static bool read_segment(struct core_elf *c, size_t i, const GElf_Phdr *phdr, char *reason)
{
	int ret;

	if (phdr->p_type != PT_LOAD && phdr->p_type != PT_NOTE)
		return true;
	if (phdr->p_offset > c->size || phdr->p_filesz > c->size - phdr->p_offset) {
		snprintf(reason, CORE_REASON,
			 "it is truncated or damaged: segment %zu reaches to byte 0x%" PRIx64 ", the file to 0x%zx", i,
			 phdr->p_offset + phdr->p_filesz, c->size);
		return false;
	}
	if (phdr->p_type == PT_NOTE) {
		read_notes(c, phdr);
		return true;
	}
	/* vmcores have a segment of the kernel's image too, whose memory is in another one as well */
	ret = source_ram_add_rest(c->ram, (const char *)c->map + phdr->p_offset, phdr->p_filesz, pa(phdr->p_paddr));
	if (!ret)
		return true;
	if (ret == -EFBIG)
		snprintf(reason, CORE_REASON, "segment %zu reaches beyond the end of the address space", i);
	else
		snprintf(reason, CORE_REASON, "%s", strerror(-ret));
	return false;
}

static bool read_segments(struct core_elf *c, char *reason)
{
	GElf_Phdr phdr;
	uint64_t first = 0;
	size_t n, i;

	if (sym_elf_getphdrnum(c->elf, &n)) {
		snprintf(reason, CORE_REASON, "its program headers are damaged: %s", sym_elf_errmsg(-1));
		return false;
	}
	for (i = 0; i < n; i++) {
		if (!sym_gelf_getphdr(c->elf, (int)i, &phdr)) {
			snprintf(reason, CORE_REASON, "it is truncated or damaged: no program header %zu of %zu: %s",
				 i, n, sym_elf_errmsg(-1));
			return false;
		}
		if (!read_segment(c, i, &phdr, reason))
			return false;
	}
	if (source_ram_next(c->ram, &first))
		return true;
	snprintf(reason, CORE_REASON, "it holds no memory");
	return false;
}

static bool read_elf(struct core_elf *c, char *reason)
{
	const char *why = dl_elf();
	GElf_Ehdr ehdr;

	if (why) {
		snprintf(reason, CORE_REASON, "%.*s", CORE_REASON - 1, why);
		return false;
	}
	sym_elf_version(EV_CURRENT);
	c->elf = sym_elf_memory(c->map, c->size);
	if (!c->elf || sym_elf_kind(c->elf) != ELF_K_ELF || !sym_gelf_getehdr(c->elf, &ehdr)) {
		snprintf(reason, CORE_REASON, "a damaged ELF file: %s", sym_elf_errmsg(-1));
		return false;
	}
	if (ehdr.e_type != ET_CORE) {
		snprintf(reason, CORE_REASON, "an ELF file, but no core");
		return false;
	}
	if (ehdr.e_machine != EM_AARCH64 || sym_gelf_getclass(c->elf) != ELFCLASS64 ||
	    ehdr.e_ident[EI_DATA] != ELFDATA2LSB) {
		snprintf(reason, CORE_REASON, "a core of another machine than little-endian arm64");
		return false;
	}
	return read_segments(c, reason);
}

static bool map_file(struct core_elf *c, int fd, char *reason)
{
	struct stat st;

	if (!fstat(fd, &st)) {
		c->size = st.st_size;
		c->map = mmap(NULL, c->size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (c->map != MAP_FAILED)
			return true;
		c->map = NULL;
	}
	snprintf(reason, CORE_REASON, "%s", strerror(errno));
	return false;
}

struct core *core_open_elf(int fd, char *reason)
{
	struct core_elf *c = calloc(1, sizeof(*c));

	if (c) {
		c->core.source.ops = &core_elf_ops;
		c->core.next_note = next_note;
		strcpy(c->core.format, "ELF");
		c->ram = source_ram_create();
	}
	if (!c || !c->ram)
		snprintf(reason, CORE_REASON, "%s", strerror(ENOMEM));
	else if (map_file(c, fd, reason) && read_elf(c, reason)) {
		close(fd);
		return &c->core;
	}
	close(fd);
	if (c)
		close_core(&c->core.source);
	return NULL;
}
