#!/bin/bash
# listens.sh PORT/tcp SECONDS : says `yes` as soon as somebody listens on the port of this machine, and `no` when nobody
# does for so long. In the kernel's table a port is in hexadecimal, and a socket that listens has state 0A.
set -euo pipefail
printf -v port '%04X' "${1%/*}"
for ((second = 0; ; second++)); do
  while read -r _ local _ state _; do
    if [[ $local = *:$port && $state = 0A ]]; then
      echo yes
      exit
    fi
  done < <(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null)
  if ((second >= $2)); then break; fi
  sleep 1
done
echo no
