// SPDX-License-Identifier: GPL-2.0-only
/*
 * The audit: two guests that are isolated, spoiled in one way at a time. Each check must fire on its
 * own forgery, and no other check with it.
 */
#include "world.h"

#include "audit.h"
#include "backing.h"

#define PAGES		16
#define IPA		UINT64_C(0x40000000)
#define HVA		UINT64_C(0xffff80000000)
#define GUEST_PA(i)	(UINT64_C(0x80100000) + (i) * UINT64_C(0x100000))
#define S2_ROOT(i)	(UINT64_C(0x88000000) + (i) * UINT64_C(0x10000))
#define S2_L2(i)	(S2_ROOT(i) + 0x2000)
#define S2_L3(i)	(S2_ROOT(i) + 0x3000)
/* that of a guest of the first VM's guest */
#define SHADOW		2
#define SHADOW_NUMBER	7
#define SHADOW_IPA	(IPA + 0x3000)
#define EMPTY_HVA	(HVA + 0x100000)
/* the guest's stage 1, in its own pages: tables of TTBR1, then an empty one of TTBR0 */
#define S1_WORD(i, page, n)	(GUEST_PA(i) + (page) * 0x1000 + (n) * 8)
#define S1_IPA(page)	(IPA + (page) * UINT64_C(0x1000))

#define XN		(UINT64_C(2) << 53)	/* S2 XN[1:0] 10: not executable */
#define RW_PAGE(pa)	(S2_PAGE(pa) | XN)
#define RO		(~(UINT64_C(1) << 7))
#define DEV_PAGE(pa)	(((uint64_t)(pa) | 1 << 10 | 3 << 6 | 1 << 2 | 3) | XN)	/* MemAttr 0001 */
#define PXN_UXN		(UINT64_C(3) << 53)

#define REGS \
	"SCTLR_EL1 0x200000000081005\nTCR_EL1 0x1000005b5103510\nMAIR_EL1 0xff\n" \
	"HCR_EL2 0x80000001\n"

#define IOMEM \
	"09000000-09000fff : pl011@9000000\n" \
	"10000000-1fffffff : PCI Bus 0000:00\n" \
	"  10000000-10003fff : 0000:00:01.0\n" \
	"    10000000-10003fff : vfio-pci\n" \
	"80000000-8fffffff : System RAM\n" \
	"  80010000-8001ffff : Kernel code\n" \
	"  80020000-80020fff : reserved\n" \
	"  80030000-8003ffff : Kernel data\n"

struct scene {
	struct world *w;
	struct audit a;
	struct audit_vm *vm[2];
	struct live_vm live[2];
	struct live_slot slot[2][2];
	size_t nslots;
	char regs[2][1024];		/* more lines */
	const char *iomem;
	bool no_runs, wrong_run;
	uint64_t shadow_word;		/* what a guest of the first VM's guest has at SHADOW_IPA; 0: there is none */
	bool part_of_slots;
	char guest[2][32];		/* of the CPUs */
	uint64_t vttbr[2];
	char seen[512];			/* the checks that fired, each once */
	struct audit_finding last, last_of[2];
	uint64_t findings;
	bool accept;			/* as a baseline would */
};

static void set(struct scene *s, uint64_t at, uint64_t value)
{
	poke(s->w, at, value);
}

static void leaf(struct scene *s, int i, unsigned int page, uint64_t word)
{
	set(s, S2_L3(i) + page * 8, word);
}

static void make_vm(struct scene *s, int i)
{
	unsigned int k;

	set(s, S2_ROOT(i) + 8, TABLE(S2_L2(i)));
	set(s, S2_L2(i), TABLE(S2_L3(i)));
	for (k = 0; k < PAGES; k++)
		leaf(s, i, k, RW_PAGE(GUEST_PA(i) + k * 0x1000));
	set(s, S1_WORD(i, 0, 0), TABLE(S1_IPA(1)));
	set(s, S1_WORD(i, 1, 0), TABLE(S1_IPA(2)));
	set(s, S1_WORD(i, 2, 0), TABLE(S1_IPA(3)));
	set(s, S1_WORD(i, 3, 0), S1_PAGE(S1_IPA(5)) | PXN_UXN);
	s->live[i] = (struct live_vm){
		.pid = 100 + i, .vcpus = 1, .ipa_bits = 40, .granule_shift = 12, .start_level = 1,
		.vtcr = 0x80053558, .vmid = 1 + i, .generation = 1, .pgd_phys = S2_ROOT(i),
	};
	snprintf(s->live[i].dir, sizeof(s->live[i].dir), "%d-10", 100 + i);
	snprintf(s->live[i].comm, sizeof(s->live[i].comm), "vmm");
	s->slot[i][0] = (struct live_slot){ .ipa = IPA, .size = PAGES * 0x1000, .hva = HVA };
}

static struct scene *scene_new(void)
{
	struct scene *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	s->w = world_new("");
	s->iomem = IOMEM;
	s->nslots = 1;
	make_vm(s, 0);
	make_vm(s, 1);
	snprintf(s->guest[0], sizeof(s->guest[0]), "100-10:0");
	snprintf(s->guest[1], sizeof(s->guest[1]), "none");
	return s;
}

static uint64_t vttbr_of(const struct scene *s, int i)
{
	return s->live[i].vmid << 48 | S2_ROOT(i);
}

/* The same register file for all: what comes in .regs goes before, so that it wins */
static void parse(struct regs *regs, const char *more, const char *text)
{
	struct regs_parser p = { 0 };
	char all[2048], line[128];
	const char *at, *end;
	size_t n;

	snprintf(all, sizeof(all), "%s", more);
	for (at = text; *at; at = end + 1) {
		end = strchr(at, '\n');
		n = strcspn(at, " ");
		snprintf(line, sizeof(line), "%.*s ", (int)n, at);
		if (!strstr(more, line))
			snprintf(all + strlen(all), sizeof(all) - strlen(all), "%.*s\n",
				 (int)(end - at), at);
	}
	memset(regs, 0, sizeof(*regs));
	assert_int_equal(regs_parse(regs, all, strlen(all), &p), 0);
	assert_int_equal(p.unknowns, 0);
}

