// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dumps as a source: forged ELF cores, whole, damaged and cut off at every length; VMCOREINFO and the registers that
 * are composed from it; images of RAM that overlap.
 */
#include <elf.h>
#include <sys/stat.h>
#include <unistd.h>

#include "linux-regions.h"
#include "linux-regs.h"
#include "source-core.h"
#include "source-ram.h"
#include "vmcoreinfo.h"
#include "world.h"

/* A kernel of 4K pages and 39-bit VAs: its root is level 1, its image is one block of 2M at level 2 */
#define RAM		UINT64_C(0x40000000)
#define KIMAGE		UINT64_C(0xffffffc008000000)
#define VOFFSET		(KIMAGE - RAM)
#define SWAPPER		0x3000		/* in RAM and, from KIMAGE, in VA */
#define LEVEL2		0x4000
#define NOTE		0x5000
#define RAM_SIZE	0x8000

static const char info_text[] =
	"OSRELEASE=6.1.0-forged\nPAGESIZE=4096\nSYMBOL(swapper_pg_dir)=ffffffc008003000\n"
	"NUMBER(VA_BITS)=39\nNUMBER(kimage_voffset)=0xffffffbfc8000000\nNUMBER(PHYS_OFFSET)=0x40000000\n"
	"NUMBER(TCR_EL1_T1SZ)=0x19\nKERNELOFFSET=0\n";

static void put64(uint8_t *at, uint64_t v)
{
	memcpy(at, &v, sizeof(v));
}

/* An ELF note with VMCOREINFO at @at; returns its size */
static size_t put_note(uint8_t *at, const char *text)
{
	Elf64_Nhdr nhdr = { sizeof(VMCOREINFO_NAME), strlen(text), 0 };

	memcpy(at, &nhdr, sizeof(nhdr));
	memcpy(at + sizeof(nhdr), VMCOREINFO_NAME "\0", 12);
	memcpy(at + sizeof(nhdr) + 12, text, strlen(text));
	return (sizeof(nhdr) + 12 + strlen(text) + 3) & ~(size_t)3;
}

static void fill_ram(uint8_t *ram)
{
	memset(ram, 0, RAM_SIZE);
	/* VA bits 38:30 and 29:21 */
	put64(ram + SWAPPER + 8 * (KIMAGE >> 30 & 511), TABLE(RAM + LEVEL2));
	put64(ram + LEVEL2 + 8 * (KIMAGE >> 21 & 511), S1_BLOCK(RAM));
	strcpy((char *)ram + 0x100, "Linux version 6.1.0-forged");
}

struct elf {
	Elf64_Ehdr ehdr;
	Elf64_Phdr phdr[4];
	uint8_t notes[1024];
	uint8_t ram[RAM_SIZE];
};

/* Notes with VMCOREINFO if @note, all of RAM, and its first page once more as an own segment */
static struct elf *forge(bool note)
{
	struct elf *e = calloc(1, sizeof(*e));
	Elf64_Nhdr prstatus = { 5, 392, NT_PRSTATUS };
	size_t used = sizeof(prstatus) + 8 + 392;

