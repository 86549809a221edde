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
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "bench.h"
#include "host-files.h"
#include "tables.h"

#define VMS	100

/* ---- snapshots ------------------------------------------------------------------------------- */

static const char *snapshot_path(const struct bench *b, char path[SCRATCH_PATH], unsigned int i)
{
	char name[32];

	snprintf(name, sizeof(name), "vm%u.mms", i);
	return bench_path(b, path, name);
}

static int take_snapshot(struct bench *b, const struct tables *t)
{
	char file[SCRATCH_PATH];

	return host_files(b, 1) || host_files_vm(b, t, 0) ||
	       host_files_snapshot(b, snapshot_path(b, file, 0)) ? -1 : 0;
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
	if (bench_run_again(b, &c))
		return -1;
	if (!strstr(c.last, want))
		return bench_wrong(b, "find %s: not \"%s\" but %s", address, want, c.last);
	*median = c.seconds;
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
