"""Annotations for GitHub Actions, read back as its runner reads them."""

from __future__ import annotations

import re

import pytest
from sample_run import LOGIN, RUN

from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.run import Run
from smokerunner.reports.github import MOST, render
from smokerunner.reports.place import Place

NASTY = "100%\n::set-output name=x::y\r\n::error file=a,line=1::b\x1b[0m\u2028##[add-path]/tmp, a:b"


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Level, properties and message of each command; every line must be one."""
    found = []
    for line in text.splitlines():
        match = re.fullmatch(r"::(error|warning|notice) (.*?)::(.*)", line)
        assert match, line
        pairs = (pair.partition("=") for pair in match[2].split(","))
        found.append((match[1], {key: decoded(value) for key, _, value in pairs}, decoded(match[3])))
    return found


def decoded(text: str) -> str:
    for code, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, sign)
    return text


def failing(number: int, outcome: Outcome = Outcome.FAILED) -> Run:
    flows = tuple(
        Result(id=f"flows/{index}", kind="flow", name=f"flow{index}", outcome=outcome, message="x", started=RUN.started)
        for index in range(number)
    )
    return RUN.model_copy(update={"results": flows})


def test_a_failure_stands_beside_its_step() -> None:
    level, properties, message = commands(render(RUN, Place("evidence/acorn-1")))[0]
    assert level == "error"
    assert properties == {
        "file": "flows/acorn.yaml",
        "line": "19",
        "title": "login failed: POST /api/session answered 503 Service Unavailable",
    }
    assert "the page: Too many attempts, try again later." in message.splitlines()
    assert "Step 03, Sign in <with> | `ticks` & Ünïcödé 登录: Expected the page /dashboard" in message
    assert message.splitlines()[-1] == "Picture: evidence/acorn-1/flows/login/03-click-sign-in.png"


def test_each_outcome_has_its_level() -> None:
    levels = [(level, properties["title"].split(":")[0]) for level, properties, _ in commands(render(RUN))]
    assert levels == [
        ("error", "login failed"),
        ("error", "reset error"),
        ("warning", "release warned"),
        ("warning", "export inconclusive"),
        ("warning", "register warned"),
        ("notice", "roll back"),
        ("notice", "invoice skipped"),
    ]


def test_nothing_that_an_app_says_becomes_a_command() -> None:
    finding = LOGIN.diagnoses[0].model_copy(update={"title": NASTY, "explanation": NASTY})
    flow = LOGIN.model_copy(update={"message": NASTY, "warnings": (NASTY,), "diagnoses": (finding,), "title": NASTY})
    text = render(RUN.model_copy(update={"results": (flow,), "app": NASTY}), Place(NASTY))
    found = commands(text)
    assert [level for level, _, _ in found] == ["error", "notice"]
    assert set(found[0][1]) == {"file", "line", "title"}
    assert "##[" not in text
    assert "100%" in found[0][2]


@pytest.mark.parametrize(
    ("outcome", "level"), [(Outcome.FAILED, "error"), (Outcome.WARNED, "warning"), (Outcome.SKIPPED, "notice")]
)
def test_no_more_than_are_shown_and_the_last_says_how_many_there_are(outcome: Outcome, level: str) -> None:
    found = [item for item in commands(render(failing(14, outcome))) if item[0] == level]
    own = [item for item in found if item[1]["title"].startswith("flow")]
    assert len(found) == MOST
    assert found[-1][1]["title"] == f"{14 - len(own)} more {level}s in the report"
    assert found[-1][2].splitlines()[-1] == f"flow13 {outcome}"


def test_ten_are_shown_as_they_are() -> None:
    assert len([item for item in commands(render(failing(10))) if item[0] == "error"]) == 10
    assert "more error" not in render(failing(10))
