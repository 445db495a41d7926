"""A script of the page threw, so the page does not do what it should."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import LIKELY, SEEN, Cause, Finding
from smokerunner.diagnosis.wording import line, proof
from smokerunner.model.result import ConsoleMessage

_RESOURCE = "Failed to load resource"
_PASSIVE = ("mail", "api", "pause")


def _look(case: Case) -> Finding | None:
    if case.step.action in _PASSIVE:
        return None
    said = [message for message in case.console if not message.text.startswith(_RESOURCE)]
    thrown = [message for message in said if message.level == "exception"]
    if not said:
        return None
    told = (thrown or said)[0]
    own = {id(message) for message in case.step.console}
    strength = (SEEN + 3 if thrown else LIKELY + 2) - (0 if id(told) in own else 4)
    return Finding(
        strength,
        line(f"A script of the page failed: {_first_line(told.text)}"),
        "What this script should do on the page did not happen. An error in a page's script often leaves buttons "
        "without effect and numbers without change.",
        proof("the console", "\n".join(_placed(message) for message in said[:5])),
    )


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0] if text.strip() else "without a word"


def _placed(message: ConsoleMessage) -> str:
    at = f" ({message.url}:{message.line})" if message.url and message.line else f" ({message.url})" * bool(message.url)
    return f"{message.level}: {message.text[:300]}{at}"


CAUSE = Cause(
    id="javascript-error",
    meaning="A script of the page threw an error or wrote one to the console.",
    advice="Open the page with the browser's console; the trace of this flow has the line.",
    look=_look,
)
