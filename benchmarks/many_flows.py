"""Many flows: 1, 4, 16 and 64 at each number of workers, beside bare scripts in the best schedule.

That schedule is one process and one browser with so many contexts at a time as was fastest of 1, 2 and 4 just before.
The bare scripts take no pictures but in a row of their own, which is what pictures cost by themselves.
Usage: python -m benchmarks.many_flows [--rounds N] [--out FILE]
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import peers
from benchmarks.evidence import left_in, verified
from benchmarks.pairing import Compared, Part, Row, Series, Table, compare, progress
from benchmarks.parts import main
from benchmarks.processes import Memory, Spent
from benchmarks.site import serving
from benchmarks.smoke import FLOWS, Desk
from smokerunner.browser.binary import require

COUNTS = (1, 4, 16, 64)
WORKERS = (None, 1, 2, 4)
"""None: smokerunner chooses."""
BARE = "bare scripts (the floor)"
PICTURED = "bare scripts, pictures alone"
_OFF = ("--pictures", "off", "--trace", "off")
_ON = ("--trace", "off")
_DEFAULT = ()
WAYS: dict[str, Sequence[str]] = {"pictures off": _OFF, "pictures on": _ON, "default evidence": _DEFAULT}
WANTED = {"pictures off": "≥ 0.97", "pictures on": "≥ 0.75"}
_TOGETHER = 4
_ENOUGH = 3
_MB_COLUMNS = ("row", "Python alone, PSS MB (wanted: ≤ 150)", "Python alone, RSS MB", "whole tree, PSS MB", "processes")


@dataclass(frozen=True)
class Way:
    """One way to replay so many flows."""

    evidence: str
    workers: int | None
    flows: int

    @property
    def name(self) -> str:
        """The row's name."""
        chosen = "default workers" if self.workers is None else f"--workers {self.workers}"
        return f"{self.flows} flows, {self.evidence}, {chosen}"

    @property
    def options(self) -> list[str]:
        """What is added to the command line."""
        return [*WAYS[self.evidence], *([] if self.workers is None else ["--workers", str(self.workers)])]


def copies(count: int) -> str:
    """The flow file of one flow, with so many copies of it under other names."""
    head, name, body = (FLOWS / "one.yaml").read_text(encoding="utf-8").partition("  order:\n")
    return head + "".join(f"{name.replace('order', f'order-{number:02}')}{body}" for number in range(1, count + 1))


def ways(flows: int, rounds: int) -> Iterator[Way]:
    """What is measured of so many flows: with and without pictures at each number of workers, and the default.

    Of the most flows, which take minutes, only the default number of workers when few rounds are asked for.
    """
    for evidence in ("pictures off", "pictures on"):
        for workers in WORKERS if flows < COUNTS[-1] or rounds >= _ENOUGH else WORKERS[:1]:
            yield Way(evidence, workers, flows)
    yield Way("default evidence", None, flows)


