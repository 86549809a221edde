// SPDX-License-Identifier: GPL-2.0-only
#include "dl-kmod.h"

DL_LIBRARY(kmod, DL_KMOD, "libkmod.so.2", "libkmod2")
