/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libbpf, opened when it is needed (dl.h says how).
 */
#ifndef MMUSCOPE_DL_BPF_H
#define MMUSCOPE_DL_BPF_H

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "dl.h"

#define DL_BPF(SYMBOL)			\
	SYMBOL(btf__find_by_name_kind)	\
	SYMBOL(btf__free)		\
	SYMBOL(btf__name_by_offset)	\
	SYMBOL(btf__parse_raw)		\
	SYMBOL(btf__resolve_type)	\
	SYMBOL(btf__type_by_id)		\
	SYMBOL(libbpf_set_print)

DL_BPF(DL_DECLARE)
const char *dl_bpf(void);

#endif /* MMUSCOPE_DL_BPF_H */
