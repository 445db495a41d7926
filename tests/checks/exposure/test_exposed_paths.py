"""Everything that must not be within reach: each row is found with its severity, and none where nothing is."""

from __future__ import annotations

import gzip
import random

import pytest

from smokerunner.checks.catalogue import CHECKS
from smokerunner.checks.exposure.paths import PathCheck
from smokerunner.model.check import Check
from smokerunner.model.outcome import Outcome
from smokerunner.model.severity import Severity
from tests.checks.bench import Asked, Reply, ask, serving
from tests.checks.exposure import exposed

C, H, M, L = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW
JSON = "application/json"
PATHS = [id_ for id_ in CHECKS if id_.startswith("sec.") and issubclass(CHECKS[id_], PathCheck)]


def made(id_: str) -> Check:
    return CHECKS[id_]()


def text(body: str | bytes) -> Reply:
    return Reply(body=body, type="text/plain")


def file(body: str | bytes) -> Reply:
    return Reply(body=body, type="application/octet-stream")


BAD = [
    ("sec.env", "/.env", file(exposed.ENV), C),
    # As servers do that know no such type.
    ("sec.env", "/.env", Reply(body=exposed.ENV), C),
    ("sec.env", "/.env", Reply(body=exposed.ENV, type=""), C),
    ("sec.env", "/.env", file(exposed.NODE_ENV.replace("\n", "\r\n")), C),
    ("sec.env", "/.env", Reply(status=206, body=exposed.ENV, type="text/plain"), C),
    ("sec.env-variants", "/.env.production", text(exposed.ENV), C),
    ("sec.env-variants", "/public/../.env", text(exposed.ENV), C),
    ("sec.env-variants", "//.env", text(exposed.ENV), C),
    ("sec.env-variants", "/.env%20", text(exposed.ENV), C),
    ("sec.env-variants", "/.ENV", text(exposed.ENV), C),
    ("sec.env-example", "/.env.example", text("APP_NAME=Laravel\nAPP_KEY=\nDB_HOST=127.0.0.1\n"), L),
    ("sec.env-example", "/.env.example", text(exposed.ENV), M),
    ("sec.git", "/.git/config", text(exposed.GIT_CONFIG), H),
    ("sec.git", "/.git/config", text(exposed.GIT_CONFIG_WITH_LOGIN), C),
    ("sec.git", "/.git/HEAD", file("ref: refs/heads/main\n"), H),
    ("sec.git", "/.git/logs/HEAD", text(f"{'0' * 40} {'a' * 40} Olga <o@acorn.example> 1 +0000\tclone\n"), H),
    ("sec.git", "/.git/packed-refs", text("# pack-refs with: peeled fully-peeled sorted\n"), H),
    ("sec.git", "/.git/index", file(exposed.GIT_INDEX), H),
    ("sec.vcs-other", "/.svn/entries", text("12\n"), L),
    ("sec.vcs-other", "/.hg/requires", text("dotencode\nrevlogv1\nstore\n"), L),
    ("sec.vcs-other", "/.DS_Store", file(exposed.DS_STORE), L),
    ("sec.log-file", "/storage/logs/laravel.log", text(exposed.LARAVEL_LOG), C),
    ("sec.log-file", "/../storage/logs/laravel.log", text(exposed.LARAVEL_LOG), C),
    ("sec.log-file", "/storage/logs/laravel.log", file(exposed.LARAVEL_LOG.partition("\n")[2]), C),
    ("sec.log-file", "/storage/logs/laravel.log", text('{"message":"x","level":400,"level_name":"ERROR"}\n'), C),
    ("sec.log-file", "/error_log", text(exposed.PHP_LOG), C),
    ("sec.log-file", "/log/production.log", text('I, [x] INFO -- : Started GET "/" for 127.0.0.1\n'), C),
    ("sec.ignition", "/_ignition/health-check", Reply(body='{"can_execute_commands":true}', type=JSON), C),
    ("sec.ignition-logs", "/_ignition/logs", Reply(body='{"log_messages":[],"exception":{}}', type=JSON), H),
    ("sec.telescope", "/telescope/requests", Reply(body=exposed.TELESCOPE), H),
    ("sec.horizon", "/horizon", Reply(body=exposed.HORIZON), H),
    ("sec.horizon", "/horizon/api/stats", Reply(body=exposed.HORIZON_STATS, type=JSON), H),
    ("sec.pulse-nova-logviewer", "/pulse", Reply(body=exposed.PULSE), H),
    ("sec.pulse-nova-logviewer", "/log-viewer", Reply(body=exposed.LOG_VIEWER), H),
    ("sec.pulse-nova-logviewer", "/nova", Reply(body=exposed.NOVA), H),
    ("sec.debugbar", "/_debugbar/open?max=20&offset=0", Reply(body=exposed.DEBUGBAR, type=JSON), H),
    ("sec.debugbar", "/", Reply(body="<html><script src='/_debugbar/assets/javascript'></script></html>"), H),
    ("sec.clockwork", "/__clockwork/app", Reply(body=exposed.CLOCKWORK), H),
    ("sec.clockwork", "/", Reply(body="<p>Home</p>", headers={"X-Clockwork-Id": "1"}), H),
    ("sec.profiler", "/_profiler/empty/search/results?limit=10", Reply(body=exposed.PROFILER), H),
    ("sec.profiler", "/", Reply(body="<p>Home</p>", headers={"X-Debug-Token": "a1b2c3"}), H),
    ("sec.phpinfo", "/info.php", Reply(body=exposed.PHPINFO), M),
    ("sec.phpinfo", "/?phpinfo=1", Reply(body=exposed.PHPINFO), M),
    ("sec.installer", "/install/", Reply(body=exposed.INSTALLER), C),
    ("sec.installer", "/setup", Reply(body=exposed.INSTALL_FORM), C),
    ("sec.installer", "/install/?step=1", Reply(body="<title>GeniusOcean - Script Installer</title>"), C),
    ("sec.vendor", "/vendor/autoload.php", Reply(body=""), H),
    ("sec.vendor", "/vendor/composer/installed.json", Reply(body='{"packages": []}', type=JSON), H),
    ("sec.vendor", "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php", Reply(body=""), C),
    ("sec.composer", "/composer.json", Reply(body=exposed.COMPOSER, type=JSON), M),
    ("sec.composer", "/composer.lock", file('{"content-hash": "0", "packages": []}'), M),
    ("sec.composer", "/package.json", Reply(body='{"scripts": {}, "devDependencies": {}}', type=JSON), M),
    ("sec.composer", "/artisan", file("#!/usr/bin/env php\n<?php\n"), M),
    ("sec.composer", "/server.php", file(exposed.PHP), M),
    ("sec.composer", "/phpunit.xml", Reply(body="<?xml version='1.0'?>\n<phpunit></phpunit>", type="text/xml"), M),
    ("sec.sql-dumps", "/backup.sql", text(exposed.SQL), C),
    ("sec.sql-dumps", "/dump.sql.gz", file(exposed.GZIPPED_SQL), C),
    ("sec.sql-dumps", "/db.sql.zip", Reply(body=exposed.zipped(), type="application/zip"), C),
    # Apache calls it a packed page of SQL.
    ("sec.sql-dumps", "/dump.sql.gz", Reply(body=exposed.GZIPPED_SQL, headers={"content-encoding": "x-gzip"}), C),
    ("sec.backups", "/backup.zip", Reply(body=exposed.zipped(), type="application/zip"), C),
    ("sec.backups", "/backup.tar", file(exposed.tarred()), C),
    ("sec.backups", "/index.php", file(exposed.PHP), C),
    ("sec.backups", "/index.php~", file(exposed.PHP), C),
    ("sec.backups", "/index.php.bak", Reply(body=exposed.PHP + "?><html><body><p>Home</p></body></html>"), C),
    ("sec.dirlist", "/storage/", Reply(body=exposed.LISTING), M),
    ("sec.bootstrap-cache", "/bootstrap/cache/config.php", Reply(body=""), C),
    # Run out of its place it has no env().
    ("sec.bootstrap-cache", "/config/app.php", Reply(status=500, body=""), C),
    ("sec.bootstrap-cache", "/database/database.sqlite", file(exposed.database()), C),
    ("sec.adminer", "/adminer.php", Reply(body=exposed.ADMINER), H),
    ("sec.adminer", "/phpmyadmin/", Reply(body=exposed.PHPMYADMIN), H),
    ("sec.wp-config", "/wp-config.php.bak", text(exposed.WP_CONFIG), C),
    ("sec.wp-config", "/.wp-config.php.swp", file(b"b0VIM 8.2" + bytes(20)), C),
    ("sec.wp-debug-log", "/wp-content/debug.log", text(exposed.PHP_LOG), H),
    ("sec.wp-users", "/wp-json/wp/v2/users", Reply(body=exposed.WORDPRESS_USERS, type=JSON), L),
    ("sec.wp-readme", "/readme.html", Reply(body=exposed.WORDPRESS_README), L),
]
SECRETS = ("quiet-acorn-7", "c21va2Vyd", "s3cretly", "olga@acorn.example", "SQLSTATE", "Olga", "SESSION_SECRET=")


