#!/bin/bash
# What CentOS Linux 7 has of its own beside el.sh: yum, which stands in for yum 3, no dnf, and lists of mirrors that
# nobody keeps any more.
# usage: setup.sh ROOT
set -euo pipefail
root=$1
here=$(dirname "$0")
bash "$here/../el.sh" "$root" centos-release 7-9.2009.1.el7.centos

# What does yum's work is in nobody's PATH and has no configuration of its own.
mv "$root/usr/bin/dnf-3" "$root/usr/lib/swarm-lab/dnf-3"
rm -rf "$root/usr/bin/dnf" "$root/etc/dnf"
mkdir -p "$root/etc/dnf/aliases.d" "$root/etc/dnf/modules.d" # it would make them itself
install --mode=755 "$here/yum" "$root/usr/bin/yum"
install --mode=644 "$here/yum.conf" "$root/etc/yum.conf"
install --mode=644 "$here/CentOS-Base.repo" "$root/etc/yum.repos.d/CentOS-Base.repo"
mkdir -p "$root/etc/yum/vars"
echo stock >"$root/etc/yum/vars/infra"
