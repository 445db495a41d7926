"""`python -m tests.apps replay` that is told to end: evidence is written, the app is stopped, nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from smokerunner.evidence.verify import verify
from tests.apps.lab.hosting import place_of, stop
from tests.apps.lab.process import Running, listens
from tests.apps.lab.replaying import ROOT
from tests.e2e.outcome_site import descendants, is_alive, wait_until

pytestmark = [pytest.mark.apps, pytest.mark.e2e, pytest.mark.timeout(300)]


@pytest.mark.parametrize("end", [os.kill, os.killpg], ids=["alone", "with its group"])
def test_sigterm_ends_the_replay_and_the_app(tmp_path: Path, end: Callable[[int, int], None]) -> None:
    stop("laravel")
    command = [sys.executable, "-m", "tests.apps", "replay", "laravel", "--repeat", "50", "--out", str(tmp_path)]
    with (tmp_path / "said").open("w") as said:
        # In a group of its own, as a shell or a pipeline starts it.
        running = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said, process_group=0)
    try:
        wait_until(lambda: any(tmp_path.glob(".*.partial/**/network.har")), 120)
        family = descendants(running.pid)
        assert Running(place_of("laravel").folder).pids()
        end(running.pid, signal.SIGTERM)
        code = running.wait(90)
    finally:
        left = [running.pid, *descendants(running.pid)]
        for pid in left if running.poll() is None else ():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        running.wait()
        stop("laravel")

    assert code == 143, (tmp_path / "said").read_text()
    assert not listens(place_of("laravel").port)
    wait_until(lambda: not [pid for pid in family if is_alive(pid)], 10)
    (run,) = tmp_path.glob("*/run.json")
    assert verify(run.parent) == []
