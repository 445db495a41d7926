"""Another text stands where one was expected."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import LIKELY, POSSIBLE, Cause, Finding
from smokerunner.diagnosis.causes.element_renamed import NEAR, USED
from smokerunner.diagnosis.wording import line, listed, place, proof

_KEYS = ("text_of", "value", "title", "count", "aria")


def _look(case: Case) -> Finding | None:
    if case.step.action == "api" and case.failed:
        return Finding(LIKELY, line(case.message), _WHY, proof("the answer", _answer(case)))
    for fact in case.unmet:
        if fact.key in _KEYS and (fact.seen or fact.key == "count"):
            return Finding(
                LIKELY,
                line(fact.complaint),
                _WHY,
                (*proof("there is", fact.seen), *proof("expected", fact.wanted)),
            )
    for target in case.missing:
        near = target.candidates[0] if target.candidates else None
        if target.role in USED or near is None or near.likeness < NEAR:
            continue
        return Finding(
            POSSIBLE + 5,
            line(f"{target.words} is not there{place(case)}; {near.words} is there instead"),
            _WHY,
            proof("what is there", listed(target.candidates)),
        )
    return None


def _answer(case: Case) -> str:
    return next((answer.text for answer in case.data_answers if answer.kind == "api"), "")


_WHY = "What the page shows is not what the flow expects: the text was changed, or the value behind it is another."

CAUSE = Cause(
    id="text-differs",
    meaning="Another text, value or number stands there than was expected.",
    advice="Decide which of the two is right: the app or the flow.",
    look=_look,
)
