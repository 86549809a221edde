// SPDX-License-Identifier: GPL-2.0-only
/* What a host does to the memory of a guest that runs: migration, ballooning, memory that is taken back. */
#include <errno.h>
#include <linux/kvm.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tinyvmm.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif

#define LOG_WORDS	(MAX_PAGES / 64)

static uint64_t random_state = 1;

static uint64_t next_random(uint64_t n)
{
	random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (random_state >> 33) % n;
}

/* As a migration that begins, runs and is given up */
static void log_dirty(const struct vm *vm, struct slot *slot)
{
	unsigned int index = (unsigned int)(slot - vm->slots);
	static uint64_t bitmap[LOG_WORDS];
	struct kvm_dirty_log log = { .slot = index, .dirty_bitmap = bitmap };

	if (slot->logging && next_random(4)) {
		if (slot->size / host_page <= MAX_PAGES && ioctl(vm->fd, KVM_GET_DIRTY_LOG, &log))
			die("KVM_GET_DIRTY_LOG of slot %s", slot->name);
		return;
	}
	slot->logging = !slot->logging;
	memory_set(vm, index);
}

/* A part of the slot; the mapping behind it stays */
static void change(const struct slot *slot)
{
	uint64_t pages = slot->size / host_page, page = next_random(pages), n = 1 + next_random(64);
	uint8_t *at = slot->hva + page * host_page;
	uint64_t size;

	if (n > pages - page)
		n = pages - page;
	size = n * host_page;
	switch (next_random(6)) {
	case 0:
		madvise(at, size, MADV_DONTNEED);
		break;
	case 1:
		/* A hole in the file, where there is one */
		if (slot->backing == SHARED)
			madvise(at, size, MADV_REMOVE);
		else
			madvise(slot->hva, slot->size, MADV_DONTNEED);
		break;
	case 2:
		memset(at, (int)page, size);
		break;
	case 3:
		/* Tables become blocks, if there is a huge page to be had */
		madvise(slot->hva, slot->size, MADV_COLLAPSE);
		break;
	case 4:
		/* run_flux() writes there. A guest that does comes out with EFAULT meanwhile, and goes back. */
		if (slot->flux)
			break;
		if (mprotect(at, size, PROT_READ) || mprotect(at, size, PROT_READ | PROT_WRITE))
			die("mprotect");
		break;
	default:
		madvise(at, size, MADV_COLD);
	}
}

void *run_stir(void *arg)
{
	struct vm *vm = arg;
	struct slot *slot;

	for (;;) {
		wait_while_paused();
		slot = &vm->slots[next_random(vm->nr_slots)];
		if (!next_random(3))
			log_dirty(vm, slot);
		else if (slot->again && slot->backing != MERGEABLE)
			change(slot);
		usleep(500);
	}
	return NULL;
}
