// SPDX-License-Identifier: GPL-2.0-only
/*
 * An audit as metrics in Prometheus' text format, for the node exporter's textfile collector. All
 * samples of a metric stand together, so they are gathered and printed at the end.
 */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "dl-json.h"
#include "view-audit.h"
#include "view-json.h"

static void begin(struct view *v, const struct audit_host_view *r)
{
	(void)r;
	if (!v->part)
		begin_part(v);
	part_array(v, "vms");
	if (!sym_json_object_object_get(v->part, "findings"))
		sym_json_object_object_add(v->part, "findings", sym_json_object_new_object());
}

/* NAME="VALUE"; values have \ and " escaped, as in C */
static const char *label(const char *name, const char *value, char *buf, size_t size)
{
	size_t n = snprintf(buf, size, "%s=\"", name);

	for (; *value && n + 4 < size; value++) {
		if (*value == '\\' || *value == '"')
			buf[n++] = '\\';
		buf[n++] = *value >= ' ' ? *value : '?';
	}
	snprintf(buf + n, size - n, "\"");
	return buf;
}

/* Samples are counted under the text of their labels */
static void finding(struct view *v, const struct audit_finding *f)
{
	struct json_object *all = sym_json_object_object_get(v->part, "findings"), *n;
	char key[512], name[320];

	if (f->accepted)
		return;
	snprintf(key, sizeof(key), "%s,check=\"%s\",severity=\"%s\"",
		 label("vm", f->vm ? f->vm->name : "", name, sizeof(name)), f->check->id,
		 audit_severity_text(f->severity));
	n = sym_json_object_object_get(all, key);
	if (n)
		sym_json_object_int_inc(n, 1);
	else
		sym_json_object_object_add(all, key, sym_json_object_new_int64(1));
}

static void vm(struct view *v, const struct audit_vm_view *r)
{
	struct json_object *o = append_object(part_array(v, "vms"));

	char buf[320];

	json_add_str(o, "vm", label("vm", r->vm->name, buf, sizeof(buf)));
	json_add_str(o, "name", label("name", r->vm->label, buf, sizeof(buf)));
	json_add_int(o, "verdict", r->verdict);
	json_add_int(o, "mapped", r->vm->mapped);
	json_add_int(o, "accepted", r->accepted);
}

static void head(const struct view *v, const char *name, const char *what)
{
	fprintf(v->out, "# HELP mmuscope_audit_%s %s\n# TYPE mmuscope_audit_%s gauge\n", name, what, name);
}

/* The labels of a VM as they are printed */
static const char *of_vm(struct json_object *o, const char *key)
{
	return sym_json_object_get_string(sym_json_object_object_get(o, key));
}

static void each_vm(struct view *v, const char *metric, const char *key)
{
	struct json_object *vms = part_array(v, "vms"), *o;
	size_t i;

	for (i = 0; i < sym_json_object_array_length(vms); i++) {
		o = sym_json_object_array_get_idx(vms, i);
		fprintf(v->out, "mmuscope_audit_%s{%s,%s} %" PRId64 "\n", metric, of_vm(o, "vm"),
			of_vm(o, "name"), sym_json_object_get_int64(sym_json_object_object_get(o, key)));
	}
}

static void vm_verdicts(struct view *v)
{
	struct json_object *vms = part_array(v, "vms"), *o;
	size_t i;
	int s;

	head(v, "vm_verdict", "1 for the verdict that holds of the VM.");
	for (i = 0; i < sym_json_object_array_length(vms); i++) {
		o = sym_json_object_array_get_idx(vms, i);
		for (s = AUDIT_NOTICE; s <= AUDIT_VIOLATED; s++)
			fprintf(v->out, "mmuscope_audit_vm_verdict{%s,%s,verdict=\"%s\"} %d\n",
				of_vm(o, "vm"), of_vm(o, "name"), audit_verdict_text(s),
				sym_json_object_get_int(sym_json_object_object_get(o, "verdict")) == s);
	}
}

static void verdicts(struct view *v, const struct audit_tail *r)
{
	int s;

	head(v, "verdict", "1 for the verdict that holds of all VMs together.");
	for (s = AUDIT_NOTICE; s <= AUDIT_VIOLATED; s++)
		fprintf(v->out, "mmuscope_audit_verdict{verdict=\"%s\"} %d\n", audit_verdict_text(s),
			r->verdict == (enum audit_severity)s);
	vm_verdicts(v);
}

static void end(struct view *v, const struct audit_tail *r)
{
	struct json_object *all = sym_json_object_object_get(v->part, "findings");
	struct lh_entry *e;

	verdicts(v, r);
	head(v, "findings", "Findings that the baseline does not accept, by VM, check and severity.");
	for (e = lh_table_head(sym_json_object_get_object(all)); e; e = lh_entry_next(e))
		fprintf(v->out, "mmuscope_audit_findings{%s} %" PRId64 "\n", (char *)lh_entry_k(e),
			sym_json_object_get_int64(lh_entry_v(e)));
	head(v, "mapped_bytes", "Memory that stage 2 of the VM maps.");
	each_vm(v, "mapped_bytes", "mapped");
	head(v, "vm_accepted", "Findings of the VM that the baseline accepts.");
	each_vm(v, "vm_accepted", "accepted");
	head(v, "checks", "Checks that were made.");
	fprintf(v->out, "mmuscope_audit_checks %" PRIu64 "\n", r->checks);
	head(v, "time_seconds", "When the audit ended, in seconds since 1970.");
	fprintf(v->out, "mmuscope_audit_time_seconds %lld\n", (long long)time(NULL));
}

const struct view_ops view_prometheus_ops = {
	.audit_begin	= begin,
	.audit_finding	= finding,
	.audit_vm	= vm,
	.audit_end	= end,
};
