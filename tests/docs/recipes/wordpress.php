<?php
// Stand-ins for the functions of WordPress that the plugin calls. Arguments: the plugin, and the id
// of the user, 0 for nobody. It prints what a page has in its head.

$hooks = ['action' => [], 'filter' => []];
$scripts = [];

function add_action(string $name, callable $callback): void {
    global $hooks;
    $hooks['action'][$name][] = $callback;
}

function add_filter(string $name, callable $callback, int $priority = 10, int $arguments = 1): void {
    global $hooks;
    $hooks['filter'][$name][] = [$callback, $arguments];
}

function wp_enqueue_script(string $handle, string $src, array $dependencies, string|bool|null $version, array|bool $arguments): void {
    global $scripts;
    $scripts[$handle] = [$src, $arguments];
}

function get_current_user_id(): int {
    return (int) $GLOBALS['argv'][2];
}

function esc_attr(string $text): string {
    return htmlspecialchars($text, ENT_QUOTES);
}

require $argv[1];

// Another script of the page, which the plugin must leave alone.
wp_enqueue_script('jquery', '/jquery.js', [], '3.7', false);
foreach ($hooks['action']['wp_enqueue_scripts'] as $action) {
    $action();
}
foreach ($scripts as $handle => [$src, $arguments]) {
    $strategy = is_array($arguments) ? $arguments['strategy'] ?? '' : '';
    $attributes = $strategy === '' ? '' : " $strategy data-wp-strategy=\"$strategy\"";
    $tag = "<script src=\"$src\" id=\"$handle-js\"$attributes></script>\n";
    foreach ($hooks['filter']['script_loader_tag'] as [$filter, $count]) {
        $tag = $filter(...array_slice([$tag, $handle, $src], 0, $count));
    }
    if ($handle === 'jquery' && str_contains($tag, 'data-corner')) {
        exit("the plugin changed another script: $tag");
    }
    if ($handle !== 'jquery') {
        echo $tag;
    }
}
