"""smokerunner as it is measured: its command line on this site, each go in a fresh folder."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import Command

SMOKE = str(Path(sys.executable).with_name("smokerunner"))
FLOWS = Path(__file__).parent / "flows"
SCRIPTS = Path(__file__).parent / "scripts"
PATIENCE = 900.0
"""Seconds that a go may take: 64 flows, or 1,000 steps, on a machine that is busy otherwise."""


@dataclass(frozen=True)
class Desk:
    """Where the goes of a benchmark lie, the site they visit, and the browser and password they are given."""

    root: Path
    url: str
    browser: str
    password: str

    def fresh(self, name: str) -> Path:
        """An empty folder for a row's next go; what the last one left is gone."""
        folder = self.folder(name)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def folder(self, name: str) -> Path:
        """Where the row's last go lies."""
        return self.root / "".join(sign if sign.isalnum() else "-" for sign in name)

    def environment(self, out: Path) -> dict[str, str]:
        """What all rows are told. Compiled modules are kept, as they are for everybody."""
        return {
            "PYTHONDONTWRITEBYTECODE": "",
            "BENCH_URL": self.url,
            "BENCH_BROWSER": self.browser,
            "BENCH_PASSWORD": self.password,
            "BENCH_OUT": str(out),
        }

    def smokerunner(
        self,
        out: Path,
        flows: Path,
        options: Sequence[str],
        *,
        codes: tuple[int, ...] = (0,),
    ) -> Command:
        """`smokerunner run` of these flows, with its evidence in `out`."""
        argv = [SMOKE, "run", str(flows), "--base-url", self.url, *options]
        return Command(argv, out, self.environment(out), codes, patience=PATIENCE)

    def script(self, name: str, *arguments: str) -> Command:
        """One of the bare scripts."""
        argv = [sys.executable, str(SCRIPTS / name), self.url, self.browser, *arguments]
        return Command(argv, self.root, self.environment(self.root), patience=PATIENCE)
