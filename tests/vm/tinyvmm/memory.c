// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's memory: slots whose backing decides how KVM maps them at stage 2
 * (arch/arm64/kvm/mmu.c, user_mem_abort), and what is behind each page.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tinyvmm.h"

uint64_t host_page, huge_page;

static const struct slot fixed_slots[] = {
	{ "code", CODE_IPA, CODE_SIZE, .backing = PAGES, .touch_pages = 1 },
	{ "hugetlb", 0x80000000, .huge_pages = 2, .backing = HUGETLB },
	{ "mixed", 0x90000000, .huge_pages = 2, .backing = HALF_THP, .touch_pages = 1 },
	{ "skewed", 0xa0010000, .huge_pages = 1, .backing = THP_SKEWED, .touch_pages = 1 },
	{ "readonly", 0xb0000000, 256 * KIB, .backing = PAGES, .readonly = true, .touch_pages = 1 },
	{ "sparse", 0xb8000000, 256 * KIB, .backing = PAGES, .touch_pages = 2 },
};

static const struct slot flux_slot = {
	"flux", 0xc0000000, 2 * MIB, .backing = PAGES, .flux = true, .again = true,
	.touch_pages = 1
};

static const struct slot shared_slot = {
	"shared", 0xc8000000, 256 * KIB, .backing = SHARED, .touch_pages = 1
};

/* A write would end the merging of a page, so the guest only reads */
static const struct slot mergeable_slot = {
	"mergeable", 0xd0000000, 256 * KIB, .backing = MERGEABLE, .again = true,
	.read_only_touch = true, .touch_pages = 1
};

/* One page of the second size that there are huge pages of, where pages are 4K */
#define GIGANTIC_SIZE	(1024 * MIB)
static const struct slot gigantic_slot = {
	"gigantic", 0x200000000, GIGANTIC_SIZE, .backing = GIGANTIC,
};

static const struct slot memfd_slot = {
	"memfd", 0xd8000000, 256 * KIB, .backing = GUEST_MEMFD, .touch_pages = 1
};

#define TABLES_IPA	0x100000000ULL

/* Anonymous memory at a multiple of a huge page, so that the backing alone decides */
static uint8_t *map_aligned(uint64_t size)
{
	uintptr_t at;
	uint8_t *p;

	p = mmap(NULL, size + huge_page, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		die("mmap of %" PRIu64 " bytes", size);
	at = ((uintptr_t)p + huge_page - 1) & ~(uintptr_t)(huge_page - 1);
	return (uint8_t *)at;
}

static void advise(void *p, uint64_t size, int advice)
{
	if (madvise(p, size, advice))
		die("madvise(%d)", advice);
}

/* The pages of a file, which another VMM may map too; made as long as the slot */
static uint8_t *map_shared(const char *file, uint64_t size)
{
	int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	uint8_t *p;

	if (fd < 0 || ftruncate(fd, (off_t)size))
		die("%s", file);
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		die("mmap of %s", file);
	close(fd);
	return p;
}

/* include/uapi/linux/kvm.h of 6.18; the headers that this is built with may be older */
struct create_guest_memfd {
	uint64_t size, flags, reserved[6];
};

struct memory_region2 {
	struct kvm_userspace_memory_region region;
	uint64_t guest_memfd_offset;
	uint32_t guest_memfd, pad1;
	uint64_t pad2[14];
};

#define CREATE_GUEST_MEMFD	_IOWR(KVMIO, 0xd4, struct create_guest_memfd)
#define SET_MEMORY_REGION2	_IOW(KVMIO, 0x49, struct memory_region2)
#define MEMFD_MMAP		(1ULL << 0)
#define MEMFD_INIT_SHARED	(1ULL << 1)
#define MEM_GUEST_MEMFD		(1U << 2)

/* Memory of KVM's own, which the VMM may map as well */
static uint8_t *map_guest_memfd(const struct vm *vm, struct slot *slot)
{
	struct create_guest_memfd create = { slot->size, MEMFD_MMAP | MEMFD_INIT_SHARED, { 0 } };
	uint8_t *p;

	slot->memfd = ioctl(vm->fd, CREATE_GUEST_MEMFD, &create);
	if (slot->memfd < 0)
		die("no guest_memfd");
	p = mmap(NULL, slot->size, PROT_READ | PROT_WRITE, MAP_SHARED, slot->memfd, 0);
	if (p == MAP_FAILED)
		die("mmap of the guest_memfd");
	return p;
}

static uint8_t *back_slot(const struct vm *vm, struct slot *slot)
{
	uint64_t huge;
	uint8_t *p;

	if (slot->backing == SHARED)
		return map_shared(vm->share, slot->size);

	if (slot->backing == HUGETLB || slot->backing == GIGANTIC) {
		huge = slot->backing == HUGETLB ? huge_page : GIGANTIC_SIZE;
		p = mmap(NULL, slot->size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB |
			 (__builtin_ctzll(huge) << MAP_HUGE_SHIFT), -1, 0);
		if (p == MAP_FAILED)
			die("no huge pages of %#" PRIx64 " bytes", huge);
		return p;
	}
	if (slot->backing == GUEST_MEMFD)
		return map_guest_memfd(vm, slot);
	p = map_aligned(slot->size);
	advise(p, slot->size, MADV_NOHUGEPAGE);
	if (slot->backing == HALF_THP)
		advise(p, slot->size / 2, MADV_HUGEPAGE);
	if (slot->backing == THP_SKEWED)
		advise(p, slot->size, MADV_HUGEPAGE);
	if (slot->backing == MERGEABLE)
		advise(p, slot->size, MADV_MERGEABLE);
	return p;
}

void memory_set(const struct vm *vm, unsigned int index)
{
	const struct slot *slot = &vm->slots[index];
	struct kvm_userspace_memory_region region = {
		.slot = index, .guest_phys_addr = slot->ipa, .memory_size = slot->size,
		.userspace_addr = (uintptr_t)slot->hva,
		.flags = (slot->readonly ? KVM_MEM_READONLY : 0) |
			 (slot->logging ? KVM_MEM_LOG_DIRTY_PAGES : 0),
	};

	struct memory_region2 region2 = { region, .guest_memfd = (uint32_t)slot->memfd };

	if (slot->backing == GUEST_MEMFD) {
		region2.region.flags |= MEM_GUEST_MEMFD;
		if (ioctl(vm->fd, SET_MEMORY_REGION2, &region2))
			die("KVM_SET_USER_MEMORY_REGION2 of slot %s", slot->name);
		return;
	}
	if (ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &region))
		die("KVM_SET_USER_MEMORY_REGION of slot %s", slot->name);
}

