/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Isolation: facts of all VMs of one host at one time, and checks over them.
 *
 * The caller collects: a VM, its slots, vCPUs and CPUs, the host's resources, then one pass over each
 * table (audit_stage2, audit_stage1). audit_run() hands out findings. What could not be read is a
 * finding as well (AUDIT_UNKNOWN): nothing is isolated because it was not looked at.
 */
#ifndef MMUSCOPE_AUDIT_H
#define MMUSCOPE_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "live.h"
#include "mmu.h"
#include "regs.h"

/* In the order in which one outweighs the other in a verdict */
enum audit_severity {
	AUDIT_NOTICE,		/* policy and posture; no bearing on the verdict */
	AUDIT_SHARED,		/* shared by design: a rule says why it is no leak */
	AUDIT_UNKNOWN,		/* could not be read, or changed meanwhile */
	AUDIT_VIOLATED,
};

const char *audit_severity_text(enum audit_severity severity);	/* "notice", ... */
/* The verdict that findings of at most @severity make: "isolated", "shared by design", ... */
const char *audit_verdict_text(enum audit_severity severity);

struct audit;
struct audit_vm;

struct audit_check {
	const char *id;
	enum audit_severity severity;
	const char *what;	/* one sentence */
};

#define AUDIT_CHECKS_MAX	64

/* All checks, in the order of the documentation; NULL beyond the last */
const struct audit_check *audit_check(size_t n);
/* The one called so by the @len bytes at @id: its number, or -1 */
int audit_check_find(const char *id, size_t len);

/* ---- findings ---------------------------------------------------------------------- */

/* Rights at stage 2 */
#define AUDIT_R		1u
#define AUDIT_W		2u
#define AUDIT_X		4u

struct audit_finding {
	const struct audit_check *check;
	enum audit_severity severity;	/* the check's, or AUDIT_UNKNOWN for what was in motion */
	const struct audit_vm *vm;	/* NULL: of the host */
	int vcpu, cpu;			/* -1: not of one */
	bool has_va, has_ipa, has_pa, has_rights, has_word;
	int shadow;			/* whose .ipa and .word it is: live_shadow.number; -1: the VM's own */
	uint64_t va, ipa, pa;
	uint64_t size;			/* bytes, of .ipa and .pa; of .va where there is no other */
	unsigned int rights;		/* AUDIT_R ... */
	/* The other party: a VM (of which .more also have it), or whatever .who says */
	const struct audit_vm *other;
	bool has_other_ipa;
	uint64_t other_ipa;
	unsigned int other_rights;
	unsigned int more;
	const char *who;		/* valid during the callback; NULL: nobody */
	uint64_t word_pa, word;		/* of the table: of the first page */
	uint64_t count;			/* places that it stands for */
	char text[224];
	bool accepted;			/* set by the callback: it does not count for a verdict */
};

/*
 * The callback may lower .severity or set .accepted before the finding counts for the verdict. Not
 * 0 stops audit_run(), which returns it.
 */
typedef int (*audit_emit)(void *arg, struct audit_finding *f);

/* ---- facts ------------------------------------------------------------------------- */

/* A stretch of stage 2 whose words lie in one table and differ in the output address alone */
struct audit_range {
	uint64_t pa, size, ipa;
	uint64_t word_pa, word;		/* of the first page */
	uint32_t vm;
	uint32_t flags;			/* private */
	uint32_t shadow;		/* 0: the VM's own; else an index in audit_vm.shadow, and 1 */
};

/* A stage-2 table */
struct audit_table {
	uint64_t pa;
	uint64_t word_pa, word;		/* that names it; 0 of a root */
	uint32_t vm, shadow;		/* as in audit_range */
	uint32_t size;
};

/* An odd word, or a place that was not read */
struct audit_fact {
	uint32_t vm, shadow;		/* as in audit_range */
	uint8_t kind, stage;
	int8_t level;
	int error;
	uint64_t ia, size, word_pa, word;
};

