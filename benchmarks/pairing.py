"""Rows run in turn with their floor, and what comes of it: medians, ratios, tables, and a file with every go.

A round is floor, row, floor, row, …, floor; the next one runs backwards. A row's ratio is its time by the mean of the
two floors beside it, so a machine that becomes slower meanwhile slows both sides.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.processes import Broken, Spent


@dataclass(frozen=True)
class Row:
    """A name and one go: what `Command.measure` does, or `timed(function)`."""

    name: str
    go: Callable[[], Spent]


@dataclass(frozen=True)
class Go:
    """One measured go of a row, beside the mean of the floors around it."""

    row: str
    round: int
    wall: float
    cpu: float
    floor_wall: float
    floor_cpu: float


@dataclass(frozen=True)
class Series:
    """All goes of one row."""

    name: str
    goes: tuple[Go, ...]
    broken: tuple[str, ...] = ()
    """What went wrong in goes that are not counted."""

    @property
    def wall(self) -> float:
        """Median seconds."""
        return statistics.median(go.wall for go in self.goes)

    @property
    def wall_range(self) -> tuple[float, float]:
        """The fastest and the slowest go."""
        return min(go.wall for go in self.goes), max(go.wall for go in self.goes)

    @property
    def cpu(self) -> float:
        """Median seconds of CPU."""
        return statistics.median(go.cpu for go in self.goes)

    @property
    def ratio(self) -> float:
        """Median of the ratios to the floor, pair by pair."""
        return statistics.median(go.wall / go.floor_wall for go in self.goes)

    @property
    def cpu_ratio(self) -> float:
        """As `ratio`, of CPU seconds; 0 when the floor took none that could be measured."""
        return statistics.median(go.cpu / go.floor_cpu if go.floor_cpu else 0.0 for go in self.goes)


@dataclass(frozen=True)
class Compared:
    """The floor and the rows that were measured beside it."""

    floor: Series
    rows: tuple[Series, ...]

    @property
    def goes(self) -> list[dict[str, Any]]:
        """Every go, for the raw file."""
        return [asdict(go) for series in (self.floor, *self.rows) for go in series.goes]


def timed(work: Callable[[], object]) -> Callable[[], Spent]:
    """A go that calls a function in this process."""

    def go() -> Spent:
        began, used = time.perf_counter(), time.process_time()
        work()
        return Spent(time.perf_counter() - began, time.process_time() - used)

    return go


def compare(
    floor: Row,
    rows: Sequence[Row],
    rounds: int,
    *,
    warm: bool = True,
    together: int = 1,
    say: Callable[[str], None] | None = None,
) -> Compared:
    """Measure the rows in turn with their floor. `warm`: one go of each first that is not counted.

    `together`: so many rows between two floors, where each go takes long. A go of a row that breaks is left out and
    told; a row that breaks while it is warmed is not tried again. A floor that breaks is Broken.
    """
    tell = say or progress
    broken: dict[str, list[str]] = {row.name: [] for row in rows}
    trying = list(rows)
    if warm:
        tell("warming up")
        floor.go()
        trying = [row for row in rows if _measured(row, broken[row.name], tell) is not None]
    floors: list[Go] = []
    goes: dict[str, list[Go]] = {row.name: [] for row in rows}
    for number in range(rounds):
        tell(f"round {number + 1} of {rounds}")
        before = floor.go()
        floors.append(_go(floor.name, number, before, before))
        turn = trying if number % 2 == 0 else trying[::-1]
        for start in range(0, len(turn), together):
            beside = turn[start : start + together]
            spent = [(row.name, _measured(row, broken[row.name], tell)) for row in beside]
            after = floor.go()
            floors.append(_go(floor.name, number, after, after))
            around = Spent((before.wall + after.wall) / 2, (before.cpu + after.cpu) / 2)
            for name, taken in spent:
                if taken is not None:
                    goes[name].append(_go(name, number, taken, around))
            before = after
    series = (Series(row.name, tuple(goes[row.name]), tuple(broken[row.name])) for row in rows)
    return Compared(Series(floor.name, tuple(floors)), tuple(series))


def _measured(row: Row, broken: list[str], tell: Callable[[str], None]) -> Spent | None:
    try:
        spent = row.go()
    except Broken as wrong:
        tell(f"{row.name}: {wrong}")
        broken.append(str(wrong))
        return None
    tell(f"{row.name}: {spent.wall:.2f} s")
    return spent


def _go(name: str, number: int, spent: Spent, beside: Spent) -> Go:
    return Go(name, number, spent.wall, spent.cpu, beside.wall, beside.cpu)


@dataclass(frozen=True)
class Table:
    """A table as it is printed and put into RESULTS.md: every cell is text already."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()

    def markdown(self) -> str:
        """The table under its title, notes below, a line end after each."""
        widths = [max(len(row[at]) for row in (self.columns, *self.rows)) for at in range(len(self.columns))]
        lines = [_line(self.columns, widths), f"|{'|'.join('-' * (width + 2) for width in widths)}|"]
        lines += [_line(row, widths) for row in self.rows]
        below = [f"* {note}" for note in self.notes]
        return "\n".join([f"### {self.title}", "", *lines, *([""] if below else []), *below, ""])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"


SPENT_COLUMNS = ("row", "wall s (min-max)", "x floor", "CPU s", "CPU x floor")


def spent_cells(series: Series, floor: str | None = None) -> list[str]:
    """The cells for SPENT_COLUMNS; the floor's own ratio is 1."""
    if not series.goes:
        return [series.name, f"skipped: {series.broken[-1] if series.broken else 'no go'}", "", "", ""]
    least, most = series.wall_range
    ratio, cpu_ratio = ("1.00", "1.00") if series.name == floor else (f"{series.ratio:.2f}", f"{series.cpu_ratio:.2f}")
    return [series.name, f"{series.wall:.3f} ({least:.3f}-{most:.3f})", ratio, f"{series.cpu:.3f}", cpu_ratio]


def spent_table(title: str, compared: Compared, notes: Sequence[str] = ()) -> Table:
    """The plain table of a comparison."""
    cells = [spent_cells(series, compared.floor.name) for series in (compared.floor, *compared.rows)]
    told = [f"{row.name}: {wrong}" for row in compared.rows for wrong in row.broken if row.goes]
    return Table(title, SPENT_COLUMNS, cells, [*notes, *told])


@dataclass(frozen=True)
class Part:
    """What one benchmark file hands on: its tables, every go behind them, what was skipped, and its verdict."""

    name: str
    rounds: int
    tables: Sequence[Table]
    raw: Sequence[Mapping[str, Any]] = ()
    skipped: Sequence[str] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    good: bool = True
    """False when the benchmark asserted something that is not so."""


def progress(text: str) -> None:
    """A word on how far it is, beside the result."""
    sys.stderr.write(f"  {text}\n")
    sys.stderr.flush()


def folder_of_results() -> Path:
    """Where the raw rounds are kept."""
    return Path(__file__).parent / "results"
