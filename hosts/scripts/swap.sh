#!/bin/bash
# swap.sh off|on : no swap, now and at boot; or what the machine was set up with. fstab stays as it is.
set -euo pipefail
if [ "$1" = off ]; then
  systemctl mask swap.target
  swapoff --all
else
  systemctl unmask swap.target
  systemctl daemon-reload
  systemctl start swap.target
fi
