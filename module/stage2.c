// SPDX-License-Identifier: GPL-2.0-only
/*
 * The walk of any tree of tables, and a VM's stage 2, its own or a shadow: its
 * tables as a stream, one walk, and the memory behind it.
 *
 * What keeps a stage-2 table while it is read (arch/arm64/kvm/mmu.c and
 * arch/arm64/kvm/hyp/pgtable.c):
 *  - unmapping frees tables at once, under the write lock of kvm->mmu_lock, so
 *    we hold the read lock;
 *  - from 6.2 on faults run in parallel under the read lock, and a table that
 *    one of them replaces by a block is freed by RCU, so we hold that too;
 *  - when the mm exits, everything is freed, and mmu->pgt cleared under the
 *    write lock before, so we look at it after each time we took the lock.
 * The lock is dropped after each table: nothing read before it was dropped is
 * followed after. Each hold starts again from the root.
 */
#include "internal.h"

#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/uaccess.h>
#include <asm/kvm_pgtable.h>

#define STRIDE			(PAGE_SHIFT - 3)
#define TABLE_WORDS		BIT(STRIDE)
#define LEAF_LEVEL		3
#define MAX_LEVELS		5	/* -1..3 */
#define HOLD_WORDS		(TABLE_WORDS + MAX_LEVELS)	/* read in one hold, at most */
#define VTCR_DS			BIT_ULL(32)	/* VTCR_EL2.DS, FEAT_LPA2 */

/* KVM makes no larger blocks than 1 GB (4K), 32 MB (16K) and 512 MB (64K) */
#define MIN_BLOCK_LEVEL		(PAGE_SHIFT == 12 ? 1 : 2)

/*
 * Trees of tables
 */

/* The input address bits below what one word of a table at @level translates */
static int level_shift(int level)
{
	return PAGE_SHIFT + (LEAF_LEVEL - level) * STRIDE;
}

/* Bit 0 clear is invalid whatever else a word says: KVM keeps notes in such words */
static bool is_table(u64 word, int level)
{
	return level < LEAF_LEVEL && (word & 3) == 3;
}

static bool is_leaf(u64 word, int level)
{
	if (level == LEAF_LEVEL)
		return (word & 3) == 3;
	return level >= MIN_BLOCK_LEVEL && (word & 3) == 1;
}

/* The address in a table or leaf descriptor: NextTableBase(), LeafBase() in Arm's pseudocode */
static u64 output_address(const struct mms_tree *tree, u64 word)
{
	u64 pa;

	if (tree->ds) {
		pa = word & GENMASK_ULL(49, PAGE_SHIFT);
		pa |= (word & GENMASK_ULL(9, 8)) << 42;
	} else {
		pa = word & GENMASK_ULL(47, PAGE_SHIFT);
		if (PAGE_SHIFT == 16)	/* FEAT_LPA; zero in 48-bit tables */
			pa |= (word & GENMASK_ULL(15, 12)) << 36;
	}
	return pa;
}

/*
 * Reads of a table go through the linear map. Only RAM is in it, and a page of
 * a protected guest may not be: then the copy says so instead of an oops.
 */
bool mms_read_words(u64 pa, void *to, size_t bytes)
{
	if (!pfn_is_map_memory(PHYS_PFN(pa)))
		return false;
	return !copy_from_kernel_nofault(to, phys_to_virt(pa), bytes);
}

static u64 index_of(const struct mms_tree *tree, u64 ia, int level)
{
	u64 i = ia >> level_shift(level);

	/* The first index is longer (concatenated tables) or shorter than a table */
	return level == tree->start ? i : i % TABLE_WORDS;
}

/*
 * One walk, down to the first word that is not a table descriptor. The caller
 * holds what protects the tables. 0, or -EINVAL for an address beyond the tree.
 */
int mms_walk(const struct mms_tree *tree, u64 ia, struct mmuscope_path *path)
{
	u64 table = tree->root;
	int level;

	path->root = tree->root;
	path->nsteps = 0;
	if (ia >> tree->ia_bits)
		return -EINVAL;
	for (level = tree->start; level <= LEAF_LEVEL; level++) {
		struct mmuscope_step *step = &path->step[path->nsteps++];

		step->level = level;
		step->pa = table + index_of(tree, ia, level) * sizeof(u64);
		if (!mms_read_words(step->pa, &step->word, sizeof(u64))) {
			step->word = 0;
			step->flags = MMUSCOPE_STEPF_UNREADABLE;
			break;
		}
		if (!is_table(step->word, level))
			break;
		table = output_address(tree, step->word);
	}
	return 0;
}