static void collect_shadow(struct scene *s)
{
	struct audit_vm *vm = s->vm[0];
	struct mmu mmu = s->w->mmu;

	set(s, S2_ROOT(SHADOW) + 8, TABLE(S2_L2(SHADOW)));
	set(s, S2_L2(SHADOW), TABLE(S2_L3(SHADOW)));
	leaf(s, SHADOW, 3, s->shadow_word);
	vm->shadow = calloc(1, sizeof(*vm->shadow));
	assert_non_null(vm->shadow);
	vm->shadow[0].number = SHADOW_NUMBER;
	vm->shadow[0].vttbr = S2_ROOT(SHADOW) | UINT64_C(9) << 48;
	vm->nshadows = 1;
	mmu.s2.geo.root = S2_ROOT(SHADOW);
	/* by VTTBR_EL2 and VTCR_EL2 alone */
	mmu.s2.fwb = false;
	assert_int_equal(audit_shadow(&s->a, vm, 0, &mmu), 0);
}

static void collect_vm(struct scene *s, int i)
{
	struct audit_run_of run = { HVA, GUEST_PA(i), PAGES * 0x1000, false, false };
	struct audit_run_of rest = { EMPTY_HVA, 0, 0x1000, true, false };
	const struct mmu *mmu = &s->w->mmu;
	char text[1024];
	int half;

	snprintf(text, sizeof(text), REGS "VTCR_EL2 0x%llx\nVTTBR_EL2 0x%llx\nTTBR1_EL1 0x%llx\n"
		 "TTBR0_EL1 0x%llx\n", (unsigned long long)s->live[i].vtcr,
		 (unsigned long long)s->live[i].vttbr, (unsigned long long)S1_IPA(0),
		 (unsigned long long)S1_IPA(4));
	parse(&s->w->regs, s->regs[i], text);
	world_init(s->w, REGIME_EL10);
	assert_int_equal(audit_add_vm(&s->a, &s->live[i], s->live[i].dir, &s->vm[i]), 0);
	assert_int_equal(audit_add_slots(s->vm[i], s->slot[i], s->nslots), 0);
	assert_int_equal(audit_add_vcpu(s->vm[i], 0, &s->w->regs, mmu), 0);
	if (audit_stage2(&s->a, s->vm[i], mmu) == -ENOENT)
		return;
	for (half = 0; half < 2; half++)
		assert_int_equal(audit_stage1(&s->a, s->vm[i], 0, half), 0);
	audit_stage1_end(&s->a, s->vm[i]);
	if (!i && s->shadow_word)
		collect_shadow(s);
	if (s->wrong_run)
		run.pa += 0x1000;
	if (!s->no_runs)
		assert_int_equal(audit_add_run(s->vm[i], &run), 0);
	if (!i && s->shadow_word && !s->part_of_slots)
		assert_int_equal(audit_add_run(s->vm[i], &rest), 0);
}

static void collect_cpu(struct scene *s, int n)
{
	struct regs regs;
	char text[128];

	snprintf(text, sizeof(text), "HCR_EL2 0x488000000\nVTTBR_EL2 0x%llx\n",
		 (unsigned long long)s->vttbr[n]);
	parse(&regs, "", text);
	assert_int_equal(audit_add_cpu(&s->a, n, &regs, true, s->guest[n]), 0);
}

static int take(void *arg, struct audit_finding *f)
{
	struct scene *s = arg;
	char word[64];

	snprintf(word, sizeof(word), "%s ", f->check->id);
	if (!strstr(s->seen, word))
		snprintf(s->seen + strlen(s->seen), sizeof(s->seen) - strlen(s->seen), "%s", word);
	s->last = *f;
	if (f->vm && f->vm->index < 2)
		s->last_of[f->vm->index] = *f;
	s->findings++;
	f->accepted = s->accept;
	return 0;
}

static void run_scene(struct scene *s)
{
	int i;

	audit_init(&s->a);
	s->a.all_vms = true;
	if (s->iomem)
		assert_int_equal(audit_add_iomem(&s->a, s->iomem), 0);
	for (i = 0; i < 2; i++) {
		if (!s->live[i].vttbr)
			s->live[i].vttbr = vttbr_of(s, i);
		if (!s->vttbr[i])
			s->vttbr[i] = vttbr_of(s, i);
	}
	for (i = 0; i < 2; i++)
		collect_vm(s, i);
	for (i = 0; i < 2; i++)
		collect_cpu(s, i);
	assert_int_equal(audit_run(&s->a, take, s), 0);
}

static void scene_free(struct scene *s)
{
	audit_free(&s->a);
	world_free(s->w);
	free(s);
}

/* ---- forgeries ------------------------------------------------------------------------------- */

static void nothing(struct scene *s)
{
	(void)s;
}

/* Page 9 of the first VM is page 9 of the second, for its VMM as well */
static void both_writable(struct scene *s)
{
	s->no_runs = true;
	leaf(s, 0, 9, RW_PAGE(GUEST_PA(1) + 0x9000));
}

static void both_readonly(struct scene *s)
{
	both_writable(s);
	leaf(s, 0, 9, RW_PAGE(GUEST_PA(1) + 0x9000) & RO);
	leaf(s, 1, 9, RW_PAGE(GUEST_PA(1) + 0x9000) & RO);
}

static void both_device(struct scene *s)
{
	s->no_runs = true;
	leaf(s, 0, 9, DEV_PAGE(0x10001000));
	leaf(s, 1, 9, DEV_PAGE(0x10001000));
}

/* Two pages, of which the second is no memory */
static void both_border(struct scene *s)
{
	int i;

	s->no_runs = true;
	for (i = 0; i < 2; i++) {
		leaf(s, i, 9, RW_PAGE(0x8ffff000) & RO);
		leaf(s, i, 10, RW_PAGE(0x90000000) & RO);
	}
}

static void gicv(struct scene *s)
{
	leaf(s, 0, 100, DEV_PAGE(0x08010000));
	leaf(s, 1, 100, DEV_PAGE(0x08010000));
}

/* Nor is it a function of PCI, or longer than the interface, or a part of it inside a slot */
static void no_gicv_pci(struct scene *s)
{
	leaf(s, 0, 100, DEV_PAGE(0x10001000));
	leaf(s, 1, 100, DEV_PAGE(0x10001000));
}

static void no_gicv_long(struct scene *s)
{
	unsigned int k;

	for (k = 0; k < 3; k++) {
		leaf(s, 0, 100 + k, DEV_PAGE(0x08010000 + k * 0x1000));
		leaf(s, 1, 100 + k, DEV_PAGE(0x08010000 + k * 0x1000));
	}
}

