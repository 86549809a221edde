// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filters of a dump: parsed by recursive descent into nodes that refer to each other by index, and evaluated in Kleene's
 * logic of three values, so that what is not known of a range makes it match neither a term nor the term's opposite.
 */
#include <ctype.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"
#include "numbers.h"
#include "view.h"
#include "walk.h"

enum truth { NO, YES, UNKNOWN };

enum kind {
	/* of other nodes */
	NODE_AND, NODE_OR, NODE_NOT,
	/* words */
	IS_R, IS_W, IS_X, IS_WX, IS_USER, IS_NORMAL, IS_DEVICE, IS_DIRTY, IS_CLEAN, IS_AF, IS_CONTIGUOUS, IS_DBM,
	IS_NG, IS_GP, IS_NS, IS_FAULT, IS_UNREADABLE,
	/* with a value */
	HAS_LEVEL, HAS_SIZE, HAS_DESCRIPTORS, HAS_VA, HAS_IPA, HAS_PA, HAS_PRIVILEGED, HAS_UNPRIVILEGED, HAS_MEMORY,
	HAS_SH,
};

enum op { OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE };

#define NODES		256
#define DEPTH		64	/* of parentheses and "not", each of which is a call */
#define WORD_SIZE	20
#define VALUE		160

struct node {
	enum kind	kind;
	enum op		op;
	uint16_t	a, b;		/* NODE_* */
	uint64_t	lo, hi;		/* a number, or first and last address */
	char		*pattern;
};

struct filter {
	uint16_t	root, count;
	uint32_t	asks;
	struct node	node[NODES];
};

static const struct word_term {
	const char	*word;
	enum kind	kind;
	uint32_t	asks;
} words[] = {
	{ "r", IS_R, 0 }, { "w", IS_W, 0 }, { "x", IS_X, 0 }, { "wx", IS_WX, 0 }, { "user", IS_USER, 0 },
	{ "normal", IS_NORMAL, 0 }, { "device", IS_DEVICE, 0 }, { "dirty", IS_DIRTY, 0 }, { "clean", IS_CLEAN, 0 },
	{ "af", IS_AF, 0 }, { "contiguous", IS_CONTIGUOUS, 0 }, { "dbm", IS_DBM, 0 }, { "ng", IS_NG, FILTER_STAGE1 },
	{ "gp", IS_GP, FILTER_STAGE1 }, { "ns", IS_NS, FILTER_STAGE1 }, { "fault", IS_FAULT, 0 },
	{ "unreadable", IS_UNREADABLE, 0 },
};

enum value_type { NUMBER, SIZE, RANGE, RIGHTS, GLOB };

static const struct value_term {
	const char	*name;
	enum kind	kind;
	enum value_type	type;
	uint32_t	asks;
} values[] = {
	{ "level", HAS_LEVEL, NUMBER, 0 }, { "size", HAS_SIZE, SIZE, 0 },
	{ "descriptors", HAS_DESCRIPTORS, NUMBER, 0 }, { "va", HAS_VA, RANGE, FILTER_VA },
	{ "ipa", HAS_IPA, RANGE, FILTER_IPA }, { "pa", HAS_PA, RANGE, FILTER_PA },
	{ "privileged", HAS_PRIVILEGED, RIGHTS, 0 }, { "unprivileged", HAS_UNPRIVILEGED, RIGHTS, 0 },
	{ "memory", HAS_MEMORY, GLOB, 0 }, { "sh", HAS_SH, GLOB, 0 },
};

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

/* ---- parsing --------------------------------------------------------------------------------- */

struct parser {
	const char			*text, *p;
	const struct filter_names	*names;
	struct filter			*f;
	struct filter_error		*err;
	unsigned int			depth;
};

/* All that parses gives the index of a node, or this after err was filled */
#define BAD	(-1)

static int parse_either(struct parser *s);

static int __attribute__((format(printf, 3, 4))) bad(struct parser *s, const char *at, const char *fmt, ...)
{
	va_list ap;

	s->err->at = at - s->text;
	va_start(ap, fmt);
	vsnprintf(s->err->message, sizeof(s->err->message), fmt, ap);
	va_end(ap);
	return BAD;
}

static struct node *new_node(struct parser *s, enum kind kind, int *index)
{
	struct node *n;

	if (s->f->count == NODES) {
		*index = bad(s, s->p, "more than %d terms", NODES);
		return NULL;
	}
	*index = s->f->count++;
	n = &s->f->node[*index];
	*n = (struct node){ .kind = kind };
	return n;
}

static int pair(struct parser *s, enum kind kind, int a, int b)
{
	struct node *n;
	int index;

	if (a == BAD || b == BAD)
		return BAD;
	n = new_node(s, kind, &index);
	if (n) {
		n->a = a;
		n->b = b;
	}
	return index;
}

