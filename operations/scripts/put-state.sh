#!/bin/bash
# Puts the state of a manager in place while the engine is stopped: $1 Docker's folder, $2 the copy, $3 its sha256. What
# was there before is kept beside it.
set -euo pipefail
folder=$1 copy=$2 sum=$3
umask 077
[ "$(sha256sum -- "$copy" | cut -d ' ' -f 1)" = "$sum" ] || {
  echo "the copy did not arrive whole" >&2
  exit 1
}
fresh=$(mktemp -d -- "$folder/swarm-fresh.XXXXXX")
tar -C "$fresh" --numeric-owner -xzf "$copy"
systemctl stop docker.socket docker.service
trap 'systemctl start docker.service' EXIT
rm -rf -- "$folder/swarm.before-restore"
if [ -e "$folder/swarm" ]; then mv -T -- "$folder/swarm" "$folder/swarm.before-restore"; fi
mv -T -- "$fresh/swarm" "$folder/swarm"
if command -v restorecon >/dev/null; then restorecon -R "$folder/swarm"; fi
rmdir -- "$fresh"
rm -f -- "$copy"
