#!/bin/bash
# user.sh NAME UID GROUP... : the user exists, with that number where one is given, and is in the groups.
set -euo pipefail
name=$1 uid=$2
shift 2
for group in "$@"; do groupadd --force --system "$group"; done
if ! id "$name" >/dev/null 2>&1; then
  options=(--create-home --shell /bin/bash)
  if [ -n "$uid" ]; then options+=(--uid "$uid"); fi
  # A group of that name may have been there before its user.
  if getent group "$name" >/dev/null; then options+=(--gid "$name"); fi
  useradd "${options[@]}" "$name"
fi
for group in "$@"; do usermod --append --groups "$group" "$name"; done
