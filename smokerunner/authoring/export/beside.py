"""What stands beside any step, in code: what it shows, and remarks on what has no counterpart there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from smokerunner.authoring.export.facts import Place
from smokerunner.authoring.export.tree import Call, Expectation, Get, Statement, Value
from smokerunner.model.fact import Facts
from smokerunner.model.step import Step
from smokerunner.model.target import Target
from smokerunner.model.wanted import Download

_PACKED = re.compile(r"\b(pdf|docx|xlsx|pptx|odt|ods)\b")


def shown(step: Step, place: Place) -> Iterator[Statement]:
    """What must be seen of it, looked for when it is done."""
    targets: Sequence[Target] = getattr(step, "shows", ())
    for target in targets:
        seen = Call(place.locator(target), "filter", options={"visible": Value(True)})
        yield Expectation(Get(seen, "first"), "to_be_visible", (), place.options)


def remarks(step: Step) -> Iterator[str]:
    """What a person must know of the step's facts and of what it causes."""
    if getattr(step, "shows", ()):
        yield "what it shows is looked for when it is done; what vanished by then is missed"
    values = [getattr(step, name) for name in type(step).model_fields]
    facts = [value for value in values if isinstance(value, Facts)]
    for fact in (fact for found in facts for fact in found.websockets):
        yield f"{fact} not asked; listen to the page's websocket event by hand"
    files = [value for value in values if isinstance(value, Download)]
    for file in (*files, *(file for found in facts for file in found.download)):
        if file.sha256 is not None:
            yield f"the SHA-256 sum of {file} not asked"
        if file.contains is not None and _PACKED.search(str(file)):
            yield f"the bytes of {file} are read as they are, which is not its text"
