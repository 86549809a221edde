/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What ESR_ELx, FAR_ELx and HPFAR_EL2 tell together about the last exception. For an abort at
 * stage 2 that is what an emulator of a device needs: the IPA, read or write, how many bytes,
 * which register, whether to extend the sign.
 */
#ifndef MMUSCOPE_ESR_H
#define MMUSCOPE_ESR_H

#include <stdbool.h>
#include <stdint.h>

#include "addr.h"
#include "regs.h"

enum syndrome_kind {
	SYNDROME_OTHER,			/* no abort: .ec_text says it all */
	SYNDROME_DATA_ABORT,
	SYNDROME_INSTRUCTION_ABORT,
};

enum ipa_state {
	IPA_NOT_HELD,			/* none is reported for this fault, or stage 1 faulted */
	IPA_NOT_GIVEN,			/* HPFAR_EL2 is absent */
	IPA_HELD,
	IPA_IF_KVM,			/* UNKNOWN, but KVM's copy may have been filled in */
};

struct syndrome {
	uint8_t ec;
	const char *ec_text;		/* NULL: reserved */
	enum syndrome_kind kind;

	/* Aborts */
	bool lower_el;			/* taken from a lower Exception level */
	bool stage2;			/* by the stage-2 tables, as far as the registers tell */
	uint8_t fsc;
	char fault[96];			/* fsc_text() */
	bool s1ptw;			/* stage 2 fault on a stage-1 table */
	bool write;			/* data aborts; also of cache maintenance */
	bool cm;			/* cache maintenance or address translation instruction */
	bool vncr;			/* access redirected by VNCR_EL2 */
	bool external;			/* External abort */
	/* also for PC alignment faults and watchpoints */
	bool far_given, far_valid;
	struct va far;

	enum ipa_state ipa_state;
	struct ipa ipa;			/* to the byte, if .s1ptw to 4 KB; HELD and IF_KVM only */

	/* Data aborts: the instruction syndrome */
	bool isv;			/* what follows is valid */
	uint8_t size;			/* bytes: 1, 2, 4, 8 */
	uint8_t reg;			/* 0..30, 31 is XZR */
	bool reg64;
	bool sign_extend;
	bool acquire_release;

	bool can_emulate;		/* a device could be emulated from this alone */
	const char *why_not;		/* static text, where a stage 2 abort cannot */
};

/*
 * Explain ESR_EL1 (@el 1) or ESR_EL2 (@el 2) of @regs. False if that register is absent.
 */
bool syndrome_explain(struct syndrome *s, const struct regs *regs, int el);

#endif /* MMUSCOPE_ESR_H */
