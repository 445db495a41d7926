"""This machine has no way to the app."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import CERTAIN, Blame, Cause, Finding
from smokerunner.diagnosis.reaching import trouble_in
from smokerunner.diagnosis.wording import line, said

_ASKS = ("goto", "back", "reload", "api", "")


def _look(case: Case) -> Finding | None:
    answer = case.document
    failure = (answer.failure if answer is not None else "") or ""
    told = case.message if case.step.action in _ASKS else ""
    # What failed is the app's; a flow that takes the network away itself learns nothing of this machine.
    if case.failed or "offline" not in (trouble_in(told), trouble_in(failure)):
        return None
    return Finding(
        CERTAIN + 5,
        line(f"This machine is offline: {told or failure}"),
        "It says nothing about the app.",
        said(case),
    )


CAUSE = Cause(
    id="offline",
    meaning="This machine is offline, so nothing can be told of the app.",
    advice="Look at the network of this machine and replay.",
    look=_look,
    blame=Blame.MACHINE,
)