	memcpy(e->ehdr.e_ident, ELFMAG, SELFMAG);
	e->ehdr.e_ident[EI_CLASS] = ELFCLASS64;
	e->ehdr.e_ident[EI_DATA] = ELFDATA2LSB;
	e->ehdr.e_ident[EI_VERSION] = EV_CURRENT;
	e->ehdr.e_type = ET_CORE;
	e->ehdr.e_machine = EM_AARCH64;
	e->ehdr.e_version = EV_CURRENT;
	e->ehdr.e_phoff = offsetof(struct elf, phdr);
	e->ehdr.e_ehsize = sizeof(e->ehdr);
	e->ehdr.e_phentsize = sizeof(e->phdr[0]);
	e->ehdr.e_phnum = 4;
	memcpy(e->notes, &prstatus, sizeof(prstatus));
	memcpy(e->notes + sizeof(prstatus), "CORE", 5);
	put64(e->notes + sizeof(prstatus) + 8 + 368, KIMAGE + 0x1234);
	put64(e->notes + sizeof(prstatus) + 8 + 376, 0x3c5);
	if (note)
		used += put_note(e->notes + used, info_text);
	e->phdr[0] = (Elf64_Phdr){ .p_type = PT_NOTE, .p_offset = offsetof(struct elf, notes), .p_filesz = used };
	e->phdr[1] = (Elf64_Phdr){ .p_type = PT_LOAD, .p_offset = offsetof(struct elf, ram), .p_vaddr = KIMAGE,
				   .p_paddr = RAM, .p_filesz = 0x1000, .p_memsz = 0x1000 };
	e->phdr[2] = (Elf64_Phdr){ .p_type = PT_LOAD, .p_offset = offsetof(struct elf, ram), .p_paddr = RAM,
				   .p_filesz = RAM_SIZE - 8, .p_memsz = RAM_SIZE + 0x1000 };
	e->phdr[3] = (Elf64_Phdr){ .p_type = PT_NULL, .p_offset = ~UINT64_C(0), .p_filesz = 1 };
	fill_ram(e->ram);
	return e;
}

/* A file of @len bytes; removed by the caller */
static void file_of(char *name, const void *data, size_t len)
{
	int fd;

	strcpy(name, "/tmp/mmuscope-core-XXXXXX");
	fd = mkstemp(name);
	assert_true(fd >= 0);
	assert_true(write(fd, data, len) == (ssize_t)len);
	close(fd);
}

static struct source *open_bytes(const void *data, size_t len, char *reason)
{
	struct source *s;
	char name[32];

	file_of(name, data, len);
	*reason = '\0';
	s = source_core_open(name, reason);
	unlink(name);
	assert_true(s || *reason);
	return s;
}

static int read_mem(struct source *s, uint64_t at, void *buf, size_t len)
{
	return s->ops->read_mem(s, pa(at), NULL, buf, len);
}

static void memory_of_an_elf_core(void **state)
{
	char reason[CORE_REASON], buf[64];
	struct elf *e = forge(true);
	struct source *s = open_bytes(e, sizeof(*e), reason);
	struct core_cpu cpu;

	(void)state;
	assert_non_null(s);
	assert_string_equal(source_core_format(s), "ELF");
	assert_int_equal(read_mem(s, RAM + 0x100, buf, 27), 0);
	assert_string_equal(buf, "Linux version 6.1.0-forged");
	/* from the first segment into the rest of the second */
	assert_int_equal(read_mem(s, RAM + 0xff8, buf, 64), 0);
	/* what is not in the file is not there: before, behind, and the part of p_memsz beyond p_filesz */
	assert_int_equal(read_mem(s, RAM - 8, buf, 16), -ENXIO);
	assert_int_equal(read_mem(s, RAM - 4096, buf, 8), -ENXIO);
	assert_int_equal(read_mem(s, RAM + RAM_SIZE - 8, buf, 8), -ENXIO);
	assert_int_equal(read_mem(s, RAM + RAM_SIZE - 12, buf, 8), -ENXIO);
	assert_int_equal(read_mem(s, RAM + RAM_SIZE, buf, 8), -ENXIO);
	assert_int_equal(source_core_cpus(s, &cpu), 1);
	assert_true(cpu.pc == KIMAGE + 0x1234 && cpu.pstate == 0x3c5);
	s->ops->close(s);
	free(e);
}

