/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A virtual machine monitor small enough that everything about its guests is
 * known: every page of memory, every descriptor, every register. It prints what
 * it knows, for tests to compare with what mmuscope reads.
 */
#ifndef TINYVMM_H
#define TINYVMM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define KIB		1024ULL
#define MIB		(1024 * KIB)

/* The host kernel's page, and what one table of them maps: 4K and 2M, 16K and 32M, 64K and 512M */
extern uint64_t host_page, huge_page;

/* Where things lie in the guest's physical address space */
#define DOORBELL	0x09000000ULL	/* no memory: an access leaves the guest */
#define CODE_IPA	0x40000000ULL
#define CODE_SIZE	(4 * MIB)
#define PARAMS_OFFSET	0x4000ULL	/* one piece for each vCPU, see struct params */
#define PARAMS_SIZE	0x1000ULL
#define RESULTS_OFFSET	0x10000ULL	/* of the program "faults", to TABLES_OFFSET */
#define TABLES_OFFSET	0x100000ULL	/* stage-1 tables, to the slot's end */
#define SMALL_SIZE	(32 * KIB)	/* code and parameters, of a small VM */

#define MAX_VCPUS	8
#define MAX_SLOTS	12
#define MAX_ROOTS	4

enum backing { PAGES, HUGETLB, GIGANTIC, HALF_THP, THP_SKEWED, SHARED, MERGEABLE, GUEST_MEMFD };

struct slot {
	const char *name;
	uint64_t ipa;
	uint64_t size;		/* in bytes; of a template 0 where it is as many huge pages */
	unsigned int huge_pages;
	enum backing backing;
	bool readonly;
	bool flux;		/* pages come and go */
	bool again;		/* the program "touch" goes through it for ever */
	bool read_only_touch;	/* by reading alone, also where it could write */
	bool logging;		/* its dirty pages are logged */
	bool thin;		/* only as much of it exists as the guest touches */
	unsigned int touch_pages;	/* the guest touches one in so many; of a template 0 for a huge page */
	uint64_t touch_step;	/* that in bytes */
	uint8_t *hva;
	int memfd;		/* of GUEST_MEMFD */
};

enum program { SPIN, TTBR, TOUCH, WFI, OFF, NONE, BELL, FAULTS, L2 };

#define MAX_AGAIN	4

/* One contiguous piece that the guest touches; guest.S knows these offsets */
struct touch {
	uint64_t start;
	uint64_t step;
	uint64_t end;
	uint64_t write;
};

/* What a guest hypervisor gives its guest; guest.S knows these offsets too */
struct nested {
	uint64_t hcr, vtcr, vttbr;			/* of EL2 */
	uint64_t ttbr0, tcr, mair, sctlr;		/* of EL1 */
	uint64_t entry, arg;				/* its program, and x0 */
};

/* What guest.S finds at x0; it knows these offsets */
struct params {
	uint64_t program;		/* 0x00 */
	uint64_t doorbell;		/* 0x08 */
	uint64_t nr_touches;		/* 0x10 */
	uint64_t nr_roots;		/* 0x18 */
	uint64_t roots[MAX_ROOTS];	/* 0x20 */
	struct touch touches[MAX_SLOTS];	/* 0x40 */
	struct touch again[MAX_AGAIN];		/* 0x40 + 32 * MAX_SLOTS */
	uint64_t results;			/* 32 * MAX_AGAIN behind that */
	struct nested nested;
};

/* VMSAv8-64, or of an AArch32 guest with TTBCR.EAE 1 and 0 */
enum format { LONG_64, LONG_32, SHORT_32 };

/* SCTLR of an AArch32 guest: RES1 bits, and I, C, M */
#define SCTLR_32	0x00c5183dULL

/* A guest's stage-1 configuration; the tables lie in the code slot */
struct stage1 {
	enum format format;
	bool big_endian;		/* SCTLR_EL1.EE: tables, and what the guest reads and writes */
	unsigned int granule_shift;
	unsigned int va_bits;
	uint64_t next_table;		/* IPA of the first unused byte */
	uint64_t roots[MAX_ROOTS];	/* TTBR0_EL1 values, all alike but for the ASID */
	uint64_t root1;
	uint64_t tcr, mair, sctlr, dacr;
};

struct vcpu {
	struct vm *vm;
	unsigned int index;
	int fd;
	enum program program;
	struct kvm_run *run;
	unsigned long thread;
};

struct vm {
	int kvm_fd, fd;
	unsigned int ipa_bits;
	bool flux, mergeable, share_readonly, stir;
	bool dense;		/* no slot "sparse", which is the last of the fixed ones */
	bool gigantic, guest_memfd;
	bool el2;		/* the vCPUs have EL2, and start there */
	bool small;		/* the code slot alone, without tables */
	unsigned int tables;	/* of stage 2, to be made by the slot "tables" */
	const char *share;	/* a file whose pages are guest memory, or NULL */
	struct slot slots[MAX_SLOTS];
	unsigned int nr_slots;
	struct stage1 s1;
	struct nested nested;	/* without arg */
	struct vcpu vcpus[MAX_VCPUS];
	unsigned int nr_vcpus;
};

/* Ends the process, with the reason and errno in words */
void die(const char *what, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* No slot that is printed has more pages: the largest are two huge pages, of 4K or 16K ones */
#define MAX_PAGES	4096

/* main.c */
void wait_while_paused(void);
void check_exit(const struct vcpu *vcpu);	/* after KVM_RUN: ends the process unless the guest rang */

/* memory.c */
void memory_create(struct vm *vm);
void memory_set(const struct vm *vm, unsigned int index);	/* tells KVM of a slot as it is now */
void memory_print(const struct vm *vm, bool touched);
void *guest_ptr(const struct vm *vm, uint64_t ipa);
uint64_t memory_pa(const struct vm *vm, int pagemap, uint64_t ipa);

/* stage1.c */
void stage1_create(struct vm *vm);
void stage1_print(const struct vm *vm);
uint64_t stage1_new_table(struct vm *vm);

/* nested.c: the guest of the guest, if that has EL2 */
void nested_create(struct vm *vm);
void nested_create_gic(const struct vm *vm);	/* after the vCPUs */
void nested_params(const struct vm *vm, struct params *l1, struct params *l2, uint64_t l2_at);
void nested_print(const struct vm *vm);

/* short.c: the same for short descriptors */
void short_create(struct vm *vm);
void short_print(const struct vm *vm);

/* stir.c: a thread; vm */
void *run_stir(void *arg);

/* faults.c: prints how long the guest's accesses took, in ns */
void faults_run(struct vm *vm, unsigned int seconds);

/* vcpu.c */
void vcpu_create(struct vm *vm, unsigned int index);
void vcpu_print_regs(const struct vcpu *vcpu);

extern const char guest_start[], guest_end[];
extern const char guest32_start[], guest32_end[];

#endif
