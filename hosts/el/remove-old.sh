#!/bin/bash
# remove-old.sh PACKAGE... : engines from before docker-ce; images and volumes stay in /var/lib/docker.
set -euo pipefail
package_manager -y -q remove "$@"
