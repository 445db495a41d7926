"""How findings are put into words: one plain line as a title, and what was seen as proof."""

from __future__ import annotations

import re
from collections.abc import Iterable

from smokerunner.diagnosis.case import Case, answered, called, path_of
from smokerunner.model.diagnosis import Proof
from smokerunner.model.duration import spell
from smokerunner.model.observation import AnswerSeen, Candidate

_TITLE, _PROOF = 160, 1200
_STEP = 80
"""Characters of a step's title, so that what is said of it still fits beside it."""
_PIXELS = re.compile(r",(?: the largest)? \d+×\d+ pixels at -?\d+, -?\d+")


def line(text: str, limit: int = _TITLE) -> str:
    """Text as one line without a full stop at its end."""
    flat = " ".join(text.split())
    return flat.rstrip(".") if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def proof(label: str, text: str) -> tuple[Proof, ...]:
    """Something that was seen; nothing when there is nothing to show."""
    shown = text.strip()
    if not shown:
        return ()
    return (Proof(label=label, text=shown if len(shown) <= _PROOF else shown[: _PROOF - 1] + "…"),)


def exchange(answer: AnswerSeen, case: Case) -> str:
    """A request and its answer in one line: `POST /login → 500 Internal Server Error (0.2 s)`."""
    took = f" ({spell(answer.seconds)})" if answer.seconds is not None else ""
    came = answered(answer) if answer.status is not None else (answer.failure or "no answer yet")
    return f"{called(answer, case.setting)} → {came}{took}"


def exchanges(answers: Iterable[AnswerSeen], case: Case, label: str = "the requests") -> tuple[Proof, ...]:
    """Requests and their answers, a line each."""
    return proof(label, "\n".join(exchange(answer, case) for answer in answers))


def shown_page(case: Case) -> tuple[Proof, ...]:
    """Where the page is and what can be read there."""
    seen = case.seen
    title = f' "{seen.title}"' if seen.title else ""
    lines = [text for text in seen.text.splitlines() if text.strip()][:8]
    return proof("the page", "\n".join([f"{case.page}{title}", *lines])) if seen.url else ()


def said(case: Case) -> tuple[Proof, ...]:
    """What the step itself reported."""
    return proof("the step", case.message)


def listed(candidates: Iterable[Candidate], limit: int = 5) -> str:
    """Elements by what a person calls them, a line each."""
    return "\n".join(candidate.words for candidate in list(candidates)[:limit])


def place(case: Case) -> str:
    """`on /checkout`; nothing when it is not known where."""
    return f" on {path_of(case.page)}" if case.page else ""


def step_called(case: Case) -> str:
    """`Step 2 (click button "Pay")`, as messages call it."""
    return f"Step {case.step.number} ({line(case.step.title or case.step.action, _STEP)})"


def without_pixels(text: str) -> str:
    """What differs in a picture, without the measures that only developers understand."""
    return _PIXELS.sub("", text)
