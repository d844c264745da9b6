#!/bin/bash
set -euo pipefail
a2dissite -q 000-default
a2disconf -q other-vhosts-access-log
a2enmod -q rewrite headers expires
a2enconf -q lab
for php in /etc/php/*/apache2; do
  # What takes addresses or memory that can be written and run is said, or off: User-Mode Linux has little of either.
  printf '%s\n' 'error_log = /dev/stderr' 'upload_max_filesize = 16M' 'post_max_size = 16M' 'memory_limit = 128M' \
    'opcache.memory_consumption = 48' 'opcache.interned_strings_buffer = 8' 'opcache.max_accelerated_files = 10000' \
    'opcache.jit = disable' 'opcache.jit_buffer_size = 0' 'opcache.huge_code_pages = 0' 'pcre.jit = 0' \
    'opcache.revalidate_freq = 60' >"$php/conf.d/99-lab.ini"
done

# Debian's WordPress in the public image's place; wp-config.php is there already and stays.
rm /usr/share/wordpress/wp-config.php /var/www/html/index.html
cp --recursive --dereference /usr/share/wordpress/. /var/www/html/
# Permalinks and uploads are WordPress' own to write.
rm -f /var/www/html/.htaccess
mkdir -p /var/www/html/wp-content/uploads
chown --recursive www-data:www-data /var/www/html

# Programs for the command line of the database, Perl and its users: half the image, and nothing that runs here.
dpkg --force-depends --purge \
  default-mysql-client mariadb-client mariadb-client-compat mariadb-client-core \
  libconfig-inifiles-perl libtext-charwidth-perl libtext-wrapi18n-perl perl perl-modules-5.40 libperl5.40 \
  apache2-utils procps psmisc fonts-dejavu-core fonts-dejavu-mono >/dev/null
rm -rf /usr/share/{wordpress,javascript,php/getid3,mysql*} /var/lib/wordpress
