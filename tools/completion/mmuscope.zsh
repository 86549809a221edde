#compdef mmuscope
# SPDX-License-Identifier: GPL-2.0-only
# zsh completion for mmuscope(8), installed as _mmuscope. Commands and options are those that --help lists.

# Names of VMs, where they can be read
_mmuscope_vms()
{
	local -a vms
	local line

	for line in ${${(f)"$(_call_program vms $program list 2>/dev/null)"}[2,-1]}; do
		line=(${=line})
		vms+=($line[1])
		[[ $line[2] != *[\ \(]* ]] && vms+=($line[2])
	done
	compadd "$@" -a vms
}

# And other words that stand for a target; those that end in a colon go on
_mmuscope_targets()
{
	local expl ret=1

	_mmuscope_vms && ret=0
	_wanted targets expl target compadd -S '' - "$@" && ret=0
	return ret
}

_mmuscope_other()
{
	_values -s , choice txsz-below-min txsz-above-max nt contiguous oa-high early-shareability \
		fetch-device af-update por-el0
}

_mmuscope_checks()
{
	_values -s , check ${${(f)"$(_call_program checks $program audit --list-checks 2>/dev/null)"}%% *}
}

# Where A and B of a diff are
_mmuscope_side()
{
	_alternative 'files:snapshot:_files' 'now:now:(live)'
}

_mmuscope_audited()
{
	_alternative 'vms:VM:_mmuscope_vms' 'files:snapshot:_files'
}

# What completes the argument that help calls $1, into $action
_mmuscope_action()
{
	case $1 in
	FILE*) action=_files ;;
	DIR) action='_files -/' ;;
	VM*) action=_mmuscope_vms ;;
	CHOICE*) action=_mmuscope_other ;;
	ID*) action=_mmuscope_checks ;;
	FORMAT) action='(text json jsonl csv sarif prometheus)' ;;
	# Neither names nor alternatives: numbers, addresses
	*[A-JL-Z]*) action=' ' ;;
	*) action="(${1//|/ })" ;;
	esac
}

# The options in the help of $1, or of the program, as specifications for _arguments, added to $specs
_mmuscope_options()
{
	local line action text

	for line in ${(f)"$(_call_program options $program $1 --help 2>/dev/null)"}; do
		[[ $line =~ '^  (--[a-z0-9-]+)( ([^ ]+))? +(.*)$' ]] || continue
		text=${${${match[4]//\\/\\\\}//\[/\\[}//\]/\\]}
		if [[ -n $match[3] ]]; then
			_mmuscope_action $match[3]
			specs+=("*$match[1][$text]:${match[3]//:/\\:}:$action")
			[[ $match[1] == --output ]] && specs+=("*-o[$text]:$match[3]:$action")
		else
			specs+=("$match[1][$text]")
		fi
	done
}

# What a command takes besides options, as specifications added to $specs
_mmuscope_operands()
{
	case $1 in
	load) specs+=('1:module:_files -g "*.ko"') ;;
	regs) specs+=('1:VM: _mmuscope_targets host' '*:register: ') ;;
	walk) specs+=('1:VM: _mmuscope_targets host pid:' '*:address: ') ;;
	at)
		specs+=('1:operation:(s1e1r s1e1w s1e0r s1e0w s1e1rp s1e1wp s12e1r s12e1w s12e0r s12e0w
			s1e2r s1e2w s1e3r s1e3w s1e1x s1e0x s12e1x s12e0x s1e2x s1e3x)'
			'2:VM: _mmuscope_targets host' '*:address: ')
		;;
	read) specs+=('1:VM:_mmuscope_vms' '*:address: ') ;;
	dump) specs+=('1:VM:_mmuscope_vms') ;;
	find) specs+=("1:address: _wanted spaces expl space compadd -S '' - pa: ipa: va:") ;;
	diff) specs+=('1:A:_mmuscope_side' '2:B:_mmuscope_side' '*:VM:_mmuscope_vms') ;;
	watch) specs+=('1:what:(dump stat)' '*:VM:_mmuscope_vms') ;;
	stat | snapshot) specs+=('*:VM:_mmuscope_vms') ;;
	tags) specs+=('*:VM: _mmuscope_targets host pid:') ;;
	audit) specs+=('*:snapshot or VM:_mmuscope_audited') ;;
	decode) specs+=('1:register:(desc)' '*:value: ') ;;
	esac
}

_mmuscope_commands()
{
	local -a commands
	local line on

	for line in ${(f)"$(_call_program commands $program --help 2>/dev/null)"}; do
		case $line in
		Commands:) on=1 ;;
		Options:) break ;;
		*) [[ -n $on ]] && commands+=("${${=line}[1]}:${line[44,-1]## #}") ;;
		esac
	done
	_describe -t commands command commands
}

_mmuscope()
{
	local curcontext=$curcontext program=$words[1] state ret=1
	local -a specs line expl
	local -A opt_args

	_mmuscope_options
	_arguments -C $specs '1:command:_mmuscope_commands' '*::argument:->argument' && ret=0
	[[ $state == argument ]] || return ret
	_mmuscope_options $words[1]
	_mmuscope_operands $words[1]
	_arguments $specs && ret=0
	return ret
}

_mmuscope "$@"
