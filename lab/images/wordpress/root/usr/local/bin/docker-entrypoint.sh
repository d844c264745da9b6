#!/bin/bash
# The public wordpress image's contract. Before the web server starts, the database is waited for.
set -euo pipefail

log() { echo "$(date --utc +%FT%TZ) [entrypoint] $*" >&2; }

if [ "${1-}" = apache2-foreground ]; then
  as_www=(setpriv --reuid=www-data --regid=www-data --init-groups)
  for name in ${!WORDPRESS_*}; do
    file=${!name}
    if [[ $name == *_FILE ]] && ! "${as_www[@]}" test -r "$file"; then
      log "$name: user www-data cannot read $file; expected a secret with mode 0444, or one that belongs to uid 33."
      exit 1
    fi
  done
  "${as_www[@]}" php /usr/local/lib/wordpress/wait-for-database.php
fi
exec "$@"
