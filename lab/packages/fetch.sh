#!/bin/bash
# Downloads packages of several Debian suites into FOLDER/<suite>/, with package lists of its own, and writes down their
# versions in MANIFEST.
# usage: fetch.sh FOLDER MANIFEST APT-CONF MIRROR KEYRING SUITE=PACKAGE,PACKAGE…
set -euo pipefail
folder=$1 manifest=$2 settings=$3 mirror=$4 keyring=$5
shift 5

mkdir -p "$folder/apt/state/lists/partial" "$folder/apt/cache/archives/partial"
{
  cat "$settings"
  echo "Dir::State \"$folder/apt/state\";"
  echo "Dir::State::status \"/dev/null\";"
  echo "Dir::Cache \"$folder/apt/cache\";"
  echo "Dir::Etc::sourcelist \"$folder/apt/sources.list\";"
  echo "Dir::Etc::sourceparts \"/dev/null\";"
} >"$folder/apt/apt.conf"
export APT_CONFIG=$folder/apt/apt.conf
for wanted in "$@"; do
  echo "deb [arch=amd64 signed-by=$keyring] $mirror ${wanted%%=*} main"
done >"$folder/apt/sources.list"

echo "reading package lists"
apt-get update --quiet=2 --error-on=any
for wanted in "$@"; do
  suite=${wanted%%=*}
  IFS=, read -ra packages <<<"${wanted#*=}"
  mkdir -p "$folder/$suite"
  echo "downloading ${packages[*]} of $suite" >&2
  (cd "$folder/$suite" && apt-get download --quiet=2 "${packages[@]/%//$suite}")
  for package in "$folder/$suite"/*.deb; do
    dpkg-deb --field "$package" Package Version | sed "s,^Package: ,&$suite/,"
  done
done >"$manifest"
