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
# send [ADDRESS TEXT]... : three packets to each, as one may get lost, and a line for each that they could be sent to. Bash
# has no sockets of that kind; one program for all of them, as a machine may have a hundred others to speak to.
send() {
  for python in python3 /usr/libexec/platform-python python2 python; do
    if command -v "$python" >/dev/null; then
      timeout 15 "$python" -c '
import socket, sys, time
words = sys.argv[1:]
ways = []
for address, text in zip(words[::2], words[1::2]):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        ways.append((socket.socket(family, socket.SOCK_RAW, 50), address, text))
    except (socket.error, OSError):
        pass
for number in (1, 2, 3):
    for way in list(ways):
        one, address, text = way
        packet = bytearray([0, 0, 83, 87, 0, 0, 0, number]) + bytearray((text + "\n").encode("ascii"))
        try:
            one.sendto(packet, (address, 0))
        except (socket.error, OSError):
            ways.remove(way)
    time.sleep(0.3)
for one, address, text in ways:
    print("sent %s esp %s" % (address, text))
' "$@"
      return
    fi
  done
  # shellcheck disable=SC2016 # Perl's own variables
  timeout 15 perl -e '
use strict; use Socket qw(:DEFAULT :addrinfo SOCK_RAW);
my @ways;
while (@ARGV) {
  my ($address, $text) = (shift, shift);
  my ($error, $place) = getaddrinfo($address, 0, { flags => AI_NUMERICHOST, socktype => SOCK_STREAM });
  my $one;
  push @ways, [$one, $place->{addr}, $address, $text]
    if $place && socket($one, $place->{family}, SOCK_RAW, 50);
}
for my $number (1 .. 3) {
  @ways = grep { send($$_[0], pack("NN", 0x5357, $number) . "$$_[3]\n", 0, $$_[1]) } @ways;
  select undef, undef, undef, 0.3;
}
print "sent $$_[2] esp $$_[3]\n" for @ways;' "$@"
}
packets=()
while [ "$#" -ge 3 ]; do
  if [ "$2" = esp ]; then packets+=("$1" "$3"); else one "$1" "$2" "$3" & fi
  shift 3
done
if [ "${#packets[@]}" -gt 0 ]; then
  said=$(send "${packets[@]}" 2>/dev/null || true)
  set -- "${packets[@]}"
  while [ "$#" -ge 2 ]; do
    if [[ $'\n'$said$'\n' = *$'\n'"sent $1 esp $2"$'\n'* ]]; then echo "sent $1 esp $2"; else echo "unsent $1 esp $2"; fi
    shift 2
  done
fi
wait
