// SPDX-License-Identifier: GPL-2.0-only
/*
 * Findings that were accepted: an earlier result in JSON, or a list of lines.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline.h"
#include "cmd.h"
#include "dl-json.h"
#include "file.h"
#include "numbers.h"

static int add(struct baseline *b, const struct accepted *e)
{
	struct accepted *more = realloc(b->entry, (b->n + 1) * sizeof(*more));

	if (!more)
		return fail(ST_UNREADABLE, "%s", strerror(ENOMEM));
	b->entry = more;
	more[b->n++] = *e;
	return 0;
}

/* ---- lines: CHECK [VM|* [RANGE]] --------------------------------------------------------------- */

static int add_line(struct ctx *ctx, struct baseline *b, const char *file, size_t number,
		    const char *line)
{
	char check[48], vm[128] = "", range[64] = "", rest[2] = "";
	struct accepted e = { 0 };
	int n = sscanf(line, "%47s %127s %63s %1s", check, vm, range, rest), ret;

	if (n < 1 || check[0] == '#')
		return 0;
	if (n > 3)
		return usage(ctx, "--baseline %s, line %zu: it is CHECK [VM|* [RANGE]]", file, number);
	if (audit_check_find(check, strlen(check)) < 0)
		return usage(ctx, "--baseline %s, line %zu: there is no check \"%s\"", file, number,
			     check);
	snprintf(e.check, sizeof(e.check), "%s", check);
	if (strcmp(vm, "*"))
		snprintf(e.vm.name, sizeof(e.vm.name), "%s", vm);
	e.has_range = n == 3;
	if (e.has_range) {
		ret = arg_range(ctx, "--baseline range", range, &e.first, &e.last);
		if (ret)
			return ret;
	}
	return add(b, &e);
}

static int read_lines(struct ctx *ctx, struct baseline *b, const char *file, char *text)
{
	char *line = text, *end;
	size_t number;
	int ret = 0;

	for (number = 1; !ret && *line; number++) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		ret = add_line(ctx, b, file, number, line);
		line = end;
	}
	return ret;
}

/* ---- JSON: the findings of an earlier result ---------------------------------------------------- */

static const char *str_of(struct json_object *o, const char *key)
{
	struct json_object *value;

	if (!sym_json_object_object_get_ex(o, key, &value) || !sym_json_object_is_type(value, json_type_string))
		return "";
	return sym_json_object_get_string(value);
}

static bool hex_of(struct json_object *o, const char *key, uint64_t *v)
{
	return parse_u64(str_of(o, key), v);
}

/* By the VM's name, which it keeps when it is started anew; its process does not */
static void vm_of(struct json_object *o, struct accepted_vm *vm)
{
	const char *name = str_of(o, "name");

	snprintf(vm->dir, sizeof(vm->dir), "%s", str_of(o, "vm"));
	snprintf(vm->name, sizeof(vm->name), "%s", *name ? name : vm->dir);
}

static unsigned int rights_of(struct json_object *o)
{
	const char *rights = str_of(o, "rights");

	return (strchr(rights, 'R') ? AUDIT_R : 0) | (strchr(rights, 'W') ? AUDIT_W : 0) |
	       (strchr(rights, 'X') ? AUDIT_X : 0);
}

static enum audit_severity severity_of(struct json_object *o)
{
	int s = AUDIT_VIOLATED;

	while (s > AUDIT_NOTICE && strcmp(str_of(o, "severity"), audit_severity_text(s)))
		s--;
	return s;
}

static void add_other(struct accepted *e, struct json_object *other)
{
	vm_of(other, &e->other);
	e->other_rights = rights_of(other);
	e->more = (unsigned int)sym_json_object_get_int64(sym_json_object_object_get(other, "more"));
	snprintf(e->what, sizeof(e->what), "%s", str_of(other, "what"));
}

static int add_finding(struct ctx *ctx, struct baseline *b, const char *file, struct json_object *o)
{
	struct json_object *other, *size, *shadow;
	struct accepted e = { .exact = true };
	uint64_t first;

	if (audit_check_find(str_of(o, "check"), strlen(str_of(o, "check"))) < 0)
		return usage(ctx, "--baseline %s: a finding of it has no check of this program: \"%s\"",
			     file, str_of(o, "check"));
	snprintf(e.check, sizeof(e.check), "%s", str_of(o, "check"));
	vm_of(o, &e.vm);
	e.severity = severity_of(o);
	e.rights = rights_of(o);
	if (sym_json_object_object_get_ex(o, "other", &other))
		add_other(&e, other);
	/* The IPAs of a shadow are another's, and it is called otherwise the next time */
	e.of_shadow = sym_json_object_object_get_ex(o, "shadow", &shadow);
	e.has_range = !e.of_shadow && hex_of(o, "ipa", &first);
	if (!e.has_range)
		e.has_range = e.of_pa = hex_of(o, "pa", &first);
	if (e.has_range) {
		size = sym_json_object_object_get(o, "size");
		e.first = first;
		e.last = first + (uint64_t)sym_json_object_get_int64(size);
		e.last -= e.last > first;
	}
	return add(b, &e);
}

