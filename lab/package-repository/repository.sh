#!/bin/bash
# Makes the .rpm and .deb repositories of OUT complete: lists for each system, and signatures by a key that exists only
# while this runs. OUT has the packages of all engines below centos/9 and debian/dists/trixie; every other system is
# given the same ones.
# usage: repository.sh OUT WORK EL7-ENGINE...
#   EL7-ENGINE: the engines that there are for Enterprise Linux 7, for which Docker made none after 26.1
set -euo pipefail
out=$1 work=$2
shift 2
export GNUPGHOME=$work/gnupg
mkdir --mode=700 "$GNUPGHOME"
# No passphrase and no terminal: nothing may ask.
sign() { gpg --batch --yes --quiet --digest-algo SHA256 "$@"; }
trap 'gpgconf --kill gpg-agent; rm -rf "$GNUPGHOME"' EXIT

echo "signing the package repositories"
sign --passphrase '' --quick-generate-key 'Lab package repository <root@localhost>' rsa3072 sign never
mkdir -p "$out/ubuntu"
sign --armor --export | tee "$out/centos/gpg" "$out/debian/gpg" >"$out/ubuntu/gpg"

# rpms FOLDER : its list of packages, signed.
rpms() {
  createrepo_c --quiet --no-database "$1"
  sign --armor --detach-sign "$1/repodata/repomd.xml"
}
stable=x86_64/stable
cd "$out/centos"
rpmsign --addsign --define '_gpg_name Lab package repository' --define '__gpg /usr/bin/gpg' "9/$stable"/Packages/*.rpm >"$work/rpmsign.log" 2>&1 ||
  { cat "$work/rpmsign.log" >&2 && exit 1; }
rpms "9/$stable"
ln -s 9 8
ln -s 9 10
mkdir -p "7/$stable/Packages"
cp --link "9/$stable"/Packages/containerd.io-*.rpm "7/$stable/Packages/"
for engine in "$@"; do
  cp --link "9/$stable"/Packages/docker-ce{,-cli}-"$engine"-*.rpm "7/$stable/Packages/"
done
rpms "7/$stable"

# CentOS 7's own packages, where its mirror lists led to: none.
for part in os updates extras; do
  mkdir -p "$out/vault/centos/7/$part/x86_64"
  rpms "$out/vault/centos/7/$part/x86_64"
done

# dated POOL : a date that is later the newer its newest engine is. Machines keep the list that they have where another
# is dated before it, and the day on which these are made says nothing of what is in them.
dated() {
  local engines newest major minor patch
  engines=("$1"/stable/amd64/docker-ce_*.deb)
  newest=$(printf '%s\n' "${engines[@]##*/docker-ce_}" | sort -V | tail -n 1)
  IFS=.- read -r major minor patch _ <<<"$newest"
  date --utc --rfc-email --date="2026-01-01 $((10#$major * 60 + 10#$minor)) hours $((10#$patch)) minutes"
}

# debs FOLDER SUITE : the list of its packages, signed.
debs() {
  cd "$1"
  local lists=dists/$2/stable/binary-amd64 date
  date=$(dated "dists/$2/pool")
  mkdir -p "$lists"
  apt-ftparchive packages "dists/$2/pool" >"$lists/Packages"
  gzip --keep --no-name "$lists/Packages"
  apt-ftparchive \
    -o APT::FTPArchive::Release::Origin=Docker -o APT::FTPArchive::Release::Label="Docker CE" \
    -o APT::FTPArchive::Release::Suite="$2" -o APT::FTPArchive::Release::Codename="$2" \
    -o APT::FTPArchive::Release::Architectures=amd64 -o APT::FTPArchive::Release::Components=stable \
    release "dists/$2" >"$work/Release"
  sed "s/^Date: .*/Date: $date/" "$work/Release" >"dists/$2/Release"
  sign --clearsign --output "dists/$2/InRelease" "dists/$2/Release"
  sign --armor --detach-sign --output "dists/$2/Release.gpg" "dists/$2/Release"
}
mkdir -p "$out/ubuntu/dists/noble"
cp --link --recursive "$out/debian/dists/trixie/pool" "$out/ubuntu/dists/noble/pool"
debs "$out/debian" trixie
debs "$out/ubuntu" noble
