# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# answers DIR ADDRESSES COMMAND...: what COMMAND (mmuscope with what it shall look at) answers on the guest alpha, for
# each VA in the file ADDRESSES, into files in DIR. Live and of a snapshot, on the host and elsewhere, they are the same.

# answer FILE COMMAND...: output and status of one
answer() {
	local file=$1
	shift
	"$@" >"$file" 2>/dev/null
	echo "status $?" >>"$file"
}

answers() {
	local dir=$1 addresses=$2 va vcpu op stage n=0
	shift 2
	mkdir -p "$dir"
	while read -r va; do
		n=$((n + 1))
		answer "$dir/walk-$n" "$@" walk alpha:$((n % 2)) "$va"
	done <"$addresses"
	answer "$dir/list" "$@" list
	answer "$dir/list-json" "$@" --json list
	answer "$dir/stat" "$@" stat alpha
	for vcpu in 0 1; do
		answer "$dir/regs-$vcpu" "$@" regs alpha:$vcpu
		for op in s12e1r s12e0w s1e1w s1e0r s12e1x; do
			answer "$dir/at-$op-$vcpu" "$@" at $op alpha:$vcpu --from "$addresses"
		done
		for stage in 1 2 both; do
			answer "$dir/dump-$stage-$vcpu" "$@" dump alpha:$vcpu --stage $stage
		done
	done
	answer "$dir/tree-1" "$@" dump alpha --stage 1 --tree
	answer "$dir/tree-2" "$@" dump alpha --stage 2 --tree --invalid
	answer "$dir/json" "$@" --json dump alpha --stage both
}
