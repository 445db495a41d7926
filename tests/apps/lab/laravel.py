"""Lab Invoices: a small Laravel app of our own, on the framework that Debian packages."""

from __future__ import annotations

import base64
import os
import re
import secrets

from tests.apps.lab.app import Place, put
from tests.apps.lab.machine import call, need_debian
from tests.apps.lab.process import Server

PACKAGES = ("php-cli", "php-laravel-framework", "php-sqlite3", "php-mbstring", "php-xml", "php-gd", "php-intl")
FOLDERS = ("storage/app", "storage/logs", "storage/framework/cache/data", "storage/framework/sessions",
           "storage/framework/views", "bootstrap/cache", "public/uploads")  # fmt: skip


class Laravel:
    """Register with mail verification, login, reset, invoices, avatar; `storage/fault` stages regressions."""

    name = "laravel"
    about = "invoices on Laravel 8 (Debian)"
    port = 8101
    smtp_port = 9101

    def install(self, place: Place) -> None:
        """Debian's packages, our source, a database with a demo account; $APP_DEBUG=false hides error details."""
        need_debian(self.name, PACKAGES, place.log)
        home = place.folder / "app"
        put("laravel", home)
        for folder in FOLDERS:
            (home / folder).mkdir(parents=True, exist_ok=True)
        settings = home / ".env"
        found = re.search(r"^APP_KEY=(\S+)", settings.read_text() if settings.exists() else "", re.MULTILINE)
        key = found[1] if found else "base64:" + base64.b64encode(secrets.token_bytes(32)).decode()
        # Read anew at each request: a changed APP_DEBUG needs no restart.
        values = {
            "APP_KEY": key,
            "APP_DEBUG": os.environ.get("APP_DEBUG", "true"),
            "APP_URL": place.url,
            "MAIL_PORT": str(place.smtp_port),
        }
        fixed = (home / ".env.example").read_text()
        for name, value in values.items():
            fixed = re.sub(rf"^{name}=.*$", f"{name}={value}", fixed, flags=re.MULTILINE)
        settings.write_text(fixed)
        database = home / "database" / "database.sqlite"
        if not database.exists() or not database.stat().st_size:
            database.touch()
            call(["php", "artisan", "migrate", "--force"], place.log, cwd=home)
            call(["php", "seed.php"], place.log, cwd=home)

    def servers(self, place: Place) -> tuple[Server, ...]:
        """PHP's own server with four workers."""
        home = place.folder / "app"
        command = ("php", "-d", "variables_order=EGPCS", "-S", f"127.0.0.1:{place.port}", "-t", "public", "server.php")
        return (Server("web", command, place.port, home, {"PHP_CLI_SERVER_WORKERS": "4"}),)

    def address(self, place: Place) -> str:
        """The front page."""
        return f"{place.url}/"
