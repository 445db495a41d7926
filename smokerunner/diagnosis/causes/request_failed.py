"""The page could not do its work: something it asked the app for failed."""

from __future__ import annotations

from urllib.parse import urlsplit

from smokerunner.diagnosis.case import Case, answered, called
from smokerunner.diagnosis.cause import POSSIBLE, SEEN, Cause, Finding
from smokerunner.diagnosis.wording import exchange, line, proof
from smokerunner.model.observation import AnswerSeen

_NEEDED = ("xhr", "fetch", "script", "api")
_SESSION = (401, 419, 440)


def _is_bad(answer: AnswerSeen) -> bool:
    return answer.failure is not None or (answer.status or 0) >= 400


def _strength(answer: AnswerSeen) -> int:
    broken = answer.failure is not None or (answer.status or 0) >= 500
    strength = SEEN + 8 if broken else SEEN - 2
    if answer.kind == "script":
        strength = SEEN + 5
    if not answer.own:
        strength = POSSIBLE + 5
    if not answer.during:
        strength -= 12 if broken else 20
    if answer.status in _SESSION:
        strength -= 15
    return strength


def _look(case: Case) -> Finding | None:
    bad = [answer for answer in case.seen.answers if answer.kind in _NEEDED and _is_bad(answer)]
    if case.step.action == "api":
        bad = [answer for answer in bad if answer.kind == "api"]
    if not bad:
        return None
    first = max(bad, key=_strength)
    what = called(first, case.setting)
    title = f"{what} answered {answered(first)}" if first.status is not None else f"{what} failed: {first.failure}"
    if first.kind == "script":
        title = f"A script of the page did not load: {title}"
    when = "While the step ran" if first.during else "Before this step"
    who = "the page" if first.own else f"another host ({urlsplit(first.url).netloc})"
    explanation = (
        f"{when} this request of the page did not go well, so what should come of it is not there."
        if first.own
        else f"{when} the page asked {who} for something that did not come."
    )
    return Finding(
        _strength(first),
        line(title),
        explanation,
        (
            *proof("the requests", "\n".join(exchange(answer, case) for answer in bad[-6:])),
            *proof("it says", first.text),
        ),
    )


CAUSE = Cause(
    id="request-failed",
    meaning="Something the page asked for in the background was refused, broke or never came.",
    advice="Look for this request in the app's log.",
    look=_look,
)
