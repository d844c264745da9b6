#!/bin/bash
# install-engine.sh PACKAGE... : the engine at the version that was chosen (docker-ce-26.1.5-1.el9).
# The repository file excludes the engine from updates, which is what holds it at its version.
set -euo pipefail

# The marker tells the next run that this one did not come to its end.
mkdir -p /var/lib/swarm-preparation
marker=/var/lib/swarm-preparation/engine-install
again=install
if [ -e "$marker" ] && rpm -q "$@" >/dev/null 2>&1; then again=reinstall; fi
touch "$marker" /var/lib/swarm-preparation/engine-restart
with_engine -y "$again" "$@"
rpm -q "$@"
rm -f "$marker"
