// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The fault status codes, each once.
 */
#include <stdio.h>

#include "fsc.h"

#define LEVEL(code, text, kind, lvl)	\
	[code] = { .name = text, .type = kind, .has_level = true, .level = lvl }
#define PLAIN(code, text)		[code] = { .name = text, .type = FAULT_NONE }

#define LEVELS_0_TO_3(code, text, kind)	\
	LEVEL((code) + 0, text, kind, 0), LEVEL((code) + 1, text, kind, 1),	\
	LEVEL((code) + 2, text, kind, 2), LEVEL((code) + 3, text, kind, 3)

#define ADDRESS_SIZE	"Address size fault"
#define TRANSLATION	"Translation fault"
#define ACCESS_FLAG	"Access flag fault"
#define PERMISSION	"Permission fault"
#define DOMAIN		"Domain fault"
#define WALK_ABORT	"Synchronous External abort on translation table walk"
#define WALK_PARITY	"Synchronous parity or ECC error on translation table walk"
#define WALK_GPF	"Granule Protection Fault on translation table walk"

static const struct fsc long_codes[64] = {
	LEVELS_0_TO_3(0x00, ADDRESS_SIZE, FAULT_ADDRESS_SIZE),
	LEVELS_0_TO_3(0x04, TRANSLATION, FAULT_TRANSLATION),
	LEVELS_0_TO_3(0x08, ACCESS_FLAG, FAULT_ACCESS_FLAG),
	LEVELS_0_TO_3(0x0c, PERMISSION, FAULT_PERMISSION),
	PLAIN(0x10, "Synchronous External abort"),
	PLAIN(0x11, "Synchronous Tag Check Fault"),
	LEVEL(0x12, WALK_ABORT, FAULT_EXTERNAL_WALK, -2),
	LEVEL(0x13, WALK_ABORT, FAULT_EXTERNAL_WALK, -1),
	LEVELS_0_TO_3(0x14, WALK_ABORT, FAULT_EXTERNAL_WALK),
	PLAIN(0x18, "Synchronous parity or ECC error"),
	LEVEL(0x1b, WALK_PARITY, FAULT_NONE, -1),
	LEVELS_0_TO_3(0x1c, WALK_PARITY, FAULT_NONE),
	PLAIN(0x21, "Alignment fault"),
	LEVEL(0x22, WALK_GPF, FAULT_NONE, -2),
	LEVEL(0x23, WALK_GPF, FAULT_NONE, -1),
	LEVELS_0_TO_3(0x24, WALK_GPF, FAULT_NONE),
	PLAIN(0x28, "Granule Protection Fault"),
	LEVEL(0x29, ADDRESS_SIZE, FAULT_ADDRESS_SIZE, -1),
	LEVEL(0x2a, TRANSLATION, FAULT_TRANSLATION, -2),
	LEVEL(0x2b, TRANSLATION, FAULT_TRANSLATION, -1),
	LEVEL(0x2c, ADDRESS_SIZE, FAULT_ADDRESS_SIZE, -2),
	PLAIN(0x30, "TLB conflict abort"),
	PLAIN(0x31, "Unsupported atomic hardware update fault"),
	PLAIN(0x34, "IMPLEMENTATION DEFINED fault (lockdown)"),
	PLAIN(0x35, "IMPLEMENTATION DEFINED fault (unsupported exclusive or atomic access)"),
	/* only by AT of a stage 1 with short descriptors */
	LEVEL(0x3d, DOMAIN, FAULT_DOMAIN, 1),
	LEVEL(0x3e, DOMAIN, FAULT_DOMAIN, 2),
};

static const struct fsc short_codes[32] = {
	PLAIN(0x01, "Alignment fault"),
	PLAIN(0x02, "Debug exception"),
	LEVEL(0x03, ACCESS_FLAG, FAULT_ACCESS_FLAG, 1),
	PLAIN(0x04, "Fault on instruction cache maintenance"),
	LEVEL(0x05, TRANSLATION, FAULT_TRANSLATION, 1),
	LEVEL(0x06, ACCESS_FLAG, FAULT_ACCESS_FLAG, 2),
	LEVEL(0x07, TRANSLATION, FAULT_TRANSLATION, 2),
	PLAIN(0x08, "Synchronous External abort"),
	LEVEL(0x09, DOMAIN, FAULT_DOMAIN, 1),
	LEVEL(0x0b, DOMAIN, FAULT_DOMAIN, 2),
	LEVEL(0x0c, WALK_ABORT, FAULT_EXTERNAL_WALK, 1),
	LEVEL(0x0d, PERMISSION, FAULT_PERMISSION, 1),
	LEVEL(0x0e, WALK_ABORT, FAULT_EXTERNAL_WALK, 2),
	LEVEL(0x0f, PERMISSION, FAULT_PERMISSION, 2),
	PLAIN(0x10, "TLB conflict abort"),
	PLAIN(0x14, "IMPLEMENTATION DEFINED fault (lockdown)"),
	PLAIN(0x15, "IMPLEMENTATION DEFINED fault (unsupported exclusive access)"),
	PLAIN(0x16, "SError"),
	PLAIN(0x18, "SError by parity or ECC error"),
	PLAIN(0x19, "Synchronous parity or ECC error"),
	LEVEL(0x1c, WALK_PARITY, FAULT_NONE, 1),
	LEVEL(0x1e, WALK_PARITY, FAULT_NONE, 2),
};

static const struct fsc reserved;

const struct fsc *fsc_decode(unsigned int code)
{
	return code < 64 ? &long_codes[code] : &reserved;
}

const struct fsc *fsc_decode_short(unsigned int fs)
{
	return fs < 32 ? &short_codes[fs] : &reserved;
}

static const char *text(const struct fsc *fsc, unsigned int code, char *buf, size_t size)
{
	if (!fsc->name)
		snprintf(buf, size, "reserved (0x%02x)", code);
	else if (fsc->has_level)
		snprintf(buf, size, "%s, level %d", fsc->name, fsc->level);
	else
		snprintf(buf, size, "%s", fsc->name);
	return buf;
}

const char *fsc_text(unsigned int code, char *buf, size_t size)
{
	return text(fsc_decode(code), code, buf, size);
}

const char *fsc_text_short(unsigned int fs, char *buf, size_t size)
{
	return text(fsc_decode_short(fs), fs, buf, size);
}

/* EncodeLDFSC */
uint8_t fault_fsc(enum fault_type type, int level)
{
	unsigned int code;

	if (type == FAULT_NONE)
		return FSC_NONE;
	for (code = 0; code < 64; code++)
		if (long_codes[code].type == type && long_codes[code].level == level)
			return code;
	return FSC_NONE;
}

const char *fault_type_text(enum fault_type type)
{
	unsigned int code;

	if (type == FAULT_NONE)
		return "no fault";
	for (code = 0; code < 64; code++)
		if (long_codes[code].type == type)
			return long_codes[code].name;
	return "unknown fault";
}
