// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What was not seen. Each of these keeps a VM from being called isolated.
 */
#include <inttypes.h>
#include <string.h>

#include "audit-check.h"

enum {
	TABLE, GUEST_TABLE, LIMIT, CHANGED, HIDDEN, NESTED, VM, OTHER, REGISTERS, SLOTS, RESOURCES, VMM,
	HOST,
};

static const struct audit_check checks[] = {
	[TABLE] = { "unread-table", AUDIT_UNKNOWN,
		    "A stage-2 table could not be read: what it maps is not known." },
	[GUEST_TABLE] = { "unread-guest-table", AUDIT_UNKNOWN,
			  "A table of the guest's stage 1 could not be read." },
	[LIMIT] = { "unread-limit", AUDIT_UNKNOWN,
		    "There are more tables than are read: do they lead to each other?" },
	[CHANGED] = { "unread-changed", AUDIT_UNKNOWN,
		      "The tables changed while they were read, each time that they were." },
	[HIDDEN] = { "unread-hidden", AUDIT_UNKNOWN,
		     "Stage 2 is hidden from the host (protected KVM)." },
	[NESTED] = { "unread-nested", AUDIT_UNKNOWN,
		     "Of what KVM keeps as stage 2 for guests of the guest not all could be read." },
	[VM] = { "unread-vm", AUDIT_UNKNOWN, "Of a VM nothing could be read." },
	[OTHER] = { "unread-other", AUDIT_UNKNOWN,
		    "What another VM has mapped is not known in full: it may have memory of this one." },
	[REGISTERS] = { "unread-registers", AUDIT_UNKNOWN, "Registers could not be read." },
	[SLOTS] = { "unread-slots", AUDIT_UNKNOWN, "The memory slots could not be read." },
	[RESOURCES] = { "unread-resources", AUDIT_UNKNOWN,
			"The host's resources could not be read: what is memory and what the kernel is not known." },
	[VMM] = { "unread-vmm", AUDIT_UNKNOWN,
		  "The VMM's own tables could not be read: stage 2 was not compared with them." },
	[HOST] = { "unread-host", AUDIT_UNKNOWN,
		   "Memory of the host's kernel or its modules could not be found." },
};

static const struct audit_check *check_of(const char *id)
{
	size_t i;

	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		if (!strcmp(checks[i].id, id))
			return &checks[i];
	return &checks[VM];
}

static int unreadable(struct audit *a)
{
	struct audit_finding f;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < a->nunread; i++) {
		f = audit_found(check_of(a->unread[i].id),
				a->unread[i].vm < 0 ? NULL : a->vm[a->unread[i].vm], "%s",
				a->unread[i].text);
		ret = audit_push(a, &f);
	}
	return ret;
}

static int changed(struct audit *a)
{
	struct audit_finding f;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < a->nvms; i++) {
		if (!a->vm[i]->changed)
			continue;
		f = audit_found(&checks[CHANGED], a->vm[i], "what was read is of no single moment");
		ret = audit_push(a, &f);
	}
	return ret;
}

/* Whether stage 2 of a VM may map more than was seen of it */
static bool maps_more(const struct audit *a, uint32_t vm)
{
	static const int whole[] = { HIDDEN, NESTED, VM, TABLE };
	size_t i, j;

	/*
	 * A table that is gone may have given way to a block of the same pages, and what is in a
	 * break-before-make is mapped again in a moment
	 */
	if (a->vm[vm]->missed)
		return true;
	for (i = 0; i < a->nunread; i++)
		for (j = 0; j < sizeof(whole) / sizeof(whole[0]); j++)
			if (a->unread[i].vm == (int32_t)vm && check_of(a->unread[i].id) == &checks[whole[j]])
				return true;
	for (i = 0; i < a->nfacts; i++)
		if (a->fact[i].vm == vm && a->fact[i].stage == 2 &&
		    (a->fact[i].kind == FACT_UNREADABLE || a->fact[i].kind == FACT_LIMIT))
			return true;
	return false;
}

/* No VM is isolated from one that was not seen: said of those of which nothing else says so */
static int others(struct audit *a)
{
	struct audit_finding f;
	size_t i, n = 0, first = 0;
	int ret = 0;

	for (i = 0; i < a->nvms; i++)
		if (maps_more(a, i) && !n++)
			first = i;
	for (i = 0; n && !ret && i < a->nvms; i++) {
		if (maps_more(a, i))
			continue;
		f = audit_found(&checks[OTHER], a->vm[i], "stage 2 of VM %.64s%s was not read in full",
				a->vm[first]->name, n > 1 ? " and of others" : "");
		f.other = a->vm[first];
		f.more = n - 1;
		ret = audit_push(a, &f);
	}
	return ret;
}

/* Without these nothing shows that a VM has no memory of the kernel, whatever else is said of it */
bool audit_bears_on_all(const struct audit_check *check)
{
	return check == &checks[RESOURCES] || check == &checks[HOST];
}

/* Every finding says all that it can, once: the same texts in a row become one */
static int run(struct audit *a)
{
	int ret = unreadable(a);

	if (!ret)
		ret = changed(a);
	if (!ret)
		ret = audit_push_facts(a, &checks[TABLE], FACT_UNREADABLE);
	if (!ret)
		ret = audit_push_facts(a, &checks[GUEST_TABLE], FACT_GUEST_UNREADABLE);
	if (!ret)
		ret = audit_push_facts(a, &checks[LIMIT], FACT_LIMIT);
	return ret ? ret : others(a);
}

const struct audit_group audit_unknown = AUDIT_GROUP(checks, run);
