// SPDX-License-Identifier: GPL-2.0-only
#include "dl-bpf.h"

DL_LIBRARY(bpf, DL_BPF, "libbpf.so.1", "libbpf1")
