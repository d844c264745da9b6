#!/bin/bash
# repository.sh : /etc/yum.repos.d/docker-ce.repo and its key are in place; fetch its list of packages, so that an
# address that does not work is found here.
set -euo pipefail
# A list of yesterday, which the package manager would take for new, has no engine of today.
if ! package_manager -y -q makecache --disablerepo='*' --enablerepo=docker-ce-stable --setopt=docker-ce-stable.metadata_expire=1; then
  echo "expected $(sed -n 's/^baseurl=//p' /etc/yum.repos.d/docker-ce.repo)/repodata/repomd.xml, as Docker's repository has it: \
correct engine.repository, which ends before the folder of the system, or have the mirror made whole" >&2
  exit 1
fi
