#!/bin/bash
# install-engine.sh VERSION : docker-ce at VERSION (its first digits are enough; empty: the newest).
# The repository file excludes the engine from updates, which is what holds it at its version.
set -euo pipefail
wanted=${1-}
pm=$(command -v dnf || command -v yum)
repo=--disableexcludes=docker-ce-stable

versions=$("$pm" -q list --showduplicates "$repo" docker-ce 2>/dev/null | awk '$1 ~ /^docker-ce\./ { print $2 }' | sort -uV)
if [ -z "$versions" ]; then
  echo "the repository has no docker-ce for this system; see /etc/yum.repos.d/docker-ce.repo" >&2
  exit 1
fi
# 3:26.1.5-1.el9 and 18.03.1.ce-1.el7 are written 26.1.5 and 18.03.1.
plain() { sed -E 's/^[0-9]+://; s/-.*$//; s/\.ce$//' <<<"$1"; }
chosen=
have=
while read -r evr; do
  have="$have $(plain "$evr")"
  if [[ -z $wanted || $(plain "$evr") == "$wanted" || $(plain "$evr") == "$wanted".* ]]; then chosen=$evr; fi
done <<<"$versions"
if [ -z "$chosen" ]; then
  echo "the repository has no docker-ce $wanted; it has:$have" >&2
  exit 1
fi

# The marker tells the next run that this one did not come to its end.
mkdir -p /var/lib/swarm-preparation
marker=/var/lib/swarm-preparation/engine-install
release=${chosen#*:}
packages=("docker-ce-$release" "docker-ce-cli-$release" containerd.io)
again=install
if [ -e "$marker" ] && rpm -q "${packages[@]}" >/dev/null 2>&1; then again=reinstall; fi
touch "$marker" /var/lib/swarm-preparation/engine-restart
"$pm" -y "$repo" "$again" "${packages[@]}"
rpm -q "${packages[@]}"
rm -f "$marker"
