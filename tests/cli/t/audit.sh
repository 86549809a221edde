# SPDX-License-Identifier: GPL-2.0-only
# Isolation: a snapshot of two guests, changed in one place at a time; sourced by tests/cli/run

if wanted "audit"; then
	tests/cli/forge-audit "$tmp/audit"
	"$M" --sysroot "$tmp/audit" snapshot --memory --vmm -o "$tmp/audit.snap" >"$tmp/out" 2>"$tmp/err"
fi
A=(--snapshot "$tmp/audit.snap" audit)
g audit-clean 0 "${A[@]}"
t "audit: a captured tree that is clean" 0 '^verdict +isolated: 2 VMs' - --sysroot "$tmp/audit" audit
j "audit: JSON" 0 audit 'd["verdict"] == "isolated" and d["findings"] == []' "${A[@]}"

# every check but those that no snapshot can show: found by its own forgery, and by no other
while read -r number want checks; do
	tests/cli/spoil "$tmp/audit.snap" "$tmp/spoilt" "$number" >"$tmp/err" 2>&1
	run --snapshot "$tmp/spoilt" audit
	found=$(awk '/^(violated|unknown|shared|notice) / { sub(":", "", $2); print $2 }' "$tmp/out" | sort -u | tr '\n' ' ')
	bad=
	[ "$status" = "$want" ] || bad+="status is not $want"$'\n'
	[ "$found" = "$(tr ' ' '\n' <<<"$checks" | sort | tr '\n' ' ' | sed 's/^ $//')" ] || bad+="found $found"$'\n'
	[ "$status" = 0 ] || ! grep -q '^verdict.*all: isolated' "$tmp/out" || bad+="called isolated"$'\n'
	result "audit: forgery $number: ${checks:-none}" "$bad"
done < <(! wanted "audit" || tests/cli/spoil --list)

wanted "audit" && tests/cli/spoil "$tmp/audit.snap" "$tmp/shared.snap" 1
wanted "audit" && tests/cli/spoil "$tmp/audit.snap" "$tmp/foreign.snap" "$(tests/cli/spoil --list | awk '/vttbr-foreign/ { print $1 }')"
S=(--snapshot "$tmp/shared.snap" audit)
g audit-overlap 1 "${S[@]}"
j "audit: an overlap in JSON" 1 audit \
	'[f["other"]["name"] for f in d["findings"]] == ["db", "web"] and d["findings"][0]["word"]["value"] == "0x400000802807ff"' "${S[@]}"

# the same place accepted, by a list and by the result itself
cat >"$tmp/audit-list" <<'END'
# accepted on purpose
overlap-writable web 0x40009000+4K
overlap-writable db
END
"$M" --json "${S[@]}" >"$tmp/audit-accepted.json" 2>/dev/null
t "audit: a baseline of lines" 0 '^verdict +isolated.* 2 accepted' - "${S[@]}" --baseline "$tmp/audit-list"
t "audit: a baseline in JSON" 0 '^accepted +overlap-writable VM 100-10' - "${S[@]}" --baseline "$tmp/audit-accepted.json"
sed -i 's/+4K/+2K/' "$tmp/audit-list"
t "audit: a baseline of another range" 1 '^violated +overlap-writable VM 100-10.* 4K' - "${S[@]}" --baseline "$tmp/audit-list"
# a result that accepted something else, or less
for edit in 'f.pop("vm"), f.pop("name")' 'f.update(severity="unknown")' 'f.update(rights="R--")' 'f["other"].update(rights="R--")' \
	'f.pop("other")' 'f["other"].update(what="a ring")' 'f.pop("ipa"), f.pop("pa")'; do
	wanted "audit: a baseline in JSON" && python3 -c "import json, sys
d = json.load(open(sys.argv[1]))
for f in d['findings']: $edit
json.dump(d, open(sys.argv[2], 'w'))" "$tmp/audit-accepted.json" "$tmp/audit-other.json"
	t "audit: a baseline in JSON after $edit" 1 '^verdict +violated.* 0 accepted' - "${S[@]}" --baseline "$tmp/audit-other.json"
done
echo "overlap" >"$tmp/audit-wrong"
t "audit: a baseline with no such check" 2 - 'line 1: there is no check "overlap"' "${S[@]}" --baseline "$tmp/audit-wrong"
echo "{" >"$tmp/audit-wrong"
t "audit: a baseline that is no JSON" 2 - 'no result of' "${S[@]}" --baseline "$tmp/audit-wrong"
t "audit: a baseline of nothing" 3 - 'No such file' "${S[@]}" --baseline "$tmp/nothing"

