#!/bin/bash
# firewalld.sh ZONE OPTION... : the same options for the next start and for now.
# No reload: it would take Docker's own chains away for a moment.
set -euo pipefail
zone=$1
shift
# One call takes options of one kind only.
for kind in port protocol rich-rule; do
  options=()
  for option in "$@"; do
    case $option in --add-"$kind"=* | --remove-"$kind"=*) options+=("$option") ;; esac
  done
  if [ "${#options[@]}" -gt 0 ]; then
    firewall-cmd --quiet --permanent --zone="$zone" "${options[@]}"
    firewall-cmd --quiet --zone="$zone" "${options[@]}"
  fi
done
