// SPDX-License-Identifier: GPL-2.0-only
/* Random system calls, and what may never come of them. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <uapi/mmuscope.h>
#include <unistd.h>

#include "abuse.h"

#define MAX_WORKERS	8
#define MAX_THREADS	8
#define SHARED_FDS	12	/* of all threads of a process */
#define OWN_FDS		4
#define BUFFER		(192 * 1024)	/* more than the largest record */
#define CANARY		0xa5
#define MAX_RANGES	16
#define MIN_CALLS	20		/* of all processes, before one of them is killed */
#define MORE_SECONDS	30		/* at most, to make them */

enum call { OPEN, CLOSE, READ, PREAD, READV, SEEK, WRITE, IOCTL, MMAP, SPLICE, SENDFILE, COPY, POLL, OTHER, NAMES, CALLS };

static const char *const names[CALLS] = {
	"open", "close", "read", "pread", "readv", "lseek", "write", "ioctl", "mmap", "splice",
	"sendfile", "copy_file_range", "poll", "other", "names",
};

/* How often each call is made, out of their sum */
static const unsigned char weights[CALLS] = {
	[OPEN] = 20, [CLOSE] = 8, [READ] = 20, [PREAD] = 16, [READV] = 4, [SEEK] = 12, [WRITE] = 3,
	[IOCTL] = 3, [MMAP] = 2, [SPLICE] = 3, [SENDFILE] = 3, [COPY] = 2, [POLL] = 2, [OTHER] = 6,
	[NAMES] = 1,
};

/* In memory that the processes have in common */
struct counts {
	uint64_t calls[CALLS], ok[CALLS], bytes;
	uint64_t wrong;
};

static struct counts *counts;
static const struct fuzz *options;

/* A file, and what is known of it where one thread alone has it */
struct held {
	int fd;
	char path[MAX_PATH];
	unsigned int nr_ranges;		/* of "mem": the VM's slots */
	uint64_t range[MAX_RANGES][2];
};

struct thread {
	uint64_t random;
	struct tree tree;
	unsigned int opens;
	struct held own[OWN_FDS];
	unsigned char *buffer;		/* BUFFER bytes, and nothing behind them */
	int pipe[2], null, memory;
};

static int shared[SHARED_FDS];
static pthread_mutex_t tree_lock = PTHREAD_MUTEX_INITIALIZER;

static uint64_t rnd(struct thread *t)
{
	/* xorshift64* */
	t->random ^= t->random >> 12;
	t->random ^= t->random << 25;
	t->random ^= t->random >> 27;
	return t->random * 2685821657736338717ULL;
}

static unsigned int below(struct thread *t, unsigned int n)
{
	return (unsigned int)((rnd(t) >> 32) % n);
}

static void wrong(const char *path, const char *what, int64_t value)
{
	__atomic_add_fetch(&counts->wrong, 1, __ATOMIC_RELAXED);
	printf("WRONG %s: %s (%#llx)\n", path, what, (unsigned long long)value);
	fflush(stdout);
}

static int64_t count(enum call call, int64_t ret)
{
	__atomic_add_fetch(&counts->calls[call], 1, __ATOMIC_RELAXED);
	if (ret >= 0)
		__atomic_add_fetch(&counts->ok[call], 1, __ATOMIC_RELAXED);
	return ret;
}

/*
 * Arguments
 */
static uint64_t some_position(struct thread *t)
{
	static const uint64_t edges[] = {
		0, 1, 0x1000, 0x40000000, 0x40004000, 0x80000000, 0x90000000, 0xc0000000, 1ULL << 39,
		1ULL << 40, 1ULL << 47, 1ULL << 48, 1ULL << 52, 1ULL << 62, 1ULL << 63, ~0ULL,
		0xffff000000000000, 0xffff800080000000, 0xfff0000000000000, MMUSCOPE_USER_POS(1, 0),
	};
	uint64_t at = edges[below(t, ARRAY_SIZE(edges))];

	switch (below(t, 6)) {
	case 0:
		return rnd(t);
	case 1:
		return rnd(t) >> below(t, 64);
	case 2:
		return at + rnd(t) % 0x400000;
	case 3:
		return at - rnd(t) % 0x2000;
	case 4:
		return MMUSCOPE_USER_POS(below(t, 400), rnd(t) >> 16);
	default:
		return at;
	}
}

