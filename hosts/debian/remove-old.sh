#!/bin/bash
# remove-old.sh PACKAGE... : engines from before docker-ce; images and volumes stay in /var/lib/docker.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get -y -q -o DPkg::Lock::Timeout=300 --allow-change-held-packages remove "$@"
