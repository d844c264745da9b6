#!/bin/bash
# hostname.sh NAME
set -euo pipefail
name=$1
printf '%s\n' "$name" >/etc/hostname
if ! hostnamectl set-hostname "$name" 2>/dev/null; then
  # Without D-Bus hostnamectl cannot work; the file above serves the next boot, this the running kernel.
  printf '%s' "$name" >/proc/sys/kernel/hostname
fi
[ "$(cat /proc/sys/kernel/hostname)" = "$name" ]
