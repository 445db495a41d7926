"""All benchmarks, or those that are named, one after the other; then RESULTS.md from what lies in results/.

Usage: python -m benchmarks [--rounds N] [--only NAME,NAME]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.pairing import Table
from benchmarks.parts import ROOT

PARTS = ("startup", "one-flow", "many-flows", "right-pictures", "sealing", "report-size", "checks")
HERE = Path(__file__).parent
RESULTS = HERE / "results"


def main() -> int:
    """Run the benchmarks; 1 when one of them failed or does not hold what it asserts."""
    options = argparse.ArgumentParser(description="Measure, and write benchmarks/RESULTS.md.")
    options.add_argument(
        "--rounds", type=int, help="how often each row is measured; each benchmark has its own default"
    )
    options.add_argument("--only", default="", help=f"some of: {','.join(PARTS)}")
    asked = options.parse_args()
    names = [name for name in asked.only.split(",") if name] or list(PARTS)
    unknown = sorted(set(names) - set(PARTS))
    if unknown:
        options.error(f"no benchmark called {', '.join(unknown)}; there are {', '.join(PARTS)}")
    failed = [name for name in names if not measured(name, asked.rounds)]
    (HERE / "RESULTS.md").write_text(document(read_results()), encoding="utf-8")
    sys.stdout.write("benchmarks/RESULTS.md and benchmarks/results/ are written\n")
    sys.stdout.writelines(f"{name}: does not hold, see above\n" for name in failed)
    return 1 if failed else 0


def measured(name: str, rounds: int | None) -> bool:
    """Run one benchmark in a process of its own; False when it failed."""
    sys.stderr.write(f"{name}\n")
    argv = [sys.executable, "-m", f"benchmarks.{name.replace('-', '_')}", "--out", str(RESULTS / f"{name}.json")]
    argv += [] if rounds is None else ["--rounds", str(rounds)]
    # The report's benchmark draws the large run of the report's tests.
    paths = [str(ROOT), str(ROOT / "tests/reports"), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    return subprocess.run(argv, cwd=ROOT, env=environment, check=False).returncode == 0


def read_results() -> list[dict[str, Any]]:
    """What each benchmark left, in their order."""
    files = [RESULTS / f"{name}.json" for name in PARTS]
    return [json.loads(file.read_text(encoding="utf-8")) for file in files if file.exists()]


def document(results: list[dict[str, Any]]) -> str:
    """RESULTS.md: a section a benchmark, each with when, where and with what it was measured."""
    lines = [
        "# What things cost",
        "",
        "Written by `make bench`; README.md says what each row is. Compare ratios, never seconds of two runs.",
        "The goes behind every figure are in results/.",
        "",
    ]
    for result in results:
        lines += [f"## {result['name']}", "", *_surroundings(result), ""]
        lines += [Table(**table).markdown() for table in result["tables"]]
        lines += [f"* skipped: {reason}" for reason in result.get("skipped", ())]
        lines += [""] if result.get("skipped") else []
    return "\n".join(lines).rstrip() + "\n"


def _surroundings(result: dict[str, Any]) -> list[str]:
    machine, tools = result["machine"], {**result["tools"], **result.get("versions", {})}
    where = f"{machine['processor']}, {machine['cores']} cores, {machine['memory']}, {machine['system']}"
    rounds = f"{result['rounds']} round{'' if result['rounds'] == 1 else 's'}"
    return [
        f"{result['at']}, {rounds}. {where}; load {machine['load']}.",
        "",
        ", ".join(f"{name} {version}" for name, version in tools.items()) + ".",
    ]


if __name__ == "__main__":
    sys.exit(main())
