"""The peers: how each is installed, in a folder of its own that git ignores, and how its command line goes.

They come from npm and PyPI in the versions of scripts/package.json and PYTHON_PEERS, and never with a browser: all rows
use the one that smokerunner finds.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from benchmarks.processes import Command

HERE = Path(__file__).parent
SCRIPTS = HERE / "scripts"
CACHE = HERE / ".peers"
NODE = CACHE / "node"
PYTHON = CACHE / "python"
PYTHON_PEERS = {"robotframework-browser": "20.6.0", "pytest-playwright": "0.10.0"}
PASSWORD = "a-Password-for-benchmarks-7"
_SECONDS = 600


@dataclass(frozen=True)
class Peer:
    """One peer: `command` makes its command line for a folder that takes its evidence."""

    name: str
    package: str
    command: Callable[[Path, Mapping[str, str]], Command]


class Missing(Exception):
    """A peer cannot be had on this machine; the text says why."""


def versions() -> dict[str, str]:
    """The versions that are asked for."""
    asked = json.loads((SCRIPTS / "package.json").read_text())["dependencies"]
    return {**asked, **PYTHON_PEERS}


def install_node() -> None:
    """The peers from npm. Raises Missing."""
    if not shutil.which("npm"):
        raise Missing("there is no npm")
    NODE.mkdir(parents=True, exist_ok=True)
    # The scripts lie beside node_modules, where node looks for what they need.
    shutil.copytree(SCRIPTS, NODE, dirs_exist_ok=True)
    wanted = (SCRIPTS / "package.json").read_text()
    kept = NODE / "installed.json"
    if kept.exists() and kept.read_text() == wanted:
        return
    environment = {"PUPPETEER_SKIP_DOWNLOAD": "1", "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1"}
    _install(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"], NODE, environment)
    kept.write_text(wanted)


def install_python() -> None:
    """The peers from PyPI, in an environment of their own with the same Playwright as smokerunner. Raises Missing."""
    wanted = {**PYTHON_PEERS, "playwright": metadata.version("playwright")}
    kept = PYTHON / "installed.json"
    if kept.exists() and json.loads(kept.read_text()) == wanted:
        return
    pinned = [f"{name}=={version}" for name, version in wanted.items()]
    _install([sys.executable, "-m", "venv", str(PYTHON)], HERE)
    _install([str(PYTHON / "bin/pip"), "install", "--quiet", "--disable-pip-version-check", *pinned], HERE)
    kept.write_text(json.dumps(wanted))


def install_robot() -> None:
    """The part of robotframework-browser that comes from npm. Raises Missing."""
    kept = PYTHON / "initialised"
    if kept.exists():
        return
    if not shutil.which("npm"):
        raise Missing("robotframework-browser needs npm")
    _install([str(PYTHON / "bin/rfbrowser"), "init", "--skip-browsers"], HERE)
    kept.touch()


def installed() -> tuple[list[Peer], list[str]]:
    """The peers that are there now, installed if need be, and why the others are not."""
    peers: list[Peer] = []
    reasons = []
    for install, offered in (
        (install_node, _FROM_NPM),
        (install_python, (_PYTEST,)),
        (install_robot, (_ROBOT,)),
    ):
        try:
            install()
        except Missing as wrong:
            reasons += [f"{peer.name}: {wrong}" for peer in offered]
        else:
            peers += offered
    return peers, reasons


def _install(argv: list[str], cwd: Path, environment: Mapping[str, str] | None = None) -> None:
    command = Command(argv, cwd, environment)
    try:
        done = subprocess.run(
            argv, cwd=cwd, env=command.whole_environment, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as wrong:
        raise Missing(f"{argv[0]}: {wrong}") from wrong
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise Missing(f"{' '.join(argv[:2])} failed: {lines[-1] if lines else f'exit code {done.returncode}'}")


def _playwright_test(out: Path, environment: Mapping[str, str]) -> Command:
    config = str(NODE / "playwright-test/playwright.config.js")
    return Command([str(NODE / "node_modules/.bin/playwright"), "test", "--config", config], out, environment)


def _elastic(out: Path, environment: Mapping[str, str]) -> Command:
    return Command(
        [
            str(NODE / "node_modules/.bin/elastic-synthetics"),
            str(NODE / "elastic"),
            *("--config", str(NODE / "elastic/synthetics.config.js")),
            *("--screenshots", "on", "--no-throttling", "--reporter", "json", "--outfd", "1"),
        ],
        out,
        environment,
        output="journey.ndjson",
    )


def _puppeteer_replay(out: Path, environment: Mapping[str, str]) -> Command:
    return Command(["node", str(NODE / "puppeteer-replay/replay.mjs")], out, environment)


def _robot(out: Path, environment: Mapping[str, str]) -> Command:
    suite = str(SCRIPTS / "robot/order.robot")
    return Command([str(PYTHON / "bin/robot"), "--outputdir", str(out), "--console", "none", suite], out, environment)


def _pytest(out: Path, environment: Mapping[str, str]) -> Command:
    folder = SCRIPTS / "pytest-playwright"
    options = ["-c", str(folder / "pytest.ini"), "--tracing", "on", "--screenshot", "on", "--output", str(out / "kept")]
    return Command([str(PYTHON / "bin/pytest"), *options, str(folder / "test_order.py")], out, environment)


_FROM_NPM = (
    Peer("Playwright Test: trace, screenshot, html", "@playwright/test", _playwright_test),
    Peer("Elastic synthetics: screenshots", "@elastic/synthetics", _elastic),
    Peer("puppeteer-replay: PNG a step", "@puppeteer/replay", _puppeteer_replay),
)
_PYTEST = Peer("pytest-playwright: trace, PNG a step", "pytest-playwright", _pytest)
_ROBOT = Peer("Robot Framework Browser: PNG a step", "robotframework-browser", _robot)
