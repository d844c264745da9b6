#!/bin/bash
# fetch-key.sh URL : prints the repository's key, which nobody trusts yet.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT
# apt's own downloader, which tells of its progress: curl and wget are not on every machine.
/usr/lib/apt/apt-helper download-file "$1" "$folder/key" >&2
cat -- "$folder/key"
