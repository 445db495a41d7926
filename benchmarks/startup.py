"""How long the program takes to begin: help, completion and validating, each beside the imports it cannot do without.

A file that was found right before and has not changed is not read again, so both are measured: `known` files, and the
same ones read `anew` (--no-cache). What takes longest to import is told at the end.
Usage: python -m benchmarks.startup [--rounds N] [--out FILE]
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.pairing import SPENT_COLUMNS, Compared, Part, Row, Table, compare, spent_cells
from benchmarks.parts import main
from benchmarks.processes import Broken, Command

ROOT = Path(__file__).parents[1]
ACORN = ROOT / "flows" / "acorn.yaml"
CLICK = "import click"
LIBRARIES = "import click, pydantic, ruamel.yaml"
MODEL = "import click, ruamel.yaml; from pydantic import BaseModel; type('Model', (BaseModel,), {})"
"""The least that any program imports which reads YAML with pydantic."""
LEAST = "one pydantic model, no smokerunner"
MANY = 1000
"""Files in one folder."""
_WORST = 10
_PATIENTLY = 3
"""Rounds are at most so many where a go takes seconds."""
_SMALL = """\
app: {app}
base_url: http://127.0.0.1:8000
secrets: [SHOP_PASSWORD]
flows:
  login:
    title: A customer signs in
    steps:
      - goto: /login
      - fill: {{label: Email}}
        with: customer@example.test
      - fill: {{label: Password}}
        with: ${{secrets.SHOP_PASSWORD}}
      - click: {{button: Sign in}}
      - expect: {{url: /account, visible: {{heading: Welcome}}}}
"""
_IMPORT = re.compile(r"import time:\s*(\d+) \|\s*(\d+) \|\s*(\S+)")


@dataclass(frozen=True)
class Imported:
    """A module, and the milliseconds that it took by itself and with all that it brought along."""

    name: str
    alone: float
    whole: float


@dataclass(frozen=True)
class Place:
    """A folder with one small file and a folder of many, and what commands there find in their environment."""

    folder: Path

    @property
    def small(self) -> Path:
        """A file of one flow with five steps."""
        return self.folder / "one" / "shop.yaml"

    @property
    def many(self) -> Path:
        """A folder of 1,000 such files."""
        return self.folder / "many"

    def write(self, number: int = MANY) -> None:
        """Put the files there."""
        self.small.parent.mkdir()
        self.small.write_text(_SMALL.format(app="shop"))
        self.many.mkdir()
        for index in range(number):
            (self.many / f"shop{index}.yaml").write_text(_SMALL.format(app=f"shop{index}"))

    def command(self, *argv: str, **environment: str) -> Command:
        """A command line of Python here. Compiled modules and verdicts are kept, as they are for everybody."""
        kept = {"PYTHONDONTWRITEBYTECODE": "", "XDG_CACHE_HOME": str(self.folder / "cache"), "SMOKE_NO_CACHE": ""}
        return Command([sys.executable, *argv], self.folder, {**kept, **environment})

    def smokerunner(self, *words: str) -> Command:
        """The program with these words."""
        return self.command("-m", "smokerunner", *words)

    def completing(self, *words: str) -> Command:
        """What a shell calls when Tab is pressed after these words."""
        line = " ".join(("smokerunner", *words))
        script = "import sys; sys.argv[0] = 'smokerunner'; from smokerunner.cli import main; main()"
        return self.command(
            "-c", script, COMP_WORDS=line, COMP_CWORD=str(len(words)), _SMOKERUNNER_COMPLETE="bash_complete"
        )


def measure(rounds: int) -> Part:
    """All rows, each beside its floor."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        place.write()
        quick = compare(_row(CLICK, place.command("-c", CLICK)), quick_rows(place), rounds)
        whole = compare(_row(LIBRARIES, place.command("-c", LIBRARIES)), validating_rows(place), rounds)
        few = min(rounds, _PATIENTLY)
        many = compare(_row(LIBRARIES, place.command("-c", LIBRARIES)), many_rows(place), few)
        worst = {
            title: ten_worst([imports(command) for _ in range(few)])
            for title, command in (
                ("--help", place.smokerunner("--help")),
                ("validate, a known file", place.smokerunner("validate", str(place.small))),
                ("validate, read anew", place.smokerunner("validate", "--no-cache", str(place.small))),
            )
        }
    tables = [
        _table(f"Start-up, beside `{CLICK}`", quick, {"--help": "≤ 1.8", "*": "≤ 1.5"}),
        _table(
            f"Validating one file, beside `{LIBRARIES}`",
            whole,
            {LEAST: "", "*": "≤ 1.5"},
            ["known: right before, and not changed since. anew: `--no-cache`, as in every first run after a change."],
        ),
        _many_table(many),
        *(_worst_table(title, modules) for title, modules in worst.items()),
    ]
    return Part("startup", rounds, tables, [*quick.goes, *whole.goes, *many.goes])