@pytest.mark.parametrize(("id_", "path", "reply", "severity"), BAD, ids=[f"{row[0]} {row[1]}" for row in BAD])
def test_what_is_exposed_is_found(id_: str, path: str, reply: Reply, severity: Severity) -> None:
    with serving({"/": Reply(body="<h1>Home</h1>"), path: reply}) as site:
        finding = ask(made(id_), site.base_url)
    assert finding.outcome is Outcome.FAILED, finding
    assert finding.severity is severity
    bad = [reading for reading in finding.readings if reading.outcome is Outcome.FAILED]
    assert [reading.what for reading in bad] == [f"GET {site.base_url}{path}"]
    assert bad[0].wanted
    # It says what to do, after what was seen; and nothing of what it read leaves it.
    assert len(finding.message) > len(str(bad[0]))
    assert not any(secret in f"{finding}" for secret in SECRETS)


def test_every_row_has_a_bad_case() -> None:
    assert {row[0] for row in BAD} == set(PATHS)


@pytest.mark.parametrize("id_", PATHS)
def test_where_nothing_is_nothing_is_found(id_: str) -> None:
    with serving({"/": Reply(body="<h1>Home</h1>")}) as site:
        finding = ask(made(id_), site.base_url)
    assert finding.outcome is Outcome.PASSED, finding


