"""WordPress as Debian packs it: php-fpm, MariaDB and nginx, no plug-in; its default theme and the classic one."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.bench.ground import Ground, running
from tests.bench.peers.asking import Peer, beside
from tests.bench.peers.ours import last_words, ours, write_story
from tests.bench.table import Row, Skipped

HERE = Path(__file__).parent
PACKED = Path("/usr/share/wordpress")
NEEDS = "apt install wordpress wordpress-theme-twentytwentyone php-fpm php-mysql php-xml php-mbstring php-curl mariadb-server"
THEMES = {"twentytwentythree": "default theme", "twentytwentyone": "classic theme"}
WEB_USER = "www-data"
AS_ROOT = os.geteuid() == 0
START = 60

CONFIG = """<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'wordpress');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}');
define('DB_CHARSET', 'utf8mb4');
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_HOME', 'http://' . $_SERVER['HTTP_HOST']);
define('WP_SITEURL', WP_HOME);
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $name) {{
    define($name . '_KEY', 'for measuring');
    define($name . '_SALT', 'for measuring');
}}
$table_prefix = 'wp_';
if (!defined('ABSPATH')) {{
    define('ABSPATH', __DIR__ . '/');
}}
require_once ABSPATH . 'wp-settings.php';
"""
POOL = """[global]
error_log = {folder}/php.log
daemonize = no
[site]
{user}
listen = {folder}/php.sock
listen.mode = 0666
pm = static
pm.max_children = 4
"""
SERVER = """server {{
  listen 127.0.0.1:{{port}}; root {site}; index index.php;
  location ~ \\.php$ {{
    include /etc/nginx/fastcgi_params;
    fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
    fastcgi_pass unix:{folder}/php.sock;
  }}
  location / {{ try_files $uri $uri/ /index.php?$args; }}
}}"""


def rows(ground: Ground) -> Iterator[Row]:
    fpm = php_fpm()
    with ExitStack() as stack:
        folder = ground.new_folder("wordpress")
        database = stack.enter_context(running(database_command(folder), stderr=subprocess.DEVNULL))
        site = unpack(folder)
        create_database(folder)
        post = install(folder, site)
        php = stack.enter_context(running([fpm, "--fpm-config", str(pool(folder)), *(["-R"] if AS_ROOT else [])]))
        url, nginx = stack.enter_context(ground.nginx(SERVER.format(site=site, folder=folder)))
        own = stack.enter_context(ours(ground))
        pids = (php.pid, nginx, database.pid)
        for theme, what in THEMES.items():
            in_site(site, "theme.php", theme)
            theirs = Peer(f"WordPress {version(site)}, {what}", f"{url}/?p={post}", pids, last_words())
            yield from beside(own, theirs, ground.rounds, ground.seconds)


def php_fpm() -> str:
    """The program. Raises Skipped if anything that is needed is missing."""
    fpm = next((str(file) for file in sorted(Path("/usr/sbin").glob("php-fpm*"))), None)
    if fpm is None or not PACKED.is_dir() or not all(map(shutil.which, ("php", "mariadbd", "mariadb-install-db"))):
        raise Skipped(f"WordPress is not on this machine (Debian: {NEEDS})")
    return fpm


def database_command(folder: Path) -> list[str]:
    """MariaDB with a new data folder and a socket of its own. As root it stays root: the folder is this run's."""
    data, user = folder / "database", ["--user=root"] if AS_ROOT else []
    made = ["mariadb-install-db", "--no-defaults", *user, f"--datadir={data}", "--auth-root-authentication-method=normal"]
    subprocess.run(made, check=True, capture_output=True)
    options = [f"--datadir={data}", f"--socket={folder}/database.sock", "--skip-networking", "--skip-log-bin"]
    return ["mariadbd", "--no-defaults", *user, *options, "--innodb-buffer-pool-size=256M"]


def create_database(folder: Path) -> None:
    words = (
        "CREATE DATABASE wordpress CHARACTER SET utf8mb4; CREATE USER wordpress@localhost IDENTIFIED BY ''; "
        "GRANT ALL ON wordpress.* TO wordpress@localhost"
    )
    command = ["mariadb", "--no-defaults", f"--socket={folder}/database.sock", "-u", "root", "-e", words]
    deadline = time.monotonic() + START
    while (done := subprocess.run(command, capture_output=True, text=True)).returncode:
        if time.monotonic() > deadline:
            raise RuntimeError(f"MariaDB did not start: {done.stderr}")
        time.sleep(0.2)


def unpack(folder: Path) -> Path:
    """A copy of the packed tree with links followed, and with our own settings."""
    site = folder / "site"
    shutil.copytree(PACKED, site, ignore_dangling_symlinks=True, ignore=shutil.ignore_patterns("wp-config.php"))
    (site / "wp-config.php").write_text(CONFIG.format(socket=folder / "database.sock"))
    return site


def pool(folder: Path) -> Path:
    file = folder / "php.conf"
    file.write_text(POOL.format(folder=folder, user=f"user = {WEB_USER}\ngroup = {WEB_USER}" if AS_ROOT else ""))
    return file


def install(folder: Path, site: Path) -> int:
    """The number of the post."""
    return json.loads(in_site(site, "install.php", str(write_story(folder))).splitlines()[-1])["post"]


def in_site(site: Path, script: str, *arguments: str) -> str:
    command = ["php", str(HERE / script), str(site), *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{script}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def version(site: Path) -> str:
    return re.search(r"\$wp_version = '([^']+)'", (site / "wp-includes/version.php").read_text())[1]
