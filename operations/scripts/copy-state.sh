#!/bin/bash
# Copies the state of a manager while its engine is stopped: $1 Docker's folder, $2 a file for the copy. A session of its
# own: whatever becomes of the connection, the engine is started again.
set -euo pipefail
folder=$1 copy=$2
umask 077
rm -f -- "$folder"/swarm-state.*
# shellcheck disable=SC2016
setsid bash -euo pipefail -c '
  trap "systemctl start docker.service" EXIT
  began=$(date +%s%N)
  systemctl stop docker.socket docker.service
  tar -C "$1" --numeric-owner -I "gzip -1" -cf "$2" swarm
  systemctl start docker.service
  echo "$((($(date +%s%N) - began) / 1000000))"
' swarm-copy "$folder" "$copy" </dev/null >"$copy.log" 2>&1 &
code=0
wait $! || code=$?
if [ "$code" -ne 0 ]; then
  cat -- "$copy.log" >&2
  rm -f -- "$copy" "$copy.log"
  exit 1
fi
tail -n 1 -- "$copy.log"
rm -f -- "$copy.log"
stat -c %s -- "$copy"
sha256sum -- "$copy" | cut -d ' ' -f 1