static void add_slot(struct vm *vm, const struct slot *template)
{
	struct slot *slot = &vm->slots[vm->nr_slots];

	*slot = *template;
	/* What is stirred is of interest only while the guest uses it */
	if (vm->stir && (slot->backing == HALF_THP || slot->backing == SHARED))
		slot->again = true;
	if (slot->huge_pages)
		slot->size = slot->huge_pages * huge_page;
	slot->touch_step = slot->touch_pages ? slot->touch_pages * host_page : huge_page;
	slot->hva = back_slot(vm, slot);
	/*
	 * A page that was written is writable at stage 2, however it is touched. Mergeable pages
	 * are all alike, and not zero, which KSM may treat as a case of its own.
	 */
	if (!slot->thin)
		memset(slot->hva, slot->backing == MERGEABLE ? 0x5a : 0, slot->size);
	memory_set(vm, vm->nr_slots);
	vm->nr_slots++;
}

void memory_create(struct vm *vm)
{
	struct slot high = { "high", 0, 256 * KIB, .backing = PAGES, .touch_pages = 1 };
	struct slot small = fixed_slots[0], shared = shared_slot;
	struct slot tables = {
		"tables", TABLES_IPA, .huge_pages = vm->tables, .backing = PAGES, .thin = true
	};
	size_t i;

	if (vm->small) {
		small.size = SMALL_SIZE;
		add_slot(vm, &small);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(fixed_slots) - vm->dense; i++)
		add_slot(vm, &fixed_slots[i]);
	/* The upper half: another concatenated table, where there are several */
	high.ipa = 1ULL << (vm->ipa_bits - 1);
	if (vm->s1.format == LONG_64)	/* an AArch32 guest has no VA for it */
		add_slot(vm, &high);
	if (vm->gigantic)
		add_slot(vm, &gigantic_slot);
	if (vm->guest_memfd)
		add_slot(vm, &memfd_slot);
	shared.readonly = vm->share_readonly;
	if (vm->share)
		add_slot(vm, &shared);
	if (vm->mergeable)
		add_slot(vm, &mergeable_slot);
	if (vm->tables)
		add_slot(vm, &tables);
	/* The last: run_flux() and faults_run() look for it there */
	if (vm->flux || vm->vcpus[0].program == FAULTS)
		add_slot(vm, &flux_slot);
}

void *guest_ptr(const struct vm *vm, uint64_t ipa)
{
	const struct slot *slot;
	unsigned int i;

	for (i = 0; i < vm->nr_slots; i++) {
		slot = &vm->slots[i];
		if (ipa >= slot->ipa && ipa - slot->ipa < slot->size)
			return slot->hva + (ipa - slot->ipa);
	}
	die("no memory at IPA %#" PRIx64, ipa);
}

/* Documentation/admin-guide/mm/pagemap.rst: bit 63 present, 54:0 the PFN */
static uint64_t physical(uint64_t entry)
{
	if (!(entry >> 63))
		return 0;
	entry &= (1ULL << 55) - 1;
	if (!entry)
		die("/proc/self/pagemap shows no page frames: run as root");
	return entry * host_page;
}

