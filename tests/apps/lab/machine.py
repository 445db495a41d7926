"""What an app needs of the machine: Debian packages, a Python, Node; installed, or asked for in one clear line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path


class Unmet(Exception):
    """The machine cannot run this app as it is; the message says in one line what to do."""


Command = Sequence[str | Path]


def call(command: Command, log: Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> None:
    """Run a command to its end, its output appended to `log`; Unmet with its last line when it fails."""
    with log.open("a", encoding="utf-8") as out:
        done = subprocess.run(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env={**os.environ, **(env or {})},
        )
    if done.returncode:
        lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
        words = " ".join([Path(command[0]).name, *map(str, command[1:3])])
        raise Unmet(f"`{words} …` ended with {done.returncode}: {lines[-1] if lines else 'no output'} ({log})")


def need_debian(app: str, packages: Sequence[str], log: Path) -> None:
    """Install the Debian packages that are missing; whoever is not root is told the command."""
    if not shutil.which("dpkg-query"):
        raise Unmet(f"{app} needs Debian or Ubuntu, and there: apt-get install {' '.join(packages)}")
    missing = [name for name in packages if not _installed(name)]
    if not missing:
        return
    if os.geteuid() != 0:
        raise Unmet(f"{app} needs Debian packages: sudo apt-get install {' '.join(missing)}")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    install: Command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]
    try:
        call([*install, *missing], log, env=quiet)
    except Unmet:
        # The list of packages may be missing or old.
        call(["apt-get", "update", "-qq"], log)
        call([*install, *missing], log, env=quiet)


def need_node(app: str, at_least: int, log: Path) -> None:
    """npm, and a Node of this major version or newer."""
    if not shutil.which("node") or not shutil.which("npm"):
        need_debian(app, ["nodejs", "npm"], log)
    told = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout.strip()
    if int(told.lstrip("v").split(".")[0] or 0) < at_least:
        raise Unmet(f"{app} needs Node {at_least} or newer; `node` here is {told}")


def make_venv(app: str, folder: Path, requirements: Sequence[str], at_least: tuple[int, int], log: Path) -> Path:
    """An environment with these requirements, made of the newest Python here; returns its bin folder."""
    wanted, stamp = "\n".join(requirements), folder / "requirements.txt"
    if not (folder / "bin" / "python").exists():
        call([_newest_python(app, at_least), "-m", "venv", folder], log)
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        pip: Command = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        call([*pip, *requirements], log)
        stamp.write_text(wanted, "utf-8")
    return folder / "bin"


def _installed(package: str) -> bool:
    query = ["dpkg-query", "--show", "--showformat", "${Status}", package]
    return "install ok installed" in subprocess.run(query, capture_output=True, text=True).stdout


def _newest_python(app: str, at_least: tuple[int, int]) -> Path:
    found = sorted({(version, path) for path in _pythons() if (version := _version(path))})
    if not found or found[-1][0] < at_least:
        here = f"; the newest here is {'.'.join(map(str, found[-1][0]))}" if found else ""
        raise Unmet(f"{app} needs Python {'.'.join(map(str, at_least))} or newer with the module venv{here}")
    return found[-1][1]


def _pythons() -> Iterator[Path]:
    yield Path(sys.executable)
    for name in ("python3", *(f"python3.{minor}" for minor in range(11, 20))):
        if path := shutil.which(name):
            yield Path(path)
    yield from Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob("versions/3.*/bin/python3")


def _version(python: Path) -> tuple[int, int] | None:
    """Its version, or None when it does not start or cannot make environments."""
    ask = "import sys, venv, ensurepip; print(sys.version_info[0], sys.version_info[1])"
    told = subprocess.run([python, "-c", ask], capture_output=True, text=True)
    if told.returncode:
        return None
    major, minor = told.stdout.split()
    return int(major), int(minor)
