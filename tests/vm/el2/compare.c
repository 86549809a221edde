// SPDX-License-Identifier: GPL-2.0-only
/*
 * compare lines CASES ANSWERS            the cases with the emulator's answers, as JSON lines
 * compare check CASES ANSWERS <OUTPUT    what `mmuscope at --vectors -` said of those lines
 * compare table                          the known deviations
 *
 * OUTPUT is a line "ID expected got" for each difference, and "N passed, N
 * failed" at its end. A difference is fine when it is not one (PAR_EL1 has bits
 * that the emulator does not set), and excused when a known deviation explains
 * it; any other is printed whole and fails.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "deviation.h"
#include "json.h"
#include "par.h"

#define MAX_DEVIATIONS 64

const char *const family_names[] = { "base", "attr", "perm", "fault", "regimes", "pie", "aarch32" };

struct set {
	const struct batch *b;
	const struct answer *a;
	const struct tcase **c;		/* by number within the file */
	uint64_t first;			/* id of number 0 */
	uint64_t not_asked;
};

struct counts {
	uint64_t same;
	uint64_t excused[MAX_DEVIATIONS];
	uint64_t unexplained;
};

static struct set load(const char *cases, const char *answers)
{
	struct set s = { 0 };
	uint64_t size, i;
	const struct tcase *c;

	s.b = load_file(cases, &size);
	if (size < sizeof(*s.b) || s.b->magic != BATCH_MAGIC || s.b->size != size) {
		fprintf(stderr, "%s is not a file of cases\n", cases);
		exit(3);
	}
	s.a = load_file(answers, &size);
	if (size != s.b->count * sizeof(struct answer)) {
		fprintf(stderr, "%s has not the answers to %s\n", answers, cases);
		exit(3);
	}
	s.c = calloc(s.b->count + 1, sizeof(*s.c));
	if (!s.c)
		exit(3);
	for (i = 0, c = first_case(s.b); i < s.b->count; i++, c = next_case(c)) {
		s.c[i] = c;
		s.not_asked += !!s.a[i].abort;
	}
	s.first = s.b->count ? s.c[0]->id : 0;
	return s;
}

static int lines(const struct set *s)
{
	uint64_t i;

	for (i = 0; i < s->b->count; i++)
		if (!s->a[i].abort)
			print_case(stdout, s->c[i], s->a[i].par);
	return fflush(stdout) ? 3 : 0;
}

/* Family and number of an id, as a place in the file */
static uint64_t find(const struct set *s, const char *id)
{
	const char *dash = strrchr(id, '-');
	uint64_t i = dash ? strtoull(dash + 1, NULL, 10) - s->first : s->b->count;

	if (i >= s->b->count || s->a[i].abort) {
		fprintf(stderr, "compare: %s was not among the cases\n", id);
		exit(3);
	}
	return i;
}

static void judge(const struct set *s, uint64_t i, uint64_t arm, struct counts *n)
{
	const struct tcase *c = s->c[i];
	uint64_t emu = s->a[i].par;
	int pa_only = c->aarch32 && !(c->reg[R_TCR_EL1] >> 31 & 1), d;

	if (par_equal(emu, arm, pa_only)) {
		n->same++;
		return;
	}
	d = explain(c, emu, arm);
	if (d >= 0) {
		n->excused[d]++;
		return;
	}
	n->unexplained++;
	printf("not ok - case %" PRIu64 " of the seed: emulator 0x%" PRIx64 ", mmuscope 0x%" PRIx64
	       ", not explained\n", s->first + i, emu, arm);
	print_case(stdout, c, emu);
}

static int report(const struct set *s, const struct counts *n, uint64_t answered)
{
	uint64_t asked = s->b->count - s->not_asked;
	int i;

	for (i = 0; i < deviation_count; i++)
		printf("count %s %" PRIu64 "\n", deviations[i].name, n->excused[i]);
	printf("count not-reported %" PRIu64 "\n", n->same);
	printf("count not-asked %" PRIu64 "\n", s->not_asked);
	if (answered != asked)
		printf("%" PRIu64 " cases were asked, %" PRIu64 " answered\n", asked, answered);
	printf("%" PRIu64 " passed, %" PRIu64 " failed\n",
	       answered > n->unexplained ? answered - n->unexplained : 0,
	       n->unexplained + (answered != asked));
	return n->unexplained || answered != asked;
}

static int check(const struct set *s)
{
	uint64_t expected, got, passed = 0, failed = 0, differences = 0;
	struct counts n = { 0 };
	char line[512], id[64];
	int ended = 0;

	while (fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, "%" SCNu64 " passed, %" SCNu64 " failed", &passed, &failed) == 2) {
			ended = 1;
		} else if (sscanf(line, "%63s %" SCNx64 " %" SCNx64, id, &expected, &got) == 3) {
			judge(s, find(s, id), got, &n);
			differences++;
		} else {
			printf("mmuscope: %s", line);
			n.unexplained++;
		}
	}
	if (!ended || differences != failed) {
		printf("mmuscope counts %" PRIu64 " differences and shows %" PRIu64 "\n", failed,
		       differences);
		n.unexplained++;
	}
	return report(s, &n, passed + failed);
}

static int table(void)
{
	int i;

	for (i = 0; i < deviation_count; i++)
		printf("%-17s%s\n", deviations[i].name, deviations[i].reason);
	return 0;
}

int main(int argc, char **argv)
{
	struct set s;

	if (argc == 2 && !strcmp(argv[1], "table"))
		return table();
	if (argc != 4) {
		fputs("usage: compare lines|check CASES ANSWERS, compare table\n", stderr);
		return 2;
	}
	s = load(argv[2], argv[3]);
	return !strcmp(argv[1], "lines") ? lines(&s) : check(&s);
}
