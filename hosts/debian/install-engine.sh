#!/bin/bash
# install-engine.sh VERSION : docker-ce at VERSION (its first digits are enough; empty: the newest), held there.
set -euo pipefail
wanted=${1-}
export DEBIAN_FRONTEND=noninteractive

versions=$(apt-cache madison docker-ce | awk '{ print $3 }' | sort -uV)
if [ -z "$versions" ]; then
  echo "the repository has no docker-ce for this system; see /etc/apt/sources.list.d/docker.list" >&2
  exit 1
fi
# 5:26.1.5-1~debian.13~trixie and 18.03.1~ce-0~debian are written 26.1.5 and 18.03.1.
plain() { sed -E 's/^[0-9]+://; s/-.*$//; s/~ce$//' <<<"$1"; }
chosen=
have=
while read -r version; do
  have="$have $(plain "$version")"
  if [[ -z $wanted || $(plain "$version") == "$wanted" || $(plain "$version") == "$wanted".* ]]; then chosen=$version; fi
done <<<"$versions"
if [ -z "$chosen" ]; then
  echo "the repository has no docker-ce $wanted; it has:$have" >&2
  exit 1
fi

# The marker tells the next run that this one did not come to its end.
mkdir -p /var/lib/swarm-preparation
marker=/var/lib/swarm-preparation/engine-install
touch "$marker" /var/lib/swarm-preparation/engine-restart
apt-get -y -q -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold \
  --no-install-recommends --allow-change-held-packages \
  install "docker-ce=$chosen" "docker-ce-cli=$chosen" containerd.io
apt-mark hold docker-ce docker-ce-cli containerd.io
rm -f "$marker"
