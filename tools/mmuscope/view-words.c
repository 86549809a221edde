// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values in words, for every view alike.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fsc.h"
#include "view.h"

const char *size_text(uint64_t size, char *buf)
{
	static const char unit[] = "BKMGTPE";
	unsigned int i = 0;

	while (size && !(size & 1023) && unit[i + 1]) {
		size >>= 10;
		i++;
	}
	if (i)
		snprintf(buf, 24, "%" PRIu64 "%c", size, unit[i]);
	else
		snprintf(buf, 24, "%" PRIu64, size);
	return buf;
}

const char *rights_text(struct rights r, char *buf)
{
	buf[0] = r.r ? 'R' : '-';
	buf[1] = r.w ? 'W' : '-';
	buf[2] = r.x ? 'X' : '-';
	buf[3] = '\0';
	return buf;
}

const char *privileged_text(enum regime regime)
{
	return regime == REGIME_EL10 ? "EL1" : regime == REGIME_EL3 ? "EL3" : "EL2";
}

const char *perms_text(struct perms p, enum regime regime, char *buf)
{
	char privileged[4], el0[4];

	snprintf(buf, PERMS_TEXT, "%s %s", privileged_text(regime), rights_text(p.el1, privileged));
	if (regime == REGIME_EL10 || regime == REGIME_EL20)
		snprintf(buf + strlen(buf), PERMS_TEXT - strlen(buf), " EL0 %s", rights_text(p.el0, el0));
	return buf;
}

const char *choice_words(unsigned int bit, uint32_t other, char *buf)
{
	snprintf(buf, CHOICE_TEXT, "%s: %s", choice_name(bit), choice_text(bit, other >> bit & 1));
	return buf;
}

static void add(char *buf, bool is, const char *word)
{
	if (!is)
		return;
	if (*buf)
		strcat(buf, " ");
	strcat(buf, word);
}

const char *flags_text(const struct stage_result *leaf, int stage, char *buf)
{
	buf[0] = '\0';
	add(buf, leaf->af, "AF");
	add(buf, !leaf->af, "no-AF");
	add(buf, stage == 1 && leaf->ng, "nG");
	add(buf, leaf->contig, "contiguous");
	add(buf, leaf->dbm, "DBM");
	add(buf, stage == 1 && leaf->gp, "GP");
	add(buf, leaf->ns, "NS");
	return buf;
}

const char *fault_text(const struct walk_fault *fault, char *buf)
{
	snprintf(buf, FAULT_TEXT, "stage %d %s, level %d (FSC 0x%02x)%s%s%s%s", fault->stage,
		 fault_type_text(fault->type), fault->level, fault_fsc(fault->type, fault->level),
		 fault->s1ptw ? ", on the address of a stage-1 table (S1PTW)" : "",
		 fault->overlay ? ", by an overlay" : "",
		 fault->dirty_bit ? ", of a clean page" : "",
		 fault->assured_only ? ", AssuredOnly" : "");
	return buf;
}

bool visit_has_word(const struct visit *visit)
{
	return !(visit->event & (VISIT_UNREADABLE | VISIT_ZERO));
}

bool visit_has_next(const struct visit *visit)
{
	return visit->event & (VISIT_TABLE_PRE | VISIT_LIMIT | VISIT_UNREADABLE);
}

const struct walk_fault *visit_fault(const struct visit *visit)
{
	if (visit->event == VISIT_FAULT || (visit->event == VISIT_UNREADABLE && !visit->error))
		return &visit->fault;
	return NULL;
}

/* Of a stage-1 table that could not be read, only its IPA is sure to be known */
bool visit_has_pa(const struct visit *visit)
{
	return visit->event != VISIT_UNREADABLE || !visit->has_ipa;
}

const char *word_text(struct word word, bool wide, char *buf)
{
	if (wide)
		snprintf(buf, WORD_TEXT, "0x%016" PRIx64 "%016" PRIx64, word.hi, word.lo);
	else
		snprintf(buf, WORD_TEXT, "0x%016" PRIx64, word.lo);
	return buf;
}

const struct geometry *dump_geometry(const struct view *v, const struct visit *visit)
{
	return visit->stage == 2 ? &v->mmu->s2.geo : &v->mmu->s1[0].geo;
}

const char *visit_text(const struct visit *visit)
{
	switch (visit->event) {
	case VISIT_LEAF:
		return visit->desc.type == DESC_BLOCK ? "block" : "page";
	case VISIT_TABLE_PRE:
		return "table";
	case VISIT_INVALID:
		return visit->desc.reserved ? "reserved" : "invalid";
	case VISIT_UNREADABLE:
		return visit->error == -EAGAIN ? "changed" : "unreadable";
	case VISIT_FAULT:
		return "fault";
	case VISIT_LIMIT:
		return "not opened";
	case VISIT_ZERO:
		return "empty";
	default:
		return "";
	}
}
