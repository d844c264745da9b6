#!/bin/bash
set -euo pipefail
groupadd --system --gid=999 mysql
useradd --system --uid=999 --gid=mysql --home-dir=/var/lib/mysql --shell=/usr/sbin/nologin mysql

# Two programs of a package that would bring all of Perl with it.
cd /tmp
apt-get download --quiet=2 mariadb-client
dpkg-deb --fsys-tarfile mariadb-client_*.deb | tar --extract --directory=/ \
  ./usr/bin/mariadb-admin ./usr/bin/mariadb-dump ./usr/bin/mysqldump

# An empty database is made here once, not on every host at its first start.
mkdir -p /docker-entrypoint-initdb.d /var/lib/mysql /usr/share/mysql-template
chown mysql:mysql /var/lib/mysql /usr/share/mysql-template
# This machine's name is not for the tables of users: in its place the one name that every container knows.
unshare --uts bash -c 'hostname localhost && exec "$@"' install \
  mariadb-install-db --user=mysql --datadir=/usr/share/mysql-template \
  --auth-root-authentication-method=socket --skip-test-db --skip-name-resolve --force >/tmp/install.log ||
  { cat /tmp/install.log >&2 && exit 1; }
# What only that needed.
rm -f /usr/share/mariadb/*.sql /usr/bin/{mariadb-install-db,mysql_install_db,innochecksum,resolveip}
