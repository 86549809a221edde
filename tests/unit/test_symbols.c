// SPDX-License-Identifier: GPL-2.0-only
/*
 * Symbols: lists as System.map and kallsyms have them, a forged vmlinux, and what is neither.
 */
#include <elf.h>
#include <time.h>
#include <unistd.h>

#include "symbols.h"
#include "world.h"

static struct symbols *load(const void *data, size_t len, char *reason)
{
	char name[] = "/tmp/mmuscope-symbols-XXXXXX";
	int fd = mkstemp(name);
	struct symbols *s;

	assert_true(fd >= 0);
	assert_true(write(fd, data, len) == (ssize_t)len);
	close(fd);
	*reason = '\0';
	s = symbols_load(name, reason);
	unlink(name);
	assert_true(s || *reason);
	return s;
}

static struct symbols *load_text(const char *text, char *reason)
{
	return load(text, strlen(text), reason);
}

static void assert_text(const struct symbols *s, uint64_t addr, const char *text)
{
	char buf[SYMBOL_TEXT];

	assert_string_equal(symbols_text(s, addr, buf), text);
}

static const char kallsyms[] =
	"ffff800010000000 T _text\nffff800010000100 T start\nffff800010000100 t alias\nffff800010000200 t twice\n"
	"ffff800010000240 t twice\nffff800010000300 t $x\nffff800010000400 D linux_banner\n"
	"ffff800010001000 B _end\n0000000000000010 A number\n"
	"ffff800000001000 t mod_init\t[one]\nffff800000001080 t mod_exit\t[one]\nffff800000003000 t other\t[two]\n";

static void by_address(void **state)
{
	char reason[SYMBOL_REASON];
	struct symbols *s = load_text(kallsyms, reason);
	uint64_t offset;

	(void)state;
	assert_non_null(s);
	assert_int_equal(symbols_count(s), 10);
	assert_text(s, 0xffff800010000000, "_text");
	assert_text(s, 0xffff8000100000ff, "_text+0xff");
	/* of two at one address the global one, though it is not the first by name */
	assert_text(s, 0xffff800010000104, "start+0x4");
	assert_text(s, 0xffff800010000350, "twice+0x110");
	assert_text(s, 0xffff800010000fff, "linux_banner+0xbff");
	/* the last of the image, and of each module, has no length */
	assert_text(s, 0xffff800010001000, "_end");
	assert_text(s, 0xffff800010001001, "");
	assert_text(s, 0xffff80000000107f, "mod_init+0x7f");
	assert_text(s, 0xffff800000001080, "mod_exit");
	assert_text(s, 0xffff800000001081, "");
	assert_text(s, 0xffff800000003001, "");
	assert_text(s, 0xffff800000000fff, "");
	assert_text(s, 0x10, "");
	assert_text(NULL, 0xffff800010000000, "");
	assert_string_equal(symbols_at(s, 0xffff800000001001, &offset)->module, "one");
	symbols_free(s);
}

static void by_name(void **state)
{
	char reason[SYMBOL_REASON];
	struct symbols *s = load_text(kallsyms, reason);
	uint64_t addr[2];

	(void)state;
	assert_int_equal(symbols_named(s, "linux_banner+4", 12, addr, 2), 1);
	assert_true(addr[0] == 0xffff800010000400);
	assert_int_equal(symbols_named(s, "twice", 5, addr, 2), 2);
	assert_true(addr[0] == 0xffff800010000200 && addr[1] == 0xffff800010000240);
	assert_int_equal(symbols_named(s, "twice", 5, addr, 0), 2);
	assert_int_equal(symbols_named(s, "twic", 4, addr, 2), 0);
	assert_int_equal(symbols_named(s, "number", 6, addr, 2), 0);
	assert_false(symbols_addr(s, "twice", addr));
	assert_true(symbols_shift(s, 0x1000000));
	assert_true(symbols_addr(s, "start", addr) && addr[0] == 0xffff800011000100);
	assert_text(s, 0xffff800011000fff, "linux_banner+0xbff");
	/* out of the upper half, or around its end */
	assert_false(symbols_shift(s, 0x8000000000000000));
	assert_false(symbols_shift(s, 0x7ffffff00000));
	assert_text(s, 0xffff800011000000, "_text");
	symbols_free(s);
}

static void what_is_no_list(void **state)
{
	static const char *const bad[] = {
		"", "\n", "hello\n", "ffff800010000000\n", "ffff800010000000 T\n", "ffff800010000000 T \n",
		"xfff800010000000 T a\n", "ffff8000100000001 T a\n", "ffff800010000000 T a b\n",
		"ffff800010000000 T a\t[]\n", "ffff800010000000 T a\t[x\n", "ffff800010000000 T a\nrubbish",
		"MZ\1\2",
	};
	char reason[SYMBOL_REASON];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_null(load_text(bad[i], reason));
	assert_null(load("ffff800010000000 T a\0b\n", 23, reason));
	assert_null(load_text("0000000000000000 T _text\n0000000000000000 T _end\n", reason));
	assert_non_null(strstr(reason, "kptr_restrict"));
	assert_null(symbols_load("/nonexistent", reason));
	assert_string_equal(reason, "No such file or directory");
}

#define TEXT	UINT64_C(0xffff800080000000)

struct vmlinux {
	Elf64_Ehdr ehdr;
	Elf64_Sym sym[4];
	char str[64];
	struct { Elf64_Nhdr nhdr; char name[4]; uint8_t id[20]; } note;
	Elf64_Shdr shdr[4];
};

static struct vmlinux *forge(void)
{
	struct vmlinux *v = calloc(1, sizeof(*v));
	int i;

