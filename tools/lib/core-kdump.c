// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Kdump-compressed dumps ("diskdump"), by libkdumpfile.
 *
 * The library is loaded and runs in a child process, which answers over a socket. Releases up to 0.5.1 at least use
 * memory after they freed it when a dump is closed, and a damaged header or page descriptor can crash them; a child
 * that dies is an error like any other.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core.h"
#include "dl-kdump.h"
#include "vmcoreinfo.h"

/* What one request reads at most; no block of a dump is smaller */
#define CHUNK		4096
#define CACHE_SLOTS	256
/* No page takes that long: the library hangs */
#define ANSWER_SECONDS	60

struct request {
	enum { ASK_READ, ASK_NOTE } what;
	uint64_t pa;
};

/*
 * ASK_READ: followed by CHUNK bytes, if there was no error. ASK_NOTE: where a page of the dump, at .pa or beyond, looks
 * like one that begins with VMCOREINFO; -EAGAIN: none up to there, go on.
 */
struct answer {
	int error;		/* a negative errno */
	uint64_t pa;
};

/* The child's first words */
struct hello {
	bool ok;
	char reason[CORE_REASON];
	char format[64];
	size_t cpus;
	struct core_cpu cpu;
	size_t note;		/* bytes of VMCOREINFO that follow */
};

/* ---- the header ------------------------------------------------------------------------------ */

/* struct disk_dump_header and kdump_sub_header of makedumpfile, as a 64-bit little-endian machine lays them out */
struct disk_header {
	char signature[8];
	uint32_t version;
	char utsname[4][65], machine[65], domain[65];
	uint64_t seconds, microseconds;
	uint32_t status, block_size, sub_blocks, bitmap_blocks, max_mapnr;
};

struct sub_header {
	uint64_t phys_base;
	uint32_t level, split;
	uint64_t start_pfn, end_pfn;
	struct {
		uint64_t offset, size;
	} vmcoreinfo, notes, erased;
	uint64_t start_pfn_64, end_pfn_64, max_mapnr_64;
};

#define VERSION_MAX	6

static bool within(uint64_t offset, uint64_t size, uint64_t file)
{
	return offset <= file && size <= file - offset;
}

/* What is wrong with it in a file of @size bytes, or NULL: libkdumpfile 0.5 believes it and crashes */
static const char *check_header(const struct disk_header *h, const struct sub_header *sub, uint64_t size)
{
	uint64_t block = le32toh(h->block_size), sub_blocks = le32toh(h->sub_blocks);
	uint64_t bitmaps = le32toh(h->bitmap_blocks) * block, max_pfn = le32toh(h->max_mapnr);
	uint32_t version = le32toh(h->version);

	if (memchr(h->machine, '\0', sizeof(h->machine)) && strcmp(h->machine, "aarch64") &&
	    strcmp(h->machine, "Unknown") && h->machine[0])
		return "a dump of another machine than arm64";
	if (version > VERSION_MAX)
		return "its version is not known";
	if (block < 4096 || block > 65536 || (block & (block - 1)) || !sub_blocks || sub_blocks > 256)
		return "it is damaged: the sizes in its header make no sense";
	/* the older field holds as much of it as it can */
	if (version >= 6 && le64toh(sub->max_mapnr_64) > max_pfn)
		max_pfn = le64toh(sub->max_mapnr_64);
	/* two bitmaps, of what is RAM and of what was dumped */
	if (bitmaps / 2 * 8 < max_pfn || max_pfn > UINT64_MAX / block)
		return "it is damaged: its bitmaps are smaller than its memory";
	if (!within((1 + sub_blocks) * block, bitmaps, size))
		return "it is truncated or damaged: its bitmaps lie beyond its end";
	if ((version >= 3 && !within(le64toh(sub->vmcoreinfo.offset), le64toh(sub->vmcoreinfo.size), size)) ||
	    (version >= 4 && !within(le64toh(sub->notes.offset), le64toh(sub->notes.size), size)) ||
	    (version >= 5 && !within(le64toh(sub->erased.offset), le64toh(sub->erased.size), size)))
		return "it is truncated or damaged: its notes lie beyond its end";
	return NULL;
}

