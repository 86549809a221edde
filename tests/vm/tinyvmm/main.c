// SPDX-License-Identifier: GPL-2.0-only
/* Options, the threads that run the virtual CPUs, and commands on stdin. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tinyvmm.h"

static const char usage[] =
	"usage: tinyvmm [OPTION...]\n"
	"\n"
	"Runs a guest whose memory, tables and registers it prints. Lines on stdout:\n"
	"slot, s2, flux (stage 2), root, s1, s1-invalid (stage 1), then \"ready\".\n"
	"\n"
	"  --vcpu PROGRAM   one more virtual CPU (default: one that runs spin)\n"
	"                   spin   never leaves the guest by itself\n"
	"                   ttbr   sets TTBR0_EL1 to each \"root\" in turn\n"
	"                   touch  touches every page of the flux slot and reads the\n"
	"                          mergeable one, again and again\n"
	"                   wfi    waits for interrupts that do not come\n"
	"                   off    spins with the stage-1 MMU off\n"
	"                   none   is created and never runs\n"
	"                   l2     with --nested: becomes a guest of the guest, and spins\n"
	"  --granule KIB    of the guest's stage 1: 4 (default), 16 or 64\n"
	"  --va-bits N      of its address ranges (default 48)\n"
	"  --ipa-bits N     of the guest's physical addresses (default 40)\n"
	"  --big-endian     with tables in that byte order\n"
	"  --aarch32 FORMAT a guest whose EL1 is AArch32, with \"long\" or \"short\"\n"
	"                   descriptors; its vCPUs spin, and its VAs are what they are\n"
	"  --gigantic       one more slot: a single page of 1G, of hugetlbfs\n"
	"  --guest-memfd    one more slot, of KVM's own guest_memfd\n"
	"  --flux           one more slot, whose pages come and go\n"
	"  --dense          without the slot \"sparse\", in which every second page is mapped\n"
	"  --stir           dirty logging of every slot on and off, and pages of those that\n"
	"                   \"touch\" goes through (mixed and shared, too, then) taken away,\n"
	"                   merged into huge ones, protected, in holes of the file\n"
	"  --share FILE     one more slot, whose pages are those of FILE (256K, made if\n"
	"                   it is not there): two VMMs with one FILE share them\n"
	"  --share-readonly the guest may only read them\n"
	"  --mergeable      one more slot, of equal pages that the kernel may merge\n"
	"  --tables N       one more slot, of which the guest touches a page in each of\n"
	"                   N pieces as long as a huge page: N tables of stage 2; not in\n"
	"                   the layout\n"
	"  --nested         the vCPUs have EL2 and start there, with the MMU off; the guest\n"
	"                   of the guest is in the layout as nested and l2 lines\n"
	"  --name NAME      of the process\n"
	"  --churn N        instead start and kill such a VM N times\n"
	"  --hold MS        how long each of them lives (default 100)\n"
	"  --faults S       instead a guest that faults pages in for S seconds; prints how\n"
	"                   long an access took, in ns: faults N MEAN N P50 N P99 N MAX N,\n"
	"                   and stands still\n"
	"  --vms N          instead one process with N small VMs, each of which ran once\n"
	"                   and stands still; stdout has \"vm I FD\" lines and \"ready\"\n"
	"\n"
	"Commands on stdin, each answered by lines and \"done\": layout, regs, pause\n"
	"(vCPUs, flux and stir), resume, quit. regs is KVM's view, of a paused VM. With --vms:\n"
	"run I, which enters VM I once more, and quit.\n";

static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool paused;
	unsigned int stopped;	/* threads that saw it */
	unsigned int ready;	/* vCPUs that rang the doorbell */
} state = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };

void die(const char *what, ...)
{
	int error = errno;
	va_list args;

	fputs("tinyvmm: ", stderr);
	va_start(args, what);
	vfprintf(stderr, what, args);
	va_end(args);
	fprintf(stderr, ": %s\n", strerror(error));
	exit(1);
}

