/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How results leave the program. A command hands each result to the view's member for it and never
 * asks which view it is. Text, JSON lines and CSV are printed as they come; JSON is gathered and
 * printed once by view_close(), and only if the command completed.
 *
 * view-regs.c has both forms of registers; view-text.c and view-json.c have the rest; view-lines.c
 * has JSON lines and CSV.
 */
#ifndef MMUSCOPE_VIEW_H
#define MMUSCOPE_VIEW_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "linux-regions.h"
#include "live.h"
#include "offsets.h"
#include "range-line.h"
#include "symbols.h"
#include "vectors.h"
#include "walk.h"

struct json_object;
struct view_ops;

struct view {
	const struct view_ops	*ops;
	FILE			*out;
	int			fd;		/* where .out leads */
	char			*file, *temp;	/* view_output(): its name, and the one until it is complete */
	bool			complete;	/* view_output(): what belongs into the file was written */
	int			error;		/* errno of the write that failed */
	struct json_object	*root;		/* JSON: the document, an object */
	struct json_object	*part;		/* JSON: of a result that is still being gathered */
	const struct symbols	*symbols;	/* names for VAs, or NULL */
	char			*buf;		/* of .out */
	const struct mmu	*mmu;		/* of the dump */
	struct range_lines	lines;		/* of the dump */
	const struct linux_regions *regions;	/* of the dump's stage 1, or NULL */
	const struct linux_region *region;	/* text: the one that is being printed */
	bool			tree;		/* text: the dump is one of tables */
	bool			single;		/* text: find looks for one address */
	enum regime		regime;		/* text: of the dump */
};

/* ---- snapshot -------------------------------------------------------------------------------- */

struct snapshot_info;

struct snapshot_view {
	const char			*file;
	const struct snapshot_info	*info;		/* NULL: of status, where the host is none */
};

/* ---- load, status ---------------------------------------------------------------------------- */

struct machine {
	char	release[LIVE_TEXT_MAX];
	char	arch[LIVE_TEXT_MAX];
	char lockdown[64]; /* "[none] integrity confidentiality", "" where the kernel has none */
};

struct load_result {
	char			file[PATH_MAX];
	char			built_for[LIVE_TEXT_MAX];
	char			mode[LIVE_TEXT_MAX];
	bool			dry_run;
	struct offset_check	offsets;
};

struct status_result {
	const char		*program_version;
	unsigned int		program_abi;
	struct machine		machine;
	const char		*state;		/* in words */
	bool			readable;	/* info and offsets mean something */
	struct live_info	info;
	struct offset_check	offsets;
	struct snapshot_view	snapshot;
};

/* ---- list ------------------------------------------------------------------------------------ */

struct list_vm {
	const struct live_vm	*vm;
	int			mapped_error;	/* negative errno: .mapped is not known */
	bool partial; /* some tables could not be read: .mapped is too small */
	bool			changed;	/* the tables changed while they were read */
	uint64_t		mapped;		/* bytes */
	const struct live_shadow *shadow;	/* those of its guests' guests */
	size_t			nshadows;
	int			shadow_error;	/* negative errno */
};

/* ---- walk ------------------------------------------------------------------------------------ */

/* The page of the VMM behind guest memory */
struct host_page {
	bool		known;		/* a slot holds the IPA */
	uint64_t	slot, hva, pid;
	const char	*comm;
};

struct walk_view {
	const char			*target;
	const struct mmu		*mmu;
	const struct walk_result	*walk;
	struct host_page		host;
	bool				no_asid;	/* a process's ASID is not known: the registers hold another's */
	/* of the guest of a guest: whose IPAs the PAs are, and how the last goes on; else NULL */
	const char			*memory;
	const struct walk_view		*then;
	const char			*note;		/* on a fault, or NULL */
};

/* ---- at -------------------------------------------------------------------------------------- */

struct at_view {
	const char			*target;
	enum at_op			op;
	struct va			va;
	const struct walk_result	*walk;
	struct par			par;		/* predicted; not of an unreadable walk */
	bool				asked;		/* the hardware was asked and answered */
	struct par			hw;
	bool				differs;
	uint32_t			other;		/* choices that the prediction took the other way */
	const char			*choice;	/* where the CPU took the other way of one, which */
	uint32_t			cpu;		/* that answered */
};

struct at_sum {
	bool		many;			/* more than one address was asked */
	bool		asked;
	uint64_t	done, agree, differ, unreadable;
};

/* ---- read ------------------------------------------------------------------------------------ */

/* One stretch of what was asked: bytes, or why there are none */
struct read_piece {
	struct va			va;
	uint64_t			len;
	const uint8_t			*bytes;		/* NULL: see why */
	bool				has_ipa, has_pa;
	struct ipa			ipa;
	struct pa			pa;
	const char			*why;
};

