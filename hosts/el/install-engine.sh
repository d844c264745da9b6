#!/bin/bash
# install-engine.sh PACKAGE... : the engine at the version that was chosen (docker-ce-26.1.5-1.el9).
# The repository file excludes the engine from updates, which is what holds it at its version.
set -euo pipefail

# The marker tells the next run that this one did not come to its end. What is there of that one is put in again: rpm
# leaves it to the system when files get their content, so that a machine whose power went may have empty ones.
mkdir -p /var/lib/swarm-preparation
marker=/var/lib/swarm-preparation/engine-install
halves=()
if [ -e "$marker" ]; then
  for package in "$@"; do
    if rpm -q "$package" >/dev/null 2>&1; then halves+=("$package"); fi
  done
fi
touch "$marker" /var/lib/swarm-preparation/engine-restart
if [ "${#halves[@]}" -gt 0 ]; then with_engine -y reinstall "${halves[@]}"; fi
if [ "${#halves[@]}" -lt $# ]; then with_engine -y install "$@"; fi
rpm -q "$@"
rm -f "$marker"
