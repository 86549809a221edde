// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Writing a snapshot.
 *
 * Stage 2 comes as the module's stream and goes to the file as it is, straight from the buffer that
 * it was read into: segments lead to the words of the records and leave out their heads. The tables
 * of stage 1 are not looked for: the one walker walks each half over a source that keeps what it
 * reads. That source takes stage-2 words from the file, so that stage 1 is read through the very
 * tables that a reader of the snapshot will have.
 */
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "audit.h"
#include "backing.h"
#include "dl-elf.h"
#include "elfcore.h"
#include "regs.h"
#include "snapshot.h"
#include "source.h"
#include "walk.h"

/* Memory is kept by 4 KB, whatever the granule: the smallest part that a table is read in */
#define PAGE		UINT64_C(4096)
#define MEM_CHUNK	(UINT64_C(1) << 20)

/* A page that was kept, or a table of less than one */
struct page {
	uint64_t	pa;
	union {
		uint64_t	off;	/* in the file */
		const char	*words;	/* from capture.first on: in the stream's buffer */
	};
	uint32_t	len;
};

/* A page of stage-1 tables, to be compared later with what it is then */
struct s1_page {
	uint64_t	pa, ipa;
	size_t		page;		/* its number in capture.page */
};

struct capture {
	struct host	*h;
	const struct snapshot_options *opt;
	struct snapshot_info *info;
	struct elfcore	core;
	char		*reason;

	struct page	*page;
	size_t		npages, page_room;
	/* page + 1 by a hash of its PA, or 0; a power of two, never more than half full */
	uint32_t	*slot;
	size_t		nslots;
	struct elfcore_segment *memory;	/* of --memory: never where a page is */
	size_t		nmemory, memory_room;
	struct snapshot_hole *hole;	/* in this machine's byte order */
	size_t		nholes, hole_room;
	struct geometry	*half;		/* of this VM, that were walked */
	size_t		nhalves, half_room;
	struct s1_page	*s1;		/* of this VM */
	size_t		ns1, s1_room;

	/* the VM at hand */
	uint32_t	nvm;
	struct snapshot_vm *vm;
	const struct live_vm *live;
	struct live_shadow *shadow;	/* stage 2 for guests of its guest, when it was its turn */
	size_t		nshadows, first_shadow;	/* the latter in the info */
	struct source	*src;
	struct live_slot *slots;
	size_t		nslots_vm;
	int		slots_error;	/* negative errno: they could not be read, else 0 */
	size_t		first;		/* of the pages that are not yet in the file */

	char		*chunk;		/* for MEM_CHUNK bytes of guest memory */
	struct snapshot_progress progress;
	uint64_t	ia_done;	/* of total, before the VM at hand */
	int		error;		/* that ends all of it; what failed is in .reason */
};

/* ---- arrays ---------------------------------------------------------------------------------- */

/* Room for one more in an array of *@room elements of @size bytes, of which @n are used */
static int more_room(void *array, size_t n, size_t *room, size_t size)
{
	void **at = array, *more;
	size_t want = *room ? 2 * *room : 64;

	if (n < *room)
		return 0;
	more = realloc(*at, want * size);
	if (!more)
		return -ENOMEM;
	*at = more;
	*room = want;
	return 0;
}

/* What ends the whole writing is told once, by who saw it first */
static int stop(struct capture *c, const char *what, int err)
{
	if (!c->error) {
		snprintf(c->reason, SNAPSHOT_REASON, "%s: %s", what,
			 err == -ELIBACC ? dl_elf() : strerror(-err));
		c->error = err;
	}
	return c->error;
}

/* ---- pages ----------------------------------------------------------------------------------- */

static size_t hash(uint64_t pa)
{
	return (pa / PAGE) * UINT64_C(0x9e3779b97f4a7c15) >> 20;
}

/* All pages into a new table of @n slots */
static int make_slots(struct capture *c, size_t n)
{
	uint32_t *slot = calloc(n, sizeof(*slot));
	size_t i, at;

	if (!slot)
		return -ENOMEM;
	for (i = 0; i < c->npages; i++) {
		for (at = hash(c->page[i].pa) & (n - 1); slot[at]; at = (at + 1) & (n - 1))
			;
		slot[at] = i + 1;
	}
	free(c->slot);
	c->slot = slot;
	c->nslots = n;
	return 0;
}

/* The page that begins at @pa, or NULL */
static const struct page *find_page(const struct capture *c, uint64_t pa)
{
	size_t at = hash(pa) & (c->nslots - 1);

	if (!c->nslots)
		return NULL;
	for (; c->slot[at]; at = (at + 1) & (c->nslots - 1))
		if (c->page[c->slot[at] - 1].pa == pa)
			return &c->page[c->slot[at] - 1];
	return NULL;
}

static int add_page(struct capture *c, const struct page *page)
{
	size_t at;

	if (c->npages >= UINT32_MAX - 1)
		return -EFBIG;
	if (more_room(&c->page, c->npages, &c->page_room, sizeof(*c->page)))
		return -ENOMEM;
	if (2 * (c->npages + 1) > c->nslots &&
	    make_slots(c, c->nslots ? 2 * c->nslots : 1024))
		return -ENOMEM;
	for (at = hash(page->pa) & (c->nslots - 1); c->slot[at]; at = (at + 1) & (c->nslots - 1))
		;
	c->page[c->npages++] = *page;
	c->slot[at] = c->npages;
	return 0;
}

