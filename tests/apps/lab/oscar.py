"""The shop django-oscar from PyPI, with the smallest project that it runs in."""

from __future__ import annotations

from tests.apps.lab.app import Place, put
from tests.apps.lab.machine import Command, call, make_venv
from tests.apps.lab.process import Server

REQUIREMENTS = ("django-oscar[sorl-thumbnail]==4.2.1", "gunicorn>=23", "pycountry>=24", "whitenoise>=6", "whoosh>=2.7")


class Oscar:
    """Register, login, reset, basket, checkout with mail, reviews, and a dashboard for staff."""

    name = "oscar"
    about = "the shop django-oscar (PyPI)"
    port = 8103
    smtp_port = 9103

    def install(self, place: Place) -> None:
        """The packages, our project, four books and an administrator."""
        programs = make_venv(self.name, place.folder / "v", REQUIREMENTS, (3, 11), place.log)
        put("oscar", place.folder)
        (place.folder / "media").mkdir(exist_ok=True)
        seeded = place.folder / ".seeded"
        if seeded.exists():
            return
        admin = programs / "django-admin"
        commands: tuple[Command, ...] = (
            [admin, "migrate", "-v0"],
            [admin, "collectstatic", "--noinput", "-v0"],
            [admin, "oscar_populate_countries", "--initial-only"],
            [programs / "python", "-m", "shop.seed"],
            [admin, "rebuild_index", "--noinput"],
        )
        for command in commands:
            call(command, place.log, cwd=place.folder, env=self._environment(place))
        seeded.touch()

    def servers(self, place: Place) -> tuple[Server, ...]:
        """Gunicorn, one process with four threads."""
        bind = ("--bind", f"127.0.0.1:{place.port}", "--workers", "1", "--threads", "4")
        command = (place.folder / "v" / "bin" / "gunicorn", "shop.wsgi", *bind)
        return (Server("web", command, place.port, place.folder, self._environment(place)),)

    def address(self, place: Place) -> str:
        """The catalogue; staff is at /dashboard/."""
        return f"{place.url}/"

    def _environment(self, place: Place) -> dict[str, str]:
        return {
            "DJANGO_SETTINGS_MODULE": "shop.settings",
            "PYTHONPATH": str(place.folder),
            "SMTP_PORT": str(place.smtp_port),
            "APP_URL": place.url,
        }
