/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How results leave the program. A command hands each result to the view's member for it and never asks which view it
 * is. Text is printed as it comes; JSON is gathered and printed once by view_close(), and only if the command completed.
 *
 * view-regs.c has both forms of registers; view-text.c and view-json.c have the rest.
 */
#ifndef MMUSCOPE_VIEW_H
#define MMUSCOPE_VIEW_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json_object;
struct view_ops;

struct view {
	const struct view_ops	*ops;
	FILE			*out;		/* text */
	struct json_object	*root;		/* JSON: the document, an object */
};

struct regs_result;	/* regs VM[:VCPU] [REG]; defined in view-regs.h */
struct decode_result;	/* decode REG VALUE, decode desc VALUE; defined in view-regs.h */

struct view_ops {
	void (*regs)(struct view *v, const struct regs_result *r);
	void (*decode)(struct view *v, const struct decode_result *r);
};

extern const struct view_ops view_text_ops, view_json_ops;

/* In view-regs.c; view_text_ops and view_json_ops point at them */
void text_regs(struct view *v, const struct regs_result *r);
void text_decode(struct view *v, const struct decode_result *r);
void json_regs(struct view *v, const struct regs_result *r);
void json_decode(struct view *v, const struct decode_result *r);

/* Helpers of the JSON views: numbers beyond 53 bits go as strings "0x..." */
void json_add_hex(struct json_object *o, const char *key, uint64_t v);
void json_add_str(struct json_object *o, const char *key, const char *s);
void json_add_int(struct json_object *o, const char *key, int64_t v);
void json_add_bool(struct json_object *o, const char *key, bool b);

#endif /* MMUSCOPE_VIEW_H */
