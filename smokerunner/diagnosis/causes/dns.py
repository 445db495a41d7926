"""The name of the app is not known."""

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
    if "dns" not in (trouble_in(told), trouble_in(failure)):
        return None
    return Finding(
        CERTAIN + 5,
        line(f"The name of the app is not known: {told or failure}"),
        "The name service knows no address for this host, or does not answer.",
        said(case),
    )


CAUSE = Cause(
    id="dns",
    meaning="The name of the app leads to no address.",
    advice="Look at the DNS record, or name the address under `resolve`.",
    look=_look,
    blame=Blame.OUTAGE,
)
