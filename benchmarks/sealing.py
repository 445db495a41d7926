"""How long it takes to draw and to seal the evidence of runs of any size, and how much memory; no browser is needed.

The floor is the plainest way to the same thing: Pillow's own animation and sheet; run.json, a sum and a zip of every
file, with no search for secrets and no reports. Usage: python -m benchmarks.sealing [--rounds N] [--out FILE]
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from benchmarks.pairing import Part, Row, Table, compare, spent_cells, timed
from benchmarks.parts import ROOT, main
from benchmarks.processes import Spent
from smokerunner.evidence.folder import Folder
from smokerunner.evidence.seal import seal
from smokerunner.model.geometry import Box, Point
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Artifact, Result
from smokerunner.model.run import Run, Tool
from smokerunner.model.secret import Secrets
from smokerunner.replay.pictures.studio import Studio
from smokerunner.reports.catalogue import REPORTS, prepare

DRAWN = (1, 16, 64)
"""Flows whose pictures are drawn; more take so many times as long."""
SEALED = (1, 16, 64, 320)
STEPS = 16
_FEW_ROUNDS = 3
_ONCE = 64
"""From so many flows on one round is enough: each go is an average of its own."""
_FLOWS_A_LINK = 4
"""One flow in so many gets a link by mail, which is a secret from then on."""
_AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Evidence:
    """A run that has been replayed and not yet sealed."""

    folder: Folder
    run: Run


def pictures() -> list[bytes]:
    """Pages of a window, each another: a head, a form and a table, as the browser packs them."""
    made = []
    for number in range(STEPS):
        image = Image.new("RGB", (1280, 720), "#ffffff")
        draw = ImageDraw.Draw(image)
        draw.rectangle((0, 0, 1280, 64), fill="#24478f")
        for line in range(24):
            words = f"{number * 7 + line}  " + "orders and letters, invoices and stamps " * (1 + (number + line) % 3)
            draw.text((40 + 3 * number, 90 + 25 * line), words, fill="#1f2328")
        draw.rectangle((600, 300 + 4 * number, 700, 340 + 4 * number), fill="#1a7f37")
        written = io.BytesIO()
        image.save(written, "PNG", compress_level=1)
        made.append(written.getvalue())
    return made


def evidence(out: Path, flows: int, drawn: list[bytes]) -> Evidence:
    """Write what such a run leaves: a picture a step, a network log of some 60 kB a flow."""
    secrets = Secrets({"PASSWORD": "a-Password-for-tests-7"})
    for number in range(-(-flows // _FLOWS_A_LINK)):
        token = hashlib.sha256(str(number).encode()).hexdigest()
        secrets.add_one_time("link", f"http://127.0.0.1:8000/verify/{number}/{token[:40]}?signature={token}")
    folder = Folder.create(out, f"bench-local-{flows}", secrets)
    entries = [
        {"url": f"http://127.0.0.1:8000/page/{n}", "headers": [{"name": "x", "value": "y" * 90}]} for n in range(380)
    ]
    log = json.dumps({"log": {"entries": entries}}).encode()
    for number in range(flows):
        for step, picture in enumerate(drawn):
            folder.path(f"flows/flow-{number:03}/{step + 1:02}-step.png").write_bytes(picture)
        folder.path(f"flows/flow-{number:03}/network.har").write_bytes(log)
    tool = Tool(smokerunner="0", playwright="0", python="3", platform="bench")
    results = tuple(map(_flow, range(flows)))
    run = Run(id=folder.run_id, app="bench", started=_AT, ended=_AT, tool=tool, results=results)
    return Evidence(folder, run)


def _flow(number: int) -> Result:
    place = f"flows/flow-{number:03}"
    common: dict[str, Any] = {"outcome": Outcome.PASSED, "started": _AT, "seconds": 2.5}
    steps = []
    for step in range(1, STEPS + 1):
        shown = [Artifact(kind="picture", path=f"{place}/{step:02}-step.png")]
        if step > 1:
            shown.append(
                Artifact(kind="before", path=f"{place}/{step:02}-b.png", same_as=f"{place}/{step - 1:02}-step.png")
            )
        steps.append(
            Result(
                id=f"{place}/1/{step:02}",
                kind="step",
                name=f"{step:02}",
                title=f"click button 'Order {step}'",
                url=f"http://127.0.0.1:8000/page/{step}",
                locator="button",
                box=Box(x=600, y=300, width=100, height=40),
                point=Point(x=650, y=320),
                artifacts=tuple(shown),
                **common,
            )
        )
    log = Artifact(kind="network", path=f"{place}/network.har")
    tried = Result(id=f"{place}/1", kind="attempt", name="1", children=tuple(steps), artifacts=(log,), **common)
    return Result(id=place, kind="flow", name=f"flow-{number:03}", children=(tried,), **common)


def draw(given: Evidence) -> None:
    """As it is done while a run goes on, for all flows at once."""
    studio = Studio(given.folder, given.run, "on")
    for flow in given.run.flows:
        studio.begin(flow)
    _, notes = asyncio.run(studio.finish(given.run.results))
    if notes:
        raise RuntimeError(notes[0])


def draw_plainly(given: Evidence) -> None:
    """Every picture opened and scaled once, all saved as an animation, and pasted side by side."""
    for flow in given.run.flows:
        place = given.folder.root / flow.id
        scenes = []
        sheet = Image.new("RGB", (1296, 112 + 311 * (-(-STEPS // 3))), "#f3f5f7")
        for number, path in enumerate(sorted(place.glob("*.png"))):
            with Image.open(path) as opened:
                scenes.append(opened.convert("RGB").resize((640, 360)))
            sheet.paste(scenes[-1].resize((400, 225)), (24 + number % 3 * 424, 112 + number // 3 * 311))
        scenes[0].save(
            place / "plain.webp", save_all=True, append_images=scenes[1:], duration=900, quality=50, method=2
        )
        sheet.save(place / "sheet.jpg", quality=70)


def seal_all(given: Evidence) -> None:
    """As it is done at the end of a run."""
    if seal(given.folder, given.run, REPORTS).archive is None:
        raise RuntimeError("the bundle was not packed")


def seal_plainly(given: Evidence) -> None:
    """run.json, a sum for each file, a zip."""
    root = given.folder.root
    (root / "run.json").write_text(given.run.model_dump_json(indent=2))
    files = sorted(path for path in root.rglob("*") if path.is_file())
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(root)}\n" for path in files]
    (root / "SHA256SUMS").write_text("".join(sums))
    with zipfile.ZipFile(given.folder.out / "plain.zip", "w") as archive:
        for path in (root / "SHA256SUMS", *files):
            packed = zipfile.ZIP_STORED if path.suffix == ".png" else zipfile.ZIP_DEFLATED
            archive.write(path, path.relative_to(root), packed)


def go(flows: int, work: Callable[[Evidence], None], drawn: list[bytes]) -> Callable[[], Spent]:
    """One go on evidence of its own, which is written before the clock starts."""

    def measured() -> Spent:
        with tempfile.TemporaryDirectory() as folder:
            given = evidence(Path(folder), flows, drawn)
            return timed(lambda: work(given))()

    return measured


STAGES: dict[str, tuple[Callable[[Evidence], None], Callable[[Evidence], None], tuple[int, ...]]] = {
    "draw": (draw, draw_plainly, DRAWN),
    "seal": (seal_all, seal_plainly, SEALED),
}
"""What is measured, the plainest way to it, and for how many flows."""


def peaks(stage: str, flows: int) -> tuple[float, float]:
    """Megabytes of memory before, and at most while, one stage works, in a process of its own."""
    script = f"from benchmarks.sealing import told_peaks; told_peaks({stage!r}, {flows})"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    before, most = done.stdout.split()
    return float(before), float(most)


def told_peaks(stage: str, flows: int) -> None:
    """Work, and print the two figures."""
    with tempfile.TemporaryDirectory() as folder:
        given = evidence(Path(folder), flows, pictures())
        before = _high_water()
        STAGES[stage][0](given)
        sys.stdout.write(f"{before:.1f} {_high_water():.1f}\n")


def _high_water() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(rounds: int) -> Part:
    """Each stage beside its plainest way, then its memory."""
    prepare()
    shown, tables, raw = pictures(), [], []
    for stage, (work, plainly, sizes) in STAGES.items():
        cells = []
        for flows in sizes:
            began = time.perf_counter()
            floor = Row(f"{stage} {flows}, plainly", go(flows, plainly, shown))
            row = Row(f"{stage} {flows}", go(flows, work, shown))
            times = rounds if flows == 1 else min(rounds, _FEW_ROUNDS) if flows < _ONCE else 1
            compared = compare(floor, [row], times, warm=flows == 1)
            before, most = peaks(stage, flows)
            for series in (compared.floor, *compared.rows):
                memory = f"{before:.0f} → {most:.0f}" if series is not compared.floor else ""
                each = f"{series.cpu / flows * 1000:.0f}"
                cells.append([*spent_cells(series, compared.floor.name), each, memory])
            raw += [{**measured, "stage": stage, "flows": flows} for measured in compared.goes]
            raw.append({"stage": stage, "flows": flows, "megabytes": [before, most]})
            sys.stderr.write(f"  {stage} {flows}: {time.perf_counter() - began:.0f} s\n")
        columns = ["row", "wall s (min-max)", "x floor", "CPU s", "CPU x floor", "CPU ms a flow", "memory MB"]
        tables.append(Table(_TITLES[stage], columns, cells, _NOTES[stage]))
    return Part("sealing", rounds, tables, raw)


_TITLES = {"draw": "Drawing sheets and films", "seal": "Sealing: search, reports, sums, zip"}
_NOTES = {
    "draw": ["Of flows that ended while others still run, this is done meanwhile, in a thread."],
    "seal": [
        "Without what is drawn. One flow in four has got a link by mail, so that is one more secret to search for."
    ],
}


if __name__ == "__main__":
    sys.exit(main(measure, default_rounds=5))
