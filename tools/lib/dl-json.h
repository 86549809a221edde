/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * json-c, opened when it is needed (dl.h says how).
 */
#ifndef MMUSCOPE_DL_JSON_H
#define MMUSCOPE_DL_JSON_H

#include <json-c/json.h>

#include "dl.h"

#define DL_JSON(SYMBOL)				\
	SYMBOL(json_object_array_add)		\
	SYMBOL(json_object_array_get_idx)	\
	SYMBOL(json_object_array_length)	\
	SYMBOL(json_object_get_int)		\
	SYMBOL(json_object_get_int64)		\
	SYMBOL(json_object_get_object)		\
	SYMBOL(json_object_get_string)		\
	SYMBOL(json_object_int_inc)		\
	SYMBOL(json_object_is_type)		\
	SYMBOL(json_object_new_array)		\
	SYMBOL(json_object_new_boolean)		\
	SYMBOL(json_object_new_int64)		\
	SYMBOL(json_object_new_object)		\
	SYMBOL(json_object_new_string)		\
	SYMBOL(json_object_new_string_len)	\
	SYMBOL(json_object_object_add)		\
	SYMBOL(json_object_object_get)		\
	SYMBOL(json_object_object_get_ex)	\
	SYMBOL(json_object_object_length)	\
	SYMBOL(json_object_put)			\
	SYMBOL(json_object_to_json_string_ext)	\
	SYMBOL(json_tokener_free)		\
	SYMBOL(json_tokener_get_parse_end)	\
	SYMBOL(json_tokener_new)		\
	SYMBOL(json_tokener_parse)		\
	SYMBOL(json_tokener_parse_ex)		\
	SYMBOL(json_tokener_reset)

DL_JSON(DL_DECLARE)
const char *dl_json(void);

#endif /* MMUSCOPE_DL_JSON_H */