static void walk_by(struct source *s)
{
	char reason[CORE_REASON];
	struct regs_parser p = { 0 };
	struct regs regs = { 0 };
	struct walk_result w;
	struct mmu mmu;
	const char *why;
	size_t len;
	char *text;

	assert_int_equal(source_core_regs(s, &text, &len, reason), 0);
	assert_int_equal(strlen(text), len);
	assert_int_equal(regs_parse(&regs, text, len, &p), 0);
	assert_int_equal(p.unknowns, 0);
	assert_true(regs.val[REG_TTBR1_EL1] == RAM + SWAPPER);
	assert_true(regs.val[REG_PC] == KIMAGE + 0x1234);
	assert_int_equal(mmu_init(&mmu, REGIME_EL10, &regs, s, NULL, &why), 0);
	assert_int_equal(walk_va(&mmu, va(KIMAGE + 0x100), show, &w), WALK_OK);
	assert_true(w.pa.v == RAM + 0x100);
	/* nobody knows TTBR0, and root 0 is not it */
	assert_int_equal(walk_va(&mmu, va(0x1000), show, &w), WALK_UNREADABLE);
	assert_int_equal(w.error, -ENOKEY);
	free(text);
}

static void registers_from_a_note(void **state)
{
	char reason[CORE_REASON];
	struct elf *e = forge(true);
	struct source *s = open_bytes(e, sizeof(*e), reason);
	struct core_info info;

	(void)state;
	assert_non_null(s);
	assert_int_equal(source_core_info(s, &info), 0);
	assert_false(info.searched);
	assert_string_equal(info.text, info_text);
	walk_by(s);
	s->ops->close(s);
	free(e);
}

static void registers_from_memory(void **state)
{
	char reason[CORE_REASON], other[sizeof(info_text)], *text;
	struct elf *e = forge(false);
	struct core_info info;
	struct source *s;
	size_t len;

	(void)state;
	s = open_bytes(e, sizeof(*e), reason);
	assert_non_null(s);
	assert_int_equal(source_core_info(s, &info), -ENOENT);
	assert_int_equal(source_core_regs(s, &text, &len, reason), -ENOENT);
	s->ops->close(s);

	put_note(e->ram + NOTE, info_text);
	s = open_bytes(e, sizeof(*e), reason);
	assert_int_equal(source_core_info(s, &info), 0);
	assert_true(info.searched && info.pa.v == RAM + NOTE);
	walk_by(s);
	s->ops->close(s);

	/* a guest's, whose tables are elsewhere, comes first and is not taken */
	strcpy(other, info_text);
	memcpy(strstr(other, "003000"), "002000", 6);
	put_note(e->ram + 0x1000, other);
	s = open_bytes(e, sizeof(*e), reason);
	assert_int_equal(source_core_info(s, &info), 0);
	assert_true(info.pa.v == RAM + NOTE);
	s->ops->close(s);

	/* a second one that is as good */
	strcpy(other, info_text);
	memcpy(strstr(other, "forged"), "copied", 6);
	put_note(e->ram + 0x6000, other);
	s = open_bytes(e, sizeof(*e), reason);
	assert_int_equal(source_core_info(s, &info), -ENOTUNIQ);
	s->ops->close(s);
	free(e);
}

static void cut_off(void **state)
{
	char reason[CORE_REASON];
	struct elf *e = forge(true);
	struct source *s;
	size_t len;

	(void)state;
	for (len = 0; len < offsetof(struct elf, ram); len += 7) {
		s = open_bytes(e, len, reason);
		assert_null(s);
	}
	for (; len < sizeof(*e) - 8; len += 509) {
		s = open_bytes(e, len, reason);
		assert_null(s);
		assert_non_null(strstr(reason, "truncated"));
	}
	free(e);
}

/* Whatever is opened can be read and closed */
static void damaged(void **state)
{
	uint32_t seed = (uint32_t)getpid() * 2654435761u;
	char reason[CORE_REASON], buf[64], *text;
	struct elf *e = forge(true), *bad = malloc(sizeof(*bad));
	struct source *s;
	size_t len, i, at;

	(void)state;
	print_message("seed %u\n", seed);
	for (i = 0; i < 3000; i++) {
		*bad = *e;
		seed = seed * 1664525 + 1013904223;
		at = seed >> 8 & 1023;
		if (at >= offsetof(struct elf, ram))
			continue;
		((uint8_t *)bad)[at] = seed & 64 ? 0xff : seed >> 24;
		s = open_bytes(bad, sizeof(*bad), reason);
		if (!s)
			continue;
		read_mem(s, RAM + 0x100, buf, sizeof(buf));
		if (!source_core_regs(s, &text, &len, reason))
			free(text);
		s->ops->close(s);
	}
	free(bad);
	free(e);
}