t "audit: one check, and those of what was not read" 1 '15 checks; 2 violated' - "${S[@]}" --check overlap-writable
wanted "audit: another check" && tests/cli/spoil "$tmp/audit.snap" "$tmp/unread.snap" "$(tests/cli/spoil --list | awk '/unread-table/ { n = $1 } END { print n }')"
t "audit: another check, where a table was not read" 3 '^unknown +unread-table VM 100-10' - \
	--snapshot "$tmp/unread.snap" audit --check vmid-zero
t "audit: another check" 0 '^verdict +isolated' - "${S[@]}" --check vmid-zero,vmid-duplicate
t "audit: no such check" 2 - 'no check: --list-checks' "${S[@]}" --check overlap
t "audit: no such format" 2 - '"xml" is none of text, json, sarif, prometheus' "${S[@]}" --format xml
t "audit: one VM is not isolated from what was left out" 3 '^unknown +unread-other VM 100-10: 1 other VM of this host was left out' - \
	--snapshot "$tmp/audit.snap" audit web
t "audit: one VM, which is violated for itself" 1 '^violated +vttbr-foreign VM 100-10' - --snapshot "$tmp/foreign.snap" audit web
t "audit: all VMs by name are all" 0 '^audit .*: 2 VMs$' - --snapshot "$tmp/audit.snap" audit web db
t "audit: no such VM" 3 - 'no VM "nobody"' "${S[@]}" nobody
t "audit: files are operands" 1 '^audit .*/shared.snap: 2 VMs' - audit "$tmp/shared.snap"
t "audit: the same VMs twice are of two times" 1 '^compared +with no other file' - audit "$tmp/shared.snap" "$tmp/audit.snap"
t "audit: checks are listed" 0 '^vmm-mismatch +violated' '*' audit --list-checks

# two files of one boot, one VM in each
if wanted "audit: two files"; then
	for vm in web db; do
		"$M" --sysroot "$tmp/audit" snapshot --memory --vmm -o "$tmp/$vm.snap" $vm >/dev/null 2>&1
	done
	tests/cli/spoil "$tmp/web.snap" "$tmp/web.snap" 1
fi
t "audit: two files of one boot are compared" 1 '^violated +overlap-writable VM web.snap:100-10 .*with VM db.snap:101-10' - \
	audit "$tmp/web.snap" "$tmp/db.snap"

t "audit: a file of one VM is not of the host" 3 '^unknown +unread-other VM 101-10: 1 other VM' - audit "$tmp/db.snap"

# SARIF and Prometheus
if wanted "audit: SARIF"; then
	run "${S[@]}" --format sarif
	result "audit: SARIF" "$(tests/cli/validate audit-sarif "$tmp/out" \
		'[r["ruleId"] for r in d["runs"][0]["results"]] == ["overlap-writable"] * 2 and
		d["runs"][0]["tool"]["driver"]["rules"][d["runs"][0]["results"][0]["ruleIndex"]]["id"] == "overlap-writable"' 2>&1)"
fi
if wanted "audit: Prometheus"; then
	rm -f "$tmp/audit.prom"
	run "${S[@]}" --format prometheus -o "$tmp/audit.prom"
	bad=
	[ "$status" = 1 ] || bad+="status is not 1"$'\n'
	[ ! -s "$tmp/out" ] || bad+="standard output is not empty"$'\n'
	grep -qx 'mmuscope_audit_vm_verdict{vm="101-10",name="db",verdict="violated"} 1' "$tmp/audit.prom" || bad+="no verdict"$'\n'
	# Of "tests/vm/fetch promtool", or this machine's
	promtool=$(PATH=$PATH:build/vm/promtool command -v promtool) &&
		bad+=$("$promtool" check metrics <"$tmp/audit.prom" 2>&1)
	[ -n "$promtool" ] || echo "# promtool is not here: the metrics are not checked by it"
	[ -z "$(find "$tmp" -name 'audit.prom.*')" ] || bad+="something is left"$'\n'
	result "audit: Prometheus, into a file" "$bad"
fi
t "audit: a file that cannot be written" 3 - 'No such file' "${S[@]}" -o "$tmp/no/such/file"
if wanted "audit: nothing is left"; then
	mkdir "$tmp/audit-empty"
	run "${S[@]}" nobody -o "$tmp/audit-empty/file"
	result "audit: nothing is left of a file that was not completed" "$(ls "$tmp/audit-empty")"
