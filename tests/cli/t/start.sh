# SPDX-License-Identifier: GPL-2.0-only
# Which libraries a command opens; sourced by tests/cli/run

# opened WANTED ARGUMENTS...: the names of the libraries beside libc that a run opens
opened() {
	local want=$1 got name="libraries opened by ${*: -3}"
	shift
	wanted "$name" || return 0
	got=$(LD_DEBUG=files "$M" "$@" 2>&1 >/dev/null </dev/null |
		sed -nE 's/.*calling init: ([^ ]*\/)?(lib[a-z-]+)\.so.*/\2/p' |
		grep -vx libc | sort -u | tr '\n' ' ')
	status=0
	bad=
	[ "$got" = "$want" ] || bad="it opens $got"$'\n'
	result "$name" "$bad"
}

# The sanitizers bring libraries of their own
if ! nm "$M" 2>/dev/null | grep -q __asan_init; then
	bad=$(readelf -d "$M" | sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p' | grep -vE '^(libc\.so\.6|ld-linux.*)$')
	status=0
	wanted "libraries" && result "libraries: the program is linked with libc alone" "$bad"
	opened "" decode TCR_EL1 0x1
	opened "" "${F[@]}" walk 0x400010
	opened "" --version
	opened "libjson-c " --json decode TCR_EL1 0x1
fi

# A library that is not there: who has it is said, and nothing is done
mkdir "$tmp/lib"
for l in json-c:5:json kmod:2:load elf:1:load elf:1:snapshot bpf:1:load; do
	IFS=: read -r l version c <<<"$l"
	package=lib${l}$version
	: >"$tmp/lib/lib$l.so.$version"
	case $c in
	json) c=(--json decode TCR_EL1 0x1) ;;
	load) c=("${L[@]}" load --dry-run) ;;
	snapshot) c=("${L[@]}" snapshot -o "$tmp/lib/none") ;;
	esac
	if wanted "without lib$l"; then
		LD_LIBRARY_PATH=$tmp/lib run "${c[@]}"
		bad=$(stream "$tmp/out" -; stream "$tmp/err" "lib$l.*: install Debian's package $package\$")
		[ "$status" = 3 ] || bad+="status is not 3"
		result "without lib$l: ${c[*]: -3}" "$bad"
	fi
	rm "$tmp/lib/lib$l.so.$version"
done
