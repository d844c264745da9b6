#!/bin/bash
# Prints what a preparation wants to know and changes nothing.
# A section's name starts at column 1, its lines are indented by one space.
# Every preview runs it on machines where starting a program may take 100 ms: so bash reads files itself, there are
# few programs, and no package manager, docker or firewall-cmd among them. Pipes are left out, too: each end is a
# process more.
# A question without an answer leaves its section empty and stops nothing.
set +e -uo pipefail
address=${1-} modules=${2-} packages=${3-} users=${4-} sysctls=${5-} uids=${6-} units=${7-} ways=${8-}
exec 2>/dev/null

# indent: the lines of the input.
indent() {
  local line
  while IFS= read -r line || [ -n "$line" ]; do printf ' %s\n' "$line"; done
}

# file NAME PATH... : the content of those that exist.
file() {
  local path
  echo "$1"
  for path in "${@:2}"; do
    if [ -r "$path" ]; then indent <"$path"; fi
  done
}

# whole PATH : sets $text.
whole() {
  text=
  if [ -r "$1" ]; then IFS= read -r -d '' text <"$1"; fi
}

system() {
  local key value _ release name id enforcing=
  read -r release </proc/sys/kernel/osrelease
  read -r name </proc/sys/kernel/hostname
  read -r id </etc/machine-id
  printf ' clock=%(%s)T\n' -1
  printf ' architecture=%s\n kernel=%s\n hostname=%s\n machine-id=%s\n' "$HOSTTYPE" "$release" "$name" "$id"
  while read -r key value _; do
    case $key in MemTotal: | SwapTotal:) echo " ${key%:}=$value" ;; esac
  done </proc/meminfo
  if [ -r /sys/fs/selinux/enforce ]; then
    read -r enforcing </sys/fs/selinux/enforce
    if [ "$enforcing" = 1 ]; then echo ' selinux=enforcing'; else echo ' selinux=permissive'; fi
  fi
  # A unit that leads to /dev/null is masked.
  if [ /etc/systemd/system/swap.target -ef /dev/null ]; then echo ' swap-masked=yes'; fi
  if hash visudo; then echo ' sudo=yes'; fi
}

# A module built into the kernel counts as loaded. Files are spelt with - or _, loaded modules always with _.
kernel_modules() {
  local release name text builtin dependencies filesystems
  read -r release </proc/sys/kernel/osrelease
  whole "/lib/modules/$release/modules.builtin"
  builtin=$text
  whole "/lib/modules/$release/modules.dep"
  dependencies=$text
  whole /proc/filesystems
  filesystems=$text
  for name in $modules; do
    if [ -d "/sys/module/${name//-/_}" ] || contains "$builtin" "$name" || [[ $filesystems == *$'\t'"$name"$'\n'* ]]; then
      echo " $name loaded"
    elif contains "$dependencies" "$name" || modprobe --dry-run --quiet "$name"; then
      echo " $name available"
    else
      echo " $name missing"
    fi
  done
}
contains() { [[ $1 == *"/${2//-/_}.ko"* || $1 == *"/${2//_/-}.ko"* ]]; }

# rpm and dpkg-query end with an error when one of the names is not installed: that is an answer, too.
installed_packages() {
  local ID='' ID_LIKE=''
  # shellcheck source=/dev/null
  . /etc/os-release
  case " $ID $ID_LIKE " in
    *" debian "* | *" ubuntu "*)
      # shellcheck disable=SC2086,SC2016 # a list of names; the dollars are dpkg-query's
      indent < <(dpkg-query -W -f '${db:Status-Status} ${Package} ${Version}\n' $packages)
      ;;
    *)
      # shellcheck disable=SC2086 # a list of names
      indent < <(rpm -q --qf 'installed %{NAME} %{VERSION}-%{RELEASE}\n' $packages)
      ;;
  esac
}

