#!/bin/bash
# usage: prepare.sh ROOT
set -euo pipefail
# Compiled once, not at each start.
chroot "${1:?}" python3 -m compileall -q /usr/local/lib/lab
