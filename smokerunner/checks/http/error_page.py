"""`http.error-page`: what does not exist is answered as such."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urlsplit

from smokerunner.checks.http.wall import control, wall
from smokerunner.model.check import Check, CheckContext, Finding
from smokerunner.model.errors import Inconclusive
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity

_INNARDS = (
    b"vendor/laravel/framework/src",
    b"Traceback (most recent call last)",
    b"You're seeing this error because you have <code>DEBUG = True</code>",
    b"Rails.root:",
    b"symfony/http-kernel",
)
"""What only an error page for developers says."""


class ErrorPage(Check):
    """Asks for a page that cannot exist."""

    id: ClassVar[str] = "http.error-page"
    asks: ClassVar[str] = "Is a page that does not exist answered with 404, and without the app's innards?"
    passes: ClassVar[str] = "status 404 or 410, with a body for visitors"
    means: ClassVar[Severity] = Severity.MEDIUM
    source: ClassVar[str] = "own"

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask for a random address."""
        answer = await control(ctx)
        walled = await wall(ctx, answer)
        if walled:
            raise Inconclusive(walled)
        what, wanted, seen = f"GET {answer.url}", "404", str(answer)
        inside = next((mark for mark in _INNARDS if mark in answer.body), b"")
        if inside:
            seen += f", which shows {inside.decode()!r}"
            outcome, wanted = Outcome.FAILED, "a page for visitors; turn debug off"
        elif answer.status in (404, 410):
            outcome = Outcome.PASSED
        elif answer.status == 503:
            # Everything is away: http.maintenance tells it.
            outcome = Outcome.INCONCLUSIVE
        elif answer.location and urlsplit(answer.location).hostname == urlsplit(answer.url).hostname:
            outcome = Outcome.WARNED
        else:
            outcome = Outcome.FAILED
            if answer.status == 200:
                wanted += "; search engines and checks take it for a page (of an app that routes in the browser, "
                wanted += "turn this check off)"
        return Finding.of([Reading(what=what, outcome=outcome, seen=seen, wanted=wanted)])
