#!/bin/bash
# recover.sh : finish what a killed package transaction left.
set -euo pipefail
# The run that left it may be gone while its transaction still goes on.
deadline=$((SECONDS + 600))
while running=$(pgrep -x 'dnf|dnf-3|dnf5|yum'); do
  if [ $SECONDS -ge $deadline ]; then
    echo "a package manager has been running for 10 minutes (process $running); look at it, or end it" >&2
    exit 1
  fi
  sleep 2
done
# A database that was being written when its writer died is built again from the package headers.
if ! rpm -qa >/dev/null 2>&1; then rpm --rebuilddb; fi
# An update puts the new packages in before it takes the old ones out: what is there twice loses the older one.
for name in docker-ce docker-ce-cli containerd.io; do
  if ! versions=$(rpm -q --qf '%{NAME}-%{VERSION}-%{RELEASE}\n' "$name"); then continue; fi
  mapfile -t older < <(sort -V <<<"$versions" | head -n -1)
  if [ "${#older[@]}" -gt 0 ]; then rpm -e --nodeps "${older[@]}"; fi
done