struct read_head {
	const char			*target;
	struct va			va;
	uint64_t			len;
	bool				raw;
};

/* ---- dump ------------------------------------------------------------------------------------ */

struct dump_head {
	const char			*target;
	const struct mmu		*mmu;
	int				stage;		/* 1, 2, or 0 for both together */
	bool				tree;
	const char			*filter;	/* as typed, or NULL */
};

struct dump_tail {
	uint64_t			ranges, tables, unreadable;
	bool				changed;
	bool				filtered;
	uint64_t			hidden;		/* ranges and entries that the filter left out */
};

/* ---- find ------------------------------------------------------------------------------------ */

struct find_head;	/* defined in view-find.h, with what follows */
struct find_view;
struct find_tail;
struct stat_view;	/* defined in view-stat.h */
struct diff_set;	/* defined in view-diff.h, with what follows */
struct diff_reg;
struct diff_range;
struct diff_sum;

/* ---- tags ------------------------------------------------------------------------------------ */

struct tags_view;	/* defined in view-tags.h */
struct tags_entry_view;

/* ---- audit ----------------------------------------------------------------------------------- */

struct audit_finding;	/* in audit.h; what follows in view-audit.h */
struct audit_host_view;
struct audit_vm_view;
struct audit_tail;

/* ---- the view -------------------------------------------------------------------------------- */

struct regs_result;	/* regs VM[:VCPU] [REG]; defined in view-regs.h */
struct decode_result;	/* decode REG VALUE, decode desc VALUE; defined in view-regs.h */

struct walks_answer;	/* walk --from; defined in view-walks.h */
struct walks_sum;

struct view_ops {
	void (*load)(struct view *v, const struct load_result *r);
	void (*unload)(struct view *v);
	void (*status)(struct view *v, const struct status_result *r);
	void (*list_begin)(struct view *v);
	void (*list_vm)(struct view *v, const struct list_vm *r);
	void (*list_end)(struct view *v);
	void (*regs)(struct view *v, const struct regs_result *r);
	void (*decode)(struct view *v, const struct decode_result *r);
	void (*walk)(struct view *v, const struct walk_view *r);
	void (*walks_begin)(struct view *v, const char *target);
	void (*walks_answer)(struct view *v, const struct walks_answer *r);
	void (*walks_end)(struct view *v, const struct walks_sum *r);
	void (*at_begin)(struct view *v, const char *target);
	void (*at)(struct view *v, const struct at_view *r);
	void (*at_end)(struct view *v, const struct at_sum *r);
	void (*vectors_begin)(struct view *v);
	void (*vector)(struct view *v, const struct vector_difference *d);
	void (*vectors_end)(struct view *v, const struct vectors_total *r);
	void (*read_begin)(struct view *v, const struct read_head *r);
	void (*read_piece)(struct view *v, const struct read_head *r, const struct read_piece *p);
	void (*read_end)(struct view *v, const struct read_head *r, uint64_t unread);
	void (*dump_begin)(struct view *v, const struct dump_head *r);
	void (*dump_range)(struct view *v, const struct map_range *r);
	void (*dump_visit)(struct view *v,
			   const struct visit *r); /* tree entries; unreadable tables, odd words */
	void (*dump_end)(struct view *v, const struct dump_tail *r);
	void (*snapshot)(struct view *v, const struct snapshot_view *r);
	void (*find_begin)(struct view *v, const struct find_head *r);
	void (*find_hit)(struct view *v, const struct find_view *r);
	void (*find_end)(struct view *v, const struct find_tail *r);
	void (*stat_begin)(struct view *v);
	void (*stat)(struct view *v, const struct stat_view *r);
	void (*stat_end)(struct view *v);
	void (*moment)(struct view *v, const char *when);	/* watch, which has no JSON */
	void (*diff_begin)(struct view *v, const char *a, const char *b);
	void (*diff_reg)(struct view *v, const struct diff_reg *r);
	void (*diff_range)(struct view *v, const struct diff_set *set, const struct diff_range *r);
	void (*diff_sum)(struct view *v, const struct diff_set *set, const struct diff_sum *sum);
	/* a VM that only the side @side has */
	void (*diff_only)(struct view *v, const char *vm, const char *side);
	void (*diff_end)(struct view *v);
	/* of find, stat and diff: a VM, or a vCPU of it, that was not looked at */
	void (*vm_trouble)(struct view *v, const char *vm, const char *why);
	void (*tags)(struct view *v, const struct tags_view *r);	/* of one host */
	void (*tags_entry)(struct view *v, const struct tags_entry_view *r);

