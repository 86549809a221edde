// SPDX-License-Identifier: GPL-2.0-only
/*
 * One address looked for in many snapshots of VMs whose stage 2 maps pages.
 *
 * The snapshots are made as they would be elsewhere: a host's files, as a captured tree, of which
 * the program takes one. Copies of it are the others.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <mmuscope.h>

#include "bench.h"
#include "tables.h"

#define VMS		100
#define REPEATS		3
#define DEBUGFS		"tree/sys/kernel/debug/mmuscope/"
#define VM		DEBUGFS "vm/1234-10/"

/* ---- a host with one VM ---------------------------------------------------------------------- */

static void make_folders(const char *path)
{
	char folder[SCRATCH_PATH];
	char *slash = folder;

	strcpy(folder, path);
	while ((slash = strchr(slash + 1, '/'))) {
		*slash = 0;
		mkdir(folder, 0700);
		*slash = '/';
	}
}

static int put_text(struct bench *b, const char *name, const char *text)
{
	char path[SCRATCH_PATH];

	make_folders(bench_path(b, path, name));
	return bench_write(b, path, text, strlen(text));
}

static int put_record(FILE *f, const struct tables *t, int level, size_t i)
{
	const uint64_t *table = tables_table(t, level, i);
	struct mmuscope_record r = {
		.type = MMUSCOPE_REC_TABLE, .nwords = 512, .level = level,
		.flags = level ? 0 : MMUSCOPE_RECF_ROOT,
		.pa = t->base + (table - t->word) * 8, .ia = (uint64_t)i << (48 - 9 * level),
		.seq = 1,
	};

	return fwrite(&r, sizeof(r), 1, f) == 1 && fwrite(table, 4096, 1, f) == 1 ? 0 : -1;
}

/* A table before the tables below it, as the module does */
static int put_tables(FILE *f, const struct tables *t, int level, size_t i)
{
	size_t child, end = (i + 1) * 512;

	if (put_record(f, t, level, i))
		return -1;
	if (level == 3)
		return 0;
	end = end < tables_count(t, level + 1) ? end : tables_count(t, level + 1);
	for (child = i * 512; child < end; child++)
		if (put_tables(f, t, level + 1, child))
			return -1;
	return 0;
}

static int put_stream(struct bench *b, const struct tables *t)
{
	struct mmuscope_record end = {
		.type = MMUSCOPE_REC_END, .pa = t->len / 4096, .ia = 1, .seq = 1,
	};
	char path[SCRATCH_PATH];
	FILE *f = fopen(bench_path(b, path, VM "stage2"), "w");

	if (f && !put_tables(f, t, 0, 0) && fwrite(&end, sizeof(end), 1, f) == 1 && !fclose(f))
		return 0;
	return bench_wrong(b, "%s: %s", path, strerror(errno));
}

static int put_host(struct bench *b, const struct tables *t)
{
	char info[512], regs[TABLES_REGS + 64] = "# state never-run\n# cpu -1\n# source memory\n";

	tables_regs(regs + strlen(regs), NULL, t);
	snprintf(info, sizeof(info),
		 "pid 1234\nfd 10\nvcpus 1\ncreated_vcpus 1\nusers 2\nipa_bits 48\n"
		 "start_level 0\ngranule_shift 12\nVTCR_EL2 0x80053590\nVTTBR_EL2 %#llx\n"
		 "vmid 0x10007\npgd_phys %#llx\ninvalidate_seq 1\nstage2 visible\n"
		 "dirty_log 0\n", (unsigned long long)t->base, (unsigned long long)t->base);
	return put_text(b, "tree/proc/mounts", "debugfs /sys/kernel/debug debugfs rw 0 0\n") ||
	       put_text(b, "tree/proc/sys/kernel/osrelease", "6.1.0\n") ||
	       put_text(b, "tree/proc/1234/comm", "vmm\n") ||
	       put_text(b, "tree/sys/module/mmuscope/initstate", "live\n") ||
	       put_text(b, DEBUGFS "info", "module_version 0.1.0\nabi_version 1\nkernel 6.1.0\n"
			"page_size 4096\nmode vhe\nat 0\nvmid_bits 16\n") ||
	       put_text(b, DEBUGFS "vms", "1234-10 1234 10 1 vmm\n") ||
	       put_text(b, VM "info", info) || put_text(b, VM "slots", "") ||
	       put_text(b, VM "vcpu0/regs", regs) || put_stream(b, t);
}

/* ---- snapshots ------------------------------------------------------------------------------- */

static const char *snapshot_path(const struct bench *b, char path[SCRATCH_PATH], unsigned int i)
{
	char name[32];

	snprintf(name, sizeof(name), "vm%u.mms", i);
	return bench_path(b, path, name);
}