/* Only there to interrupt KVM_RUN */
static void on_kick(int signal)
{
	(void)signal;
}

void wait_while_paused(void)
{
	pthread_mutex_lock(&state.lock);
	if (state.paused) {
		state.stopped++;
		pthread_cond_broadcast(&state.changed);
		while (state.paused)
			pthread_cond_wait(&state.changed, &state.lock);
		state.stopped--;
		pthread_cond_broadcast(&state.changed);
	}
	pthread_mutex_unlock(&state.lock);
}

static void rang(void)
{
	pthread_mutex_lock(&state.lock);
	state.ready++;
	pthread_cond_broadcast(&state.changed);
	pthread_mutex_unlock(&state.lock);
}

/* After an exit: was it the doorbell? Nothing else is expected. */
void check_exit(const struct vcpu *vcpu)
{
	const struct kvm_run *run = vcpu->run;

	if (run->exit_reason == KVM_EXIT_MMIO && run->mmio.phys_addr == DOORBELL)
		return;
	errno = EIO;
	die("vCPU %u left the guest: reason %u, address %#llx", vcpu->index,
	    run->exit_reason, (unsigned long long)run->mmio.phys_addr);
}

static void *run_vcpu(void *arg)
{
	struct vcpu *vcpu = arg;
	struct kvm_run *run = vcpu->run;

	for (;;) {
		wait_while_paused();
		if (ioctl(vcpu->fd, KVM_RUN, 0)) {
			/* A page may be beyond the guest's reach while it is stirred */
			if (errno != EINTR && errno != EAGAIN && !(errno == EFAULT && vcpu->vm->stir))
				die("KVM_RUN of vCPU %u", vcpu->index);
			run->immediate_exit = 0;
			continue;
		}
		check_exit(vcpu);
		rang();
	}
	return NULL;
}

/* Takes pages away and puts some back, without order but always the same way */
static void *run_flux(void *arg)
{
	const struct slot *slot = arg;
	uint64_t random = 1, page, pages;
	uint8_t *at;

	for (;;) {
		wait_while_paused();
		random = random * 6364136223846793005ULL + 1442695040888963407ULL;
		page = (random >> 33) % (slot->size / host_page);
		pages = 1 + (random >> 20) % 8;
		if (page + pages > slot->size / host_page)
			continue;
		at = slot->hva + page * host_page;
		if (random >> 63)
			madvise(at, pages * host_page, MADV_DONTNEED);
		else
			memset(at, (int)(random >> 40), pages * host_page);
	}
	return NULL;
}

static void start_thread(unsigned long *thread, void *(*function)(void *), void *arg)
{
	pthread_t t;

	errno = pthread_create(&t, NULL, function, arg);
	if (errno)
		die("pthread_create");
	*thread = t;
}

static unsigned int count_running(const struct vm *vm)
{
	unsigned int i, n = 0;

	for (i = 0; i < vm->nr_vcpus; i++)
		n += vm->vcpus[i].program != NONE;
	return n;
}

static void wait_ready(const struct vm *vm)
{
	pthread_mutex_lock(&state.lock);
	while (state.ready < count_running(vm))
		pthread_cond_wait(&state.changed, &state.lock);
	pthread_mutex_unlock(&state.lock);
}

static void pause_all(const struct vm *vm)
{
	unsigned int i, threads = count_running(vm) + vm->flux + vm->stir;

	pthread_mutex_lock(&state.lock);
	state.paused = true;
	for (i = 0; i < vm->nr_vcpus; i++) {
		if (vm->vcpus[i].program == NONE)
			continue;
		vm->vcpus[i].run->immediate_exit = 1;
		pthread_kill(vm->vcpus[i].thread, SIGUSR1);
	}
	while (state.stopped < threads)
		pthread_cond_wait(&state.changed, &state.lock);
	pthread_mutex_unlock(&state.lock);
}