static int add_hole(struct capture *c, const struct snapshot_hole *h)
{
	if (more_room(&c->hole, c->nholes, &c->hole_room, sizeof(*c->hole)))
		return stop(c, "memory", -ENOMEM);
	c->hole[c->nholes++] = *h;
	return 0;
}

static int tell_progress(struct capture *c)
{
	int ret;

	if (!c->opt->progress)
		return 0;
	c->progress.bytes = c->core.end;
	ret = c->opt->progress(c->opt->arg, &c->progress);
	return ret ? stop(c, "not written", ret) : 0;
}

/* ---- the stream of stage 2 ------------------------------------------------------------------- */

/* What of the VM's memory lies below @ia, for the progress */
static uint64_t memory_below(const struct capture *c, uint64_t ia)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < c->nslots_vm; i++)
		if (ia > c->slots[i].ipa)
			sum += ia - c->slots[i].ipa < c->slots[i].size ? ia - c->slots[i].ipa
									: c->slots[i].size;
	return sum;
}

/* The records as they are; now the place of their words is known */
static int flush_records(void *arg, const void *buf, size_t len)
{
	struct capture *c = arg;
	uint64_t off;
	int ret = elfcore_append(&c->core, buf, len, sizeof(uint64_t), &off);

	if (ret)
		return stop(c, "writing", ret);
	for (; c->first < c->npages; c->first++)
		c->page[c->first].off = off + (c->page[c->first].words - (const char *)buf);
	return tell_progress(c);
}

/* The page of a table that has been kept already, maybe of another VM: it must be the same still */
static int same_page(struct capture *c, const struct page *p, const void *words, uint32_t len)
{
	const void *was = (size_t)(p - c->page) >= c->first ? p->words
			: elfcore_at(&c->core, p->off, p->len);

	if (!was)
		return stop(c, "reading back", -ENOMEM);
	if (p->len != len || memcmp(was, words, len))
		c->vm->stream.changed = true;
	return 0;
}

static int take_words(struct capture *c, uint64_t pa, const char *words, uint32_t len)
{
	const struct page *p = find_page(c, pa), new = { .pa = pa, .words = words, .len = len };
	int ret;

	if (p)
		return same_page(c, p, words, len);
	ret = add_page(c, &new);
	return ret ? stop(c, "memory", ret) : 0;
}

/* The input addresses that a table at @level answers for */
static uint64_t table_span(const struct live_vm *vm, int level)
{
	unsigned int granule = vm->granule_shift;
	unsigned int shift = granule + (unsigned int)(4 - level) * (granule - 3);

	return granule < 12 || granule > 16 || level < -1 || level > 3 || shift > 63
		       ? UINT64_MAX : (UINT64_C(1) << shift) - 1;
}

/* How many bytes it had the record does not say: a granule, or a root of less */
static int missing_table(struct capture *c, const struct mmuscope_record *rec)
{
	bool known = c->live->granule_shift >= 12 && c->live->granule_shift <= 16;
	uint64_t size = known ? UINT64_C(1) << c->live->granule_shift : PAGE, done;
	struct snapshot_hole h = {
		.pa = rec->pa, .size = PAGE,
		.ia = rec->ia, .ia_last = rec->ia + table_span(c->live, rec->level), .vm = c->nvm,
		.error = rec->type == MMUSCOPE_REC_GONE ? EAGAIN : EIO, .stage = 2,
		.level = rec->level,
	};
	int ret = 0;

	if (h.ia_last < h.ia)
		h.ia_last = UINT64_MAX;
	for (done = 0; !ret && done < size; done += PAGE, h.pa += PAGE)
		ret = add_hole(c, &h);
	return ret;
}

static int take_record(void *arg, const struct mmuscope_record *rec, const void *words)
{
	struct capture *c = arg;
	uint64_t len = rec->nwords * UINT64_C(8), done, n;
	int ret = 0;

	if (rec->pa % PAGE || rec->pa + len < rec->pa)
		return -EPROTO;
	if (rec->type != MMUSCOPE_REC_TABLE)
		return missing_table(c, rec);
	for (done = 0; !ret && done < len; done += n) {
		n = len - done < PAGE ? len - done : PAGE;
		ret = take_words(c, rec->pa + done, (const char *)words + done, (uint32_t)n);
	}
	c->progress.done = c->ia_done + memory_below(c, rec->ia);
	return ret;
}

/* ---- a source that keeps what it reads ------------------------------------------------------- */

struct keeper {
	struct source	source;
	struct capture	*c;
};

/* What could not be read must be so for a reader too */
static int missing_page(struct capture *c, const struct table_ref *ref, int err)
{
	struct snapshot_hole h = {
		.pa = ref->pa.v & ~(PAGE - 1), .size = PAGE, .ia = ref->ia, .ia_last = ref->ia,
		.vm = c->nvm, .error = -err, .stage = 1, .level = ref->level,
	};

	c->vm->s1_unreadable++;
	return add_hole(c, &h);
}

