"""The bounds of this environment stopped a request."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import CERTAIN, Blame, Cause, Finding
from smokerunner.diagnosis.wording import line, said

_SAID = "stopped: "


def _look(case: Case) -> Finding | None:
    if not case.message.startswith(_SAID):
        return None
    bound = case.message.removeprefix(_SAID)
    return Finding(
        CERTAIN + 8,
        line(f"The bounds of this environment stopped the flow: {bound}"),
        "The app was kept from doing something, so it cannot be told whether it would have worked.",
        said(case),
    )


CAUSE = Cause(
    id="stopped-by-bounds",
    meaning="`read_only` or `allow_hosts` stopped a request.",
    advice="If the request is fine, name it under `allow_hosts` or `allow_post`; else leave the flow out here.",
    look=_look,
    blame=Blame.FLOW,
)
