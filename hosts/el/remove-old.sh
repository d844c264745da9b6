#!/bin/bash
# remove-old.sh PACKAGE... : engines from before docker-ce; images and volumes stay in /var/lib/docker.
set -euo pipefail
pm=$(command -v dnf || command -v yum)
"$pm" -y -q remove "$@"
