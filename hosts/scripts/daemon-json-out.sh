#!/bin/bash
# daemon-json-out.sh : the engine is gone, and all that was in its daemon.json was declared.
set -euo pipefail
rm -f /etc/docker/daemon.json /etc/docker/daemon.json.previous
if [ -d /etc/docker ]; then rmdir --ignore-fail-on-non-empty /etc/docker; fi