def _row(name: str, command: Command) -> Row:
    return Row(name, command.measure)


def quick_rows(place: Place) -> list[Row]:
    """What must not wait for more than click."""
    return [
        _row("--help", place.smokerunner("--help")),
        _row("completion bash", place.smokerunner("completion", "bash")),
        _row("Tab: a command", place.completing("va")),
        _row("Tab: an option of run", place.completing("run", "--fl")),
    ]


def validating_rows(place: Place) -> list[Row]:
    """One file: a small one and the demo's."""
    named = (("5 steps", place.small), ("122 steps", ACORN))
    validating = (
        _row(f"validate, {size}, {how}", place.smokerunner("validate", *option, str(file)))
        for size, file in named
        for how, option in (("known", ()), ("anew", ("--no-cache",)))
    )
    return [_row(LEAST, place.command("-c", MODEL)), *validating]


def many_rows(place: Place) -> list[Row]:
    """A folder of many files."""
    return [
        _row("known", place.smokerunner("validate", str(place.many))),
        _row("anew", place.smokerunner("validate", "--no-cache", str(place.many))),
    ]


def imports(command: Command) -> list[Imported]:
    """What a command imports. Raises Broken when it fails."""
    python, *words = command.argv
    done = subprocess.run(
        [python, "-X", "importtime", *words],
        cwd=command.cwd,
        env=command.whole_environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Broken(f"{command}: exit code {done.returncode}")
    return [Imported(found[3], int(found[1]) / 1000, int(found[2]) / 1000) for found in _IMPORT.finditer(done.stderr)]


def ten_worst(goes: Sequence[Sequence[Imported]]) -> list[Imported]:
    """The modules that take longest by themselves, in medians over the goes."""
    times: dict[str, list[Imported]] = {}
    for module in (module for go in goes for module in go):
        times.setdefault(module.name, []).append(module)
    modules = [
        Imported(name, statistics.median(one.alone for one in found), statistics.median(one.whole for one in found))
        for name, found in times.items()
    ]
    return sorted(modules, key=lambda module: module.alone, reverse=True)[:_WORST]


def _table(title: str, compared: Compared, wanted: Mapping[str, str], notes: Sequence[str] = ()) -> Table:
    floor = [*spent_cells(compared.floor, compared.floor.name), ""]
    cells = [[*spent_cells(one), wanted.get(one.name, wanted["*"])] for one in compared.rows]
    return Table(title, (*SPENT_COLUMNS, "wanted x floor"), [floor, *cells], notes)


def _many_table(compared: Compared) -> Table:
    cells = [
        [series.name, f"{series.wall:.2f}", f"{MANY / series.wall:.0f}", f"{series.cpu:.2f}", "≥ 200"]
        for series in compared.rows
        if series.goes
    ]
    title = f"Validating {MANY:,} files of 5 steps"
    return Table(title, ("row", "wall s", "files/s", "CPU s", "wanted files/s"), cells)


def _worst_table(title: str, modules: Sequence[Imported]) -> Table:
    cells = [[module.name, f"{module.alone:.1f}", f"{module.whole:.1f}"] for module in modules]
    return Table(f"Slowest imports: {title}", ("module", "ms alone", "ms with what it imports"), cells)


if __name__ == "__main__":
    sys.exit(main(measure, default_rounds=15))