fi
wanted "audit" && for check in $("$M" audit --list-checks | cut -d' ' -f1); do
	grep -qE "^(.*, )?$check(,.*| \(.*)?$" Documentation/audit.rst || result "audit: $check is documented" "it is not"
done

# audited NAME: a copy of the captured tree to be changed, in $tmp/NAME
audited() {
	rm -rf "${tmp:?}/$1"
	cp -a --sparse=always "$tmp/audit" "$tmp/$1"
	D=$tmp/$1/sys/kernel/debug/mmuscope
}

# the list of VMs as it is at the beginning, when the VMs are counted, and at the end
if wanted "audit: the list"; then
	web="100-10 100 10 1 vmm" both=$(cat "$tmp/audit/sys/kernel/debug/mmuscope/vms")
	audited listed
	once "$D/vms" "$web" "$web"
	t "audit: the list has a VM that is new" 3 '^unknown +unread-vm VM 101-10: it came' - --sysroot "$tmp/listed" audit
	end_once
	audited listed
	once "$D/vms" "$web" "$web"
	t "audit: the list has a VM that is new, beside one that is not isolated from it" 3 '^unknown +unread-other VM 100-10' - \
		--sysroot "$tmp/listed" audit
	end_once
	audited listed
	mv "$D/vm/101-10" "$D/vm/101-11"
	sed -i 's/101-10 101 10/101-11 101 11/' "$D/vms"
	once "$D/vms" "$both" "$both"
	t "audit: the list has a VM under another name" 3 '^unknown +unread-vm VM 101-11: it came' - --sysroot "$tmp/listed" audit
	end_once
	audited listed
	rm -r "$D/vm/101-10"
	t "audit: the list has a VM without files" 3 '^unknown +unread-vm VM 101-10: it is listed' - --sysroot "$tmp/listed" audit
	sed -i '/^101/d' "$D/vms"
	once "$D/vms" "$both" "$both"
	t "audit: the list has no more a VM that ended" 0 '^verdict +isolated: 1 VMs' - --sysroot "$tmp/listed" audit
	end_once
fi

# what "info" of a VM says when it is listed and counted, before its tables are read, and after its registers
if wanted "audit: info"; then
	info=$(cat "$tmp/audit/sys/kernel/debug/mmuscope/vm/100-10/info")
	none=$(sed 's/^vmid .*/vmid 0x0/' <<<"$info")
	audited info
	once "$D/vm/100-10/info" "$none" "$none" "$none"
	t "audit: info is read again of a VM that runs for the first time" 0 '^verdict +isolated' - --sysroot "$tmp/info" audit
	end_once
	# page 9 is that of the other guest
	audited info
	printf '\xff\x07\x28\x80\0\0\x40\0' | dd of="$D/vm/100-10/stage2" bs=1 seek=8384 conv=notrunc status=none
	sed -i 's/^run 0xffff80009000 0x80180000/run 0xffff80009000 0x80280000/' "$tmp/info/mmuscope/vm/100-10/backing"
	sed -i 's/^invalidate_seq .*/invalidate_seq 6/' "$D/vm/100-10/info"
	once "$D/vm/100-10/info" "$info" "$info"
	t "audit: info has the count of before the tables were read" 1 '^violated +overlap-writable VM 100-10' - \
		--sysroot "$tmp/info" audit
	end_once
	# for a snapshot it is read when the VM is listed, before and after its tables, between them to be kept, and in the end
	"$M" --sysroot "$tmp/info" snapshot --vmm -o "$tmp/info.snap" >/dev/null 2>&1
	t "audit: info has the same count when a snapshot ends" 1 '^violated +overlap-writable VM 100-10' - audit "$tmp/info.snap"
	once "$D/vm/100-10/info" "$info" "$info" "$info" "$info"
	"$M" --sysroot "$tmp/info" snapshot --vmm -o "$tmp/info.snap" >/dev/null 2>&1
	end_once
	t "audit: info has another count when a snapshot ends" 3 '^unknown +overlap-writable VM 100-10' - audit "$tmp/info.snap"
	result "audit: info has it by then only" "$(grep unread-changed "$tmp/out")"
fi

