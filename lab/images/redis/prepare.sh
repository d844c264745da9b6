#!/bin/bash
set -euo pipefail
rm -rf /etc/redis /etc/init.d/redis-server
mkdir /data
chown redis:redis /data