static int keep_page(struct capture *c, const struct table_ref *ref)
{
	uint64_t pa = ref->pa.v & ~(PAGE - 1);
	struct ipa from = ipa(ref->ipa.v & ~(PAGE - 1));
	char bytes[PAGE];
	struct page page = { .pa = pa, .len = sizeof(bytes) };
	int ret;

	ret = c->src->ops->read_mem(c->src, (struct pa){ pa }, &from, bytes, sizeof(bytes));
	if (ret)
		return missing_page(c, ref, ret) ? c->error : ret;
	ret = elfcore_append(&c->core, bytes, sizeof(bytes), PAGE, &page.off);
	if (ret)
		return stop(c, "writing", ret);
	if (more_room(&c->s1, c->ns1, &c->s1_room, sizeof(*c->s1)) ||
	    add_page(c, &page))
		return stop(c, "memory", -ENOMEM);
	c->s1[c->ns1++] = (struct s1_page){ pa, from.v, c->npages - 1 };
	c->vm->s1_pages++;
	return 0;
}

/* An unreadable or vanished table of stage 2: what the stream said of it */
static int missing_error(const struct capture *c, const struct table_ref *ref)
{
	size_t i;

	for (i = 0; i < c->nholes; i++)
		if (c->hole[i].vm == c->nvm && c->hole[i].stage == 2 &&
		    ref->pa.v - c->hole[i].pa < c->hole[i].size && ref->ia >= c->hole[i].ia &&
		    ref->ia <= c->hole[i].ia_last)
			return -(int)c->hole[i].error;
	return 0;
}

static int keeper_read(struct source *source, const struct table_ref *ref, void *buf, size_t len)
{
	struct capture *c = ((struct keeper *)source)->c;
	uint64_t at = ref->pa.v % PAGE;
	const struct page *p;
	const char *bytes;
	int ret = ref->stage == 2 ? missing_error(c, ref) : 0;

	if (ret)
		return ret;
	p = find_page(c, ref->pa.v - at);
	if (!p && ref->stage == 1) {
		ret = ref->has_ipa ? keep_page(c, ref) : -ENXIO;
		if (ret)
			return ret;
		p = find_page(c, ref->pa.v - at);
	}
	/* the walker reads parts of a table that lie in one page */
	if (!p || at >= p->len || len > p->len - at)
		return -ENXIO;
	bytes = elfcore_at(&c->core, p->off, p->len);
	if (!bytes)
		return stop(c, "reading back", -ENOMEM);
	memcpy(buf, bytes + at, len);
	return 0;
}

static const struct source_ops keeper_ops = { .read_table = keeper_read };

/* ---- stage 1 --------------------------------------------------------------------------------- */

static bool same_tables(const struct geometry *a, const struct geometry *b)
{
	return a->root == b->root && a->format == b->format && a->granule == b->granule &&
	       a->ia_bits == b->ia_bits && a->oa_bits == b->oa_bits && a->ds == b->ds &&
	       a->start_level == b->start_level && a->root_skl == b->root_skl &&
	       a->big_endian == b->big_endian && a->upper == b->upper;
}

/* vCPUs share the kernel's half, and often both */
static bool was_walked(const struct capture *c, const struct geometry *g)
{
	size_t i;

	for (i = 0; i < c->nhalves; i++)
		if (same_tables(&c->half[i], g))
			return true;
	return false;
}

static int on_table(void *arg, const struct visit *v)
{
	struct capture *c = arg;

	(void)v;
	return c->error ? c->error : tell_progress(c);
}

static int walk_half(struct capture *c, const struct mmu *mmu, int half)
{
	const struct walk_visitor visitor = {
		.events = VISIT_TABLE_PRE | VISIT_UNREADABLE, .visit = on_table, .arg = c,
		.max_tables = c->opt->max_tables,
	};
	struct walk_stats stats = { 0 };
	uint64_t first, last;
	int ret;

	if (walk_bounds(mmu, 1, half, &first, &last) || was_walked(c, &mmu->s1[half].geo))
		return 0;
	if (more_room(&c->half, c->nhalves, &c->half_room, sizeof(*c->half)))
		return stop(c, "memory", -ENOMEM);
	c->half[c->nhalves++] = mmu->s1[half].geo;
	ret = walk_range(mmu, 1, first, last, &visitor, &stats);
	c->vm->s1_limited |= stats.limited;
	return ret;
}

/* What the registers lead to; registers that lead nowhere (a vCPU in reset) are no trouble */
static int walk_vcpu(struct capture *c, const char *text, size_t len)
{
	struct keeper keeper = { .source.ops = &keeper_ops, .c = c };
	struct regs_parser parser = { 0 };
	const char *reason;
	struct regs *regs = calloc(1, sizeof(*regs));
	struct mmu mmu;
	int ret = 0;

	if (!regs)
		return stop(c, "memory", -ENOMEM);
	if (!regs_parse(regs, text, len, &parser)) {
		regs_aarch32(regs);
		if (!mmu_init(&mmu, REGIME_EL10, regs, &keeper.source, NULL, &reason)) {
			ret = walk_half(c, &mmu, 0);
			if (!ret)
				ret = walk_half(c, &mmu, 1);
		}
	}
	free(regs);
	return ret;
}

