#!/bin/bash
# update.sh : every package to its newest version; the engine is held.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get -q update
apt-get -y -q -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold upgrade
