#!/bin/bash
# repository.sh : /etc/apt/sources.list.d/docker.list and its key are in place; fetch its list of packages, so that an
# address that does not work is found here.
set -euo pipefail
update_lists -o Dir::Etc::sourcelist=sources.list.d/docker.list -o Dir::Etc::sourceparts=- \
  -o APT::Get::List-Cleanup=0 -o APT::Update::Error-Mode=any
