"""Something of ours went wrong."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import SEEN, Blame, Cause, Finding
from smokerunner.diagnosis.wording import line, said
from smokerunner.model.outcome import Outcome


def _look(case: Case) -> Finding | None:
    if case.step.outcome is not Outcome.ERROR:
        return None
    return Finding(
        SEEN,
        line(f"The step could not be carried out: {case.message}"),
        "That says nothing about the app: this machine, its set-up or smokerunner itself is to blame.",
        said(case),
    )


CAUSE = Cause(
    id="internal-error",
    meaning="The step could not be carried out, and the app is not to blame.",
    advice="Look at the message; when there is a traceback in the bundle, please report it.",
    look=_look,
    blame=Blame.MACHINE,
)
