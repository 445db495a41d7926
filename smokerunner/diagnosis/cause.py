"""What a cause is: a pure function of what was recorded, and how likely it is when it speaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from enum import Enum

from smokerunner.diagnosis.case import Case
from smokerunner.model.diagnosis import Proof
from smokerunner.model.flow import Severity
from smokerunner.model.mending import Mend
from smokerunner.model.record import record

CERTAIN, SEEN, LIKELY, POSSIBLE, GUESSED = 90, 75, 60, 45, 30
"""How strong a finding is: nothing else can be meant; it stands there; it fits; it may be; there is nothing better."""


class Blame(Enum):
    """Who has to do something."""

    OUTAGE = "the whole app is away, or another one is served"
    EXPOSURE = "the app shows what nobody should see"
    APP = "the app"
    FLOW = "the flow file, or the data it works with"
    MACHINE = "this machine, or smokerunner"


@record
class Finding:
    """A cause that fits. `strength` orders the findings of one failure, 100 is the highest."""

    strength: int
    title: str
    explanation: str = ""
    proof: tuple[Proof, ...] = ()
    mend: Mend | None = None


@record
class Cause:
    """One cause. `meaning` and `advice` also stand in the documentation."""

    id: str
    meaning: str
    advice: str
    look: Callable[[Case], Finding | None] = field(repr=False)
    blame: Blame = Blame.APP


_ORDER = tuple(Severity)


def propose(blame: Blame, flow: Severity, *, failed: bool) -> Severity:
    """How bad it is, from the flow's own severity and the kind of cause; what was only warned about weighs less."""
    level = _ORDER.index(flow)
    if blame is Blame.OUTAGE:
        level = _ORDER.index(Severity.CRITICAL)
    elif blame is Blame.EXPOSURE:
        level = min(level, _ORDER.index(Severity.HIGH))
    elif blame is Blame.FLOW:
        level = max(level, _ORDER.index(Severity.MEDIUM))
    elif blame is Blame.MACHINE:
        level = _ORDER.index(Severity.LOW)
    if not failed:
        level = max(level + 1, _ORDER.index(Severity.MEDIUM))
    return _ORDER[min(level, len(_ORDER) - 1)]
