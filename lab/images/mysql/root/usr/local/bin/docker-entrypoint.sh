#!/bin/bash
# The public mysql image's contract, kept with MariaDB: the first start makes the database, its users and runs what is in
# /docker-entrypoint-initdb.d; every start serves it on port 3306.
set -euo pipefail
shopt -s nullglob

data=/var/lib/mysql
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

as_mysql=(setpriv --reuid=mysql --regid=mysql --init-groups)
quote() { # quote TEXT: as an SQL string
  local text=${1//\\/\\\\}
  printf "'%s'" "${text//\'/\'\'}"
}

initialise() {
  if [ -z "$MYSQL_ROOT_PASSWORD" ] && [ -z "${MYSQL_ALLOW_EMPTY_PASSWORD-}" ] && [ -z "${MYSQL_RANDOM_ROOT_PASSWORD-}" ]; then
    fail "MYSQL_ROOT_PASSWORD: not set; expected it, MYSQL_ROOT_PASSWORD_FILE, MYSQL_RANDOM_ROOT_PASSWORD or MYSQL_ALLOW_EMPTY_PASSWORD."
  fi
  if [ -n "$MYSQL_USER" ] && [ -z "$MYSQL_PASSWORD" ]; then fail "MYSQL_PASSWORD: not set; expected it for MYSQL_USER, or MYSQL_PASSWORD_FILE."; fi
  if [ "$MYSQL_USER" = root ]; then fail "MYSQL_USER: got root, which exists in any case; expected another name."; fi

  if [ -e "$unfinished" ]; then
    log "the last first start did not come to its end: beginning anew"
  elif [ -n "$(find $data -mindepth 1 ! -name lost+found -print -quit)" ]; then
    fail "$data: holds files but no database; expected a database or an empty volume."
  fi
  # A stop in the middle is no harm, but as first process this one would not hear of it.
  trap 'exit 143' TERM
  touch "$unfinished"
  sync "$unfinished"
  find $data -mindepth 1 ! -path "$unfinished" ! -name lost+found -delete
  log "making the database"
  cp --archive --sparse=always /usr/share/mysql-template/. $data/
  chown mysql:mysql $data

  local socket=/run/mysqld/first-start.sock server
  "${as_mysql[@]}" mariadbd --skip-networking --socket="$socket" "$@" &
  server=$!
  for ((second = 0; ; second++)); do
    if mariadb-admin --no-defaults --silent --socket="$socket" ping >/dev/null 2>&1; then break; fi
    if ! kill -0 "$server" 2>/dev/null; then fail "the server ended at its first start; its lines above say why."; fi
    if [ "$second" -ge 300 ]; then fail "the server does not answer after 300 s; its lines above may say why."; fi
    sleep 1
  done
  configure "$socket"
  kill "$server"
  wait "$server"
  sync --file-system $data
  rm "$unfinished"
  log "the database is ready"
}

# configure SOCKET: users, database, and the scripts in /docker-entrypoint-initdb.d
configure() {
  local client=(mariadb --no-defaults --user=root --socket="$1") password=$MYSQL_ROOT_PASSWORD script name
  if [ -z "$password" ] && [ -n "${MYSQL_RANDOM_ROOT_PASSWORD-}" ]; then
    password=$(head --bytes=24 /dev/urandom | base64)
    log "GENERATED ROOT PASSWORD: $password"
  fi
  name=${MYSQL_DATABASE//\`/\`\`}
  # printf is part of the shell and the text goes through a pipe: a password is on no command line.
  {
    if [ -n "$MYSQL_DATABASE" ]; then printf "CREATE DATABASE \`%s\`;\n" "$name"; fi
    if [ -n "$MYSQL_USER" ]; then
      printf "CREATE USER %s@'%%' IDENTIFIED BY %s;\n" "$(quote "$MYSQL_USER")" "$(quote "$MYSQL_PASSWORD")"
      # In a grant _ and % stand for other letters.
      name=${name//_/\\_}
      if [ -n "$MYSQL_DATABASE" ]; then printf "GRANT ALL ON \`%s\`.* TO %s@'%%';\n" "${name//%/\\%}" "$(quote "$MYSQL_USER")"; fi
    fi
    if [ "${MYSQL_ROOT_HOST-%}" != localhost ]; then
      printf "CREATE USER root@%s IDENTIFIED BY %s;\n" "$(quote "${MYSQL_ROOT_HOST-%}")" "$(quote "$password")"
      printf "GRANT ALL ON *.* TO root@%s WITH GRANT OPTION;\n" "$(quote "${MYSQL_ROOT_HOST-%}")"
    fi
  } | "${client[@]}"
  for script in /docker-entrypoint-initdb.d/*; do
    log "running $script"
    case $script in
      *.sh) bash -euo pipefail "$script" ;;
      *.sql) "${client[@]}" ${MYSQL_DATABASE:+"--database=$MYSQL_DATABASE"} <"$script" ;;
      *.sql.gz) gzip --decompress --stdout "$script" | "${client[@]}" ${MYSQL_DATABASE:+"--database=$MYSQL_DATABASE"} ;;
      *) log "ignored: $script; expected .sh, .sql or .sql.gz" ;;
    esac
  done
  # Last, as until then root needs no password on the socket.
  printf 'ALTER USER root@localhost IDENTIFIED BY %s;\n' "$(quote "$password")" | "${client[@]}"
}

# Options alone are for the server; another program is run as it is.
case ${1-} in
  '' | -*) ;;
  mysqld | mariadbd) shift ;;
  *) exec "$@" ;;
esac
options=()
for option in "$@"; do
  case $option in
    # MariaDB has none of these, and what they ask for is what it does anyway.
    --default-authentication-plugin=* | --authentication-policy=* | --mysql-native-password=*) log "ignored: $option" ;;
    *) options+=("$option") ;;
  esac
done

for name in MYSQL_ROOT_PASSWORD MYSQL_DATABASE MYSQL_USER MYSQL_PASSWORD; do setting "$name"; done
mkdir -p /run/mysqld
chown mysql:mysql /run/mysqld $data
if [ -e "$unfinished" ] || [ ! -d $data/mysql ]; then initialise "${options[@]}"; fi
exec "${as_mysql[@]}" mariadbd "${options[@]}"
