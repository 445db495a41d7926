"""One letter for what was asked from outside, so that two sites, or two days, can be told apart at a glance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.severity import Severity

_BY_SEVERITY = {Severity.CRITICAL: "F", Severity.HIGH: "D", Severity.MEDIUM: "C", Severity.LOW: "B"}
_TOO_LITTLE = 0.5
"""The share of checks that must have told something for a letter to mean anything."""


@dataclass(frozen=True)
class Grade:
    """`letter` is A+ to F, or `?` when too little could be told; `reason` says what it rests on."""

    letter: str
    reason: str


def grade_of(results: Iterable[Result]) -> Grade:
    """The gravest failure decides: critical F, high D, medium C, low B; only warnings A; nothing at all A+.

    Where most checks could not tell, only a grave failure says anything.
    """
    asked = [result for result in results if result.outcome is not Outcome.SKIPPED]
    told = [result for result in asked if result.outcome not in (Outcome.INCONCLUSIVE, Outcome.ERROR)]
    failed = [result for result in told if result.outcome is Outcome.FAILED]
    is_little = not asked or len(told) < len(asked) * _TOO_LITTLE
    for severity, letter in _BY_SEVERITY.items():
        if is_little and severity not in (Severity.CRITICAL, Severity.HIGH):
            continue
        ids = [result.name for result in failed if result.severity is severity]
        if ids:
            return Grade(letter, f"{severity}: {', '.join(ids)}")
    if is_little:
        return Grade("?", f"only {len(told)} of {len(asked)} checks could tell")
    warned = [result.name for result in told if result.outcome is Outcome.WARNED]
    if warned:
        return Grade("A", f"worth a look: {', '.join(warned)}")
    unclear = len(asked) - len(told)
    return Grade("A", f"{unclear} could not tell") if unclear else Grade("A+", "nothing was found")