static bool has_ended(const struct snapshot_vm *vm)
{
	return vm->error == -ESTALE || vm->error == -ENOENT;
}

/* ---- text files ------------------------------------------------------------------------------ */

static int keep_text(struct capture *c, const char *path, const char *text, size_t len, int err)
{
	struct snapshot_file_note head = { .error = htole32(-err) };
	size_t path_len = strlen(path) + 1;
	char first[sizeof(head) + PATH_MAX];
	int ret;

	memcpy(first, &head, sizeof(head));
	memcpy(first + sizeof(head), path, path_len);
	ret = elfcore_note(&c->core, SNAPSHOT_OWNER, SNAPSHOT_NOTE_FILE, first,
			   sizeof(head) + path_len, text, err ? 0 : len);
	return ret ? stop(c, "notes", ret) : 0;
}

/* A file of the host, or why it cannot be read. What is not there is not in the snapshot either. */
static int keep_file(struct capture *c, const char *path)
{
	size_t len;
	int err = 0, ret;
	char *text = c->h->ops->read_file(c->h, path, &len, &err);

	if (!text && err == -ENOENT)
		return 0;
	ret = keep_text(c, path, text, len, err);
	free(text);
	return ret;
}

#define TREE	"/sys/kernel/debug/" MMUSCOPE_DIR

static int keep_host(struct capture *c)
{
	static const char *const files[] = {
		TREE "/info", TREE "/host/processes", "/proc/sys/kernel/osrelease",
		"/proc/sys/kernel/arch", "/proc/mounts", "/proc/iomem", "/proc/cmdline",
		"/sys/kernel/security/lockdown", "/proc/sys/kernel/random/boot_id",
	};
	char path[96];
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < sizeof(files) / sizeof(files[0]); i++)
		ret = keep_file(c, files[i]);
	/* each possible CPU has one, also while it is offline */
	for (i = 0; !ret; i++) {
		snprintf(path, sizeof(path), TREE "/host/cpu%u/regs", i);
		if (!c->h->ops->has_file(c->h, path))
			break;
		ret = keep_file(c, path);
	}
	return ret;
}

/* "vms" of those that are in the snapshot alone, and how many there are */
static int keep_vms(struct capture *c)
{
	struct snapshot_info *info = c->info;
	char *text, *to;
	const char *from, *line;
	size_t len, i, n;
	int err = 0, ret;

	text = live_read(c->h, &len, &err, "vms");
	if (!text)
		return stop(c, "the list of VMs", err);
	for (line = from = to = text; *line; line = from) {
		n = strcspn(line, "\n");
		from = line + n + (line[n] == '\n');
		info->host_vms++;
		for (i = 0; i < info->nvms; i++)
			if (!has_ended(&info->vm[i]) &&
			    !strncmp(line, info->vm[i].dir, strlen(info->vm[i].dir)) &&
			    line[strlen(info->vm[i].dir)] == ' ')
				break;
		if (i == info->nvms)
			continue;
		memmove(to, line, from - line);
		to += from - line;
	}
	ret = keep_text(c, TREE "/vms", text, to - text, 0);
	free(text);
	return ret;
}

/* The VM's own files. Its registers come later, each just before what they lead to. */
static int keep_vm_files(struct capture *c)
{
	char path[128];
	int ret;

	snprintf(path, sizeof(path), TREE "/vm/%s/info", c->live->dir);
	ret = keep_file(c, path);
	snprintf(path, sizeof(path), TREE "/vm/%s/slots", c->live->dir);
	if (!ret)
		ret = keep_file(c, path);
	snprintf(path, sizeof(path), TREE "/vm/%s/nested", c->live->dir);
	if (!ret)
		ret = keep_file(c, path);
	snprintf(path, sizeof(path), "/proc/%" PRIu64 "/cmdline", c->live->pid);
	if (!ret)
		ret = keep_file(c, path);
	snprintf(path, sizeof(path), "/proc/%" PRIu64 "/comm", c->live->pid);
	if (!ret)
		ret = keep_file(c, path);
	return ret;
}

/* ---- a VM ------------------------------------------------------------------------------------ */

static int take_stage2(struct capture *c)
{
	const struct stage2_sink sink = {
		.record = take_record, .flush = flush_records, .arg = c,
	};
	struct stage2_stream stream;
	bool changed;
	int ret;

	c->first = c->npages;
	ret = c->h->ops->stream_stage2(c->h, c->src, &sink, &stream);
	changed = c->vm->stream.changed;
	c->vm->stream = stream;
	c->vm->stream.changed |= changed;
	if (!ret || c->error)
		return c->error;
	/* it ended in the middle of a buffer, which is gone: with it what was not yet written */
	c->vm->error = ret;
	c->npages = c->first;
	if (c->nslots && make_slots(c, c->nslots))
		return stop(c, "memory", -ENOMEM);
	return 0;
}