static void what_is_no_core(void **state)
{
	char reason[CORE_REASON], kdump[8192] = "KDUMP   ";
	struct elf *e = forge(true);

	(void)state;
	assert_null(open_bytes("", 0, reason));
	assert_null(source_core_open("/nonexistent", reason));
	assert_string_equal(reason, "No such file or directory");
	assert_null(source_core_open("/tmp", reason));
	assert_null(open_bytes("NAME 0x12345678901234567890\n", 28, reason));
	assert_non_null(strstr(reason, "neither"));
	assert_null(open_bytes("makedumpfile\0\0\0\0", 16, reason));
	assert_non_null(strstr(reason, "makedumpfile -R"));
	assert_null(open_bytes(kdump, sizeof(kdump), reason));
	e->ehdr.e_type = ET_EXEC;
	assert_null(open_bytes(e, sizeof(*e), reason));
	assert_non_null(strstr(reason, "no core"));
	e->ehdr.e_type = ET_CORE;
	e->ehdr.e_machine = EM_X86_64;
	assert_null(open_bytes(e, sizeof(*e), reason));
	assert_non_null(strstr(reason, "another machine"));
	e->ehdr.e_machine = EM_AARCH64;
	e->phdr[2].p_paddr = ~UINT64_C(0xfff);
	assert_null(open_bytes(e, sizeof(*e), reason));
	assert_non_null(strstr(reason, "beyond"));
	e->phdr[1].p_type = e->phdr[2].p_type = PT_NULL;
	assert_null(open_bytes(e, sizeof(*e), reason));
	assert_non_null(strstr(reason, "no memory"));
	free(e);
}

/* Registers by VMCOREINFO with @from replaced by @to; 0 where they cannot be had */
static uint64_t composed(const char *from, const char *to, enum reg_id id)
{
	char info[1024], *text;
	const char *at = strstr(info_text, from), *reason;
	struct regs_parser p = { 0 };
	struct regs regs = { 0 };
	size_t len;
	int ret;

	assert_non_null(at);
	snprintf(info, sizeof(info), "%.*s%s%s", (int)(at - info_text), info_text, to, at + strlen(from));
	ret = linux_regs(info, &text, &len, &reason);
	if (ret) {
		assert_int_equal(ret, -EINVAL);
		assert_non_null(reason);
		return 0;
	}
	assert_int_equal(regs_parse(&regs, text, len, &p), 0);
	free(text);
	return regs.val[id];
}

