"""Several elements fit what the flow says."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import CERTAIN, Blame, Cause, Finding
from smokerunner.diagnosis.wording import line, listed, place, proof


def _look(case: Case) -> Finding | None:
    for target in case.needed:
        if target.count is not None and target.count > 1:
            return Finding(
                CERTAIN - 5,
                line(f"{target.words} fits {target.count} elements{place(case)}"),
                "The page has more than one such element now, and the flow does not say which is meant. Choose one "
                "of these by hand.",
                (*proof("which one", listed(target.narrowings)), *proof("the step", case.message)),
            )
    return None


CAUSE = Cause(
    id="element-ambiguous",
    meaning="Several elements fit what the flow says.",
    advice="Narrow the target: within, has_text, or nth.",
    look=_look,
    blame=Blame.FLOW,
)
