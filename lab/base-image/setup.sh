#!/bin/bash
# Turns a fresh Debian tree into the disk tree of a lab machine. Runs inside the toolbox.
# usage: setup.sh ROOT IMAGE
#   IMAGE: a folder beside this script holds what that system has of its own; debian has none
set -euo pipefail
root=$1 image=$2
here=$(dirname "$0")

# Seen by this script only: the toolbox gives each run its own mounts.
mount -t proc proc "$root/proc"

# The kernel is User-Mode Linux, started from outside: only its modules live in the tree.
mkdir -p "$root/usr/lib/modules"
cp -a /usr/lib/uml/modules/. "$root/usr/lib/modules/"

# That kernel's nf_tables has no ip and inet families: dockerd and firewalld need the legacy programs.
for name in iptables ip6tables; do
  chroot "$root" update-alternatives --quiet --set "$name" "/usr/sbin/$name-legacy"
done
for name in arptables ebtables; do
  if [ -e "$root/usr/sbin/$name-legacy" ]; then
    chroot "$root" update-alternatives --quiet --set "$name" "/usr/sbin/$name-legacy"
  fi
done

install -D --mode=755 --target-directory="$root/usr/lib/swarm-lab" "$here/network" "$here/network-watch"
install -D --mode=644 --target-directory="$root/etc/systemd/system" "$here"/swarm-lab-*.service
install -D --mode=644 "$here/sshd.conf" "$root/etc/ssh/sshd_config.d/lab.conf"
install -D --mode=644 "$here/journald.conf" "$root/etc/systemd/journald.conf.d/lab.conf"

# barrier=0: a power cut ends a process, what it has written is safe in this machine's memory; flushing each time only
# costs. noinit_itable: no background writing over the whole sparse disk.
echo '/dev/ubda / ext4 defaults,noatime,barrier=0,noinit_itable 0 0' >"$root/etc/fstab"
rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/resolv.conf" "$root/etc/apt/apt.conf.d/99mmdebstrap"
: >"$root/etc/apt/sources.list"
: >"$root/etc/hostname"
# Empty, not missing: the machine makes its own id at the first boot without applying presets to all units.
: >"$root/etc/machine-id"
rm -f "$root/var/lib/dbus/machine-id"
printf '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n' >"$root/etc/hosts"
sed -i 's/^hosts:.*/hosts: files myhostname dns/' "$root/etc/nsswitch.conf"
install -d --mode=700 "$root/root/.ssh"
mkdir -p "$root/var/log/journal" "$root/etc/modules-load.d"
rmdir "$root/var/log/journal"

systemctl() { command chroot "$root" systemctl --quiet "$@"; }
systemctl set-default multi-user.target
systemctl enable swarm-lab-network.service swarm-lab-network-watch.service ssh.service
# No console, no devices that come and go, no package sources, no sessions: what would wait for them, or wake up for
# them. Each program started costs such a machine about 50 ms of its boot.
units=(
  apt-daily-upgrade.timer apt-daily.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer
  console-getty.service getty.target getty@.service serial-getty@.service
  dev-hugepages.mount run-lock.mount sys-fs-fuse-connections.mount sys-kernel-config.mount sys-kernel-debug.mount
  sys-kernel-tracing.mount tmp.mount
  kmod-static-nodes.service modprobe@.service systemd-binfmt.service systemd-journal-flush.service
  systemd-networkd-wait-online.service systemd-pstore.service systemd-random-seed.service
  systemd-remount-fs.service systemd-tmpfiles-setup-dev-early.service systemd-update-utmp.service
)
systemctl mask "${units[@]}"
# Started by the first who asks for it (a reboot), not at boot.
rm -f "$root/usr/lib/systemd/system/multi-user.target.wants/systemd-logind.service"
chroot "$root" pam-auth-update --package --remove systemd
# What generators would make units of is not there, but for the file systems of fstab.
mkdir -p "$root/etc/systemd/system-generators"
for generator in "$root"/usr/lib/systemd/system-generators/*; do
  name=${generator##*/}
  if [ "$name" != systemd-fstab-generator ]; then ln -s /dev/null "$root/etc/systemd/system-generators/$name"; fi
done

if [ -d "$here/$image" ]; then
  install --mode=644 "$here/$image/os-release" "$root/usr/lib/os-release"
  ln -sf ../usr/lib/os-release "$root/etc/os-release"
  bash "$here/$image/setup.sh" "$root"
fi

rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/doc/* "$root"/usr/share/man/* \
  "$root"/usr/share/locale/* "$root"/var/log/*.log "$root"/var/log/apt
mkdir -p "$root/var/cache/apt/archives/partial" "$root/var/lib/apt/lists/partial"
# Newer than /usr: no unit rebuilds caches at the first boot.
touch "$root/etc/.updated" "$root/var/.updated"