# a stage 2 for a guest of the guest, in the tree and in its snapshot; and EL2 of which nothing more is known
if wanted "audit: nested"; then
	audited nested
	echo "shadow 0 guest_VTTBR_EL2 0x1000040000000 guest_VTCR_EL2 0x80053558 stage2 1 VTTBR_EL2 0x3000088020000 VTCR_EL2 0x80053558 ipa_bits 40 start_level 1" >"$D/vm/100-10/nested"
	"$M" --sysroot "$tmp/nested" snapshot --vmm -o "$tmp/nested.snap" >/dev/null 2>&1
	t "audit: nested stage 2" 3 '^unknown +unread-nested VM 100-10: the one called 100-10.0: ' - --sysroot "$tmp/nested" audit
	t "audit: nested stage 2 in a snapshot" 3 '^unknown +unread-nested VM 100-10: the one called 100-10.0: ' - audit "$tmp/nested.snap"
	t "nested stage 2 that a snapshot could not read" 3 - 'not in the snapshot' --snapshot "$tmp/nested.snap" dump 100-10.0 --stage 2
	echo >"$D/vm/100-10/nested"
	sed -i '1i # context hyp' "$D/vm/100-10/vcpu0/regs"
	run --sysroot "$tmp/nested" audit
	result "audit: nested, and no stage 2 is in use" "$(grep unread-nested "$tmp/out")"
	rm "$D/vm/100-10/nested"
	t "audit: nested, and no file says of what" 3 '^unknown +unread-nested VM 100-10: it has EL2' - --sysroot "$tmp/nested" audit
	echo >"$D/vm/100-10/nested"
	chmod -R go+rX "$tmp/nested"
	chmod 0 "$D/vm/100-10/nested"
	nobody "$M" --sysroot "$tmp/nested" audit >"$tmp/out" 2>"$tmp/err"
	status=$?
	result "audit: nested, and the file may not be read" "$(stream "$tmp/out" '^unknown +unread-nested VM 100-10: only root'
		[ "$(grep -c unread-nested "$tmp/out")" = 1 ] || echo "more than once")"
fi

