"""Every picture is the right one: 1,000 steps on pages that paint their step number, a third of them navigating.

The server delays most of these by up to 300 ms, four workers replay, and two busy processes take the processor away.
Exits 1 when a picture is wrong or missing. Usage: python -m benchmarks.right_pictures [--out FILE]
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import peers
from benchmarks.evidence import verified
from benchmarks.marks import Mark, Tally, judge
from benchmarks.pages import delay_after
from benchmarks.pairing import Part, Table, progress
from benchmarks.parts import main
from benchmarks.processes import Spent
from benchmarks.site import serving
from benchmarks.smoke import Desk
from smokerunner.browser.binary import require
from smokerunner.model.run import Run

FLOWS, STEPS = 20, 50
WORKERS = 4
BUSY = 2
_ROUND = ("here", "away", "fill", "script", "expect", "here", "form", "fill", "expect")
"""What the steps after the first do, over and over; `away`, `script` and `form` navigate."""
NAVIGATING = ("away", "script", "form")


@dataclass(frozen=True)
class Marked:
    """One step as it is written, and the mark that its picture must show."""

    step: dict[str, object]
    mark: Mark
    delayed: int | None = None
    """Milliseconds that the server takes over the page it leads to; None when it leads to none."""


def script(flow: int, steps: int) -> list[Marked]:
    """The steps of one flow."""
    shown = served = 1
    written = [Marked({"goto": f"/marked?flow={flow}&step=1"}, Mark(flow, 1))]
    for number in range(steps - 1):
        kind = _ROUND[number % len(_ROUND)]
        if kind == "expect":
            step: dict[str, object] = {"expect": {"visible": {"text": {"is": f"Step {shown}"}}}}
            written.append(Marked(step, Mark(flow, shown)))
            continue
        shown += 1
        if kind in NAVIGATING:
            finder = {"link": "Away"} if kind == "away" else {"button": kind.title()}
            written.append(Marked({"click": finder}, Mark(flow, shown), delay_after(flow, served)))
            served = shown
        elif kind == "fill":
            written.append(Marked({"fill": {"label": "Word"}, "with": f"word {shown}"}, Mark(flow, shown)))
        else:
            written.append(Marked({"click": {"button": "Here"}}, Mark(flow, shown)))
    return written


def flow_file(scripts: Sequence[Sequence[Marked]]) -> str:
    """The flow file of these scripts, as JSON."""
    flows = {f"marked-{at + 1:02}": {"steps": [each.step for each in steps]} for at, steps in enumerate(scripts)}
    return json.dumps({"app": "marked", "base_url": "http://127.0.0.1:8000", "flows": flows}, indent=1)


def pictures(bundle: Path, scripts: Sequence[Sequence[Marked]]) -> Iterator[tuple[str, Mark, bytes | None]]:
    """For each written step: where it stands, the mark it must show, and its picture in the bundle, if any."""
    run = Run.model_validate_json((bundle / "run.json").read_text())
    flows = {flow.name: flow for flow in run.flows}
    for at, steps in enumerate(scripts):
        name = f"marked-{at + 1:02}"
        decided = flows[name].deciding if name in flows else None
        seen = [] if decided is None else [each for each in decided.walk() if each.kind == "step"]
        for number, written in enumerate(steps):
            shot = seen[number].picture if number < len(seen) else None
            path = None if shot is None else bundle / (shot.same_as or shot.path)
            data = path.read_bytes() if path is not None and path.is_file() else None
            yield f"{name}, step {number + 1}", written.mark, data


@contextlib.contextmanager
def busy(processes: int) -> Iterator[None]:
    """So many processes that do nothing but take the processor, while the block runs."""
    started = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)]
    try:
        yield
    finally:
        for each in started:
            each.kill()
            each.wait()


def replay(desk: Desk, scripts: Sequence[Sequence[Marked]]) -> tuple[Spent, Tally, list[str]]:
    """Replay under load; what it took, how the pictures are, and what `verify` says against the bundle."""
    out = desk.fresh("marked")
    file = desk.root / "marked.json"
    file.write_text(flow_file(scripts), encoding="utf-8")
    command = desk.smokerunner(out, file, ["--workers", str(WORKERS)], codes=(0, 1, 3))
    with busy(BUSY):
        spent = command.measure()
    (document,) = out.glob("evidence/*/run.json")
    return spent, judge(pictures(document.parent, scripts)), verified(out)


def measure(_rounds: int = 1) -> Part:
    """The verdict over 1,000 steps; once, however many rounds are asked for."""
    scripts = [script(flow, STEPS) for flow in range(1, FLOWS + 1)]
    with serving() as url, tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder), url, str(require().path), peers.PASSWORD)
        progress(f"{FLOWS * STEPS} steps under load")
        spent, tally, against = replay(desk, scripts)
    written = [each for steps in scripts for each in steps]
    led = [each.delayed for each in written if each.delayed is not None]
    figures = [
        f"{len(written)}",
        f"{len(led)}",
        f"{sum(1 for delay in led if delay)}",
        f"{tally.right}",
        f"{tally.wrong}",
        f"{tally.missing}",
        f"{spent.wall:.0f}",
        "whole" if not against else "not whole",
    ]
    columns = ("steps", "clicks that navigate", "delayed", "right", "wrong", "missing", "wall s", "verify")
    good = tally.right == len(written) and not against
    table = Table(
        f"Pictures, checked one by one, with --workers {WORKERS} beside {BUSY} busy processes",
        columns,
        [figures],
        [*tally.complaints[:20], *against],
    )
    return Part("right-pictures", 1, [table], [{"complaints": tally.complaints, "wall": spent.wall}], good=good)


if __name__ == "__main__":
    sys.exit(main(measure, default_rounds=1))
