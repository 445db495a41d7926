"""For a user without the repository: the wheel in an empty environment and an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = [pytest.mark.slow, pytest.mark.e2e, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds nothing but the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", folder / "dist", ROOT], check=True, capture_output=True
    )
    (wheel,) = (folder / "dist").glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    python = folder / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", wheel], check=True)
    return python


def environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "XDG_CACHE_HOME") if name in os.environ}
    return {**kept, "PATH": "/usr/local/bin:/usr/bin:/bin"}


def test_the_demo_runs_from_an_empty_folder(python: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [python, "-m", "smokerunner", "demo"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (archive,) = (tmp_path / "evidence").glob("*.zip")
    (document,) = (tmp_path / "evidence").glob("*/run.json")
    assert json.loads(document.read_text())["app"] == "acorn"
    program = python.parent / "smokerunner"
    proved = subprocess.run([program, "verify", archive], capture_output=True, text=True, check=False)
    assert proved.returncode == 0, proved.stderr
    sums = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=document.parent, check=False)
    assert sums.returncode == 0


def test_the_wheel_brings_the_flow_file_and_the_references(python: Path) -> None:
    script = (
        "from smokerunner.demo.deploy import flow_file; from pathlib import Path; f = flow_file();"
        "assert 'site-packages' in str(f), f; assert (f.parent / 'acorn' / 'avatar.png').is_file();"
        "assert (f.parents[1] / 'screenshots').is_dir()"
    )
    subprocess.run([python, "-c", script], check=True)