# what the guest of a guest has: memory of the slots, of another VM, and of nobody
if wanted "audit: shadow"; then
	for pa in 0x80103000 0x80203000 0x8f000000; do
		tests/cli/forge-audit "$tmp/shadow-$pa" "$pa"
	done
	S=(--sysroot "$tmp/shadow-0x80103000")
	t "audit: shadow of memory of the slots" 0 '^verdict +isolated: 2 VMs' - "${S[@]}" audit
	S=(--sysroot "$tmp/shadow-0x80203000")
	t "audit: shadow of another VM's memory is foreign" 1 '^violated +shadow-foreign VM 100-10 IPA 0x1000-0x2000 of shadow 3 PA 0x80203000-' - \
		"${S[@]}" audit
	t "audit: shadow of another VM's memory is an overlap" 1 '^violated +overlap-writable VM 101-10 IPA 0x40003000-.* with VM 100-10 RW-: ' - \
		"${S[@]}" audit
	j "audit: shadow in JSON" 1 audit \
		'{(f["check"], f.get("shadow"), f["ipa"]) for f in d["findings"]} == {("overlap-writable", 3, "0x1000"), ("shadow-foreign", 3, "0x1000"), ("overlap-writable", None, "0x40003000")}' \
		"${S[@]}" audit
	"$M" --json "${S[@]}" audit >"$tmp/shadow.json" 2>/dev/null
	t "audit: shadow in a baseline" 0 '^accepted +shadow-foreign VM 100-10' - "${S[@]}" audit --baseline "$tmp/shadow.json"
	# an IPA in a list is one of the VM's own
	printf '%s\n' 'shadow-foreign web 0x1000+4K' 'overlap-writable *' >"$tmp/shadow-list"
	t "audit: shadow, and a baseline that names an IPA" 1 '^violated +shadow-foreign VM 100-10' - \
		"${S[@]}" audit --baseline "$tmp/shadow-list"
	run "${S[@]}" audit --format sarif
	result "audit: shadow in SARIF" "$(tests/cli/validate audit-sarif "$tmp/out" \
		'3 in [r["properties"].get("shadow") for r in d["runs"][0]["results"]]' 2>&1)"
	# which there are: one that was given to another stage 2 once, then one that is each time
	S=(--sysroot "$tmp/shadow-0x80103000")
	nested=$tmp/shadow-0x80103000/sys/kernel/debug/mmuscope/vm/100-10/nested
	now=$(cat "$nested") before=$(sed 's/0x1000040000000/0x2000040000000/' "$nested")
	once "$nested" "$before"
	t "audit: shadow that another was before" 0 '^verdict +isolated: 2 VMs' - "${S[@]}" audit
	end_once
	once "$nested" "$before" "$now" "$before" "$now" "$before"
	t "audit: shadow that is another each time" 3 '^unknown +unread-nested VM 100-10: which there are changed' - "${S[@]}" audit
	end_once
	once "$nested" "$before" "$before"
	"$M" "${S[@]}" snapshot --vmm -o "$tmp/shadow.snap" >"$tmp/out" 2>"$tmp/err"
	status=$?
	result "audit: snapshot, shadow that another was before" "$([ $status = 3 ] || echo "not 3"; stream "$tmp/out" '^shadow +100-10.3: unreadable: ')"
	end_once
	t "audit: snapshot, shadow that another was before, walked" 3 - 'not in the snapshot' --snapshot "$tmp/shadow.snap" walk 100-10.3 ipa:0x1008
	"$M" "${S[@]}" snapshot --vmm -o "$tmp/shadow.snap" >"$tmp/out" 2>"$tmp/err"
	status=$?
	result "audit: snapshot, shadow" "$([ $status = 0 ] || echo "not 0"; stream "$tmp/out" '^shadow +100-10.3: stage 2 4 tables$')"
	t "audit: snapshot, shadow, audited" 0 '^verdict +isolated: 2 VMs' - audit "$tmp/shadow.snap"
	t "audit: snapshot, shadow, walked" 0 '^PA +0x0*80103008' - --snapshot "$tmp/shadow.snap" walk 100-10.3 ipa:0x1008
	"$M" "${S[@]}" dump 100-10.3 --stage 2 --tree >"$tmp/live" 2>&1
	run --snapshot "$tmp/shadow.snap" dump 100-10.3 --stage 2 --tree
	result "audit: snapshot, shadow, dumped" "$(diff "$tmp/live" "$tmp/out"; grep -q 80103000 "$tmp/out" || echo "no page")"
	S=(--sysroot "$tmp/shadow-0x8f000000")
	"$M" "${S[@]}" snapshot --vmm -o "$tmp/shadow.snap" >"$tmp/out" 2>"$tmp/err"
	t "audit: snapshot, shadow of nobody's memory" 1 '^violated +shadow-foreign VM 100-10' - audit "$tmp/shadow.snap"
	t "audit: shadow of nobody's memory" 1 '^violated +shadow-foreign VM 100-10' - "${S[@]}" audit
	sed -i '/^run 0xffff80200000/d' "$tmp/shadow-0x8f000000/mmuscope/vm/100-10/backing"
	t "audit: shadow, and a slot that was not read" 3 '^unknown +shadow-foreign .*, of which not all was read' - "${S[@]}" audit
	echo "moving 0xffff80200000 0x200000" >>"$tmp/shadow-0x8f000000/mmuscope/vm/100-10/backing"
	t "audit: shadow, and a slot whose pages are in motion" 3 '^unknown +shadow-foreign .*, of which not all was read' - "${S[@]}" audit
	# the VM's own stage 2 maps nothing, so that nothing need be saved of what is behind it
	tests/cli/forge-audit "$tmp/shadow-alone" 0x8f000000
	D=$tmp/shadow-alone/sys/kernel/debug/mmuscope/vm/100-10
	dd if=/dev/zero of="$D/stage2" bs=1 seek=8312 count=4096 conv=notrunc status=none
	: >"$tmp/shadow-alone/mmuscope/vm/100-10/backing"
	t "audit: shadow alone" 3 '^unknown +unread-vmm VM 100-10: of what is behind the memory slots nothing was saved' - \
		--sysroot "$tmp/shadow-alone" audit
	# what no KVM says: ranges around the end of all addresses, and a number that is none
	for line in "slot 2 0 0x50000000 0x2000 0x0 -0x1000" "slot 2 0 -0x1000 0x2000 0x0 0x1000" "slot 2 0 0x50000000 0 0x0 0x1000"; do
		tests/cli/forge-audit "$tmp/shadow-slots" 0x80103000
		echo "$line" >>"$tmp/shadow-slots/sys/kernel/debug/mmuscope/vm/100-10/slots"
		t "audit: shadow and $line" 3 '^unknown +unread-slots VM 100-10' - --sysroot "$tmp/shadow-slots" audit
	done
	for line in "run 0x1000 0x80000000 0xffffffffffffffff" "run 0x0 0x2000 0xfffffffffffffff0" "run 0x1000 0x2000 0" \
		"run 0x0 0xfffffffffffff000 0x2000" "absent 0x1000 0xfffffffffffff000" "page 0x1000 0xfffffffffffff000 a table"; do
		tests/cli/forge-audit "$tmp/shadow-runs" 0x80103000
		echo "$line" >>"$tmp/shadow-runs/mmuscope/vm/100-10/backing"
		t "audit: shadow and $line" 3 '^unknown +unread-vmm VM 100-10: not every line' - --sysroot "$tmp/shadow-runs" audit
	done
	tests/cli/forge-audit "$tmp/shadow-number" 0x8f000000
	D=$tmp/shadow-number/sys/kernel/debug/mmuscope/vm/100-10
	mv "$D/nested3" "$D/nested4294967295"
	sed -i 's/^shadow 3/shadow 4294967295/' "$D/nested"
	t "audit: shadow whose number is none" 3 '^unknown +unread-nested VM 100-10' - --sysroot "$tmp/shadow-number" audit
	rm "$tmp/shadow-0x8f000000/sys/kernel/debug/mmuscope/vm/100-10/nested3/stage2"
	t "audit: shadow that cannot be read" 3 '^unknown +unread-nested VM 100-10: the one called 100-10.3: ' - "${S[@]}" audit
