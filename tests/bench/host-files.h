/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The files of a host with VMs whose stage 2 is made to measure, as a captured tree, and a snapshot
 * that the program takes of it. All return 0 or -1.
 */
#ifndef TESTS_BENCH_HOST_FILES_H
#define TESTS_BENCH_HOST_FILES_H

#include "bench.h"
#include "tables.h"

#define HOST_FILES_PID	1000u	/* of VM number 0 */
#define HOST_FILES_VMS	16

/* The host, with @vms VMs, at most HOST_FILES_VMS */
int host_files(struct bench *b, unsigned int vms);
/* VM number @i: its stage 2 is @t, its vCPU never ran */
int host_files_vm(struct bench *b, const struct tables *t, unsigned int i);
/* Take the snapshot @path of them and remove them */
int host_files_snapshot(struct bench *b, const char *path);

#endif /* TESTS_BENCH_HOST_FILES_H */
