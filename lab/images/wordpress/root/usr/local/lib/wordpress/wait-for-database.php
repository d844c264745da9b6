<?php
// Waits until the database lets WordPress in, and says every ten seconds what it is waiting for.
require __DIR__ . '/settings.php';

$host = getenv_docker('WORDPRESS_DB_HOST', 'mysql');
$user = getenv_docker('WORDPRESS_DB_USER', 'example username');
$name = getenv_docker('WORDPRESS_DB_NAME', 'wordpress');
$password = getenv_docker('WORDPRESS_DB_PASSWORD', 'example password');
$deadline = 300;

function say(string $text): void
{
    fwrite(STDERR, gmdate('Y-m-d\TH:i:s\Z') . " [entrypoint] $text\n");
}

// As WordPress reads it: "host", "host:port", "host:/socket".
[$address, $rest] = array_pad(explode(':', $host, 2), 2, '');
$port = ctype_digit($rest) ? (int) $rest : 3306;
$socket = str_starts_with($rest, '/') ? $rest : null;

mysqli_report(MYSQLI_REPORT_OFF);
$start = time();
$said = -10;
while (true) {
    $connection = mysqli_init();
    $connection->options(MYSQLI_OPT_CONNECT_TIMEOUT, 5);
    if (@$connection->real_connect($address, $user, $password, $name, $port, $socket)) {
        say("database \"$name\" on $host answers");
        exit(0);
    }
    $waited = time() - $start;
    $reason = mysqli_connect_error();
    if ($waited >= $deadline) {
        say("database \"$name\" on $host: $reason; expected it to let \"$user\" in within $deadline s. "
            . 'See the log of the database and WORDPRESS_DB_HOST, _NAME, _USER, _PASSWORD.');
        exit(1);
    }
    if ($waited - $said >= 10) {
        say("waiting for database \"$name\" on $host ($waited s): $reason");
        $said = $waited;
    }
    sleep(1);
}
