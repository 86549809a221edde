// SPDX-License-Identifier: GPL-2.0-only
/*
 * Snapshots: what is written is read again, in any number; what is damaged is refused; and what is
 * not finished leaves nothing.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "dl-elf.h"
#include "snapshot.h"
#include "source.h"

#define TREE	"/sys/kernel/debug/mmuscope/"
#define PAGE	UINT64_C(4096)

/* ---- a host with two VMs --------------------------------------------------------------------- */

/* Stage 2 of 1-1: a root, then tables of one word each; of 2-1: its root and what .shared says */
static struct {
	size_t tables;		/* of 1-1, without the root */
	uint64_t word;		/* in the page that both VMs have as a table */
	int stream_error;	/* of 2-1, after its first record */
	bool gone;		/* one more table of 1-1 was taken away; its page is another table */
	unsigned int reads;	/* of guest memory, each different where .restless */
	bool restless;
} fake;

#define ROOT1		UINT64_C(0x40000000)
#define ROOT2		UINT64_C(0x50000000)
#define SHARED		UINT64_C(0x60000000)
#define TABLES		UINT64_C(0x80000000)
#define MEMORY		UINT64_C(0x200000000)
#define GONE_IA		UINT64_C(0x7000000000)
#define S2_PAGE		UINT64_C(0x7ff)		/* AF, ISH, RW, WB, page */

static char *fake_read_file(struct host *h, const char *path, size_t *len, int *err)
{
	static const struct { const char *path, *text; } files[] = {
		{ TREE "info", "abi_version 1\nvmid_bits 8\n" },
		{ TREE "vms", "1-1 1 1 1 one\n2-1 2 1 1 two\n3-1 3 1 1 three\n" },
		{ TREE "vm/1-1/info", "ipa_bits 40\ngranule_shift 12\nstart_level 1\n"
		  "VTCR_EL2 0x80053558\nVTTBR_EL2 0x40000000\nstage2 visible\n" },
		{ TREE "vm/2-1/info", "ipa_bits 40\ngranule_shift 12\nstart_level 1\n"
		  "VTCR_EL2 0x80053558\nVTTBR_EL2 0x50000000\nstage2 visible\n" },
		{ TREE "vm/1-1/slots", "slot 0 0 0x0 0x200000 0 0x1000\n" },
		{ TREE "vm/2-1/slots", "slot 0 0 0x0 0x200000 0 0x1000\n" },
		{ TREE "vm/1-1/vcpu0/regs", "# state running\nSCTLR_EL1 0x1005\n"
		  "TCR_EL1 0x5b5103510\nMAIR_EL1 0xff\nHCR_EL2 0x80000001\nTTBR0_EL1 0x1000\n"
		  "TTBR1_EL1 0x1000\nVTCR_EL2 0x80053558\nVTTBR_EL2 0x40000000\n" },
		{ TREE "vm/2-1/vcpu0/regs", "# state never-run\n" },
	};
	size_t i;

	(void)h;
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (!strcmp(files[i].path, path)) {
			*len = strlen(files[i].text);
			return strdup(files[i].text);
		}
	*err = strcmp(path, "/proc/cmdline") ? -ENOENT : -EACCES;
	return NULL;
}

static bool fake_has_file(struct host *h, const char *path)
{
	(void)h;
	(void)path;
	return false;
}

/* IPA 1000 is a stage-1 root whose first word leads to itself; 2000 cannot be read */
static int fake_read_mem(struct source *s, struct pa pa, const struct ipa *ipa, void *buf,
			 size_t len)
{
	uint64_t *words = buf;

	(void)s;
	(void)pa;
	if (ipa->v <= 0x2000 && ipa->v + len > 0x2000)
		return -EIO;
	memset(buf, 0, len);
	if (ipa->v == 0x1000) {
		words[0] = 0x2003;
		words[1] = fake.restless ? fake.reads++ << 12 : 0;
	}
	if (ipa->v >= 0x3000)
		memset(buf, (int)(ipa->v >> 12), len);
	return 0;
}

