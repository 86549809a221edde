// SPDX-License-Identifier: GPL-2.0-only
/*
 * One allocation after the other made to fail: /proc/thread-self/fail-nth
 * (Documentation/fault-injection/fault-injection.rst). What the kernel counts
 * is for whoever set up failslab and fail_page_alloc to choose.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <uapi/mmuscope.h>
#include <unistd.h>

#include "abuse.h"

#define LIMIT	2000		/* no path has as many allocations */

static int nth_fd = -1;

static void arm(unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (nth_fd < 0)
		nth_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (nth_fd < 0 || pwrite(nth_fd, text, (size_t)len, 0) != len)
		die("/proc/thread-self/fail-nth: does this kernel have CONFIG_FAULT_INJECTION?");
}

/* Whether the failure came to pass */
static bool disarm(void)
{
	char text[16] = "";

	if (pread(nth_fd, text, sizeof(text) - 1, 0) <= 0)
		die("/proc/thread-self/fail-nth");
	arm(0);
	return atoi(text) == 0;
}

static bool in_vm(const char *path)
{
	return strstr(path, "/vm/");
}

static const char *name_of(const char *path)
{
	return strrchr(path, '/') + 1;
}

static off_t position(const char *path)
{
	const char *name = name_of(path);

	if (!strcmp(name, "user"))
		return (off_t)MMUSCOPE_USER_POS(getpid(), (uintptr_t)&nth_fd);
	if (!strcmp(name, "kernel") || strstr(path, "host/at"))
		return (off_t)0xffff800080000000;
	return in_vm(path) && strcmp(name, "stage2") ? 0x40000000 : 0;
}

/* Opens, reads twice; the error, 0 for none */
static int use(const char *path)
{
	static char buffer[2 * MMUSCOPE_RECORD_MAX];
	const char *name = name_of(path);
	bool text = !strcmp(name, "regs") || !strcmp(name, "info") || !strcmp(name, "slots");
	int fd = open(path, O_RDONLY | O_CLOEXEC), error = 0, i;

	if (fd < 0)
		return errno;
	if (!text)
		lseek(fd, position(path), SEEK_SET);
	for (i = 0; i < 2 && !error; i++)
		if (read(fd, buffer, sizeof(buffer)) < 0)
			error = errno;
	close(fd);
	return error;
}

/*
 * The module, which need not have been loaded. What is loaded is used in the
 * same way as ever, so that a failure that was swallowed shows.
 */
static int load(const char *module)
{
	int fd = open(module, O_RDONLY | O_CLOEXEC), error;

	if (fd < 0)
		return errno;
	error = syscall(SYS_finit_module, fd, "", 0) ? errno : 0;
	close(fd);
	return error;
}

static int unload(void)
{
	return syscall(SYS_delete_module, "mmuscope", O_NONBLOCK) ? errno : 0;
}

static void reload(const char *module)
{
	int i, error = 0;

	/* Others may be looking at its files just now */
	for (i = 0; i < 500; i++) {
		error = unload();
		if (error != EWOULDBLOCK && error != EBUSY)
			break;
		usleep(10000);
	}
	errno = error;
	if (error && error != ENOENT)
		die("unload the module");
	errno = load(module);
	if (errno)
		die("load %s", module);
}

/* What became of the failures of one file */
struct outcome {
	unsigned int failed;	/* allocations that failed */
	unsigned int enomem, survived, other;
	int last;
};

static void note(struct outcome *o, int error)
{
	o->failed++;
	if (!error)
		o->survived++;
	else if (error == ENOMEM)
		o->enomem++;
	else
		o->other++, o->last = error;
}

static void print(const char *what, const struct outcome *o)
{
	printf("fail: %-40s %3u failures: %u ENOMEM, %u without effect, %u other%s%s\n", what, o->failed,
	       o->enomem, o->survived, o->other, o->other ? ", the last: " : "",
	       o->other ? strerror(o->last) : "");
	fflush(stdout);
}

/* Errors that a file may have at any moment, with all the memory there is */
static bool may_be(int error)
{
	return error == EAGAIN || error == ENXIO || error == EINTR || error == EOPNOTSUPP || error == ENODATA;
}

/* How many files and directories there are: none may be missing after what went well */
static unsigned int count(const char *dir)
{
	static struct tree tree;

	tree_read(&tree, dir);
	return tree.n;
}

static bool fail_path(const char *path, const char *module)
{
	bool vms = !strcmp(name_of(path), "vms");
	struct outcome o = { 0 };
	unsigned int n, all;
	char dir[MAX_PATH];
	int error;

	snprintf(dir, sizeof(dir), "%.*s", (int)(name_of(path) - path - 1), path);
	use(path);
	all = count(dir);

	for (n = 1; n < LIMIT; n++) {
		if (vms && module)
			reload(module);
		arm(n);
		error = use(path);
		if (!disarm())
			break;
		note(&o, error);
		error = use(path);
		if (error && !may_be(error)) {
			printf("WRONG %s: %s after failure %u\n", path, strerror(error), n);
			return false;
		}
		if (vms && count(dir) != all) {
			printf("WRONG %s: %u of %u files after failure %u\n", dir, count(dir), all, n);
			return false;
		}
	}
	print(path, &o);
	return n < LIMIT;
}

int fail_files(const char *dir, const char *module)
{
	static struct tree tree;
	unsigned int i, files = 0, bad = 0;
	struct stat st;
	char vms[MAX_PATH];

	/* Before the others: with a module of its own each time, it is what makes their names */
	snprintf(vms, sizeof(vms), "%s/vms", dir);
	bad += !fail_path(vms, module);
	use(vms);
	tree_read(&tree, dir);
	for (i = 0; i < tree.n; i++) {
		/* Of the AT operations one is like the other */
		if (lstat(tree.path[i], &st) || !S_ISREG(st.st_mode) || !strcmp(tree.path[i], vms) ||
		    (strstr(tree.path[i], "/at/") && !strstr(tree.path[i], "/s1e1r")))
			continue;
		files++;
		bad += !fail_path(tree.path[i], module);
	}
	printf("fail: %u files, %u wrong\n", files + 1, bad);
	return bad || files < 5;
}

int fail_load(const char *dir, const char *module)
{
	struct outcome o = { 0 };
	unsigned int n, all, missing = 0;
	int error;

	reload(module);
	all = count(dir);
	unload();
	for (n = 1; n < LIMIT; n++) {
		arm(n);
		error = load(module);
		if (!disarm())
			break;
		note(&o, error);
		/* It may be loaded with files missing, which it says; not left in part */
		if (error && count(dir)) {
			printf("WRONG load: %s, and %u files, after failure %u\n", strerror(error), count(dir), n);
			return 1;
		}
		missing += !error && count(dir) != all;
		errno = error ? 0 : unload();
		if (errno)
			die("unload the module after failure %u", n);
	}
	print("load", &o);
	errno = error;
	if (error)
		die("load %s without a failure", module);
	printf("fail: load, %u times with files missing, %d wrong\n", missing, n == LIMIT);
	return n == LIMIT;
}
