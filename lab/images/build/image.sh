#!/bin/bash
# Makes the image OUT/oci: the base with packages, files and a script run inside, all as one more layer.
# usage: image.sh OUT BASE RECIPES SHARED APT-CONF WATCHED PACKAGE…
#   BASE: folder made by base.sh; RECIPES: folders with root/ and prepare.sh, each if needed; SHARED: folder made by lists.sh
#   WATCHED: packages whose versions are written into OUT.packages; both lists are separated by spaces
set -euo pipefail
out=$1 base=$2 shared=$4 settings=$5
read -ra recipes <<<"$3"
read -ra watched <<<"$6"
shift 6
here=$(dirname "$0")
root=$out/root
build=$root/run/build

mkdir -p "$out"
# The base's blobs are never written to: hard links will do.
cp --archive --link "$base/oci" "$out/oci"
if [ $# -eq 0 ] && [ ${#recipes[@]} -eq 0 ]; then exit; fi
scripts=()
for recipe in "${recipes[@]}"; do
  if [ -f "$recipe/prepare.sh" ]; then scripts+=("$recipe/prepare.sh"); fi
done

mkdir -p "$root" "$out/upper" "$out/work"
mount -t overlay overlay -o "lowerdir=$base/root,upperdir=$out/upper,workdir=$out/work,redirect_dir=off,metacopy=off" "$root"

# prepare_apt: what only the build needs is mounted or removed again, so that none of it is left in the layer.
prepare_apt() {
  mkdir -p "$build/lists" "$build/debs"
  mount --bind "$shared/lists" "$build/lists"
  mount --bind "$shared/debs" "$build/debs"
  cp "$shared/sources.list" "$build/"
  {
    cat "$settings"
    echo 'Dir::State::lists "/run/build/lists";'
    echo 'Dir::Etc::sourcelist "/run/build/sources.list";'
    echo 'Dir::Cache::archives "/run/build/debs";'
    echo 'Dir::Cache::pkgcache "";'
    echo 'Dir::Cache::srcpkgcache "";'
    # Several images are built at once out of one folder of packages.
    echo 'Debug::NoLocking "true";'
  } >"$build/apt.conf"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod +x "$root/usr/sbin/policy-rc.d"
}
inside() { chroot "$root" env APT_CONFIG=/run/build/apt.conf DEBIAN_FRONTEND=noninteractive "$@"; }

if [ $# -gt 0 ] || [ ${#scripts[@]} -gt 0 ]; then
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
  mount -t tmpfs -o mode=755 tmpfs "$root/run"
  prepare_apt
fi
if [ ${#watched[@]} -gt 0 ]; then
  # Before anything is installed: a build that fails needs them most.
  inside apt-cache show --no-all-versions "${watched[@]}" | grep -E '^(Package|Version): ' >"$out.packages"
fi
if [ $# -gt 0 ]; then
  # One after the other, so that no package is downloaded by two images at once.
  flock "$shared/debs" chroot "$root" env APT_CONFIG=/run/build/apt.conf \
    apt-get install --quiet=2 --no-install-recommends --download-only "$@"
  inside apt-get install --quiet=2 --no-install-recommends "$@"
fi
for recipe in "${recipes[@]}"; do
  if [ -d "$recipe/root" ]; then cp --recursive --preserve=mode "$recipe/root/." "$root/"; fi
done
for script in "${scripts[@]}"; do inside bash -s <"$script"; done
if [ -d "$build" ]; then
  rm -f "$root/etc/resolv.conf" "$root/usr/sbin/policy-rc.d"
  umount --recursive "$root/proc" "$root/tmp" "$root/run"
  umount --recursive --lazy "$root/dev"
  find "$root/var/log" "$root/var/cache" -xdev -type f -delete
  rm -f "$root"/var/lib/dpkg/*-old
fi

# A path of the base that is gone is an empty file named .wh.NAME in the layer; below a folder that is gone, none.
paths() { (cd "$1" && find . -xdev | LC_ALL=C sort); }
comm -23 <(paths "$base/root") <(paths "$root") >"$out/gone"
mapfile -t gone < <(while read -r path; do if [ -d "$root/${path%/*}" ]; then echo "$path"; fi; done <"$out/gone")
umount "$root"
find "$out/upper" -type c -delete
for path in "${gone[@]}"; do
  mkdir -p "$out/upper/${path%/*}"
  touch "$out/upper/${path%/*}/.wh.${path##*/}"
done
bash "$here/oci.sh" add "$out/oci" "$out/upper"
rm -rf "$root" "$out/upper" "$out/work" "$out/gone"