static void fake_close_source(struct source *s)
{
	free(s);
}

static const struct source_ops fake_source_ops = {
	.read_mem = fake_read_mem, .close = fake_close_source,
};

static struct source *fake_open_vm(struct host *h, const struct live_vm *vm, int *err)
{
	struct source *s = calloc(1, sizeof(*s) + sizeof(vm->pid));

	(void)h;
	if (vm->pid == 3) {
		free(s);
		*err = -ESTALE;
		return NULL;
	}
	s->ops = &fake_source_ops;
	memcpy(s + 1, &vm->pid, sizeof(vm->pid));
	return s;
}

struct stream {
	const struct stage2_sink *sink;
	struct stage2_stream *stream;
	uint64_t buf[1200];
	size_t used;		/* words */
};

static int flush(struct stream *s)
{
	int ret = s->used ? s->sink->flush(s->sink->arg, s->buf, s->used * 8) : 0;

	s->used = 0;
	return ret;
}

/* A record of @nwords, of which those after the first @given are zero */
static int put(struct stream *s, uint32_t type, uint64_t pa, uint64_t ia, int level,
	       const uint64_t *words, size_t given, size_t nwords)
{
	struct mmuscope_record rec = {
		.type = type, .nwords = nwords, .level = level, .pa = pa, .ia = ia,
	};
	size_t head = sizeof(rec) / 8;
	uint64_t *to;
	int ret = 0;

	if (s->used + head + nwords > sizeof(s->buf) / 8)
		ret = flush(s);
	if (ret)
		return ret;
	to = s->buf + s->used;
	memcpy(to, &rec, sizeof(rec));
	memset(to + head, 0, nwords * 8);
	memcpy(to + head, words, given * 8);
	s->used += head + nwords;
	if (type == MMUSCOPE_REC_TABLE)
		s->stream->tables++;
	return s->sink->record(s->sink->arg, &rec, to + head);
}

/* A root of two tables, level 2 and level 3: IPA 0 to 200000 is MEMORY from there on */
static int stream_memory(struct stream *s, uint64_t root)
{
	uint64_t words[512];
	size_t i;
	int ret;

	words[0] = (root + 2 * PAGE) | 3;
	ret = put(s, MMUSCOPE_REC_TABLE, root, 0, 1, words, 1, 512);
	words[0] = (root + 3 * PAGE) | 3;
	words[1] = root == ROOT1 && fake.gone ? SHARED | 3 : 0;
	ret = ret ? ret : put(s, MMUSCOPE_REC_TABLE, root + 2 * PAGE, 0, 2, words, 2, 512);
	for (i = 0; i < 512; i++)
		words[i] = (MEMORY + i * PAGE) | S2_PAGE;
	ret = ret ? ret : put(s, MMUSCOPE_REC_TABLE, root + 3 * PAGE, 0, 3, words, 512, 512);
	words[0] = 0;
	return ret ? ret : put(s, MMUSCOPE_REC_TABLE, root + PAGE, UINT64_C(1) << 39, 1, words, 1, 512);
}

static int fake_stream(struct host *h, struct source *src, const struct stage2_sink *sink,
		       struct stage2_stream *stream)
{
	struct stream s = { .sink = sink, .stream = stream };
	uint64_t pid, word, i;
	int ret;

	(void)h;
	memset(stream, 0, sizeof(*stream));
	memcpy(&pid, src + 1, sizeof(pid));
	ret = stream_memory(&s, pid == 1 ? ROOT1 : ROOT2);
	if (ret || (pid == 2 && fake.stream_error))
		return ret ? ret : fake.stream_error;
	word = pid == 1 ? 0 : fake.word;
	if (pid == 1 && fake.gone)
		ret = put(&s, MMUSCOPE_REC_GONE, SHARED, 0x200000, 3, &word, 0, 0);
	ret = ret ? ret : put(&s, MMUSCOPE_REC_TABLE, SHARED, 0x40000000, 3, &word, 1, 512);
	for (i = 0; !ret && pid == 1 && i < fake.tables; i++)
		ret = put(&s, MMUSCOPE_REC_TABLE, TABLES + 2 * i * PAGE, i << 30, 3, &i, 1, 1);
	return ret ? ret : flush(&s);
}