static void no_gicv_slot(struct scene *s)
{
	no_gicv_long(s);
	leaf(s, 0, 102, 0);
	leaf(s, 1, 102, 0);
	s->no_runs = true;
	s->nslots = 2;
	s->slot[0][1] = (struct live_slot){ .id = 1, .ipa = IPA + 101 * 0x1000, .size = 0x1000 };
	s->slot[1][1] = s->slot[0][1];
}

static void page_at(struct scene *s, uint64_t at)
{
	s->no_runs = true;
	leaf(s, 0, 9, RW_PAGE(at));
}

static void stage2_table(struct scene *s) { page_at(s, S2_L2(1)); }
static void kernel_image(struct scene *s) { page_at(s, 0x80012000); }
static void reserved_page(struct scene *s) { page_at(s, 0x80020000); }
static void nowhere(struct scene *s) { page_at(s, 0x20000000); leaf(s, 0, 9, DEV_PAGE(0x20000000)); }

static void zero_page(struct scene *s)
{
	s->no_runs = true;
	leaf(s, 0, 9, RW_PAGE(0x80031000) & RO);
}

/* The kernel has one page of zeros. It may be in rodata, which is "Kernel code". */
static void second_zero_page(struct scene *s)
{
	zero_page(s);
	leaf(s, 0, 10, RW_PAGE(0x80032000) & RO);
	leaf(s, 1, 9, RW_PAGE(0x80031000) & RO);
}

static void zero_rodata(struct scene *s)
{
	zero_page(s);
	leaf(s, 0, 9, RW_PAGE(0x80012000) & RO);
}

static void kernel_data_readonly(struct scene *s)
{
	zero_page(s);
	set(s, 0x80031800, 1);
}

static void wrong_run(struct scene *s) { s->wrong_run = true; }

static void outside(struct scene *s) { leaf(s, 0, 100, RW_PAGE(0x8a000000)); }

static void readonly_slot(struct scene *s) { s->slot[0][0].flags = 2; }

/* 2M behind the pages, one block */
static void dirty_block(struct scene *s)
{
	s->no_runs = true;
	s->nslots = 2;
	s->slot[0][1] = (struct live_slot){ .id = 1, .ipa = IPA + 0x200000, .size = 0x200000, .flags = 1 };
	s->slot[1][1] = s->slot[0][1];
	set(s, S2_L2(0) + 8, S2_BLOCK(0x8c000000) | XN);
}

static void device(struct scene *s) { page_at(s, 0); leaf(s, 0, 9, DEV_PAGE(0x10001000)); }
static void cacheable(struct scene *s) { page_at(s, 0x10001000); }
static void ram_device(struct scene *s) { leaf(s, 0, 9, DEV_PAGE(GUEST_PA(0) + 0x9000)); }

static void fwb(struct scene *s)
{
	/* HCR_EL2.FWB: 0b1111 then leaves the type to the guest, on every page of the first VM */
	strcpy(s->regs[0], "HCR_EL2 0x400080000001\n");
}

static void fwb_off(struct scene *s)
{
	leaf(s, 0, 9, (RW_PAGE(GUEST_PA(0) + 0x9000) & ~(UINT64_C(15) << 2)) | 6 << 2);
}

static void vmid_twice(struct scene *s) { s->live[1].vmid = 1; }
static void vmid_zero(struct scene *s) { s->live[0].vmid = 0; }
static void vmid_wide(struct scene *s) { s->live[0].vmid = 0x1ff; }
static void foreign(struct scene *s) { s->vttbr[0] = UINT64_C(1) << 48 | 0x8e000000; }
static void stale(struct scene *s) { s->vttbr[1] = UINT64_C(9) << 48 | 0x8e000000; }

/* By then both CPUs are in guests; the second one's is not among those that were looked at */
static void cnp(struct scene *s)
{
	strcpy(s->guest[1], "999-10:0");
	s->vttbr[0] = (UINT64_C(1) << 48 | S2_ROOT(0)) | 1;
	s->vttbr[1] = (UINT64_C(1) << 48 | 0x8e000000) | 1;
}

static void global_user(struct scene *s)
{
	/* VA 0 of TTBR0, readable at EL0, nG 0 */
	set(s, S1_WORD(0, 4, 0), TABLE(S1_IPA(6)));
	set(s, S1_WORD(0, 6, 0), TABLE(S1_IPA(7)));
	set(s, S1_WORD(0, 7, 0), TABLE(S1_IPA(8)));
	set(s, S1_WORD(0, 8, 0), S1_PAGE(S1_IPA(5)) | PXN_UXN | 3 << 6);
}

static void vm_clear(struct scene *s) { strcpy(s->regs[0], "HCR_EL2 0x80000000\n"); }
static void cache_off(struct scene *s) { strcpy(s->regs[0], "HCR_EL2 0x180000001\n"); }
static void dc(struct scene *s) { strcpy(s->regs[0], "HCR_EL2 0x80001001\n"); }
static void geometry(struct scene *s) { s->live[0].ipa_bits = 39; }
static void ps(struct scene *s) { strcpy(s->regs[0], "ID_AA64MMFR0_EL1 0x2\n"); }

static void oa(struct scene *s)
{
	s->live[0].vtcr = 0x80023558;
	leaf(s, 0, 9, RW_PAGE(UINT64_C(1) << 41));
}

static void s2_wx(struct scene *s) { leaf(s, 0, 9, S2_PAGE(GUEST_PA(0) + 0x9000)); }

static void kernel_wx(struct scene *s)
{
	strcpy(s->regs[0], "SCTLR_EL1 0x200000000001005\n");
	set(s, S1_WORD(0, 3, 1), S1_PAGE(S1_IPA(5)) | UINT64_C(1) << 54);
}

static void user(struct scene *s, uint64_t bits)
{
	global_user(s);
	set(s, S1_WORD(0, 8, 0), S1_PAGE(S1_IPA(5)) | bits | 1 << 11);
}

/* WXN forbids it, so that the second must go with the first */
static void user_wx(struct scene *s)
{
	strcpy(s->regs[0], "SCTLR_EL1 0x200000000001005\n");
	user(s, UINT64_C(1) << 53 | 1 << 6);
}

static void kernel_el0(struct scene *s)
{
	set(s, S1_WORD(0, 3, 1), S1_PAGE(S1_IPA(5)) | PXN_UXN | 3 << 6);
}

