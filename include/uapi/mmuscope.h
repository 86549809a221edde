/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * mmuscope: the interface between mmuscope.ko and its readers.
 *
 * This header is the only thing that the module and the programs share, and it is its own manual.
 * Documentation/abi.rst says the same for people who do not write C.
 *
 * All files live in debugfs, under "mmuscope/". Directories are 0700, files 0400, owner root.
 * There is nothing to write, no ioctl and no mmap: a file is read, at a position where the text
 * below gives the position a meaning. A position may have bit 63 set (a kernel virtual address);
 * since pread(2) refuses such a position, use lseek(2) and read(2).
 *
 *	info			text: module and ABI version, kernel, page size, mode, offsets
 *	locks			text: how long and for how much KVM's lock was held
 *	vms			text: one line a VM; opening it looks for VMs and makes vm/ agree
 *	vm/PID-FD/info		text: the VM as KVM has it
 *	vm/PID-FD/slots		text: its memory slots
 *	vm/PID-FD/nested	text: shadows of a guest hypervisor's stage 2
 *	vm/PID-FD/stage2	records: every stage-2 table, whole
 *	vm/PID-FD/path		struct mmuscope_path: the stage-2 walk; the position is the IPA
 *	vm/PID-FD/mem		guest memory; the position is the IPA
 *	vm/PID-FD/nestedN/stage2	records: the same of shadow N
 *	vm/PID-FD/nestedN/path	struct mmuscope_path: its walk, from an IPA of a guest's guest
 *	vm/PID-FD/nestedN/mem	guest memory by it, from an IPA of a guest's guest
 *	vm/PID-FD/vcpuN/regs	text: the vCPU's registers at the moment of reading
 *	vm/PID-FD/vcpuN/at/OP	struct mmuscope_at: what AT OP answers; the position is the VA
 *	host/cpuN/regs		text: what physical CPU N has loaded at the moment of reading
 *	host/kernel		struct mmuscope_path: the kernel's stage 1; the position is the VA
 *	host/user		struct mmuscope_path: a host process, see MMUSCOPE_USER_POS()
 *	host/processes		text: the ASIDs of the host's processes
 *	host/at/OP		struct mmuscope_at: AT OP in the host's own regime (s1e1r, s1e1w)
 *
 * PID is the number of the process (of the thread, where that has a file table of its own) in the
 * initial PID namespace, whoever reads. N of a vCPU counts from 0 in the order of creation.
 *
 * Opening a file under vm/PID-FD takes a reference on the VM that this file descriptor of this
 * process is *now*; a directory pins nothing by itself and one of a dead VM vanishes when "vms" is
 * next opened. A VM has ended when nobody but readers of these files holds it, or when its stage 2
 * was torn down; every read then fails with ESTALE, and so does opening where the descriptor leads
 * to no VM. The module cannot be unloaded while a file is open (EBUSY).
 *
 * Text files are lines "NAME VALUE", numbers in 0x hexadecimal unless said otherwise. Lines that
 * start with '#' say how the values were come by ("# NAME VALUE"). Register files hold registers
 * by their architectural name and nothing else, so that any of them can be handed to
 * "mmuscope --regs"; one that this CPU, or for a vCPU this VM, does not have is left out. Unknown
 * names must be ignored by a reader: names may be added without a change of the ABI version. The
 * text is made when a file is read from its start.
 *
 * Errors, the same for every file:
 *	ESTALE		the VM (or process) has ended
 *	ENXIO		nothing is mapped there; the vCPU, CPU or address space does not exist
 *	EIO		something is mapped there, but it is not memory that can be read without
 *			side effects
 *	EAGAIN		a table changed under the reader, or the vCPU is not on a CPU now: try again
 *	ENODATA		the vCPU has never run ("at"; "regs" says what it would start with)
 *	EOPNOTSUPP	this host cannot tell (protected KVM hides its tables, and the registers of
 *			a vCPU that is loaded; AT for a guest needs VHE)
 *	EPERM		the module parameter "at" forbids it
 *	EINVAL		the position or the length is not one that the file takes
 */
#ifndef _UAPI_MMUSCOPE_H
#define _UAPI_MMUSCOPE_H

#include <linux/types.h>

/* A reader refuses another ABI version. It changes when a layout or a meaning below does. */
#define MMUSCOPE_ABI_VERSION	1

#define MMUSCOPE_DIR		"mmuscope"

