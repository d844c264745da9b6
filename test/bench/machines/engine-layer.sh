#!/bin/bash
# Installs the engine's packages over a tree, for all machines at once; they enable it as they are booted.
# usage: engine-layer.sh TREE FOLDER PACKAGES
#   FOLDER: gets own/, what is to be laid over the tree; PACKAGES: folder with .deb files
set -euo pipefail
tree=$1 folder=$2 packages=$3
root=$folder/root
mkdir -p "$folder"/{own,work} "$root"
mount -t overlay overlay -o "lowerdir=$tree,upperdir=$folder/own,workdir=$folder/work" "$root"
trap 'umount --recursive "$root"' EXIT
mount -t proc proc "$root/proc"
mkdir "$root/packages"
mount --bind "$packages" "$root/packages"
# Nothing is started in a tree that is no machine.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
chroot "$root" sh -c 'dpkg --install /packages/*.deb'
chroot "$root" systemctl --quiet enable docker.service
umount "$root/packages"
rmdir "$root/packages"
rm "$root/usr/sbin/policy-rc.d"
