"""The Laravel app behind nginx with TLS: set up well nothing fails; what is set up badly is found, and nothing else."""

from __future__ import annotations

import datetime
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from smokerunner.model.outcome import Outcome
from tests.apps.lab import front
from tests.apps.lab.front import HOST, Front, Ports
from tests.apps.lab.hosting import hosted, place_of
from tests.conftest import Ran, Smoke

pytestmark = [pytest.mark.apps, pytest.mark.timeout(900)]

DUMP = "-- MySQL dump 10.13\nDROP TABLE IF EXISTS `users`;\nINSERT INTO `users` VALUES (1,'robin');\n"
PHPINFO = "<?php phpinfo();\n"
ADMINER = "<!DOCTYPE html><title>Login - Adminer</title><h1>Adminer</h1><form><input name='auth[driver]'></form>"
GIT = "[core]\n\trepositoryformatversion = 0\n\tbare = false\n"


@dataclass(frozen=True)
class Seeded:
    """One bad set-up: what the host does, and the checks that must fail, with their severities."""

    wanted: dict[str, str]
    lines: str = ""
    """Of nginx; {seeds} is a folder with the files below, {home} the app's."""
    without: tuple[str, ...] = ()
    redirects: bool = True
    tokens: bool = False
    debug: bool = False
    secure: bool = True
    days: int = 80
    root: bool = False


SEEDED = {
    "nothing": Seeded({}),
    # nginx takes //.env for the same, so that is found as well.
    "env exposed": Seeded(
        {"sec.env": "critical", "sec.env-variants": "critical"},
        "location = /.env { alias {home}/.env; default_type text/plain; }",
    ),
    "log exposed": Seeded(
        {"sec.log-file": "critical"},
        "location = /storage/logs/laravel.log { alias {home}/storage/logs/laravel.log; default_type text/plain; }",
    ),
    "debug on": Seeded({"sec.debug-html": "critical", "sec.debug-json": "critical"}, debug=True),
    "no HSTS": Seeded({"tls.hsts": "high"}, without=("hsts",)),
    "http stays http": Seeded({"tls.redirect": "high"}, redirects=False),
    "session cookie without Secure": Seeded({"cookie.session": "high", "cookie.xsrf": "medium"}, secure=False),
    "sniffing allowed": Seeded({"hdr.xcto": "low"}, without=("nosniff",)),
    "git exposed": Seeded({"sec.git": "high"}, "location ^~ /.git/ { alias {seeds}/git/; default_type text/plain; }"),
    "dump exposed": Seeded({"sec.sql-dumps": "critical"}, "location = /backup.sql { alias {seeds}/backup.sql; }"),
    "phpinfo": Seeded(
        {"sec.phpinfo": "medium"},
        "location = /phpinfo.php { include /etc/nginx/fastcgi_params; "
        "fastcgi_param SCRIPT_FILENAME {seeds}/phpinfo.php; fastcgi_pass 127.0.0.1:{fpm}; }",
    ),
    "folder listed": Seeded({"sec.dirlist": "medium"}, "location /uploads/ { alias {seeds}/; autoindex on; }"),
    "adminer": Seeded(
        {"sec.adminer": "high"}, "location = /adminer.php { alias {seeds}/adminer.html; default_type text/html; }"
    ),
    "versions told": Seeded({"sec.php-headers": "low"}, tokens=True),
    "certificate nearly over": Seeded({"tls.expiry": "high"}, days=3),
}


@pytest.fixture(scope="module", autouse=True)
def laravel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    front.install(tmp_path_factory.mktemp("front") / "install.log")
    with hosted("laravel"):
        yield


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@contextmanager
def settings(seeded: Seeded, home: Path) -> Iterator[None]:
    """The app as its owner set it up: debug, and whether cookies are for TLS only."""
    texts = {path: path.read_text() for path in (home / ".env", home / "config" / "session.php")}
    env, session = texts
    env.chmod(0o644)
    env.write_text(re.sub(r"(?m)^APP_DEBUG=.*$", f"APP_DEBUG={str(seeded.debug).lower()}", texts[env]))
    session.write_text(texts[session].replace("'secure' => null", f"'secure' => {str(seeded.secure).lower()}"))
    try:
        yield
    finally:
        for path, text in texts.items():
            path.write_text(text)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def write_seeds(folder: Path) -> None:
    files = {"git/config": GIT, "git/HEAD": "ref: refs/heads/main\n", "backup.sql": DUMP, "phpinfo.php": PHPINFO}
    for name, text in {**files, "adminer.html": ADMINER}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def check(seeded: Seeded, folder: Path, authority: trustme.CA, smoke: Smoke, monkeypatch: pytest.MonkeyPatch) -> Ran:
    home = place_of("laravel").folder / "app"
    seeds = folder / "seeds"
    write_seeds(seeds)
    until = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=seeded.days)
    certificate = authority.issue_cert(HOST, not_after=until)
    chain, key, ca = folder / "chain.pem", folder / "key.pem", folder / "ca.pem"
    chain.write_bytes(b"".join(part.bytes() for part in certificate.cert_chain_pems))
    certificate.private_key_pem.write_to_path(key)
    authority.cert_pem.write_to_path(ca)
    monkeypatch.setenv("SSL_CERT_FILE", str(ca))
    ports = Ports(free_port(), free_port(), free_port())
    (folder / "smokerunner.yaml").write_text(
        f"apps:\n  invoices:\n    environments:\n      local:\n        base_url: https://{HOST}\n"
        f'        resolve: {{"{HOST}:443": "127.0.0.1:{ports.https}", "{HOST}:80": "127.0.0.1:{ports.http}"}}\n'
        "        checks:\n          preset: laravel\n          limits: {per_second: 200, at_once: 4}\n"
    )
    lines = seeded.lines
    for name, value in (("{home}", home), ("{seeds}", seeds), ("{fpm}", ports.fpm)):
        lines = lines.replace(name, str(value))
    served = Front(
        home=home,
        folder=folder / "nginx",
        ports=ports,
        certificate=chain,
        key=key,
        lines=lines,
        without=seeded.without,
        redirects=seeded.redirects,
        tokens=seeded.tokens,
    )
    with settings(seeded, home), served:
        return smoke("check", "invoices", "--env", "local")


@pytest.mark.parametrize("name", SEEDED)
def test_what_is_set_up_badly_is_found(
    name: str, home: Path, authority: trustme.CA, smoke: Smoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeded = SEEDED[name]
    ran = check(seeded, home, authority, smoke, monkeypatch)
    failed = {one.name: str(one.severity) for one in ran.run.checks if one.outcome is Outcome.FAILED}
    assert failed == seeded.wanted, ran.out
    assert ran.exit_code == (1 if seeded.wanted else 0), ran.out