static void what_linux_programs(void **state)
{
	uint64_t tcr = composed("", "", REG_TCR_EL1);

	(void)state;
	assert_int_equal(FIELD_OF(TCR_EL1, T1SZ, tcr), 25);
	assert_int_equal(FIELD_OF(TCR_EL1, TG1, tcr), 2);
	assert_int_equal(FIELD_OF(TCR_EL1, IPS, tcr), 5);
	assert_int_equal(FIELD_OF(TCR_EL1, DS, tcr), 0);
	/* 52 bits with 4K pages are LPA2 */
	tcr = composed("39\nNUMBER(kimage_voffset)=0xffffffbfc8000000\nNUMBER(PHYS_OFFSET)=0x40000000\nNUMBER(TCR_EL1_T1SZ)=0x19",
		       "52\nNUMBER(kimage_voffset)=0xffffffbfc8000000\nNUMBER(TCR_EL1_T1SZ)=0xc", REG_TCR_EL1);
	assert_int_equal(FIELD_OF(TCR_EL1, T1SZ, tcr), 12);
	assert_int_equal(FIELD_OF(TCR_EL1, DS, tcr), 1);
	assert_int_equal(FIELD_OF(TCR_EL1, IPS, tcr), 6);
	/* an old kernel says no T1SZ: what it was built for counts, but not for 52 bits */
	assert_int_equal(FIELD_OF(TCR_EL1, T1SZ, composed("NUMBER(TCR_EL1_T1SZ)=0x19\n", "", REG_TCR_EL1)), 25);
	assert_true(!composed("39\nNUMBER(kimage_voffset)=0xffffffbfc8000000\nNUMBER(PHYS_OFFSET)=0x40000000\nNUMBER(TCR_EL1_T1SZ)=0x19",
			      "52\nNUMBER(kimage_voffset)=0xffffffbfc8000000", REG_TCR_EL1));
	assert_int_equal(FIELD_OF(TCR_EL1, TG1, composed("PAGESIZE=4096", "PAGESIZE=16384", REG_TCR_EL1)), 0);
	assert_true(composed("", "", REG_MAIR_EL1) == 0x40044ffff);
	/* each of these it cannot do without */
	assert_true(!composed("PAGESIZE=4096", "PAGESIZE=8192", REG_TCR_EL1));
	assert_true(!composed("PAGESIZE=4096\n", "", REG_TCR_EL1));
	assert_true(!composed("SYMBOL(swapper_pg_dir)=", "SYMBOL(other)=", REG_TCR_EL1));
	assert_true(!composed("ffffffc008003000", "ffffffc008003008", REG_TCR_EL1));
	assert_true(!composed("ffffffc008003000", "ffffffc00800300g", REG_TCR_EL1));
	assert_true(!composed("NUMBER(kimage_voffset)=", "NUMBER(voffset)=", REG_TCR_EL1));
	assert_true(!composed("NUMBER(VA_BITS)=39", "NUMBER(VA_BITS)=99", REG_TCR_EL1));
}

/* 64K pages, built for 52 bits of VA and run with 48 or 52 */
static void root_of_fewer_bits(void **state)
{
	static const char fmt[] = "PAGESIZE=65536\nSYMBOL(swapper_pg_dir)=ffffffc008010000\nNUMBER(VA_BITS)=52\n"
				  "NUMBER(kimage_voffset)=0xffffffbfc8000000\nNUMBER(TCR_EL1_T1SZ)=%s\n";
	const char *t1sz[] = { "0xc", "0x10" }, *reason;
	const uint64_t root[] = { 0x40010000, 0x40011e00 };
	struct regs_parser p = { 0 };
	struct regs regs;
	char info[512], *text;
	size_t len, i;

	(void)state;
	for (i = 0; i < 2; i++) {
		memset(&regs, 0, sizeof(regs));
		snprintf(info, sizeof(info), fmt, t1sz[i]);
		assert_int_equal(linux_regs(info, &text, &len, &reason), 0);
		assert_int_equal(regs_parse(&regs, text, len, &p), 0);
		assert_true(regs.val[REG_TTBR1_EL1] == root[i]);
		assert_int_equal(FIELD_OF(TCR_EL1, DS, regs.val[REG_TCR_EL1]), 0);
		free(text);
	}
}

