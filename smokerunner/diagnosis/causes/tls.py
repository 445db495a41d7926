"""No safe connection could be made."""

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
    if "tls" not in (trouble_in(told), trouble_in(failure)):
        return None
    return Finding(
        CERTAIN + 5,
        line(f"No safe connection: {told or failure}"),
        "A browser warns every visitor of this, and shows no page.",
        said(case),
    )


CAUSE = Cause(
    id="tls",
    meaning="The certificate is not accepted, or TLS could not be agreed on.",
    advice="Look at the certificate: its dates, its names and its chain.",
    look=_look,
    blame=Blame.OUTAGE,
)
