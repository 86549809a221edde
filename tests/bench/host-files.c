// SPDX-License-Identifier: GPL-2.0-only
/*
 * A host's files, made up.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <mmuscope.h>

#include "bench.h"
#include "host-files.h"

#define DEBUGFS		"tree/sys/kernel/debug/mmuscope/"

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

static int put_stream(struct bench *b, const struct tables *t, const char *name)
{
	struct mmuscope_record end = {
		.type = MMUSCOPE_REC_END, .pa = t->len / 4096, .ia = 1, .seq = 1,
	};
	char path[SCRATCH_PATH];
	FILE *f = fopen(bench_path(b, path, name), "w");

	if (f && !put_tables(f, t, 0, 0) && fwrite(&end, sizeof(end), 1, f) == 1 && !fclose(f))
		return 0;
	return bench_wrong(b, "%s: %s", path, strerror(errno));
}

int host_files_vm(struct bench *b, const struct tables *t, unsigned int i)
{
	char name[96], info[512], regs[TABLES_REGS + 64];
	int n = snprintf(name, sizeof(name), DEBUGFS "vm/%u-10/", HOST_FILES_PID + i);

	snprintf(regs, sizeof(regs), "# state never-run\n# cpu -1\n# source memory\n");
	tables_regs(regs + strlen(regs), NULL, t);
	snprintf(info, sizeof(info),
		 "pid %u\nfd 10\nvcpus 1\ncreated_vcpus 1\nusers 2\nipa_bits 48\n"
		 "start_level 0\ngranule_shift 12\nVTCR_EL2 0x80053590\nVTTBR_EL2 %#llx\n"
		 "vmid %#x\npgd_phys %#llx\ninvalidate_seq 1\nstage2 visible\ndirty_log 0\n",
		 HOST_FILES_PID + i, (unsigned long long)t->base, 1 + i,
		 (unsigned long long)t->base);
	strcpy(name + n, "info");
	if (put_text(b, name, info))
		return -1;
	strcpy(name + n, "slots");
	if (put_text(b, name, ""))
		return -1;
	strcpy(name + n, "vcpu0/regs");
	if (put_text(b, name, regs))
		return -1;
	strcpy(name + n, "stage2");
	return put_stream(b, t, name);
}

int host_files(struct bench *b, unsigned int vms)
{
	char list[64 * HOST_FILES_VMS], name[64];
	unsigned int i;
	int n = 0;

	for (i = 0; i < vms; i++) {
		n += snprintf(list + n, sizeof(list) - n, "%u-10 %u 10 1 vmm\n",
			      HOST_FILES_PID + i, HOST_FILES_PID + i);
		snprintf(name, sizeof(name), "tree/proc/%u/comm", HOST_FILES_PID + i);
		if (put_text(b, name, "vmm\n"))
			return -1;
	}
	return put_text(b, "tree/proc/mounts", "debugfs /sys/kernel/debug debugfs rw 0 0\n") ||
	       put_text(b, "tree/proc/sys/kernel/osrelease", "6.1.0\n") ||
	       put_text(b, "tree/sys/module/mmuscope/initstate", "live\n") ||
	       put_text(b, DEBUGFS "info", "module_version 0.1.0\nabi_version 1\nkernel 6.1.0\n"
			"page_size 4096\nmode vhe\nat 0\nvmid_bits 16\n") ||
	       put_text(b, DEBUGFS "vms", list) ? -1 : 0;
}

int host_files_snapshot(struct bench *b, const char *path)
{
	char tree[SCRATCH_PATH];
	const char *argv[] = { NULL, "--sysroot", bench_path(b, tree, "tree"), "snapshot", "-o",
			       path, NULL };
	struct child c = { .argv = argv };
	int ret = bench_run(b, &c);

	bench_remove(tree);
	return ret;
}
