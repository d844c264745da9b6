#!/bin/bash
# sysctls.sh : apply the file that is already in place.
set -euo pipefail
sysctl --quiet --load=/etc/sysctl.d/90-swarm.conf
