#!/bin/bash
set -euo pipefail
groupadd --system --gid=999 postgres
useradd --system --uid=999 --gid=postgres --home-dir=/var/lib/postgresql --shell=/usr/sbin/nologin postgres

# The server and its client alone: their packages would bring Perl, LLVM and all languages.
cd /tmp
apt-get download --quiet=2 postgresql-17 postgresql-client-17
bin=/usr/lib/postgresql/17/bin
for package in postgresql-*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar --extract --directory=/ \
    --exclude='./usr/share/doc*' --exclude='./usr/share/man*' --exclude='./usr/share/locale*' --exclude='./usr/share/postgresql/17/man*' \
    --exclude='*/bitcode*' --exclude='*llvmjit*'
done
ln -s $bin/{postgres,initdb,pg_ctl,pg_dump,pg_isready,psql} /usr/local/bin/

# An empty database is made here once, not on every host at its first start. The settings of a small server come with it.
template=/usr/share/postgresql-template
install -d --owner=postgres --group=postgres --mode=700 $template /var/lib/postgresql /var/lib/postgresql/data
setpriv --reuid=postgres --regid=postgres --init-groups initdb --pgdata=$template --username=postgres --encoding=UTF8 \
  --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C --wal-segsize=4 --auth=trust --no-sync --set=max_connections=100 \
  --set=shared_buffers=32MB --set=dynamic_shared_memory_type=mmap >/tmp/initdb.log || { cat /tmp/initdb.log >&2 && exit 1; }
cat /etc/postgresql/lab.conf >>$template/postgresql.conf
rm $bin/initdb /usr/local/bin/initdb
mkdir -p /docker-entrypoint-initdb.d
