#!/bin/bash
# ufw.sh RULE... : each argument is one ufw command, its words separated by spaces.
set -euo pipefail
for rule in "$@"; do
  # shellcheck disable=SC2086 # words of one command
  patient_ufw $rule
done