static const struct host_ops fake_ops = {
	.read_file = fake_read_file, .has_file = fake_has_file, .open_vm = fake_open_vm,
	.stream_stage2 = fake_stream,
};

static struct host fake_host = { .ops = &fake_ops, .name = "" };

static const struct live_vm vms[] = {
	{ .pid = 1, .fd = 1, .vcpus = 1, .dir = "1-1", .granule_shift = 12,
	  .vtcr = 0x80053558, .vttbr = ROOT1 },
	{ .pid = 2, .fd = 1, .vcpus = 1, .dir = "2-1", .granule_shift = 12,
	  .vtcr = 0x80053558, .vttbr = ROOT2 },
	{ .pid = 3, .fd = 1, .vcpus = 1, .dir = "3-1", .granule_shift = 12 },
};

/* ---- a folder -------------------------------------------------------------------------------- */

static char folder[64], file[96];

static int folder_make(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	snprintf(folder, sizeof(folder), "/tmp/mmuscope-snapshot-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(file, sizeof(file), "%s/a.mms", folder);
	return 0;
}

static int folder_drop(void **state)
{
	(void)state;
	unlink(file);
	/* which fails where anything was left */
	return rmdir(folder);
}

static struct snapshot_info info;
static char reason[SNAPSHOT_REASON];

static int write_file(size_t n, bool memory,
		      int (*progress)(void *, const struct snapshot_progress *))
{
	const struct snapshot_options opt = {
		.memory = memory, .program = "test", .max_tables = 1000, .progress = progress,
	};

	return snapshot_write(file, &fake_host, vms, n, &opt, &info, reason);
}

static struct host *must_open(void)
{
	int err;
	struct host *h = host_snapshot_open(file, reason, &err);

	if (!h)
		fail_msg("%s", reason);
	return h;
}

static int word_at(struct source *s, int stage, uint64_t pa, uint64_t ia, uint64_t *word)
{
	const struct table_ref ref = { .stage = stage, .level = 3, .ia = ia, .pa = { pa } };
	const void *map = s->ops->map_table(s, &ref, sizeof(*word));
	int ret = s->ops->read_table(s, &ref, word, sizeof(*word));

	assert_true(!map == !!ret);
	if (map)
		assert_memory_equal(map, word, sizeof(*word));
	return ret;
}

/* ---- both ways ------------------------------------------------------------------------------- */

static void what_is_written_is_read(void **state)
{
	struct pa first, last;
	struct host *h;
	struct source *s;
	uint64_t word;
	char *text;
	size_t len;
	struct stat st;
	int err = 0;

	(void)state;
	assert_int_equal(write_file(1, false, NULL), 0);
	assert_int_equal(info.vm[0].stream.tables, 5);
	assert_int_equal(info.vm[0].s1_pages, 1);
	assert_int_equal(info.vm[0].s1_unreadable, 2);	/* from both halves, told each time */
	assert_int_equal(info.vm[0].s1_changed, 0);
	assert_false(info.vm[0].stream.changed);
	snapshot_info_free(&info);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);

	h = must_open();
	assert_int_equal(host_snapshot_info(h)->vm[0].s1_pages, 1);
	assert_string_equal(host_snapshot_info(h)->program, "test");
	text = h->ops->read_file(h, TREE "vms", &len, &err);
	assert_string_equal(text, "1-1 1 1 1 one\n");
	free(text);
	assert_null(h->ops->read_file(h, "/proc/cmdline", &len, &err));
	assert_int_equal(err, -EACCES);
	assert_null(h->ops->read_file(h, "/proc/mounts", &len, &err));
	assert_int_equal(err, -ENOENT);
	assert_null(h->ops->open_vm(h, &vms[1], &err));
	s = h->ops->open_vm(h, &vms[0], &err);
	assert_non_null(s);
	assert_int_equal(word_at(s, 2, ROOT1, 0, &word), 0);
	assert_int_equal(word, (ROOT1 + 2 * PAGE) | 3);
	assert_int_equal(word_at(s, 1, MEMORY + PAGE, 0, &word), 0);
	assert_int_equal(word, 0x2003);
	assert_int_equal(word_at(s, 1, MEMORY + 2 * PAGE + 8, 0, &word), -EIO);
	assert_int_equal(word_at(s, 1, MEMORY + 3 * PAGE, 0, &word), -ENOMEDIUM);
	assert_int_equal(word_at(s, 2, ROOT2, 0, &word), -ENOMEDIUM);
	assert_int_equal(word_at(s, 2, UINT64_MAX - 7, 0, &word), -ENOMEDIUM);
	/* With a hole in it, no region: whether a word is there depends on all its names */
	assert_null(s->ops->map_region(s, pa(ROOT1), &first, &last));
	s->ops->close(s);
	h->ops->close(h);
}

