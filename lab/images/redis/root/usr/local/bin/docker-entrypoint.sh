#!/bin/sh
# Options alone, or a configuration file, are for redis-server; everything else is run as it is.
set -e
case ${1-} in
  -* | *.conf) set -- redis-server "$@" ;;
esac
if [ "${1-}" = redis-server ]; then
  case ${2-} in
    *.conf) ;;
    *)
      shift
      set -- redis-server /usr/local/lib/redis/lab.conf "$@"
      ;;
  esac
  if [ "$(id -u)" = 0 ]; then
    chown redis .
    exec setpriv --reuid=redis --regid=redis --init-groups "$@"
  fi
fi
exec "$@"
