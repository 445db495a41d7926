"""An element is nowhere on the page, and nothing there comes near it."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import GUESSED, POSSIBLE, Cause, Finding
from smokerunner.diagnosis.wording import line, listed, place, proof, shown_page


def _look(case: Case) -> Finding | None:
    target = next((target for target in case.missing if target.elsewhere is None), None)
    if target is None:
        return None
    near = proof("what is there", listed(target.candidates))
    return Finding(
        GUESSED + 5 if "." in target.place else POSSIBLE,
        line(f"{target.words} is not there{place(case)}"),
        "The page was shown, but without this element.",
        (*near, *shown_page(case), *proof("the step", case.message)),
    )


CAUSE = Cause(
    id="element-missing",
    meaning="An element is not on the page, and nothing there looks like it.",
    advice="Compare the picture with that of the last passed run.",
    look=_look,
)