static void resume_all(void)
{
	pthread_mutex_lock(&state.lock);
	state.paused = false;
	pthread_cond_broadcast(&state.changed);
	while (state.stopped)
		pthread_cond_wait(&state.changed, &state.lock);
	pthread_mutex_unlock(&state.lock);
}

static void print_regs(const struct vm *vm)
{
	unsigned int i;

	if (!state.paused) {
		puts("error pause first");
		return;
	}
	for (i = 0; i < vm->nr_vcpus; i++)
		vcpu_print_regs(&vm->vcpus[i]);
}

static void print_layout(const struct vm *vm)
{
	printf("vm PID %d VCPUS %u IPABITS %u GRANULE %u VABITS %u PAGE 0x%llx\n", getpid(),
	       vm->nr_vcpus, vm->ipa_bits, 1U << vm->s1.granule_shift, vm->s1.va_bits,
	       (unsigned long long)host_page);
	/* What no vCPU has touched is not mapped at stage 2 */
	memory_print(vm, count_running(vm) > 0);
	if (vm->s1.format == SHORT_32)
		short_print(vm);
	else
		stage1_print(vm);
	if (vm->el2)
		nested_print(vm);
}

static void serve(const struct vm *vm)
{
	char line[64];

	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = 0;
		if (!strcmp(line, "quit"))
			return;
		else if (!strcmp(line, "layout"))
			print_layout(vm);
		else if (!strcmp(line, "regs"))
			print_regs(vm);
		else if (!strcmp(line, "pause") && !state.paused)
			pause_all(vm);
		else if (!strcmp(line, "resume"))
			resume_all();
		else
			puts("error not understood");
		puts("done");
		fflush(stdout);
	}
	/* Without anyone to command it, it runs until it is killed */
	for (;;)
		pause();
}

static void create(struct vm *vm)
{
	unsigned int i;

	vm->kvm_fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (vm->kvm_fd < 0)
		die("/dev/kvm");
	vm->fd = ioctl(vm->kvm_fd, KVM_CREATE_VM, KVM_VM_TYPE_ARM_IPA_SIZE(vm->ipa_bits));
	if (vm->fd < 0)
		die("KVM_CREATE_VM with %u bits of IPA", vm->ipa_bits);
	memory_create(vm);
	if (vm->s1.format == LONG_64)
		memcpy(guest_ptr(vm, CODE_IPA), guest_start, (size_t)(guest_end - guest_start));
	else
		memcpy(guest_ptr(vm, CODE_IPA), guest32_start, (size_t)(guest32_end - guest32_start));
	if (vm->s1.format == SHORT_32)
		short_create(vm);
	else if (!vm->small)
		stage1_create(vm);
	if (vm->el2)
		nested_create(vm);
	for (i = 0; i < vm->nr_vcpus; i++)
		vcpu_create(vm, i);
	if (vm->el2)
		nested_create_gic(vm);
}

/* With ready_fd, the layout is of no interest: one byte there says ready */
static void run(struct vm *vm, int ready_fd)
{
	struct sigaction kick = { .sa_handler = on_kick };
	unsigned long flux, stir;
	unsigned int i;

	sigaction(SIGUSR1, &kick, NULL);
	create(vm);
	for (i = 0; i < vm->nr_vcpus; i++)
		if (vm->vcpus[i].program != NONE)
			start_thread(&vm->vcpus[i].thread, run_vcpu, &vm->vcpus[i]);
	wait_ready(vm);
	if (vm->flux)
		start_thread(&flux, run_flux, &vm->slots[vm->nr_slots - 1]);
	if (vm->stir)
		start_thread(&stir, run_stir, vm);
	if (ready_fd >= 0) {
		if (write(ready_fd, "", 1) != 1)
			die("write to the parent");
	} else {
		print_layout(vm);
		puts("ready");
		fflush(stdout);
	}
	serve(vm);
}

