#!/bin/bash
# update.sh : every package to its newest version; the engine is held.
set -euo pipefail
update_lists
apt-get -y -q -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold upgrade
