"""Outcomes, their order, and the exit code a pipeline reads."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum, StrEnum


class Outcome(StrEnum):
    """What became of a step, a flow, a check or a run, from best to worst; `skipped` stands outside the order."""

    PASSED = "passed"
    WARNED = "warned"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"
    FAILED = "failed"
    SKIPPED = "skipped"

    @property
    def is_good(self) -> bool:
        """Whether what depends on this may go on."""
        return self in (Outcome.PASSED, Outcome.WARNED)

    @property
    def is_bad(self) -> bool:
        """Whether this is news for whoever is on watch."""
        return self in (Outcome.INCONCLUSIVE, Outcome.ERROR, Outcome.FAILED)


_ORDER = (Outcome.PASSED, Outcome.WARNED, Outcome.INCONCLUSIVE, Outcome.ERROR, Outcome.FAILED)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The worst outcome wins; skipped ones do not count unless there is nothing else, and nothing is skipped."""
    ranked = [outcome for outcome in outcomes if outcome is not Outcome.SKIPPED]
    return max(ranked, key=_ORDER.index) if ranked else Outcome.SKIPPED


class ExitCode(IntEnum):
    """What the process answers. Pipelines roll back on 1 and on nothing else."""

    OK = 0
    FAILED = 1
    BAD_INPUT = 2
    CANNOT_TELL = 3
    ROLLBACK_INCOMPLETE = 4
    INTERRUPTED = 130
