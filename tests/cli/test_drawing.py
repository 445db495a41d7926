"""How a run looks on the terminal, from events alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from smokerunner.cli.drawing import JsonLines, Lines, artist
from smokerunner.model.diagnosis import Diagnosis
from smokerunner.model.event import (
    CheckEnded,
    ChecksStarted,
    Event,
    FlowEnded,
    FlowStarted,
    RunEnded,
    RunStarted,
    StepEnded,
    StepStarted,
)
from smokerunner.model.flow import Severity
from smokerunner.model.mending import Mend
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result

NOW = datetime(2026, 11, 22, 20, 15, tzinfo=UTC)


def flow(name: str, outcome: Outcome, message: str = "", *warnings: str) -> FlowEnded:
    step = Result(id=f"flows/{name}/1/01", kind="step", name="01", outcome=Outcome.PASSED, started=NOW)
    tried = Result(id=f"flows/{name}/1", kind="attempt", name="1", outcome=outcome, started=NOW, children=(step, step))
    result = Result(
        id=f"flows/{name}", kind="flow", name=name, outcome=outcome, message=message, warnings=warnings,
        started=NOW, seconds=1.24, children=() if outcome is Outcome.SKIPPED else (tried,),
    )  # fmt: skip
    return FlowEnded(at=NOW, flow=name, result=result)


def failed_at(url: str, source: str) -> FlowEnded:
    """A flow whose second step failed inside another."""
    event = flow("order", Outcome.FAILED, "step 2 (use checkout): it is covered")
    inner = Result(
        id="flows/order/1/02/01", kind="step", name="02.01", outcome=Outcome.FAILED, started=NOW, url=url, source=source
    )
    outer = inner.model_copy(update={"id": "flows/order/1/02", "name": "02", "url": "", "children": (inner,)})
    tried = event.result.children[0]
    tried = tried.model_copy(update={"children": (tried.children[0], outer)})
    return event.model_copy(update={"result": event.result.model_copy(update={"children": (tried,)})})


COUNTS = {"passed": 1, "warned": 1, "inconclusive": 0, "error": 0, "failed": 1, "skipped": 1}
EVENTS: list[Event] = [
    RunStarted(
        at=NOW, run="r", app="shop", environment="live", base_url="http://x", notes=("as root",),
        flows=("login", "search", "order", "invoice"), prerequisites=("login",),
    ),
    FlowStarted(at=NOW, flow="login", attempt=1, steps=2),
    StepStarted(at=NOW, flow="login", number="01", title="goto /login"),
    StepEnded(at=NOW, flow="login", number="01", result=flow("login", Outcome.PASSED).result),
    flow("login", Outcome.PASSED),
    flow("search", Outcome.WARNED, "", "step 2: took 3.0 s, over its time target of 2.0 s"),
    flow("order", Outcome.FAILED, 'step 3 (click button "Pay"): it is covered'),
    flow("invoice", Outcome.SKIPPED, "needs order, which failed"),
    RunEnded(
        at=NOW, run="r", outcome="failed", verdict="roll back", counts=COUNTS, seconds=75.2,
        bundle="evidence/r", archive="evidence/r.zip", exit_code=1, notes=("one file was withheld",),
    ),
]  # fmt: skip


def test_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with Lines() as drawn:
        for event in EVENTS:
            drawn.see(event)
    assert capsys.readouterr().out.splitlines() == [
        "shop on live · http://x",
        "4 flows, 1 of them as prerequisite",
        "note: as root",
        "  ✓ login    passed         2 steps     1.2 s",
        "  ! search   warned         2 steps     1.2 s",
        "      step 2: took 3.0 s, over its time target of 2.0 s",
        "  ✗ order    failed         2 steps     1.2 s",
        '      step 3 (click button "Pay"): it is covered',
        "  - invoice  skipped     ",
        "      needs order, which failed",
        "",
        "ROLL BACK · 1 passed, 1 warned, 0 inconclusive, 0 error, 1 failed, 1 skipped · 1 m 15 s",
        "note: one file was withheld",
        "report   evidence/r/report.html",
        "bundle   evidence/r.zip",
        "verify   smokerunner verify evidence/r.zip",
    ]


def test_a_failure_says_on_which_page_and_at_which_line(capsys: pytest.CaptureFixture[str]) -> None:
    with Lines() as drawn:
        drawn.see(failed_at("http://x/checkout", "shop.yaml:31"))
    assert capsys.readouterr().out.splitlines()[-1] == "      http://x/checkout · shop.yaml:31"


def test_the_cause_stands_before_the_message(capsys: pytest.CaptureFixture[str]) -> None:
    event = failed_at("http://x/checkout", "shop.yaml:7")

    def told(title: str, outcome: Outcome) -> list[str]:
        cause = Diagnosis(id="server-error", title=title, severity=Severity.HIGH)
        result = event.result.model_copy(update={"diagnoses": (cause,), "outcome": outcome})
        Lines().see(event.model_copy(update={"result": result}))
        return [line.strip() for line in capsys.readouterr().out.splitlines()[1:]]

    why = "why  POST /pay answered 500 Internal Server Error"
    said = "step 2 (use checkout): it is covered"
    assert told("POST /pay answered 500 Internal Server Error", Outcome.FAILED)[:2] == [why, said]
    assert told("It is covered", Outcome.FAILED)[:2] == [f"why  {said}", "http://x/checkout · shop.yaml:7"]
    assert told(f"{said.capitalize()} by a banner", Outcome.FAILED)[0] == f"why  {said.capitalize()} by a banner"
    assert told("POST /pay answered 500 Internal Server Error", Outcome.WARNED)[0] == said


def test_nothing_that_an_app_says_is_a_command_to_a_pipeline(capsys: pytest.CaptureFixture[str]) -> None:
    Lines().see(flow("order", Outcome.FAILED, "the page says\n::set-output name=a::b ##[command]c", "::error::d"))
    out = capsys.readouterr().out
    assert not [line for line in out.splitlines() if line.strip().startswith("::")]
    assert "##[" not in out


def test_a_run_that_used_fallbacks_says_what_mends_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    event = flow("search", Outcome.WARNED, "", "step 2: its fallback was used")
    (tried,) = event.result.children
    step = tried.children[0].model_copy(update={"mend": Mend(found="button", instead={"css": "b"})})
    flow_result = event.result.model_copy(update={"children": (tried.model_copy(update={"children": (step,)}),)})
    with Lines() as drawn:
        drawn.see(event.model_copy(update={"result": flow_result}))
        drawn.see(EVENTS[-1])
    assert capsys.readouterr().out.splitlines()[-1] == "mend     smokerunner mend evidence/r.zip"


def test_quiet_says_only_what_is_not_passed(capsys: pytest.CaptureFixture[str]) -> None:
    with Lines(quiet=True) as drawn:
        for event in EVENTS:
            drawn.see(event)
    out = capsys.readouterr().out
    assert "login" not in out
    assert "4 flows" not in out
    assert "order" in out
    assert "ROLL BACK" in out


def test_json_is_one_event_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    drawn = JsonLines()
    for event in EVENTS:
        drawn.see(event)
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["event"] for row in rows] == [
        "run_started", "flow_started", "step_started", "step_ended",
        "flow_ended", "flow_ended", "flow_ended", "flow_ended", "run_ended",
    ]  # fmt: skip
    assert rows[-1]["exit_code"] == 1
    assert rows[4]["result"]["outcome"] == "passed"


def test_live_shows_what_is_under_way_and_keeps_what_has_ended(capsys: pytest.CaptureFixture[str]) -> None:
    from smokerunner.cli.drawing import Live

    with Live() as drawn:
        for event in EVENTS:
            drawn.see(event)
    out = capsys.readouterr().out
    assert "✓ login" in out
    assert "ROLL BACK" in out


def check(id_: str, outcome: Outcome, message: str = "", weak: str = "") -> CheckEnded:
    result = Result(
        id=f"checks/{id_}", kind="check", name=id_, title=f"What of {id_}?", outcome=outcome, message=message,
        weak=weak, severity=Severity.HIGH, started=NOW,
    )  # fmt: skip
    return CheckEnded(at=NOW, check=id_, result=result)


CHECKS: list[Event] = [
    ChecksStarted(at=NOW, checks=("sec.git", "tls.https", "sec.env", "tls.hsts", "tls.mixed")),
    check("sec.git", Outcome.PASSED),
    check("tls.https", Outcome.SKIPPED, "nothing to look at"),
    check("sec.env", Outcome.FAILED, "it is there"),
    check("tls.hsts", Outcome.SKIPPED, "nothing to look at"),
    check("tls.mixed", Outcome.PASSED, weak="one page was read"),
]
TABLE = """
TLS
  ✓ tls.mixed
      on weak evidence
  - tls.https tls.hsts
      skipped: nothing to look at

