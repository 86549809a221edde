// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Memory of a few words. They are kept in the order in which they came: vectors have some dozens.
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "source-vec.h"

static uint64_t word_at(const struct source_vec *s, uint64_t pa)
{
	size_t i;

	for (i = s->count; i-- > 0;)
		if (s->word[i].pa == pa)
			return s->word[i].value;
	return 0;
}

static bool is_bad(const struct source_vec *s, uint64_t pa, size_t len)
{
	return s->bad_error && pa <= s->bad_last && pa + len - 1 >= s->bad_first;
}

static int vec_read(struct source_vec *s, uint64_t pa, void *buf, size_t len)
{
	uint8_t *to = buf;
	uint64_t le;
	size_t off, n;

	if (is_bad(s, pa, len))
		return s->bad_error;
	while (len) {
		off = pa & 7;
		n = 8 - off < len ? 8 - off : len;
		le = htole64(word_at(s, pa - off));
		memcpy(to, (uint8_t *)&le + off, n);
		to += n;
		pa += n;
		len -= n;
	}
	return 0;
}

static int vec_read_table(struct source *source, const struct table_ref *ref, void *buf, size_t len)
{
	struct source_vec *s = (struct source_vec *)source;

	s->reads++;
	return vec_read(s, ref->pa.v, buf, len);
}

static int vec_read_mem(struct source *source, struct pa pa, const struct ipa *ipa, void *buf,
			size_t len)
{
	(void)ipa;
	return vec_read((struct source_vec *)source, pa.v, buf, len);
}

static void vec_close(struct source *source)
{
	source_vec_clear((struct source_vec *)source);
}

static const struct source_ops vec_ops = {
	.read_table = vec_read_table,
	.read_mem = vec_read_mem,
	.close = vec_close,
};

void source_vec_init(struct source_vec *s)
{
	memset(s, 0, sizeof(*s));
	s->source.ops = &vec_ops;
}

int source_vec_set(struct source_vec *s, uint64_t pa, uint64_t value)
{
	struct vec_word *word;
	size_t size;

	if (pa & 7)
		return -EINVAL;
	if (s->count == s->size) {
		size = s->size ? 2 * s->size : 64;
		word = realloc(s->word, size * sizeof(*word));
		if (!word)
			return -ENOMEM;
		s->word = word;
		s->size = size;
	}
	s->word[s->count++] = (struct vec_word){ pa, value };
	return 0;
}

void source_vec_clear(struct source_vec *s)
{
	free(s->word);
	s->word = NULL;
	s->count = 0;
	s->size = 0;
}
