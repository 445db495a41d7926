"""What a page complains about after something was sent to the app. No cause itself: several causes ask here."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case
from smokerunner.model.observation import AnswerSeen

_LONGEST = 200


def complaints(case: Case) -> list[str]:
    """Alerts and words beside fields, then every short line of the page; what was expected is no complaint."""
    lines = [" ".join(text.split()) for text in (*case.seen.alerts, *case.seen.text.splitlines())]
    short = [text for text in lines if 3 < len(text) <= _LONGEST]
    return [text for text in dict.fromkeys(short) if text.casefold() not in case.wanted_words]


def alerts(case: Case) -> list[str]:
    """Only what stands in alerts and beside fields."""
    count = len(case.seen.alerts)
    return [text for text in complaints(case)[: count or 0] if text in {" ".join(a.split()) for a in case.seen.alerts}]


def was_sent(case: Case) -> AnswerSeen | None:
    """The form or data that brought what is shown; None when nothing was sent, or long before."""
    sent = case.sent
    if sent is None:
        return None
    if sent.during or (case.seen.redirects and case.seen.redirects[0].method == sent.method):
        return sent
    pages = [answer for answer in case.seen.answers if answer.kind == "document"]
    is_last = not pages or sent is pages[-1] or case.seen.answers.index(sent) > case.seen.answers.index(pages[-1])
    return sent if is_last else None
