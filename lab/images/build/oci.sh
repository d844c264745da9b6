#!/bin/bash
# Packs TREE as a layer on top of the image OCI:image; with "new" the image is made first.
# usage: oci.sh new|add OCI TREE
set -euo pipefail
how=$1 oci=$2 tree=$3
layer=${oci%/*}/layer.tar

if [ "$how" = new ]; then
  umoci init --layout "$oci"
  umoci new --image "$oci:image"
fi
tar --create --file="$layer" --directory="$tree" --sort=name --numeric-owner .
umoci raw add-layer --image "$oci:image" --history.created=1970-01-01T00:00:00Z --history.created_by=lab "$layer"
umoci gc --layout "$oci"
rm "$layer"
