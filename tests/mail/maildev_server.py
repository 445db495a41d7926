"""A real MailDev from npm, installed once into the cache folder."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from peers import cache_folder, free_ports, running


@dataclass(frozen=True)
class Maildev:
    smtp: int
    web: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.web}"


def install_maildev() -> Path:
    """MailDev's start script. Installs on the first call; two runs at once wait for each other."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        pytest.skip("MailDev needs npm and node, and they are not installed")
    folder = cache_folder() / "maildev"
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / ".installed"
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            command = [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", "maildev@2"]
            subprocess.run(command, check=True, capture_output=True, timeout=240)
            done.touch()
    return folder / "node_modules" / "maildev" / "bin" / "maildev"


@contextmanager
def run_maildev(script: Path, *options: str) -> Iterator[Maildev]:
    server = Maildev(*free_ports(2))
    with tempfile.TemporaryDirectory(prefix="maildev-") as folder:
        place = Path(folder)
        (place / "mail").mkdir()
        command = ["node", str(script), "--ip", "127.0.0.1", "--smtp", str(server.smtp)]
        command += ["--web", str(server.web), "--mail-directory", str(place / "mail"), *options]
        with running(command, (server.smtp, server.web), place / "log"):
            yield server
