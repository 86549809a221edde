/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mmuscope: what the files of the module share.
 *
 * The module hands out raw facts. It decodes no more of a descriptor than is
 * needed to find the next table or the page, and decides nothing.
 */
#ifndef MMUSCOPE_INTERNAL_H
#define MMUSCOPE_INTERNAL_H

#if !IS_ENABLED(CONFIG_ARM64)
#error "mmuscope reads the tables of KVM on arm64: build it against the headers of an arm64 kernel"
#endif
#if !IS_ENABLED(CONFIG_KVM)
#error "mmuscope reads the tables of KVM: this kernel is configured without it (CONFIG_KVM)"
#endif
#if !IS_ENABLED(CONFIG_DEBUG_FS)
#error "mmuscope shows its files in debugfs: this kernel is configured without it (CONFIG_DEBUG_FS)"
#endif

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fs.h>
#include <linux/kvm_host.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <uapi/mmuscope.h>
#include "compat.h"

/* main.c */
extern bool mms_at_allowed;
bool mms_vhe(void);
int mms_info_show(struct seq_file *m);

/*
 * vm.c: the VMs
 */

/* One VM as found in the file tables of the processes; holds a reference on it */
struct mms_found {
	struct kvm *kvm;
	pid_t pid;
	int fd;
	int vcpus;
	int shadows;
	int rank;		/* how good a name PID-FD is */
	char comm[TASK_COMM_LEN];
};

struct mms_list {
	struct mms_found *vec;
	unsigned int n;
	unsigned int max;
};

int mms_list_get(struct mms_list *list);
void mms_list_drop(struct mms_list *list);
void mms_list_put(struct mms_list *list);

/* A VM that files are open on: they share one reference on it */
struct mms_vm {
	struct list_head link;
	unsigned int users;
	struct kvm *kvm;
};

struct task_struct *mms_next_task(int *nr);

struct mms_vm *mms_vm_get(pid_t pid, int fd);
void mms_vm_put(struct mms_vm *vm);
bool mms_vm_ended(struct mms_vm *vm);
u64 mms_vttbr(struct kvm_s2_mmu *mmu);
unsigned int mms_vmid_bits(void);

/*
 * debugfs.c: the files
 */
struct mms_file;

/* What kind a file is; exactly one of show, answer and read is set */
struct mms_type {
	const char *name;
	/* text, anew whenever it is read from its start */
	int (*show)(struct seq_file *m, struct mms_file *mf);
	/* a structure of this size about the address that is the position */
	int (*answer)(struct mms_file *mf, u64 addr, void *out);
	size_t size;
	/* anything longer */
	ssize_t (*read)(struct mms_file *mf, char __user *buf, size_t count, loff_t *pos);
};

/* Which file it is: what a debugfs inode points to, and an open file has a copy of */
struct mms_node {
	const struct mms_type *type;
	pid_t pid;		/* 0: one of the host's files */
	int fd;
	int index;		/* of the vCPU, or the physical CPU */
	int op;			/* of AT */
	int shadow;		/* of tables: 1 + number of the shadow stage 2, 0: the VM's own */
};

struct mms_cursor;

struct mms_file {
	struct mms_node node;
	struct mms_vm *vm;	/* NULL: one of the host's files */
	struct mms_shadowed shadowed;	/* node.shadow: what it shadowed at open() */
	struct mutex lock;	/* pread(2) takes no lock of the file: this guards what follows */
	void *buf;		/* of a page, what the file copies through */
	struct mms_cursor *cursor;
};

void mms_put_comm(struct seq_file *m, const char *comm);
int mms_debugfs_init(void);
void mms_debugfs_exit(void);

/*
 * stage2.c: tables
 */

/* A tree of tables, as far as one must know it to walk it */
struct mms_tree {
	u64 root;
	int start;		/* level, -1..3 */
	int ia_bits;
	bool ds;		/* output addresses as with TCR_ELx.DS or VTCR_EL2.DS */
};

bool mms_read_words(u64 pa, void *to, size_t bytes);
int mms_walk(const struct mms_tree *tree, u64 ia, struct mmuscope_path *path);

int mms_locks_show(struct seq_file *m, struct mms_file *mf);
int mms_vm_info_show(struct seq_file *m, struct mms_file *mf);
int mms_vm_slots_show(struct seq_file *m, struct mms_file *mf);
int mms_vm_nested_show(struct seq_file *m, struct mms_file *mf);
int mms_vm_path(struct mms_file *mf, u64 ipa, void *out);
ssize_t mms_vm_mem_read(struct mms_file *mf, char __user *buf, size_t count, loff_t *pos);
ssize_t mms_vm_stage2_read(struct mms_file *mf, char __user *buf, size_t count, loff_t *pos);
int mms_shadow_open(struct mms_file *mf);
struct mms_cursor *mms_cursor_new(const struct mms_file *mf);
void mms_cursor_rewind(struct mms_cursor *c);
void mms_cursor_free(struct mms_cursor *c);

/* host.c: the host's own stage 1, and its ASIDs */
int mms_host_kernel(struct mms_file *mf, u64 va, void *out);
int mms_host_user(struct mms_file *mf, u64 pos, void *out);
int mms_host_processes_show(struct seq_file *m, struct mms_file *mf);

/* regs.c */
bool mms_vcpu_on_this_cpu(struct kvm_vcpu *vcpu);
int mms_vcpu_regs_show(struct seq_file *m, struct mms_file *mf);
int mms_host_regs_show(struct seq_file *m, struct mms_file *mf);

/* at.c */
#define MMS_HOST_OPS	2	/* the first ones of mms_at_names: those of the host's own regime */
extern const char * const mms_at_names[];
extern const int mms_at_count;
int mms_at_guest(struct mms_file *mf, u64 va, void *out);
int mms_at_host(struct mms_file *mf, u64 va, void *out);

#endif /* MMUSCOPE_INTERNAL_H */
