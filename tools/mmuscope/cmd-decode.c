// SPDX-License-Identifier: GPL-2.0-only
/*
 * decode: register values and descriptors given by hand. Needs no host.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "file.h"
#include "numbers.h"
#include "regs.h"
#include "view-regs.h"
#include "view.h"

enum { OPT_STAGE = 1, OPT_LEVEL, OPT_GRANULE, OPT_LPA2, OPT_LPA, OPT_D128, OPT_SHORT };

static const struct opt opts[] = {
	{ OPT_STAGE,	"stage",	"1|2",		"desc: of which stage (1)" },
	{ OPT_LEVEL,	"level",	"N",		"desc: level of the table that holds it" },
	{ OPT_GRANULE,	"granule",	"4K|16K|64K",	"desc: translation granule (4K)" },
	{ OPT_LPA2,	"lpa2",		NULL,		"desc: 52-bit with 4K and 16K (TCR.DS)" },
	{ OPT_LPA,	"lpa",		NULL,		"desc: 52-bit addresses with 64K" },
	{ OPT_D128,	"d128",		NULL,		"desc: 128-bit descriptor (VMSAv9-128)" },
	{ OPT_SHORT,	"short",	NULL,		"desc: AArch32 short descriptor" },
	{ 0, NULL, NULL, NULL }
};

struct decode_run {
	struct ctx		*ctx;
	unsigned int		stage, granule;	/* granule as log2; 0: not given */
	int			level;
	bool			has_level, lpa2, lpa, d128, is_short;
	bool			desc_opts;	/* any of them was given */
	struct regs		regs;
	size_t			nids;
	enum reg_id		ids[REG_COUNT];
	struct desc_result	desc;
};

/*
 * Numbers
 */

/* Up to 128 bits; beyond 64 in hexadecimal only */
static bool parse_wide(const char *s, uint64_t *hi, uint64_t *lo)
{
	char high[64], low[19] = "0x";
	size_t len = strlen(s);

	*hi = 0;
	if (s[0] != '0' || (s[1] != 'x' && s[1] != 'X') || len <= 18)
		return parse_u64(s, lo);
	if (len - 16 >= sizeof(high))
		return false;
	/* the last 16 digits, and "0x" with those above */
	memcpy(low + 2, s + len - 16, 17);
	snprintf(high, sizeof(high), "%.*s", (int)(len - 16), s);
	return parse_u64(low, lo) && parse_u64(high, hi);
}

static int wide_value(struct decode_run *r, const char *what, const char *s, bool wide,
		      uint64_t *hi, uint64_t *lo)
{
	uint64_t v;

	if (!parse_wide(s, hi, lo)) {
		/* says what is wrong with a number of 64 bits, which is what most are */
		if (!wide)
			return arg_u64(r->ctx, what, s, &v);
		return usage(r->ctx, "%s \"%s\" is not a number of up to 128 bits (0x hexadecimal)",
			     what, s);
	}
	if (*hi && !wide)
		return usage(r->ctx, "%s \"%s\" has more than 64 bits", what, s);
	return 0;
}

/*
 * Registers
 */

static bool listed(const struct decode_run *r, enum reg_id id)
{
	size_t i;

	for (i = 0; i < r->nids; i++)
		if (r->ids[i] == id)
			return true;
	return false;
}

static bool is_pstate_field(const char *name)
{
	return !strncasecmp(name, "PSTATE.", 7);
}

static int set_reg(struct decode_run *r, const char *name, const char *value)
{
	enum reg_id id = REG_PSTATE;
	uint64_t hi, lo;
	bool upper = false;
	int ret;

	if (!is_pstate_field(name) && !reg_find(name, strlen(name), &id, &upper))
		return usage(r->ctx, "there is no register \"%s\" that mmuscope knows", name);
	ret = wide_value(r, name, value, !upper && reg_has_hi(id), &hi, &lo);
	if (ret)
		return ret;
	switch (regs_set_name(&r->regs, name, strlen(name), lo)) {
	case -ENOENT:
		return usage(r->ctx, "there is no field \"%s\" that mmuscope knows", name);
	case -EEXIST:
		return usage(r->ctx, "%s is given twice", name);
	case -ERANGE:
		return usage(r->ctx, "%s: \"%s\" does not fit the field", name, value);
	}
	if (hi)
		regs_set_hi(&r->regs, id, hi);
	if (!listed(r, id))
		r->ids[r->nids++] = id;
	return 0;
}

