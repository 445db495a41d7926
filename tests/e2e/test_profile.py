"""`run --profile`: where the time of a real run went, in run.json, on the terminal and in the report."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from smokerunner.evidence.schema import run_schema
from smokerunner.model.kind import Kind
from smokerunner.model.profile import Phase, Spent
from smokerunner.model.result import Result
from smokerunner.model.run import Run
from smokerunner.model.spending import parts_of
from tests.e2e.outcome_site import Answer, Asked, Replayed, Site, replay, write

pytestmark = pytest.mark.e2e

LATE = 0.6
"""Seconds that the app keeps a page back."""
DOOR = "<h1>Door</h1><a href=/room>In</a><button onclick=this.remove()>Away</button>"
SLOWLY = """<h1>Hall</h1><script>
setTimeout(() => document.body.insertAdjacentHTML('beforeend', '<p>Ready</p>'), 900)</script>"""

FLOWS = """
  visit:
    people: {guest: {}}
    steps:
      - goto: /door
      - click: {link: In}
      - goto: /hall
      - expect: {visible: {text: Ready}}
      - pause: 300ms
      - use: knock
    cleanup:
      - api: {get: /version}
  knock:
    people: {guest: {}}
    steps:
      - goto: /door
      - click: {button: Away}
        picture: false
      - {goto: /door, as: guest}
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as running:

        def room(_: Asked) -> Answer:
            running.stopping.wait(LATE)
            return Answer("<h1>Room</h1>")

        running.pages |= {"/door": DOOR, "/room": room, "/hall": SLOWLY}
        yield running


@pytest.fixture(scope="module")
def ran(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    folder = tmp_path_factory.mktemp("profiled")
    write(folder, FLOWS)
    replayed = replay(folder, site, "--profile", "--workers", 2, "--trace", "on")
    assert replayed.exit_code == 0, replayed.out
    return replayed


@pytest.fixture(scope="module")
def run(ran: Replayed) -> Run:
    return ran.run


def step(run: Run, number: str, flow: str = "visit") -> Spent:
    result = next(flow_ for flow_ in run.flows if flow_.name == flow)
    found = next(one.spent for one in result.walk() if one.kind == "step" and one.name == number)
    assert found is not None
    return found


def holds(outer: Spent, inner: list[Spent]) -> bool:
    """Whether each kind of the outer is at least that of all inner ones together; each is rounded by itself."""
    slack = 0.0001 * (len(inner) + 1)
    return all(seconds >= sum(getattr(one, kind) for one in inner) - slack for kind, seconds in outer.parts)


def test_the_kinds_of_each_step_attempt_and_cleanup_add_up(run: Run) -> None:
    timed: list[Result] = [part for flow in run.flows for part in parts_of(flow)]
    assert [part.kind for part in timed] == ["attempt", "cleanup", "attempt"]
    for part in timed:
        assert part.spent is not None
        # The pictures are compared after the steps, and nothing else is.
        assert part.spent.total >= part.seconds - 0.001
        for below in part.walk():
            if below.kind == "step":
                assert below.spent is not None
                assert below.spent.total >= below.seconds - 0.001
            if below.children:
                assert below.spent is not None
                assert holds(below.spent, [child.spent for child in below.children if child.spent is not None])


def test_it_is_told_what_for(run: Run) -> None:
    clicked, waited, paused, used = (step(run, number) for number in ("02", "04", "05", "06"))
    # What a slow page takes after a click is the navigation's, not the click's.
    assert clicked.navigation >= LATE * 0.8
    assert waited.waiting > 0.2
    assert paused.waiting >= 0.3
    assert step(run, "01").pictures > 0
    assert step(run, "01").writing > 0
    # Asking whether a picture is due takes a moment as well.
    assert step(run, "06.02").pictures < step(run, "01").pictures / 10
    assert step(run, "06.02").acting > 0
    # Somebody else's browser context is opened before the step that first needs it.
    assert used.launch > 0 == step(run, "06.03").launch
    attempt = next(part for part in run.flows[0].walk() if part.kind == "attempt")
    assert attempt.spent is not None
    assert attempt.spent.launch > 0


def test_the_phases_are_the_run(run: Run, ran: Replayed) -> None:
    profile = run.profile
    assert profile is not None
    assert list(profile.phases) == [phase for phase in Phase if phase is not Phase.SEALING]
    assert profile.total == pytest.approx(sum(profile.phases.values()), abs=0.001)
    longest = max(part.spent.total for flow in run.flows for part in parts_of(flow) if part.spent)
    assert profile.phases[Phase.FLOWS] >= longest
    # The start is this process's, which has done other things before.
    assert profile.total - profile.phases[Phase.START] <= ran.seconds
    assert profile.cpu_own > 0


def test_run_json_carries_it_as_published(ran: Replayed) -> None:
    text = (ran.bundle / "run.json").read_text()
    schema = run_schema()
    jsonschema.validate(json.loads(text), schema)
    assert set(schema["$defs"]["Spent"]["properties"]) == set(Kind)
    assert json.loads(text)["options"]["profile"] == "yes"


def test_the_terminal_tells_it(ran: Replayed, run: Run) -> None:
    _, told = ran.out.split("where the time went")
    assert re.search(r"start .* · probes .* · launch .* · flows .* · closing .* · drawing .* · sealing \d", told)
    assert [line.split()[0] for line in told.splitlines() if re.match(r"  [a-z]+ .* %", line)] == list(Kind)
    assert re.search(r"the app \d+ %, smokerunner \d+ %", told)
    slow = re.findall(r"^ +[\d.]+ m?s  (.*), step ([\d.]+): ", told, re.MULTILINE)
    assert len(slow) == 5
    # Of a step with others inside it, the others are told.
    assert ("visit", "6") not in slow
    assert slow[0] in {("visit", number) for number in ("1", "2", "3", "4", "6.1", "6.3")} | {("knock", "1")}
    assert told.index("slowest steps") < told.index("\nGO")
    assert run.outcome.is_good


def test_the_report_shows_it(ran: Replayed, run: Run) -> None:
    page = (ran.bundle / "report.html").read_text()
    assert "Where the time went" in page
    assert all(kind.about in page for kind in Kind)
    attempt = parts_of(run.flows[0])[0]
    assert attempt.spent is not None
    told = [kind for kind, seconds in attempt.spent.parts if seconds >= 0.005]
    for kind in told:
        assert re.search(rf'<i class="{kind}"></i>{kind}&nbsp;\d', page)
        assert f'<rect class="piece {kind}"' in page


def test_as_json_it_is_an_event(site: Site, tmp_path: Path) -> None:
    write(tmp_path, "  one:\n    steps: [{goto: /door}]\n")
    out = replay(tmp_path, site, "--profile", "--json").out
    events = [json.loads(line) for line in out.splitlines()]
    assert [event["event"] for event in events[-2:]] == ["profiled", "run_ended"]
    assert events[-2]["profile"]["phases"]["sealing"] > 0
    assert events[-2]["slowest"][0]["title"] == "goto /door"


def test_nobody_measures_unasked(site: Site, tmp_path: Path) -> None:
    write(tmp_path, "  one:\n    steps: [{goto: /door}]\n")
    ran = replay(tmp_path, site)
    assert ran.run.profile is None
    assert {below.spent for flow in ran.run.flows for below in flow.walk()} == {None}
    assert "where the time went" not in ran.out
    assert 'id="spending"' not in (ran.bundle / "report.html").read_text()
    assert "profile" not in ran.run.options
