#!/bin/bash
# Says `yes` as soon as somebody listens on 7946/tcp, as an engine does that takes part in the networks of a swarm, and
# `no` after 15 s. The port is 1F0A there, and a socket that listens has state 0A.
set -euo pipefail
for _ in {1..15}; do
  while read -r _ local _ state _; do
    if [[ $local = *:1F0A && $state = 0A ]]; then
      echo yes
      exit
    fi
  done < <(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null)
  sleep 1
done
echo no
