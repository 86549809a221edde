// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host's own stage 1: the kernel's half from TTBR1, a process's from its mm. And the ASIDs of
 * the processes.
 */
#include "internal.h"

#include <linux/mm.h>
#include <linux/pid_namespace.h>
#include <linux/sched/signal.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>

#define STRIDE			(PAGE_SHIFT - 3)
#define WALK_TRIES		3

/*
 * TCR_EL1, or TCR_EL2 under the same name with VHE (E2H), whose layout is then
 * the same. Linux translates with its own page size in both halves.
 */
#define TCR_HOST_T0SZ(tcr)	((tcr) & 0x3f)
#define TCR_HOST_T1SZ(tcr)	((tcr) >> 16 & 0x3f)
#define TCR_HOST_DS		BIT_ULL(59)

static void host_tree(struct mms_tree *tree, u64 root, u64 tcr, int tsz)
{
	tree->root = root;
	tree->ia_bits = 64 - tsz;
	/* S1StartLevel() in the Arm pseudocode */
	tree->start = 3 - (tree->ia_bits - 1 - PAGE_SHIFT) / STRIDE;
	tree->ds = tcr & TCR_HOST_DS;
}

/* With 52-bit addresses TTBR[5:2] are bits 51:48 of the root (S1TTBaseAddress()), else 0 */
static u64 ttbr_base(u64 ttbr, bool ds)
{
	if (!ds && PAGE_SHIFT != 16)
		return ttbr & GENMASK_ULL(47, 1);
	return (ttbr & GENMASK_ULL(47, 6)) | (ttbr & GENMASK_ULL(5, 2)) << 46;
}

static bool same_walk(const struct mmuscope_path *a, const struct mmuscope_path *b)
{
	return a->nsteps == b->nsteps && !memcmp(a->step, b->step, sizeof(a->step));
}

/*
 * Two walks that agree: a table that was freed and used for something else
 * between two of the first walk's reads no longer hangs where it did in the
 * second. Words of a page that is no table are so never handed out.
 */
static int walk_twice(const struct mms_tree *tree, u64 ia, struct mmuscope_path *path)
{
	struct mmuscope_path first;
	int i, ret;

	for (i = 0; i < WALK_TRIES; i++) {
		memset(&first, 0, sizeof(first));
		memset(path->step, 0, sizeof(path->step));
		ret = mms_walk(tree, ia, &first);
		if (ret)
			return ret;
		mms_walk(tree, ia, path);
		if (same_walk(&first, path))
			return 0;
	}
	return -EAGAIN;
}

/*
 * Nothing protects the kernel's tables against the few callers that free some
 * (vmalloc's huge mappings, memory that is unplugged): hence two walks, and
 * reads that may fail.
 */
int mms_host_kernel(struct mms_file *mf, u64 va, void *out)
{
	struct mmuscope_path *path = out;
	u64 tcr = read_sysreg(tcr_el1);
	u64 ttbr = read_sysreg(ttbr1_el1);
	struct mms_tree tree;
	u64 ones;

	host_tree(&tree, ttbr_base(ttbr, tcr & TCR_HOST_DS), tcr, TCR_HOST_T1SZ(tcr));
	path->ia = va;
	ones = GENMASK_ULL(63, tree.ia_bits);
	if ((va & ones) != ones)
		return -EINVAL;
	return walk_twice(&tree, va & ~ones, path);
}

/* The mm of the process that the initial PID namespace calls @pid */
static struct mm_struct *pid_mm(pid_t pid)
{
	struct task_struct *task;
	struct mm_struct *mm;

	rcu_read_lock();
	task = pid_task(find_pid_ns(pid, &init_pid_ns), PIDTYPE_PID);
	if (task)
		get_task_struct(task);
	rcu_read_unlock();
	if (!task)
		return ERR_PTR(-ESTALE);
	mm = get_task_mm(task);
	put_task_struct(task);
	return mm ?: ERR_PTR(-ENXIO);	/* a kernel thread, or one that is exiting */
}

/*
 * The reference on the mm keeps exit_mmap() away, the write lock munmap(), which
 * frees tables under the read lock, and RCU khugepaged, which from 6.6 on frees
 * them without the lock (pte_free_defer()).
 */
int mms_host_user(struct mms_file *mf, u64 pos, void *out)
{
	struct mmuscope_path *path = out;
	u64 va = (pos & GENMASK_ULL(39, 0)) << 12;
	u64 tcr = read_sysreg(tcr_el1);
	struct mms_tree tree;
	struct mm_struct *mm;
	int ret;

	if (pos >> 63 || !(pos >> 40))
		return -EINVAL;
	mm = pid_mm(pos >> 40);
	if (IS_ERR(mm))
		return PTR_ERR(mm);
	host_tree(&tree, virt_to_phys(mm->pgd), tcr, TCR_HOST_T0SZ(tcr));
	path->ia = va;
	ret = mmap_write_lock_killable(mm);
	if (!ret) {
		rcu_read_lock();
		ret = walk_twice(&tree, va, path);
		rcu_read_unlock();
		mmap_write_unlock(mm);
	}
	mmput(mm);
	return ret;
}

/* One process for all its threads, but each thread where the leader has exited before them */
static bool stands_for_process(struct task_struct *task)
{
	return thread_group_leader(task) || !READ_ONCE(task->group_leader->mm);
}

/* Kernel threads may have an mm on loan (kthread_use_mm()) */
static void show_process(struct seq_file *m, struct task_struct *task)
{
	/* Under task_lock ->mm and ->comm stay */
	task_lock(task);
	if (task->mm && !(task->flags & PF_KTHREAD)) {
		seq_printf(m, "%d 0x%llx ", task_pid_nr(task),
			   (u64)atomic64_read(&task->mm->context.id));
		mms_put_comm(m, task->comm);
		seq_putc(m, '\n');
	}
	task_unlock(task);
}

/* Of arch/arm64/mm/context.c this is all that can be reached: its counters and maps are static */
int mms_host_processes_show(struct seq_file *m, struct mms_file *mf)
{
	int nr;

	/* Text that does not fit is made again, with more room */
	for (nr = 1; !seq_has_overflowed(m); nr++) {
		struct task_struct *task;

		/* As in search_all() */
		rcu_read_lock();
		task = mms_next_task(&nr);
		if (task && stands_for_process(task))
			show_process(m, task);
		rcu_read_unlock();
		if (!task)
			break;
		if (signal_pending(current))
			return -ERESTARTSYS;
		cond_resched();
	}
	return 0;
}
