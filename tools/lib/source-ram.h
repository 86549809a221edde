/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Raw images of RAM: the bytes of a file are memory from a given PA on. Stage 2, if there is one,
 * is walked like any other, since all of memory is at hand.
 */
#ifndef MMUSCOPE_SOURCE_RAM_H
#define MMUSCOPE_SOURCE_RAM_H

#include "source.h"

/* NULL: no memory. Closed by its .close, which also unmaps the files. */
struct source *source_ram_create(void);

/*
 * Add @file at @pa. 0, or -errno of opening and mapping it; -EEXIST: it overlaps an image that is
 * already there; -ENODATA: it is empty, or no regular file; -EFBIG: it reaches beyond the end of
 * the address space.
 */
int source_ram_add_file(struct source *source, const char *file, struct pa pa);

/* The same with bytes that the caller keeps until the source is closed */
int source_ram_add(struct source *source, const void *data, size_t len, struct pa pa);

/* The same, without what lies where an image is already: that one stays. An empty range is no error. */
int source_ram_add_rest(struct source *source, const void *data, size_t len, struct pa pa);

/* Move *@pa up to the first byte at or above it that an image holds; false: there is none */
bool source_ram_next(struct source *source, uint64_t *pa);

#endif /* MMUSCOPE_SOURCE_RAM_H */