static bool read_header(int fd, uint64_t *block_size, char *reason)
{
	struct disk_header h = { 0 };
	struct sub_header sub = { 0 };
	const char *why = NULL;
	struct stat st;

	if (pread(fd, &h, sizeof(h), 0) < 0 || fstat(fd, &st)) {
		snprintf(reason, CORE_REASON, "%s", strerror(errno));
		return false;
	}
	*block_size = le32toh(h.block_size);
	if (memcmp(h.signature, "KDUMP   ", 8) && memcmp(h.signature, "DISKDUMP", 8))
		why = "neither an ELF core nor a kdump-compressed dump";
	else if (pread(fd, &sub, sizeof(sub), *block_size) != sizeof(sub))
		why = "it is truncated";
	else
		why = check_header(&h, &sub, st.st_size);
	if (why)
		snprintf(reason, CORE_REASON, "%s", why);
	return !why;
}

/* ---- the child ------------------------------------------------------------------------------- */

struct child {
	kdump_ctx_t *ctx;
	kdump_bmp_t *pages;	/* those in the dump; NULL: not known */
	uint64_t block_size;
};

static bool load_library(char *reason)
{
	const char *why = dl_kdump();

	if (why)
		snprintf(reason, CORE_REASON, "%.*s", CORE_REASON - 1, why);
	return !why;
}

static bool set_number(struct child *c, const char *key, uint64_t number)
{
	kdump_attr_t attr = { .type = KDUMP_NUMBER, .val = { .number = number } };

	return sym_kdump_set_attr(c->ctx, key, &attr) == KDUMP_OK;
}

static bool get(struct child *c, const char *key, kdump_attr_type_t type, kdump_attr_t *attr)
{
	attr->type = type;
	return sym_kdump_get_typed_attr(c->ctx, key, attr) == KDUMP_OK;
}

static bool open_dump(struct child *c, int fd, char *reason)
{
	c->ctx = sym_kdump_new();
	if (!c->ctx) {
		snprintf(reason, CORE_REASON, "%s", strerror(ENOMEM));
		return false;
	}
	/*
	 * Pages are stored as blocks of the header's size, whatever the kernel calls a page: QEMU writes 64K for guests
	 * of any granule, and libkdumpfile then believes the guest's VMCOREINFO and takes the one for the other.
	 */
	if (sym_kdump_open_fdset(c->ctx, 1, &fd) == KDUMP_OK &&
	    set_number(c, KDUMP_ATTR_PAGE_SIZE, c->block_size))
		return true;
	snprintf(reason, CORE_REASON, "libkdumpfile cannot read it: %.120s", sym_kdump_get_err(c->ctx));
	return false;
}

static const char *take_attributes(struct child *c, struct hello *h)
{
	const char *note = NULL;
	kdump_attr_t attr;

	if (get(c, KDUMP_ATTR_FILE_FORMAT, KDUMP_STRING, &attr))
		snprintf(h->format, sizeof(h->format), "%s", attr.val.string);
	if (get(c, KDUMP_ATTR_FILE_PAGEMAP, KDUMP_BITMAP, &attr))
		c->pages = attr.val.bitmap;
	if (get(c, "cpu.0.reg.pc", KDUMP_NUMBER, &attr)) {
		h->cpu.pc = attr.val.number;
		h->cpus = get(c, KDUMP_ATTR_NUM_CPUS, KDUMP_NUMBER, &attr) ? attr.val.number : 1;
		h->cpu.pstate = get(c, "cpu.0.reg.pstate", KDUMP_NUMBER, &attr) ? attr.val.number : 0;
	}
	if (get(c, "linux.vmcoreinfo.raw", KDUMP_BLOB, &attr)) {
		note = sym_kdump_blob_pin(attr.val.blob);
		h->note = note ? sym_kdump_blob_size(attr.val.blob) : 0;
		if (h->note > VMCOREINFO_MAX)
			h->note = 0;
	}
	return note;
}

