#!/bin/bash
# listen.sh SECONDS PORT/PROTOCOL... : answers on each port that nobody listens on yet, for so long.
# Bash cannot listen. Enterprise Linux has a Python, which its package manager runs on, and Debian a Perl, which dpkg
# runs on. A line for each port: `open 7946/udp`, or `taken 7946/udp`; then `ready`.
set -euo pipefail
for python in python3 /usr/libexec/platform-python python2 python; do
  if command -v "$python" >/dev/null; then exec "$python" -c '
import select, socket, sys, time
end = time.time() + float(sys.argv[1])
streams, datagrams = [], []
for word in sys.argv[2:]:
    port, protocol = word.split("/")
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    bound = None
    for family, anywhere in ((socket.AF_INET6, "::"), (socket.AF_INET, "0.0.0.0")):
        try:
            one = socket.socket(family, kind)
            if protocol == "tcp":
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            one.bind((anywhere, int(port)))
            if protocol == "tcp":
                one.listen(64)
            bound = one
            break
        except (socket.error, OSError):
            pass
    print(("taken " if bound is None else "open ") + word)
    if bound is not None:
        (streams if protocol == "tcp" else datagrams).append(bound)
print("ready")
sys.stdout.flush()
while time.time() < end:
    for one in select.select(streams + datagrams, [], [], max(0, end - time.time()))[0]:
        try:
            if one in streams:
                one.accept()[0].close()
            else:
                one.sendto(b"here\n", one.recvfrom(65535)[1])
        except (socket.error, OSError):
            pass
' "$@"; fi
done
if ! command -v perl >/dev/null; then
  echo 'neither python nor perl is there to answer on a port' >&2
  exit 1
fi
exec perl -e '
use strict; use IO::Select; use IO::Socket::INET;
my $end = time + shift; my (%streams, @all); $| = 1;
for my $word (@ARGV) {
  my ($port, $protocol) = split m{/}, $word;
  my $one = IO::Socket::INET->new(LocalPort => $port, Proto => $protocol,
    $protocol eq "tcp" ? (Listen => 64, ReuseAddr => 1) : ());
  print defined $one ? "open $word\n" : "taken $word\n";
  if (defined $one) { push @all, $one; $streams{$one} = $protocol eq "tcp"; }
}
print "ready\n";
my $select = IO::Select->new(@all);
while (time < $end) {
  for my $one ($select->can_read($end - time)) {
    if ($streams{$one}) { my $client = $one->accept; close $client if $client; next; }
    if (defined $one->recv(my $data, 65535)) { $one->send("here\n"); }
  }
}
' "$@"