/* More segments than e_phnum can count */
static void many_segments(void **state)
{
	struct source *s;
	struct host *h;
	size_t n = 0;
	uint64_t i, word;
	Elf *elf;
	int fd, err;

	(void)state;
	fake.tables = 70001;
	assert_int_equal(write_file(1, false, NULL), 0);
	snapshot_info_free(&info);
	assert_null(dl_elf());
	sym_elf_version(EV_CURRENT);
	fd = open(file, O_RDONLY);
	elf = sym_elf_begin(fd, ELF_C_READ, NULL);
	assert_int_equal(sym_elf_getphdrnum(elf, &n), 0);
	/* the notes, four tables, the one that is shared, one of stage 1 */
	assert_int_equal(n, 1 + 4 + 1 + 70001 + 1);
	assert_int_equal(sym_elf64_getehdr(elf)->e_phnum, PN_XNUM);
	sym_elf_end(elf);
	close(fd);
	h = must_open();
	s = h->ops->open_vm(h, &vms[0], &err);
	for (i = 0; i < fake.tables; i++) {
		assert_int_equal(word_at(s, 2, TABLES + 2 * i * PAGE, 0, &word), 0);
		assert_int_equal(word, i);
		assert_int_equal(word_at(s, 2, TABLES + 2 * i * PAGE + 8, 0, &word), -ENOMEDIUM);
	}
	s->ops->close(s);
	h->ops->close(h);
}

static void a_page_of_two_vms(void **state)
{
	struct host *h;
	struct source *s;
	uint64_t word;
	int err;

	(void)state;
	assert_int_equal(write_file(2, false, NULL), 0);
	assert_false(info.vm[1].stream.changed);
	assert_int_equal(info.vm[1].never_ran, 1);
	snapshot_info_free(&info);
	/* it is another table by now: no single moment */
	fake.word = 7;
	assert_int_equal(write_file(2, false, NULL), 0);
	assert_true(info.vm[1].stream.changed);
	snapshot_info_free(&info);
	h = must_open();
	s = h->ops->open_vm(h, &vms[1], &err);
	assert_int_equal(word_at(s, 2, SHARED, 0, &word), 0);
	assert_int_equal(word_at(s, 2, ROOT2, 0, &word), 0);
	s->ops->close(s);
	h->ops->close(h);
}

