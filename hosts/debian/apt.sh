#!/bin/bash
# Goes before the scripts that fetch lists of packages.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

# update_lists OPTION... : apt-get update, which unlike the rest of apt has no option to wait for its lock; a machine
# that has just booted looks for updates of its own.
update_lists() {
  local deadline=$((SECONDS + 300)) said
  until said=$(apt-get -q "$@" update 2>&1); do
    if [[ $said != *"Could not get lock"* || $SECONDS -ge $deadline ]]; then
      echo "$said" >&2
      return 1
    fi
    sleep 2
  done
}
