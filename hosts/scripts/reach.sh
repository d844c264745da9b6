#!/bin/bash
# reach.sh [ADDRESS PORT/PROTOCOL SIZE]... : tries each three words at once, the size being that of a datagram. For `esp`,
# which nobody answers, the third word is what a packet says. A line for each: `yes` or `no`, then the three words; for
# `esp` it is `sent`, or `unsent` where the machine can send none. What a configuration says gets there as words, never
# as a script.
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
# Three packets, as one may get lost. Bash has no sockets of that kind.
send() {
  for python in python3 /usr/libexec/platform-python python2 python; do
    if command -v "$python" >/dev/null; then
      timeout 15 "$python" -c '
import socket, sys, time
address, text = sys.argv[1:]
family = socket.AF_INET6 if ":" in address else socket.AF_INET
one = socket.socket(family, socket.SOCK_RAW, 50)
for number in b"\1\2\3":
    number = number if isinstance(number, int) else ord(number)
    one.sendto(bytearray([0, 0, 83, 87, 0, 0, 0, number]) + bytearray((text + "\n").encode("ascii")), (address, 0))
    time.sleep(0.3)
' "$1" "$2"
      return
    fi
  done
  # shellcheck disable=SC2016 # Perl's own variables
  timeout 15 perl -e '
use strict; use Socket qw(:DEFAULT :addrinfo SOCK_RAW);
my ($error, $place) = getaddrinfo($ARGV[0], 0, { flags => AI_NUMERICHOST, socktype => SOCK_STREAM });
socket(my $one, $place->{family}, SOCK_RAW, 50) or exit 1;
for my $number (1 .. 3) {
  send($one, pack("NN", 0x5357, $number) . "$ARGV[1]\n", 0, $place->{addr}) or exit 1;
  select undef, undef, undef, 0.3;
}' "$1" "$2"
}
while [ "$#" -ge 3 ]; do
  if [ "$2" = esp ]; then
    { if send "$1" "$3" 2>/dev/null; then echo "sent $1 $2 $3"; else echo "unsent $1 $2 $3"; fi; } &
  else
    one "$1" "$2" "$3" &
  fi
  shift 3
done
wait