/*
 * A VM's stage 2
 */

/* One hold of kvm->mmu_lock: what a VM may have to wait for */
struct hold {
	u64 since;		/* ns */
	u64 words;		/* of tables and memory, read so far */
};

/* Of all holds since the module was loaded; each for itself, so nothing orders them */
static atomic64_t holds, hold_ns, hold_words;

static void raise(atomic64_t *max, u64 value)
{
	s64 old = atomic64_read(max);

	while ((u64)old < value && !atomic64_try_cmpxchg(max, &old, value))
		;
}

static void lock_stage2(struct kvm *kvm, struct hold *hold)
	__acquires(&kvm->mmu_lock) __acquires(RCU)
{
	read_lock(&kvm->mmu_lock);
	rcu_read_lock();
	hold->since = ktime_get_ns();
	hold->words = 0;
}

static void unlock_stage2(struct kvm *kvm, const struct hold *hold)
	__releases(RCU) __releases(&kvm->mmu_lock)
{
	u64 ns = ktime_get_ns() - hold->since;

	rcu_read_unlock();
	read_unlock(&kvm->mmu_lock);
	atomic64_inc(&holds);
	raise(&hold_ns, ns);
	raise(&hold_words, hold->words);
}

int mms_locks_show(struct seq_file *m, struct mms_file *mf)
{
	seq_printf(m, "mmu_lock_holds %llu\n", (u64)atomic64_read(&holds));
	seq_printf(m, "mmu_lock_max_ns %llu\n", (u64)atomic64_read(&hold_ns));
	seq_printf(m, "mmu_lock_max_words %llu\n", (u64)atomic64_read(&hold_words));
	seq_printf(m, "mmu_lock_words_bound %lu\n", HOLD_WORDS);
	return 0;
}

/*
 * Under lock_stage2(): the stage 2 that a file is of, or NULL. A shadow is what
 * KVM runs a guest of the guest on; which guest stage 2 it is of changes under
 * the write lock, and a file shows that one only that it was opened for.
 */
static struct kvm_s2_mmu *stage2_of(const struct mms_file *mf)
{
	struct kvm *kvm = mf->vm->kvm;
	struct mms_shadowed now = {};
	struct kvm_s2_mmu *mmu;

	if (mms_vm_ended(mf->vm))
		return NULL;
	if (!mf->node.shadow)
		return &kvm->arch.mmu;
	mmu = mms_shadow(kvm, mf->node.shadow - 1);
	if (!mmu)
		return NULL;
	mms_shadowed(mmu, &now);
	if (now.vttbr != mf->shadowed.vttbr || now.vtcr != mf->shadowed.vtcr ||
	    now.stage2 != mf->shadowed.stage2)
		return NULL;
	return mmu;
}

/* Under lock_stage2(): the tree as it is now */
static int stage2_tree(const struct mms_file *mf, struct mms_tree *tree)
{
	struct kvm_s2_mmu *mmu = stage2_of(mf);

	if (!mmu)
		return -ESTALE;
	tree->root = mmu->pgd_phys;
	tree->start = mmu->pgt->start_level;
	tree->ia_bits = mmu->pgt->ia_bits;
	tree->ds = mms_mmu_vtcr(mf->vm->kvm, mmu) & VTCR_DS;
	return 0;
}

/* At open(): -ENXIO where the shadow is not in use */
int mms_shadow_open(struct mms_file *mf)
{
	struct kvm *kvm = mf->vm->kvm;
	struct kvm_s2_mmu *mmu;
	struct hold hold;

	lock_stage2(kvm, &hold);
	mmu = mms_shadow(kvm, mf->node.shadow - 1);
	if (mmu)
		mms_shadowed(mmu, &mf->shadowed);
	unlock_stage2(kvm, &hold);
	return mmu ? 0 : -ENXIO;
}