/* What --regs adds is context: the command line wins */
static int add_context(struct decode_run *r)
{
	struct regs_parser p = { 0 };
	struct regs file = { 0 };
	size_t len, id;
	char *text;
	int err = 0, ret;

	if (!r->ctx->regs_file)
		return 0;
	text = file_read(r->ctx->regs_file, &len, &err);
	if (!text)
		return fail(ST_UNREADABLE, "--regs %s: %s", r->ctx->regs_file, strerror(-err));
	ret = regs_parse(&file, text, len, &p);
	free(text);
	if (ret)
		return fail(ST_USAGE, "%s, line %zu: %s", r->ctx->regs_file, p.line, p.reason);
	for (id = 0; id < REG_COUNT; id++) {
		if (listed(r, id))
			continue;
		if (regs_have(&file, id))
			regs_set(&r->regs, id, file.val[id]);
		if (regs_have_hi(&file, id))
			regs_set_hi(&r->regs, id, file.hi[id]);
	}
	return 0;
}

static bool part_violated(enum reg_layout_id layout, uint64_t val, const struct regs *regs)
{
	const struct reg_field *fields;
	size_t i, n = layout_fields(layout, &fields);
	struct field_value f;

	for (i = 0; i < n; i++) {
		layout_decode(layout, i, val, regs, &f);
		if (f.violation)
			return true;
	}
	return false;
}

static bool violated(const struct regs *regs, enum reg_id id)
{
	uint64_t val = regs->val[id], hi = regs->hi[id];
	enum reg_layout_id upper = reg_layout_hi(id, val, hi, regs);

	return part_violated(reg_layout(id, val, hi, regs), val, regs) ||
	       (upper != LAYOUT_COUNT && part_violated(upper, hi, regs));
}

static int decode_regs(struct decode_run *r, int argc, char **argv)
{
	struct reg_list list = { .regs = &r->regs, .ids = r->ids, .all_bits = true };
	struct decode_result res = { .list = &list };
	size_t i;
	int ret = 0;

	if (r->desc_opts)
		return usage(r->ctx, "--stage, --level and so on are for \"decode desc\"");
	if ((argc - optind) % 2)
		return usage(r->ctx, "%s: which value?", argv[argc - 1]);
	for (; !ret && optind < argc; optind += 2)
		ret = set_reg(r, argv[optind], argv[optind + 1]);
	if (!ret)
		ret = add_context(r);
	if (ret)
		return ret;
	list.n = r->nids;
	r->ctx->view->ops->decode(r->ctx->view, &res);
	for (i = 0; i < r->nids; i++)
		if (violated(&r->regs, r->ids[i]))
			return ST_FINDING;
	return ST_DONE;
}

/*
 * Descriptors
 */

static int check_format(struct decode_run *r)
{
	if (r->d128 + r->is_short + (r->lpa2 || r->lpa) > 1)
		return usage(r->ctx, "--d128, --short and --lpa or --lpa2 exclude each other");
	if (r->lpa && r->granule != 16)
		return usage(r->ctx, "--lpa is of the 64K granule; with 4K and 16K it is --lpa2");
	if (r->lpa2 && r->granule == 16)
		return usage(r->ctx, "--lpa2 is of the 4K and 16K granules; with 64K it is --lpa");
	if (r->is_short && (r->granule != 12 || r->stage != 1))
		return usage(r->ctx, "short descriptors are of stage 1 and 4K");
	return 0;
}

/*
 * The lowest level that a table can stand at: 64K starts at 1, 52-bit 4K at -1, VMSAv9-128 with
 * 4K at -2
 */
static int lowest_level(const struct decode_run *r)
{
	if (r->is_short)
		return 1;
	if (r->d128)
		return r->granule == 12 ? -2 : r->granule == 14 ? -1 : 0;
	if (r->granule == 16)
		return 1;
	return r->lpa2 && r->granule == 12 ? -1 : 0;
}

static int check_level(struct decode_run *r)
{
	int lowest = lowest_level(r), highest = r->is_short ? 2 : 3;

	if (!r->has_level)
		return usage(r->ctx, "which level? --level %d to %d", lowest, highest);
	if (r->level < lowest || r->level > highest)
		return usage(r->ctx,
			     "--level %d: with this format and granule there are levels %d to %d",
			     r->level, lowest, highest);
	return 0;
}

