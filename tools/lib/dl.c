// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Libraries opened when they are needed.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "dl.h"

/* dlerror() names the library, and the symbol that it lacks */
static const char *no_use(struct dl_library *lib)
{
	snprintf(lib->why, sizeof(lib->why), "%s: install Debian's package %s", dlerror(),
		 lib->package);
	return lib->why;
}

static const char *open_locked(struct dl_library *lib)
{
	void *handle, *function;
	size_t i;

	if (lib->ready)
		return NULL;
	handle = dlopen(lib->soname, RTLD_NOW | RTLD_LOCAL);
	if (!handle)
		return no_use(lib);
	for (i = 0; i < lib->count; i++) {
		function = dlsym(handle, lib->symbols[i].name);
		if (!function) {
			no_use(lib);
			dlclose(handle);
			return lib->why;
		}
		/* no cast leads from an object's address to a function's; POSIX has them alike */
		memcpy(lib->symbols[i].pointer, &function, sizeof(function));
	}
	lib->ready = true;
	return NULL;
}

const char *dl_open(struct dl_library *lib)
{
	const char *why;

	pthread_mutex_lock(&lib->lock);
	why = open_locked(lib);
	pthread_mutex_unlock(&lib->lock);
	return why;
}
