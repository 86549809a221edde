/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libkmod, opened when it is needed (dl.h says how).
 */
#ifndef MMUSCOPE_DL_KMOD_H
#define MMUSCOPE_DL_KMOD_H

#include <libkmod.h>

#include "dl.h"

#define DL_KMOD(SYMBOL)				\
	SYMBOL(kmod_list_next)			\
	SYMBOL(kmod_module_get_info)		\
	SYMBOL(kmod_module_get_module)		\
	SYMBOL(kmod_module_get_path)		\
	SYMBOL(kmod_module_info_free_list)	\
	SYMBOL(kmod_module_info_get_key)	\
	SYMBOL(kmod_module_info_get_value)	\
	SYMBOL(kmod_module_insert_module)	\
	SYMBOL(kmod_module_new_from_lookup)	\
	SYMBOL(kmod_module_new_from_name)	\
	SYMBOL(kmod_module_new_from_path)	\
	SYMBOL(kmod_module_remove_module)	\
	SYMBOL(kmod_module_unref)		\
	SYMBOL(kmod_module_unref_list)		\
	SYMBOL(kmod_new)			\
	SYMBOL(kmod_set_log_priority)		\
	SYMBOL(kmod_unref)

DL_KMOD(DL_DECLARE)
const char *dl_kmod(void);

#endif /* MMUSCOPE_DL_KMOD_H */
