/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The text files of mmuscope's debugfs tree, and which VM a user means. Nothing is kept between calls: VMs come and go.
 *
 * @sysroot is a prefix of /sys and /proc: "" on the machine itself, a folder for a tree that was captured.
 */
#ifndef MMUSCOPE_LIVE_H
#define MMUSCOPE_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LIVE_NAME_MAX	128

struct live_vm {
	uint64_t	pid;
	uint64_t	fd;
	unsigned int	vcpus;			/* online */
	char		comm[LIVE_NAME_MAX];
	char		name[LIVE_NAME_MAX];	/* as QEMU or libvirt call it; "" if none */
	/* from its info file; have_info false if that could not be read */
	bool		have_info;
	int		info_error;		/* errno, where have_info is false */
	unsigned int	ipa_bits, granule_shift;
	int		start_level;
	uint64_t	vtcr, vttbr, vmid, pgd_phys, seq;
	enum { STAGE2_VISIBLE, STAGE2_HIDDEN, STAGE2_GONE } stage2;
	bool		dirty_log;
};

#endif /* MMUSCOPE_LIVE_H */
