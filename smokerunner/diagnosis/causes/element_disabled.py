"""The element is there, but switched off."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import CERTAIN, Cause, Finding
from smokerunner.diagnosis.wording import line, place, proof

_READS = ("read", "scroll", "hover", "screenshot")


def _look(case: Case) -> Finding | None:
    wanted = {fact.about for fact in case.unmet if fact.key == "enabled" and "disabled" in fact.complaint}
    for target in case.seen.targets:
        acts = "." not in target.place and case.step.action not in _READS
        if target.count == 1 and target.enabled is False and (acts or target.words in wanted):
            return Finding(
                CERTAIN - 2,
                line(f"{target.words} is disabled{place(case)}"),
                "The element is there and stays switched off: the app does not think that it may be used yet.",
                proof("the step", case.message),
            )
    return None


CAUSE = Cause(
    id="element-disabled",
    meaning="The element is there, but it stays disabled.",
    advice="Look for a field that is new or still empty, and for an error in the console.",
    look=_look,
)
