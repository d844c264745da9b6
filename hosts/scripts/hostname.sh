#!/bin/bash
# hostname.sh NAME : the running kernel's; /etc/hostname, for the next boot, is already in place.
set -euo pipefail
name=$1
if ! hostnamectl set-hostname "$name" 2>/dev/null; then
  # Without D-Bus hostnamectl cannot work.
  printf '%s' "$name" >/proc/sys/kernel/hostname
fi
[ "$(cat /proc/sys/kernel/hostname)" = "$name" ]