	memcpy(v->ehdr.e_ident, ELFMAG, SELFMAG);
	v->ehdr.e_ident[EI_CLASS] = ELFCLASS64;
	v->ehdr.e_ident[EI_DATA] = ELFDATA2LSB;
	v->ehdr.e_ident[EI_VERSION] = EV_CURRENT;
	v->ehdr.e_type = ET_DYN;
	v->ehdr.e_machine = EM_AARCH64;
	v->ehdr.e_version = EV_CURRENT;
	v->ehdr.e_ehsize = sizeof(v->ehdr);
	v->ehdr.e_shoff = offsetof(struct vmlinux, shdr);
	v->ehdr.e_shentsize = sizeof(v->shdr[0]);
	v->ehdr.e_shnum = 4;
	memcpy(v->str, "\0vectors\0sized\0nowhere", 22);
	v->sym[1] = (Elf64_Sym){ .st_name = 1, .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE), .st_shndx = 1,
				 .st_value = TEXT };
	v->sym[2] = (Elf64_Sym){ .st_name = 9, .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), .st_shndx = 1,
				 .st_value = TEXT + 0x100, .st_size = 16 };
	v->sym[3] = (Elf64_Sym){ .st_name = 15, .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), .st_value = TEXT };
	v->note.nhdr = (Elf64_Nhdr){ 4, 20, NT_GNU_BUILD_ID };
	memcpy(v->note.name, "GNU", 4);
	for (i = 0; i < 20; i++)
		v->note.id[i] = i;
	v->shdr[1] = (Elf64_Shdr){ .sh_type = SHT_SYMTAB, .sh_offset = offsetof(struct vmlinux, sym),
				   .sh_size = sizeof(v->sym), .sh_link = 2, .sh_entsize = sizeof(v->sym[0]), .sh_addralign = 8 };
	v->shdr[2] = (Elf64_Shdr){ .sh_type = SHT_STRTAB, .sh_offset = offsetof(struct vmlinux, str),
				   .sh_size = sizeof(v->str), .sh_addralign = 1 };
	v->shdr[3] = (Elf64_Shdr){ .sh_type = SHT_NOTE, .sh_offset = offsetof(struct vmlinux, note),
				   .sh_size = sizeof(v->note), .sh_addralign = 4 };
	return v;
}

static void a_vmlinux(void **state)
{
	char reason[SYMBOL_REASON];
	struct vmlinux *v = forge();
	struct symbols *s = load(v, sizeof(*v), reason);

	(void)state;
	assert_non_null(s);
	assert_int_equal(symbols_count(s), 2);
	assert_string_equal(symbols_build_id(s), "000102030405060708090a0b0c0d0e0f10111213");
	assert_text(s, TEXT + 0x10, "vectors+0x10");
	assert_text(s, TEXT + 0x10f, "sized+0xf");
	assert_text(s, TEXT + 0x110, "");
	symbols_free(s);

	v->ehdr.e_machine = EM_X86_64;
	assert_null(load(v, sizeof(*v), reason));
	v->ehdr.e_machine = EM_AARCH64;
	v->shdr[1].sh_type = SHT_PROGBITS;
	assert_null(load(v, sizeof(*v), reason));
	assert_non_null(strstr(reason, "no symbol table"));
	v->shdr[1].sh_type = SHT_SYMTAB;
	v->sym[2].st_name = 0x10000;
	assert_null(load(v, sizeof(*v), reason));
	free(v);
}

/* Cut off or damaged: an answer or a reason, never a crash */
static void damaged(void **state)
{
	uint32_t seed = (uint32_t)getpid() * 2654435761u;
	char reason[SYMBOL_REASON], buf[SYMBOL_TEXT];
	struct vmlinux *v = forge(), *bad = malloc(sizeof(*bad));
	struct symbols *s;
	size_t i;

	(void)state;
	print_message("seed %u\n", seed);
	for (i = 0; i < sizeof(*v); i++)
		symbols_free(load(v, i, reason));
	for (i = 0; i < 4000; i++) {
		*bad = *v;
		seed = seed * 1664525 + 1013904223;
		((uint8_t *)bad)[(seed >> 8) % sizeof(*bad)] = seed & 64 ? 0xff : seed >> 24;
		s = load(bad, sizeof(*bad), reason);
		symbols_text(s, TEXT + 8, buf);
		symbols_free(s);
	}
	free(bad);
	free(v);
}

/* A kernel of 200,000 symbols is loaded at once; the bound is for a build with sanitizers on a busy machine */
static void many(void **state)
{
	struct timespec from, to;
	char reason[SYMBOL_REASON], *text;
	struct symbols *s;
	size_t len, i;
	FILE *f = open_memstream(&text, &len);
	uint64_t addr;

	(void)state;
	for (i = 0; i < 200000; i++)
		fprintf(f, "%016llx t symbol_%zu\n", 0xffff800010000000ull + 16 * i, i);
	fclose(f);
	clock_gettime(CLOCK_MONOTONIC, &from);
	s = load(text, len, reason);
	clock_gettime(CLOCK_MONOTONIC, &to);
	assert_int_equal(symbols_count(s), 200000);
	assert_true(symbols_addr(s, "symbol_199999", &addr) && addr == 0xffff800010000000 + 16 * 199999);
	assert_text(s, 0xffff800010000000 + 16 * 123456 + 3, "symbol_123456+0x3");
	print_message("%ld ms\n", (to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000);
	assert_true(to.tv_sec - from.tv_sec < 2);
	symbols_free(s);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_address),	cmocka_unit_test(by_name),
		cmocka_unit_test(what_is_no_list), cmocka_unit_test(a_vmlinux),
		cmocka_unit_test(damaged),	cmocka_unit_test(many),
	};

	unused_accesses();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