fi

# stage 2 of a captured tree is other memory than the VMM's: there is nothing to be read again
if wanted "audit: a captured tree"; then
	audited mismatch
	printf '\xff\x07\0\x8c\0\0\x40\0' | dd of="$D/vm/100-10/stage2" bs=1 seek=8384 conv=notrunc status=none
	t "audit: a captured tree whose VMM has other memory" 1 '^violated +vmm-mismatch VM 100-10' - --sysroot "$tmp/mismatch" audit
fi

# what was saved of VMM and host, with nothing in it and with a line of another kind
if wanted "audit: what was saved"; then
	for file in vm/100-10/backing host/pages; do
		what="unread-vmm VM 100-10"
		[ $file = host/pages ] && what=unread-host
		audited saved
		: >"$tmp/saved/mmuscope/$file"
		t "audit: what was saved in $file is empty" 3 "^unknown +$what:.*nothing" - --sysroot "$tmp/saved" audit
		audited saved
		echo "runs 0xffff80009000 0x80180000 0x1000" >>"$tmp/saved/mmuscope/$file"
		t "audit: what was saved in $file has a strange line" 3 "^unknown +$what: not every line" - --sysroot "$tmp/saved" audit
	done
	audited saved
	mkdir "$tmp/saved/to"
	chmod -R go+rX "$tmp/saved"
	chmod 777 "$tmp/saved/to"
	chmod 0 "$D/vm/100-10/slots"
	nobody "$M" --sysroot "$tmp/saved" snapshot --vmm -o "$tmp/saved/to/snap" >"$tmp/out" 2>"$tmp/err"
	status=$?
	result "audit: what was saved where the slots could not be read" "$(grep -aq 'unread memory slots: ' "$tmp/saved/to/snap" || echo nothing)"
fi

# VMs that have no name but their process's, which is the same
if wanted "audit: a baseline"; then
	audited comm
	printf '\xff\x07\x28\x80\0\0\x40\0' | dd of="$D/vm/100-10/stage2" bs=1 seek=8384 conv=notrunc status=none
	sed -i 's/^run 0xffff80009000 0x80180000/run 0xffff80009000 0x80280000/' "$tmp/comm/mmuscope/vm/100-10/backing"
	rm "$tmp"/comm/proc/*/cmdline
	C=(--sysroot "$tmp/comm" audit)
	"$M" --json "${C[@]}" >"$tmp/audit-comm.json" 2>/dev/null
	echo "overlap-writable vmm" >"$tmp/audit-list"
	t "audit: a baseline with a process's name that two VMs have" 1 '^verdict +violated.* 0 accepted' - "${C[@]}" --baseline "$tmp/audit-list"
	printf 'overlap-writable %s\n' 100-10 101-10 >"$tmp/audit-list"
	t "audit: a baseline with PID-FD of two VMs" 0 '^verdict +isolated.* 2 accepted' - "${C[@]}" --baseline "$tmp/audit-list"
	t "audit: a baseline in JSON of two VMs of one name" 0 '^verdict +isolated.* 2 accepted' - "${C[@]}" --baseline "$tmp/audit-comm.json"
	sed -i 's/"10\([01]\)-10"/"20\1-10"/' "$tmp/audit-comm.json"
	t "audit: a baseline in JSON of two other VMs of that name" 1 '^verdict +violated.* 0 accepted' - "${C[@]}" --baseline "$tmp/audit-comm.json"
fi
