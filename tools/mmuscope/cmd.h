/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every command shares: its row in the command table, the options of the whole program,
 * messages and exit status. Help, usage errors and the parsing of options all come from the table.
 */
#ifndef MMUSCOPE_CMD_H
#define MMUSCOPE_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host;
struct symbols;
struct view;
struct cmd;

/* Exit status; mmuscope(8) documents them */
enum status {
	ST_DONE		= 0,	/* done, nothing found */
	ST_FINDING	= 1,	/* a fault, a difference, no match */
	ST_USAGE	= 2,	/* the command line was wrong; nothing was read */
	ST_UNREADABLE	= 3,	/* something could not be read or is not permitted */
};

/* An option of a command; a table of them ends with a name of NULL. "output" is also -o. */
struct opt {
	int		id;	/* what cmd_opt() returns, > 0 */
	const char	*name;	/* without the "--" */
	const char	*arg;	/* what help calls its argument; NULL: takes none */
	const char	*help;
};

struct ram_arg {
	const char	*file;
	uint64_t	pa;
};

/* One run of the program */
struct ctx {
	const struct cmd *cmd;
	const char	*sysroot;	/* prefix of /sys and /proc, "" for this machine's own */
	const char	*regs_file;	/* --regs, or NULL */
	struct ram_arg	*ram;		/* --ram */
	size_t		nram;
	const char	*core;		/* --core, or NULL */
	const char	**snapshot;	/* --snapshot */
	size_t		nsnapshots;
	const char	*symbols_file;	/* --symbols, or NULL */
	uint64_t	kaslr_offset;	/* --kaslr-offset, if .kaslr_given */
	bool		kaslr_given;
	struct symbols	*symbols;	/* what names_open() loaded; main() frees it */
	uint32_t	other;		/* --other: CHOICE_* */
	int		format;		/* enum view_format; for main() alone, which picks the view by it */
	struct view	*view;
	struct host	**host;		/* what target_hosts() opened; main() closes them */
	size_t		nhosts;
};

/* Files are the target, and no VM is named */
static inline bool from_files(const struct ctx *ctx)
{
	return ctx->nram || ctx->core || ctx->regs_file;
}

struct cmd {
	const char	*name;
	const char	*args;		/* "VM[:VCPU] VA" */
	const char	*summary;	/* one line, no full stop */
	const char	*help;		/* paragraphs for --help; may be NULL */
	const struct opt *opts;		/* may be NULL */
	bool		translates;	/* takes --other */
	bool		text_only;	/* goes on and on: no document comes of it */
	uint32_t	formats;	/* 1 << VIEW_*, beyond text and JSON */
	int		(*fn)(struct ctx *ctx, int argc, char **argv);
};

/* argv[0] is the command's name. ctx->view is open; main() closes it and prints what it gathered.
 */
extern const struct cmd cmd_load, cmd_unload, cmd_status, cmd_list, cmd_regs, cmd_decode, cmd_walk,
	cmd_at, cmd_read, cmd_dump, cmd_find, cmd_stat, cmd_diff, cmd_watch, cmd_snapshot, cmd_tags, cmd_audit;

#define CMD_OPT_END	(-1)
#define CMD_OPT_BAD	(-2)	/* a message was printed: return ST_USAGE */

/*
 * The next option of ctx->cmd, its argument in optarg, as getopt_long(3); options of the whole
 * program are taken as well and never returned. After CMD_OPT_END, argv + optind are the operands.
 */
int cmd_opt(struct ctx *ctx, int argc, char **argv);

/* "mmuscope: MESSAGE" to stderr; returns @status, so that one can "return fail(ST_USAGE, ...)" */
int fail(enum status status, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The same with the usage of the running command after it; returns ST_USAGE */
int usage(const struct ctx *ctx, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* parse_u64() of an operand called @what; on a bad one the message and ST_USAGE, else 0 */
int arg_u64(const struct ctx *ctx, const char *what, const char *s, uint64_t *v);

/* The same by parse_size() and parse_range() */
int arg_size(const struct ctx *ctx, const char *what, const char *s, uint64_t *v);
int arg_range(const struct ctx *ctx, const char *what, const char *s, uint64_t *first,
	      uint64_t *last);

/* Values of --stage, besides 1 and 2 */
#define STAGE_BOTH	0
#define STAGE_DEFAULT	(-1)
int arg_stage(const struct ctx *ctx, const char *s, int *stage);

/* A bound for tables that lead to each other in circles: 4 GB of tables of 4K */
#define MAX_TABLES	(UINT64_C(1) << 20)

#endif /* MMUSCOPE_CMD_H */
