// SPDX-License-Identifier: LGPL-2.1-or-later
#include "dl-kdump.h"

DL_LIBRARY(kdump, DL_KDUMP, "libkdumpfile.so.10", "libkdumpfile10")