struct audit_vcpu {
	unsigned int number;
	struct regs regs;
	struct mmu mmu;
	bool lower_empty;		/* TTBR0's tables map nothing */
};

struct audit_cpu {
	unsigned int number;
	bool vhe;			/* VTTBR_EL2 and HCR_EL2 are the hardware's */
	char guest[64];			/* "PID-FD:N", or "none" */
	struct regs regs;
};

/* What is behind host virtual addresses of a VMM; .pa 0 with .absent: nothing */
struct audit_run_of {
	uint64_t hva, pa, size;
	bool absent;			/* the VMM's tables have no valid descriptor there */
	bool moving;			/* it is invalid but not zero: swapped, migrating */
};

/* Places of stage 1 of one sort: how many, and the first */
struct audit_places {
	uint64_t count, bytes;
	uint64_t va, ipa, word_pa, word;
};

enum audit_s1 {
	AUDIT_S1_WX_KERNEL, AUDIT_S1_WX_USER, AUDIT_S1_KERNEL_EL0, AUDIT_S1_GLOBAL_USER,
	AUDIT_S1_CONTIG, AUDIT_S1_TABLE_EL0,
	AUDIT_S1_SORTS,
};

struct audit_span {
	uint64_t first, size;
	uint64_t va, word_pa, word;
};

struct audit_vm {
	struct live_vm live;
	char name[128];			/* as results name it */
	const char *label;		/* QEMU's or libvirt's name, or the process's; in .live */
	uint32_t index;
	bool changed, moved;		/* during its own reading; between that and the end */
	bool missed;			/* a table was taken away, or a word, before it was read */
	struct mmu mmu;
	bool has_mmu;
	struct live_slot *slot;		/* sorted by IPA */
	size_t nslots;
	bool has_slots;
	struct audit_run_of *run;	/* sorted by HVA */
	size_t nruns;
	bool has_runs;
	struct audit_vcpu *vcpu;
	size_t nvcpus;
	struct live_shadow *shadow;	/* allocated; freed with the VM */
	size_t nshadows;
	uint64_t mapped;		/* bytes */
	uint64_t tables;
	struct audit_places s1[AUDIT_S1_SORTS];
	/* of the stage 1 at hand: its tables, and what EL0 may write, by IPA */
	struct audit_span *s1_table, *s1_write;
	size_t ns1_tables, ns1_writes, s1_table_room, s1_write_room;
	uint32_t facts[16];		/* of each kind */
	unsigned int agreed;		/* pages that differed and did not when they were read again */
	enum audit_severity verdict;	/* after audit_run(), of findings that were emitted */
};

struct audit_mark {
	size_t nranges, ntables, nfacts, nunread;
	uint64_t mapped, tables;
	uint32_t facts[16];
	bool changed, missed;
};

struct audit_resource {
	uint64_t first, last;
	const char *name;		/* "System RAM: Kernel code": from the outermost down */
	bool ram, kernel, reserved, vfio, pci;
};

/* Pages of the host that no guest may have */
struct audit_host_page {
	uint64_t pa, size;
	int32_t vm;			/* whose VMM it is; -1: nobody's */
	const char *what;
};

struct audit_unread {
	int32_t vm;			/* -1: of the host */
	const char *id;			/* static */
	char text[160];
};

/*
 * Read again what stage 2 and the VMM map there now: the two PAs. 0, 1 where stage 2 maps nothing
 * any more, or a negative errno.
 */
typedef int (*audit_again)(void *arg, const struct audit_vm *vm, uint64_t ipa, uint64_t hva,
			   uint64_t *pa, uint64_t *vmm_pa);

