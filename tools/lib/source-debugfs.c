// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The live host and its sources: words as mmuscope.ko hands them out through debugfs. A VM's stage 2
 * comes walk by walk ("path"), or all at once ("stage2"), its stage 1 from guest memory by IPA
 * ("mem"); the host's own tables come walk by walk.
 *
 * A captured tree has no "path", which computes: its stage 2 is then the captured stream, and "mem"
 * is a sparse file.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "host.h"
#include "live.h"
#include "source.h"

/* A table that changes under the reader settles within microseconds; a module that says EAGAIN for
 * longer means it */
#define EAGAIN_TRIES	20
#define EAGAIN_WAIT_NS	1000000

/* Of a position that is an address: they do not matter, and -1..-4095 would look like an error of
 * lseek() */
#define PAGE_BITS	UINT64_C(0xfff)

struct s2_table {
	uint64_t	pa;
	uint32_t	type;		/* MMUSCOPE_REC_* */
	uint32_t	nwords;
	uint64_t	*words;
};

struct source_debugfs {
	struct source		base;
	int			path_fd;	/* -1: a captured tree without it */
	int			mem_fd, stage2_fd;
	bool			host;
	uint64_t		pid;		/* host: of the process, or 0 */
	bool			have_path;
	struct mmuscope_path	path;		/* the walk that is being followed */
	bool			loaded;
	uint64_t		granule;	/* bytes, of stage 2 */
	struct stage2_stream	stream;
	struct s2_table		*tables;	/* sorted by PA once loaded */
	size_t			ntables, room;
};

static struct source_debugfs *to_debugfs(struct source *s)
{
	return (struct source_debugfs *)s;
}

