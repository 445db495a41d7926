"""The app does not let this visitor in."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case, answered, called
from smokerunner.diagnosis.cause import CERTAIN, Cause, Finding
from smokerunner.diagnosis.causes.server_error import answer_shown
from smokerunner.diagnosis.wording import exchanges, proof


def _look(case: Case) -> Finding | None:
    answer = answer_shown(case)
    if answer is None or answer.status not in (401, 403, 407, 451):
        return None
    return Finding(
        CERTAIN - 6,
        f"{called(answer, case.setting)} answered {answered(answer)}",
        "The app, or something in front of it such as a firewall, does not let this visitor in.",
        (*exchanges(case.seen.redirects, case, "how it came there"), *proof("it says", answer.text)),
    )


CAUSE = Cause(
    id="access-denied",
    meaning="The app answered 401 or 403: this visitor may not do that.",
    advice="Look at the rights of the test account, and at the firewall in front of the app.",
    look=_look,
)
