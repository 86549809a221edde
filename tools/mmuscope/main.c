// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmuscope: what the MMU sees. The table of commands, the options of the whole program, and help,
 * which is generated from both.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mmuscope.h>

#include "cmd.h"
#include "mmu.h"
#include "names.h"
#include "numbers.h"
#include "target.h"
#include "view.h"

static const struct cmd *const commands[] = {
	&cmd_load,   &cmd_unload, &cmd_status, &cmd_list, &cmd_regs,
	&cmd_decode, &cmd_walk,	  &cmd_at,     &cmd_read, &cmd_dump,
	&cmd_find,   &cmd_stat,	  &cmd_diff, &cmd_watch, &cmd_snapshot, &cmd_tags, &cmd_audit,
};

#define NCOMMANDS	(sizeof(commands) / sizeof(commands[0]))

/* Beyond what any command uses for its own */
enum {
	OPT_JSON = 1000, OPT_FORMAT, OPT_RAM, OPT_CORE, OPT_REGS, OPT_SYMBOLS, OPT_KASLR, OPT_SNAPSHOT, OPT_OTHER,
	OPT_SYSROOT, OPT_VERSION,
	OPT_HELP
};

static const struct opt global_opts[] = {
	{ OPT_JSON, "json", NULL, "print one JSON document instead of text" },
	{ OPT_FORMAT, "format", "FORMAT", "text, json; of dump jsonl, csv; of audit sarif, prometheus" },
	{ OPT_RAM, "ram", "FILE@PA", "memory from a raw image that starts at PA; repeatable" },
	{ OPT_CORE, "core", "FILE", "memory and registers from a vmcore or a dump of QEMU's" },
	{ OPT_REGS, "regs", "FILE", "registers from NAME 0xVALUE lines" },
	{ OPT_SYMBOLS, "symbols", "FILE", "names by the kernel's vmlinux, System.map or kallsyms" },
	{ OPT_KASLR, "kaslr-offset", "N", "what KASLR added to the addresses of --symbols" },
	{ OPT_SNAPSHOT, "snapshot", "FILE",
	  "a file of \"mmuscope snapshot\" for this machine; list and find take several" },
	{ OPT_OTHER, "other", "CHOICE,...",
	  "the other way where the architecture leaves a choice; mmuscope(8) lists them" },
	{ OPT_SYSROOT, "sysroot", "DIR", "take DIR/sys and DIR/proc for /sys and /proc" },
	{ OPT_VERSION, "version", NULL, "print the version and exit" },
	{ OPT_HELP, "help", NULL, "print help and exit; after a command, that command's" },
	{ 0, NULL, NULL, NULL }
};

