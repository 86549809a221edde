// SPDX-License-Identifier: GPL-2.0-only
/*
 * The live source and the text files of the module, over a tree of plain files: what the kernel
 * may answer, also what it may answer wrong.
 */
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
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "file.h"
#include "live.h"
#include "source.h"

/* ---- a kernel that refuses ------------------------------------------------------------------- */

static const char *refuse_path;		/* opening a file that ends so gives refuse_error */
static int refuse_error;
static unsigned int read_failures;	/* that many reads give read_error */
static int read_error;

/* They stand before those of libc for everything in this program */
int open(const char *path, int flags, ...)
{
	size_t n = strlen(path), m = refuse_path ? strlen(refuse_path) : 0;
	mode_t mode;
	va_list ap;

	va_start(ap, flags);
	mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	if (m && n >= m && !strcmp(path + n - m, refuse_path)) {
		errno = refuse_error;
		return -1;
	}
	return syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

ssize_t read(int fd, void *buf, size_t len)
{
	if (read_failures) {
		read_failures--;
		errno = read_error;
		return -1;
	}
	return syscall(SYS_read, fd, buf, len);
}

/* ---- a tree ---------------------------------------------------------------------------------- */

#define MM	"/sys/kernel/debug/mmuscope/"
#define VM	MM "vm/12-3/"

static char root[64];
static struct host *host;

static void path_of(char *path, size_t size, const char *name)
{
	char *slash;

	assert_true(snprintf(path, size, "%s%s", root, name) < (int)size);
	for (slash = path + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
}

static void put_at(const char *name, off_t pos, const void *data, size_t len)
{
	char path[256];
	int fd;

	path_of(path, sizeof(path), name);
	fd = open(path, O_WRONLY | O_CREAT, 0644);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, data, len, pos), len);
	close(fd);
}

static void drop(const char *name)
{
	char path[256];

	path_of(path, sizeof(path), name);
	unlink(path);
}

static void put(const char *name, const char *text)
{
	drop(name);
	put_at(name, 0, text, strlen(text));
}

static int tree_make(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/mmuscope-live-XXXXXX");
	host = mkdtemp(root) ? host_debugfs_create(root) : NULL;
	return host ? 0 : -1;
}

static int tree_drop(void **state)
{
	char command[128];

	(void)state;
	refuse_path = NULL;
	read_failures = 0;
	host->ops->close(host);
	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	return system(command);
}

static const struct live_vm vm12 = { .pid = 12, .fd = 3, .dir = "12-3" };

/* ---- is the module there? -------------------------------------------------------------------- */

static enum live_state check(int *error)
{
	struct live_info info;
	enum live_state state = live_check(host, &info);

	*error = info.error;
	live_info_free(&info);
	return state;
}

