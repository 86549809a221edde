// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Test vectors answered and compared.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "dl-json.h"
#include "regs.h"
#include "source-vec.h"
#include "vectors.h"

/* Bits 9 and 10 of a successful PAR are UNKNOWN and IMPLEMENTATION DEFINED */
#define PAR_IGNORED	(UINT64_C(3) << 9)

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

struct vector {
	const char *id;
	const char *op_name;
	enum at_op op;
	uint64_t va;
	struct par par;
	struct regs regs;
	struct source_vec memory;
};

static int bad(struct vectors_total *t, const char *what, const char *which)
{
	snprintf(t->reason, sizeof(t->reason), "%s%s%s", what, which ? ": " : "",
		 which ? which : "");
	return -EINVAL;
}

static bool number(const char *text, uint64_t *value)
{
	char *end;

	if (!text || !*text)
		return false;
	errno = 0;
	*value = strtoull(text, &end, 0);
	return !errno && !*end;
}

static const char *member(json_object *o, const char *key)
{
	json_object *m;

	return sym_json_object_object_get_ex(o, key, &m) ? sym_json_object_get_string(m) : NULL;
}

/* The first of an object's members; lh_entry_next() leads on */
static struct lh_entry *first_member(json_object *o)
{
	return lh_table_head(sym_json_object_get_object(o));
}

static const char *value_text(const struct lh_entry *e)
{
	return sym_json_object_get_string((json_object *)lh_entry_v(e));
}

static void regs_default(struct regs *regs, enum reg_id id)
{
	if (!regs_have(regs, id))
		regs_set(regs, id, 0);
}

static int read_regs(json_object *o, struct vector *v, struct vectors_total *t)
{
	/* What is not listed is zero; of these, "not given" would mean something else */
	static const enum reg_id zero[] = {
		REG_HCR_EL2, REG_HCRX_EL2, REG_SCTLR_EL1, REG_SCTLR_EL2, REG_TCR_EL1, REG_TCR_EL2,
		REG_TTBR0_EL1, REG_TTBR1_EL1, REG_TTBR0_EL2, REG_TTBR1_EL2,
		REG_MAIR_EL1, REG_MAIR2_EL1, REG_MAIR_EL2, REG_MAIR2_EL2,
		REG_PIR_EL1, REG_PIRE0_EL1, REG_PIR_EL2, REG_PIRE0_EL2,
		REG_POR_EL0, REG_POR_EL1, REG_POR_EL2,
		REG_VTCR_EL2, REG_VTTBR_EL2, REG_S2PIR_EL2, REG_S2POR_EL1,
	};
	json_object *list;
	struct lh_entry *e;
	const char *name;
	uint64_t value;
	size_t i;

	if (!sym_json_object_object_get_ex(o, "regs", &list) ||
	    !sym_json_object_is_type(list, json_type_object))
		return bad(t, "\"regs\" is not an object", NULL);
	for (e = first_member(list); e; e = lh_entry_next(e)) {
		name = lh_entry_k(e);
		if (!number(value_text(e), &value))
			return bad(t, "not a number", name);
		if (regs_set_name(&v->regs, name, strlen(name), value))
			return bad(t, "not a register, or too large", name);
	}
	for (i = 0; i < ARRAY_SIZE(zero); i++)
		regs_default(&v->regs, zero[i]);
	return 0;
}

static int read_memory(json_object *o, struct vector *v, struct vectors_total *t)
{
	json_object *list;
	struct lh_entry *e;
	const char *name;
	uint64_t pa, value;

	v->memory.count = 0;
	if (!sym_json_object_object_get_ex(o, "mem", &list))
		return 0;
	if (!sym_json_object_is_type(list, json_type_object))
		return bad(t, "\"mem\" is not an object", NULL);
	for (e = first_member(list); e; e = lh_entry_next(e)) {
		name = lh_entry_k(e);
		if (!number(name, &pa) || !number(value_text(e), &value))
			return bad(t, "not a number", name);
		if (source_vec_set(&v->memory, pa, value))
			return bad(t, "not the address of a word", name);
	}
	return 0;
}

