// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of every view: what was gathered is printed, and that it arrived is checked.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <json-c/json.h>

#include "cmd.h"
#include "view.h"

void view_text_init(struct view *v)
{
	*v = (struct view){ .ops = &view_text_ops, .out = stdout };
}

void view_json_init(struct view *v)
{
	*v = (struct view){ .ops = &view_json_ops, .out = stdout };
	v->root = json_object_new_object();
}

/*
 * A result that is not complete never reached the root, so an empty root prints nothing. A reader
 * that went away (EPIPE, where SIGPIPE is ignored) knows that it did: no message.
 */
int view_close(struct view *v, int status)
{
	int err = 0;

	if (v->root) {
		if (json_object_object_length(v->root))
			fprintf(v->out, "%s\n",
				json_object_to_json_string_ext(
					v->root, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
							 JSON_C_TO_STRING_NOSLASHESCAPE));
		json_object_put(v->root);
		json_object_put(v->part);
		v->root = v->part = NULL;
	}
	errno = 0;
	if (fflush(v->out) || ferror(v->out))
		err = errno ? errno : EIO;
	if (fclose(v->out) && !err)
		err = errno;
	if (!err)
		return status;
	if (err == EPIPE)
		return ST_UNREADABLE;
	return fail(ST_UNREADABLE, "standard output: %s: the result is not complete",
		    strerror(err));
}

void json_add_hex(struct json_object *o, const char *key, uint64_t v)
{
	char s[24];

	snprintf(s, sizeof(s), "0x%" PRIx64, v);
	json_add_str(o, key, s);
}

void json_add_str(struct json_object *o, const char *key, const char *s)
{
	json_object_object_add(o, key, s ? json_object_new_string(s) : NULL);
}

void json_add_int(struct json_object *o, const char *key, int64_t v)
{
	json_object_object_add(o, key, json_object_new_int64(v));
}

void json_add_bool(struct json_object *o, const char *key, bool b)
{
	json_object_object_add(o, key, json_object_new_boolean(b));
}
