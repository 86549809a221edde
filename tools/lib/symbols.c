// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Symbols of a kernel, sorted by address. Names stay where they were read: in the text, or in the string table of an
 * ELF file that stays mapped.
 */
#include <ctype.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dl-elf.h"
#include "file.h"
#include "symbols.h"

#define NO_INDEX	UINT32_MAX

struct symbols {
	size_t count, size;
	struct symbol *sym;	/* ascending by address */
	uint64_t image_first, image_last;	/* _text and _end; the whole half where they are not known */
	char *text;		/* a list */
	int fd;			/* vmlinux */
	Elf *elf;
	char build_id[2 * 64 + 1];
	/* by name: heads of chains, and the next of each symbol */
	size_t buckets;
	uint32_t *head, *next;
};

static bool add(struct symbols *s, const struct symbol *new)
{
	struct symbol *sym;
	size_t more;

	/* Absolute symbols are numbers; mapping symbols ($x, $d) and labels name nothing */
	if (!(new->addr >> 63) || !*new->name || *new->name == '$' || *new->name == '.')
		return true;
	if (s->count == s->size) {
		more = s->size ? 2 * s->size : 1 << 16;
		sym = realloc(s->sym, more * sizeof(*sym));
		if (!sym)
			return false;
		s->sym = sym;
		s->size = more;
	}
	s->sym[s->count++] = *new;
	return true;
}

static int by_address(const void *left, const void *right)
{
	const struct symbol *a = left, *b = right;

	if (a->addr != b->addr)
		return a->addr < b->addr ? -1 : 1;
	if (a->local != b->local)
		return a->local ? 1 : -1;
	return strcmp(a->name, b->name);
}

/* ---- System.map and kallsyms ----------------------------------------------------------------- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* "ADDRESS TYPE NAME", or with "\t[MODULE]" after it; the line is cut into strings where it lies */
static bool parse_line(struct symbols *s, char *line, bool *ok)
{
	struct symbol new = { 0 };
	char *p = line, *module;
	int digit;

	for (; (digit = hex_digit(*p)) >= 0 && p - line < 16; p++)
		new.addr = new.addr << 4 | (unsigned int)digit;
	*ok = p - line >= 8 && p[0] == ' ' && p[1] > ' ' && p[2] == ' ' && p[3] > ' ';
	if (!*ok)
		return true;
	new.name = p + 3;
	new.local = islower((unsigned char)p[1]);
	p += 3 + strcspn(p + 3, " \t");
	if (*p) {
		*p++ = '\0';
		module = p + strspn(p, " \t");
		*ok = *module == '[' && strlen(module) > 2 && module[strlen(module) - 1] == ']';
		if (!*ok)
			return true;
		module[strlen(module) - 1] = '\0';
		new.module = module + 1;
	}
	return add(s, &new);
}

static bool load_list(struct symbols *s, size_t len, char *reason)
{
	char *p = s->text, *end = s->text + len, *eol;
	size_t line = 0;
	bool ok = true;

	if (memchr(p, '\0', len)) {
		snprintf(reason, SYMBOL_REASON, "neither an ELF file nor text");
		return false;
	}
	while (p < end) {
		line++;
		eol = memchr(p, '\n', end - p);
		if (!eol)
			eol = end;
		*eol = '\0';
		if (eol == p) {
			p++;
			continue;
		}
		if (!parse_line(s, p, &ok)) {
			snprintf(reason, SYMBOL_REASON, "%s", strerror(ENOMEM));
			return false;
		}
		if (!ok) {
			snprintf(reason, SYMBOL_REASON, "line %zu is not ADDRESS TYPE NAME, as in System.map or /proc/kallsyms",
				 line);
			return false;
		}
		p = eol + 1;
	}
	if (line && !s->count)
		snprintf(reason, SYMBOL_REASON,
			 "no address of a kernel in it: all are hidden (kptr_restrict) if it is a kallsyms; copy it as root with kernel.kptr_restrict=0");
	else if (!line)
		snprintf(reason, SYMBOL_REASON, "it is empty");
	return s->count;
}

/* ---- vmlinux --------------------------------------------------------------------------------- */

static bool load_symtab(struct symbols *s, Elf_Scn *scn, const GElf_Shdr *shdr, char *reason)
{
	Elf_Data *data = sym_elf_getdata(scn, NULL);
	struct symbol new;
	const char *name;
	GElf_Sym sym;
	int i;

	for (i = 0; data && sym_gelf_getsym(data, i, &sym); i++) {
		if (sym.st_shndx == SHN_UNDEF || GELF_ST_TYPE(sym.st_info) == STT_SECTION ||
		    GELF_ST_TYPE(sym.st_info) == STT_FILE)
			continue;
		name = sym_elf_strptr(s->elf, shdr->sh_link, sym.st_name);
		if (!name) {
			snprintf(reason, SYMBOL_REASON, "symbol %d has no name in the string table: %s", i,
				 sym_elf_errmsg(-1));
			return false;
		}
		new = (struct symbol){
			.name = name, .addr = sym.st_value, .size = sym.st_size,
			.local = GELF_ST_BIND(sym.st_info) == STB_LOCAL,
		};
		if (!add(s, &new)) {
			snprintf(reason, SYMBOL_REASON, "%s", strerror(ENOMEM));
			return false;
		}
	}
	if (!s->count)
		snprintf(reason, SYMBOL_REASON, "its symbol table is damaged, or has no symbol of a kernel");
	return s->count;
}

