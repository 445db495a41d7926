"""A picture is not as approved, where `visual: strict` asks for that."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import SEEN, Cause, Finding
from smokerunner.diagnosis.wording import line, proof, step_called, without_pixels

_ANOTHER_PAGE = 0.5
"""The part of a picture from which on most likely another page is shown."""


def _look(case: Case) -> Finding | None:
    compared = case.step.comparison
    if not case.failed or compared is None or compared.verdict != "differs" or case.message != compared.complaint:
        return None
    explanation = (
        "So much of it differs that another page may be shown."
        if compared.changed > _ANOTHER_PAGE
        else "Only the look is another: all that the step asks for is there."
    )
    title = f"{step_called(case)} does not look as approved: {without_pixels(compared.message)}"
    return Finding(SEEN, line(title), explanation, proof("the picture of it", compared.difference))


CAUSE = Cause(
    id="looks-different",
    meaning="A picture differs from the approved one, and `visual: strict` does not let that pass.",
    advice="Look at both pictures with `smokerunner review`: approve the new look, or have the page mended.",
    look=_look,
)