int mms_vm_path(struct mms_file *mf, u64 ipa, void *out)
{
	struct mmuscope_path *path = out;
	struct kvm *kvm = mf->vm->kvm;
	struct mms_tree tree;
	struct hold hold;
	int ret;

	if (mms_stage2_hidden())
		return -EOPNOTSUPP;
	path->ia = ipa;
	lock_stage2(kvm, &hold);
	ret = stage2_tree(mf, &tree);
	if (!ret) {
		path->seq = kvm->mmu_invalidate_seq;
		ret = mms_walk(&tree, ipa, path);
		hold.words += path->nsteps;
	}
	unlock_stage2(kvm, &hold);
	return ret;
}

/*
 * Guest memory
 */

/* Under lock_stage2(), which keeps the page too: an MMU notifier unmaps it before it is freed */
static int copy_guest(const struct mms_file *mf, u64 ipa, void *to, size_t bytes, struct hold *hold)
{
	struct mmuscope_path path = {};
	struct mmuscope_step *last;
	struct mms_tree tree;
	int ret;

	ret = stage2_tree(mf, &tree);
	if (ret)
		return ret;
	if (mms_walk(&tree, ipa, &path))
		return -ENXIO;
	hold->words += path.nsteps;
	last = &path.step[path.nsteps - 1];
	if (last->flags & MMUSCOPE_STEPF_UNREADABLE)
		return -EIO;
	if (!is_leaf(last->word, last->level))
		return -ENXIO;
	ipa &= GENMASK_ULL(level_shift(last->level) - 1, 0);
	hold->words += DIV_ROUND_UP(bytes, sizeof(u64));
	if (!mms_read_words((output_address(&tree, last->word) &
			     GENMASK_ULL(63, level_shift(last->level))) | ipa, to, bytes))
		return -EIO;
	return 0;
}

/* A page for each hold of the lock, through a buffer: a user's page may fault, which sleeps */
ssize_t mms_vm_mem_read(struct mms_file *mf, char __user *buf, size_t count, loff_t *pos)
{
	struct kvm *kvm = mf->vm->kvm;
	size_t done = 0;
	int ret = 0;

	if (mms_stage2_hidden())
		return -EOPNOTSUPP;
	while (done < count) {
		u64 ipa = *pos;
		size_t bytes = min(count - done, PAGE_SIZE - offset_in_page(ipa));
		struct hold hold;

		lock_stage2(kvm, &hold);
		ret = copy_guest(mf, ipa, mf->buf, bytes, &hold);
		unlock_stage2(kvm, &hold);
		if (ret)
			break;
		if (copy_to_user(buf + done, mf->buf, bytes)) {
			ret = -EFAULT;
			break;
		}
		done += bytes;
		*pos += bytes;
		if (signal_pending(current))
			break;
		cond_resched();
	}
	return done ?: ret;
}

/*
 * All tables, as a stream
 *
 * The cursor keeps a copy of each table on the path to where it is. What comes
 * next is read from the copies, so that each table descriptor in a table that
 * was handed out gets exactly one record of its own. Whether it is still there
 * is read from the tables.
 */
struct cursor_level {
	u64 pa;
	u64 ia;
	u32 nwords;
	u32 next;		/* word to look at next */
	u64 *words;
};

struct mms_cursor {
	struct mms_tree tree;
	u32 roots;		/* concatenated tables */
	u32 next_root;
	int depth;		/* of the table being looked through; -1: a root is next */
	loff_t pos;
	u64 seq;		/* at the start */
	u64 generation;		/* of the memory slots, at the start */
	u64 tables;
	int error;		/* of a read: none goes on after it */
	bool started;
	bool changed;
	bool pending;		/* rec was made and not yet read */
	bool ended;		/* the END record was read */
	struct mmuscope_record rec;
	const u64 *rec_words;
	struct cursor_level level[MAX_LEVELS];
};

void mms_cursor_rewind(struct mms_cursor *c)
{
	c->next_root = 0;
	c->depth = -1;
	c->pos = 0;
	c->tables = 0;
	c->error = 0;
	c->started = false;
	c->changed = false;
	c->pending = false;
	c->ended = false;
}

void mms_cursor_free(struct mms_cursor *c)
{
	int i;

	if (!c)
		return;
	for (i = 0; i < MAX_LEVELS; i++)
		kvfree(c->level[i].words);
	kfree(c);
}

