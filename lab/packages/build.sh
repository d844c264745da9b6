#!/bin/bash
# Makes docker-ce, docker-ce-cli and containerd.io of one engine version out of Debian's packages, as .rpm and as .deb.
# usage: build.sh SOURCES WORK OUT ENGINE CONTAINERD CONTAINERD-MINIMUM [PACKAGED DAEMON]
#   SOURCES: folder with the downloaded packages of one suite
#   PACKAGED, DAEMON: version of docker.io, and folder with the dockerd and docker-proxy that stand in for its own
set -euo pipefail
sources=$1 work=$2 out=$3 engine=$4 containerd=$5 minimum=$6 packaged=${7-$4} daemon=${8-}
here=$(dirname "$0")
rpms=$out/centos/9/x86_64/stable/Packages
debs=$out/debian/dists/trixie/pool/stable/amd64

# expect PACKAGE VERSION: Debian's package carries the version that the lab's package will claim.
expect() {
  local found
  found=$(dpkg-deb --field "$sources/$1"_*.deb Version)
  case $found in
    "$2"[+~-]*) ;;
    *)
      echo "$1: got version $found from Debian; expected $2. Set the new version in lab/packages/engines.ts." >&2
      exit 1
      ;;
  esac
}
expect docker.io "$packaged"
expect containerd "$containerd"

all=$work/all trees=$work/trees
rm -rf "$work"
mkdir -p "$all" "$rpms" "$debs" "$trees"/{docker-ce,docker-ce-cli,containerd.io}
for package in "$sources"/*.deb; do
  dpkg-deb --extract "$package" "$all"
done
# Older packages bring files in /lib and /usr/sbin; Docker's own have everything in /usr/lib and /usr/bin.
if [ -d "$all/lib" ]; then cp -a "$all/lib/." "$all/usr/lib/"; fi
if [ -n "$daemon" ]; then cp "$daemon/dockerd" "$daemon/docker-proxy" "$all/usr/sbin/"; fi

put() { # put TREE MODE TARGET SOURCE
  install -D --mode="$2" "$4" "$trees/$1$3"
}
# Libraries that a host may lack, out of the way of its own package manager.
libraries() { # libraries TREE PATTERN
  local tree=$trees/$1 found
  found=$(find "$all/usr/lib/x86_64-linux-gnu" -name "$2")
  if [ -z "$found" ]; then return; fi
  mkdir -p "$tree/usr/lib/$1" "$tree/etc/ld.so.conf.d"
  xargs cp -a -t "$tree/usr/lib/$1" <<<"$found"
  echo "/usr/lib/$1" >"$tree/etc/ld.so.conf.d/$1.conf"
}
put docker-ce 755 /usr/bin/dockerd "$all/usr/sbin/dockerd"
put docker-ce 755 /usr/bin/docker-proxy "$all/usr/sbin/docker-proxy"
put docker-ce 755 /usr/bin/docker-init "$all/usr/bin/tini-static"
put docker-ce 644 /usr/lib/systemd/system/docker.service "$here/docker.service"
put docker-ce 644 /usr/lib/systemd/system/docker.socket "$all/usr/lib/systemd/system/docker.socket"
put docker-ce 644 /usr/lib/udev/rules.d/80-docker.rules "$all/usr/lib/udev/rules.d/80-docker.rules"
libraries docker-ce 'libdevmapper.so.*'
put docker-ce-cli 755 /usr/bin/docker "$all/usr/bin/docker"
put containerd.io 755 /usr/bin/containerd "$all/usr/bin/containerd"
put containerd.io 755 /usr/bin/containerd-shim-runc-v2 "$all/usr/bin/containerd-shim-runc-v2"
put containerd.io 755 /usr/bin/ctr "$all/usr/bin/ctr"
put containerd.io 755 /usr/bin/runc "$all/usr/sbin/runc"
put containerd.io 644 /etc/containerd/config.toml "$here/containerd.toml"
put containerd.io 644 /usr/lib/systemd/system/containerd.service "$all/usr/lib/systemd/system/containerd.service"
libraries containerd.io 'libseccomp.so.*'

echo "making docker-ce-$engine.rpm and its companions"
for tree in docker-ce docker-ce-cli containerd.io; do
  {
    cd "$trees/$tree"
    if [ -d "usr/lib/$tree" ]; then echo "%dir /usr/lib/$tree"; fi
    find . ! -type d -printf '/%P\n' | sort | sed 's,^/etc/containerd/config.toml$,%config(noreplace) &,'
  } >"$trees/$tree.files"
done
rpmbuild -bb --quiet \
  --define "_topdir $work/rpmbuild" --define "_rpmdir $rpms" --define "_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm" \
  --define "_buildhost lab" --define "engine $engine" --define "engine_release 1.el9" --define "containerd $containerd" --define "containerd_minimum $minimum" --define "trees $trees" \
  "$here/docker-ce.spec"

deb() { # deb PACKAGE VERSION DEPENDS
  local tree=$trees/$1 script
  mkdir -p "$tree/DEBIAN"
  {
    echo "Package: $1"
    echo "Version: $2"
    echo "Architecture: amd64"
    echo "Maintainer: lab <root@localhost>"
    echo "Section: admin"
    echo "Priority: optional"
    if [ -n "$3" ]; then echo "Depends: $3"; fi
    echo "Installed-Size: $(du -sk "$tree" | cut -f1)"
    echo "Description: Docker's $1, made of Debian's own packages"
  } >"$tree/DEBIAN/control"
  for script in postinst prerm; do
    if [ -f "$here/$1.$script" ]; then install --mode=755 "$here/$1.$script" "$tree/DEBIAN/$script"; fi
  done
  if [ -f "$tree/etc/containerd/config.toml" ]; then echo /etc/containerd/config.toml >"$tree/DEBIAN/conffiles"; fi
  echo "activate-noawait ldconfig" >"$tree/DEBIAN/triggers"
  dpkg-deb --root-owner-group -Zzstd -z3 --build "$tree" "$debs/$1_${2#*:}_amd64.deb" >"$work/dpkg-deb.log"
}
echo "making docker-ce_$engine.deb and its companions"
deb docker-ce "5:$engine-1~debian.13~trixie" "containerd.io (>= $minimum), docker-ce-cli, iptables"
deb docker-ce-cli "5:$engine-1~debian.13~trixie" ""
deb containerd.io "$containerd-1" ""
