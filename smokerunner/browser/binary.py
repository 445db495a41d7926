"""Which browser: found in the order of preference, installed when there is none, named in the evidence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from smokerunner.model.errors import BadInput
from smokerunner.model.record import record

Kind = Literal["chromium-headless-shell", "chromium", "chrome"]

_SHELLS = ("chromium-headless-shell", "chrome-headless-shell", "headless_shell")
_FULL = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
INSTALL_SECONDS = 600


@record
class Binary:
    """A browser on this machine."""

    path: Path
    kind: Kind

    @property
    def shown(self) -> str:
        """The path for the evidence, the home folder shortened."""
        home = Path.home()
        return f"~/{self.path.relative_to(home)}" if self.path.is_relative_to(home) else str(self.path)


def find(path: str | None = None, *, headed: bool = False) -> Binary | None:
    """The first browser there is: `path`, $SMOKE_BROWSER, headless shell, system Chromium or Chrome, Playwright's own.

    A headless shell cannot show a window, so `headed` passes it over. Raises BadInput when a browser that was
    asked for by name is not there.
    """
    for asked, origin in ((path, "--browser-path"), (os.environ.get("SMOKE_BROWSER"), "$SMOKE_BROWSER")):
        if asked:
            return _named(asked, origin, headed=headed)
    names = _FULL if headed else (*_SHELLS, *_FULL)
    for name in names:
        found = shutil.which(name)
        if found:
            return Binary(Path(found), kind_of(Path(found)))
    return next((Binary(own, kind_of(own)) for own in _playwrights_own(headed=headed)), None)


def require(path: str | None = None, *, headed: bool = False) -> Binary:
    """As `find`, but no browser is BadInput that names the cure."""
    if (
        headed
        and sys.platform.startswith("linux")
        and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    ):
        raise BadInput("a window needs a display and there is none; use `xvfb-run` (Debian: apt-get install xvfb)")
    found = find(path, headed=headed)
    if found is None:
        what = "full Chromium for a window" if headed else "browser"
        raise BadInput(
            f"there is no {what} on this machine; `smokerunner browser --install` gets one, or on Debian: "
            f"apt-get install {'chromium' if headed else 'chromium-headless-shell'}"
        )
    return found


def _named(asked: str, origin: str, *, headed: bool) -> Binary:
    found = shutil.which(asked)
    if not found:
        raise BadInput(f"{origin}: there is no program {asked}")
    binary = Binary(Path(found), kind_of(Path(found)))
    if headed and binary.kind == "chromium-headless-shell":
        raise BadInput(f"{origin}: {asked} cannot show a window; name a full one (Debian: apt-get install chromium)")
    return binary


def kind_of(path: Path) -> Kind:
    """The kind by the program's name, which is how distributions and Playwright tell them apart."""
    text = f"{path.name} {path.resolve()}".lower()
    if "headless-shell" in text or "headless_shell" in text:
        return "chromium-headless-shell"
    return "chrome" if "google" in text else "chromium"


def _playwrights_own(*, headed: bool) -> Iterable[Path]:
    root = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    cache = Path(root) if root and root != "0" else Path.home() / ".cache" / "ms-playwright"
    if sys.platform == "darwin" and not root:
        cache = Path.home() / "Library" / "Caches" / "ms-playwright"
    patterns = ["chromium-*/chrome-*/chrome", "chromium-*/chrome-*/*.app/Contents/MacOS/*"]
    if not headed:
        patterns.insert(0, "chromium_headless_shell-*/*/*headless*shell*")
    for pattern in patterns:
        # The newest build first.
        yield from (p for p in sorted(cache.glob(pattern), reverse=True) if p.is_file() and os.access(p, os.X_OK))


def install() -> Binary:
    """Install a browser: Debian's packages as root, else Playwright's own download, bounded in time.

    Raises BadInput with both commands and what they said when neither works.
    """
    said = []
    commands = []
    if os.geteuid() == 0 and shutil.which("apt-get"):
        commands += [
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium-headless-shell"],
            ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"],
        ]
    commands.append(
        [sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]
        if os.geteuid() == 0
        else [sys.executable, "-m", "playwright", "install", "chromium"]
    )
    for command in commands:
        problem = _try(command)
        found = find()
        if found is not None:
            return found
        if problem:
            said.append(f"{' '.join(command)}: {problem}")
    raise BadInput("no browser could be installed; tried:\n  " + "\n  ".join(said))


def _try(command: list[str]) -> str | None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False, env=environment
        )
    except subprocess.TimeoutExpired:
        return f"no end after {INSTALL_SECONDS} s"
    except OSError as wrong:
        return str(wrong)
    if done.returncode == 0:
        return None
    lines = (done.stderr or done.stdout).strip().splitlines()
    return lines[-1] if lines else f"exit code {done.returncode}"
