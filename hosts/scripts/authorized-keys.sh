#!/bin/bash
# authorized-keys.sh NAME add|remove LINE... : the lines are, or are not, in the user's authorized_keys; others stay.
set -euo pipefail
name=$1
home=$(getent passwd "$name")
home=${home%:*} home=${home##*:}
# As the user: what lies in a home may lead anywhere, and root would follow.
# shellcheck disable=SC2016 # the words of the inner shell
runuser -u "$name" -- bash -euo pipefail -c '
  umask 077
  folder=$1/.ssh verb=$2
  shift 2
  mkdir -p -- "$folder"
  file=$folder/authorized_keys
  new=$(mktemp -- "$folder/.swarm.XXXXXXXX")
  trap "rm -f -- \"$new\"" EXIT
  {
    if [ -e "$file" ]; then
      while IFS= read -r line || [ -n "$line" ]; do
        for key in "$@"; do
          if [ "$line" = "$key" ]; then continue 2; fi
        done
        printf "%s\n" "$line"
      done <"$file"
    fi
    if [ "$verb" = add ]; then printf "%s\n" "$@"; fi
  } >"$new"
  mv -f -- "$new" "$file"
' - "$home" "${@:2}"
if command -v restorecon >/dev/null; then restorecon -R -- "$home/.ssh"; fi