/* ---- stage 2 for guests of the guest --------------------------------------------------------- */

/* Room for one more in the info, behind the VMs; which may move */
static struct snapshot_vm *add_shadow(struct capture *c)
{
	struct snapshot_vm *more = realloc(c->info->vm, (c->info->nvms + 1) * sizeof(*more));

	if (!more)
		return NULL;
	c->info->vm = more;
	c->vm = &more[c->nvm];
	more[c->info->nvms] = (struct snapshot_vm){ 0 };
	return &more[c->info->nvms++];
}

/* As a VM that has stage 2 and no more */
static int take_shadow(struct capture *c, const struct live_shadow *s)
{
	const struct live_vm *of = c->live;
	struct source *src = c->src;
	uint32_t nvm = c->nvm;
	struct live_vm as;
	int ret = 0;

	if (!add_shadow(c))
		return stop(c, "memory", -ENOMEM);
	live_shadow_as_vm(of, s, &as);
	c->live = &as;
	c->nvm = c->info->nvms - 1;
	c->vm = &c->info->vm[c->nvm];
	snprintf(c->vm->dir, sizeof(c->vm->dir), "%s", as.dir);
	c->src = c->h->ops->open_vm(c->h, &as, &c->vm->error);
	if (c->src) {
		ret = take_stage2(c);
		c->src->ops->close(c->src);
	}
	/* That the VM has ended is told of itself */
	if (has_ended(c->vm))
		c->vm->error = -ENOMEDIUM;
	c->live = of;
	c->src = src;
	c->nvm = nvm;
	c->vm = &c->info->vm[nvm];
	return ret;
}

/* What is not in the list any more is not what the file "nested" says, which was kept between the two lists */
static int compare_shadows(struct capture *c)
{
	struct live_shadow *now = NULL;
	size_t i, k, n;

	if (!c->nshadows)
		return 0;
	if (live_shadows(c->h, c->live, &now, &n))
		n = 0;
	for (i = 0; i < c->nshadows; i++) {
		for (k = 0; k < n && !live_same_shadow(&now[k], &c->shadow[i]); k++)
			;
		if (k == n)
			c->info->vm[c->first_shadow + i].error = -ENOMEDIUM;
	}
	free(now);
	return 0;
}

static int take_shadows(struct capture *c)
{
	size_t i;
	int ret = 0;

	c->first_shadow = c->info->nvms;
	/* Where the list cannot be read, the file that is kept says why */
	if (live_shadows(c->h, c->live, &c->shadow, &c->nshadows))
		c->nshadows = 0;
	for (i = 0; !ret && i < c->nshadows; i++)
		ret = take_shadow(c, &c->shadow[i]);
	return ret;
}

static int take_vcpu(struct capture *c, unsigned int vcpu)
{
	char path[128];
	size_t len = 0;
	int err = 0, ret;
	char *text = live_vcpu_regs(c->h, c->live, vcpu, &len, &err);

	snprintf(path, sizeof(path), TREE "/vm/%s/vcpu%u/regs", c->live->dir, vcpu);
	ret = keep_text(c, path, text, len, err);
	if (!text)
		c->vm->no_regs++;
	else if (live_never_ran(text))
		c->vm->never_ran++;
	else
		c->vm->vcpus++;
	if (!ret && text && !live_never_ran(text) && !c->vm->error)
		ret = walk_vcpu(c, text, len);
	free(text);
	return ret;
}

/*
 * What the VMM has behind the memory that stage 2 maps, for an audit. By the tables that were just
 * kept: what became of them since, the count of seq_now() tells.
 */
static int take_backing(struct capture *c)
{
	struct keeper keeper = { .source.ops = &keeper_ops, .c = c };
	struct regs *regs = calloc(1, sizeof(*regs));
	char path[128], *text = NULL;
	struct audit_vm *vm;
	const char *reason;
	struct audit a;
	struct mmu mmu;
	int ret;

	if (!regs)
		return stop(c, "memory", -ENOMEM);
	live_regs_of_vm(c->live, regs);
	audit_init(&a);
	a.max_tables = c->opt->max_tables;
	ret = audit_add_vm(&a, c->live, c->live->dir, &vm);
	if (!ret)
		vm->nshadows = c->nshadows;
	if (!ret)
		ret = audit_add_slots(vm, c->slots, c->nslots_vm);
	if (!ret && c->slots_error)
		ret = audit_add_unread(&a, vm, "unread-vmm", "memory slots: %s", strerror(-c->slots_error));
	if (!ret && !mmu_init(&mmu, REGIME_EL10, regs, &keeper.source, NULL, &reason))
		ret = audit_stage2(&a, vm, &mmu);
	if (!ret)
		ret = backing_of_vm(c->h, &a, vm, 0);
	if (!ret)
		text = backing_text(&a, vm);
	snprintf(path, sizeof(path), BACKING_VM_FILE, c->live->dir);
	ret = text ? keep_text(c, path, text, strlen(text), 0) :
	      ret == -ENOMEM || !ret ? stop(c, "memory", -ENOMEM) : c->error;
	free(text);
	free(regs);
	audit_free(&a);
	return ret;
}

