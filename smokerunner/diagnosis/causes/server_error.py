"""The app broke while it answered."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case, answered, called
from smokerunner.diagnosis.cause import CERTAIN, Blame, Cause, Finding
from smokerunner.diagnosis.framework import recognise
from smokerunner.diagnosis.wording import exchange, proof, said
from smokerunner.model.observation import AnswerSeen

_GATEWAY = (502, 503, 504)


def answer_shown(case: Case) -> AnswerSeen | None:
    """The answer that the step stands before: of its own request, or the one that brought the page."""
    if case.step.action == "api":
        return next((answer for answer in case.data_answers if answer.kind == "api"), None)
    return case.document


def _look(case: Case) -> Finding | None:
    answer = answer_shown(case)
    if answer is None or answer.status is None or answer.status < 500:
        return None
    known = recognise(answer.text or case.seen.text)
    who = f" It was written by {known.framework}." if known is not None else ""
    explanation = f"The app broke while it answered this request.{who}"
    if answer.status in _GATEWAY:
        explanation = (
            "The web server answered, but the app behind it did not: it is down, still starting, overloaded, or "
            f"closed for maintenance.{who}"
        )
    return Finding(
        CERTAIN + 2,
        f"{called(answer, case.setting)} answered {answered(answer)}",
        explanation,
        (*proof("the answer", exchange(answer, case)), *proof("it says", answer.text or case.seen.text)) or said(case),
    )


CAUSE = Cause(
    id="server-error",
    meaning="The app answered with a status of 500 or more.",
    advice="Look for this request in the app's log at that time.",
    look=_look,
    blame=Blame.APP,
)
