<?php
/** Value of an environment variable or of the file that NAME_FILE names; a default when neither is set. */
function getenv_docker(string $name, string $default): string
{
    $file = getenv($name . '_FILE');
    if ($file !== false && $file !== '') {
        return rtrim((string) file_get_contents($file), "\r\n");
    }
    $value = getenv($name);
    return $value === false ? $default : $value;
}
