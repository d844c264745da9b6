#!/bin/bash
# Gives the image OUT/oci its configuration under one tag. Every tag has a digest of its own, as its label differs.
# usage: tag.sh OUT TAG HEALTHCHECK UMOCI-CONFIG-OPTION…
#   HEALTHCHECK: Docker's list of words as JSON (["CMD", "true"]), or empty
set -euo pipefail
oci=$1/oci tag=$2 healthcheck=$3
shift 3
umoci config --image "$oci:image" --tag "$tag" --no-history --created=1970-01-01T00:00:00Z \
  --architecture=amd64 --os=linux --config.label="org.opencontainers.image.version=$tag" "$@"
if [ -z "$healthcheck" ]; then exit; fi

# Only Docker's own kind of image can have one, but an engine reads it out of either: it is put in by hand.
blob() { echo "$oci/blobs/${1/:/\/}"; }
# put DESCRIPTOR: makes standard input a blob; answers the descriptor with its digest and size.
put() {
  local file=$oci/blobs/new digest
  cat >"$file"
  digest=$(sha256sum "$file" | cut -d' ' -f1)
  jq --compact-output --arg digest "sha256:$digest" --argjson size "$(stat --format=%s "$file")" '.digest = $digest | .size = $size' <<<"$1"
  mv "$file" "$oci/blobs/sha256/$digest"
}
mine=".annotations[\"org.opencontainers.image.ref.name\"] == \$tag"
descriptor=$(jq --compact-output --arg tag "$tag" ".manifests[] | select($mine)" "$oci/index.json")
manifest=$(blob "$(jq --raw-output .digest <<<"$descriptor")")
config=$(jq --compact-output .config "$manifest")
config=$(jq --compact-output --argjson test "$healthcheck" '.config.Healthcheck = {Test: $test}' \
  "$(blob "$(jq --raw-output .digest <<<"$config")")" | put "$config")
descriptor=$(jq --compact-output --argjson config "$config" '.config = $config' "$manifest" | put "$descriptor")
jq --compact-output --arg tag "$tag" --argjson new "$descriptor" "(.manifests[] | select($mine)) = \$new" "$oci/index.json" >"$oci/index.new"
mv "$oci/index.new" "$oci/index.json"
