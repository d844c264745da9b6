#!/bin/bash
# time-service.sh UNIT... -- OTHER... : the first of the units that the machine has runs, now and after each boot, and
# none of the others: two that set one clock work against each other.
set -euo pipefail
chosen=
while [ "$1" != -- ]; do
  if [ -z "$chosen" ] && systemctl cat -- "$1" >/dev/null 2>&1; then chosen=$1; fi
  shift
done
shift
if [ -z "$chosen" ]; then
  echo "the package is installed, but none of its services is there" >&2
  exit 1
fi
for other in "$@"; do
  if systemctl is-active --quiet "$other"; then systemctl disable --now -- "$other"; fi
done
systemctl enable --now -- "$chosen"
