// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Tables that are not as KVM, or a guest's kernel, would build them.
 */
#include <inttypes.h>

#include "audit-check.h"

enum { TWICE, CONTIG, S1_CONTIG, RESERVED, FAULTING, LOCKED, OWNER, INVALID };

static const struct audit_check checks[] = {
	[TWICE] = { "s2-table-twice", AUDIT_VIOLATED,
		    "A stage-2 table is reached on two ways, from one VM or from two." },
	[CONTIG] = { "s2-contig-mixed", AUDIT_VIOLATED,
		     "The words of a Contiguous run at stage 2 disagree: the CPU may take any of them for all." },
	[S1_CONTIG] = { "s1-contig-mixed", AUDIT_NOTICE,
			"The words of a Contiguous run at the guest's stage 1 disagree." },
	[RESERVED] = { "s2-reserved", AUDIT_UNKNOWN,
		       "A stage-2 word has a reserved encoding, or nT: what the CPU makes of it is not known." },
	[FAULTING] = { "s2-faulting-word", AUDIT_NOTICE,
		       "A stage-2 word is valid, and every access through it faults." },
	[LOCKED] = { "s2-bbm-residue", AUDIT_NOTICE,
		     "A stage-2 word has KVM's mark of a break-before-make that is under way, or never ended." },
	[OWNER] = { "s2-owner-mark", AUDIT_NOTICE,
		    "An invalid stage-2 word has KVM's mark of an owner: the page was given to somebody else." },
	[INVALID] = { "s2-invalid-word", AUDIT_NOTICE,
		      "An invalid stage-2 word is not zero, and no mark of KVM's that is known." },
};

static int twice(struct audit *a)
{
	const struct audit_table *t, *u;
	struct audit_finding f;
	size_t i;
	int ret = 0;

	for (i = 1; !ret && i < a->ntables; i++) {
		t = &a->table[i - 1];
		u = &a->table[i];
		if (u->pa >= t->pa + t->size)
			continue;
		f = audit_found(&checks[TWICE], a->vm[u->vm], "table 0x%" PRIx64
				", also named by the word at 0x%" PRIx64, u->pa, t->word_pa);
		f.has_pa = f.has_word = true;
		f.pa = u->pa;
		f.size = u->size;
		f.word_pa = u->word_pa;
		f.word = u->word;
		f.other = a->vm[t->vm];
		if (audit_may_be_gone(a, t) || audit_may_be_gone(a, u))
			f.severity = AUDIT_UNKNOWN;
		ret = audit_push(a, &f);
	}
	return ret;
}

static int leaves(struct audit *a)
{
	const struct audit_range *r;
	struct audit_finding f;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < a->nranges; i++) {
		r = &a->range[i];
		if (r->flags & RANGE_CONTIG_MIXED) {
			f = audit_found_in(a, &checks[CONTIG], r, r->pa, r->size);
			ret = audit_push(a, &f);
		}
		if (!ret && r->flags & RANGE_RESERVED) {
			f = audit_found_in(a, &checks[RESERVED], r, r->pa, r->size);
			audit_say(&f, "a reserved encoding of rights or attributes");
			ret = audit_push(a, &f);
		}
	}
	return ret;
}

static int run(struct audit *a)
{
	static const struct { int check, kind; } of[] = {
		{ RESERVED, FACT_RESERVED }, { FAULTING, FACT_FAULT }, { LOCKED, FACT_LOCKED },
		{ OWNER, FACT_ANNOTATED }, { INVALID, FACT_INVALID },
	};
	size_t i;
	int ret = twice(a);

	if (!ret)
		ret = leaves(a);
	for (i = 0; !ret && i < a->nvms; i++)
		ret = audit_push_places(a, &checks[S1_CONTIG], a->vm[i], AUDIT_S1_CONTIG);
	for (i = 0; !ret && i < sizeof(of) / sizeof(of[0]); i++)
		ret = audit_push_facts(a, &checks[of[i].check], of[i].kind);
	return ret;
}

const struct audit_group audit_structure = AUDIT_GROUP(checks, run);
