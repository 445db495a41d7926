"""Another page is shown than was expected."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import LIKELY, Cause, Finding
from smokerunner.diagnosis.wording import exchanges, line, proof, shown_page


def _look(case: Case) -> Finding | None:
    fact = next((fact for fact in case.unmet if fact.key in ("url", "status")), None)
    if fact is None:
        return None
    return Finding(
        LIKELY + 2,
        line(fact.complaint[:1].upper() + fact.complaint[1:]),
        "The step before it led somewhere else, or nowhere.",
        (
            *proof("expected", fact.wanted),
            *exchanges(case.seen.redirects, case, "how it came there"),
            *shown_page(case),
        ),
    )


CAUSE = Cause(
    id="wrong-page",
    meaning="Another page is shown than was expected.",
    advice="Look at the picture of the step before.",
    look=_look,
)
