// SPDX-License-Identifier: LGPL-2.1-or-later
#include "dl-elf.h"

DL_LIBRARY(elf, DL_ELF, "libelf.so.1", "libelf1")
