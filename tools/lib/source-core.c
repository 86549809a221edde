// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Dumps: which of the two ways reads a file, and what a kernel tells of itself in either.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core.h"
#include "linux-regs.h"
#include "regs.h"
#include "vmcoreinfo.h"
#include "walk.h"

char *core_copy_info(const void *desc, size_t len)
{
	const size_t n = sizeof(VMCOREINFO_FIRST) - 1;

	if (len < n || len > VMCOREINFO_MAX || memcmp(desc, VMCOREINFO_FIRST, n))
		return NULL;
	return strndup(desc, len);
}

/* ---- opening --------------------------------------------------------------------------------- */

static int open_file(const char *file, char *magic, size_t size, char *reason)
{
	struct stat st;
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t got;

	if (fd < 0 || fstat(fd, &st)) {
		snprintf(reason, CORE_REASON, "%s", strerror(errno));
	} else if (!S_ISREG(st.st_mode) || !st.st_size) {
		snprintf(reason, CORE_REASON, "it is empty, or no regular file");
	} else {
		got = pread(fd, magic, size, 0);
		if (got >= 0) {
			memset(magic + got, 0, size - got);
			return fd;
		}
		snprintf(reason, CORE_REASON, "%s", strerror(errno));
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

struct source *source_core_open(const char *file, char *reason)
{
	char magic[16];
	int fd = open_file(file, magic, sizeof(magic), reason);
	struct core *c;

	if (fd < 0)
		return NULL;
	/* libkdumpfile 0.5 does not know this form, which is for pipes */
	if (!memcmp(magic, "makedumpfile", 12)) {
		snprintf(reason, CORE_REASON,
			 "a flattened dump: \"makedumpfile -R NEW <THIS\" makes one that can be read, or let QEMU write kdump-raw-zlib");
		close(fd);
		return NULL;
	}
	c = memcmp(magic, "\177ELF", 4) ? core_open_kdump(fd, reason) : core_open_elf(fd, reason);
	return c ? &c->source : NULL;
}

const char *source_core_format(const struct source *source)
{
	return ((const struct core *)source)->format;
}

size_t source_core_cpus(const struct source *source, struct core_cpu *cpu)
{
	const struct core *c = (const struct core *)source;

	*cpu = c->cpu;
	return c->cpus;
}

/* ---- VMCOREINFO ------------------------------------------------------------------------------ */

/* An ELF note as it lies in memory: Elf64_Nhdr, and the name padded to a multiple of 4 */
struct note {
	uint32_t namesz, descsz, type;
	char name[12];
};

static char *note_at(struct core *c, uint64_t at)
{
	struct note note;
	char *desc, *text = NULL;
	size_t len;

	if (c->source.ops->read_mem(&c->source, pa(at), NULL, &note, sizeof(note)) ||
	    le32toh(note.namesz) != sizeof(VMCOREINFO_NAME) || note.type ||
	    memcmp(note.name, VMCOREINFO_NAME, sizeof(VMCOREINFO_NAME)))
		return NULL;
	len = le32toh(note.descsz);
	desc = len <= VMCOREINFO_MAX ? malloc(len + 1) : NULL;
	if (desc && !c->source.ops->read_mem(&c->source, pa(at + sizeof(note)), NULL, desc, len))
		text = core_copy_info(desc, len);
	free(desc);
	return text;
}

/* Do the tables of @info's kernel map its root table to where @info says that it lies? */
static bool is_consistent(struct core *c, const char *info)
{
	const struct access show = { .kind = ACCESS_SHOW };
	struct regs_parser p = { 0 };
	struct regs regs = { 0 };
	struct walk_result w;
	uint64_t swapper, voffset;
	const char *reason;
	struct mmu mmu;
	size_t len;
	char *text;
	bool ok;

	if (linux_regs(info, &text, &len, &reason))
		return false;
	ok = !regs_parse(&regs, text, len, &p) && vmcoreinfo_symbol(info, "swapper_pg_dir", &swapper) &&
	     vmcoreinfo_number(info, "kimage_voffset", &voffset) &&
	     !mmu_init(&mmu, REGIME_EL10, &regs, &c->source, NULL, &reason) &&
	     walk_va(&mmu, va(swapper), show, &w) == WALK_OK && w.pa.v == swapper - voffset;
	free(text);
	return ok;
}

static int search(struct core *c, struct core_info *info)
{
	uint64_t at = 0;
	int ret = -ENOENT;
	char *text;

	for (; c->next_note(c, &at); at += CORE_NOTE_ALIGN) {
		text = note_at(c, at);
		if (text && !ret && strcmp(text, info->text) && is_consistent(c, text))
			ret = -ENOTUNIQ;
		if (text && ret == -ENOENT && is_consistent(c, text)) {
			*info = (struct core_info){ text, true, pa(at) };
			text = NULL;
			ret = 0;
		}
		free(text);
		if (ret == -ENOTUNIQ || at > UINT64_MAX - CORE_NOTE_ALIGN)
			break;
	}
	if (ret == -ENOTUNIQ) {
		free(info->text);
		info->text = NULL;
	}
	return ret;
}

int source_core_info(struct source *source, struct core_info *info)
{
	struct core *c = (struct core *)source;
	int ret = c->info.text ? 0 : search(c, &c->info);

	if (!ret)
		*info = c->info;
	return ret;
}

/* ---- registers ------------------------------------------------------------------------------- */

static void print_head(FILE *f, const struct core *c, const struct core_info *info)
{
	char release[128];

	fprintf(f, "# source %s\n", c->format);
	if (vmcoreinfo_text(info->text, "OSRELEASE", release, sizeof(release)))
		fprintf(f, "# kernel Linux %s\n", release);
	if (info->searched)
		fprintf(f, "# VMCOREINFO was searched for in memory, as no note has it: found at PA 0x%" PRIx64 "\n",
			info->pa.v);
	else
		fprintf(f, "# VMCOREINFO is from the dump's notes\n");
}

static void print_cpu(FILE *f, const struct core *c)
{
	if (!c->cpus)
		return;
	fprintf(f, "# PC and PSTATE are those of the first of %zu CPUs; the notes have no register of the MMU\n",
		c->cpus);
	fprintf(f, "PC 0x%" PRIx64 "\nPSTATE 0x%" PRIx64 "\n", c->cpu.pc, c->cpu.pstate);
}

static int print_regs(struct core *c, const struct core_info *info, char **text, size_t *len, char *reason)
{
	const char *why;
	size_t n;
	char *mmu = NULL;
	int ret = linux_regs(info->text, &mmu, &n, &why);
	FILE *f = ret ? NULL : open_memstream(text, len);

	if (f) {
		print_head(f, c, info);
		fwrite(mmu, 1, n, f);
		print_cpu(f, c);
		ret = fclose(f) ? -ENOMEM : 0;
	} else if (!ret) {
		ret = -ENOMEM;
	}
	if (ret)
		snprintf(reason, CORE_REASON, "%s", ret == -EINVAL ? why : strerror(-ret));
	free(mmu);
	return ret;
}

int source_core_regs(struct source *source, char **text, size_t *len, char *reason)
{
	struct core_info info;
	int ret = source_core_info(source, &info);

	switch (ret) {
	case 0:
		ret = print_regs((struct core *)source, &info, text, len, reason);
		break;
	case -ENOENT:
		snprintf(reason, CORE_REASON,
			 "no VMCOREINFO, neither in its notes nor in its memory: give the registers with --regs");
		break;
	case -ENOTUNIQ:
		snprintf(reason, CORE_REASON,
			 "no note has VMCOREINFO, and the memory has that of more than one kernel: give the registers with --regs");
		break;
	default:
		snprintf(reason, CORE_REASON, "%s", strerror(-ret));
	}
	return ret;
}
