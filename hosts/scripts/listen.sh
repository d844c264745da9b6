#!/bin/bash
# listen.sh SECONDS MARK [ADDRESS PORT/PROTOCOL]... : answers on each port that nobody listens on yet, for so long, and on
# `esp`, which has no ports, says who has sent the mark. The address is the machine's own where it can be: what it says
# comes from there then, whatever others it has.
# Bash cannot listen. Enterprise Linux has a Python, which its package manager runs on, and Debian a Perl, which dpkg
# runs on. A line for each: `open 7946/udp`, or `taken 7946/udp` where somebody else listens, or `closed 7946/udp`; then
# `ready PID`; later `came NAME` for each packet with the mark. Nobody may be there to hear it any more: a line each second
# finds that out, and ends it, so that the ports are an engine's again.
set -euo pipefail
for python in python3 /usr/libexec/platform-python python2 python; do
  if command -v "$python" >/dev/null; then exec "$python" -c '
import errno, os, re, select, socket, sys, time
end = time.time() + float(sys.argv[1])
mark = sys.argv[2]
streams, datagrams, packets = [], [], []
def bound(address, word):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    port, protocol = ("0", word) if word == "esp" else word.split("/")
    if protocol == "esp":
        one = socket.socket(family, socket.SOCK_RAW, 50)
    else:
        one = socket.socket(family, socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM)
    if protocol == "tcp":
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        one.bind((address, int(port)))
    except (socket.error, OSError) as problem:
        if problem.errno != errno.EADDRNOTAVAIL:
            raise
        one.bind(("::" if family == socket.AF_INET6 else "0.0.0.0", int(port)))
    if protocol == "tcp":
        one.listen(64)
    {"tcp": streams, "udp": datagrams, "esp": packets}[protocol].append(one)
words = sys.argv[3:]
for address, word in zip(words[::2], words[1::2]):
    said = "open"
    try:
        bound(address, word)
    except (socket.error, OSError) as problem:
        said = "taken" if problem.errno == errno.EADDRINUSE else "closed"
    print(said + " " + word)
print("ready " + str(os.getpid()))
sys.stdout.flush()
came = set()
beat = time.time()
while time.time() < end:
    if time.time() - beat >= 1:
        beat = time.time()
        print("here")
        sys.stdout.flush()
    for one in select.select(streams + datagrams + packets, [], [], 1)[0]:
        try:
            if one in streams:
                one.accept()[0].close()
                continue
            data, sender = one.recvfrom(65535)
            if one in datagrams:
                one.sendto(b"here\n", sender)
                continue
            found = re.search(mark + " ([a-z0-9-]{1,63})\n", data.decode("latin-1"))
            if found and found.group(1) not in came:
                came.add(found.group(1))
                print("came " + found.group(1))
                sys.stdout.flush()
        except (socket.error, OSError):
            pass
' "$@"; fi
done
if ! command -v perl >/dev/null; then
  echo 'neither python nor perl is there to answer on a port' >&2
  exit 1
fi
exec perl -e '
use strict; use Errno; use IO::Select; use Socket qw(:DEFAULT :addrinfo SOCK_RAW);
my $end = time + shift; my $mark = shift; my (%protocol, %came, @all); $| = 1;
sub place {
  my ($error, $one) = getaddrinfo($_[0], $_[1], { flags => AI_NUMERICHOST, socktype => SOCK_STREAM });
  return $one;
}
while (@ARGV) {
  my ($address, $word) = (shift, shift);
  my ($port, $protocol) = $word eq "esp" ? (0, $word) : split m{/}, $word;
  my $place = place($address, $port);
  my %kind = (tcp => [SOCK_STREAM, 0], udp => [SOCK_DGRAM, 0], esp => [SOCK_RAW, 50]);
  my ($one, $is_bound);
  if (defined $place && socket($one, $place->{family}, $kind{$protocol}[0], $kind{$protocol}[1])) {
    setsockopt($one, SOL_SOCKET, SO_REUSEADDR, 1) if $protocol eq "tcp";
    $is_bound = bind($one, $place->{addr})
      || ($!{EADDRNOTAVAIL} && bind($one, place($address =~ /:/ ? "::" : "0.0.0.0", $port)->{addr}));
    $is_bound &&= listen($one, 64) if $protocol eq "tcp";
  }
  print $is_bound ? "open" : $!{EADDRINUSE} ? "taken" : "closed", " $word\n";
  if ($is_bound) { push @all, $one; $protocol{$one} = $protocol; }
}
print "ready $$\n";
my $select = IO::Select->new(@all);
my $beat = time;
while (time < $end) {
  if (time > $beat) { $beat = time; print "here\n"; }
  for my $one ($select->can_read(1)) {
    if ($protocol{$one} eq "tcp") { my $client; close $client if accept($client, $one); next; }
    my $sender = recv($one, my $data, 65535, 0);
    next unless defined $sender;
    if ($protocol{$one} eq "udp") { send($one, "here\n", 0, $sender); next; }
    print "came $1\n" if $data =~ /\Q$mark\E ([a-z0-9-]{1,63})\n/ && !$came{$1}++;
  }
}
' "$@"
