// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A snapshot as a host. Nothing in the file is trusted: headers are taken apart by libelf within
 * the file's bounds, segments may not overlap, texts end with a zero of ours, and whatever is not
 * there is "not in the snapshot" (ENOMEDIUM), never "not mapped".
 */
#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dl-elf.h"
#include "snapshot.h"
#include "source-ram.h"
#include "source.h"

struct file_note {
	const char	*path, *bytes;
	size_t		len;
	int		error;		/* negative errno, or 0 */
};

struct host_snapshot {
	struct host	host;
	void		*map;
	size_t		size;
	struct source	*ram;		/* the segments */
	struct snapshot_info info;
	struct file_note *file;
	size_t		nfiles;
	struct snapshot_hole *hole;	/* in this machine's byte order */
	size_t		nholes;
};

/* One VM of it; the memory is the same for all, what could not be read is not */
struct source_snapshot {
	struct source	source;
	const struct host_snapshot *h;
	uint32_t	vm;
};

static struct host_snapshot *to_snapshot(struct host *h)
{
	return (struct host_snapshot *)h;
}

/* ---- words ----------------------------------------------------------------------------------- */

static int compare_hole(const struct snapshot_hole *h, unsigned int stage, uint64_t pa, uint64_t ia)
{
	if (h->stage != stage)
		return h->stage < stage ? -1 : 1;
	if (h->pa != pa)
		return h->pa < pa ? -1 : 1;
	return h->ia == ia ? 0 : h->ia < ia ? -1 : 1;
}