static void skip_blanks(struct parser *s)
{
	while (isspace((unsigned char)*s->p))
		s->p++;
}

static size_t word_length(const char *p)
{
	size_t n = 0;

	while (isalnum((unsigned char)p[n]) || p[n] == '_')
		n++;
	return n;
}

static bool same_word(const char *p, size_t n, const char *word)
{
	return strlen(word) == n && !strncasecmp(p, word, n);
}

/* Take @word or @sign if it stands here */
static bool take(struct parser *s, const char *word, const char *sign)
{
	size_t n;

	skip_blanks(s);
	n = word_length(s->p);
	if (n && same_word(s->p, n, word)) {
		s->p += n;
		return true;
	}
	n = strlen(sign);
	if (strncmp(s->p, sign, n))
		return false;
	s->p += n;
	return true;
}

static bool take_operator(struct parser *s, enum op *op)
{
	static const struct {
		const char *sign;
		enum op op;
	} ops[] = {
		{ "==", OP_EQ }, { "!=", OP_NE }, { "<=", OP_LE }, { ">=", OP_GE }, { "=", OP_EQ }, { "<", OP_LT },
		{ ">", OP_GT },
	};
	size_t i;

	skip_blanks(s);
	for (i = 0; i < COUNT(ops); i++) {
		if (strncmp(s->p, ops[i].sign, strlen(ops[i].sign)))
			continue;
		s->p += strlen(ops[i].sign);
		*op = ops[i].op;
		return true;
	}
	return false;
}

/* A value reaches to a blank, a parenthesis or a sign, unless it stands in quotes */
static int take_value(struct parser *s, const char *name, char *buf)
{
	const char *begin, *ends = " \t\r\n()&|";
	char quote[2] = "";
	size_t n;

	skip_blanks(s);
	begin = s->p;
	if (*begin == '\'' || *begin == '"') {
		quote[0] = *begin++;
		ends = quote;
	}
	n = strcspn(begin, ends);
	if (*quote && !begin[n])
		return bad(s, s->p, "the quotes are not closed");
	if (!n)
		return bad(s, s->p, "%s needs a value", name);
	if (n >= VALUE)
		return bad(s, s->p, "the value is longer than %d characters", VALUE - 1);
	memcpy(buf, begin, n);
	buf[n] = '\0';
	s->p = begin + n + (*quote != '\0');
	return 0;
}

static int take_range(struct parser *s, const struct value_term *v, const char *at, const char *text, struct node *n)
{
	const char *why;

	if (parse_u64(text, &n->lo)) {
		n->hi = n->lo;
		return 0;
	}
	if (v->kind == HAS_VA && s->names && s->names->va_range) {
		s->err->status = s->names->va_range(s->names->arg, text, &n->lo, &n->hi);
		return s->err->status ? BAD : 0;
	}
	why = parse_range(text, &n->lo, &n->hi);
	if (!why)
		return 0;
	if (!strpbrk(text, "-+"))
		why = " is no address (0x hexadecimal or decimal), A-B or A+SIZE";
	return bad(s, at, "\"%s\"%s", text, why);
}

static int take_rights(struct parser *s, const char *at, const char *text, struct node *n)
{
	static const char letters[] = "rwx";
	int i;

	for (i = 0; i < 3; i++)
		if (!text[i] || !strchr("-?", text[i]) == (tolower((unsigned char)text[i]) != letters[i]))
			break;
	if (i < 3 || text[3])
		return bad(s, at, "\"%s\" is not of the form RWX, each letter or - or ?", text);
	n->pattern = strdup(text);
	return n->pattern ? 0 : bad(s, at, "out of memory");
}

static int take_typed(struct parser *s, const struct value_term *v, const char *at, const char *text, struct node *n)
{
	switch (v->type) {
	case NUMBER:
		/* levels begin with -1 */
		if (v->kind == HAS_LEVEL && !strcmp(text, "-1"))
			n->lo = (uint64_t)-1;
		else if (!parse_u64(text, &n->lo) || n->lo > INT64_MAX)
			return bad(s, at, "\"%s\" is not a number", text);
		return 0;
	case SIZE:
		if (!parse_size(text, &n->lo) || n->lo > INT64_MAX)
			return bad(s, at, "\"%s\" is not a number of bytes (K, M, G, T may follow)", text);
		return 0;
	case RANGE:
		return take_range(s, v, at, text, n);
	case RIGHTS:
		return take_rights(s, at, text, n);
	case GLOB:
		n->pattern = strdup(text);
		return n->pattern ? 0 : bad(s, at, "out of memory");
	}
	return 0;
}

