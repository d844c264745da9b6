#!/bin/bash
# Goes before the scripts that speak to ufw.
set -euo pipefail

# patient_ufw WORD... : ufw, which gives up at once where another program has the lock of iptables (an engine that starts
# has it again and again), with its rule written down and not at work.
patient_ufw() {
  local deadline=$((SECONDS + 120)) said again=
  until said=$(ufw "$@" 2>&1); do
    if [[ $said != *xtables?lock* || $SECONDS -ge $deadline ]]; then
      echo "$said" >&2
      return 1
    fi
    again=yes
    sleep 1
  done
  echo "$said"
  if [ -n "$again" ] && [ "$1" != reload ]; then patient_ufw reload; fi
}
