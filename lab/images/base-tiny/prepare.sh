#!/bin/bash
# busybox with the C library, in a few megabytes: the C library because a statically linked one cannot look up names.
# usage: prepare.sh ROOT
set -euo pipefail
root=${1:?}
# Libraries, linker and busybox are all that is used.
rm -rf "$root"/var/lib/{apt,dpkg} "$root"/var/cache/* "$root"/etc/apt "${root:?}"/usr/share/* "$root"/usr/lib/x86_64-linux-gnu/gconv
find "$root/usr/lib/x86_64-linux-gnu" -name 'libc_malloc_debug*' -delete
for folder in bin sbin lib lib64; do
  mkdir -p "$root/usr/$folder"
  ln -s "usr/$folder" "$root/$folder"
done
mkdir -p "$root"/{dev,etc,home,mnt,proc,root,run,srv,sys,var/log} "$root/tmp"
chmod 1777 "$root/tmp"
chroot "$root" /usr/bin/busybox --install -s
# Those of a package manager that is not there.
rm -f "$root"/usr/bin/{dpkg,dpkg-deb,rpm,rpm2cpio}
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n' >"$root/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"$root/etc/nsswitch.conf"
