// SPDX-License-Identifier: LGPL-2.1-or-later
#include "dl-json.h"

DL_LIBRARY(json, DL_JSON, "libjson-c.so.5", "libjson-c5")
