/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An ELF core of arm64 that is being written: bytes first, where they come, then notes and
 * headers. The file has its name only once it is complete and on the disk.
 */
#ifndef MMUSCOPE_ELFCORE_H
#define MMUSCOPE_ELFCORE_H

#include <stddef.h>
#include <stdint.h>

struct elfcore {
	int		fd;
	char		*path;		/* the name that it will have */
	char		*temp;		/* the one that it has meanwhile, or NULL: none */
	uint64_t	end;		/* beyond the last byte written */
	void		*map;		/* of the file, for elfcore_at() */
	size_t		mapped;
	char		*notes;
	size_t		notes_len, notes_room;
};

/* A PT_LOAD: @len bytes of memory at @pa, in the file at @off; @pa and @off agree in bits 2:0 */
struct elfcore_segment {
	uint64_t	pa, off, len;
};

/*
 * All return 0 or a negative errno; elfcore_drop() must be called in the end, and leaves nothing
 * behind but after elfcore_commit().
 *
 * The file is made in the folder of @path, readable for its owner only. -EINVAL: @path exists and
 * is no regular file. -ELIBACC: dl_elf() says what is missing. Where the file system can (O_TMPFILE), it has no name until it is complete,
 * so that not even SIGKILL leaves one behind.
 */
int elfcore_create(struct elfcore *c, const char *path);
/* Write at the next multiple of @align, a power of two; *@off tells where that is */
int elfcore_append(struct elfcore *c, const void *buf, size_t len, unsigned int align,
		   uint64_t *off);
/* What was written there, until the next call of any of these; NULL: no memory */
const void *elfcore_at(struct elfcore *c, uint64_t off, size_t len);
/* A note of @owner, its bytes in two parts, either of which may be empty */
int elfcore_note(struct elfcore *c, const char *owner, uint32_t type, const void *a, size_t a_len,
		 const void *b, size_t b_len);
/* Write notes and headers, sync, and give the file its name; @seg ascends by .pa */
int elfcore_commit(struct elfcore *c, const struct elfcore_segment *seg, size_t n);
void elfcore_drop(struct elfcore *c);

#endif /* MMUSCOPE_ELFCORE_H */
