#!/bin/bash
# list-engines.sh : the packages of the engine that the repository has, in all their versions.
set -euo pipefail
apt-cache madison docker-ce docker-ce-cli
