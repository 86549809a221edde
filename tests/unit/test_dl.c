// SPDX-License-Identifier: GPL-2.0-only
/*
 * Libraries opened when they are needed: all of their functions are found, and what is missing is
 * told with the package that has it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dl-elf.h"
#include "dl-json.h"

static __typeof__(elf_version) *version;
static void (*nothing)(void);

static const struct dl_symbol symbols[] = {
	{ "elf_version", &version },
	{ "elf_of_nothing", &nothing },
};

static void opens(void **state)
{
	(void)state;
	assert_null(dl_json());
	assert_null(dl_elf());
	/* again: the same pointers */
	assert_null(dl_json());
	assert_int_equal(sym_elf_version(EV_CURRENT), EV_CURRENT);
}

static void calls(void **state)
{
	struct json_object *o;

	(void)state;
	assert_null(dl_json());
	o = sym_json_object_new_string("words");
	assert_string_equal(sym_json_object_get_string(o), "words");
	sym_json_object_put(o);
}

static void missing_library(void **state)
{
	struct dl_library lib = {
		.soname = "libmmuscope-nowhere.so.1", .package = "libmmuscope-nowhere1",
		.symbols = symbols, .count = 1, .lock = PTHREAD_MUTEX_INITIALIZER,
	};
	const char *why = dl_open(&lib);

	(void)state;
	assert_non_null(why);
	assert_non_null(strstr(why, "libmmuscope-nowhere.so.1"));
	assert_non_null(strstr(why, "package libmmuscope-nowhere1"));
	assert_non_null(dl_open(&lib));
}

static void missing_function(void **state)
{
	struct dl_library lib = {
		.soname = "libelf.so.1", .package = "libelf1",
		.symbols = symbols, .count = 2, .lock = PTHREAD_MUTEX_INITIALIZER,
	};
	const char *why = dl_open(&lib);

	(void)state;
	assert_non_null(why);
	assert_non_null(strstr(why, "elf_of_nothing"));
	assert_non_null(strstr(why, "package libelf1"));
	assert_false(lib.ready);
	assert_null(nothing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens),
		cmocka_unit_test(calls),
		cmocka_unit_test(missing_library),
		cmocka_unit_test(missing_function),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
