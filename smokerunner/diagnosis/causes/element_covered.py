"""Something lies on top of the element."""

from __future__ import annotations

import re

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import CERTAIN, Cause, Finding
from smokerunner.diagnosis.wording import line, place, proof

_SAID = re.compile(r"it is covered: (.*?)(?: \(waited|$)")


def _look(case: Case) -> Finding | None:
    target = case.acted_on
    told = _SAID.search(case.message)
    if target is None or target.count != 1 or not ((case.points and target.covered_by) or told):
        return None
    if target.enabled is False or target.visible is False:
        return None
    over = target.covered_by or (told[1] if told else "")
    return Finding(
        CERTAIN if told else CERTAIN - 6,
        line(f"{target.words} is covered by {over}{place(case)}"),
        "The element is there, but a click on it would hit what lies on top of it: a banner, a dialog, or a layout "
        "that has moved.",
        (*proof("on top of it", over), *proof("the step", case.message)),
    )


CAUSE = Cause(
    id="element-covered",
    meaning="Something lies on top of the element, so it cannot be clicked.",
    advice="If it is a banner that may come, name it under `dismiss`; else the layout is broken.",
    look=_look,
)
