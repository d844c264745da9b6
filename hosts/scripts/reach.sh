#!/bin/bash
# reach.sh [ADDRESS PORT/PROTOCOL SIZE]... : tries each three words, the size being that of a datagram. For `esp`, which
# nobody answers, the third word is what a packet says. A line for each: `yes` or `no`, then the three words; for `esp` it
# is `sent`, or `unsent` where the machine can send none. What a configuration says gets there as words, never as a script.
# A machine may have a hundred others to speak to: what needs no program of its own has none, and what does takes turns.
set -euo pipefail
# connect ADDRESS PORT/tcp SIZE
connect() {
  # shellcheck disable=SC2016 # the words of the inner shell
  if timeout 15 bash -c 'exec 3<>"/dev/tcp/$1/$2"' reach "$1" "${2%/*}" 2>/dev/null; then
    echo "yes $*"
  else
    echo "no $*"
  fi
}
# connect_all [ADDRESS PORT/tcp SIZE]... : a hundred at once.
connect_all() {
  local -i count=0
  while [ "$#" -ge 3 ]; do
    connect "$1" "$2" "$3" &
    shift 3
    count+=1
    if ((count % 100 == 0)); then wait; fi
  done
  wait
}
# ask_all [ADDRESS PORT/udp SIZE]... : all of them are asked before anybody's answer is waited for. A datagram may get
# lost, and the first of a size that does not fit tells the kernel so: three times.
ask_all() {
  local fd
  local -a words=("$@") silent=() fds=()
  local -i i began
  ulimit -Sn "$(ulimit -Hn)" 2>/dev/null || true
  for ((i = 0; i < ${#words[@]}; i += 3)); do
    fd=-1
    { exec {fd}<>"/dev/udp/${words[i]}/${words[i + 1]%/*}"; } 2>/dev/null || fd=-1
    fds[i]=$fd
    if [ "$fd" = -1 ]; then echo "no ${words[*]:i:3}"; else silent+=("$i"); fi
  done
  for _ in 1 2 3; do
    for i in ${silent[@]+"${silent[@]}"}; do
      { printf '%*s' "${words[i + 2]}" '' >&"${fds[i]}"; } 2>/dev/null || true
    done
    set -- ${silent[@]+"${silent[@]}"}
    silent=()
    began=$SECONDS
    for i; do
      fd=${fds[i]}
      # Whoever answers has done so meanwhile, once two seconds have gone by.
      if ((SECONDS - began > 2)) && ! read -r -t 0 -u "$fd"; then
        silent+=("$i")
      # One character: the rest of a datagram is gone with the first read.
      elif read -r -n 1 -t 0.5 -u "$fd" 2>/dev/null; then
        echo "yes ${words[*]:i:3}"
      else
        silent+=("$i")
      fi
    done
  done
  for i in ${silent[@]+"${silent[@]}"}; do echo "no ${words[*]:i:3}"; done
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
packets=() streams=() datagrams=()
while [ "$#" -ge 3 ]; do
  case $2 in
    esp) packets+=("$1" "$3") ;;
    */tcp) streams+=("$1" "$2" "$3") ;;
    *) datagrams+=("$1" "$2" "$3") ;;
  esac
  shift 3
done
connect_all ${streams[@]+"${streams[@]}"} &
ask_all ${datagrams[@]+"${datagrams[@]}"} &
if [ "${#packets[@]}" -gt 0 ]; then
  said=$(send "${packets[@]}" 2>/dev/null || true)
  set -- "${packets[@]}"
  while [ "$#" -ge 2 ]; do
    if [[ $'\n'$said$'\n' = *$'\n'"sent $1 esp $2"$'\n'* ]]; then echo "sent $1 esp $2"; else echo "unsent $1 esp $2"; fi
    shift 2
  done
fi
wait
