// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asks the emulator's MMU: for each case, registers and table words are set,
 * AT is executed, PAR_EL1 is kept, the words are cleared again.
 *
 * It runs at EL3, with SCR_EL3.NS set, and not at EL2: the cases are free to do
 * to EL2's own MMU what they like (AT S1E2R, E2H, big-endian tables), because
 * no fetch and no load of this program goes through it.
 */
#include "case.h"

#define SYS_OPEN	0x01
#define SYS_WRITE	0x05
#define SYS_EXIT	0x18
#define OPEN_WB		5
#define EXIT_OK		0x20026

/* Where -M virt,highmem-ecam=off has the configuration space of PCI */
#define PCI_CONFIG	0x3f000000ULL
#define PCI_COMMAND	0x04
#define PCI_COMMAND_MEMORY 2
#define PCI_BAR2	0x18

/* NS, RES1, HCE, RW, APK, API, ATA, HXEn, TCR2En, PIEn, AIEn: nothing below is trapped */
#define SCR_EL3_VALUE	(1ULL << 0 | 3ULL << 4 | 1ULL << 8 | 1ULL << 10 | 3ULL << 16 | \
			 1ULL << 26 | 1ULL << 38 | 1ULL << 43 | 1ULL << 45 | 1ULL << 46)

#define STR(x)	#x
#define WRITE_REG(encoding, value) \
	asm volatile("msr " STR(encoding) ", %0" : : "r"((uint64_t)(value)) : "memory")

int main(void);
uint64_t semihost(uint64_t operation, const void *parameters);

volatile uint64_t abort_esr;

static uint64_t loaded[R_COUNT];
static int pan_loaded = -1;

static void write_reg(int reg, uint64_t value)
{
	switch (reg) {
#define X(name, encoding) case R_##name: WRITE_REG(encoding, value); break;
	CASE_REGISTERS(X)
#undef X
	}
	loaded[reg] = value;
}

/* Only what changes: in the emulator most of these writes empty its TLBs */
static void set_registers(const struct tcase *c)
{
	int i;

	for (i = 0; i < R_COUNT; i++)
		if (c->reg[i] != loaded[i])
			write_reg(i, c->reg[i]);
	if (c->pan != pan_loaded) {
		WRITE_REG(S3_0_C4_C2_3, (uint64_t)c->pan << 22);
		pan_loaded = c->pan;
	}
}

static void reset_registers(void)
{
	int i;

	for (i = 0; i < R_COUNT; i++)
		write_reg(i, 0);
}

/*
 * A word outside memory aborts, which the caller sees in abort_esr; below the
 * tables there are devices and this program.
 */
static void write_words(const struct word *w, int n, int set)
{
	int i;

	for (i = 0; i < n; i++)
		if (w[i].pa >= TABLES_START)
			*(volatile uint64_t *)w[i].pa = set ? w[i].value : 0;
		else
			abort_esr = 1;
}

#define AT(op1, crm, op2) \
	asm volatile("sys #" #op1 ", c7, " #crm ", #" #op2 ", %0" : : "r"(va) : "memory"); break

static void translate(int op, uint64_t va)
{
	switch (op) {
	case S1E1R: AT(0, c8, 0);
	case S1E1W: AT(0, c8, 1);
	case S1E0R: AT(0, c8, 2);
	case S1E0W: AT(0, c8, 3);
	case S1E1RP: AT(0, c9, 0);
	case S1E1WP: AT(0, c9, 1);
	case S1E2R: AT(4, c8, 0);
	case S1E2W: AT(4, c8, 1);
	case S12E1R: AT(4, c8, 4);
	case S12E1W: AT(4, c8, 5);
	case S12E0R: AT(4, c8, 6);
	case S12E0W: AT(4, c8, 7);
	}
}

static void flush(void)
{
	asm volatile("dsb sy; sys #4, c8, c7, #4; sys #4, c8, c7, #0; dsb sy; isb" : : : "memory");
}

static struct answer ask(const struct tcase *c)
{
	const struct word *w = (const struct word *)(c + 1);
	struct answer a;

	abort_esr = 0;
	write_words(w, c->words, 1);
	set_registers(c);
	flush();
	translate(c->op, c->va);
	asm volatile("isb; mrs %0, par_el1" : "=r"(a.par) : : "memory");
	a.abort = abort_esr;
	write_words(w, c->words, 0);
	return a;
}

/* The high memory is the second BAR of the first device on the PCI bus */
static void place_high_memory(uint64_t address)
{
	volatile uint32_t *config = (volatile uint32_t *)(PCI_CONFIG + (1 << 15));

	if (!address)
		return;
	config[PCI_BAR2 / 4] = address;
	config[PCI_BAR2 / 4 + 1] = address >> 32;
	config[PCI_COMMAND / 4] |= PCI_COMMAND_MEMORY;
}

static uint64_t length(const char *s)
{
	uint64_t n = 0;

	while (s[n])
		n++;
	return n;
}

static uint64_t open_file(const char *name)
{
	uint64_t p[3] = { (uint64_t)name, OPEN_WB, length(name) };

	return semihost(SYS_OPEN, p);
}

static int save(uint64_t file, const char *data, uint64_t size)
{
	while (size) {
		uint64_t now = size < 1 << 20 ? size : 1 << 20;
		uint64_t p[3] = { file, (uint64_t)data, now };

		if (semihost(SYS_WRITE, p))
			return -1;
		data += now;
		size -= now;
	}
	return 0;
}

static void leave(int status)
{
	uint64_t p[2] = { EXIT_OK, status };

	semihost(SYS_EXIT, p);
}

/*
 * Cases take all memory that they do not name to be zero, and a root of zero leads low: what the
 * machine left there, its device tree, must go. Ends where this program begins (link.ld).
 */
static void clear_device_tree(void)
{
	extern const char start[];
	volatile uint64_t *p;

	for (p = (volatile uint64_t *)RAM_START; (uint64_t)p < (uint64_t)start; p++)
		*p = 0;
}

int main(void)
{
	const struct batch *b = (const struct batch *)CASES_ADDR;
	const struct tcase *c = (const struct tcase *)(b + 1);
	struct answer *answers = (struct answer *)((CASES_ADDR + b->size + 63) & ~63ULL);
	uint64_t file, i;

	if (b->magic != BATCH_MAGIC || (uint64_t)(answers + b->count) > TABLES_START)
		leave(2);
	WRITE_REG(S3_6_C1_C1_0, SCR_EL3_VALUE);
	asm volatile("isb");
	clear_device_tree();
	reset_registers();
	place_high_memory(b->high);
	for (i = 0; i < b->count; i++) {
		answers[i] = ask(c);
		c = (const struct tcase *)((const struct word *)(c + 1) + c->words);
	}
	file = open_file("answers");
	if (file == ~0ULL || save(file, (const char *)answers, b->count * sizeof(*answers)))
		leave(3);
	leave(0);
	return 0;
}