static void table_el0(struct scene *s)
{
	user(s, PXN_UXN | 1 << 6);
	set(s, S1_WORD(0, 8, 0), S1_PAGE(S1_IPA(2)) | PXN_UXN | 1 << 6 | 1 << 11);
}

static void posture(struct scene *s) { strcpy(s->regs[0], "SCTLR_EL1 0x200000000001005\n"); }

/* A second word for the L3 table, behind the slots: of the first VM twice */
static void table_twice(struct scene *s)
{
	s->no_runs = true;
	s->nslots = 2;
	s->slot[0][1] = (struct live_slot){ .id = 1, .ipa = IPA + 0x200000, .size = PAGES * 0x1000 };
	s->slot[1][1] = s->slot[0][1];
	set(s, S2_L2(0) + 8, TABLE(S2_L3(0)));
}

static void contig(struct scene *s)
{
	leaf(s, 0, 9, RW_PAGE(GUEST_PA(0) + 0x9000) | UINT64_C(1) << 52);
}

static void s1_contig(struct scene *s)
{
	set(s, S1_WORD(0, 3, 0), S1_PAGE(S1_IPA(5)) | PXN_UXN | UINT64_C(1) << 52);
}

static void reserved_word(struct scene *s) { leaf(s, 0, 100, 0x8a000001); }
/* A block with nT, which the CPU may use or not */
static void not_translated(struct scene *s)
{
	dirty_block(s);
	s->slot[0][1].flags = 0;
	set(s, S2_L2(0) + 8, S2_BLOCK(0x8c000000) | XN | 1 << 16);
}

static void locked(struct scene *s) { leaf(s, 0, 100, 1 << 10); }
static void owner(struct scene *s) { leaf(s, 0, 100, 2 << 2); }
static void invalid(struct scene *s) { leaf(s, 0, 100, UINT64_C(0xbad) << 32); }

static void bad_table(struct scene *s)
{
	set(s, S2_L2(0) + 8, TABLE(0x8d000000));
	s->w->mem.bad_first = 0x8d000000;
	s->w->mem.bad_last = 0x8d000fff;
	s->w->mem.bad_error = -EIO;
}

/* It may have given way to a block, which maps all that it mapped */
static void gone_table(struct scene *s)
{
	bad_table(s);
	s->w->mem.bad_error = -EAGAIN;
}

/* Page 10 of the guest, which cannot be read, is one of its tables */
static void bad_guest_table(struct scene *s)
{
	set(s, S1_WORD(0, 2, 1), TABLE(S1_IPA(10)));
	s->w->mem.bad_first = GUEST_PA(0) + 0xa000;
	s->w->mem.bad_last = GUEST_PA(0) + 0xafff;
	s->w->mem.bad_error = -EIO;
}

static const struct forgery {
	void (*spoil)(struct scene *s);
	const char *seen;
	enum audit_severity verdict;
} forgeries[] = {
	{ nothing, "", AUDIT_NOTICE },
	{ both_writable, "overlap-writable ", AUDIT_VIOLATED },
	{ both_readonly, "overlap-readonly ", AUDIT_SHARED },
	{ both_device, "overlap-device device-mapped ", AUDIT_VIOLATED },
	{ both_border, "overlap-readonly overlap-device pa-nowhere ", AUDIT_VIOLATED },
	{ gicv, "shared-gicv device-mapped ", AUDIT_SHARED },
	{ no_gicv_pci, "overlap-device slot-outside device-mapped ", AUDIT_VIOLATED },
	{ no_gicv_long, "overlap-device slot-outside pa-nowhere ", AUDIT_VIOLATED },
	{ no_gicv_slot, "overlap-device slot-outside pa-nowhere ", AUDIT_VIOLATED },
	{ stage2_table, "maps-stage2-table ", AUDIT_VIOLATED },
	{ kernel_image, "maps-kernel-image ", AUDIT_VIOLATED },
	{ kernel_data_readonly, "maps-kernel-image ", AUDIT_VIOLATED },
	{ zero_page, "zero-page ", AUDIT_SHARED },
	{ second_zero_page, "zero-page maps-kernel-image ", AUDIT_UNKNOWN },
	{ zero_rodata, "zero-page ", AUDIT_SHARED },
	{ reserved_page, "maps-reserved ", AUDIT_NOTICE },
	{ wrong_run, "vmm-mismatch ", AUDIT_VIOLATED },
	{ outside, "slot-outside ", AUDIT_VIOLATED },
	{ readonly_slot, "slot-readonly-written ", AUDIT_VIOLATED },
	{ dirty_block, "dirty-log-block ", AUDIT_NOTICE },
	{ device, "device-mapped ", AUDIT_NOTICE },
	{ cacheable, "mmio-cacheable ", AUDIT_VIOLATED },
	{ ram_device, "ram-uncached ", AUDIT_VIOLATED },
	{ fwb, "fwb-mismatch ", AUDIT_VIOLATED },
	{ fwb_off, "fwb-mismatch ", AUDIT_VIOLATED },
	{ nowhere, "pa-nowhere ", AUDIT_UNKNOWN },
	{ vmid_twice, "vmid-duplicate ", AUDIT_VIOLATED },
	{ vmid_zero, "vmid-zero ", AUDIT_VIOLATED },
	{ vmid_wide, "vmid-width ", AUDIT_VIOLATED },
	{ foreign, "vttbr-foreign ", AUDIT_VIOLATED },
	{ stale, "vttbr-stale ", AUDIT_NOTICE },
	{ cnp, "cnp-mismatch ", AUDIT_VIOLATED },
	{ global_user, "guest-global-user ", AUDIT_NOTICE },
	/* what is not translated was not read either */
	{ vm_clear, "hcr-vm-clear ", AUDIT_VIOLATED },
	{ cache_off, "ram-uncached hcr-cache-off ", AUDIT_VIOLATED },
	{ dc, "hcr-dc ", AUDIT_NOTICE },
	{ geometry, "s2-geometry ", AUDIT_VIOLATED },
	{ ps, "ps-above-parange ", AUDIT_NOTICE },
	{ oa, "oa-beyond-parange ", AUDIT_VIOLATED },
	{ s2_wx, "s2-wx ", AUDIT_NOTICE },
	{ kernel_wx, "s1-wx-kernel s1-posture ", AUDIT_NOTICE },
	{ user_wx, "s1-wx-user s1-posture ", AUDIT_NOTICE },
	{ kernel_el0, "s1-kernel-el0 ", AUDIT_NOTICE },
	{ table_el0, "s1-table-el0 ", AUDIT_NOTICE },
	{ posture, "s1-posture ", AUDIT_NOTICE },
	{ table_twice, "s2-table-twice ", AUDIT_VIOLATED },
	{ contig, "s2-contig-mixed ", AUDIT_VIOLATED },
	{ s1_contig, "s1-contig-mixed ", AUDIT_NOTICE },
	{ reserved_word, "s2-reserved ", AUDIT_UNKNOWN },
	{ not_translated, "s2-reserved ", AUDIT_UNKNOWN },
	{ locked, "s2-bbm-residue unread-changed unread-other ", AUDIT_UNKNOWN },
	{ owner, "s2-owner-mark ", AUDIT_NOTICE },
	{ invalid, "s2-invalid-word ", AUDIT_NOTICE },
	{ gone_table, "unread-changed unread-other ", AUDIT_UNKNOWN },
	{ bad_table, "unread-table unread-other ", AUDIT_UNKNOWN },
	{ bad_guest_table, "unread-guest-table ", AUDIT_UNKNOWN },
};

