#!/bin/bash
# update.sh : every package to its newest version; the engine is excluded by its repository file.
set -euo pipefail
package_manager -y update
