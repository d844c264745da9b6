#!/bin/bash
# install-packages.sh NAME...
set -euo pipefail
names=()
for name in "$@"; do
  # The newest is of use to the newest kernel only, and another one may be at work.
  if [ "$name" = kernel-modules-extra ] && package_manager -q list "$name-$(uname -r)" >/dev/null 2>&1; then
    name=$name-$(uname -r)
  fi
  names+=("$name")
done
package_manager -y install "${names[@]}"
rpm -q --whatprovides "$@"
