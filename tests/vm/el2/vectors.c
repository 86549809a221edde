// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rig's own test: the golden vectors are given to the emulator, and its
 * answer must be the recorded one wherever the vector says that the two agree,
 * and another one wherever it says that they do not.
 *
 * vectors cases FILE OUT     from JSON lines to a file of cases
 * vectors check FILE ANSWERS
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "json.h"
#include "par.h"

const char *const family_names[] = { "vector" };

static void make_cases(char *text, const char *name)
{
	FILE *out = fopen(name, "wb");
	struct batch b;
	struct vector v;
	char *line;

	if (!out) {
		perror(name);
		exit(3);
	}
	start_batch(out, &b);
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		if (parse_vector(line, &v))
			exit(3);
		write_case(out, &v.f, &b);
	}
	end_batch(out, &b);
}

static int check(char *text, const struct answer *a, uint64_t count)
{
	uint64_t n = 0, passed = 0, failed = 0, not_asked = 0, aborted = 0;
	struct vector v;
	char *line;

	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"), n++) {
		if (parse_vector(line, &v) || n >= count)
			exit(3);
		if (v.agree < 0 || v.unsupported || v.f.c.op == OP_NONE) {
			not_asked++;
			continue;
		}
		if (a[n].abort) {
			printf("%s: abort, ESR_EL3 0x%" PRIx64 "\n", v.id, a[n].abort);
			aborted++;
			continue;
		}
		if (par_equal(v.par, a[n].par, v.pa_only) == v.agree) {
			passed++;
			continue;
		}
		failed++;
		printf("%s: agree is %d (%s), par 0x%" PRIx64 ", here 0x%" PRIx64 "\n", v.id,
		       v.agree, v.why, v.par, a[n].par);
	}
	printf("%" PRIu64 " not asked\n", not_asked);
	printf("%" PRIu64 " passed, %" PRIu64 " failed\n", passed, failed + aborted);
	return failed || aborted;
}

int main(int argc, char **argv)
{
	uint64_t size;
	char *text;

	if (argc != 4)
		return 2;
	text = load_file(argv[2], &size);
	if (!strcmp(argv[1], "cases")) {
		make_cases(text, argv[3]);
		return 0;
	}
	return check(text, load_file(argv[3], &size), size / sizeof(struct answer));
}
