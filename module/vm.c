// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which VMs there are, and how the open files hold one.
 *
 * KVM's own list of VMs is not exported. A VM is found by the files that lead
 * to it in the file tables of all processes, the way /proc/PID/fd would find
 * it, so that one that starts after the module was loaded is found as well.
 */
#include "internal.h"

#include <linux/fdtable.h>
#include <linux/hash.h>
#include <linux/kallsyms.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/pid_namespace.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/sort.h>

/*
 * KVM's file operations are static. A file is told by the name of its ioctl
 * function; the pointers are remembered once a name has been seen. They never
 * go away: KVM is built in on arm64. Written once with one possible value, so
 * READ_ONCE and WRITE_ONCE are enough.
 */
static const struct {
	const char *name;
	bool vm_file;
} kvm_ioctls[] = {
	{ "kvm_vm_ioctl", true },
	{ "kvm_vcpu_ioctl", false },
	{ "kvm_device_ioctl", false },
};

static void *kvm_ioctl_seen[ARRAY_SIZE(kvm_ioctls)];

/* Some that are not KVM's, by hash: a process may have any number of such files */
#define OTHER_BITS	4
static void *other_ioctl[BIT(OTHER_BITS)];

static int kvm_ioctl_index(const struct file *file)
{
	void *fn = file->f_op->unlocked_ioctl;
	void **other = &other_ioctl[hash_ptr(fn, OTHER_BITS)];
	char name[KSYM_SYMBOL_LEN];
	int i;

	/* All of KVM's files are anonymous inodes; few other files are */
	if (!fn || file_inode(file)->i_sb->s_magic != ANON_INODE_FS_MAGIC)
		return -1;
	for (i = 0; i < ARRAY_SIZE(kvm_ioctls); i++)
		if (fn == READ_ONCE(kvm_ioctl_seen[i]))
			return i;
	if (fn == READ_ONCE(*other))
		return -1;
	sprint_symbol_no_offset(name, (unsigned long)fn);
	/* "NAME" or "NAME [MODULE]" */
	name[strcspn(name, " ")] = '\0';
	for (i = 0; i < ARRAY_SIZE(kvm_ioctls); i++) {
		if (!strcmp(name, kvm_ioctls[i].name)) {
			WRITE_ONCE(kvm_ioctl_seen[i], fn);
			return i;
		}
	}
	WRITE_ONCE(*other, fn);
	return -1;
}

/*
 * The VM that @file leads to, or NULL. The caller keeps the file open, which
 * in turn keeps its VM: a VM's file, a vCPU's and a device's each hold a
 * reference (kvm_vm_release(), kvm_vcpu_release(), kvm_device_release()).
 */
static struct kvm *file_kvm(const struct file *file, bool *vm_file)
{
	int i = kvm_ioctl_index(file);

	if (i < 0)
		return NULL;
	*vm_file = kvm_ioctls[i].vm_file;
	switch (i) {
	case 0:
		return file->private_data;
	case 1:
		return ((struct kvm_vcpu *)file->private_data)->kvm;
	default:
		return ((struct kvm_device *)file->private_data)->kvm;
	}
}

/*
 * The search. It takes one process after the other, by pid, so that no lock
 * and no RCU section is held for longer than one file table.
 */
struct search {
	struct mms_list *list;
	struct task_struct *task;
	bool full;
};

static int search_file(const void *arg, struct file *file, unsigned int fd)
{
	struct search *s = *(struct search * const *)arg;
	struct mms_list *list = s->list;
	struct mms_found *found;
	struct kvm *kvm;
	bool vm_file;
	int rank;

	kvm = file_kvm(file, &vm_file);
	if (!kvm)
		return 0;
	for (found = list->vec; found < list->vec + list->n; found++)
		if (found->kvm == kvm)
			break;
	if (found == list->vec + list->n) {
		if (list->n == list->max) {
			s->full = true;
			return 1;
		}
		/* Does not fail while the file is open; dropped outside all locks */
		if (!kvm_get_kvm_safe(kvm))
			return 0;
		list->n++;
		found->kvm = kvm;
		found->rank = -1;
	}
	/* The process that made the VM names it before others, its own file before a vCPU's */
	rank = 2 * (s->task->mm == kvm->mm) + vm_file;
	if (rank > found->rank) {
		found->rank = rank;
		found->pid = task_pid_nr(s->task);
		found->fd = fd;
		strscpy_pad(found->comm, s->task->comm, sizeof(found->comm));
	}
	return 0;
}