static void test_forgeries(void **state)
{
	struct scene *s;
	size_t i;
	bool bad = false;

	(void)state;
	for (i = 0; i < sizeof(forgeries) / sizeof(forgeries[0]); i++) {
		s = scene_new();
		forgeries[i].spoil(s);
		run_scene(s);
		if (strcmp(s->seen, forgeries[i].seen) ||
		    audit_verdict(&s->a) != forgeries[i].verdict) {
			print_error("forgery %zu, for \"%s\": \"%s\", %s; %s\n", i, forgeries[i].seen,
				    s->seen, audit_verdict_text(audit_verdict(&s->a)), s->last.text);
			bad = true;
		}
		scene_free(s);
	}
	assert_false(bad);
}

/* ---- what moves while one looks -------------------------------------------------------------- */

struct again {
	int ret;
	uint64_t pa, vmm;	/* now; 0: as it was read */
	unsigned int agree;	/* so many pages agree first */
	unsigned int asked;
};

static int answer(void *arg, const struct audit_vm *vm, uint64_t ipa, uint64_t hva, uint64_t *pa,
		  uint64_t *vmm_pa)
{
	struct again *again = arg;

	(void)vm;
	(void)hva;
	*pa = again->pa ? again->pa : GUEST_PA(0) + (ipa - IPA);
	*vmm_pa = again->vmm && again->asked >= again->agree ? again->vmm : *pa;
	again->asked++;
	return again->ret;
}

/* vmm-mismatch of all pages of both VMs, with a second look at them that says @again */
static enum audit_severity second_look(struct again *again, const char *seen)
{
	struct scene *s = scene_new();
	enum audit_severity verdict;

	s->wrong_run = true;
	run_scene(s);
	s->seen[0] = '\0';
	s->a.again = answer;
	s->a.again_arg = again;
	/* the second VM is as it should be, for the answers are of the first */
	s->vm[1]->has_runs = false;
	assert_int_equal(audit_run(&s->a, take, s), 0);
	assert_string_equal(s->seen, seen);
	assert_true(again->asked);
	verdict = audit_verdict(&s->a);
	scene_free(s);
	return verdict;
}

static void test_again(void **state)
{
	(void)state;
	/* both say the same now; stage 2 has nothing there now; it cannot be read any more */
	second_look(&(struct again){ 0 }, "");
	second_look(&(struct again){ .ret = 1 }, "");
	assert_int_equal(second_look(&(struct again){ .ret = -EIO }, "vmm-mismatch "), AUDIT_UNKNOWN);
	/* stage 2 says something else than it did */
	assert_int_equal(second_look(&(struct again){ .pa = 0x8f000000, .vmm = 0x8e000000 },
				     "vmm-mismatch "), AUDIT_UNKNOWN);
	/* it says the same, and the VMM another thing, each time */
	assert_int_equal(second_look(&(struct again){ .vmm = 0x8e000000 }, "vmm-mismatch "),
			 AUDIT_VIOLATED);
	/* the first three pages agree by now, which says nothing of the fourth */
	assert_int_equal(second_look(&(struct again){ .vmm = 0x8e000000, .agree = 3 }, "vmm-mismatch "),
			 AUDIT_VIOLATED);
}

/* 2048 pages behind the others, none of which the VMM had when it was read, and all when it is again */
static void test_again_bound(void **state)
{
	struct scene *s = scene_new();
	struct again again = { 0 };
	unsigned int k;

	(void)state;
	dirty_block(s);
	s->no_runs = false;
	s->slot[0][1].flags = 0;
	s->slot[0][1].size = 0x800000;
	for (k = 0; k < 4; k++)
		set(s, S2_L2(0) + 8 + k * 8, TABLE(0x8d000000 + k * 0x1000));
	for (k = 0; k < 2048; k++)
		set(s, 0x8d000000 + k * 8, RW_PAGE(GUEST_PA(0) + 0x200000 + k * 0x1000));
	run_scene(s);
	s->seen[0] = '\0';
	s->a.again = answer;
	s->a.again_arg = &again;
	assert_int_equal(audit_run(&s->a, take, s), 0);
	assert_string_equal(s->seen, "vmm-mismatch ");
	assert_int_equal(again.asked, 1024);
	assert_int_equal(s->last.ipa, IPA + 0x600000);
	assert_int_equal(s->last.size, 0x400000);
	assert_int_equal(audit_verdict(&s->a), AUDIT_UNKNOWN);
	scene_free(s);
}

/* A table that two VMs have */
static void table_of_both(struct scene *s)
{
	set(s, S2_L2(0) + 0x800, TABLE(S2_L3(1)));
	s->no_runs = true;
	s->nslots = 2;
	s->slot[0][1] = (struct live_slot){ .id = 1, .ipa = IPA + UINT64_C(0x20000000), .size = PAGES * 0x1000 };
	s->slot[1][1] = s->slot[0][1];
}

/*
 * KVM took pages away between the readings of two VMs, or while one of them was read: what looks like
 * an overlap may be none
 */
