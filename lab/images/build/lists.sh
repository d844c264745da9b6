#!/bin/bash
# Fetches the package lists of the suite into FOLDER/lists, which every image is built with.
# usage: lists.sh FOLDER APT-CONF SOURCE-LINE
set -euo pipefail
folder=$1
mkdir -p "$folder"/lists/partial "$folder"/debs/partial
echo "$3" >"$folder/sources.list"
APT_CONFIG=$2 apt-get update --quiet=2 --error-on=any \
  -o Dir::State::lists="$folder/lists" -o Dir::Etc::sourcelist="$folder/sources.list" -o Dir::Etc::sourceparts=/dev/null \
  -o Dir::Cache::pkgcache="" -o Dir::Cache::srcpkgcache=""
