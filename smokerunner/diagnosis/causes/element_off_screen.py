"""The element lies where nobody can scroll to."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import CERTAIN, Cause, Finding
from smokerunner.diagnosis.wording import line, place, proof

_SAID = "cannot be scrolled into the window"


def _look(case: Case) -> Finding | None:
    target = case.acted_on
    if target is None or target.count != 1 or target.visible is False:
        return None
    told = _SAID in case.message
    if not told and target.reachable is not False:
        return None
    box = target.box
    where = (
        f"x {box.x:g}, y {box.y:g}, {box.width:g} × {box.height:g}, in a window of {case.seen.viewport}" if box else ""
    )
    return Finding(
        CERTAIN - 1 if told else CERTAIN - 4,
        line(f"{target.words} lies outside the window{place(case)}"),
        "The element is there, but at a place that no scrolling reaches, so no person can use it.",
        (*proof("where it is", where), *proof("the step", case.message)),
    )


CAUSE = Cause(
    id="element-off-screen",
    meaning="The element lies outside the window, where no scrolling reaches.",
    advice="Look at the layout at this window size.",
    look=_look,
)
