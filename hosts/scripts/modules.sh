#!/bin/bash
# modules.sh NAME... : load now; the file for the next boot is already in place.
set -euo pipefail
for name in "$@"; do
  if ! modprobe "$name"; then
    echo "kernel $(uname -r) has no $name. Where its package was just installed for another kernel: reboot into that one." >&2
    exit 1
  fi
done