static int take_snapshot(struct bench *b, const struct tables *t)
{
	char tree[SCRATCH_PATH], file[SCRATCH_PATH];
	const char *argv[] = { NULL, "--sysroot", bench_path(b, tree, "tree"), "snapshot", "-o",
			       snapshot_path(b, file, 0), NULL };
	struct child c = { .argv = argv };

	return put_host(b, t) || bench_run(b, &c) ? -1 : 0;
}

/* On the disk before it is read again, so that writing it does not disturb what is measured */
static int copy(struct bench *b, const void *data, size_t len, unsigned int i)
{
	char path[SCRATCH_PATH];
	int fd, ret;

	if (bench_write(b, snapshot_path(b, path, i), data, len))
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ret = fd < 0 || fsync(fd);
	close(fd);
	return ret ? bench_wrong(b, "%s: %s", path, strerror(errno)) : 0;
}

/* As many as are wanted, or as half of what is free on the disk holds; 0: it went wrong */
static unsigned int copy_snapshots(struct bench *b, unsigned int wanted)
{
	char path[SCRATCH_PATH];
	unsigned int i, n = 0;
	struct statvfs fs;
	struct stat st;
	void *data;
	int fd;

	fd = open(snapshot_path(b, path, 0), O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) || fstatvfs(fd, &fs))
		goto out;
	n = fs.f_bavail * fs.f_frsize / 2 / st.st_size;
	n = n < 1 ? 1 : n < wanted ? n : wanted;
	data = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED) {
		n = 0;
		goto out;
	}
	for (i = 1; i < n; i++)
		if (copy(b, data, st.st_size, i))
			break;
	n = i < n ? 0 : n;
	munmap(data, st.st_size);
out:
	if (!n)
		bench_wrong(b, "%s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return n;
}

/* ---- the case -------------------------------------------------------------------------------- */

static int look(struct bench *b, unsigned int vms, uint64_t pa, bool there, double *median)
{
	static const char *argv[2 * VMS + 8];
	static char path[VMS][SCRATCH_PATH];
	struct child c = { .argv = argv, .status = there ? 0 : 1, .count = true };
	char address[32], want[64];
	double seconds[REPEATS];
	unsigned int i, n = 1;

	for (i = 0; i < vms; i++) {
		argv[n++] = "--snapshot";
		argv[n++] = snapshot_path(b, path[i], i);
	}
	snprintf(address, sizeof(address), "%#llx", (unsigned long long)pa);
	argv[n++] = "find";
	argv[n++] = address;
	argv[n++] = "--jobs";
	argv[n++] = "1";
	argv[n] = NULL;
	snprintf(want, sizeof(want), "# %u found in %u of %u VMs", there ? vms : 0,
		 there ? vms : 0, vms);
	n = b->smoke ? 1 : REPEATS;
	for (i = 0; i < n; i++) {
		if (bench_run(b, &c))
			return -1;
		if (!strstr(c.last, want))
			return bench_wrong(b, "find %s: not \"%s\" but %s", address, want, c.last);
		seconds[i] = c.seconds;
	}
	*median = bench_median(seconds, n);
	return 0;
}

static int find(struct bench *b)
{
	struct tables t = {
		.base = 0x100000000000, .span = b->smoke ? MIB(16) : GIB(16), .stage = 2,
		.pattern = PATTERN_SCATTERED, .output = GIB(64),
	};
	double there, absent;
	unsigned int vms;
	int ret;

	if (tables_make(&t))
		return bench_wrong(b, "no memory");
	ret = take_snapshot(b, &t);
	vms = ret ? 0 : copy_snapshots(b, b->smoke ? 2 : VMS);
	if (!vms || look(b, vms, tables_output(&t, t.span / 3 & ~UINT64_C(0xfff)), true, &there) ||
	    look(b, vms, GIB(32), false, &absent)) {
		tables_free(&t);
		return -1;
	}
	tables_free(&t);
	bench_row(b, (struct bench_row){ .name = "snapshots of 16 GiB", .unit = "", .value = vms });
	bench_row(b, (struct bench_row){ .name = "10 of them, all map the PA", .unit = "s",
		  .value = there * 10 / vms, .kind = GOAL_VALUE_MAX, .goal = 1 });
	bench_row(b, (struct bench_row){ .name = "10 of them, none maps it", .unit = "s",
		  .value = absent * 10 / vms, .kind = GOAL_VALUE_MAX, .goal = 1 });
	return 0;
}

const struct bench_case case_find = {
	"find", "one PA in snapshots of VMs of 16 GiB mapped by pages, one thread", find
};
