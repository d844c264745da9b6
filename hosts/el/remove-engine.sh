#!/bin/bash
# remove-engine.sh : the engine goes, /var/lib/docker stays.
set -euo pipefail
systemctl disable --now docker.service docker.socket 2>/dev/null || true
package_manager -y -q remove docker-ce docker-ce-cli containerd.io
rm -f /etc/yum.repos.d/docker-ce.repo /etc/pki/rpm-gpg/docker-ce.asc
