#!/bin/bash
# Becomes a machine: systemd and all that it starts, in namespaces of its own, on a file system of its own over a tree
# that all share. Its kernel is this machine's.
# usage: machine.sh GROUP TREE FOLDER NAME ADDRESS PLUG
#   GROUP: a new cgroup for it; TREE: layers below its own, as overlay names them; FOLDER: on a tmpfs, where its own is:
#   it holds authorized_keys, and gets host_key.pub; PLUG: its end on the bridge br0
set -euo pipefail
group=$1 tree=$2 folder=$3 name=$4 address=$5 plug=$6

if [ -z "${IS_INSIDE-}" ]; then
  mkdir -p "$group"
  echo $$ >"$group/cgroup.procs"
  IS_INSIDE=yes exec unshare --mount --pid --fork --kill-child --uts --ipc --net --cgroup bash "$0" "$@"
fi

# /proc is still the one of the room that this was started in.
room=/proc/1/ns/net
hostname "$name"
ip link set lo up
ip link add eth0 type veth peer name "$plug" netns "$room"
ip addr add "$address/16" dev eth0
ip link set eth0 up
nsenter --net="$room" ip link set "$plug" master br0 up

root=$folder/root
mkdir -p "$folder"/{own,work,docker} "$root"
mount -t overlay overlay -o "lowerdir=$tree,upperdir=$folder/own,workdir=$folder/work" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
mkdir "$root"/dev/{pts,shm}
for device in null zero full random urandom tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
# An engine's layers cannot be an overlay on an overlay.
mkdir -p "$root/var/lib/docker"
mount --bind "$folder/docker" "$root/var/lib/docker"

# It has its address already.
ln -sf /dev/null "$root/etc/systemd/system/swarm-lab-network.service"
echo "$name" >"$root/etc/hostname"
chroot "$root" ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
cp "$root/etc/ssh/ssh_host_ed25519_key.pub" "$folder/host_key.pub"
install --mode=600 "$folder/authorized_keys" "$root/root/.ssh/authorized_keys"

mkdir "$root/old"
cd "$root"
pivot_root . old
umount -l /old
rmdir /old
exec env -i container=bench PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --log-target=null
