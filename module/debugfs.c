// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files: their tree, and what open, read and release do.
 *
 * All are made with debugfs_create_file_unsafe(): debugfs_create_file() would
 * answer every read with EIO once the file was removed, where a reader of a VM
 * that has ended is to see ESTALE. "Unsafe" leaves it to us that nothing which
 * an open file uses goes away with its directory:
 *  - open() runs between debugfs_file_get() and _put(), and removal waits for
 *    it, so i_private may be looked at there, and only there: a struct mms_node,
 *    which open() copies;
 *  - all else that an open file uses belongs to its struct mms_file;
 *  - the code stays, because .owner of the operations pins the module from
 *    open() to the end of release(): rmmod says EBUSY. Once the module is going
 *    open() fails (open_proxy_open()), and so does one by way of an O_PATH
 *    descriptor after the files are gone (debugfs_file_get()).
 *
 * Locks: dirs_lock is held while VMs are searched for and their directories are
 * made and removed, and removal
 * waits for open() of the files in them, so no such open() may take it. Opening
 * "vms" takes it, and that file is removed by module exit only, which cannot
 * run while it is being opened.
 */
#include "internal.h"

#include <linux/ctype.h>
#include <linux/debugfs.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

static struct dentry *root_dir;
static struct dentry *vm_dir;

/*
 * Open files
 */
static void file_free(struct mms_file *mf)
{
	mms_cursor_free(mf->cursor);
	if (mf->vm)
		mms_vm_put(mf->vm);
	kfree(mf->buf);
	kfree(mf);
}

static struct mms_file *file_new(const struct mms_node *node)
{
	struct mms_file *mf = kzalloc(sizeof(*mf), GFP_KERNEL);
	struct mms_vm *vm;
	int ret;

	if (!mf)
		return ERR_PTR(-ENOMEM);
	mutex_init(&mf->lock);
	mf->node = *node;
	if (node->pid) {
		vm = mms_vm_get(node->pid, node->fd);
		if (IS_ERR(vm)) {
			file_free(mf);
			return ERR_CAST(vm);
		}
		mf->vm = vm;
	}
	ret = node->shadow ? mms_shadow_open(mf) : 0;
	if (ret) {
		file_free(mf);
		return ERR_PTR(ret);
	}
	return mf;
}

/*
 * Text
 */
static int text_show(struct seq_file *m, void *unused)
{
	struct mms_file *mf = m->private;

	if (mf->vm && mms_vm_ended(mf->vm))
		return -ESTALE;
	return mf->node.type->show(m, mf);
}

static int text_open(struct inode *inode, struct file *file)
{
	struct mms_file *mf = file_new(inode->i_private);
	int ret;

	if (IS_ERR(mf))
		return PTR_ERR(mf);
	ret = single_open(file, text_show, mf);
	if (ret)
		file_free(mf);
	return ret;
}

static int text_release(struct inode *inode, struct file *file)
{
	file_free(((struct seq_file *)file->private_data)->private);
	return single_release(inode, file);
}

static const struct file_operations text_fops = {
	.owner		= THIS_MODULE,
	.open		= text_open,
	.read		= seq_read,
	.llseek		= seq_lseek,
	.release	= text_release,
};

/*
 * Structures and bytes
 */
static int data_open(struct inode *inode, struct file *file)
{
	struct mms_file *mf = file_new(inode->i_private);

	if (IS_ERR(mf))
		return PTR_ERR(mf);
	mf->buf = kmalloc(PAGE_SIZE, GFP_KERNEL);
	if (!mf->buf) {
		file_free(mf);
		return -ENOMEM;
	}
	file->private_data = mf;
	mms_unsigned_offset(file);
	return 0;
}

static int data_release(struct inode *inode, struct file *file)
{
	file_free(file->private_data);
	return 0;
}

/* The answer about the address that is the position; the position does not move */
static ssize_t read_answer(struct mms_file *mf, char __user *buf, size_t count, u64 addr)
{
	const struct mms_type *type = mf->node.type;
	int ret;

	if (count < type->size)
		return -EINVAL;
	memset(mf->buf, 0, type->size);
	ret = type->answer(mf, addr, mf->buf);
	if (ret)
		return ret;
	return copy_to_user(buf, mf->buf, type->size) ? -EFAULT : type->size;
}

static ssize_t data_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct mms_file *mf = file->private_data;
	ssize_t ret;

	if (mutex_lock_interruptible(&mf->lock))
		return -ERESTARTSYS;
	if (mf->vm && mms_vm_ended(mf->vm))
		ret = -ESTALE;
	else if (mf->node.type->answer)
		ret = read_answer(mf, buf, count, *pos);
	else
		ret = mf->node.type->read(mf, buf, count, pos);
	mutex_unlock(&mf->lock);
	return ret;
}

