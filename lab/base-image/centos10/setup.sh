#!/bin/bash
# What the lab's CentOS Stream 10 has of its own beside el.sh: dnf 5 under the names dnf and yum, as Fedora has it.
# usage: setup.sh ROOT
set -euo pipefail
root=$1
bash "$(dirname "$0")/../el.sh" "$root" centos-stream-release 10.0-7.el10 dnf:dnf5

ln -sf dnf5 "$root/usr/bin/dnf"
ln -sf dnf5 "$root/usr/bin/yum"
mkdir -p "$root/etc/dnf/vars"
echo 10 >"$root/etc/dnf/vars/releasever"
cat >"$root/etc/dnf/dnf.conf" <<'CONF'
[main]
gpgcheck=True
installonly_limit=3
clean_requirements_on_remove=True
best=True
skip_if_unavailable=False
CONF
# A plugin that Debian switches on and Fedora does not: it keeps a repository, without a key, of what was installed.
sed -i 's/^enabled = .*/enabled = 0/' "$root/etc/dnf/libdnf5-plugins/local.conf"
