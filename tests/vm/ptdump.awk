# SPDX-License-Identifier: GPL-2.0-only
#
# A dump of stage 2 (mmuscope dump --stage 2 --tree), reduced to what upstream's stage2_page_tables says of the same
# tables. That visits each entry of each table but table descriptors, zero ones too, joins neighbours of one level
# whose attributes are the same, and prints a range when the next begins; so the last one is never printed.
#
#	awk -v bits=IPA-BITS -v start=START-LEVEL -v shift=GRANULE-SHIFT -f ptdump.awk DUMP
#
# Addresses are below 2^53, so that awk's numbers hold them. busybox's has no ^.

function digit(c) { return index("0123456789abcdef", c) - 1 }

function number(hex,   i, n) {
	for (i = 3; i <= length(hex); i++)
		n = n * 16 + digit(substr(hex, i, 1))
	return n
}

# Bit n of a word of 16 digits
function bit(word, n) {
	return int(digit(substr(word, 18 - int(n / 4), 1)) / two[n % 4]) % 2
}

# In pieces: not every printf knows more than 31 bits
function hex(n) {
	return sprintf("0x%04x%04x%04x%04x", int(n / two[48]), int(n / two[32]) % 65536, int(n / 65536) % 65536, n % 65536)
}

function size(level) { return two[shift + (3 - level) * (shift - 3)] }

# What of a word stage2_page_tables looks at; "" is nothing
function attributes(word,   v, text) {
	if (word !~ /[1-9a-f]/)
		return ""
	v = bit(word, 0)
	text = v bit(word, 6) bit(word, 7) bit(word, 54) bit(word, 10) bit(word, 1)
	return text == "000000" ? "" : text
}

function shown(a,   v, r, w, xn, af, page) {
	v = substr(a, 1, 1) + 0; r = substr(a, 2, 1) + 0; w = substr(a, 3, 1) + 0
	xn = substr(a, 4, 1) + 0; af = substr(a, 5, 1) + 0; page = substr(a, 6, 1) + 0
	return sprintf(" %s %s %s %s %s %s", v ? " " : "F", v && r ? "R" : " ", v && w ? "W" : " ",
		       v && !xn ? " " : "X", v && af ? "AF" : "  ", v && !page ? "BLK" : "   ")
}

function note(addr, level, a,   delta, unit) {
	if (!started) {
		print "---[ Guest IPA ]---"
		started = 1
	} else if (a == now && level == at_level) {
		return
	} else {
		delta = (addr - from) / 1024
		for (unit = 1; delta % 1024 == 0 && unit < 6; unit++)
			delta /= 1024
		printf "%s-%s   %9d%s %d%s\n", hex(from), hex(addr), delta, substr("KMGTPE", unit, 1), at_level,
		       now == "" ? "" : shown(now)
	}
	now = a
	at_level = level
	from = addr
}

# Entries that are zero, from where we are up to addr, table after table
function zeroes(addr) {
	while (place < addr) {
		while (depth && place == end[depth])
			depth--
		note(place, level_of[depth], "")
		place = depth && end[depth] < addr ? end[depth] : addr
	}
	while (depth && place == end[depth])
		depth--
}

BEGIN {
	two[0] = 1
	for (n = 0; n < 52; n++)
		two[n + 1] = 2 * two[n]
	level_of[0] = start
	depth = place = 0
}

/^ *S2 L[0-9] / {
	sub(/\[ */, "[")
	level = substr($2, 2) + 0
	addr = number($4)
	for (i = 5; $i != "="; i++)
		;
	word = $(i + 1)
	zeroes(addr)
	if ($(i + 2) == "table") {
		depth++
		level_of[depth] = level + 1
		end[depth] = addr + size(level)
		next
	}
	note(addr, level, attributes(word))
	place = addr + size(level)
}

END { zeroes(two[bits]) }
