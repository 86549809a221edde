// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reader of test vectors over anything: it must stop at what is no vector with a reason, count
 * what it answered, and say the same with and without somebody who looks at the differences.
 */
#include <errno.h>
#include <string.h>

#include "fuzz.h"
#include "vectors.h"

static const uint8_t *the_data;
static size_t the_size;

void fuzz_show(void)
{
	fwrite(the_data, 1, the_size, stderr);
	fputc('\n', stderr);
}

static int on_difference(void *arg, const struct vector_difference *d)
{
	uint64_t *count = arg;

	++*count;
	CHECK(d->id && d->op && d->result);
	CHECK(d->unreadable == (d->result->status == WALK_UNREADABLE));
	/* Memory of a vector is all there: zero where it lists nothing */
	CHECK(!d->unreadable);
	CHECK(d->result->has_va && d->result->va.v == d->va);
	CHECK((d->got.lo & 1) == (d->result->status == WALK_FAULT));
	return 0;
}

static int stop(void *arg, const struct vector_difference *d)
{
	(void)arg;
	(void)d;
	return 7;
}

static int run(int (*differs)(void *arg, const struct vector_difference *d), void *arg,
	       struct vectors_total *total)
{
	/* fmemopen() refuses an empty buffer */
	FILE *in = the_size ? fmemopen((void *)the_data, the_size, "rb") : fopen("/dev/null", "rb");
	int ret;

	CHECK(in);
	memset(total, 0xff, sizeof(*total));
	ret = vectors_run(in, differs, arg, total);
	fclose(in);
	CHECK(total->passed + total->failed <= total->line);
	CHECK(memchr(total->reason, 0, sizeof(total->reason)));
	return ret;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vectors_total a, b, c;
	uint64_t differences = 0;
	int ret;

	the_data = data;
	the_size = size;
	ret = run(on_difference, &differences, &a);
	CHECK(ret == 0 || ret == -EINVAL);
	CHECK(a.failed == differences);
	CHECK(ret ? a.reason[0] != 0 : a.reason[0] == 0);

	CHECK(run(NULL, NULL, &b) == ret);
	CHECK(a.passed == b.passed && a.failed == b.failed && a.line == b.line);

	ret = run(stop, NULL, &c);
	CHECK((ret == 7) == (a.failed != 0));
	CHECK(c.failed == (a.failed != 0) && c.line <= a.line);
	return 0;
}
