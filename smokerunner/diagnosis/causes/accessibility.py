"""The page breaks rules that people with disabilities depend on."""

from __future__ import annotations

import re

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import CERTAIN, Cause, Finding
from smokerunner.diagnosis.wording import line, proof
from smokerunner.model.number import counted

_HEAD = re.compile(r"(\d+) rules? of accessibility broken \((.+)\)")
_RULE = re.compile(r"[\w-]+ \((\w+), \d+ elements?\): ([^:]+)")
_UNRATED = "None"


def _look(case: Case) -> Finding | None:
    head, *rest = case.message.splitlines() or [""]
    found = _HEAD.match(head)
    if case.step.action != "accessibility" or not case.failed or found is None:
        return None
    number = int(found[1])
    # Under each rule stands, indented, where to read about it.
    rules = [text for text in rest if not text.startswith(" ")]
    first = _RULE.match(rules[0]) if rules else None
    title = f"{counted(number, 'accessibility rule')} {'is' if number == 1 else 'are'} broken"
    if first is not None:
        impact = "" if first[1] == _UNRATED else first[1]
        which = "the worst" if number > 1 and impact else "the first" if number > 1 else ""
        title += f", {' '.join(filter(None, (which, impact)))}".rstrip(", ") + f": {first[2]}"
    return Finding(
        CERTAIN,
        line(title),
        f"Who uses a keyboard, a screen reader or strong contrast cannot use all of the page (asked by {found[2]}).",
        proof("the rules", "\n".join(rules)),
    )


CAUSE = Cause(
    id="accessibility",
    meaning="The page breaks rules of accessibility.",
    advice="Mend the elements that are named; a rule that does not count here is named under `ignore`.",
    look=_look,
)
