#!/bin/bash
# remove-engine.sh : the engine goes, /var/lib/docker stays.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
systemctl disable --now docker.service docker.socket 2>/dev/null || true
apt-get -y -q -o DPkg::Lock::Timeout=300 --allow-change-held-packages remove \
  docker-ce docker-ce-cli containerd.io
rm -f /etc/apt/sources.list.d/docker.list /etc/apt/keyrings/docker.asc
