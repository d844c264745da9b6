#!/bin/bash
# users.sh NAME... : each exists and is in the group docker.
set -euo pipefail
groupadd --force docker
for name in "$@"; do
  if ! id "$name" >/dev/null 2>&1; then useradd --create-home --shell /bin/bash "$name"; fi
  usermod --append --groups docker "$name"
done