static int read_chunk(const struct child *c, uint64_t pa, void *buf)
{
	size_t got = CHUNK;

	switch (sym_kdump_read(c->ctx, KDUMP_MACHPHYSADDR, pa, buf, &got)) {
	case KDUMP_OK:
		return 0;
	case KDUMP_ERR_NODATA:
		return -ENXIO;
	default:
		return -EIO;
	}
}

/* A bound for one answer: 256 MB */
#define NOTE_PAGES	65536

static int find_note(struct child *c, uint64_t *pa)
{
	const uint64_t name_at = 12;	/* behind struct Elf64_Nhdr */
	char name[sizeof(VMCOREINFO_NAME)];
	unsigned int pages;
	kdump_addr_t block;
	size_t got;

	for (pages = 0; pages < NOTE_PAGES; pages++) {
		block = *pa / c->block_size;
		if (!c->pages || sym_kdump_bmp_find_set(c->pages, &block) != KDUMP_OK ||
		    block > UINT64_MAX / c->block_size)
			return -ENOENT;
		if (block * c->block_size > *pa)
			*pa = block * c->block_size;
		got = sizeof(name);
		if (sym_kdump_read(c->ctx, KDUMP_MACHPHYSADDR, *pa + name_at, name, &got) == KDUMP_OK &&
		    !memcmp(name, VMCOREINFO_NAME, sizeof(name)))
			return 0;
		if (*pa > UINT64_MAX - CHUNK)
			return -ENOENT;
		*pa += CHUNK;
	}
	return -EAGAIN;
}

static bool put(int sock, const void *buf, size_t len)
{
	ssize_t n;

	for (; len; buf = (const char *)buf + n, len -= n) {
		n = send(sock, buf, len, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n <= 0)
			return false;
	}
	return true;
}

static bool take(int sock, void *buf, size_t len)
{
	ssize_t n;

	for (; len; buf = (char *)buf + n, len -= n) {
		n = recv(sock, buf, len, 0);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n <= 0)
			return false;
	}
	return true;
}

static void serve(struct child *c, int sock)
{
	struct request r;
	struct answer a;
	char buf[CHUNK];

	while (take(sock, &r, sizeof(r))) {
		a.pa = r.pa;
		a.error = r.what == ASK_READ ? read_chunk(c, r.pa, buf) : find_note(c, &a.pa);
		if (!put(sock, &a, sizeof(a)) ||
		    (r.what == ASK_READ && !a.error && !put(sock, buf, sizeof(buf))))
			return;
	}
}

/* It dies in silence: what it has to say it says over the socket */
static void child_main(int sock, int fd, uint64_t block_size)
{
	const struct rlimit none = { 0, 0 };
	struct child c = { .block_size = block_size };
	int null = open("/dev/null", O_RDWR);
	struct hello h = { 0 };
	const char *note = NULL;

	if (null >= 0) {
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
	}
	setrlimit(RLIMIT_CORE, &none);
	h.ok = load_library(h.reason) && open_dump(&c, fd, h.reason);
	if (h.ok)
		note = take_attributes(&c, &h);
	if (put(sock, &h, sizeof(h)) && put(sock, note, h.note) && h.ok)
		serve(&c, sock);
	_exit(0);
}

/* ---- the source ------------------------------------------------------------------------------ */

struct core_kdump {
	struct core core;
	pid_t pid;
	int sock;
	bool dead;		/* the child, or what it says cannot be trusted */
	struct {
		bool filled;
		uint64_t pa;
		char bytes[CHUNK];
	} cache[CACHE_SLOTS];
};

static int ask(struct core_kdump *c, int what, uint64_t pa, struct answer *a, void *buf)
{
	const struct request r = { .what = what, .pa = pa };

	if (!c->dead && put(c->sock, &r, sizeof(r)) && take(c->sock, a, sizeof(*a)) &&
	    (!buf || a->error || take(c->sock, buf, CHUNK)))
		return a->error;
	c->dead = true;
	return -EIO;
}

