"""The report for terminals and logs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sample_run import LOGIN, RUN

from smokerunner.model.diagnosis import Proof
from smokerunner.model.outcome import Outcome
from smokerunner.model.run import Run
from smokerunner.reports import github, markdown
from smokerunner.reports.place import Place
from smokerunner.reports.text import WIDTH, render


def test_the_verdict_the_reason_and_the_counts_stand_first() -> None:
    assert render(RUN).splitlines()[:4] == [
        "ROLL BACK: acorn on production in 41.5 s",
        "1 of 6 flows failed: login.",
        "6 flows: 1 failed, 1 error, 1 inconclusive, 1 warned, 1 skipped, 1 passed",
        "https://shop.acorn.example/ · release 2026.11.2 · 2026-11-22 20:15:00 UTC",
    ]


def test_a_failure_says_why_with_proof_and_where_to_look() -> None:
    section = render(RUN, Place("evidence/acorn-1")).split("FAILED  ")[1].split("\n\n")[0]
    lines = [line.split("  ", 1) for line in section.splitlines() if not line.startswith(" ")]
    labels = [line[0].strip() for line in lines]
    assert labels == ["why", "proof", "proof", "step", "page", "blocks", "or", "since", "flow file", "picture"]
    assert "why           POST /api/session answered 503 Service Unavailable" in section
    assert "| Retry-After: 30" in section
    assert section.splitlines()[-1].endswith("  evidence/acorn-1/flows/login/03-click-sign-in.png")


def _failing(message: str, title: str, *proofs: str) -> Run:
    """The sample's failed flow with another message at its bad step, and one cause."""
    proof = tuple(Proof(label="the step", text=text) for text in proofs)
    cause = LOGIN.diagnoses[0].model_copy(update={"title": title, "proof": proof})
    attempt = LOGIN.children[1]
    steps = tuple(
        step.model_copy(update={"message": message}) if step.outcome is Outcome.FAILED else step
        for step in attempt.children
    )
    tried = (LOGIN.children[0], attempt.model_copy(update={"children": steps}))
    flow = LOGIN.model_copy(update={"children": tried, "diagnoses": (cause,), "message": message})
    return RUN.model_copy(update={"results": (flow,)})


@pytest.mark.parametrize("render_one", [render, markdown.render, github.render])
def test_nothing_is_shown_twice(render_one: Callable[[Run], str]) -> None:
    rules = "\n".join(f"rule{number} is broken" for number in range(9))
    text = render_one(_failing(f"9 rules of accessibility broken\n{rules}", "9 accessibility rules are broken", rules))
    assert [text.count(f"rule{number} is broken") for number in range(9)] == [1] * 9
    text = render_one(_failing("no message came; none for others", "no message came", "no message came; none for oth…"))
    assert text.casefold().count("none for oth") == 1
    text = render_one(_failing("it is covered", "It is covered"))
    assert text.casefold().count("it is covered") == (2 if render_one is markdown.render else 1)


def test_it_says_what_could_not_run_because_of_a_failure() -> None:
    for report in (render, markdown.render, github.render):
        assert report(RUN).count("1 flow was skipped because of it.") == 1


def test_it_ends_with_the_evidence() -> None:
    assert render(RUN, Place("evidence/acorn-1")).splitlines()[-2:] == [
        "evidence      evidence/acorn-1",
        "open          evidence/acorn-1/report.html",
    ]


@pytest.mark.parametrize("long", ["word " * 200, "登录" * 200 + " x" * 100, "a\n" * 60])
def test_it_is_never_wider_than_it_says(long: str) -> None:
    flow = LOGIN.model_copy(update={"title": long.replace("\n", " ")[:150], "message": long, "warnings": (long,)})
    good = flow.model_copy(update={"outcome": Outcome.WARNED, "name": "n" * 60})
    text = render(RUN.model_copy(update={"results": (flow, good)}))
    # A path, an address, or what has no blank at all is left whole to be copied.
    assert [line for line in text.splitlines() if len(line) > WIDTH and " " in line.strip()[:60]] == []


def test_nothing_that_an_app_says_is_a_command_or_a_colour() -> None:
    nasty = "a\x1b[31m\n::set-output name=x::y\n\n##[command]rm -rf\x07\u2028::add-mask::z"
    proof = LOGIN.diagnoses[0].proof[0].model_copy(update={"text": nasty, "label": nasty})
    finding = LOGIN.diagnoses[0].model_copy(update={"title": nasty, "explanation": nasty, "proof": (proof,)})
    flow = LOGIN.model_copy(update={"title": nasty, "message": nasty, "warnings": (nasty,), "diagnoses": (finding,)})
    good = flow.model_copy(update={"outcome": Outcome.WARNED})
    text = render(RUN.model_copy(update={"results": (flow, good), "app": nasty, "base_url": nasty}), Place(nasty))
    assert not [line for line in text.splitlines() if line.strip().startswith("::")]
    assert "##[" not in text
    assert "\x1b" not in text
    assert not {letter for letter in text if not letter.isprintable()} - {"\n"}
