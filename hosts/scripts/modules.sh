#!/bin/bash
# modules.sh NAME... : load now; the file for the next boot is already in place.
set -euo pipefail
for name in "$@"; do
  modprobe "$name"
done
