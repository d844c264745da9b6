#!/bin/bash
# What CentOS Stream 9 has of its own beside el.sh: dnf 4, also as yum.
# usage: setup.sh ROOT
set -euo pipefail
root=$1
bash "$(dirname "$0")/../el.sh" "$root" centos-stream-release 9.0-26.el9 dnf:dnf dnf-plugins-core:dnf-plugins-core

ln -sf dnf "$root/usr/bin/yum"
mkdir -p "$root/etc/dnf/vars"
echo 9 >"$root/etc/dnf/vars/releasever"
cat >"$root/etc/dnf/dnf.conf" <<'CONF'
[main]
gpgcheck=1
installonly_limit=3
clean_requirements_on_remove=True
best=True
skip_if_unavailable=False
CONF
# Plugins that Debian's dnf switches on and no EL has: "local" makes a repository without a key of what was installed,
# and every install stops at it; "system_upgrade" misses a library and says so at each call.
rm -f "$root"/etc/dnf/plugins/{local,system_upgrade}.conf \
  "$root"/usr/lib/python3/dist-packages/dnf-plugins/{local,system_upgrade}.py
