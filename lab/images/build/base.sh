#!/bin/bash
# Makes OUT/root, the tree that images are built on, and OUT/oci, the same as an image of one layer.
# usage: base.sh OUT RECIPE VARIANT PACKAGES HOOK SUITE APT-CONF SOURCE-LINE
#   RECIPE: folder with root/ and prepare.sh, each if needed; VARIANT: mmdebstrap's; PACKAGES: separated by commas;
#   HOOK: option that writes down the packages' versions
set -euo pipefail
out=$1 recipe=$2 variant=$3 packages=$4 hook=$5 suite=$6 settings=$7 line=$8
here=$(dirname "$0")
root=$out/root

mmdebstrap --mode=root --architectures=amd64 --aptopt="$settings" --dpkgopt="$here/slim.conf" \
  --variant="$variant" ${packages:+"--include=$packages"} "$hook" "$suite" "$root" "$line"
if [ -d "$recipe/root" ]; then cp --recursive --preserve=mode "$recipe/root/." "$root/"; fi
if [ -f "$recipe/prepare.sh" ]; then bash "$recipe/prepare.sh" "$root"; fi

# What mmdebstrap took from this machine, and what a container gets from its engine.
rm -rf "$root"/etc/apt/{sources.list,sources.list.d/*,apt.conf.d/*mmdebstrap} "$root"/etc/{resolv.conf,hostname}
find "$root/dev" -mindepth 1 -delete
find "$root/var/log" -type f -delete

bash "$here/oci.sh" new "$out/oci" "$root"