static void regions_of_linux(void **state)
{
	static const char info[] =
		"PAGESIZE=4096\nNUMBER(VA_BITS)=52\nNUMBER(MODULES_VADDR)=0xffff800000000000\n"
		"NUMBER(MODULES_END)=0xffff800080000000\nNUMBER(VMALLOC_START)=0xffff800080000000\n"
		"NUMBER(VMALLOC_END)=0xffffc1ffbf800000\nNUMBER(VMEMMAP_START)=0xffffc1ffc0000000\n";
	struct linux_regions r;

	(void)state;
	linux_regions(info, NULL, &r);
	assert_int_equal(r.count, 3);
	assert_string_equal(linux_region_at(&r, 0xfff0000000000000)->name, "linear map");
	/* the last eighth of 48 bits below PAGE_END may be KASAN's */
	assert_string_equal(linux_region_at(&r, 0xffff5fffffffffff)->name, "linear map");
	assert_null(linux_region_at(&r, 0xffff600000000000));
	assert_string_equal(linux_region_at(&r, 0xffff80007fffffff)->name, "modules");
	assert_string_equal(linux_region_at(&r, 0xffff800080000000)->name, "vmalloc");
	/* half a bound is none */
	assert_null(linux_region_at(&r, 0xffffc1ffc0000000));
	assert_null(linux_region_at(&r, 0x1000));
	/* before 5.19 nothing is told, and the linear map may be at the other end */
	linux_regions("PAGESIZE=4096\nNUMBER(VA_BITS)=48\n", NULL, &r);
	assert_int_equal(r.count, 0);
}

static void lines_of_vmcoreinfo(void **state)
{
	static const char info[] = "A=1\nAB=2\n\nNUMBER(n)=0x10\nNUMBER(m)=-1\nNUMBER(z)=010\nSYMBOL(s)=ff\nX=\nLAST=q";
	char text[4];
	uint64_t v;

	(void)state;
	assert_true(vmcoreinfo_text(info, "A", text, sizeof(text)) && !strcmp(text, "1"));
	assert_true(vmcoreinfo_text(info, "X", text, sizeof(text)) && !*text);
	assert_true(vmcoreinfo_text(info, "LAST", text, 2) && !strcmp(text, "q"));
	assert_false(vmcoreinfo_text(info, "LAST", text, 1));
	assert_false(vmcoreinfo_text(info, "B", text, sizeof(text)));
	assert_true(vmcoreinfo_number(info, "n", &v) && v == 16);
	assert_true(vmcoreinfo_number(info, "z", &v) && v == 10);
	assert_true(vmcoreinfo_symbol(info, "s", &v) && v == 255);
	assert_false(vmcoreinfo_number(info, "m", &v));
	assert_false(vmcoreinfo_decimal(info, "X", &v));
}

/* The rest of a range goes around what is there, in every position of the two */
static void rest_of_a_range(void **state)
{
	uint8_t old[16], new[32], got;
	size_t from, len, i;
	struct source *s;

	(void)state;
	memset(old, 'o', sizeof(old));
	memset(new, 'n', sizeof(new));
	for (from = 0; from < 32; from++)
		for (len = 0; len <= 32 - from; len++) {
			s = source_ram_create();
			assert_int_equal(source_ram_add(s, old, 4, pa(1000 + 8)), 0);
			assert_int_equal(source_ram_add(s, old, 4, pa(1000 + 20)), 0);
			assert_int_equal(source_ram_add_rest(s, new, len, pa(1000 + from)), 0);
			for (i = 0; i < 40; i++) {
				bool is_old = (i >= 8 && i < 12) || (i >= 20 && i < 24);
				bool is_new = i >= from && i < from + len;

				assert_int_equal(read_mem(s, 1000 + i, &got, 1), is_old || is_new ? 0 : -ENXIO);
				if (is_old || is_new)
					assert_int_equal(got, is_old ? 'o' : 'n');
			}
			s->ops->close(s);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_of_an_elf_core),
		cmocka_unit_test(registers_from_a_note),
		cmocka_unit_test(registers_from_memory),
		cmocka_unit_test(cut_off),
		cmocka_unit_test(damaged),
		cmocka_unit_test(what_is_no_core),
		cmocka_unit_test(what_linux_programs),
		cmocka_unit_test(root_of_fewer_bits),
		cmocka_unit_test(regions_of_linux),
		cmocka_unit_test(lines_of_vmcoreinfo),
		cmocka_unit_test(rest_of_a_range),
	};

	unused_accesses();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
