#!/bin/bash
# repository.sh : /etc/yum.repos.d/docker-ce.repo is in place; fetch its list of packages, so that
# an address or key that does not work is found here.
set -euo pipefail
pm=$(command -v dnf || command -v yum)
"$pm" -y -q makecache --disablerepo='*' --enablerepo=docker-ce-stable