struct audit {
	uint64_t max_tables;		/* as in walk_visitor */
	uint64_t selected;		/* checks by number, one bit each */
	audit_again again;		/* NULL: it cannot be read again */
	void *again_arg;
	struct audit_vm **vm;
	size_t nvms;
	struct audit_range *range;
	size_t nranges, range_room;
	struct audit_table *table;
	size_t ntables, table_room;
	struct audit_fact *fact;
	size_t nfacts, fact_room;
	struct audit_cpu *cpu;
	size_t ncpus;
	struct audit_resource *resource;	/* sorted, each PA in one at most */
	size_t nresources;
	struct audit_host_page *page;
	size_t npages, page_room;
	struct audit_unread *unread;
	size_t nunread;
	char **kept;
	size_t nkept;
	bool has_resources;
	bool all_vms;			/* none of the host's was left out */
	uint64_t findings[AUDIT_CHECKS_MAX];	/* emitted by audit_run(), by check */
	/* Private to audit_run() */
	audit_emit emit;
	void *emit_arg;
	int stopped;
	struct audit_finding *pending;		/* of each VM, and one of the host */
	enum audit_severity host_verdict;
	bool blind;				/* something of the host that bears on all VMs was not seen */
};

void audit_init(struct audit *a);
void audit_free(struct audit *a);

/* All that follow: 0, -ENOMEM, or what is said there */

/* A VM, called @name; *vm stays valid until audit_free() */
int audit_add_vm(struct audit *a, const struct live_vm *live, const char *name,
		 struct audit_vm **vm);
int audit_add_slots(struct audit_vm *vm, const struct live_slot *slots, size_t n);
/* The slot that holds @ipa, or NULL; *next: where the answer may change */
const struct live_slot *audit_slot_at(const struct audit_vm *vm, uint64_t ipa, uint64_t *next);
/* A vCPU that ran. @mmu of EL1&0 may be NULL where the registers make none. */
int audit_add_vcpu(struct audit_vm *vm, unsigned int number, const struct regs *regs,
		   const struct mmu *mmu);
int audit_add_cpu(struct audit *a, unsigned int number, const struct regs *regs, bool vhe,
		  const char *guest);
/* /proc/iomem; -EACCES: the addresses are withheld, -EPROTO: it is none */
int audit_add_iomem(struct audit *a, const char *text);
/* Pages of the host that no guest may have, also those of a VMM; @what is copied */
int audit_add_host_page(struct audit *a, const struct audit_vm *vm, uint64_t pa, uint64_t size,
			const char *what);
/* One more stretch behind the VMM's addresses, in the order of addresses */
int audit_add_run(struct audit_vm *vm, const struct audit_run_of *run);
/* Something that could not be read: @id is of a check of severity AUDIT_UNKNOWN */
int audit_add_unread(struct audit *a, const struct audit_vm *vm, const char *id, const char *fmt,
		     ...) __attribute__((format(printf, 4, 5)));

/*
 * One pass over all of stage 2. -ENOENT where stage 2 is off or its geometry faults; else as
 * walk_range().
 */
int audit_stage2(struct audit *a, struct audit_vm *vm, const struct mmu *mmu);
/* The same of a stage 2 that KVM keeps for a guest of the guest, @shadow an index in vm->shadow */
int audit_shadow(struct audit *a, struct audit_vm *vm, size_t shadow, const struct mmu *mmu);
/*
 * What there is by now, and going back to that: what was added since, all of it of @vm and of its
 * stage 2, is taken away, so that it can be read again
 */
struct audit_mark audit_mark(const struct audit *a, const struct audit_vm *vm);
void audit_undo(struct audit *a, struct audit_vm *vm, const struct audit_mark *mark);
/* One pass over a half of the stage 1 that @vcpu has loaded, an index in vm->vcpu */
int audit_stage1(struct audit *a, struct audit_vm *vm, size_t vcpu, int half);
/* After the last half of a VM */
void audit_stage1_end(struct audit *a, struct audit_vm *vm);

/* All checks over all facts; afterwards each VM has its verdict. 0, -ENOMEM, or what @emit said. */
int audit_run(struct audit *a, audit_emit emit, void *arg);
/* Of all VMs and the host together */
enum audit_severity audit_verdict(const struct audit *a);

#endif /* MMUSCOPE_AUDIT_H */
