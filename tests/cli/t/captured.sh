# SPDX-License-Identifier: GPL-2.0-only
# Real guests, as tests/cli/capture took them; sourced by tests/cli/run

# captured NAME: unpack, and make the sparse file of memory out of its pages
captured() {
	local pages page
	mkdir "$tmp/$1"
	tar -C "$tmp/$1" -xzf "tests/cli/data/$1.tar.gz"
	for pages in "$tmp/$1"/sys/kernel/debug/mmuscope/vm/*/mem.d; do
		for page in "$pages"/*; do
			dd if="$page" of="${pages%.d}" bs=4096 seek=$((0x${page##*/} / 4096)) conv=notrunc status=none
		done
	done
	# the VAs that were captured, one a line
	mapfile -t vas <"tests/cli/data/$1.vas"
}

for file in tests/cli/data/*.tar.gz; do
	[ -f "$file" ] || continue
	name=${file##*/}
	name=${name%.tar.gz}
	captured "$name"
	g "$name-list" 0 --sysroot "$tmp/$name" list
	g "$name-dump" 0 --sysroot "$tmp/$name" dump web
	i=0
	for va in "${vas[@]}"; do
		i=$((i + 1))
		g "$name-walk-$i" 0 --sysroot "$tmp/$name" walk web "$va"
		g "$name-at-$i" 0 --sysroot "$tmp/$name" at s12e1r web "$va"
		j "$name: walk of $va in JSON" 0 walk 'd["status"] == "mapped"' --sysroot "$tmp/$name" walk web "$va"
	done
	t "$name: the banner is read" 0 'Linux version' - --sysroot "$tmp/$name" read web --raw "${vas[0]}" 64
done
