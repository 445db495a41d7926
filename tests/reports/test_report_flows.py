"""The report is read by smokerunner's own flows."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from drawn_pages import pictures_of
from sample_run import RUN

from smokerunner.reports.html import render
from tests.conftest import Smoke

FLOWS = Path(__file__).with_name("report_flows.yaml")

pytestmark = pytest.mark.e2e


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Where a report is served on loopback."""
    files = {**pictures_of(RUN), "report.html": b""}
    files["report.html"] = render(RUN, files.get).encode()
    for path, data in files.items():
        (tmp_path / "served" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "served" / path).write_bytes(data)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path / "served")) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_its_own_flows_pass(smoke: Smoke, address: str) -> None:
    ran = smoke("run", FLOWS, "--base-url", address)
    assert (ran.exit_code, [(flow.name, flow.outcome, flow.message) for flow in ran.run.flows]) == (
        0,
        [(name, "passed", "") for name in ("look", "search", "step", "compare")],
    )
    assert {flow.worker for flow in ran.run.flows} <= {1, 2, 3, 4}