/*
 * "info", one line each:
 *	module_version	free text
 *	abi_version	decimal
 *	kernel		release that it was built for
 *	page_size	decimal
 *	mode		vhe | nvhe | hvhe | protected
 *	at		1 if AT is allowed, else 0
 *	vmid_bits	decimal, as the CPUs have it
 *	offset STRUCT.FIELD DECIMAL	where the module believes a field to be; compare with the
 *					kernel's BTF
 *	feature NAME	0 or 1, what a probe of the kernel's headers found
 *
 * The same offsets lie in the module file, section MMUSCOPE_OFFSETS_SECTION, as an array of
 * struct mmuscope_offset, so that they can be compared before the module is loaded.
 */
#define MMUSCOPE_OFFSETS_SECTION	".mmuscope.offsets"

struct mmuscope_offset {
	char	name[56];	/* "kvm.arch.mmu", zero-terminated */
	__u64	bytes;		/* from the start of the structure before the first dot */
};

/*
 * "vms", one line a VM, sorted by pid, then fd:
 *	PID-FD PID FD VCPUS COMM
 * decimal; VCPUS counts online vCPUs, COMM is the rest of the line with unprintable bytes as '?'.
 * A VM whose own file is closed is named by the lowest descriptor of a vCPU or device. A VM
 * reachable from many processes is listed once, under the process that made it if that still
 * holds it.
 *
 * "vm/PID-FD/info":
 *	pid, fd, vcpus, created_vcpus, users	decimal; users without this reader
 *	dirty_log		1 if any slot logs dirty pages
 *	stage2			visible | hidden
 * and where it is visible:
 *	ipa_bits, start_level, granule_shift	decimal; geometry as KVM keeps it
 *	VTCR_EL2, VTTBR_EL2	as KVM would load them (VMID and CnP as KVM composes them)
 *	vmid			VMID with KVM's generation above vmid_bits
 *	pgd_phys		root of stage 2
 *	invalidate_seq		KVM's mmu_invalidate_seq
 *
 * "vm/PID-FD/nested", one line a shadow stage 2 that is in use, of a guest that has EL2 (empty for
 * others, and on kernels without): "shadow N" and then names with values: guest_VTTBR_EL2 and
 * guest_VTCR_EL2 as the guest hypervisor set them (CnP clear), stage2 (1 if its HCR_EL2.VM is set),
 * VTTBR_EL2, VTCR_EL2, vmid, ipa_bits, start_level of the shadow, as in "info". N, stage2, ipa_bits
 * and start_level are decimal. Each line is of one moment; KVM may give N to another VTTBR_EL2.
 * EOPNOTSUPP for a guest that has EL2 on a kernel that moves the array of its shadows.
 *
 * "vm/PID-FD/nestedN": open() says ENXIO where shadow N is not in use. A file shows what the shadow
 * was of when it was opened: once it is of another VTTBR_EL2, VTCR_EL2 or state of HCR_EL2.VM of the
 * guest hypervisor, or of none, reads say ESTALE. KVM does not count in mmu_invalidate_seq what the
 * guest hypervisor takes away by TLBI.
 *
 * "vm/PID-FD/slots", one line a slot, sorted by IPA: "slot ID AS IPA SIZE FLAGS HVA", ID and AS
 * decimal, SIZE in bytes, FLAGS as in struct kvm_userspace_memory_region.
 */

/*
 * "locks", decimal: what reading stage 2 cost the VMs, which fault and unmap under kvm->mmu_lock.
 * The module takes it for reading. All since the module was loaded, of all VMs:
 *	mmu_lock_holds		how often
 *	mmu_lock_max_ns		the longest that it was held once, in ns
 *	mmu_lock_max_words	the most 64-bit words that were read while it was held once
 *	mmu_lock_words_bound	what mmu_lock_max_words cannot exceed: one table, or one page of
 *				memory, and one word for each level on the way there
 */

/*
 * "stage2": records in the order of a depth-first walk, a table before the tables below it. Each
 * is a struct mmuscope_record and nwords words. Every table descriptor of a copied table is
 * followed by exactly one record for the table that it points to: what the copy says is what was
 * looked for, whatever became of it since.
 *
 * A read returns whole records only, as many as fit; a buffer smaller than MMUSCOPE_RECORD_MAX may
 * give EINVAL, and loses nothing. After END, reads return 0. The file cannot be seeked but back to
 * 0, where it starts anew.
 */
struct mmuscope_record {
	__u32	type;		/* MMUSCOPE_REC_* */
	__u32	nwords;		/* 64-bit words that follow: those that an IPA can select */
	__s32	level;		/* of the table, -1..3 */
	__u32	flags;		/* MMUSCOPE_RECF_* */
	__u64	pa;		/* of the table's first word here */
	__u64	ia;		/* input address that the first word translates */
	__u64	seq;		/* KVM's mmu_invalidate_seq when it was copied */
};