/* Tables and modules of the host's kernel, for an audit */
static int keep_host_pages(struct capture *c)
{
	struct audit a;
	char *text = NULL;
	int ret;

	audit_init(&a);
	ret = backing_of_host(c->h, &a);
	if (!ret)
		text = backing_text(&a, NULL);
	ret = text ? keep_text(c, BACKING_HOST_FILE, text, strlen(text), 0) :
		     stop(c, "memory", -ENOMEM);
	free(text);
	audit_free(&a);
	return ret;
}

/* Does stage 1 still say what was kept of it? A guest that runs changes it as it likes. */
static int compare_stage1(struct capture *c)
{
	char bytes[PAGE];
	const void *was;
	struct ipa from;
	size_t i;

	for (i = 0; i < c->ns1; i++) {
		was = elfcore_at(&c->core, c->page[c->s1[i].page].off, PAGE);
		if (!was)
			return stop(c, "reading back", -ENOMEM);
		from = ipa(c->s1[i].ipa);
		if (c->src->ops->read_mem(c->src, (struct pa){ c->s1[i].pa }, &from, bytes,
					  sizeof(bytes)) ||
		    memcmp(was, bytes, sizeof(bytes)))
			c->vm->s1_changed++;
	}
	return 0;
}

/* KVM's count of what it took away from the VM; 0 or a negative errno */
static int read_seq(const struct capture *c, const struct live_vm *live, uint64_t *seq)
{
	size_t len;
	int err = 0;
	char *text = live_read(c->h, &len, &err, "vm/%s/info", live->dir);

	*seq = 0;
	if (text)
		live_number(text, "invalidate_seq", seq);
	free(text);
	return err;
}

static uint64_t seq_now(struct capture *c)
{
	uint64_t seq;
	int err = read_seq(c, c->live, &seq);

	if (err == -ESTALE || err == -ENOENT)
		c->vm->error = err;
	return seq;
}

/* Pages may have gone from one VM to another between the readings of the two */
static void look_for_moves(struct capture *c, const struct live_vm *vms, size_t n)
{
	struct snapshot_vm *vm = c->info->vm;
	uint64_t seq;
	size_t i;

	for (i = 0; i < n; i++)
		vm[i].moved = read_seq(c, &vms[i], &seq) || seq != vm[i].seq;
}

static int take_tables(struct capture *c)
{
	unsigned int i;
	int ret = 0;

	c->vm->seq = seq_now(c);
	if (c->live->stage2 == STAGE2_HIDDEN)
		c->vm->error = -EOPNOTSUPP;
	else if (!has_ended(c->vm))
		ret = take_stage2(c);
	if (!ret && !c->vm->error)
		ret = take_shadows(c);
	/* Before the slots and what is behind them: that has all by then that stage 2 had */
	if (!ret && !has_ended(c->vm))
		ret = keep_vm_files(c);
	if (!ret)
		ret = compare_shadows(c);
	for (i = 0; !ret && !has_ended(c->vm) && i < c->live->vcpus; i++)
		ret = take_vcpu(c, i);
	if (!ret && c->opt->vmm && !c->vm->error)
		ret = take_backing(c);
	if (!ret && !c->vm->error)
		ret = compare_stage1(c);
	if (seq_now(c) != c->vm->seq)
		c->vm->stream.changed = true;
	return ret;
}

/* @take of one VM, with all that it needs open */
static int with_vm(struct capture *c, const struct live_vm *live, struct snapshot_vm *vm,
		   int (*take)(struct capture *c))
{
	int ret = 0;

	c->live = live;
	c->vm = vm;
	c->nvm = vm - c->info->vm;
	c->nhalves = c->ns1 = c->nshadows = 0;
	c->src = c->h->ops->open_vm(c->h, live, &vm->error);
	if (c->src) {
		c->slots_error = live_slots(c->h, live, &c->slots, &c->nslots_vm);
		ret = take(c);
		c->src->ops->close(c->src);
		c->ia_done += memory_below(c, UINT64_MAX);
		free(c->slots);
		c->slots = NULL;
		free(c->shadow);
		c->shadow = NULL;
	}
	return ret;
}

/* ---- guest memory ---------------------------------------------------------------------------- */

/* In turn: of another VM the same memory may have been read already */
static int add_memory(struct capture *c, uint64_t pa, uint64_t off, uint64_t len)
{
	struct elfcore_segment *last = c->nmemory ? &c->memory[c->nmemory - 1] : NULL;

	c->vm->memory += len;
	if (last && last->pa + last->len == pa && last->off + last->len == off) {
		last->len += len;
		return 0;
	}
	if (more_room(&c->memory, c->nmemory, &c->memory_room, sizeof(*c->memory)))
		return stop(c, "memory", -ENOMEM);
	c->memory[c->nmemory++] = (struct elfcore_segment){ pa, off, len };
	return 0;
}