/* The last hole that does not come after (@stage, @pa, @ia), of that stage; NULL: none */
static const struct snapshot_hole *last_hole(const struct host_snapshot *h, unsigned int stage,
					     uint64_t pa, uint64_t ia)
{
	size_t low = 0, high = h->nholes, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (compare_hole(&h->hole[mid], stage, pa, ia) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low && h->hole[low - 1].stage == stage ? &h->hole[low - 1] : NULL;
}

/*
 * A stage-2 table that was taken away is missing for the addresses that it translated: its page may
 * have become another table since, whose words are there. Of stage 1 a page is readable or not,
 * whichever address leads to it.
 */
static int hole_error(const struct source_snapshot *s, unsigned int stage, uint64_t pa, uint64_t ia)
{
	const struct snapshot_hole *h;

	if (!s->h->nholes)
		return 0;
	h = last_hole(s->h, stage, pa, UINT64_MAX);
	if (h && stage == 2 && pa - h->pa < h->size)
		h = last_hole(s->h, stage, h->pa, ia);
	if (!h || pa - h->pa >= h->size)
		return 0;
	if (stage == 2 && (h->vm != s->vm || ia < h->ia || ia > h->ia_last))
		return 0;
	return -(int)h->error;
}

static const void *snapshot_map_table(struct source *source, const struct table_ref *ref,
				      size_t len)
{
	struct source_snapshot *s = (struct source_snapshot *)source;

	if (hole_error(s, ref->stage, ref->pa.v, ref->ia))
		return NULL;
	return s->h->ram->ops->map_table(s->h->ram, ref, len);
}

/* A hole has more names than a PA: with one, each word is asked for by all of its own */
static const void *snapshot_map_region(struct source *source, struct pa pa, struct pa *first,
				       struct pa *last)
{
	struct source_snapshot *s = (struct source_snapshot *)source;

	if (s->h->nholes)
		return NULL;
	return s->h->ram->ops->map_region(s->h->ram, pa, first, last);
}

static int snapshot_read_table(struct source *source, const struct table_ref *ref, void *buf,
			       size_t len)
{
	struct source_snapshot *s = (struct source_snapshot *)source;
	int ret = hole_error(s, ref->stage, ref->pa.v, ref->ia);

	if (ret)
		return ret;
	ret = s->h->ram->ops->read_table(s->h->ram, ref, buf, len);
	return ret == -ENXIO ? -ENOMEDIUM : ret;
}

static int snapshot_read_mem(struct source *source, struct pa pa, const struct ipa *ipa, void *buf,
			     size_t len)
{
	struct source_snapshot *s = (struct source_snapshot *)source;
	int ret = s->h->ram->ops->read_mem(s->h->ram, pa, ipa, buf, len);

	if (ret != -ENXIO)
		return ret;
	ret = hole_error(s, 0, pa.v, 0);
	return ret ? ret : -ENOMEDIUM;
}

static void snapshot_close(struct source *source)
{
	free(source);
}

static const struct source_ops snapshot_source_ops = {
	.read_table	= snapshot_read_table,
	.map_table	= snapshot_map_table,
	.map_region	= snapshot_map_region,
	.read_mem	= snapshot_read_mem,
	.close		= snapshot_close,
};

/* ---- the host -------------------------------------------------------------------------------- */

static const struct file_note *find_file(const struct host_snapshot *s, const char *path)
{
	size_t low = 0, high = s->nfiles, mid;
	int order;

	while (low < high) {
		mid = low + (high - low) / 2;
		order = strcmp(path, s->file[mid].path);
		if (!order)
			return &s->file[mid];
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

static char *host_read_file(struct host *h, const char *path, size_t *len, int *err)
{
	const struct file_note *f = find_file(to_snapshot(h), path);
	char *text;

	if (!f || f->error) {
		*err = f ? f->error : -ENOENT;
		return NULL;
	}
	text = malloc(f->len + 1);
	if (!text) {
		*err = -ENOMEM;
		return NULL;
	}
	memcpy(text, f->bytes, f->len);
	text[f->len] = '\0';
	*len = f->len;
	return text;
}

static bool host_has_file(struct host *h, const char *path)
{
	return find_file(to_snapshot(h), path);
}

static const struct snapshot_vm *find_vm(const struct host_snapshot *s, const char *dir)
{
	size_t i;

	for (i = 0; i < s->info.nvms; i++)
		if (!strcmp(s->info.vm[i].dir, dir))
			return &s->info.vm[i];
	return NULL;
}

static struct source *host_open_vm(struct host *h, const struct live_vm *vm, int *err)
{
	struct host_snapshot *hs = to_snapshot(h);
	const struct snapshot_vm *found = find_vm(hs, vm->dir);
	struct source_snapshot *s;

	/* of a shadow there may be its name alone */
	*err = *vm->of ? -ENOMEDIUM : -ENOENT;
	if (found && *vm->of && found->error)
		*err = found->error;
	if (!found || (*vm->of && found->error))
		return NULL;
	s = calloc(1, sizeof(*s));
	if (!s) {
		*err = -ENOMEM;
		return NULL;
	}
	s->source.ops = &snapshot_source_ops;
	s->h = hs;
	s->vm = found - hs->info.vm;
	return &s->source;
}

static struct source *host_open_own(struct host *h, uint64_t pid, int *err)
{
	struct source_snapshot *s = calloc(1, sizeof(*s));

	(void)pid;
	if (!s) {
		*err = -ENOMEM;
		return NULL;
	}
	s->source.ops = &snapshot_source_ops;
	s->h = to_snapshot(h);
	s->vm = UINT32_MAX;
	return &s->source;
}

static int host_load_stage2(struct host *h, const struct live_vm *vm, struct source *s,
			    struct stage2_stream *stream)
{
	const struct snapshot_vm *found = find_vm(to_snapshot(h), vm->dir);

	(void)s;
	*stream = found ? found->stream : (struct stage2_stream){ 0 };
	return found ? found->error : -ENOENT;
}

static int host_own_root(struct host *h, struct source *s, uint64_t ia, uint64_t *root)
{
	(void)h;
	(void)s;
	(void)ia;
	(void)root;
	return -ENOMEDIUM;
}

static int host_at(struct host *h, const struct live_vm *vm, unsigned int vcpu, const char *op,
		   uint64_t va, struct mmuscope_at *answer)
{
	(void)h;
	(void)vm;
	(void)vcpu;
	(void)op;
	(void)va;
	(void)answer;
	return -ENOMEDIUM;
}

static void host_close(struct host *h)
{
	struct host_snapshot *s = to_snapshot(h);

	if (s->ram)
		s->ram->ops->close(s->ram);
	if (s->map)
		munmap(s->map, s->size);
	snapshot_info_free(&s->info);
	free(s->file);
	free(s->hole);
	free(s);
}

static const struct host_ops snapshot_host_ops = {
	.read_file	= host_read_file,
	.has_file	= host_has_file,
	.open_vm	= host_open_vm,
	.open_own	= host_open_own,
	.load_stage2	= host_load_stage2,
	.own_root	= host_own_root,
	.at		= host_at,
	.close		= host_close,
};

const struct snapshot_info *host_snapshot_info(const struct host *h)
{
	return h->ops == &snapshot_host_ops ? &((const struct host_snapshot *)h)->info : NULL;
}

#define TREE	"/sys/kernel/debug/" MMUSCOPE_DIR

/* ---- the file -------------------------------------------------------------------------------- */

/* While it is being opened */
struct opening {
	struct host_snapshot *s;
	Elf		*elf;
	char		*reason;
	size_t		files_room;
	const char	*info;		/* the note, not zero-terminated */
	size_t		info_len;
	bool		ours;		/* at least one note is */
};

static int __attribute__((format(printf, 2, 3))) bad(struct opening *o, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(o->reason, SNAPSHOT_REASON, fmt, ap);
	va_end(ap);
	return -EPROTO;
}

static int no_memory(struct opening *o)
{
	bad(o, "%s", strerror(ENOMEM));
	return -ENOMEM;
}

static int add_file(struct opening *o, const char *desc, size_t len)
{
	struct host_snapshot *s = o->s;
	struct snapshot_file_note head;
	const char *path = desc + sizeof(head), *end;
	struct file_note *more;

	end = len > sizeof(head) ? memchr(path, '\0', len - sizeof(head)) : NULL;
	if (!end || *path != '/' || strstr(path, "/../"))
		return bad(o, "it is damaged: a note is no file of a host");
	memcpy(&head, desc, sizeof(head));
	if (s->nfiles == o->files_room) {
		o->files_room = o->files_room ? 2 * o->files_room : 64;
		more = realloc(s->file, o->files_room * sizeof(*more));
		if (!more)
			return no_memory(o);
		s->file = more;
	}
	s->file[s->nfiles++] = (struct file_note){
		.path = path, .bytes = end + 1, .len = desc + len - (end + 1),
		.error = -(int)(le32toh(head.error) & 0xfff),
	};
	return 0;
}

static void read_hole(struct snapshot_hole *h, const char *from)
{
	memcpy(h, from, sizeof(*h));
	h->pa = le64toh(h->pa);
	h->size = le64toh(h->size);
	h->ia = le64toh(h->ia);
	h->ia_last = le64toh(h->ia_last);
	h->vm = le32toh(h->vm);
	h->error = le32toh(h->error) & 0xfff;
}

/* As the search needs them: in order, and of one stage the same or apart */
static bool holes_in_order(const struct snapshot_hole *a, const struct snapshot_hole *b)
{
	if (a->stage != b->stage)
		return a->stage < b->stage;
	if (a->pa == b->pa)
		return a->size == b->size && a->ia <= b->ia;
	return a->pa < b->pa && b->pa - a->pa >= a->size;
}

static int add_holes(struct opening *o, const char *desc, size_t len)
{
	struct host_snapshot *s = o->s;
	size_t n = len / sizeof(*s->hole), i;

	if (s->hole || len % sizeof(*s->hole))
		return bad(o, "it is damaged: the list of what could not be read is not one");
	s->hole = n ? malloc(n * sizeof(*s->hole)) : NULL;
	if (n && !s->hole)
		return no_memory(o);
	for (i = 0; i < n; i++) {
		read_hole(&s->hole[i], desc + i * sizeof(*s->hole));
		if (!s->hole[i].error || (i && !holes_in_order(&s->hole[i - 1], &s->hole[i])))
			return bad(o, "it is damaged: the list of what could not be read is not in order");
	}
	s->nholes = n;
	return 0;
}

static int take_note(struct opening *o, const GElf_Nhdr *nhdr, const char *name, const char *desc)
{
	if (nhdr->n_namesz != sizeof(SNAPSHOT_OWNER) ||
	    memcmp(name, SNAPSHOT_OWNER, sizeof(SNAPSHOT_OWNER)))
		return 0;
	o->ours = true;
	switch (nhdr->n_type) {
	case SNAPSHOT_NOTE_INFO:
		o->info = desc;
		o->info_len = nhdr->n_descsz;
		return 0;
	case SNAPSHOT_NOTE_FILE:
		return add_file(o, desc, nhdr->n_descsz);
	case SNAPSHOT_NOTE_HOLES:
		return add_holes(o, desc, nhdr->n_descsz);
	default:
		return 0;
	}
}

static int read_notes(struct opening *o, const Elf64_Phdr *phdr)
{
	Elf_Data *data = sym_elf_getdata_rawchunk(o->elf, (int64_t)phdr->p_offset, phdr->p_filesz,
					      ELF_T_NHDR);
	size_t pos = 0, next, name, desc;
	const char *bytes;
	GElf_Nhdr nhdr;
	int ret;

	if (!data)
		return bad(o, "it is damaged: its notes: %s", sym_elf_errmsg(-1));
	/* at the same places as in libelf's copy, which goes with o->elf */
	bytes = (const char *)o->s->map + phdr->p_offset;
	while (pos < data->d_size && (next = sym_gelf_getnote(data, pos, &nhdr, &name, &desc))) {
		ret = take_note(o, &nhdr, bytes + name, bytes + desc);
		if (ret)
			return ret;
		pos = next;
	}
	return pos < data->d_size ? bad(o, "it is damaged: a note reaches beyond the notes") : 0;
}

static int read_load(struct opening *o, size_t i, const Elf64_Phdr *phdr, uint64_t *above)
{
	int ret;

	if (!phdr->p_filesz)
		return 0;
	if (phdr->p_paddr < *above)
		return bad(o, "it is damaged: segment %zu overlaps another or is out of order", i);
	if (phdr->p_paddr + (phdr->p_filesz - 1) < phdr->p_paddr)
		return bad(o, "it is damaged: segment %zu reaches beyond the address space", i);
	/* 0 after the very last byte: nothing may follow, and what does overlaps below */
	*above = phdr->p_paddr + phdr->p_filesz;
	ret = source_ram_add(o->s->ram, (const char *)o->s->map + phdr->p_offset, phdr->p_filesz,
			     pa(phdr->p_paddr));
	if (ret == -ENOMEM)
		return no_memory(o);
	return ret ? bad(o, "it is damaged: segment %zu overlaps another or is out of order", i)
		   : 0;
}

static int read_segments(struct opening *o)
{
	const Elf64_Phdr *phdr = sym_elf64_getphdr(o->elf);
	uint64_t above = 0;
	size_t n, i;
	int ret = 0;

	if (sym_elf_getphdrnum(o->elf, &n) || (n && !phdr))
		return bad(o, "it is truncated or damaged: its program headers: %s",
			   sym_elf_errmsg(-1));
	for (i = 0; !ret && i < n; i++) {
		if (phdr[i].p_offset > o->s->size ||
		    phdr[i].p_filesz > o->s->size - phdr[i].p_offset)
			return bad(o, "it is truncated or damaged: segment %zu reaches to byte 0x%" PRIx64
				   ", the file to 0x%zx",
				   i, phdr[i].p_offset + phdr[i].p_filesz, o->s->size);
		if (phdr[i].p_type == PT_NOTE)
			ret = read_notes(o, &phdr[i]);
		else if (phdr[i].p_type == PT_LOAD)
			ret = read_load(o, i, &phdr[i], &above);
	}
	return ret;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct file_note *)a)->path, ((const struct file_note *)b)->path);
}

