#!/bin/bash
set -euo pipefail
mkdir -p /usr/local/etc/haproxy