# Half done work: a marker of ours, or dpkg's own journal, which nobody is writing any more.
unfinished() {
  local path
  for path in /var/lib/swarm-preparation/*; do
    if [ -e "$path" ]; then echo " ${path##*/}"; fi
  done
  for path in /var/lib/dpkg/updates/*; do
    if [ -e "$path" ] && ! dpkg_at_work; then echo ' package-manager' && break; fi
  done
}

# Whoever works with dpkg holds one of its locks all the while (unattended-upgrades, apt, a dpkg that outlived its apt).
dpkg_at_work() {
  local text inode
  whole /proc/locks
  for inode in $(stat -c %i /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock); do
    if [[ $text == *":$inode "* ]]; then return 0; fi
  done
  return 1
}

# The units, each under the name that it was asked by, and whether dockerd was replaced under the running engine.
# The order of a unit's lines is systemd's: the process comes before the name, or in newer ones after it.
services() {
  local line path='' pid=0 id='' names
  read -r -a names <<<"docker.service firewalld.service $units"
  if hash dockerd; then path=${BASH_CMDS[dockerd]}; fi
  echo " Path=$path"
  while IFS= read -r line; do
    case $line in
      '')
        process_of "$id" "$pid" "$path"
        names=("${names[@]:1}") line=---- id='' pid=0
        ;;
      MainPID=*) pid=${line#*=} ;;
      Id=*) id=${line#*=} ;;
    esac
    case $line in LoadState=*) echo " Unit=${names[0]}" ;; esac
    echo " $line"
  done < <(systemctl show "${names[@]}" -p MainPID -p ExecStart -p Id -p LoadState -p ActiveState -p UnitFileState)
  process_of "$id" "$pid" "$path"
  mesh
  for path in /etc/default/docker /etc/sysconfig/docker; do
    if [ -r "$path" ]; then
      while IFS= read -r line; do
        case $line in DOCKER_OPTS=* | OPTIONS=* | DOCKER_NETWORK_OPTIONS=*) echo " $line" ;; esac
      done <"$path"
    fi
  done
}

# process_of UNIT PID DOCKERD
process_of() {
  case $1 in
    docker.service) if [ "$2" != 0 ] && [ ! "/proc/$2/exe" -ef "$3" ]; then echo ' Replaced=yes'; fi ;;
    firewalld.service) firewalld_pid=$2 ;;
  esac
}

# Docker's rules in the machine's own firewall, where a node has the mesh: its own namespace knows which ports are
# published, and keeps that when a firewall is loaded anew. Asked twice: an engine writes one rule after the other.
nat_rules=
mesh() {
  local mesh=/run/docker/netns/ingress_sbox marks try
  for try in 1 2; do
    if [ ! -e "$mesh" ] || ! nat_rules=$(iptables -w 10 -t nat -S); then return; fi
    if [[ $nat_rules$'\n' == *' -j DOCKER'$'\n'* ]]; then
      if [[ $nat_rules == *'-A DOCKER-INGRESS '*' -j DNAT '* ]]; then return; fi
      if ! marks=$(nsenter --net="$mesh" iptables -w 10 -t mangle -S PREROUTING); then return; fi
      if answers "$nat_rules" "$marks"; then return; fi
    fi
    if [ "$try" = 1 ]; then sleep 1; fi
  done
  echo ' Rules=lost'
}

# answers RULES MARKS : whether one of the ports that are published has a rule, or there is none; since 29 it stands
# among those of containers.
answers() {
  local line port=
  while IFS= read -r line; do
    case $line in *' --dport '*) ;; *) continue ;; esac
    port=${line#* --dport }
    port=${port%% *}
    if [[ $1 == *" --dport $port -j DNAT "* ]]; then return 0; fi
  done <<<"$2"
  [ -z "$port" ]
}

kernel_settings() {
  local key text
  for key in $sysctls; do
    whole "/proc/sys/${key//.//}"
    if [ -n "$text" ]; then echo " $key=${text//$'\n'/ }"; fi
  done
}

# Who is asked for, by name or number, in one question: names may come from elsewhere than /etc/passwd.
accounts=
if [ -n "$users$uids" ]; then
  # A name and a number may be the same user's.
  # shellcheck disable=SC2086 # lists of words
  while IFS= read -r account; do
    if [[ $'\n'$accounts != *$'\n'"$account"$'\n'* ]]; then accounts+=$account$'\n'; fi
  done < <(getent passwd $users $uids)
fi

user_groups() {
  local user uid groups
  while IFS=: read -r user _ uid _; do
    if [ -n "$user" ] && groups=$(id -nG "$user"); then echo " $user $uid $groups"; fi
  done <<<"$accounts"
}

# Files in a home are its user's to write: only plain ones, of text and of a sensible size, are read.
authorized_keys() {
  local user home line file text
  while IFS=: read -r user _ _ _ _ home _; do
    file=$home/.ssh/authorized_keys
    if [[ " $users " != *" $user "* || ! -f $file ]]; then continue; fi
    # Nothing but a file's end leaves this without success.
    if IFS= read -r -d '' -n 262145 text <"$file"; then continue; fi
    while IFS= read -r line; do
      case $line in '' | '#'*) ;; *) echo " $user $line" ;; esac
    done <<<"$text"
  done <<<"$accounts"
}

sudo_rules() {
  local user line
  for user in $users; do
    if [ -r "/etc/sudoers.d/swarm-$user" ]; then
      while IFS= read -r line; do echo " $line"; done <"/etc/sudoers.d/swarm-$user"
    fi
  done
}

# Whether firewalld accepts each packet in the table that Docker's rules stand in behind its own.
takes_all() {
  local line
  if [ -z "$nat_rules" ]; then nat_rules=$(iptables -w 10 -t nat -S); fi
  while IFS= read -r line; do
    case $line in '-A PRE_'*' '*' -j ACCEPT') ;; '-A PRE_'*' -j ACCEPT') return 0 ;; esac
  done <<<"$nat_rules"
  return 1
}

# What counts now is asked over D-Bus, what counts after the next start is in the zone's file.
firewalld() {
  local service=org.fedoraproject.FirewallD1 path=/org/fedoraproject/FirewallD1 zone what text line
  zone=$(busctl call $service $path $service.zone getZoneOfInterface s "$1")
  zone=${zone#*\"} zone=${zone%\"*}
  while IFS= read -r line; do
    case $line in
      DefaultZone=*) zone=${zone:-${line#*=}} ;;
      FirewallBackend=iptables*) if takes_all; then echo ' takes-all'; fi ;;
    esac
  done </etc/firewalld/firewalld.conf
  echo " zone $zone"
  # One answer for all; before firewalld 0.9 each part has to be asked for.
  if text=$(busctl call $service $path $service.zone getZoneSettings2 s "$zone"); then
    echo " runtime Settings $text"
  else
    for what in Ports Protocols RichRules; do
      echo " runtime $what $(busctl call $service $path $service.zone "get$what" s "$zone")"
    done
  fi
  whole "/etc/firewalld/zones/$zone.xml"
  if [ -z "$text" ]; then whole "/usr/lib/firewalld/zones/$zone.xml"; fi
  echo " permanent Xml ${text//$'\n'/ }"
}

firewall() {
  local line path interface='' device inet rest
  while IFS= read -r line; do
    case $line in ENABLED=yes*)
      echo ' kind ufw'
      for path in /etc/ufw/user.rules /etc/ufw/user6.rules; do
        if [ ! -r "$path" ]; then continue; fi
        while IFS= read -r line; do
          case $line in '### tuple ###'*) echo " $line" ;; esac
        done <"$path"
      done
      return
      ;;
    esac
  done </etc/ufw/ufw.conf
  if [ "${firewalld_pid:-0}" = 0 ]; then
    echo ' kind none'
    return
  fi
  while read -r _ device inet rest; do
    if [ -n "$address" ] && [[ $inet = inet* && $rest = "$address/"* ]]; then interface=$device; fi
  done <<<"$addresses"
  echo ' kind firewalld'
  firewalld "$interface"
}

# Its own addresses, and how it would reach each of those that are asked for: as routes.sh asks, in one program.
questions='addr show'
for way in $ways; do questions+=$'\n'"route get $way"; done
addresses=$(exec ip -force -o -batch - <<<"$questions")
file os /etc/os-release
echo system
system
echo disk
indent < <(df -Pk / /var/lib /var/lib/docker)
echo addresses
indent <<<"$addresses"
echo modules
kernel_modules
echo packages
installed_packages
echo unfinished
unfinished
echo services
services
file daemon-json /etc/docker/daemon.json
file hosts-file /etc/hosts
file repository /etc/yum.repos.d/docker-ce.repo /etc/apt/sources.list.d/docker.list
file repository-key /etc/pki/rpm-gpg/docker-ce.asc /etc/apt/keyrings/docker.asc
file modules-file /etc/modules-load.d/swarm.conf
file sysctl-file /etc/sysctl.d/90-swarm.conf
echo sysctls
kernel_settings
echo users
user_groups
echo authorized-keys
authorized_keys
echo sudo-rules
sudo_rules
echo firewall
firewall