/* Missing for the addresses that it translated, of its VM alone */
static void a_table_that_was_taken_away(void **state)
{
	struct host *h;
	struct source *s;
	uint64_t word;
	int err;

	(void)state;
	fake.gone = true;
	assert_int_equal(write_file(2, false, NULL), 0);
	snapshot_info_free(&info);
	h = must_open();
	s = h->ops->open_vm(h, &vms[0], &err);
	assert_int_equal(word_at(s, 2, SHARED, 0x200000, &word), -EAGAIN);
	assert_int_equal(word_at(s, 2, SHARED + 8, 0x3fffff, &word), -EAGAIN);
	assert_int_equal(word_at(s, 2, SHARED, 0x400000, &word), 0);
	assert_int_equal(word_at(s, 2, SHARED, 0x1fffff, &word), 0);
	s->ops->close(s);
	s = h->ops->open_vm(h, &vms[1], &err);
	assert_int_equal(word_at(s, 2, SHARED, 0x200000, &word), 0);
	s->ops->close(s);
	h->ops->close(h);
}

static void memory_of_two_vms(void **state)
{
	struct ipa ipa = { 0x5000 };
	uint8_t bytes[2 * PAGE];
	struct source *s;
	struct host *h;
	int err;

	(void)state;
	assert_int_equal(write_file(2, true, NULL), 0);
	/* one page is a table, one cannot be read */
	assert_int_equal(info.vm[0].memory, 0x200000 - 2 * PAGE);
	assert_int_equal(info.vm[0].memory_unreadable, PAGE);
	snapshot_info_free(&info);
	h = must_open();
	s = h->ops->open_vm(h, &vms[0], &err);
	assert_int_equal(s->ops->read_mem(s, (struct pa){ MEMORY + 0x5000 }, &ipa, bytes,
					  sizeof(bytes)), 0);
	assert_int_equal(bytes[0], 5);
	assert_int_equal(bytes[PAGE], 6);
	assert_int_equal(s->ops->read_mem(s, (struct pa){ MEMORY + 0x2008 }, &ipa, bytes, 8), -EIO);
	assert_int_equal(s->ops->read_mem(s, (struct pa){ MEMORY + 0x200000 }, &ipa, bytes, 8),
			 -ENOMEDIUM);
	s->ops->close(s);
	h->ops->close(h);
}

static void what_changed_is_told(void **state)
{
	(void)state;
	fake.restless = true;
	assert_int_equal(write_file(1, false, NULL), 0);
	assert_int_equal(info.vm[0].s1_changed, 1);
	snapshot_info_free(&info);
}

/* ---- VMs that end ---------------------------------------------------------------------------- */

static void one_that_has_ended(void **state)
{
	struct host *h;
	struct source *s;
	char *text;
	uint64_t word;
	size_t len;
	int err;

	(void)state;
	fake.stream_error = -ESTALE;
	assert_int_equal(write_file(3, false, NULL), 0);
	assert_int_equal(info.vm[0].error, 0);
	assert_int_equal(info.vm[1].error, -ESTALE);
	assert_int_equal(info.vm[2].error, -ESTALE);
	snapshot_info_free(&info);
	h = must_open();
	text = h->ops->read_file(h, TREE "vms", &len, &err);
	assert_string_equal(text, "1-1 1 1 1 one\n");
	free(text);
	/* what was in the buffer when its stream ended went with it */
	s = h->ops->open_vm(h, &vms[0], &err);
	assert_int_equal(word_at(s, 2, ROOT2 + PAGE, 0, &word), -ENOMEDIUM);
	assert_int_equal(word_at(s, 2, ROOT1, 0, &word), 0);
	s->ops->close(s);
	h->ops->close(h);
	unlink(file);

	assert_int_equal(snapshot_write(file, &fake_host, vms + 2, 1,
					&(struct snapshot_options){ .program = "" }, &info, reason),
			 -ESTALE);
	snapshot_info_free(&info);
	assert_int_equal(access(file, F_OK), -1);
}

/* ---- nothing is left ------------------------------------------------------------------------- */

static int calls_left;

static int stop_soon(void *arg, const struct snapshot_progress *p)
{
	(void)arg;
	(void)p;
	return calls_left-- ? 0 : -EINTR;
}

