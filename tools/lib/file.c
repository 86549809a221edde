// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Files as a whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "file.h"

static char *read_fd(int fd, size_t *len, int *err)
{
	size_t size = 4096, used = 0;
	char *buf = malloc(size), *more;
	ssize_t got;

	while (buf) {
		got = read(fd, buf + used, size - used - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			break;
		if (!got) {
			buf[used] = '\0';
			*len = used;
			return buf;
		}
		used += got;
		if (size - used > 1)
			continue;
		size *= 2;
		more = realloc(buf, size);
		if (!more)
			break;
		buf = more;
	}
	*err = -errno;
	free(buf);
	return NULL;
}

char *file_read(const char *path, size_t *len, int *err)
{
	char *text;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		*err = -errno;
		return NULL;
	}
	text = read_fd(fd, len, err);
	close(fd);
	return text;
}