/* The geometry of a stage 2 never changes, so it is taken once */
struct mms_cursor *mms_cursor_new(const struct mms_file *mf)
{
	struct mms_cursor *c;
	struct hold hold;
	int i, ret, shift;

	if (mms_stage2_hidden())
		return ERR_PTR(-EOPNOTSUPP);
	c = kzalloc(sizeof(*c), GFP_KERNEL);
	if (!c)
		return ERR_PTR(-ENOMEM);
	lock_stage2(mf->vm->kvm, &hold);
	ret = stage2_tree(mf, &c->tree);
	unlock_stage2(mf->vm->kvm, &hold);
	for (i = 0; !ret && i <= LEAF_LEVEL - c->tree.start; i++) {
		c->level[i].words = kvmalloc(PAGE_SIZE, GFP_KERNEL);
		c->level[i].nwords = TABLE_WORDS;
		if (!c->level[i].words)
			ret = -ENOMEM;
	}
	if (ret) {
		mms_cursor_free(c);
		return ERR_PTR(ret);
	}
	shift = level_shift(c->tree.start);
	if (c->tree.ia_bits <= shift + STRIDE) {
		c->roots = 1;
		c->level[0].nwords = 1U << (c->tree.ia_bits - shift);
	} else {
		c->roots = 1U << (c->tree.ia_bits - shift - STRIDE);
	}
	mms_cursor_rewind(c);
	return c;
}

/*
 * The next table in depth-first order, by the copies; its address goes to
 * c->level[c->depth + 1]. false: there is none.
 */
static bool next_table(struct mms_cursor *c)
{
	for (; c->depth >= 0; c->depth--) {
		struct cursor_level *l = &c->level[c->depth];
		int level = c->tree.start + c->depth;

		while (l->next < l->nwords) {
			u32 i = l->next++;

			if (!is_table(l->words[i], level))
				continue;
			l[1].pa = output_address(&c->tree, l->words[i]);
			l[1].ia = l->ia + ((u64)i << level_shift(level));
			return true;
		}
	}
	if (c->next_root == c->roots)
		return false;
	c->level[0].pa = c->tree.root + (u64)c->next_root * PAGE_SIZE;
	c->level[0].ia = (u64)c->next_root << (level_shift(c->tree.start) + STRIDE);
	c->next_root++;
	return true;
}

/*
 * Under lock_stage2(): whether the live tables still lead to the one that
 * next_table() chose. The words are read again from the root down; a table is
 * read only once the one above it was seen to point at it.
 */
static bool still_there(struct mms_cursor *c, struct hold *hold)
{
	int d;

	for (d = 0; d <= c->depth; d++) {
		struct cursor_level *l = &c->level[d];
		u64 word;

		hold->words++;
		if (!mms_read_words(l->pa + (l->next - 1) * sizeof(u64), &word, sizeof(word)))
			return false;
		if (!is_table(word, c->tree.start + d) ||
		    output_address(&c->tree, word) != l[1].pa)
			return false;
	}
	return true;
}

/*
 * A slot that goes takes its pages with it (kvm_arch_flush_shadow_memslot()), and
 * mmu_invalidate_seq stays. The number moves before and after.
 */
static u64 slots_generation(struct kvm *kvm)
{
	int idx = srcu_read_lock(&kvm->srcu);
	u64 generation = kvm_memslots(kvm)->generation;

	srcu_read_unlock(&kvm->srcu, idx);
	return generation;
}

