/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libkdumpfile, opened when it is needed (dl.h says how).
 */
#ifndef MMUSCOPE_DL_KDUMP_H
#define MMUSCOPE_DL_KDUMP_H

#include <libkdumpfile/kdumpfile.h>

#include "dl.h"

#define DL_KDUMP(SYMBOL)		\
	SYMBOL(kdump_blob_pin)		\
	SYMBOL(kdump_blob_size)		\
	SYMBOL(kdump_bmp_find_set)	\
	SYMBOL(kdump_get_err)		\
	SYMBOL(kdump_get_typed_attr)	\
	SYMBOL(kdump_new)		\
	SYMBOL(kdump_open_fdset)	\
	SYMBOL(kdump_read)		\
	SYMBOL(kdump_set_attr)

DL_KDUMP(DL_DECLARE)
const char *dl_kdump(void);

#endif /* MMUSCOPE_DL_KDUMP_H */
