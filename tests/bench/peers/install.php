<?php
// php install.php SITE STORY: installs WordPress with its defaults and puts the story into it. Prints the post's number.

$_SERVER['HTTP_HOST'] = '127.0.0.1';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
define('WP_INSTALLING', true);
[, $site, $file] = $argv;
require $site . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
add_filter('pre_wp_mail', '__return_true');

wp_install('The site', 'editor', 'editor@example.org', true, '', 'four quiet words here');
wp_set_current_user(1);
$story = json_decode(file_get_contents($file), true);
$post = wp_insert_post([
    'post_title' => $story['title'],
    'post_content' => wp_slash($story['body']),
    'post_status' => 'publish',
    'post_author' => 1,
], true);
if (is_wp_error($post)) {
    fwrite(STDERR, $post->get_error_message() . "\n");
    exit(1);
}
// All comments on one page and no pictures of people from elsewhere, as on ours.
update_option('page_comments', 0);
update_option('show_avatars', 0);
$made = [];
foreach ($story['comments'] as $comment) {
    $made[] = wp_insert_comment([
        'comment_post_ID' => $post,
        'comment_author' => $comment['name'],
        'comment_content' => wp_slash($comment['text']),
        'comment_parent' => $comment['answers'] === null ? 0 : $made[$comment['answers']],
        'comment_approved' => 1,
    ]);
}
echo "\n", json_encode(['post' => $post]), "\n";