/* Make the next record: one table of words under one hold of the lock */
static int next_record(const struct mms_file *mf, struct mms_cursor *c)
{
	bool table = next_table(c), there = false, read = false;
	struct cursor_level *l = &c->level[c->depth + 1];
	struct mmuscope_record *rec = &c->rec;
	struct kvm *kvm = mf->vm->kvm;
	struct mms_tree tree;
	struct hold hold;
	u64 seq = 0;
	bool busy = false;
	int ret;

	if (!c->started)
		c->generation = slots_generation(kvm);
	lock_stage2(kvm, &hold);
	ret = stage2_tree(mf, &tree);
	if (!ret) {
		seq = kvm->mmu_invalidate_seq;
		busy = kvm->mmu_invalidate_in_progress;
		there = table && still_there(c, &hold);
		if (there) {
			read = mms_read_words(l->pa, l->words, l->nwords * sizeof(u64));
			hold.words += l->nwords;
		}
	}
	unlock_stage2(kvm, &hold);
	/* A shadow may come back, but the table that was chosen would have no record */
	c->error = ret;
	if (ret)
		return ret;

	if (!c->started)
		c->seq = seq;
	c->started = true;
	memset(rec, 0, sizeof(*rec));
	rec->seq = seq;
	c->pending = true;
	if (!table) {
		/* A change that began and has not ended has not moved the number yet */
		if (c->changed || busy || seq != c->seq ||
		    slots_generation(kvm) != c->generation)
			rec->flags = MMUSCOPE_RECF_CHANGED;
		rec->type = MMUSCOPE_REC_END;
		rec->pa = c->tables;
		rec->ia = c->seq;
		return 0;
	}
	rec->level = c->tree.start + c->depth + 1;
	rec->pa = l->pa;
	rec->ia = l->ia;
	if (c->depth < 0)
		rec->flags = MMUSCOPE_RECF_ROOT;
	if (!there) {
		rec->type = MMUSCOPE_REC_GONE;
		c->changed = true;
	} else if (!read) {
		rec->type = MMUSCOPE_REC_UNREADABLE;
	} else {
		rec->type = MMUSCOPE_REC_TABLE;
		rec->nwords = l->nwords;
		c->rec_words = l->words;
		l->next = 0;
		c->depth++;
		c->tables++;
	}
	return 0;
}

static int put_record(struct mms_cursor *c, char __user *buf, size_t words)
{
	if (copy_to_user(buf, &c->rec, sizeof(c->rec)) ||
	    copy_to_user(buf + sizeof(c->rec), c->rec_words, words))
		return -EFAULT;
	c->pending = false;
	c->ended = c->rec.type == MMUSCOPE_REC_END;
	return 0;
}

ssize_t mms_vm_stage2_read(struct mms_file *mf, char __user *buf, size_t count, loff_t *pos)
{
	struct mms_cursor *c = mf->cursor;
	size_t done = 0;
	int ret = 0;

	if (*pos != c->pos)	/* pread(2) elsewhere */
		return -EINVAL;
	while (!c->ended) {
		size_t words;

		if (!c->pending) {
			ret = c->error ?: next_record(mf, c);
			if (ret)
				break;
		}
		words = c->rec.nwords * sizeof(u64);
		if (count - done < sizeof(c->rec) + words) {
			ret = -EINVAL;
			break;
		}
		ret = put_record(c, buf + done, words);
		if (ret)
			break;
		done += sizeof(c->rec) + words;
		if (signal_pending(current))
			break;
		cond_resched();
	}
	c->pos += done;
	*pos = c->pos;
	return done ?: ret;
}

/*
 * The VM as KVM has it
 */
static unsigned int count_slots(struct kvm *kvm, struct kvm_memory_slot *to, unsigned int room,
				bool *dirty_log)
{
	struct kvm_memory_slot *slot;
	struct kvm_memslots *slots;
	unsigned int n = 0;
	int bkt, idx;

	/* SRCU keeps the slots; a writer waits for it, so they are only copied here */
	idx = srcu_read_lock(&kvm->srcu);
	/* There are two sets, which a writer swaps: the macro would take each word from another */
	slots = kvm_memslots(kvm);
	kvm_for_each_memslot(slot, bkt, slots) {
		if (slot->flags & KVM_MEM_LOG_DIRTY_PAGES)
			*dirty_log = true;
		if (n < room)
			to[n] = *slot;
		n++;
	}
	srcu_read_unlock(&kvm->srcu, idx);
	return n;
}

static int slot_cmp(const void *a, const void *b)
{
	const struct kvm_memory_slot *x = a, *y = b;

	return x->base_gfn < y->base_gfn ? -1 : x->base_gfn > y->base_gfn;
}

