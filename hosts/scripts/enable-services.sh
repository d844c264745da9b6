#!/bin/bash
# enable-services.sh UNIT... : each runs, now and after each boot.
set -euo pipefail
systemctl daemon-reload
for unit in "$@"; do
  # A unit without a place in the boot cannot be enabled, and says so.
  systemctl enable -- "$unit"
  if ! systemctl start -- "$unit"; then
    { journalctl --unit "$unit" --lines 8 --no-pager --output cat || true; } >&2
    exit 1
  fi
done
