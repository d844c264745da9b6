#!/bin/bash
# The public postgres image's contract: the first start makes the database, its user and runs what is in
# /docker-entrypoint-initdb.d; every start serves it on port 5432.
set -euo pipefail
shopt -s nullglob

data=${PGDATA:-/var/lib/postgresql/data}
# Made before the first file of a database and removed after the last: while it is there, the data is not anybody's yet.
unfinished=$data/.initialising

log() { echo "$(date --utc +%FT%TZ) [entrypoint] $*" >&2; }
fail() {
  log "$*"
  exit 1
}

# setting NAME: leaves in NAME, not exported, its value or that of the file which NAME_FILE names.
setting() {
  local file=$1_FILE value=${!1-}
  if [ -n "${!file-}" ]; then
    if [ -n "$value" ]; then fail "$1 and $1_FILE: both are set; expected one of them. Remove one."; fi
    if [ ! -r "${!file}" ]; then fail "$1_FILE: cannot read ${!file}; expected a file with the value, such as a secret."; fi
    value=$(<"${!file}")
  fi
  unset "$1" "$file"
  printf -v "$1" %s "$value"
}

as_postgres=(setpriv --reuid=postgres --regid=postgres --init-groups)
# As SQL text and as an SQL name.
quote() { printf "'%s'" "${1//\'/\'\'}"; }
name() { printf '"%s"' "${1//\"/\"\"}"; }

initialise() {
  local method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  if [ -z "$POSTGRES_PASSWORD" ] && [ "$method" != trust ]; then
    fail "POSTGRES_PASSWORD: not set; expected it, POSTGRES_PASSWORD_FILE, or POSTGRES_HOST_AUTH_METHOD=trust, which lets everybody in."
  fi
  if [ -e "$unfinished" ]; then
    log "the last first start did not come to its end: beginning anew"
  elif [ -n "$(find "$data" -mindepth 1 ! -name lost+found -print -quit)" ]; then
    fail "$data: holds files but no database; expected a database or an empty volume."
  fi
  # A stop in the middle is no harm, but as first process this one would not hear of it.
  trap 'exit 143' TERM
  touch "$unfinished"
  sync "$unfinished"
  find "$data" -mindepth 1 ! -path "$unfinished" ! -name lost+found -delete
  log "making the database"
  cp --archive --sparse=always /usr/share/postgresql-template/. "$data/"
  printf 'host all all all %s\n' "$method" >>"$data/pg_hba.conf"

  local socket=/run/postgresql server second
  "${as_postgres[@]}" postgres -D "$data" -c listen_addresses= "$@" &
  server=$!
  for ((second = 0; ; second++)); do
    if pg_isready --quiet --host=$socket --username=postgres; then break; fi
    if ! kill -0 "$server" 2>/dev/null; then fail "the server ended at its first start; its lines above say why."; fi
    if [ "$second" -ge 300 ]; then fail "the server does not answer after 300 s; its lines above may say why."; fi
    sleep 1
  done
  configure $socket
  kill -INT "$server"
  wait "$server"
  sync --file-system "$data"
  rm "$unfinished"
  log "the database is ready"
}

# configure SOCKET: user, database, and the scripts in /docker-entrypoint-initdb.d
configure() {
  local client=(psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --host="$1") script user database
  user=${POSTGRES_USER:-postgres} database=${POSTGRES_DB:-${POSTGRES_USER:-postgres}}
  # printf is part of the shell and the text goes through a pipe: a password is on no command line.
  {
    if [ "$user" != postgres ]; then printf 'CREATE ROLE %s SUPERUSER LOGIN;\n' "$(name "$user")"; fi
    if [ -n "$POSTGRES_PASSWORD" ]; then printf 'ALTER ROLE %s PASSWORD %s;\n' "$(name "$user")" "$(quote "$POSTGRES_PASSWORD")"; fi
    if [ "$database" != postgres ]; then printf 'CREATE DATABASE %s OWNER %s;\n' "$(name "$database")" "$(name "$user")"; fi
  } | "${client[@]}" --username=postgres --dbname=postgres
  for script in /docker-entrypoint-initdb.d/*; do
    log "running $script"
    case $script in
      *.sh) bash -euo pipefail "$script" ;;
      *.sql) "${client[@]}" --username="$user" --dbname="$database" <"$script" ;;
      *.sql.gz) gzip --decompress --stdout "$script" | "${client[@]}" --username="$user" --dbname="$database" ;;
      *) log "ignored: $script; expected .sh, .sql or .sql.gz" ;;
    esac
  done
}

# Options alone are for the server; another program is run as it is.
case ${1-} in
  '' | -*) ;;
  postgres) shift ;;
  *) exec "$@" ;;
esac

for name in POSTGRES_PASSWORD POSTGRES_USER POSTGRES_DB; do setting "$name"; done
mkdir -p "$data" /run/postgresql
chown postgres:postgres "$data" /run/postgresql
chmod 700 "$data"
if [ -e "$unfinished" ] || [ ! -s "$data/PG_VERSION" ]; then initialise "$@"; fi
exec "${as_postgres[@]}" postgres -D "$data" "$@"
