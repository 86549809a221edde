/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libelf, opened when it is needed (dl.h says how).
 */
#ifndef MMUSCOPE_DL_ELF_H
#define MMUSCOPE_DL_ELF_H

#include <gelf.h>
#include <libelf.h>

#include "dl.h"

#define DL_ELF(SYMBOL)			\
	SYMBOL(elf64_getehdr)		\
	SYMBOL(elf64_getphdr)		\
	SYMBOL(elf64_xlatetof)		\
	SYMBOL(elf_begin)		\
	SYMBOL(elf_end)			\
	SYMBOL(elf_errmsg)		\
	SYMBOL(elf_getdata)		\
	SYMBOL(elf_getdata_rawchunk)	\
	SYMBOL(elf_getphdrnum)		\
	SYMBOL(elf_getshdrstrndx)	\
	SYMBOL(elf_kind)		\
	SYMBOL(elf_memory)		\
	SYMBOL(elf_nextscn)		\
	SYMBOL(elf_strptr)		\
	SYMBOL(elf_version)		\
	SYMBOL(gelf_getehdr)		\
	SYMBOL(gelf_getclass)		\
	SYMBOL(gelf_getnote)		\
	SYMBOL(gelf_getphdr)		\
	SYMBOL(gelf_getshdr)		\
	SYMBOL(gelf_getsym)

DL_ELF(DL_DECLARE)
const char *dl_elf(void);

#endif /* MMUSCOPE_DL_ELF_H */
