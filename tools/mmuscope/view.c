// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of every view: what was gathered is printed, and that it arrived is checked.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "dl-json.h"
#include "view.h"

/* stdio forgets why an earlier write failed; this does not, and writes nothing more after it */
static ssize_t out_write(void *cookie, const char *buf, size_t len)
{
	struct view *v = cookie;
	size_t done = 0;
	ssize_t n;

	while (!v->error && done < len) {
		n = write(v->fd, buf + done, len - done);
		if (n >= 0)
			done += n;
		else if (errno != EINTR)
			v->error = errno;
	}
	return v->error ? 0 : (ssize_t)done;
}

/* Of a large dump, and large enough that a write() costs nothing against what it carries */
#define OUT_BUFFER	(256u << 10)

int view_init(struct view *v)
{
	const cookie_io_functions_t io = { .write = out_write };

	memset(v, 0, sizeof(*v));
	v->ops = &view_text_ops;
	v->fd = STDOUT_FILENO;
	v->out = fopencookie(v, "w", io);
	v->buf = malloc(OUT_BUFFER);
	if (v->out && v->buf && !setvbuf(v->out, v->buf, _IOFBF, OUT_BUFFER))
		return 0;
	return fail(ST_UNREADABLE, "standard output: %s", strerror(errno));
}

static const struct {
	const char		*name;
	const struct view_ops	*ops;
	bool			json;		/* prints by json-c */
	bool			gathers;	/* and in the end, what stands in .root then */
} formats[VIEW_FORMATS] = {
	[VIEW_TEXT]		= { "text", &view_text_ops, false, false },
	[VIEW_JSON]		= { "json", &view_json_ops, true, true },
	[VIEW_JSONL]		= { "jsonl", &view_jsonl_ops, true, false },
	[VIEW_CSV]		= { "csv", &view_csv_ops, false, false },
	[VIEW_SARIF]		= { "sarif", &view_sarif_ops, true, true },
	/* gathers by json-c too, but prints lines */
	[VIEW_PROMETHEUS]	= { "prometheus", &view_prometheus_ops, true, true },
};

enum view_format view_format_parse(const char *name)
{
	enum view_format f;

	for (f = 0; f < VIEW_FORMATS && strcmp(name, formats[f].name); f++)
		;
	return f;
}

const char *view_format_name(enum view_format format)
{
	return formats[format].name;
}

const char *view_choose(struct view *v, enum view_format format)
{
	const char *why = formats[format].json ? dl_json() : NULL;

	if (why)
		return why;
	v->ops = formats[format].ops;
	if (formats[format].gathers && !v->root)
		v->root = sym_json_object_new_object();
	return NULL;
}

int view_output(struct view *v, const char *file)
{
	v->file = strdup(file);
	if (!v->file || asprintf(&v->temp, "%s.XXXXXX", file) < 0) {
		v->temp = NULL;
		return fail(ST_UNREADABLE, "%s", strerror(ENOMEM));
	}
	v->fd = mkstemp(v->temp);
	if (v->fd < 0) {
		free(v->temp);
		v->temp = NULL;
		return fail(ST_UNREADABLE, "%s: %s", file, strerror(errno));
	}
	/* mkstemp() makes it the owner's alone; a collector runs as somebody else */
	fchmod(v->fd, 0644);
	return 0;
}

/* Under its name when it is whole and on the disk; else nothing is left of it */
static int keep_output(struct view *v)
{
	if (!v->error && v->complete && fsync(v->fd))
		v->error = errno;
	if (close(v->fd) && !v->error)
		v->error = errno;
	if (!v->error && v->complete && rename(v->temp, v->file))
		v->error = errno;
	if (v->error || !v->complete)
		unlink(v->temp);
	return v->error ? fail(ST_UNREADABLE, "%s: %s: it was not written", v->file,
			       strerror(v->error)) : 0;
}

static int close_output(struct view *v, int status)
{
	int ret = v->temp ? keep_output(v) : 0;

	free(v->file);
	free(v->temp);
	return ret ? ret : status;
}

/*
 * A result that is not complete never reached the root, so an empty root prints nothing. A reader
 * that went away (EPIPE, where SIGPIPE is ignored) knows that it did: no message.
 */
int view_close(struct view *v, int status)
{
	const int how = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
			JSON_C_TO_STRING_NOSLASHESCAPE;

	if (v->root) {
		if (sym_json_object_object_length(v->root))
			fprintf(v->out, "%s\n", sym_json_object_to_json_string_ext(v->root, how));
		sym_json_object_put(v->root);
		sym_json_object_put(v->part);
	}
	fclose(v->out);
	free(v->buf);
	if (v->file)
		return close_output(v, status);
	if (close(STDOUT_FILENO) && !v->error)
		v->error = errno;
	if (!v->error)
		return status;
	if (v->error == EPIPE)
		return ST_UNREADABLE;
	return fail(ST_UNREADABLE, "standard output: %s: the result is not complete",
		    strerror(v->error));
}

void json_add_hex(struct json_object *o, const char *key, uint64_t v)
{
	char s[24];

	snprintf(s, sizeof(s), "0x%" PRIx64, v);
	json_add_str(o, key, s);
}

void json_add_str(struct json_object *o, const char *key, const char *s)
{
	sym_json_object_object_add(o, key, s ? sym_json_object_new_string(s) : NULL);
}

void json_add_int(struct json_object *o, const char *key, int64_t v)
{
	sym_json_object_object_add(o, key, sym_json_object_new_int64(v));
}

void json_add_bool(struct json_object *o, const char *key, bool b)
{
	sym_json_object_object_add(o, key, sym_json_object_new_boolean(b));
}

const char *name_text(const struct view *v, uint64_t va, char *buf)
{
	char name[SYMBOL_TEXT];

	symbols_text(v->symbols, va, name);
	snprintf(buf, NAME_TEXT, *name ? " <%s>" : "%s", name);
	return buf;
}

void json_add_symbol(const struct view *v, struct json_object *o, uint64_t va)
{
	char name[SYMBOL_TEXT];

	if (*symbols_text(v->symbols, va, name))
		json_add_str(o, "symbol", name);
}