static void test_moved(void **state)
{
	void (*const spoil[])(struct scene *s) = { both_writable, stage2_table, table_of_both };
	struct scene *s;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		s = scene_new();
		spoil[i](s);
		run_scene(s);
		assert_int_equal(audit_verdict(&s->a), AUDIT_VIOLATED);
		s->vm[1]->moved = true;
		assert_int_equal(audit_run(&s->a, take, s), 0);
		assert_int_equal(audit_verdict(&s->a), AUDIT_UNKNOWN);
		s->vm[1]->moved = false;
		s->vm[1]->changed = true;
		assert_int_equal(audit_run(&s->a, take, s), 0);
		assert_int_equal(audit_verdict(&s->a), AUDIT_UNKNOWN);
		scene_free(s);
	}
}

/* What two VMs share for certain is not less so for a third that changed meanwhile */
static void test_moved_third(void **state)
{
	struct scene *s = scene_new();
	struct audit_vm *third;

	(void)state;
	both_writable(s);
	run_scene(s);
	assert_int_equal(audit_add_vm(&s->a, &s->live[0], "third", &third), 0);
	s->w->mmu.s2.geo.root = S2_ROOT(0);
	assert_int_equal(audit_stage2(&s->a, third, &s->w->mmu), 0);
	s->vm[0]->moved = true;
	s->a.selected = UINT64_C(1) << audit_check_find("overlap-writable", 16);
	assert_int_equal(audit_run(&s->a, take, s), 0);
	assert_int_equal(s->vm[0]->verdict, AUDIT_UNKNOWN);
	assert_int_equal(s->vm[1]->verdict, AUDIT_VIOLATED);
	assert_int_equal(third->verdict, AUDIT_VIOLATED);
	scene_free(s);
}

/* A word is told as it stands in the table, also amid others that map their pages alike */
static void test_word(void **state)
{
	uint64_t word = RW_PAGE(GUEST_PA(1) + 0x9000) & ~(UINT64_C(1) << 10);
	struct scene *s = scene_new();

	(void)state;
	both_writable(s);
	leaf(s, 1, 9, word);
	run_scene(s);
	assert_int_equal(s->last_of[1].ipa, IPA + 0x9000);
	assert_int_equal(s->last_of[1].word, word);
	assert_int_equal(s->last_of[1].word_pa, S2_L3(1) + 9 * 8);
	scene_free(s);
}

static void test_unread(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	run_scene(s);
	s->vm[0]->changed = true;
	assert_int_equal(audit_add_unread(&s->a, s->vm[1], "unread-hidden", "it is"), 0);
	assert_int_equal(audit_run(&s->a, take, s), 0);
	assert_string_equal(s->seen, "unread-changed unread-other unread-hidden ");
	assert_int_equal(s->vm[0]->verdict, AUDIT_UNKNOWN);
	assert_int_equal(s->vm[1]->verdict, AUDIT_UNKNOWN);
	scene_free(s);
}

/* What was not seen of the host is told of the host, and may be in any VM */
static void test_host_unread(void **state)
{
	static const char *const ids[] = { "unread-resources", "unread-host" };
	struct scene *s;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		s = scene_new();
		run_scene(s);
		assert_int_equal(audit_add_unread(&s->a, NULL, ids[i], "it is not there"), 0);
		assert_int_equal(audit_run(&s->a, take, s), 0);
		assert_int_equal(s->vm[0]->verdict, AUDIT_UNKNOWN);
		assert_int_equal(s->vm[1]->verdict, AUDIT_UNKNOWN);
		s->accept = true;
		assert_int_equal(audit_run(&s->a, take, s), 0);
		assert_int_equal(s->vm[0]->verdict, AUDIT_NOTICE);
		scene_free(s);
	}
	/* registers of a CPU are no memory */
	s = scene_new();
	run_scene(s);
	assert_int_equal(audit_add_unread(&s->a, NULL, "unread-registers", "CPU 7"), 0);
	assert_int_equal(audit_run(&s->a, take, s), 0);
	assert_int_equal(s->vm[0]->verdict, AUDIT_NOTICE);
	assert_int_equal(audit_verdict(&s->a), AUDIT_UNKNOWN);
	scene_free(s);
}

/* A second vCPU that has other tables loaded than the first, or reads them another way */
static void test_second_vcpu(void **state)
{
	static const char *const lines[] = {
		"VTTBR_EL2 0x100008e000000\nVTCR_EL2 0x80053558\n",
		"VTTBR_EL2 0x1000088000000\nVTCR_EL2 0x80053559\n",
		"VTTBR_EL2 0x1000088000000\nVTCR_EL2 0x80053558\n",
	};
	struct scene *s;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		s = scene_new();
		run_scene(s);
		parse(&s->w->regs, lines[i], REGS);
		world_init(s->w, REGIME_EL10);
		assert_int_equal(audit_add_vcpu(s->vm[0], 1, &s->w->regs, &s->w->mmu), 0);
		assert_int_equal(audit_run(&s->a, take, s), 0);
		assert_string_equal(s->seen, i < 2 ? "s2-geometry " : "");
		assert_true(i >= 2 || (s->last.vcpu == 1 && s->findings == 1));
		scene_free(s);
	}
}

/* Nothing is judged by registers that were not read */
static void test_no_registers(void **state)
{
	void (*const spoil[])(struct scene *s) = { fwb_off, vmid_zero };
	struct scene *s;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		s = scene_new();
		spoil[i](s);
		run_scene(s);
		assert_int_equal(s->vm[0]->verdict, AUDIT_VIOLATED);
		s->vm[0]->nvcpus = 0;
		s->seen[0] = '\0';
		assert_int_equal(audit_add_unread(&s->a, s->vm[0], "unread-registers", "vCPU 0"), 0);
		assert_int_equal(audit_run(&s->a, take, s), 0);
		assert_string_equal(s->seen, "unread-registers ");
		assert_int_equal(s->vm[0]->verdict, AUDIT_UNKNOWN);
		scene_free(s);
	}
}

/* A CPU that runs a guest of a VM's guest has a VTTBR_EL2 of KVM's own, which is the VM's too */
static void test_nested(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	foreign(s);
	run_scene(s);
	assert_string_equal(s->seen, "vttbr-foreign ");
	s->vm[0]->shadow = calloc(1, sizeof(*s->vm[0]->shadow));
	assert_non_null(s->vm[0]->shadow);
	s->vm[0]->shadow[0].vttbr = s->vttbr[0];
	s->vm[0]->nshadows = 1;
	s->seen[0] = '\0';
	assert_int_equal(audit_add_unread(&s->a, s->vm[0], "unread-nested", "one"), 0);
	assert_int_equal(audit_run(&s->a, take, s), 0);
	/* and what has that mapped of the other VM's memory? */
	assert_string_equal(s->seen, "unread-nested unread-other ");
	assert_int_equal(s->vm[0]->verdict, AUDIT_UNKNOWN);
	assert_int_equal(s->vm[1]->verdict, AUDIT_UNKNOWN);
	scene_free(s);
}