def measure(rounds: int) -> Part:
    """The table of many flows. Of 64 flows a third of the rounds: they take minutes."""
    with serving() as url, tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder), url, str(require().path), peers.PASSWORD)
        schedule = _best(desk)
        progress(f"bare scripts: {schedule} at a time is best")
        rows, raw, notes = [], [], []
        for flows in COUNTS:
            file = desk.root / f"{flows}.yaml"
            file.write_text(copies(flows), encoding="utf-8")
            bare = Row(f"{flows} flows, {BARE}", desk.script("bare_many.py", str(flows), str(schedule)).measure)
            pictured = Row(f"{flows} flows, {PICTURED}", _pictured(desk, flows, schedule))
            measured = list(ways(flows, rounds))
            few = max(1, rounds // _ENOUGH) if flows == COUNTS[-1] else rounds
            goes = [Row(way.name, _go(desk, file, way)) for way in measured]
            compared = compare(bare, [pictured, *goes], few, warm=False, together=_TOGETHER)
            rows += _rows(flows, measured, compared)
            raw += compared.goes
            notes += [f"{row.name}, a go that is not counted: {said}" for row in compared.rows for said in row.broken]
            notes += [f"{way.name}: verify says {said}" for way in measured for said in verified(desk.folder(way.name))]
        memory = _memory(desk, schedule)
    columns = (
        "flows",
        "evidence",
        "workers",
        "wall s (min-max)",
        "flows/s",
        "x throughput",
        "wanted",
        "CPU s a flow",
        "rounds",
    )
    told = [f"Bare scripts: one process, one browser, {schedule} contexts at a time.", *_NOTES, *notes]
    sizes = [[name, f"{m.alone:.0f}", f"{m.resident:.0f}", f"{m.tree:.0f}", f"{m.processes}"] for name, m in memory]
    return Part(
        "many-flows",
        rounds,
        [Table("Many flows", columns, rows, told), Table(f"Memory of {COUNTS[-1]} flows", _MB_COLUMNS, sizes)],
        [*raw, *({"row": name, **asdict(peak)} for name, peak in memory)],
        good=not notes,
    )


_NOTES = (
    "x throughput: flows a second by those of the bare scripts around it, whole process; 1 is as fast as bare.",
    "pictures alone: one after each change, over CDP, packed as fast as the browser can and written to disk, "
    "and nothing else: what pictures cost when they are all that is done.",
    "pictures off and on are with --trace off; default evidence has pictures, and the trace armed.",
    "All bundles passed `verify`, unless said otherwise here.",
)


def _best(desk: Desk) -> int:
    """How many contexts at a time the bare scripts are fastest with."""
    taken = {at_once: desk.script("bare_many.py", "16", str(at_once)).measure().wall for at_once in (1, 2, 4)}
    return min(taken, key=lambda at_once: taken[at_once])


def _go(desk: Desk, file: Path, way: Way) -> Callable[[], Spent]:
    return lambda: desk.smokerunner(desk.fresh(way.name), file, way.options).measure()


def _pictured(desk: Desk, flows: int, schedule: int) -> Callable[[], Spent]:
    def go() -> Spent:
        return desk.script("bare_many.py", str(flows), str(schedule), str(desk.fresh(PICTURED))).measure()

    return go


def _rows(flows: int, measured: Sequence[Way], compared: Compared) -> list[list[str]]:
    pictured, *ours = compared.rows
    rows = [[f"{flows}", "bare scripts", "", *_figures(flows, compared.floor, "", bare=True)]]
    rows.append([f"{flows}", "bare, pictures alone", "", *_counted(flows, pictured, "")])
    for way, series in zip(measured, ours, strict=True):
        wanted = WANTED.get(way.evidence, "") if flows == COUNTS[-1] and way.workers is None else ""
        workers = "default" if way.workers is None else f"{way.workers}"
        rows.append([f"{flows}", way.evidence, workers, *_counted(flows, series, wanted)])
    return rows


def _counted(flows: int, series: Series, wanted: str) -> list[str]:
    return _figures(flows, series, wanted) if series.goes else ["no go", "", "", wanted, "", "0"]


def _figures(flows: int, series: Series, wanted: str, *, bare: bool = False) -> list[str]:
    least, most = series.wall_range
    throughput = 1.0 if bare else 1 / series.ratio
    return [
        f"{series.wall:.2f} ({least:.2f}-{most:.2f})",
        f"{flows / series.wall:.2f}",
        f"{throughput:.2f}",
        wanted,
        f"{series.cpu / flows:.2f}",
        f"{len(series.goes)}",
    ]


def _memory(desk: Desk, schedule: int) -> list[tuple[str, Memory]]:
    flows = COUNTS[-1]
    progress(f"memory of {flows} flows")
    found = [(BARE, desk.script("bare_many.py", str(flows), str(schedule)).weigh())]
    for evidence in ("pictures off", "default evidence"):
        way = Way(evidence, None, flows)
        command = desk.smokerunner(desk.fresh(way.name), desk.root / f"{flows}.yaml", way.options)
        size = f"{evidence}, default workers"
        peak = command.weigh()
        found.append((f"{size} ({left_in(desk.folder(way.name)).kilobytes} kB left)", peak))
    return found


if __name__ == "__main__":
    sys.exit(main(measure, default_rounds=3))
