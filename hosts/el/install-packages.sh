#!/bin/bash
# install-packages.sh NAME...
set -euo pipefail
pm=$(command -v dnf || command -v yum)
"$pm" -y install "$@"
rpm -q --whatprovides "$@"
