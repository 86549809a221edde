// SPDX-License-Identifier: GPL-2.0-only
/* How long a guest waits for a page: it touches each page of a slot, which is then taken from it again. */
#include <errno.h>
#include <inttypes.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>

#include "tinyvmm.h"

#define MAX_FAULTS	(1U << 22)

static uint64_t frequency(void)
{
	uint64_t f;

	asm volatile("mrs %0, cntfrq_el0" : "=r" (f));
	return f;
}

static int by_size(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void print(uint32_t *ticks, size_t n)
{
	double ns = 1e9 / (double)frequency();
	uint64_t sum = 0;
	size_t i;

	if (!n) {
		errno = EIO;
		die("the guest touched nothing");
	}
	for (i = 0; i < n; i++)
		sum += ticks[i];
	qsort(ticks, n, sizeof(*ticks), by_size);
	printf("faults %zu MEAN %.0f P50 %.0f P99 %.0f MAX %.0f\n", n, (double)sum / (double)n * ns,
	       ticks[n / 2] * ns, ticks[n * 99 / 100] * ns, ticks[n - 1] * ns);
	fflush(stdout);
}

/* Until the guest rings: it has then touched every page of the slot */
static void round_trip(const struct vcpu *vcpu)
{
	while (ioctl(vcpu->fd, KVM_RUN, 0))
		if (errno != EINTR && errno != EAGAIN)
			die("KVM_RUN");
	check_exit(vcpu);
}

void faults_run(struct vm *vm, unsigned int seconds)
{
	const struct slot *slot = &vm->slots[vm->nr_slots - 1];
	const uint32_t *result = guest_ptr(vm, CODE_IPA + RESULTS_OFFSET);
	uint32_t *ticks = calloc(MAX_FAULTS, sizeof(*ticks));
	size_t n = 0, i, pages = slot->size / host_page;
	time_t end;

	if (!ticks)
		die("calloc");
	round_trip(&vm->vcpus[0]);	/* the pages that all programs touch */
	end = time(NULL) + (time_t)seconds;
	while (time(NULL) < end && n + pages <= MAX_FAULTS) {
		if (madvise(slot->hva, slot->size, MADV_DONTNEED))
			die("madvise");
		round_trip(&vm->vcpus[0]);
		for (i = 0; i < pages; i++)
			ticks[n++] = result[i];
	}
	print(ticks, n);
}
