/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The benchmark: cases that measure variants side by side and report rows. A slow run is a number;
 * only a wrong result is a failure.
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bench {
	bool smoke;		/* tiny inputs, one repeat: are the results right? */
	unsigned int repeats;
	const char *program;	/* the mmuscope to run */
	char scratch[256];	/* folder for large files, removed at the end */
	const char *name;	/* of the case that runs */
	struct bench_row *rows;
	size_t nrows;
};

/* Cases stand in the table of bench.c. 0, or -1 after bench_wrong(): a result is not right. */
struct bench_case {
	const char *name;
	const char *what;	/* one line */
	int (*run)(struct bench *b);
};

extern const struct bench_case case_walk, case_dump, case_output, case_find, case_audit,
	case_isolation, case_start;

/* ---- measuring ------------------------------------------------------------------------------- */

/* One way to do the work of a case */
struct variant {
	const char *name;
	/* Does it all once; *sum is of the results. Not 0: it failed, after bench_wrong(). */
	int (*run)(void *arg, uint64_t *sum);
	void *arg;
	bool no_sum;		/* it makes other results than the rest: *sum is not compared */
	double seconds;		/* median, filled in */
};

/*
 * All of @v in turn, again and again, so that what disturbs one disturbs all; then the medians. -1
 * where one failed or the sums differ.
 */
int bench_measure(struct bench *b, struct variant *v, size_t n);

double bench_now(void);				/* seconds */
double bench_median(double *value, size_t n);	/* sorts @value */

/* ---- reporting ------------------------------------------------------------------------------- */

enum goal {
	GOAL_NONE,
	GOAL_RATIO_MIN,		/* .ratio at least .goal */
	GOAL_VALUE_MIN,
	GOAL_VALUE_MAX,
};

struct bench_row {
	const char *bench;	/* name of the case, filled in */
	const char *name, *unit;	/* static texts, as .against */
	double value;
	double ratio;		/* to what .against names; 0: none */
	const char *against;
	enum goal kind;
	double goal;
};

void bench_row(struct bench *b, struct bench_row row);
/* Says on standard error what is wrong; returns -1 */
__attribute__((format(printf, 2, 3)))
int bench_wrong(const struct bench *b, const char *format, ...);

/* ---- programs -------------------------------------------------------------------------------- */

/* A run of b->program */
struct child {
	const char **argv;	/* from [1] on, NULL last; [0] is filled in */
	int status;		/* exit status that is right */
	/* its output goes through a pipe and is counted, else to /dev/null */
	bool count;
	bool watch;		/* how much memory it takes is looked at every millisecond */
	/* Filled in */
	double seconds;
	uint64_t bytes;		/* .count: of output */
	char last[256];		/* .count: its last bytes */
	uint64_t resident;	/* .watch: the most it had in memory, mapped files included; bytes */
	uint64_t anonymous;	/* .watch: the same without files */
};

/* 0 or -1 */
int bench_run(struct bench *b, struct child *c);
/*
 * The most that this process had in memory since bench_peak_restart(), in bytes, so that what the cases before it had
 * does not count; 0: not known
 */
int bench_peak_restart(struct bench *b);
uint64_t bench_peak(void);
/* The same some times over, or once where that takes long; c->seconds is the median */
int bench_run_again(struct bench *b, struct child *c);
/* Median seconds of a start that does nothing else, to take off the time of a run; 0 or -1 */
int bench_startup(struct bench *b, double *seconds);

/* Puts "b->scratch/@name" into @path and returns it; what is large the case removes itself */
#define SCRATCH_PATH	320
const char *bench_path(const struct bench *b, char path[SCRATCH_PATH], const char *name);
/* Make the file from @len bytes; 0 or -1 */
int bench_write(const struct bench *b, const char *path, const void *data, size_t len);
/* A file, or a folder with all that is in it */
void bench_remove(const char *path);

#endif /* TESTS_BENCH_BENCH_H */
