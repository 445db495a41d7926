"""The app does not answer at all."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import CERTAIN, Blame, Cause, Finding
from smokerunner.diagnosis.reaching import trouble_in
from smokerunner.diagnosis.wording import line, said

_ASKS = ("goto", "back", "reload", "api", "")


def _look(case: Case) -> Finding | None:
    answer = case.document
    failure = (answer.failure if answer is not None else "") or ""
    told = case.message if case.step.action in _ASKS else ""
    if "away" not in (trouble_in(told), trouble_in(failure)):
        return None
    return Finding(
        CERTAIN + 5,
        line(f"The app is not reachable: {told or failure}"),
        "Nobody answers at this address: the app is down, still starting, or listens elsewhere.",
        said(case),
    )


CAUSE = Cause(
    id="not-reachable",
    meaning="The app could not be reached: refused, reset, or no answer.",
    advice="Look whether the app and its web server run, and at the firewall.",
    look=_look,
    blame=Blame.OUTAGE,
)
