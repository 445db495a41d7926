from __future__ import annotations

from datetime import UTC, datetime

import pytest

from smokerunner.model.outcome import ExitCode, Outcome, worst
from smokerunner.model.result import Result
from smokerunner.model.run import Run, Tool

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TOOL = Tool(smokerunner="0", playwright="0", python="3", platform="x")
P, W, I, E, F, S = Outcome  # noqa: E741


def flow(outcome: Outcome, root: str | None = None) -> Result:
    return Result(id=f"flows/{outcome}", kind="flow", name="x", outcome=outcome, root=root, started=NOW)


def run(*results: Result, interrupted: bool = False) -> Run:
    return Run(id="x", app="x", started=NOW, ended=NOW, tool=TOOL, results=results, interrupted=interrupted)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ((P,), P), ((P, W), W), ((W, I), I), ((I, E), E), ((E, F), F), ((F, P), F),
        ((S, P), P), ((S, F), F), ((S,), S), ((S, S), S), ((), S),
    ],
)  # fmt: skip
def test_the_worst_wins_and_skipped_stands_outside(outcomes: tuple[Outcome, ...], expected: Outcome) -> None:
    assert worst(outcomes) is expected


@pytest.mark.parametrize(
    ("results", "code", "verdict"),
    [
        ((flow(P), flow(W)), ExitCode.OK, "go"),
        ((flow(P), flow(F)), ExitCode.FAILED, "roll back"),
        ((flow(F), flow(E)), ExitCode.FAILED, "roll back"),
        ((flow(P), flow(E)), ExitCode.CANNOT_TELL, "cannot tell"),
        ((flow(P), flow(I)), ExitCode.CANNOT_TELL, "cannot tell"),
        ((flow(P), flow(S)), ExitCode.CANNOT_TELL, "cannot tell"),
        ((flow(P), flow(S, root="real")), ExitCode.OK, "go"),
        ((flow(S),), ExitCode.CANNOT_TELL, "cannot tell"),
        ((), ExitCode.CANNOT_TELL, "cannot tell"),
    ],
)
def test_exit_code_and_verdict_agree(results: tuple[Result, ...], code: ExitCode, verdict: str) -> None:
    assert run(*results).exit_code() is code
    assert run(*results).verdict == verdict


def test_warned_is_3_only_when_asked_and_never_1() -> None:
    assert run(flow(W)).exit_code(fail_on_warned=True) is ExitCode.CANNOT_TELL
    assert run(flow(P)).exit_code(fail_on_warned=True) is ExitCode.OK
    assert run(flow(F)).exit_code(fail_on_warned=True) is ExitCode.FAILED


def test_interrupted_is_130_whatever_was_seen() -> None:
    assert run(flow(F), interrupted=True).exit_code() is ExitCode.INTERRUPTED
    assert run(flow(P), interrupted=True).verdict == "cannot tell"


def test_the_attempt_that_decides() -> None:
    def attempt(number: int, outcome: Outcome) -> Result:
        return Result(id=str(number), kind="attempt", name=str(number), outcome=outcome, started=NOW)

    def deciding(*outcomes: Outcome) -> str | None:
        attempts = tuple(attempt(number, outcome) for number, outcome in enumerate(outcomes, start=1))
        found = flow(P).model_copy(update={"children": attempts}).deciding
        return found.name if found else None

    assert deciding(F, P) == "2"
    assert deciding(E, F, E) == "2"
    assert deciding(F, F) == "1"
    assert deciding() is None
