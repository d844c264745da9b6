#!/bin/bash
# fetch-key.sh URL : prints the repository's key, which nobody trusts yet.
set -euo pipefail
url=$1
# The way out that the package manager knows is ours, too. Over the input: a password has no place in a process list.
proxy() {
  local file key value
  for file in /etc/dnf/dnf.conf /etc/yum.conf; do
    if [ ! -r "$file" ]; then continue; fi
    while IFS='=' read -r key value || [ -n "$key" ]; do
      key=${key//[[:space:]]/} value=${value#"${value%%[![:space:]]*}"} value=${value%"${value##*[![:space:]]}"}
      case $key in
        proxy) if [ -n "$value" ] && [ "$value" != _none_ ]; then printf 'proxy = "%s"\n' "$value"; fi ;;
        proxy_username) name=$value ;;
        proxy_password) printf 'proxy-user = "%s:%s"\n' "${name-}" "$value" ;;
      esac
    done <"$file"
    return
  done
}
proxy | curl -K - --fail --silent --show-error --location --proto-redir '=https,http' --max-time 120 --max-filesize 262144 "$url"
