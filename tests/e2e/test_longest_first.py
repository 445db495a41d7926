"""Flows begin by what earlier runs took, and a flow that only now may begin passes those that matter less."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smokerunner.history.history import History
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.run import Run, Tool
from tests.conftest import Smoke
from tests.e2e.outcome_site import Answer, Asked, Site

pytestmark = pytest.mark.e2e

FLOWS = """
app: shop
base_url: {url}
flows:
  first: {{steps: [{{goto: /done}}]}}
  second: {{steps: [{{goto: /done}}]}}
  third: {{steps: [{{goto: /done}}]}}
  broken:
    steps: [{{goto: /hold}}, {{expect: {{title: Nothing of the kind}}, timeout: 100ms}}]
  blocked: {{needs: broken, steps: [{{goto: /done}}]}}
  login: {{exclusive: robin, steps: [{{goto: /done}}]}}
  order: {{starts_from: login, exclusive: robin, steps: [{{goto: /order}}]}}
"""
SECONDS = {"first": 1.0, "second": 2.0, "third": 3.0, "broken": 4.0, "blocked": 0.1, "login": 5.0, "order": 6.0}
PLANNED = ["first", "second", "third", "broken", "blocked", "login", "order"]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """An app that keeps one visitor waiting until another has ordered."""
    ordered = threading.Event()

    def hold(_: Asked) -> Answer:
        ordered.wait(20)
        return Answer("<h1>At last</h1>")

    def order(_: Asked) -> Answer:
        ordered.set()
        return Answer("<h1>Ordered</h1>")

    with Site() as running:
        running.pages |= {"/hold": hold, "/order": order}
        yield running


def begun(run: Run) -> list[str]:
    """The flows that ran, by when they began."""
    ran = [flow for flow in run.flows if flow.outcome is not Outcome.SKIPPED]
    return [flow.name for flow in sorted(ran, key=lambda flow: flow.started)]


def test_a_run_begins_with_what_takes_longest_and_tells_it_as_planned(smoke: Smoke, site: Site, tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(FLOWS.format(url=site.base_url))
    at = datetime(2026, 11, 22, tzinfo=UTC)
    flows = tuple(
        Result(id=f"flows/{name}", kind="flow", name=name, outcome=Outcome.PASSED, started=at, seconds=seconds)
        for name, seconds in SECONDS.items()
    )
    tool = Tool(smokerunner="0.1.0", playwright="1.65", python="3.11", platform="linux")
    known = Run(id="shop-local-1", app="shop", environment="local", started=at, ended=at, tool=tool, results=flows)
    History.open(tmp_path / ".smokerunner" / "history.sqlite").record(known)

    ran = smoke("run", path, "--pictures", "off", "--workers", "2")
    assert ran.exit_code == 1, ran.out
    assert "7 flows, up to 2 at a time" in ran.out
    run = ran.run
    assert [flow.name for flow in run.flows] == PLANNED
    order = begun(run)
    assert set(order[:2]) == {"login", "broken"}
    assert order.index("order") == 2, "it waited for login only, and most hangs on it"
    assert [name for name in order if name in ("first", "second", "third")] == ["third", "second", "first"]
    blocked = next(flow for flow in run.flows if flow.name == "blocked")
    assert blocked.message == "needs broken, which failed"
    assert {flow.worker for flow in run.flows if flow.name in order} == {1, 2}

    alone = smoke("run", path, "--pictures", "off", "--workers", "1")
    assert "at a time" not in alone.out
    assert begun(alone.run) == [name for name in PLANNED if name != "blocked"]