/*
 * A thread other than the leader counts where it has a file table of its own
 * (unshare(2)), which is also so when the leader has exited.
 */
static bool has_own_files(struct task_struct *task)
{
	return thread_group_leader(task) ||
	       READ_ONCE(task->files) != READ_ONCE(task->group_leader->files);
}

/* false: no room */
static bool search_task(struct mms_list *list, struct task_struct *task)
{
	struct search s = { .list = list, .task = task };
	struct search *arg = &s;

	/* Under task_lock ->files and ->mm stay, under iterate_fd()'s lock the files stay open */
	task_lock(task);
	if (task->files)
		iterate_fd(task->files, 0, search_file, &arg);
	task_unlock(task);
	return !s.full;
}

/* The next task from pid @nr on, as find_ge_pid() looks for it, which is not exported */
struct task_struct *mms_next_task(int *nr)
{
	struct pid *pid;

	for (;; (*nr)++) {
		struct task_struct *task;

		pid = idr_get_next(&init_pid_ns.idr, nr);
		if (!pid)
			return NULL;
		task = pid_task(pid, PIDTYPE_PID);
		if (task)
			return task;
	}
}

/* -ENOSPC: more VMs than list->max */
static int search_all(struct mms_list *list)
{
	int nr;

	for (nr = 1;; nr++) {
		struct task_struct *task;
		bool room = true;

		/* RCU keeps the task while it is looked at; between two of them it may go */
		rcu_read_lock();
		task = mms_next_task(&nr);
		if (task && has_own_files(task))
			room = search_task(list, task);
		rcu_read_unlock();
		if (!room)
			return -ENOSPC;
		if (!task)
			return 0;
		if (signal_pending(current))
			return -ERESTARTSYS;
		cond_resched();
	}
}

static int found_cmp(const void *a, const void *b)
{
	const struct mms_found *x = a, *y = b;

	return x->pid != y->pid ? x->pid - y->pid : x->fd - y->fd;
}

/* Drop the VMs and keep the names */
void mms_list_drop(struct mms_list *list)
{
	unsigned int i;

	/* May be the last reference: the VM is then torn down here, which sleeps */
	for (i = 0; i < list->n; i++) {
		if (list->vec[i].kvm)
			kvm_put_kvm(list->vec[i].kvm);
		list->vec[i].kvm = NULL;
	}
}

void mms_list_put(struct mms_list *list)
{
	mms_list_drop(list);
	kvfree(list->vec);
	list->vec = NULL;
	list->n = 0;
}

/* All VMs, sorted by pid and fd; each is referenced until mms_list_put() */
int mms_list_get(struct mms_list *list)
{
	unsigned int i;
	int ret;

	for (list->max = 64;; list->max *= 2) {
		list->n = 0;
		list->vec = kvcalloc(list->max, sizeof(*list->vec), GFP_KERNEL);
		if (!list->vec)
			return -ENOMEM;
		ret = search_all(list);
		if (!ret)
			break;
		mms_list_put(list);
		if (ret != -ENOSPC)
			return ret;
	}
	for (i = 0; i < list->n; i++) {
		list->vec[i].vcpus = atomic_read(&list->vec[i].kvm->online_vcpus);
		list->vec[i].shadows = mms_shadows(list->vec[i].kvm);
	}
	sort(list->vec, list->n, sizeof(*list->vec), found_cmp, NULL);
	return 0;
}

