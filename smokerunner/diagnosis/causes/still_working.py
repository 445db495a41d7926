"""Something that should have been done meanwhile is still under way: nobody works on it."""

from __future__ import annotations

import re

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import CERTAIN, POSSIBLE, Cause, Finding
from smokerunner.diagnosis.wording import line, place, proof
from smokerunner.model.diagnosis import Proof

_STATE = re.compile(
    r"\b(?:processing|pending|queued|enqueued|in (?:the )?queue|in progress|under way|waiting|running|preparing|"
    r"scheduled|working|generating|importing|exporting|syncing|being (?:prepared|processed|generated|created|imported)|"
    r"in bearbeitung|wird (?:bearbeitet|erstellt|verarbeitet)|wartet|en cours|en attente|en proceso|pendiente)\b",
    re.IGNORECASE,
)
_SHORT = 60


def _state_in(text: str) -> str:
    flat = " ".join(text.split())
    found = _STATE.search(flat)
    return flat if found is not None and len(flat) <= _SHORT else ""


def _look(case: Case) -> Finding | None:
    for fact in case.unmet:
        state = _state_in(fact.seen)
        if state and not _STATE.search(fact.wanted):
            about = fact.about or "the page"
            return Finding(
                CERTAIN - 6,
                line(f'{about} stays at "{state}"{place(case)}'),
                _WHY,
                (*proof("there is", fact.seen), *proof("expected", fact.wanted), *_repeated(case)),
            )
    if case.step.action not in ("repeat", "expect") or not case.unmet:
        return None
    state = next((found for text in case.seen.text.splitlines() if (found := _state_in(text))), "")
    if not state or state.casefold() in case.wanted_words:
        return None
    return Finding(
        POSSIBLE + 9 if case.step.action == "repeat" else POSSIBLE - 3,
        line(f'The page still says "{state}"{place(case)}'),
        _WHY,
        (*proof("the page says", state), *_repeated(case)),
    )


def _repeated(case: Case) -> tuple[Proof, ...]:
    return proof("the step", case.message)


_WHY = "A worker in the background should have done this meanwhile. It is not running, stuck, or far behind."

CAUSE = Cause(
    id="still-working",
    meaning="A state such as “processing” never moved on.",
    advice="Look whether the background worker of this deploy runs, and at its queue.",
    look=_look,
)
