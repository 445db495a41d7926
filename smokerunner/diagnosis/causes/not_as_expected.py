"""No cause was recognised: what was wrong, in the step's own words."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import Cause, Finding
from smokerunner.diagnosis.wording import line, said, shown_page


def _look(case: Case) -> Finding | None:
    told = (case.message or "nothing was said").splitlines()[0]
    title = f"{case.step.title}: {told}" if case.step.title and case.step.kind == "step" else told
    return Finding(1, line(title), "No cause was recognised.", (*said(case), *shown_page(case)))


CAUSE = Cause(
    id="not-as-expected",
    meaning="Something is not as expected, and none of the other causes fits.",
    advice="Look at the picture, the console and the trace.",
    look=_look,
)
