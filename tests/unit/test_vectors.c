// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every vector of tests/vectors, and what becomes of lines that are none.
 */
#include <stdlib.h>

#include <zlib.h>

#include "vectors.h"
#include "world.h"

#define SHOWN	10

static int differs(void *arg, const struct vector_difference *d)
{
	unsigned int *n = arg;

	if ((*n)++ < SHOWN)
		print_error("%s %s: %#llx %#llx, expected %#llx %#llx\n", d->id, d->op,
			    (unsigned long long)d->got.hi, (unsigned long long)d->got.lo,
			    (unsigned long long)d->expected.hi, (unsigned long long)d->expected.lo);
	return 0;
}

static char *gunzip(const char *family, size_t *len)
{
	const char *dir = getenv("MMUSCOPE_VECTORS");
	size_t size = 1 << 20;
	char *text = malloc(size);
	char name[256];
	gzFile in;
	int n;

	snprintf(name, sizeof(name), "%s/%s.jsonl.gz", dir ? dir : "tests/vectors", family);
	in = gzopen(name, "rb");
	if (!in)
		fail_msg("%s cannot be opened; run this from the top of the tree", name);
	*len = 0;
	while ((n = gzread(in, text + *len, size - *len)) > 0) {
		*len += n;
		if (*len == size) {
			size *= 2;
			text = realloc(text, size);
			assert_non_null(text);
		}
	}
	assert_int_equal(n, 0);
	gzclose(in);
	return text;
}

static int run(char *text, size_t len, struct vectors_total *total, unsigned int *different)
{
	FILE *in = fmemopen(text, len, "r");
	int ret;

	assert_non_null(in);
	*different = 0;
	ret = vectors_run(in, differs, different, total);
	fclose(in);
	return ret;
}

static void family(const char *name, uint64_t count)
{
	struct vectors_total total;
	unsigned int different;
	size_t len;
	char *text = gunzip(name, &len);

	assert_int_equal(run(text, len, &total, &different), 0);
	free(text);
	assert_int_equal(total.failed, 0);
	assert_int_equal(total.passed, count);
}

#define FAMILY(name, count)				\
	static void all_of_##name(void **state)		\
	{						\
		(void)state;				\
		family(#name, count);			\
	}

FAMILY(base, 5000)
FAMILY(attr, 1500)
FAMILY(perm, 2000)
FAMILY(fault, 1500)
FAMILY(regimes, 1000)
FAMILY(pie, 1000)
FAMILY(d128, 500)
FAMILY(aarch32, 500)

#define GOOD "\"id\":\"x-1\",\"op\":\"s1e2r\",\"va\":\"0x1000\",\"regs\":{},\"mem\":{}"
/* Stage 1 off: the address itself, Device-nGnRnE */
#define PAR ",\"par\":\"0x1900\""

static int one(const char *text, struct vectors_total *total, unsigned int *different)
{
	char copy[512];

	snprintf(copy, sizeof(copy), "%s", text);
	return run(copy, strlen(copy), total, different);
}

static void a_wrong_par_fails(void **state)
{
	struct vectors_total total;
	unsigned int different;

	(void)state;
	assert_int_equal(one("{" GOOD PAR "}\n", &total, &different), 0);
	assert_int_equal(total.passed, 1);
	assert_int_equal(one("{" GOOD ",\"par\":\"0x1f00\"}\n", &total, &different), 0);
	assert_int_equal(total.passed, 1);	/* bits 9 and 10 do not count */
	assert_int_equal(one("{" GOOD ",\"par\":\"0x2900\"}\n", &total, &different), 0);
	assert_int_equal(total.failed, 1);
	assert_int_equal(different, 1);
	assert_int_equal(one("{" GOOD PAR ",\"par_hi\":\"0x1\"}\n", &total, &different), 0);
	assert_int_equal(total.failed, 1);
	assert_int_equal(one("\n{" GOOD PAR "}", &total, &different), 0);
	assert_int_equal(total.passed, 1);
}

static void a_line_that_is_no_vector_is_an_error(void **state)
{
	static const char *const bad[] = {
		"{", "[]\n", "7\n", "{}\n", "hello\n", "{" GOOD PAR "} 7\n", "{" GOOD "}\n",
		"{" GOOD ",\"par\":\"y\"}\n", "{" GOOD PAR ",\"par_hi\":\"y\"}\n",
		"{\"id\":\"x\",\"op\":\"s9\",\"va\":\"0\",\"regs\":{}" PAR "}\n",
		"{\"id\":\"x\",\"op\":\"s1e2r\",\"va\":\"q\",\"regs\":{}" PAR "}\n",
		"{\"id\":\"x\",\"op\":\"s1e2r\",\"va\":\"0\"" PAR "}\n",
		"{\"id\":\"x\",\"op\":\"s1e2r\",\"va\":\"0\",\"regs\":{\"NOPE\":\"0\"}" PAR "}\n",
		"{\"id\":\"x\",\"op\":\"s1e2r\",\"va\":\"0\",\"regs\":{\"HCR_EL2\":\"z\"}" PAR "}\n",
		"{\"id\":\"x\",\"op\":\"s1e2r\",\"va\":\"0\",\"regs\":{},\"mem\":[]" PAR "}\n",
		"{\"id\":\"x\",\"op\":\"s1e2r\",\"va\":\"0\",\"regs\":{},\"mem\":{\"4\":\"0\"}" PAR "}\n",
		"{\"id\":\"x\",\"op\":\"s1e2r\",\"va\":\"0\",\"regs\":{},\"mem\":{\"8\":\"\"}" PAR "}\n",
	};
	struct vectors_total total;
	unsigned int different;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(one(bad[i], &total, &different), -EINVAL);
		assert_int_equal(total.line, 1);
		assert_true(total.reason[0]);
	}
}

static int stop(void *arg, const struct vector_difference *d)
{
	(void)arg;
	(void)d;
	return 42;
}

static void the_caller_can_stop(void **state)
{
	char text[] = "{" GOOD ",\"par\":\"0x2900\"}\n{" GOOD PAR "}\n";
	FILE *in = fmemopen(text, strlen(text), "r");
	struct vectors_total total;

	(void)state;
	assert_int_equal(vectors_run(in, stop, NULL, &total), 42);
	assert_int_equal(total.line, 1);
	fclose(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_base),
		cmocka_unit_test(all_of_attr),
		cmocka_unit_test(all_of_perm),
		cmocka_unit_test(all_of_fault),
		cmocka_unit_test(all_of_regimes),
		cmocka_unit_test(all_of_pie),
		cmocka_unit_test(all_of_d128),
		cmocka_unit_test(all_of_aarch32),
		cmocka_unit_test(a_wrong_par_fails),
		cmocka_unit_test(a_line_that_is_no_vector_is_an_error),
		cmocka_unit_test(the_caller_can_stop),
	};

	unused_accesses();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
