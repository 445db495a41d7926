"""The mailbox cannot be asked."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import CERTAIN, Blame, Cause, Finding
from smokerunner.diagnosis.wording import line, said
from smokerunner.model.outcome import Outcome


def _look(case: Case) -> Finding | None:
    if case.step.action != "mail" or case.step.outcome is not Outcome.ERROR:
        return None
    return Finding(
        CERTAIN + 5,
        line(f"The mailbox cannot be asked: {case.message}"),
        "Whether the app has sent its mail cannot be told.",
        said(case),
    )


CAUSE = Cause(
    id="mailbox-unreachable",
    meaning="The mailbox did not answer, or none is configured.",
    advice="Look at `mailbox:` in smokerunner.yaml, and whether that server runs.",
    look=_look,
    blame=Blame.MACHINE,
)
