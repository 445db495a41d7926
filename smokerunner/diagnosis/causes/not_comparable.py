"""A picture cannot be held against the approved one, where `visual: strict` asks for that."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import SEEN, Blame, Cause, Finding
from smokerunner.diagnosis.wording import line, step_called
from smokerunner.model.outcome import Outcome


def _look(case: Case) -> Finding | None:
    compared = case.step.comparison
    if case.step.outcome is not Outcome.INCONCLUSIVE or compared is None or compared.verdict != "not comparable":
        return None
    if case.message != compared.complaint:
        return None
    return Finding(
        SEEN,
        line(f"{step_called(case)} cannot be compared: {compared.message}"),
        "Whether the page still looks as approved cannot be told; all else that the step asks for is there.",
    )


CAUSE = Cause(
    id="not-comparable",
    meaning="The approved picture was made otherwise, so `visual: strict` can tell nothing.",
    advice="Replay with the browser and the window it was made with, or approve the pictures of this run.",
    look=_look,
    blame=Blame.MACHINE,
)
