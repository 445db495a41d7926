"""Playwright's trace of a flow: what the user did, and how a step that failed found the page."""

from __future__ import annotations

import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from smokerunner.model.outcome import Outcome
from tests.e2e.outcome_site import Replayed, Site, replay, write

pytestmark = pytest.mark.e2e

_FLOWS = """
  signs-in:
    steps:
      - goto: /
      - fill: {label: Name}
        with: Kim
      - click: {button: Send}
      - expect: {visible: {heading: Thanks}}
      - click: {button: Nowhere}
        timeout: 500ms
"""
_FORM = "<!doctype html><form action=/thanks><label>Name <input name=name></label><button>Send</button></form>"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replayed]:
    folder = tmp_path_factory.mktemp("trace")
    with Site() as site:
        site.pages |= {"/": _FORM, "/thanks": "<!doctype html><h1>Thanks</h1>"}
        write(folder, _FLOWS)
        yield replay(folder, site)


def _calls(ran: Replayed) -> dict[str, list[dict[str, Any]]]:
    """What was recorded of each step, by its number."""
    trace = next(ran.bundle.glob("flows/signs-in/trace.zip"))
    with zipfile.ZipFile(trace) as packed:
        events = [json.loads(line) for line in packed.read("trace.trace").splitlines()]
    steps = {event["callId"]: event["title"][:2] for event in events if event.get("method") == "tracingGroup"}
    calls: dict[str, list[dict[str, Any]]] = defaultdict(list)
    shown = [event["snapshot"] for event in events if event["type"] == "frame-snapshot"]
    for event in events:
        if event["type"] == "before" and event.get("parentId") in steps:
            phases = [one["phase"] for one in shown if one["callId"] == event["callId"]]
            calls[steps[event["parentId"]]].append({"method": event["method"], "phases": phases})
    return calls


def test_it_shows_what_the_user_did_and_nothing_that_was_asked_for_ourselves(ran: Replayed) -> None:
    methods = {number: [call["method"] for call in calls] for number, calls in _calls(ran).items()}
    del methods["05"]
    assert methods == {"01": ["goto"], "02": ["fill"], "03": ["click"], "04": ["isVisible"]}


def test_it_shows_the_page_around_each_action(ran: Replayed) -> None:
    calls = _calls(ran)
    phases = {number: set(calls[number][0]["phases"]) for number in ("02", "03", "04")}
    assert phases["02"] == {"before", "action", "after"}
    assert phases["03"] >= {"before", "action"}, "the page that it leads to may come too late for a third"
    assert phases["04"] == {"before", "after"}


def test_it_shows_the_page_as_the_step_that_failed_found_it(ran: Replayed) -> None:
    assert ran.flow("signs-in").outcome is Outcome.FAILED
    assert any(call["phases"] for call in _calls(ran)["05"])
