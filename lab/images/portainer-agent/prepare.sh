#!/bin/bash
set -euo pipefail
# The public agent makes itself a certificate that nobody can check; this one has it from the start.
mkdir -p /usr/local/lib/portainer
openssl req -x509 -newkey rsa:2048 -nodes -days 36500 -subj /CN=portainer-agent \
  -keyout /usr/local/lib/portainer/key.pem -out /usr/local/lib/portainer/cert.pem 2>/tmp/openssl.log ||
  { cat /tmp/openssl.log >&2 && exit 1; }
