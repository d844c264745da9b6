#!/bin/bash
# Prints what a preparation wants to know and changes nothing.
# A section's name starts at column 1, its lines are indented by one space.
# Cheap on purpose, since every preview runs it: no package manager, no docker, no firewall-cmd.
set -euo pipefail
address=${1-} modules=${2-} packages=${3-} users=${4-} sysctls=${5-}

section() {
  local lines
  mapfile -t lines < <("${@:2}" 2>/dev/null || true)
  printf '%s\n' "$1"
  if [ "${#lines[@]}" -gt 0 ]; then printf ' %s\n' "${lines[@]}"; fi
}

system() {
  local key value free_root free_docker
  echo "clock=$(date +%s)"
  echo "architecture=$(uname -m)"
  echo "kernel=$(uname -r)"
  echo "hostname=$(cat /proc/sys/kernel/hostname)"
  echo "machine-id=$(cat /etc/machine-id)"
  while read -r key value _; do
    case $key in MemTotal: | SwapTotal:) echo "${key%:}=$value" ;; esac
  done </proc/meminfo
  free_root=$(df -Pk / | awk 'NR == 2 { print $4 }')
  free_docker=$(df -Pk /var/lib/docker 2>/dev/null | awk 'NR == 2 { print $4 }')
  echo "free-root=$free_root"
  echo "free-docker=${free_docker:-$(df -Pk /var/lib | awk 'NR == 2 { print $4 }')}"
  if [ -r /sys/fs/selinux/enforce ]; then
    if [ "$(cat /sys/fs/selinux/enforce)" = 1 ]; then echo selinux=enforcing; else echo selinux=permissive; fi
  fi
}

# A module built into the kernel counts as loaded; modprobe's dry run says whether another one exists.
kernel_modules() {
  local name builtin
  builtin=/lib/modules/$(uname -r)/modules.builtin
  for name in $modules; do
    if [ -d "/sys/module/$name" ] || grep -q "/$name\.ko" "$builtin" || grep -qw "$name" /proc/filesystems; then
      echo "$name loaded"
    elif modprobe --dry-run --quiet "$name"; then
      echo "$name available"
    else
      echo "$name missing"
    fi
  done
}

# rpm and dpkg-query end with an error when one of the names is not installed: that is an answer, too.
installed_packages() {
  local ID='' ID_LIKE=''
  # shellcheck source=/dev/null
  . /etc/os-release
  case " $ID $ID_LIKE " in
    *" debian "* | *" ubuntu "*)
      # shellcheck disable=SC2086,SC2016 # a list of names; the dollars are dpkg-query's
      dpkg-query -W -f '${db:Status-Status} ${Package} ${Version}\n' $packages
      ;;
    *)
      # shellcheck disable=SC2086 # a list of names
      rpm -q --qf 'installed %{NAME} %{VERSION}-%{RELEASE}\n' $packages
      ;;
  esac
}

# Half done work: a marker of ours, or dpkg's own journal.
unfinished() {
  ls /var/lib/swarm-preparation || true
  if [ -n "$(ls -A /var/lib/dpkg/updates)" ]; then echo package-manager; fi
}

engine_process() {
  local pid
  systemctl show docker.service -p ActiveState -p UnitFileState -p MainPID -p ExecStart
  pid=$(systemctl show docker.service -p MainPID --value)
  # A binary that was replaced under a running engine shows as deleted.
  if [ "${pid:-0}" != 0 ]; then echo "Binary=$(readlink "/proc/$pid/exe")"; fi
  echo "Path=$(command -v dockerd)"
  grep -hE '^(DOCKER_OPTS|OPTIONS|DOCKER_NETWORK_OPTIONS)=' /etc/default/docker /etc/sysconfig/docker || true
}

kernel_settings() {
  local key file
  for key in $sysctls; do
    file=/proc/sys/${key//.//}
    if [ -r "$file" ]; then echo "$key=$(cat "$file")"; fi
  done
}

user_groups() {
  local user groups
  for user in $users; do
    if groups=$(id -nG "$user"); then echo "$user $groups"; fi
  done
}

firewalld() {
  local service=org.fedoraproject.FirewallD1 path=/org/fedoraproject/FirewallD1 interface zone config what
  interface=$(ip -o addr show | awk -v a="$address" 'a && index($4, a "/") == 1 { print $2; exit }')
  zone=$(busctl call $service $path $service.zone getZoneOfInterface s "$interface" | cut -d '"' -f 2)
  zone=${zone:-$(busctl call $service $path $service getDefaultZone | cut -d '"' -f 2)}
  config=$(busctl call $service $path/config $service.config getZoneByName s "$zone" | cut -d '"' -f 2)
  echo "kind firewalld"
  echo "zone $zone"
  for what in Ports Protocols RichRules; do
    echo "runtime $what $(busctl call $service $path $service.zone "get$what" s "$zone")"
    echo "permanent $what $(busctl call $service "$config" $service.config.zone "get$what")"
  done
}

firewall() {
  if systemctl --quiet is-active firewalld; then
    firewalld
  elif grep -q '^ENABLED=yes' /etc/ufw/ufw.conf; then
    echo "kind ufw"
    grep -h '^### tuple ###' /etc/ufw/user.rules
  else
    echo "kind none"
  fi
}

section os cat /etc/os-release
section system system
section addresses ip -o addr show
section modules kernel_modules
section packages installed_packages
section unfinished unfinished
section engine engine_process
section daemon-json cat /etc/docker/daemon.json
section hosts-file cat /etc/hosts
section repository cat /etc/yum.repos.d/docker-ce.repo /etc/apt/sources.list.d/docker.list
section modules-file cat /etc/modules-load.d/swarm.conf
section sysctl-file cat /etc/sysctl.d/90-swarm.conf
section sysctls kernel_settings
section users user_groups
section firewall firewall
