// SPDX-License-Identifier: GPL-2.0-only
/* Uses mmuscope's files as nobody should, to see that nothing but an error comes of it. */
#include <errno.h>
#include <ftw.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "abuse.h"

static const char usage[] =
	"usage: abuse [OPTION...] [DIR]\n"
	"\n"
	"Random system calls, in random order and with random arguments, on the files below\n"
	"DIR (default /sys/kernel/debug/mmuscope), by several processes of several threads\n"
	"that close each other's files; a process is killed every now and then, wherever it\n"
	"is. A line for each thing that no file may do; status 1 if there was one.\n"
	"\n"
	"  --seconds N    how long (default 10)\n"
	"  --seed N       of the choices (default: another each time; it is printed)\n"
	"  --workers N    processes (default 2)\n"
	"  --threads N    of each (default 3)\n"
	"  --failing      the kernel may make allocations of these processes fail\n"
	"                 (/proc/PID/make-it-fail, with task-filter)\n"
	"\n"
	"  --fail         instead open and read each file, the first allocation made to\n"
	"                 fail, then the second, and so on until there is no other\n"
	"                 (/proc/PID/fail-nth)\n"
	"  --fail-load    instead load the module so\n"
	"  --module FILE  the module; --fail then loads it anew for each failure of \"vms\"\n";

void die(const char *what, ...)
{
	int error = errno;
	va_list args;

	fputs("abuse: ", stderr);
	va_start(args, what);
	vfprintf(stderr, what, args);
	va_end(args);
	fprintf(stderr, ": %s\n", strerror(error));
	exit(3);
}

static struct tree *reading;

static int tree_add(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	if (reading->n == MAX_PATHS || strlen(path) >= MAX_PATH)
		return 1;
	strcpy(reading->path[reading->n++], path);
	return 0;
}

/* Not for two threads at once */
void tree_read(struct tree *tree, const char *dir)
{
	tree->n = 0;
	reading = tree;
	nftw(dir, tree_add, 8, FTW_PHYS);
}

static uint64_t number(const char *text)
{
	char *end;
	uint64_t n = strtoull(text, &end, 0);

	if (*end || end == text) {
		fprintf(stderr, "abuse: not a number: %s\n", text);
		exit(2);
	}
	return n;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seconds", 1, NULL, 's' }, { "seed", 1, NULL, 'e' },
		{ "workers", 1, NULL, 'w' }, { "threads", 1, NULL, 't' },
		{ "failing", 0, NULL, 'f' }, { "fail", 0, NULL, 'F' },
		{ "fail-load", 0, NULL, 'L' }, { "module", 1, NULL, 'm' },
		{ "help", 0, NULL, 'h' }, { 0 }
	};
	struct fuzz f = {
		.dir = "/sys/kernel/debug/mmuscope", .seconds = 10, .workers = 2, .threads = 3,
	};
	const char *module = NULL;
	struct timespec now;
	int o, mode = 0;

	clock_gettime(CLOCK_REALTIME, &now);
	f.seed = (uint64_t)now.tv_sec * 1000003 + (uint64_t)now.tv_nsec;
	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (o) {
		case 's': f.seconds = (unsigned int)number(optarg); break;
		case 'e': f.seed = number(optarg); break;
		case 'w': f.workers = (unsigned int)number(optarg); break;
		case 't': f.threads = (unsigned int)number(optarg); break;
		case 'f': f.failing = true; break;
		case 'F': case 'L': mode = o; break;
		case 'm': module = optarg; break;
		case 'h': fputs(usage, stdout); return 0;
		default: fputs(usage, stderr); return 2;
		}
	}
	if (optind < argc)
		f.dir = argv[optind];
	if (mode == 'L' && !module) {
		fputs("abuse: --fail-load takes --module\n", stderr);
		return 2;
	}
	if (mode == 'F')
		return fail_files(f.dir, module);
	if (mode == 'L')
		return fail_load(f.dir, module);
	return fuzz(&f);
}