/* As mem_lseek() for /proc/PID/mem: any address is a position, also one with bit 63 set */
static loff_t data_llseek(struct file *file, loff_t offset, int whence)
{
	switch (whence) {
	case SEEK_SET:
		break;
	case SEEK_CUR:
		offset = (u64)file->f_pos + offset;
		break;
	default:
		return -EINVAL;
	}
	file->f_pos = offset;
	return offset;
}

static const struct file_operations data_fops = {
	.owner		= THIS_MODULE,
	MMS_FOP_FLAGS
	.open		= data_open,
	.read		= data_read,
	.llseek		= data_llseek,
	.release	= data_release,
};

static int tables_open(struct inode *inode, struct file *file)
{
	struct mms_cursor *cursor;
	struct mms_file *mf = file_new(inode->i_private);

	if (IS_ERR(mf))
		return PTR_ERR(mf);
	cursor = mms_cursor_new(mf);
	if (IS_ERR(cursor)) {
		file_free(mf);
		return PTR_ERR(cursor);
	}
	mf->cursor = cursor;
	file->private_data = mf;
	return 0;
}

/* Back to the start, or nowhere */
static loff_t tables_llseek(struct file *file, loff_t offset, int whence)
{
	struct mms_file *mf = file->private_data;

	if (whence == SEEK_CUR && !offset)
		return file->f_pos;
	if (whence != SEEK_SET || offset)
		return -EINVAL;
	/* A read that goes on holds it */
	if (mutex_lock_interruptible(&mf->lock))
		return -ERESTARTSYS;
	mms_cursor_rewind(mf->cursor);
	file->f_pos = 0;
	mutex_unlock(&mf->lock);
	return 0;
}

static const struct file_operations tables_fops = {
	.owner		= THIS_MODULE,
	.open		= tables_open,
	.read		= data_read,
	.llseek		= tables_llseek,
	.release	= data_release,
};

/*
 * Kinds of files
 */
static int info_show(struct seq_file *m, struct mms_file *mf)
{
	return mms_info_show(m);
}

static const struct mms_type type_info = { .name = "info", .show = info_show };
static const struct mms_type type_locks = { .name = "locks", .show = mms_locks_show };
static const struct mms_type type_vm_info = { .name = "info", .show = mms_vm_info_show };
static const struct mms_type type_vm_slots = { .name = "slots", .show = mms_vm_slots_show };
static const struct mms_type type_vm_nested = { .name = "nested", .show = mms_vm_nested_show };
static const struct mms_type type_vcpu_regs = { .name = "regs", .show = mms_vcpu_regs_show };
static const struct mms_type type_host_regs = { .name = "regs", .show = mms_host_regs_show };
static const struct mms_type type_processes = {
	.name = "processes", .show = mms_host_processes_show,
};

static const struct mms_type type_stage2 = { .name = "stage2", .read = mms_vm_stage2_read };
static const struct mms_type type_mem = { .name = "mem", .read = mms_vm_mem_read };

#define TYPE_ANSWER(_name, _fn, _size) { .name = _name, .answer = _fn, .size = sizeof(_size) }
static const struct mms_type type_path =
	TYPE_ANSWER("path", mms_vm_path, struct mmuscope_path);
static const struct mms_type type_kernel =
	TYPE_ANSWER("kernel", mms_host_kernel, struct mmuscope_path);
static const struct mms_type type_user =
	TYPE_ANSWER("user", mms_host_user, struct mmuscope_path);
static const struct mms_type type_at =
	TYPE_ANSWER(NULL, mms_at_guest, struct mmuscope_at);
static const struct mms_type type_host_at =
	TYPE_ANSWER(NULL, mms_at_host, struct mmuscope_at);

/*
 * A failed directory as a parent makes the functions of debugfs fail, too, so
 * that it is enough to look at the files. A VM that lacks one is taken back: it
 * would look like one that cannot be read.
 */
static struct dentry *make_dir(const char *name, struct dentry *parent)
{
	struct dentry *dir = debugfs_create_dir(name, parent);

	/* debugfs makes them 0755 */
	if (!IS_ERR(dir))
		d_inode(dir)->i_mode = S_IFDIR | 0700;
	return dir;
}

static bool make_file(struct dentry *dir, struct mms_node *node, const struct mms_node *as)
{
	const struct file_operations *fops = &data_fops;
	struct dentry *file;

	*node = *as;
	if (node->type->show)
		fops = &text_fops;
	else if (node->type == &type_stage2)
		fops = &tables_fops;
	file = debugfs_create_file_unsafe(node->type->name ?: mms_at_names[node->op], 0400, dir,
					  node, fops);
	return !IS_ERR(file);
}

