#!/bin/bash
# user-out.sh NAME SUDO GROUP... : is in none of the groups, and without our rule of sudo's where SUDO is said; the account stays.
set -euo pipefail
name=$1 sudo=$2
shift 2
for group in "$@"; do
  if id -nG "$name" | tr ' ' '\n' | grep -qx -- "$group"; then gpasswd --delete "$name" "$group"; fi
done
if [ -n "$sudo" ]; then rm -f "/etc/sudoers.d/swarm-$name"; fi
