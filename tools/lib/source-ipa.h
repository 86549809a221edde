/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a guest takes for physical memory: a source whose PAs are IPAs of a VM. A guest hypervisor's
 * tables are in it, and by it the walker that knows two stages walks the guest of a guest.
 */
#ifndef MMUSCOPE_SOURCE_IPA_H
#define MMUSCOPE_SOURCE_IPA_H

#include "mmu.h"
#include "source.h"

/*
 * @own: the VM's own stage 2 (mmu_init() for REGIME_EL10 with HCR_EL2.VM) over a source of that VM;
 * the caller keeps both until the source is closed. A word that stage 2 does not map is -ENXIO. NULL:
 * no memory. ops->close() frees it.
 */
struct source *source_ipa_create(const struct mmu *own);

#endif /* MMUSCOPE_SOURCE_IPA_H */