static int open_in(const char *sysroot, const char *fmt, const char *dir, const char *name)
{
	char path[PATH_MAX];
	int n, fd;

	n = snprintf(path, sizeof(path), "%s/sys/kernel/debug/" MMUSCOPE_DIR "/", sysroot);
	if (n < (int)sizeof(path))
		n += snprintf(path + n, sizeof(path) - n, fmt, dir, name);
	if (n >= (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/*
 * Up to @len bytes from position @pos: the count, or a negative errno. lseek() and not pread(): the
 * position may be a kernel virtual address, and an offset that looks negative is good for the
 * former only.
 */
static ssize_t read_at(int fd, uint64_t pos, void *buf, size_t len)
{
	const struct timespec wait = { 0, EAGAIN_WAIT_NS };
	ssize_t got;
	int tries;

	for (tries = 0;; tries++) {
		errno = 0;
		if (lseek(fd, (off_t)pos, SEEK_SET) == (off_t)-1 && errno)
			return -errno;
		got = read(fd, buf, len);
		if (got >= 0)
			return got;
		if (errno != EINTR && (errno != EAGAIN || tries >= EAGAIN_TRIES))
			return -errno;
		nanosleep(&wait, NULL);
	}
}

/* All of it or an error. The end of a captured file is a place where nothing was captured. */
static int read_all_at(int fd, uint64_t pos, void *buf, size_t len)
{
	ssize_t got;

	while (len) {
		got = read_at(fd, pos, buf, len);
		if (got < 0)
			return (int)got;
		if (!got)
			return -ENXIO;
		buf = (char *)buf + got;
		pos += got;
		len -= got;
	}
	return 0;
}

/* ---- stage 2, all at once -------------------------------------------------------------------- */

static int by_pa(const void *a, const void *b)
{
	const struct s2_table *x = a, *y = b;

	return x->pa < y->pa ? -1 : x->pa > y->pa;
}

static void drop_tables(struct source_debugfs *d)
{
	size_t i;

	for (i = 0; i < d->ntables; i++)
		free(d->tables[i].words);
	free(d->tables);
	d->tables = NULL;
	d->ntables = d->room = 0;
	d->loaded = false;
}

static int add_table(void *arg, const struct mmuscope_record *rec, const void *words)
{
	struct source_debugfs *d = arg;
	struct s2_table *t;
	size_t room;

	if (d->ntables == d->room) {
		room = d->room ? 2 * d->room : 64;
		t = realloc(d->tables, room * sizeof(*t));
		if (!t)
			return -ENOMEM;
		d->tables = t;
		d->room = room;
	}
	t = &d->tables[d->ntables++];
	*t = (struct s2_table){ .pa = rec->pa, .type = rec->type, .nwords = rec->nwords };
	if (!rec->nwords)
		return 0;
	t->words = malloc(rec->nwords * sizeof(uint64_t));
	if (!t->words) {
		d->ntables--;
		return -ENOMEM;
	}
	memcpy(t->words, words, rec->nwords * sizeof(uint64_t));
	return 0;
}

/* One record: 1 when it was the last, 0, or a negative errno */
static int take_record(struct stage2_stream *stream, const struct stage2_sink *sink,
		       const struct mmuscope_record *rec, const void *words)
{
	switch (rec->type) {
	case MMUSCOPE_REC_TABLE:
		stream->tables++;
		break;
	case MMUSCOPE_REC_GONE:
		stream->gone++;
		stream->changed = true;
		break;
	case MMUSCOPE_REC_UNREADABLE:
		stream->unreadable++;
		break;
	case MMUSCOPE_REC_END:
		if (rec->flags & MMUSCOPE_RECF_CHANGED)
			stream->changed = true;
		return 1;
	default:
		return -EPROTO;
	}
	return sink->record(sink->arg, rec, words);
}

/* Whole records at the front of @buf; how many bytes they were, or a negative errno. *end: the last
 * was among them. */
static ssize_t take_records(struct stage2_stream *stream, const struct stage2_sink *sink,
			    const char *buf, size_t len, bool *end)
{
	struct mmuscope_record rec;
	size_t used = 0, size;
	int ret;

	while (!*end && len - used >= sizeof(rec)) {
		memcpy(&rec, buf + used, sizeof(rec));
		size = sizeof(rec) + (size_t)rec.nwords * 8;
		if (size > MMUSCOPE_RECORD_MAX)
			return -EPROTO;
		if (len - used < size)
			break;
		ret = take_record(stream, sink, &rec, buf + used + sizeof(rec));
		if (ret < 0)
			return ret;
		*end = ret;
		used += size;
	}
	ret = sink->flush ? sink->flush(sink->arg, buf, used) : 0;
	return ret ? ret : (ssize_t)used;
}

static int read_stream(struct source_debugfs *d, const struct stage2_sink *sink, char *buf,
		       size_t size)
{
	bool end = false;
	size_t have = 0;
	ssize_t got;

	if (lseek(d->stage2_fd, 0, SEEK_SET) < 0)
		return -errno;
	while (!end) {
		got = read(d->stage2_fd, buf + have, size - have);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			return -EPIPE;
		have += got;
		got = take_records(&d->stream, sink, buf, have, &end);
		if (got < 0)
			return (int)got;
		have -= got;
		memmove(buf, buf + got, have);
	}
	return 0;
}

/*
 * At least twice the largest record: a file that hands out half records leaves one behind, and a
 * read wants room for one. More saves calls, as long as it stays in the cache.
 */
#define STREAM_BUFFER	(4 * MMUSCOPE_RECORD_MAX)

static int stream_to(struct source_debugfs *d, const struct stage2_sink *sink)
{
	char *buf;
	int ret;

	d->stream = (struct stage2_stream){ 0 };
	if (d->stage2_fd < 0)
		return d->stage2_fd;
	buf = malloc(STREAM_BUFFER);
	if (!buf)
		return -ENOMEM;
	ret = read_stream(d, sink, buf, STREAM_BUFFER);
	free(buf);
	return ret;
}

static int load(struct source_debugfs *d)
{
	const struct stage2_sink sink = { .record = add_table, .arg = d };
	int ret;

	drop_tables(d);
	ret = stream_to(d, &sink);
	if (ret) {
		drop_tables(d);
		return ret;
	}
	if (d->ntables)
		qsort(d->tables, d->ntables, sizeof(*d->tables), by_pa);
	d->loaded = true;
	return 0;
}

static int debugfs_stream_stage2(struct host *h, struct source *s, const struct stage2_sink *sink,
				 struct stage2_stream *stream)
{
	struct source_debugfs *d = to_debugfs(s);
	int ret = stream_to(d, sink);

	(void)h;
	*stream = d->stream;
	return ret;
}

static int debugfs_load_stage2(struct host *h, const struct live_vm *vm, struct source *s,
			       struct stage2_stream *stream)
{
	struct source_debugfs *d = to_debugfs(s);
	int ret = load(d);

	(void)h;
	(void)vm;
	*stream = d->stream;
	return ret;
}

/* The last table that begins at or below @pa */
static const struct s2_table *find_table(const struct source_debugfs *d, uint64_t pa)
{
	size_t low = 0, high = d->ntables, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (d->tables[mid].pa <= pa)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? &d->tables[low - 1] : NULL;
}

static int read_loaded(const struct source_debugfs *d, uint64_t pa, void *buf, size_t len)
{
	const struct s2_table *t = find_table(d, pa);
	uint64_t off;

	if (!t)
		return -ENXIO;
	off = pa - t->pa;
	if (t->type == MMUSCOPE_REC_TABLE && off < t->nwords * 8ULL &&
	    len <= t->nwords * 8ULL - off) {
		memcpy(buf, (const char *)t->words + off, len);
		return 0;
	}
	/* the record does not say how large the table was that it stands for */
	if (off >= d->granule)
		return -ENXIO;
	return t->type == MMUSCOPE_REC_GONE	    ? -EAGAIN
	       : t->type == MMUSCOPE_REC_UNREADABLE ? -EIO
						    : -ENXIO;
}

/* ---- one walk at a time ---------------------------------------------------------------------- */

static int read_path(struct source_debugfs *d, uint64_t ia)
{
	uint64_t pos = d->host && d->pid ? MMUSCOPE_USER_POS(d->pid, ia) : ia & ~PAGE_BITS;
	ssize_t got = read_at(d->path_fd, pos, &d->path, sizeof(d->path));

	d->have_path = false;
	if (got < 0)
		return (int)got;
	if (got != sizeof(d->path) || d->path.nsteps > MMUSCOPE_STEPS)
		return -EPROTO;
	d->have_path = true;
	d->path.ia = ia;
	return 0;
}

static const struct mmuscope_step *find_step(const struct source_debugfs *d, uint64_t pa)
{
	uint32_t i;

	for (i = 0; d->have_path && i < d->path.nsteps; i++)
		if (d->path.step[i].pa == pa)
			return &d->path.step[i];
	return NULL;
}

/*
 * A walk asks for its words from the root down. The root's word starts a new reading, so that each
 * walk is of one moment; those below must be in the same reading, or the tables are not what they
 * were.
 */
static int read_step(struct source_debugfs *d, const struct table_ref *ref, void *buf, size_t len)
{
	const struct mmuscope_step *step = NULL;
	int ret;

	if (len != sizeof(step->word))
		return -EINVAL;
	if (d->have_path && d->path.ia == ref->ia && d->path.nsteps &&
	    ref->level != d->path.step[0].level)
		step = find_step(d, ref->pa.v);
	if (!step) {
		ret = read_path(d, ref->ia);
		if (ret)
			return ret;
		step = find_step(d, ref->pa.v);
	}
	if (!step)
		return -EAGAIN;
	if (step->flags & MMUSCOPE_STEPF_UNREADABLE)
		return -EIO;
	memcpy(buf, &step->word, sizeof(step->word));
	return 0;
}

static int debugfs_own_root(struct host *h, struct source *s, uint64_t ia, uint64_t *root)
{
	struct source_debugfs *d = to_debugfs(s);
	int ret = read_path(d, ia);

	(void)h;
	*root = d->path.root;
	return ret;
}

/* ---- the source ------------------------------------------------------------------------------ */

static int read_guest(struct source_debugfs *d, struct ipa from, void *buf, size_t len)
{
	return d->mem_fd < 0 ? d->mem_fd : read_all_at(d->mem_fd, from.v, buf, len);
}

static int debugfs_read_table(struct source *s, const struct table_ref *ref, void *buf, size_t len)
{
	struct source_debugfs *d = to_debugfs(s);
	int ret;

	if (d->host)
		return read_step(d, ref, buf, len);
	if (ref->stage == 1)
		return ref->has_ipa ? read_guest(d, ref->ipa, buf, len) : -ENXIO;
	if (!d->loaded && d->path_fd >= 0 && len == sizeof(uint64_t))
		return read_step(d, ref, buf, len);
	ret = d->loaded ? 0 : load(d);
	return ret ? ret : read_loaded(d, ref->pa.v, buf, len);
}

/* There is no memory by PA on a live host, on purpose: only what a guest has, by its IPA */
static int debugfs_read_mem(struct source *s, struct pa pa, const struct ipa *ipa, void *buf,
			    size_t len)
{
	struct source_debugfs *d = to_debugfs(s);

	(void)pa;
	return d->host || !ipa ? -EOPNOTSUPP : read_guest(d, *ipa, buf, len);
}

static void debugfs_close(struct source *s)
{
	struct source_debugfs *d = to_debugfs(s);

	if (d->path_fd >= 0)
		close(d->path_fd);
	if (d->mem_fd >= 0)
		close(d->mem_fd);
	if (d->stage2_fd >= 0)
		close(d->stage2_fd);
	drop_tables(d);
	free(d);
}

static const struct source_ops debugfs_ops = {
	.read_table	= debugfs_read_table,
	.read_mem	= debugfs_read_mem,
	.close		= debugfs_close,
};

static struct source_debugfs *new_source(int *err)
{
	struct source_debugfs *d = calloc(1, sizeof(*d));

	if (!d) {
		*err = -ENOMEM;
		return NULL;
	}
	d->base.ops = &debugfs_ops;
	d->path_fd = d->mem_fd = d->stage2_fd = -ENXIO;
	return d;
}

static struct source *debugfs_open_vm(struct host *h, const struct live_vm *vm, int *err)
{
	struct source_debugfs *d = new_source(err);
	char dir[112];

	if (!d)
		return NULL;
	d->granule = UINT64_C(1) << (vm->granule_shift < 64 ? vm->granule_shift : 0);
	if (*vm->of)
		snprintf(dir, sizeof(dir), "%s/nested%s", vm->of, strrchr(vm->dir, '.') + 1);
	else
		snprintf(dir, sizeof(dir), "%s", vm->dir);
	d->path_fd = open_in(h->name, "vm/%s/%s", dir, "path");
	d->mem_fd = open_in(h->name, "vm/%s/%s", dir, "mem");
	d->stage2_fd = open_in(h->name, "vm/%s/%s", dir, "stage2");
	/* one way to stage 2 must be there, or nothing is; a captured tree may lack mem */
	if (d->path_fd < 0 && d->stage2_fd < 0) {
		*err = d->path_fd == -ENOENT ? d->stage2_fd : d->path_fd;
		debugfs_close(&d->base);
		return NULL;
	}
	return &d->base;
}

static struct source *debugfs_open_own(struct host *h, uint64_t pid, int *err)
{
	struct source_debugfs *d = new_source(err);

	if (!d)
		return NULL;
	d->host = true;
	d->pid = pid;
	d->path_fd = open_in(h->name, "%s/%s", "host", pid ? "user" : "kernel");
	if (d->path_fd < 0) {
		*err = d->path_fd;
		debugfs_close(&d->base);
		return NULL;
	}
	return &d->base;
}

static int debugfs_at(struct host *h, const struct live_vm *vm, unsigned int vcpu, const char *op,
		      uint64_t va, struct mmuscope_at *answer)
{
	char dir[96];
	ssize_t got;
	int fd;

	if (vm)
		snprintf(dir, sizeof(dir), "vm/%s/vcpu%u/at", vm->dir, vcpu);
	else
		snprintf(dir, sizeof(dir), "host/at");
	fd = open_in(h->name, "%s/%s", dir, op);
	if (fd < 0)
		return fd;
	got = read_at(fd, va & ~PAGE_BITS, answer, sizeof(*answer));
	close(fd);
	return got < 0 ? (int)got : got == sizeof(*answer) ? 0 : -EPROTO;
}

/* ---- the host -------------------------------------------------------------------------------- */

static bool path_in(const struct host *h, const char *path, char *full, size_t size)
{
	return snprintf(full, size, "%s%s", h->name, path) < (int)size;
}

static char *debugfs_read_file(struct host *h, const char *path, size_t *len, int *err)
{
	char full[PATH_MAX];

	if (path_in(h, path, full, sizeof(full)))
		return file_read(full, len, err);
	*err = -ENAMETOOLONG;
	return NULL;
}

static bool debugfs_has_file(struct host *h, const char *path)
{
	char full[PATH_MAX];
	struct stat st;

	return path_in(h, path, full, sizeof(full)) && !stat(full, &st);
}

static void debugfs_host_close(struct host *h)
{
	free(h);
}

static const struct host_ops debugfs_host_ops = {
	.read_file	= debugfs_read_file,
	.has_file	= debugfs_has_file,
	.open_vm	= debugfs_open_vm,
	.open_own	= debugfs_open_own,
	.load_stage2	= debugfs_load_stage2,
	.stream_stage2	= debugfs_stream_stage2,
	.own_root	= debugfs_own_root,
	.at		= debugfs_at,
	.close		= debugfs_host_close,
};

struct host *host_debugfs_create(const char *sysroot)
{
	struct host *h = calloc(1, sizeof(*h));

	if (h)
		*h = (struct host){ .ops = &debugfs_host_ops, .name = sysroot, .live = true };
	return h;
}
