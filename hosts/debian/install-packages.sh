#!/bin/bash
# install-packages.sh NAME...
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get -q update
apt-get -y -q -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold --no-install-recommends \
  install "$@"
