#!/bin/bash
# install-engine.sh PACKAGE... : the engine at the version that was chosen (docker-ce=5:26.1.5-1~debian.13~trixie), held there.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

# The marker tells the next run that this one did not come to its end.
mkdir -p /var/lib/swarm-preparation
marker=/var/lib/swarm-preparation/engine-install
touch "$marker" /var/lib/swarm-preparation/engine-restart
apt-get -y -q -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold \
  --no-install-recommends --allow-change-held-packages install "$@"
apt-mark hold docker-ce docker-ce-cli containerd.io
rm -f "$marker"
