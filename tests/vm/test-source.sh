# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What README.md says under "Use it on an arm64 host", in such a Debian: the packages that it names are there, each of the
# other commands is run as it stands. Then what make installs beside, and that uninstalling leaves nothing. The source
# lies in /test/source.tar; see tests/vm/test-packages.
. /test/lib.sh
. /test/layout.sh

export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
# As root has it in a Debian (login.defs)
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
T=/tmp/t
K=$(uname -r)
S=/root/mmuscope
mkdir -p $T $S
now=0

took() {
	local before=$now
	now=$(cut -d. -f1 /proc/uptime)
	echo "# $((now - before)) s"
}

# All files but the source's, and those that others than make install change
files() {
	find / -xdev \( -path /test -o -path /out -o -path $S -o -path /tmp -o -path /var/lib/dkms -o -path /var/log -o \
		-path /var/cache \) -prune -o -path "/usr/lib/modules/$K/modules.*" -o -path "/etc/ld.so.cache" \
		-o -path '*/__pycache__*' -o ! -type d -print | sort
}

# works NAME FILE: that module is loaded by name, and a guest's table is read
works() {
	mmuscope load >$T/load 2>&1
	is "$1: mmuscope load" $? 0
	diag <$T/load
	check "$1: it is $2" grep -q "$2" $T/load
	mmuscope list >$T/list 2>&1
	is "$1: mmuscope list" $? 0
	check "$1: the guest is in it" grep -qw "$vm" $T/list
	check "$1: the first page of its stage 2 is at its PA" \
		sh -c "mmuscope walk $vm ipa:$ipa | grep -qi 'pa *0x0*${pa#0x}\b'"
	check "$1: mmuscope unload" mmuscope unload
}

took >/dev/null
dpkg --configure -a >$T/configure 2>&1
is "Debian's own packages are configured" $? 0
[ "$failed" = 0 ] || { tail -n 20 $T/configure | diag; finish; }
took
tar -xf /test/source.tar -C $S --no-same-owner
cd $S || finish
sed -n '/^## Use it on an arm64 host/,/^## /p' README.md | awk '/^```/ { on = !on; next } on' >$T/block
is "the block in README.md" "$(sed 's/ .*//' $T/block | tr '\n' ' ')" "apt-get make make mmuscope mmuscope "

eval "set -- $(sed -n 's/^apt-get install //p' $T/block)"
for package; do
	is "README.md's $package" "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>&1)" installed
done
echo 16 >/proc/sys/vm/nr_hugepages
if ! start_tiny guest --vcpu spin; then
	not_ok "a guest starts"
	finish
fi
vm=$(tiny_pid guest)
read -r ipa _ pa _ <<END
$(known_stage2 /run/tiny/guest/layout)
END

files >$T/before
while read -r line <&8; do
	case $line in
	apt-get*) continue ;;
	esac
	eval "$line" >$T/out 2>&1
	is "README.md's $line" $? 0
	tail -n 10 $T/out | diag
	took
done 8<$T/block
[ "$failed" = 0 ] || finish
check "mmuscope unload" mmuscope unload
works "make install" "extra/mmuscope.ko"
check "pkg-config: the example builds on the library" \
	sh -c "gcc -o $T/translate tools/examples/translate.c \$(pkg-config --cflags --libs mmuscope)"
check_status "the example finds the library" 2 $T/translate
make uninstall >$T/out 2>&1
is "make uninstall" $? 0
files >$T/after
check "no file is left" diff -u $T/before $T/after

make dkms-install >$T/out 2>&1
is "make dkms-install" $? 0
tail -n 5 $T/out | diag
took
works "make dkms-install" "updates/dkms/mmuscope.ko"
make dkms-uninstall uninstall >$T/out 2>&1
is "make dkms-uninstall uninstall" $? 0
files >$T/after
check "nor by DKMS" diff -u $T/before $T/after
is "DKMS has nothing of it" "$(dkms status)" ""
stop_tiny guest
finish
