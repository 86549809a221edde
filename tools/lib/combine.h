/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory attributes of stage 1 and stage 2, and what comes out when both apply.
 */
#ifndef MMUSCOPE_COMBINE_H
#define MMUSCOPE_COMBINE_H

#include <stdbool.h>
#include <stdint.h>

enum memtype { MEM_NORMAL, MEM_DEVICE };

/* In the order of the encoding; a smaller one is the stronger */
enum device_type { DEVICE_nGnRnE, DEVICE_nGnRE, DEVICE_nGRE, DEVICE_GRE };

enum cacheability { CACHE_NC, CACHE_WT, CACHE_WB };

/* Allocation hints as MAIR_ELx holds them: bit 1 read, bit 0 write */
#define HINT_NONE	0
#define HINT_WA		1
#define HINT_RA		2
#define HINT_RWA	3

struct cache_attr {
	enum cacheability attr;
	uint8_t hints;		/* HINT_*, of WT and WB */
	bool transient;
};

/* As in a descriptor's SH field; 1 is reserved */
enum shareability { SH_NSH = 0, SH_RESERVED = 1, SH_OSH = 2, SH_ISH = 3 };

struct memattr {
	enum memtype type;
	enum device_type device;		/* of MEM_DEVICE */
	struct cache_attr inner, outer;		/* of MEM_NORMAL */
	enum shareability sh;
	bool tagged;				/* FEAT_MTE2: Allocation Tag storage */
	bool xs;				/* FEAT_XS: false means XS = 0 */
	bool reserved;				/* from a reserved encoding: the rest is a guess */
};

/* Normal Non-cacheable, Outer Shareable */
struct memattr memattr_normal_nc(void);
/* Normal Write-Back, Read and Write-Allocate */
struct memattr memattr_normal_wb(enum shareability sh);
/* Device, Outer Shareable */
struct memattr memattr_device(enum device_type device);

/* One byte of MAIR_ELx and an SH field, where FEAT_XS and FEAT_MTE2 are there (S1DecodeMemAttrs) */
struct memattr memattr_from_mair(uint8_t attr, enum shareability sh, bool xs, bool mte2);
/* MemAttr[3:0] of a stage-2 descriptor where FWB is off (S2DecodeMemAttrs) */
struct memattr memattr_from_s2(uint8_t memattr, enum shareability sh, bool fnxs);
/* Device and Normal iNC+oNC are Outer Shareable (EffectiveShareability) */
enum shareability memattr_effective_sh(const struct memattr *m);

/* Without FEAT_S2FWB (S2CombineS1MemAttrs) */
struct memattr memattr_combine(const struct memattr *s1, const struct memattr *s2);
/* With FEAT_S2FWB; @memattr is the descriptor's field, bit 3 ignored (S2ApplyFWBMemAttrs) */
struct memattr memattr_combine_fwb(const struct memattr *s1, uint8_t memattr,
				   enum shareability s2_sh, bool fnxs);

/* PAR_EL1.ATTR (EncodePARAttrs) and PAR_EL1.SH (PAREncodeShareability) */
uint8_t memattr_par_attr(const struct memattr *m);
uint8_t memattr_par_sh(const struct memattr *m);

bool memattr_equal(const struct memattr *a, const struct memattr *b);

/*
 * "Normal WB RWA", "Device-nGnRE", ...; at most MEMATTR_TEXT bytes with the final zero, in @buf,
 * which is returned. Shareability is not part.
 */
#define MEMATTR_TEXT	80
const char *memattr_text(const struct memattr *m, char *buf);
const char *shareability_text(enum shareability sh);	/* "NSH", "OSH", "ISH" */

#endif /* MMUSCOPE_COMBINE_H */
