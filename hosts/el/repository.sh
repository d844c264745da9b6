#!/bin/bash
# repository.sh : /etc/yum.repos.d/docker-ce.repo and its key are in place; fetch its list of packages, so that an
# address that does not work is found here.
set -euo pipefail
package_manager -y -q makecache --disablerepo='*' --enablerepo=docker-ce-stable
