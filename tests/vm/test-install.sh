# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Installs, upgrades and removes our packages in a Debian whose kernel is the KVM host: see tests/vm/test-packages. The
# packages lie in /test, of the versions OLD and NEW.
. /test/lib.sh
. /test/layout.sh

export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
T=/tmp/t
K=$(uname -r)
mkdir -p $T
now=0

# How long what was just tested took, as the next name is
took() {
	local before=$now
	now=$(cut -d. -f1 /proc/uptime)
	echo "$((now - before)) s"
}

# debs VERSION: those of ours that a host gets
debs() {
	echo "/test/mmuscope_$1_arm64.deb /test/mmuscope-dkms_$1_all.deb /test/libmmuscope0_$1_arm64.deb"
}

# All files but those that others than our packages change: dpkg's and DKMS' notes, caches, depmod's index
files() {
	find / -xdev \( -path /test -o -path /out -o -path /var/lib/dpkg -o -path /var/log -o -path /var/cache \) -prune \
		-o -path "/usr/lib/modules/$K/modules.*" -o -path "/etc/ld.so.cache" -o -print | sort
}

# installed VERSION: dpkg, DKMS, depmod's index and the kernel's idea of it
installed() {
	local version=$1 package
	for package in mmuscope mmuscope-dkms libmmuscope0; do
		is "$package $version is configured" \
			"$(dpkg-query -W -f '${db:Status-Status} ${Version}' $package)" "installed $version"
	done
	is "dpkg has nothing to complain of" "$(dpkg --audit)" ""
	is "DKMS has that version and no other" "$(dkms status)" "mmuscope/$version, $K, aarch64: installed"
	is "one module file" "$(find /lib/modules/ -name 'mmuscope*')" "/lib/modules/$K/updates/dkms/mmuscope.ko"
	is "modprobe finds it, of that version" "$(modinfo -F version mmuscope)" "$version"
	is "its sources, of one version" "$(ls -d /usr/src/mmuscope-*)" "/usr/src/mmuscope-$version"
}

# works VERSION: the module that DKMS built, loaded by name
works() {
	local version=$1
	mmuscope load >$T/load 2>&1
	is "mmuscope load" $? 0
	diag <$T/load
	check "the file that DKMS built" grep -q updates/dkms/mmuscope.ko $T/load
	mmuscope status >$T/status 2>&1
	is "mmuscope status" $? 0
	is "the loaded module's version" "$(cat /sys/module/mmuscope/version)" "$version"
	is "status: program and module are of one version" "$(grep -c "$version" $T/status)" 2
	diag <$T/status
}

took >/dev/null
dpkg --configure -a >$T/configure 2>&1
is "Debian's own packages are configured" $? 0
[ "$failed" = 0 ] || { tail -n 20 $T/configure | diag; finish; }
echo "# $(took)"
files >$T/before

#
# Install
#
dpkg -i $(debs "$OLD") >$T/install 2>&1
is "dpkg -i of version $OLD" $? 0
diag <$T/install
echo "# $(took)"
files >$T/after
installed "$OLD"
works "$OLD"

echo 16 >/proc/sys/vm/nr_hugepages
if start_tiny guest --vcpu spin; then
	vm=$(tiny_pid guest)
	check "list: the guest" sh -c "mmuscope list | grep -qw $vm"
	read -r ipa _ pa _ <<-END
	$(known_stage2 /run/tiny/guest/layout)
	END
	check "walk: the first page of its stage 2 is at its PA" \
		sh -c "mmuscope walk $vm ipa:$ipa | grep -qi 'pa *0x0*${pa#0x}\b'"
	stop_tiny guest
else
	not_ok "a guest starts"
fi

for page in mmuscope mmuscope-load mmuscope-status mmuscope-walk; do
	check "manual page $page" sh -c "zcat /usr/share/man/man8/$page.8.gz | grep -q '^\.TH '"
done
check "bash completes" bash -c '. /usr/share/bash-completion/completions/mmuscope && complete -p mmuscope'
check "zsh's completion" test -s /usr/share/zsh/vendor-completions/_mmuscope
check "the linker knows the library" sh -c 'ldconfig -p | grep -q "libmmuscope\.so\.0 "'

#
# Upgrade, beside the old module at work
#
took >/dev/null
dpkg -i $(debs "$NEW") >$T/upgrade 2>&1
is "dpkg -i of version $NEW over it" $? 0
diag <$T/upgrade
echo "# $(took)"
installed "$NEW"
is "the old module stays loaded until it is unloaded" "$(cat /sys/module/mmuscope/version)" "$OLD"
check "mmuscope unload" mmuscope unload
works "$NEW"
files | sed "s/$NEW/$OLD/g" >$T/upgraded
check "no file more or less than after the installation" diff -u $T/after $T/upgraded

#
# Remove, first while a file of the module is open, then not
#
dpkg -r mmuscope libmmuscope0 >$T/remove 2>&1
is "dpkg -r mmuscope libmmuscope0" $? 0
check_status "the program is gone" 127 sh -c 'mmuscope status'
exec 9</sys/kernel/debug/mmuscope/info
dpkg -r mmuscope-dkms >$T/remove 2>&1
is "dpkg -r mmuscope-dkms, with the module in use" $? 0
diag <$T/remove
check "it says that the module stays" grep -q 'stays loaded' $T/remove
exec 9<&-
is "DKMS has no module left" "$(dkms status)" ""
is "no module file is left" "$(find /lib/modules/ -name 'mmuscope*')" ""

# Once more, for a kernel without headers: nothing is built, and what is loaded is still the module of before
mv "/lib/modules/$K/build" $T/build
dpkg -i "/test/mmuscope-dkms_${NEW}_all.deb" >$T/again 2>&1
is "dpkg -i of mmuscope-dkms where the kernel's headers are missing" $? 0
check "it says that they are" grep -qi headers $T/again
diag <$T/again
mv $T/build "/lib/modules/$K/build"
dpkg -P mmuscope-dkms mmuscope libmmuscope0 >$T/purge 2>&1
is "dpkg -P of all" $? 0
diag <$T/purge
check_status "purged, the module is unloaded" 1 test -e /sys/module/mmuscope
is "no package of ours is left" "$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>&1 | grep mmuscope)" ""
check_status "nor anything in /var/lib/dkms" 1 test -e /var/lib/dkms/mmuscope
is "nor in depmod's index" "$(grep mmuscope "/lib/modules/$K/modules.dep")" ""
files >$T/purged
check "nor any file" diff -u $T/before $T/purged
finish