static int parse_comparison(struct parser *s, const struct value_term *v)
{
	char text[VALUE];
	struct node *n;
	const char *at;
	enum op op;
	int index;

	if (!take_operator(s, &op))
		return bad(s, s->p, "%s needs =, !=%s and a value", v->name,
			   v->type <= SIZE ? ", <, <=, >, >=" : "");
	if (op > OP_NE && v->type > SIZE)
		return bad(s, s->p, "%s knows only = and !=", v->name);
	skip_blanks(s);
	at = s->p;
	if (take_value(s, v->name, text))
		return BAD;
	n = new_node(s, v->kind, &index);
	if (!n)
		return BAD;
	n->op = op;
	s->f->asks |= v->asks;
	return take_typed(s, v, at, text, n) ? BAD : index;
}

static int no_term(struct parser *s, size_t len)
{
	char list[256] = "";
	size_t i, used = 0;

	if (!*s->p)
		return bad(s, s->p, "a term is missing at its end");
	if (!len)
		return bad(s, s->p, "no term begins with \"%c\"", *s->p);
	for (i = 0; i < COUNT(words); i++)
		used += snprintf(list + used, sizeof(list) - used, "%s, ", words[i].word);
	for (i = 0; i < COUNT(values); i++)
		used += snprintf(list + used, sizeof(list) - used, "%s%s=", i ? ", " : "", values[i].name);
	return bad(s, s->p, "\"%.*s\" is none of %s", (int)(len < WORD_SIZE ? len : WORD_SIZE), s->p, list);
}

static int parse_term(struct parser *s)
{
	size_t len, i;
	int index;

	skip_blanks(s);
	len = word_length(s->p);
	for (i = 0; i < COUNT(words); i++) {
		if (!same_word(s->p, len, words[i].word))
			continue;
		if (new_node(s, words[i].kind, &index))
			s->p += len;
		s->f->asks |= words[i].asks;
		return index;
	}
	for (i = 0; i < COUNT(values); i++) {
		if (!same_word(s->p, len, values[i].name))
			continue;
		s->p += len;
		return parse_comparison(s, &values[i]);
	}
	return no_term(s, len);
}

static int parse_one(struct parser *s)
{
	const char *at;
	int a;

	if (s->depth == DEPTH)
		return bad(s, s->p, "more than %d parentheses and \"not\" within each other", DEPTH);
	s->depth++;
	skip_blanks(s);
	at = s->p;
	if (take(s, "not", "!")) {
		a = parse_one(s);
		a = pair(s, NODE_NOT, a, a);
	} else if (*s->p == '(') {
		s->p++;
		a = parse_either(s);
		skip_blanks(s);
		if (a != BAD && *s->p != ')')
			a = *s->p ? bad(s, s->p, "and, or, or ) is missing before this") :
				    bad(s, at, "the parenthesis is not closed");
		else if (a != BAD)
			s->p++;
	} else {
		a = parse_term(s);
	}
	s->depth--;
	return a;
}

static int parse_all(struct parser *s)
{
	int a = parse_one(s);

	while (a != BAD && take(s, "and", "&&"))
		a = pair(s, NODE_AND, a, parse_one(s));
	return a;
}

static int parse_either(struct parser *s)
{
	int a = parse_all(s);

	while (a != BAD && take(s, "or", "||"))
		a = pair(s, NODE_OR, a, parse_all(s));
	return a;
}

struct filter *filter_parse(const char *text, const struct filter_names *names, struct filter_error *err)
{
	struct parser s = { .text = text, .p = text, .names = names, .err = err };
	int root;

	*err = (struct filter_error){ 0 };
	s.f = calloc(1, sizeof(*s.f));
	if (!s.f) {
		bad(&s, text, "out of memory");
		return NULL;
	}
	root = parse_either(&s);
	skip_blanks(&s);
	if (root != BAD && *s.p)
		root = bad(&s, s.p, *s.p == ')' ? "there is no ( to this" : "and, or, or the end is missing before this");
	if (root == BAD) {
		filter_free(s.f);
		return NULL;
	}
	s.f->root = root;
	return s.f;
}

void filter_free(struct filter *f)
{
	size_t i;

	if (!f)
		return;
	for (i = 0; i < f->count; i++)
		free(f->node[i].pattern);
	free(f);
}

uint32_t filter_asks(const struct filter *f)
{
	return f->asks;
}

/* ---- evaluation ------------------------------------------------------------------------------ */

static bool compare(const struct node *n, int64_t value)
{
	int64_t to = (int64_t)n->lo;

	switch (n->op) {
	case OP_EQ:
		return value == to;
	case OP_NE:
		return value != to;
	case OP_LT:
		return value < to;
	case OP_LE:
		return value <= to;
	case OP_GT:
		return value > to;
	default:
		return value >= to;
	}
}

