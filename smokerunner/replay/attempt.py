"""The only place where any exception is caught: a bug of ours is an `error`, never a failed app."""

from __future__ import annotations

import traceback
from collections.abc import Coroutine
from typing import Any

from smokerunner.browser.failures import translate
from smokerunner.model.errors import BadInput, Failure, Inconclusive, NotReached, Unavailable
from smokerunner.model.outcome import Outcome
from smokerunner.model.record import record
from smokerunner.replay.stop import Stopped


@record
class Verdict:
    """What came of something that was tried. `traceback` is there only for what nobody foresaw."""

    outcome: Outcome
    message: str = ""
    value: Any = None
    traceback: str = ""


async def attempt(work: Coroutine[Any, Any, Any]) -> Verdict:
    """Do it and say what came of it. Only Stopped, and cancellation, pass through."""
    try:
        return Verdict(Outcome.PASSED, value=await work)
    except Stopped:
        raise
    except Exception as wrong:  # noqa: BLE001 - whatever a step raises must become its result
        return _verdict(wrong)


def _verdict(wrong: Exception) -> Verdict:
    known = translate(wrong) or wrong
    for kind, outcome in (
        (Failure, Outcome.FAILED),
        (Inconclusive, Outcome.INCONCLUSIVE),
        (NotReached, Outcome.SKIPPED),
        (Unavailable, Outcome.ERROR),
        (BadInput, Outcome.ERROR),
        (FileNotFoundError, Outcome.ERROR),
    ):
        if isinstance(known, kind):
            return Verdict(outcome, str(known))
    said = f"{type(wrong).__name__}: {wrong}"
    if isinstance(wrong, TimeoutError):
        said = "the step did not come to an end in its time, nor did its own time-out stop it"
    return Verdict(Outcome.ERROR, said, traceback="".join(traceback.format_exception(wrong)))