int mms_vm_slots_show(struct seq_file *m, struct mms_file *mf)
{
	struct kvm_memory_slot *slots = NULL;
	unsigned int i, n, room = 0;
	bool dirty_log = false;

	/* Slots may be added between the count and the copy */
	while ((n = count_slots(mf->vm->kvm, slots, room, &dirty_log)) > room) {
		kvfree(slots);
		room = n;
		slots = kvcalloc(room, sizeof(*slots), GFP_KERNEL);
		if (!slots)
			return -ENOMEM;
	}
	sort(slots, n, sizeof(*slots), slot_cmp, NULL);
	for (i = 0; i < n; i++)
		seq_printf(m, "slot %d %u 0x%llx 0x%llx 0x%x 0x%lx\n", slots[i].id, slots[i].as_id,
			   (u64)slots[i].base_gfn << PAGE_SHIFT,
			   (u64)slots[i].npages << PAGE_SHIFT,
			   slots[i].flags & ~(u32)KVM_MEMSLOT_INVALID, slots[i].userspace_addr);
	kvfree(slots);
	return 0;
}

int mms_vm_info_show(struct seq_file *m, struct mms_file *mf)
{
	struct kvm *kvm = mf->vm->kvm;
	bool hidden = mms_stage2_hidden();
	struct mms_tree tree = {};
	u64 vttbr = 0, vtcr = 0, vmid = 0, seq = 0;
	bool dirty_log = false;
	struct hold hold;
	int ret = 0;

	count_slots(kvm, NULL, 0, &dirty_log);
	if (!hidden) {
		lock_stage2(kvm, &hold);
		ret = stage2_tree(mf, &tree);
		if (!ret) {
			vttbr = mms_vttbr(&kvm->arch.mmu);
			vtcr = mms_vtcr(kvm);
			vmid = atomic64_read(&kvm->arch.mmu.vmid.id);
			seq = kvm->mmu_invalidate_seq;
		}
		unlock_stage2(kvm, &hold);
	}
	if (ret)
		return ret;

	seq_printf(m, "pid %d\nfd %d\n", mf->node.pid, mf->node.fd);
	seq_printf(m, "vcpus %d\ncreated_vcpus %d\n", atomic_read(&kvm->online_vcpus),
		   READ_ONCE(kvm->created_vcpus));
	/* Less the reference that is ours */
	seq_printf(m, "users %u\n", refcount_read(&kvm->users_count) - 1);
	seq_printf(m, "dirty_log %d\n", dirty_log);
	seq_printf(m, "stage2 %s\n", hidden ? "hidden" : "visible");
	if (hidden)	/* what the fields hold then is not what the hardware uses */
		return 0;
	seq_printf(m, "ipa_bits %d\nstart_level %d\ngranule_shift %d\n", tree.ia_bits, tree.start,
		   PAGE_SHIFT);
	seq_printf(m, "VTCR_EL2 0x%llx\nVTTBR_EL2 0x%llx\n", vtcr, vttbr);
	seq_printf(m, "vmid 0x%llx\npgd_phys 0x%llx\n", vmid, tree.root);
	seq_printf(m, "invalidate_seq 0x%llx\n", seq);
	return 0;
}

int mms_vm_nested_show(struct seq_file *m, struct mms_file *mf)
{
	struct kvm *kvm = mf->vm->kvm;
	int i;

	if (mms_stage2_hidden() || mms_shadows_unknown(kvm))
		return -EOPNOTSUPP;
	for (i = 0; i < mms_shadows(kvm); i++) {
		struct mms_shadowed s = {};
		u64 vttbr, vtcr, vmid;
		struct kvm_s2_mmu *mmu;
		int ia_bits, start;
		struct hold hold;

		lock_stage2(kvm, &hold);
		mmu = mms_shadow(kvm, i);
		if (mmu) {
			mms_shadowed(mmu, &s);
			vttbr = mms_vttbr(mmu);
			vtcr = mms_mmu_vtcr(kvm, mmu);
			vmid = atomic64_read(&mmu->vmid.id);
			ia_bits = mmu->pgt->ia_bits;
			start = mmu->pgt->start_level;
		}
		unlock_stage2(kvm, &hold);
		if (!mmu)
			continue;
		seq_printf(m, "shadow %d guest_VTTBR_EL2 0x%llx guest_VTCR_EL2 0x%llx stage2 %d ",
			   i, s.vttbr, s.vtcr, s.stage2);
		seq_printf(m, "VTTBR_EL2 0x%llx VTCR_EL2 0x%llx vmid 0x%llx ",
			   vttbr, vtcr, vmid);
		seq_printf(m, "ipa_bits %d start_level %d\n", ia_bits, start);
	}
	return 0;
}
