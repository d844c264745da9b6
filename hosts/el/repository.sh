#!/bin/bash
# repository.sh : /etc/yum.repos.d/docker-ce.repo and its key are in place; fetch its list of packages, so that an
# address that does not work is found here.
set -euo pipefail
# A list of yesterday, which the package manager would take for new, has no engine of today.
package_manager -y -q makecache --disablerepo='*' --enablerepo=docker-ce-stable --setopt=docker-ce-stable.metadata_expire=1
