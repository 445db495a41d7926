"""One flow of 16 steps, whole process, cold: smokerunner and its peers beside a bare script on the same browser.

Usage: python -m benchmarks.one_flow [--rounds N] [--out FILE]
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import peers
from benchmarks.evidence import left_in, verified
from benchmarks.pairing import Part, Row, Series, Table, compare, progress, spent_cells
from benchmarks.parts import main
from benchmarks.processes import Broken, Command, Memory, Spent
from benchmarks.site import serving
from benchmarks.smoke import FLOWS, Desk
from smokerunner.browser.binary import require

FLOOR = "bare script (the floor)"
PICTURED = "bare script, pictures alone"
OWN: dict[str, Sequence[str]] = {
    "smokerunner: trace off": ("--trace", "off"),
    "smokerunner: default (trace armed)": (),
    "smokerunner: everything on": ("--trace", "on"),
    "smokerunner: pictures only": ("--trace", "off", "--no-history"),
    "smokerunner: pictures off": ("--pictures", "off"),
    "smokerunner: pictures and trace off": ("--pictures", "off", "--trace", "off"),
}
WANTED = {"smokerunner: trace off": "≤ 1.30", "smokerunner: default (trace armed)": "≤ 1.50"}
COLUMNS = (
    *("row", "wall s (min-max)", "x floor", "CPU s", "CPU x floor"),
    *("wanted", "peak MB", "processes", "kB", "pictures"),
)


@dataclass(frozen=True)
class Candidate:
    """A row: its command line, given the folder that takes its evidence."""

    name: str
    command: Callable[[Path], Command]
    ours: bool = False


def candidates(desk: Desk, found: Sequence[peers.Peer]) -> list[Candidate]:
    """The bare script with pictures, smokerunner in its ways, then the peers."""
    flow = FLOWS / "one.yaml"

    def own(options: Sequence[str]) -> Callable[[Path], Command]:
        return lambda out: desk.smokerunner(out, flow, options)

    def others(peer: peers.Peer) -> Callable[[Path], Command]:
        return lambda out: peer.command(out, desk.environment(out))

    pictured = Candidate(PICTURED, lambda out: desk.script("bare.py", str(out)))
    ours = [Candidate(name, own(options), ours=True) for name, options in OWN.items()]
    return [pictured, *ours] + [Candidate(peer.name, others(peer)) for peer in found]


def measure(rounds: int) -> Part:
    """The table of one flow."""
    progress("installing peers, where they are not there yet")
    found, skipped = peers.installed()
    with serving() as url, tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder), url, str(require().path), peers.PASSWORD)
        rows = candidates(desk, found)
        bare = desk.script("bare.py")
        # Caches are filled meanwhile, so that no row is measured with cold ones and another with warm ones.
        progress("memory, and warming up")
        memory = {FLOOR: bare.weigh()}
        refused: dict[str, str] = {}
        for each in rows:
            try:
                memory[each.name] = each.command(desk.fresh(each.name)).weigh()
            except Broken as wrong:
                refused[each.name] = str(wrong)
        going = [each for each in rows if each.name not in refused]
        goes = [Row(each.name, _go(desk, each)) for each in going]
        compared = compare(Row(FLOOR, bare.measure), goes, rounds, warm=False)
        skipped += [f"{name}: {wrong}" for name, wrong in refused.items()]
        against = [
            f"{each.name}: verify says {said}"
            for each in going
            if each.ours
            for said in verified(desk.folder(each.name))
        ]
        against += [name for name in refused if name in OWN]
        cells = [_cells(desk, series, memory) for series in (compared.floor, *compared.rows)]
    told = [f"{row.name}, a go that is not counted: {wrong}" for row in compared.rows for wrong in row.broken]
    return Part(
        "one-flow",
        rounds,
        [
            Table(
                "One flow of 16 steps, whole process",
                COLUMNS,
                cells,
                [*_NOTES, *beside_peers(compared.rows), *against, *told],
            )
        ],
        [*compared.goes, *({"row": name, **asdict(peak)} for name, peak in memory.items())],
        skipped,
        peers.versions(),
        not against,
    )


_NOTES = (
    "x floor: median of the ratios to the two bare scripts beside each go. CPU: user and system, whole tree.",
    "peak MB: largest PSS of the whole tree, looked at every 50 ms in a go that is not timed.",
    "kB: the folder that is left, without the zip of the same. pictures: different ones, those in traces included; "
    "smokerunner takes none where nothing was painted since the last, and names that one for the step.",
    "pictures alone: one after each change, over CDP, packed as fast as the browser can and written to disk, "
    "and nothing else: what pictures cost when they are all that is done.",
    "smokerunner's bundles all passed `verify`, unless said otherwise here.",
)


def _go(desk: Desk, each: Candidate) -> Callable[[], Spent]:
    return lambda: each.command(desk.fresh(each.name)).measure()


def beside_peers(rows: Sequence[Series]) -> list[str]:
    """For each of our rows with pictures of every step, which peers it was faster than, and which not."""
    peers_then = [row for row in rows if row.name not in OWN and row.name != PICTURED and row.goes]
    said = []
    for own in (row for row in rows if row.name in WANTED and row.goes):
        slower = [peer.name.partition(":")[0] for peer in peers_then if peer.ratio <= own.ratio]
        verdict = f"not faster than {', '.join(slower)}" if slower else "faster than every peer here"
        said.append(f"{own.name}: {verdict}.")
    return said


def _cells(desk: Desk, series: Series, memory: dict[str, Memory]) -> list[str]:
    cells = [*spent_cells(series, FLOOR), WANTED.get(series.name, "")]
    peak = memory.get(series.name)
    cells += [f"{peak.tree:.0f}", f"{peak.processes}"] if peak else ["", ""]
    if series.name == FLOOR or not series.goes:
        return [*cells, "", ""]
    left = left_in(desk.folder(series.name))
    return [*cells, f"{left.kilobytes}", f"{left.pictures}"]


if __name__ == "__main__":
    sys.exit(main(measure, default_rounds=5))