static int read_info(struct opening *o)
{
	char *text;
	int ret;

	if (!o->ours)
		return bad(o, "it is a core, but no snapshot of mmuscope: --core reads cores");
	if (!o->info)
		return bad(o, "it is damaged: the note that describes it is missing");
	text = strndup(o->info, o->info_len);
	if (!text)
		return no_memory(o);
	ret = snapshot_info_parse(&o->s->info, text);
	free(text);
	if (ret == -ENOMEM)
		return no_memory(o);
	return ret ? bad(o, "it is damaged, or in a later format than this program's (%d)",
			 SNAPSHOT_FORMAT)
		   : 0;
}

static int read_elf(struct opening *o)
{
	const Elf64_Ehdr *ehdr;
	const char *why = dl_elf();
	int ret;

	if (why) {
		bad(o, "%s", why);
		return -ELIBACC;
	}
	sym_elf_version(EV_CURRENT);
	o->elf = sym_elf_memory(o->s->map, o->s->size);
	if (!o->elf || sym_elf_kind(o->elf) != ELF_K_ELF)
		return bad(o, "it is no ELF file, so no snapshot");
	ehdr = sym_elf64_getehdr(o->elf);
	if (!ehdr || ehdr->e_ident[EI_DATA] != ELFDATA2LSB || ehdr->e_machine != EM_AARCH64 ||
	    ehdr->e_type != ET_CORE || ehdr->e_phentsize != sizeof(Elf64_Phdr))
		return bad(o, "it is an ELF file, but no core of arm64, so no snapshot");
	/* libelf hands out the headers where they stand */
	if (ehdr->e_phoff % sizeof(uint64_t))
		return bad(o, "it is damaged: its program headers are not aligned");
	ret = read_segments(o);
	if (!ret)
		ret = read_info(o);
	if (ret)
		return ret;
	if (o->s->nfiles)
		qsort(o->s->file, o->s->nfiles, sizeof(*o->s->file), by_path);
	if (!find_file(o->s, TREE "/info") || !find_file(o->s, TREE "/vms"))
		return bad(o, "it is damaged: the module's files are missing");
	return 0;
}

