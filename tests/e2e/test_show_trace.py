"""The trace of every flow of the demo is there, cleaned, and opens in `playwright show-trace`."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from smokerunner.browser.binary import Binary
from tests.conftest import Smoke
from tests.e2e.secret_finder import found_in

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
PASSWORD = 'show-trace pass"word & ümlaut 4711'


@contextmanager
def shown(trace: Path) -> Iterator[str]:
    """Where `playwright show-trace` serves this trace."""
    command = [sys.executable, "-m", "playwright", "show-trace", "--host", "127.0.0.1", "--port", "0", str(trace)]
    # It would open a window of its own.
    viewer = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "BROWSER": "true"}, start_new_session=True
    )
    try:
        assert viewer.stdout is not None
        said = next(line for line in viewer.stdout if "http://" in line)
        yield re.findall(r"http://\S+", said)[0]
    finally:
        # The program starts another one, which would stay behind and hold the pipe open.
        os.killpg(viewer.pid, signal.SIGTERM)
        viewer.communicate()


def test_every_trace_of_the_demo_is_cleaned_and_opens(
    binary: Binary, smoke: Smoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMOKE_PASSWORD", PASSWORD)
    ran = smoke("demo", "--trace", "on", "--quiet")
    assert ran.exit_code == 0, ran.out + ran.err
    half = len(PASSWORD) // 2
    halves = {"PASSWORD": {PASSWORD[:half], PASSWORD[half:]}}
    flows = [flow for flow in ran.run.flows if flow.steps]
    assert len(flows) >= 8
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(binary.path), args=["--no-sandbox"])
        page = browser.new_page()
        for flow in flows:
            (kept,) = (item for tried in flow.children for item in tried.artifacts if item.kind == "trace")
            assert kept.withheld is None, (flow.name, kept.withheld)
            trace = ran.bundle / kept.path
            assert found_in(trace.read_bytes(), halves) == set()
            with shown(trace) as address:
                page.goto(address)
                for step in flow.steps:
                    expect(page.get_by_role("treeitem").filter(has_text=f"{step.number} ").first).to_be_attached()
        browser.close()