static void set_geometry(struct decode_run *r)
{
	bool wide = r->lpa || r->lpa2;

	r->desc.geo = (struct geometry){
		.format = r->d128 ? TABLE_V9_128 : r->is_short ? TABLE_V8_32S : TABLE_V8_64,
		.stage = r->stage, .granule = r->granule, .ds = r->lpa2, .lpa = r->lpa,
		.start_level = lowest_level(r), .ia_bits = r->is_short ? 32 : wide ? 52 : 48,
		.oa_bits = r->d128 ? 56 : r->is_short ? 40 : wide ? 52 : 48,
	};
}

static int decode_desc(struct decode_run *r, int argc, char **argv)
{
	struct decode_result res = { .desc = &r->desc };
	struct word word;
	int ret;

	if (argc - optind != 2)
		return usage(r->ctx,
			     argc - optind < 2 ? "desc: which value?" : "too many operands");
	if (!r->granule)
		r->granule = 12;
	ret = check_format(r);
	if (!ret)
		ret = check_level(r);
	if (!ret)
		ret = wide_value(r, "descriptor", argv[optind + 1], r->d128, &word.hi, &word.lo);
	if (!ret && r->is_short && word.lo >> 32)
		ret = usage(r->ctx, "descriptor \"%s\" has more than 32 bits", argv[optind + 1]);
	if (!ret)
		ret = add_context(r);
	if (ret)
		return ret;
	set_geometry(r);
	desc_explain(&r->desc, r->level, word, &r->regs);
	r->ctx->view->ops->decode(r->ctx->view, &res);
	return r->desc.desc.type == DESC_INVALID ? ST_FINDING : ST_DONE;
}

/*
 * The command
 */

static int set_level(struct decode_run *r, const char *s)
{
	bool minus = *s == '-';
	uint64_t n;

	if (!parse_u64(s + minus, &n) || n > 3)
		return usage(r->ctx, "--level \"%s\" is not a level, -2 to 3", s);
	r->level = minus ? -(int)n : (int)n;
	r->has_level = true;
	return 0;
}

static int set_granule(struct decode_run *r, const char *s)
{
	static const char *const names[] = { "4K", "16K", "64K" };
	unsigned int i;

	for (i = 0; i < 3; i++)
		if (!strcasecmp(s, names[i])) {
			r->granule = 12 + 2 * i;
			return 0;
		}
	return usage(r->ctx, "--granule \"%s\" is not 4K, 16K or 64K", s);
}

static int take_opt(struct decode_run *r, int id)
{
	r->desc_opts = true;
	switch (id) {
	case OPT_STAGE:
		if (strcmp(optarg, "1") && strcmp(optarg, "2"))
			return usage(r->ctx, "--stage \"%s\" is not 1 or 2", optarg);
		r->stage = *optarg - '0';
		return 0;
	case OPT_LEVEL:
		return set_level(r, optarg);
	case OPT_GRANULE:
		return set_granule(r, optarg);
	case OPT_LPA2:
		r->lpa2 = true;
		return 0;
	case OPT_LPA:
		r->lpa = true;
		return 0;
	case OPT_D128:
		r->d128 = true;
		return 0;
	default:
		r->is_short = true;
		return 0;
	}
}

static int run(struct ctx *ctx, int argc, char **argv)
{
	struct decode_run r = { .ctx = ctx, .stage = 1 };
	int id;

	while ((id = cmd_opt(ctx, argc, argv)) > 0)
		if (take_opt(&r, id))
			return ST_USAGE;
	if (id == CMD_OPT_BAD)
		return ST_USAGE;
	if (optind == argc)
		return usage(ctx,
			     "what to decode? a register and its value, or desc and a descriptor");
	if (!strcmp(argv[optind], "desc"))
		return decode_desc(&r, argc, argv);
	return decode_regs(&r, argc, argv);
}

const struct cmd cmd_decode = {
	.name = "decode",
	.args = "REG VALUE... | desc VALUE --level N",
	.summary = "what a register's value or a descriptor means; needs no host",
	.help = "Registers that are given together explain each other: HCR_EL2 the layout of\n"
		"TCR_EL2, FAR_EL2 and HPFAR_EL2 the abort of ESR_EL2. --regs FILE adds more.\n"
		"Exit status 1 if a bit is not what it should be (!), or the descriptor is not\n"
		"valid.",
	.opts = opts,
	.fn = run,
};