static void each_reason_has_its_state(void **state)
{
	int error;

	(void)state;
	assert_int_equal(check(&error), LIVE_NOT_LOADED);
	assert_int_equal(error, ENOENT);
	put("/sys/module/mmuscope/refcnt", "0\n");
	assert_int_equal(check(&error), LIVE_NO_DEBUGFS);
	put("/proc/mounts", "debugfs /mnt debugfs rw 0 0\n");
	assert_int_equal(check(&error), LIVE_NO_DEBUGFS);
	put("/proc/mounts", "debugfs /sys/kernel/debug debugfs rw 0 0\n");
	assert_int_equal(check(&error), LIVE_NO_TREE);

	put(MM "info", "abi_version 1\n");
	refuse_path = "/info";
	refuse_error = EACCES;
	assert_int_equal(check(&error), LIVE_DENIED);
	assert_int_equal(error, EACCES);
	refuse_error = EIO;
	assert_int_equal(check(&error), LIVE_ERROR);
	assert_int_equal(error, EIO);
	refuse_error = EPERM;
	assert_int_equal(check(&error), LIVE_DENIED);
	put("/sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
	assert_int_equal(check(&error), LIVE_DENIED);
	put("/sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	assert_int_equal(check(&error), LIVE_LOCKDOWN);
	put("/sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
	assert_int_equal(check(&error), LIVE_LOCKDOWN);
	refuse_path = NULL;
	assert_int_equal(check(&error), LIVE_OK);
}

static void another_abi_is_not_spoken(void **state)
{
	struct live_info info;
	int error;

	(void)state;
	put(MM "info", "abi_version 2\n");
	assert_int_equal(check(&error), LIVE_OTHER_ABI);
	put(MM "info", "module_version 1\n");
	assert_int_equal(check(&error), LIVE_OTHER_ABI);
	put(MM "info", "abi_version 1x\n");
	assert_int_equal(check(&error), LIVE_OTHER_ABI);
	put(MM "info", "module_version 0.1\nabi_version 1\nkernel 6.1\nmode vhe\npage_size 4096\n"
	    "at 1\nvmid_bits 16");
	assert_int_equal(live_check(host, &info), LIVE_OK);
	assert_string_equal(info.module_version, "0.1");
	assert_string_equal(info.mode, "vhe");
	assert_int_equal(info.page_size, 4096);
	assert_int_equal(info.at, 1);
	assert_int_equal(info.vmid_bits, 16);
	live_info_free(&info);
}

static void reading_fails_loudly(void **state)
{
	char deep[5000];
	size_t len;
	int err = 0;

	(void)state;
	memset(deep, 'd', sizeof(deep) - 1);
	deep[sizeof(deep) - 1] = '\0';
	assert_null(live_read(host, &len, &err, "%s", deep));
	assert_int_equal(err, -ENAMETOOLONG);
	err = 0;
	assert_null(host->ops->read_file(host, deep, &len, &err));
	assert_int_equal(err, -ENAMETOOLONG);

	put(MM "info", "abi_version 1\n");
	read_failures = 1;
	read_error = ESTALE;
	assert_null(live_read(host, &len, &err, "info"));
	assert_int_equal(err, -ESTALE);
	read_failures = 3;
	read_error = EINTR;
	free(live_read(host, &len, &err, "info"));
	assert_int_equal(len, strlen("abi_version 1\n"));
	assert_int_equal(read_failures, 0);
}

static void a_long_file_is_read_whole(void **state)
{
	static char text[30000];
	size_t len, i;
	char *got;
	int err;

	(void)state;
	for (i = 0; i < sizeof(text) - 1; i++)
		text[i] = i % 50 == 49 ? '\n' : 'a' + i % 26;
	put(MM "vms", text);
	got = live_read(host, &len, &err, "vms");
	assert_non_null(got);
	assert_int_equal(len, sizeof(text) - 1);
	assert_memory_equal(got, text, sizeof(text));
	free(got);
}

/* ---- lines ----------------------------------------------------------------------------------- */

static void lines_by_name(void **state)
{
	const char *text = "ab 1\nabc 2\nabc\t  3\n# note text here\nnumber 0x10 rest\nbad x\n"
			   "last 7";
	const char *pos = text;
	uint64_t n;
	char v[8];

	(void)state;
	assert_true(live_text(text, "abc", v, sizeof(v)));
	assert_string_equal(v, "2");
	assert_int_equal(*live_next(&pos, "abc"), '2');
	assert_int_equal(*live_next(&pos, "abc"), '3');
	assert_null(live_next(&pos, "abc"));
	assert_true(live_text(text, "# note", v, sizeof(v)));
	assert_string_equal(v, "text he");
	assert_false(live_text(text, "a", v, sizeof(v)));
	assert_true(live_number(text, "number", &n));
	assert_int_equal(n, 16);
	assert_true(live_number(text, "last", &n));
	assert_int_equal(n, 7);
	assert_false(live_number(text, "bad", &n));
	assert_false(live_number(text, "none", &n));
	pos = NULL;
	assert_null(live_next(&pos, "x"));
}

/* ---- VMs ------------------------------------------------------------------------------------- */

static void vms_as_listed(void **state)
{
	static const char qemu[] = "qemu\0-name\0guest=we,,b,debug-threads=on\0-m\0001G";
	static const char options[] = "qemu\0--name\0debug-threads=on";
	static const char odd[] = "qemu\0-name\0a\001b";
	static const char cut[] = "qemu\0-name";
	struct live_vm *vms;
	char line[400];
	size_t n;

	(void)state;
	snprintf(line, sizeof(line), "12-3 12 3 2 qemu-system\nnot a line\n5/x 5 1 1 x\n7-1 7 1 1\n"
		 "8-1 8 1 1 %0200d\n9-1 9 1 1 q\n", 1);
	put(MM "vms", line);
	put_at("/proc/12/cmdline", 0, qemu, sizeof(qemu));
	put_at("/proc/7/cmdline", 0, options, sizeof(options));
	put_at("/proc/8/cmdline", 0, odd, sizeof(odd));
	put_at("/proc/9/cmdline", 0, cut, sizeof(cut));
	put(VM "info", "ipa_bits 40\nstart_level -1\nvmid 0x10007\nstage2 hidden\n");
	put(MM "vm/7-1/info", "stage2 visible\nvmid 0x10009\n");
	put(MM "vm/8-1/info", "granule_shift 14\n");

	assert_int_equal(live_vms(host, 8, &vms, &n), 0);
	assert_int_equal(n, 4);
	assert_string_equal(vms[0].dir, "12-3");
	assert_int_equal(vms[0].vcpus, 2);
	assert_string_equal(vms[0].comm, "qemu-system");
	assert_string_equal(vms[0].name, "we,b");
	assert_int_equal(vms[0].start_level, -1);
	assert_int_equal(vms[0].vmid, 7);
	assert_int_equal(vms[0].generation, 0x100);
	assert_int_equal(vms[0].stage2, STAGE2_HIDDEN);
	assert_string_equal(vms[1].name, "");
	assert_string_equal(vms[1].comm, "");
	assert_int_equal(vms[1].stage2, STAGE2_VISIBLE);
	assert_int_equal(strlen(vms[2].comm), LIVE_TEXT_MAX - 1);
	assert_string_equal(vms[2].name, "a?b");
	assert_int_equal(vms[2].granule_shift, 14);
	assert_int_equal(vms[2].stage2, STAGE2_VISIBLE);
	assert_int_equal(vms[3].error, -ENOENT);
	assert_string_equal(vms[3].name, "");

	assert_true(live_vm_is(&vms[0], "12"));
	assert_true(live_vm_is(&vms[0], "12-3"));
	assert_true(live_vm_is(&vms[0], "we,b"));
	assert_true(live_vm_is(&vms[0], "qemu-system"));
	assert_true(live_vm_is(&vms[0], "vmid:7"));
	assert_false(live_vm_is(&vms[0], "vmid:8"));
	assert_false(live_vm_is(&vms[0], "vmid:7x"));
	assert_false(live_vm_is(&vms[0], "vmid:"));
	assert_false(live_vm_is(&vms[2], "vmid:0"));
	assert_false(live_vm_is(&vms[3], "vmid:0"));
	free(vms);

	assert_int_equal(live_vms(host, 0, &vms, &n), 0);
	assert_int_equal(vms[0].vmid, 0x10007);
	free(vms);
	drop(MM "vms");
	assert_int_equal(live_vms(host, 8, &vms, &n), -ENOENT);
	assert_null(vms);
}

static void a_vcpu_may_be_named(void **state)
{
	unsigned int vcpu = 99;
	char name[16];

	(void)state;
	assert_true(live_split_vcpu("web", name, sizeof(name), &vcpu));
	assert_int_equal(vcpu, 99);
	assert_true(live_split_vcpu("web:3", name, sizeof(name), &vcpu));
	assert_string_equal(name, "web");
	assert_int_equal(vcpu, 3);
	vcpu = 99;
	assert_true(live_split_vcpu("vmid:5", name, sizeof(name), &vcpu));
	assert_string_equal(name, "vmid:5");
	assert_int_equal(vcpu, 99);
	assert_true(live_split_vcpu("vmid:5:1", name, sizeof(name), &vcpu));
	assert_string_equal(name, "vmid:5");
	assert_int_equal(vcpu, 1);
	assert_true(live_split_vcpu("abcd:6", name, sizeof(name), &vcpu));
	assert_int_equal(vcpu, 6);
	assert_true(live_split_vcpu("web:x1", name, sizeof(name), &vcpu));
	assert_string_equal(name, "web:x1");
	assert_true(live_split_vcpu("web:", name, sizeof(name), &vcpu));
	assert_true(live_split_vcpu("w:99999999999", name, sizeof(name), &vcpu));
	assert_true(vcpu == ~0u);
	assert_false(live_split_vcpu(":1", name, sizeof(name), &vcpu));
	assert_false(live_split_vcpu("", name, sizeof(name), &vcpu));
	assert_false(live_split_vcpu("0123456789abcdef", name, sizeof(name), &vcpu));
}

static void slots_as_listed(void **state)
{
	struct live_slot *slots;
	size_t n;

	(void)state;
	assert_int_equal(live_slots(host, &vm12, &slots, &n), -ENOENT);
	put(VM "slots", "slot 0 0 0x40000000 0x1000 0x2 0x7f0000000000\nslot 1 0\nother 1\n"
	    "slot 2 1 0x80000000 0x2000 0x0 0x7f1000000000");
	assert_int_equal(live_slots(host, &vm12, &slots, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(slots[0].flags, 2);
	assert_true(slots[0].hva == 0x7f0000000000);
	assert_ptr_equal(live_slot_find(slots, n, 0x40000fff), &slots[0]);
	assert_null(live_slot_find(slots, n, 0x40001000));
	assert_null(live_slot_find(slots, n, 0x3fffffff));
	assert_ptr_equal(live_slot_find(slots, n, 0x80001fff), &slots[1]);
	free(slots);
}

/* ---- stage 2, all at once -------------------------------------------------------------------- */

struct stream {
	char data[4096];
	size_t len;
};

static void record(struct stream *s, uint32_t type, uint64_t pa, uint32_t nwords, uint32_t flags,
		   uint64_t word)
{
	struct mmuscope_record rec = { .type = type, .nwords = nwords, .flags = flags, .pa = pa };
	uint32_t i;

	memcpy(s->data + s->len, &rec, sizeof(rec));
	s->len += sizeof(rec);
	for (i = 0; i < nwords; i++, s->len += 8, word++)
		memcpy(s->data + s->len, &word, 8);
}

static struct source *open_vm(void)
{
	int err = 0;
	struct source *s = host->ops->open_vm(host, &vm12, &err);

	assert_non_null(s);
	return s;
}

static int load_stream(struct stream *s, struct stage2_stream *said)
{
	struct source *source;
	int ret;

	drop(VM "stage2");
	put_at(VM "stage2", 0, s->data, s->len);
	source = open_vm();
	ret = host->ops->load_stage2(host, &vm12, source, said);
	source->ops->close(source);
	return ret;
}

static uint64_t word_at(struct source *s, uint64_t pa_, int *ret)
{
	struct table_ref ref = { .stage = 2, .level = 1, .ia = 0x40000000, .pa = pa(pa_) };
	uint64_t word = 0;

	*ret = s->ops->read_table(s, &ref, &word, sizeof(word));
	return word;
}

static void words_of_the_stream(void **state)
{
	struct stream s = { .len = 0 };
	struct stage2_stream said;
	struct source *source;
	uint64_t two[2];
	struct table_ref ref = { .stage = 2, .pa = { 0x1018 } };
	int ret;

	(void)state;
	record(&s, MMUSCOPE_REC_TABLE, 0x3000, 4, 0, 300);
	record(&s, MMUSCOPE_REC_TABLE, 0x1000, 4, MMUSCOPE_RECF_ROOT, 100);
	record(&s, MMUSCOPE_REC_GONE, 0x4000, 0, 0, 0);
	record(&s, MMUSCOPE_REC_UNREADABLE, 0x2000, 0, 0, 0);
	record(&s, MMUSCOPE_REC_TABLE, 0x5000, 0, 0, 0);
	record(&s, MMUSCOPE_REC_END, 2, 0, 0, 0);
	put_at(VM "stage2", 0, s.data, s.len);
	source = open_vm();
	assert_int_equal(host->ops->load_stage2(host, &vm12, source, &said), 0);
	assert_int_equal(said.tables, 3);
	assert_int_equal(said.gone, 1);
	assert_int_equal(said.unreadable, 1);
	assert_true(said.changed);
	assert_int_equal(word_at(source, 0x1008, &ret), 101);
	assert_int_equal(ret, 0);
	assert_int_equal(word_at(source, 0x3018, &ret), 303);
	word_at(source, 0x3020, &ret);
	assert_int_equal(ret, -ENXIO);
	word_at(source, 0x800, &ret);
	assert_int_equal(ret, -ENXIO);
	word_at(source, 0x4000, &ret);
	assert_int_equal(ret, -EAGAIN);
	word_at(source, 0x2000, &ret);
	assert_int_equal(ret, -EIO);
	word_at(source, 0x2008, &ret);
	assert_int_equal(ret, -ENXIO);
	word_at(source, 0x5000, &ret);
	assert_int_equal(ret, -ENXIO);
	/* Beyond the end of the table by one word */
	assert_int_equal(source->ops->read_table(source, &ref, two, sizeof(two)), -ENXIO);
	source->ops->close(source);

	/* Many tables, and without being asked for */
	s.len = 0;
	for (ret = 0; ret < 70; ret++)
		record(&s, MMUSCOPE_REC_TABLE, 0x1000 * (70 - ret), 1, 0, ret);
	record(&s, MMUSCOPE_REC_END, 70, 0, MMUSCOPE_RECF_CHANGED, 0);
	assert_int_equal(load_stream(&s, &said), 0);
	assert_int_equal(said.tables, 70);
	assert_true(said.changed);
	source = open_vm();
	assert_int_equal(word_at(source, 0x2000, &ret), 68);
	assert_int_equal(ret, 0);
	source->ops->close(source);
}

static void streams_that_are_none(void **state)
{
	struct stage2_stream said;
	struct stream s = { .len = 0 };
	struct source *source;
	int err = 0, ret;

	(void)state;
	assert_int_equal(load_stream(&s, &said), -EPIPE);
	record(&s, MMUSCOPE_REC_TABLE, 0x1000, 4, 0, 0);
	assert_int_equal(load_stream(&s, &said), -EPIPE);
	s.len -= 8;
	assert_int_equal(load_stream(&s, &said), -EPIPE);
	s.len = 0;
	record(&s, 77, 0x1000, 0, 0, 0);
	assert_int_equal(load_stream(&s, &said), -EPROTO);
	s.len = 0;
	record(&s, MMUSCOPE_REC_TABLE, 0x1000, 0, 0, 0);
	((struct mmuscope_record *)s.data)->nwords = 8193;
	assert_int_equal(load_stream(&s, &said), -EPROTO);

	/* A reader that fails, and one that is interrupted */
	s.len = 0;
	record(&s, MMUSCOPE_REC_END, 0, 0, 0, 0);
	read_failures = 1;
	read_error = ESTALE;
	assert_int_equal(load_stream(&s, &said), -ESTALE);
	read_failures = 1;
	read_error = EINTR;
	assert_int_equal(load_stream(&s, &said), 0);

	/* None at all */
	drop(VM "stage2");
	assert_null(host->ops->open_vm(host, &vm12, &err));
	assert_int_equal(err, -ENOENT);
	put(VM "path", "");
	refuse_path = "/path";
	refuse_error = EACCES;
	assert_null(host->ops->open_vm(host, &vm12, &err));
	assert_int_equal(err, -EACCES);
	refuse_path = NULL;
	source = open_vm();
	assert_int_equal(host->ops->load_stage2(host, &vm12, source, &said), -ENOENT);
	word_at(source, 0x1000, &ret);
	assert_int_equal(ret, -EPROTO);
	source->ops->close(source);
}

/* ---- one walk at a time ---------------------------------------------------------------------- */

static const struct mmuscope_path walk = {
	.root = 0x1000, .nsteps = 3,
	.step = { { .pa = 0x1008, .word = 0x2003, .level = 1 },
		  { .pa = 0x2000, .word = 0x3003, .level = 2 },
		  { .pa = 0x3000, .level = 3, .flags = MMUSCOPE_STEPF_UNREADABLE } },
};

static int step_at(struct source *s, uint64_t ia, int level, uint64_t pa_, uint64_t *word)
{
	struct table_ref ref = { .stage = 2, .level = level, .ia = ia, .pa = pa(pa_) };

	*word = 0;
	return s->ops->read_table(s, &ref, word, sizeof(*word));
}

static void words_of_a_path(void **state)
{
	struct mmuscope_path broken = walk;
	struct table_ref ref = { .stage = 1, .ia = 0x5123 };
	struct source *s;
	uint64_t word;
	char buf[16];

	(void)state;
	put_at(VM "path", 0x5000, &walk, sizeof(walk));
	s = open_vm();
	assert_int_equal(step_at(s, 0x5123, 1, 0x1008, &word), 0);
	assert_true(word == 0x2003);
	assert_int_equal(step_at(s, 0x5123, 2, 0x2000, &word), 0);
	assert_true(word == 0x3003);
	assert_int_equal(step_at(s, 0x5123, 3, 0x3000, &word), -EIO);
	/* Not in the walk that was read: the tables are others now */
	assert_int_equal(step_at(s, 0x5123, 2, 0x9000, &word), -EAGAIN);
	/* Nothing is there */
	assert_int_equal(step_at(s, 0x50005000, 1, 0x1008, &word), -EPROTO);

	broken.nsteps = MMUSCOPE_STEPS + 1;
	put_at(VM "path", 0x8000, &broken, sizeof(broken));
	assert_int_equal(step_at(s, 0x8000, 1, 0x1008, &word), -EPROTO);

	/* The module may ask for patience, but not for ever */
	read_failures = 3;
	read_error = EAGAIN;
	assert_int_equal(step_at(s, 0x5123, 1, 0x1008, &word), 0);
	read_failures = 1000;
	assert_int_equal(step_at(s, 0x5123, 1, 0x1008, &word), -EAGAIN);
	read_failures = 1;
	read_error = ESTALE;
	assert_int_equal(step_at(s, 0x5123, 1, 0x1008, &word), -ESTALE);

	/* Stage 1 of a guest has no name but its IPA, and this tree has no memory */
	assert_int_equal(s->ops->read_table(s, &ref, buf, 8), -ENXIO);
	ref.has_ipa = true;
	assert_int_equal(s->ops->read_table(s, &ref, buf, 8), -ENOENT);
	s->ops->close(s);
}

static void guest_memory_by_ipa(void **state)
{
	struct ipa at = { 0x2ff8 };
	struct source *s;
	char buf[16];

	(void)state;
	put_at(VM "path", 0, &walk, sizeof(walk));
	put_at(VM "mem", 0x2ff8, "12345678", 8);
	s = open_vm();
	assert_int_equal(s->ops->read_mem(s, pa(0), &at, buf, 8), 0);
	assert_memory_equal(buf, "12345678", 8);
	/* The file ends in the middle */
	assert_int_equal(s->ops->read_mem(s, pa(0), &at, buf, 16), -ENXIO);
	assert_int_equal(s->ops->read_mem(s, pa(0x2ff8), NULL, buf, 8), -EOPNOTSUPP);
	read_failures = 1;
	read_error = EIO;
	assert_int_equal(s->ops->read_mem(s, pa(0), &at, buf, 8), -EIO);
	s->ops->close(s);
}

/* ---- the host -------------------------------------------------------------------------------- */

static void tables_of_the_host(void **state)
{
	struct table_ref ref = { .stage = 1, .level = 1, .ia = 0x7000, .pa = { 0x1008 } };
	uint64_t word, table;
	struct ipa at = { 0 };
	struct source *s;
	int err = 0;

	(void)state;
	assert_null(host->ops->open_own(host, 0, &err));
	assert_int_equal(err, -ENOENT);
	put_at(MM "host/kernel", 0x7000, &walk, sizeof(walk));
	s = host->ops->open_own(host, 0, &err);
	assert_non_null(s);
	assert_int_equal(s->ops->read_table(s, &ref, &word, sizeof(word)), 0);
	assert_true(word == 0x2003);
	assert_int_equal(s->ops->read_table(s, &ref, &word, 4), -EINVAL);
	assert_int_equal(s->ops->read_mem(s, pa(0), &at, &word, 8), -EOPNOTSUPP);
	assert_int_equal(host->ops->own_root(host, s, 0x7000, &table), 0);
	assert_true(table == 0x1000);
	/* No plain file has such an offset, and that is an error, not the end of the file */
	ref.ia = 0xffff800008000000;
	assert_int_equal(s->ops->read_table(s, &ref, &word, sizeof(word)), -EINVAL);
	s->ops->close(s);

	/* A process and its page share the position */
	put_at(MM "host/user", MMUSCOPE_USER_POS(1, 0x7000), &walk, sizeof(walk));
	s = host->ops->open_own(host, 1, &err);
	assert_non_null(s);
	ref.ia = 0x7abc;
	assert_int_equal(s->ops->read_table(s, &ref, &word, sizeof(word)), 0);
	s->ops->close(s);
}

static void answers_of_the_cpu(void **state)
{
	struct mmuscope_at said = { .par = 0x80b, .cpu = 3 }, got;

	(void)state;
	assert_int_equal(host->ops->at(host, NULL, 0, "s1e1r", 0x1234, &got), -ENOENT);
	put_at(MM "host/at/s1e1r", 0x1000, &said, sizeof(said));
	assert_int_equal(host->ops->at(host, NULL, 0, "s1e1r", 0x1234, &got), 0);
	assert_true(got.par == 0x80b && got.cpu == 3);
	put_at(VM "vcpu1/at/s12e1w", 0, &said, sizeof(said) - 1);
	assert_int_equal(host->ops->at(host, &vm12, 1, "s12e1w", 0x234, &got), -EPROTO);
	read_failures = 1;
	read_error = ENODATA;
	assert_int_equal(host->ops->at(host, &vm12, 1, "s12e1w", 0x234, &got), -ENODATA);
}

#define LIVE(test)	cmocka_unit_test_setup_teardown(test, tree_make, tree_drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(each_reason_has_its_state),
		LIVE(another_abi_is_not_spoken),
		LIVE(reading_fails_loudly),
		LIVE(a_long_file_is_read_whole),
		LIVE(lines_by_name),
		LIVE(vms_as_listed),
		LIVE(a_vcpu_may_be_named),
		LIVE(slots_as_listed),
		LIVE(words_of_the_stream),
		LIVE(streams_that_are_none),
		LIVE(words_of_a_path),
		LIVE(guest_memory_by_ipa),
		LIVE(tables_of_the_host),
		LIVE(answers_of_the_cpu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
