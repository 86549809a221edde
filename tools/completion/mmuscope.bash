# SPDX-License-Identifier: GPL-2.0-only
# bash completion for mmuscope(8)

# Names of VMs, where they can be read
_mmuscope_vms()
{
	mmuscope list 2>/dev/null | awk 'NR > 1 { print $1; if ($2 !~ /[ (]/) print $2 }'
}

# "--option" or "--option ARGUMENT", one a line: those in a command's help
_mmuscope_options()
{
	mmuscope "$1" --help 2>/dev/null | awk '/^  --/ { print $1, /^  --[a-z0-9-]+ [^ ]/ ? $2 : "" }'
}

_mmuscope()
{
	local cur prev words cword
	_init_completion -n : || return

	local commands="load unload status list regs decode walk at read dump find tags stat diff watch snapshot audit"
	local globals="--json --format --ram --core --regs --symbols --kaslr-offset --snapshot --other --sysroot --version --help"
	local ops="s1e1r s1e1w s1e0r s1e0w s1e1rp s1e1wp s12e1r s12e1w s12e0r s12e0w
		s1e2r s1e2w s1e3r s1e3w s1e1x s1e0x s12e1x s12e0x s1e2x s1e3x"
	local choices="txsz-below-min txsz-above-max nt contiguous oa-high early-shareability
		fetch-device af-update por-el0"
	# Of these and of the command's, those with an argument
	local takes="--format --ram --core --regs --symbols --kaslr-offset --snapshot --other --sysroot -o"
	local command="" options="" at=0 i

	for ((i = 1; i < cword; i++)); do
		case ${words[i]} in
		-*) [[ " $takes " == *" ${words[i]} "* ]] && ((i++)) ;;
		*)
			if [ -z "$command" ]; then
				command=${words[i]}
				options=$(_mmuscope_options "$command")
				takes+=" $(awk 'NF > 1 { print $1 }' <<<"$options" | tr '\n' ' ')"
			else
				((at++))
			fi
			;;
		esac
	done

	case $prev in
	--ram | --core | --regs | --symbols | --snapshot | -o | --output | --from | --vectors | --baseline)
		_filedir
		return
		;;
	--other)
		COMPREPLY=($(compgen -P "${cur%"${cur##*,}"}" -W "$choices" -- "${cur##*,}"))
		return
		;;
	--sysroot)
		_filedir -d
		return
		;;
	--format)
		COMPREPLY=($(compgen -W "text json jsonl csv sarif prometheus" -- "$cur"))
		return
		;;
	--check)
		COMPREPLY=($(compgen -P "${cur%"${cur##*,}"}" -W "$(mmuscope audit --list-checks 2>/dev/null |
			cut -d' ' -f1)" -- "${cur##*,}"))
		return
		;;
	--vm | --in)
		COMPREPLY=($(compgen -W "$(_mmuscope_vms)" -- "$cur"))
		return
		;;
	--*)
		# Alternatives that help lists; nothing for numbers and addresses
		if [[ " $takes " == *" $prev "* ]]; then
			COMPREPLY=($(compgen -W "$(awk -v o="$prev" '$1 == o && $2 !~ /[A-JL-Z]/ {
				gsub(/\|/, " ", $2); print $2 }' <<<"$options")" -- "$cur"))
			return
		fi
		;;
	esac

	if [[ $cur == -* ]]; then
		local opts=$globals
		[ -n "$command" ] &&
			opts="$opts $(awk '{ print $1 }' <<<"$options")"
		COMPREPLY=($(compgen -W "$opts" -- "$cur"))
		return
	fi

	case $command,$at in
	,*) COMPREPLY=($(compgen -W "$commands" -- "$cur")) ;;
	load,0) _filedir ko ;;
	at,0) COMPREPLY=($(compgen -W "$ops" -- "$cur")) ;;
	at,1) COMPREPLY=($(compgen -W "host $(_mmuscope_vms)" -- "$cur")) ;;
	diff,0 | diff,1)
		_filedir
		COMPREPLY+=($(compgen -W "live" -- "$cur"))
		;;
	diff,*) COMPREPLY=($(compgen -W "$(_mmuscope_vms)" -- "$cur")) ;;
	stat,*) COMPREPLY=($(compgen -W "$(_mmuscope_vms)" -- "$cur")) ;;
	find,0) COMPREPLY=($(compgen -W "pa: ipa: va:" -- "$cur")) ;;
	walk,0) COMPREPLY=($(compgen -W "host pid: $(_mmuscope_vms)" -- "$cur")) ;;
	tags,*) COMPREPLY=($(compgen -W "host pid: $(_mmuscope_vms)" -- "$cur")) ;;
	audit,*) COMPREPLY=($(compgen -f -W "$(_mmuscope_vms)" -- "$cur")) ;;
	snapshot,*) COMPREPLY=($(compgen -W "$(_mmuscope_vms)" -- "$cur")) ;;
	regs,0) COMPREPLY=($(compgen -W "host $(_mmuscope_vms)" -- "$cur")) ;;
	decode,0) COMPREPLY=($(compgen -W "desc" -- "$cur")) ;;
	watch,0) COMPREPLY=($(compgen -W "dump stat" -- "$cur")) ;;
	watch,*) COMPREPLY=($(compgen -W "$(_mmuscope_vms)" -- "$cur")) ;;
	read,0 | dump,0) COMPREPLY=($(compgen -W "$(_mmuscope_vms)" -- "$cur")) ;;
	esac
} && complete -F _mmuscope mmuscope
