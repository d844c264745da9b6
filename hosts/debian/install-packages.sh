#!/bin/bash
# install-packages.sh NAME...
set -euo pipefail
update_lists
apt-get -y -q -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold --no-install-recommends \
  install "$@"