static int map_file(struct opening *o, int fd)
{
	struct stat st;
	int err;

	if (fstat(fd, &st))
		goto failed;
	if (!S_ISREG(st.st_mode) || !st.st_size)
		return bad(o, "it is %s, so no snapshot", st.st_size ? "no regular file" : "empty");
	o->s->map = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (o->s->map == MAP_FAILED) {
		o->s->map = NULL;
		goto failed;
	}
	o->s->size = st.st_size;
	return 0;
failed:
	err = errno;
	bad(o, "%s", strerror(err));
	return -err;
}

static int open_file(struct opening *o, const char *file)
{
	int ret, fd, err;

	/* a pipe is refused; its writer is not waited for */
	fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		err = errno;
		bad(o, "%s", strerror(err));
		return -err;
	}
	ret = map_file(o, fd);
	close(fd);
	if (!ret)
		ret = read_elf(o);
	if (o->elf)
		sym_elf_end(o->elf);
	return ret;
}

struct host *host_snapshot_open(const char *file, char *reason, int *err)
{
	struct host_snapshot *s = calloc(1, sizeof(*s));
	struct opening o = { .s = s, .reason = reason };

	if (s)
		s->ram = source_ram_create();
	if (!s || !s->ram) {
		*err = no_memory(&o);
		free(s);
		return NULL;
	}
	s->host = (struct host){ .ops = &snapshot_host_ops, .name = file };
	*err = open_file(&o, file);
	if (!*err)
		return &s->host;
	host_close(&s->host);
	return NULL;
}
