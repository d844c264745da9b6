#!/bin/sh
# Options alone are for haproxy, which stays in front: as master, so that a reload loses no connection.
set -e
case ${1-} in
  -*) set -- haproxy "$@" ;;
esac
if [ "${1-}" = haproxy ]; then
  shift
  set -- haproxy -W -db -f /usr/local/lib/haproxy/limits.cfg "$@"
fi
exec "$@"
