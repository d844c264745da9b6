#!/bin/bash
# recover.sh : finish what a killed package transaction left.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
dpkg --force-confold --configure -a
apt-get -y -q -o DPkg::Lock::Timeout=300 --fix-broken install
