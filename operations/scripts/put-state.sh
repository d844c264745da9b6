#!/bin/bash
# Puts the state of a manager in place while the engine is stopped: $1 Docker's folder, $2 the copy. Another key file than
# the copy's comes in, where it is not empty. What was there before is kept beside it.
set -euo pipefail
folder=$1 copy=$2
umask 077
rm -rf -- "$folder"/swarm-fresh.*
fresh=$(mktemp -d -- "$folder/swarm-fresh.XXXXXX")
tar -C "$fresh" --numeric-owner -xf "$copy"
key=$fresh/swarm/certificates/swarm-node.key
cat >"$fresh/key"
if [ -s "$fresh/key" ]; then mv -fT -- "$fresh/key" "$key"; else rm -- "$fresh/key"; fi
systemctl stop docker.socket docker.service
trap 'systemctl start docker.service' EXIT
rm -rf -- "$folder/swarm.before-restore"
if [ -e "$folder/swarm" ]; then mv -T -- "$folder/swarm" "$folder/swarm.before-restore"; fi
mv -T -- "$fresh/swarm" "$folder/swarm"
if command -v restorecon >/dev/null; then restorecon -R "$folder/swarm"; fi
rmdir -- "$fresh"
