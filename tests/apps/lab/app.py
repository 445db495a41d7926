"""An app that can be hosted here: what every one of them tells, and where it is put."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.apps.lab.process import Server

SOURCES = Path(__file__).parents[1] / "sources"
"""What is ours in the apps: the Laravel app, and the settings of the others."""


@dataclass(frozen=True)
class Place:
    """Where one app is on this machine: its folder, its port, and the port its mail is sent to."""

    folder: Path
    port: int
    smtp_port: int

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What its installation printed."""
        return self.folder / "run" / "install.log"


class App(Protocol):
    """One app, or one server that apps need, such as for mail."""

    name: str
    about: str
    port: int
    smtp_port: int

    def install(self, place: Place) -> None:
        """Install and seed what is not there yet; raises Unmet."""
        ...

    def servers(self, place: Place) -> tuple[Server, ...]:
        """What runs when the app is started."""
        ...

    def address(self, place: Place) -> str:
        """Where a person or a program finds it."""
        ...


def put(source: str, folder: Path) -> None:
    """Copy what is ours over what lies in the app's folder, so that a changed source takes effect at the next start."""
    shutil.copytree(SOURCES / source, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
