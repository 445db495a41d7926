"""A form came back with complaints."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case, path_of
from smokerunner.diagnosis.cause import LIKELY, SEEN, Cause, Finding
from smokerunner.diagnosis.complaint import alerts, was_sent
from smokerunner.diagnosis.wording import exchange, line, proof


def _look(case: Case) -> Finding | None:
    sent, told = was_sent(case), alerts(case)
    if not told:
        return None
    if sent is None:
        # The browser itself, or a script, kept the form from being sent.
        if case.step.action != "expect" or case.seen.url != case.seen.url_before:
            return None
        return Finding(LIKELY - 4, line(f"The page complains: {told[0]}"), _WHY, proof("the page says", _all(told)))
    refused = sent.status is not None and 400 <= sent.status < 500
    back = path_of(sent.url).partition("?")[0] == case.page.partition("?")[0]
    return Finding(
        SEEN - 1 if refused else LIKELY + 6 if back else LIKELY - 4,
        line(f"The app refused {sent.method} {path_of(sent.url)}: {told[0]}"),
        _WHY,
        (*proof("the request", exchange(sent, case)), *proof("the page says", _all(told))),
    )


def _all(told: list[str]) -> str:
    return "\n".join(told[:6])


_WHY = "What was typed is not accepted: a rule of the form has changed, a field is new, or a value has become wrong."

CAUSE = Cause(
    id="form-refused",
    meaning="A form came back with complaints beside its fields.",
    advice="Compare what the flow types with what the form asks for now.",
    look=_look,
)
