"""The page is not there."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case, answered, called
from smokerunner.diagnosis.cause import CERTAIN, Cause, Finding
from smokerunner.diagnosis.causes.server_error import answer_shown
from smokerunner.diagnosis.wording import exchanges, proof

_GONE = (404, 410)


def _look(case: Case) -> Finding | None:
    answer = answer_shown(case)
    if answer is None or answer.status not in _GONE:
        return None
    return Finding(
        CERTAIN + 1,
        f"{called(answer, case.setting)} answered {answered(answer)}",
        "This address leads nowhere: a route, a file or a record is missing, or a link is wrong.",
        (*exchanges(case.seen.redirects, case, "how it came there"), *proof("it says", answer.text)),
    )


CAUSE = Cause(
    id="page-not-found",
    meaning="The address answered 404 or 410.",
    advice="Look whether the route or the file is part of this deploy.",
    look=_look,
)
