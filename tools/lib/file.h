/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files as a whole.
 */
#ifndef MMUSCOPE_FILE_H
#define MMUSCOPE_FILE_H

#include <stddef.h>

/*
 * All of @path, read until it ends (its size is not trusted: files of /proc and debugfs have none):
 * allocated and zero-terminated, *@len without the zero. NULL and a negative errno in *@err.
 */
char *file_read(const char *path, size_t *len, int *err);

#endif /* MMUSCOPE_FILE_H */
