// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs of the program, and files for them.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

static uint64_t status_line(const char *text, const char *name)
{
	const char *line = strstr(text, name);

	return line ? strtoull(line + strlen(name), NULL, 10) << 10 : 0;
}

/* False where the process has gone */
static bool read_status(pid_t pid, char *text, size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, size - 1);
	close(fd);
	text[n < 0 ? 0 : n] = 0;
	return n > 0;
}

/*
 * What a child had in memory can be asked only while it runs: ru_maxrss starts with what its
 * parent had at the time of exec().
 */
static void look_at(pid_t pid, struct child *c)
{
	uint64_t resident, anonymous;
	char text[8192];

	if (!read_status(pid, text, sizeof(text)))
		return;
	resident = status_line(text, "\nVmHWM:");
	anonymous = status_line(text, "\nRssAnon:");
	c->resident = resident > c->resident ? resident : c->resident;
	c->anonymous = anonymous > c->anonymous ? anonymous : c->anonymous;
}

int bench_peak_restart(struct bench *b)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, "5", 1);

	if (fd >= 0)
		close(fd);
	return n == 1 ? 0 : bench_wrong(b, "/proc/self/clear_refs: %s", strerror(errno));
}

uint64_t bench_peak(void)
{
	char text[8192];

	return read_status(getpid(), text, sizeof(text)) ? status_line(text, "\nVmHWM:") : 0;
}

/* Count the output, and keep the end of it */
static void drain(int fd, struct child *c)
{
	static char buffer[1 << 20];
	size_t keep = sizeof(c->last) - 1, have = 0;
	ssize_t n;

	c->bytes = 0;
	/* what was kept stands before what is read */
	while ((n = read(fd, buffer + keep, sizeof(buffer) - keep)) > 0) {
		c->bytes += n;
		have = have + n < keep ? have + n : keep;
		memmove(buffer + keep - have, buffer + keep + n - have, have);
	}
	memcpy(c->last, buffer + keep - have, have);
	c->last[have] = 0;
}

static int start(struct bench *b, struct child *c, int out, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	int err;

	c->argv[0] = b->program;
	posix_spawn_file_actions_init(&files);
	if (out < 0)
		posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	else
		posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	err = posix_spawn(pid, b->program, &files, NULL, (char **)c->argv, environ);
	posix_spawn_file_actions_destroy(&files);
	return err ? bench_wrong(b, "cannot run %s: %s", b->program, strerror(err)) : 0;
}

static int finish(struct bench *b, struct child *c, pid_t pid)
{
	int status;
	pid_t got;

	while (!(got = waitpid(pid, &status, c->watch ? WNOHANG : 0))) {
		look_at(pid, c);
		usleep(1000);
	}
	if (got < 0)
		return bench_wrong(b, "%s: %s", b->program, strerror(errno));
	if (!WIFEXITED(status) || WEXITSTATUS(status) != c->status)
		return bench_wrong(b, "%s %s: wait status %#x", b->program, c->argv[1], status);
	return 0;
}

int bench_run(struct bench *b, struct child *c)
{
	double begin = bench_now();
	int out[2] = { -1, -1 };
	pid_t pid;
	int ret;

	if (c->count && pipe2(out, O_CLOEXEC))
		return bench_wrong(b, "%s", strerror(errno));
	ret = start(b, c, out[1], &pid);
	if (c->count)
		close(out[1]);
	if (!ret) {
		if (c->count)
			drain(out[0], c);
		ret = finish(b, c, pid);
	}
	if (c->count)
		close(out[0]);
	c->seconds = bench_now() - begin;
	return ret;
}

#define RUNS		3
#define RUNS_SECONDS	20

int bench_run_again(struct bench *b, struct child *c)
{
	unsigned int n = 0, want = b->smoke ? 1 : RUNS;
	double each[RUNS], all = 0;

	do {
		if (bench_run(b, c))
			return -1;
		each[n++] = c->seconds;
		all += c->seconds;
	} while (n < want && all < RUNS_SECONDS);
	c->seconds = bench_median(each, n);
	return 0;
}

#define STARTS	50

int bench_startup(struct bench *b, double *seconds)
{
	const char *argv[] = { NULL, "decode", "TCR_EL1", "0x1", NULL };
	struct child c = { .argv = argv, .status = 1 };	/* 1: TG1 holds a reserved value */
	unsigned int i, n = b->smoke ? 1 : STARTS;
	double each[STARTS];

	for (i = 0; i < n; i++) {
		if (bench_run(b, &c))
			return -1;
		each[i] = c.seconds;
	}
	*seconds = bench_median(each, n);
	return 0;
}

const char *bench_path(const struct bench *b, char path[SCRATCH_PATH], const char *name)
{
	snprintf(path, SCRATCH_PATH, "%s/%s", b->scratch, name);
	return path;
}

int bench_write(const struct bench *b, const char *path, const void *data, size_t len)
{
	FILE *f = fopen(path, "w");

	if (f && fwrite(data, 1, len, f) == len && !fclose(f))
		return 0;
	return bench_wrong(b, "%s: %s", path, strerror(errno));
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

void bench_remove(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
