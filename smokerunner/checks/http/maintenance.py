"""`http.maintenance`: nobody forgot to end the maintenance."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from smokerunner.checks.http.health import USUAL
from smokerunner.checks.http.hops import hops
from smokerunner.checks.http.page import read_page
from smokerunner.checks.http.wall import wall
from smokerunner.model.check import Check, CheckContext, Finding, Silence
from smokerunner.model.errors import Inconclusive
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity

_WANTED = "a page of the app without Retry-After; Laravel: php artisan up; WordPress: remove .maintenance"
_TITLES = frozenset(
    {
        "maintenance",
        "maintenance mode",
        "under maintenance",
        "site under maintenance",
        "down for maintenance",
        "scheduled maintenance",
        "service unavailable",
        "503 service unavailable",
        "be right back.",
        "we'll be back soon",
        "we'll be back soon!",
        "coming soon",
    }
)
"""Whole titles, in lower case."""


class Maintenance(Check):
    """Looks at a real page beside the health address, which Laravel answers even during maintenance."""

    id: ClassVar[str] = "http.maintenance"
    asks: ClassVar[str] = "Is the app out of maintenance mode?"
    passes: ClassVar[str] = "the home page is neither 503 nor titled as maintenance, and has no Retry-After"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "Laravel"

    path: str = Field(default="/", description="A page that is not there during maintenance.")
    health: str = Field(default=USUAL, description="The health address, to tell maintenance from a crash.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask for the page; when it is away, for the health address, too."""
        answer = (await hops(ctx, self.path))[-1]
        what = f"GET {answer.url}"
        walled = await wall(ctx, answer)
        if walled:
            raise Inconclusive(walled)
        later = answer.header("retry-after")
        if answer.status == 503:
            seen = f"503{f', Retry-After: {later[:40]}' if later else ''}, {await self._beside(ctx)}"
            return Finding.of([Reading(what=what, outcome=Outcome.FAILED, seen=seen, wanted=_WANTED)])
        if answer.status >= 400:
            said = f"{what}: {answer}; that is no maintenance page, and http.home-up judges it"
            raise Inconclusive(said)
        title = read_page(answer.text, answer.url).title
        if title.lower() in _TITLES:
            seen = f"{answer.status}, but the page is called {title!r}"
            return Finding.of([Reading(what=what, outcome=Outcome.FAILED, seen=seen, wanted=_WANTED)])
        if later is not None:
            seen = f"{answer.status} with Retry-After: {later[:40]}"
            return Finding.of([Reading(what=what, outcome=Outcome.WARNED, seen=seen, wanted=_WANTED)])
        return Finding.of([Reading(what=what, outcome=Outcome.PASSED, seen=str(answer))])

    async def _beside(self, ctx: CheckContext) -> str:
        try:
            health = await ctx.web.ask(self.health, fresh=True)
        except Silence as silence:
            return f"and {self.health} is silent: {silence}"
        if health.status == 200:
            return f"while {self.health} answers 200: maintenance mode"
        return f"and {self.health} answers {health.status}"
