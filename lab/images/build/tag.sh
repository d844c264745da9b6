#!/bin/bash
# Gives the image OUT/oci its configuration under one tag. Every tag has a digest of its own, as its label differs.
# usage: tag.sh OUT TAG UMOCI-CONFIG-OPTION…
set -euo pipefail
out=$1 tag=$2
shift 2
umoci config --image "$out/oci:image" --tag "$tag" --no-history --created=1970-01-01T00:00:00Z \
  --architecture=amd64 --os=linux --config.label="org.opencontainers.image.version=$tag" "$@"