/* Of the guest of a guest nothing is known but what its stage 2 maps, and that is held against all there is */
static void test_shadow(void **state)
{
	static const struct {
		uint64_t word;
		const char *seen;
		bool part_of_slots, moved, readonly;
		enum audit_severity verdict, other;
	} of[] = {
		{ RW_PAGE(GUEST_PA(0) + 0x5000), "", .verdict = AUDIT_NOTICE },
		{ RW_PAGE(GUEST_PA(0) + (PAGES - 1) * 0x1000), "", .verdict = AUDIT_NOTICE },
		{ RW_PAGE(GUEST_PA(0) + PAGES * 0x1000), "shadow-foreign ", .verdict = AUDIT_VIOLATED },
		{ RW_PAGE(GUEST_PA(0) - 0x1000), "shadow-foreign ", .verdict = AUDIT_VIOLATED },
		{ RW_PAGE(0x80300000) & RO, "shadow-foreign ", .verdict = AUDIT_VIOLATED },
		{ RW_PAGE(0x80300000), "shadow-foreign ", .part_of_slots = true, .verdict = AUDIT_UNKNOWN },
		{ RW_PAGE(0x80300000), "shadow-foreign ", .moved = true, .verdict = AUDIT_UNKNOWN },
		{ RW_PAGE(GUEST_PA(1) + 0x5000), "overlap-writable shadow-foreign ", .verdict = AUDIT_VIOLATED,
		  .other = AUDIT_VIOLATED },
		{ RW_PAGE(S2_L3(1)), "maps-stage2-table shadow-foreign ", .verdict = AUDIT_VIOLATED },
		{ RW_PAGE(0x80010000), "maps-kernel-image shadow-foreign ", .verdict = AUDIT_VIOLATED },
		{ DEV_PAGE(0x10001000), "shadow-foreign device-mapped ", .verdict = AUDIT_VIOLATED },
		{ RW_PAGE(GUEST_PA(0) + 0x5000), "slot-readonly-written ", .readonly = true,
		  .verdict = AUDIT_VIOLATED },
		{ RW_PAGE(GUEST_PA(0) + 0x5000) & RO, "", .readonly = true, .verdict = AUDIT_NOTICE },
		{ UINT64_C(1) << 10, "s2-bbm-residue unread-changed unread-other ", .verdict = AUDIT_UNKNOWN,
		  .other = AUDIT_UNKNOWN },
	};
	struct scene *s;
	size_t i;
	int k;

	(void)state;
	for (i = 0; i < sizeof(of) / sizeof(of[0]); i++) {
		s = scene_new();
		s->shadow_word = of[i].word;
		s->part_of_slots = of[i].part_of_slots;
		/* Nothing is behind the second slot, which was read or was not */
		s->nslots = 2;
		for (k = 0; k < 2; k++)
			s->slot[k][1] = (struct live_slot){ .ipa = 2 * IPA, .size = 0x1000, .hva = EMPTY_HVA };
		if (of[i].readonly) {
			s->slot[0][0].flags = 2;
			for (k = 0; k < PAGES; k++)
				leaf(s, 0, k, RW_PAGE(GUEST_PA(0) + k * 0x1000) & RO);
		}
		run_scene(s);
		if (of[i].moved) {
			s->vm[0]->moved = true;
			s->seen[0] = '\0';
			assert_int_equal(audit_run(&s->a, take, s), 0);
		}
		assert_string_equal(s->seen, of[i].seen);
		if (s->last_of[0].has_ipa) {
			assert_int_equal(s->last_of[0].shadow, SHADOW_NUMBER);
			assert_int_equal(s->last_of[0].ipa, SHADOW_IPA);
			assert_int_equal(s->last_of[0].word, of[i].word);
			assert_int_equal(s->last_of[0].word_pa, S2_L3(SHADOW) + 3 * 8);
		}
		assert_int_equal(s->vm[0]->verdict, of[i].verdict);
		assert_int_equal(s->vm[1]->verdict, of[i].other);
		assert_int_equal(s->vm[0]->mapped, PAGES * 0x1000);
		scene_free(s);
	}
}

/* FWB is in the registers of vCPUs, and a shadow has none of its own */
static void test_shadow_fwb(void **state)
{
	const uint64_t fwb = UINT64_C(6) << 2, memattr = UINT64_C(15) << 2;
	struct scene *s = scene_new();
	int k;

	(void)state;
	snprintf(s->regs[0], sizeof(s->regs[0]), "HCR_EL2 0x400080000001\n");
	for (k = 0; k < PAGES; k++)
		leaf(s, 0, k, (RW_PAGE(GUEST_PA(0) + k * 0x1000) & ~memattr) | fwb);
	s->shadow_word = (RW_PAGE(0x10001000) & ~memattr) | fwb;
	run_scene(s);
	assert_non_null(strstr(s->seen, "mmio-cacheable "));
	scene_free(s);
	s = scene_new();
	snprintf(s->regs[0], sizeof(s->regs[0]), "HCR_EL2 0x400080000001\n");
	for (k = 0; k < PAGES; k++)
		leaf(s, 0, k, (RW_PAGE(GUEST_PA(0) + k * 0x1000) & ~memattr) | fwb);
	s->shadow_word = (RW_PAGE(GUEST_PA(0)) & ~memattr) | fwb;
	run_scene(s);
	assert_null(strstr(s->seen, "ram-uncached "));
	assert_null(strstr(s->seen, "fwb-mismatch "));
	scene_free(s);
}

static int again_none(void *arg, const struct audit_vm *vm, uint64_t ipa, uint64_t hva, uint64_t *pa,
		      uint64_t *vmm_pa)
{
	(void)arg;
	(void)vm;
	(void)ipa;
	(void)hva;
	(void)pa;
	(void)vmm_pa;
	return 1;
}

