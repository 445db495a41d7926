"""Start and stop apps by their names."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.apps.lab.app import App, Place
from tests.apps.lab.imap import Dovecot
from tests.apps.lab.laravel import Laravel
from tests.apps.lab.localstripe import LocalStripe
from tests.apps.lab.machine import Unmet
from tests.apps.lab.maildev import MailDev
from tests.apps.lab.oscar import Oscar
from tests.apps.lab.process import Running
from tests.apps.lab.wagtail import Wagtail

APPS: Mapping[str, App] = {
    app.name: app for app in (Laravel(), Oscar(), Wagtail(), MailDev(), Dovecot(), LocalStripe())
}


def state() -> Path:
    """Where the apps are installed, and what they write: $APPS_STATE, or a folder in the user's cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("APPS_STATE") or cache / "smokerunner-apps").absolute()


def place_of(name: str, port: int | None = None, smtp_port: int | None = None) -> Place:
    """Where this app is: by these ports, or $LARAVEL_PORT and $LARAVEL_SMTP_PORT and the like, or its own."""
    app, prefix = APPS[name], name.upper()
    return Place(
        state() / name,
        port or int(os.environ.get(f"{prefix}_PORT") or app.port),
        smtp_port or int(os.environ.get(f"{prefix}_SMTP_PORT") or app.smtp_port),
    )


def start(name: str, port: int | None = None, smtp_port: int | None = None) -> bool:
    """Install what is missing and start an app; False when it runs already. Raises Unmet."""
    app, place = APPS[name], place_of(name, port, smtp_port)
    running = Running(place.folder)
    running.run.mkdir(parents=True, exist_ok=True)
    ports, wanted = running.run / "ports", f"{place.port} {place.smtp_port}"
    with _alone(place.folder):
        servers = app.servers(place)
        if {server.name for server in servers} <= set(running.pids()):
            if (has := ports.read_text("utf-8")) == wanted:
                return False
            raise Unmet(f"{name} runs with other ports (its own and mail: {has}, not {wanted}); stop it first")
        running.stop()
        app.install(place)
        for server in servers:
            running.start(server)
        ports.write_text(wanted, "utf-8")
        return True


def stop(name: str) -> bool:
    """Stop an app; False when it did not run."""
    running = Running(state() / name)
    return bool(running.stop()) if running.run.exists() else False


@contextmanager
def hosted(*names: str, smtp_port: int | None = None) -> Iterator[None]:
    """These apps, for a while: those that were not running before are stopped again."""
    started = []
    try:
        for name in names:
            mine = None if name == "maildev" else smtp_port
            started += [name] if start(name, smtp_port=mine) else []
        yield
    finally:
        for name in reversed(started):
            stop(name)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else installs or starts this app meanwhile."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


__all__ = ["APPS", "Unmet", "hosted", "place_of", "start", "state", "stop"]
