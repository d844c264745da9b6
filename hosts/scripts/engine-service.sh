#!/bin/bash
# engine-service.sh DEADLINE : enable the engine and run it with its present binary and daemon.json.
# Docker's unit is of type notify: systemctl returns when the API answers or the start has failed.
set -euo pipefail
deadline=$1
marker=/var/lib/swarm-preparation/engine-restart
journal() {
  { journalctl --unit docker.service --lines 40 --no-pager --output cat || true; } 2>/dev/null |
    grep -v 'level=info' | tail -n 8 || true
}
restart() {
  systemctl reset-failed docker.service 2>/dev/null || true
  timeout "$deadline" systemctl restart docker.service
}

systemctl daemon-reload
systemctl --quiet enable docker.service
if ! restart; then
  journal >&2
  if [ -e "$marker" ]; then
    cd /etc/docker
    if [ -e daemon.json.previous ]; then mv -f daemon.json.previous daemon.json; else rm -f daemon.json; fi
    rm -f "$marker"
    if restart; then
      echo "the engine did not start with the new daemon.json; it runs again with the one before" >&2
    else
      echo "the engine does not start, neither with the new daemon.json nor with the one before, which is back in place" >&2
    fi
  else
    echo "the engine did not start within $deadline s; its journal is above" >&2
  fi
  exit 1
fi
if ! timeout "$deadline" docker version --format '{{.Server.Version}}'; then
  journal >&2
  echo "the engine runs, but its API does not answer" >&2
  exit 1
fi
rm -f "$marker" /etc/docker/daemon.json.previous
