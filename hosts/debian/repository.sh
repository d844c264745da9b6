#!/bin/bash
# repository.sh KEY_URL : /etc/apt/sources.list.d/docker.list is in place; fetch its key and its list of
# packages, so that an address or key that does not work is found here.
set -euo pipefail
key=$1
install -m 0755 -d /etc/apt/keyrings
# apt's own downloader: curl and wget are not on every machine.
/usr/lib/apt/apt-helper download-file "$key" /etc/apt/keyrings/docker.asc.new
mv -f /etc/apt/keyrings/docker.asc.new /etc/apt/keyrings/docker.asc
chmod 0644 /etc/apt/keyrings/docker.asc
update_lists -o Dir::Etc::sourcelist=sources.list.d/docker.list -o Dir::Etc::sourceparts=- \
  -o APT::Get::List-Cleanup=0 -o APT::Update::Error-Mode=any
