#!/bin/bash
# Makes the .rpm and .deb repositories of OUT complete: lists, and signatures by a key that exists only while this runs.
# usage: repository.sh OUT WORK
set -euo pipefail
out=$1
export GNUPGHOME=$2/gnupg
mkdir --mode=700 "$GNUPGHOME"
# No passphrase and no terminal: nothing may ask.
sign() { gpg --batch --yes --quiet --digest-algo SHA256 "$@"; }
trap 'gpgconf --kill gpg-agent; rm -rf "$GNUPGHOME"' EXIT

echo "signing the package repositories"
sign --passphrase '' --quick-generate-key 'Lab package repository <root@localhost>' rsa3072 sign never
sign --armor --export >"$out/centos/gpg"
cp "$out/centos/gpg" "$out/debian/gpg"

stable=$out/centos/9/x86_64/stable
rpmsign --addsign --define '_gpg_name Lab package repository' --define '__gpg /usr/bin/gpg' "$stable"/Packages/*.rpm >"$2/rpmsign.log" 2>&1 ||
  { cat "$2/rpmsign.log" >&2 && exit 1; }
createrepo_c --quiet --no-database "$stable"
sign --armor --detach-sign "$stable/repodata/repomd.xml"
ln -s 9 "$out/centos/8"
ln -s 9 "$out/centos/10"

cd "$out/debian"
lists=dists/trixie/stable/binary-amd64
mkdir -p "$lists"
apt-ftparchive packages dists/trixie/pool >"$lists/Packages"
gzip --keep --no-name "$lists/Packages"
apt-ftparchive \
  -o APT::FTPArchive::Release::Origin=Docker -o APT::FTPArchive::Release::Label="Docker CE" \
  -o APT::FTPArchive::Release::Suite=trixie -o APT::FTPArchive::Release::Codename=trixie \
  -o APT::FTPArchive::Release::Architectures=amd64 -o APT::FTPArchive::Release::Components=stable \
  release dists/trixie >"$2/Release"
mv "$2/Release" dists/trixie/Release
sign --clearsign --output dists/trixie/InRelease dists/trixie/Release
sign --armor --detach-sign --output dists/trixie/Release.gpg dists/trixie/Release
