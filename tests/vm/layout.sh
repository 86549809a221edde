# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Layouts of the small VMM and dumps of mmuscope, brought into one form to be compared. For scripts in the KVM host:
#
#	. /test/layout.sh

# The leaves of a dump --tree as "INPUT LEVEL WORD OUTPUT EL1 EL0 MEMORY", hexadecimal without leading zeroes
leaves() {
	sed -n 's/^ *S[12] L\([0-9]\)  *\[ *[0-9]*\] 0x0*\([0-9a-f]*\) .* = 0x0*\([0-9a-f]*\) \(page\|block\) -> \(0x[0-9a-f]*\), EL1 \(...\) EL0 \(...\), \(.*\) [NIO]SH,.*/0x\2 \1 0x\3 \5 \6 \7 \8/p'
}

# host_page LAYOUT: the host's page in bytes
host_page() {
	echo $(($(sed -n 's/^vm .* PAGE //p' "$1")))
}

# huge_page LAYOUT: what one table of them maps
huge_page() {
	echo $(($(host_page "$1") / 8 * $(host_page "$1")))
}

# Stage 2 as the VMM knows it, in the same form less the word
known_stage2() {
	sed -n 's/^s2 IPA \(0x[0-9a-f]*\) SIZE \(0x[0-9a-f]*\) PA \(0x[0-9a-f]*\) .* RIGHTS \(...\)$/\1 \2 \3 \4/p' "$1" |
		awk -v page="$(printf '0x%x' "$(host_page "$1")")" '{ print $1, $2 == page ? 3 : 2, $3, toupper($4) }' | sort
}

seen_stage2() {
	leaves | awk '{ print $1, $2, $4, $5 }' | sort
}

# What one cannot know, to be dropped on both sides: KVM makes a page executable when it is executed, where it must
unknown_right() {
	grep -q 'RIGHTS ..?' "$1" && echo 's/[-X?]$//'
}

known_stage1() {
	awk '/^s1 / {
		type["wb"] = "Normal WB RWA"; type["nGnRnE"] = "Device-nGnRnE"; type["nGnRE"] = "Device-nGnRE"
		type["nc"] = "Normal NC"; type["wt"] = "Normal WT RWA"
		if ($11 == "af")	# rights are shown of it, but no access has them
			next
		print $3, $9, $5, toupper($11), toupper($13), type[$15]
	}' "$1" | sort
}

seen_stage1() {
	leaves | sed 's/ [0-9] / /' | sort
}

# Numbers are doubles in awk, which are exact as far as addresses go
awk_hex='function hex(s,   n, i) {
		for (i = 3; i <= length(s); i++)
			n = n * 16 + index("123456789abcdef", substr(s, i, 1))
		return n
	}'

# Ranges "FROM TO OUTPUT LEVEL COUNT RIGHTS" in decimal, sorted: those that go on from each other on both sides, alike,
# become one
join_ranges() {
	awk 'function out() { if (n) printf "%.0f %.0f %.0f %d %d %s\n", from, to, pa, level, n, rights }
		$1 == to && $3 == pa + to - from && $4 == level && $6 == rights { n += $5; to = $2; next }
		{ out(); from = $1; to = $2; pa = $3; level = $4; n = $5; rights = $6 }
		END { out() }'
}

# known_ranges LAYOUT: stage 2 as such ranges, from what known_stage2 says
known_ranges() {
	known_stage2 "$1" | awk -v page="$(host_page "$1")" -v huge="$(huge_page "$1")" "$awk_hex"'
		{ printf "%.0f %.0f %.0f %d 1 %s\n", hex($1), hex($1) + ($2 == 3 ? page : huge), hex($3), $2, $4 }' |
		sort -n | join_ranges
}

# A merged dump of stage 2 as such ranges. One may be several there: a page whose access flag the host has cleared, to
# see whether it is used, is not like its neighbours.
seen_ranges() {
	awk "$awk_hex"'
		/^0x/ { split($1, ia, "-"); split($2, pa, "-")
			if (hex(ia[2]) - hex(ia[1]) != hex(pa[2]) - hex(pa[1]))
				print "0 the two sides of", $1, "differ in size"
			printf "%.0f %.0f %.0f %d %d %s\n", hex(ia[1]), hex(ia[2]), hex(pa[1]), $4, $5, $6 }' |
		sort -n | join_ranges
}

# The sizes that a merged dump prints, added up, in KiB
sum_of_sizes() {
	awk '/^0x/ { u = substr($3, length($3)); s = $3 + 0; if (u == "M") s *= 1024; if (u == "G") s *= 1048576; n += s }
		END { printf "%.0f\n", n }'
}

# The same from known_ranges or seen_ranges
sum_of_ranges() {
	awk '{ n += $2 - $1 } END { printf "%.0f\n", n / 1024 }'
}

# The granules of stage 1 that this CPU has, in KiB, by a file with its registers (ID_AA64MMFR0_EL1)
cpu_granules() {
	local mmfr0
	mmfr0=$(awk '$1 == "ID_AA64MMFR0_EL1" { print $2 }' "$1")
	[ $((mmfr0 >> 28 & 15)) = 15 ] || echo 4
	[ $((mmfr0 >> 20 & 15)) = 0 ] || echo 16
	[ $((mmfr0 >> 24 & 15)) = 15 ] || echo 64
}
