/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Fault status codes: the six bits of ESR_ELx.ISS.DFSC and IFSC, PAR_EL1.FST and the
 * long-descriptor DFSR and IFSR (EncodeLDFSC), and the five of the short-descriptor ones
 * (EncodeSDFSC). fault_fsc() of walk.h reads the same table.
 */
#ifndef MMUSCOPE_FSC_H
#define MMUSCOPE_FSC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "walk.h"

struct fsc {
	const char *name;	/* "Translation fault"; NULL: the code is reserved */
	enum fault_type type;	/* FAULT_NONE for what a walk of tables never ends in */
	bool has_level;
	int8_t level;
};

/* What @code stands for; codes beyond six bits are reserved */
const struct fsc *fsc_decode(unsigned int code);
/* The same for FS[4:0] of DFSR and IFSR with short descriptors */
const struct fsc *fsc_decode_short(unsigned int fs);

/* No code says this: a level that the fault cannot have */
#define FSC_NONE	0x3f

/* "Translation fault, level 2", "Alignment fault", "reserved (0x3f)" into @buf; returns @buf */
const char *fsc_text(unsigned int code, char *buf, size_t size);
const char *fsc_text_short(unsigned int fs, char *buf, size_t size);

#endif /* MMUSCOPE_FSC_H */