static bool equal_or_not(const struct node *n, bool equal)
{
	return n->op == OP_EQ ? equal : !equal;
}

static bool touches(const struct node *n, uint64_t first, uint64_t size)
{
	return equal_or_not(n, first <= n->hi && first + (size - 1) >= n->lo);
}

static bool has_rights(const struct node *n, struct rights r)
{
	char text[4];
	int i;

	rights_text(r, text);
	for (i = 0; i < 3; i++)
		if (n->pattern[i] != '?' && toupper((unsigned char)n->pattern[i]) != text[i])
			break;
	return equal_or_not(n, i == 3);
}

static bool is_like(const struct node *n, const char *text)
{
	return equal_or_not(n, !fnmatch(n->pattern, text, FNM_CASEFOLD));
}

static bool writable(struct perms p)
{
	return p.el1.w || p.el0.w;
}

/* Of a range that is mapped */
static bool mapped_is(const struct node *n, const struct map_range *r, bool to_ipa)
{
	const struct rights el1 = r->perms.el1, el0 = r->perms.el0;
	char mem[MEMATTR_TEXT];

	switch (n->kind) {
	case IS_R:
		return el1.r || el0.r;
	case IS_W:
		return writable(r->perms);
	case IS_X:
		return el1.x || el0.x;
	case IS_WX:
		return (el1.w && el1.x) || (el0.w && el0.x);
	case IS_USER:
		return el0.r || el0.w || el0.x;
	case IS_NORMAL:
		return r->attr.type == MEM_NORMAL;
	case IS_DEVICE:
		return r->attr.type == MEM_DEVICE;
	case IS_DIRTY:
		return r->leaf.dbm && writable(r->leaf.perms);
	case IS_CLEAN:
		return r->leaf.dbm && !writable(r->leaf.perms);
	case IS_AF:
		return r->leaf.af;
	case IS_CONTIGUOUS:
		return r->leaf.contig;
	case IS_DBM:
		return r->leaf.dbm;
	case IS_NG:
		return r->leaf.ng;
	case IS_GP:
		return r->leaf.gp;
	case IS_NS:
		return r->leaf.ns;
	case HAS_LEVEL:
		return compare(n, r->level);
	case HAS_DESCRIPTORS:
		return compare(n, r->leaves);
	case HAS_IPA:
		return touches(n, r->has_piece ? r->ipa : to_ipa ? r->oa : r->ia, r->size);
	case HAS_PA:
		return touches(n, r->oa, r->size);
	case HAS_PRIVILEGED:
		return has_rights(n, el1);
	case HAS_UNPRIVILEGED:
		return has_rights(n, el0);
	case HAS_MEMORY:
		return is_like(n, memattr_text(&r->attr, mem));
	case HAS_SH:
		return is_like(n, shareability_text(r->attr.sh));
	default:
		return false;
	}
}

static enum truth term(const struct node *n, const struct map_range *r, bool to_ipa)
{
	switch (n->kind) {
	case IS_FAULT:
		return r->status == WALK_FAULT;
	case IS_UNREADABLE:
		return r->status == WALK_UNREADABLE;
	case HAS_SIZE:
		return compare(n, r->size);
	case HAS_VA:
		return touches(n, r->ia, r->size);
	case HAS_IPA:
		/* the input of stage 2, and of a piece between the stages, is there without an output */
		if (r->stage == 2 || r->has_piece)
			return touches(n, r->has_piece ? r->ipa : r->ia, r->size);
		break;
	default:
		break;
	}
	return r->status == WALK_OK ? (enum truth)mapped_is(n, r, to_ipa) : UNKNOWN;
}

static enum truth evaluate(const struct filter *f, uint16_t index, const struct map_range *r, bool to_ipa)
{
	const struct node *n = &f->node[index];
	enum truth a, b;

	if (n->kind > NODE_NOT)
		return term(n, r, to_ipa);
	a = evaluate(f, n->a, r, to_ipa);
	if (n->kind == NODE_NOT)
		return a == UNKNOWN ? UNKNOWN : a == NO ? YES : NO;
	/* what decides alone */
	if (a == (n->kind == NODE_OR ? YES : NO))
		return a;
	b = evaluate(f, n->b, r, to_ipa);
	if (b == (n->kind == NODE_OR ? YES : NO))
		return b;
	return a == UNKNOWN || b == UNKNOWN ? UNKNOWN : b;
}

bool filter_wants(const struct filter *f, const struct map_range *r, bool to_ipa)
{
	return r->status == WALK_UNREADABLE || evaluate(f, f->root, r, to_ipa) == YES;
}