/*
 * One VM by its name
 */
struct lookup {
	unsigned int fd;
	struct kvm *kvm;
};

static int lookup_file(const void *arg, struct file *file, unsigned int fd)
{
	struct lookup *l = *(struct lookup * const *)arg;
	struct kvm *kvm;
	bool vm_file;

	/* iterate_fd() starts at the descriptor wanted, but skips it if it is closed */
	if (fd == l->fd) {
		kvm = file_kvm(file, &vm_file);
		if (kvm && kvm_get_kvm_safe(kvm))
			l->kvm = kvm;
	}
	return 1;
}

/* The VM that descriptor @fd of @pid leads to now, with a reference; NULL: none */
static struct kvm *lookup_kvm(pid_t pid, int fd)
{
	struct lookup l = { .fd = fd };
	struct lookup *arg = &l;
	struct task_struct *task;

	/* As in search_all() */
	rcu_read_lock();
	task = pid_task(find_pid_ns(pid, &init_pid_ns), PIDTYPE_PID);
	if (task) {
		task_lock(task);
		if (task->files)
			iterate_fd(task->files, fd, lookup_file, &arg);
		task_unlock(task);
	}
	rcu_read_unlock();
	return l.kvm;
}

/*
 * The VMs that files are open on. All files of one VM share one reference, so
 * that "only we hold it" is a count of one.
 */
static LIST_HEAD(vms);
static DEFINE_MUTEX(vms_lock);	/* the list and ->users; nothing is taken inside */

struct mms_vm *mms_vm_get(pid_t pid, int fd)
{
	struct mms_vm *vm, *new;
	struct kvm *kvm;

	new = kzalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return ERR_PTR(-ENOMEM);
	kvm = lookup_kvm(pid, fd);
	if (!kvm) {
		kfree(new);
		return ERR_PTR(-ESTALE);
	}

	mutex_lock(&vms_lock);
	list_for_each_entry(vm, &vms, link) {
		if (vm->kvm == kvm) {
			vm->users++;
			goto out;
		}
	}
	new->kvm = kvm;
	new->users = 1;
	list_add(&new->link, &vms);
	vm = new;
out:
	mutex_unlock(&vms_lock);
	if (vm != new) {
		kvm_put_kvm(kvm);
		kfree(new);
	}
	return vm;
}

void mms_vm_put(struct mms_vm *vm)
{
	bool last;

	mutex_lock(&vms_lock);
	last = !--vm->users;
	if (last)
		list_del(&vm->link);
	mutex_unlock(&vms_lock);
	if (!last)
		return;
	kvm_put_kvm(vm->kvm);
	kfree(vm);
}

/*
 * Our reference keeps struct kvm, not the VM: that has ended when nobody else
 * holds it, or when the mm it belongs to has gone and its stage 2 with it
 * (kvm_arch_flush_shadow_all()). A "vms" that is being opened holds all VMs for
 * a moment, and so does a "host/cpuN/regs" that is read; a read at that very
 * moment may come out one read too early.
 */
bool mms_vm_ended(struct mms_vm *vm)
{
	return refcount_read(&vm->kvm->users_count) == 1 ||
	       !READ_ONCE(vm->kvm->arch.mmu.pgt);
}

unsigned int mms_vmid_bits(void)
{
	return get_vmid_bits(read_sanitised_ftr_reg(SYS_ID_AA64MMFR1_EL1));
}

/* As kvm_get_vttbr() composes it, which a module cannot call: kvm_arm_vmid_bits is not exported */
u64 mms_vttbr(struct kvm_s2_mmu *mmu)
{
	u64 vmid = atomic64_read(&mmu->vmid.id) & GENMASK_ULL(mms_vmid_bits() - 1, 0);

	return kvm_phys_to_vttbr(READ_ONCE(mmu->pgd_phys)) | vmid << VTTBR_VMID_SHIFT |
	       (system_supports_cnp() ? VTTBR_CNP_BIT : 0);
}
