# SPDX-License-Identifier: GPL-2.0-only
#
# mmuscope: a kernel module, a library and a program. `make help` lists what can be made.
#
# Everything built lands under $(B), build/ by default. Variants of the programs (sanitizers, another compiler, arm64
# from another machine) are the same rules with another B.

VERSION	:= 0.1.0
B	?= build
PREFIX	?= /usr/local
DESTDIR	?=
LIBDIR	?= $(PREFIX)/lib
ZSHDIR	?= $(PREFIX)/share/zsh/site-functions
KVER	?= $(shell uname -r)
KDIR	?= /lib/modules/$(KVER)/build

# ARCH=arm64 on another machine takes compiler and libraries from the rig's sysroot
ifeq ($(ARCH),arm64)
ifneq ($(shell uname -m),aarch64)
B	:= build/arm64
include build/vm/cross.mk
endif
endif

ifeq ($(origin CC),default)
CC	:= gcc
endif
AR	?= ar
PKG_CONFIG ?= pkg-config
CFLAGS	?= -O2 -g
WARN	:= -Wall -Wextra -Werror -Wstrict-prototypes -Wmissing-prototypes -Wshadow -Wpointer-arith -Wundef -Wvla
LIBS	:= libkmod json-c libelf libbpf libkdumpfile
CPPALL	:= -std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -Iinclude/uapi -Itools/lib -DMMUSCOPE_VERSION='"$(VERSION)"'

