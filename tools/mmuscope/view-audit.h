/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What audit hands to a view. Of each machine, and each time at which one was seen: its begin, its
 * findings, its VMs; then the end of all.
 */
#ifndef MMUSCOPE_VIEW_AUDIT_H
#define MMUSCOPE_VIEW_AUDIT_H

#include "audit.h"
#include "view.h"

struct audit_host_view {
	const char		*host;		/* "" for the machine that this runs on */
	size_t			vms, left_out;	/* looked at; of the others nothing is known */
	const char		*compared;	/* which files are of one time, in words */
};

struct audit_vm_view {
	const struct audit_vm	*vm;
	enum audit_severity	verdict;
	uint64_t		findings[AUDIT_VIOLATED + 1];	/* not accepted, by severity */
	uint64_t		accepted;
};

struct audit_tail {
	enum audit_severity	verdict;
	uint64_t		vms, checks;
	uint64_t		findings[AUDIT_VIOLATED + 1];
	uint64_t		accepted;	/* by the baseline */
};

void text_audit_begin(struct view *v, const struct audit_host_view *r);
void text_audit_finding(struct view *v, const struct audit_finding *f);
void text_audit_vm(struct view *v, const struct audit_vm_view *r);
void text_audit_end(struct view *v, const struct audit_tail *r);
void json_audit_begin(struct view *v, const struct audit_host_view *r);
void json_audit_finding(struct view *v, const struct audit_finding *f);
void json_audit_vm(struct view *v, const struct audit_vm_view *r);
void json_audit_end(struct view *v, const struct audit_tail *r);


#endif /* MMUSCOPE_VIEW_AUDIT_H */