static int read_pa(struct core_kdump *c, uint64_t pa, char *buf, size_t len)
{
	struct answer a;
	uint64_t base;
	size_t slot, n;
	int ret;

	for (; len; pa += n, buf += n, len -= n) {
		base = pa & ~(uint64_t)(CHUNK - 1);
		slot = base / CHUNK % CACHE_SLOTS;
		if (!c->cache[slot].filled || c->cache[slot].pa != base) {
			c->cache[slot].filled = false;
			ret = ask(c, ASK_READ, base, &a, c->cache[slot].bytes);
			if (ret)
				return ret;
			c->cache[slot].filled = true;
			c->cache[slot].pa = base;
		}
		n = CHUNK - (pa - base) < len ? CHUNK - (pa - base) : len;
		memcpy(buf, c->cache[slot].bytes + (pa - base), n);
	}
	return 0;
}

static int read_table(struct source *source, const struct table_ref *ref, void *buf, size_t len)
{
	return read_pa((struct core_kdump *)source, ref->pa.v, buf, len);
}

static int read_mem(struct source *source, struct pa pa, const struct ipa *ipa, void *buf, size_t len)
{
	(void)ipa;
	return read_pa((struct core_kdump *)source, pa.v, buf, len);
}

static void close_dump(struct source *source)
{
	struct core_kdump *c = (struct core_kdump *)source;

	close(c->sock);
	kill(c->pid, SIGKILL);
	waitpid(c->pid, NULL, 0);
	free(c->core.info.text);
	free(c);
}

static const struct source_ops core_kdump_ops = {
	.read_table = read_table,
	.read_mem = read_mem,
	.close = close_dump,
};

static bool next_note(struct core *core, uint64_t *pa)
{
	struct answer a;
	int ret;

	do {
		ret = ask((struct core_kdump *)core, ASK_NOTE, *pa, &a, NULL);
		if ((ret && ret != -EAGAIN) || a.pa < *pa)
			return false;
		*pa = a.pa;
	} while (ret);
	return true;
}

static bool start_child(struct core_kdump *c, int fd, uint64_t block_size)
{
	const struct timeval limit = { .tv_sec = ANSWER_SECONDS };
	int sock[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sock))
		return false;
	c->pid = fork();
	if (!c->pid) {
		close(sock[0]);
		child_main(sock[1], fd, block_size);
	}
	close(sock[1]);
	c->sock = sock[0];
	setsockopt(c->sock, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (c->pid > 0)
		return true;
	close(c->sock);
	return false;
}

static bool listen_to(struct core_kdump *c, char *reason)
{
	struct hello h;
	char *note;

	if (!take(c->sock, &h, sizeof(h))) {
		snprintf(reason, CORE_REASON, "libkdumpfile crashed on it: it is damaged");
		return false;
	}
	if (!h.ok) {
		snprintf(reason, CORE_REASON, "%.*s", CORE_REASON - 1, h.reason);
		return false;
	}
	memcpy(c->core.format, h.format, sizeof(h.format));
	c->core.format[sizeof(h.format) - 1] = '\0';
	c->core.cpus = h.cpus;
	c->core.cpu = h.cpu;
	note = h.note && h.note <= VMCOREINFO_MAX ? malloc(h.note) : NULL;
	if (note && take(c->sock, note, h.note))
		c->core.info.text = core_copy_info(note, h.note);
	free(note);
	return true;
}

struct core *core_open_kdump(int fd, char *reason)
{
	struct core_kdump *c = NULL;
	uint64_t block_size;

	if (read_header(fd, &block_size, reason)) {
		c = calloc(1, sizeof(*c));
		if (c && !start_child(c, fd, block_size)) {
			free(c);
			c = NULL;
		}
		if (!c)
			snprintf(reason, CORE_REASON, "%s", strerror(errno));
	}
	close(fd);
	if (!c)
		return NULL;
	c->core.source.ops = &core_kdump_ops;
	c->core.next_note = next_note;
	if (listen_to(c, reason))
		return &c->core;
	close_dump(&c->core.source);
	return NULL;
}