/* Wherever it is interrupted: folder_drop() fails where anything but the file is in the folder */
static void interrupted_at_every_step(void **state)
{
	static const char before[] = "what was there before";
	char after[sizeof(before)] = "";
	int fd, steps = 0, ret;
	struct host *h;

	(void)state;
	do {
		fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		assert_int_equal(write(fd, before, sizeof(before)), sizeof(before));
		close(fd);
		calls_left = steps++;
		ret = write_file(2, true, stop_soon);
		snapshot_info_free(&info);
		if (!ret)
			break;
		assert_int_equal(ret, -EINTR);
		fd = open(file, O_RDONLY);
		assert_int_equal(read(fd, after, sizeof(after)), sizeof(after));
		close(fd);
		assert_string_equal(after, before);
	} while (steps < 1000);
	assert_in_range(steps, 8, 999);
	h = must_open();
	h->ops->close(h);
}

static void not_over_what_is_no_file(void **state)
{
	(void)state;
	assert_int_equal(mkdir(file, 0700), 0);
	assert_int_equal(write_file(1, false, NULL), -EINVAL);
	snapshot_info_free(&info);
	assert_int_equal(rmdir(file), 0);
}

/* ---- what is hostile ------------------------------------------------------------------------- */

static uint8_t *whole;
static size_t whole_len;

static void put_whole(const uint8_t *bytes, size_t len)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

static void take_whole(void)
{
	struct stat st;
	int fd;

	assert_int_equal(write_file(2, false, NULL), 0);
	snapshot_info_free(&info);
	fd = open(file, O_RDONLY);
	assert_int_equal(fstat(fd, &st), 0);
	whole_len = st.st_size;
	whole = malloc(whole_len);
	assert_int_equal(read(fd, whole, whole_len), whole_len);
	close(fd);
}

/* Opens what is there now, and asks it a little; true where it could be opened */
static bool look(void)
{
	int err = 0;
	struct host *h = host_snapshot_open(file, reason, &err);
	struct live_vm *found;
	struct source *s;
	uint64_t word, pa;
	size_t n, i;

	if (!h) {
		assert_true(err < 0 && reason[0]);
		return false;
	}
	if (!live_vms(h, 8, &found, &n)) {
		for (i = 0; i < n; i++) {
			s = h->ops->open_vm(h, &found[i], &err);
			for (pa = ROOT1; s && pa < ROOT1 + 5 * PAGE; pa += PAGE / 2)
				word_at(s, 2, pa, 0x200000, &word);
			if (s)
				s->ops->close(s);
		}
		free(found);
	}
	h->ops->close(h);
	return true;
}

/* With one header changed; false: it was refused */
static bool with(size_t at, const void *bytes, size_t len)
{
	uint8_t *copy = malloc(whole_len);
	bool ok;

	memcpy(copy, whole, whole_len);
	memcpy(copy + at, bytes, len);
	put_whole(copy, whole_len);
	free(copy);
	reason[0] = '\0';
	ok = look();
	if (ok)
		reason[0] = '\0';
	return ok;
}

