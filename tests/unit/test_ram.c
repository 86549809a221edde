// SPDX-License-Identifier: GPL-2.0-only
/*
 * Raw images of RAM as a source.
 */
#include <endian.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source-ram.h"
#include "world.h"

/* A file of @len bytes, counting up; removed by the caller */
static void image(char *name, size_t len)
{
	size_t i;
	FILE *f;
	int fd;

	strcpy(name, "/tmp/mmuscope-ram-XXXXXX");
	fd = mkstemp(name);
	assert_true(fd >= 0);
	f = fdopen(fd, "w");
	for (i = 0; i < len; i++)
		fputc(i & 255, f);
	fclose(f);
}

static int read_mem(struct source *s, uint64_t at, void *buf, size_t len)
{
	return s->ops->read_mem(s, pa(at), NULL, buf, len);
}

static void bytes_of_files(void **state)
{
	struct source *s = source_ram_create();
	struct table_ref ref = { .stage = 1, .level = 3, .pa = { 0x40000010 } };
	struct pa first, last;
	char a[32], b[32];
	const uint8_t *map;
	uint8_t buf[64];
	uint64_t word;

	(void)state;
	image(a, 0x1004);	/* a short last page */
	image(b, 0x20);
	assert_int_equal(source_ram_add_file(s, a, pa(0x40000000)), 0);
	assert_int_equal(source_ram_add_file(s, b, pa(0x40001004)), 0);
	assert_int_equal(read_mem(s, 0x40000100, buf, 4), 0);
	assert_int_equal(buf[3], 3);
	/* From one file into the next */
	assert_int_equal(read_mem(s, 0x40001000, buf, 0x24), 0);
	assert_int_equal(buf[3], 3);
	assert_int_equal(buf[4], 0);
	assert_int_equal(buf[0x23], 0x1f);
	/* Beyond the end of the file, within its last page: not there */
	assert_int_equal(read_mem(s, 0x40001020, buf, 8), -ENXIO);
	assert_int_equal(read_mem(s, 0x3fffffff, buf, 1), -ENXIO);
	assert_int_equal(s->ops->read_table(s, &ref, &word, 8), 0);
	assert_true(word == 0x1716151413121110);
	assert_non_null(s->ops->map_table(s, &ref, 0xff4));
	assert_null(s->ops->map_table(s, &ref, 0xff5));
	/* A region is one file's memory, the next is another */
	map = s->ops->map_region(s, pa(0x40000ffc), &first, &last);
	assert_ptr_equal(s->ops->map_table(s, &ref, 8), map + (ref.pa.v - first.v));
	assert_true(first.v == 0x40000000 && last.v == 0x40001003);
	map = s->ops->map_region(s, pa(0x40001004), &first, &last);
	assert_true(map && map[0x1f] == 0x1f && first.v == 0x40001004 && last.v == 0x40001023);
	assert_null(s->ops->map_region(s, pa(0x40001024), &first, &last));
	assert_null(s->ops->map_region(s, pa(0x3fffffff), &first, &last));
	s->ops->close(s);
	unlink(a);
	unlink(b);
}

static void what_is_no_image(void **state)
{
	struct source *s = source_ram_create();
	static const uint8_t data[0x1000];
	char a[32];

	(void)state;
	assert_int_equal(source_ram_add(s, data, 0x1000, pa(0x1000)), 0);
	assert_int_equal(source_ram_add(s, data, 0x1000, pa(0x1fff)), -EEXIST);
	assert_int_equal(source_ram_add(s, data, 0x1000, pa(0x1)), -EEXIST);
	assert_int_equal(source_ram_add(s, data, 0x10, pa(0x1800)), -EEXIST);
	assert_int_equal(source_ram_add(s, data, 0x1000, pa(0x2000)), 0);
	assert_int_equal(source_ram_add(s, data, 0x1000, pa(-0x800)), -EFBIG);
	assert_int_equal(source_ram_add(s, data, 0x1000, pa(-0x1000)), 0);
	assert_int_equal(source_ram_add(s, data, 0, pa(0)), -ENODATA);
	image(a, 0);
	assert_int_equal(source_ram_add_file(s, a, pa(0)), -ENODATA);
	unlink(a);
	assert_int_equal(source_ram_add_file(s, a, pa(0)), -ENOENT);
	assert_int_equal(source_ram_add_file(s, "/dev/null", pa(0)), -ENODATA);
	/* a pipe that nobody writes to: refused, not waited for */
	assert_int_equal(mkfifo(a, 0600), 0);
	alarm(20);
	assert_int_equal(source_ram_add_file(s, a, pa(0)), -ENODATA);
	alarm(0);
	unlink(a);
	image(a, 16);
	assert_int_equal(source_ram_add_file(s, a, pa(0x1000)), -EEXIST);
	unlink(a);
	s->ops->close(s);
}

static void walks_over_an_image(void **state)
{
	struct world *w = world_new(REGS_S1_4K "TTBR0_EL1 0x1000\n");
	struct source *s = source_ram_create();
	uint64_t *ram = calloc(1, 0x3000);
	const char *reason;

	(void)state;
	ram[0] = htole64(TABLE(0x2000));
	ram[0x200] = htole64(S1_BLOCK(0x40000000));
	ram[0x201] = htole64(TABLE(0x9000));
	assert_int_equal(source_ram_add(s, ram, 0x3000, pa(0x1000)), 0);
	assert_int_equal(mmu_init(&w->mmu, REGIME_EL10, &w->regs, s, NULL, &reason), 0);
	assert_int_equal(ask(w, 0x123, el1_read), WALK_OK);
	assert_true(w->r.pa.v == 0x40000123);
	assert_int_equal(ask(w, 0x40000123, el1_read), WALK_UNREADABLE);
	assert_int_equal(w->r.error, -ENXIO);
	s->ops->close(s);
	free(ram);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_of_files),
		cmocka_unit_test(what_is_no_image),
		cmocka_unit_test(walks_over_an_image),
	};

	unused_accesses();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