static size_t some_length(struct thread *t)
{
	static const size_t edges[] = {
		0, 1, 8, sizeof(struct mmuscope_at), sizeof(struct mmuscope_record),
		sizeof(struct mmuscope_path), 4096, 16384, 65536, MMUSCOPE_RECORD_MAX, BUFFER,
		0x7fffffff, SIZE_MAX,
	};
	size_t at = edges[below(t, ARRAY_SIZE(edges))];

	switch (below(t, 4)) {
	case 0:
		return at + below(t, 3) - 1;
	case 1:
		return below(t, BUFFER);
	default:
		return at;
	}
}

/* *length may be cut: what is asked then lies all in the buffer, and true is returned */
static bool some_buffer(struct thread *t, void **to, size_t *length)
{
	static const char constant[4096] = { 1 };

	switch (below(t, 12)) {
	case 0:
		*to = NULL;
		return false;
	case 1:
		*to = (void *)0xffff000000001000;
		return false;
	case 2:
		/* Not in the user's half, where something of ours might lie */
		*to = (void *)(uintptr_t)(rnd(t) | 1ULL << 55);
		return false;
	case 3:
		*to = (void *)(uintptr_t)constant;
		return false;
	case 4:
		/* Its end is the end of what is mapped */
		*to = t->buffer + BUFFER - below(t, 9000);
		return false;
	}
	if (*length > BUFFER)
		*length = BUFFER;
	*to = t->buffer;
	memset(t->buffer, CANARY, *length);
	return true;
}

/*
 * What a file may never do
 */
static bool is(const struct held *h, const char *name)
{
	const char *last = strrchr(h->path, '/');

	return last && !strcmp(last + 1, name);
}

/* Numbers in text files that are no register files: user addresses, sizes, counters */
static void check_text(const struct held *h, const unsigned char *text, int64_t bytes)
{
	int64_t i, digits;

	for (i = 0; i + 6 < bytes; i++) {
		if (memcmp(text + i, "0xffff", 6))
			continue;
		for (digits = 2; i + digits < bytes && strchr("0123456789abcdef", text[i + digits]); digits++)
			if (!text[i + digits])
				break;
		if (digits >= 18)
			wrong(h->path, "a kernel pointer", i);
	}
}

static void check_records(const struct held *h, const unsigned char *at, int64_t bytes)
{
	struct mmuscope_record rec;

	while (bytes > 0) {
		if (bytes < (int64_t)sizeof(rec)) {
			wrong(h->path, "part of a record", bytes);
			return;
		}
		memcpy(&rec, at, sizeof(rec));
		if (rec.type < MMUSCOPE_REC_TABLE || rec.type > MMUSCOPE_REC_END || rec.nwords > 8192 ||
		    (rec.nwords && rec.type != MMUSCOPE_REC_TABLE)) {
			wrong(h->path, "not a record", rec.type);
			return;
		}
		at += sizeof(rec) + rec.nwords * 8;
		bytes -= (int64_t)(sizeof(rec) + rec.nwords * 8);
	}
	if (bytes)
		wrong(h->path, "part of a table", bytes);
}

static bool in_slot(const struct held *h, uint64_t ipa)
{
	unsigned int i;

	for (i = 0; i < h->nr_ranges; i++)
		if (ipa >= h->range[i][0] && ipa - h->range[i][0] < h->range[i][1])
			return true;
	return false;
}

/* Of one thread's own file, read into the buffer; @pos as it was before */
static void check_read(const struct thread *t, const struct held *h, size_t length, int64_t ret, uint64_t pos)
{
	const struct mmuscope_path *path = (const void *)t->buffer;
	size_t i;

	if (ret < 0)
		return;
	if ((size_t)ret > length)
		wrong(h->path, "more than was asked for", ret);
	for (i = (size_t)ret; i < length; i++) {
		if (t->buffer[i] != CANARY) {
			wrong(h->path, "it wrote behind what it says it read", (int64_t)i);
			break;
		}
	}
	if (is(h, "stage2"))
		check_records(h, t->buffer, ret);
	else if (is(h, "path") || is(h, "kernel") || is(h, "user")) {
		if (ret != (int64_t)sizeof(*path) || !path->nsteps || path->nsteps > MMUSCOPE_STEPS)
			wrong(h->path, "not a walk", ret);
	} else if (is(h, "mem")) {
		if (ret && h->nr_ranges && (!in_slot(h, pos) || !in_slot(h, pos + (uint64_t)ret - 1)))
			wrong(h->path, "memory of no slot", (int64_t)pos);
	} else if (is(h, "info") || is(h, "locks") || is(h, "vms") || is(h, "slots") || is(h, "processes")) {
		check_text(h, t->buffer, ret);
	}
}

/*
 * Calls
 */
