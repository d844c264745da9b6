#!/bin/sh
# Options alone are for dnsmasq. It stays root: a container that may bind port 53 has no other use for it.
set -e
case ${1-} in
  -* | '') set -- dnsmasq "$@" ;;
esac
if [ "$1" = dnsmasq ]; then
  shift
  limits="--cache-size=150 --dns-forward-max=150"
  # shellcheck disable=SC2086 # two words
  set -- dnsmasq --keep-in-foreground --user=root --log-facility=- --no-resolv --no-hosts $limits "$@"
fi
exec "$@"
