// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Raw images of RAM.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source-ram.h"

struct image {
	uint64_t first, last;	/* PA of the first and the last byte */
	const uint8_t *data;
	bool mapped;		/* ours to unmap */
};

struct source_ram {
	struct source source;
	size_t count, size;
	struct image *image;	/* ascending, none overlaps another */
};

/* The first image that ends at @pa or beyond; count where there is none */
static size_t image_from(const struct source_ram *s, uint64_t pa)
{
	size_t low = 0, high = s->count, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (s->image[mid].last < pa)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static const struct image *image_at(const struct source_ram *s, uint64_t pa)
{
	size_t i = image_from(s, pa);

	return i < s->count && pa >= s->image[i].first ? &s->image[i] : NULL;
}

/* The images may adjoin: a read may need several. What none of them holds is not there. */
static int ram_read(const struct source_ram *s, uint64_t pa, void *buf, size_t len)
{
	const struct image *image;
	uint8_t *to = buf;
	uint64_t there;
	size_t n;

	while (len) {
		image = image_at(s, pa);
		if (!image)
			return -ENXIO;
		there = image->last - pa;
		n = there < len ? (size_t)there + 1 : len;
		memcpy(to, image->data + (pa - image->first), n);
		to += n;
		pa += n;
		len -= n;
	}
	return 0;
}

static int ram_read_table(struct source *source, const struct table_ref *ref, void *buf, size_t len)
{
	return ram_read((struct source_ram *)source, ref->pa.v, buf, len);
}

static const void *ram_map_table(struct source *source, const struct table_ref *ref, size_t len)
{
	const struct image *image = image_at((struct source_ram *)source, ref->pa.v);

	if (!len || !image || image->last - ref->pa.v < len - 1)
		return NULL;
	return image->data + (ref->pa.v - image->first);
}

static const void *ram_map_region(struct source *source, struct pa pa, struct pa *first, struct pa *last)
{
	const struct image *image = image_at((struct source_ram *)source, pa.v);

	if (!image)
		return NULL;
	first->v = image->first;
	last->v = image->last;
	return image->data;
}

static int ram_read_mem(struct source *source, struct pa pa, const struct ipa *ipa, void *buf,
			size_t len)
{
	(void)ipa;
	return ram_read((struct source_ram *)source, pa.v, buf, len);
}

static void ram_close(struct source *source)
{
	struct source_ram *s = (struct source_ram *)source;
	size_t i;

	for (i = 0; i < s->count; i++)
		if (s->image[i].mapped)
			munmap((void *)s->image[i].data,
			       s->image[i].last - s->image[i].first + 1);
	free(s->image);
	free(s);
}

static const struct source_ops ram_ops = {
	.read_table = ram_read_table,
	.map_table = ram_map_table,
	.map_region = ram_map_region,
	.read_mem = ram_read_mem,
	.close = ram_close,
};

struct source *source_ram_create(void)
{
	struct source_ram *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->source.ops = &ram_ops;
	return &s->source;
}

static int insert(struct source_ram *s, size_t at, const struct image *new)
{
	struct image *image;
	size_t size;

	if (s->count == s->size) {
		size = s->size ? 2 * s->size : 16;
		image = realloc(s->image, size * sizeof(*image));
		if (!image)
			return -ENOMEM;
		s->image = image;
		s->size = size;
	}
	memmove(&s->image[at + 1], &s->image[at], (s->count - at) * sizeof(*new));
	s->image[at] = *new;
	s->count++;
	return 0;
}

static int add(struct source_ram *s, const void *data, size_t len, struct pa pa, bool mapped)
{
	const struct image new = { pa.v, pa.v + (len - 1), data, mapped };
	size_t at = image_from(s, pa.v);

	if (!len)
		return -ENODATA;
	if (new.last < new.first)
		return -EFBIG;
	if (at < s->count && s->image[at].first <= new.last)
		return -EEXIST;
	return insert(s, at, &new);
}

int source_ram_add_rest(struct source *source, const void *data, size_t len, struct pa pa)
{
	struct source_ram *s = (struct source_ram *)source;
	const uint8_t *from = data;
	const struct image *image;
	size_t at, n;
	int ret;

	if (len && pa.v + (len - 1) < pa.v)
		return -EFBIG;
	for (; len; from += n, pa.v += n, len -= n) {
		at = image_from(s, pa.v);
		image = at < s->count ? &s->image[at] : NULL;
		if (image && image->first <= pa.v) {
			n = image->last - pa.v < len ? (size_t)(image->last - pa.v) + 1 : len;
			continue;
		}
		n = image && image->first - pa.v < len ? image->first - pa.v : len;
		ret = add(s, from, n, pa, false);
		if (ret)
			return ret;
	}
	return 0;
}

bool source_ram_next(struct source *source, uint64_t *pa)
{
	const struct source_ram *s = (struct source_ram *)source;
	size_t at = image_from(s, *pa);

	if (at == s->count)
		return false;
	if (s->image[at].first > *pa)
		*pa = s->image[at].first;
	return true;
}

int source_ram_add(struct source *source, const void *data, size_t len, struct pa pa)
{
	return add((struct source_ram *)source, data, len, pa, false);
}

int source_ram_add_file(struct source *source, const char *file, struct pa pa)
{
	struct stat st;
	void *data;
	int fd, ret;

	/* a pipe is refused below; its writer is not waited for */
	fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st)) {
		ret = -errno;
		goto out;
	}
	if (!S_ISREG(st.st_mode) || !st.st_size) {
		ret = -ENODATA;
		goto out;
	}
	data = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED) {
		ret = -errno;
		goto out;
	}
	ret = add((struct source_ram *)source, data, st.st_size, pa, true);
	if (ret)
		munmap(data, st.st_size);
out:
	close(fd);
	return ret;
}
