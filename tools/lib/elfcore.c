// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Writing an ELF core.
 *
 * The bytes go to the file as they come, before it is known how many segments there will be: the
 * headers stand at its end. libelf's elf_update() lays a file out the other way round (it clears
 * what lies between the ELF header and the program headers), so libelf translates the headers
 * (elf64_xlatetof()), and they are written here.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dl-elf.h"
#include "elfcore.h"

#define PAGE		4096u
#define NAME_TRIES	16

static uint64_t round_up(uint64_t v, uint64_t to)
{
	return (v + to - 1) & ~(to - 1);
}

/* ---- its name -------------------------------------------------------------------------------- */

/* Where @path leads, if there is something: a link stays one */
static char *final_path(const char *path, int *err)
{
	struct stat st;
	char *full;

	*err = 0;
	if (stat(path, &st)) {
		full = strdup(path);
	} else if (!S_ISREG(st.st_mode)) {
		*err = -EINVAL;
		return NULL;
	} else {
		full = realpath(path, NULL);
	}
	if (!full)
		*err = -errno;
	return full;
}

/* "DIR/.NAME.MIDDLE" of the final path, allocated */
static char *temp_name(const char *path, const char *middle)
{
	char *a = strdup(path), *b = strdup(path), *name = NULL;

	if (a && b && asprintf(&name, "%s/.%s.%s", dirname(a), basename(b), middle) < 0)
		name = NULL;
	free(a);
	free(b);
	return name;
}