static int missing_memory(struct capture *c, uint64_t pa, uint64_t ipa, int err)
{
	struct snapshot_hole *last = c->nholes ? &c->hole[c->nholes - 1] : NULL;
	const struct snapshot_hole h = {
		.pa = pa, .size = PAGE, .ia = ipa, .ia_last = ipa + (PAGE - 1), .vm = c->nvm,
		.error = -err,
	};

	c->vm->memory_unreadable += PAGE;
	if (!last || last->stage || last->vm != h.vm || last->error != h.error ||
	    last->pa + last->size != pa || last->ia_last + 1 != ipa)
		return add_hole(c, &h);
	last->size += PAGE;
	last->ia_last += PAGE;
	return 0;
}

/* Guest memory that lies in one piece; where that does not work, page by page */
static int take_memory(struct capture *c, uint64_t pa, uint64_t from, uint64_t len)
{
	const struct ipa ipa = { from };
	uint64_t off;
	int ret;

	ret = c->src->ops->read_mem(c->src, (struct pa){ pa }, &ipa, c->chunk, len);
	if (!ret) {
		ret = elfcore_append(&c->core, c->chunk, len, PAGE, &off);
		if (ret)
			return stop(c, "writing", ret);
		return add_memory(c, pa, off, len);
	}
	if (len == PAGE)
		return missing_memory(c, pa, from, ret);
	for (ret = 0; !ret && len; pa += PAGE, from += PAGE, len -= PAGE)
		ret = take_memory(c, pa, from, PAGE);
	return ret;
}

/* A run of leaves, without the pages that are in the file as tables */
static int on_leaf(void *arg, const struct visit *v)
{
	struct capture *c = arg;
	uint64_t done, n;
	int ret = 0;

	for (done = 0; !ret && done < v->size; done += n) {
		for (n = 0; n < MEM_CHUNK && n < v->size - done; n += PAGE)
			if (find_page(c, v->leaf.oa + done + n))
				break;
		if (n)
			ret = take_memory(c, v->leaf.oa + done, v->ia + done, n);
		else
			n = PAGE;
		c->progress.done = c->ia_done + memory_below(c, v->ia + done);
		if (!ret)
			ret = tell_progress(c);
	}
	return ret;
}

static int take_all_memory(struct capture *c)
{
	struct keeper keeper = { .source.ops = &keeper_ops, .c = c };
	const struct walk_visitor visitor = {
		.events = VISIT_LEAF, .visit = on_leaf, .arg = c, .runs = true,
		.max_tables = c->opt->max_tables,
	};
	const char *reason;
	uint64_t first, last;
	struct regs *regs = calloc(1, sizeof(*regs));
	struct mmu mmu;
	int ret = 0;

	if (!regs)
		return stop(c, "memory", -ENOMEM);
	live_regs_of_vm(c->live, regs);
	if (!mmu_init(&mmu, REGIME_EL10, regs, &keeper.source, NULL, &reason) &&
	    !walk_bounds(&mmu, 2, 0, &first, &last))
		ret = walk_range(&mmu, 2, first, last, &visitor, NULL);
	free(regs);
	return ret;
}

/* ---- the file -------------------------------------------------------------------------------- */

static int by_pa(const void *a, const void *b)
{
	const struct elfcore_segment *x = a, *y = b;

	if (x->pa != y->pa)
		return x->pa < y->pa ? -1 : 1;
	return x->len > y->len ? -1 : x->len < y->len;
}

/*
 * Sorted, in as few pieces as memory and file have in common, and none over another: what two VMs
 * share is in the file twice and in the headers once. Returns how many remain.
 */
static size_t join_segments(struct elfcore_segment *seg, size_t n)
{
	struct elfcore_segment s, *last = NULL;
	uint64_t over;
	size_t i, kept = 0;

	if (n)
		qsort(seg, n, sizeof(*seg), by_pa);
	for (i = 0; i < n; i++) {
		s = seg[i];
		over = last && s.pa < last->pa + last->len ? last->pa + last->len - s.pa : 0;
		if (over >= s.len)
			continue;
		s = (struct elfcore_segment){ s.pa + over, s.off + over, s.len - over };
		if (last && last->pa + last->len == s.pa && last->off + last->len == s.off) {
			last->len += s.len;
		} else {
			last = &seg[kept++];
			*last = s;
		}
	}
	return kept;
}

static int hole_order(const void *a, const void *b)
{
	const struct snapshot_hole *x = a, *y = b;

	if (x->stage != y->stage)
		return x->stage < y->stage ? -1 : 1;
	if (x->pa != y->pa)
		return x->pa < y->pa ? -1 : 1;
	return x->ia < y->ia ? -1 : x->ia > y->ia;
}

/* Sorted; but for tables of stage 2, which are missing for an input address, none over another */
static size_t join_holes(struct snapshot_hole *hole, size_t n)
{
	struct snapshot_hole h, *last;
	uint64_t over;
	size_t i, kept = 0;

	if (n)
		qsort(hole, n, sizeof(*hole), hole_order);
	for (i = 0; i < n; i++) {
		h = hole[i];
		last = kept ? &hole[kept - 1] : NULL;
		over = h.stage != 2 && last && last->stage == h.stage &&
		       h.pa - last->pa < last->size ? last->size - (h.pa - last->pa) : 0;
		if (over >= h.size)
			continue;
		h.pa += over;
		h.ia += over;
		h.size -= over;
		hole[kept++] = h;
	}
	return kept;
}

