<?php
// php theme.php SITE THEME: shows the site in another theme.

$_SERVER['HTTP_HOST'] = '127.0.0.1';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
// Not $theme: loading the site uses that name itself.
[, $site, $wanted] = $argv;
require $site . '/wp-load.php';
if (!wp_get_theme($wanted)->exists()) {
    fwrite(STDERR, "There is no theme $wanted.\n");
    exit(1);
}
switch_theme($wanted);
