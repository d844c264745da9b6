#!/bin/bash
# close-later.sh : closes in the firewall what a preparation noted down: a zone of firewalld, or ufw, then an option a line.
set -euo pipefail
noted=/var/lib/swarm-preparation/close-later
if [ ! -e "$noted" ]; then exit 0; fi
mapfile -t words <"$noted"
for word in "${words[@]:1}"; do
  if [ "${words[0]}" = ufw ]; then
    # shellcheck disable=SC2086 # words of one command
    patient_ufw $word
  else
    firewall-cmd --quiet --permanent --zone="${words[0]}" "$word"
    firewall-cmd --quiet --zone="${words[0]}" "$word"
  fi
done
rm -f "$noted"
