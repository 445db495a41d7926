"""The element is part of the page, but nobody can see it."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import CERTAIN, LIKELY, Cause, Finding
from smokerunner.diagnosis.wording import line, place, proof


def _look(case: Case) -> Finding | None:
    for target in case.needed:
        if target.count == 1 and target.visible is False:
            acts = "." not in target.place
            return Finding(
                CERTAIN - 8 if acts else LIKELY + 6,
                line(f"{target.words} is on the page but not visible{place(case)}"),
                "The element is in the page's code and hidden: in a closed menu, by a style, or because something "
                "did not happen that should show it.",
                proof("the step", case.message),
            )
    return None


CAUSE = Cause(
    id="element-hidden",
    meaning="The element is in the page's code, but it is not shown.",
    advice="Look whether a menu must be opened first now, or a style sheet is missing.",
    look=_look,
)
