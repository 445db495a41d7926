"""What every test may use: the machine's browser, a home of its own, and the program as a function."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from smokerunner.browser.binary import Binary, require
from smokerunner.cli.program import outcome
from smokerunner.model.run import Run

pytest_plugins = ["pytester"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="also run the tests that take minutes")
    parser.addoption("--apps", action="store_true", help="also run the tests that need other people's apps")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    # Compressed bytes hold the time, and every worker must collect the same names.
    return argname if isinstance(val, bytes) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = {
        "slow": "takes minutes; `make test-slow` runs it",
        "apps": "needs other people's apps; `make test-apps` runs it",
    }
    for name, reason in left_out.items():
        if config.getoption(f"--{name}"):
            continue
        for item in items:
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def binary() -> Binary:
    return require()


@dataclass(frozen=True)
class Ran:
    """What a command line did: its exit code, what it printed, and the bundle it left, if any."""

    exit_code: int
    out: str
    err: str
    folder: Path

    @property
    def bundles(self) -> list[Path]:
        return sorted(path.parent for path in (self.folder / "evidence").glob("*/run.json"))

    @property
    def bundle(self) -> Path:
        """The newest bundle."""
        return max(self.bundles, key=lambda path: path.stat().st_mtime)

    @property
    def run(self) -> Run:
        return Run.model_validate_json((self.bundle / "run.json").read_text())

    @property
    def events(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.splitlines() if line.startswith("{")]


Smoke = Callable[..., Ran]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test works in a folder of its own, without the settings of whoever runs it."""
    for name in ("ENV", "BASE_URL", "RELEASE", "WORKERS", "OUT", "HISTORY", "CONFIG", "PASSWORD", "SCREENSHOTS"):
        monkeypatch.delenv(f"SMOKE_{name}", raising=False)
    # What one test finds right must be found by the next one, too.
    monkeypatch.setenv("SMOKE_NO_CACHE", "1")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def smoke(home: Path, capsys: pytest.CaptureFixture[str]) -> Smoke:
    """`smoke("run", "flows/x.yaml")` runs the program in this process, in the test's folder."""

    def call(*arguments: object) -> Ran:
        capsys.readouterr()
        code = outcome([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Ran(code, said.out, said.err, home)

    return call
