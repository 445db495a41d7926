"""The one letter of a spot-check."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from smokerunner.checks.grade import grade_of
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.severity import Severity

F, W, P, Q, S = Outcome.FAILED, Outcome.WARNED, Outcome.PASSED, Outcome.INCONCLUSIVE, Outcome.SKIPPED
CASES = {
    "nothing found": ([(P, "high"), (P, "low"), (S, "high")], "A+", "nothing was found"),
    "critical": ([(F, "low"), (F, "critical"), (P, "high")], "F", "critical: c1"),
    "high": ([(F, "high"), (F, "medium"), (F, "high")], "D", "high: c0, c2"),
    "medium": ([(F, "medium"), (P, "high")], "C", "medium: c0"),
    "low": ([(F, "low"), (W, "high")], "B", "low: c0"),
    "warned": ([(W, "critical"), (P, "high")], "A", "worth a look: c0"),
    "some unclear": ([(Q, "critical"), (P, "high"), (P, "high")], "A", "1 could not tell"),
    "too little": ([(Q, "critical"), (Q, "high"), (P, "high")], "?", "only 1 of 3 checks could tell"),
    "a failure is one though little is known": ([(Q, "high"), (Q, "high"), (F, "critical")], "F", "critical: c2"),
    "a small failure is none where little is known": (
        [(Q, "high"), (Q, "high"), (F, "low")],
        "?",
        "only 1 of 3 checks could tell",
    ),
    "nothing asked": ([], "?", "only 0 of 0 checks could tell"),
}


@pytest.mark.parametrize("name", CASES)
def test_grade(name: str) -> None:
    given, letter, reason = CASES[name]
    results = [
        Result(
            id=f"checks/c{number}",
            kind="check",
            name=f"c{number}",
            outcome=outcome,
            severity=Severity(severity),
            started=datetime.now(UTC),
        )
        for number, (outcome, severity) in enumerate(given)
    ]
    grade = grade_of(results)
    assert (grade.letter, grade.reason) == (letter, reason)