static pid_t start_child(const struct vm *template, int *ready_fd)
{
	struct vm vm = *template;
	int fds[2];
	pid_t child;

	if (pipe(fds))
		die("pipe");
	child = fork();
	if (child < 0)
		die("fork");
	if (!child) {
		if (!freopen("/dev/null", "r", stdin))
			die("/dev/null");
		close(fds[0]);
		run(&vm, fds[1]);
	}
	close(fds[1]);
	*ready_fd = fds[0];
	return child;
}

/*
 * Each in a process of its own, killed as an operator would; every fourth
 * wherever it is by then, the others once their guest runs.
 */
static void churn(const struct vm *template, unsigned int times, unsigned int hold)
{
	unsigned int i, alive = 0;
	int ready_fd;
	pid_t child;
	char byte;

	for (i = 0; i < times; i++) {
		child = start_child(template, &ready_fd);
		if (i % 4 != 3)
			alive += read(ready_fd, &byte, 1) == 1;
		usleep(hold * 1000);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		close(ready_fd);
	}
	printf("churned %u, %u of them ran\n", times, alive);
	if (alive != times - times / 4)
		exit(1);
}

/* Until its guest rings */
static void run_once(const struct vm *vm)
{
	while (ioctl(vm->vcpus[0].fd, KVM_RUN, 0))
		if (errno != EINTR && errno != EAGAIN)
			die("KVM_RUN");
	check_exit(&vm->vcpus[0]);
}

static void serve_many(const struct vm *vms, unsigned int n)
{
	unsigned int i;
	char line[64];

	while (fgets(line, sizeof(line), stdin) && strcmp(line, "quit\n")) {
		if (sscanf(line, "run %u", &i) == 1 && i < n)
			run_once(&vms[i]);
		else
			puts("error not understood");
		puts("done");
		fflush(stdout);
	}
}

/* More VMs than there are VMIDs, cheaply: no thread, 32 KiB of memory each */
static void many(const struct vm *template, unsigned int n)
{
	struct vm *vms = calloc(n, sizeof(*vms));
	unsigned int i;

	if (!vms)
		die("calloc");
	for (i = 0; i < n; i++) {
		vms[i] = *template;
		vms[i].small = true;
		vms[i].nr_vcpus = 1;
		vms[i].vcpus[0].program = BELL;
		create(&vms[i]);
		close(vms[i].kvm_fd);
		run_once(&vms[i]);
		printf("vm %u %d\n", i, vms[i].fd);
	}
	puts("ready");
	fflush(stdout);
	serve_many(vms, n);
}

static unsigned int number(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 0);

	if (*end || end == text || n > 1000000) {
		fprintf(stderr, "tinyvmm: not a number: %s\n", text);
		exit(2);
	}
	return (unsigned int)n;
}

static void add_vcpu(struct vm *vm, const char *name)
{
	static const char *const names[] = {
		[SPIN] = "spin", [TTBR] = "ttbr", [TOUCH] = "touch", [WFI] = "wfi", [OFF] = "off",
		[NONE] = "none", [L2] = "l2"
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names) && (!names[i] || strcmp(name, names[i])); i++)
		;
	if (i == ARRAY_SIZE(names) || vm->nr_vcpus == MAX_VCPUS) {
		fprintf(stderr, "tinyvmm: no program %s, or too many vCPUs\n", name);
		exit(2);
	}
	vm->vcpus[vm->nr_vcpus++].program = (enum program)i;
}

static void set_granule(struct vm *vm, unsigned int kib)
{
	vm->s1.granule_shift = kib == 4 ? 12 : kib == 16 ? 14 : 16;
	if (kib != 4 && kib != 16 && kib != 64) {
		fprintf(stderr, "tinyvmm: no granule of %u KiB\n", kib);
		exit(2);
	}
}

