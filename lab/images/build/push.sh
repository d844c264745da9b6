#!/bin/bash
# Fills a registry's storage with images. The registry lives only while this runs, in a network namespace of its own.
# usage: push.sh CONFIGURATION ADDRESS REPOSITORY=OCI:TAG…
set -euo pipefail
configuration=$1 address=$2
shift 2
ip link set lo up
docker-registry serve "$configuration" &
registry=$!
trap 'kill "$registry"; wait "$registry" || true' EXIT
curl --silent --show-error --retry 50 --retry-delay 1 --retry-connrefused --noproxy '*' --output /dev/null "http://$address/v2/"
for wanted in "$@"; do
  oci=${wanted#*=}
  echo "pushing ${wanted%%=*}:${oci##*:}"
  skopeo copy --quiet --insecure-policy --dest-tls-verify=false "oci:$oci" "docker://$address/${wanted%%=*}:${oci##*:}"
done
