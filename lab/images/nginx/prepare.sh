#!/bin/bash
set -euo pipefail
# The public image has servers in conf.d only, and no modules beside the built-in ones.
rm -rf /etc/nginx/sites-* /etc/nginx/modules-* /etc/init.d/nginx
test -f /usr/share/nginx/html/index.html || cp /usr/share/nginx/html/index*.html /usr/share/nginx/html/index.html