static int open_nameless(const char *path)
{
	char *copy = strdup(path);
	int fd = -1;

	/* by this path it gets its name in the end */
	if (copy && !access("/proc/self/fd", X_OK))
		fd = open(dirname(copy), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	free(copy);
	return fd;
}

int elfcore_create(struct elfcore *c, const char *path)
{
	int err;

	*c = (struct elfcore){ .fd = -1, .end = PAGE };
	if (dl_elf())
		return -ELIBACC;
	c->path = final_path(path, &err);
	if (!c->path)
		return err;
	c->fd = open_nameless(c->path);
	if (c->fd >= 0)
		return 0;
	c->temp = temp_name(c->path, "XXXXXX");
	if (!c->temp)
		return -ENOMEM;
	c->fd = mkostemp(c->temp, O_CLOEXEC);
	if (c->fd >= 0)
		return 0;
	err = -errno;
	free(c->temp);
	c->temp = NULL;
	return err;
}

/* rename() replaces what link() does not: so a name of its own first */
static int name_it(struct elfcore *c)
{
	char proc[64], middle[20];
	uint32_t random;
	int tries;

	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", c->fd);
	for (tries = 0; tries < NAME_TRIES; tries++) {
		if (getrandom(&random, sizeof(random), 0) != sizeof(random))
			return -errno;
		snprintf(middle, sizeof(middle), "%08x", random);
		c->temp = temp_name(c->path, middle);
		if (!c->temp)
			return -ENOMEM;
		if (!linkat(AT_FDCWD, proc, AT_FDCWD, c->temp, AT_SYMLINK_FOLLOW))
			return 0;
		free(c->temp);
		c->temp = NULL;
		if (errno != EEXIST)
			break;
	}
	return -errno;
}

static int sync_folder(const char *path)
{
	char *copy = strdup(path);
	int fd, ret = 0;

	if (!copy)
		return -ENOMEM;
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(copy);
	/* EINVAL: a file system that has nothing to sync */
	if (fd < 0 || (fsync(fd) && errno != EINVAL))
		ret = -errno;
	if (fd >= 0)
		close(fd);
	return ret;
}

static int publish(struct elfcore *c)
{
	int ret;

	if (fsync(c->fd))
		return -errno;
	ret = c->temp ? 0 : name_it(c);
	if (ret)
		return ret;
	if (rename(c->temp, c->path))
		return -errno;
	free(c->temp);
	c->temp = NULL;
	return sync_folder(c->path);
}

void elfcore_drop(struct elfcore *c)
{
	if (c->temp)
		unlink(c->temp);
	if (c->map)
		munmap(c->map, c->mapped);
	if (c->fd >= 0)
		close(c->fd);
	free(c->temp);
	free(c->path);
	free(c->notes);
	*c = (struct elfcore){ .fd = -1 };
}

/* ---- its bytes ------------------------------------------------------------------------------- */

static int write_all(int fd, const void *buf, size_t len, uint64_t off)
{
	ssize_t done;

	for (; len; buf = (const char *)buf + done, len -= done, off += done) {
		done = pwrite(fd, buf, len, (off_t)off);
		if (done < 0 && errno == EINTR)
			done = 0;
		else if (done < 0)
			return -errno;
		else if (!done)
			return -ENOSPC;
	}
	return 0;
}

int elfcore_append(struct elfcore *c, const void *buf, size_t len, unsigned int align,
		   uint64_t *off)
{
	int ret;

	*off = round_up(c->end, align);
	ret = write_all(c->fd, buf, len, *off);
	if (!ret)
		c->end = *off + len;
	return ret;
}

const void *elfcore_at(struct elfcore *c, uint64_t off, size_t len)
{
	size_t want = round_up(off + len, PAGE);

	if (want > c->mapped) {
		if (c->map)
			munmap(c->map, c->mapped);
		/* more than there is yet: what is beyond the end is never touched before it is written */
		c->mapped = 2 * want;
		c->map = mmap(NULL, c->mapped, PROT_READ, MAP_SHARED, c->fd, 0);
		if (c->map == MAP_FAILED) {
			c->map = NULL;
			c->mapped = 0;
			return NULL;
		}
	}
	return (const char *)c->map + off;
}

/* ---- its notes ------------------------------------------------------------------------------- */

static void *notes_room(struct elfcore *c, size_t len)
{
	size_t room = c->notes_room ? c->notes_room : PAGE;
	char *notes;

	while (room - c->notes_len < len)
		room *= 2;
	if (room != c->notes_room) {
		notes = realloc(c->notes, room);
		if (!notes)
			return NULL;
		c->notes = notes;
		c->notes_room = room;
	}
	return c->notes + c->notes_len;
}

int elfcore_note(struct elfcore *c, const char *owner, uint32_t type, const void *a, size_t a_len,
		 const void *b, size_t b_len)
{
	Elf64_Nhdr nhdr = {
		.n_namesz = strlen(owner) + 1, .n_descsz = a_len + b_len, .n_type = type,
	};
	Elf_Data data = {
		.d_buf = &nhdr, .d_type = ELF_T_WORD, .d_version = EV_CURRENT,
		.d_size = sizeof(nhdr),
	};
	size_t name = round_up(nhdr.n_namesz, 4), desc = round_up(a_len + b_len, 4);
	char *to;

	if (a_len + b_len > UINT32_MAX)
		return -EFBIG;
	to = notes_room(c, sizeof(nhdr) + name + desc);
	if (!to)
		return -ENOMEM;
	memset(to, 0, sizeof(nhdr) + name + desc);
	sym_elf_version(EV_CURRENT);
	if (!sym_elf64_xlatetof(&data, &data, ELFDATA2LSB))
		return -EINVAL;
	memcpy(to, &nhdr, sizeof(nhdr));
	memcpy(to + sizeof(nhdr), owner, strlen(owner));
	if (a_len)
		memcpy(to + sizeof(nhdr) + name, a, a_len);
	if (b_len)
		memcpy(to + sizeof(nhdr) + name + a_len, b, b_len);
	c->notes_len += sizeof(nhdr) + name + desc;
	return 0;
}

/* ---- its headers ----------------------------------------------------------------------------- */

static int write_headers(struct elfcore *c, void *headers, Elf_Type type, size_t len, uint64_t off)
{
	Elf_Data data = {
		.d_buf = headers, .d_type = type, .d_version = EV_CURRENT, .d_size = len,
	};

	sym_elf_version(EV_CURRENT);
	if (!sym_elf64_xlatetof(&data, &data, ELFDATA2LSB))
		return -EINVAL;
	return write_all(c->fd, headers, len, off);
}

static int write_notes(struct elfcore *c, Elf64_Phdr *phdr)
{
	*phdr = (Elf64_Phdr){
		.p_type = PT_NOTE, .p_offset = round_up(c->end, PAGE), .p_filesz = c->notes_len,
		.p_align = 4,
	};
	c->end = phdr->p_offset + c->notes_len;
	return write_all(c->fd, c->notes, c->notes_len, phdr->p_offset);
}

#define PHDR_CHUNK	256

/* The note's first, as readers expect it */
static int write_phdrs(struct elfcore *c, const Elf64_Phdr *note, const struct elfcore_segment *seg,
		       size_t n)
{
	Elf64_Phdr phdr[PHDR_CHUNK];
	size_t used = 0, i;
	int ret;

	phdr[used++] = *note;
	for (i = 0; i <= n; i++) {
		if (used == PHDR_CHUNK || i == n) {
			ret = write_headers(c, phdr, ELF_T_PHDR, used * sizeof(*phdr), c->end);
			if (ret)
				return ret;
			c->end += used * sizeof(*phdr);
			used = 0;
		}
		if (i == n)
			break;
		/* debuggers read by p_vaddr: there the PA is to be found too */
		phdr[used++] = (Elf64_Phdr){
			.p_type = PT_LOAD, .p_flags = PF_R, .p_offset = seg[i].off,
			.p_vaddr = seg[i].pa, .p_paddr = seg[i].pa, .p_filesz = seg[i].len,
			.p_memsz = seg[i].len,
			.p_align = (seg[i].off ^ seg[i].pa) % PAGE ? sizeof(uint64_t) : PAGE,
		};
	}
	return 0;
}

/* A count that e_phnum cannot hold stands in the first section header */
static int write_shdr(struct elfcore *c, size_t phnum, uint64_t *shoff)
{
	Elf64_Shdr shdr = { .sh_info = (Elf64_Word)phnum };

	*shoff = c->end;
	c->end += sizeof(shdr);
	return write_headers(c, &shdr, ELF_T_SHDR, sizeof(shdr), *shoff);
}

int elfcore_commit(struct elfcore *c, const struct elfcore_segment *seg, size_t n)
{
	size_t phnum = n + 1;
	Elf64_Ehdr ehdr = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = ET_CORE, .e_machine = EM_AARCH64, .e_version = EV_CURRENT,
		.e_ehsize = sizeof(ehdr), .e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = phnum < PN_XNUM ? phnum : PN_XNUM,
	};
	Elf64_Phdr note;
	int ret;

	if (phnum > UINT32_MAX)
		return -EFBIG;
	ret = write_notes(c, &note);
	c->end = round_up(c->end, 8);
	ehdr.e_phoff = c->end;
	if (!ret)
		ret = write_phdrs(c, &note, seg, n);
	if (!ret && phnum >= PN_XNUM) {
		ehdr.e_shnum = 1;
		ehdr.e_shentsize = sizeof(Elf64_Shdr);
		ret = write_shdr(c, phnum, &ehdr.e_shoff);
	}
	if (!ret)
		ret = write_headers(c, &ehdr, ELF_T_EHDR, sizeof(ehdr), 0);
	return ret ? ret : publish(c);
}