static void read_slots(struct held *h)
{
	char path[MAX_PATH], line[256];
	unsigned long long ipa, size;
	FILE *f;

	h->nr_ranges = 0;
	snprintf(path, sizeof(path), "%.*s/slots", (int)(strrchr(h->path, '/') - h->path), h->path);
	f = fopen(path, "re");
	if (!f)
		return;
	while (h->nr_ranges < MAX_RANGES && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "slot %*d %*u %llx %llx", &ipa, &size) != 2)
			continue;
		h->range[h->nr_ranges][0] = ipa;
		h->range[h->nr_ranges++][1] = size;
	}
	/* A list that is not all of it says nothing */
	if (h->nr_ranges == MAX_RANGES || ferror(f))
		h->nr_ranges = 0;
	fclose(f);
}

static int some_flags(struct thread *t)
{
	static const int flags[] = {
		O_RDONLY, O_RDONLY, O_RDONLY, O_RDONLY, O_RDWR, O_WRONLY, O_RDONLY | O_NONBLOCK,
		O_RDONLY | O_DIRECT, O_PATH, O_RDONLY | O_TRUNC, O_RDWR | O_APPEND, O_RDONLY | O_CREAT,
		O_RDONLY | O_NOATIME, O_RDONLY | O_SYNC,
	};

	return flags[below(t, ARRAY_SIZE(flags))] | O_CLOEXEC;
}

static void do_open(struct thread *t)
{
	struct held *own = &t->own[below(t, OWN_FDS)];
	int at = below(t, SHARED_FDS), fd;
	const char *path;

	if (t->opens++ % 100 == 0 || !t->tree.n) {
		/* "vms" makes the directories agree with the VMs that there are */
		char vms[MAX_PATH];

		snprintf(vms, sizeof(vms), "%s/vms", options->dir);
		fd = open(vms, O_RDONLY | O_CLOEXEC);
		if (fd >= 0)
			close(fd);
		pthread_mutex_lock(&tree_lock);
		tree_read(&t->tree, options->dir);
		pthread_mutex_unlock(&tree_lock);
		if (!t->tree.n) {
			usleep(10000);	/* the module is not there now */
			return;
		}
	}
	path = t->tree.path[below(t, t->tree.n)];
	fd = open(path, some_flags(t), 0400);
	count(OPEN, fd);
	if (fd < 0)
		return;
	if (below(t, 2)) {
		/* Whoever uses what was there meets a closed file, or this one */
		fd = __atomic_exchange_n(&shared[at], fd, __ATOMIC_RELAXED);
		if (fd >= 0)
			close(fd);
		return;
	}
	if (own->fd >= 0)
		close(own->fd);
	own->fd = fd;
	strcpy(own->path, path);
	if (is(own, "mem"))
		read_slots(own);
}

static void do_close(struct thread *t)
{
	int at = below(t, SHARED_FDS);
	int fd = __atomic_exchange_n(&shared[at], -1, __ATOMIC_RELAXED);

	if (fd >= 0)
		count(CLOSE, close(fd));
}

static void do_read(struct thread *t, struct held *h, enum call call, int fd)
{
	size_t length = some_length(t);
	uint64_t pos = some_position(t);
	struct iovec iov[2];
	int64_t ret;
	bool whole;
	void *to;

	whole = some_buffer(t, &to, &length);
	if (call == READ) {
		pos = (uint64_t)lseek(fd, 0, SEEK_CUR);
		ret = count(call, read(fd, to, length));
	} else if (call == PREAD) {
		ret = count(call, syscall(SYS_pread64, fd, to, length, pos));
	} else {
		iov[0].iov_base = to;
		iov[0].iov_len = length / 2;
		iov[1].iov_base = (char *)to + length / 2;
		iov[1].iov_len = length - length / 2;
		ret = count(call, preadv2(fd, iov, 2, (off_t)pos, (int)below(t, 32)));
		whole = false;	/* it may be two reads */
	}
	if (ret > 0)
		__atomic_add_fetch(&counts->bytes, (uint64_t)ret, __ATOMIC_RELAXED);
	if (h && whole)
		check_read(t, h, length, ret, pos);
}

static void do_write(struct thread *t, const struct held *h, int fd)
{
	int64_t ret = below(t, 2) ? write(fd, t->buffer, below(t, 8192)) :
		      pwrite(fd, t->buffer, below(t, 8192), (off_t)some_position(t));

	count(WRITE, ret);
	if (h && ret > 0)
		wrong(h->path, "it takes writes", ret);
}

