#!/bin/bash
# remove-engine.sh : the engine goes, /var/lib/docker stays.
set -euo pipefail
pm=$(command -v dnf || command -v yum)
systemctl disable --now docker.service docker.socket 2>/dev/null || true
"$pm" -y -q remove docker-ce docker-ce-cli containerd.io
rm -f /etc/yum.repos.d/docker-ce.repo