static int keep_holes(struct capture *c)
{
	struct snapshot_hole *h;
	size_t i;

	c->nholes = join_holes(c->hole, c->nholes);
	for (i = 0; i < c->nholes; i++) {
		h = &c->hole[i];
		h->pa = htole64(h->pa);
		h->size = htole64(h->size);
		h->ia = htole64(h->ia);
		h->ia_last = htole64(h->ia_last);
		h->vm = htole32(h->vm);
		h->error = htole32(h->error);
	}
	if (!c->nholes)
		return 0;
	return elfcore_note(&c->core, SNAPSHOT_OWNER, SNAPSHOT_NOTE_HOLES, c->hole,
			    c->nholes * sizeof(*c->hole), NULL, 0);
}

static int keep_info(struct capture *c)
{
	char *text = snapshot_info_text(c->info);
	int ret = -ENOMEM;

	if (text)
		ret = elfcore_note(&c->core, SNAPSHOT_OWNER, SNAPSHOT_NOTE_INFO, text, strlen(text),
				   NULL, 0);
	free(text);
	return ret;
}

static void time_now(char *to)
{
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(to, SNAPSHOT_TIME, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static int finish(struct capture *c)
{
	size_t n = c->npages + c->nmemory, i;
	struct elfcore_segment *seg = calloc(n + 1, sizeof(*seg));
	int ret;

	if (!seg)
		return stop(c, "memory", -ENOMEM);
	for (i = 0; i < c->npages; i++)
		seg[i] = (struct elfcore_segment){
			c->page[i].pa, c->page[i].off, c->page[i].len
		};
	if (c->nmemory)
		memcpy(seg + c->npages, c->memory, c->nmemory * sizeof(*seg));
	n = join_segments(seg, n);
	time_now(c->info->ended);
	ret = keep_info(c);
	if (!ret)
		ret = keep_holes(c);
	if (!ret)
		ret = elfcore_commit(&c->core, seg, n);
	free(seg);
	return ret ? stop(c, "writing", ret) : 0;
}

static uint64_t all_slots(struct capture *c, const struct live_vm *vms, size_t n)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		live_slots(c->h, &vms[i], &c->slots, &c->nslots_vm);
		sum += memory_below(c, UINT64_MAX);
		free(c->slots);
	}
	c->slots = NULL;
	c->nslots_vm = 0;
	return sum;
}

/* All tables first: they shall be of one time, and memory leaves out what is a table */
static int capture(struct capture *c, const struct live_vm *vms, size_t n)
{
	size_t i, ended = 0;
	int ret = keep_host(c);

	if (!ret && c->opt->vmm)
		ret = keep_host_pages(c);
	for (i = 0; !ret && i < n; i++) {
		snprintf(c->info->vm[i].dir, sizeof(c->info->vm[i].dir), "%s", vms[i].dir);
		ret = with_vm(c, &vms[i], &c->info->vm[i], take_tables);
		ended += has_ended(&c->info->vm[i]);
	}
	look_for_moves(c, vms, n);
	if (!ret && n && ended == n)
		return stop(c, n == 1 ? "the VM" : "the VMs", -ESTALE);
	for (i = 0; !ret && c->opt->memory && i < n; i++)
		if (!c->info->vm[i].error)
			ret = with_vm(c, &vms[i], &c->info->vm[i], take_all_memory);
	if (!ret)
		ret = keep_vms(c);
	return ret ? ret : finish(c);
}

static void drop(struct capture *c)
{
	elfcore_drop(&c->core);
	free(c->page);
	free(c->slot);
	free(c->memory);
	free(c->hole);
	free(c->half);
	free(c->s1);
	free(c->chunk);
	free(c);
}

int snapshot_write(const char *file, struct host *h, const struct live_vm *vms, size_t n,
		   const struct snapshot_options *opt, struct snapshot_info *info, char *reason)
{
	struct capture *c = calloc(1, sizeof(*c));
	int ret;

	*info = (struct snapshot_info){ .memory = opt->memory, .nvms = n };
	snprintf(info->program, sizeof(info->program), "%s", opt->program);
	info->vm = calloc(n + 1, sizeof(*info->vm));
	if (!c || !info->vm) {
		snprintf(reason, SNAPSHOT_REASON, "%s", strerror(ENOMEM));
		free(c);
		return -ENOMEM;
	}
	c->h = h;
	c->opt = opt;
	c->info = info;
	c->reason = reason;
	c->core.fd = -1;
	time_now(info->begun);
	c->progress.total = all_slots(c, vms, n) * (opt->memory ? 2 : 1);
	c->chunk = opt->memory ? malloc(MEM_CHUNK) : NULL;
	if (opt->memory && !c->chunk)
		ret = stop(c, "memory", -ENOMEM);
	else
		ret = elfcore_create(&c->core, file);
	if (ret)
		stop(c, "creating it", ret);
	else
		ret = capture(c, vms, n);
	ret = c->error ? c->error : ret;
	if (ret && !c->error)
		stop(c, "capturing", ret);
	drop(c);
	return ret;
}