Exposure and debug
  ✗ sec.env  failed high
      What of sec.env?
      it is there
  ✓ sec.git

ROLL BACK"""


def test_checks_stand_together_whenever_they_ended(capsys: pytest.CaptureFixture[str]) -> None:
    drawn = Lines()
    for event in (*CHECKS, EVENTS[-1]):
        drawn.see(event)
    out = capsys.readouterr().out
    assert out.startswith("5 checks\n")
    assert TABLE.removeprefix("\n") in out


def test_quiet_tells_only_of_checks_that_are_not_passed(capsys: pytest.CaptureFixture[str]) -> None:
    drawn = Lines(quiet=True)
    for event in (*CHECKS, EVENTS[-1]):
        drawn.see(event)
    out = capsys.readouterr().out
    assert "sec.env" in out
    assert "sec.git" not in out


def test_live_counts_the_checks_under_way(capsys: pytest.CaptureFixture[str]) -> None:
    from smokerunner.cli.drawing import Live

    drawn = Live()
    for event in CHECKS[:3]:
        drawn.see(event)
    assert [row for column in drawn._table().columns for row in column.cells][-1] == "2 of 5, last tls.https"
    for event in CHECKS[3:]:
        drawn.see(event)
    assert drawn._table().row_count == 0


def test_without_a_terminal_there_are_lines() -> None:
    assert type(artist(quiet=False, as_json=False)) is Lines
    assert type(artist(quiet=True, as_json=True)) is JsonLines
