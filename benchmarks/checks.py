"""What the presets of checks ask of an app, how long that takes, and in how much memory, beside a bare script.

The bare script sends as many small requests as the preset does, at the same pace: 20 a second, 4 at once. What a preset
takes beyond that is its own. Usage: python -m benchmarks.checks [--rounds N] [--out FILE]
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.pairing import Part, Row, Table, compare, progress, spent_table
from benchmarks.parts import main
from benchmarks.processes import Broken, Command
from benchmarks.site import serving
from benchmarks.smoke import SMOKE

PRESETS = ("any", "laravel")
_ANY_VERDICT = (0, 1, 3)
"""The site is no app with TLS and a log-in, so checks fail; what they cost is the same."""
_BARE = """
import asyncio, sys, httpx
async def main(url, number):
    slots, next_at = asyncio.Semaphore(4), [0.0]
    clock = asyncio.get_running_loop().time
    async with httpx.AsyncClient() as client:
        async def ask(index):
            async with slots:
                at = max(next_at[0], clock())
                next_at[0] = at + 1 / 20
                await asyncio.sleep(at - clock())
                await client.get(f"{url}/{index}")
        await asyncio.gather(*(ask(index) for index in range(number)))
asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


def measure(rounds: int) -> Part:
    """Each preset against a site on loopback."""
    tables, goes, good = [], [], True
    with serving() as url, tempfile.TemporaryDirectory() as folder:
        found = []
        for preset in PRESETS:
            command = _spot_check(url, preset, Path(folder))
            memory = command.weigh()
            run = _newest(Path(folder))
            checks = [result for result in run["results"] if result["kind"] == "check"]
            sent = sum(check["sent"] for check in checks)
            found.append([preset, str(len(checks)), str(sent), f"{memory.alone:.0f} MB", f"{memory.tree:.0f} MB"])
            good = good and memory.alone <= 150
            bare = Command([sys.executable, "-c", _BARE, url, str(sent)], patience=300)
            compared = compare(
                Row(f"{sent} bare requests (the floor)", bare.measure),
                [Row(f"preset {preset}", command.measure)],
                rounds,
            )
            tables.append(spent_table(f"Preset {preset}", compared, []))
            goes += compared.goes
    head = ("preset", "checks", "requests", "memory of Python", "with the browser")
    asked = Table("What the presets ask", head, found, ["Memory is the peak of the PSS."])
    return Part("checks", rounds, [asked, *tables], goes, good=good)


def _spot_check(url: str, preset: str, folder: Path) -> Command:
    argv = [SMOKE, "spot-check", url, "--preset", preset, "--out", str(folder)]
    return Command(argv, folder, {"PYTHONDONTWRITEBYTECODE": ""}, _ANY_VERDICT, patience=300)


def _newest(folder: Path) -> dict[str, list[dict[str, int]]]:
    runs = sorted(folder.glob("*/run.json"), key=lambda path: path.stat().st_mtime)
    if not runs:
        raise Broken("the spot-check left no evidence")
    progress(f"read {runs[-1].parent.name}")
    run: dict[str, list[dict[str, int]]] = json.loads(runs[-1].read_text(encoding="utf-8"))
    return run


if __name__ == "__main__":
    sys.exit(main(measure, default_rounds=3))