static int read_json(struct ctx *ctx, struct baseline *b, const char *file, const char *text)
{
	const char *why = dl_json();
	struct json_object *root, *findings;
	size_t i;
	int ret = 0;

	if (why)
		return fail(ST_UNREADABLE, "--baseline %s: %s", file, why);
	root = sym_json_tokener_parse(text);
	if (!root || !sym_json_object_object_get_ex(root, "findings", &findings) ||
	    !sym_json_object_is_type(findings, json_type_array))
		ret = usage(ctx, "--baseline %s: it is no result of \"mmuscope --json audit\"", file);
	for (i = 0; !ret && i < sym_json_object_array_length(findings); i++)
		ret = add_finding(ctx, b, file, sym_json_object_array_get_idx(findings, i));
	sym_json_object_put(root);
	return ret;
}

int baseline_read(struct ctx *ctx, const char *file, struct baseline *b)
{
	size_t len;
	int err = 0, ret;
	char *text = file_read(file, &len, &err);

	*b = (struct baseline){ 0 };
	if (!text)
		return fail(ST_UNREADABLE, "--baseline %s: %s", file, strerror(-err));
	if (strlen(text) != len)
		ret = usage(ctx, "--baseline %s: it is not text", file);
	else if (text[strspn(text, " \t\r\n")] == '{')
		ret = read_json(ctx, b, file, text);
	else
		ret = read_lines(ctx, b, file, text);
	free(text);
	return ret;
}

void baseline_free(struct baseline *b)
{
	free(b->entry);
	*b = (struct baseline){ 0 };
}

static bool has_name_alone(const struct audit *a, const struct audit_vm *vm)
{
	size_t i;

	for (i = 0; i < a->nvms; i++)
		if (a->vm[i] != vm && !strcmp(a->vm[i]->label, vm->label))
			return false;
	return true;
}

static bool is_dir(const char *dir, const struct audit_vm *vm)
{
	return !strcmp(dir, vm->name) || !strcmp(dir, vm->live.dir);
}

/* VMs that nobody gave a name have that of their process, often all the same */
static bool names(const struct audit *a, const struct accepted_vm *e, const struct audit_vm *vm)
{
	if (!vm)
		return false;
	return is_dir(e->name, vm) ||
	       (!strcmp(e->name, vm->label) && (is_dir(e->dir, vm) || has_name_alone(a, vm)));
}

static bool in_range(const struct accepted *e, const struct audit_finding *f)
{
	uint64_t at = e->of_pa ? f->pa : f->ipa;

	if (e->exact && e->of_shadow != (f->shadow >= 0))
		return false;
	if (!e->has_range)
		return !e->exact || (!f->has_ipa && !f->has_pa);
	if (e->of_pa ? !f->has_pa : !f->has_ipa || f->shadow >= 0)
		return false;
	return at >= e->first && at + (f->size ? f->size - 1 : 0) <= e->last;
}

/* Nothing that was not there, and nobody who was not */
static bool no_worse(const struct audit *a, const struct accepted *e, const struct audit_finding *f)
{
	if (!*e->vm.name && f->vm)
		return false;
	if (*e->other.name ? !names(a, &e->other, f->other) : f->other != NULL)
		return false;
	return f->severity <= e->severity && !(f->rights & ~e->rights) &&
	       !(f->other_rights & ~e->other_rights) && f->more <= e->more &&
	       !strncmp(e->what, f->who ? f->who : "", sizeof(e->what) - 1);
}

bool baseline_has(const struct baseline *b, const struct audit *a, const struct audit_finding *f)
{
	const struct accepted *e;

	for (e = b->entry; e < b->entry + b->n; e++)
		if (!strcmp(e->check, f->check->id) && (!*e->vm.name || names(a, &e->vm, f->vm)) &&
		    in_range(e, f) && (!e->exact || no_worse(a, e, f)))
			return true;
	return false;
}