static void find_build_id(struct symbols *s, Elf_Data *data)
{
	size_t pos = 0, name, desc;
	const uint8_t *id;
	GElf_Nhdr nhdr;
	size_t i;

	while (data && (pos = sym_gelf_getnote(data, pos, &nhdr, &name, &desc))) {
		if (nhdr.n_type != NT_GNU_BUILD_ID || nhdr.n_namesz != 4 || nhdr.n_descsz > 64 ||
		    memcmp((char *)data->d_buf + name, "GNU", 4))
			continue;
		id = (const uint8_t *)data->d_buf + desc;
		for (i = 0; i < nhdr.n_descsz; i++)
			sprintf(s->build_id + 2 * i, "%02x", id[i]);
		return;
	}
}

static bool load_elf(struct symbols *s, char *reason)
{
	Elf_Scn *scn = NULL, *symtab = NULL;
	GElf_Shdr shdr, symtab_shdr;
	GElf_Ehdr ehdr;

	if (sym_elf_kind(s->elf) != ELF_K_ELF || !sym_gelf_getehdr(s->elf, &ehdr)) {
		snprintf(reason, SYMBOL_REASON, "a damaged ELF file: %s", sym_elf_errmsg(-1));
		return false;
	}
	if (sym_gelf_getclass(s->elf) != ELFCLASS64 || ehdr.e_machine != EM_AARCH64 || ehdr.e_type == ET_CORE) {
		snprintf(reason, SYMBOL_REASON, "an ELF file, but not the vmlinux of an arm64 kernel");
		return false;
	}
	while ((scn = sym_elf_nextscn(s->elf, scn))) {
		if (!sym_gelf_getshdr(scn, &shdr))
			continue;
		if (shdr.sh_type == SHT_SYMTAB) {
			symtab = scn;
			symtab_shdr = shdr;
		} else if (shdr.sh_type == SHT_NOTE && !s->build_id[0]) {
			find_build_id(s, sym_elf_getdata(scn, NULL));
		}
	}
	if (!symtab) {
		snprintf(reason, SYMBOL_REASON, "it has no symbol table: it was stripped, or its section headers are damaged");
		return false;
	}
	return load_symtab(s, symtab, &symtab_shdr, reason);
}

/* ---- all ------------------------------------------------------------------------------------- */

static bool open_elf(struct symbols *s, const char *file, char *reason)
{
	const char *why = dl_elf();

	if (why) {
		snprintf(reason, SYMBOL_REASON, "%.*s", SYMBOL_REASON - 1, why);
		return false;
	}
	sym_elf_version(EV_CURRENT);
	s->fd = open(file, O_RDONLY | O_CLOEXEC);
	if (s->fd >= 0)
		s->elf = sym_elf_begin(s->fd, ELF_C_READ_MMAP, NULL);
	if (s->elf)
		return load_elf(s, reason);
	snprintf(reason, SYMBOL_REASON, "%s", s->fd < 0 ? strerror(errno) : sym_elf_errmsg(-1));
	return false;
}

static bool open_list(struct symbols *s, const char *file, char *reason)
{
	size_t len;
	int err;

	s->text = file_read(file, &len, &err);
	if (s->text)
		return load_list(s, len, reason);
	snprintf(reason, SYMBOL_REASON, "%s", strerror(-err));
	return false;
}

/* Only a name of one kind can be told from the first bytes; the rest is read as a list */
static bool open_any(struct symbols *s, const char *file, char *reason)
{
	char magic[4] = "";
	ssize_t got;
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		snprintf(reason, SYMBOL_REASON, "%s", strerror(errno));
		return false;
	}
	got = read(fd, magic, sizeof(magic));
	close(fd);
	if (got == sizeof(magic) && !memcmp(magic, ELFMAG, SELFMAG))
		return open_elf(s, file, reason);
	if (got == sizeof(magic) && !memcmp(magic, "MZ", 2)) {
		snprintf(reason, SYMBOL_REASON, "a bootable Image, which has no symbols: vmlinux has them");
		return false;
	}
	return open_list(s, file, reason);
}

/* FNV-1a */
static size_t hash(const char *name, size_t len)
{
	uint32_t h = 2166136261u;

	while (len--)
		h = (h ^ (unsigned char)*name++) * 16777619u;
	return h;
}

static bool index_names(struct symbols *s)
{
	size_t i, b;

	if (s->count >= NO_INDEX)
		return false;
	for (s->buckets = 1024; s->buckets < s->count; s->buckets *= 2)
		;
	s->head = malloc(s->buckets * sizeof(*s->head));
	s->next = malloc((s->count + 1) * sizeof(*s->next));
	if (!s->head || !s->next)
		return false;
	memset(s->head, 0xff, s->buckets * sizeof(*s->head));
	/* backwards, so that a chain is ascending by address */
	for (i = s->count; i-- > 0;) {
		b = hash(s->sym[i].name, strlen(s->sym[i].name)) & (s->buckets - 1);
		s->next[i] = s->head[b];
		s->head[b] = i;
	}
	return true;
}

