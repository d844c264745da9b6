#!/bin/bash
# What Ubuntu 24.04 has of its own beside Debian: its name, and ufw at work, which lets SSH in.
# usage: setup.sh ROOT
set -euo pipefail
root=$1

rm -f "$root/etc/debian_version" "$root"/etc/dpkg/origins/default
cat >"$root/etc/lsb-release" <<'TEXT'
DISTRIB_ID=Ubuntu
DISTRIB_RELEASE=24.04
DISTRIB_CODENAME=noble
DISTRIB_DESCRIPTION="Ubuntu 24.04 LTS (lab)"
TEXT

chroot "$root" ufw allow 22/tcp
sed -i 's/^ENABLED=.*/ENABLED=yes/' "$root/etc/ufw/ufw.conf"
chroot "$root" systemctl --quiet enable ufw.service
