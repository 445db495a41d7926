"""The app was asked too often."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case, answered, called
from smokerunner.diagnosis.cause import CERTAIN, Blame, Cause, Finding
from smokerunner.diagnosis.wording import proof


def _look(case: Case) -> Finding | None:
    shown = (*((case.document,) if case.document else ()), *(a for a in case.data_answers if a.during))
    answer = next((answer for answer in shown if answer.status == 429), None)
    if answer is None:
        return None
    return Finding(
        CERTAIN,
        f"{called(answer, case.setting)} answered {answered(answer)}",
        "The app refuses more requests of this visitor for a while.",
        proof("it says", answer.text),
    )


CAUSE = Cause(
    id="throttled",
    meaning="The app answered 429: it was asked too often.",
    advice="Exempt the test account or this machine from the limit, or replay with fewer workers.",
    look=_look,
    blame=Blame.FLOW,
)
