// SPDX-License-Identifier: GPL-2.0-only
/*
 * An audit as SARIF 2.1.0 (OASIS), for dashboards of code scanning. What SARIF calls a location is a
 * VM as a logical location and a physical address; there are no files.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dl-json.h"
#include "view-audit.h"
#include "view-json.h"

#define SCHEMA	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

static const char *level_of(enum audit_severity severity)
{
	return severity == AUDIT_VIOLATED ? "error" : severity == AUDIT_UNKNOWN ? "warning" : "note";
}

static void add_message(struct json_object *o, const char *key, const char *text)
{
	json_add_str(add_object(o, key), "text", text);
}

static struct json_object *add_array(struct json_object *o, const char *key)
{
	struct json_object *array = sym_json_object_new_array();

	sym_json_object_object_add(o, key, array);
	return array;
}

static void add_rules(struct json_object *driver)
{
	struct json_object *rules = add_array(driver, "rules"), *o;
	const struct audit_check *c;
	size_t n;

	for (n = 0; (c = audit_check(n)); n++) {
		o = append_object(rules);
		json_add_str(o, "id", c->id);
		add_message(o, "shortDescription", c->what);
		json_add_str(add_object(o, "defaultConfiguration"), "level", level_of(c->severity));
		json_add_str(add_object(o, "properties"), "severity", audit_severity_text(c->severity));
	}
}

static void begin(struct view *v, const struct audit_host_view *r)
{
	struct json_object *run, *driver;

	(void)r;
	if (v->part)
		return;
	begin_part(v);
	json_add_str(v->part, "$schema", SCHEMA);
	json_add_str(v->part, "version", "2.1.0");
	run = append_object(part_array(v, "runs"));
	driver = add_object(add_object(run, "tool"), "driver");
	json_add_str(driver, "name", "mmuscope");
	json_add_str(driver, "version", MMUSCOPE_VERSION);
	add_rules(driver);
	add_array(run, "results");
}

static struct json_object *the_run(struct view *v)
{
	return sym_json_object_array_get_idx(part_array(v, "runs"), 0);
}

static void add_location(struct json_object *o, const struct audit_finding *f)
{
	struct json_object *logical, *address;

	o = append_object(add_array(o, "locations"));
	if (f->vm) {
		logical = append_object(add_array(o, "logicalLocations"));
		json_add_str(logical, "name", f->vm->label);
		json_add_str(logical, "fullyQualifiedName", f->vm->name);
		json_add_str(logical, "kind", "virtual machine");
	}
	if (!f->has_pa)
		return;
	address = add_object(add_object(o, "physicalLocation"), "address");
	json_add_int(address, "absoluteAddress", f->pa);
	json_add_int(address, "length", f->size);
	json_add_str(address, "kind", "page");
}

static void add_properties(struct json_object *o, const struct audit_finding *f)
{
	o = add_object(o, "properties");
	json_add_str(o, "severity", audit_severity_text(f->severity));
	if (f->has_va)
		json_add_hex(o, "va", f->va);
	if (f->has_ipa)
		json_add_hex(o, "ipa", f->ipa);
	if (f->shadow >= 0)
		json_add_int(o, "shadow", f->shadow);
	if (f->has_pa)
		json_add_hex(o, "pa", f->pa);
	if (f->other)
		json_add_str(o, "other", f->other->name);
	if (f->has_other_ipa)
		json_add_hex(o, "otherIpa", f->other_ipa);
	if (f->who)
		json_add_str(o, "what", f->who);
	if (f->has_word) {
		json_add_hex(o, "wordPa", f->word_pa);
		json_add_hex(o, "word", f->word);
	}
}

/*
 * What is the same finding in the next audit: the VM by its name, and the place in it. A shadow has no name
 * that it keeps.
 */
static void add_fingerprint(struct json_object *o, const struct audit_finding *f)
{
	char text[384];

	snprintf(text, sizeof(text), "%s/%s/0x%" PRIx64 "/%s", f->check->id,
		 f->vm ? f->vm->label : "", f->has_ipa && f->shadow < 0 ? f->ipa : f->has_va ? f->va : f->pa,
		 f->other ? f->other->label : f->who ? f->who : "");
	json_add_str(add_object(o, "partialFingerprints"), "place/v1", text);
}

static void finding(struct view *v, const struct audit_finding *f)
{
	struct json_object *o, *suppression;
	char text[640], with[200] = "";

	o = append_object(sym_json_object_object_get(the_run(v), "results"));
	json_add_str(o, "ruleId", f->check->id);
	json_add_int(o, "ruleIndex", audit_check_find(f->check->id, strlen(f->check->id)));
	json_add_str(o, "level", level_of(f->severity));
	if (f->other)
		snprintf(with, sizeof(with), ", with VM %s (%s)", f->other->name, f->other->label);
	snprintf(text, sizeof(text), "%s%s%s%s%s", f->check->what, *f->text || *with ? " " : "", f->text,
		 with, *f->text || *with ? "." : "");
	add_message(o, "message", text);
	add_location(o, f);
	add_fingerprint(o, f);
	add_properties(o, f);
	if (!f->accepted)
		return;
	suppression = append_object(add_array(o, "suppressions"));
	json_add_str(suppression, "kind", "external");
	json_add_str(suppression, "justification", "accepted by the baseline");
}

static void vm(struct view *v, const struct audit_vm_view *r)
{
	struct json_object *run = the_run(v), *o = sym_json_object_object_get(run, "properties");

	if (!o)
		o = add_object(run, "properties");
	json_add_str(o, r->vm->name, audit_verdict_text(r->verdict));
}

static void end(struct view *v, const struct audit_tail *r)
{
	struct json_object *o = append_object(add_array(the_run(v), "invocations"));

	/* It ran to its end; an audit that could not see everything says so by its results */
	json_add_bool(o, "executionSuccessful", true);
	json_add_str(add_object(o, "properties"), "verdict", audit_verdict_text(r->verdict));
	finish_part(v);
}

const struct view_ops view_sarif_ops = {
	.audit_begin	= begin,
	.audit_finding	= finding,
	.audit_vm	= vm,
	.audit_end	= end,
};
