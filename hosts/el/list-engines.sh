#!/bin/bash
# list-engines.sh : the packages of the engine that the repository has, in all their versions.
set -euo pipefail
# Other repositories are left out: one of them that is broken has nothing to say here.
said=$(with_engine -q --disablerepo='*' --enablerepo=docker-ce-stable \
  list --showduplicates docker-ce docker-ce-cli 2>&1) || {
  # That there is nothing is an answer, too; dnf 5, told to be quiet, gives it without a word.
  if [[ -n $said && $said != *[Nn]o\ matching\ [Pp]ackages* ]]; then
    echo "$said" >&2
    exit 1
  fi
}
echo "$said"
