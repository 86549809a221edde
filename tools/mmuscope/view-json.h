/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the JSON views of all commands share; defined in view-json.c.
 */
#ifndef MMUSCOPE_VIEW_JSON_H
#define MMUSCOPE_VIEW_JSON_H

#include "view.h"

struct json_object *add_object(struct json_object *to, const char *key);
struct json_object *append_object(struct json_object *array);

/*
 * A result that comes in parts grows in v->part and joins the document by finish_part(), when it is
 * complete
 */
void begin_part(struct view *v);
void finish_part(struct view *v);
struct json_object *part_array(struct view *v, const char *key);

void add_rights(struct json_object *o, struct perms p);
void add_attr(struct json_object *o, const struct memattr *attr);
void add_fault(struct json_object *o, const struct walk_fault *f);
const char *walk_status_text(enum walk_status status);

/* The parts of a dump, for the document and for JSON lines alike; v->mmu is set */
void add_dump_head(struct json_object *o, const struct dump_head *r);
void add_dump_range(const struct view *v, struct json_object *o, const struct map_range *r);
void add_dump_visit(const struct view *v, struct json_object *o, const struct visit *r);
void add_dump_tail(struct json_object *o, const struct dump_tail *r);

#endif /* MMUSCOPE_VIEW_JSON_H */
