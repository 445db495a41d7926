"""What exposed things look like, made up for these tests: no line of it was ever anybody's."""

from __future__ import annotations

import gzip
import io
import sqlite3
import struct
import tarfile
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

ENV = """\
APP_NAME=Acorn
APP_ENV=production
APP_KEY=base64:c21va2VydW5uZXItdGVzdC1rZXktMDEyMzQ1Njc4OTA=
APP_DEBUG=false

# the database
DB_HOST=127.0.0.1
DB_PASSWORD="quiet-acorn-7"
MAIL_HOST=localhost
"""
NODE_ENV = "PORT=3000\nSESSION_SECRET=quiet-acorn-7\nAPI_URL=http://127.0.0.1\n"
GIT_CONFIG = '[core]\n\trepositoryformatversion = 0\n[remote "origin"]\n\turl = git@git.example:acorn.git\n'
GIT_CONFIG_WITH_LOGIN = (
    '[core]\n\tbare = false\n[remote "origin"]\n\turl = https://bot:s3cretly@git.example/acorn.git\n'
)
LARAVEL_LOG = (
    '[2026-11-22 20:56:59] production.ERROR: SQLSTATE[HY000] for olga@acorn.example {"exception":"[object]"}\n'
    "[stacktrace]\n#0 /srv/acorn/vendor/laravel/framework/src/Illuminate/Database/Connection.php(672): run()\n"
)
PHP_LOG = "[22-Nov-2026 20:56:59 UTC] PHP Warning:  Undefined variable $x in /srv/acorn/index.php on line 3\n"
SQL = "-- MySQL dump 10.13\n\nDROP TABLE IF EXISTS `users`;\nCREATE TABLE `users` (`id` int);\n"
COMPOSER = '{"name": "acorn/shop", "require": {"php": "^8.2"}}'
PHP = "<?php\n\nreturn ['key' => 'quiet-acorn-7'];\n"
WP_CONFIG = "<?php\ndefine( 'DB_NAME', 'acorn' );\ndefine( 'DB_PASSWORD', 'quiet-acorn-7' );\n"
PHPINFO = (
    "<!DOCTYPE html><html><head><title>PHP 8.2.1 - phpinfo()</title></head><body>"
    '<h1 class="p">PHP Version 8.2.1</h1><table><tr><td class="e">System </td><td class="v">Linux</td></tr>'
    '<tr><td class="e">PHP Extension </td></tr></table></body></html>'
)
LISTING = (
    "<html>\n<head><title>Index of /storage/</title></head>\n<body>\n<h1>Index of /storage/</h1><hr><pre>"
    '<a href="../">../</a>\n<a href="invoices/">invoices/</a></pre><hr></body>\n</html>\n'
)
TELESCOPE = (
    '<!DOCTYPE html><html><head><title>Telescope - Acorn</title></head><body><div id="telescope" v-cloak></div>'
    '<script>window.Telescope = {"path":"telescope"};</script></body></html>'
)
HORIZON = (
    '<!DOCTYPE html><html><head><title>Horizon - Acorn</title></head><body><div id="horizon" v-cloak></div>'
    '<script>window.Horizon = {"path":"horizon"};</script></body></html>'
)
HORIZON_STATS = '{"failedJobs":0,"queueWithMaxRuntime":null,"recentJobs":3,"status":"running"}'
PULSE = (
    "<!DOCTYPE html><html><head><title inertia>Laravel Pulse</title></head><body><main>"
    '<div wire:snapshot="{&quot;memo&quot;:{&quot;name&quot;:&quot;pulse.servers&quot;}}" wire:id="a"></div>'
    "</main></body></html>"
)
LOG_VIEWER = (
    '<!doctype html><html><head><title>Log Viewer</title></head><body><div id="log-viewer"></div>'
    '<script>window.LogViewer = {"version":"3"}</script></body></html>'
)
NOVA = (
    "<!DOCTYPE html><html><body>"
    '<div id="app" data-page="{&quot;component&quot;:&quot;Nova.Dashboard&quot;}"></div></body></html>'
)
NOVA_LOGIN = NOVA.replace("Nova.Dashboard", "Nova.Login")
CLOCKWORK = (
    '<!DOCTYPE html><html lang="en"><head><title>Clockwork</title></head><body><div id="app"></div></body></html>'
)
PROFILER = (
    "<!DOCTYPE html><html><head><title>Symfony Profiler</title></head><body><h2>Search Results</h2></body></html>"
)
DEBUGBAR = '[{"id":"X4f1","datetime":"2026-11-22 20:56:59","utime":1,"method":"GET","uri":"\\/","ip":"127.0.0.1"}]'
ADMINER = (
    '<!DOCTYPE html><html><head><title>Login - Adminer</title></head><body><input name="auth[driver]"></body></html>'
)
PHPMYADMIN = (
    '<!DOCTYPE HTML><html><head><title>phpMyAdmin</title></head><body><input name="pma_username"></body></html>'
)
INSTALLER = (
    "<!DOCTYPE html><html><head><title>Acorn | Installation Wizard</title></head><body><a>Next</a></body></html>"
)
INSTALL_FORM = (
    "<!DOCTYPE html><html><head><title>Acorn</title></head><body><form>"
    '<input type="text" name="purchase_code"><input name="db_host"></form></body></html>'
)
WORDPRESS_USERS = '[{"id":1,"name":"Olga","slug":"olga"},{"id":2,"name":"Max","slug":"max"}]'
WORDPRESS_README = (
    "<!DOCTYPE html><html><head><title>WordPress &#8250; ReadMe</title></head><body>WordPress 6</body></html>"
)
DS_STORE = b"\0\0\0\1Bud1" + bytes(24)
GIT_INDEX = b"DIRC" + struct.pack(">II", 2, 0)
GZIPPED_SQL = gzip.compress(SQL.encode())


def zipped() -> bytes:
    """A small archive."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("index.php", PHP)
    return data.getvalue()


def tarred() -> bytes:
    """Another, not packed."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        content = PHP.encode()
        info = tarfile.TarInfo("index.php")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return data.getvalue()


def database() -> bytes:
    """An SQLite file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.sqlite"
        connection = sqlite3.connect(path)
        connection.execute("create table a (b)")
        connection.commit()
        connection.close()
        return path.read_bytes()