/* The page behind a byte of guest memory */
uint64_t memory_pa(const struct vm *vm, int pagemap, uint64_t ipa)
{
	uintptr_t hva = (uintptr_t)guest_ptr(vm, ipa);
	uint64_t pagemap_entry;

	if (pread(pagemap, &pagemap_entry, sizeof(pagemap_entry), (off_t)(hva / host_page * sizeof(pagemap_entry))) !=
	    sizeof(pagemap_entry))
		die("/proc/self/pagemap");
	return physical(pagemap_entry) + hva % host_page;
}

static void read_pagemap(int pagemap, const struct slot *slot, uint64_t *entries)
{
	size_t size = slot->size / host_page * sizeof(*entries);
	off_t at = (uintptr_t)slot->hva / host_page * sizeof(*entries);

	/* Of one page the first entry says it all */
	if (slot->backing == GIGANTIC)
		size = sizeof(*entries);
	else if (slot->size / host_page > MAX_PAGES)
		die("slot %s has more than %d pages", slot->name, MAX_PAGES);
	if (pread(pagemap, entries, size, at) != (ssize_t)size)
		die("/proc/self/pagemap");
}

/* What there is at this moment, of which stage 2 may map any part */
static void print_flux(const struct slot *slot, int pagemap)
{
	static uint64_t entries[MAX_PAGES];
	uint64_t offset, pa;

	printf("flux IPA 0x%" PRIx64 " SIZE 0x%" PRIx64 "\n", slot->ipa, slot->size);
	read_pagemap(pagemap, slot, entries);
	for (offset = 0; offset < slot->size; offset += host_page) {
		pa = physical(entries[offset / host_page]);
		if (pa)
			printf("flux-page IPA 0x%" PRIx64 " PA 0x%" PRIx64 "\n",
			       slot->ipa + offset, pa);
	}
}

/* Documentation/admin-guide/mm/pagemap.rst, /proc/kpageflags */
#define PAGE_KSM	21
#define PAGE_THP	22

static bool page_is(int kpageflags, unsigned int bit, uint64_t pa)
{
	uint64_t flags = 0;

	if (pread(kpageflags, &flags, sizeof(flags),
		  pa / host_page * sizeof(flags)) != sizeof(flags))
		die("/proc/kpageflags");
	return flags >> bit & 1;
}

/* With CTR_EL0.DIC KVM makes every page executable, else only what was executed */
static bool all_executable(void)
{
	uint64_t ctr;

	asm volatile("mrs %0, ctr_el0" : "=r" (ctr));
	return ctr >> 29 & 1;
}

static void print_slot(const struct slot *slot, int pagemap, int kpageflags)
{
	static uint64_t entries[MAX_PAGES];
	uint64_t offset, size, pa;
	bool readonly;

	read_pagemap(pagemap, slot, entries);
	for (offset = 0; offset < slot->size; offset += size) {
		pa = physical(entries[offset / host_page]);
		size = host_page;
		if (slot->backing == GIGANTIC)
			size = GIGANTIC_SIZE;
		else if (slot->backing == HUGETLB ||
		    (slot->backing == HALF_THP && offset % huge_page == 0 &&
		     offset < slot->size / 2 && page_is(kpageflags, PAGE_THP, pa)))
			size = huge_page;
		if (offset % slot->touch_step)
			continue;
		/* A page that was merged is copied before anyone writes to it */
		readonly = slot->readonly || (slot->backing == MERGEABLE &&
					      page_is(kpageflags, PAGE_KSM, pa));
		printf("s2 IPA 0x%" PRIx64 " SIZE 0x%" PRIx64 " PA 0x%" PRIx64
		       " HVA 0x%" PRIxPTR " RIGHTS r%c%c\n",
		       slot->ipa + offset, size, pa, (uintptr_t)(slot->hva + offset),
		       readonly ? '-' : 'w', all_executable() ? 'x' : '?');
	}
}

void memory_print(const struct vm *vm, bool touched)
{
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	int kpageflags = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	const struct slot *slot;
	unsigned int i;

	if (pagemap < 0 || kpageflags < 0)
		die("/proc/self/pagemap or /proc/kpageflags");
	for (i = 0; i < vm->nr_slots; i++) {
		slot = &vm->slots[i];
		printf("slot %u IPA 0x%" PRIx64 " SIZE 0x%" PRIx64 " HVA 0x%" PRIxPTR
		       " FLAGS 0x%lx NAME %s\n", i, slot->ipa, slot->size,
		       (uintptr_t)slot->hva, slot->readonly ? KVM_MEM_READONLY : 0UL,
		       slot->name);
		if (slot->flux)
			print_flux(slot, pagemap);
		else if (touched && !slot->thin)
			print_slot(slot, pagemap, kpageflags);
	}
	close(pagemap);
	close(kpageflags);
}
