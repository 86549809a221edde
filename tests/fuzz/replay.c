// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a fuzzer over files that are given, without libFuzzer: for gcc, for gcov and for looking at
 * one input.
 */
#include "fuzz.h"

static int replay(const char *path)
{
	uint8_t *buf = NULL;
	FILE *f = fopen(path, "rb");
	long size;

	if (!f || fseek(f, 0, SEEK_END) || (size = ftell(f)) < 0 || fseek(f, 0, SEEK_SET))
		goto bad;
	buf = malloc(size ? size : 1);
	if (!buf || fread(buf, 1, size, f) != (size_t)size)
		goto bad;
	fclose(f);
	LLVMFuzzerTestOneInput(buf, size);
	free(buf);
	return 0;
bad:
	perror(path);
	if (f)
		fclose(f);
	free(buf);
	return 3;
}

int main(int argc, char **argv)
{
	int i, ret = 0;

	for (i = 1; i < argc; i++)
		if (replay(argv[i]))
			ret = 3;
	printf("%d inputs\n", argc - 1);
	return ret;
}