/*
 * Directories of VMs. They are names: one holds nothing of the VM that had it.
 */
static const struct mms_type * const vm_types[] = {
	&type_vm_info, &type_vm_slots, &type_vm_nested, &type_stage2, &type_path, &type_mem,
};

static const struct mms_type * const shadow_types[] = {
	&type_stage2, &type_path, &type_mem,
};

struct vm_entry {
	struct list_head link;
	pid_t pid;
	int fd;
	int vcpus;
	int shadows;
	bool seen;
	struct dentry *dir;
	struct mms_node nodes[];	/* i_private of the files */
};

static LIST_HEAD(vm_entries);
static DEFINE_MUTEX(dirs_lock);		/* vm_entries and what is below vm_dir */

static bool make_vcpu(struct vm_entry *e, int index, struct mms_node *node)
{
	struct mms_node as = {
		.type = &type_vcpu_regs, .pid = e->pid, .fd = e->fd, .index = index,
	};
	struct dentry *dir;
	char name[16];
	bool made;

	snprintf(name, sizeof(name), "vcpu%d", index);
	dir = make_dir(name, e->dir);
	made = make_file(dir, node++, &as);
	dir = make_dir("at", dir);
	as.type = &type_at;
	for (as.op = 0; made && as.op < mms_at_count; as.op++)
		made = make_file(dir, node++, &as);
	return made;
}

static bool make_shadow(struct vm_entry *e, int number, struct mms_node *node)
{
	struct mms_node as = { .pid = e->pid, .fd = e->fd, .shadow = number + 1 };
	struct dentry *dir;
	bool made = true;
	char name[24];
	int i;

	snprintf(name, sizeof(name), "nested%d", number);
	dir = make_dir(name, e->dir);
	for (i = 0; made && i < ARRAY_SIZE(shadow_types); i++) {
		as.type = shadow_types[i];
		made = make_file(dir, node++, &as);
	}
	return made;
}

static struct vm_entry *make_vm(const struct mms_found *found)
{
	size_t per_vcpu = 1 + mms_at_count;
	size_t n = ARRAY_SIZE(vm_types) + found->vcpus * per_vcpu +
		   found->shadows * ARRAY_SIZE(shadow_types);
	struct mms_node as = { .pid = found->pid, .fd = found->fd };
	struct mms_node *node;
	struct vm_entry *e;
	bool made = true;
	char name[32];
	int i;

	e = kvzalloc(struct_size(e, nodes, n), GFP_KERNEL);
	if (!e)
		return NULL;
	e->pid = found->pid;
	e->fd = found->fd;
	e->vcpus = found->vcpus;
	e->shadows = found->shadows;
	node = e->nodes;
	snprintf(name, sizeof(name), "%d-%d", found->pid, found->fd);
	e->dir = make_dir(name, vm_dir);
	for (i = 0; made && i < ARRAY_SIZE(vm_types); i++) {
		as.type = vm_types[i];
		made = make_file(e->dir, node++, &as);
	}
	for (i = 0; made && i < found->vcpus; i++, node += per_vcpu)
		made = make_vcpu(e, i, node);
	for (i = 0; made && i < found->shadows; i++, node += ARRAY_SIZE(shadow_types))
		made = make_shadow(e, i, node);
	if (!made) {
		debugfs_remove(e->dir);
		kvfree(e);
		return NULL;
	}
	return e;
}

static struct vm_entry *find_entry(const struct mms_found *found)
{
	struct vm_entry *e;

	list_for_each_entry(e, &vm_entries, link)
		if (e->pid == found->pid && e->fd == found->fd && e->vcpus == found->vcpus &&
		    e->shadows == found->shadows)
			return e;
	return NULL;
}

static void remove_vm(struct vm_entry *e)
{
	list_del(&e->link);
	/* Waits for open() of the files; after it nobody looks at e->nodes */
	debugfs_remove(e->dir);
	kvfree(e);
}

/*
 * Under dirs_lock: make vm/ agree with @list; one whose number of vCPUs or shadows
 * changed is made anew
 */
static int sync_dirs(const struct mms_list *list)
{
	struct vm_entry *e, *next;
	unsigned int i;
	int ret = 0;

	list_for_each_entry(e, &vm_entries, link)
		e->seen = false;
	for (i = 0; i < list->n; i++) {
		e = find_entry(&list->vec[i]);
		if (e)
			e->seen = true;
	}
	list_for_each_entry_safe(e, next, &vm_entries, link)
		if (!e->seen)
			remove_vm(e);
	for (i = 0; i < list->n; i++) {
		if (find_entry(&list->vec[i]))
			continue;
		e = make_vm(&list->vec[i]);
		if (!e) {
			ret = -ENOMEM;
			break;
		}
		list_add_tail(&e->link, &vm_entries);
	}
	return ret;
}

