#!/bin/bash
# clean.sh : take away the files that a preparation has put on the host; the engine and its data stay.
set -euo pipefail
rm -f /etc/modules-load.d/swarm.conf /etc/sysctl.d/90-swarm.conf
rm -rf /var/lib/swarm-preparation
