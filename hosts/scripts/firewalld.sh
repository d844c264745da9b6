#!/bin/bash
# firewalld.sh ZONE OPTION... : the same options for the next start and for now.
# No reload: it would take Docker's own chains away for a moment.
set -euo pipefail
zone=$1
shift
firewall-cmd --quiet --permanent --zone="$zone" "$@"
firewall-cmd --quiet --zone="$zone" "$@"
