/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Libraries that only some commands need are opened when one needs them, so that the others start
 * without them and run where they are not installed.
 *
 * To add library FOO, write two files. dl-foo.h includes FOO's own headers, lists the functions that
 * are called, and declares a pointer to each, of the type that those headers give it:
 *
 *	#define DL_FOO(SYMBOL)	\
 *		SYMBOL(foo_new)		\
 *		SYMBOL(foo_free)
 *	DL_FOO(DL_DECLARE)
 *	const char *dl_foo(void);
 *
 * dl-foo.c holds the pointers and says where they come from, by the name that "objdump -p" shows as
 * SONAME and the Debian package that has it:
 *
 *	DL_LIBRARY(foo, DL_FOO, "libfoo.so.1", "libfoo1")
 *
 * After dl_foo() has returned NULL, sym_foo_new() is foo_new(). Macros of FOO's headers that call
 * its functions cannot be used. In the Makefile, FOO's pkg-config name joins LIBS for the sake of
 * its headers; nothing is linked. A call of foo_new() by its bare name does not link.
 */
#ifndef MMUSCOPE_DL_H
#define MMUSCOPE_DL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct dl_symbol {
	const char *name;
	void *pointer;		/* to the pointer to the function */
};

/* The only thing here that changes: under .lock, once, before any of its pointers is used */
struct dl_library {
	const char *soname, *package;
	const struct dl_symbol *symbols;
	size_t count;
	pthread_mutex_t lock;
	bool ready;
	char why[256];
};

/*
 * Open @lib unless it is. NULL, or why it cannot be used, in words that end with the package to
 * install and last as long as the program. From any thread; a later call tries again.
 */
const char *dl_open(struct dl_library *lib);

#define DL_DECLARE(name)	extern __typeof__(name) *sym_##name;
#define DL_DEFINE(name)		__typeof__(name) *sym_##name;
#define DL_ROW(name)		{ #name, &sym_##name },

#define DL_LIBRARY(name, list, its_soname, its_package)					\
	list(DL_DEFINE)									\
	static const struct dl_symbol dl_symbols_##name[] = { list(DL_ROW) };		\
	static struct dl_library dl_library_##name = {					\
		.soname = its_soname, .package = its_package,				\
		.symbols = dl_symbols_##name,						\
		.count = sizeof(dl_symbols_##name) / sizeof(dl_symbols_##name[0]),	\
		.lock = PTHREAD_MUTEX_INITIALIZER,					\
	};										\
	const char *dl_##name(void) { return dl_open(&dl_library_##name); }

#endif /* MMUSCOPE_DL_H */