/* What a search needs; false: no memory */
static bool settle(struct symbols *s)
{
	if (s->count)
		qsort(s->sym, s->count, sizeof(*s->sym), by_address);
	if (!index_names(s))
		return false;
	if (!symbols_addr(s, "_text", &s->image_first) || !symbols_addr(s, "_end", &s->image_last) ||
	    s->image_first >= s->image_last) {
		s->image_first = 0;
		s->image_last = UINT64_MAX;
	}
	return true;
}

struct symbols *symbols_load(const char *file, char *reason)
{
	struct symbols *s = calloc(1, sizeof(*s));

	if (!s) {
		snprintf(reason, SYMBOL_REASON, "%s", strerror(ENOMEM));
		return NULL;
	}
	s->fd = -1;
	if (open_any(s, file, reason)) {
		if (settle(s))
			return s;
		snprintf(reason, SYMBOL_REASON, "%s", strerror(ENOMEM));
	}
	symbols_free(s);
	return NULL;
}

void symbols_free(struct symbols *s)
{
	if (!s)
		return;
	if (s->elf)
		sym_elf_end(s->elf);
	if (s->fd >= 0)
		close(s->fd);
	free(s->text);
	free(s->sym);
	free(s->head);
	free(s->next);
	free(s);
}

const char *symbols_kind(const struct symbols *s)
{
	return s->elf ? "vmlinux" : "list";
}

size_t symbols_count(const struct symbols *s)
{
	return s->count;
}

const struct symbol *symbols_get(const struct symbols *s, size_t i)
{
	return &s->sym[i];
}

const char *symbols_build_id(const struct symbols *s)
{
	return s->build_id[0] ? s->build_id : NULL;
}

bool symbols_shift(struct symbols *s, uint64_t offset)
{
	uint64_t first = s->sym[0].addr + offset, last = s->sym[s->count - 1].addr + offset;
	size_t i;

	if (!(first >> 63) || last < first)
		return false;
	for (i = 0; i < s->count; i++)
		s->sym[i].addr += offset;
	if (s->image_first) {
		s->image_first += offset;
		s->image_last += offset;
	}
	return true;
}

/* ---- by address ------------------------------------------------------------------------------ */

/* The first symbol above @addr; count where there is none */
static size_t above(const struct symbols *s, uint64_t addr)
{
	size_t low = 0, high = s->count, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (s->sym[mid].addr <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool same_module(const struct symbol *a, const struct symbol *b)
{
	return a->module == b->module || (a->module && b->module && !strcmp(a->module, b->module));
}

/* Is @addr, which is not below @sym and below the symbol @next, in @sym? */
static bool reaches(const struct symbols *s, const struct symbol *sym, const struct symbol *next, uint64_t addr)
{
	if (addr == sym->addr)
		return true;
	if (sym->size)
		return addr - sym->addr < sym->size;
	return next && same_module(sym, next) &&
	       (sym->module || (sym->addr >= s->image_first && next->addr <= s->image_last));
}

const struct symbol *symbols_at(const struct symbols *s, uint64_t addr, uint64_t *offset)
{
	size_t end = above(s, addr), i = end;
	const struct symbol *sym;

	/* of several at one address the first that is long enough: global ones come before local ones */
	while (i && s->sym[i - 1].addr == s->sym[end - 1].addr)
		i--;
	for (; i < end; i++) {
		sym = &s->sym[i];
		if (!reaches(s, sym, end < s->count ? &s->sym[end] : NULL, addr))
			continue;
		*offset = addr - sym->addr;
		return sym;
	}
	return NULL;
}

const char *symbols_text(const struct symbols *s, uint64_t addr, char *buf)
{
	const struct symbol *sym;
	uint64_t offset;

	*buf = '\0';
	sym = s ? symbols_at(s, addr, &offset) : NULL;
	if (sym && offset)
		snprintf(buf, SYMBOL_TEXT, "%s+0x%" PRIx64, sym->name, offset);
	else if (sym)
		snprintf(buf, SYMBOL_TEXT, "%s", sym->name);
	return buf;
}

/* ---- by name --------------------------------------------------------------------------------- */

size_t symbols_named(const struct symbols *s, const char *name, size_t len, uint64_t *addr, size_t max)
{
	const struct symbol *sym;
	uint64_t last = 0;
	size_t found = 0;
	uint32_t i;

	for (i = s->head[hash(name, len) & (s->buckets - 1)]; i != NO_INDEX; i = s->next[i]) {
		sym = &s->sym[i];
		if (strncmp(sym->name, name, len) || sym->name[len] || (found && sym->addr == last))
			continue;
		last = sym->addr;
		if (found < max)
			addr[found] = last;
		found++;
	}
	return found;
}

bool symbols_addr(const struct symbols *s, const char *name, uint64_t *addr)
{
	return symbols_named(s, name, strlen(name), addr, 1) == 1;
}
