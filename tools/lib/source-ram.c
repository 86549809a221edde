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
	size_t count;
	struct image *image;
};

static const struct image *image_at(const struct source_ram *s, uint64_t pa)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		if (pa >= s->image[i].first && pa <= s->image[i].last)
			return &s->image[i];
	return NULL;
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

static int add(struct source_ram *s, const void *data, size_t len, struct pa pa, bool mapped)
{
	struct image *image;
	uint64_t last = pa.v + (len - 1);
	size_t i;

	if (!len)
		return -ENODATA;
	if (last < pa.v)
		return -EFBIG;
	for (i = 0; i < s->count; i++)
		if (pa.v <= s->image[i].last && last >= s->image[i].first)
			return -EEXIST;
	image = realloc(s->image, (s->count + 1) * sizeof(*image));
	if (!image)
		return -ENOMEM;
	s->image = image;
	image[s->count++] = (struct image){ pa.v, last, data, mapped };
	return 0;
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
