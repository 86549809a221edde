/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What tags hands to a view.
 */
#ifndef MMUSCOPE_VIEW_TAGS_H
#define MMUSCOPE_VIEW_TAGS_H

#include "host-tags.h"
#include "view.h"

/* One VM that is shown */
struct tags_vm {
	size_t			index;		/* in host_tags.vm and .use */
	struct tags_vcpu	*vcpu;
	size_t			nvcpus;
};

/* One host */
struct tags_view {
	const char		*name;		/* "" where there is but one */
	const struct host_tags	*host;
	const struct tags_vm	*vm;
	size_t			nvms;
	bool			processes;	/* show them one by one */
};

/* One VA */
struct tags_entry_view {
	const char			*target;
	const struct walk_result	*walk;
	const struct tlb_entry		*entry;		/* of a walk that is WALK_OK */
	bool				no_asid;	/* a process's, and it could not be read */
	const struct tlbi_features	*features;
	const struct tlbi		*tlbi;
	size_t				ntlbi;
};

void text_tags(struct view *v, const struct tags_view *r);
void text_tags_entry(struct view *v, const struct tags_entry_view *r);
void json_tags(struct view *v, const struct tags_view *r);
void json_tags_entry(struct view *v, const struct tags_entry_view *r);

#endif /* MMUSCOPE_VIEW_TAGS_H */
