"""The content management system Wagtail from PyPI, with the project that `wagtail start` makes."""

from __future__ import annotations

import shutil

from tests.apps.lab.app import Place, put
from tests.apps.lab.machine import Command, call, make_venv
from tests.apps.lab.process import Server

REQUIREMENTS = ("wagtail==8.0.1", "gunicorn>=23", "whitenoise>=6")


class Wagtail:
    """Login, reset, rich text, images in a modal chooser, publishing."""

    name = "wagtail"
    about = "the CMS Wagtail (PyPI)"
    port = 8106
    smtp_port = 9106

    def install(self, place: Place) -> None:
        """The packages, a new project with our home page, and an administrator."""
        programs = make_venv(self.name, place.folder / "v", REQUIREMENTS, (3, 11), place.log)
        site, seeded = place.folder / "site", place.folder / ".seeded"
        if not seeded.exists():
            shutil.rmtree(site, ignore_errors=True)
            site.mkdir()
            call([programs / "wagtail", "start", "lab", site], place.log)
        put("wagtail", site)
        if seeded.exists():
            return
        manage: Command = [programs / "python", "manage.py"]
        commands: tuple[Command, ...] = (
            [*manage, "makemigrations", "home"],
            [*manage, "migrate", "-v0"],
            [*manage, "createsuperuser", "--noinput", "--username", "admin", "--email", "admin@lab.test"],
        )
        for command in commands:
            call(command, place.log, cwd=site, env=self._environment(place))
        seeded.touch()

    def servers(self, place: Place) -> tuple[Server, ...]:
        """Django's own server."""
        command = (
            place.folder / "v" / "bin" / "python",
            "manage.py",
            "runserver",
            "--noreload",
            f"127.0.0.1:{place.port}",
        )
        return (Server("web", command, place.port, place.folder / "site", self._environment(place)),)

    def address(self, place: Place) -> str:
        """Where editors log in."""
        return f"{place.url}/admin/"

    def _environment(self, place: Place) -> dict[str, str]:
        return {
            "DJANGO_SUPERUSER_PASSWORD": "Admin-pass-123",
            "SMTP_PORT": str(place.smtp_port),
            "APP_URL": place.url,
        }