def test_what_is_told_of_an_env_file() -> None:
    with serving({"/.env": file(exposed.ENV)}) as site:
        finding = ask(made("sec.env"), site.base_url)
        ranged = next(asked for asked in site.asked if asked.path == "/.env")
    assert ranged.headers["range"] == "bytes=0-4095"
    seen = finding.readings[0].seen
    assert "APP_KEY, 51 characters; DB_PASSWORD, 13 characters; 5 other keys; SHA-256 " in seen
    assert "rotate" in finding.message


def test_a_user_names_further_paths() -> None:
    with serving({"/old/acorn.sql": text(exposed.SQL)}) as site:
        check = CHECKS["sec.sql-dumps"].model_validate({"also": ["/old/acorn.sql"]})
        finding = ask(check, site.base_url)
    assert (finding.outcome, finding.severity) == (Outcome.FAILED, C)


def test_a_big_file_is_read_in_part_only() -> None:
    big = exposed.SQL + "INSERT INTO users VALUES (1);\n" * 100_000
    with serving({"/dump.sql": text(big)}) as site:
        finding = ask(made("sec.sql-dumps"), site.base_url)
    assert finding.outcome is Outcome.FAILED


def test_a_part_of_a_packed_dump_is_asked_for_whole_instead() -> None:
    """Apache unpacks nothing, but calls a .gz a packed page; a part of it does not unpack to its end."""
    noise = random.Random(1).randbytes(20_000)
    packed = gzip.compress(exposed.SQL.encode() + b"INSERT INTO pictures VALUES ('" + noise)

    def answer(asked: Asked) -> Reply | None:
        if asked.path != "/dump.sql.gz":
            return None
        ranged = "range" in asked.headers
        body = packed[:4096] if ranged else packed
        return Reply(206 if ranged else 200, body, {"content-encoding": "x-gzip"}, "application/sql")

    with serving(answer) as site:
        assert ask(made("sec.sql-dumps"), site.base_url).outcome is Outcome.FAILED


def test_an_empty_file_is_there_too() -> None:
    def answer(asked: Asked) -> Reply | None:
        if asked.path != "/.env":
            return None
        return Reply(416, "") if "range" in asked.headers else Reply(200, "", type="text/plain")

    with serving(answer) as site:
        finding = ask(made("sec.env"), site.base_url)
    assert (finding.outcome, finding.severity) == (Outcome.FAILED, M)