static void do_mmap(struct thread *t, const struct held *h, int fd)
{
	size_t length = 4096U << below(t, 8);
	void *p = mmap(NULL, length, below(t, 2) ? PROT_READ : PROT_READ | PROT_WRITE,
		       below(t, 2) ? MAP_SHARED : MAP_PRIVATE, fd, (off_t)(some_position(t) & ~4095ULL));

	count(MMAP, p == MAP_FAILED ? -1 : 0);
	if (p == MAP_FAILED)
		return;
	if (h)
		wrong(h->path, "it can be mapped", 0);
	munmap(p, length);
}

static void drain(struct thread *t)
{
	while (read(t->pipe[0], t->buffer, BUFFER) > 0)
		;
}

static void do_other(struct thread *t, int fd)
{
	struct stat st;
	int copy;

	switch (below(t, 12)) {
	case 0:
		count(OTHER, fstat(fd, &st));
		break;
	case 1:
		count(OTHER, syscall(SYS_getdents64, fd, t->buffer, below(t, BUFFER)));
		break;
	case 2:
		count(OTHER, fcntl(fd, F_SETFL, below(t, 2) ? O_NONBLOCK : O_APPEND));
		break;
	case 3:
		count(OTHER, flock(fd, LOCK_SH | LOCK_NB));
		break;
	case 4:
		count(OTHER, fsync(fd));
		break;
	case 5:
		count(OTHER, posix_fadvise(fd, (off_t)some_position(t), (off_t)some_position(t),
					   (int)below(t, 6)));
		break;
	case 6:
		count(OTHER, readahead(fd, (off64_t)some_position(t), some_length(t)));
		break;
	case 7:
		count(OTHER, fcntl(fd, F_SETLEASE, F_RDLCK));
		break;
	case 8:
		count(OTHER, fcntl(fd, F_SETPIPE_SZ, 4096));
		break;
	case 9:
		count(OTHER, fallocate(fd, 0, 0, 4096));
		break;
	case 10:
		count(OTHER, ftruncate(fd, (off_t)below(t, 100)));
		break;
	default:
		copy = dup(fd);
		count(OTHER, copy);
		if (copy < 0)
			break;
		copy = __atomic_exchange_n(&shared[below(t, SHARED_FDS)], copy, __ATOMIC_RELAXED);
		if (copy >= 0)
			close(copy);
	}
}

/* The tree itself cannot be changed */
static void do_names(struct thread *t)
{
	char path[MAX_PATH + 8];
	const char *at;
	int64_t ret;

	if (!t->tree.n)
		return;
	at = t->tree.path[below(t, t->tree.n)];
	snprintf(path, sizeof(path), "%s/new", at);
	switch (below(t, 4)) {
	case 0:
		ret = unlink(at);
		break;
	case 1:
		ret = rename(at, path);
		break;
	case 2:
		ret = mkdir(path, 0700);
		break;
	default:
		ret = symlink(at, path);
	}
	count(NAMES, ret);
	if (!ret)
		wrong(at, "the tree was changed", 0);
}

static enum call some_call(struct thread *t)
{
	unsigned int i, sum = 0;

	for (i = 0; i < CALLS; i++)
		sum += weights[i];
	sum = below(t, sum);
	for (i = 0; sum >= weights[i]; i++)
		sum -= weights[i];
	return (enum call)i;
}

static void one_call(struct thread *t)
{
	enum call call = some_call(t);
	struct held *h = NULL;
	struct pollfd poll_fd;
	int64_t from;
	int fd;

	if (below(t, 3)) {
		h = &t->own[below(t, OWN_FDS)];
		fd = h->fd;
	} else {
		fd = __atomic_load_n(&shared[below(t, SHARED_FDS)], __ATOMIC_RELAXED);
	}
	if (fd < 0 && call != CLOSE && call != NAMES)
		call = OPEN;
	from = (int64_t)some_position(t);
	switch (call) {
	case OPEN:
		do_open(t);
		break;
	case CLOSE:
		do_close(t);
		break;
	case READ: case PREAD: case READV:
		do_read(t, h, call, fd);
		break;
	case SEEK:
		count(call, lseek(fd, from, (int)below(t, 6)));
		break;
	case WRITE:
		do_write(t, h, fd);
		break;
	case IOCTL:
		/* But for the generic ones, which are not the file's */
		count(call, ioctl(fd, (unsigned long)(rnd(t) | 0x8000), t->buffer));
		break;
	case MMAP:
		do_mmap(t, h, fd);
		break;
	case SPLICE:
		count(call, splice(fd, below(t, 2) ? &from : NULL, t->pipe[1], NULL, below(t, BUFFER),
				   SPLICE_F_NONBLOCK));
		drain(t);
		break;
	case SENDFILE:
		count(call, sendfile(t->null, fd, below(t, 2) ? &from : NULL, below(t, BUFFER)));
		break;
	case COPY:
		count(call, copy_file_range(fd, below(t, 2) ? &from : NULL, t->memory, NULL,
					    below(t, 8192), 0));
		if (ftruncate(t->memory, 0))
			die("ftruncate of a memfd");
		break;
	case POLL:
		poll_fd = (struct pollfd){ .fd = fd, .events = (short)rnd(t) };
		count(call, poll(&poll_fd, 1, 0));
		break;
	case OTHER:
		do_other(t, fd);
		break;
	case NAMES:
		do_names(t);
		break;
	default:
		break;
	}
}

