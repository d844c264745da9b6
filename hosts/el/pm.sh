#!/bin/bash
# Goes before the scripts that use the package manager: yum 3 of EL 7, dnf 4 of EL 8 to 10 or dnf 5 of Fedora.
set -euo pipefail
pm=$(command -v dnf || command -v yum)

# The repository file keeps the engine out of every transaction but ours.
unlocked=--disableexcludes=docker-ce-stable
case $(readlink -f "$pm") in *dnf5) unlocked=--setopt=disable_excludes=docker-ce-stable ;; esac

# package_manager ARGUMENT... : what it says goes to the user; after a failure whose reason is known, the way out.
package_manager() {
  local code=0
  "$pm" "$@" || code=$?
  if [ "$code" -ne 0 ]; then explain >&2; fi
  return "$code"
}

# with_engine ARGUMENT... : the same with the engine's own packages.
with_engine() { package_manager "$unlocked" "$@"; }

# CentOS 7 and 8 moved to the archive when their time was over; their mirror lists went.
explain() {
  local files
  files=$(grep -lsE '^mirrorlist=.*mirrorlist\.centos\.org' /etc/yum.repos.d/*.repo || true)
  if [ -n "$files" ]; then
    echo "${files//$'\n'/, }: CentOS took mirrorlist.centos.org down; the packages are at vault.centos.org now. Run there: \
sed -i -e 's/^mirrorlist=/#mirrorlist=/' -e 's|^#\\?baseurl=http://mirror.centos.org|baseurl=https://vault.centos.org|' ${files//$'\n'/ }"
  fi
}
