"""`http.home-up`: the home page is there, and it is the app's."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from smokerunner.checks.http.hops import hops
from smokerunner.checks.http.page import read_page
from smokerunner.checks.http.wall import wall
from smokerunner.model.check import Answer, Check, CheckContext, Finding, Silence
from smokerunner.model.errors import Inconclusive
from smokerunner.model.matcher import Matcher
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity

HTML = ("text/html", "application/xhtml+xml")
_OF_SERVERS = frozenset(
    {
        "welcome to nginx!",
        "test page for the nginx http server",
        "apache2 debian default page: it works",
        "apache2 ubuntu default page: it works",
        "test page for the apache http server",
        "iis windows server",
        "iis windows",
        "welcome to openresty!",
        "caddy works!",
        "index of /",
        "directory listing for /",
        "web server's default page",
        "domain default page",
        "default web site page",
        "the install worked successfully! congratulations!",
    }
)
"""Whole titles, in lower case, of pages that a server shows when it does not know the app."""


class HomeUp(Check):
    """Asks for the home page and reads what it says."""

    id: ClassVar[str] = "http.home-up"
    asks: ClassVar[str] = "Does the home page answer, and is it the app's own?"
    passes: ClassVar[str] = "status 200, an HTML page that is not empty and not a server's own, the configured text"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "runbook"

    path: str = Field(default="/", description="The page that is asked for.")
    text: Matcher | None = Field(default=None, description="What the page must say.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask once, redirects on the app's own hosts included."""
        url = ctx.base_url + self.path
        what, wanted = f"GET {url}", "200 text/html"
        try:
            answer = (await hops(ctx, self.path))[-1]
        except Silence as silence:
            return Finding.of([Reading(what=what, outcome=Outcome.FAILED, seen=str(silence), wanted=wanted)])
        walled = await wall(ctx, answer)
        if walled:
            raise Inconclusive(walled)
        seen = f"{answer}" if answer.url == url else f"at {answer.url} {answer}"
        is_page = answer.status == 200 and answer.content_type in HTML
        wrong = _complaint(answer) if is_page else ""
        good = is_page and not wrong
        outcome = Outcome.PASSED if good else Outcome.FAILED
        readings = [Reading(what=what, outcome=outcome, seen=f"{seen}, {wrong}" if wrong else seen, wanted=wanted)]
        if good and self.text is not None:
            found = self.text.accepts(answer.text)
            outcome = Outcome.PASSED if found else Outcome.FAILED
            readings.append(Reading(what=f"the text of {url}", outcome=outcome, wanted=str(self.text)))
        return Finding.of(readings)


def _complaint(answer: Answer) -> str:
    """What is wrong with a page, whatever its status; empty when it is good."""
    if not answer.text.strip():
        return "an empty page"
    page = read_page(answer.text, answer.url)
    # Apache's own has no title.
    if page.title.lower() in _OF_SERVERS or (page.heading == "It works!" and not page.title):
        return f"the server's own page ({page.title or page.heading}): the app is not set up there"
    return ""