/*
 * Processes
 */
static void *thread_main(void *arg)
{
	struct thread *t = arg;
	unsigned int i;

	t->buffer = mmap(NULL, BUFFER + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (t->buffer == MAP_FAILED || mprotect(t->buffer + BUFFER, 4096, PROT_NONE))
		die("mmap");
	if (pipe2(t->pipe, O_NONBLOCK | O_CLOEXEC))
		die("pipe");
	t->null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	t->memory = memfd_create("abuse", MFD_CLOEXEC);
	if (t->null < 0 || t->memory < 0)
		die("/dev/null or memfd_create");
	for (i = 0; i < OWN_FDS; i++)
		t->own[i].fd = -1;
	for (;;)
		one_call(t);
	return NULL;
}

static void may_fail(void)
{
	int fd = open("/proc/self/make-it-fail", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "1", 1) != 1)
		die("/proc/self/make-it-fail");
	close(fd);
}

static void worker(uint64_t seed)
{
	static struct thread threads[MAX_THREADS];
	pthread_t id;
	unsigned int i;

	for (i = 0; i < SHARED_FDS; i++)
		shared[i] = -1;
	/* A file that is closed while it is read from is no reason to die of a pipe's signal */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGIO, SIG_IGN);
	if (options->failing)
		may_fail();
	for (i = 0; i < options->threads; i++) {
		/* Zero would stay zero */
		threads[i].random = (seed + i) * 0x9e3779b97f4a7c15ULL | 1;
		errno = pthread_create(&id, NULL, thread_main, &threads[i]);
		if (errno && !options->failing)
			die("pthread_create");
	}
	for (;;)
		pause();
}

static pid_t start(uint64_t seed)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (!pid)
		worker(seed);
	return pid;
}

/* One that was not killed by us died of something that it must not die of */
static void end(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	if (options->failing)	/* out of memory it may be */
		return;
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		wrong("a process", "it died, wait status", status);
}

static uint64_t calls_made(void)
{
	uint64_t calls = 0;
	unsigned int i;

	for (i = 0; i < CALLS; i++)
		calls += __atomic_load_n(&counts->calls[i], __ATOMIC_RELAXED);
	return calls;
}

static void report(unsigned int processes)
{
	unsigned int i;

	printf("abuse: %llu calls by %u processes, %llu bytes read;", (unsigned long long)calls_made(), processes,
	       (unsigned long long)counts->bytes);
	for (i = 0; i < CALLS; i++)
		printf(" %s %llu/%llu", names[i], (unsigned long long)counts->ok[i],
		       (unsigned long long)counts->calls[i]);
	printf("\nabuse: %llu wrong\n", (unsigned long long)counts->wrong);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int fuzz(const struct fuzz *o)
{
	double until = now() + o->seconds;
	pid_t pid[MAX_WORKERS];
	unsigned int i, n = 0;
	uint64_t seed = o->seed, made;

	options = o;
	if (!o->workers || o->workers > MAX_WORKERS || !o->threads || o->threads > MAX_THREADS) {
		fprintf(stderr, "abuse: 1 to %d workers, 1 to %d threads\n", MAX_WORKERS, MAX_THREADS);
		return 2;
	}
	printf("abuse: seed %llu\n", (unsigned long long)seed);
	fflush(stdout);
	counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (counts == MAP_FAILED)
		die("mmap");
	for (i = 0; i < o->workers; i++)
		pid[i] = start(seed + 1000 * n++);
	while (now() < until) {
		made = calls_made();
		usleep(100000 + (useconds_t)(seed * (n + 1) % 400000));
		/*
		 * A process reads the names of all files before its first call. On a slow kernel that takes longer
		 * than this, and one that is killed before it made a call has tried nothing.
		 */
		while (calls_made() < made + MIN_CALLS && now() < until + MORE_SECONDS)
			usleep(50000);
		i = n % o->workers;
		end(pid[i]);
		pid[i] = start(seed + 1000 * n++);
	}
	for (i = 0; i < o->workers; i++)
		end(pid[i]);
	report(n);
	return counts->wrong != 0;
}