	void (*audit_begin)(struct view *v, const struct audit_host_view *r);
	void (*audit_finding)(struct view *v, const struct audit_finding *f);
	void (*audit_vm)(struct view *v, const struct audit_vm_view *r);
	void (*audit_end)(struct view *v, const struct audit_tail *r);
};

extern const struct view_ops view_text_ops, view_json_ops, view_jsonl_ops, view_csv_ops,
	view_sarif_ops, view_prometheus_ops;

enum view_format {
	/* of all commands */
	VIEW_TEXT, VIEW_JSON,
	/* of those that say so in struct cmd, the others lack members for what they hand over */
	VIEW_JSONL, VIEW_CSV, VIEW_SARIF, VIEW_PROMETHEUS,
	VIEW_FORMATS
};

/* "text", "json", "jsonl", ...; parse gives VIEW_FORMATS for anything else */
enum view_format view_format_parse(const char *name);
const char *view_format_name(enum view_format format);

/* Text, until view_choose(). @v stays where it is: its stream points at it. 0 or an exit status. */
int view_init(struct view *v);
/* NULL, or why that format cannot be written, in words */
const char *view_choose(struct view *v, enum view_format format);
/*
 * To a file instead of standard output: it appears, or is replaced, when the command has set
 * .complete and view_close() has it on the disk. 0 or the exit status after the message.
 */
int view_output(struct view *v, const char *file);
/* Prints what was gathered and closes stdout; returns @status, or ST_UNREADABLE if the output did
 * not arrive */
int view_close(struct view *v, int status);

/* In view-regs.c; view_text_ops and view_json_ops point at them */
void text_regs(struct view *v, const struct regs_result *r);
void text_decode(struct view *v, const struct decode_result *r);
void json_regs(struct view *v, const struct regs_result *r);
void json_decode(struct view *v, const struct decode_result *r);

/* In view-snapshot.c; of status too */
void text_snapshot(struct view *v, const struct snapshot_view *r);
void json_snapshot(struct view *v, const struct snapshot_view *r);
void json_add_snapshot(struct json_object *o, const struct snapshot_view *r);

/* Helpers of the JSON views: numbers beyond 53 bits go as strings "0x..." */
void json_add_hex(struct json_object *o, const char *key, uint64_t v);
void json_add_str(struct json_object *o, const char *key, const char *s);

/* " <name+0x10>" of a VA, or "" where --symbols names none, into @buf of NAME_TEXT bytes, which is returned */
#define NAME_TEXT	(SYMBOL_TEXT + 4)
const char *name_text(const struct view *v, uint64_t va, char *buf);
/* The same as "symbol", where there is one */
void json_add_symbol(const struct view *v, struct json_object *o, uint64_t va);
void json_add_int(struct json_object *o, const char *key, int64_t v);
void json_add_bool(struct json_object *o, const char *key, bool b);

/* "4K", "2M", "1G", and for what is not a round number "12288"; @buf of 24 bytes */
const char *size_text(uint64_t size, char *buf);
/* "RWX", "R--"; @buf of 4 bytes */
const char *rights_text(struct rights r, char *buf);
/* The privileged level of a regime: "EL1", "EL2", "EL3" */
const char *privileged_text(enum regime regime);
/* "EL1 RWX EL0 R--"; a regime without EL0 has the first only */
#define PERMS_TEXT	24
const char *perms_text(struct perms p, enum regime regime, char *buf);
/* Choice number @bit by name and in words, where the choices @other were taken the other way */
#define CHOICE_TEXT	128
const char *choice_words(unsigned int bit, uint32_t other, char *buf);

/* "global AF contiguous ..." of a leaf, for people; @buf of FLAGS_TEXT bytes */
#define FLAGS_TEXT	128
const char *flags_text(const struct stage_result *leaf, int stage, char *buf);
/* One line on a fault: "stage 2 Translation fault, level 3 (FSC 0x07), on the address of a stage-1
 * table" */
#define FAULT_TEXT	256
const char *fault_text(const struct walk_fault *fault, char *buf);
/* What a visited descriptor is: "table", "block", "invalid", ... */
const char *visit_text(const struct visit *visit);
/* Which of its members a visit has: .word, .next_pa, .table_pa; NULL, or its .fault */
bool visit_has_word(const struct visit *visit);
bool visit_has_next(const struct visit *visit);
bool visit_has_pa(const struct visit *visit);
const struct walk_fault *visit_fault(const struct visit *visit);
/* A descriptor with 16 digits, or with the 32 of VMSAv9-128 (@wide) */
#define WORD_TEXT	40
const char *word_text(struct word word, bool wide, char *buf);
/* Of the tables of a visit in the dump that v->mmu is of */
const struct geometry *dump_geometry(const struct view *v, const struct visit *visit);

#endif /* MMUSCOPE_VIEW_H */
