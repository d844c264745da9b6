#!/bin/bash
# users-out.sh NAME... : none of them is in the group docker; the accounts stay.
set -euo pipefail
for name in "$@"; do
  if id -nG "$name" 2>/dev/null | tr ' ' '\n' | grep -qx docker; then gpasswd --delete "$name" docker; fi
done