/* The name of a process, which may have any byte in it */
void mms_put_comm(struct seq_file *m, const char *comm)
{
	for (; *comm; comm++)
		seq_putc(m, isascii(*comm) && isprint(*comm) ? *comm : '?');
}

/*
 * "vms": opening it looks for them, reading it tells what was found
 */
static int vms_show(struct seq_file *m, void *unused)
{
	const struct mms_list *list = m->private;
	unsigned int i;

	for (i = 0; i < list->n; i++) {
		const struct mms_found *f = &list->vec[i];

		seq_printf(m, "%d-%d %d %d %d ", f->pid, f->fd, f->pid, f->fd, f->vcpus);
		mms_put_comm(m, f->comm);
		seq_putc(m, '\n');
	}
	return 0;
}

static int vms_open(struct inode *inode, struct file *file)
{
	struct mms_list *list = kzalloc(sizeof(*list), GFP_KERNEL);
	int ret;

	if (!list)
		return -ENOMEM;
	/* Over the search too: an older list must not undo what a newer one made */
	ret = mutex_lock_interruptible(&dirs_lock);
	if (!ret) {
		ret = mms_list_get(list);
		if (!ret)
			ret = sync_dirs(list);
		mutex_unlock(&dirs_lock);
	}
	/* The open file keeps names, not VMs */
	mms_list_drop(list);
	if (!ret)
		ret = single_open(file, vms_show, list);
	if (ret) {
		mms_list_put(list);
		kfree(list);
	}
	return ret;
}

static int vms_release(struct inode *inode, struct file *file)
{
	struct mms_list *list = ((struct seq_file *)file->private_data)->private;

	mms_list_put(list);
	kfree(list);
	return single_release(inode, file);
}

static const struct file_operations vms_fops = {
	.owner		= THIS_MODULE,
	.open		= vms_open,
	.read		= seq_read,
	.llseek		= seq_lseek,
	.release	= vms_release,
};

/*
 * Files that are always there
 */
static struct mms_node info_node = { .type = &type_info };
static struct mms_node locks_node = { .type = &type_locks };
static struct mms_node kernel_node = { .type = &type_kernel };
static struct mms_node user_node = { .type = &type_user };
static struct mms_node processes_node = { .type = &type_processes };
static struct mms_node host_at_nodes[MMS_HOST_OPS];
static struct mms_node *cpu_nodes;

static bool make_host(void)
{
	struct dentry *host = make_dir("host", root_dir);
	struct dentry *dir = make_dir("at", host);
	struct mms_node as = { .type = &type_host_at };
	char name[16];
	bool made;
	int cpu;

	made = make_file(host, &kernel_node, &kernel_node) &&
	       make_file(host, &user_node, &user_node) &&
	       make_file(host, &processes_node, &processes_node);
	for (as.op = 0; made && as.op < MMS_HOST_OPS; as.op++)
		made = make_file(dir, &host_at_nodes[as.op], &as);
	as.type = &type_host_regs;
	as.op = 0;
	for_each_possible_cpu(cpu) {
		snprintf(name, sizeof(name), "cpu%d", cpu);
		as.index = cpu;
		made = made && make_file(make_dir(name, host), &cpu_nodes[cpu], &as);
	}
	return made;
}

int mms_debugfs_init(void)
{
	struct dentry *vms;
	bool made;

	cpu_nodes = kcalloc(nr_cpu_ids, sizeof(*cpu_nodes), GFP_KERNEL);
	if (!cpu_nodes)
		return -ENOMEM;
	root_dir = make_dir(MMUSCOPE_DIR, NULL);
	if (IS_ERR(root_dir)) {
		kfree(cpu_nodes);
		return PTR_ERR(root_dir);
	}
	vm_dir = make_dir("vm", root_dir);
	made = !IS_ERR(vm_dir) && make_host() &&
	       make_file(root_dir, &info_node, &info_node) &&
	       make_file(root_dir, &locks_node, &locks_node);
	/* Last: opening it uses what was made before */
	vms = debugfs_create_file_unsafe("vms", 0400, root_dir, NULL, &vms_fops);
	/*
	 * Not an error: a file that was made may be open by now, and a module
	 * whose init fails is freed whoever uses it.
	 */
	if (!made || IS_ERR(vms))
		pr_err("out of memory, files are missing: unload the module and load it again\n");
	return 0;
}

/* Nothing is open any more: module exit does not run before */
void mms_debugfs_exit(void)
{
	struct vm_entry *e, *next;

	debugfs_remove(root_dir);
	list_for_each_entry_safe(e, next, &vm_entries, link) {
		list_del(&e->link);
		kvfree(e);
	}
	kfree(cpu_nodes);
}
