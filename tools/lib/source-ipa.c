// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A VM's memory by IPA, through its own stage 2.
 */
#include <errno.h>
#include <stdlib.h>

#include "source-ipa.h"
#include "walk.h"

struct source_ipa {
	struct source source;
	const struct mmu *own;
	struct walk_result walk;
};

static int read_ipa(struct source_ipa *s, uint64_t at, void *buf, size_t len)
{
	const struct access show = { .kind = ACCESS_SHOW };
	struct source *vm = s->own->source;
	struct ipa from = ipa(at);

	switch (walk_ipa(s->own, from, show, &s->walk)) {
	case WALK_OK:
		return vm->ops->read_mem(vm, s->walk.pa, &from, buf, len);
	case WALK_FAULT:
		return -ENXIO;
	default:
		return s->walk.error;
	}
}

static int ipa_read_table(struct source *source, const struct table_ref *ref, void *buf, size_t len)
{
	return read_ipa((struct source_ipa *)source, ref->pa.v, buf, len);
}

static int ipa_read_mem(struct source *source, struct pa pa, const struct ipa *ipa, void *buf,
			size_t len)
{
	(void)ipa;
	return read_ipa((struct source_ipa *)source, pa.v, buf, len);
}

static void ipa_close(struct source *source)
{
	free(source);
}

static const struct source_ops ipa_ops = {
	.read_table = ipa_read_table,
	.read_mem = ipa_read_mem,
	.close = ipa_close,
};

struct source *source_ipa_create(const struct mmu *own)
{
	struct source_ipa *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->source.ops = &ipa_ops;
	s->own = own;
	return &s->source;
}
