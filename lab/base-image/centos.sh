#!/bin/bash
# Makes the tree look and answer like Enterprise Linux 9, as far as that goes without its packages.
# usage: centos.sh ROOT
set -euo pipefail
root=$1

cat >"$root/usr/lib/os-release" <<'END'
NAME="CentOS Stream"
VERSION="9"
ID="centos"
ID_LIKE="rhel fedora"
VERSION_ID="9"
PLATFORM_ID="platform:el9"
PRETTY_NAME="CentOS Stream 9 (lab)"
END
ln -sf ../usr/lib/os-release "$root/etc/os-release"
echo 'CentOS Stream release 9' >"$root/etc/centos-release"
ln -sf centos-release "$root/etc/redhat-release"
ln -sf centos-release "$root/etc/system-release"
rm -f "$root/etc/debian_version" "$root/etc/issue" "$root/etc/issue.net"
rm -f "$root"/etc/dpkg/origins/default

ln -sf dnf "$root/usr/bin/yum"
mkdir -p "$root/etc/yum.repos.d" "$root/etc/dnf/vars" "$root/etc/sysconfig"
echo 9 >"$root/etc/dnf/vars/releasever"
cat >"$root/etc/dnf/dnf.conf" <<'END'
[main]
gpgcheck=1
installonly_limit=3
clean_requirements_on_remove=True
best=True
skip_if_unavailable=False
END
# Plugins that Debian switches on and EL does not; one serves a folder as a repository, one lacks a module.
sed -i 's/^enabled *=.*/enabled = false/' "$root/etc/dnf/plugins/local.conf"
rm -f "$root/usr/lib/python3/dist-packages/dnf-plugins/system_upgrade.py"
# Without logind nobody gives out shutdown locks.
mkdir -p "$root/etc/rpm"
echo '%__transaction_systemd_inhibit %{nil}' >"$root/etc/rpm/macros"
chroot "$root" groupadd --system --force wheel
echo '%wheel ALL=(ALL) ALL' >"$root/etc/sudoers.d/wheel"
chmod 440 "$root/etc/sudoers.d/wheel"

sed -i 's/^FirewallBackend=.*/FirewallBackend=iptables/' "$root/etc/firewalld/firewalld.conf"
chroot "$root" systemctl --quiet enable firewalld.service

# What stands in the tree as Debian packages is entered in the rpm database under its EL name, so that `rpm -q`,
# `dnf install` and dependencies find it. usage per line: EL name, Debian package.
names='bash bash
ca-certificates ca-certificates
coreutils coreutils
curl curl
dbus dbus
dnf dnf
dnf-plugins-core dnf-plugins-core
e2fsprogs e2fsprogs
firewalld firewalld
glibc libc6
gzip gzip
iproute iproute2
iptables iptables
kmod kmod
openssh-server openssh-server
procps-ng procps
python3 python3
rpm rpm
shadow-utils passwd
sudo sudo
systemd systemd
tar tar
util-linux util-linux'
work=$(mktemp -d)
{
  cat <<'END'
%global debug_package %{nil}
Name: centos-stream-release
Version: 9.0
Release: 26.el9
Summary: CentOS Stream release files
License: GPLv2
BuildArch: noarch
Provides: centos-release = 9.0, redhat-release = 9.0, system-release = 9.0, system-release(releasever) = 9
Provides: yum, yum-utils, /bin/sh, /usr/sbin/groupadd
%description
Says that this machine is of the EL 9 family.
%files
END
  while read -r name package; do
    # Debian's upstream version in rpm's alphabet.
    version=$(dpkg-query --admindir="$root/var/lib/dpkg" -W -f '${Version}' "$package" |
      sed 's/^[0-9]*://; s/-[^-]*$//; s/[^A-Za-z0-9.]/./g')
    printf '%%package -n %s\nVersion: %s\nSummary: Stands for the software of that name in this tree\nAutoReqProv: no\n' "$name" "$version"
    printf '%%description -n %s\nThe software itself comes with the image.\n%%files -n %s\n' "$name" "$name"
  done <<<"$names"
} >"$work/release.spec"
rpmbuild --quiet -bb --define "_topdir $work" --define '_build_id_links none' "$work/release.spec"
mkdir -p "$root/run/rpms"
cp "$work"/RPMS/noarch/*.rpm "$root/run/rpms/"
chroot "$root" rpm --initdb
chroot "$root" sh -c 'rpm --install --nosignature --nodeps /run/rpms/*.rpm'
rm -rf "$root/run/rpms" "$work"

# Plugins that Debian's dnf switches on and no EL has: "local" makes a repository without a key of what was installed,
# and every install stops at it; "system_upgrade" misses a library and says so at each call.
rm -f "$root"/etc/dnf/plugins/{local,system_upgrade}.conf \
  "$root"/usr/lib/python3/dist-packages/dnf-plugins/{local,system_upgrade}.py
