"""The app, or something it needs, takes too long."""

from __future__ import annotations

import re

from smokerunner.diagnosis.case import PAGES, Case, called, path_of
from smokerunner.diagnosis.cause import CERTAIN, LIKELY, SEEN, Cause, Finding
from smokerunner.diagnosis.wording import exchanges, line, proof
from smokerunner.model.duration import spell
from smokerunner.model.observation import AnswerSeen

_SHARE = 0.4
"""How much of the step's time one request must have taken."""
_LEAST = 0.8
_SAID = re.compile(r"did not finish loading|no answer came|the page did not answer|connection timed out|ERR_TIMED_OUT")
_TARGET = re.compile(r"took (.+?), over its time target of (.+)")


def _look(case: Case) -> Finding | None:
    for warning in case.step.warnings:
        told = _TARGET.search(warning)
        if told is not None and case.step.outcome.is_good:
            return _over_target(case, told[1], told[2])
    slow = _open(case) or _late(case)
    if slow is not None:
        answer, strength = slow
        took = spell(round(answer.seconds or 0, 1))
        words = f"has not answered after {took}" if _is_open(answer) else f"took {took}"
        return _finding(case, strength, f"{called(answer, case.setting)} {words}")
    if _SAID.search(case.message):
        return _finding(case, SEEN, case.message)
    return None


def _is_open(answer: AnswerSeen) -> bool:
    return answer.status is None and answer.failure is None


def _open(case: Case) -> tuple[AnswerSeen, int] | None:
    """A request that nobody has answered, and how much it matters."""
    least = max(_LEAST, _SHARE * case.seen.waited)
    waiting = [a for a in (*case.seen.answers, *case.seen.slowest) if _is_open(a) and (a.seconds or 0) >= least]
    for kinds, strength in ((PAGES, CERTAIN - 4), (("xhr", "fetch"), SEEN + 1)):
        found = next((answer for answer in waiting if answer.kind in kinds and answer.own), None)
        if found is not None:
            return found, strength
    if _SAID.search(case.message) and waiting:
        return waiting[0], SEEN + 3
    return None


def _late(case: Case) -> tuple[AnswerSeen, int] | None:
    """A request that was answered, but took most of the step's time."""
    seen = case.seen
    if not seen.waited or seen.waited < 0.8 * seen.allowed:
        return None
    late = next((a for a in seen.slowest if (a.seconds or 0) >= max(_LEAST, _SHARE * seen.waited)), None)
    if late is None or (late.status or 0) >= 500:
        return None
    return late, SEEN - 1 if late.own else LIKELY


def _over_target(case: Case, took: str, target: str) -> Finding:
    what = path_of(case.step.url) if case.step.url else case.step.title
    return _finding(case, SEEN, f"{what} took {took}, over its time target of {target}")


def _finding(case: Case, strength: int, title: str) -> Finding:
    return Finding(
        strength,
        line(title),
        "The step's time went by with waiting.",
        (*exchanges(case.seen.slowest, case, "where the time went"), *proof("the step", case.message)),
    )


CAUSE = Cause(
    id="too-slow",
    meaning="The app did not answer in time, or took longer than its time target.",
    advice="Look at this request: a slow query, a service that is waited for, or too little capacity.",
    look=_look,
)
