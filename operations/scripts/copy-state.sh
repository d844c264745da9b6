#!/bin/bash
# Copies the state of a manager while its engine is stopped: $1 Docker's folder, $2 a file for the copy. A session of its
# own: whatever becomes of the connection, the engine is started again, and the copy does not stay for more than 20 minutes.
set -euo pipefail
folder=$1 copy=$2
umask 077
exec 9>/run/swarm-copy.lock
if ! flock --nonblock 9; then
  echo "another backup is copying the state of this manager; expected none. Try again when it is done." >&2
  exit 1
fi
# shellcheck disable=SC2016
setsid bash -euo pipefail -c '
  trap "systemctl start docker.service" EXIT
  began=$(date +%s%N)
  systemctl stop docker.socket docker.service
  tar -C "$1" --numeric-owner -I "gzip -1" -cf "$2" swarm
  systemctl start docker.service
  echo "$((($(date +%s%N) - began) / 1000000))"
  (
    exec </dev/null >/dev/null 2>&1 9>&-
    for _ in {1..240}; do
      [ -e "$2" ] || exit 0
      sleep 5
    done
    rm -f -- "$2"
  ) &
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
