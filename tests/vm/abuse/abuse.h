/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of abuse share. */
#ifndef ABUSE_H
#define ABUSE_H

#include <stdbool.h>
#include <stdint.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define MAX_PATHS	512
#define MAX_PATH	160

/* Ends the process, with the reason and errno in words */
void die(const char *what, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* The files and directories below a directory, as they are now */
struct tree {
	unsigned int n;
	char path[MAX_PATHS][MAX_PATH];
};

void tree_read(struct tree *tree, const char *dir);

/* fuzz.c: 0, or 1 if a file did what it must not do */
struct fuzz {
	const char *dir;
	unsigned int seconds, workers, threads;
	uint64_t seed;
	bool failing;		/* the kernel's fault injection may hit the workers */
};

int fuzz(const struct fuzz *options);

/* fail.c: the same of failures on demand; module: NULL, or the file to load */
int fail_files(const char *dir, const char *module);
int fail_load(const char *dir, const char *module);

#endif
