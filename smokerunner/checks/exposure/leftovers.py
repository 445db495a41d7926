"""Files that a deploy left within reach: dumps, backups, sources, the packages of others, whole folders."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from smokerunner.checks.exposure.judgement import Probe
from smokerunner.checks.exposure.paths import PathCheck, names_of
from smokerunner.checks.exposure.signature import Signature, digest, pattern
from smokerunner.model.check import CheckContext
from smokerunner.model.severity import Severity

_ROOT = "The web server's root is the app's own folder: make it its public folder"
_GZIP, _ZIP = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06")


def _tell(body: bytes) -> str:
    return f"SHA-256 of its beginning {digest(body)}…"


SQL = Signature(
    "a SQL dump",
    (
        pattern(
            r"^\s*(?:(?:DROP|CREATE|LOCK|UNLOCK|ALTER) TABLES?\b|INSERT INTO\b|CREATE DATABASE\b|PRAGMA foreign_keys"
            r"|-- (?:MySQL|MariaDB|PostgreSQL|SQLite)[^\n]*dump)"
        ),
    ),
    tell=_tell,
)
_PACKED = Signature(
    "an archive",
    magic=(_GZIP, *_ZIP, b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"BZh", b"\xfd7zXZ\0"),
    tell=_tell,
)
_TAR = Signature("an archive", (re.compile(rb"\A[\s\S]{257}ustar"),), tell=_tell)
_SQLITE = Signature("an SQLite database", magic=(b"SQLite format 3\0",), tell=_tell)
PHP = Signature("PHP source", (re.compile(rb"\A\s*<\?(?:php\b|=)"),), tell=_tell)


class SqlDumps(PathCheck):
    """Asks for the usual names of dumps, and reads their first bytes."""

    id: ClassVar[str] = "sec.sql-dumps"
    asks: ClassVar[str] = "Are dumps of the database out of reach?"
    passes: ClassVar[str] = "refused or as for any path, and nothing that looks like a dump"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "nuclei sql-dump"
    advice: ClassVar[str] = "Delete it from the web server, and take all data in it as known to others"
    probes: ClassVar[tuple[Probe, ...]] = tuple(
        Probe(f"/{name}", (SQL, _PACKED), short=True)
        for name in (
            *(
                f"{name}.sql"
                for name in (
                    "1", "backup", "database", "data", "db_backup", "dbdump", "db", "dump", "localhost", "mysqldump",
                    "mysql", "site", "sql", "temp", "users", "www", "wp-content/uploads/dump", "wp-content/mysql",
                )
            ),
            *(f"{name}.sql{ending}" for name in ("backup", "database", "db", "dump") for ending in (".gz", ".zip")),
        )
    )  # fmt: skip

    def more(self, ctx: CheckContext) -> Iterable[Probe]:
        """Those that are named after the site."""
        for name in names_of(ctx):
            for ending in (".sql", "_db.sql", ".sql.gz", ".sql.zip"):
                yield Probe(f"/{name}{ending}", (SQL, _PACKED), short=True)


class Backups(PathCheck):
    """Asks for archives and for copies that editors make, and reads their first bytes."""

    id: ClassVar[str] = "sec.backups"
    asks: ClassVar[str] = "Are backups of the app out of reach?"
    passes: ClassVar[str] = "refused or as for any path, and no archive or source"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "nuclei zip-backup-files"
    advice: ClassVar[str] = "Delete it from the web server, and rotate every secret that may be in it"
    probes: ClassVar[tuple[Probe, ...]] = (
        *(
            Probe(path, (_PACKED, _TAR), short=True)
            for path in (
                "/backup.zip", "/backup.tar.gz", "/backup.tar", "/backups.zip", "/public.zip", "/public_html.zip",
                "/html.zip", "/www.zip", "/www.tar.gz", "/site.zip", "/app.zip", "/laravel.zip",
                "/storage/app/backup.zip", "/storage/backup.zip",
            )
        ),
        *(
            Probe(path, (PHP,), short=True)
            # The first is no copy, but where nobody runs PHP it is shown all the same.
            for path in ("/index.php", "/index.php~", "/index.php.bak", "/index.php.old", "/index.php.save")
        ),
    )  # fmt: skip

    def more(self, ctx: CheckContext) -> Iterable[Probe]:
        """Those that are named after the site."""
        for name in names_of(ctx):
            for ending in (".zip", ".tar.gz", ".tgz"):
                yield Probe(f"/{name}{ending}", (_PACKED, _TAR), short=True)


class BootstrapCache(PathCheck):
    """Asks for files of the app that are below its root, not below its public folder."""

    id: ClassVar[str] = "sec.bootstrap-cache"
    asks: ClassVar[str] = "Are the app's configuration and database files out of reach?"
    passes: ClassVar[str] = "refused; an empty page from a PHP file means that it is there"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "own"
    advice: ClassVar[str] = f"{_ROOT}, and rotate what stands in it"
    probes: ClassVar[tuple[Probe, ...]] = (
        Probe("/bootstrap/cache/config.php", (PHP,), there=True, short=True),
        Probe("/config/app.php", (PHP,), there=True, short=True),
        Probe("/database/database.sqlite", (_SQLITE,), short=True),
        Probe("/db.sqlite3", (_SQLITE,), short=True),
    )


_INSTALLED = Signature(
    "Composer's list of packages", (pattern(r'"packages"\s*:|"version_normalized"\s*:'),), tell=_tell
)


class Vendor(PathCheck):
    """Asks for files of packages; their PHP is never given anything to run."""

    id: ClassVar[str] = "sec.vendor"
    asks: ClassVar[str] = "Are the packages of others out of reach?"
    passes: ClassVar[str] = "refused; an empty page from a PHP file means that it is there"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "nuclei CVE-2017-9841, composer-config"
    advice: ClassVar[str] = f"{_ROOT}; with PHPUnit within reach anybody runs code on the server (CVE-2017-9841)"
    probes: ClassVar[tuple[Probe, ...]] = (
        Probe("/vendor/autoload.php", there=True),
        Probe("/vendor/composer/installed.json", (_INSTALLED,), short=True),
        Probe("/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php", there=True, severity=Severity.CRITICAL),
    )


class ComposerFiles(PathCheck):
    """Asks for files that lie beside the public folder."""

    id: ClassVar[str] = "sec.composer"
    asks: ClassVar[str] = "Are composer.json, artisan and their neighbours out of reach?"
    passes: ClassVar[str] = "refused or as for any path"
    means: ClassVar[Severity] = Severity.MEDIUM
    source: ClassVar[str] = "nuclei composer-config"
    advice: ClassVar[str] = _ROOT
    probes: ClassVar[tuple[Probe, ...]] = (
        Probe(
            "/composer.json",
            (Signature("a composer.json", (pattern(r'"(?:require(?:-dev)?|autoload)"\s*:\s*\{'),)),),
            short=True,
        ),
        Probe(
            "/composer.lock",
            (Signature("a composer.lock", (pattern(r'"content-hash"\s*:|"packages"\s*:\s*\['),)),),
            short=True,
        ),
        Probe(
            "/package.json",
            (Signature("a package.json", (pattern(r'"(?:dev)?dependencies"\s*:\s*\{|"scripts"\s*:\s*\{'),)),),
            short=True,
        ),
        Probe("/artisan", (Signature("artisan", (re.compile(rb"\A#!/usr/bin/env php"),)), PHP), short=True),
        Probe("/server.php", (PHP,), short=True),
        Probe("/webpack.mix.js", (Signature("Laravel Mix's settings", (pattern("laravel-mix"),)),), short=True),
        Probe("/phpunit.xml", (Signature("PHPUnit's settings", (pattern(r"<phpunit\b"),)),), short=True),
    )


_LISTING = Signature(
    "a list of the folder's files",
    (
        pattern(r"<title>\s*(?:Index of|Directory listing for|Listing of) /[^<]*</title>|>\[To Parent Directory\]</a>"),
        pattern(
            r"<h1[^>]{0,300}>\s*(?:Index of|Directory listing for|Listing of) /[^<]*</h1>|>\[To Parent Directory\]</a>"
        ),
    ),
    page=True,
)


class DirectoryListing(PathCheck):
    """Asks for folders that often lie open."""

    id: ClassVar[str] = "sec.dirlist"
    asks: ClassVar[str] = "Does the web server keep the contents of its folders to itself?"
    passes: ClassVar[str] = "no folder answers with a list of its files"
    means: ClassVar[Severity] = Severity.MEDIUM
    source: ClassVar[str] = "own"
    advice: ClassVar[str] = "Switch it off: `autoindex off` in nginx, `Options -Indexes` in Apache"
    probes: ClassVar[tuple[Probe, ...]] = tuple(
        Probe(path, (_LISTING,))
        for path in ("/storage/", "/uploads/", "/vendor/", "/js/", "/css/", "/images/", "/assets/", "/backup/")
    )
