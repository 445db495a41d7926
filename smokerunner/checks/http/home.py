"""`http.home-up`: the home page is there, and it is the app's."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from smokerunner.model.check import Check, CheckContext, Finding, Silence
from smokerunner.model.matcher import Matcher
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity


class HomeUp(Check):
    """Asks for the home page and reads what it says."""

    id: ClassVar[str] = "http.home-up"
    asks: ClassVar[str] = "Does the home page answer, and is it the app's own?"
    passes: ClassVar[str] = "status 200, an HTML page, with the configured text"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "runbook"

    path: str = Field(default="/", description="The page that is asked for.")
    text: Matcher | None = Field(default=None, description="What the page must say.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask once."""
        url = ctx.base_url + self.path
        what, wanted = f"GET {url}", "200 text/html"
        try:
            answer = await ctx.web.ask(url, follow=3)
        except Silence as silence:
            return Finding.of([Reading(what=what, outcome=Outcome.FAILED, seen=str(silence), wanted=wanted)])
        good = answer.status == 200 and answer.content_type == "text/html"
        readings = [
            Reading(what=what, outcome=Outcome.PASSED if good else Outcome.FAILED, seen=str(answer), wanted=wanted)
        ]
        if good and self.text is not None:
            found = self.text.accepts(answer.text)
            outcome = Outcome.PASSED if found else Outcome.FAILED
            readings.append(Reading(what=f"the text of {url}", outcome=outcome, wanted=str(self.text)))
        return Finding.of(readings)
