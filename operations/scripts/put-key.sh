#!/bin/bash
# Replaces a manager's key file by what comes in, while the engine is stopped: $1 Docker's folder.
set -euo pipefail
umask 077
key=$1/swarm/certificates/swarm-node.key
cat >"$key.fresh"
trap 'rm -f -- "$key.fresh"; systemctl start docker.service' EXIT
systemctl stop docker.socket docker.service
mv -fT -- "$key.fresh" "$key"
if command -v restorecon >/dev/null; then restorecon "$key"; fi
