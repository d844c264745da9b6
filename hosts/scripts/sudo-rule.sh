#!/bin/bash
# sudo-rule.sh NAME : /etc/sudoers.d/swarm-NAME.new becomes swarm-NAME when sudo understands it: a file that it does not
# would leave nobody with any rights.
set -euo pipefail
cd /etc/sudoers.d
if ! said=$(visudo --check --strict --file="swarm-$1.new" 2>&1); then
  rm -f "swarm-$1.new"
  echo "sudo does not understand the rule: $said" >&2
  exit 1
fi
mv -f "swarm-$1.new" "swarm-$1"
