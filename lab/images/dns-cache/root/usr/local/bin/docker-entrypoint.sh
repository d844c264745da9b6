#!/bin/sh
# Options alone are for dnsmasq. It stays root: a container that may bind port 53 has no other use for it.
set -e
case ${1-} in
  -* | '') set -- dnsmasq "$@" ;;
esac
if [ "$1" = dnsmasq ]; then
  shift
  set -- dnsmasq --keep-in-foreground --user=root --log-facility=- --no-resolv --no-hosts "$@"
fi
exec "$@"
