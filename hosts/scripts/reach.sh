#!/bin/bash
# reach.sh ADDRESS PORT/PROTOCOL SIZE ... : tries each three words at once, the size being that of a datagram. A line
# for each: `yes` or `no`, then the three words. What a configuration says gets there as words, never as a script.
set -euo pipefail
one() {
  # shellcheck disable=SC2016 # the words of the inner shell
  if timeout 15 bash -c '
    exec 3<>"/dev/$2/$1/$3" || exit 1
    if [ "$2" = tcp ]; then exit 0; fi
    # A datagram may get lost, and the first of a size that does not fit tells the kernel so.
    for try in 1 2 3; do
      printf "%*s" "$4" "" >&3 || true
      # One character: the rest of a datagram is gone with the first read.
      if read -r -n 1 -t 2 -u 3 said; then exit 0; fi
    done
    exit 1' reach "$1" "${2#*/}" "${2%/*}" "$3" 2>/dev/null; then
    echo "yes $*"
  else
    echo "no $*"
  fi
}
while [ "$#" -ge 3 ]; do
  one "$1" "$2" "$3" &
  shift 3
done
wait
