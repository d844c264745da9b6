#!/bin/bash
# recover.sh : finish what a killed package transaction left.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
deadline=$((SECONDS + 300))
until said=$(dpkg --force-confold --configure -a 2>&1); do
  # A dpkg that outlived its apt still holds the lock. Nothing tells when it lets go: it can only be tried again.
  if [[ $said != *lock* || $SECONDS -ge $deadline ]]; then
    echo "$said" >&2
    exit 1
  fi
  sleep 2
done
apt-get -y -q -o DPkg::Lock::Timeout=300 --fix-broken install