/* A table of a shadow may be another's memory a moment later, and no count tells; but not twice */
static void test_shadow_table(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	s->no_runs = true;
	s->shadow_word = RW_PAGE(GUEST_PA(0));
	leaf(s, 1, 9, RW_PAGE(S2_L3(SHADOW)));
	run_scene(s);
	assert_non_null(strstr(s->seen, "maps-stage2-table "));
	assert_int_equal(s->vm[1]->verdict, AUDIT_UNKNOWN);
	s->a.again = again_none;
	assert_int_equal(audit_run(&s->a, take, s), 0);
	assert_int_equal(s->vm[1]->verdict, AUDIT_VIOLATED);
	scene_free(s);
	s = scene_new();
	s->shadow_word = RW_PAGE(GUEST_PA(0));
	set(s, S2_L2(1) + 8, TABLE(S2_L3(SHADOW)));
	run_scene(s);
	assert_non_null(strstr(s->seen, "s2-table-twice "));
	s->a.selected = UINT64_C(1) << audit_check_find("s2-table-twice", 14);
	assert_int_equal(audit_run(&s->a, take, s), 0);
	assert_int_equal(audit_verdict(&s->a), AUDIT_UNKNOWN);
	s->a.again = again_none;
	assert_int_equal(audit_run(&s->a, take, s), 0);
	assert_int_equal(audit_verdict(&s->a), AUDIT_VIOLATED);
	scene_free(s);
}

/* Tables in which a break-before-make is under way are read again, and nothing stays of the first time */
static void test_undo(void **state)
{
	struct scene *s = scene_new();
	struct audit_mark mark;
	struct audit_vm *vm;
	uint64_t mapped;
	size_t ranges;

	(void)state;
	run_scene(s);
	mapped = s->vm[0]->mapped;
	audit_free(&s->a);
	audit_init(&s->a);
	s->w->mmu.s2.geo.root = S2_ROOT(1);
	assert_int_equal(audit_add_vm(&s->a, &s->live[1], "1", &vm), 0);
	assert_int_equal(audit_stage2(&s->a, vm, &s->w->mmu), 0);
	ranges = s->a.nranges;
	s->w->mmu.s2.geo.root = S2_ROOT(0);
	assert_int_equal(audit_add_vm(&s->a, &s->live[0], "0", &vm), 0);
	leaf(s, 0, 9, 1 << 10);
	mark = audit_mark(&s->a, vm);
	assert_int_equal(audit_stage2(&s->a, vm, &s->w->mmu), 0);
	assert_true(vm->changed && vm->missed);
	leaf(s, 0, 9, RW_PAGE(GUEST_PA(0) + 0x9000));
	audit_undo(&s->a, vm, &mark);
	assert_int_equal(s->a.nranges, ranges);
	assert_int_equal(audit_stage2(&s->a, vm, &s->w->mmu), 0);
	assert_int_equal(vm->mapped, mapped);
	assert_int_equal(vm->tables, 3);
	s->seen[0] = '\0';
	assert_int_equal(audit_run(&s->a, take, s), 0);
	assert_string_equal(s->seen, "");
	scene_free(s);
}

/* Tables that lead to each other are read up to a bound, and that is told */
static void limit(uint64_t word)
{
	struct scene *s = scene_new();
	struct audit_vm *vm;

	run_scene(s);
	set(s, S2_L2(0) + 8, word);
	audit_free(&s->a);
	audit_init(&s->a);
	s->a.max_tables = 3;
	assert_int_equal(audit_add_vm(&s->a, &s->live[0], "x", &vm), 0);
	s->w->mmu.s2.geo.root = S2_ROOT(0);
	assert_int_equal(audit_stage2(&s->a, vm, &s->w->mmu), 0);
	s->seen[0] = '\0';
	assert_int_equal(audit_run(&s->a, take, s), 0);
	assert_non_null(strstr(s->seen, "unread-limit "));
	assert_int_equal(vm->verdict, AUDIT_UNKNOWN);
	scene_free(s);
}

static void test_limit(void **state)
{
	(void)state;
	limit(TABLE(S2_L3(0)));
	/* the bound is met between the two tables of the root, without a word that leads further */
	limit(0);
}

/* ---- resources ------------------------------------------------------------------------------- */

static int iomem(struct audit *a, const char *text)
{
	audit_init(a);
	return audit_add_iomem(a, text);
}

static void test_iomem(void **state)
{
	struct audit a;

	(void)state;
	assert_int_equal(iomem(&a, IOMEM), 0);
	/* the gaps of a resource are its own, its children's stretches theirs */
	assert_int_equal(a.nresources, 9);
	assert_string_equal(a.resource[1].name, "PCI Bus 0000:00: 0000:00:01.0: vfio-pci");
	assert_true(a.resource[1].vfio);
	assert_int_equal(a.resource[2].first, 0x10004000);
	assert_string_equal(a.resource[2].name, "PCI Bus 0000:00");
	assert_true(a.resource[3].ram && a.resource[4].ram && a.resource[4].kernel);
	assert_int_equal(a.resource[8].last, 0x8fffffff);
	audit_free(&a);
	/* to a reader who may not know */
	assert_int_equal(iomem(&a, "00000000-00000000 : System RAM\n"), -EACCES);
	audit_free(&a);
	assert_int_equal(iomem(&a, ""), -EPROTO);
	audit_free(&a);
	assert_int_equal(iomem(&a, "80000000-70000000 : System RAM\n"), -EPROTO);
	audit_free(&a);
	/* deeper than any is */
	assert_int_equal(iomem(&a, "1000-1fff : a\n" "                                        "
			       "                                        1000-1fff : b\n"), -EPROTO);
	audit_free(&a);
	/* a child beyond its parent, and one before its elder, are left out */
	assert_int_equal(iomem(&a, "1000-1fff : a\n  1800-2fff : b\n  1400-14ff : c\n  1200-12ff : d\n"), 0);
	assert_int_equal(a.nresources, 3);
	assert_string_equal(a.resource[1].name, "a: c");
	audit_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forgeries),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_again_bound),
		cmocka_unit_test(test_moved),
		cmocka_unit_test(test_moved_third),
		cmocka_unit_test(test_word),
		cmocka_unit_test(test_unread),
		cmocka_unit_test(test_host_unread),
		cmocka_unit_test(test_second_vcpu),
		cmocka_unit_test(test_no_registers),
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_shadow),
		cmocka_unit_test(test_shadow_fwb),
		cmocka_unit_test(test_shadow_table),
		cmocka_unit_test(test_undo),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_iomem),
	};

	unused_accesses();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
