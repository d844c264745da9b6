#!/bin/bash
# repository.sh : /etc/apt/sources.list.d/docker.list and its key are in place; fetch its list of packages, so that an
# address that does not work is found here.
set -euo pipefail
list=/etc/apt/sources.list.d/docker.list
if ! update_lists -o Dir::Etc::sourcelist=sources.list.d/docker.list -o Dir::Etc::sourceparts=- \
  -o APT::Get::List-Cleanup=0 -o APT::Update::Error-Mode=any; then
  # deb [options] URL CODENAME stable
  read -r url codename _ < <(sed -n 's/^deb \[[^]]*\] //p' "$list")
  echo "expected $url/dists/$codename/InRelease, as Docker's repository has it: correct engine.repository, which ends before \
the folder of the system, or have the mirror made whole" >&2
  exit 1
fi
