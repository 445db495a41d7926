"""Replay the flow files of hosted apps, many times over, and say how often each flow passed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.apps.lab.app import Place
from tests.apps.lab.hosting import APPS, hosted, place_of
from tests.apps.lab.machine import Unmet

ROOT = Path(__file__).parents[3]
CONFIG = ROOT / "tests" / "apps" / "smokerunner.yaml"
PASSWORD = "a-Password-for-tests-7"
ADMIN_PASSWORD = "Admin-pass-123"


@dataclass(frozen=True)
class Replays:
    """What came of one app: its bundle, and of each flow how often it passed and how often it ran."""

    app: str
    exit_code: int
    seconds: float
    bundle: Path | None
    passed: Mapping[str, int]
    times: Mapping[str, int]

    def table(self) -> Iterator[str]:
        """One line a flow, those that did not always pass marked."""
        for flow, times in self.times.items():
            mark = " " if self.passed.get(flow, 0) == times else "<"
            yield f"  {self.app:10}{flow:24}{self.passed.get(flow, 0):4}/{times:<4}{mark}".rstrip()


def flow_file(app: str) -> Path:
    """Where an app's flows are; Unmet when there is no such app, or nobody wrote any."""
    path = ROOT / "flows" / f"{app}.yaml"
    if app not in APPS or not path.exists():
        known = [name for name in APPS if (ROOT / "flows" / f"{name}.yaml").exists()]
        raise Unmet(f"there are no flows of '{app}' to replay; there are those of {', '.join(known)}")
    return path


def _config(app: str, place: Place) -> Path:
    """The environment file; one of its own when the app sends its mail to another port than usual."""
    usual = APPS[app].smtp_port
    if place.smtp_port == usual:
        return CONFIG
    path = place.folder / "smokerunner.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(CONFIG.read_text("utf-8").replace(f"port: {usual}}}", f"port: {place.smtp_port}}}"), "utf-8")
    return path


def replay(app: str, repeat: int, workers: int, out: Path) -> Replays:
    """Start an app unless it runs, replay its flows in random order, and stop it if it was started here."""
    began, path = time.monotonic(), flow_file(app)
    before = set(out.glob("*/run.json"))
    place = place_of(app)
    command = [sys.executable, "-m", "smokerunner", "run", path, "--config", _config(app, place)]
    command += ["--base-url", place.url, "--repeat", repeat, "--shuffle", "--workers", workers]
    command += ["--out", out, "--no-history"]
    # It is asked whether they pass, not how they look: pictures of what goes wrong are enough.
    command += ["--pictures", "failure"]
    environment = {"SMOKE_PASSWORD": PASSWORD, "ADMIN_PASSWORD": ADMIN_PASSWORD, **os.environ}
    words = [str(word) for word in command]
    # In a group of its own: a signal that the whole group gets must not reach it twice, the second ends it at once.
    with hosted(app), subprocess.Popen(words, cwd=ROOT, env=environment, process_group=0) as running:
        try:
            code = running.wait()
        except KeyboardInterrupt:
            # It first writes the evidence of what there is.
            running.terminate()
            code = running.wait()
        except SystemExit:
            running.terminate()
            running.wait()
            raise
    made = next(iter(set(out.glob("*/run.json")) - before), None)
    results = json.loads(made.read_text("utf-8"))["results"] if made else []
    flows = [result for result in results if result["kind"] == "flow"]
    times = Counter(flow.get("flow") or flow["name"] for flow in flows)
    passed = Counter(flow.get("flow") or flow["name"] for flow in flows if flow["outcome"] == "passed")
    return Replays(app, code, time.monotonic() - began, made and made.parent, passed, times)
