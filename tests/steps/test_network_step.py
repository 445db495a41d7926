"""The step `network`: what pages, workers and the console make of it, and that it ends with the flow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from smokerunner.model.outcome import Outcome
from tests.e2e.outcome_site import Replayed, Site, replay, write
from tests.site.settings import furnish

pytestmark = pytest.mark.e2e

FLOWS = """
  away:
    steps:
      - goto: /setting-worker
      - expect: {visible: {text: worker ready}, text_of: {of: {css: "#state"}, reads: {is: online}}}
      - reload: true
      - network: offline
      - expect: {text_of: {of: {css: "#state"}, reads: offline}}
      - click: {button: Ask the server}
      - expect: {visible: {text: no answer}}
      - reload: true
      - network: online
      - click: {button: Ask the server}
      - expect: {visible: {text: pong}, console: {errors: 0}}
  left-away:
    steps:
      - goto: /setting-worker
      - network: offline
  another:
    after: left-away
    steps:
      - goto: /setting-worker
      - expect: {text_of: {of: {css: "#state"}, reads: online}}
  needs-the-net:
    steps:
      - goto: /
      - network: offline
      - goto: /done
  one-of-two:
    people: {friend: {}}
    steps:
      - network: offline
        as: friend
      - goto: /
      - goto: /
        as: friend
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replayed]:
    folder = tmp_path_factory.mktemp("network")
    with Site() as site:
        furnish(site, "open-sesame-9471")
        write(folder, FLOWS, head="visual: off")
        yield replay(folder, site, "--no-history", "--trace", "off")


def test_a_page_without_network_is_no_console_error(seen: Replayed) -> None:
    flow = seen.flow("away")
    assert flow.outcome is Outcome.PASSED, [(step.title, step.message, step.warnings) for step in flow.steps]
    assert not any(step.requests or any(said.counts for said in step.console) for step in flow.steps)
    spoken = [said.text for step in flow.steps for said in step.console]
    assert any("ERR_INTERNET_DISCONNECTED" in text for text in spoken), "it was said, and it was forgiven"


def test_the_end_of_the_flow_ends_it(seen: Replayed) -> None:
    assert seen.outcomes["left-away"] == seen.outcomes["another"] == "passed"


def test_a_page_that_does_not_open_without_it_is_the_apps_failure(seen: Replayed) -> None:
    flow = seen.flow("needs-the-net")
    assert flow.outcome is Outcome.FAILED
    assert "the page does not open while the network is away" in flow.message


def test_it_is_taken_from_one_person_only(seen: Replayed) -> None:
    flow = seen.flow("one-of-two")
    assert [str(step.outcome) for step in flow.steps] == ["passed", "passed", "failed"]
