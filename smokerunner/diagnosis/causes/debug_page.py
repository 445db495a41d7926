"""The app shows its inside to everybody: a traceback, settings, paths."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case, answered, called
from smokerunner.diagnosis.cause import CERTAIN, Blame, Cause, Finding
from smokerunner.diagnosis.causes.server_error import answer_shown
from smokerunner.diagnosis.framework import error_named, recognise
from smokerunner.diagnosis.wording import exchange, line, proof


def _look(case: Case) -> Finding | None:
    answer = answer_shown(case)
    text = (answer.text if answer is not None else "") or case.seen.text
    known = recognise(f"{case.seen.title}\n{text}")
    if known is None or not known.is_debug:
        return None
    if answer is not None and (answer.status or 0) < 400 and not _fills(text, known.sign):
        return None
    wrong = error_named(text)
    what = f"{called(answer, case.setting)} " if answer is not None else f"{case.page} "
    status = f"answered {answered(answer)} and " if answer is not None and (answer.status or 0) >= 400 else ""
    told = f": {wrong}" if wrong else ""
    return Finding(
        CERTAIN + 4,
        line(f"{what}{status}shows a debug page of {known.framework}{told}"),
        "The app broke, and it shows the inside of the program to everybody who comes by. On a public "
        "machine that is a leak of its own: debug mode must be off there.",
        (
            *(proof("the answer", exchange(answer, case)) if answer is not None else ()),
            *proof("it says", text),
        ),
    )


def _fills(text: str, sign: str) -> bool:
    """Whether the page is made of the error: a help page that quotes one begins with something else."""
    flat = " ".join(text.split())
    return sign in flat[:800] or len(flat) < 1500


CAUSE = Cause(
    id="debug-page",
    meaning="The app shows a debug page, a traceback or an error of its database to every visitor.",
    advice="Switch debug mode off where it is deployed, then look for the error itself.",
    look=_look,
    blame=Blame.EXPOSURE,
)