static void vfail(const char *fmt, va_list ap)
{
	fputs("mmuscope: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
}

int fail(enum status status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfail(fmt, ap);
	va_end(ap);
	return status;
}

int usage(const struct ctx *ctx, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfail(fmt, ap);
	va_end(ap);
	if (ctx->cmd)
		fprintf(stderr, "usage: mmuscope [OPTIONS] %s%s%s\n", ctx->cmd->name,
			*ctx->cmd->args ? " " : "", ctx->cmd->args);
	else
		fputs("usage: mmuscope [OPTIONS] COMMAND ...; \"mmuscope --help\" lists them\n",
		      stderr);
	return ST_USAGE;
}

int arg_u64(const struct ctx *ctx, const char *what, const char *s, uint64_t *v)
{
	if (parse_u64(s, v))
		return 0;
	if (*s && !s[strspn(s, "0123456789abcdefABCDEF")] && strlen(s) <= 16)
		return usage(ctx, "%s \"%s\" is not a number: hexadecimal begins with 0x", what, s);
	return usage(ctx, "%s \"%s\" is not a 64-bit number (0x hexadecimal, or decimal)", what, s);
}

int arg_size(const struct ctx *ctx, const char *what, const char *s, uint64_t *v)
{
	if (parse_size(s, v))
		return 0;
	return usage(ctx,
		"%s \"%s\" is not a number of bytes (0x hexadecimal or decimal; K, M, G, T may follow)",
		what, s);
}

int arg_range(const struct ctx *ctx, const char *what, const char *s, uint64_t *first,
	      uint64_t *last)
{
	const char *why = parse_range(s, first, last);

	return why ? usage(ctx, "%s \"%s\"%s", what, s, why) : 0;
}

int arg_stage(const struct ctx *ctx, const char *s, int *stage)
{
	if (!strcmp(s, "1"))
		*stage = 1;
	else if (!strcmp(s, "2"))
		*stage = 2;
	else if (!strcmp(s, "both"))
		*stage = STAGE_BOTH;
	else
		return usage(ctx, "--stage is 1, 2 or both, not \"%s\"", s);
	return 0;
}

static void print_opts(const struct opt *opts)
{
	char left[40];

	for (; opts && opts->name; opts++) {
		snprintf(left, sizeof(left), "--%s%s%s", opts->name, opts->arg ? " " : "",
			 opts->arg ? opts->arg : "");
		printf("  %-22s %s\n", left, opts->help);
	}
}

static void print_help(const struct cmd *cmd)
{
	size_t i;

	if (cmd) {
		printf("usage: mmuscope [OPTIONS] %s%s%s\n\n%s.\n", cmd->name,
		       *cmd->args ? " " : "", cmd->args, cmd->summary);
		if (cmd->help)
			printf("\n%s\n", cmd->help);
		if (cmd->opts) {
			printf("\nOptions:\n");
			print_opts(cmd->opts);
		}
		printf("\n\"mmuscope --help\" lists the options of the whole program; man mmuscope-%s says more.\n",
		       cmd->name);
		return;
	}
	printf("usage: mmuscope [OPTIONS] COMMAND [ARGUMENTS]\n\n"
	       "Shows what the MMU sees: translation tables of KVM guests and the host on arm64.\n\nCommands:\n");
	for (i = 0; i < NCOMMANDS; i++)
		printf("  %-8s %-32s %s\n", commands[i]->name, commands[i]->args,
		       commands[i]->summary);
	printf("\nOptions:\n");
	print_opts(global_opts);
	printf("\nA VM is named by pid, pid-fd, its QEMU or libvirt name, or vmid:N; VCPU is 0 if not given.\n"
	       "With --ram, --core and --regs no VM is named.\n"
	       "Exit status: 0 done; 1 a fault, a difference, no match; 2 usage; 3 could not read or not permitted.\n");
}

/* Help and version go to stdout; that it could be written is checked as for any result */
static void finish(void)
{
	exit(fflush(stdout) ? fail(ST_UNREADABLE, "standard output: %s", strerror(errno))
			    : ST_DONE);
}

static int add_ram(struct ctx *ctx, char *arg)
{
	char *at = strrchr(arg, '@');
	struct ram_arg *ram;
	uint64_t pa;

	if (!at || at == arg || !parse_u64(at + 1, &pa))
		return usage(ctx, "--ram \"%s\" is not FILE@PA, for instance ram.bin@0x40000000",
			     arg);
	*at = '\0';
	ram = realloc(ctx->ram, (ctx->nram + 1) * sizeof(*ram));
	if (!ram)
		return fail(ST_UNREADABLE, "--ram %s: %s", arg, strerror(errno));
	ctx->ram = ram;
	ctx->ram[ctx->nram++] = (struct ram_arg){ arg, pa };
	return 0;
}

static int add_snapshot(struct ctx *ctx, const char *file)
{
	const char **more = realloc(ctx->snapshot, (ctx->nsnapshots + 1) * sizeof(*more));

	if (!more)
		return fail(ST_UNREADABLE, "--snapshot %s: %s", file, strerror(errno));
	ctx->snapshot = more;
	more[ctx->nsnapshots++] = file;
	return 0;
}

static int bad_choice(const struct ctx *ctx, const char *name, size_t len)
{
	char names[256] = "";
	size_t used = 0;
	unsigned int bit;

	for (bit = 0; bit < CHOICES; bit++)
		if (CHOICE_RESERVED >> bit != 1)
			used += snprintf(names + used, sizeof(names) - used, "%s%s",
					 used ? ", " : "", choice_name(bit));
	return usage(ctx, "--other \"%.*s\" is no choice: there are %s", (int)len, name, names);
}

static int add_other(struct ctx *ctx, const char *list)
{
	size_t len = strcspn(list, ",");
	uint32_t choice = UINT32_C(1) << choice_find(list, len);

	if (choice >> CHOICES || choice == CHOICE_RESERVED)
		return bad_choice(ctx, list, len);
	ctx->other |= choice;
	return list[len] ? add_other(ctx, list + len + 1) : 0;
}

/* Which there are depends on the command, where one is known yet */
static int bad_format(const struct ctx *ctx, const char *name)
{
	uint32_t has = ctx->cmd ? ctx->cmd->formats : ~UINT32_C(0);
	char names[64] = "text, json";
	size_t used = strlen(names);
	int f;

	for (f = VIEW_JSON + 1; f < VIEW_FORMATS; f++)
		if (has >> f & 1)
			used += snprintf(names + used, sizeof(names) - used, ", %s",
					 view_format_name(f));
	return usage(ctx, "--format \"%s\" is none of %s", name, names);
}

/* An option of the whole program; 0, or ST_USAGE after the message */
static int global_opt(struct ctx *ctx, int id)
{
	switch (id) {
	case OPT_JSON:
		ctx->format = VIEW_JSON;
		break;
	case OPT_FORMAT:
		ctx->format = view_format_parse(optarg);
		if (ctx->format == VIEW_FORMATS)
			return bad_format(ctx, optarg);
		break;
	case OPT_RAM:
		return add_ram(ctx, optarg);
	case OPT_CORE:
		ctx->core = optarg;
		break;
	case OPT_SYMBOLS:
		ctx->symbols_file = optarg;
		break;
	case OPT_KASLR:
		ctx->kaslr_given = true;
		return arg_u64(ctx, "--kaslr-offset", optarg, &ctx->kaslr_offset);
	case OPT_REGS:
		ctx->regs_file = optarg;
		break;
	case OPT_SNAPSHOT:
		return add_snapshot(ctx, optarg);
	case OPT_OTHER:
		return add_other(ctx, optarg);
	case OPT_SYSROOT:
		ctx->sysroot = optarg;
		break;
	case OPT_VERSION:
		printf("mmuscope " MMUSCOPE_VERSION ", ABI %d\n", MMUSCOPE_ABI_VERSION);
		finish();
		break;
	case OPT_HELP:
		print_help(ctx->cmd);
		finish();
		break;
	}
	return 0;
}

#define LONGOPTS_MAX	32

static void add_longopts(struct option *to, size_t *n, const struct opt *opts)
{
	int has_arg;

	for (; opts && opts->name && *n < LONGOPTS_MAX - 1; opts++) {
		has_arg = opts->arg ? required_argument : no_argument;
		to[(*n)++] = (struct option){ opts->name, has_arg, NULL, opts->id };
	}
	to[*n] = (struct option){ 0 };
}

/* The command's option called so, or '?' */
static int opt_named(const struct ctx *ctx, const char *name)
{
	const struct opt *o = ctx->cmd ? ctx->cmd->opts : NULL;

	for (; o && o->name; o++)
		if (!strcmp(o->name, name))
			return o->id;
	optopt = *name;
	return '?';
}

static int next_opt(struct ctx *ctx, const char *mode, int argc, char **argv)
{
	struct option longopts[LONGOPTS_MAX];
	size_t n = 0;
	int id;

	add_longopts(longopts, &n, ctx->cmd ? ctx->cmd->opts : NULL);
	add_longopts(longopts, &n, global_opts);
	opterr = 0;
	for (;;) {
		id = getopt_long(argc, argv, mode, longopts, NULL);
		if (id == -1)
			return CMD_OPT_END;
		if (id == 'h')
			id = OPT_HELP;
		if (id == 'o')
			id = opt_named(ctx, "output");
		if (id == ':') {
			usage(ctx, "option \"%s\" needs an argument", argv[optind - 1]);
			return CMD_OPT_BAD;
		}
		if (id == '?') {
			if (optopt && optopt < 256)
				usage(ctx, "unknown option \"-%c\"", optopt);
			else
				usage(ctx, "unknown option or needless argument \"%s\"",
				      argv[optind - 1]);
			return CMD_OPT_BAD;
		}
		if (id < OPT_JSON)
			return id;
		if (global_opt(ctx, id))
			return CMD_OPT_BAD;
	}
}

int cmd_opt(struct ctx *ctx, int argc, char **argv)
{
	int id = next_opt(ctx, ":ho:", argc, argv);
	const char *why;

	if (id != CMD_OPT_END)
		return id;
	/* What may stand after the command too is known only now */
	if (ctx->other && !ctx->cmd->translates) {
		usage(ctx, "%s translates no address: --other is for walk, at, read, dump and tags",
		      ctx->cmd->name);
		return CMD_OPT_BAD;
	}
	if (ctx->format && ctx->cmd->text_only) {
		usage(ctx, "%s goes on and on: there is no JSON document of it; of one moment there is by stat and diff",
		      ctx->cmd->name);
		return CMD_OPT_BAD;
	}
	if (ctx->format > VIEW_JSON && !(ctx->cmd->formats >> ctx->format & 1)) {
		bad_format(ctx, view_format_name(ctx->format));
		return CMD_OPT_BAD;
	}
	why = view_choose(ctx->view, ctx->format);
	if (why)
		exit(fail(ST_UNREADABLE, "--format %s: %s", view_format_name(ctx->format), why));
	return id;
}

static const struct cmd *find_cmd(const char *name)
{
	size_t i;

	for (i = 0; i < NCOMMANDS; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

static int run(struct ctx *ctx, int argc, char **argv)
{
	struct view view;
	int status;

	if (view_init(&view))
		return ST_UNREADABLE;
	ctx->view = &view;
	optind = 0;	/* glibc: start anew */
	status = ctx->cmd->fn(ctx, argc, argv);
	return view_close(&view, status);
}

int main(int argc, char **argv)
{
	struct ctx ctx = { .sysroot = "" };
	int status;

	if (next_opt(&ctx, "+:h", argc, argv) == CMD_OPT_BAD) {
		status = ST_USAGE;
	} else if (optind == argc) {
		status = usage(&ctx, "no command given");
	} else {
		ctx.cmd = find_cmd(argv[optind]);
		if (ctx.cmd)
			status = run(&ctx, argc - optind, argv + optind);
		else
			status = usage(&ctx, "unknown command \"%s\"", argv[optind]);
	}
	hosts_close(&ctx);
	names_close(&ctx);
	free(ctx.ram);
	free(ctx.snapshot);
	return status;
}