#define MMUSCOPE_REC_TABLE	1	/* one table; of a concatenated root, one of its tables */
#define MMUSCOPE_REC_GONE	2	/* it is in its parent's copy, but is no more; nwords 0 */
#define MMUSCOPE_REC_UNREADABLE	3	/* a table whose memory cannot be read; nwords 0 */
#define MMUSCOPE_REC_END	4	/* pa: tables copied, ia: seq at the start, seq: now */

#define MMUSCOPE_RECF_ROOT	1	/* (part of) the root */
#define MMUSCOPE_RECF_CHANGED	2	/* END: seq or slots moved or will, or a table was GONE */

/* 8192 words are the largest table (64K granule) */
#define MMUSCOPE_RECORD_MAX	(sizeof(struct mmuscope_record) + 8192 * 8)

/*
 * "path", "host/kernel", "host/user": one walk, word by word, from the root to the first word that
 * is not a table descriptor. All words of "path" were read under one hold of the lock that keeps
 * the tables; the host's own were read twice, the same both times. The position is the input
 * address; bits below the granule do not matter. EINVAL: an address beyond the tables' input
 * range, and for host/kernel one that is not in the upper half. A read of less than the structure
 * is EINVAL; the position does not move.
 */
struct mmuscope_step {
	__u64	pa;		/* of the word */
	__u64	word;
	__s32	level;
	__u32	flags;		/* MMUSCOPE_STEPF_* */
};

#define MMUSCOPE_STEPF_UNREADABLE	1	/* word unreadable, 0 here; the last step */

#define MMUSCOPE_STEPS		6

struct mmuscope_path {
	__u64	ia;
	__u64	root;		/* PA of the root table */
	__u64	seq;		/* mmu_invalidate_seq; 0 for the host's own */
	__u32	nsteps;
	__u32	reserved;
	struct mmuscope_step step[MMUSCOPE_STEPS];
};

/*
 * "host/user": the process and the page in one position; VA below 2^52. ESTALE: no such process,
 * ENXIO: it has no address space (a kernel thread, or it is exiting).
 */
#define MMUSCOPE_USER_POS(pid, va)	\
	(((__u64)(pid) << 40) | (((__u64)(va) >> 12) & 0xffffffffffULL))

/*
 * "mem": a read may be short where the next page is not mapped (then the next read says ENXIO) or
 * not readable (EIO). An IPA beyond the input range is ENXIO.
 */

/*
 * "at/OP": OP is s1e1r s1e1w s1e0r s1e0w s12e1r s12e1w s12e0r s12e0w. The vCPU's registers must be
 * on a CPU: else EAGAIN after the module has tried for MMUSCOPE_AT_TRIES_MS. VTTBR_EL2 is checked
 * to be this VM's, VMID included, at the moment of AT. EOPNOTSUPP without VHE, and for a vCPU that
 * has EL2. A read of less than the structure is EINVAL; the position does not move.
 */
struct mmuscope_at {
	__u64	va;
	__u64	par;		/* PAR_EL1 */
	__u64	vttbr;		/* VTTBR_EL2 at that moment; 0 for host/at */
	__u32	cpu;		/* physical CPU that answered */
	__u32	reserved;
};

#define MMUSCOPE_AT_TRIES_MS	20

/*
 * "vcpuN/regs" begins with
 *	# state running|blocked|stopped|never-run
 *	# cpu N			physical CPU that it is on, or -1
 *	# source cpu|memory	read from the CPU's registers by an IPI, or from KVM's stable copy
 *	# vcpu_id N		KVM's number for it
 * and of a vCPU that has EL2
 *	# context hyp|guest	at its EL2, or in its guest
 *	# guest_HCR_EL2 0xN, # guest_VTCR_EL2 0xN, # guest_VTTBR_EL2 0xN
 *				as the guest hypervisor set them
 * _EL1 registers are those of EL1 in either context; VTTBR_EL2 and VTCR_EL2 are the VM's own at its
 * EL2 and the shadow's in its guest. They are left out where KVM does not say which shadow that is:
 * it takes it back from a vCPU that waits or is stopped, and some kernels' cannot be looked at.
 * A vCPU that waits for its turn on a CPU is running, with cpu -1.
 * "host/cpuN/regs" begins with
 *	# guest PID-FD:VCPU	or "none": whose EL1 registers are loaded
 *
 * "host/processes", one line a process that has an address space, by pid:
 *	PID ASID COMM
 * PID decimal, ASID as Linux keeps it: its number with the generation above (the ASID is as wide
 * as the CPUs have it, ID_AA64MMFR0_EL1.ASIDBits), 0 if it has none yet. COMM as in "vms". Of a
 * process whose first thread has exited each thread has a line.
 */

#endif /* _UAPI_MMUSCOPE_H */
