<?php
// Everything comes from the environment or from files that it names, and is read at each request: nothing is written.
require '/usr/local/lib/wordpress/settings.php';

define('DB_NAME', getenv_docker('WORDPRESS_DB_NAME', 'wordpress'));
define('DB_USER', getenv_docker('WORDPRESS_DB_USER', 'example username'));
define('DB_PASSWORD', getenv_docker('WORDPRESS_DB_PASSWORD', 'example password'));
define('DB_HOST', getenv_docker('WORDPRESS_DB_HOST', 'mysql'));
define('DB_CHARSET', getenv_docker('WORDPRESS_DB_CHARSET', 'utf8mb4'));
define('DB_COLLATE', getenv_docker('WORDPRESS_DB_COLLATE', ''));
$table_prefix = getenv_docker('WORDPRESS_TABLE_PREFIX', 'wp_');

// The same in every replica, so that a login at one is a login at all of them.
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $what) {
    foreach (['KEY', 'SALT'] as $kind) {
        $derived = hash_hmac('sha256', "{$what}_{$kind}", DB_PASSWORD);
        define("{$what}_{$kind}", getenv_docker("WORDPRESS_{$what}_{$kind}", $derived));
    }
}

// Behind something that ends TLS.
if (str_contains($_SERVER['HTTP_X_FORWARDED_PROTO'] ?? '', 'https')) {
    $_SERVER['HTTPS'] = 'on';
}
// Every node of a swarm answers for the site, each by its own address.
$host = $_SERVER['HTTP_HOST'] ?? '';
if (preg_match('/^[A-Za-z0-9.\-]+(:[0-9]+)?$|^\[[0-9a-fA-F:.]+\](:[0-9]+)?$/', $host)) {
    $url = (($_SERVER['HTTPS'] ?? '') === 'on' ? 'https' : 'http') . '://' . $host;
    define('WP_HOME', $url);
    define('WP_SITEURL', $url);
}

define('WP_DEBUG', (bool) getenv_docker('WORDPRESS_DEBUG', ''));
if ($extra = getenv_docker('WORDPRESS_CONFIG_EXTRA', '')) {
    eval($extra);
}
// Nothing outside is in reach: asking for news and updates would only make every page of the dashboard slow.
defined('WP_HTTP_BLOCK_EXTERNAL') || define('WP_HTTP_BLOCK_EXTERNAL', true);
defined('AUTOMATIC_UPDATER_DISABLED') || define('AUTOMATIC_UPDATER_DISABLED', true);

defined('ABSPATH') || define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
