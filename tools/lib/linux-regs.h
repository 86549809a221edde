/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Registers of a Linux kernel that nobody saved: composed from what the kernel's VMCOREINFO says about itself and
 * from what Linux always programs. This is the only place that does so, and every assumption is a '#' line.
 */
#ifndef MMUSCOPE_LINUX_REGS_H
#define MMUSCOPE_LINUX_REGS_H

#include <stddef.h>
#include <stdint.h>

/*
 * TTBR1_EL1, TCR_EL1, MAIR_EL1 and SCTLR_EL1 of the kernel that wrote @info, as text that regs_parse() reads:
 * allocated, *@len without the zero. TTBR0_EL1 is each process's own and is not among them. 0, -ENOMEM, or -EINVAL
 * and in *@reason (static) what @info lacks.
 */
int linux_regs(const char *info, char **text, size_t *len, const char **reason);

#endif /* MMUSCOPE_LINUX_REGS_H */
