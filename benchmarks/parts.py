"""What the benchmark files have in common: options, the machine they ran on, and the file they leave.

A benchmark file has `def measure(rounds: int) -> Part` and ends with

    if __name__ == "__main__":
        sys.exit(main(measure, default_rounds=5))

It is run as `python -m benchmarks.NAME [--rounds N] [--out FILE]`, prints its tables and writes every go as JSON.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks.pairing import Part
from smokerunner.browser.binary import find
from smokerunner.replay.machine import machine

ROOT = Path(__file__).parents[1]
_SECONDS = 20


def main(measure: Callable[[int], Part], default_rounds: int) -> int:
    """Measure, print, keep. 1 when the benchmark's own assertions do not hold."""
    options = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    options.add_argument("--rounds", type=int, default=default_rounds, help="how often each row is measured")
    options.add_argument("--out", type=Path, help="a file for every go, as JSON")
    asked = options.parse_args()
    for name in [name for name in os.environ if name.startswith("SMOKE_") and name != "SMOKE_BROWSER"]:
        # How whoever measures has set up smokerunner is not what is measured.
        del os.environ[name]
    surroundings = describe()
    part = measure(asked.rounds)
    for table in part.tables:
        sys.stdout.write(f"{table.markdown()}\n")
    sys.stdout.writelines(f"skipped: {reason}\n" for reason in part.skipped)
    if asked.out:
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        asked.out.write_text(json.dumps({**surroundings, **asdict(part)}, indent=1, ensure_ascii=False) + "\n")
    return 0 if part.good else 1


def describe() -> dict[str, Any]:
    """When, on what, and with which versions; paths and host names are left out."""
    here = machine()
    memory = f"{here.memory_megabytes / 1024:.1f} GB" if here.memory_megabytes else "unknown"
    return {
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": {
            "processor": _processor(),
            "cores": here.cores,
            "memory": memory,
            "system": _system(),
            "load": f"{os.getloadavg()[0]:.1f} before it began",
        },
        "tools": {
            "smokerunner": _revision(),
            "browser": _browser(),
            "python": platform.python_version(),
            "playwright": metadata.version("playwright"),
            "node": said("node", "--version") or "none",
        },
    }


def said(*argv: str) -> str:
    """The first line that a command prints; empty when there is no such command or it fails."""
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=_SECONDS, check=False, cwd=ROOT)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip().partition("\n")[0] if done.returncode == 0 else ""


def _revision() -> str:
    version = metadata.version("smokerunner")
    commit = said("git", "rev-parse", "--short", "HEAD")
    changed = " with changes" if commit and said("git", "status", "--porcelain", "--", "smokerunner") else ""
    return f"{version} ({commit}{changed})" if commit else version


def _browser() -> str:
    found = find()
    if found is None:
        return "none"
    number = re.search(r"\d+(\.\d+)+", said(str(found.path), "--version"))
    return f"{found.kind} {number.group()}" if number else found.kind


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _system() -> str:
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        name = platform.system()
    return f"{name}, {platform.machine()}, kernel {platform.release()}"