static void set_aarch32(struct vm *vm, const char *format)
{
	vm->s1.format = strcmp(format, "long") ? SHORT_32 : LONG_32;
	vm->s1.va_bits = 32;
	if (vm->s1.format == SHORT_32 && strcmp(format, "short")) {
		fprintf(stderr, "tinyvmm: no %s descriptors\n", format);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "vcpu", 1, NULL, 'v' }, { "granule", 1, NULL, 'g' },
		{ "va-bits", 1, NULL, 'a' }, { "ipa-bits", 1, NULL, 'i' },
		{ "flux", 0, NULL, 'f' }, { "name", 1, NULL, 'n' },
		{ "churn", 1, NULL, 'c' }, { "hold", 1, NULL, 'o' },
		{ "share", 1, NULL, 's' }, { "share-readonly", 0, NULL, 'r' },
		{ "mergeable", 0, NULL, 'm' }, { "vms", 1, NULL, 'V' },
		{ "tables", 1, NULL, 't' }, { "stir", 0, NULL, 'S' },
		{ "faults", 1, NULL, 'F' }, { "dense", 0, NULL, 'd' },
		{ "big-endian", 0, NULL, 'b' }, { "aarch32", 1, NULL, 'A' },
		{ "gigantic", 0, NULL, 'G' }, { "guest-memfd", 0, NULL, 'M' },
		{ "nested", 0, NULL, 'N' },
		{ "help", 0, NULL, 'h' }, { 0 }
	};
	struct vm vm = { .ipa_bits = 40, .s1 = { .granule_shift = 12, .va_bits = 48 } };
	unsigned int times = 0, hold = 100, nr_vms = 0, faults = 0;
	int o;

	host_page = (uint64_t)sysconf(_SC_PAGESIZE);
	huge_page = host_page / sizeof(uint64_t) * host_page;
	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (o) {
		case 'v': add_vcpu(&vm, optarg); break;
		case 'g': set_granule(&vm, number(optarg)); break;
		case 'a': vm.s1.va_bits = number(optarg); break;
		case 'i': vm.ipa_bits = number(optarg); break;
		case 'f': vm.flux = true; break;
		case 'n': prctl(PR_SET_NAME, optarg); break;
		case 'c': times = number(optarg); break;
		case 'o': hold = number(optarg); break;
		case 's': vm.share = optarg; break;
		case 'r': vm.share_readonly = true; break;
		case 'm': vm.mergeable = true; break;
		case 't': vm.tables = number(optarg); break;
		case 'S': vm.stir = true; break;
		case 'd': vm.dense = true; break;
		case 'b': vm.s1.big_endian = true; break;
		case 'A': set_aarch32(&vm, optarg); break;
		case 'G': vm.gigantic = true; break;
		case 'M': vm.guest_memfd = true; break;
		case 'N': vm.el2 = true; break;
		case 'F': faults = number(optarg); break;
		case 'V': nr_vms = number(optarg); break;
		case 'h': fputs(usage, stdout); return 0;
		default: fputs(usage, stderr); return 2;
		}
	}
	if ((vm.s1.format == LONG_64 && vm.s1.va_bits < vm.ipa_bits) || vm.s1.va_bits > 48 || vm.ipa_bits < 34) {
		fputs("tinyvmm: it takes 34 <= IPA bits <= VA bits <= 48\n", stderr);
		return 2;
	}
	if (faults) {
		vm.nr_vcpus = 1;
		vm.vcpus[0].program = FAULTS;
		create(&vm);
		faults_run(&vm, faults);
		/* Whoever reads its tables need not be prepared for its end */
		for (;;)
			pause();
	}
	if (!vm.nr_vcpus)
		add_vcpu(&vm, "spin");
	if (times)
		churn(&vm, times, hold);
	else if (nr_vms)
		many(&vm, nr_vms);
	else
		run(&vm, -1);
	return 0;
}