static void headers_that_lie(void **state)
{
	const Elf64_Ehdr *ehdr;
	Elf64_Phdr phdr[3], bad;
	uint64_t at;
	uint32_t v32;
	uint16_t v16;
	uint8_t v8;

	(void)state;
	fake.gone = true;
	take_whole();
	ehdr = (const Elf64_Ehdr *)whole;
	at = ehdr->e_phoff;
	memcpy(phdr, whole + at, sizeof(phdr));
	assert_true(with(0, whole, 1));
	v8 = ELFCLASS32;
	assert_false(with(EI_CLASS, &v8, 1));
	v8 = ELFDATA2MSB;
	assert_false(with(EI_DATA, &v8, 1));
	v16 = EM_X86_64;
	assert_false(with(offsetof(Elf64_Ehdr, e_machine), &v16, 2));
	v16 = ET_REL;
	assert_false(with(offsetof(Elf64_Ehdr, e_type), &v16, 2));
	v16 = 0xfffe;
	assert_false(with(offsetof(Elf64_Ehdr, e_phnum), &v16, 2));
	v16 = PN_XNUM;
	assert_false(with(offsetof(Elf64_Ehdr, e_phnum), &v16, 2));
	v16 = 8;
	assert_false(with(offsetof(Elf64_Ehdr, e_phentsize), &v16, 2));

	/* the second segment over the first, before it, beyond the file, around the end */
	bad = phdr[2];
	bad.p_paddr = phdr[1].p_paddr;
	assert_false(with(at + 2 * sizeof(bad), &bad, sizeof(bad)));
	assert_non_null(strstr(reason, "overlaps"));
	bad.p_paddr = phdr[1].p_paddr - PAGE;
	assert_false(with(at + 2 * sizeof(bad), &bad, sizeof(bad)));
	bad = phdr[2];
	bad.p_filesz = whole_len;
	assert_false(with(at + 2 * sizeof(bad), &bad, sizeof(bad)));
	assert_non_null(strstr(reason, "truncated"));
	bad.p_filesz = UINT64_MAX;
	assert_false(with(at + 2 * sizeof(bad), &bad, sizeof(bad)));
	bad = phdr[2];
	bad.p_offset = UINT64_MAX - 8;
	assert_false(with(at + 2 * sizeof(bad), &bad, sizeof(bad)));
	bad = phdr[2];
	bad.p_paddr = UINT64_MAX - 8;
	assert_false(with(at + 2 * sizeof(bad), &bad, sizeof(bad)));

	/* a note larger than the notes; none at all */
	v32 = UINT32_MAX;
	assert_false(with(phdr[0].p_offset + 4, &v32, 4));
	bad = phdr[0];
	bad.p_type = PT_NULL;
	assert_false(with(at, &bad, sizeof(bad)));
	bad = phdr[0];
	bad.p_filesz -= 4;
	assert_false(with(at, &bad, sizeof(bad)));
	free(whole);
}

/* Bytes anywhere: refused or answered, never more than that; the sanitizers watch */
static void bytes_that_lie(void **state)
{
	unsigned int seed = time(NULL) ^ getpid(), i, n;
	size_t tail, at, opened = 0;
	uint8_t *copy;

	(void)state;
	print_message("seed %u\n", seed);
	srandom(seed);
	fake.gone = true;
	take_whole();
	/* notes and headers, after all the tables */
	tail = ((const Elf64_Phdr *)(whole + ((const Elf64_Ehdr *)whole)->e_phoff))->p_offset;
	copy = malloc(whole_len);
	for (i = 0; i < 5000; i++) {
		memcpy(copy, whole, whole_len);
		for (n = 1 + random() % 4; n--;) {
			at = random();
			at = random() % 8 ? tail + at % (whole_len - tail) : at % sizeof(Elf64_Ehdr);
			copy[at] = random() % 3 ? random() : random() % 2 ? 0xff : 0;
		}
		put_whole(copy, random() % 16 ? whole_len : random() % whole_len);
		opened += look();
	}
	print_message("%zu of 5000 opened\n", opened);
	assert_in_range(opened, 1, 4999);
	free(copy);
	free(whole);
}

static void cut_short_anywhere(void **state)
{
	size_t len;

	(void)state;
	take_whole();
	for (len = 0; len < whole_len; len += len < 256 ? 1 : 61) {
		put_whole(whole, len);
		assert_false(look());
	}
	free(whole);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_drop)
	const struct CMUnitTest tests[] = {
		T(what_is_written_is_read),
		T(many_segments),
		T(a_page_of_two_vms),
		T(a_table_that_was_taken_away),
		T(memory_of_two_vms),
		T(what_changed_is_told),
		T(one_that_has_ended),
		T(interrupted_at_every_step),
		T(not_over_what_is_no_file),
		T(headers_that_lie),
		T(bytes_that_lie),
		T(cut_short_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
