#!/bin/bash
# What every lab machine that looks like Enterprise Linux has: names of files, firewalld, and an rpm database in which
# the software of the tree is entered. The package manager comes after it: what is at work differs.
# usage: el.sh ROOT RELEASE-PACKAGE VERSION-RELEASE EL-NAME:DEBIAN-PACKAGE...
set -euo pipefail
root=$1 release=$2 version=$3
shift 3
major=${version%%.*}

# shellcheck source=/dev/null disable=SC2153
name=$(. "$root/usr/lib/os-release" && echo "$NAME release $VERSION")
echo "$name" >"$root/etc/centos-release"
ln -sf centos-release "$root/etc/redhat-release"
ln -sf centos-release "$root/etc/system-release"
rm -f "$root/etc/debian_version" "$root/etc/issue" "$root/etc/issue.net"
rm -f "$root"/etc/dpkg/origins/default

mkdir -p "$root/etc/yum.repos.d" "$root/etc/pki/rpm-gpg" "$root/etc/sysconfig"
# Without logind nobody gives out shutdown locks.
mkdir -p "$root/etc/rpm"
echo '%__transaction_systemd_inhibit %{nil}' >"$root/etc/rpm/macros"
chroot "$root" groupadd --system --force wheel
echo '%wheel ALL=(ALL) ALL' >"$root/etc/sudoers.d/wheel"
chmod 440 "$root/etc/sudoers.d/wheel"

sed -i 's/^FirewallBackend=.*/FirewallBackend=iptables/' "$root/etc/firewalld/firewalld.conf"
chroot "$root" systemctl --quiet enable firewalld.service

# What stands in the tree as Debian packages is entered in the rpm database under its EL name, so that `rpm -q`,
# `dnf install` and dependencies find it. EL name, Debian package.
names='bash bash
ca-certificates ca-certificates
coreutils coreutils
curl curl
dbus dbus
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
for pair in "$@"; do names+=$'\n'"${pair%:*} ${pair#*:}"; done
work=$(mktemp -d)
{
  cat <<SPEC
%global debug_package %{nil}
Name: $release
Version: ${version%%-*}
Release: ${version#*-}
Summary: $name
License: GPLv2
BuildArch: noarch
Provides: centos-release = ${version%%-*}, redhat-release = ${version%%-*}, system-release = ${version%%-*}, system-release(releasever) = $major
Provides: yum, yum-utils, /bin/sh, /usr/sbin/groupadd
%description
Says which system this machine is.
%files
SPEC
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