LIB_SRC	:= $(wildcard tools/lib/*.c)
# What others may build on (Documentation/library.rst); SOVERSION is also in tools/lib/libmmuscope.map
SOVERSION := 0
SONAME	:= libmmuscope.so.$(SOVERSION)
LIB_HEADERS := $(addprefix tools/lib/,addr.h combine.h descriptor.h diff.h esr.h find.h fsc.h geometry.h host.h live.h \
	mmu.h perm.h regs.def regs.h snapshot.h source-core.h source-ram.h source.h stat.h symbols.h tags.h walk.h) \
	include/uapi/mmuscope.h
CMD_SRC	:= $(wildcard tools/mmuscope/*.c)
UNIT_SRC := $(wildcard tests/unit/test_*.c)
BENCH_SRC := $(wildcard tests/bench/*.c)
obj	= $(patsubst %.c,$(B)/obj/%.o,$(1))
UNIT	:= $(patsubst tests/unit/%.c,$(B)/unit/%,$(UNIT_SRC))
MAN	:= $(patsubst Documentation/%.rst,$(B)/man/%.8,$(wildcard Documentation/mmuscope*.rst))

# Looked up once, and only by targets that compile. Their headers alone: tools/lib/dl.h opens them when they are needed.
PC_CFLAGS = $(eval PC_CFLAGS := $$(shell $(PKG_CONFIG) --cflags $(LIBS)))$(PC_CFLAGS)

.DELETE_ON_ERROR:
.PHONY: all tools module man lib check check-unit check-cli check-static check-package check-fuzz check-mmu check-core \
	check-vm check-matrix check-all check-packages check-debug-kernel fuzz fuzz-mmu bench bench-program coverage demo \
	style clean help install install-tools install-lib install-dev uninstall dkms-install dkms-uninstall \
	install-dkms-source deb unit-programs

all: tools module

tools: $(B)/mmuscope

lib: $(B)/$(SONAME)

$(B)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPALL) $(WARN) $(PC_CFLAGS) $(CFLAGS) $(CPPFLAGS) -MMD -MP -c -o $@ $<

$(B)/libmmuscope.a: $(call obj,$(LIB_SRC))
	@rm -f $@
	$(AR) rcs $@ $^

# The same sources again, to lie anywhere. Calls within the library stay within it, whatever a program has by those names.
$(B)/pic/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPALL) $(WARN) $(PC_CFLAGS) $(CFLAGS) -fPIC -fno-semantic-interposition $(CPPFLAGS) -MMD -MP -c -o $@ $<

$(B)/$(SONAME): $(patsubst %.c,$(B)/pic/%.o,$(LIB_SRC)) tools/lib/libmmuscope.map
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(SONAME) -Wl,--version-script=tools/lib/libmmuscope.map \
		-Wl,-Bsymbolic-functions -Wl,-z,defs -o $@ $(filter %.o,$^)

$(B)/mmuscope: $(call obj,$(CMD_SRC)) $(B)/libmmuscope.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

$(B)/unit/%: $(B)/obj/tests/unit/%.o $(B)/libmmuscope.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) -lcmocka -lz

# What is tested there is not of the library
$(B)/unit/test_range_line: $(call obj,tools/mmuscope/range-line.c tools/mmuscope/view-words.c)
$(B)/obj/tests/unit/test_range_line.o: CPPALL += -Itools/mmuscope

unit-programs: $(UNIT)

# The peer that it measures against is linked with it alone
$(B)/bench: $(call obj,$(BENCH_SRC)) $(B)/libmmuscope.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(shell $(PKG_CONFIG) --libs libaddrxlat)

bench-program: $(B)/bench

bench: tools bench-program
	$(B)/bench

-include $(patsubst %.o,%.d,$(call obj,$(LIB_SRC) $(CMD_SRC) $(UNIT_SRC) $(BENCH_SRC)))
-include $(patsubst %.c,$(B)/pic/%.d,$(LIB_SRC))

# The module is built from a copy, so that nothing is dropped among the sources. On a machine that is not arm64 it is
# built for the kernels of the rig.
module:
ifeq ($(shell uname -m),aarch64)
	@test -d $(KDIR) || { echo "make module: no headers of kernel $(KVER) in $(KDIR): install linux-headers-$(KVER)" >&2; exit 1; }
	@mkdir -p $(B)/module
	cp -r Kbuild module include $(B)/module/
	$(MAKE) -C $(KDIR) M=$(abspath $(B)/module) modules
	cp $(B)/module/module/mmuscope.ko $(B)/mmuscope.ko
else
	tests/vm/build-module --kernel 6.1
	tests/vm/build-module --kernel 6.12
endif

man: $(MAN)

$(B)/man/%.8: Documentation/%.rst
	@mkdir -p $(@D)
	rst2man --halt=warning $< $@

demo:
	tests/vm/demo

check:
	tests/check

check-all:
	tests/check --all

check-unit check-cli check-static check-package check-fuzz check-mmu check-core check-vm check-debug-kernel:
	tests/check $(patsubst check-%,%,$@)

check-matrix:
	tests/check --all matrix

check-packages:
	tests/check packages-installed

# N cases for the emulator's MMU and the engine; SEED= repeats a run
N	?= 1000000
fuzz-mmu:
	tests/vm/fetch
	$(MAKE) -s tools
	tests/vm/el2/check $(N) $(SEED)

fuzz:
	tests/fuzz/run

coverage:
	tests/coverage

style:
	tests/style

clean:
	rm -rf $(B)/obj $(B)/pic $(B)/deb $(B)/unit $(B)/man $(B)/module $(B)/asan $(B)/clang $(B)/arm64 \
		$(B)/mmuscope* $(B)/bench* $(B)/libmmuscope.*

install-tools: tools man
	install -D -m 755 $(B)/mmuscope $(DESTDIR)$(PREFIX)/sbin/mmuscope
	install -d $(DESTDIR)$(PREFIX)/share/man/man8
	install -m 644 $(MAN) $(DESTDIR)$(PREFIX)/share/man/man8/
	install -D -m 644 tools/completion/mmuscope.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/mmuscope
	install -D -m 644 tools/completion/mmuscope.zsh $(DESTDIR)$(ZSHDIR)/_mmuscope

install-lib: lib
	install -D -m 644 $(B)/$(SONAME) $(DESTDIR)$(LIBDIR)/libmmuscope.so.$(VERSION)
	ln -sf libmmuscope.so.$(VERSION) $(DESTDIR)$(LIBDIR)/$(SONAME)
	$(if $(DESTDIR),,ldconfig)

install-dev: install-lib
	install -d $(DESTDIR)$(PREFIX)/include/mmuscope $(DESTDIR)$(LIBDIR)/pkgconfig
	install -m 644 $(LIB_HEADERS) $(DESTDIR)$(PREFIX)/include/mmuscope/
	ln -sf $(SONAME) $(DESTDIR)$(LIBDIR)/libmmuscope.so
	sed 's#@PREFIX@#$(PREFIX)#; s#@LIBDIR@#$(LIBDIR)#; s#@VERSION@#$(VERSION)#' tools/lib/mmuscope.pc.in \
		>$(DESTDIR)$(LIBDIR)/pkgconfig/mmuscope.pc

install: install-tools install-dev module
	install -D -m 644 $(B)/mmuscope.ko $(DESTDIR)/lib/modules/$(KVER)/extra/mmuscope.ko
	$(if $(DESTDIR),,depmod $(KVER))

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/sbin/mmuscope $(DESTDIR)/lib/modules/$(KVER)/extra/mmuscope.ko
	rm -f $(patsubst $(B)/man/%,$(DESTDIR)$(PREFIX)/share/man/man8/%,$(MAN))
	rm -f $(DESTDIR)$(PREFIX)/share/bash-completion/completions/mmuscope $(DESTDIR)$(ZSHDIR)/_mmuscope
	rm -rf $(DESTDIR)$(PREFIX)/include/mmuscope
	rm -f $(DESTDIR)$(LIBDIR)/libmmuscope.so* $(DESTDIR)$(LIBDIR)/pkgconfig/mmuscope.pc
	$(if $(DESTDIR),,ldconfig)
	$(if $(DESTDIR),,depmod $(KVER))

install-dkms-source:
	install -d $(DESTDIR)/usr/src/mmuscope-$(VERSION)
	cp -r Kbuild module include $(DESTDIR)/usr/src/mmuscope-$(VERSION)/
	sed -i 's/^\(#define MMS_VERSION\>\).*/\1	"$(VERSION)"/' $(DESTDIR)/usr/src/mmuscope-$(VERSION)/module/main.c
	sed 's/@VERSION@/$(VERSION)/' tools/packaging/dkms.conf.in >$(DESTDIR)/usr/src/mmuscope-$(VERSION)/dkms.conf

dkms-install: install-tools install-dev install-dkms-source
	$(if $(DESTDIR),,dkms install mmuscope/$(VERSION))

dkms-uninstall:
	$(if $(DESTDIR),,-dkms remove mmuscope/$(VERSION) --all)
	rm -rf $(DESTDIR)/usr/src/mmuscope-$(VERSION)

# Of a machine that is not arm64, arm64 packages all the same
deb:
	tools/packaging/build-deb $(VERSION)

help:
	@echo 'demo           fetch, build, boot an arm64 KVM host with a real guest, show a tour'
	@echo 'check          all tests: unit, command line, static, then the rig on each kernel'
	@echo 'check-all      the same, on every kernel, mode of KVM and CPU of the matrix (check-matrix: that alone)'
	@echo 'check-unit check-cli check-static check-package check-fuzz check-mmu check-core check-vm   one part of them'
	@echo 'check-packages  installs, upgrades and removes the Debian packages in an arm64 Debian whose DKMS builds the'
	@echo '               module, and builds and installs the source in another as README.md says; part of check-all only'
	@echo '               (15 to 20 minutes, most of them a compiler under an emulator)'
	@echo 'check-debug-kernel   builds kernels with lockdep, KASAN and the like, and runs the module under load and fault'
	@echo '               on them; not part of check (DEBUG_SECONDS=, default 600)'
	@echo 'fuzz           the fuzzers, FUZZ_SECONDS= each'
	@echo 'fuzz-mmu       N= random translations, engine against the MMU of an emulator'
	@echo 'bench          speed against peers and limits, as a table and as build/bench.json'
	@echo 'coverage       lines and branches of the library that its tests reach'
	@echo 'tools module   the program; the kernel module (KVER=, KDIR= choose the kernel)'
	@echo 'man            the man pages'
	@echo 'lib            the shared library (Documentation/library.rst); install-lib and install-dev install it alone'
	@echo 'install uninstall dkms-install dkms-uninstall   on an arm64 host (PREFIX=, DESTDIR=)'
	@echo 'deb            Debian packages for arm64, into build/deb'
	@echo 'style          sparse, W=1 and checkpatch over module/'
	@echo 'clean          remove what was built; build/vm, the fetched part, stays'
