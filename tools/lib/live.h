/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The text files of mmuscope's debugfs tree, and which VM a user means. Nothing is kept between
 * calls: VMs come and go.
 */
#ifndef MMUSCOPE_LIVE_H
#define MMUSCOPE_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host.h"

struct regs;

#define LIVE_TEXT_MAX	128

enum live_state {
	LIVE_OK,
	LIVE_NOT_LOADED,	/* no such module */
	LIVE_NO_DEBUGFS,	/* debugfs is not mounted where it belongs */
	LIVE_NO_TREE,		/* module and debugfs are there, its files are not */
	LIVE_DENIED,		/* not root */
	LIVE_LOCKDOWN,		/* root, but the kernel is locked down */
	LIVE_OTHER_ABI,		/* module and program do not speak the same */
	LIVE_ERROR,		/* errno says what */
};

struct live_info {
	char *text; /* all of "info", for live_next(); freed by live_info_free() */
	int		error;		/* errno, of LIVE_ERROR and LIVE_DENIED */
	uint64_t	abi_version, page_size, at, vmid_bits;
	char		module_version[LIVE_TEXT_MAX], kernel[LIVE_TEXT_MAX], mode[LIVE_TEXT_MAX];
};

/* Can the tree be read, and does it speak this program's ABI? Fills @info as far as it could. */
enum live_state live_check(struct host *h, struct live_info *info);
void live_info_free(struct live_info *info);

/* A file below the tree, whole: allocated and zero-terminated, or NULL and a negative errno in *err
 */
char *live_read(struct host *h, size_t *len, int *err, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* In "NAME VALUE" lines, the value of the first line called @name. Prefix "# " is part of a name.
 */
bool live_text(const char *text, const char *name, char *value, size_t size);
bool live_number(const char *text, const char *name, uint64_t *value);
/* The rest of the next line called @name at or after *pos, which moves beyond; not zero-terminated
 * at the line's end */
const char *live_next(const char **pos, const char *name);

struct live_vm {
	uint64_t	pid, fd;
	unsigned int	vcpus;			/* online */
	char		comm[LIVE_TEXT_MAX];
	char		name[LIVE_TEXT_MAX];	/* as QEMU or libvirt call it; "" if none */
	char		dir[48];		/* "PID-FD"; of a shadow "PID-FD.N" */
	char		of[48];			/* of a shadow: the VM's .dir; else "" */
	int error; /* negative errno: its info could not be read, the rest is unset; else 0 */
	uint64_t	ipa_bits, granule_shift, vtcr, vttbr, vmid, pgd_phys, seq, dirty_log;
	uint64_t	generation;		/* of .vmid, as KVM counts them; tags.h judges it */
	int		start_level;
	enum live_stage2 { STAGE2_VISIBLE, STAGE2_HIDDEN } stage2;
};

/* All VMs, allocated; 0 or a negative errno. @vmid_bits from live_info: .vmid is without the
 * generation. */
int live_vms(struct host *h, unsigned int vmid_bits, struct live_vm **vms, size_t *n);

/* What "info" says of @vm now; 0 or a negative errno, which is also in .error */
int live_vm_again(struct host *h, struct live_vm *vm);

/* "NAME:7" is NAME and vCPU 7; *vcpu is left alone where none is named. False if NAME is empty or
 * too long. */
bool live_split_vcpu(const char *spec, char *name, size_t size, unsigned int *vcpu);
/* Does @vm go by @name: pid, pid-fd, vmid:N, the name that QEMU or libvirt gave it, or its
 * process's name? */
bool live_vm_is(const struct live_vm *vm, const char *name);

struct live_slot {
	uint64_t	id, as, ipa, size, flags, hva;
};

/* The text of a vCPU's registers, as live_read(); tried for a while where it is not on a CPU now */
char *live_vcpu_regs(struct host *h, const struct live_vm *vm, unsigned int vcpu, size_t *len,
		     int *err);
/* Of such a text: its registers are those of reset, and nothing was ever translated by them */
bool live_never_ran(const char *text);

/*
 * KVM composes VTCR_EL2 and VTTBR_EL2 for the VM, so its stage 2 can be seen before a vCPU ran.
 * What else bears on it (HCR_EL2.FWB, CD) is then not known and taken as 0.
 */
void live_regs_of_vm(const struct live_vm *vm, struct regs *regs);

int live_slots(struct host *h, const struct live_vm *vm, struct live_slot **slots, size_t *n);
/* The slot that holds @ipa, or NULL */
const struct live_slot *live_slot_find(const struct live_slot *slots, size_t n, uint64_t ipa);

/*
 * A stage 2 that KVM keeps for the guest of a guest hypervisor: from the IPAs of that to PAs, made of
 * the guest hypervisor's stage 2 and the VM's own as its guest faults.
 */
struct live_shadow {
	uint64_t	number;
	uint64_t	guest_vttbr, guest_vtcr;	/* as the guest hypervisor set them */
	bool		stage2;				/* which has its stage 2 on */
	uint64_t	vttbr, vtcr, vmid;		/* as KVM loads them; .vmid without the generation */
	uint64_t	ipa_bits;
	int		start_level;
};

/*
 * Those in use, allocated; where there is no such file, which a module or a snapshot of before may not
 * have, there are none. 0 or a negative errno.
 */
int live_shadows(struct host *h, const struct live_vm *vm, struct live_shadow **shadows, size_t *n);
/* Is it the same one still, of the same stage 2 of the guest? */
bool live_same_shadow(const struct live_shadow *a, const struct live_shadow *b);
/* One of them as a VM without vCPUs, which has a stage 2 to be opened and no other files */
void live_shadow_as_vm(const struct live_vm *vm, const struct live_shadow *s, struct live_vm *as);
/* "NAME.7" is shadow 7 of NAME: takes ".7" off @name. False, and nothing taken, where it ends otherwise. */
bool live_split_shadow(char *name, uint64_t *number);

#endif /* MMUSCOPE_LIVE_H */