static int read_vector(json_object *o, struct vector *v, struct vectors_total *t)
{
	int ret;

	if (!sym_json_object_is_type(o, json_type_object))
		return bad(t, "not a JSON object", NULL);
	v->id = member(o, "id");
	v->op_name = member(o, "op");
	if (!v->id || !v->op_name)
		return bad(t, "\"id\" or \"op\" is missing", NULL);
	if (at_op_parse(v->op_name, &v->op))
		return bad(t, "not an operation", v->op_name);
	if (!number(member(o, "va"), &v->va))
		return bad(t, "\"va\" is not a number", NULL);
	if (!number(member(o, "par"), &v->par.lo))
		return bad(t, "\"par\" is not a number", NULL);
	v->par.hi = 0;
	if (member(o, "par_hi") && !number(member(o, "par_hi"), &v->par.hi))
		return bad(t, "\"par_hi\" is not a number", NULL);

	memset(&v->regs, 0, sizeof(v->regs));
	ret = read_regs(o, v, t);
	return ret ? ret : read_memory(o, v, t);
}

static bool par_equal(const struct vector *v, struct par got)
{
	uint64_t mask = v->par.lo & 1 ? ~UINT64_C(0) : ~PAR_IGNORED;

	return v->par.hi == got.hi && (v->par.lo & mask) == (got.lo & mask);
}

static int answer(struct vector *v, struct walk_result *r,
		  int (*differs)(void *arg, const struct vector_difference *d), void *arg,
		  struct vectors_total *t)
{
	struct vector_difference d = { .id = v->id, .op = v->op_name, .va = v->va,
				       .expected = v->par, .result = r };
	const char *reason;
	struct mmu mmu;
	int ret;

	ret = mmu_init(&mmu, at_op_regime(v->op, &v->regs), &v->regs, &v->memory.source, NULL,
		       &reason);
	if (ret)
		return bad(t, reason, v->id);
	at_walk(&mmu, v->op, REGF(&v->regs, PSTATE, PAN), va(v->va), r);
	d.unreadable = r->status == WALK_UNREADABLE;
	if (!d.unreadable)
		d.got = par_encode(r);
	if (!d.unreadable && par_equal(v, d.got)) {
		t->passed++;
		return 0;
	}
	t->failed++;
	return differs ? differs(arg, &d) : 0;
}

/* Exactly one JSON value, with nothing but blanks behind it */
static json_object *parse_line(json_tokener *tok, const char *line, size_t len)
{
	json_object *o;
	size_t end;

	sym_json_tokener_reset(tok);
	o = sym_json_tokener_parse_ex(tok, line, (int)len);
	if (!o)
		return NULL;
	end = sym_json_tokener_get_parse_end(tok);
	if (end + strspn(line + end, " \t\r\n") == len)
		return o;
	sym_json_object_put(o);
	return NULL;
}

int vectors_run(FILE *in, int (*differs)(void *arg, const struct vector_difference *d), void *arg,
		struct vectors_total *total)
{
	struct vector *v = calloc(1, sizeof(*v));
	struct walk_result *r = malloc(sizeof(*r));
	const char *why = dl_json();
	struct json_tokener *tok = why ? NULL : sym_json_tokener_new();
	char *line = NULL;
	size_t size = 0;
	json_object *o;
	ssize_t len;
	int ret = 0;

	memset(total, 0, sizeof(*total));
	if (why) {
		snprintf(total->reason, sizeof(total->reason), "%s", why);
		ret = -ELIBACC;
		goto out;
	}
	if (!tok || !v || !r) {
		ret = -ENOMEM;
		goto out;
	}
	source_vec_init(&v->memory);
	while (!ret && (len = getline(&line, &size, in)) > 0) {
		total->line++;
		if (len == 1 && line[0] == '\n')
			continue;
		o = parse_line(tok, line, len);
		if (!o) {
			ret = bad(total, "not JSON", NULL);
			break;
		}
		ret = read_vector(o, v, total);
		if (!ret)
			ret = answer(v, r, differs, arg, total);
		sym_json_object_put(o);
	}
	if (!ret && ferror(in))
		ret = -EIO;
	source_vec_clear(&v->memory);
out:
	free(line);
	free(r);
	free(v);
	if (tok)
		sym_json_tokener_free(tok);
	return ret;
}
