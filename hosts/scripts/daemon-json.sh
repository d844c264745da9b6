#!/bin/bash
# daemon-json.sh : /etc/docker/daemon.json.new becomes /etc/docker/daemon.json when dockerd accepts it.
# The old file stays beside it until the engine runs with the new one (engine-service.sh).
set -euo pipefail
cd /etc/docker
if dockerd --help | grep -q -- --validate; then
  if ! said=$(dockerd --validate --config-file /etc/docker/daemon.json.new 2>&1); then
    rm -f daemon.json.new
    echo "dockerd does not accept the new daemon.json, the old one stays: $said" >&2
    exit 1
  fi
fi
mkdir -p /var/lib/swarm-preparation
rm -f daemon.json.previous
if [ -e daemon.json ]; then cp -p daemon.json daemon.json.previous; fi
touch /var/lib/swarm-preparation/engine-restart
mv -f daemon.json.new daemon.json
